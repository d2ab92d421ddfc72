//! Finds the runs of capitalised words in running text and what stands around them.

use super::Reader;
use super::candidate::{Candidate, KNOWN};
use super::weight::weigh;
use crate::enrich::gazetteer::{Role, Word, add_word};
use crate::enrich::page::{Mark, Page};
use crate::enrich::tokens::{EMPTY, Facts, Gap, Shape, Token, join_plain};

/// Longest name, in words.
const LONGEST: usize = 7;

/// Goes on with the name of a body.
const BELONGS: &str = "of";

/// What stands before a name.
#[derive(Clone, Copy, Default)]
pub struct Before {
    /// A title or honorific.
    pub title: bool,
    /// The office it names.
    pub office: &'static str,
}

/// The candidates of a page in order.
pub fn read(reader: &Reader, page: &Page) -> Vec<Candidate> {
    let mut candidates = Vec::with_capacity(32);
    let mut at = 0;
    let mut before = Before::default();
    while at < page.tokens.len() {
        let token = &page.tokens[at];
        if !token.is_capital() {
            if token.shape == Shape::Lower {
                // `chancellor Meyer`, but also titles of languages that write them small
                let next = page.tokens.get(at + 1);
                if next.is_some_and(|next| next.is_capital() && follows_title(token, next)) {
                    before = small_title(reader, page, at);
                }
            }
            at += 1;
            continue;
        }
        let (next, after) = step(reader, page, at, before, &mut candidates);
        before = after;
        at = next;
    }
    candidates
}

/// Reads what begins at a capitalised word: where to go on, and the title that stands before that place.
fn step(reader: &Reader, page: &Page, at: usize, before: Before, candidates: &mut Vec<Candidate>) -> (usize, Before) {
    let tokens = &page.tokens;
    let none = Before::default();
    if page.marks[at].has(Mark::BLOCK) && !block_names_person(reader, page, at) {
        return (page.past_mark(at), none);
    }
    if let Some(past) = firm(reader, page, at) {
        candidates.push(candidate(reader, page, at, past, none, false, true));
        return (past, none);
    }
    if let Some(past) = known(reader, page, at) {
        candidates.push(candidate(reader, page, at, past, before, true, false));
        return (past, none);
    }
    let is_country = page.marks[at].has(Mark::COUNTRY) && !names_person(reader, page, at);
    if is_country {
        let past = page.past_mark(at);
        if past == at + 1 && page.marks[at].has(Mark::CONTEXT) {
            // The article may have explained the word as a surname.
            candidates.push(candidate(reader, page, at, past, before, false, false));
        }
        return (past, none);
    }
    if let Some((phrase, length)) =
        reader.lexicon.phrase(&tokens[at..], Role::TITLE.or(Role::HONORIFIC), reader.languages)
    {
        let past = at + length;
        let follows = tokens.get(past).is_some_and(|next| next.is_capital() && follows_title(&tokens[past - 1], next));
        let lone_name = length == 1 && before.title && !follows;
        if !lone_name {
            let place = length == 1 && reader.flags(page, at).is(Word::PLACE);
            if !follows || place || tokens[past - 1].possessive {
                return (past, none);
            }
            let office = if phrase.office.is_empty() { before.office } else { phrase.office };
            return (past, Before { title: true, office });
        }
    }
    let role = reader.lexicon.role(&tokens[at], reader.languages);
    // `Asa` is a first name, `ASA` a firm's form
    let first_name = role == Role::COMPANY
        && tokens[at].shape == Shape::Capital
        && reader.flags(page, at) == Word::FIRST
        && tokens.get(at + 1).is_some_and(|next| next.is_capital() && continues(&tokens[at], next));
    if !before.title && !first_name && role.is(Role::NOT_NAME.or(Role::COMPANY)) {
        return (at + 1, none);
    }
    let (mut past, mut company) = extend(reader, page, at);
    let mut first = at;
    if !before.title {
        match trim(reader, page, at, past) {
            Some(kept) => first = kept,
            None => return (past, none),
        }
    }
    while past - first > 1
        && reader.lexicon.role(&tokens[past - 1], reader.languages).is(Role::PARTICLE)
        && tokens[past - 1].shape == Shape::Lower
    {
        past -= 1;
    }
    company |= company_after(reader, page, past);
    candidates.push(candidate(reader, page, first, past, before, false, company));
    (past, none)
}

/// The title a word in small letters is: an honorific, or one that names an office. Others are left to the weights.
fn small_title(reader: &Reader, page: &Page, at: usize) -> Before {
    if !page.tokens[at].facts.may_have(Facts::ENDS_TITLE) {
        return Before::default();
    }
    let wanted = Role::TITLE.or(Role::HONORIFIC);
    // The longest title that ends here: `foreign minister Holm`.
    (0..3)
        .rev()
        .filter_map(|back| at.checked_sub(back))
        .filter_map(|from| {
            let (phrase, length) = reader.lexicon.phrase(&page.tokens[from..=at], wanted, reader.languages)?;
            (from + length == at + 1).then_some(phrase)
        })
        .find(|phrase| phrase.role.is(Role::HONORIFIC) || !phrase.office.is_empty())
        .map_or(Before::default(), |phrase| Before { title: true, office: phrase.office })
}

/// Whether a name may go on, or begin after a title, at `next`.
pub fn follows_title(title: &Token, next: &Token) -> bool {
    let short = title.end - title.start <= 5 || title.dot;
    !title.possessive && (next.gap.joins() || short && next.gap == Gap::STOP)
}

/// Where the name of a firm known by several words that begins here ends: `Morgan Stanley`.
pub fn firm(reader: &Reader, page: &Page, at: usize) -> Option<usize> {
    let (_, length) = reader.lexicon.phrase(&page.tokens[at..], Role::COMPANY, reader.languages)?;
    (length > 1 && page.tokens[at + length - 1].is_capital()).then_some(at + length)
}

/// Where a full name of the gazetteer that begins here ends.
pub fn known(reader: &Reader, page: &Page, at: usize) -> Option<usize> {
    let first = &page.tokens[at];
    if !page.tokens.get(at + 1).is_some_and(|next| continues(first, next)) {
        return None;
    }
    let longest = if first.facts.may_have(Facts::OPENS_NAME) { reader.people.longest_from(first.key) } else { 0 };
    if longest < 2 {
        return None;
    }
    let mut phrase = EMPTY;
    let mut best = None;
    for (index, token) in page.tokens[at..].iter().enumerate().take(longest + 1) {
        if index > 0 && !continues(&page.tokens[at + index - 1], token) {
            break;
        }
        phrase = add_word(phrase, page.text, token);
        if index > 0 && reader.people.with_key(phrase).iter().any(|named| named.full) {
            best = Some(at + index + 1);
        }
    }
    let past = best?;
    (!company_after(reader, page, past)).then_some(past)
}

/// Whether `next` may stand in one name with the word before it.
pub fn continues(last: &Token, next: &Token) -> bool {
    !last.possessive && (next.gap.joins() || last.dot && next.gap == Gap::STOP)
}

/// Whether the country's form at a word is part of a person's name after all: `Jordan Hall`, a first name and a surname.
fn names_person(reader: &Reader, page: &Page, at: usize) -> bool {
    let single = page.marks.get(at + 1).is_none_or(|mark| !mark.has(Mark::INSIDE));
    let Some(next) = page.tokens.get(at + 1) else { return false };
    single
        && page.marks[at].has(Mark::CONTEXT)
        && continues(&page.tokens[at], next)
        && next.shape == Shape::Capital
        && reader.flags(page, at).is(Word::FIRST)
        && !reader.flags(page, at + 1).is(Word::COMMON)
        && (reader.flags(page, at + 1).is(Word::SURNAME) || !reader.flags(page, at + 1).is(Word::PLACE))
        && !reader.lexicon.role(next, reader.languages).is(Role::COMPANY.or(Role::NOT_NAME))
        && !page.marks[at + 1].has(Mark::COUNTRY)
}

/// Whether a phrase that hides a country is a person's name: a first name, then a surname.
fn block_names_person(reader: &Reader, page: &Page, at: usize) -> bool {
    let last = page.past_mark(at) - 1;
    let role = reader.lexicon.role(&page.tokens[last], reader.languages);
    last > at
        && reader.flags(page, at).is(Word::FIRST)
        && reader.flags(page, last).is(Word::SURNAME)
        && !role.is(Role::COMPANY.or(Role::NOT_NAME))
}

/// How far the name begun at a word goes, and whether a company's word ends it.
fn extend(reader: &Reader, page: &Page, at: usize) -> (usize, bool) {
    let tokens = &page.tokens;
    let mut past = at + 1;
    while past < tokens.len() && past - at < LONGEST {
        let (last, next) = (&tokens[past - 1], &tokens[past]);
        let role = reader.lexicon.role(next, reader.languages);
        if role.is(Role::SUFFIX)
            && !last.possessive
            && (next.gap.joins() || next.gap == Gap::COMMA)
            && next.shape != Shape::Lower
            && !(next.shape == Shape::Initial && next.dot)
        {
            return (past + 1, false);
        }
        if !continues(last, next) || page.marks[past].has(Mark::BLOCK) && !page.marks[past].has(Mark::INSIDE) {
            break;
        }
        if next.shape == Shape::Lower {
            let particle = role.is(Role::PARTICLE) && particle_goes_on(reader, page, past);
            let syllable = next.gap == Gap::HYPHEN
                && next.end - next.start <= 6
                && !reader.flags(page, past).is(Word::COMMON)
                && !role.is(Role::ROLE.or(Role::SPEECH).or(Role::TITLE));
            if !particle && !syllable {
                break;
            }
            past += 1;
            continue;
        }
        if !next.is_capital() {
            break;
        }
        if role.is(Role::COMPANY) {
            return (past, true);
        }
        let flags = reader.flags(page, past);
        let after_first = past == at + 1
            && (reader.flags(page, at).is(Word::FIRST) || tokens[at].shape == Shape::Initial)
            || tokens[past - 1].shape == Shape::Initial;
        let initial = next.shape == Shape::Initial && next.dot;
        if role.is(Role::NOT_NAME) && !initial && !(after_first && flags.is(Word::SURNAME)) {
            break;
        }
        if page.marks[past].has(Mark::COUNTRY) && !(after_first && flags.is(Word::SURNAME)) {
            break;
        }
        if next.shape != Shape::Initial
            && reader.lexicon.phrase(&tokens[past..], Role::TITLE, reader.languages).is_some_and(|(_, length)| {
                let follows = tokens.get(past + length);
                length > 1
                    || !flags.is(Word::SURNAME)
                    || follows.is_some_and(|next| next.is_capital() && next.gap.joins())
            })
        {
            break;
        }
        past += 1;
    }
    (past, false)
}

/// Whether small words of a name lead to a capitalised one.
fn particle_goes_on(reader: &Reader, page: &Page, at: usize) -> bool {
    for index in at + 1..(at + 4).min(page.tokens.len()) {
        let token = &page.tokens[index];
        if !token.gap.joins() {
            return false;
        }
        if token.is_capital() {
            return token.shape != Shape::Upper && !page.marks[index].has(Mark::COUNTRY);
        }
        if !reader.lexicon.role(token, reader.languages).is(Role::PARTICLE) {
            return false;
        }
    }
    false
}

/// Drops ordinary words from the start of a run; `None` if what is left cannot be a person.
fn trim(reader: &Reader, page: &Page, at: usize, past: usize) -> Option<usize> {
    let mut first = at;
    let mut dropped = false;
    while past - first > 1 {
        let flags = reader.flags(page, first);
        let begins = first == at && page.tokens[first].gap.begins_sentence();
        let ordinary = if begins {
            let unlisted = flags == Word::default() && past - first > 2;
            // `Plus Holm`, where Holm is in office
            let next = join_plain(EMPTY, page.tokens[first + 1].key);
            let before_leader = past - first == 2
                && !flags.is(Word::NAME)
                && page.tokens[first].shape == Shape::Capital
                && reader.people.with_key(next).iter().any(|named| !named.full);
            flags.is_only(Word::COMMON, Word::FIRST)
                || unlisted && reader.flags(page, first + 1).is(Word::FIRST)
                || before_leader
        } else {
            flags == Word::COMMON
        };
        if !ordinary || page.tokens[first].shape == Shape::Initial {
            break;
        }
        dropped |= !begins;
        first += 1;
    }
    if past - first == 1 && dropped {
        return None;
    }
    if let Some(name) = german_name(reader, page, first, past) {
        return Some(name);
    }
    let starts_name =
        matches!(page.tokens[first].shape, Shape::Initial | Shape::Dotted) || reader.flags(page, first).is(Word::FIRST);
    (!dropped || starts_name).then_some(first)
}

/// Where a name begins behind the noun before it, in German, which writes nouns with a capital: `Montag Anna Weidler`,
/// `Angaben von Anna Weidler`.
fn german_name(reader: &Reader, page: &Page, first: usize, past: usize) -> Option<usize> {
    if !reader.writes_nouns_large || past - first < 3 || reader.flags(page, first).is(Word::FIRST) {
        return None;
    }
    (first + 1..past - 1).find(|at| {
        page.tokens[*at].shape == Shape::Capital
            && page.tokens[*at].gap == Gap::SPACE
            && reader.flags(page, *at).is_only(Word::FIRST, Word::COMMON)
    })
}

/// Whether what follows a run makes it a company: `& Co`, `and Sons`, `Inc`.
pub fn company_after(reader: &Reader, page: &Page, past: usize) -> bool {
    let Some(next) = page.tokens.get(past) else { return false };
    let is_company = |index: usize| {
        page.tokens
            .get(index)
            .is_some_and(|token| token.is_capital() && reader.lexicon.role(token, reader.languages).is(Role::COMPANY))
    };
    if page.tokens[past - 1].possessive || next.gap.has(Gap::BREAK) || next.gap.has(Gap::STOP) {
        return false;
    }
    if next.gap == Gap::BRACKET && is_share_sign(page, past) {
        return true;
    }
    if next.gap.joins() || next.gap == Gap::COMMA {
        let joined = next.shape == Shape::Lower && next.end - next.start <= 3 && next.gap.joins();
        // `Marsh and Sons`, not `Marsh and Bank of Holm Governor Ridley`
        let ends = |index: usize| {
            let next = page.tokens.get(index + 1);
            is_company(index)
                && next.is_none_or(|next| !next.gap.joins() || !next.is_capital() && page.word(index + 1) != BELONGS)
                || is_company(index) && is_company(index + 1)
        };
        // `General Dynamics corp`
        let small = next.shape == Shape::Lower
            && next.gap.joins()
            && !reader.flags(page, past).is(Word::COMMON)
            && reader.lexicon.role(next, reader.languages) == Role::COMPANY;
        if small {
            return true;
        }
        return is_company(past) && (next.gap.joins() || next.end - next.start <= 4) || joined && ends(past + 1);
    }
    let between = &page.text[page.tokens[past - 1].end as usize..next.start as usize];
    between.contains('&')
}

/// Whether a word is the sign of a share: `<BKO>`, `<BKO.L>`.
fn is_share_sign(page: &Page, at: usize) -> bool {
    let start = page.tokens[at].start as usize;
    let opens = page.text[..start].ends_with('<');
    let sign = page.text[start..].bytes().take_while(|byte| byte.is_ascii_uppercase() || *byte == b'.').take(10);
    opens && page.text.as_bytes().get(start + sign.count()) == Some(&b'>')
}

/// Puts together a candidate and weighs it.
pub fn candidate(
    reader: &Reader,
    page: &Page,
    first: usize,
    past: usize,
    before: Before,
    known: bool,
    is_company: bool,
) -> Candidate {
    let tokens = &page.tokens[first..past];
    let counts = |token: &&Token| {
        // `Xi` begins a name, `XI` ends one
        let opens = token.start == tokens[0].start;
        !matches!(token.shape, Shape::Initial | Shape::Dotted)
            && (opens || !reader.lexicon.role(token, reader.languages).is_suffix_only())
    };
    let last = tokens.iter().rev().find(counts).unwrap_or(&tokens[0]);
    let mut candidate = Candidate {
        first,
        past,
        weight: KNOWN,
        has_title: before.title,
        office: before.office,
        acts: false,
        is_sure: before.title,
        is_company,
        is_thing: is_company,
        begins_sentence: tokens[0].gap.begins_sentence(),
        key: tokens.iter().fold(EMPTY, |phrase, token| add_word(phrase, page.text, token)),
        plain_key: tokens.iter().filter(counts).fold(EMPTY, |phrase, token| add_word(phrase, page.text, token)),
        first_key: tokens[0].key,
        last_key: last.key,
        words: tokens.iter().filter(counts).count(),
    };
    let weight = weigh(reader, page, &mut candidate);
    if !known {
        candidate.weight = weight;
    }
    candidate
}
