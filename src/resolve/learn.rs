//! Makes the table of names from what all articles say of them.

use std::borrow::Cow;
use std::cell::LazyCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::BuildHasher;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::evidence::{OPEN, Uses};
use super::names::{CAREER, Name, Names};
use super::spelling::{Parts, begins_with_initial, cut, parts, sound, sound_onto, surname, without_initials};
use crate::date::Date;
use crate::enrich::Gazetteer;
use crate::index::{fold, fold_onto};

// A surname stands for a full name that holds this share of the full names with that surname in the years around, in at
// least this many articles. Measured on Reuters-21578, where it lifts the recall of full names from .77 to .98.
const DOMINANT_SHARE: f64 = 0.6;
const FEWEST_ARTICLES: u32 = 3;
/// An open surname may be a word or a firm: articles with its full name to those with the surname open.
const OPEN_SHARE: f64 = 0.2;

/// A name and its uses.
type Named<'a> = (&'a str, &'a Name);

/// A full name of a person.
struct Full<'a> {
    name: &'a str,
    uses: &'a Name,
    first: &'a str,
    surname: &'a str,
    /// Its first word is no more than initials.
    is_short: bool,
}

/// What the archive teaches of its names.
#[derive(Debug, Default)]
pub struct Learned {
    /// Surname, perhaps open, to the full name it stands for by year; year 0 is undated.
    pub surnames: BTreeMap<String, BTreeMap<i16, String>>,
    /// Other spellings of a name.
    pub spellings: BTreeMap<String, String>,
    /// Names of firms, places and other things.
    pub things: BTreeSet<String>,
}

impl Learned {
    /// From what all articles say of names.
    pub fn of(names: &Names) -> Self {
        let mut table = Self::default();
        let people: Vec<(&str, &Name)> = names.iter().filter(|(_, uses)| uses.total.person > 0).collect();
        let things = people.iter().filter(|(name, uses)| is_thing(name, &uses.total)).map(|(name, _)| *name);
        let mut things: FxHashSet<&str> = things.collect();
        // what begins with a firm's name is the firm's too: `Otley Marsh Capital Markets`
        let unsure = people.iter().filter(|(_, uses)| uses.total.sure == 0);
        let longer = unsure.filter(|(name, _)| second_space(name).is_some_and(|end| things.contains(&name[..end])));
        let longer: Vec<&str> = longer.map(|(name, _)| *name).collect();
        things.extend(longer);
        table.things = things.iter().map(|name| (*name).to_owned()).collect();
        let full = people.iter().filter(|(name, _)| name.contains(' ') && !things.contains(name));
        let full: Vec<Full> = full
            .filter_map(|(name, uses)| {
                let (first, _, surname) = cut(name)?;
                Some(Full { name, uses, first, surname, is_short: begins_with_initial(first) })
            })
            .collect();
        table.learn_spellings(&full);
        table.learn_surnames(&people, &full, names);
        table
    }

    fn learn_spellings(&mut self, full: &[Full<'_>]) {
        let mut learned: FxHashMap<String, String> = FxHashMap::default();
        let mut folded = String::new();
        // names of one first name and surname; most share them with no other, and need not be taken apart
        let groups = grouped(full, |Full { first, surname, .. }| {
            folded.clear();
            fold_onto(first, &mut folded);
            folded.push(' ');
            fold_onto(surname, &mut folded);
            Some(FxBuildHasher.hash_one(&folded))
        });
        // what one group teaches is of its own names alone, so their order is of no matter
        for group in each_group(&groups) {
            if let [(_, only)] = group
                && second_space(full[*only as usize].name).is_none()
            {
                continue;
            }
            learn_group(&named(group, full), &mut learned);
        }
        let mut heard = String::new();
        let alike = grouped(full, |Full { name, .. }| {
            heard.clear();
            sound_onto(name, &mut folded, &mut heard);
            (!learned.contains_key(*name)).then(|| FxBuildHasher.hash_one(&heard))
        });
        let known = known_sounds();
        let known_hashes: FxHashSet<u64> = known.keys().map(|sound| FxBuildHasher.hash_one(sound)).collect();
        // most names sound like no other, and need not be heard again
        let alike = each_group(&alike).filter(|group| group.len() > 1 || known_hashes.contains(&group[0].0));
        let mut sounds: FxHashMap<String, SmallVec<[Named<'_>; 1]>> = FxHashMap::default();
        for (name, uses) in alike.flat_map(|group| named(group, full)) {
            sounds.entry(sound(name)).or_default().push((name, uses));
        }
        for (sound, group) in sounds {
            match known.get(&sound).and_then(|name| Gazetteer::embedded().person(name)) {
                Some(person) => {
                    for (name, uses) in group.into_iter().filter(|(name, _)| *name != person.name) {
                        let span = uses.span().and_then(|(_, last)| Date::year_only(last));
                        let is_far =
                            |date: &Date| person.distance(date).is_some_and(|days| days > i64::from(CAREER) * 366);
                        if Gazetteer::embedded().person(name).is_none() && !span.as_ref().is_some_and(is_far) {
                            learned.insert(name.to_owned(), person.name.to_owned());
                        }
                    }
                }
                None if group.len() > 1 => merge(&group, &mut learned),
                None => {}
            }
        }
        // a spelling of a spelling
        let ends: BTreeMap<String, String> = learned
            .iter()
            .map(|(name, other)| (name.clone(), learned.get(other).unwrap_or(other).clone()))
            .filter(|(name, other)| name != other)
            .collect();
        self.spellings = ends;
    }

    fn learn_surnames(&mut self, people: &[(&str, &Name)], full: &[Full<'_>], names: &Names) {
        let open_or_single = people.iter().filter(|(name, _)| !name.contains(' ') || begins_with_initial(name));
        let asked: Vec<(&str, &Name, String)> =
            open_or_single.map(|(value, uses)| (*value, *uses, surname(value.trim_start_matches(OPEN)))).collect();
        let mut bearers: FxHashMap<&str, Vec<(&str, Name)>> = FxHashMap::default();
        bearers.extend(asked.iter().map(|(_, _, surname)| (surname.as_str(), Vec::new())));
        let spellings: FxHashMap<&str, &str> =
            self.spellings.iter().map(|(name, meant)| (name.as_str(), meant.as_str())).collect();
        let mut folded = String::new();
        for Full { name, uses, surname, .. } in full.iter().filter(|person| !person.is_short) {
            let meant = spellings.get(name).copied().unwrap_or(*name);
            let short = Gazetteer::embedded().person(meant).map_or(&[][..], |person| &person.short);
            let mut surnames: SmallVec<[Cow<'_, str>; 2]> = SmallVec::new();
            folded.clear();
            fold_onto(surname, &mut folded);
            surnames.push(Cow::from(&folded));
            surnames.extend(short.iter().map(|short| Cow::from(fold(short))));
            surnames.sort_unstable();
            surnames.dedup();
            for surname in surnames {
                let Some(bearers) = bearers.get_mut(&*surname) else { continue };
                let index = bearers.iter().position(|(known, _)| *known == meant).unwrap_or_else(|| {
                    bearers.push((meant, Name::default()));
                    bearers.len() - 1
                });
                uses.years().for_each(|(year, uses)| bearers[index].1.add(year, uses));
            }
        }
        let mut learned = BTreeMap::new();
        for (value, uses, surname) in &asked {
            let Some(bearers) = bearers.get(surname.as_str()).filter(|bearers| !bearers.is_empty()) else { continue };
            let written = value.trim_start_matches(OPEN);
            let initial = begins_with_initial(written).then(|| written.chars().next()).flatten();
            let is_open = value.starts_with(OPEN);
            let closed = LazyCell::new(|| names.get(written));
            let holds = |year: i16, articles: u32| {
                let left_open = f64::from(uses.around(year).person);
                let thing = closed.map_or(0, |closed| closed.around(year).thing);
                f64::from(articles) >= OPEN_SHARE * left_open && articles > thing
            };
            let meant: BTreeMap<i16, String> = uses
                .years()
                .filter_map(|(year, _)| {
                    let (name, articles) = dominant(bearers, initial, year)?;
                    (!is_open || holds(year, articles)).then(|| (year, name.to_owned()))
                })
                .collect();
            if !meant.is_empty() {
                learned.insert((*value).to_owned(), meant);
            }
        }
        self.surnames = learned;
    }
}

/// The numbers of the full names that have a key, sorted by it. Sorting them takes half of what a table of groups would.
fn grouped(full: &[Full<'_>], mut key: impl FnMut(&Full<'_>) -> Option<u64>) -> Vec<(u64, u32)> {
    let mut keyed = Vec::with_capacity(full.len());
    for (number, person) in (0..).zip(full).filter(|(_, person)| !person.is_short) {
        keyed.extend(key(person).map(|key| (key, number)));
    }
    keyed.sort_unstable();
    keyed
}

/// The numbers of every key, in their order.
fn each_group(keyed: &[(u64, u32)]) -> impl Iterator<Item = &[(u64, u32)]> {
    keyed.chunk_by(|(one, _), (other, _)| one == other)
}

/// The names of a group.
fn named<'a>(group: &[(u64, u32)], full: &[Full<'a>]) -> SmallVec<[Named<'a>; 2]> {
    group.iter().map(|(_, number)| &full[*number as usize]).map(|person| (person.name, person.uses)).collect()
}

/// Where the second space of a name is.
fn second_space(name: &str) -> Option<usize> {
    memchr::memchr_iter(b' ', name.as_bytes()).nth(1)
}

/// Learns from names of one first name and surname, by what stands between.
fn learn_group(group: &[Named<'_>], learned: &mut FxHashMap<String, String>) {
    let mut same: BTreeMap<[String; 3], Vec<(Named<'_>, String)>> = BTreeMap::new();
    for named in group {
        if let Some(Parts { first, initials, middle, surname }) = parts(named.0) {
            same.entry([surname, first, middle]).or_default().push((*named, initials));
        }
    }
    for same in same.into_values() {
        // two different initials are two people, and one without may be either
        let mut initials: Vec<&str> = same.iter().map(|(_, initials)| initials.as_str()).collect();
        initials.retain(|initials| !initials.is_empty());
        initials.sort_unstable();
        initials.dedup();
        if initials.windows(2).all(|pair| pair[1].starts_with(pair[0])) {
            let same: Vec<Named<'_>> = same.iter().map(|(named, _)| *named).collect();
            merge(&same, learned);
        }
    }
}

/// Whether a name is oftener a thing's than surely a person's.
fn is_thing(name: &str, uses: &Uses) -> bool {
    let often = uses.thing >= 2 && uses.thing > 2 * uses.sure && 3 * uses.thing >= uses.person;
    let unsure = uses.sure == 0 && (uses.thing >= 1 && uses.thing >= uses.person || uses.thing >= 3);
    (often || unsure) && name.contains(' ') && Gazetteer::embedded().person(name).is_none()
}

/// Maps the names of a group to the one the gazetteer has, else to the most frequent.
fn merge(group: &[Named<'_>], learned: &mut FxHashMap<String, String>) {
    let is_known = |(name, _): &&Named<'_>| Gazetteer::embedded().person(name).is_some();
    let known: Vec<Named<'_>> = group.iter().filter(is_known).copied().collect();
    let frequent = group.iter().max_by_key(|(name, uses)| (uses.total.person, Reverse(*name))).copied();
    let best = match known[..] {
        [] => frequent,
        [known] => Some(known),
        _ => None,
    };
    let Some((best, its_uses)) = best else { return };
    let shown = if known.is_empty() { plain(group) } else { best.to_owned() };
    for (name, _) in group.iter().filter(|(name, uses)| *name != shown && uses.agrees_with(its_uses)) {
        learned.insert((*name).to_owned(), shown.clone());
    }
}

/// The most frequent of a group's names, initials set aside.
fn plain(group: &[Named<'_>]) -> String {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for (name, uses) in group {
        *counts.entry(without_initials(name)).or_default() += uses.total.person;
    }
    counts.into_iter().rev().max_by_key(|(_, articles)| *articles).map_or_else(String::new, |(name, _)| name)
}

/// Names of the gazetteer by their sound; those of several people left out.
fn known_sounds() -> FxHashMap<String, &'static str> {
    let mut sounds: FxHashMap<String, Option<&'static str>> = FxHashMap::default();
    for person in Gazetteer::embedded().people().all() {
        for name in std::iter::once(&person.name).chain(&person.aliases).filter(|name| name.contains(' ')) {
            let meant = sounds.entry(sound(name)).or_insert(Some(person.name));
            if *meant != Some(person.name) {
                *meant = None;
            }
        }
    }
    sounds.into_iter().filter_map(|(sound, name)| Some((sound, name?))).collect()
}

/// The bearer of a surname who is meant in a year, among those whose names begin with the initial before it, if there is one.
/// In how many articles around, too.
fn dominant<'a>(bearers: &[(&'a str, Name)], initial: Option<char>, year: i16) -> Option<(&'a str, u32)> {
    let fits = |name: &str| initial.is_none() || name.chars().next() == initial;
    let counted = bearers.iter().filter(|(name, _)| fits(name));
    let counted = counted.map(|(name, uses)| (*name, uses.around(year).person));
    let all: u32 = counted.clone().map(|(_, articles)| articles).sum();
    if all < FEWEST_ARTICLES {
        return None;
    }
    let (name, articles) = counted.max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(a.0)))?;
    let holds = articles >= FEWEST_ARTICLES && f64::from(articles) >= DOMINANT_SHARE * f64::from(all);
    holds.then_some((name, articles))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::{Aliases, NameTable};

    fn table(lines: &[(&str, i16, [u32; 3])]) -> NameTable {
        NameTable::learn(&Names::of(lines))
    }

    #[test]
    fn a_surname_stands_for_the_name_of_its_years() {
        let names = table(&[
            ("Ada Byron", 1843, [5, 0, 0]),
            ("Zoe Byron", 1990, [4, 0, 0]),
            ("Byron", 1843, [2, 0, 0]),
            ("Byron", 1990, [1, 0, 0]),
            ("Byron", 1920, [1, 0, 0]),
        ]);
        assert_eq!(names.resolve("Byron", Some(1843)), Some("Ada Byron"));
        assert_eq!(names.resolve("Byron", Some(1990)), Some("Zoe Byron"));
        assert_eq!(names.resolve("Byron", Some(1920)), Some("Byron"));
        assert_eq!(names.inverted()["Zoe Byron"], [("Byron", vec![1990])]);
    }

    #[test]
    fn two_equals_teach_nothing() {
        let names =
            table(&[("Ada Byron", 1990, [5, 0, 0]), ("Zoe Byron", 1990, [5, 0, 0]), ("Byron", 1990, [2, 0, 0])]);
        assert_eq!(names.resolve("Byron", Some(1990)), Some("Byron"));
    }

    #[test]
    fn an_open_surname_is_nobody_until_the_archive_knows_whose_it_is() {
        let names = table(&[
            ("Ada Byron", 1843, [5, 0, 0]),
            ("?Byron", 1843, [2, 0, 0]),
            ("?Otley", 1843, [2, 0, 0]),
            ("Ida Marsh", 1843, [3, 0, 0]),
            ("?Marsh", 1843, [3, 0, 0]),
            ("Marsh", 1843, [0, 0, 9]),
        ]);
        assert_eq!(names.resolve("?Byron", Some(1843)), Some("Ada Byron"));
        assert_eq!(names.resolve("?Otley", Some(1843)), None);
        assert_eq!(names.resolve("?Marsh", Some(1843)), None);
    }

    #[test]
    fn a_name_that_is_mostly_a_firm_is_nobody() {
        let names = table(&[("Otley Marsh", 1990, [9, 0, 6]), ("Ada Holm", 1990, [9, 5, 2])]);
        assert_eq!(names.resolve("Otley Marsh", Some(1990)), None);
        assert_eq!(names.resolve("Ada Holm", Some(1990)), Some("Ada Holm"));
    }

    #[test]
    fn an_initial_and_another_spelling_are_the_same_person() {
        let names = table(&[
            ("Harlan Otley", 1990, [9, 0, 0]),
            ("Harlan B. Otley", 1991, [2, 0, 0]),
            ("H. Otley", 1990, [1, 0, 0]),
            ("Olena Dubravsky", 1990, [3, 0, 0]),
            ("Olena Dubravskiy", 1990, [1, 0, 0]),
            ("John D. Marsh", 1990, [3, 0, 0]),
            ("John P. Marsh", 1990, [3, 0, 0]),
            ("John Marsh", 1990, [3, 0, 0]),
        ]);
        for (value, name) in [
            ("Harlan B. Otley", "Harlan Otley"),
            ("H. Otley", "Harlan Otley"),
            ("Olena Dubravskiy", "Olena Dubravsky"),
            ("John D. Marsh", "John D. Marsh"),
            ("John Marsh", "John Marsh"),
        ] {
            assert_eq!(names.resolve(value, Some(1990)), Some(name), "{value}");
        }
    }

    #[test]
    fn the_user_has_the_last_word() {
        let names = table(&[("Ada Byron", 1843, [5, 0, 0]), ("Byron", 1843, [2, 0, 0]), ("Byron", 1844, [2, 0, 0])]);
        let text = "hide = [\"Ida Holm\"]\n[rename]\n\"Ada Byron\" = \"Ada Lovell\"\n[[split]]\nname = \"Byron\"\n\
                    into = \"Zoe Byron\"\nfrom = 1844\nto = 1844\n";
        let names = names.with_aliases(Aliases::parse(text).unwrap());
        assert_eq!(names.resolve("Byron", Some(1843)), Some("Ada Lovell"));
        assert_eq!(names.resolve("Byron", Some(1844)), Some("Zoe Byron"));
        assert_eq!(names.resolve("Ida Holm", None), None);
        assert_eq!(names.inverted()["Ada Lovell"], [("Ada Byron", vec![]), ("Byron", vec![1843])]);
    }
}
