//! The table of names: whom a value stands for in this archive and year, if anybody.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::Context;
use serde::{Deserialize, Serialize};

use crate::index::manifest::DAMAGED;

use super::aliases::{Aliases, YEARS};
use super::evidence::OPEN;

/// Name of the table in its generation.
pub const NAMES: &str = "names.json";

/// What the archive teaches of its names, and what the user says of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameTable {
    /// Surname, perhaps open, to the full name it stands for by year; year 0 is undated.
    pub(super) surnames: BTreeMap<String, BTreeMap<i16, String>>,
    /// Other spellings of a name.
    pub(super) spellings: BTreeMap<String, String>,
    /// Names of firms, places and other things.
    pub(super) things: BTreeSet<String>,
    #[serde(skip)]
    aliases: Aliases,
}

impl NameTable {
    /// Reads the table of a generation.
    ///
    /// # Errors
    /// If it is missing or damaged.
    pub fn read(generation: &Path) -> anyhow::Result<Self> {
        let path = generation.join(NAMES);
        let damaged = || format!("{DAMAGED}: cannot read {}", path.display());
        serde_json::from_slice(&fs::read(&path).with_context(damaged)?).with_context(damaged)
    }

    /// Writes the table into a generation being built.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, generation: &Path) -> anyhow::Result<()> {
        let path = generation.join(NAMES);
        let mut json = serde_json::to_string(self)?;
        json.push('\n');
        fs::write(&path, json).with_context(|| format!("cannot write {}", path.display()))
    }

    /// The same table under the user's aliases.
    #[must_use]
    pub fn with_aliases(self, aliases: Aliases) -> Self {
        Self { aliases, ..self }
    }

    /// Whether a value may stand for another one or for nobody, in some year.
    pub fn knows(&self, value: &str) -> bool {
        value.starts_with(OPEN)
            || self.surnames.contains_key(value)
            || self.spellings.contains_key(value)
            || self.things.contains(value)
            || self.aliases.know(value)
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
        if let Some(name) = self.surnames.get(value).and_then(|years| years.get(&year)) {
            let when = if year == 0 { "in undated articles".to_owned() } else { format!("around {year}") };
            reasons.push(format!("most articles of the archive with a full name for `{written}` {when} say `{name}`"));
            learned = name;
        } else if let Some(name) = self.spellings.get(value) {
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
        self.surnames.contains_key(value) && !self.aliases.know(value)
    }

    /// Names the user gives, which may stand in no article.
    pub fn given_names(&self) -> impl Iterator<Item = &str> {
        self.aliases.meanings()
    }

    /// Every name some value may stand for.
    pub fn meanings(&self) -> impl Iterator<Item = &str> {
        let surnames = self.surnames.values().flat_map(BTreeMap::values);
        surnames.chain(self.spellings.values()).map(String::as_str).chain(self.aliases.meanings())
    }

    /// Whom a value of an article of that year stands for: itself, if neither the archive nor the user says more;
    /// `None` if it is no person's, or an open surname of somebody unknown.
    pub fn resolve<'a>(&'a self, value: &'a str, year: Option<i16>) -> Option<&'a str> {
        let year = year.unwrap_or(0);
        let open = value.strip_prefix(OPEN);
        if let Some(said) = self.aliases.printed(open.unwrap_or(value), year) {
            return said;
        }
        let learned = match self.surnames.get(value).and_then(|years| years.get(&year)) {
            Some(name) => name,
            None if open.is_some() || self.things.contains(value) => return None,
            None => self.spellings.get(value).map_or(value, String::as_str),
        };
        if learned == value { Some(value) } else { self.aliases.printed(learned, year).unwrap_or(Some(learned)) }
    }

    /// By name, every other value that stands for it, with the years in which it does, 0 for the undated; no years at all if it
    /// always does.
    pub fn inverted(&self) -> BTreeMap<&str, Vec<(&str, Vec<i16>)>> {
        let mut found: BTreeMap<&str, Vec<(&str, Vec<i16>)>> = BTreeMap::new();
        let mut meant: BTreeMap<&str, Vec<i16>> = BTreeMap::new();
        for (value, years) in &self.surnames {
            for year in years.keys() {
                if let Some(name) = self.resolve(value, Some(*year)) {
                    meant.entry(name).or_default().push(*year);
                }
            }
            while let Some((name, years)) = meant.pop_first() {
                found.entry(name).or_default().push((value, years));
            }
        }
        let mut years = vec![0];
        if self.aliases.depend_on_year() {
            years.extend(YEARS);
        }
        let other = self.spellings.iter().flat_map(|(value, meant)| [value.as_str(), meant.as_str()]);
        let other: BTreeSet<&str> = other.chain(self.aliases.printed_names()).collect();
        for value in other.into_iter().filter(|value| !self.surnames.contains_key(*value)) {
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
