//! What facets are counted by: the values of a column or the units of time of an opened generation, as numbers.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use rustc_hash::FxHashMap;
use tantivy::{DocId, SegmentOrdinal, SegmentReader};

use crate::date::Date;
use crate::index::Column;
use crate::search::archive::Archive;

use super::block::{Block, SegmentFacet, Settled};
use super::days::{self, Days};
use super::request::Facet;
use super::values::{NumberedValues, Values};

/// Times a facet is counted by reading columns; after that, what every article counts as is kept, which is several times
/// faster. A process that answers one question should not work that out for articles nobody asked for.
const READ_ANEW: u32 = 1;

/// Articles worked out at a time.
const AT_A_TIME: DocId = 1024;

/// What a facet is counted by.
pub struct Numbering {
    kind: Kind,
    asked: AtomicU32,
    settled: Vec<OnceLock<Settled>>,
}

enum Kind {
    Values(Column, Arc<Values>),
    /// People and mentioned together.
    Everyone(Arc<Values>),
    Days(Days),
}

impl Numbering {
    /// How many numbers there are; the next stands for `none`.
    pub fn len(&self) -> usize {
        match &self.kind {
            Kind::Values(_, values) | Kind::Everyone(values) => values.len(),
            Kind::Days(days) => days.len(),
        }
    }

    /// The value of a number; `None` for `none`.
    pub fn text(&self, number: usize) -> Option<&str> {
        match &self.kind {
            _ if number >= self.len() => None,
            Kind::Values(_, values) | Kind::Everyone(values) => Some(values.text(number)),
            Kind::Days(days) => Some(days.label(number)),
        }
    }

    /// What tells the numbers of a segment's articles.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn of_segment(&self, reader: &SegmentReader, segment: SegmentOrdinal) -> tantivy::Result<SegmentFacet<'_>> {
        let Some(cell) = self.settled.get(segment as usize) else { return self.read(reader, segment) };
        if let Some(settled) = cell.get() {
            return Ok(SegmentFacet::Settled(settled));
        }
        if self.asked.load(Ordering::Relaxed) <= READ_ANEW {
            return self.read(reader, segment);
        }
        let mut facet = self.read(reader, segment)?;
        let mut settled = Settled::default();
        let mut block = Block::default();
        let mut documents: Vec<DocId> = Vec::new();
        for first in (0..reader.max_doc()).step_by(AT_A_TIME as usize) {
            documents.clear();
            documents.extend(first..reader.max_doc().min(first + AT_A_TIME));
            facet.fill(&documents, &mut block);
            settled.add(documents.len(), &block);
        }
        Ok(SegmentFacet::Settled(cell.get_or_init(|| settled)))
    }

    fn read(&self, reader: &SegmentReader, segment: SegmentOrdinal) -> tantivy::Result<SegmentFacet<'_>> {
        match &self.kind {
            Kind::Values(column, values) => SegmentFacet::of_column(*column, values, reader, segment as usize),
            Kind::Everyone(values) => SegmentFacet::of_everyone(values, reader, segment as usize),
            Kind::Days(days) => SegmentFacet::of_days(days, reader),
        }
    }
}

/// The numberings of an opened generation, each made when first asked for.
#[derive(Default)]
pub struct Numberings {
    values: NumberedValues,
    known: Mutex<FxHashMap<Facet, Arc<Numbering>>>,
}

impl Numberings {
    /// The numbering of a facet.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn of(&self, archive: &Archive, facet: Facet) -> anyhow::Result<Arc<Numbering>> {
        if let Some(numbering) = self.known.lock().ok().and_then(|known| known.get(&facet).cloned()) {
            numbering.asked.fetch_add(1, Ordering::Relaxed);
            return Ok(numbering);
        }
        let searcher = archive.searcher();
        let bounds = days::bounds(searcher)?;
        let year = |day: i64| Date::from_days(day).map_or(0, |date| date.year());
        let years = bounds.map_or((0, 0), |(first, last)| (year(first), year(last)));
        let values = |column| self.values.of(searcher, column, archive.names(), years);
        let kind = match facet {
            Facet::Column(column) => Kind::Values(column, values(column)?),
            Facet::Everyone => Kind::Everyone(values(Column::Mentioned)?),
            _ => Kind::Days(Days::new(facet, bounds.unwrap_or((0, -1)))),
        };
        let settled = searcher.segment_readers().iter().map(|_| OnceLock::new()).collect();
        let numbering = Arc::new(Numbering { kind, asked: AtomicU32::new(1), settled });
        if let Ok(mut known) = self.known.lock() {
            known.insert(facet, Arc::clone(&numbering));
        }
        Ok(numbering)
    }
}
