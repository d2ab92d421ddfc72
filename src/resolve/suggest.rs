//! What a person who knows the archive could still settle in `aliases.toml`: frequent names that stand for nobody known, and
//! names that are likely one person's. Each comes with the evidence; nothing here is applied by itself.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::evidence::{OPEN, Uses};
use super::names::{Name, Names};
use super::spelling::{Parts, begins_with_initial, parts, sound, surname};
use super::table::NameTable;
use crate::enrich::Gazetteer;

/// What could be settled, most frequent first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Suggestions {
    /// Names that stand for nobody known.
    pub unresolved: Vec<Unresolved>,
    /// Names that are likely one person's.
    pub merges: Vec<Merge>,
}

/// A surname that neither its articles nor the archive explain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unresolved {
    /// As printed.
    pub name: String,
    /// Articles in which it stands for nobody known.
    pub articles: u32,
    /// Articles in which it is the name of a firm, a place or another thing.
    pub things: u32,
    /// First and last year of the articles, if any is dated.
    pub years: Option<(i16, i16)>,
    /// Who in the archive has that surname, most frequent first.
    pub bearers: Vec<Bearer>,
}

/// A name and how many articles name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bearer {
    /// The name.
    pub name: String,
    /// Articles.
    pub articles: u32,
    /// First and last year, if any is dated.
    pub years: Option<(i16, i16)>,
}

/// Two names that are likely one person's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Merge {
    /// The one to keep: that of the gazetteer, else the more frequent.
    pub keep: Bearer,
    /// The other.
    pub other: Bearer,
    /// Why they are likely the same.
    pub because: Vec<String>,
}

/// Bearers told with a surname.
const BEARERS: usize = 5;

/// Shortest word in which one letter may differ.
const LONG: usize = 5;

/// Works out what could be settled: names in at least `least` articles, at most `most` of each kind.
pub fn suggest(names: &Names, table: &NameTable, least: u32, most: usize) -> Suggestions {
    let people = people(names, table);
    let mut by_surname: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for name in people.keys().filter(|name| name.contains(' ') && !begins_with_initial(name)) {
        by_surname.entry(surname(name)).or_default().push(name);
    }
    let mut unresolved = unresolved(names, table, &people, &by_surname);
    unresolved.retain(|name| name.articles >= least);
    unresolved.sort_by(|a, b| b.articles.cmp(&a.articles).then_with(|| a.name.cmp(&b.name)));
    unresolved.truncate(most);
    let mut merges = merges(&people, &by_surname);
    merges.retain(|merge| merge.keep.articles >= least);
    let weight = |merge: &Merge| (merge.other.articles, merge.keep.articles);
    merges.sort_by(|a, b| weight(b).cmp(&weight(a)).then_with(|| a.other.name.cmp(&b.other.name)));
    merges.truncate(most);
    Suggestions { unresolved, merges }
}

/// The names as the table resolves them, with the years of all that stands for each.
fn people(names: &Names, table: &NameTable) -> BTreeMap<String, Name> {
    let mut people: BTreeMap<String, Name> = BTreeMap::new();
    for (value, name) in names.iter() {
        for (year, uses) in name.years().filter(|(_, uses)| uses.person > 0) {
            if let Some(resolved) = table.resolve(value, Some(year).filter(|year| *year != 0)) {
                people.entry(resolved.to_owned()).or_default().add(year, uses);
            }
        }
    }
    people
}

fn unresolved(
    names: &Names,
    table: &NameTable,
    people: &BTreeMap<String, Name>,
    by_surname: &BTreeMap<String, Vec<&str>>,
) -> Vec<Unresolved> {
    let mut left: BTreeMap<&str, Name> = BTreeMap::new();
    for (value, name) in names.iter() {
        let written = value.trim_start_matches(OPEN);
        if written.contains(' ') || Gazetteer::embedded().person(written).is_some() {
            continue;
        }
        let is_open = NameTable::is_open(value);
        for (year, uses) in name.years().filter(|(_, uses)| uses.person > 0) {
            let resolved = table.resolve(value, Some(year).filter(|year| *year != 0));
            let is_left = match resolved {
                Some(name) => !is_open && name == value,
                None => is_open && !table.is_said(written),
            };
            if is_left {
                let things = names.get(written).map_or(0, |name| name.in_year(year).thing);
                left.entry(written).or_default().add(year, Uses { thing: things, ..uses });
            }
        }
    }
    // a word that is oftener a thing's needs nobody's help
    left.retain(|_, name| name.total.thing <= name.total.person);
    let told = |(written, name): (&str, Name)| {
        let bearers = by_surname.get(&surname(written)).into_iter().flatten();
        let mut bearers: Vec<Bearer> = bearers.map(|full| bearer(full, &people[*full])).collect();
        bearers.sort_by(|a, b| b.articles.cmp(&a.articles).then_with(|| a.name.cmp(&b.name)));
        bearers.truncate(BEARERS);
        Unresolved {
            name: written.to_owned(),
            articles: name.total.person,
            things: name.total.thing,
            years: name.span(),
            bearers,
        }
    };
    left.into_iter().map(told).collect()
}

fn merges(people: &BTreeMap<String, Name>, by_surname: &BTreeMap<String, Vec<&str>>) -> Vec<Merge> {
    let mut groups: Vec<Vec<&str>> = by_surname.values().cloned().collect();
    // the same first name beside surnames that sound alike but for a letter
    let mut by_first: BTreeMap<(String, String), Vec<&str>> = BTreeMap::new();
    for name in by_surname.values().flatten() {
        if let Some(Parts { first, surname, .. }) = parts(name) {
            by_first.entry((first, sound(&surname).chars().take(3).collect())).or_default().push(name);
        }
    }
    groups.extend(by_first.into_values());
    let mut seen = BTreeSet::new();
    let mut merges = Vec::new();
    for group in groups {
        for (index, one) in group.iter().enumerate() {
            for two in &group[index + 1..] {
                if !people[*one].agrees_with(&people[*two]) || !seen.insert((*one, *two)) {
                    continue;
                }
                let Some(mut because) = likeness(one, two) else { continue };
                let rank = |name: &str| (Gazetteer::embedded().person(name).is_some(), people[name].total.person);
                let (keep, other) = if rank(two) > rank(one) { (*two, *one) } else { (*one, *two) };
                if Gazetteer::embedded().person(other).is_some() {
                    // two people of the gazetteer
                    continue;
                }
                if Gazetteer::embedded().person(keep).is_some() {
                    because.push(format!("`{keep}` stands in the gazetteer"));
                }
                merges.push(Merge { keep: bearer(keep, &people[keep]), other: bearer(other, &people[other]), because });
            }
        }
    }
    merges
}

/// What two full names have in common, if that is enough to ask.
fn likeness(one: &str, two: &str) -> Option<Vec<String>> {
    let (a, b) = (parts(one)?, parts(two)?);
    let mut because = Vec::new();
    if a.surname == b.surname {
        because.push("the same surname".to_owned());
    } else if differs_by_a_letter(&a.surname, &b.surname) {
        because.push(format!("`{}` and `{}` differ in one letter", a.surname, b.surname));
    } else {
        return None;
    }
    let (short, long) = if a.first.len() <= b.first.len() { (&a.first, &b.first) } else { (&b.first, &a.first) };
    if a.first == b.first {
        because.push("the same first name".to_owned());
        let differ = !a.initials.is_empty() && !b.initials.is_empty() && !a.initials.starts_with(&b.initials);
        if a.surname == b.surname && differ && !b.initials.starts_with(&a.initials) {
            return None;
        }
    } else if a.surname != b.surname {
        return None;
    } else if short.chars().count() >= 2 && long.starts_with(short.as_str()) {
        because.push(format!("`{short}` begins `{long}`"));
    } else if sound(short) == sound(long) || differs_by_a_letter(short, long) {
        because.push(format!("`{short}` and `{long}` are alike"));
    } else {
        return None;
    }
    Some(because)
}

/// Whether two long words differ by one letter changed, added or left out.
fn differs_by_a_letter(one: &str, two: &str) -> bool {
    let (one, two): (Vec<char>, Vec<char>) = (one.chars().collect(), two.chars().collect());
    let (short, long) = if one.len() <= two.len() { (one, two) } else { (two, one) };
    if short.len() < LONG || long.len() - short.len() > 1 || short == long {
        return false;
    }
    let same = short.iter().zip(&long).take_while(|(a, b)| a == b).count();
    let rest = short.len() - same;
    let skip = usize::from(short.len() == long.len());
    short[same + skip.min(rest)..] == long[same + 1..]
}

fn bearer(name: &str, of: &Name) -> Bearer {
    Bearer { name: name.to_owned(), articles: of.total.person, years: of.span() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::Aliases;

    fn names(lines: &[(&str, i16, [u32; 3])]) -> Names {
        Names::of(lines)
    }

    fn otley() -> Names {
        names(&[
            ("Martha Otley", 1990, [6, 0, 0]),
            ("Harlan Otley", 1990, [5, 0, 0]),
            ("Otley", 1990, [4, 1, 0]),
            ("?Otley", 1991, [3, 0, 0]),
            ("?Ridley", 1990, [9, 0, 0]),
            ("Ridley", 1990, [0, 0, 12]),
            ("Mart Otley", 1991, [2, 0, 0]),
            ("Olena Dubravska", 1991, [4, 0, 0]),
            ("Olena Dubrovska", 1992, [2, 0, 0]),
            ("Olena Dubrovska", 1960, [0, 0, 0]),
            ("Ida Otley", 1950, [9, 0, 0]),
        ])
    }

    #[test]
    fn a_surname_of_several_is_told_with_them_and_a_firm_is_not() {
        let found = suggest(&otley(), &NameTable::default(), 3, 10);
        let [otley] = &found.unresolved[..] else { panic!("{found:?}") };
        assert_eq!((otley.name.as_str(), otley.articles, otley.years), ("Otley", 7, Some((1990, 1991))));
        let bearers: Vec<&str> = otley.bearers.iter().map(|bearer| bearer.name.as_str()).collect();
        assert_eq!(bearers, ["Ida Otley", "Martha Otley", "Harlan Otley", "Mart Otley"]);
    }

    #[test]
    fn likely_merges_have_their_reasons() {
        let found = suggest(&otley(), &NameTable::default(), 2, 10).merges;
        let pairs: Vec<(&str, &str)> =
            found.iter().map(|merge| (merge.keep.name.as_str(), merge.other.name.as_str())).collect();
        assert_eq!(pairs, [("Martha Otley", "Mart Otley"), ("Olena Dubravska", "Olena Dubrovska")]);
        assert_eq!(found[0].because, ["the same surname", "`mart` begins `martha`"]);
        assert_eq!(found[1].because, ["`dubravska` and `dubrovska` differ in one letter", "the same first name"]);
    }

    #[test]
    fn what_the_aliases_settle_is_not_asked_again() {
        let text = "hide = [\"Otley\"]\n[merge]\n\"Olena Dubravska\" = [\"Olena Dubrovska\"]\n\
                    \"Martha Otley\" = [\"Mart Otley\"]\n";
        let table = NameTable::default().with_aliases(Aliases::parse(text).unwrap());
        assert_eq!(suggest(&otley(), &table, 2, 10), Suggestions::default());
    }

    #[test]
    fn one_letter_is_changed_added_or_left_out() {
        for (one, two, differ) in [
            ("dubravska", "dubrovska", true),
            ("dubravska", "dubravskaa", true),
            ("dubravska", "ubravska", true),
            ("dubravska", "dubravska", false),
            ("dubravska", "dubrovskaa", false),
            ("marsh", "marst", true),
            ("holm", "holt", false),
        ] {
            assert_eq!(differs_by_a_letter(one, two), differ, "{one} {two}");
            assert_eq!(differs_by_a_letter(two, one), differ, "{two} {one}");
        }
    }
}
