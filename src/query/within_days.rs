//! A query of which a range of days is part, not even begun in segments that hold none of those days. Archives are written about in
//! date order, so that of many segments few hold them, and to open the words of a query in each is most of what a rare answer costs.

use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, QueryClone, Scorer, Weight};
use tantivy::{DocId, Score, SegmentReader, Term};

use super::days::Days;

/// A query that matches nothing outside a range of days.
#[derive(Debug)]
pub struct WithinDays {
    pub query: Box<dyn Query>,
    pub days: Days,
}

impl Clone for WithinDays {
    fn clone(&self) -> Self {
        Self { query: self.query.box_clone(), days: self.days.clone() }
    }
}

impl Query for WithinDays {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(WithinDaysWeight { weight: self.query.weight(scoring)?, days: self.days.clone() }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.query.query_terms(visitor);
    }
}

struct WithinDaysWeight {
    weight: Box<dyn Weight>,
    days: Days,
}

impl Weight for WithinDaysWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        if self.days.none_in(reader)? { Ok(Box::new(EmptyScorer)) } else { self.weight.scorer(reader, boost) }
    }

    fn explain(&self, reader: &SegmentReader, document: DocId) -> tantivy::Result<Explanation> {
        self.weight.explain(reader, document)
    }

    fn count(&self, reader: &SegmentReader) -> tantivy::Result<u32> {
        if self.days.none_in(reader)? { Ok(0) } else { self.weight.count(reader) }
    }

    fn for_each(&self, reader: &SegmentReader, callback: &mut dyn FnMut(DocId, Score)) -> tantivy::Result<()> {
        if self.days.none_in(reader)? { Ok(()) } else { self.weight.for_each(reader, callback) }
    }

    fn for_each_no_score(&self, reader: &SegmentReader, callback: &mut dyn FnMut(&[DocId])) -> tantivy::Result<()> {
        if self.days.none_in(reader)? { Ok(()) } else { self.weight.for_each_no_score(reader, callback) }
    }

    fn for_each_pruning(
        &self,
        threshold: Score,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) -> tantivy::Result<()> {
        if self.days.none_in(reader)? { Ok(()) } else { self.weight.for_each_pruning(threshold, reader, callback) }
    }
}
