//! Which countries an article is about: their names, peoples, capitals, regions and seats of power.
//!
//! Every form is counted as a mention, the longest winning over those inside it. A form that is ambiguous by itself
//! counts beside other evidence for its country. A country named in the title or the dateline is one the article is
//! about; else it takes mentions that stand out in an article of that length.

mod mentions;

use rustc_hash::FxHashSet;
use smallvec::SmallVec;

use super::gazetteer::{Countries, Gazetteer, Kind};
use super::page::{Case, Mark, Page};
use super::tokens::{Gap, Token};

pub use mentions::{Mention, mark};

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
    /// It begins with a share traded there.
    Trades,
    /// It names none, but its firms and money are at home there.
    Marks,
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
    /// Something happens there: `in Norway`.
    is_scene: bool,
    in_title: bool,
    filed_from: bool,
    /// A share traded there is named in the title or among the first words.
    trades: bool,
    /// First word of the body that names it.
    first: usize,
    position: usize,
}

/// Codes of the countries surely meant by some mention: those with a form that is not ambiguous.
pub fn named(mentions: [&[Mention]; 2], filed_from: Option<&str>, gazetteer: &Gazetteer) -> Vec<&'static str> {
    let forms = gazetteer.forms();
    let mut codes: Vec<&'static str> = Vec::new();
    let readings = mentions.into_iter().flatten().flat_map(|mention| &mention.readings);
    let sure = readings.filter(|reading| !reading.2 && !matches!(reading.1, Kind::Mark | Kind::Share));
    for (country, ..) in sure {
        let code = forms.code(*country);
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes.extend(filed_from.and_then(|from| gazetteer.country_code(from)));
    codes
}

/// Settles which countries the article is about, by number of mentions, then by place of the first.
pub fn read(
    title: (&Page, &[Mention]),
    body: (&Page, &[Mention]),
    (filed_from, is_english): (Option<&str>, bool),
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
    let mut marks: Vec<(&Page, &Mention, bool)> = Vec::new();
    let lists = [listed(title.0, title.1), listed(body.0, body.1)];
    let mut position = 0;
    for (page, mentions, in_title) in [(title.0, title.1, true), (body.0, body.1, false)] {
        for (index, mention) in mentions.iter().enumerate() {
            position += 1;
            if page.marks[mention.first].has(Mark::PERSON) {
                continue;
            }
            if mention.readings.iter().all(|reading| matches!(reading.1, Kind::Mark | Kind::Share)) {
                marks.push((page, mention, in_title));
                continue;
            }
            match mention.readings.iter().find(|reading| !reading.2) {
                Some(reading) => {
                    keep(page, mention, *reading, in_title);
                    let listed = lists[usize::from(!in_title)].contains(&index);
                    count(&mut tallies, (*reading, listed), in_title, mention.first, position);
                    tally(&mut tallies, reading.0, position).is_scene |= !in_title && is_scene(page, mention.first);
                }
                None => unsure.push((page, mention, in_title)),
            }
        }
    }
    if let Some(country) = filed_from.and_then(|from| forms.country(from)) {
        tally(&mut tallies, country, 0).filed_from = true;
    }
    // The body may settle what the title leaves open.
    unsure.sort_by_key(|(_, _, in_title)| *in_title);
    for (page, mention, in_title) in unsure {
        if let Some(reading) = settle(page, mention, &tallies, forms) {
            keep(page, mention, reading, in_title);
            count(&mut tallies, (reading, false), in_title, mention.first, position);
        }
    }
    let only = tallies.len() == 1;
    for (page, mention, in_title) in &marks {
        let opens = *in_title || mention.first < LEAD;
        if let Some((country, ..)) = mention.readings.iter().find(|(_, kind, plain)| *kind == Kind::Share && !plain)
            && opens
        {
            keep(page, mention, mention.readings[0], *in_title);
            tally(&mut tallies, *country, usize::MAX).trades = true;
        }
    }
    let words = body.0.tokens.len();
    tallies.sort_by_key(|(_, tally)| (std::cmp::Reverse(tally.mentions), tally.position));
    let standing = |tally: &Tally| {
        let late = if is_english { LATE_IN_ENGLISH } else { LATE };
        let is_late = tally.first.saturating_mul(100) > words.saturating_mul(late);
        stands_out(tally, only, filed_from.is_some(), (words, is_late && !(is_english && tally.is_scene)))
    };
    let about: Vec<_> =
        tallies.iter().filter_map(|(country, tally)| Some((forms.code(*country), standing(tally)?))).collect();
    if !about.is_empty() {
        return about;
    }
    let Some(home) = home(&marks) else { return about };
    for (page, mention, in_title) in marks {
        if let Some(reading) = mention.readings.iter().find(|reading| reading.0 == home) {
            keep(page, mention, *reading, in_title);
        }
    }
    vec![(forms.code(home), Standing::Marks)]
}

/// Whether something is said to happen at a place, in English.
fn is_scene(page: &Page, at: usize) -> bool {
    at > 0 && page.tokens[at].gap.joins() && page.word(at - 1) == SCENE
}

/// English, before the place where something happens.
const SCENE: &str = "in";

/// The country most marks of firms and money speak for, if they agree.
fn home(marks: &[(&Page, &Mention, bool)]) -> Option<u16> {
    let mut counts: SmallVec<[(u16, usize); 4]> = SmallVec::new();
    let mut all = 0;
    for (country, kind, _) in marks.iter().flat_map(|(_, mention, _)| &mention.readings) {
        // a sign is given to no other word
        let weight = if *kind == Kind::Share { LEAST_MARKS } else { 1 };
        all += weight;
        match counts.iter_mut().find(|(known, _)| known == country) {
            Some((_, count)) => *count += weight,
            None => counts.push((*country, weight)),
        }
    }
    // signs and forms of several countries are a list of firms
    let (country, count) = counts.iter().copied().reduce(|best, next| if next.1 > best.1 { next } else { best })?;
    (count >= LEAST_MARKS && count * 3 >= all * 2).then_some(country)
}

fn tally(tallies: &mut Vec<(u16, Tally)>, country: u16, position: usize) -> &mut Tally {
    let index = tallies.iter().position(|(known, _)| *known == country).unwrap_or_else(|| {
        tallies.push((country, Tally { position, ..Tally::default() }));
        tallies.len() - 1
    });
    &mut tallies[index].1
}

fn count(
    tallies: &mut Vec<(u16, Tally)>,
    (reading, listed): ((u16, Kind, bool), bool),
    in_title: bool,
    first: usize,
    position: usize,
) {
    let tally = tally(tallies, reading.0, position);
    tally.mentions += 1;
    tally.places += u32::from(matches!(reading.1, Kind::Region | Kind::City));
    if in_title {
        tally.in_title = true;
        tally.in_title_by_name |= matches!(reading.1, Kind::Name | Kind::Demonym);
    } else {
        if tally.weight == 0 {
            tally.first = first;
        }
        tally.weight += if listed { ONE / 2 } else { weight(reading.1) };
        tally.leads |= reading.1 == Kind::Name && first < LEAD;
    }
}

/// Which mentions stand in a list of countries, `Britain, France and Italy`: a story is hardly about one of many.
fn listed(page: &Page, mentions: &[Mention]) -> FxHashSet<usize> {
    let follows = |index: usize| {
        let (last, next) = (page.past_mark(mentions[index - 1].first), mentions[index].first);
        let between = page.tokens.get(last..=next).unwrap_or_default();
        let joins = |token: &Token| token.gap == Gap::SPACE || token.gap == Gap::COMMA;
        match between {
            [next] => next.gap == Gap::COMMA,
            [word, next] => word.end - word.start <= 3 && joins(word) && joins(next),
            _ => false,
        }
    };
    let mut found = FxHashSet::default();
    let mut first = 0;
    for index in 1..=mentions.len() {
        if index < mentions.len() && follows(index) {
            continue;
        }
        if index - first >= LIST {
            found.extend(first..index);
        }
        first = index;
    }
    found
}

/// What one mention weighs: a name says most, a city may be no more than where somebody spoke.
fn weight(kind: Kind) -> u32 {
    match kind {
        Kind::Name | Kind::Region => ONE,
        Kind::Metonym => ONE * 3 / 4,
        Kind::Demonym | Kind::Capital => ONE / 2,
        Kind::City => ONE / 3,
        Kind::Mark | Kind::Share | Kind::Block => 0,
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
/// countries it only compares or reaches into are told apart from its own. `is_late`: it is named towards the end only.
fn stands_out(tally: &Tally, only: bool, placed: bool, (words, is_late): (usize, bool)) -> Option<Standing> {
    if tally.filed_from {
        return Some(Standing::FiledFrom);
    }
    if tally.in_title && (tally.in_title_by_name || tally.weight > 0 || words < NOTICE) {
        return Some(Standing::Title);
    }
    if placed {
        return (tally.weight >= 3 * ONE).then_some(Standing::Weight);
    }
    if tally.weight >= 2 * ONE || tally.weight >= ONE && !is_late {
        return Some(Standing::Weight);
    }
    if tally.leads {
        return Some(Standing::Lead);
    }
    if tally.trades {
        return Some(Standing::Trades);
    }
    (only && tally.weight >= ONE / 2).then_some(Standing::Only)
}

/// Countries in a row that make a list.
const LIST: usize = 3;

/// Marks that say where an article belongs: one may be anybody's.
const LEAST_MARKS: usize = 2;

/// The weight of a name.
const ONE: u32 = 12;

/// Per cent of the words after which a country named once is no more than compared with.
const LATE: usize = 60;

/// The same in English, where a place in which something happens is told from one that is compared with: it counts anywhere.
const LATE_IN_ENGLISH: usize = 48;

/// Words at the start of a body in which the subject is named.
const LEAD: usize = 40;

/// Fewer words than these are a notice, which names nothing twice.
const NOTICE: usize = 60;
