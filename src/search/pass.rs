//! One pass over the matching articles that counts them and all their facets, and keeps the best of them.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use tantivy::query::{AllQuery, EnableScoring, Query, Weight};
use tantivy::{DocId, Score, SegmentReader, Term};

use crate::index::{sizes_of, spread_if};
use crate::query::Effort;

use super::archive::Archive;
use super::facets::{Block, Numbering};
use super::top::{Entry, SegmentTop, Top};

/// Articles handed on together.
const BLOCK: usize = 256;

/// What is counted: one facet, or two crossed.
pub type Plan = (Arc<Numbering>, Option<Arc<Numbering>>);

/// How often.
pub enum Counts {
    /// By number; the last is `none`.
    One(Vec<u64>),
    /// By both numbers.
    Two(FxHashMap<(u32, u32), u64>),
}

/// All that one pass finds.
pub struct Passed {
    /// Articles that match.
    pub total: u64,
    /// For each plan.
    pub facets: Vec<Counts>,
    /// The best of each segment, in no order.
    pub best: Vec<Entry>,
}

/// Goes through the articles that match, segments side by side where cores are free.
///
/// # Errors
/// If the index is damaged.
pub fn pass(
    archive: &Archive,
    query: &dyn Query,
    effort: &Effort,
    plans: Vec<Plan>,
    top: Option<Top>,
) -> tantivy::Result<Passed> {
    let pass = Pass { plans, top, everything: query.is::<AllQuery>() };
    let searcher = archive.searcher();
    let weight = query.weight(if pass.requires_scoring() {
        EnableScoring::enabled_from_statistics_provider(archive.statistics(), searcher)
    } else {
        EnableScoring::disabled_from_searcher(searcher)
    })?;
    let segments = searcher.segment_readers();
    let go = |segment: usize| pass.segment(&*weight, segment as u32, &segments[segment]);
    let spent = effort.spent();
    let (mut passed, in_order) = spread_if(&sizes_of(segments), archive.answers_once(), go);
    if !in_order && effort.is_spent() {
        // what is found before the limit stops a query must not depend on who was faster
        effort.forget_since(spent);
        passed = (0..segments.len()).map(go).collect();
    }
    pass.together(passed)
}

/// Words that are looked up beforehand at most; patterns of values may stand for all there are, and find them another way.
const MOST_WARMED: usize = 64;

/// Looks up what queries ask for beforehand, segments side by side, where an archive answers once: what takes long of it is the first
/// touch of each page. What cannot be read is reported when it is needed.
pub fn warm<'a>(archive: &Archive, queries: impl Iterator<Item = &'a dyn Query>) {
    let segments = archive.searcher().segment_readers();
    if !archive.answers_once() || segments.len() < 2 {
        return;
    }
    let mut terms: Vec<&Term> = Vec::new();
    queries.for_each(|query| {
        query.query_terms(&mut |term, _| {
            if terms.len() <= MOST_WARMED && !terms.contains(&term) {
                terms.push(term);
            }
        });
    });
    if terms.len() > MOST_WARMED {
        return;
    }
    spread_if(&vec![1; segments.len()], true, |segment| {
        for term in &terms {
            _ = segments[segment].inverted_index(term.field()).map(|words| words.doc_freq(term));
        }
    });
}

struct Pass {
    plans: Vec<Plan>,
    top: Option<Top>,
    /// Whether every article matches, none above another.
    everything: bool,
}

impl Pass {
    fn nothing(&self) -> Passed {
        let counts = |(numbering, with): &Plan| match with {
            None => Counts::One(vec![0; numbering.len() + 1]),
            Some(_) => Counts::Two(FxHashMap::default()),
        };
        Passed { total: 0, facets: self.plans.iter().map(counts).collect(), best: Vec::new() }
    }

    fn requires_scoring(&self) -> bool {
        self.top.as_ref().is_some_and(Top::by_score)
    }

    fn segment(&self, weight: &dyn Weight, segment: u32, reader: &SegmentReader) -> tantivy::Result<Passed> {
        let mut passed = self.nothing();
        let mut top = self.top.as_ref().map(|top| SegmentTop::new(top, segment, reader)).transpose()?;
        let decided = match &mut top {
            Some(top) if self.everything => top.take_equals()?,
            Some(_) => false,
            None => true,
        };
        if self.plans.is_empty() && decided {
            passed.total = u64::from(if self.everything { reader.num_docs() } else { weight.count(reader)? });
            passed.best = top.map(SegmentTop::best).transpose()?.unwrap_or_default();
            return Ok(passed);
        }
        let mut facets = Vec::with_capacity(self.plans.len());
        for (numbering, with) in &self.plans {
            let with = with.as_ref().map(|with| with.of_segment(reader, segment)).transpose()?;
            facets.push((numbering.of_segment(reader, segment)?, with));
        }
        let mut blocks = (Block::default(), Block::default());
        let mut add = |documents: &[DocId]| {
            passed.total += documents.len() as u64;
            for (place, (facet, with)) in facets.iter_mut().enumerate() {
                let (numbering, other) = &self.plans[place];
                match (&mut passed.facets[place], with, other) {
                    (Counts::One(counts), ..) => facet.count(documents, &mut blocks.0, counts),
                    (Counts::Two(counts), Some(with), Some(other)) => {
                        facet.fill(documents, &mut blocks.0);
                        with.fill(documents, &mut blocks.1);
                        let none = (numbering.len() as u32, other.len() as u32);
                        cross(counts, documents.len(), &blocks, none);
                    }
                    (Counts::Two(_), ..) => {}
                }
            }
        };
        // articles removed by a refresh are still in their segment
        let alive = reader.alive_bitset();
        let mut left: Vec<DocId> = Vec::new();
        match &mut top {
            Some(top) if self.plans.is_empty() && top.takes_single() => {
                weight.for_each(reader, &mut |document, score| {
                    if alive.is_none_or(|alive| alive.is_alive(document)) {
                        passed.total += 1;
                        top.offer_single(document, score);
                    }
                })?;
            }
            Some(top) if self.requires_scoring() && !decided => {
                let mut documents: Vec<DocId> = Vec::with_capacity(BLOCK);
                let mut scores: Vec<Score> = Vec::with_capacity(BLOCK);
                weight.for_each(reader, &mut |document, score| {
                    if alive.is_some_and(|alive| !alive.is_alive(document)) {
                        return;
                    }
                    documents.push(document);
                    scores.push(score);
                    if documents.len() == BLOCK {
                        top.offer_scored(&documents, &scores);
                        add(&documents);
                        documents.clear();
                        scores.clear();
                    }
                })?;
                top.offer_scored(&documents, &scores);
                add(&documents);
            }
            top => weight.for_each_no_score(reader, &mut |documents| {
                let documents = match alive {
                    None => documents,
                    Some(alive) => {
                        left.clear();
                        left.extend(documents.iter().filter(|document| alive.is_alive(**document)));
                        &left
                    }
                };
                if let Some(top) = top
                    && !decided
                {
                    top.offer_dated(documents);
                }
                add(documents);
            })?,
        }
        if let Some(top) = top {
            passed.best = top.best()?;
        }
        Ok(passed)
    }

    fn together(&self, segments: Vec<tantivy::Result<Passed>>) -> tantivy::Result<Passed> {
        let mut all = self.nothing();
        for passed in segments {
            let passed = passed?;
            all.total += passed.total;
            all.best.extend(passed.best);
            for (all, counts) in all.facets.iter_mut().zip(passed.facets) {
                match (all, counts) {
                    (Counts::One(all), Counts::One(counts)) => {
                        all.iter_mut().zip(counts).for_each(|(all, count)| *all += count);
                    }
                    (Counts::Two(all), Counts::Two(counts)) => {
                        for (pair, count) in counts {
                            *all.entry(pair).or_default() += count;
                        }
                    }
                    _ => {}
                }
            }
        }
        Ok(all)
    }
}

/// Counts each number of an article together with each of its others.
fn cross(
    counts: &mut FxHashMap<(u32, u32), u64>,
    articles: usize,
    (block, with): &(Block, Block),
    (none, other_none): (u32, u32),
) {
    for place in 0..articles {
        let (own, others) = (block.of(place), with.of(place));
        let own = if own.is_empty() { std::slice::from_ref(&none) } else { own };
        let others = if others.is_empty() { std::slice::from_ref(&other_none) } else { others };
        for number in own {
            for other in others {
                *counts.entry((*number, *other)).or_default() += 1;
            }
        }
    }
}
