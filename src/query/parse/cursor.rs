//! Reading characters: blanks, quotes, backslashes, and where a piece of a query ends.

use std::ops::Range;

/// One character of a query. An escaped one (`\*`) has no meaning but itself.
#[derive(Clone, Copy, Debug)]
pub struct Letter {
    pub c: char,
    pub escaped: bool,
    /// Byte offset of its beginning, the backslash included.
    pub start: usize,
    /// Byte offset of its end.
    pub end: usize,
}

impl Letter {
    /// Whether it is this character and may have a meaning.
    pub fn is(&self, c: char) -> bool {
        !self.escaped && self.c == c
    }
}

/// Reads letters from `from` on until `ends` says stop; gives them and where they end.
pub fn letters(text: &str, from: usize, mut ends: impl FnMut(char, &str) -> bool) -> (Vec<Letter>, usize) {
    let mut found = Vec::new();
    let mut at = from;
    while let Some(c) = text[at..].chars().next() {
        let start = at;
        let escaped = if c == '\\' { text[at + 1..].chars().next() } else { None };
        if let Some(c) = escaped {
            at += 1 + c.len_utf8();
            found.push(Letter { c, escaped: true, start, end: at });
            continue;
        }
        if ends(c, &text[at..]) {
            break;
        }
        at += c.len_utf8();
        found.push(Letter { c, escaped: false, start, end: at });
    }
    (found, at)
}

/// The letters without their backslashes.
pub fn plain(letters: &[Letter]) -> String {
    letters.iter().map(|letter| letter.c).collect()
}

/// The bytes of some letters; `otherwise` if there are none.
pub fn span_of(letters: &[Letter], otherwise: usize) -> Range<usize> {
    match (letters.first(), letters.last()) {
        (Some(first), Some(last)) => first.start..last.end,
        _ => otherwise..otherwise,
    }
}

/// White space, control characters, and the invisible marks that come with pasted text.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Opening bracket of a group, of ASCII or full width.
pub fn is_open(c: char) -> bool {
    matches!(c, '(' | '（')
}

/// Closing bracket of a group.
pub fn is_close(c: char) -> bool {
    matches!(c, ')' | '）')
}

/// The colon after a field.
pub fn is_colon(c: char) -> bool {
    matches!(c, ':' | '：')
}

/// A mark that leaves out what follows it.
pub fn is_minus(c: char) -> bool {
    matches!(c, '-' | '\u{2212}' | '－' | '!' | '！')
}

/// Any quotation mark. Single ones are apostrophes.
pub fn is_quote(c: char) -> bool {
    is_straight(c) || is_curly(c) || is_guillemet(c)
}

fn is_straight(c: char) -> bool {
    matches!(c, '"' | '＂')
}

fn is_curly(c: char) -> bool {
    matches!(c, '“' | '”' | '„' | '‟')
}

fn is_guillemet(c: char) -> bool {
    matches!(c, '«' | '»')
}

/// Whether a word ends before `rest`, which begins with `c`.
pub fn ends_word(c: char, rest: &str) -> bool {
    is_blank(c) || is_open(c) || is_close(c) || is_quote(c) || rest.starts_with("&&") || rest.starts_with("||")
}

/// The letters between the quotation mark at `at` and its fellow, and where that ends; `None` if it is never closed.
///
/// Straight marks close straight ones, so that a quote can hold a curly one, unless only a curly one follows.
pub fn quoted(text: &str, at: usize) -> Option<(Vec<Letter>, usize)> {
    let open = text[at..].chars().next().filter(|c| is_quote(*c))?;
    let inside = at + open.len_utf8();
    let closed_by = |closes: fn(char) -> bool| {
        let (letters, end) = letters(text, inside, |c, _| closes(c));
        text[end..].chars().next().map(|close| (letters, end + close.len_utf8()))
    };
    if is_guillemet(open) {
        closed_by(is_guillemet)
    } else if is_curly(open) {
        closed_by(|c| is_curly(c) || is_straight(c))
    } else {
        closed_by(is_straight).or_else(|| closed_by(is_curly))
    }
}

/// Whether a letter or digit is among them.
pub fn hold_a_word(letters: &[Letter]) -> bool {
    letters.iter().any(|letter| letter.c.is_alphanumeric())
}

/// Leaves out the punctuation of the sentence a word stood in: `Merkel,` is `Merkel`, but `U.S.` and `C++` stay.
pub fn trimmed(letters: &[Letter]) -> &[Letter] {
    let is_punctuation = |letter: &Letter| {
        !letter.escaped
            && matches!(
                letter.c,
                ',' | ';'
                    | ':'
                    | '!'
                    | '?'
                    | '…'
                    | '['
                    | ']'
                    | '{'
                    | '}'
                    | '<'
                    | '>'
                    | '|'
                    | '¿'
                    | '¡'
                    | '–'
                    | '—'
                    | '、'
                    | '。'
                    | '，'
                    | '；'
                    | '：'
                    | '！'
                    | '？'
            )
    };
    // `?ord` is a pattern
    let Some(first) = letters.iter().position(|letter| letter.is('?') || !is_punctuation(letter)) else { return &[] };
    let last = letters.iter().rposition(|letter| !is_punctuation(letter)).unwrap_or(first);
    match &letters[first..=last] {
        // the point of an abbreviation has another one before it
        [word @ .., point] if point.is('.') && !word.iter().any(|letter| letter.is('.')) => word,
        word => word,
    }
}
