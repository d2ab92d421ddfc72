//! What answers look like: one file per format, and what the terminal needs.

pub mod citations;
pub mod csv;
pub mod facets;
pub mod json;
pub mod junit;
mod numbers;
pub mod people;
mod terminal;
pub mod text;
pub mod timeline;
pub mod trec;
mod wrap;

use std::io::{BufWriter, StdoutLock, Write};

use clap::ValueEnum;

pub use dateline::export::clean;
pub use numbers::{bytes, counted, grouped, milliseconds};
pub use terminal::Terminal;

/// How hits are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum HitFormat {
    /// For people
    Text,
    /// One object with hits, facets and warnings
    Json,
    /// One hit a line
    Ndjson,
    /// A table for spreadsheets
    Csv,
    /// A table, tabs between columns
    Tsv,
    /// A run as TREC tools read it
    Trec,
    /// Citations for Zotero and the like
    Ris,
    /// Citations for LaTeX
    Bibtex,
    /// Citations for citeproc and pandoc
    CslJson,
}

/// How counts are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CountFormat {
    /// For people
    Text,
    /// One object, as `search --format json` prints it
    Json,
    /// facet,value,count
    Csv,
    /// facet, value and count, tabs between them
    Tsv,
}

/// How an answer that is one thing is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ObjectFormat {
    /// For people
    Text,
    /// One object
    Json,
}

/// The one way to stdout.
pub type Out = BufWriter<StdoutLock<'static>>;

/// Runs what writes to stdout, and sees that all of it is written.
///
/// # Errors
/// What `write` fails with, or stdout.
pub fn stdout<T>(write: impl FnOnce(&mut Out) -> anyhow::Result<T>) -> anyhow::Result<T> {
    let mut out = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    let result = write(&mut out)?;
    out.flush()?;
    Ok(result)
}
