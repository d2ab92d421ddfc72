//! The best hits in exact order: by score or date, ties broken by id.
//!
//! A document that ties with the worst kept is looked at too, so that the id decides and not the place in the index.

use std::cmp::Ordering;

use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocAddress, DocId, Score, Searcher, SegmentReader};

use super::archive::Archive;
use super::{SearchRequest, Sort};

/// A document and why it stands where it stands.
#[derive(Clone, Debug)]
pub struct Ranked {
    pub address: DocAddress,
    /// BM25, if the hits are ordered by it.
    pub score: Option<Score>,
}

/// The hits of a request out of the best of each segment. Ids are read only of those given and of what ties with them, so a late
/// page costs little more than the first.
///
/// # Errors
/// If the index is damaged.
pub fn ranked(searcher: &Searcher, mut best: Vec<Entry>, request: &SearchRequest) -> tantivy::Result<Vec<Ranked>> {
    let (first, end) = (request.offset, request.offset.saturating_add(request.limit).min(best.len()));
    if first >= end {
        return Ok(Vec::new());
    }
    best.sort_unstable_by_key(|entry| std::cmp::Reverse(entry.key));
    let (greatest, least) = (best[first].key, best[end - 1].key);
    let before = best.partition_point(|entry| entry.key > greatest);
    let tied = &best[before..best.partition_point(|entry| entry.key >= least)];
    let mut columns: Vec<Option<StrColumn>> = vec![None; searcher.segment_readers().len()];
    let mut named = Vec::with_capacity(tied.len());
    for entry in tied {
        let segment = entry.address.segment_ord;
        let ids = match &mut columns[segment as usize] {
            Some(ids) => ids,
            column => column.insert(ids(searcher.segment_reader(segment))?),
        };
        let mut id = String::new();
        ids.ord_to_str(entry.id, &mut id)?;
        named.push((entry, id));
    }
    named.sort_unstable_by(|(a, a_id), (b, b_id)| b.key.cmp(&a.key).then_with(|| a_id.cmp(b_id)));
    let hits = named[first - before..end - before].iter().map(|(entry, _)| Ranked {
        address: entry.address,
        score: (request.sort == Sort::Relevance).then_some(entry.key.score()),
    });
    Ok(hits.collect())
}

fn ids(reader: &SegmentReader) -> tantivy::Result<StrColumn> {
    let ids = reader.fast_fields().str("id")?;
    ids.ok_or_else(|| tantivy::TantivyError::InternalError("a segment without ids".to_owned()))
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

/// A candidate of one segment; the least is the best. Ids of a segment are ordered as their ordinals.
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

/// A document that may be among the best; its id is the ordinal in its segment.
pub struct Entry {
    key: Key,
    id: u64,
    address: DocAddress,
}

/// How many of the best are wanted, and in which order.
#[derive(Clone, Copy)]
pub struct Top {
    sort: Sort,
    wanted: usize,
    /// The second of the latest article, if later ones count for more.
    latest: Option<i64>,
}

/// What recency adds to the score of the latest article, as a part of it; an undated one gets none.
const RECENT: f32 = 0.5;

/// Seconds in which what recency adds halves: a year.
const HALF_LIFE: f32 = 365.25 * 86_400.0;

impl Top {
    /// What a request wants; `None` if it wants no hits. Recency is measured from the archive's latest article and not from the
    /// clock, so that the same archive gives the same order tomorrow.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn of(archive: &Archive, request: &SearchRequest) -> tantivy::Result<Option<Self>> {
        let mut latest = None;
        if request.boost_recent {
            for segment in archive.searcher().segment_readers() {
                let dates = segment.fast_fields().column_opt::<i64>("date")?;
                let Some(dates) = dates.filter(|dates| dates.values.num_vals() > 0) else { continue };
                let of_segment = match segment.alive_bitset() {
                    None => Some(dates.max_value()),
                    Some(alive) => alive.iter_alive().filter_map(|document| dates.first(document)).max(),
                };
                latest = latest.max(of_segment);
            }
        }
        let wanted = request.offset.saturating_add(request.limit);
        Ok((request.limit > 0).then_some(Self { sort: request.sort, wanted, latest }))
    }

    /// Whether scores decide.
    pub fn by_score(self) -> bool {
        self.sort == Sort::Relevance
    }
}

/// The best of one segment. Candidates gather until there are many more than wanted; then the best are kept and the worst of
/// them bars what follows. So an archive in date order, where each article is newer than all before, costs no more than any.
pub struct SegmentTop {
    top: Top,
    segment: u32,
    ids: StrColumn,
    dates: Option<Column<i64>>,
    kept: Vec<Candidate>,
    /// What is less is not among the best.
    least: Option<Key>,
    offered: Offered,
}

/// Documents of a block that may be among the best, and what is read of them together.
#[derive(Default)]
struct Offered {
    documents: Vec<DocId>,
    keys: Vec<Key>,
    ids: Vec<Option<u64>>,
    dates: Vec<Option<i64>>,
}

/// Candidates gathered beyond those wanted before the best are picked out.
const SPARE: usize = 512;

impl SegmentTop {
    /// Begins with none.
    ///
    /// # Errors
    /// If the segment is damaged.
    pub fn new(top: Top, segment: u32, reader: &SegmentReader) -> tantivy::Result<Self> {
        let ids = ids(reader)?;
        let dates = match top.sort {
            Sort::Relevance if top.latest.is_none() => None,
            Sort::Relevance | Sort::Newest | Sort::Oldest => reader.fast_fields().column_opt::<i64>("date")?,
        };
        Ok(Self { top, segment, ids, dates, kept: Vec::new(), least: None, offered: Offered::default() })
    }

    /// Looks at documents with their scores.
    pub fn offer_scored(&mut self, documents: &[DocId], scores: &[Score]) {
        let recency = self.top.latest.and_then(|latest| Some((self.dates.as_ref()?, latest)));
        let dates = &mut self.offered.dates;
        dates.clear();
        dates.resize(documents.len(), None);
        if let Some((column, _)) = recency {
            column.first_vals(documents, dates);
        }
        let (offered, least) = (&mut self.offered, self.least);
        for ((document, score), date) in documents.iter().zip(scores).zip(&offered.dates) {
            let recent = match date.zip(self.top.latest) {
                Some((date, latest)) => RECENT * (-((latest - date) as f32) / HALF_LIFE).exp2(),
                None => 0.0,
            };
            let key = Key::Score(score * (1.0 + recent));
            if least.is_none_or(|least| key >= least) {
                offered.documents.push(*document);
                offered.keys.push(key);
            }
        }
        self.gather();
    }

    /// Looks at documents by their dates.
    pub fn offer_dated(&mut self, documents: &[DocId]) {
        let dates = &mut self.offered.dates;
        dates.clear();
        dates.resize(documents.len(), None);
        if let Some(column) = &self.dates {
            column.first_vals(documents, dates);
        }
        let (offered, least) = (&mut self.offered, self.least);
        for (document, date) in documents.iter().zip(&offered.dates) {
            let key = Key::Date(date.map(|date| if self.top.sort == Sort::Oldest { -date } else { date }));
            if least.is_none_or(|least| key >= least) {
                offered.documents.push(*document);
                offered.keys.push(key);
            }
        }
        self.gather();
    }

    /// Takes in what was offered, its ids read together.
    fn gather(&mut self) {
        let Offered { documents, keys, ids, .. } = &mut self.offered;
        if documents.is_empty() {
            return;
        }
        ids.clear();
        ids.resize(documents.len(), None);
        self.ids.ords().first_vals(documents, ids);
        for ((doc, key), id) in documents.drain(..).zip(keys.drain(..)).zip(ids) {
            self.kept.push(Candidate { key, id: id.unwrap_or(u64::MAX), doc });
        }
        if self.kept.len() >= self.top.wanted.saturating_mul(2).max(self.top.wanted.saturating_add(SPARE)) {
            self.pick();
        }
    }

    /// Keeps the best.
    fn pick(&mut self) {
        let wanted = self.top.wanted;
        if self.kept.len() <= wanted {
            return;
        }
        let (_, worst, _) = self.kept.select_nth_unstable(wanted - 1);
        self.least = Some(worst.key);
        self.kept.truncate(wanted);
    }

    /// The best of those looked at.
    pub fn best(mut self) -> Vec<Entry> {
        self.pick();
        let entry = |candidate: Candidate| Entry {
            key: candidate.key,
            id: candidate.id,
            address: DocAddress::new(self.segment, candidate.doc),
        };
        self.kept.into_iter().map(entry).collect()
    }
}
