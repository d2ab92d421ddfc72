//! What news databases give researchers: files of hundreds of documents, each with its facts before and behind the text.
//!
//! The layouts are each database's own; the keys are data (`schema/exports.tsv`), localized as its pages are.

mod cut;
pub mod docx;
mod facts;
mod keys;
pub mod nexis;
mod tags;

use std::io::{self, BufRead};

use crate::format::{Cutter, Format};

/// Recognises an export by the beginning of its file.
pub fn detect(text: &str) -> Option<Format> {
    if text.starts_with('<') {
        let has = |sign: &str| memchr::memmem::find(text.as_bytes(), sign.as_bytes()).is_some();
        if has("NAME=\"DOC_ID_") || has("name=\"DOC_ID_") {
            return Some(Format::NexisHtml);
        }
        return None;
    }
    // a cover of some lines may come first
    if text.lines().take(200).any(nexis::is_counter) {
        return Some(Format::NexisText);
    }
    None
}

/// Recognises an office document by the names of its parts, or by its own where they lie too far back.
pub fn office(head: &[u8], extension: &str) -> Option<Format> {
    let has = |sign: &[u8]| memchr::memmem::find(head, sign).is_some();
    if has(b"word/") || (extension == "docx" && !has(b"xl/")) {
        return Some(Format::Docx);
    }
    None
}

/// Cuts Nexis text at the lines that count its documents.
///
/// # Errors
/// What the stream meets.
pub fn nexis_texts(read: &mut dyn BufRead, cutter: &mut Cutter<'_>) -> io::Result<()> {
    let mut starts = |line: &[u8]| std::str::from_utf8(line).is_ok_and(nexis::is_counter).then_some(0);
    cut::documents(read, b'\n', cutter.limit(), &mut starts, &mut |piece| cutter.piece(piece))
}

/// Cuts Nexis HTML at the anchors of its documents.
///
/// # Errors
/// What the stream meets.
pub fn nexis_pages(read: &mut dyn BufRead, cutter: &mut Cutter<'_>) -> io::Result<()> {
    let mut starts = |unit: &[u8]| {
        let (at, tag) = cut::last_tag(unit)?;
        let tag = tag[..tag.len().min(40)].to_ascii_lowercase();
        memchr::memmem::find(&tag, b"name=\"doc_id_").is_some().then_some(at)
    };
    cut::documents(read, b'>', cutter.limit(), &mut starts, &mut |piece| cutter.piece(piece))
}
