//! Finds names where capitals tell nothing: headlines that capitalise every word, and texts in capitals throughout.
//!
//! Here a name must be known: to the gazetteer, to the rest of the article, or by its title or both its parts.

use super::Reader;
use super::candidate::Candidate;
use super::runs::{Before, candidate, company_after, continues, firm, follows_title, known};
use crate::enrich::gazetteer::{Role, Word};
use crate::enrich::page::{Mark, Page};
use crate::enrich::tokens::Shape;

/// The candidates of a page in order.
pub fn read(reader: &Reader, page: &Page) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    let mut before = Before::default();
    let mut at = 0;
    while at < page.tokens.len() {
        let token = &page.tokens[at];
        let title = std::mem::take(&mut before);
        if !token.is_capital() || page.marks[at].has(Mark::BLOCK) {
            at += 1;
            continue;
        }
        if let Some(past) = firm(reader, page, at) {
            candidates.push(candidate(reader, page, at, past, Before::default(), false, true));
            at = past;
            continue;
        }
        if let Some(past) = known(reader, page, at) {
            candidates.push(candidate(reader, page, at, past, title, true, false));
            at = past;
            continue;
        }
        if page.marks[at].has(Mark::COUNTRY) && !page.marks[at].has(Mark::CONTEXT) {
            at += 1;
            continue;
        }
        let wanted = Role::TITLE.or(Role::HONORIFIC);
        if let Some((phrase, length)) = reader.lexicon.phrase(&page.tokens[at..], wanted, reader.languages) {
            let past = at + length;
            if page
                .tokens
                .get(past)
                .is_some_and(|next| next.is_capital() && follows_title(&page.tokens[past - 1], next))
            {
                let office = if phrase.office.is_empty() { title.office } else { phrase.office };
                before = Before { title: true, office };
                at = past;
                continue;
            }
        }
        let past = name(reader, page, at, title.title);
        if past > at {
            let company = company_after(reader, page, past);
            candidates.push(candidate(reader, page, at, past, title, false, company));
        }
        at = past.max(at + 1);
    }
    candidates
}

/// Where a name that may begin at a word ends; `at` if none does.
fn name(reader: &Reader, page: &Page, at: usize, has_title: bool) -> usize {
    let tokens = &page.tokens;
    let role = |index: usize| reader.lexicon.role(&tokens[index], reader.languages);
    let is_surname = |index: usize| {
        let flags = reader.flags(page, index);
        flags.is_only(Word::SURNAME, Word::COMMON)
            && !role(index).is(Role::COMPANY.or(Role::NOT_NAME))
            && !page.marks[index].has(Mark::COUNTRY)
    };
    if role(at).is(Role::COMPANY.or(Role::NOT_NAME).or(Role::PARTICLE)) || tokens[at].shape == Shape::Dotted {
        return at;
    }
    let flags = reader.flags(page, at);
    let opens = flags.is_only(Word::FIRST, Word::COMMON) || tokens[at].shape == Shape::Initial && tokens[at].dot;
    if opens {
        let mut past = at + 1;
        while past < tokens.len()
            && past < at + 3
            && continues(&tokens[past - 1], &tokens[past])
            && tokens[past].shape == Shape::Initial
        {
            past += 1;
        }
        if past < tokens.len() && continues(&tokens[past - 1], &tokens[past]) && is_surname(past) {
            return past + 1;
        }
    }
    let acts = tokens[at].possessive
        || tokens
            .get(at + 1)
            .is_some_and(|next| next.gap.joins() && reader.lexicon.role(next, reader.languages).is(Role::SPEECH));
    // The archive may know whose name a word is where a headline begins, or after `Treasury's`.
    let placed = flags.is(Word::SURNAME) && (at == 0 || tokens[at - 1].possessive && tokens[at].gap.joins());
    let stands = has_title || acts || placed || !flags.is(Word::COMMON);
    if stands && tokens[at].shape != Shape::Initial { at + 1 } else { at }
}
