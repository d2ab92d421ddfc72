//! Short texts round an article, told from it by their form: labels, notices, the words before an author's name.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::facts;

/// What a line is that is not the article's text; the kinds of `schema/boilerplate.tsv`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the kinds are explained in the table")]
pub enum Label {
    Stray,
    Tail,
    Byline,
    Credit,
    Consent,
    Teaser,
}

struct Form {
    label: Label,
    /// The parts between the stars.
    parts: Vec<&'static str>,
    /// A star begins, ends it.
    open: (bool, bool),
}

struct Forms {
    /// Whole lines.
    whole: FxHashMap<&'static str, u8>,
    /// Forms with a star, by the first word of what they begin with.
    begins: FxHashMap<&'static str, Vec<Form>>,
    /// Forms that begin with a star.
    inside: Vec<Form>,
    /// Words before an author's name, with their language, longest first.
    bylines: Vec<(&'static str, &'static str)>,
}

static FORMS: LazyLock<Forms> = LazyLock::new(|| {
    let mut forms =
        Forms { whole: FxHashMap::default(), begins: FxHashMap::default(), inside: Vec::new(), bylines: Vec::new() };
    for line in facts::BOILERPLATE.lines().filter(|line| !line.starts_with('#')) {
        let mut cells = line.split('\t');
        let (Some(language), Some(kind), Some(form)) = (cells.next(), cells.next(), cells.next()) else { continue };
        let label = match kind {
            "stray" => Label::Stray,
            "tail" => Label::Tail,
            "byline" => Label::Byline,
            "credit" => Label::Credit,
            "consent" => Label::Consent,
            "teaser" => Label::Teaser,
            _ => continue,
        };
        if label == Label::Byline {
            forms.bylines.push((form, language));
            continue;
        }
        if !form.contains('*') {
            *forms.whole.entry(form.trim_end_matches([':', ' '])).or_default() |= 1 << label as u8;
            continue;
        }
        let parts: Vec<&str> = form.split('*').filter(|part| !part.trim().is_empty()).collect();
        let form = Form { label, open: (form.starts_with('*'), form.ends_with('*')), parts };
        match form.parts.first() {
            Some(first) if !form.open.0 => forms.begins.entry(first_word(first)).or_default().push(form),
            Some(_) => forms.inside.push(form),
            None => {}
        }
    }
    forms.bylines.sort_by_key(|(form, _)| std::cmp::Reverse(form.len()));
    forms
});

/// The letters up to the first that is none; of a script without spaces, the first character.
fn first_word(text: &str) -> &str {
    let Some(first) = text.chars().next() else { return text };
    if !first.is_alphanumeric() || first > '\u{2E80}' {
        return &text[..first.len_utf8()];
    }
    let end = text.find(|char: char| !char.is_alphanumeric() || char > '\u{2E80}').unwrap_or(text.len());
    &text[..end]
}

impl Form {
    fn matches(&self, line: &str) -> bool {
        let mut rest = line;
        for (index, part) in self.parts.iter().enumerate() {
            let last = index + 1 == self.parts.len();
            let anchored = index == 0 && !self.open.0;
            if anchored {
                let Some(after) = rest.strip_prefix(part) else { return false };
                rest = after;
            } else if last && !self.open.1 {
                return rest.ends_with(part);
            } else {
                let Some(at) = rest.find(part) else { return false };
                rest = &rest[at + part.len()..];
            }
        }
        self.open.1 || rest.is_empty()
    }
}

/// What a line is, if it is of one of `kinds`. The longest line a label can be is 300 bytes; consent texts may be longer.
pub fn is_any(line: &str, kinds: &[Label]) -> bool {
    let mask = kinds.iter().fold(0, |mask, kind| mask | 1 << *kind as u8);
    if line.len() > 1200 {
        return false;
    }
    let lower = line.to_lowercase();
    let lower = lower.trim();
    let trimmed = lower.trim_end_matches([':', ' ', '»', '>', '›', '→', '…']).trim_start_matches(['»', '>', '›', '→', '+', '•', '-', '–', ' ']);
    let forms = &*FORMS;
    if forms.whole.get(trimmed).is_some_and(|known| known & mask != 0) {
        return true;
    }
    let fits = |form: &Form| mask & (1 << form.label as u8) != 0 && form.matches(lower);
    forms.begins.get(first_word(lower)).is_some_and(|list| list.iter().any(fits)) || forms.inside.iter().any(fits)
}

/// What follows the words before an author's name: `By Jane Doe` is `Jane Doe`. Words of the page's language and English;
/// of all languages where the page's is unknown.
pub fn after_byline<'t>(line: &'t str, language: Option<&str>) -> Option<&'t str> {
    let base = language.map(|language| language.split(['-', '_']).next().unwrap_or(language));
    for (form, of) in &FORMS.bylines {
        let named = form.ends_with(':') || form.ends_with('：');
        if !named && base.is_some_and(|base| !base.eq_ignore_ascii_case(of) && *of != "en") {
            continue;
        }
        let Some(rest) = strip_folded(line, form) else { continue };
        let bound = form.ends_with(|char: char| !char.is_alphanumeric()) || !rest.starts_with(char::is_alphanumeric);
        if bound && !rest.trim().is_empty() {
            return Some(rest.trim_start_matches([':', ' ', '：', '\n', '|']));
        }
    }
    None
}

/// Strips a lower-case form off the start of a line of any case.
fn strip_folded<'t>(line: &'t str, form: &str) -> Option<&'t str> {
    let mut rest = line.chars();
    for wanted in form.chars() {
        let char = rest.next()?;
        if char != wanted && !char.to_lowercase().eq(std::iter::once(wanted)) {
            return None;
        }
    }
    Some(rest.as_str())
}

/// Whether a text ends as sentences do.
pub fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end_matches(['"', '\'', '”', '’', '»', '«', ')', '“', '」', '』', ']', ' ']);
    text.ends_with(['.', '!', '?', '…', ':', '。', '！', '？', '।', '؟', '።', '۔', '։', ';'])
}
