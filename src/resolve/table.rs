//! The table of names: whom a value stands for in this archive and year, if anybody.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::Context;

use crate::index::manifest::DAMAGED;

use super::aliases::{Aliases, YEARS};
use super::evidence::OPEN;
use super::learn::Learned;
use super::meanings::Meanings;
use super::names::Names;

/// Name of the table in its generation.
pub const MEANINGS: &str = "meanings.bin";

/// What the archive teaches of its names, and what the user says of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameTable {
    learned: Meanings,
    aliases: Aliases,
}

impl NameTable {
    /// Makes the table from what all articles say of names.
    pub fn learn(names: &Names) -> Self {
        Self { learned: Meanings::of(&Learned::of(names)), aliases: Aliases::default() }
    }

    /// Reads the table of a generation.
    ///
    /// # Errors
    /// If it is missing or damaged.
    pub fn read(generation: &Path) -> anyhow::Result<Self> {
        let path = generation.join(MEANINGS);
        let damaged = || format!("{DAMAGED}: cannot read {}", path.display());
        let learned = Meanings::from_bytes(fs::read(&path).with_context(damaged)?).with_context(damaged)?;
        Ok(Self { learned, aliases: Aliases::default() })
    }

    /// Writes the table into a generation being built.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, generation: &Path) -> anyhow::Result<()> {
        let path = generation.join(MEANINGS);
        fs::write(&path, self.learned.bytes()).with_context(|| format!("cannot write {}", path.display()))
    }

    /// The same table under the user's aliases.
    #[must_use]
    pub fn with_aliases(self, aliases: Aliases) -> Self {
        Self { aliases, ..self }
    }

    /// Whether a value may stand for another one or for nobody, in some year.
    pub fn knows(&self, value: &str) -> bool {
        value.starts_with(OPEN) || self.learned.get(value).is_some() || self.aliases.know(value)
    }

    /// Whether the user says anything of a name.
    pub fn is_said(&self, name: &str) -> bool {
        self.aliases.know(name)
    }

    /// Whether a value is an open surname, which counts only as whom it stands for.
    pub fn is_open(value: &str) -> bool {
        value.starts_with(OPEN)
    }

    /// The surname of an open value.
    pub fn open_surname(value: &str) -> Option<&str> {
        value.strip_prefix(OPEN)
    }

    /// Why a value of an article of that year does not stand for itself, if it does not; the deciding reason last.
    pub fn reason(&self, value: &str, year: Option<i16>) -> Vec<String> {
        let year = year.unwrap_or(0);
        let written = Self::open_surname(value).unwrap_or(value);
        if self.aliases.printed(written, year).is_some() {
            return vec![format!("`{written}` is given another name by the aliases")];
        }
        let mut reasons = Vec::new();
        let mut learned = value;
        let meaning = self.learned.get(value);
        if let Some(name) = meaning.and_then(|meaning| meaning.bearer(year)) {
            let when = if year == 0 { "in undated articles".to_owned() } else { format!("around {year}") };
            reasons.push(format!("most articles of the archive with a full name for `{written}` {when} say `{name}`"));
            learned = name;
        } else if let Some(name) = meaning.and_then(|meaning| meaning.spelling) {
            reasons.push(format!("the archive writes `{name}` for `{value}`"));
            learned = name;
        }
        if learned != value && self.aliases.printed(learned, year).is_some() {
            reasons.push(format!("`{learned}` is given another name by the aliases"));
        }
        reasons
    }

    /// Whether a value is a surname that stands for somebody in some years, and for itself in others.
    pub fn is_surname(&self, value: &str) -> bool {
        self.learned.get(value).is_some_and(|meaning| meaning.is_surname) && !self.aliases.know(value)
    }

    /// Names the user gives, which may stand in no article.
    pub fn given_names(&self) -> impl Iterator<Item = &str> {
        self.aliases.meanings()
    }

    /// Every name some value may stand for.
    pub fn meanings(&self) -> impl Iterator<Item = &str> {
        let learned = self
            .learned
            .iter()
            .flat_map(|(_, meaning)| meaning.bearers().map(|(name, _)| name).chain(meaning.spelling));
        learned.chain(self.aliases.meanings())
    }

    /// Whom a value of an article of that year stands for: itself, if neither the archive nor the user says more;
    /// `None` if it is no person's, or an open surname of somebody unknown.
    pub fn resolve<'a>(&'a self, value: &'a str, year: Option<i16>) -> Option<&'a str> {
        let year = year.unwrap_or(0);
        let open = value.strip_prefix(OPEN);
        if let Some(said) = self.aliases.printed(open.unwrap_or(value), year) {
            return said;
        }
        let meaning = self.learned.get(value);
        let learned = match meaning.and_then(|meaning| meaning.bearer(year)) {
            Some(name) => name,
            None if open.is_some() || meaning.is_some_and(|meaning| meaning.is_thing) => return None,
            None => meaning.and_then(|meaning| meaning.spelling).unwrap_or(value),
        };
        if learned == value { Some(value) } else { self.aliases.printed(learned, year).unwrap_or(Some(learned)) }
    }

    /// By name, every other value that stands for it, with the years in which it does, 0 for the undated; no years at all if it
    /// always does.
    pub fn inverted(&self) -> BTreeMap<&str, Vec<(&str, Vec<i16>)>> {
        let mut found: BTreeMap<&str, Vec<(&str, Vec<i16>)>> = BTreeMap::new();
        let mut meant: BTreeMap<&str, Vec<i16>> = BTreeMap::new();
        let is_surname = |value: &str| self.learned.get(value).is_some_and(|meaning| meaning.is_surname);
        for (value, meaning) in self.learned.iter().filter(|(_, meaning)| meaning.is_surname) {
            for year in meaning.bearers().flat_map(|(_, years)| years) {
                if let Some(name) = self.resolve(value, Some(year)) {
                    meant.entry(name).or_default().push(year);
                }
            }
            while let Some((name, mut years)) = meant.pop_first() {
                years.sort_unstable();
                found.entry(name).or_default().push((value, years));
            }
        }
        let mut years = vec![0];
        if self.aliases.depend_on_year() {
            years.extend(YEARS);
        }
        let spellings = self.learned.iter().filter_map(|(value, meaning)| Some([value, meaning.spelling?]));
        let other: BTreeSet<&str> = spellings.flatten().chain(self.aliases.printed_names()).collect();
        for value in other.into_iter().filter(|value| !is_surname(value)) {
            for year in &years {
                if let Some(name) = self.resolve(value, Some(*year)) {
                    meant.entry(name).or_default().push(*year);
                }
            }
            while let Some((name, meant)) = meant.pop_first() {
                if value != name || self.aliases.know(name) {
                    let always = meant.len() == years.len();
                    found.entry(name).or_default().push((value, if always { Vec::new() } else { meant }));
                }
            }
        }
        for values in found.values_mut() {
            values.sort_unstable();
        }
        found
    }
}
