//! When it was published: JSON-LD, meta elements, `time` and microdata, the address, the text round the headline. A date
//! of a later change is never taken for it.

use crate::date::{self, Date, DateFrom, Order};

use super::block::Blocks;
use super::byline::text_of;
use super::flag;
use super::hints::Fact;
use super::linked_data::LinkedArticle;
use super::page::Page;
use super::tag::Tag;
use super::tree::{Name, NodeId, Tree};

/// Elements looked at that are named for a date.
const MOST: usize = 200;

/// What is known of the page when its date is looked for.
pub struct Place<'a> {
    /// Blocks: the headline, the first of the text, the one after the last.
    pub blocks: (usize, usize, usize),
    /// First and last node of the article with its headline.
    pub nodes: (NodeId, NodeId),
    /// How all-number dates read.
    pub order: Order,
    /// The day later dates are refused from.
    pub today: Option<Date>,
    /// The article's address.
    pub url: Option<&'a str>,
    /// The `title` element.
    pub title: &'a str,
    /// The headline chosen.
    pub headline: &'a str,
    /// Per node: cut out of the article.
    pub cut: &'a [bool],
}

/// The day of publication, where it was read, and whether a stated date had to be refused.
pub fn find(
    tree: &Tree<'_>,
    page: &Page,
    blocks: &Blocks,
    linked: Option<&LinkedArticle>,
    place: &Place<'_>,
) -> (Option<(Date, DateFrom)>, bool) {
    let is_plausible = |date: &Date| place.today.is_none_or(|today| date.is_plausible(today));
    let mut refused = false;
    let mut accept = |date: Date| -> bool {
        // 1970-01-01 is an empty field
        let fine = is_plausible(&date) && !(date.year() == 1970 && date.first_day() == 0);
        refused |= !fine;
        fine && date.day().is_some()
    };
    let read = |text: &str| date::read(text, place.order);
    let told = linked.and_then(|linked| linked.published.as_deref()).and_then(read);
    let metas: Vec<Date> = page.values(Fact::Date).filter_map(read).collect();
    let element = in_elements(tree, blocks, place);
    let mut stated =
        told.map(|date| (date, DateFrom::JsonLd)).into_iter().chain(metas.iter().map(|date| (*date, DateFrom::Meta)));
    let stated = stated
        .find(|(date, _)| accept(*date))
        .or_else(|| element.map(|date| (date, DateFrom::Time)).filter(|(date, _)| accept(*date)));
    if let Some((date, from)) = stated {
        // the same instant in local time says the day it was there
        let utc = date.time().is_some_and(|time| time.offset == Some(0));
        let local = metas.iter().map(|date| (*date, DateFrom::Meta)).chain(element.map(|date| (date, DateFrom::Time)));
        let local = local.into_iter().find(|(other, _)| {
            other.time().is_some_and(|time| time.offset.is_some_and(|offset| offset != 0))
                && other.first_second() == date.first_second()
        });
        return (Some(local.filter(|_| utc).unwrap_or((date, from))), refused);
    }
    let url = place.url.and_then(date::in_url).filter(is_plausible);
    if let Some(date) = url.filter(|date| date.day().is_some()) {
        return (Some((date, DateFrom::Url)), refused);
    }
    if let Some(date) = in_text(tree, blocks, place).filter(|date| accept(*date)) {
        return (Some((date, DateFrom::Text)), refused);
    }
    (url.map(|date| (date, DateFrom::Url)), refused)
}

/// `time` elements and microdata: those marked as publication first, then the first one near the article.
fn in_elements(tree: &Tree<'_>, blocks: &Blocks, place: &Place<'_>) -> Option<Date> {
    let mut first = None;
    for id in 0..tree.nodes.len() as NodeId {
        let Some(tag) = tree.tag(id) else { continue };
        let own = blocks.own[id as usize];
        let is_change = matches!(tag, Tag::Ins | Tag::Del);
        // `relative-time` and the like are `time` by another name
        let is_time = tag == Tag::Time || !is_change && tree.raw_attribute(id, Name::Datetime).is_some();
        if !is_time && own & flag::DATE == 0 {
            continue;
        }
        let property = tree.raw_attribute(id, Name::Itemprop).unwrap_or("");
        if property.contains("odified") || names_a_change(tree, id) {
            continue;
        }
        // scripts write `two days ago` over what is stated beside it
        let places = [Name::Datetime, Name::Content, Name::Stamp, Name::Title];
        let stated = places.into_iter().filter_map(|name| tree.attribute(id, name));
        let date = stated.filter_map(|text| date::read(&text, place.order)).find(|date| date.day().is_some());
        let published = property == "datePublished" || property == "dateCreated";
        if published {
            let date = date
                .or_else(|| date::read(&text_of(tree, blocks, id, 100), place.order))
                .filter(|date| date.day().is_some());
            if date.is_some() {
                return date;
            }
        }
        let near = (place.nodes.0..place.nodes.1).contains(&id);
        let is_stated =
            is_time || tree.raw_attribute(id, Name::Stamp).or(tree.raw_attribute(id, Name::Title)).is_some();
        if first.is_none()
            && is_stated
            && near
            && blocks.flags[id as usize] & (flag::NAV | flag::FOOTER | flag::ASIDE) == 0
        {
            first = date;
        }
    }
    first
}

/// A class says it was changed then.
fn names_a_change(tree: &Tree<'_>, id: NodeId) -> bool {
    let class = tree.raw_attribute(id, Name::Class).unwrap_or("");
    ["updated", "modified", "Updated", "Modified"].iter().any(|word| class.contains(word))
        && !class.contains("published")
}

/// Dates in visible text: marked ones from above the headline to below the text; elements named for the date; the lines
/// between headline and text; the headline itself; the text's first and last lines.
fn in_text(tree: &Tree<'_>, blocks: &Blocks, place: &Place<'_>) -> Option<Date> {
    let (heading, first, end) = place.blocks;
    let list = &blocks.list;
    let from = heading.saturating_sub(8);
    let usable = |index: &usize| {
        let block = &list[*index];
        let comment = block.flags & flag::HARD != 0 && place.cut[block.node as usize];
        // beside the text stand other articles' dates
        let other = *index >= end && block.flags & flag::ASIDE != 0;
        block.chars < 300 && block.flags & (flag::NEVER | flag::NAV) == 0 && !comment && !other
    };
    let inside_text = |index: usize| index > first + 1 && index + 2 < end;
    let marked = (from..(end + 10).min(list.len()))
        .filter(usable)
        .filter(|index| !inside_text(*index) || list[*index].chars < 60)
        .find_map(|index| {
            let found = date::find(blocks.text(&list[index]), place.order);
            found.into_iter().find(|found| found.marked && !found.updated).map(|found| found.date)
        });
    marked
        .or_else(|| in_named(tree, blocks, place))
        .or_else(|| {
            (heading + 1..first.min(list.len())).filter(usable).filter(|index| list[*index].chars < 120).find_map(
                |index| {
                    if list[index].flags & flag::FIGURE != 0 {
                        return None;
                    }
                    lone(blocks.text(&list[index]), place.order, 80)
                },
            )
        })
        .or_else(|| {
            let above = (heading.saturating_sub(3)..heading.min(list.len())).filter(usable);
            above.rev().find_map(|index| lone(blocks.text(&list[index]), place.order, 16))
        })
        .or_else(|| {
            let title = list.get(heading).map_or("", |block| blocks.text(block));
            let after = title.strip_prefix(place.headline).and_then(|rest| lone(rest, place.order, 60));
            after.or_else(|| at_edge(title, place.order)).or_else(|| at_edge(place.title, place.order))
        })
        .or_else(|| {
            let text = list.get(first).map_or("", |block| blocks.text(block));
            date::find(text, place.order)
                .into_iter()
                .find(|found| found.start < 24 && !found.updated)
                .map(|found| found.date)
        })
        .or_else(|| {
            let tail = (end.saturating_sub(2).max(first)..(end + 3).min(list.len())).filter(usable);
            tail.into_iter().find_map(|index| lone(blocks.text(&list[index]), place.order, 30))
        })
}

/// Elements whose class names the date, in the article and not cut out of it.
fn in_named(tree: &Tree<'_>, blocks: &Blocks, place: &Place<'_>) -> Option<Date> {
    let to = place.nodes.1.min(tree.nodes.len() as NodeId);
    let heading = blocks.list.get(place.blocks.0).map_or(0, |block| block.first);
    let mut before = None;
    let mut read = 0;
    for id in place.nodes.0..to {
        let own = blocks.own[id as usize];
        let elsewhere = flag::NEVER | flag::NAV | flag::ASIDE | flag::LINK;
        if own & flag::DATE == 0 || blocks.flags[id as usize] & elsewhere != 0 || names_a_change(tree, id) {
            continue;
        }
        let flags = blocks.flags[id as usize];
        if place.cut[id as usize] && flags & (flag::HARD | flag::FOOTER) != 0 && flags & flag::ARTICLE == 0 {
            continue;
        }
        read += 1;
        if read > MOST {
            break;
        }
        let text = text_of(tree, blocks, id, 160);
        if text.chars().count() > 140 {
            continue;
        }
        if let Some(date) = lone(&text, place.order, 100) {
            // `last edited:` may stand before the element
            let around = text_of(tree, blocks, tree.node(id).parent, 200);
            if around.len() < 300
                && date::find(&around, place.order).iter().any(|found| found.updated && found.date == date)
            {
                continue;
            }
            if id >= heading {
                return Some(date);
            }
            before = Some(date);
        }
    }
    before
}

/// The first date of a short text, if no more than `around` bytes stand round it.
fn lone(text: &str, order: Order, around: usize) -> Option<Date> {
    let found = date::find(text, order);
    if let Some(found) = found.iter().find(|found| !found.updated) {
        return (text.len() <= found.end - found.start + around).then_some(found.date);
    }
    if !found.is_empty() {
        return None;
    }
    let (date, length) = short(text, order)?;
    (text.len() <= length + around).then_some(date)
}

/// `31.10.23` as only a line of its own may be read.
fn short(text: &str, order: Order) -> Option<(Date, usize)> {
    text.split([' ', '|', ',', ';', '(', ')']).find_map(|word| {
        let fits = word.len() >= 6
            && word.len() <= 8
            && word.bytes().all(|byte| {
                byte.is_ascii_digit() || matches!(byte, b'.' | b'/') || byte == b'-' && order == Order::DayFirst
            })
            && word.bytes().filter(|byte| !byte.is_ascii_digit()).count() == 2;
        fits.then(|| date::read_short(word, order)).flatten().map(|date| (date, word.len()))
    })
}

/// A date that begins or ends a headline, set apart: `23.01.2022 - Who won`.
fn at_edge(title: &str, order: Order) -> Option<Date> {
    let found = date::find(title, order);
    let (first, last) = (found.first()?, found.last()?);
    let apart = |text: &str| text.trim_start().starts_with(['-', '–', '|', ':', '•']);
    if first.start == 0 && apart(&title[first.end..]) {
        return Some(first.date);
    }
    let before = title[..last.start].trim_end();
    (last.end == title.len() && before.ends_with(['-', '–', '|', ',', '•', '('])).then_some(last.date)
}
