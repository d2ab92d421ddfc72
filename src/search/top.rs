//! The best hits in exact order: by score or date, ties broken by id.
//!
//! Scores are pruned as tantivy prunes them, but a document that ties with the worst kept is looked at too, so that the id
//! decides and not the place in the index.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::query::{Query, Weight};
use tantivy::{DocAddress, DocId, Score, SegmentReader};

use super::archive::Archive;
use super::{SearchRequest, Sort};

/// A document and why it stands where it stands.
#[derive(Clone, Debug)]
pub struct Ranked {
    pub address: DocAddress,
    /// BM25, if the hits are ordered by it.
    pub score: Option<Score>,
}

/// The hits of a request.
pub fn top(archive: &Archive, query: &dyn Query, request: &SearchRequest) -> anyhow::Result<Vec<Ranked>> {
    let wanted = request.offset.saturating_add(request.limit);
    let collector = Top { sort: request.sort, wanted };
    let mut found = archive.searcher().search(query, &collector)?;
    found.sort_unstable_by(|a, b| b.key.cmp(&a.key).then_with(|| a.id.cmp(&b.id)));
    let hits = found.into_iter().take(wanted).skip(request.offset).map(|entry| Ranked {
        address: entry.address,
        score: (request.sort == Sort::Relevance).then_some(entry.key.score()),
    });
    Ok(hits.collect())
}

/// What hits are ordered by, greatest first.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Key {
    Score(Score),
    /// Seconds since 1970, negated for the oldest first; `None` is undated and last.
    Date(Option<i64>),
}

impl Key {
    fn score(self) -> Score {
        match self {
            Self::Score(score) => score,
            Self::Date(_) => 0.0,
        }
    }
}

impl Eq for Key {}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Score(a), Self::Score(b)) => a.total_cmp(b),
            (Self::Date(a), Self::Date(b)) => a.cmp(b),
            (Self::Score(_), Self::Date(_)) => Ordering::Less,
            (Self::Date(_), Self::Score(_)) => Ordering::Greater,
        }
    }
}

/// A candidate of one segment; the greatest in the heap is the worst kept. Ids of a segment are ordered as their ordinals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Candidate {
    key: Key,
    id: u64,
    doc: DocId,
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        other.key.cmp(&self.key).then(self.id.cmp(&other.id))
    }
}

struct Entry {
    key: Key,
    id: String,
    address: DocAddress,
}

struct Top {
    sort: Sort,
    wanted: usize,
}

/// The best of one segment.
struct SegmentTop {
    sort: Sort,
    wanted: usize,
    segment: u32,
    ids: StrColumn,
    dates: Option<Column<i64>>,
    heap: BinaryHeap<Candidate>,
}

impl SegmentTop {
    fn offer(&mut self, key: Key, doc: DocId) {
        let full = self.heap.len() >= self.wanted;
        if full && self.heap.peek().is_some_and(|worst| key < worst.key) {
            return;
        }
        let candidate = Candidate { key, id: self.ids.ords().first(doc).unwrap_or(u64::MAX), doc };
        if !full {
            self.heap.push(candidate);
        } else if let Some(mut worst) = self.heap.peek_mut()
            && candidate < *worst
        {
            *worst = candidate;
        }
    }

    /// The score above which a document may still matter: one that ties with the worst kept must be looked at.
    fn threshold(&self) -> Score {
        match self.heap.peek() {
            Some(worst) if self.heap.len() >= self.wanted => worst.key.score().next_down(),
            _ => Score::MIN,
        }
    }
}

impl Collector for Top {
    type Fruit = Vec<Entry>;
    type Child = SegmentTop;

    fn for_segment(&self, segment: u32, reader: &SegmentReader) -> tantivy::Result<SegmentTop> {
        let ids = reader.fast_fields().str("id")?;
        let ids = ids.ok_or_else(|| tantivy::TantivyError::InternalError("a segment without ids".to_owned()))?;
        let dates = match self.sort {
            Sort::Relevance => None,
            Sort::Newest | Sort::Oldest => reader.fast_fields().column_opt::<i64>("date")?,
        };
        Ok(SegmentTop { sort: self.sort, wanted: self.wanted, segment, ids, dates, heap: BinaryHeap::new() })
    }

    fn requires_scoring(&self) -> bool {
        self.sort == Sort::Relevance
    }

    fn merge_fruits(&self, fruits: Vec<tantivy::Result<Vec<Entry>>>) -> tantivy::Result<Vec<Entry>> {
        fruits.into_iter().try_fold(Vec::new(), |mut all, fruit| {
            all.extend(fruit?);
            Ok(all)
        })
    }

    fn collect_segment(
        &self,
        weight: &dyn Weight,
        segment: u32,
        reader: &SegmentReader,
    ) -> tantivy::Result<tantivy::Result<Vec<Entry>>> {
        let mut top = self.for_segment(segment, reader)?;
        if self.wanted == 0 {
            return Ok(Ok(Vec::new()));
        }
        if self.sort == Sort::Relevance {
            weight.for_each_pruning(Score::MIN, reader, &mut |doc, score| {
                top.offer(Key::Score(score), doc);
                top.threshold()
            })?;
        } else {
            weight.for_each_no_score(reader, &mut |docs| top.collect_block(docs))?;
        }
        Ok(top.harvest())
    }
}

impl SegmentCollector for SegmentTop {
    type Fruit = tantivy::Result<Vec<Entry>>;

    fn collect(&mut self, doc: DocId, score: Score) {
        let key = match self.sort {
            Sort::Relevance => Key::Score(score),
            Sort::Newest => Key::Date(self.dates.as_ref().and_then(|dates| dates.first(doc))),
            Sort::Oldest => Key::Date(self.dates.as_ref().and_then(|dates| dates.first(doc)).map(|date| -date)),
        };
        self.offer(key, doc);
    }

    fn harvest(self) -> Self::Fruit {
        let segment = self.segment;
        let entry = |candidate: Candidate| {
            let mut id = String::new();
            self.ids.ord_to_str(candidate.id, &mut id)?;
            Ok(Entry { key: candidate.key, id, address: DocAddress::new(segment, candidate.doc) })
        };
        self.heap.into_iter().map(entry).collect()
    }
}
