//! Offices people held: of one person, found by halving in `schema/people.tsv` and `schema/offices.tsv` as they stand, which are in order.
//! Printing ten hits asks of a few people whether they were in office, and building the table of all costs a search more than all else.

use std::fmt;

use super::table::{columns, from, rows};
use crate::date::Date;

/// An office held for a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Office {
    /// In small letters: `prime minister`.
    pub office: &'static str,
    /// Code of the country or body.
    pub country: &'static str,
    /// Unknown if `None`.
    pub from: Option<Date>,
    /// In office still if `None`.
    pub to: Option<Date>,
    /// Head of state or of government, or a minister.
    pub leads: bool,
}

impl Office {
    /// Reads the columns of `schema/offices.tsv` after the id.
    pub(super) fn read([office, country, from, to]: [&'static str; 4], leading: &[&str]) -> Self {
        let leads = leading.contains(&office);
        Self { office, country, from: from.parse().ok(), to: to.parse().ok(), leads }
    }

    /// Whether it was held on some day the date can mean, give or take `days`.
    pub fn held_at(&self, date: &Date, days: i64) -> bool {
        self.from.is_none_or(|from| from.first_day() - days <= date.last_day())
            && self.to.is_none_or(|to| date.first_day() <= to.last_day() + days)
    }

    /// Whether it is one of those who lead, and was held at a date; ever, if there is none.
    pub fn leads_at(&self, date: Option<&Date>) -> bool {
        self.leads && date.is_none_or(|date| self.held_at(date, 0))
    }

    /// Days between a date and the time it was held; 0 within.
    pub fn distance(&self, date: &Date) -> i64 {
        let before = self.from.map_or(0, |from| from.first_day() - date.last_day());
        let after = self.to.map_or(0, |to| date.first_day() - to.last_day());
        before.max(after).max(0)
    }
}

impl fmt::Display for Office {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.office, self.country)?;
        match (self.from, self.to) {
            (None, None) => Ok(()),
            (Some(from), None) => write!(f, " from {from}"),
            (None, Some(to)) => write!(f, " to {to}"),
            (Some(from), Some(to)) => write!(f, " from {from} to {to}"),
        }
    }
}

/// Offices whose holders lead a country.
pub(super) fn leading() -> Vec<&'static str> {
    rows(crate::facts::LEADING_OFFICES).map(|[office]| office).collect()
}

/// The offices of the person with this canonical name; `None` if there is nobody of that name.
pub(super) fn held_by(canonical: &str) -> Option<Vec<Office>> {
    let [id, name] = columns(from(crate::facts::PEOPLE, 1, canonical).lines().next()?);
    if name != canonical {
        return None;
    }
    let leading = leading();
    let of_person = from(crate::facts::OFFICES, 0, id).lines().map(columns::<5>).take_while(|[by, ..]| *by == id);
    Some(of_person.map(|[_, office, country, from, to]| Office::read([office, country, from, to], &leading)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enrich::Gazetteer;

    #[test]
    fn of_one_person_the_tables_tell_what_they_tell_of_all() {
        let all = Gazetteer::embedded().people().all();
        for person in all {
            assert_eq!(held_by(person.name).as_ref(), Some(&person.offices), "{}", person.name);
        }
        for name in ["", "#", "Nobody of That Name", "\u{10ffff}", &all[0].name[1..]] {
            assert!(held_by(name).is_none() && Gazetteer::embedded().person(name).is_none(), "{name}");
        }
    }
}
