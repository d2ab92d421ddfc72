//! Short texts round an article, told from it by their form: labels, notices, the words before an author's name.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::facts;
use crate::format::boilerplate::{self, Kind};

/// Words before an author's name with their language, by their first character, longest first.
static BYLINES: LazyLock<FxHashMap<char, Vec<(&'static str, &'static str)>>> = LazyLock::new(|| {
    let rows = facts::BOILERPLATE.lines().filter(|line| !line.starts_with('#'));
    let mut forms: FxHashMap<char, Vec<(&str, &str)>> = FxHashMap::default();
    for line in rows {
        let mut cells = line.split('\t');
        let (Some(language), Some("byline"), Some(form)) = (cells.next(), cells.next(), cells.next()) else { continue };
        if let Some(first) = form.chars().next() {
            forms.entry(first).or_default().push((form, language));
        }
    }
    for list in forms.values_mut() {
        list.sort_by_key(|(form, _)| std::cmp::Reverse(form.len()));
    }
    forms
});

/// Whether a line is a label or a notice of a page, and no text of the article.
pub fn is_label(line: &str) -> bool {
    let line = line.trim_start_matches(['»', '>', '›', '→', '+', '•', '-', '–', ' ']);
    boilerplate::is_any(&[Kind::Stray, Kind::Tail, Kind::Teaser, Kind::Consent], line)
}

/// Whether a name is an agency's or a desk's.
pub fn is_credit(name: &str) -> bool {
    boilerplate::is(Kind::Credit, name)
}

/// What follows the words before an author's name: `By Jane Doe` is `Jane Doe`. Words of the page's language and English;
/// of all languages where the page's is unknown.
pub fn after_byline<'t>(line: &'t str, language: Option<&str>) -> Option<&'t str> {
    let base = language.map(|language| language.split(['-', '_']).next().unwrap_or(language));
    let first = line.chars().next().and_then(|first| first.to_lowercase().next())?;
    for (form, of) in BYLINES.get(&first)? {
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
