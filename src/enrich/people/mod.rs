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
mod ground;
mod runs;
mod uncased;
mod weight;

use crate::date::Date;

use super::gazetteer::{Gazetteer, Lexicon, People, Word};
use super::page::{Case, Mark, Page};
use cast::Cast;

pub use ground::Mention;

/// A person an article names.
#[expect(clippy::struct_excessive_bools, reason = "each is evidence of its own")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The canonical name of the gazetteer, else the fullest form printed; one word if the article never says more.
    pub name: String,
    /// Index in the gazetteer.
    pub person: Option<u32>,
    /// How often the person is named.
    pub count: u32,
    /// How much of the text that makes, see [`FULL`].
    pub weight: u32,
    /// Word of the body that names the person first.
    pub first: usize,
    /// Named in the title.
    pub in_title: bool,
    /// Named with a title or office: `President`, `Mrs`.
    pub has_title: bool,
    /// Described as only people are.
    pub is_sure: bool,
    /// A surname that nothing explains or makes sure of: it counts only if the archive knows whom it means.
    pub is_open: bool,
    /// Where it is named and why that was seen, if that was asked for.
    pub mentions: Vec<Mention>,
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
        Self {
            name,
            person: None,
            count: 0,
            weight: 0,
            first: usize::MAX,
            in_title: false,
            has_title: false,
            is_sure: false,
            is_open: false,
            mentions: Vec::new(),
        }
    }

    /// Whether an article of so many words is about the person rather than mentioning them: named in the title, or
    /// twice and not only towards the end, or at the start and once more, or in a short notice with a title.
    pub fn is_subject(&self, words: usize) -> bool {
        let is_late = self.first.saturating_mul(100) > words * LATE && self.weight < 4 * FULL;
        let is_early = self.first.saturating_mul(100) < words * EARLY && self.weight > FULL;
        self.in_title || self.weight >= 2 * FULL && !is_late || is_early || self.has_title && words < NOTICE
    }
}

/// What one mention weighs in what an article is about: `Mills`.
pub const FULL: u32 = 2;
/// `Mills' plan` is about the plan too, and `the Mills plan` is about nothing else.
pub const POSSESSIVE: u32 = 1;

/// Per cent of the words after which nobody enters who matters.
const LATE: usize = 60;

/// Per cent of the words before which somebody enters whom even `Mills' plan` shows to matter.
const EARLY: usize = 20;

/// Fewer words than these are a notice, which names nobody twice.
const NOTICE: usize = 60;

/// Names of one text that are looked at, since each is compared with all before it; an article has hundreds.
const MOST: usize = 1 << 13;

/// Reads one page, with its names in the nominative.
fn read_page(reader: &Reader, page: &mut Page, is_title: bool, cast: &mut Cast) {
    let Some(text) = cases::nominative(reader, page) else { return read_words(reader, page, is_title, cast) };
    let mut nominative = page.with_text(&text, reader.lexicon);
    read_words(reader, &mut nominative, is_title, cast);
    nominative.marks.resize(page.tokens.len(), Mark::default());
    std::mem::swap(&mut page.marks, &mut nominative.marks);
}

fn read_words(reader: &Reader, page: &mut Page, is_title: bool, cast: &mut Cast) {
    let mut candidates = match page.case {
        Case::Sentence => runs::read(reader, page),
        Case::Title | Case::Upper => capitals::read(reader, page),
    };
    candidates.truncate(MOST);
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
    /// The language writes every noun with a capital.
    writes_nouns_large: bool,
}

impl Reader<'_> {
    fn flags(&self, page: &Page, index: usize) -> Word {
        Word::of(self.lexicon.facts(&page.tokens[index]))
    }
}

/// Reads the people of an article off its title and body, given its language and date. Their words are marked on the pages.
pub fn read(
    title: &mut Page,
    body: &mut Page,
    gazetteer: &Gazetteer,
    (language, date): (Option<&str>, Option<Date>),
    countries: &[&'static str],
    keeps_mentions: bool,
) -> Names {
    let lexicon = gazetteer.lexicon();
    let languages = lexicon.languages(language);
    let writes_nouns_large = language.is_some_and(|language| language.split('-').next() == Some("de"));
    let reader = Reader { lexicon, people: gazetteer.people(), languages, date, countries, writes_nouns_large };
    let mut cast = Cast::new(reader, keeps_mentions);
    read_page(&reader, body, false, &mut cast);
    read_page(&reader, title, true, &mut cast);
    cast.finish()
}
