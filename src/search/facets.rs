//! Facets: how many matching articles have each value, exactly.
//!
//! Values are counted by their ordinals in each segment, in one dense array, and only then looked up; names the archive
//! resolves are resolved by ordinal too, so that the text is never read.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column as Numbers, StrColumn};
use tantivy::query::Query;
use tantivy::{DocId, Score, SegmentReader};

use crate::date::Date;
use crate::enrich::Gazetteer;
use crate::index::Column;
use crate::resolve::NameTable;

use super::archive::Archive;
use super::results::FacetCount;

/// The value that stands for articles without one.
pub const NO_VALUE: &str = "none";

/// What can be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facet {
    /// Values of a column.
    Column(Column),
    /// Calendar years.
    Year,
    /// Calendar months, `2024-05`.
    Month,
    /// Days, `2024-05-01`.
    Day,
}

/// A facet and how much of it to give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FacetRequest {
    /// What to count.
    pub facet: Facet,
    /// Values to give; 0 gives all.
    pub limit: usize,
}

impl Facet {
    /// The facet of this name, a list also in the singular.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "year" => Some(Self::Year),
            "month" => Some(Self::Month),
            "day" => Some(Self::Day),
            _ => Column::named(name).map(Self::Column),
        }
    }

    /// Its name in answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Column(column) => column.name(),
            Self::Year => "year",
            Self::Month => "month",
            Self::Day => "day",
        }
    }

    /// The column it counts, if it is one.
    pub fn column(self) -> Option<Column> {
        match self {
            Self::Column(column) => Some(column),
            Self::Year | Self::Month | Self::Day => None,
        }
    }
}

/// Counts a facet over the articles that match: most frequent first, equals by value; dates in their order.
///
/// # Errors
/// If the index is damaged.
pub fn count(archive: &Archive, query: &dyn Query, request: &FacetRequest) -> anyhow::Result<Vec<FacetCount>> {
    let mut counts: Vec<FacetCount> = match request.facet {
        Facet::Column(column) => {
            let collector = ColumnCounter { column, names: Arc::clone(archive.names()) };
            let counted = archive.searcher().search(query, &collector)?;
            let mut counts: Vec<FacetCount> =
                counted.into_iter().map(|(value, count)| FacetCount { value, count }).collect();
            // articles without a value come last, and take no value's place
            counts.sort_unstable_by(|a, b| {
                let last = |count: &FacetCount| count.value == NO_VALUE;
                last(a).cmp(&last(b)).then(b.count.cmp(&a.count)).then_with(|| a.value.cmp(&b.value))
            });
            counts
        }
        unit => {
            let counted = archive.searcher().search(query, &DateCounter { unit })?;
            counted.into_iter().map(|(value, count)| FacetCount { value, count }).collect()
        }
    };
    if request.limit > 0 {
        let none = counts.pop_if(|count| count.value == NO_VALUE);
        counts.truncate(request.limit);
        counts.extend(none);
    }
    Ok(counts)
}

struct ColumnCounter {
    column: Column,
    names: Arc<NameTable>,
}

/// How one ordinal counts: as itself, or as whom the archive resolves it to in the article's year.
struct SegmentColumn {
    column: Column,
    values: Option<StrColumn>,
    /// Per ordinal.
    counts: Vec<u64>,
    none: u64,
    names: Option<SegmentNames>,
}

/// What a segment needs to resolve names while it counts.
struct SegmentNames {
    table: Arc<NameTable>,
    /// Of this column.
    own: Meanings,
    /// Of the people column: leaders may be known there only by a resolved name, and who is mentioned may be of them.
    people: Option<(StrColumn, Meanings)>,
    first_days: Option<Numbers<i64>>,
    /// Names that resolving brought up, and how often each was given.
    resolved: Vec<(String, u64)>,
    numbers: FxHashMap<String, u64>,
}

/// The values of a segment that may stand for others, and what was found of them.
#[derive(Default)]
struct Meanings {
    /// By ordinal.
    values: FxHashMap<u64, String>,
    /// Number of the name by ordinal and year.
    found: FxHashMap<(u64, Option<i16>), Option<u64>>,
}

impl SegmentNames {
    /// The number of a name.
    fn number(&mut self, name: &str) -> u64 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = self.resolved.len() as u64;
        self.numbers.insert(name.to_owned(), number);
        self.resolved.push((name.to_owned(), 0));
        number
    }

    /// The number of whom a value that may stand for others means.
    fn meaning(&mut self, of_people: bool, ordinal: u64, year: Option<i16>) -> Option<u64> {
        let meanings = match (&self.people, of_people) {
            (Some((_, meanings)), true) => meanings,
            _ => &self.own,
        };
        if let Some(known) = meanings.found.get(&(ordinal, year)) {
            return *known;
        }
        let table = Arc::clone(&self.table);
        let value = meanings.values.get(&ordinal)?.clone();
        let number = table.resolve(&value, year).map(|name| self.number(name));
        let meanings = match (&mut self.people, of_people) {
            (Some((_, meanings)), true) => meanings,
            _ => &mut self.own,
        };
        meanings.found.insert((ordinal, year), number);
        number
    }
}

impl Collector for ColumnCounter {
    type Fruit = BTreeMap<String, u64>;
    type Child = SegmentColumn;

    fn for_segment(&self, _segment: u32, reader: &SegmentReader) -> tantivy::Result<SegmentColumn> {
        let values = reader.fast_fields().str(self.column.name())?;
        let terms = values.as_ref().map_or(0, |values| values.num_terms());
        let names = match self.column {
            Column::People | Column::Mentioned | Column::Leaders => self.segment_names(reader, values.as_ref())?,
            _ => None,
        };
        Ok(SegmentColumn { column: self.column, values, counts: vec![0; terms], none: 0, names })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, fruits: Vec<tantivy::Result<BTreeMap<String, u64>>>) -> tantivy::Result<Self::Fruit> {
        let mut all = BTreeMap::new();
        for fruit in fruits {
            for (value, count) in fruit? {
                *all.entry(value).or_default() += count;
            }
        }
        Ok(all)
    }
}

impl ColumnCounter {
    fn segment_names(
        &self,
        reader: &SegmentReader,
        values: Option<&StrColumn>,
    ) -> tantivy::Result<Option<SegmentNames>> {
        let own = match values {
            Some(values) => self.meanings(values)?,
            None => Meanings::default(),
        };
        let people = match self.column {
            Column::Leaders | Column::Mentioned => match reader.fast_fields().str(Column::People.name())? {
                Some(people) => {
                    let meanings = self.meanings(&people)?;
                    Some((people, meanings)).filter(|(_, meanings)| !meanings.values.is_empty())
                }
                None => None,
            },
            _ => None,
        };
        if own.values.is_empty() && people.is_none() {
            return Ok(None);
        }
        Ok(Some(SegmentNames {
            table: Arc::clone(&self.names),
            own,
            people,
            first_days: reader.fast_fields().column_opt::<i64>("first_day")?,
            resolved: Vec::new(),
            numbers: FxHashMap::default(),
        }))
    }

    fn meanings(&self, values: &StrColumn) -> tantivy::Result<Meanings> {
        let mut meanings = Meanings::default();
        let mut terms = values.dictionary().stream()?;
        let mut ordinal = 0;
        while terms.advance() {
            if let Ok(value) = std::str::from_utf8(terms.key())
                && self.names.knows(value)
            {
                meanings.values.insert(ordinal, value.to_owned());
            }
            ordinal += 1;
        }
        Ok(meanings)
    }
}

impl SegmentColumn {
    fn count(&mut self, doc: DocId) {
        if self.names.is_some() {
            self.count_names(doc);
            return;
        }
        let mut any = false;
        if let Some(values) = &self.values {
            for ordinal in values.term_ords(doc) {
                self.counts[ordinal as usize] += 1;
                any = true;
            }
        }
        self.none += u64::from(!any);
    }

    /// Counts an article whose names may need the archive; each name once, however it is spelled.
    fn count_names(&mut self, doc: DocId) {
        let ordinals: Vec<u64> = self.values.as_ref().map(|values| values.term_ords(doc).collect()).unwrap_or_default();
        let Some(names) = &mut self.names else { return };
        let in_people: Vec<u64> =
            names.people.as_ref().map(|(people, _)| people.term_ords(doc).collect()).unwrap_or_default();
        let stands_for_others = |names: &SegmentNames, ordinal: &u64| {
            names.people.as_ref().is_some_and(|(_, meanings)| meanings.values.contains_key(ordinal))
        };
        if !in_people.iter().any(|ordinal| stands_for_others(names, ordinal))
            && !ordinals.iter().any(|ordinal| names.own.values.contains_key(ordinal))
        {
            for ordinal in &ordinals {
                self.counts[*ordinal as usize] += 1;
            }
            self.none += u64::from(ordinals.is_empty());
            return;
        }
        let date = names.first_days.as_ref().and_then(|days| days.first(doc)).and_then(Date::from_days);
        let year = date.map(|date| date.year());
        let mut given: Vec<u64> = Vec::new();
        let mut text = String::new();
        for ordinal in ordinals {
            if names.own.values.contains_key(&ordinal) {
                given.extend(names.meaning(false, ordinal, year));
            } else if read(self.values.as_ref(), ordinal, &mut text) {
                let number = names.number(&text);
                given.push(number);
            }
        }
        let mut people: Vec<u64> = Vec::new();
        for ordinal in in_people {
            if stands_for_others(names, &ordinal) {
                people.extend(names.meaning(true, ordinal, year));
            } else if self.column == Column::Mentioned
                && read(names.people.as_ref().map(|(people, _)| people), ordinal, &mut text)
            {
                let number = names.number(&text);
                people.push(number);
            }
        }
        match self.column {
            Column::Mentioned => given.retain(|name| !people.contains(name)),
            _ => given.extend(people.into_iter().filter(|name| {
                let person = Gazetteer::embedded().person(&names.resolved[*name as usize].0);
                person.is_some_and(|person| person.is_leader_at(date.as_ref()))
            })),
        }
        given.sort_unstable();
        given.dedup();
        self.none += u64::from(given.is_empty());
        for name in given {
            names.resolved[name as usize].1 += 1;
        }
    }
}

/// Reads the value of an ordinal.
fn read(values: Option<&StrColumn>, ordinal: u64, text: &mut String) -> bool {
    text.clear();
    values.is_some_and(|values| values.ord_to_str(ordinal, text).is_ok_and(|found| found))
}

impl SegmentCollector for SegmentColumn {
    type Fruit = tantivy::Result<BTreeMap<String, u64>>;

    fn collect(&mut self, doc: DocId, _score: Score) {
        self.count(doc);
    }

    fn harvest(self) -> Self::Fruit {
        let mut counted: BTreeMap<String, u64> = BTreeMap::new();
        for (name, count) in self.names.map(|names| names.resolved).unwrap_or_default() {
            if count > 0 {
                counted.insert(name, count);
            }
        }
        if let Some(values) = &self.values {
            let mut value = String::new();
            for (ordinal, count) in self.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
                value.clear();
                values.ord_to_str(ordinal as u64, &mut value)?;
                *counted.entry(value.clone()).or_default() += count;
            }
        }
        if self.none > 0 {
            *counted.entry(NO_VALUE.to_owned()).or_default() += self.none;
        }
        Ok(counted)
    }
}

struct DateCounter {
    unit: Facet,
}

/// Counts by the days a date can mean: a year counts in its year, and for months and days as `none`.
struct SegmentDates {
    unit: Facet,
    first: Option<Numbers<i64>>,
    last: Option<Numbers<i64>>,
    /// (first day, last day) to articles.
    counts: FxHashMap<(i64, i64), u64>,
    none: u64,
}

impl Collector for DateCounter {
    type Fruit = BTreeMap<String, u64>;
    type Child = SegmentDates;

    fn for_segment(&self, _segment: u32, reader: &SegmentReader) -> tantivy::Result<SegmentDates> {
        let column = |name| reader.fast_fields().column_opt::<i64>(name);
        Ok(SegmentDates {
            unit: self.unit,
            first: column("first_day")?,
            last: column("last_day")?,
            counts: FxHashMap::default(),
            none: 0,
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, fruits: Vec<BTreeMap<String, u64>>) -> tantivy::Result<Self::Fruit> {
        let mut all = BTreeMap::new();
        for (value, count) in fruits.into_iter().flatten() {
            *all.entry(value).or_default() += count;
        }
        Ok(all)
    }
}

impl SegmentCollector for SegmentDates {
    type Fruit = BTreeMap<String, u64>;

    fn collect(&mut self, doc: DocId, _score: Score) {
        let day = |column: &Option<Numbers<i64>>| column.as_ref().and_then(|days| days.first(doc));
        match day(&self.first).zip(day(&self.last)) {
            Some(days) => *self.counts.entry(days).or_default() += 1,
            None => self.none += 1,
        }
    }

    fn harvest(self) -> Self::Fruit {
        let mut counted = BTreeMap::new();
        for ((first, last), count) in self.counts {
            let value = Date::from_days(first)
                .zip(Date::from_days(last))
                .and_then(|(first, last)| bucket(self.unit, first, last));
            *counted.entry(value.unwrap_or_else(|| NO_VALUE.to_owned())).or_default() += count;
        }
        if self.none > 0 {
            *counted.entry(NO_VALUE.to_owned()).or_default() += self.none;
        }
        counted
    }
}

fn bucket(unit: Facet, first: Date, last: Date) -> Option<String> {
    match unit {
        Facet::Year => (first.year() == last.year()).then(|| format!("{:04}", first.year())),
        Facet::Month => {
            let same = (first.year(), first.month()) == (last.year(), last.month());
            same.then(|| format!("{:04}-{:02}", first.year(), first.month().unwrap_or(1)))
        }
        _ => (first == last).then(|| first.to_string()),
    }
}
