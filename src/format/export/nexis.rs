//! `LexisNexis` in its three shapes, read alike: documents of blocks, known by their order and by the keys before them.
//!
//! Classic text and HTML put publication and date before the headline (or the date after it), then `KEY: value`, the text,
//! more keys, the rights. Nexis Uni writes title, publication, date, rights, keys, the word `Body`, the text, more keys.

use crate::archive::Skip;
use crate::article::Draft;
use crate::format::Context;
use crate::format::export::facts::{self, Facts};
use crate::format::export::keys::{self, Database, Fact, Place};
use crate::format::export::tags;

const NEXIS: Database = Database::Nexis;
/// Blanks before a line that is centred.
const CENTRED: usize = 8;
/// Blocks that may stand before the date.
const HEAD: usize = 8;

/// Blocks of one document; further lines belong to the last.
const MOST: usize = 1 << 16;

/// Lines that belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Block {
    lines: Vec<String>,
    centred: bool,
}

impl Block {
    fn first(&self) -> &str {
        self.lines.first().map_or("", String::as_str)
    }

    /// Its lines as one; a word broken at its hyphen is whole again.
    fn text(&self) -> String {
        let mut text = String::new();
        for line in &self.lines {
            let broken = text.ends_with('-') && !text.ends_with(" -") && !text.ends_with("--");
            if !text.is_empty() && !broken {
                text.push(' ');
            }
            text.push_str(line);
        }
        text
    }
}

/// Whether a line counts documents: `3 of 49 DOCUMENTS`, `Dokument 3 von 49`.
pub fn is_counter(line: &str) -> bool {
    let line = line.trim();
    if line.len() > 60 {
        return false;
    }
    let words: Vec<&str> = line.split_whitespace().collect();
    let numbers: Vec<u64> = words.iter().filter_map(|word| word.parse().ok()).collect();
    let [number, all] = numbers[..] else { return false };
    let counts = |word: &&str| keys::begins(NEXIS, Place::Count, word);
    words.len() == 4 && number <= all && number > 0 && words.iter().any(counts)
}

/// Reads a document of classic text.
///
/// # Errors
/// As [`Facts::finish`].
pub fn text(record: &str, context: &Context, number: u64) -> Result<Draft, Skip> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for line in record.lines() {
        let words = line.trim();
        if words.is_empty() {
            open = false;
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        // keys without blank lines between them
        let another = blocks.last().is_some_and(|block| shouted(block.first()).is_some()) && shouted(words).is_some();
        let full = blocks.len() >= MOST;
        match blocks.last_mut() {
            Some(block) if open && !another || full => block.lines.push(words.to_owned()),
            _ => blocks.push(Block { lines: vec![words.to_owned()], centred: indent >= CENTRED }),
        }
        open = true;
    }
    classic(&blocks, context, number)
}

/// Reads a document of classic HTML.
///
/// # Errors
/// As [`Facts::finish`].
pub fn html(record: &str, context: &Context, number: u64) -> Result<Draft, Skip> {
    let blocks: Vec<Block> = tags::blocks(record, &|_| false)
        .into_iter()
        .map(|block| {
            let lines = block.text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
            Block { lines, centred: false }
        })
        .collect();
    classic(&blocks, context, number)
}

/// The key in capitals a line begins with.
fn shouted(line: &str) -> Option<(Place, Fact, &str)> {
    let (place, fact, value) = keys::keyed(NEXIS, line)?;
    let name = line.split(':').next().unwrap_or_default();
    (!name.chars().any(char::is_lowercase)).then_some((place, fact, value))
}

fn is_rights(block: &Block) -> bool {
    keys::begins(NEXIS, Place::Rights, block.first())
        && (block.centred || block.lines.len() > 1 || block.first().len() < 160)
        && (block.centred || block.text().split(|char: char| !char.is_ascii_digit()).any(|number| number.len() == 4))
}

fn classic(blocks: &[Block], context: &Context, number: u64) -> Result<Draft, Skip> {
    let mut facts = Facts::of(NEXIS);
    let start = blocks.iter().position(|block| is_counter(block.first())).map_or(0, |at| at + 1);
    let blocks: Vec<&Block> = blocks[start..].iter().collect();
    // some exports put the rights first
    let rights = blocks.iter().take_while(|block| is_rights(block)).count();
    let blocks = &blocks[rights..];
    let first_key = blocks.iter().position(|block| shouted(block.first()).is_some()).unwrap_or(blocks.len());
    let is_date = |block: &&Block| facts::date(block.first()).is_some();
    let dated = blocks[..first_key].iter().take(HEAD).skip(1).position(is_date).map(|at| at + 1);
    // the headline may have a key of its own
    let titled = blocks.iter().take_while(|block| !is_rights(block)).find_map(|block| {
        shouted(block.first()).filter(|(place, fact, _)| (*place, *fact) == (Place::Head, Fact::Title))
    });
    let mut used = vec![false; first_key];
    let mut take = |at: usize| {
        used[at] = true;
        blocks[at].text()
    };
    if first_key > 0 && (dated.is_some() || first_key > 1) {
        facts.put(Fact::Source, &take(0));
    }
    if let Some(at) = dated {
        take(at);
        facts.put(Fact::Date, blocks[at].first());
    }
    if titled.is_none() {
        let after = dated.unwrap_or(0) + 1;
        let before = (1..dated.unwrap_or(1)).find(|at| !blocks[*at].centred);
        let title =
            before.or_else(|| (after..first_key).find(|at| !blocks[*at].centred)).or_else(|| (after..first_key).next());
        if let Some(at) = title {
            facts.put(Fact::Title, &take(at));
        }
    }
    // what is centred there is an edition
    let rest: Vec<&&Block> =
        blocks[..first_key].iter().zip(&used).filter(|(_, used)| !**used).map(|(block, _)| block).collect();
    for block in rest.into_iter().filter(|block| !block.centred && !is_rights(block)) {
        facts.put(Fact::Text, &block.text());
    }
    let mut place = Place::Head;
    for block in &blocks[first_key..] {
        let text = block.text();
        match (place, shouted(block.first())) {
            (Place::Head, Some((found, fact, _))) => {
                place = found;
                facts.put(fact, value_of(&text));
            }
            (Place::Head | Place::Text, None) if is_rights(block) => place = Place::Tail,
            (Place::Head | Place::Text, None) => {
                place = Place::Text;
                facts.put(Fact::Text, &text);
            }
            (Place::Text, Some((Place::Tail, fact, _))) => {
                place = Place::Tail;
                facts.put(fact, value_of(&text));
            }
            (Place::Text, Some(_)) => facts.put(Fact::Text, &text),
            (_, Some((_, fact, _))) if fact != Fact::Text && fact != Fact::Title && fact != Fact::Lead => {
                facts.put(fact, value_of(&text));
            }
            _ => {}
        }
    }
    facts.finish(context, number)
}

fn value_of(text: &str) -> &str {
    text.split_once(':').map_or("", |(_, value)| value)
}

/// Whether paragraphs are a document of Nexis Uni.
pub fn is_document(paragraphs: &[&str]) -> bool {
    let body = paragraphs.iter().any(|line| heading(line).is_some_and(|(place, _)| place == Place::Text));
    let over = paragraphs.iter().any(|line| keys::begins(NEXIS, Place::Over, line));
    let keyed = paragraphs.iter().any(|line| keys::keyed(NEXIS, line).is_some());
    keyed && (body || over)
}

/// Whether a paragraph ends a document of Nexis Uni.
pub fn is_over(line: &str) -> bool {
    line.len() < 80 && keys::begins(NEXIS, Place::Over, line)
}

/// A key that stands alone.
fn heading(line: &str) -> Option<(Place, Fact)> {
    keys::key(NEXIS, line.trim_end_matches(':')).filter(|_| line.chars().next().is_some_and(char::is_uppercase))
}

/// Reads a document of Nexis Uni or Lexis+, one paragraph a line.
///
/// # Errors
/// As [`Facts::finish`].
pub fn uni(paragraphs: &[&str], context: &Context, number: u64) -> Result<Draft, Skip> {
    let mut facts = Facts::of(NEXIS);
    let is_date = |line: &str| line.len() < 100 && keys::keyed(NEXIS, line).is_none() && facts::date(line).is_some();
    let dated = paragraphs.iter().take(60).skip(1).position(|line| is_date(line)).map(|at| at + 1);
    let mut at = match dated {
        Some(dated) => {
            // further up may lie a list of titles
            let title = if dated > 3 { dated - 2 } else { 0 };
            facts.put(Fact::Title, paragraphs[title]);
            if dated >= 2 {
                facts.put(Fact::Source, paragraphs[dated - 1]);
            }
            facts.put(Fact::Date, paragraphs[dated]);
            dated + 1
        }
        None => {
            facts.put(Fact::Title, paragraphs.first().unwrap_or(&""));
            let source = paragraphs.get(1).filter(|line| keys::keyed(NEXIS, line).is_none() && heading(line).is_none());
            facts.put(Fact::Source, source.unwrap_or(&""));
            1 + usize::from(source.is_some())
        }
    };
    let has_body = paragraphs[at.min(paragraphs.len())..]
        .iter()
        .any(|line| heading(line).is_some_and(|(place, _)| place == Place::Text));
    let mut place = Place::Head;
    while let Some(line) = paragraphs.get(at).copied() {
        at += 1;
        if is_over(line) {
            break;
        }
        match place {
            Place::Head => {
                if let Some((found, fact, value)) = keys::keyed(NEXIS, line) {
                    facts.put(fact, value);
                    place = if found == Place::Head { Place::Head } else { found };
                } else if heading(line).is_some_and(|(place, _)| place == Place::Text) {
                    place = Place::Text;
                } else if !has_body && !keys::begins(NEXIS, Place::Rights, line) {
                    place = Place::Text;
                    facts.put(Fact::Text, line);
                }
            }
            Place::Text => {
                let after = |(found, _): &(Place, Fact)| *found == Place::Tail;
                // the database's own keys are in capitals or have a blank that does not break behind them
                let own = line.contains(":\u{A0}") || shouted(line).is_some();
                let keyed = keys::keyed(NEXIS, line).filter(|(found, _, _)| own && *found == Place::Tail);
                if heading(line).as_ref().is_some_and(after) {
                    place = Place::Tail;
                } else if let Some((_, fact, value)) = keyed {
                    place = Place::Tail;
                    facts.put(fact, value);
                } else {
                    facts.put(Fact::Text, line);
                }
            }
            _ => {
                if let Some((Place::Tail, fact, value)) = keys::keyed(NEXIS, line) {
                    facts.put(fact, value);
                }
            }
        }
    }
    facts.finish(context, number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_are_told_from_prose() {
        for line in ["  1 of 10 DOCUMENTS", "12 de 49 DOCUMENTS", "Dokument 3 von 49"] {
            assert!(is_counter(line), "{line}");
        }
        for line in ["10 of 1 DOCUMENTS", "Two of 10 documents were lost", "1 of 10 people", ""] {
            assert!(!is_counter(line), "{line}");
        }
    }

    #[test]
    fn a_broken_document_does_not_panic() {
        for record in
            ["", "1 of 1 DOCUMENTS", "1 of 1 DOCUMENTS\n\n  A\n\nBYLINE:", "BODY:\n\nLOAD-DATE: x\n\nCopyright"]
        {
            let _ = text(record, &Context::default(), 1);
            let _ = html(record, &Context::default(), 1);
            let _ = uni(&record.lines().collect::<Vec<_>>(), &Context::default(), 1);
        }
    }

    #[test]
    fn a_stub_is_named() {
        let record = "1 of 2 DOCUMENTS\n\nWe are sorry but there is an error in this document and it is not possible to display it.";
        assert_eq!(text(record, &Context::default(), 1).unwrap_err().reason, crate::archive::SkipReason::NotAnArticle);
    }
}
