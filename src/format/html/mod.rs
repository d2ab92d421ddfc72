//! A web page, one article a file.

use crate::archive::Skip;
use crate::article::Draft;
use crate::format::{Context, markup, text};

/// Reads an article from a web page.
///
/// # Errors
/// If there is no text.
pub fn article(html: &str, context: &Context, number: u64) -> Result<Draft, Skip> {
    text::article(&markup::text(html), context, number)
}
