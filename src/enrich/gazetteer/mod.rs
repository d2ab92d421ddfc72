//! The facts of `schema/*.tsv`, packed for look-up.
//!
//! Each table is built when it is first asked for, so that one search does not pay for the words only reading needs.

mod countries;
mod country_names;
mod lexicon;
mod offices;
mod people;
mod table;
mod words;

use std::sync::LazyLock;

use crate::date::Date;

pub use countries::{Countries, Form, Kind};
pub use country_names::CountryNames;
pub use lexicon::{Lexicon, Role, Word};
pub use offices::Office;
pub use people::{Named, People, Person, add_word, key_of as people_key};

/// Countries, people and word lists.
#[derive(Debug)]
pub struct Gazetteer {
    people: LazyLock<People>,
    countries: LazyLock<Countries>,
    country_names: LazyLock<CountryNames>,
    lexicon: LazyLock<Lexicon>,
}

static EMBEDDED: Gazetteer = Gazetteer {
    people: LazyLock::new(People::embedded),
    countries: LazyLock::new(Countries::embedded),
    country_names: LazyLock::new(CountryNames::embedded),
    lexicon: LazyLock::new(|| Lexicon::embedded(EMBEDDED.people(), EMBEDDED.forms())),
};

impl Gazetteer {
    /// The gazetteer this program was built with.
    pub fn embedded() -> &'static Self {
        &EMBEDDED
    }

    /// The people with their names.
    pub fn people(&self) -> &People {
        &self.people
    }

    /// The countries with their forms.
    pub(super) fn forms(&self) -> &Countries {
        &self.countries
    }

    /// Names, titles and the words around them.
    pub(super) fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// Everyone who goes by `name`, in any script and writing: a full name, an alias or a short form. Those of whom it
    /// is a full form come first.
    pub fn people_named(&self, name: &str) -> Vec<&Person> {
        self.people.named(name)
    }

    /// The person with this canonical name.
    pub fn person(&self, canonical: &str) -> Option<&Person> {
        self.people.canonical(canonical)
    }

    /// Whether the person with this canonical name led a country at a date, see [`Person::is_leader_at`]; cheap even where nothing
    /// else is asked of the people.
    pub fn leads_at(&self, canonical: &str, date: Option<&Date>) -> bool {
        let offices = offices::held_by(canonical);
        offices.is_some_and(|offices| offices.iter().any(|office| office.leads_at(date)))
    }

    /// The code of the country meant by a code, a name or a demonym in any language.
    pub fn country_named(&self, text: &str) -> Option<&'static str> {
        self.countries.named(text)
    }

    /// The English name of a country.
    pub fn country_name(&self, code: &str) -> Option<&'static str> {
        country_names::shown(code)
    }

    /// A country's code as the tables hold it.
    pub(super) fn country_code(&self, code: &str) -> Option<&'static str> {
        self.country_names.entry(code).map(|(code, _)| code)
    }

    /// Codes and English names of all countries, by code.
    pub fn countries(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.country_names.all()
    }

    /// Everyone who led a country, with the office; by name, then by time.
    pub fn leaders_of(&self, country: &str) -> Vec<(&Person, &Office)> {
        let of_country = |office: &&Office| office.leads && office.country.eq_ignore_ascii_case(country);
        let people = self.people.all().iter();
        people.flat_map(|person| person.offices.iter().filter(of_country).map(move |office| (person, office))).collect()
    }

    /// Everyone who held an office named as people name it: `president of France`, `French president`, `pope`.
    pub fn office_holders(&self, text: &str) -> Vec<(&Person, &Office)> {
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        let text = words.join(" ");
        let held =
            self.people.all().iter().flat_map(|person| person.offices.iter().map(move |office| (person, office)));
        let named: Vec<(&Person, &Office)> = held.filter(|(_, office)| has_words(&text, office.office)).collect();
        // `vice president` is not `president`
        let Some(longest) = named.iter().map(|(_, office)| office.office.len()).max() else { return Vec::new() };
        let named = named.into_iter().filter(|(_, office)| office.office.len() == longest);
        let Some(office) = named.clone().next().map(|(_, office)| office.office) else { return Vec::new() };
        let rest = text.replacen(office, " ", 1);
        let rest: Vec<&str> = rest.split_whitespace().filter(|word| !matches!(*word, "of" | "the")).collect();
        if rest.is_empty() {
            return named.collect();
        }
        let Some(country) = self.country_named(&rest.join(" ")) else { return Vec::new() };
        named.filter(|(_, office)| office.country == country).collect()
    }
}

fn has_words(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(at, _)| {
        let before = text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        let after = text[at + words.len()..].chars().next().is_none_or(|c| !c.is_alphanumeric());
        before && after
    })
}

/// Whether a letter belongs to a script written without spaces between words.
pub fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{0e00}'..='\u{0e7f}' | '\u{f900}'..='\u{faff}')
}
