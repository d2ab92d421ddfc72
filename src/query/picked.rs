//! Articles a rule picks out of each segment at once, as a query: they match or do not, and none scores above another.

use std::fmt::Debug;

use tantivy::query::{BitSetDocSet, ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{BitSet, DocId, DocSet, Score, SegmentReader, TantivyError};

/// A rule that picks articles out of a segment.
pub trait Pick: Clone + Debug + Send + Sync + 'static {
    /// What a match is, as an explained score says it.
    const WHAT: &'static str;

    /// Those of one segment; articles a refresh removed may be among them.
    ///
    /// # Errors
    /// If the segment is damaged.
    fn documents(&self, reader: &SegmentReader) -> tantivy::Result<BitSet>;
}

/// The articles a rule picks.
#[derive(Clone, Debug)]
pub struct Picked<P>(pub P);

impl<P: Pick> Query for Picked<P> {
    fn weight(&self, _scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl<P: Pick> Weight for Picked<P> {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(Box::new(ConstScorer::new(BitSetDocSet::from(self.0.documents(reader)?), boost)))
    }

    fn count(&self, reader: &SegmentReader) -> tantivy::Result<u32> {
        let documents = self.0.documents(reader)?;
        Ok(match reader.alive_bitset() {
            None => documents.len() as u32,
            Some(alive) => alive.iter_alive().filter(|document| documents.contains(*document)).count() as u32,
        })
    }

    fn explain(&self, reader: &SegmentReader, document: DocId) -> tantivy::Result<Explanation> {
        Ok(Explanation::new(P::WHAT, score_of_match(self, reader, document)?))
    }
}

/// The score a query gives one article.
///
/// # Errors
/// If the article does not match, or the segment is damaged.
pub fn score_of_match(weight: &dyn Weight, reader: &SegmentReader, document: DocId) -> tantivy::Result<Score> {
    let mut scorer = weight.scorer(reader, 1.0)?;
    if scorer.doc() > document || scorer.seek(document) != document {
        return Err(TantivyError::InvalidArgument(format!("document {document} does not match")));
    }
    Ok(scorer.score())
}
