//! Plain text, one article a file.

use crate::archive::{Skip, SkipReason};
use crate::article::Draft;
use crate::format::Context;

/// Reads an article from plain text.
///
/// # Errors
/// If there is no text.
pub fn article(text: &str, context: &Context, number: u64) -> Result<Draft, Skip> {
    let text = text.trim();
    if text.is_empty() {
        let path = context.path.clone();
        return Err(Skip { reason: SkipReason::NoText, path, record: number, detail: "no text".to_owned() });
    }
    let (title, body) = text.split_once('\n').unwrap_or((text, ""));
    let mut draft = Draft::default();
    title.trim().clone_into(&mut draft.article.title);
    body.trim().clone_into(&mut draft.article.body);
    Ok(draft)
}
