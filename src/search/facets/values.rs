//! The values of columns numbered across segments, and names resolved to those numbers: made once for an opened generation,
//! when first asked for, so that counting touches no text.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use rustc_hash::FxHashMap;
use tantivy::columnar::StrColumn;
use tantivy::{Searcher, SegmentReader};

use crate::index::Column;
use crate::resolve::NameTable;

/// What stands in a number's place for a name that is nobody's.
pub const NOBODY: u32 = u32::MAX;

/// Set in the number of a value that may stand for another; the rest counts such values.
const OPEN: u32 = 1 << 31;

/// Not yet resolved.
const UNKNOWN: u32 = u32::MAX - 1;

/// Values of one or two columns of names, or of any one column, sorted and numbered.
pub struct Values {
    /// All of them; the number is the place.
    texts: Vec<String>,
    /// For each column, for each segment, the number of each ordinal.
    columns: Vec<(Column, Vec<Vec<u32>>)>,
    open: Option<OpenNames>,
}

/// Values that may stand for others.
struct OpenNames {
    names: Arc<NameTable>,
    values: Vec<String>,
    /// Years an article may have; the undated come before them.
    first_year: i16,
    years: usize,
    /// By value and year: who it is, once somebody asked.
    resolved: Vec<AtomicU32>,
}

/// What a number in a segment's list means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// This value, always.
    Value(u32),
    /// A value that must be resolved.
    Open(u32),
}

/// What a number stands for.
pub fn meaning(number: u32) -> Meaning {
    if number & OPEN == 0 { Meaning::Value(number) } else { Meaning::Open(number & !OPEN) }
}

impl Values {
    /// Numbers the values of some columns. `names` resolves those of people; `years` are the first and last of any article.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn read(
        searcher: &Searcher,
        columns: &[Column],
        names: Option<&Arc<NameTable>>,
        (first_year, last_year): (i16, i16),
    ) -> tantivy::Result<Self> {
        let mut texts: Vec<String> = Vec::new();
        let mut open: Vec<String> = Vec::new();
        for column in columns {
            for segment in searcher.segment_readers() {
                each_value(segment, *column, |value| {
                    let known = names.is_some_and(|names| names.knows(value));
                    if known { open.push(value.to_owned()) } else { texts.push(value.to_owned()) }
                })?;
            }
        }
        if let Some(names) = names {
            texts.extend(names.meanings().map(str::to_owned));
            // an alias may leave a name as it is in some years
            texts.extend(open.iter().filter(|value| !NameTable::is_open(value)).cloned());
        }
        for list in [&mut texts, &mut open] {
            list.sort_unstable();
            list.dedup();
        }
        let number = |value: &str| -> u32 {
            let place = |list: &[String]| list.binary_search_by(|text| text.as_str().cmp(value)).ok();
            match place(&open) {
                Some(place) => place as u32 | OPEN,
                None => place(&texts).map_or(NOBODY, |place| place as u32),
            }
        };
        let mut numbered = Vec::with_capacity(columns.len());
        for column in columns {
            let mut segments = Vec::new();
            for segment in searcher.segment_readers() {
                let mut numbers = Vec::new();
                each_value(segment, *column, |value| numbers.push(number(value)))?;
                segments.push(numbers);
            }
            numbered.push((*column, segments));
        }
        let years = usize::try_from(last_year - first_year).unwrap_or(0) + 2;
        let open = names.filter(|_| !open.is_empty()).map(|names| OpenNames {
            names: Arc::clone(names),
            resolved: (0..open.len() * years).map(|_| AtomicU32::new(UNKNOWN)).collect(),
            values: open,
            first_year,
            years,
        });
        Ok(Self { texts, columns: numbered, open })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// The value of a number.
    pub fn text(&self, number: usize) -> &str {
        &self.texts[number]
    }

    /// Whether some of them must be resolved.
    pub fn has_open(&self) -> bool {
        self.open.is_some()
    }

    /// The numbers of a column's ordinals in a segment.
    pub fn of_segment(&self, column: Column, segment: usize) -> &[u32] {
        let columns = self.columns.iter().find(|(of, _)| *of == column);
        columns.and_then(|(_, segments)| segments.get(segment)).map_or(&[], Vec::as_slice)
    }

    /// Whom an open value stands for in a year; [`NOBODY`] if nobody.
    pub fn resolve(&self, open: u32, year: Option<i16>) -> u32 {
        let Some(table) = &self.open else { return NOBODY };
        let resolve = || {
            let name = table.values.get(open as usize).and_then(|value| table.names.resolve(value, year));
            let number = name.and_then(|name| self.texts.binary_search_by(|text| text.as_str().cmp(name)).ok());
            number.map_or(NOBODY, |number| number as u32)
        };
        let place = match year {
            None => 0,
            Some(year) => match usize::try_from(year - table.first_year) {
                Ok(place) if place + 1 < table.years => place + 1,
                _ => return resolve(),
            },
        };
        let cell = &table.resolved[open as usize * table.years + place];
        // two threads that ask at once find the same answer
        match cell.load(Ordering::Relaxed) {
            UNKNOWN => {
                let number = resolve();
                cell.store(number, Ordering::Relaxed);
                number
            }
            number => number,
        }
    }
}

fn each_value(segment: &SegmentReader, column: Column, mut give: impl FnMut(&str)) -> tantivy::Result<()> {
    let Some(values) = strings(segment, column)? else { return Ok(()) };
    let mut terms = values.dictionary().stream()?;
    while terms.advance() {
        give(std::str::from_utf8(terms.key()).unwrap_or_default());
    }
    Ok(())
}

/// A column of a segment, if any article there has a value in it.
pub fn strings(segment: &SegmentReader, column: Column) -> tantivy::Result<Option<StrColumn>> {
    segment.fast_fields().str(column.name())
}

/// The values numbered so far of an opened generation.
#[derive(Default)]
pub struct NumberedValues {
    values: Mutex<FxHashMap<Column, Arc<Values>>>,
}

impl NumberedValues {
    /// The values a column is counted in, made if nobody did yet.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn of(
        &self,
        searcher: &Searcher,
        column: Column,
        names: &Arc<NameTable>,
        years: (i16, i16),
    ) -> tantivy::Result<Arc<Values>> {
        // who leads and who is merely mentioned may turn out by the people of an article
        let (key, columns, names) = match column {
            Column::People | Column::Leaders => (Column::People, vec![Column::People, Column::Leaders], Some(names)),
            Column::Mentioned => (column, vec![Column::People, Column::Mentioned], Some(names)),
            _ => (column, vec![column], None),
        };
        if let Some(values) = self.values.lock().ok().and_then(|values| values.get(&key).cloned()) {
            return Ok(values);
        }
        let made = Arc::new(Values::read(searcher, &columns, names, years)?);
        if let Ok(mut values) = self.values.lock() {
            values.insert(key, Arc::clone(&made));
        }
        Ok(made)
    }
}
