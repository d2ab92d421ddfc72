//! Finds names in scripts without capitals: only those the gazetteer knows, word by word where there are spaces.

use super::Reader;
use super::cast::Cast;
use super::runs::known;
use crate::enrich::gazetteer::{is_unspaced, people_key};
use crate::enrich::page::Page;
use crate::enrich::tokens::Shape;

/// Parts the words of foreign names in Chinese.
const DOT: &str = "·";

/// Reads the names of a page written without capitals.
pub fn read(reader: &Reader, page: &Page, in_title: bool, cast: &mut Cast) {
    if !page.has_uncased() {
        return;
    }
    let mut at = 0;
    while at < page.tokens.len() {
        let token = &page.tokens[at];
        if token.shape != Shape::Uncased {
            at += 1;
            continue;
        }
        let word = token.text(page.text);
        if word.chars().next().is_some_and(is_unspaced) {
            // a dot parts the words of a foreign name: `特雷莎·梅`
            let dotted = |past: &usize| {
                page.tokens
                    .get(*past)
                    .is_some_and(|next| &page.text[page.tokens[*past - 1].end as usize..next.start as usize] == DOT)
            };
            let past = (at + 1..=page.tokens.len()).find(|past| !dotted(past)).unwrap_or(at + 1);
            let words = &page.text[token.start as usize..page.tokens[past - 1].end as usize];
            reader.people.in_unspaced(words, |key, written| cast.meet(key, (at, past), Some(written), in_title));
            at = past;
            continue;
        } else if let Some(past) = known(reader, page, at) {
            cast.meet(people_key(page.text, &page.tokens[at..past]), (at, past), None, in_title);
            at = past;
            continue;
        } else if !reader.people.with_key(people_key(page.text, &page.tokens[at..=at])).is_empty() {
            cast.meet(people_key(page.text, &page.tokens[at..=at]), (at, at + 1), None, in_title);
        }
        at += 1;
    }
}
