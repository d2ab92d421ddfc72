//! What news databases give researchers: files of hundreds of documents, each with its facts before and behind the text.
//!
//! The layouts are each database's own; the keys are data (`schema/exports.tsv`), localized as its pages are.

pub mod cut;
pub mod docx;
pub mod europresse;
pub mod factiva;
mod facts;
mod keys;
pub mod nexis;
pub mod proquest;
mod tags;

use std::io::{self, BufRead};

use crate::archive::{Skip, SkipReason};
use crate::format::frame::Piece;
use crate::format::{Cutter, Format};

/// Recognises an export by the beginning of its file.
pub fn detect(text: &str) -> Option<Format> {
    if text.starts_with('<') {
        let has = |sign: &str| memchr::memmem::find(text.as_bytes(), sign.as_bytes()).is_some();
        if has("NAME=\"DOC_ID_") || has("name=\"DOC_ID_") {
            return Some(Format::NexisHtml);
        }
        if has("<ppsarticle") || (has("<accessionNo>") && has("<baseLanguage>")) {
            return Some(Format::FactivaXml);
        }
        if factiva::is_page(text) {
            return Some(Format::FactivaHtml);
        }
        if europresse::is_page(text) {
            return Some(Format::EuropresseHtml);
        }
        return None;
    }
    if proquest::is_text(text) {
        return Some(Format::ProquestText);
    }
    // a cover of some lines may come first
    if text.lines().take(200).any(nexis::is_counter) {
        return Some(Format::NexisText);
    }
    if factiva::is_text(text) {
        return Some(Format::FactivaText);
    }
    None
}

/// Recognises an office document by the names of its parts, or by its own where they lie too far back.
pub fn office(head: &[u8], extension: &str) -> Option<Format> {
    let has = |sign: &[u8]| memchr::memmem::find(head, sign).is_some();
    if has(b"word/") || (extension == "docx" && !has(b"xl/")) {
        return Some(Format::Docx);
    }
    (has(b"xl/") || matches!(extension, "xlsx" | "xlsm")).then_some(Format::Workbook)
}

/// Cuts Nexis text at the lines that count its documents.
///
/// # Errors
/// What the stream meets.
pub fn nexis_texts(read: &mut dyn BufRead, cutter: &mut Cutter<'_>) -> io::Result<()> {
    let mut starts = |line: &[u8]| std::str::from_utf8(line).is_ok_and(nexis::is_counter).then_some(0);
    documents(read, b'\n', &mut starts, cutter)
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
    documents(read, b'>', &mut starts, cutter)
}

/// Cuts Factiva's pages at their articles.
///
/// # Errors
/// What the stream meets.
pub fn factiva_pages(read: &mut dyn BufRead, cutter: &mut Cutter<'_>) -> io::Result<()> {
    let mut starts = factiva::PageStarts::default();
    documents(read, b'>', &mut |unit| starts.at(unit), cutter)
}

/// Cuts Factiva's text behind the last code of each document.
///
/// # Errors
/// What the stream meets.
pub fn factiva_texts(read: &mut dyn BufRead, cutter: &mut Cutter<'_>) -> io::Result<()> {
    let mut starts = factiva::TextStarts::default();
    documents(read, b'\n', &mut |line| starts.at(line), cutter)
}

/// Cuts Factiva's XML at its articles.
///
/// # Errors
/// What the stream meets.
pub fn factiva_xml(read: &mut dyn BufRead, cutter: &mut Cutter<'_>) -> io::Result<()> {
    let mut starts = |unit: &[u8]| {
        let (at, tag) = cut::last_tag(unit)?;
        let rest = tag.strip_prefix(b"<article")?;
        rest.first().is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'>').then_some(at)
    };
    documents(read, b'>', &mut starts, cutter)
}

/// Cuts Europresse's pages at their articles.
///
/// # Errors
/// What the stream meets.
pub fn europresse_pages(read: &mut dyn BufRead, cutter: &mut Cutter<'_>) -> io::Result<()> {
    let mut starts = europresse::Starts::default();
    documents(read, b'>', &mut |unit| starts.at(unit), cutter)
}

/// Cuts `ProQuest`'s text at its rules.
///
/// # Errors
/// What the stream meets.
pub fn proquest_texts(read: &mut dyn BufRead, cutter: &mut Cutter<'_>) -> io::Result<()> {
    let mut first = true;
    let mut starts = |line: &[u8]| (std::mem::take(&mut first) || proquest::is_rule(line)).then_some(0);
    cut::documents(read, b'\n', cutter.limit(), &mut starts, &mut |piece| {
        let aside = matches!(&piece, Piece::Bytes(bytes) if !proquest::is_document(bytes));
        aside || cutter.piece(piece)
    })
}

/// Gives out documents; a file that has none is said to have none.
fn documents(
    read: &mut dyn BufRead,
    end: u8,
    starts: &mut dyn FnMut(&[u8]) -> Option<usize>,
    cutter: &mut Cutter<'_>,
) -> io::Result<()> {
    cut::documents(read, end, cutter.limit(), starts, &mut |piece| cutter.piece(piece))?;
    if *cutter.number == 0 {
        let (path, detail) = (cutter.context.path.clone(), "an export without documents".to_owned());
        (cutter.emit)(Err(Skip { reason: SkipReason::NotAnArticle, path, record: 0, detail }));
    }
    Ok(())
}
