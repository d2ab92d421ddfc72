//! Articles of one segment that may be among the best by their scores, until it is known which of them to look at closer.
//!
//! What raises a score is found in places of words, which cost more to read than all else. So all of a segment's scores are gathered
//! first, and those looked at whose rank it can decide.

use tantivy::{DocId, Score};

/// An article whose score is known but for what may raise it.
#[derive(Clone, Copy)]
pub struct Pending {
    pub document: DocId,
    score: Score,
    /// What the score is multiplied with, once raised.
    factor: Score,
}

impl Pending {
    /// Its score if it is raised by so much.
    pub fn raised(&self, by: Score) -> Score {
        (self.score + by) * self.factor
    }
}

/// Those of a segment.
pub struct Gathered {
    wanted: usize,
    /// No score is raised by more.
    most: Score,
    /// As many as are wanted reach it.
    least: Score,
    pending: Vec<Pending>,
    /// How many gather before the hopeless are sent away again.
    full: usize,
    scores: Vec<Score>,
}

/// Fewest gathered before the hopeless are sent away.
const FEWEST: usize = 256;

impl Gathered {
    /// None yet; articles below `least` are hopeless.
    pub fn new(wanted: usize, most: Score, least: Score) -> Self {
        let full = wanted.saturating_mul(2).max(FEWEST);
        Self { wanted, most, least, pending: Vec::new(), full, scores: Vec::new() }
    }

    /// Takes in an article unless it is hopeless.
    pub fn offer(&mut self, document: DocId, score: Score, factor: Score) {
        let article = Pending { document, score, factor };
        if article.raised(self.most) >= self.least {
            self.pending.push(article);
            if self.pending.len() >= self.full {
                self.sift();
                // where nothing parts them, as among equals, looking again would cost more each time
                self.full = self.pending.len().saturating_mul(2).max(self.full);
            }
        }
    }

    /// Sends the hopeless away.
    fn sift(&mut self) {
        if self.pending.len() > self.wanted && self.wanted > 0 {
            self.scores.clear();
            self.scores.extend(self.pending.iter().map(|article| article.raised(0.0)));
            let (_, nth, _) = self.scores.select_nth_unstable_by(self.wanted - 1, |a, b| b.total_cmp(a));
            self.least = self.least.max(*nth);
        }
        let (least, most) = (self.least, self.most);
        self.pending.retain(|article| article.raised(most) >= least);
    }

    /// Those not hopeless: first as many as are wanted, which stand highest if nothing raises any, then the others, each in the order
    /// of their documents.
    pub fn take(&mut self) -> (Vec<Pending>, Vec<Pending>) {
        self.sift();
        let mut first = std::mem::take(&mut self.pending);
        let mut others = Vec::new();
        if first.len() > self.wanted && self.most > 0.0 {
            first.select_nth_unstable_by(self.wanted - 1, |a, b| b.raised(0.0).total_cmp(&a.raised(0.0)));
            others = first.split_off(self.wanted);
            others.sort_unstable_by_key(|article| article.document);
        }
        first.sort_unstable_by_key(|article| article.document);
        (first, others)
    }
}
