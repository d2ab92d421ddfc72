//! Articles that hold any of many words, without regard to how often: what a pattern that stands for more than a few is.
//!
//! Scoring each word of a pattern takes time and ranks by accident: a rare ending is no better than a common one.

use std::sync::Arc;

use tantivy::index::InvertedIndexReader;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{BitSet, SegmentReader, Term};

use super::beginning::behind;
use super::picked::Pick;

/// Articles whose field holds any of some words.
#[derive(Clone, Debug)]
pub struct HoldsAny {
    /// An indexed field.
    pub field: Field,
    /// Which.
    pub words: AnyOf,
}

/// Words any of which will do.
#[derive(Clone, Debug)]
pub enum AnyOf {
    /// All there are.
    All,
    /// All that begin so.
    Beginning(Arc<str>),
    /// These.
    Words(Arc<[String]>),
}

impl Pick for HoldsAny {
    const WHAT: &'static str = "a word of a pattern";

    fn documents(&self, reader: &SegmentReader) -> tantivy::Result<BitSet> {
        let mut holding = Holding { documents: BitSet::with_max_value(reader.max_doc()), block: None };
        match &self.words {
            AnyOf::All => {
                // an article without any word has no length
                if let Some(norms) = reader.fieldnorms_readers().get_field(self.field)? {
                    (0..reader.max_doc()).filter(|document| norms.fieldnorm(*document) > 0).for_each(|document| {
                        holding.documents.insert(document);
                    });
                }
            }
            AnyOf::Beginning(prefix) => {
                let index = reader.inverted_index(self.field)?;
                let range = index.terms().range().ge(prefix.as_bytes());
                let range = match behind(prefix) {
                    Some(end) => range.lt(end),
                    None => range,
                };
                let mut terms = range.without_keys().into_stream()?;
                while terms.advance() {
                    holding.add(&index, terms.value())?;
                }
            }
            AnyOf::Words(words) => {
                let index = reader.inverted_index(self.field)?;
                for word in words.iter() {
                    if let Some(term) = index.get_term_info(&Term::from_field_text(self.field, word))? {
                        holding.add(&index, &term)?;
                    }
                }
            }
        }
        Ok(holding.documents)
    }
}

/// The articles so far, and what reads postings, used again for each word: to make it anew costs more than most words take to read.
struct Holding {
    documents: BitSet,
    block: Option<BlockSegmentPostings>,
}

impl Holding {
    fn add(&mut self, index: &InvertedIndexReader, term: &TermInfo) -> tantivy::Result<()> {
        match &mut self.block {
            Some(block) => index.reset_block_postings_from_terminfo(term, block)?,
            None => self.block = Some(index.read_block_postings_from_terminfo(term, IndexRecordOption::Basic)?),
        }
        while let Some(block) = &mut self.block
            && !block.docs().is_empty()
        {
            for document in block.docs() {
                self.documents.insert(*document);
            }
            block.advance();
        }
        Ok(())
    }
}
