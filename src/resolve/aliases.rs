//! The user's aliases: a TOML file of names to merge, split, rename and hide. It holds at once, without re-indexing.
//!
//! ```toml
//! # names that are nobody's
//! hide = ["Otley Marsh"]
//!
//! # one name in place of another
//! [rename]
//! "Harlan Otley" = "Sir Harlan Otley"
//!
//! # several names that are one person's
//! [merge]
//! "Olena Dubravska" = ["Lena Dubravska", "O. Dubravska"]
//!
//! # one name that is several persons': whose it is in which years, both included, either left out
//! [[split]]
//! name = "Otley"
//! into = "Martha Otley"
//! from = 1990
//! to = 1994
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::ops::RangeInclusive;
use std::path::Path;

use anyhow::{Context, bail};

/// Name of the file beside the index.
pub const ALIASES: &str = "aliases.toml";

/// Years told apart when a split is searched for.
pub(super) const YEARS: RangeInclusive<i16> = 1600..=2200;

/// What the user says of names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aliases {
    /// A name to another, or to nobody.
    names: BTreeMap<String, Option<String>>,
    splits: BTreeMap<String, Vec<Split>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Split {
    years: RangeInclusive<i16>,
    into: String,
}

impl Aliases {
    /// Reads a file.
    ///
    /// # Errors
    /// If it cannot be read, or says something no alias file can say.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        Self::parse(&text).with_context(|| format!("{} is no file of aliases", path.display()))
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// If it is not TOML, has unknown keys, or gives one name two meanings.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let table: toml::Table = text.parse()?;
        let mut aliases = Self::default();
        for (key, value) in &table {
            match key.as_str() {
                "hide" => {
                    for name in texts(key, value)? {
                        aliases.say(name, None)?;
                    }
                }
                "rename" => {
                    for (name, new) in entries(key, value)? {
                        aliases.say(name, Some(text_of(key, new)?))?;
                    }
                }
                "merge" => {
                    for (name, others) in entries(key, value)? {
                        for other in texts(key, others)? {
                            aliases.say(other, Some(name))?;
                        }
                    }
                }
                "split" => {
                    let rules = value.as_array().with_context(|| "write [[split]] before each split")?;
                    for rule in rules {
                        aliases.split(rule)?;
                    }
                }
                _ => bail!("unknown key `{key}`; there are hide, rename, merge and split"),
            }
        }
        Ok(aliases)
    }

    fn say(&mut self, name: &str, meaning: Option<&str>) -> anyhow::Result<()> {
        let meaning = meaning.map(str::to_owned);
        match self.names.insert(name.to_owned(), meaning.clone()) {
            Some(before) if before != meaning => bail!("`{name}` is given two meanings"),
            _ => Ok(()),
        }
    }

    fn split(&mut self, rule: &toml::Value) -> anyhow::Result<()> {
        let (mut name, mut into, mut from, mut to) = (None, None, i16::MIN, i16::MAX);
        for (key, value) in entries("split", rule)? {
            match key {
                "name" => name = Some(text_of(key, value)?),
                "into" => into = Some(text_of(key, value)?),
                "from" => from = year(key, value)?,
                "to" => to = year(key, value)?,
                _ => bail!("unknown key `{key}` in a split; there are name, into, from and to"),
            }
        }
        let (Some(name), Some(into)) = (name, into) else { bail!("a split needs a name and an into") };
        self.splits.entry(name.to_owned()).or_default().push(Split { years: from..=to, into: into.to_owned() });
        Ok(())
    }

    /// Whether anything is said of a name.
    pub(super) fn know(&self, name: &str) -> bool {
        self.names.contains_key(name) || self.splits.contains_key(name)
    }

    /// Whether some name is split by year.
    pub(super) fn depend_on_year(&self) -> bool {
        !self.splits.is_empty()
    }

    /// All names something is said of.
    pub(super) fn printed_names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().chain(self.splits.keys()).map(String::as_str)
    }

    /// All names given to others.
    pub(super) fn meanings(&self) -> impl Iterator<Item = &str> {
        let split = self.splits.values().flatten().map(|split| split.into.as_str());
        self.names.values().filter_map(Option::as_deref).chain(split)
    }

    /// What is said of a name in a year, 0 for none: another name, or nobody.
    #[expect(clippy::option_option, reason = "nothing said of a name is not the same as nobody")]
    pub(super) fn printed(&self, name: &str, year: i16) -> Option<Option<&str>> {
        let split = self.splits.get(name).and_then(|splits| splits.iter().find(|split| split.years.contains(&year)));
        if let Some(split) = split {
            return Some(Some(&split.into));
        }
        let meaning = self.names.get(name)?.as_deref();
        // what is merged may be renamed in turn
        let renamed = meaning.filter(|meaning| *meaning != name).and_then(|meaning| self.names.get(meaning));
        Some(renamed.map_or(meaning, Option::as_deref))
    }
}

fn entries<'a>(
    key: &str,
    value: &'a toml::Value,
) -> anyhow::Result<impl Iterator<Item = (&'a str, &'a toml::Value)> + use<'a>> {
    let table = value.as_table().with_context(|| format!("`{key}` must be a table"))?;
    Ok(table.iter().map(|(key, value)| (key.as_str(), value)))
}

fn texts<'a>(key: &str, value: &'a toml::Value) -> anyhow::Result<Vec<&'a str>> {
    let list = value.as_array().with_context(|| format!("`{key}` must list names"))?;
    list.iter().map(|value| text_of(key, value)).collect()
}

fn text_of<'a>(key: &str, value: &'a toml::Value) -> anyhow::Result<&'a str> {
    let text = value.as_str().filter(|text| !text.trim().is_empty());
    text.with_context(|| format!("`{key}` must give names in quotation marks"))
}

fn year(key: &str, value: &toml::Value) -> anyhow::Result<i16> {
    let year = value.as_integer().and_then(|year| i16::try_from(year).ok());
    year.with_context(|| format!("`{key}` must be a year"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_read() {
        let text = "hide = [\"Otley Marsh\"]\n[rename]\n\"A B\" = \"C D\"\n[merge]\n\"A B\" = [\"E F\"]\n[[split]]\n\
                    name = \"Otley\"\ninto = \"Martha Otley\"\nfrom = 1990\n";
        let aliases = Aliases::parse(text).unwrap();
        assert_eq!(aliases.printed("Otley Marsh", 0), Some(None));
        assert_eq!(aliases.printed("E F", 0), Some(Some("C D")));
        assert_eq!(aliases.printed("Otley", 1991), Some(Some("Martha Otley")));
        assert_eq!(aliases.printed("Otley", 1989), None);
    }

    #[test]
    fn what_no_alias_file_can_say_is_an_error() {
        for text in ["hide = 3", "show = []", "[rename]\n\"A\" = 1", "[[split]]\nname = \"A\"", "hide = [\"\"]", "= 1"]
        {
            assert!(Aliases::parse(text).is_err(), "{text}");
        }
        assert!(Aliases::parse("hide = [\"A\"]\n[rename]\nA = \"B\"").is_err());
    }
}
