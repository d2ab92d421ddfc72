//! Fills in what an archive leaves out. The order is the screen below; each step is a plain function in its own file.

mod countries;
pub mod dateline;
mod gazetteer;
pub mod language;
mod leaders;
mod page;
mod people;
pub mod source;
mod tags;
mod tokens;

use sha2::{Digest, Sha256};

pub use gazetteer::{Gazetteer, Office, Person};

use crate::archive::Warning;
use crate::article::{Article, Draft, Origin};
use crate::date::Date;
use page::Page;
use tokens::Reading;

/// Completes a draft. The result depends on nothing but the draft, the gazetteer and `today`.
///
/// Lists come in a stable order: `people` and `countries` by number of mentions, then by place of the first.
pub fn enrich(draft: Draft, gazetteer: &Gazetteer, today: Date) -> (Article, Vec<Warning>) {
    let Draft { mut article, dateline, people_tags, country_tags, mut warnings } = draft;
    article.source = source::of(&article);
    article.language = language::read(article.language.as_deref(), &article.title, &article.body);
    let country_named = |name: &str| gazetteer.country_named(name).map(str::to_owned);
    dateline::fill(&mut article, dateline.as_deref(), &country_named);
    if article.date.is_some_and(|date| !date.is_plausible(today)) {
        article.date = None;
        article.date_from = None;
        warnings.push(Warning::DateRefused);
    }
    let tags = tags::resolve(&people_tags, &country_tags, gazetteer, article.date.as_ref());
    let language = article.language.as_deref();
    let filed_from = article.filed_from.as_ref().and_then(|from| from.country.as_deref());
    let reading = Reading { endings_after_apostrophe: language == Some("tr") };
    let mut title = Page::new(&article.title, reading, true);
    let mut body = Page::new(&article.body, reading, false);
    let in_title = countries::mark(&mut title, gazetteer, language, article.date.as_ref());
    let in_body = countries::mark(&mut body, gazetteer, language, article.date.as_ref());
    let named = countries::named([&in_title, &in_body], filed_from, gazetteer);
    let found = people::read(&mut title, &mut body, gazetteer, language, article.date, &named);
    let countries = countries::read((&title, &in_title), (&body, &in_body), filed_from, gazetteer);
    let (subjects, others): (Vec<_>, Vec<_>) =
        tags.people_first(found).into_iter().partition(|found| found.is_subject(body.tokens.len()));
    article.leaders = leaders::read(&subjects, gazetteer, article.date.as_ref());
    article.people = subjects.into_iter().map(|found| found.name).collect();
    article.mentioned = others.into_iter().map(|found| found.name).collect();
    article.countries = tags.countries_first(countries);
    article.tags.extend(tags.unknown);
    if article.id.is_empty() {
        article.id = id(article.url.as_deref(), &article.origin);
    }
    (article, warnings)
}

/// An id for an article whose archive gives none: a hash of its url, else of where it was read.
fn id(url: Option<&str>, origin: &Origin) -> String {
    let (kind, text) = match url {
        Some(url) => ('u', url.to_owned()),
        None => ('o', format!("{}\n{}", origin.path, origin.record)),
    };
    let hash = Sha256::digest(text.as_bytes());
    let mut id = String::from(kind);
    for byte in &hash[..10] {
        id.extend(std::char::from_digit(u32::from(byte >> 4), 16));
        id.extend(std::char::from_digit(u32::from(byte & 15), 16));
    }
    id
}
