//! An article put together from its pages, on its way to become one.

use serde::{Deserialize, Serialize};

use crate::archive::{Skip, SkipReason, Warning};
use crate::article::Draft;
use crate::date::DateFrom;
use crate::format::alto::day_of;
use crate::format::{Context, row, stamp};

/// The text of an article and what its issue says of it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Piece {
    pub title: String,
    pub paragraphs: Vec<String>,
    pub source: Option<String>,
    pub date: Option<String>,
    pub language: Option<String>,
    pub section: Option<String>,
    pub authors: Vec<String>,
    /// A page held bytes that mean nothing in its encoding.
    pub damaged: bool,
    /// Some of its text was left out, since its issue's articles are longer than its pages.
    pub is_cut: bool,
}

/// Reads an article of an issue.
///
/// # Errors
/// `NoText` if nothing was recognised.
pub fn article(record: &str, context: &Context, number: u64) -> Result<Draft, Skip> {
    let skip = |reason, detail: String| Skip { reason, path: context.path.clone(), record: number, detail };
    let piece: Piece = serde_json::from_str(record).map_err(|error| skip(SkipReason::Malformed, error.to_string()))?;
    if piece.title.is_empty() && piece.paragraphs.is_empty() {
        return Err(skip(SkipReason::NoText, "nothing recognised".to_owned()));
    }
    let mut draft = Draft::default();
    let article = &mut draft.article;
    (article.title, article.body) = (piece.title, piece.paragraphs.join("\n\n"));
    (article.source, article.section) = (piece.source, piece.section);
    article.authors = piece.authors.iter().flat_map(|author| row::byline(author)).collect();
    article.language = piece.language.as_deref().and_then(row::language);
    match piece.date {
        Some(date) => match stamp::date(&date) {
            Some(date) => (article.date, article.date_from) = (Some(date), Some(DateFrom::Field)),
            None if stamp::is_unclear(&date) => draft.unclear_date = Some(date),
            None => draft.warnings.push(Warning::DateRefused),
        },
        None => {
            article.date = day_of(&context.path);
            article.date_from = article.date.map(|_| DateFrom::FileName);
        }
    }
    if piece.damaged {
        draft.warnings.push(Warning::BadEncoding);
    }
    if piece.is_cut {
        draft.warnings.push(Warning::TextCut);
    }
    Ok(draft)
}

/// Puts the parts of paragraphs together that the edge of a column or page parted.
pub fn joined(parts: Vec<String>) -> Vec<String> {
    let mut paragraphs: Vec<String> = Vec::new();
    for part in parts {
        let goes_on = part.chars().next().is_some_and(char::is_lowercase);
        match paragraphs.last_mut().filter(|before| goes_on && !is_ended(before)) {
            Some(before) => {
                if before.ends_with(['-', '\u{AC}', '\u{AD}']) && !before.ends_with("--") {
                    before.pop();
                } else {
                    before.push(' ');
                }
                before.push_str(&part);
            }
            None => paragraphs.push(part),
        }
    }
    paragraphs
}

/// Whether a paragraph ends where a sentence does.
fn is_ended(paragraph: &str) -> bool {
    let end = paragraph.trim_end_matches(['"', '\'', '\u{201D}', '\u{2019}', '\u{BB}', ')', ' ']);
    end.ends_with(['.', '!', '?', ':', ';', '\u{2026}'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_parted_is_put_together() {
        let parts = ["The ferry from", "the island sank.", "it rained", "All were sav-", "ed in time."];
        let joined = joined(parts.map(str::to_owned).to_vec());
        assert_eq!(joined, ["The ferry from the island sank.", "it rained", "All were saved in time."]);
    }
}
