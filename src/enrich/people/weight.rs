//! Weighs what speaks for and against a run of words being a person.

use super::candidate::Candidate;
use super::{Reader, cases};
use crate::enrich::gazetteer::{Role, Word};
use crate::enrich::page::{Case, Mark, Page};
use crate::enrich::tokens::{Gap, Shape};

/// The weight of a candidate; also notes whether it speaks or is described as a person is.
pub fn weigh(reader: &Reader, page: &Page, candidate: &mut Candidate) -> i32 {
    let around = surroundings(reader, page, candidate);
    if candidate.is_company {
        return -20;
    }
    let title = if candidate.has_title { 4 } else { 0 };
    title + around + inside(reader, page, candidate)
}

/// What the words of the name say.
fn inside(reader: &Reader, page: &Page, candidate: &Candidate) -> i32 {
    let tokens = &page.tokens[candidate.first..candidate.past];
    // `Paul Young`: a surname that is also a word needs a first name that is nothing else.
    let surely_first = reader.flags(page, candidate.first).is_only(Word::FIRST, Word::COMMON.or(Word::PLACE));
    let mut weight = 0;
    let mut full_words = 0;
    let mut upper = 0;
    for (index, token) in tokens.iter().enumerate() {
        let flags = reader.flags(page, candidate.first + index);
        let is_last = token.key == candidate.last_key;
        match token.shape {
            Shape::Initial if index == 0 => weight += 1,
            // `Class C`, not `Ann C`
            Shape::Initial => weight += if token.dot || surely_first { 2 } else { 0 },
            Shape::Dotted => weight += 2,
            Shape::Lower => weight += 1,
            Shape::Upper => upper += 1,
            _ => {}
        }
        if matches!(token.shape, Shape::Initial | Shape::Dotted | Shape::Lower) {
            continue;
        }
        full_words += 1;
        let is_name = flags.is(Word::NAME);
        if flags.is(Word::COMMON) && !is_name {
            weight -= 5;
        }
        let opens_as_particle = index == 0 && reader.lexicon.role(token, reader.languages).is(Role::PARTICLE);
        if index == 0 && flags.is(Word::FIRST) && !opens_as_particle {
            weight += if flags.is(Word::COMMON) { 1 } else { 2 };
        } else if opens_as_particle || index == 0 && flags.is_only(Word::PLACE, Word::FIRST) {
            weight -= 2;
        } else if is_last && (!flags.is(Word::COMMON) || flags.is(Word::SURNAME) && surely_first) {
            // A word in no list is a surname oftener than anything else, beside a first name.
            weight += if flags.is_only(Word::PLACE, Word::SURNAME) { -1 } else { 1 };
        }
    }
    if upper > 0
        && page.case == Case::Sentence
        && !(upper == 1
            && tokens[tokens.len() - 1].shape == Shape::Upper
            && tokens[tokens.len() - 1].end - tokens[tokens.len() - 1].start > 3)
    {
        weight -= 4;
    }
    if full_words > 4 {
        weight -= 2;
    }
    if (2..=3).contains(&full_words) && page.case == Case::Sentence && is_cyrillic_pair(reader, page, candidate) {
        weight += 2;
    }
    if tokens.len() > 1 && tokens[1..].iter().all(|token| token.gap.has(Gap::HYPHEN)) {
        // `Holm-Marsh` is a surname or a firm
        weight -= 3;
    }
    weight
}

/// Whether the words are Cyrillic and of the kind of names: bodies and places write small what follows their first word,
/// or begin with an adjective.
fn is_cyrillic_pair(reader: &Reader, page: &Page, candidate: &Candidate) -> bool {
    // what begins a sentence may be any word
    let opens = candidate.begins_sentence && !reader.flags(page, candidate.first).is(Word::NAME);
    !opens
        && (candidate.first..candidate.past).enumerate().all(|(index, at)| {
            let (token, word) = (&page.tokens[at], page.word(at));
            let flags = reader.flags(page, at);
            let joined = index == 0 || token.gap == Gap::SPACE;
            let adjective = word.chars().count() > 4 && ADJECTIVES.iter().any(|ending| word.ends_with(ending));
            let role = reader.lexicon.role(token, reader.languages);
            joined
                && token.shape == Shape::Capital
                && cases::is_cyrillic(word)
                && (!adjective || index > 0 && candidate.past - candidate.first == index + 1 || flags.is(Word::NAME))
                && !flags.is_only(Word::PLACE.or(Word::COMMON), Word::NAME)
                && !role.is(Role::NOT_NAME.or(Role::COMPANY).or(Role::TITLE).or(Role::ROLE))
                && !page.marks[at].has(Mark::COUNTRY)
        })
}

/// Endings of Russian and Ukrainian adjectives, longer than a name's ending.
const ADJECTIVES: [&str; 18] =
    ["ая", "яя", "ое", "ее", "ые", "ие", "ого", "его", "ому", "ему", "ых", "их", "ыми", "ими", "ую", "ый", "ий", "ої"];

/// What stands around the name; notes whether it acts, is surely a person's or stands where that of a thing does.
fn surroundings(reader: &Reader, page: &Page, candidate: &mut Candidate) -> i32 {
    let tokens = &page.tokens;
    let languages = reader.languages;
    let mut weight = 0;
    let mut acts = false;
    if candidate.first > 0 && !candidate.begins_sentence {
        let before = &tokens[candidate.first - 1];
        if before.shape == Shape::Lower && tokens[candidate.first].gap.joins() {
            let role = reader.lexicon.role(before, languages);
            if role.is(Role::SPEECH) {
                weight += 1;
                acts = true;
            }
            if role.is(Role::TITLE.or(Role::ROLE)) && !candidate.has_title {
                weight += 2;
                acts = true;
                candidate.is_sure = true;
            }
            if OF_THINGS.contains(&page.word(candidate.first - 1)) && !candidate.has_title {
                weight -= 3;
                candidate.is_thing = true;
            } else if candidate.first > 1 && !candidate.has_title && EMPLOYS.contains(&page.word(candidate.first - 1)) {
                // `chairman of`, `analyst with`
                let occupation = &tokens[candidate.first - 2];
                if before.gap.joins()
                    && reader.lexicon.role(occupation, languages).is(Role::TITLE)
                    && occupation.shape == Shape::Lower
                {
                    weight -= 2;
                    candidate.is_thing = true;
                }
            }
            let employed = candidate.first > 1
                && reader
                    .lexicon
                    .phrase(&tokens[candidate.first - 2..candidate.first], Role::ROLE, languages)
                    .is_some_and(|(_, length)| length == 2);
            if employed && page.word(candidate.first - 1) == EMPLOYED {
                weight -= 4;
                candidate.is_thing = true;
            }
        }
    }
    if let Some(after) = tokens.get(candidate.past) {
        let possessive = tokens[candidate.past - 1].possessive;
        if after.shape == Shape::Number && !after.gap.has(Gap::COMMA) && !after.gap.has(Gap::BRACKET) {
            // a line of a table
            weight -= 3;
        }
        if after.gap == Gap::COMMA && page.marks[candidate.past].has(Mark::COUNTRY) && !candidate.has_title && !acts {
            // a town and its state
            weight -= 3;
            candidate.is_thing = true;
        }
        if after.gap == Gap::SPACE && (after.shape == Shape::Lower || page.case != Case::Sentence) && !possessive {
            let role = reader.lexicon.role(after, languages);
            if role.is(Role::SPEECH) {
                weight += 1;
                acts = true;
            } else if role.is(Role::TITLE.or(Role::ROLE)) && employs(page, candidate) {
                weight -= 3;
                candidate.is_thing = true;
            }
        } else if after.gap == Gap::COMMA && !possessive {
            let described = reader.lexicon.phrase(&tokens[candidate.past..], Role::ROLE.or(Role::TITLE), languages);
            let age = after.shape == Shape::Number
                && after.end - after.start == 2
                && tokens.get(candidate.past + 1).is_none_or(|next| next.gap.has(Gap::COMMA));
            let speech = after.shape == Shape::Lower && reader.lexicon.role(after, languages).is(Role::SPEECH);
            if described.is_some() && after.shape == Shape::Lower || age {
                weight += 2;
                acts = true;
                candidate.is_sure = true;
            } else if speech {
                weight += 1;
            }
        }
    }
    candidate.acts = acts;
    weight
}

/// Whether an occupation behind the name leads to somebody's name: `Marsh Holt analyst Ann Ridley`.
fn employs(page: &Page, candidate: &Candidate) -> bool {
    let next = page.tokens.get(candidate.past + 1);
    !candidate.has_title
        && page.case == Case::Sentence
        && next.is_some_and(|next| next.shape == Shape::Capital && next.gap == Gap::SPACE)
}

/// English words that stand before what has a name, hardly before who has one.
const OF_THINGS: [&str; 2] = ["the", "at"];

/// English words that lead from an occupation to a firm.
const EMPLOYS: [&str; 3] = ["of", "at", "with"];

/// Leads from an occupation to a firm.
const EMPLOYED: &str = "with";
