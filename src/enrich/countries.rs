//! Which countries an article is about: their names, peoples, capitals, regions and seats of power.
//!
//! Every form is counted as a mention, the longest winning over those inside it. A form that is ambiguous by itself
//! counts beside other evidence for its country. A country named in the title or the dateline is one the article is
//! about; else it takes mentions that stand out in an article of that length.

use smallvec::SmallVec;

use super::gazetteer::{Countries, Form, Gazetteer, Kind, is_unspaced};
use super::page::{Case, Mark, Page};
use super::tokens::{Gap, Shape, Token};
use crate::date::Date;

/// One form found in a text, and the countries it can mean.
#[derive(Debug)]
pub struct Mention {
    /// Its first word.
    first: usize,
    /// How it stands in a text without spaces.
    written: Option<&'static str>,
    /// Country, kind, whether it is ambiguous by itself.
    readings: SmallVec<[(u16, Kind, bool); 2]>,
}

/// Why an article is about a country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The archive tags it so.
    Tagged,
    /// It was filed from there.
    FiledFrom,
    /// The title names it.
    Title,
    /// It is named often enough, by what says enough.
    Weight,
    /// It is named at the start.
    Lead,
    /// It names no other.
    Only,
}

/// One form counted for a country.
#[derive(Clone, Copy, Debug)]
pub struct Counted {
    /// Code of the country.
    pub country: &'static str,
    /// What the form is.
    pub kind: Kind,
    /// It is ambiguous by itself, and the rest of the article settled it.
    pub in_context: bool,
    /// It stands in the title.
    pub in_title: bool,
    /// Its first word.
    pub first: usize,
    /// One past its last word.
    pub past: usize,
    /// How it stands in a text without spaces.
    pub written: Option<&'static str>,
}

/// What an article says about one country.
#[expect(clippy::struct_excessive_bools, reason = "each is evidence of its own")]
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    mentions: u32,
    /// What the mentions in the body weigh, see [`weight`].
    weight: u32,
    /// Of the mentions, regions and cities.
    places: u32,
    /// Named by its name or its people in the title.
    in_title_by_name: bool,
    /// Named by its name among the first words of the body.
    leads: bool,
    in_title: bool,
    filed_from: bool,
    position: usize,
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
            && is_written(form, text, tokens, case, |token| lexicon.word(token.key).is(super::gazetteer::Word::COMMON))
    };
    let mut mentions = Vec::new();
    let mut at = 0;
    while at < page.tokens.len() {
        let token = &page.tokens[at];
        // `<UK.N>`: the sign of a share
        if token.start > 0 && text.as_bytes()[token.start as usize - 1] == b'<' {
            at += 1;
            continue;
        }
        match token.shape {
            Shape::Lower if is_english => {}
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
                    let mut set = Mark::BLOCK;
                    if !blocks {
                        set = Mark::COUNTRY;
                        if readings.iter().all(|(_, _, context)| *context) {
                            set.add(Mark::CONTEXT);
                        }
                        mentions.push(Mention { first: at, written: None, readings });
                    }
                    page.mark(at, at + length, set);
                    at += length;
                    continue;
                }
            }
        }
        at += 1;
    }
    mentions
}

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

/// Codes of the countries surely meant by some mention: those with a form that is not ambiguous.
pub fn named(mentions: [&[Mention]; 2], filed_from: Option<&str>, gazetteer: &Gazetteer) -> Vec<&'static str> {
    let forms = gazetteer.forms();
    let mut codes: Vec<&'static str> = Vec::new();
    let sure = mentions.into_iter().flatten().flat_map(|mention| &mention.readings).filter(|reading| !reading.2);
    for (country, ..) in sure {
        let code = forms.code(*country);
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    if let Some((code, _)) = filed_from.and_then(|from| gazetteer.countries().find(|(code, _)| *code == from)) {
        codes.push(code);
    }
    codes
}

/// Settles which countries the article is about, by number of mentions, then by place of the first.
pub fn read(
    title: (&Page, &[Mention]),
    body: (&Page, &[Mention]),
    filed_from: Option<&str>,
    gazetteer: &Gazetteer,
    mut grounds: Option<&mut Vec<Counted>>,
) -> Vec<(&'static str, Standing)> {
    let mut keep = |page: &Page, mention: &Mention, reading: (u16, Kind, bool), in_title: bool| {
        if let Some(grounds) = grounds.as_deref_mut() {
            let past = page.past_mark(mention.first);
            let (country, kind, in_context) = (gazetteer.forms().code(reading.0), reading.1, reading.2);
            grounds.push(Counted {
                country,
                kind,
                in_context,
                in_title,
                first: mention.first,
                past,
                written: mention.written,
            });
        }
    };
    let forms = gazetteer.forms();
    let mut tallies: Vec<(u16, Tally)> = Vec::new();
    let mut unsure: Vec<(&Page, &Mention, bool)> = Vec::new();
    let mut position = 0;
    for (page, mentions, in_title) in [(title.0, title.1, true), (body.0, body.1, false)] {
        for mention in mentions {
            position += 1;
            if page.marks[mention.first].has(Mark::PERSON) {
                continue;
            }
            match mention.readings.iter().find(|reading| !reading.2) {
                Some(reading) => {
                    keep(page, mention, *reading, in_title);
                    count(&mut tallies, *reading, in_title, mention.first, position);
                }
                None => unsure.push((page, mention, in_title)),
            }
        }
    }
    if let Some(from) = filed_from
        && let Some(country) = (0..).map_while(|index| forms.try_code(index)).position(|code| code == from)
    {
        tally(&mut tallies, country as u16, 0).filed_from = true;
    }
    // The body may settle what the title leaves open.
    unsure.sort_by_key(|(_, _, in_title)| *in_title);
    for (page, mention, in_title) in unsure {
        if let Some(reading) = settle(page, mention, &tallies, forms) {
            keep(page, mention, reading, in_title);
            count(&mut tallies, reading, in_title, mention.first, position);
        }
    }
    let words = body.0.tokens.len();
    let only = tallies.len() == 1;
    tallies.sort_by_key(|(_, tally)| (std::cmp::Reverse(tally.mentions), tally.position));
    let standing = |tally: &Tally| stands_out(tally, only, filed_from.is_some(), words);
    tallies.iter().filter_map(|(country, tally)| Some((forms.code(*country), standing(tally)?))).collect()
}

fn tally(tallies: &mut Vec<(u16, Tally)>, country: u16, position: usize) -> &mut Tally {
    let index = tallies.iter().position(|(known, _)| *known == country).unwrap_or_else(|| {
        tallies.push((country, Tally { position, ..Tally::default() }));
        tallies.len() - 1
    });
    &mut tallies[index].1
}

fn count(tallies: &mut Vec<(u16, Tally)>, reading: (u16, Kind, bool), in_title: bool, first: usize, position: usize) {
    let tally = tally(tallies, reading.0, position);
    tally.mentions += 1;
    tally.places += u32::from(matches!(reading.1, Kind::Region | Kind::City));
    if in_title {
        tally.in_title = true;
        tally.in_title_by_name |= matches!(reading.1, Kind::Name | Kind::Demonym);
    } else {
        tally.weight += weight(reading.1);
        tally.leads |= reading.1 == Kind::Name && first < LEAD;
    }
}

/// What one mention weighs: a name says most, a city may be no more than where somebody spoke.
fn weight(kind: Kind) -> u32 {
    match kind {
        Kind::Name | Kind::Region => ONE,
        Kind::Metonym => ONE * 3 / 4,
        Kind::Demonym | Kind::Capital => ONE / 2,
        Kind::City => ONE / 3,
        Kind::Block => 0,
    }
}

/// Which of its readings an ambiguous form has in this article, if any.
fn settle(page: &Page, mention: &Mention, tallies: &[(u16, Tally)], forms: &Countries) -> Option<(u16, Kind, bool)> {
    let of = |country: u16| tallies.iter().find(|(known, _)| *known == country).map(|(_, tally)| *tally);
    let name = mention.readings.iter().find(|reading| reading.1 == Kind::Name);
    let evident = mention
        .readings
        .iter()
        .filter_map(|reading| {
            let tally = of(reading.0)?;
            // A state shares its name with a region elsewhere: only other regions speak for that one.
            let region = name.is_some() && reading.1 != Kind::Name;
            let weight = if region { tally.places } else { tally.mentions + u32::from(tally.filed_from) };
            (weight > 0).then_some((weight, *reading))
        })
        .max_by_key(|(weight, _)| *weight);
    if let Some((_, reading)) = evident {
        return Some(reading);
    }
    // A capital inside a sentence, no name of a person around it: the country itself is the likeliest.
    let token = &page.tokens[mention.first];
    let alone = |index: usize, gap: Gap| page.tokens.get(index).is_none_or(|other| !other.is_capital() || !gap.joins());
    let next = page.tokens.get(mention.first + 1);
    let stands_alone = mention.first > 0
        && !token.gap.begins_sentence()
        && alone(mention.first - 1, token.gap)
        && next.is_none_or(|next| token.possessive || alone(mention.first + 1, next.gap));
    if page.case != Case::Sentence || !stands_alone {
        return None;
    }
    let names = mention.readings.iter().filter(|reading| reading.1 == Kind::Name);
    names.max_by_key(|reading| forms.weight(reading.0)).copied()
}

/// Why an article is about a country, if it is. `placed`: a dateline says where the article was filed, so that the
/// countries it only compares or reaches into are told apart from its own.
fn stands_out(tally: &Tally, only: bool, placed: bool, words: usize) -> Option<Standing> {
    if tally.filed_from {
        return Some(Standing::FiledFrom);
    }
    if tally.in_title && (tally.in_title_by_name || tally.weight > 0 || words < NOTICE) {
        return Some(Standing::Title);
    }
    if placed {
        return (tally.weight >= 3 * ONE).then_some(Standing::Weight);
    }
    if tally.weight >= ONE {
        return Some(Standing::Weight);
    }
    if tally.leads {
        return Some(Standing::Lead);
    }
    (only && tally.weight > 0).then_some(Standing::Only)
}

/// The weight of a name.
const ONE: u32 = 12;

/// Words at the start of a body in which the subject is named.
const LEAD: usize = 40;

/// Fewer words than these are a notice, which names nothing twice.
const NOTICE: usize = 60;
