//! People and countries an archive tags itself: kept as truth, under the names the rest of the archive uses.

use super::gazetteer::Gazetteer;
use super::people::Found;
use crate::date::Date;

/// An archive's tags, resolved.
#[derive(Debug, Default)]
pub struct Tags {
    people: Vec<Found>,
    countries: Vec<String>,
    /// What the gazetteer does not know.
    pub unknown: Vec<String>,
}

/// Looks up tags written as names, codes or slugs such as `west-germany`.
pub fn resolve(people: &[String], countries: &[String], gazetteer: &Gazetteer, date: Option<&Date>) -> Tags {
    let mut tags = Tags::default();
    for tag in people {
        let name = tag.replace(['-', '_'], " ");
        let mut known = gazetteer.people_named(&name);
        if let Some(date) = date {
            known.sort_by_key(|person| person.distance(date).unwrap_or(i64::MAX));
        }
        match known.first() {
            Some(person) => tags.people.push(Found {
                person: gazetteer.people().index(person.name),
                count: 1,
                in_title: true,
                has_title: true,
                ..Found::named(person.name.to_owned())
            }),
            None => tags.unknown.push(tag.clone()),
        }
    }
    for tag in countries {
        match gazetteer.country_named(tag) {
            Some(code) => tags.countries.push(code.to_owned()),
            None => tags.unknown.push(tag.clone()),
        }
    }
    tags
}

impl Tags {
    /// The tagged people, then those found besides.
    pub fn people_first(&self, found: Vec<Found>) -> Vec<Found> {
        let besides = found.into_iter().filter(|found| !self.people.iter().any(|tagged| tagged.name == found.name));
        self.people.iter().cloned().chain(besides).collect()
    }

    /// The tagged countries, then those found besides.
    pub fn countries_first(&self, found: Vec<String>) -> Vec<String> {
        let besides = found.into_iter().filter(|code| !self.countries.contains(code));
        self.countries.iter().cloned().chain(besides).collect()
    }
}
