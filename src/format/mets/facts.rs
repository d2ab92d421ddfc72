//! What an issue's description says of the issue and of each article, in MODS or Dublin Core.

use crate::format::stamp;
use crate::format::xml::Element;

/// Letters of a title; a longer text under a heading is no title.
const LONGEST_TITLE: usize = 300;
/// Bytes of a value that every article below it is given.
const LONGEST_SHARED: usize = 1000;

/// What is known of an article, or of all articles of an issue.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    pub title: Option<String>,
    pub source: Option<String>,
    pub date: Option<String>,
    pub language: Option<String>,
    pub section: Option<String>,
    pub authors: Vec<String>,
}

impl Facts {
    /// Fit to be given to each of many articles.
    pub fn shared(mut self) -> Self {
        for value in [&mut self.source, &mut self.date, &mut self.language, &mut self.section].into_iter().flatten() {
            value.truncate(value.floor_char_boundary(LONGEST_SHARED));
        }
        self
    }
}

/// What a section of metadata in MODS or Dublin Core adds to what is known.
pub fn described(known: &Facts, section: &Element) -> Facts {
    let mut facts = known.clone();
    let Some(data) = section.at("mdWrap/xmlData") else { return facts };
    describe(data, false, &mut facts);
    facts
}

fn describe(element: &Element, in_host: bool, facts: &mut Facts) {
    for inside in element.elements() {
        match inside.local() {
            "relatedItem" => {
                let is_host = inside.attribute("type").is_some_and(|kind| matches!(kind, "host" | "series"));
                if is_host {
                    describe(inside, true, facts);
                }
            }
            "titleInfo" => {
                let title = inside.elements().filter(|part| ["nonSort", "title"].contains(&part.local()));
                let title = title.filter_map(Element::line).collect::<Vec<_>>().join(" ");
                let place = if in_host { &mut facts.source } else { &mut facts.title };
                if place.is_none() && has_letters(&title) {
                    *place = Some(title);
                }
            }
            "title" if !in_host => facts.title = facts.title.take().or_else(|| inside.line()),
            "dateIssued" | "dateCreated" | "date" | "issued" => {
                let is_end = inside.attribute("point") == Some("end");
                let is_better = |date: &str| {
                    let day = |text: &str| stamp::date(text).map(|date| date.day().is_some());
                    facts.date.as_deref().and_then(day) < day(date)
                };
                facts.date = match inside.line() {
                    Some(date) if !is_end && is_better(&date) => Some(date),
                    _ => facts.date.take(),
                };
            }
            "languageTerm" if !in_host => {
                let is_code = inside.attribute("type") == Some("code");
                if is_code || facts.language.is_none() {
                    facts.language = inside.line().or(facts.language.take());
                }
            }
            "language" if inside.elements().next().is_none() => {
                facts.language = facts.language.take().or_else(|| inside.line());
            }
            "name" if !in_host => facts.authors.extend(name(inside)),
            "creator" if !in_host => facts.authors.extend(inside.line()),
            "identifier" | "note" | "subject" => {}
            _ => describe(inside, in_host, facts),
        }
    }
}

/// A person: given name first.
fn name(element: &Element) -> Option<String> {
    if let Some(shown) = element.at("displayForm").and_then(Element::line) {
        return Some(shown);
    }
    let part = |kind: Option<&str>| {
        element.all("namePart").find(|part| part.attribute("type") == kind).and_then(Element::line)
    };
    let parts: Vec<String> = [part(Some("given")), part(Some("family"))].into_iter().flatten().collect();
    if parts.is_empty() { part(None) } else { Some(parts.join(" ")) }
}

/// Whether a text can be a title: what recognition makes of a line drawn above one is none.
pub fn has_letters(text: &str) -> bool {
    text.chars().filter(|char| char.is_alphanumeric()).nth(1).is_some() && text.chars().count() <= LONGEST_TITLE
}
