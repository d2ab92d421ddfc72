//! Who an article names, known or not.
//!
//! One pass over the words of the body gathers runs of capitalised words and weighs what speaks for a person: a title,
//! a first name, an initial, a verb of speech. What the body explains then explains its bare surnames and the headline;
//! what it leaves open the gazetteer may know for the article's date. A surname nobody explains stays one word: the
//! archive may explain it.

mod candidate;
mod capitals;
mod cases;
mod cast;
mod runs;
mod uncased;
mod weight;

use crate::date::Date;

use super::gazetteer::{Gazetteer, Lexicon, People, Word};
use super::page::{Case, Mark, Page};
use cast::Cast;

/// A person an article names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The canonical name of the gazetteer, else the fullest form printed; one word if the article never says more.
    pub name: String,
    /// Index in the gazetteer.
    pub person: Option<u32>,
    /// How often the person is named.
    pub count: u32,
    /// Named in the title.
    pub in_title: bool,
    /// Named with a title or office: `President`, `Mrs`.
    pub has_title: bool,
    /// Described as only people are.
    pub is_sure: bool,
    /// A surname that nothing explains or makes sure of: it counts only if the archive knows whom it means.
    pub is_open: bool,
}

/// Who an article names.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// The people, most important first: by number of mentions, then by place.
    pub people: Vec<Found>,
    /// Names like people's that stand for firms, places and other things, sorted.
    pub things: Vec<String>,
}

impl Found {
    /// Someone of that name, not counted yet.
    pub fn named(name: String) -> Self {
        Self { name, person: None, count: 0, in_title: false, has_title: false, is_sure: false, is_open: false }
    }

    /// Whether an article of so many words is about the person rather than mentioning them: named in the title or
    /// twice, or in a short notice with a title.
    pub fn is_subject(&self, words: usize) -> bool {
        self.in_title || self.count >= 2 || self.has_title && words < NOTICE
    }
}

/// Fewer words than these are a notice, which names nobody twice.
const NOTICE: usize = 120;

/// Reads one page, with its names in the nominative.
fn read_page(reader: &Reader, page: &mut Page, is_title: bool, cast: &mut Cast) {
    let Some(text) = cases::nominative(reader, page) else { return read_words(reader, page, is_title, cast) };
    let mut nominative = page.with_text(&text);
    read_words(reader, &mut nominative, is_title, cast);
    nominative.marks.resize(page.tokens.len(), Mark::default());
    page.marks = nominative.marks;
}

fn read_words(reader: &Reader, page: &mut Page, is_title: bool, cast: &mut Cast) {
    let candidates = match page.case {
        Case::Sentence => runs::read(reader, page),
        Case::Title | Case::Upper => capitals::read(reader, page),
    };
    cast.read(page, &candidates, is_title);
    uncased::read(reader, page, is_title, cast);
}

/// What all steps look things up in.
#[derive(Clone, Copy)]
struct Reader<'a> {
    lexicon: &'a Lexicon,
    people: &'a People,
    languages: u32,
    date: Option<Date>,
    /// Codes of the countries the article names.
    countries: &'a [&'static str],
}

impl Reader<'_> {
    fn flags(&self, page: &Page, index: usize) -> Word {
        self.lexicon.word(page.tokens[index].key)
    }
}

/// Reads the people of an article off its title and body. Their words are marked on the pages.
pub fn read(
    title: &mut Page,
    body: &mut Page,
    gazetteer: &Gazetteer,
    language: Option<&str>,
    date: Option<Date>,
    countries: &[&'static str],
) -> Names {
    let lexicon = gazetteer.lexicon();
    let languages = lexicon.languages(language);
    let reader = Reader { lexicon, people: gazetteer.people(), languages, date, countries };
    let mut cast = Cast::new(reader);
    read_page(&reader, body, false, &mut cast);
    read_page(&reader, title, true, &mut cast);
    cast.finish()
}
