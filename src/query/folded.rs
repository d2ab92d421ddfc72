//! Values of columns folded as queries are, and what the values of names stand for: worked out once for an opened generation,
//! since every query on a name looks through all of them.

use std::sync::{Arc, Mutex, OnceLock};

use rustc_hash::FxHashMap;
use tantivy::Term;

use crate::index::{Column, Statistics, fields, fold};
use crate::resolve::NameTable;

/// What was worked out so far.
#[derive(Default)]
pub struct FoldedValues {
    columns: Mutex<FxHashMap<Column, Arc<[FoldedValue]>>>,
    written: OnceLock<FxHashMap<String, Vec<Written>>>,
}

/// A value that stands for a name, and the years in which it does, 0 for the undated; none if it always does.
pub type Written = (String, Vec<i16>);

/// A distinct value of a column.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FoldedValue {
    /// As it stands in the column.
    pub value: String,
    /// Its words as queries compare them, with single blanks between.
    pub folded: String,
}

impl FoldedValue {
    /// Whether it holds every one of some folded words.
    pub fn holds(&self, words: &[String]) -> bool {
        words.iter().all(|word| self.folded.contains(word.as_str()) && self.folded.split(' ').any(|part| part == word))
    }
}

impl FoldedValues {
    /// The distinct values of a column, sorted.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn of(&self, statistics: &Statistics, column: Column) -> anyhow::Result<Arc<[FoldedValue]>> {
        if let Some(values) = self.columns.lock().ok().and_then(|columns| columns.get(&column).cloned()) {
            return Ok(values);
        }
        let mut values: Vec<String> = Vec::new();
        for segment in statistics.searcher().segment_readers() {
            let Some(strings) = segment.fast_fields().str(column.name())? else { continue };
            let mut terms = strings.dictionary().stream()?;
            while terms.advance() {
                values.extend(std::str::from_utf8(terms.key()).map(str::to_owned));
            }
        }
        values.sort_unstable();
        values.dedup();
        if !statistics.withdrawn().is_empty() {
            let field = fields().column(column);
            let mut left = Vec::with_capacity(values.len());
            for value in values {
                if !statistics.is_gone(&Term::from_field_text(field, &value))? {
                    left.push(value);
                }
            }
            values = left;
        }
        let folded = values.into_iter().map(|value| FoldedValue { folded: fold(&value), value });
        let made: Arc<[FoldedValue]> = folded.collect();
        if let Ok(mut columns) = self.columns.lock() {
            columns.insert(column, Arc::clone(&made));
        }
        Ok(made)
    }

    /// Every other value that stands for a name, with the years in which it does; no years if it always does.
    pub fn written_as(&self, names: &NameTable, name: &str) -> &[Written] {
        let written = self.written.get_or_init(|| {
            let owned = |values: Vec<(&str, Vec<i16>)>| {
                values.into_iter().map(|(value, years)| (value.to_owned(), years)).collect()
            };
            names.inverted().into_iter().map(|(name, values)| (name.to_owned(), owned(values))).collect()
        });
        written.get(name).map_or(&[], Vec::as_slice)
    }
}
