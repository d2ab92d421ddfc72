//! Evidence: how many articles of each year name whom, how surely, and what turned out to be no person.

use std::collections::BTreeMap;

use super::packed::Packer;
use crate::article::{Article, Hints};

/// Stands before a value that counts only if the archive knows whom it means: the surname of a headline.
pub const OPEN: char = '?';

/// In how many articles of one year a name stands as what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Uses {
    /// As a person.
    pub person: u32,
    /// Of these, with a title or as only people act.
    pub sure: u32,
    /// As a firm, a place or another thing.
    pub thing: u32,
}

impl Uses {
    /// Counts more of them.
    pub fn add(&mut self, other: Self) {
        self.person += other.person;
        self.sure += other.sure;
        self.thing += other.thing;
    }

    /// What is left without others; `None` if they are not among them.
    pub fn without(self, other: Self) -> Option<Self> {
        Some(Self {
            person: self.person.checked_sub(other.person)?,
            sure: self.sure.checked_sub(other.sure)?,
            thing: self.thing.checked_sub(other.thing)?,
        })
    }
}

/// The names of a set of articles by year; year 0 is undated. A name after [`OPEN`] is a surname nothing explains.
#[derive(Debug, Default)]
pub struct Evidence {
    uses: BTreeMap<(String, i16), Uses>,
}

impl Evidence {
    /// Adds what one article says, and lists its open surnames among its people, each marked with [`OPEN`]. The other hints
    /// stay with it, so that an article read back from the index says the same again.
    pub fn add(&mut self, article: &mut Article) {
        let hints = std::mem::take(&mut article.hints);
        article.people.extend(hints.subjects.into_iter().map(|name| format!("{OPEN}{name}")));
        article.mentioned.extend(hints.mentioned.into_iter().map(|name| format!("{OPEN}{name}")));
        let year = article.date.map_or(0, |date| date.year());
        for name in article.people.iter().chain(&article.mentioned) {
            self.uses.entry((name.clone(), year)).or_default().person += 1;
        }
        for name in &hints.sure {
            self.uses.entry((name.clone(), year)).or_default().sure += 1;
        }
        for name in &hints.things {
            self.uses.entry((name.clone(), year)).or_default().thing += 1;
        }
        article.hints = Hints { sure: hints.sure, things: hints.things, ..Hints::default() };
    }

    /// All of it, in little memory, to be added up with that of others.
    ///
    /// # Errors
    /// If it cannot be compressed, which would be a bug.
    pub fn packed(&self) -> anyhow::Result<Vec<u8>> {
        let mut packer = Packer::default();
        let mut years: Vec<(i16, Uses)> = Vec::new();
        let mut names = self.uses.iter().peekable();
        while let Some(((name, year), uses)) = names.next() {
            years.push((*year, *uses));
            if names.peek().is_none_or(|((next, _), _)| next != name) {
                packer.push(name, &years);
                years.clear();
            }
        }
        packer.finish()
    }
}
