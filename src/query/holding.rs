//! Articles that hold any of many words, without regard to how often: what a pattern that stands for more than a few is.
//!
//! Scoring each word of a pattern takes time and ranks by accident: a rare ending is no better than a common one.

use std::sync::Arc;

use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{BitSet, DocSet, SegmentReader, TERMINATED, Term};

use super::picked::Pick;

/// Articles whose field holds any of some words.
#[derive(Clone, Debug)]
pub struct HoldsAny {
    /// An indexed field.
    pub field: Field,
    /// The words; `None` for any word at all.
    pub words: Option<Arc<[String]>>,
}

impl Pick for HoldsAny {
    const WHAT: &'static str = "a word of a pattern";

    fn documents(&self, reader: &SegmentReader) -> tantivy::Result<BitSet> {
        let mut documents = BitSet::with_max_value(reader.max_doc());
        let Some(words) = &self.words else {
            // an article without any word has no length
            if let Some(norms) = reader.fieldnorms_readers().get_field(self.field)? {
                (0..reader.max_doc()).filter(|document| norms.fieldnorm(*document) > 0).for_each(|document| {
                    documents.insert(document);
                });
            }
            return Ok(documents);
        };
        let index = reader.inverted_index(self.field)?;
        for word in words.iter() {
            let term = Term::from_field_text(self.field, word);
            let Some(mut postings) = index.read_postings(&term, IndexRecordOption::Basic)? else { continue };
            let mut document = postings.doc();
            while document != TERMINATED {
                documents.insert(document);
                document = postings.advance();
            }
        }
        Ok(documents)
    }
}
