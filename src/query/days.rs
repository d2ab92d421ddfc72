//! Articles whose days overlap a range of them, as a query. An article of a day lies in the range if that day does; one of a month or a
//! year lies in it if it begins early enough and ends late enough.
//!
//! Most archives are written about in the order of their dates, and a segment says how many days its documents are out of it. So those
//! that can lie in the range are a range of documents, found by halving; of them only what else matches is looked at.

use std::ops::Bound;
use std::sync::Arc;

use tantivy::columnar::Column;
use tantivy::index::SegmentId;
use tantivy::query::{BooleanQuery, ConstScorer, EnableScoring, Explanation, Query, RangeQuery, Scorer, Weight};
use tantivy::schema::Field;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, Term};

use crate::index::fields;

use super::picked::score_of_match;

/// The days the widest date can mean, a leap year's.
const WIDEST: i64 = 366;

/// Days out of order up to which the order helps: two years and what some monthly papers are late.
const MOST_OUT_OF_ORDER: u32 = 800;

/// Articles that can mean any day from `first` to `last`, in days since 1970; one of both is given.
#[derive(Clone, Debug)]
pub struct Days {
    pub first: Option<i64>,
    pub last: Option<i64>,
    /// Most days by which a document begins before one that stands earlier, by segment.
    pub out_of_order: Arc<[(SegmentId, u32)]>,
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
    /// For segments in no such order.
    unordered: Box<dyn Weight>,
}

impl Weight for DaysWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let out_of_order = self.days.out_of_order.iter().find(|(segment, _)| *segment == reader.segment_id());
        if let Some((_, days)) = out_of_order.filter(|(_, days)| *days <= MOST_OUT_OF_ORDER) {
            let columns = (reader.fast_fields().column_opt("first_day")?, reader.fast_fields().column_opt("last_day")?);
            if let (Some(first_days), Some(last_days)) = columns {
                let documents = self.days.ordered(first_days, last_days, i64::from(*days), reader.max_doc());
                return Ok(Box::new(ConstScorer::new(documents, boost)));
            }
        }
        self.unordered.scorer(reader, boost)
    }

    fn explain(&self, reader: &SegmentReader, document: DocId) -> tantivy::Result<Explanation> {
        Ok(Explanation::new("days that overlap", score_of_match(self, reader, document)?))
    }
}

impl Days {
    /// Whether no document of a segment can lie in the range, as far as the columns tell without looking at each.
    ///
    /// # Errors
    /// If the segment is damaged.
    pub fn none_in(&self, reader: &SegmentReader) -> tantivy::Result<bool> {
        let columns = reader.fast_fields();
        let is_behind = |days: Column<i64>| self.last.is_some_and(|last| last < days.min_value());
        let is_before = |days: Column<i64>| self.first.is_some_and(|first| days.max_value() < first);
        Ok(columns.column_opt::<i64>("first_day")?.is_none_or(is_behind)
            || columns.column_opt::<i64>("last_day")?.is_none_or(is_before))
    }

    /// The documents of a segment in which none begins more than `days` days before one that stands earlier.
    fn ordered(&self, first_days: Column<i64>, last_days: Column<i64>, days: i64, all: u32) -> OrderedDocuments {
        let begins = |document: DocId, is: &dyn Fn(i64) -> bool| first_days.first(document).is_some_and(is);
        // what begins so early has nothing before it that begins in time
        let too_early = self.first.map(|first| first.saturating_sub(WIDEST + days));
        let next = too_early.map_or(0, |day| halved(all, |document| begins(document, &|first| first < day)));
        // and what begins so late has nothing behind it that does
        let too_late = self.last.map(|last| last.saturating_add(days));
        let end = too_late.map_or(all, |day| halved(all, |document| !begins(document, &|first| first > day)));
        let (first, last) = (self.first.unwrap_or(i64::MIN), self.last.unwrap_or(i64::MAX));
        let mut documents = OrderedDocuments { first, last, first_days, last_days, next, end, all };
        documents.pass_over();
        documents
    }
}

/// The first of so many documents for which `is_before` does not hold; of undated ones it is not known, and never costs a match.
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

/// Those of a range of documents whose days overlap a range of days.
struct OrderedDocuments {
    first: i64,
    last: i64,
    first_days: Column<i64>,
    last_days: Column<i64>,
    next: DocId,
    end: DocId,
    /// In the segment.
    all: u32,
}

impl OrderedDocuments {
    fn overlaps(&self, document: DocId) -> bool {
        self.first_days.first(document).is_some_and(|day| day <= self.last)
            && self.last_days.first(document).is_some_and(|day| day >= self.first)
    }

    /// Moves on to the next that overlaps, if this one does not.
    fn pass_over(&mut self) -> DocId {
        while self.next < self.end && !self.overlaps(self.next) {
            self.next += 1;
        }
        self.doc()
    }
}

impl DocSet for OrderedDocuments {
    fn advance(&mut self) -> DocId {
        self.next = self.next.saturating_add(1).min(self.end);
        self.pass_over()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if target > self.next {
            self.next = target.min(self.end);
            self.pass_over();
        }
        self.doc()
    }

    fn doc(&self) -> DocId {
        if self.next < self.end { self.next } else { TERMINATED }
    }

    fn size_hint(&self) -> u32 {
        self.end.saturating_sub(self.next)
    }

    /// To be asked about a document costs next to nothing, so anything else had better name them.
    fn cost(&self) -> u64 {
        u64::from(self.all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halving_finds_where_a_condition_ends() {
        assert_eq!(halved(8, |document| document < 5), 5);
        assert_eq!((halved(8, |_| true), halved(8, |_| false), halved(0, |_| true)), (8, 0, 0));
    }
}
