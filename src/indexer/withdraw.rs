//! Removed articles, written into segments of their own: what they add to the frequencies of words is taken off again by whoever
//! counts those of the segments they still lie in.

use std::fmt::Write;

use crate::article::Article;
use crate::index::SegmentBuilder;
use crate::index::manifest::SegmentEntry;

use super::batch::BATCH_BYTES;

/// Segments of removed articles.
pub struct Withdrawn<'a> {
    /// Those written so far, after those carried over.
    pub segments: Vec<SegmentEntry>,
    builder: &'a SegmentBuilder,
    batch: Vec<Article>,
    bytes: usize,
    /// Where they lay.
    places: String,
}

impl<'a> Withdrawn<'a> {
    /// None yet.
    pub fn into(builder: &'a SegmentBuilder) -> Self {
        Self { segments: Vec::new(), builder, batch: Vec::new(), bytes: 0, places: String::new() }
    }

    /// Adds a removed article of a segment that stays.
    ///
    /// # Errors
    /// If the generation cannot be written.
    pub fn add(&mut self, segment: &str, document: u32, article: Article) -> anyhow::Result<()> {
        self.bytes += article.body.len();
        write!(self.places, "{segment}:{document} ")?;
        self.batch.push(article);
        if self.bytes >= BATCH_BYTES { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> anyhow::Result<()> {
        if self.batch.is_empty() {
            return Ok(());
        }
        self.segments.push(self.builder.write_withdrawn(&self.batch, &self.places)?);
        self.batch.clear();
        self.places.clear();
        self.bytes = 0;
        Ok(())
    }

    /// All of them, once the last is written.
    ///
    /// # Errors
    /// If the generation cannot be written.
    pub fn finish(mut self) -> anyhow::Result<Vec<SegmentEntry>> {
        self.flush()?;
        Ok(self.segments)
    }
}
