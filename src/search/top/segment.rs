//! The best of one segment.

use tantivy::columnar::{Column, StrColumn};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocId, DocSet, Score, SegmentReader, TERMINATED};

use crate::index::fields;

use super::super::Sort;
use super::pending::{Gathered, Pending};
use super::{Candidate, Entry, Key, Top};

/// The best of one segment. Candidates gather until there are many more than wanted; then the best are kept and the worst of
/// them bars what follows. So an archive in date order, where each article is newer than all before, costs no more than any.
pub struct SegmentTop<'a> {
    top: &'a Top,
    segment: u32,
    reader: &'a SegmentReader,
    ids: StrColumn,
    dates: Option<Column<i64>>,
    /// Those whose scores decide.
    scored: Gathered,
    kept: Vec<Candidate>,
    /// What is not better is not among the best.
    worst: Option<Candidate>,
    offered: Offered,
}

/// Documents that may be among the best, and what is read of them together.
#[derive(Default)]
struct Offered {
    documents: Vec<DocId>,
    keys: Vec<Key>,
    ids: Vec<Option<u64>>,
    dates: Vec<Option<i64>>,
}

/// What recency adds to the score of the latest article, as a part of it; an undated one gets none.
const RECENT: f32 = 0.5;

/// Seconds in which what recency adds halves: a year.
const HALF_LIFE: f32 = 365.25 * 86_400.0;

/// The score of every article where nothing is asked for.
const ALL_EQUAL: Score = 1.0;

/// Candidates gathered beyond those wanted before the best are picked out.
const SPARE: usize = 64;

impl<'a> SegmentTop<'a> {
    /// Begins with none.
    ///
    /// # Errors
    /// If the segment is damaged.
    pub fn new(top: &'a Top, segment: u32, reader: &'a SegmentReader) -> tantivy::Result<Self> {
        let ids = top.ids[segment as usize].clone();
        let dates = match top.sort {
            Sort::Relevance if top.latest.is_none() => None,
            Sort::Relevance | Sort::Newest | Sort::Oldest => reader.fast_fields().column_opt::<i64>("date")?,
        };
        let scored = Gathered::new(top.wanted, top.raises.most(), top.least());
        let (kept, worst, offered) = (Vec::new(), None, Offered::default());
        Ok(Self { top, segment, reader, ids, dates, scored, kept, worst, offered })
    }

    /// If every article matches and no score is above another, the least ids decide, and the dictionary gives them in their order:
    /// takes them from there and says so. Not for a late page, which asks for so many that going through all costs less.
    ///
    /// # Errors
    /// If the segment is damaged.
    pub fn take_equals(&mut self) -> tantivy::Result<bool> {
        const DOCUMENTS_TO_AN_ID: usize = 64;
        let (wanted, reader) = (self.top.wanted, self.reader);
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

    /// Whether only scores decide, so that documents need not come in blocks.
    pub fn takes_single(&self) -> bool {
        self.top.by_score() && self.top.latest.is_none()
    }

    /// Looks at one document with its score.
    pub fn offer_single(&mut self, document: DocId, score: Score) {
        self.scored.offer(document, score, 1.0);
    }

    /// Looks at documents with their scores, in their order.
    pub fn offer_scored(&mut self, documents: &[DocId], scores: &[Score]) {
        let scored = documents.iter().zip(scores);
        match self.top.latest {
            None => scored.for_each(|(document, score)| self.scored.offer(*document, *score, 1.0)),
            Some(latest) => {
                self.read_dates(documents);
                for ((document, score), date) in scored.zip(&self.offered.dates) {
                    let recent = match date {
                        Some(date) => RECENT * (-((latest - date) as f32) / HALF_LIFE).exp2(),
                        None => 0.0,
                    };
                    self.scored.offer(*document, *score, 1.0 + recent);
                }
            }
        }
    }

    /// Looks at documents by their dates.
    pub fn offer_dated(&mut self, documents: &[DocId]) {
        self.read_dates(documents);
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

    /// Reads the dates of documents together.
    fn read_dates(&mut self, documents: &[DocId]) {
        let dates = &mut self.offered.dates;
        dates.clear();
        dates.resize(documents.len(), None);
        if let Some(column) = &self.dates {
            column.first_vals(documents, dates);
        }
    }

    /// Raises articles whose scores are gathered, in the order of their documents, and takes in those that can be among the best.
    fn raise(&mut self, articles: &[Pending]) -> tantivy::Result<()> {
        if articles.is_empty() {
            return Ok(());
        }
        let mut raises = self.top.raises.of_segment(self.reader)?;
        let most = self.top.raises.most();
        let least = self.top.least().max(self.worst.map_or(0.0, |worst| worst.key.score()));
        for article in articles.iter().filter(|article| article.raised(most) >= least) {
            self.offered.documents.push(article.document);
            self.offered.keys.push(Key::Score(article.raised(raises.of(article.document))));
        }
        self.gather();
        self.pick();
        Ok(())
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
        if self.kept.len() < wanted {
            return;
        }
        let (_, worst, _) = self.kept.select_nth_unstable(wanted - 1);
        self.worst = Some(*worst);
        self.kept.truncate(wanted);
    }

    /// The best of those looked at.
    ///
    /// # Errors
    /// If the segment is damaged.
    pub fn best(mut self) -> tantivy::Result<Vec<Entry>> {
        let (first, others) = self.scored.take();
        self.raise(&first)?;
        self.raise(&others)?;
        self.pick();
        if let Some(Candidate { key: Key::Score(score), .. }) = self.worst {
            self.top.raise_least(score);
        }
        let entry = |candidate: Candidate| Entry {
            key: candidate.key,
            id: candidate.id,
            address: DocAddress::new(self.segment, candidate.doc),
        };
        Ok(self.kept.into_iter().map(entry).collect())
    }
}
