//! Every format we read: how it is recognised, cut into records, and turned into articles.
//!
//! Formats are known at compile time: one enum, and here the only three matches over it. A new format is one file
//! beside this one and one arm in each.

mod boilerplate;
pub mod html;
pub mod text;

use std::io::BufRead;
use std::sync::Arc;

use crate::archive::{Skip, SkipReason};
use crate::article::Draft;

/// A format an article can come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Plain text, one article a file.
    Text,
    /// A web page, one article a file.
    Html,
    /// One JSON object, or an array of them.
    Json,
    /// One JSON object a line.
    JsonLines,
    /// Comma, semicolon or tab separated values with a header.
    Table,
    /// The SGML of the Reuters-21578 collection.
    Reuters,
}

/// What a record's file says about all its records.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// `origin.path` of the file or member.
    pub path: String,
    /// Column names of a table, as written.
    pub columns: Vec<String>,
    /// Charset named by the envelope (a header, a declaration), if any.
    pub charset: Option<String>,
    /// Facts true for every record, e.g. the title of a feed.
    pub source: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// Field mapping given by the user.
    pub map: Arc<FieldMap>,
}

/// `--map FIELD=COLUMN`: which column or key holds which field, before the built-in aliases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldMap(pub Vec<(String, String)>);

/// One record as framed: its bytes, not yet decoded.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its format.
    pub format: Format,
    /// From 1, in file order.
    pub number: u64,
    /// The record's own bytes, undecoded.
    pub bytes: Vec<u8>,
    /// What its file says about it.
    pub context: Arc<Context>,
}

/// Recognises a format by its first bytes, then by its name.
///
/// # Errors
/// Says why a file is none we read: empty, binary, unknown.
pub fn detect(_head: &[u8], _name: &str) -> Result<Format, SkipReason> {
    unimplemented!("helper C5")
}

/// Cuts a file into records: cheap and sequential. `emit` returns false to stop early.
///
/// # Errors
/// What stopped it before the end of the file; the records before it were emitted.
pub fn records(
    _format: Format,
    _read: &mut dyn BufRead,
    _context: Context,
    _emit: &mut dyn FnMut(Result<Record, Skip>) -> bool,
) -> Result<(), Skip> {
    unimplemented!("helper C5")
}

/// Reads one record: costly, and independent of every other record.
///
/// # Errors
/// Why it is no article.
pub fn article(_record: &Record) -> Result<Draft, Skip> {
    unimplemented!("helper C5")
}
