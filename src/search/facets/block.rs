//! What the articles of one block count as: their values or units of time, by number.

use tantivy::columnar::{Column as Numbers, StrColumn};
use tantivy::{DocId, SegmentReader};

use crate::date::Date;
use crate::enrich::Gazetteer;
use crate::index::Column;

use super::days::Days;
use super::values::{Meaning, NOBODY, Values, meaning, strings};

/// The numbers of each article of a block, one article after the other.
#[derive(Default)]
pub struct Block {
    /// Where each article's numbers begin, and where the last one's end.
    starts: Vec<u32>,
    numbers: Vec<u32>,
    // scratch: articles and places of the values of a column
    documents: Vec<DocId>,
    rows: Vec<u32>,
    raw: Vec<u64>,
}

impl Block {
    /// The numbers of the article at a place.
    pub fn of(&self, place: usize) -> &[u32] {
        &self.numbers[self.starts[place] as usize..self.starts[place + 1] as usize]
    }

    /// Articles without a number.
    fn none(&self) -> u64 {
        self.starts.windows(2).filter(|pair| pair[0] == pair[1]).count() as u64
    }

    fn begin(&mut self) {
        self.starts.clear();
        self.starts.push(0);
        self.numbers.clear();
    }

    fn end_article(&mut self) {
        self.starts.push(self.numbers.len() as u32);
    }

    /// Fills the block with the numbers of ordinals.
    fn read(&mut self, ordinals: &Numbers<u64>, numbers: &[u32], documents: &[DocId]) {
        self.begin();
        self.documents.clear();
        self.rows.clear();
        ordinals.row_ids_for_docs(documents, &mut self.documents, &mut self.rows);
        self.raw.resize(self.rows.len(), 0);
        ordinals.values.get_vals(&self.rows, &mut self.raw);
        self.numbers.extend(self.raw.iter().map(|ordinal| numbers[*ordinal as usize]));
        let mut at = 0;
        for document in documents {
            while self.documents.get(at) == Some(document) {
                at += 1;
            }
            self.starts.push(at as u32);
        }
    }

    fn read_none(&mut self, documents: &[DocId]) {
        self.begin();
        self.starts.resize(documents.len() + 1, 0);
    }
}

/// What every article of a segment counts as.
#[derive(Default)]
pub struct Settled {
    /// Where the numbers of each article end.
    ends: Vec<u32>,
    numbers: Vec<u32>,
}

impl Settled {
    /// Adds the articles of a block, which follow those before.
    pub fn add(&mut self, articles: usize, block: &Block) {
        for place in 0..articles {
            self.numbers.extend_from_slice(block.of(place));
            self.ends.push(self.numbers.len() as u32);
        }
    }

    fn of(&self, document: DocId) -> &[u32] {
        let at = document as usize;
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.numbers[start..self.ends[at] as usize]
    }
}

/// What one segment needs to tell what its articles count as.
pub enum SegmentFacet<'a> {
    Values(Box<SegmentValues<'a>>),
    Settled(&'a Settled),
    Days { days: &'a Days, first: Option<Numbers<i64>>, last: Option<Numbers<i64>> },
}

/// One column of a segment.
pub struct SegmentValues<'a> {
    column: Column,
    values: &'a Values,
    own: Option<StrColumn>,
    numbers: &'a [u32],
    /// The people count too.
    joins_people: bool,
    /// The people, for columns that may depend on them.
    people: Option<(StrColumn, &'a [u32])>,
    first_days: Option<Numbers<i64>>,
    people_block: Block,
    own_block: Block,
}

impl<'a> SegmentFacet<'a> {
    pub fn of_column(
        column: Column,
        values: &'a Values,
        reader: &SegmentReader,
        segment: usize,
    ) -> tantivy::Result<Self> {
        let depends = values.has_open() && matches!(column, Column::Leaders | Column::Mentioned);
        Self::of_values((column, depends, false), values, reader, segment)
    }

    /// People and mentioned together, each once.
    pub fn of_everyone(values: &'a Values, reader: &SegmentReader, segment: usize) -> tantivy::Result<Self> {
        Self::of_values((Column::Mentioned, true, true), values, reader, segment)
    }

    fn of_values(
        (column, depends, joins_people): (Column, bool, bool),
        values: &'a Values,
        reader: &SegmentReader,
        segment: usize,
    ) -> tantivy::Result<Self> {
        let people = if depends { strings(reader, Column::People)? } else { None };
        let first_days = if values.has_open() { reader.fast_fields().column_opt("first_day")? } else { None };
        Ok(Self::Values(Box::new(SegmentValues {
            column,
            values,
            own: strings(reader, column)?,
            numbers: values.of_segment(column, segment),
            joins_people,
            people: people.map(|people| (people, values.of_segment(Column::People, segment))),
            first_days,
            people_block: Block::default(),
            own_block: Block::default(),
        })))
    }

    pub fn of_days(days: &'a Days, reader: &SegmentReader) -> tantivy::Result<Self> {
        let column = |name| reader.fast_fields().column_opt(name);
        Ok(Self::Days { days, first: column("first_day")?, last: column("last_day")? })
    }

    /// Adds up how often each number stands in some articles; the last count is of articles without a number.
    pub fn count(&mut self, documents: &[DocId], block: &mut Block, counts: &mut [u64]) {
        let mut none = 0;
        if let Self::Settled(settled) = self {
            for document in documents {
                let numbers = settled.of(*document);
                for number in numbers {
                    counts[*number as usize] += 1;
                }
                none += u64::from(numbers.is_empty());
            }
        } else {
            self.fill(documents, block);
            for number in &block.numbers {
                counts[*number as usize] += 1;
            }
            none = block.none();
        }
        if let Some(last) = counts.last_mut() {
            *last += none;
        }
    }

    /// Fills a block with what some articles count as; no number stands twice in one article.
    pub fn fill(&mut self, documents: &[DocId], block: &mut Block) {
        match self {
            Self::Values(values) => values.fill(documents, block),
            Self::Settled(settled) => {
                block.begin();
                for document in documents {
                    block.numbers.extend_from_slice(settled.of(*document));
                    block.end_article();
                }
            }
            Self::Days { days, first: Some(first), last: Some(last) } => {
                block.begin();
                for document in documents {
                    if let Some((first, last)) = first.first(*document).zip(last.first(*document)) {
                        block.numbers.extend(days.unit(first, last));
                    }
                    block.end_article();
                }
            }
            Self::Days { .. } => block.read_none(documents),
        }
    }
}

impl SegmentValues<'_> {
    fn fill(&mut self, documents: &[DocId], block: &mut Block) {
        if !self.values.has_open() && !self.joins_people {
            return match &self.own {
                Some(own) => block.read(own.ords(), self.numbers, documents),
                None => block.read_none(documents),
            };
        }
        let mut own_block = std::mem::take(&mut self.own_block);
        let mut people_block = std::mem::take(&mut self.people_block);
        match &self.own {
            Some(own) => own_block.read(own.ords(), self.numbers, documents),
            None => own_block.read_none(documents),
        }
        match &self.people {
            Some((people, numbers)) => people_block.read(people.ords(), numbers, documents),
            None => people_block.read_none(documents),
        }
        block.begin();
        for (place, document) in documents.iter().enumerate() {
            self.resolve(*document, own_block.of(place), people_block.of(place), &mut block.numbers);
            block.end_article();
        }
        (self.own_block, self.people_block) = (own_block, people_block);
    }

    /// Adds whom an article's values stand for, each once.
    fn resolve(&self, document: DocId, own: &[u32], people: &[u32], numbers: &mut Vec<u32>) {
        let is_open = |number: &u32| matches!(meaning(*number), Meaning::Open(_));
        let people_matter = match self.column {
            _ if self.joins_people => !people.is_empty(),
            Column::Mentioned => !people.is_empty() && (own.iter().any(is_open) || people.iter().any(is_open)),
            _ => people.iter().any(is_open),
        };
        if !people_matter && !own.iter().any(is_open) {
            numbers.extend_from_slice(own);
            return;
        }
        let day = self.first_days.as_ref().and_then(|days| days.first(document));
        let date = day.and_then(Date::from_days);
        let year = date.map(|date| date.year());
        let who = |number: u32| match meaning(number) {
            Meaning::Value(number) => number,
            Meaning::Open(open) => self.values.resolve(open, year),
        };
        let start = numbers.len();
        numbers.extend(own.iter().map(|number| who(*number)).filter(|number| *number != NOBODY));
        if self.joins_people {
            numbers.extend(people.iter().map(|number| who(*number)).filter(|number| *number != NOBODY));
        } else if self.column == Column::Mentioned {
            let people: Vec<u32> = people.iter().map(|number| who(*number)).collect();
            let mut kept = start;
            for at in start..numbers.len() {
                if !people.contains(&numbers[at]) {
                    numbers[kept] = numbers[at];
                    kept += 1;
                }
            }
            numbers.truncate(kept);
        } else {
            // whom the archive explains may turn out to be in office
            for number in people.iter().filter(|number| is_open(number)).map(|number| who(*number)) {
                let leads = number != NOBODY
                    && Gazetteer::embedded()
                        .person(self.values.text(number as usize))
                        .is_some_and(|person| person.is_leader_at(date.as_ref()));
                numbers.extend(leads.then_some(number));
            }
        }
        numbers[start..].sort_unstable();
        let mut kept = start;
        for at in start..numbers.len() {
            if at == start || numbers[at] != numbers[kept - 1] {
                numbers[kept] = numbers[at];
                kept += 1;
            }
        }
        numbers.truncate(kept);
    }
}
