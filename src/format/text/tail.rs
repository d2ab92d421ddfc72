//! The lines below an article: links, labels and notices of the page it was copied from.

use super::byline;
use super::paragraphs::{Line, ends_sentence};
use crate::format::boilerplate::{self, Kind};

/// Headlines of other articles that may stand between two lines the table knows.
const LINKS: usize = 12;

/// Cuts the lines from the first that begins the tail; they are table and position, nothing else. At least one line stays.
pub fn cut(lines: &mut Vec<Line>) {
    let mut first = lines.len();
    let mut unknown = 0;
    for at in (1..lines.len()).rev() {
        let text = lines[at].text.as_str();
        if begins_tail(text) {
            first = at;
            unknown = 0;
            continue;
        }
        unknown += 1;
        let words = text.split(' ').count();
        if unknown > LINKS || words > 20 || (ends_sentence(text) && words > 5) {
            break;
        }
    }
    lines.truncate(first);
}

fn begins_tail(text: &str) -> bool {
    // `Reporting by …` belongs to the article
    if text.chars().count() > 200 || byline::read(text).is_some() {
        return false;
    }
    if boilerplate::after_byline(text).is_some() && text.split(' ').count() > 2 {
        return false;
    }
    let words = text.split(' ').count();
    for kind in [Kind::Tail, Kind::Consent, Kind::Teaser] {
        if let Some(form) = boilerplate::matched_pattern(kind, text) {
            // `Copyright law …` is a sentence, `Follow us on …` is not
            let plain = form.trim_matches('*').split(' ').count() > 1 || !form.starts_with(char::is_alphabetic);
            return plain || words < 6 || !ends_sentence(text);
        }
        if boilerplate::is(kind, text) {
            return words < 6 || !ends_sentence(text) || kind != Kind::Tail;
        }
    }
    false
}

/// The reporters a closing line credits: `(Reporting by Jane Doe; Editing by John Smith)`.
pub fn reporters(lines: &[Line]) -> Vec<String> {
    lines
        .iter()
        .rev()
        .take(3)
        .find_map(|line| {
            let text = line.text.trim_matches(['(', ')', '.']);
            let (first, _) = text.split_once(';')?;
            byline::read(first)
        })
        .unwrap_or_default()
}
