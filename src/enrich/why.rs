//! Which words of an article gave each of its values, and why: the same reading once more, with its grounds kept.

use serde::Serialize;

use super::countries::{Counted, Standing};
use super::gazetteer::{Gazetteer, Kind};
use super::page::Page;
use super::people::Found;
use super::{names, pages};
use crate::article::Article;

/// One value of an article and what gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Given {
    /// The list it stands in: `people`, `mentioned`, `leaders` or `countries`.
    pub field: &'static str,
    /// The value.
    pub value: String,
    /// What the archive or the user made of another value, if they did: `Bush`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Why it stands in that list, the deciding reason first.
    pub because: Vec<String>,
    /// The words that name it, in order.
    pub words: Vec<Words>,
}

/// Words that name a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Words {
    /// `title` or `body`.
    #[serde(rename = "in")]
    pub place: &'static str,
    /// As printed.
    pub words: String,
    /// The same with some words around, on one line.
    pub around: String,
    /// Why they are taken to mean it.
    pub because: Vec<String>,
}

/// Words shown on either side.
const AROUND: usize = 6;

/// Letters shown on either side in a text that puts no spaces between words.
const LETTERS_AROUND: usize = 12;

/// What gave each value of an article, in the order of its lists. `is_open` tells which of its people are surnames only the
/// archive may explain, and their names.
pub fn why<'a>(article: &'a Article, gazetteer: &Gazetteer, open: impl Fn(&'a str) -> Option<&'a str>) -> Vec<Given> {
    let [mut title, mut body] = pages(article, gazetteer);
    let mut counted = Vec::new();
    let (names, standing) = names([&mut title, &mut body], article, gazetteer, Some(&mut counted));
    let mut given = Vec::new();
    for (field, list) in [("people", &article.people), ("mentioned", &article.mentioned)] {
        for value in list {
            let (name, is_open) = open(value).map_or((value.as_str(), false), |name| (name, true));
            let found = names.people.iter().find(|found| found.name == name && found.is_open == is_open);
            let because = person_because(field, found, body.tokens.len());
            let mentions = found.map_or(&[][..], |found| &found.mentions);
            let words = mentions.iter().map(|mention| {
                let page = if mention.in_title { &title } else { &body };
                let at = (mention.first, mention.past);
                words(page, mention.in_title, at, mention.written.as_deref(), mention.because.clone())
            });
            given.push(Given { field, value: value.clone(), from: None, because, words: words.collect() });
        }
    }
    for value in &article.leaders {
        let because = leader_because(value, article, gazetteer);
        given.push(Given { field: "leaders", value: value.clone(), from: None, because, words: Vec::new() });
    }
    for value in &article.countries {
        let standing =
            standing.iter().find(|(code, _)| code == value).map_or(Standing::Tagged, |(_, standing)| *standing);
        let of_country = counted.iter().filter(|counted| counted.country == value);
        let words = of_country.map(|counted| {
            let page = if counted.in_title { &title } else { &body };
            words(page, counted.in_title, (counted.first, counted.past), counted.written, vec![kind(counted)])
        });
        let because = vec![country_because(standing, article)];
        given.push(Given { field: "countries", value: value.clone(), from: None, because, words: words.collect() });
    }
    given
}

fn person_because(field: &str, found: Option<&Found>, words: usize) -> Vec<String> {
    let tagged = || "tagged by the archive".to_owned();
    let Some(found) = found else { return vec![tagged()] };
    let times = if found.count == 1 { "named once".to_owned() } else { format!("named {} times", found.count) };
    let mut because = Vec::new();
    if field == "people" && !found.is_subject(words) {
        because.push(tagged());
    }
    if found.in_title {
        because.push("named in the title".to_owned());
    }
    because.push(times);
    if field == "people" && found.has_title {
        because.push("named with a title".to_owned());
    }
    if field == "mentioned" {
        because.push("not in the title, and not often or early enough to be whom the article is about".to_owned());
    }
    because
}

/// The offices that make somebody a leader at an article's date.
pub fn leader_because(name: &str, article: &Article, gazetteer: &Gazetteer) -> Vec<String> {
    let Some(person) = gazetteer.person(name) else { return Vec::new() };
    let date = article.date.as_ref();
    let dated = date.map_or_else(|| "the article has no date".to_owned(), |date| format!("the article is of {date}"));
    person.in_office(date).filter(|office| office.leads).map(ToString::to_string).chain([dated]).collect()
}

fn country_because(standing: Standing, article: &Article) -> String {
    match standing {
        Standing::Tagged => "tagged by the archive".to_owned(),
        Standing::FiledFrom => {
            let place = article.filed_from.as_ref().map_or("there", |from| from.place.as_str());
            format!("filed from {place}")
        }
        Standing::Title => "named in the title".to_owned(),
        Standing::Weight => "named often or clearly enough".to_owned(),
        Standing::Lead => "named at the start".to_owned(),
        Standing::Only => "the only country named".to_owned(),
        Standing::Trades => "begins with a share traded there".to_owned(),
        Standing::Marks => "no country named, but its firms or money are at home there".to_owned(),
    }
}

fn kind(counted: &Counted) -> String {
    let kind = match counted.kind {
        Kind::Name => "a name of the country",
        Kind::Demonym => "its people or what is theirs",
        Kind::Capital => "its capital",
        Kind::Metonym => "a word for its government",
        Kind::Mark => "a mark of its firms or money",
        Kind::Share => "the sign of a share traded there",
        Kind::Region => "a region of it",
        Kind::City => "a city of it",
        Kind::Block => "another name",
    };
    if counted.in_context { format!("{kind}, which the rest of the article settles") } else { kind.to_owned() }
}

fn words(
    page: &Page,
    in_title: bool,
    (first, past): (usize, usize),
    written: Option<&str>,
    because: Vec<String>,
) -> Words {
    let place = if in_title { "title" } else { "body" };
    let span =
        |first: usize, past: usize| &page.text[page.tokens[first].start as usize..page.tokens[past - 1].end as usize];
    let past = past.clamp(first + 1, page.tokens.len());
    if let Some(written) = written {
        let around = letters_around(span(first, past), written);
        return Words { place, words: written.to_owned(), around, because };
    }
    let (from, to) = (first.saturating_sub(AROUND), (past + AROUND).min(page.tokens.len()));
    let mut around = one_line(span(from, to));
    if from > 0 {
        around.insert_str(0, "… ");
    }
    if to < page.tokens.len() {
        around.push_str(" …");
    }
    Words { place, words: one_line(span(first, past)), around, because }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn letters_around(text: &str, written: &str) -> String {
    let Some(at) = text.find(written) else { return written.to_owned() };
    let before: Vec<char> = text[..at].chars().rev().take(LETTERS_AROUND).collect();
    let after = text[at + written.len()..].chars().take(LETTERS_AROUND);
    before.into_iter().rev().chain(written.chars()).chain(after).collect()
}
