//! Lines to paragraphs: tells a blank line between paragraphs, one paragraph a line, and lines wrapped at a margin.

/// Columns of text wrapped at a margin by a typewriter, a wire or a mail program.
const MARGINS: std::ops::RangeInclusive<usize> = 30..=110;

/// A line with something on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Single spaces, no blanks at the ends.
    pub text: String,
    /// Blank columns before it.
    pub indent: usize,
    /// It is the first line, or a blank one stands before it.
    pub opens: bool,
}

impl Line {
    fn width(&self) -> usize {
        self.text.chars().count()
    }
}

/// The lines of a text that are not blank.
pub fn lines(text: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut opens = true;
    for line in text.lines() {
        let text = single_spaced(line);
        if text.is_empty() {
            opens = true;
            continue;
        }
        let indent = line.chars().take_while(|char| char.is_whitespace()).map(|char| if char == '\t' { 4 } else { 1 });
        lines.push(Line { text, indent: indent.sum(), opens });
        opens = false;
    }
    lines
}

/// All blanks, hard ones too, as single spaces; invisible characters away.
pub fn single_spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    for word in text.split(|char: char| char.is_whitespace() || char == '\u{200b}') {
        if word.is_empty() {
            continue;
        }
        if !spaced.is_empty() {
            spaced.push(' ');
        }
        spaced.extend(word.chars().filter(|char| !matches!(char, '\u{ad}' | '\u{feff}')));
    }
    spaced.truncate(spaced.trim_end().len());
    spaced
}

/// The column lines are wrapped at, if they are: nearly no line could have taken the first word of the next.
pub fn margin(lines: &[Line]) -> Option<usize> {
    let joins: Vec<(&Line, &Line)> =
        lines.windows(2).filter(|pair| !pair[1].opens).map(|pair| (&pair[0], &pair[1])).collect();
    if joins.len() < 2 {
        return None;
    }
    let mut widths: Vec<usize> = joins.iter().map(|(line, _)| line.width() + line.indent).collect();
    widths.sort_unstable();
    // a stray long line, an address for instance, is no margin
    let margin = widths[widths.len() - 1 - widths.len() / 50];
    if !MARGINS.contains(&margin) {
        return None;
    }
    let full = joins.iter().filter(|(line, next)| is_full(line, next, margin)).count();
    // the last line of a paragraph is short where no blank line follows it
    let ended = joins.iter().filter(|(line, next)| !is_full(line, next, margin) && ends_sentence(&line.text)).count();
    let fits = joins.len() - joins.iter().filter(|(line, _)| line.width() + line.indent > margin + 2).count();
    let wrapped = full * 2 >= joins.len() && (full + ended) * 10 >= joins.len() * 8 && fits * 10 >= joins.len() * 9;
    wrapped.then_some(margin)
}

/// Whether the first word of the next line would have run over the margin, with room for a ragged edge.
fn is_full(line: &Line, next: &Line, margin: usize) -> bool {
    let word = next.text.split(' ').next().map_or(0, |word| word.chars().count());
    line.indent + line.width() + 1 + word + margin / 12 > margin
}

/// Joins lines to paragraphs: at the margin if there is one, else every line is a paragraph.
pub fn paragraphs(lines: &[Line], margin: Option<usize>) -> Vec<String> {
    let mut paragraphs: Vec<String> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| &lines[before]);
        let joined = match (before, margin) {
            (Some(before), Some(margin)) if !line.opens => {
                let indented = line.indent > before.indent + 1 && !is_list_like(lines, at);
                !indented && (is_full(before, line, margin) || !ends_sentence(&before.text))
            }
            _ => false,
        };
        match paragraphs.last_mut() {
            Some(paragraph) if joined => join(paragraph, &line.text),
            _ => paragraphs.push(line.text.clone()),
        }
    }
    paragraphs
}

/// An indented block goes on indented; only a single indented line opens a paragraph.
fn is_list_like(lines: &[Line], at: usize) -> bool {
    lines.get(at + 1).is_some_and(|next| !next.opens && next.indent >= lines[at].indent)
}

fn join(paragraph: &mut String, line: &str) {
    let ends_word = paragraph.chars().next_back().is_some_and(|char| !is_ideograph(char));
    let begins_word = line.chars().next().is_some_and(|char| !is_ideograph(char));
    // a hyphen at the margin is kept: `Anglo-` `Dutch`
    let hyphen = paragraph.ends_with('-') && !paragraph.ends_with(" -") && !paragraph.ends_with("--");
    if (ends_word || begins_word) && !hyphen {
        paragraph.push(' ');
    }
    paragraph.push_str(line);
}

/// Letters that are written without blanks between words: Chinese and Japanese.
fn is_ideograph(char: char) -> bool {
    matches!(u32::from(char), 0x3000..=0x30ff | 0x3400..=0x9fff | 0xff00..=0xffef | 0x20000..=0x2ffff)
}

/// Whether a text ends as a sentence does, quotation marks and brackets aside.
pub fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end_matches(|char: char| "\"'”’»)]」』“".contains(char) || char.is_whitespace());
    text.ends_with(['.', '!', '?', '…', '。', '！', '？', '।', '։', '؟', '۔', '።', '၊', '။', '។', ':', '：'])
}

/// Whether a text ends with a full stop that ends a sentence, and not an abbreviation such as `U.S.`
pub fn ends_with_full_stop(text: &str) -> bool {
    let text = text.trim_end_matches(|char: char| "\"'”’»)]」』“".contains(char) || char.is_whitespace());
    if text.ends_with(['。', '।', '։', '۔', '።', '။', '។']) {
        return true;
    }
    let Some(rest) = text.strip_suffix('.') else { return false };
    let last = rest.rsplit(' ').next().unwrap_or(rest);
    !last.contains('.') && last.chars().count() > 1
}
