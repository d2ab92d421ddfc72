//! The keys databases print before values, by database: `BYLINE:`, `HD`, `Titre de la publication:`.
//!
//! They come from `schema/exports.tsv`, localized as the databases' own pages are.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Whose keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Database {
    /// `LexisNexis`, Nexis Uni, Lexis+.
    Nexis,
    /// Two-letter codes.
    Factiva,
    /// English, French and Spanish pages.
    Proquest,
    /// Only what its pages put round articles.
    Europresse,
}

/// What a value is in an article: the field of the same name, and some of an export's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    Title,
    Authors,
    Source,
    Date,
    /// Of the day; belongs to the date.
    Time,
    Section,
    Language,
    Tags,
    People,
    Countries,
    Id,
    Url,
    Dateline,
    /// A summary or first paragraphs, apart from the text.
    Lead,
    Text,
    /// Of no use to an article.
    Nothing,
}

/// Where a key stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// Before the text, or anywhere where text has a key too.
    Head,
    /// Begins the text.
    Text,
    /// After the text.
    Tail,
    /// Ends a document.
    Over,
    /// Begins a line about rights.
    Rights,
    /// A page in place of the article.
    Stub,
    /// Begins the number of a page.
    Page,
    /// Begins what is no text.
    Note,
    /// Begins the word for what is counted.
    Count,
}

type Forms = HashMap<String, (Place, Fact)>;

#[derive(Default)]
struct Keys {
    keys: HashMap<Database, Forms>,
    starts: HashMap<(Database, Place), Vec<String>>,
}

static KEYS: LazyLock<Keys> = LazyLock::new(|| {
    let mut keys = Keys::default();
    for line in crate::facts::EXPORTS.lines().filter(|line| !line.starts_with('#')) {
        let mut cells = line.split('\t');
        let (Some(database), Some(place), Some(fact), Some(form)) =
            (cells.next(), cells.next(), cells.next(), cells.next())
        else {
            continue;
        };
        let (Some(database), Some(place), Some(fact)) = (database_of(database), place_of(place), fact_of(fact)) else {
            continue;
        };
        match place {
            Place::Head | Place::Text | Place::Tail => {
                keys.keys.entry(database).or_default().entry(folded(form)).or_insert((place, fact));
            }
            _ => keys.starts.entry((database, place)).or_default().push(folded(form)),
        }
    }
    keys
});

fn database_of(name: &str) -> Option<Database> {
    Some(match name {
        "nexis" => Database::Nexis,
        "factiva" => Database::Factiva,
        "proquest" => Database::Proquest,
        "europresse" => Database::Europresse,
        _ => return None,
    })
}

fn place_of(name: &str) -> Option<Place> {
    Some(match name {
        "head" => Place::Head,
        "text" => Place::Text,
        "tail" => Place::Tail,
        "over" => Place::Over,
        "rights" => Place::Rights,
        "stub" => Place::Stub,
        "page" => Place::Page,
        "note" => Place::Note,
        "count" => Place::Count,
        _ => return None,
    })
}

fn fact_of(name: &str) -> Option<Fact> {
    Some(match name {
        "title" => Fact::Title,
        "authors" => Fact::Authors,
        "source" => Fact::Source,
        "date" => Fact::Date,
        "time" => Fact::Time,
        "section" => Fact::Section,
        "language" => Fact::Language,
        "tags" => Fact::Tags,
        "people" => Fact::People,
        "countries" => Fact::Countries,
        "id" => Fact::Id,
        "url" => Fact::Url,
        "dateline" => Fact::Dateline,
        "lead" => Fact::Lead,
        "text" => Fact::Text,
        "none" => Fact::Nothing,
        _ => return None,
    })
}

/// What a key says, if the database has it.
pub fn key(database: Database, name: &str) -> Option<(Place, Fact)> {
    // longer than any key, and no reason to fold a sentence
    if name.len() > 60 { None } else { KEYS.keys.get(&database)?.get(&folded(name)).copied() }
}

/// The key a line begins with, and the value behind its colon.
pub fn keyed(database: Database, line: &str) -> Option<(Place, Fact, &str)> {
    let (name, value) = line.split_once(':')?;
    let (place, fact) = key(database, name)?;
    Some((place, fact, value.trim()))
}

/// Whether a line begins with a phrase the database puts at such a place. Of a short phrase, the whole word must be there.
pub fn begins(database: Database, place: Place, line: &str) -> bool {
    let Some(forms) = KEYS.starts.get(&(database, place)) else { return false };
    // as long as the longest phrase
    let end = line.char_indices().nth(80).map_or(line.len(), |(at, _)| at);
    let start = folded(&line[..end]);
    let word = folded(line[..end].split(|char: char| !char.is_alphabetic() && char != '°').next().unwrap_or_default());
    let short = |form: &str| form.chars().count() < 8;
    forms.iter().any(|form| if short(form) { *form == word } else { start.starts_with(form.as_str()) })
}

/// Letters and digits in lower case.
fn folded(text: &str) -> String {
    text.chars().filter(|char| char.is_alphanumeric() || *char == '©').flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_known_in_every_language_of_a_database() {
        for (line, fact) in [
            ("BYLINE: Jane Roe", Fact::Authors),
            ("L\u{C4}NGE: 1285 W\u{F6}rter", Fact::Nothing),
            ("Section:\u{A0}News", Fact::Section),
            ("SPRACHE: GERMAN; DEUTSCH", Fact::Language),
        ] {
            assert_eq!(keyed(Database::Nexis, line).map(|(_, fact, _)| fact), Some(fact), "{line}");
        }
        assert_eq!(keyed(Database::Nexis, "The minister said: no"), None);
        assert_eq!(key(Database::Factiva, "HD").map(|(_, fact)| fact), Some(Fact::Title));
    }

    #[test]
    fn every_line_of_the_table_is_understood() {
        for line in crate::facts::EXPORTS.lines().filter(|line| !line.starts_with('#')) {
            let cells: Vec<&str> = line.split('\t').collect();
            let [database, place, fact, form] = cells[..] else { panic!("{line}") };
            assert!(database_of(database).is_some() && place_of(place).is_some() && fact_of(fact).is_some(), "{line}");
            assert!(!folded(form).is_empty(), "{line}");
        }
    }
}
