//! Why some words were taken to name somebody, in words for people: worked out only when somebody asks.

use super::Reader;
use super::candidate::Candidate;
use crate::date::Date;
use crate::enrich::gazetteer::{Person, Word};
use crate::enrich::page::Page;
use crate::enrich::tokens::Shape;

/// What makes words a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// A full name of the gazetteer.
    Known,
    /// A full name by what stands in and around it.
    Evidence,
    /// The surname of somebody the article names in full.
    Explained,
    /// The same surname once more.
    Again,
    /// A short form of the gazetteer that means one person at the article's date.
    Short,
    /// A surname after a title.
    Title,
    /// A surname that only the archive may explain.
    Open,
}

/// Words that name somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// They stand in the title.
    pub in_title: bool,
    /// The first of them.
    pub first: usize,
    /// One past the last.
    pub past: usize,
    /// The name itself, in a text that puts no spaces between words.
    pub written: Option<String>,
    /// Why they do.
    pub because: Vec<String>,
}

impl Ground {
    /// In words, beside what the gazetteer says of the person.
    pub fn text(self, person: Option<&Person>, date: Option<&Date>) -> String {
        let known =
            || person.and_then(|person| office_near(person, date)).map_or(String::new(), |at| format!(": {at}"));
        match self {
            Self::Known => format!("a full name of the gazetteer{}", known()),
            Self::Evidence => "a full name by what stands in and around it".to_owned(),
            Self::Explained => "the surname of somebody named in full here".to_owned(),
            Self::Again => "the same surname again".to_owned(),
            Self::Short => format!("a short form of the gazetteer{}", known()),
            Self::Title => "a surname after a title, which the article never explains".to_owned(),
            Self::Open => "a surname the article never explains".to_owned(),
        }
    }
}

/// The grounds of one mention, the deciding one first.
pub fn because(
    reader: &Reader,
    page: &Page,
    candidate: &Candidate,
    ground: Ground,
    person: Option<&Person>,
) -> Vec<String> {
    let mut because = vec![ground.text(person, reader.date.as_ref())];
    if !candidate.office.is_empty() {
        because.push(format!("after the office `{}`", candidate.office));
    } else if candidate.has_title && ground != Ground::Title {
        because.push("after a title".to_owned());
    }
    if candidate.words > 1 && ground == Ground::Evidence {
        if reader.flags(page, candidate.first).is(Word::FIRST) {
            because.push(format!("`{}` is a first name", page.word(candidate.first)));
        }
        let is_initial = |index: &usize| matches!(page.tokens[*index].shape, Shape::Initial | Shape::Dotted);
        if let Some(initial) = (candidate.first..candidate.past).find(is_initial) {
            because.push(format!("`{}` is an initial", page.word(initial)));
        }
        if reader.lexicon.word(candidate.last_key).is(Word::SURNAME) {
            because.push(format!("`{}` is a surname", page.word(candidate.past - 1)));
        }
    }
    if candidate.is_sure && !candidate.has_title {
        because.push("an occupation or an age stands beside it".to_owned());
    } else if candidate.acts && !candidate.has_title {
        because.push("speaks, or is described as people are".to_owned());
    }
    because
}

/// The office nearest to a date, with its time.
fn office_near(person: &Person, date: Option<&Date>) -> Option<String> {
    let away = |office: &&crate::enrich::Office| date.map_or(0, |date| office.distance(date));
    person.offices.iter().min_by_key(away).map(ToString::to_string)
}
