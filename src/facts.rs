//! The files of `schema/`, embedded once. Whoever needs one parses it from here; their hashes are part of an index's rules.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use sha2::{Digest, Sha256};

/// How newspapers credit the source of a story: `reports`, `according to`.
pub const ATTRIBUTIONS: &str = include_str!("../schema/attributions.tsv");
/// Junk lines, bylines, teasers and consent texts by language.
pub const BOILERPLATE: &str = include_str!("../schema/boilerplate.tsv");
/// Countries with their names, demonyms, places and look-alikes.
pub const COUNTRIES: &str = include_str!("../schema/countries.tsv");
/// Months, weekdays and the words around dates.
pub const DATES: &str = include_str!("../schema/dates.tsv");
/// Keys and headings of database exports.
pub const EXPORTS: &str = include_str!("../schema/exports.tsv");
/// Names other archives give to our fields.
pub const FIELDS: &str = include_str!("../schema/fields.tsv");
/// First names that are one name in several languages and scripts.
pub const GIVEN_NAMES: &str = include_str!("../schema/given_names.tsv");
/// What class and id names of web pages say.
pub const HTML: &str = include_str!("../schema/html.tsv");
/// Fields of the index, in tantivy's schema format.
pub const INDEX: &str = include_str!("../schema/index.json");
/// Languages with their names and most frequent words.
pub const LANGUAGES: &str = include_str!("../schema/languages.tsv");
/// Offices whose holders lead a country.
pub const LEADING_OFFICES: &str = include_str!("../schema/leading_offices.tsv");
/// First names and surnames.
pub const NAMES: &str = include_str!("../schema/names.tsv");
/// Who held which office when.
pub const OFFICES: &str = include_str!("../schema/offices.tsv");
/// People with the forms of their names.
pub const PEOPLE: &str = include_str!("../schema/people.tsv");
/// Places articles are filed from.
pub const PLACES: &str = include_str!("../schema/places.tsv");
/// News sources.
pub const SOURCES: &str = include_str!("../schema/sources.tsv");
/// Titles and the words around names.
pub const TITLES: &str = include_str!("../schema/titles.tsv");

/// Shape of an article in JSON.
pub const ARTICLE_SCHEMA: &str = include_str!("../schema/article.schema.json");
/// Shape of a search answer in JSON.
pub const RESULTS_SCHEMA: &str = include_str!("../schema/results.schema.json");

/// Every file an article depends on, with its name.
const ALL: [(&str, &str); 17] = [
    ("attributions.tsv", ATTRIBUTIONS),
    ("boilerplate.tsv", BOILERPLATE),
    ("countries.tsv", COUNTRIES),
    ("dates.tsv", DATES),
    ("exports.tsv", EXPORTS),
    ("fields.tsv", FIELDS),
    ("given_names.tsv", GIVEN_NAMES),
    ("html.tsv", HTML),
    ("index.json", INDEX),
    ("languages.tsv", LANGUAGES),
    ("leading_offices.tsv", LEADING_OFFICES),
    ("names.tsv", NAMES),
    ("offices.tsv", OFFICES),
    ("people.tsv", PEOPLE),
    ("places.tsv", PLACES),
    ("sources.tsv", SOURCES),
    ("titles.tsv", TITLES),
];

/// SHA-256 of every file, in lower-case hexadecimal.
pub fn checksums() -> &'static BTreeMap<String, String> {
    static CHECKSUMS: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
        ALL.iter().map(|(name, text)| ((*name).to_owned(), hexadecimal(&Sha256::digest(text)))).collect()
    });
    &CHECKSUMS
}

/// Lower-case hexadecimal of some bytes.
pub fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        text.push(DIGITS[usize::from(byte >> 4)]);
        text.push(DIGITS[usize::from(byte & 15)]);
    }
    text
}
