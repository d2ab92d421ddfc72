//! The best hits in exact order: by score or date, ties broken by id.
//!
//! A document that ties with the worst kept is looked at too, so that the id decides and not the place in the index.

mod pending;
mod ranked;
mod segment;

use std::cmp::Ordering;
use std::sync::Arc;
use std::sync::atomic::{self, AtomicU32};

use tantivy::columnar::StrColumn;
use tantivy::query::EnableScoring;
use tantivy::{DocAddress, DocId, Score};

use crate::query::{Raises, ScoredRaises};

use super::archive::Archive;
use super::{SearchRequest, Sort};

pub use ranked::{Ranked, ranked};
pub use segment::SegmentTop;

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
    /// Bits of a score that as many as are wanted reach, as far as is known.
    least: AtomicU32,
}

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
        Ok(Some(Self {
            sort: request.sort,
            ids: archive.ids()?.clone(),
            wanted,
            raises,
            latest,
            least: AtomicU32::new(0),
        }))
    }

    /// A score that as many as are wanted reach, as far as the segments gone through tell: who does not is not among the best.
    fn least(&self) -> Score {
        Score::from_bits(self.least.load(atomic::Ordering::Relaxed))
    }

    /// Notes that as many as are wanted reach a score. Scores are not negative, and ordered as their bits are.
    fn raise_least(&self, score: Score) {
        self.least.fetch_max(score.max(0.0).to_bits(), atomic::Ordering::Relaxed);
    }

    /// Whether scores decide.
    pub fn by_score(&self) -> bool {
        self.sort == Sort::Relevance
    }
}
