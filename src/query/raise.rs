//! What raises some of the articles found without changing which are found: words that stand next to each other in the query, near
//! each other in the text. Reading places costs more than all else in a search of two frequent words, so it is kept apart from the
//! query: who ranks asks for it only where it can lift an article among the best.

use tantivy::query::{EnableScoring, Query};
use tantivy::{DocId, Score, SegmentReader};

use super::span::{SpanQuery, SpanScorer, SpanWeight};

/// What raises articles, and how much it weighs.
#[derive(Debug, Default)]
pub struct Raises {
    pub(super) pairs: Vec<SpanQuery>,
    pub(super) weight: Score,
}

impl Raises {
    /// What they are made of.
    pub fn queries(&self) -> impl Iterator<Item = &dyn Query> {
        self.pairs.iter().map(|pair| pair as &dyn Query)
    }

    /// Readies them for a search.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn scored(&self, scoring: EnableScoring<'_>) -> tantivy::Result<ScoredRaises> {
        let weights = self.pairs.iter().map(|pair| pair.span_weight(scoring)).collect::<tantivy::Result<_>>()?;
        Ok(ScoredRaises { weights, boost: self.weight })
    }
}

/// Raises with the rarity of their words.
#[derive(Default)]
pub struct ScoredRaises {
    weights: Vec<SpanWeight>,
    boost: Score,
}

impl ScoredRaises {
    /// No article is raised by more.
    pub fn most(&self) -> Score {
        self.weights.iter().map(|weight| weight.most(self.boost)).sum()
    }

    /// Those of one segment.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn of_segment(&self, reader: &SegmentReader) -> tantivy::Result<SegmentRaises> {
        let scorers = self.weights.iter().map(|weight| weight.unmoved(reader, self.boost));
        Ok(SegmentRaises { scorers: scorers.collect::<tantivy::Result<_>>()? })
    }
}

/// Raises in one segment, asked in the order of its articles.
#[derive(Default)]
pub struct SegmentRaises {
    scorers: Vec<SpanScorer>,
}

impl SegmentRaises {
    /// By how much an article is raised.
    pub fn of(&mut self, document: DocId) -> Score {
        self.scorers.iter_mut().map(|scorer| scorer.score_of(document)).sum()
    }
}
