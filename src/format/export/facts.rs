//! Gathers the facts an export states about one document, whatever it is written in, and makes an article of them.

use crate::archive::{Skip, SkipReason, Warning};
use crate::article::Draft;
use crate::date::{self, Date, DateFrom, Order};
use crate::format::export::keys::{self, Database, Fact, Place};
use crate::format::text::byline;
use crate::format::{Context, bounds, markup, row};

/// What is known of a document so far; the first value of a fact counts.
pub struct Facts {
    database: Database,
    draft: Draft,
    date: Option<String>,
    time: Option<String>,
    lead: Vec<String>,
    text: Vec<String>,
}

impl Facts {
    /// Nothing yet.
    pub fn of(database: Database) -> Self {
        Self { database, draft: Draft::default(), date: None, time: None, lead: Vec::new(), text: Vec::new() }
    }

    /// Adds a value as written.
    pub fn put(&mut self, fact: Fact, value: &str) {
        let value = squeezed(value);
        if value.is_empty() {
            return;
        }
        let article = &mut self.draft.article;
        match fact {
            Fact::Title if article.title.is_empty() => article.title = value,
            Fact::Authors if article.authors.is_empty() => article.authors = names(&value),
            Fact::Source if article.source.is_none() => {
                // the place of publication may follow
                article.source =
                    value.split(';').next().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
            }
            // a year is better than nothing, and worse than a day
            Fact::Date if self.date.as_ref().is_none_or(|date| date.len() == 4) => self.date = Some(value),
            Fact::Time => _ = self.time.get_or_insert(value),
            Fact::Section if article.section.is_none() => article.section = section(self.database, &value),
            Fact::Language => _ = article.language.get_or_insert(value),
            Fact::Tags => add(&mut article.tags, list(&value)),
            Fact::People => {
                let people = list(&value).into_iter().map(|name| row::byline(&name).join(", "));
                add(&mut self.draft.people_tags, people.collect());
            }
            Fact::Countries => add(&mut self.draft.country_tags, list(&value)),
            Fact::Id if article.id.is_empty() => article.id = value,
            Fact::Url if value.contains("://") && !value.contains(' ') => _ = article.url.get_or_insert(value),
            Fact::Dateline => _ = self.draft.dateline.get_or_insert(value),
            Fact::Lead => self.lead.push(value),
            Fact::Text => self.text.push(value),
            _ => {}
        }
    }

    /// Whether a date was given.
    pub fn has_date(&self) -> bool {
        self.date.is_some()
    }

    /// Whether any text was given.
    pub fn has_text(&self) -> bool {
        !self.text.is_empty()
    }

    /// Takes the lead for the first paragraphs of the text, as Factiva cuts it.
    pub fn lead_is_text(&mut self) {
        let rest = std::mem::take(&mut self.text);
        self.text = std::mem::take(&mut self.lead);
        self.text.extend(rest);
    }

    /// The article.
    ///
    /// # Errors
    /// `NoText` if there is neither title nor text, `NotAnArticle` if the database put a page of its own there.
    pub fn finish(self, context: &Context, number: u64) -> Result<Draft, Skip> {
        let Self { database, mut draft, date, time, lead, text } = self;
        let skip = |reason, detail: String| Skip { reason, path: context.path.clone(), record: number, detail };
        let stub = |line: &String| keys::begins(database, Place::Stub, line);
        if let Some(line) = text.iter().chain(&lead).chain([&draft.article.title]).find(|line| stub(line)) {
            return Err(skip(SkipReason::NotAnArticle, format!("the database says: {line}")));
        }
        let article = &mut draft.article;
        // a summary stands for a text that is not there, and is not repeated before one that is
        article.body = if text.is_empty() { lead } else { text }.join("\n\n");
        if let Some(date) = date {
            article.date = time.and_then(|time| self::date(&format!("{date} {time}"))).or_else(|| self::date(&date));
            article.date_from = article.date.map(|_| DateFrom::Field);
            if article.date.is_none() {
                draft.warnings.push(Warning::DateRefused);
            }
        }
        if article.title.is_empty() && article.body.is_empty() {
            return Err(skip(SkipReason::NoText, "a document without title and text".to_owned()));
        }
        Ok(draft)
    }
}

/// A date as databases print it, with a weekday before or behind it and an edition after it.
pub fn date(text: &str) -> Option<Date> {
    let text = text.trim();
    date::read(text, Order::Unknown).or_else(|| {
        let found = date::find(text, Order::Unknown).into_iter().next()?;
        // a weekday and a comma may stand before it, no more
        (text[..found.start].split_whitespace().count() <= 1).then_some(found.date)
    })
}

/// The people a byline names: `Albrecht, Bernhard; Jane Roe`.
fn names(byline: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in byline.split([';', '|']) {
        for name in row::byline(part.trim()) {
            let name = byline::displayed(name.trim());
            // longer than a name and none: what somebody contributed
            let is_prose = name.split(' ').count() > 5 && !byline::is_name(&name);
            if !is_prose {
                bounds::list(&mut names, name);
            }
        }
    }
    names
}

/// `WIRTSCHAFT; S. 114` without the page.
fn section(database: Database, written: &str) -> Option<String> {
    let is_page =
        |part: &str| keys::begins(database, Place::Page, part) && part.chars().any(|char| char.is_ascii_digit());
    let parts: Vec<&str> =
        written.split(';').map(str::trim).filter(|part| !part.is_empty() && !is_page(part)).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// `code : Name | code : Name`, `ELECTIONS (90%); VOTING (78%)`, `Elections; Voting`.
fn list(written: &str) -> Vec<String> {
    let one = |part: &str| {
        let name = part.split_once(" : ").map_or(part, |(_, name)| name).trim();
        // `Name: Harbour Ferries Ltd; NAICS: 483212`
        let name = match name.split_once(": ") {
            Some((_, code)) if code.bytes().all(|byte| byte.is_ascii_digit() || byte == b' ') => "",
            Some(("Name", name)) => name,
            _ => name,
        };
        // `United States--US`
        let name = name.split_once("--").map_or(name, |(name, _)| name.trim());
        // how sure the database is of it
        let sure = name.strip_suffix("%)").and_then(|rest| rest.rsplit_once('('));
        sure.filter(|(_, digits)| digits.bytes().all(|byte| byte.is_ascii_digit()))
            .map_or(name, |(name, _)| name.trim())
            .to_owned()
    };
    written.split(['|', ';']).map(one).collect()
}

fn add(tags: &mut Vec<String>, new: Vec<String>) {
    for tag in new {
        bounds::list(tags, tag);
    }
}

/// On one line, with single blanks.
pub fn squeezed(text: &str) -> String {
    let text = markup::entities(text);
    text.split([' ', '\n', '\t', '\u{A0}', '\u{202F}', '\u{200B}'])
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_every_layout() {
        for (text, iso) in [
            ("January 11, 2010 Monday", "2010-01-11"),
            ("December 19, 1991, Sunday, An Edition", "1991-12-19"),
            ("27. Februar 2012 Montag 9:50 PM GMT+1", "2012-02-27T21:50:00+01:00"),
            ("January 10, 2018 Wednesday 10:36 EST", "2018-01-10T10:36:00-05:00"),
            ("9 Januar 1993", "1993-01-09"),
            ("2018 年 10 月 7 日 17:04", "2018-10-07T17:04:00"),
            ("mardi 14 mars 2006", "2006-03-14"),
            ("Mar 9, 2004", "2004-03-09"),
            ("8 April 2005 10:12", "2005-04-08T10:12:00"),
        ] {
            assert_eq!(date(text).map(|date| date.to_string()).as_deref(), Some(iso), "{text}");
        }
        assert_eq!(date("The accord was signed on 9 March 1994."), None);
    }

    #[test]
    fn lists_lose_codes_and_shares() {
        assert_eq!(list("usa : United States | namz : North America"), ["United States", "North America"]);
        assert_eq!(list("ELECTIONS (90%); VOTING (78%)"), ["ELECTIONS", "VOTING"]);
    }
}
