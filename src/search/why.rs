//! Which words gave an article its values, and what the archive and the user made of them.

use serde::Serialize;
use tantivy::TantivyDocument;

use crate::enrich::{Gazetteer, Given, leader_because, why as read_why};
use crate::index;
use crate::resolve::NameTable;

use super::address;
use super::archive::Archive;

/// The values of an article with their reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Why {
    /// The article's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its values: people, mentioned, leaders, countries, each list in its order.
    pub values: Vec<Given>,
}

/// Explains the people, leaders and countries of an article; `None` if no article has the id.
///
/// # Errors
/// If the index is damaged.
pub fn why(archive: &Archive, id: &str) -> anyhow::Result<Option<Why>> {
    let Some(address) = address(archive, id)? else { return Ok(None) };
    let document: TantivyDocument = archive.searcher().doc(address)?;
    let written = index::article(&document)?;
    let gazetteer = Gazetteer::embedded();
    let given = read_why(&written, gazetteer, NameTable::open_surname);
    let mut article = written.clone();
    archive.resolve(&mut article);
    let lists = [
        ("people", &article.people),
        ("mentioned", &article.mentioned),
        ("leaders", &article.leaders),
        ("countries", &article.countries),
    ];
    let year = article.date.map(|date| date.year());
    let names = archive.names();
    let mut values = Vec::new();
    for (field, list) in lists {
        for value in list {
            // whoever is among the people may be mentioned under another name too
            let means = |given: &&Given| match field {
                "countries" => given.field == field && given.value == *value,
                "leaders" => given.field == field && names.resolve(&given.value, year) == Some(value),
                _ => matches!(given.field, "people" | "mentioned") && names.resolve(&given.value, year) == Some(value),
            };
            let mut sources = given.iter().filter(means).peekable();
            if sources.peek().is_none() {
                // in office, as the archive found out
                let because = leader_because(value, &article, gazetteer);
                values.push(Given { field, value: value.clone(), from: None, because, words: Vec::new() });
            }
            for source in sources {
                let mut source = Given { field, ..source.clone() };
                if source.value != *value {
                    let written = NameTable::open_surname(&source.value).unwrap_or(&source.value).to_owned();
                    source.because.extend(names.reason(&source.value, year));
                    source.from = Some(written);
                    source.value.clone_from(value);
                }
                values.push(source);
            }
        }
    }
    Ok(Some(Why { id: article.id, title: article.title, values }))
}
