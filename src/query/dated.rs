//! Articles that hold a name in its time: a surname in the years it stands for somebody, a person while in office.
//!
//! As clauses of terms and ranges a common first name would be hundreds of them; this reads each name's postings once and
//! looks at the days of the articles found.

use std::sync::Arc;

use tantivy::columnar::Column;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{BitSet, DocId, DocSet, SegmentReader, TERMINATED, Term};

use crate::date::Range;

use super::picked::Pick;

/// A value of a column, and when it counts.
#[derive(Clone, Debug)]
pub struct DatedName {
    /// The column.
    pub field: Field,
    /// As it stands in the column.
    pub value: String,
    /// One of these must hold; none if it always counts.
    pub times: Vec<Time>,
    /// And this too, if it is given.
    pub within: Option<Range>,
}

/// When a value counts.
#[derive(Clone, Copy, Debug)]
pub enum Time {
    /// In articles without a date.
    Undated,
    /// In articles whose days overlap these.
    Days(Range),
}

/// Articles with any of some names in its time.
#[derive(Clone, Debug)]
pub struct InTheirTime {
    /// The names.
    pub names: Arc<[DatedName]>,
}

/// First and last day of an article.
type Days = Option<(i64, i64)>;

fn overlaps(range: &Range, days: Days) -> bool {
    days.is_some_and(|(first, last)| {
        range.last.is_none_or(|end| first <= end) && range.first.is_none_or(|start| last >= start)
    })
}

impl DatedName {
    fn counts(&self, days: Days) -> bool {
        let any = self.times.is_empty()
            || self.times.iter().any(|time| match time {
                Time::Undated => days.is_none(),
                Time::Days(range) => overlaps(range, days),
            });
        any && self.within.is_none_or(|range| overlaps(&range, days))
    }
}

impl Pick for InTheirTime {
    const WHAT: &'static str = "a name in its time";

    fn documents(&self, reader: &SegmentReader) -> tantivy::Result<BitSet> {
        let mut documents = BitSet::with_max_value(reader.max_doc());
        let column = |name| reader.fast_fields().column_opt::<i64>(name);
        let (first, last): (Option<Column<i64>>, Option<Column<i64>>) = (column("first_day")?, column("last_day")?);
        let days = |document: DocId| -> Days { first.as_ref()?.first(document).zip(last.as_ref()?.first(document)) };
        for name in self.names.iter() {
            let index = reader.inverted_index(name.field)?;
            let term = Term::from_field_text(name.field, &name.value);
            let Some(mut postings) = index.read_postings(&term, IndexRecordOption::Basic)? else { continue };
            let always = name.times.is_empty() && name.within.is_none();
            let mut document = postings.doc();
            while document != TERMINATED {
                if always || name.counts(days(document)) {
                    documents.insert(document);
                }
                document = postings.advance();
            }
        }
        Ok(documents)
    }
}
