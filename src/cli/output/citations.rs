//! Citations one after the other, as one file.

use std::io::Write;

use dateline::article::Article;
use dateline::export::{CitationFormat, citation};

/// Writes citations as they come.
pub struct Citations<W: Write> {
    out: W,
    format: CitationFormat,
    written: u64,
}

impl<W: Write> Citations<W> {
    /// Begins the file.
    ///
    /// # Errors
    /// If `out` cannot be written.
    pub fn new(mut out: W, format: CitationFormat) -> anyhow::Result<Self> {
        out.write_all(format.opening().as_bytes())?;
        Ok(Self { out, format, written: 0 })
    }

    /// Writes one citation.
    ///
    /// # Errors
    /// If `out` cannot be written.
    pub fn cite(&mut self, article: &Article) -> anyhow::Result<()> {
        if self.written > 0 {
            self.out.write_all(self.format.between().as_bytes())?;
        }
        self.written += 1;
        self.out.write_all(citation(article, self.format).as_bytes())?;
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// If `out` cannot be written.
    pub fn finish(mut self) -> anyhow::Result<()> {
        self.out.write_all(self.format.closing().as_bytes())?;
        Ok(())
    }
}
