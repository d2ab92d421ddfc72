//! Web pages: one article a page, found among menus, teasers and comments.
//!
//! ```text
//! text -parse-> Tree -block-> Blocks -body-> the article's text
//!                    -page-> what head, JSON-LD and microdata say -title, byline, published-> its facts
//! ```

mod block;
mod body;
mod hints;
mod labels;
mod linked_data;
mod page;
mod parse;
mod tag;
mod tree;

use crate::archive::{Skip, SkipReason, Warning};
use crate::article::{Article, Draft, Origin};
use crate::format::Context;

/// Reads the article of a page, already decoded.
///
/// # Errors
/// A page without an article's text, or one that only points to another.
pub fn article(html: &str, context: &Context, number: u64) -> Result<Draft, Skip> {
    let tree = parse::parse(html);
    let page = page::Page::read(&tree);
    let blocks = block::Blocks::read(&tree);
    let body = body::find(&tree, &blocks, "");
    let skip =
        |reason, detail: &str| Skip { reason, path: context.path.clone(), record: number, detail: detail.to_owned() };
    if body.text.is_empty() {
        return Err(skip(SkipReason::NoText, "a page without running text"));
    }
    let mut draft = Draft {
        article: Article {
            title: page.title.clone(),
            body: body.text,
            origin: Origin { path: context.path.clone(), record: number },
            ..Article::default()
        },
        ..Draft::default()
    };
    if blocks.cut {
        draft.warnings.push(Warning::TextCut);
    }
    Ok(draft)
}

/// The charset a page declares in its first bytes: `<meta charset>`, `http-equiv`, or an XML declaration.
pub fn declared_charset(head: &[u8]) -> Option<String> {
    let head = &head[..head.len().min(4096)];
    let mut at = 0;
    while let Some(found) = memchr::memchr2(b'c', b'C', &head[at..]) {
        let from = at + found;
        at = from + 1;
        if head.get(from..from + 7).is_some_and(|word| word.eq_ignore_ascii_case(b"charset")) {
            if let Some(name) = value_after(&head[from + 7..]) {
                return Some(name);
            }
        }
    }
    let declaration = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    if declaration.starts_with(b"<?xml") {
        let end = memchr::memchr(b'>', declaration)?;
        let at = memchr::memmem::find(&declaration[..end], b"encoding")?;
        return value_after(&declaration[at + 8..end]);
    }
    None
}

/// The word after `=`, quoted or not.
fn value_after(bytes: &[u8]) -> Option<String> {
    let rest = bytes.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let rest = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest).trim_ascii_start();
    let end =
        rest.iter().position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':' | b'.')))?;
    (end > 0).then(|| String::from_utf8_lossy(&rest[..end]).to_ascii_lowercase())
}
