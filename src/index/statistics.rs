//! What segments tell of their articles as a whole: how far they are out of the order of their dates, and word frequencies as they
//! are without the removed articles. tantivy goes on counting a deleted document until its segment
//! is written anew, so that scores would drift from those of a rebuild; here the removed articles lie in segments of their
//! own, and what they add is taken off again.

use std::sync::Arc;

use tantivy::index::SegmentId;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::Field;
use tantivy::{Searcher, SegmentReader, Term};

use super::manifest::SegmentEntry;

/// What scores are computed from.
pub struct Statistics {
    searcher: Searcher,
    withdrawn: Vec<SegmentReader>,
    days_out_of_order: Arc<[(SegmentId, u32)]>,
}

impl Statistics {
    /// Of a generation's segments, as its manifest lists them, and those of its removed articles.
    pub fn new(searcher: Searcher, segments: &[SegmentEntry], withdrawn: Vec<SegmentReader>) -> Self {
        let known = segments
            .iter()
            .filter_map(|segment| Some((SegmentId::from_uuid_string(&segment.id).ok()?, segment.days_out_of_order?)));
        Self { searcher, withdrawn, days_out_of_order: known.collect() }
    }

    /// Most days by which a document begins before one that stands earlier, of the segments of which it is known.
    pub fn days_out_of_order(&self) -> &Arc<[(SegmentId, u32)]> {
        &self.days_out_of_order
    }

    /// The segments.
    pub fn searcher(&self) -> &Searcher {
        &self.searcher
    }

    /// The segments of the removed articles.
    pub fn withdrawn(&self) -> &[SegmentReader] {
        &self.withdrawn
    }

    /// Whether a word or value that stands in the dictionaries is one of removed articles alone.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn is_gone(&self, term: &Term) -> tantivy::Result<bool> {
        for segment in &self.withdrawn {
            if segment.inverted_index(term.field())?.doc_freq(term)? > 0 {
                return Ok(self.doc_freq(term)? == 0);
            }
        }
        Ok(false)
    }
}

impl Bm25StatisticsProvider for Statistics {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        let mut tokens = self.searcher.total_num_tokens(field)?;
        for segment in &self.withdrawn {
            tokens = tokens.saturating_sub(segment.inverted_index(field)?.total_num_tokens());
        }
        Ok(tokens)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.searcher.num_docs())
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        let mut documents = self.searcher.doc_freq(term)?;
        for segment in &self.withdrawn {
            let removed = segment.inverted_index(term.field())?.doc_freq(term)?;
            documents = documents.saturating_sub(u64::from(removed));
        }
        // a damaged index must not make tantivy assert
        Ok(documents.min(self.searcher.num_docs()))
    }
}
