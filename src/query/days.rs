//! Articles whose days overlap a range of them, as a query. An article of a day lies in the range if that day does; one of a month or a
//! year lies in it if it begins early enough and ends late enough.
//!
//! Where the documents of a segment stand in date order, as most archives are written, those that begin in the range are a range of
//! documents too, found by halving; only such as begin up to a year before it, the widest a date can be, are looked at one by one.

use std::ops::Bound;
use std::sync::Arc;

use tantivy::columnar::Column;
use tantivy::index::SegmentId;
use tantivy::query::{BooleanQuery, ConstScorer, EnableScoring, Explanation, Query, RangeQuery, Scorer, Weight};
use tantivy::schema::Field;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term};

use crate::index::fields;

/// The days the widest date can mean, a leap year's.
const WIDEST: i64 = 366;

/// Articles that can mean any day from `first` to `last`, in days since 1970; one of both is given.
#[derive(Clone, Debug)]
pub struct Days {
    pub first: Option<i64>,
    pub last: Option<i64>,
    /// Segments whose documents stand in the order of their first days, the undated last.
    pub in_date_order: Arc<[SegmentId]>,
}

impl Query for Days {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let day = |field: Field, day: i64| Bound::Included(Term::from_field_i64(field, day));
        let beginning = self.last.map(|last| RangeQuery::new(Bound::Unbounded, day(fields().first_day, last)));
        let ending = self.first.map(|first| RangeQuery::new(day(fields().last_day, first), Bound::Unbounded));
        let both: Vec<Box<dyn Query>> =
            beginning.into_iter().chain(ending).map(|query| Box::new(query) as Box<dyn Query>).collect();
        let unordered = BooleanQuery::intersection(both).weight(scoring)?;
        Ok(Box::new(DaysWeight { days: self.clone(), unordered }))
    }
}

struct DaysWeight {
    days: Days,
    /// For segments in another order.
    unordered: Box<dyn Weight>,
}

impl Weight for DaysWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        if self.days.in_date_order.contains(&reader.segment_id()) {
            let columns = (reader.fast_fields().column_opt("first_day")?, reader.fast_fields().column_opt("last_day")?);
            if let (Some(first_days), Some(last_days)) = columns {
                let documents = self.days.of_ordered(&first_days, &last_days, reader.max_doc());
                return Ok(Box::new(ConstScorer::new(documents, boost)));
            }
        }
        self.unordered.scorer(reader, boost)
    }

    fn explain(&self, reader: &SegmentReader, document: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        if scorer.doc() > document || scorer.seek(document) != document {
            return Err(TantivyError::InvalidArgument(format!("document {document} does not match")));
        }
        Ok(Explanation::new("days that overlap", scorer.score()))
    }
}

impl Days {
    /// The documents of a segment in date order.
    fn of_ordered(&self, first_days: &Column<i64>, last_days: &Column<i64>, documents: DocId) -> OrderedDocuments {
        // an undated document stands behind all others
        let begins = |document: DocId| first_days.first(document).unwrap_or(i64::MAX);
        let from = |day: i64| halved(documents, |document| begins(document) < day);
        let dated = from(i64::MAX);
        let end = self.last.map_or(dated, |last| from(last.saturating_add(1)).min(dated));
        let start = self.first.map_or(0, &from).min(end);
        let early = self.first.map_or(start, |first| from(first.saturating_sub(WIDEST)).min(start));
        let reaches =
            |document: &DocId| last_days.first(*document).zip(self.first).is_some_and(|(last, day)| last >= day);
        OrderedDocuments { early: (early..start).filter(reaches).collect(), at: 0, next: start, end, all: documents }
    }
}

/// The first of so many documents for which `is_before` does not hold.
fn halved(documents: DocId, is_before: impl Fn(DocId) -> bool) -> DocId {
    let (mut low, mut high) = (0, documents);
    while low < high {
        let middle = low + (high - low) / 2;
        if is_before(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// A few documents, and then all of a range.
struct OrderedDocuments {
    early: Vec<DocId>,
    /// The place among the early ones.
    at: usize,
    next: DocId,
    end: DocId,
    /// In the segment.
    all: u32,
}

impl DocSet for OrderedDocuments {
    fn advance(&mut self) -> DocId {
        if self.at < self.early.len() {
            self.at += 1;
        } else if self.next < self.end {
            self.next += 1;
        }
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.at += self.early[self.at..].partition_point(|document| *document < target);
        if self.at == self.early.len() {
            self.next = self.next.max(target.min(self.end));
        }
        self.doc()
    }

    fn doc(&self) -> DocId {
        match self.early.get(self.at) {
            Some(document) => *document,
            None if self.next < self.end => self.next,
            None => TERMINATED,
        }
    }

    fn size_hint(&self) -> u32 {
        (self.early.len() - self.at) as u32 + (self.end - self.next)
    }

    /// To be asked about a document costs nothing, so anything else had better name them.
    fn cost(&self) -> u64 {
        u64::from(self.all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(mut documents: OrderedDocuments) -> Vec<DocId> {
        let mut found = Vec::new();
        while documents.doc() != TERMINATED {
            found.push(documents.doc());
            documents.advance();
        }
        found
    }

    #[test]
    fn a_few_and_then_a_range_are_gone_through_and_sought() {
        let documents = || OrderedDocuments { early: vec![2, 5], at: 0, next: 9, end: 12, all: 20 };
        assert_eq!(all(documents()), [2, 5, 9, 10, 11]);
        for (target, found) in [(0, 2), (3, 5), (6, 9), (10, 10), (12, TERMINATED), (TERMINATED, TERMINATED)] {
            let mut documents = documents();
            assert_eq!((documents.seek(target), documents.doc()), (found, found), "from {target}");
        }
        assert_eq!(halved(8, |document| document < 5), 5);
        assert_eq!((halved(8, |_| true), halved(8, |_| false)), (8, 0));
    }
}
