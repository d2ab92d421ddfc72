//! The best hits in exact order: by score or date, ties broken by id.
//!
//! A document that ties with the worst kept is looked at too, so that the id decides and not the place in the index.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::sync::Arc;

use tantivy::columnar::{Column, StrColumn};
use tantivy::query::EnableScoring;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocId, DocSet, Score, SegmentReader, TERMINATED};

use crate::index::fields;
use crate::query::{Raises, ScoredRaises, SegmentRaises};

use super::archive::Archive;
use super::{SearchRequest, Sort};

/// A document and why it stands where it stands.
#[derive(Clone, Debug)]
pub struct Ranked {
    pub address: DocAddress,
    /// BM25, if the hits are ordered by it.
    pub score: Option<Score>,
}

/// The hits of a request out of the best of each segment. Ids are read only where they decide: of those given that tie with others
/// of another segment, so a late page costs little more than the first.
///
/// # Errors
/// If the index is damaged.
pub fn ranked(archive: &Archive, mut best: Vec<Entry>, request: &SearchRequest) -> tantivy::Result<Vec<Ranked>> {
    let (first, end) = (request.offset, request.offset.saturating_add(request.limit).min(best.len()));
    best.sort_unstable_by(|a, b| b.key.cmp(&a.key).then_with(|| a.place().cmp(&b.place())));
    let mut hits = Vec::with_capacity(end.saturating_sub(first));
    let mut before = 0;
    for tied in best.chunk_by(|a, b| a.key.cmp(&b.key).is_eq()) {
        let (skipped, wanted) = (first.saturating_sub(before), end.saturating_sub(before));
        before += tied.len();
        if wanted == 0 {
            break;
        }
        if skipped < tied.len() {
            let ordered = by_id(archive, tied, wanted.min(tied.len()))?;
            hits.extend(ordered.into_iter().skip(skipped).map(|entry| Ranked {
                address: entry.address,
                score: (request.sort == Sort::Relevance).then_some(entry.key.score()),
            }));
        }
    }
    Ok(hits)
}

/// The first of entries that tie, by their ids; they come by segment, in each by id.
fn by_id<'a>(archive: &Archive, tied: &'a [Entry], wanted: usize) -> tantivy::Result<Vec<&'a Entry>> {
    let mut segments: Vec<_> = tied
        .chunk_by(|a, b| a.address.segment_ord == b.address.segment_ord)
        .map(|entries| entries.iter().peekable())
        .collect();
    if let [only] = segments.as_mut_slice() {
        return Ok(only.take(wanted).collect());
    }
    // the dictionary of terms has the ids of the column in the same order, and finds one faster
    let id = |entry: &Entry| -> tantivy::Result<Vec<u8>> {
        let ids = archive.searcher().segment_reader(entry.address.segment_ord).inverted_index(fields().id)?;
        let mut id = Vec::new();
        ids.terms().ord_to_term(entry.id, &mut id)?;
        Ok(id)
    };
    let mut heads = BinaryHeap::with_capacity(segments.len());
    for (from, entries) in segments.iter_mut().enumerate() {
        if let Some(entry) = entries.peek() {
            heads.push(Reverse((id(entry)?, from)));
        }
    }
    let mut ordered = Vec::with_capacity(wanted);
    while ordered.len() < wanted
        && let Some(Reverse((_, from))) = heads.pop()
    {
        ordered.extend(segments[from].next());
        if let Some(entry) = segments[from].peek() {
            heads.push(Reverse((id(entry)?, from)));
        }
    }
    Ok(ordered)
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

impl Entry {
    /// Its segment, and its place among the ids there.
    fn place(&self) -> (u32, u64) {
        (self.address.segment_ord, self.id)
    }
}

/// How many of the best are wanted, and in which order.
pub struct Top {
    sort: Sort,
    /// The ids of each segment.
    ids: Arc<[StrColumn]>,
    wanted: usize,
    /// What may lift an article among the best.
    raises: ScoredRaises,
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
    pub fn of(archive: &Archive, request: &SearchRequest, raises: &Raises) -> tantivy::Result<Option<Self>> {
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
        if request.limit == 0 {
            return Ok(None);
        }
        let scoring = EnableScoring::enabled_from_statistics_provider(archive.statistics(), archive.searcher());
        let raises = raises.scored(scoring)?;
        Ok(Some(Self { sort: request.sort, ids: archive.ids()?.clone(), wanted, raises, latest }))
    }

    /// Whether scores decide.
    pub fn by_score(&self) -> bool {
        self.sort == Sort::Relevance
    }
}

/// The best of one segment. Candidates gather until there are many more than wanted; then the best are kept and the worst of
/// them bars what follows. So an archive in date order, where each article is newer than all before, costs no more than any.
pub struct SegmentTop<'a> {
    top: &'a Top,
    raises: SegmentRaises,
    segment: u32,
    ids: StrColumn,
    dates: Option<Column<i64>>,
    kept: Vec<Candidate>,
    /// What is not better is not among the best.
    worst: Option<Candidate>,
    offered: Offered,
}

/// Documents of a block that may be among the best, and what is read of them together.
#[derive(Default)]
struct Offered {
    documents: Vec<DocId>,
    keys: Vec<Key>,
    ids: Vec<Option<u64>>,
    dates: Vec<Option<i64>>,
    scores: Vec<Score>,
}

/// The score of every article where nothing is asked for.
const ALL_EQUAL: Score = 1.0;

/// Candidates gathered beyond those wanted before the best are picked out.
const SPARE: usize = 64;

impl<'a> SegmentTop<'a> {
    /// Begins with none.
    ///
    /// # Errors
    /// If the segment is damaged.
    pub fn new(top: &'a Top, segment: u32, reader: &SegmentReader) -> tantivy::Result<Self> {
        let ids = top.ids[segment as usize].clone();
        let dates = match top.sort {
            Sort::Relevance if top.latest.is_none() => None,
            Sort::Relevance | Sort::Newest | Sort::Oldest => reader.fast_fields().column_opt::<i64>("date")?,
        };
        let raises = top.raises.of_segment(reader)?;
        Ok(Self { top, raises, segment, ids, dates, kept: Vec::new(), worst: None, offered: Offered::default() })
    }

    /// If every article matches and no score is above another, the least ids decide, and the dictionary gives them in their order:
    /// takes them from there and says so. Not for a late page, which asks for so many that going through all costs less.
    ///
    /// # Errors
    /// If the segment is damaged.
    pub fn take_equals(&mut self, reader: &SegmentReader) -> tantivy::Result<bool> {
        const DOCUMENTS_TO_AN_ID: usize = 64;
        let wanted = self.top.wanted;
        let is_late = wanted > reader.max_doc() as usize / DOCUMENTS_TO_AN_ID;
        if is_late || self.top.sort != Sort::Relevance || self.top.latest.is_some() {
            return Ok(false);
        }
        let ids = reader.inverted_index(fields().id)?;
        let mut terms = ids.terms().stream()?;
        while self.kept.len() < wanted && terms.advance() {
            let postings = ids.read_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)?;
            let document = postings.doc();
            if document != TERMINATED && reader.alive_bitset().is_none_or(|alive| alive.is_alive(document)) {
                self.kept.push(Candidate { key: Key::Score(ALL_EQUAL), id: terms.term_ord(), doc: document });
            }
        }
        Ok(true)
    }

    /// Looks at documents with their scores, in their order.
    pub fn offer_scored(&mut self, documents: &[DocId], scores: &[Score]) {
        match self.top.latest {
            None => self.offer(documents, scores, |_| 0.0),
            Some(latest) => {
                let dates = self.dates_of(documents);
                let recent = |date: &Option<i64>| match date {
                    Some(date) => RECENT * (-((latest - date) as f32) / HALF_LIFE).exp2(),
                    None => 0.0,
                };
                let recent: Vec<Score> = dates.iter().map(recent).collect();
                self.offer(documents, scores, |place| recent[place]);
            }
        }
        self.gather();
    }

    /// Picks out those whose scores do not bar them; what may raise them is looked at only where it can.
    fn offer(&mut self, documents: &[DocId], scores: &[Score], recent: impl Fn(usize) -> Score) {
        let least = match self.worst {
            Some(worst) => worst.key.score(),
            None => self.nth_best(scores),
        };
        let most = self.raises.most();
        for (place, (document, score)) in documents.iter().zip(scores).enumerate() {
            let factor = 1.0 + recent(place);
            if (score + most) * factor < least {
                continue;
            }
            let score = (score + self.raises.of(*document)) * factor;
            if score >= least {
                self.offered.documents.push(*document);
                self.offered.keys.push(Key::Score(score));
            }
        }
    }

    /// A score as many documents of a block reach as are wanted in all, whatever may raise them: who cannot is not among the best.
    fn nth_best(&mut self, scores: &[Score]) -> Score {
        let wanted = self.top.wanted;
        if scores.len() <= wanted {
            return Score::NEG_INFINITY;
        }
        let sorted = &mut self.offered.scores;
        sorted.clear();
        sorted.extend_from_slice(scores);
        *sorted.select_nth_unstable_by(wanted - 1, |a, b| b.total_cmp(a)).1
    }

    /// The dates of documents, read together.
    fn dates_of(&mut self, documents: &[DocId]) -> &[Option<i64>] {
        let dates = &mut self.offered.dates;
        dates.clear();
        dates.resize(documents.len(), None);
        if let Some(column) = &self.dates {
            column.first_vals(documents, dates);
        }
        dates
    }

    /// Looks at documents by their dates.
    pub fn offer_dated(&mut self, documents: &[DocId]) {
        self.dates_of(documents);
        let (offered, least) = (&mut self.offered, self.worst.map(|worst| worst.key));
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
            let candidate = Candidate { key, id: id.unwrap_or(u64::MAX), doc };
            if self.worst.is_none_or(|worst| candidate < worst) {
                self.kept.push(candidate);
            }
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
        self.worst = Some(*worst);
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
