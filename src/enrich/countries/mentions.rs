//! The forms of countries in a text, each with the countries it can mean; the longest wins over those inside it.

use smallvec::SmallVec;

use crate::date::Date;
use crate::enrich::gazetteer::{Form, Gazetteer, Kind, Word, is_unspaced};
use crate::enrich::page::{Case, Mark, Page};
use crate::enrich::tokens::{Gap, Shape, Token};

/// One form found in a text, and the countries it can mean.
#[derive(Debug)]
pub struct Mention {
    /// Its first word.
    pub(super) first: usize,
    /// How it stands in a text without spaces.
    pub(super) written: Option<&'static str>,
    /// Country, kind, whether it is ambiguous by itself.
    pub(super) readings: SmallVec<[(u16, Kind, bool); 2]>,
}

/// Finds and marks the forms of countries on a page.
pub fn mark(page: &mut Page, gazetteer: &Gazetteer, language: Option<&str>, date: Option<&Date>) -> Vec<Mention> {
    let forms = gazetteer.forms();
    let language = language.map(|language| language.split('-').next().unwrap_or(language));
    let is_english = language == Some("en");
    let case = page.case;
    let text = page.text;
    let lexicon = gazetteer.lexicon();
    let accept = |form: &Form, tokens: &[Token]| {
        let spoken = form.language == "en" || language.is_none_or(|language| form.language == language);
        spoken
            && holds(form, date)
            && is_written(form, text, tokens, case, |token| Word::of(lexicon.facts(token)).is(Word::COMMON))
    };
    let mut mentions = Vec::new();
    let mut at = 0;
    while at < page.tokens.len() {
        let token = &page.tokens[at];
        if is_english && token.shape == Shape::Lower {
            at += 1;
            continue;
        }
        if let Some((exchange, past)) = share_sign(text, token) {
            if let Some(country) = forms.exchange(exchange) {
                // a sign that names no exchange is American mostly, not surely
                let readings = smallvec::smallvec![(country, Kind::Share, exchange == PLAIN_SIGN)];
                mentions.push(Mention { first: at, written: None, readings });
            }
            at += 1;
            while page.tokens.get(at).is_some_and(|next| (next.start as usize) < past) {
                at += 1;
            }
            continue;
        }
        match token.shape {
            Shape::Number => {}
            Shape::Uncased if token.text(text).chars().next().is_some_and(is_unspaced) => {
                let mut found: SmallVec<[u16; 4]> = SmallVec::new();
                forms.in_unspaced(token.text(text), |form, _| {
                    if form.kind != Kind::Block && holds(form, date) {
                        found.push(form.country);
                        mentions.push(Mention {
                            first: at,
                            written: Some(form.written),
                            readings: smallvec::smallvec![(form.country, form.kind, form.context)],
                        });
                    }
                });
            }
            _ => {
                if let Some((found, length)) = forms.longest(text, &page.tokens[at..], !is_english, accept) {
                    let tokens = &page.tokens[at..at + length];
                    let mut readings: SmallVec<[(u16, Kind, bool); 2]> = SmallVec::new();
                    let mut blocks = false;
                    for form in found.iter().filter(|form| accept(form, tokens)) {
                        blocks |= form.kind == Kind::Block;
                        if !readings.iter().any(|(country, ..)| *country == form.country) {
                            readings.push((form.country, form.kind, form.context));
                        }
                    }
                    if blocks {
                        page.mark(at, at + length, Mark::BLOCK);
                    } else {
                        // what marks a firm is not the country's name
                        if readings.iter().any(|(_, kind, _)| *kind != Kind::Mark) {
                            let mut set = Mark::COUNTRY;
                            if readings.iter().all(|(_, _, context)| *context) {
                                set.add(Mark::CONTEXT);
                            }
                            page.mark(at, at + length, set);
                        }
                        if is_english && lists_a_share(page, at) {
                            readings.iter_mut().for_each(|reading| *reading = (reading.0, Kind::Mark, reading.2));
                        }
                        mentions.push(Mention { first: at, written: None, readings });
                    }
                    at += length;
                    continue;
                }
            }
        }
        at += 1;
    }
    mentions
}

/// Whether a word stands behind `listed in` or `listed on the`: where a bond is listed says nothing of whom it is.
fn lists_a_share(page: &Page, at: usize) -> bool {
    (2..=3)
        .filter_map(|back| at.checked_sub(back))
        .any(|verb| page.word(verb) == LISTED && page.tokens[verb + 1..=at].iter().all(|token| token.gap == Gap::SPACE))
}

/// English, of shares and bonds.
const LISTED: &str = "listed";

/// The exchange in the sign of a share a word begins, with its dot, and where the sign ends: `.L` in `<BARC.L>` and
/// `(BARC.L)`, nothing but the dot in `<UK>`, as America's own signs are given.
fn share_sign<'a>(text: &'a str, token: &Token) -> Option<(&'a str, usize)> {
    let bytes = text.as_bytes();
    let start = token.start as usize;
    let closes = match bytes[start.checked_sub(1)?] {
        b'<' => b'>',
        b'(' => b')',
        _ => return None,
    };
    let sign = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    let dot = start + bytes[start..].iter().take(12).take_while(|byte| sign(byte)).count();
    let has_dot = bytes.get(dot) == Some(&b'.');
    let end = dot + usize::from(has_dot);
    let past = end + bytes[end..].iter().take(5).take_while(|byte| byte.is_ascii_uppercase()).count();
    // `(UN)` is an abbreviation, `(U.N.)` too
    let is_share = dot > start && bytes.get(past) == Some(&closes) && (closes == b'>' || has_dot && past > end);
    is_share.then(|| (if has_dot { &text[dot..past] } else { PLAIN_SIGN }, past))
}

/// Stands for the exchange a sign does not name.
const PLAIN_SIGN: &str = ".";

/// Whether a form holds at the article's date; without one, whether it holds today.
fn holds(form: &Form, date: Option<&Date>) -> bool {
    match date {
        Some(date) => (form.years.0..=form.years.1).contains(&date.year()),
        None => form.years.1 == i16::MAX,
    }
}

/// Whether the words are written as the form demands.
fn is_written(form: &Form, text: &str, tokens: &[Token], case: Case, is_common: impl Fn(&Token) -> bool) -> bool {
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return false };
    if form.exact {
        let written = &text[first.start as usize..last.end as usize];
        let wanted = form.written.trim_end_matches('.');
        return written == wanted && (case != Case::Upper || first.shape == Shape::Dotted || !is_common(first));
    }
    let demands = form.written.chars().next().is_some_and(char::is_uppercase);
    !demands
        || first.is_capital() && last.shape != Shape::Lower
        || first.shape == Shape::Uncased
        || form.written.chars().any(char::is_whitespace) && first.is_capital()
}
