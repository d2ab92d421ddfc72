//! One pass over the matching articles that counts them and all their facets, by number, in dense arrays.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::query::{Query, Weight};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use super::block::{Block, SegmentFacet};
use super::days::Days;
use super::values::Values;

/// What a facet is counted by: shared by all segments.
#[derive(Clone)]
pub enum Numbering {
    Values(crate::index::Column, Arc<Values>),
    Days(Arc<Days>),
}

impl Numbering {
    /// How many numbers there are; the next stands for `none`.
    pub fn len(&self) -> usize {
        match self {
            Self::Values(_, values) => values.len(),
            Self::Days(days) => days.len(),
        }
    }

    /// The value of a number; `None` for `none`.
    pub fn text(&self, number: usize) -> Option<&str> {
        match self {
            _ if number >= self.len() => None,
            Self::Values(_, values) => Some(values.text(number)),
            Self::Days(days) => Some(days.label(number)),
        }
    }

    fn of_segment(&self, reader: &SegmentReader, segment: SegmentOrdinal) -> tantivy::Result<SegmentFacet<'_>> {
        match self {
            Self::Values(column, values) => SegmentFacet::of_column(*column, values, reader, segment as usize),
            Self::Days(days) => SegmentFacet::of_days(days, reader),
        }
    }
}

/// What is counted: one facet, or two crossed.
pub type Plan = (Numbering, Option<Numbering>);

/// How often.
pub enum Counts {
    /// By number; the last is `none`.
    One(Vec<u64>),
    /// By both numbers.
    Two(FxHashMap<(u32, u32), u64>),
}

/// All that one pass counts.
pub struct Counted {
    /// Articles that match.
    pub total: u64,
    /// For each plan.
    pub facets: Vec<Counts>,
}

/// Counts the articles that match, and what each plan wants.
///
/// # Errors
/// If the index is damaged.
pub fn count(searcher: &tantivy::Searcher, query: &dyn Query, plans: &[Plan]) -> tantivy::Result<Counted> {
    searcher.search(query, &Counter { plans: plans.to_vec() })
}

struct Counter {
    plans: Vec<Plan>,
}

impl Counter {
    fn nothing(&self) -> Counted {
        let counts = |(numbering, with): &Plan| match with {
            None => Counts::One(vec![0; numbering.len() + 1]),
            Some(_) => Counts::Two(FxHashMap::default()),
        };
        Counted { total: 0, facets: self.plans.iter().map(counts).collect() }
    }
}

impl Collector for Counter {
    type Fruit = Counted;
    type Child = Unused;

    fn for_segment(&self, _segment: SegmentOrdinal, _reader: &SegmentReader) -> tantivy::Result<Unused> {
        Ok(Unused)
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    /// Counts a segment as a whole, so that what counts it may borrow from the plans.
    fn collect_segment(
        &self,
        weight: &dyn Weight,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<tantivy::Result<Counted>> {
        let mut counted = self.nothing();
        if self.plans.is_empty() {
            counted.total = u64::from(weight.count(reader)?);
            return Ok(Ok(counted));
        }
        let mut facets = Vec::with_capacity(self.plans.len());
        for (numbering, with) in &self.plans {
            let with = with.as_ref().map(|with| with.of_segment(reader, segment)).transpose()?;
            facets.push((numbering.of_segment(reader, segment)?, with));
        }
        let (mut block, mut with_block) = (Block::default(), Block::default());
        let mut add = |documents: &[DocId]| {
            counted.total += documents.len() as u64;
            for (place, (facet, with)) in facets.iter_mut().enumerate() {
                facet.fill(documents, &mut block);
                if let Some(with) = with {
                    with.fill(documents, &mut with_block);
                }
                let (numbering, with) = &self.plans[place];
                let none = with.as_ref().map_or(0, Numbering::len) as u32;
                add_block(
                    &mut counted.facets[place],
                    documents.len(),
                    &block,
                    &with_block,
                    (numbering.len() as u32, none),
                );
            }
        };
        let alive = reader.alive_bitset().cloned();
        let mut living = Vec::new();
        weight.for_each_no_score(reader, &mut |documents| match &alive {
            None => add(documents),
            Some(alive) => {
                living.clear();
                living.extend(documents.iter().copied().filter(|document| alive.is_alive(*document)));
                add(&living);
            }
        })?;
        Ok(Ok(counted))
    }

    fn merge_fruits(&self, fruits: Vec<tantivy::Result<Counted>>) -> tantivy::Result<Counted> {
        let mut all = self.nothing();
        for fruit in fruits {
            let fruit = fruit?;
            all.total += fruit.total;
            for (all, counts) in all.facets.iter_mut().zip(fruit.facets) {
                match (all, counts) {
                    (Counts::One(all), Counts::One(counts)) => {
                        all.iter_mut().zip(counts).for_each(|(all, count)| *all += count);
                    }
                    (Counts::Two(all), Counts::Two(counts)) => {
                        counts.into_iter().for_each(|(pair, count)| *all.entry(pair).or_default() += count);
                    }
                    _ => {}
                }
            }
        }
        Ok(all)
    }
}

fn add_block(counts: &mut Counts, articles: usize, block: &Block, with: &Block, none: (u32, u32)) {
    match counts {
        Counts::One(counts) => {
            for number in block.numbers() {
                // a value the segment lists in no column counts for nobody
                if let Some(count) = counts.get_mut(*number as usize) {
                    *count += 1;
                }
            }
            if let Some(last) = counts.last_mut() {
                *last += block.none();
            }
        }
        Counts::Two(counts) => {
            let or_none = |numbers: &[u32], none: u32| if numbers.is_empty() { vec![none] } else { numbers.to_vec() };
            for place in 0..articles {
                let others = or_none(with.of(place), none.1);
                for number in or_none(block.of(place), none.0) {
                    for other in &others {
                        *counts.entry((number, *other)).or_default() += 1;
                    }
                }
            }
        }
    }
}

/// The collector counts whole segments, and never single articles.
struct Unused;

impl SegmentCollector for Unused {
    type Fruit = tantivy::Result<Counted>;

    fn collect(&mut self, _document: DocId, _score: Score) {}

    fn harvest(self) -> Self::Fruit {
        Ok(Counted { total: 0, facets: Vec::new() })
    }
}
