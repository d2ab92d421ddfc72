//! What looking at places may cost one query, so that none takes forever.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Places and postings looked at for one query, all its parts together.
const MOST_LOOKED_AT: u64 = 40_000_000;

/// Spent before it is counted where all parts see it: threads that count in one place keep each other waiting.
const KEPT_BACK: u64 = 4_096;

/// So near the limit nothing is kept back, and a query stops where it would if nothing ever were.
const NEAR_THE_LIMIT: u64 = 1 << 20;

/// What looking at places has cost one query so far, in postings moved and places read; shared by its parts.
#[derive(Clone, Debug)]
pub struct Effort {
    spent: Arc<AtomicU64>,
    most: u64,
}

impl Default for Effort {
    fn default() -> Self {
        Self { spent: Arc::default(), most: MOST_LOOKED_AT }
    }
}

impl Effort {
    /// For what is bounded by other means, and must not change what matches.
    pub fn unlimited() -> Self {
        Self { spent: Arc::default(), most: u64::MAX }
    }

    /// Whether the limit stopped the query.
    pub fn is_spent(&self) -> bool {
        self.spent() >= self.most
    }

    /// What was spent so far.
    pub fn spent(&self) -> u64 {
        self.spent.load(Ordering::Relaxed)
    }

    /// Forgets what was spent since.
    pub fn forget_since(&self, before: u64) {
        self.spent.store(before, Ordering::Relaxed);
    }

    /// What the answer says then.
    pub fn warning(&self) -> String {
        format!(
            "stopped after looking at {} places for phrases, NEAR and patterns: articles may be missing; make it narrower",
            self.most
        )
    }
}

/// What one part of a query spends in one segment.
pub(super) struct Purse {
    effort: Effort,
    kept_back: u64,
}

impl Purse {
    pub(super) fn new(effort: &Effort) -> Self {
        Self { effort: effort.clone(), kept_back: 0 }
    }

    /// Spends, and says whether anything is left.
    pub(super) fn spend(&mut self, cost: u64) -> bool {
        self.kept_back += cost;
        if self.kept_back >= KEPT_BACK || self.effort.spent() >= self.effort.most.saturating_sub(NEAR_THE_LIMIT) {
            self.count();
        }
        !self.effort.is_spent()
    }

    fn count(&mut self) {
        let kept_back = std::mem::take(&mut self.kept_back);
        if kept_back > 0 {
            self.effort.spent.fetch_add(kept_back, Ordering::Relaxed);
        }
    }
}

impl Drop for Purse {
    fn drop(&mut self) {
        self.count();
    }
}
