//! The names of a whole archive, with the years in which they stand as what.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::evidence::{Evidence, Uses};

/// Years before and after an article's own whose full names count.
const WINDOW: i16 = 1;
/// Years between two spellings that can still be one person's.
pub const CAREER: i16 = 15;

/// A name in all the archive.
#[derive(Clone, Debug, Default)]
pub struct Name {
    /// By year; 0 is undated.
    pub years: BTreeMap<i16, Uses>,
    /// Over all years.
    pub total: Uses,
}

impl Name {
    /// Adds what one segment says.
    pub fn add(&mut self, year: i16, uses: Uses) {
        for sum in [self.years.entry(year).or_default(), &mut self.total] {
            sum.person += uses.person;
            sum.sure += uses.sure;
            sum.thing += uses.thing;
        }
    }

    /// Takes off what removed articles said.
    fn take_off(&mut self, year: i16, uses: Uses) {
        for sum in [self.years.entry(year).or_default(), &mut self.total] {
            sum.person = sum.person.saturating_sub(uses.person);
            sum.sure = sum.sure.saturating_sub(uses.sure);
            sum.thing = sum.thing.saturating_sub(uses.thing);
        }
        self.years.retain(|_, uses| *uses != Uses::default());
    }

    /// Articles in the years around one; in all for the undated.
    pub fn around(&self, year: i16) -> Uses {
        if year == 0 {
            return self.total;
        }
        let mut sum = Uses::default();
        for uses in self.years.range(year - WINDOW..=year + WINDOW).map(|(_, uses)| uses) {
            sum.person += uses.person;
            sum.sure += uses.sure;
            sum.thing += uses.thing;
        }
        sum
    }

    /// First and last year, if any is known.
    pub fn span(&self) -> Option<(i16, i16)> {
        let mut dated = self.years.iter().filter(|(year, uses)| **year != 0 && uses.person > 0).map(|(year, _)| *year);
        let first = dated.next()?;
        Some((first, dated.next_back().unwrap_or(first)))
    }

    /// Whether both may be one person's by their years.
    pub fn agrees_with(&self, other: &Self) -> bool {
        match (self.span(), other.span()) {
            (Some(one), Some(two)) => one.0 - CAREER <= two.1 && two.0 - CAREER <= one.1,
            _ => true,
        }
    }
}

/// All names of an archive.
pub type Names = BTreeMap<String, Name>;

/// Adds up the evidence of all segments, without that of the articles removed from them.
///
/// # Errors
/// If evidence is missing or damaged.
pub fn read(evidence: &[PathBuf], withdrawn: &[PathBuf]) -> anyhow::Result<Names> {
    let mut names = Names::new();
    for path in evidence {
        Evidence::read(path, |name, year, uses| match names.get_mut(name) {
            Some(known) => known.add(year, uses),
            None => names.entry(name.to_owned()).or_default().add(year, uses),
        })?;
    }
    for path in withdrawn {
        Evidence::read(path, |name, year, uses| {
            if let Some(known) = names.get_mut(name) {
                known.take_off(year, uses);
                if known.total == Uses::default() {
                    names.remove(name);
                }
            }
        })?;
    }
    Ok(names)
}
