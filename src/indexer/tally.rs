//! What was left out and what was repaired, counted, with the first case of each kept as an example.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::archive::{Skip, SkipReason, Warning};
use crate::article::{Article, Origin};
use crate::index::files::LeftOut;
use crate::index::manifest::Example;

/// By number of the file.
pub type Tallies = BTreeMap<u32, Tally>;

impl From<Tally> for LeftOut {
    fn from(Tally { skipped, warnings, examples }: Tally) -> Self {
        Self { skipped, warnings, examples }
    }
}

impl From<LeftOut> for Tally {
    fn from(LeftOut { skipped, warnings, examples }: LeftOut) -> Self {
        Self { skipped, warnings, examples }
    }
}

/// Counts and examples by reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Files and records left out, by reason.
    pub skipped: BTreeMap<String, u64>,
    /// Repairs and refusals in articles that were kept.
    pub warnings: BTreeMap<String, u64>,
    /// The first case of each in canonical order.
    pub examples: BTreeMap<String, Example>,
}

impl Tally {
    /// Counts something left out.
    pub fn skip(&mut self, skip: Skip) {
        let reason = skip.reason.to_string();
        self.example(&reason, Example { path: skip.path, record: skip.record, detail: skip.detail });
        *self.skipped.entry(reason).or_default() += 1;
    }

    /// Counts a repair or refusal.
    pub fn warn(&mut self, warning: Warning, path: &str, record: u64) {
        let kind = warning.to_string();
        self.example(&kind, Example { path: path.to_owned(), record, detail: String::new() });
        *self.warnings.entry(kind).or_default() += 1;
    }

    /// Counts an article that was there before.
    pub fn duplicate(&mut self, article: &Article) {
        let Origin { path, record } = article.origin.clone();
        let detail = format!("the same article as an earlier one with id {}", article.id);
        self.skip(Skip { reason: SkipReason::Duplicate, path, record, detail });
    }

    /// Adds another tally.
    pub fn add(&mut self, other: Self) {
        for (reason, count) in other.skipped {
            *self.skipped.entry(reason).or_default() += count;
        }
        for (kind, count) in other.warnings {
            *self.warnings.entry(kind).or_default() += count;
        }
        for (reason, example) in other.examples {
            self.example(&reason, example);
        }
    }

    /// Everything left out.
    pub fn total_skipped(&self) -> u64 {
        self.skipped.values().sum()
    }

    /// Whether a date in it was refused, so that another day may read it otherwise.
    pub fn has_refused_date(&self) -> bool {
        self.warnings.contains_key(&Warning::DateRefused.to_string())
    }

    fn example(&mut self, reason: &str, example: Example) {
        match self.examples.entry(reason.to_owned()) {
            Entry::Vacant(place) => {
                place.insert(example);
            }
            Entry::Occupied(mut first) => {
                if (&example.path, example.record) < (&first.get().path, first.get().record) {
                    first.insert(example);
                }
            }
        }
    }
}
