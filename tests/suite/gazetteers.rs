//! Every line of the gazetteers is well formed, unique and consistent with the others.

use std::collections::{BTreeMap, BTreeSet};

use crate::sandbox::repository;

/// The rows of a table, with their line numbers; every row must have so many columns, none with blanks around it.
fn rows<const N: usize>(file: &str) -> Vec<(usize, [String; N])> {
    let text = std::fs::read_to_string(repository().join("schema").join(file)).unwrap();
    assert!(text.starts_with("# "), "{file} must begin with what it is and where its facts come from");
    let head: String = text.lines().take_while(|line| line.starts_with('#')).collect();
    let says = |words: &[&str]| words.iter().any(|word| head.to_lowercase().contains(word));
    assert!(says(&["source", "written by hand", "restated"]), "{file} must name its sources");
    let mut rows = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
        let columns: Vec<String> = line.split('\t').map(str::to_owned).collect();
        assert!(columns.iter().all(|column| column.trim() == column), "{file}:{}: blanks", number + 1);
        let columns = columns.try_into().unwrap_or_else(|_| panic!("{file}:{}: not {N} columns", number + 1));
        rows.push((number + 1, columns));
    }
    assert!(!rows.is_empty());
    rows
}

fn is_unique<T: Ord + std::fmt::Debug>(file: &str, keys: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut seen = BTreeSet::new();
    for key in keys {
        assert!(!seen.contains(&key), "{file}: {key:?} stands twice");
        seen.insert(key);
    }
    seen
}

fn parts(column: &str, separator: char) -> Vec<&str> {
    column.split(separator).filter(|part| !part.is_empty()).collect()
}

/// A date as its first or last day, so that dates of any precision compare as text.
fn day(date: &str, last: bool) -> String {
    let open = if last { "9999-12-31" } else { "0000-01-01" };
    match date.len() {
        0 => open.to_owned(),
        4 | 7 => format!("{date}{}", &(if last { "-12-31" } else { "-01-01" })[date.len() - 4..]),
        _ => date.to_owned(),
    }
}

fn is_date(text: &str) -> bool {
    let numbers: Vec<&str> = text.split('-').collect();
    let fits = |place: usize, low: u32, high: u32| {
        numbers.get(place).is_none_or(|number| number.parse().is_ok_and(|number: u32| (low..=high).contains(&number)))
    };
    matches!(text.len(), 4 | 7 | 10) && fits(0, 1600, 2200) && fits(1, 1, 12) && fits(2, 1, 31)
}

fn country_codes() -> BTreeSet<String> {
    rows::<6>("countries.tsv").into_iter().map(|(_, [code, ..])| code).filter(|code| code != "-").collect()
}

#[test]
fn people_and_their_offices_are_well_formed_and_belong_together() {
    let people = rows::<5>("people.tsv");
    let ids = is_unique("people.tsv", people.iter().map(|(_, [id, ..])| id.clone()));
    is_unique("people.tsv", people.iter().map(|(_, [_, name, ..])| name.clone()));
    assert!(people.is_sorted_by_key(|(_, [_, name, ..])| name.clone()), "people.tsv is in name order");
    for (line, [id, name, short, aliases, flags]) in &people {
        assert!(!id.is_empty() && !name.is_empty(), "people.tsv:{line}");
        assert!(!short.is_empty() || !aliases.is_empty() || name.contains(' '), "people.tsv:{line}: no form of a name");
        for column in [short, aliases] {
            let forms: Vec<&str> = column.split('|').collect();
            assert!(
                column.is_empty() || forms.iter().all(|form| !form.is_empty() && form.trim() == *form),
                "people.tsv:{line}"
            );
            is_unique(&format!("people.tsv:{line}"), forms);
        }
        for flag in parts(flags, ',') {
            assert!(matches!(flag, "word" | "other"), "people.tsv:{line}: unknown flag {flag}");
        }
    }
    let offices = rows::<5>("offices.tsv");
    is_unique("offices.tsv", offices.iter().map(|(_, columns)| columns.clone()));
    assert!(offices.is_sorted_by_key(|(_, [id, _, _, from, _])| (id.clone(), from.clone())), "offices.tsv is sorted");
    let codes = country_codes();
    for (line, [id, office, country, from, to]) in &offices {
        assert!(ids.contains(id), "offices.tsv:{line}: no {id} in people.tsv");
        assert!(!office.is_empty() && *office == office.to_lowercase(), "offices.tsv:{line}: {office}");
        let is_body = country.len() >= 2 && country.chars().all(|c| c.is_ascii_uppercase());
        assert!(codes.contains(country) || is_body, "offices.tsv:{line}: {country}");
        for date in [from, to] {
            assert!(date.is_empty() || is_date(date), "offices.tsv:{line}: {date}");
        }
        assert!(day(from, false) <= day(to, true), "offices.tsv:{line}: {from} is after {to}");
    }
    let holders: BTreeSet<&String> = offices.iter().map(|(_, [id, ..])| id).collect();
    for (line, [id, .., flags]) in &people {
        assert!(flags.contains("other") || holders.contains(id), "people.tsv:{line}: a leader without an office");
    }
    let leading: Vec<String> = rows::<1>("leading_offices.tsv").into_iter().map(|(_, [office])| office).collect();
    is_unique("leading_offices.tsv", &leading);
    assert!(leading.is_sorted() && offices.iter().any(|(_, [_, office, ..])| leading.contains(office)));
}

#[test]
fn no_two_people_of_one_country_and_time_share_a_name_without_a_marker() {
    let mut terms: BTreeMap<String, Vec<(String, String, String)>> = BTreeMap::new();
    for (_, [id, _, country, from, to]) in rows::<5>("offices.tsv") {
        terms.entry(id).or_default().push((country, day(&from, false), day(&to, true)));
    }
    let (mut full, mut any): (BTreeMap<String, Vec<_>>, BTreeMap<String, Vec<_>>) = Default::default();
    let people = rows::<5>("people.tsv");
    for (_, [id, name, short, aliases, flags]) in &people {
        let names: BTreeSet<String> =
            parts(aliases, '|').into_iter().chain([name.as_str()]).map(str::to_lowercase).collect();
        let shorts: BTreeSet<String> = parts(short, '|').into_iter().map(str::to_lowercase).collect();
        let marked = parts(flags, ',').contains(&"word");
        for name in &names {
            full.entry(name.clone()).or_default().push((id, false));
        }
        for name in names.union(&shorts) {
            any.entry(name.clone()).or_default().push((id, marked));
        }
    }
    let together = |one: &String, two: &String| {
        terms[one].iter().any(|a| terms[two].iter().any(|b| a.0 == b.0 && a.1 < b.2 && b.1 < a.2))
    };
    for (name, bearers) in full.iter().chain(&any) {
        for (index, (one, marked)) in bearers.iter().enumerate() {
            for (two, also_marked) in &bearers[index + 1..] {
                let apart = *marked || *also_marked || !terms.contains_key(*one) || !terms.contains_key(*two);
                assert!(apart || !together(one, two), "`{name}` is {one} and {two}");
            }
        }
    }
}

#[test]
fn forms_of_countries_are_well_formed_and_unique() {
    let countries = rows::<6>("countries.tsv");
    is_unique("countries.tsv", countries.iter().map(|(_, columns)| columns.clone()));
    assert!(countries.is_sorted_by_key(|(_, [code, ..])| code.clone()), "countries.tsv is in the order of its codes");
    let kinds = ["name", "demonym", "capital", "region", "city", "metonym", "mark", "block"];
    let mut named = BTreeSet::new();
    for (line, [code, kind, language, form, flags, years]) in &countries {
        let place = format!("countries.tsv:{line}: {form}");
        assert!(kinds.contains(&kind.as_str()) && (kind == "block") == (code == "-"), "{place}");
        assert!(code == "-" || code.len() == 2 && code.chars().all(|c| c.is_ascii_uppercase()), "{place}");
        assert!(!form.is_empty() && !form.trim_end_matches('*').contains('*'), "{place}");
        assert!((2..=3).contains(&language.len()), "{place}");
        for flag in parts(flags, ',') {
            assert!(["case", "context", "historic"].contains(&flag), "{place}: {flag}");
        }
        if !years.is_empty() {
            let (from, to) = years.split_once("..").unwrap_or_else(|| panic!("{place}: {years}"));
            let year =
                |text: &str| text.is_empty() || text.parse().is_ok_and(|year: i32| (1000..=2100).contains(&year));
            assert!(year(from) && year(to) && (from.is_empty() || to.is_empty() || from <= to), "{place}: {years}");
        }
        if kind == "name" && language == "en" {
            named.insert(code.clone());
        }
    }
    assert_eq!(named, country_codes(), "every code has an English name");
}

#[test]
fn places_words_and_titles_are_well_formed_and_unique() {
    let codes = country_codes();
    let places = rows::<4>("places.tsv");
    is_unique(
        "places.tsv",
        places.iter().map(|(_, [place, country, region, _])| (place.clone(), country.clone(), region.clone())),
    );
    for (line, [place, country, _, rank]) in &places {
        assert!(
            !place.is_empty() && (codes.contains(country) || country.is_empty() && place == "United Nations"),
            "places.tsv:{line}: {country}"
        );
        assert!(["1", "2", "3", "4"].contains(&rank.as_str()), "places.tsv:{line}: {rank}");
    }
    let names = rows::<2>("names.tsv");
    is_unique("names.tsv", names.iter().map(|(_, [word, _])| word.clone()));
    for (line, [word, flags]) in &names {
        assert!(!word.is_empty() && !word.contains(' '), "names.tsv:{line}");
        assert!(!flags.is_empty() && flags.chars().all(|flag| "fswp".contains(flag)), "names.tsv:{line}: {flags}");
        is_unique(&format!("names.tsv:{line}"), flags.chars());
    }
    let titles = rows::<4>("titles.tsv");
    is_unique(
        "titles.tsv",
        titles.iter().map(|(_, [language, kind, form, _])| (language.clone(), kind.clone(), form.clone())),
    );
    let kinds = ["honorific", "title", "role", "speech", "particle", "suffix", "company", "not-name"];
    let offices: BTreeSet<String> = rows::<5>("offices.tsv").into_iter().map(|(_, [_, office, ..])| office).collect();
    let mut unheld = BTreeSet::new();
    for (line, [_, kind, form, office]) in &titles {
        assert!(kinds.contains(&kind.as_str()) && !form.is_empty(), "titles.tsv:{line}");
        assert!(office.is_empty() || kind == "title" || kind == "honorific", "titles.tsv:{line}: {office}");
        if !office.is_empty()
            && !offices.iter().any(|held| held.contains(office.as_str()) || office.contains(held.as_str()))
        {
            unheld.insert(office.clone());
        }
    }
    assert_eq!(unheld, BTreeSet::new(), "titles of offices nobody held");
}

#[test]
fn forms_of_first_names_are_well_formed_and_unique() {
    let names = rows::<2>("given_names.tsv");
    is_unique("given_names.tsv", names.iter().map(|(_, [name, _])| name.clone()));
    let forms = names.iter().flat_map(|(_, [_, forms])| parts(forms, '|'));
    is_unique("given_names.tsv", forms.map(|form| form.to_lowercase().replace('ё', "е")));
    for (line, [name, forms]) in &names {
        assert!(!name.contains(' ') && !parts(forms, '|').is_empty(), "given_names.tsv:{line}");
    }
}
