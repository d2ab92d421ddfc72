//! When it was published: JSON-LD, meta elements, `time` and microdata, the address, the text round the headline. A date
//! of a later change is never taken for it.

use crate::date::{self, Date, DateFrom, Order};

use super::block::{Blocks, flag};
use super::byline::text_of;
use super::hints::Fact;
use super::linked_data::LinkedArticle;
use super::page::Page;
use super::tag::Tag;
use super::tree::{Name, NodeId, Tree};

/// What is known of the page when its date is looked for.
pub struct Place<'a> {
    /// Blocks: the headline, the first of the text, the one after the last.
    pub blocks: (usize, usize, usize),
    /// First and last node of the article with its headline.
    pub nodes: (NodeId, NodeId),
    /// How all-number dates read.
    pub order: Order,
    /// The article's address.
    pub url: Option<&'a str>,
}

/// The day of publication, where it was read, and whether a stated date had to be refused.
pub fn find(
    tree: &Tree<'_>,
    page: &Page,
    blocks: &Blocks,
    linked: Option<&LinkedArticle>,
    place: &Place<'_>,
) -> (Option<(Date, DateFrom)>, bool) {
    let today = Date::today();
    let mut refused = false;
    let mut accept = |date: Option<Date>| -> Option<Date> {
        let date = date?;
        // 1970-01-01 is an empty field, and a page is no older than the web's forerunners' archives
        let fine = date.is_plausible(today) && !(date.year() == 1970 && date.first_day() == 0);
        refused |= !fine;
        fine.then_some(date)
    };
    let read = |text: &str| date::read(text, place.order);
    let known = |date: &Date| date.day().is_some();
    if let Some(date) = linked.and_then(|linked| linked.published.as_deref()).and_then(|text| accept(read(text))).filter(known) {
        return (Some((date, DateFrom::JsonLd)), refused);
    }
    if let Some(date) = page.values(Fact::Date).find_map(|text| accept(read(text)).filter(known)) {
        return (Some((date, DateFrom::Meta)), refused);
    }
    if let Some(date) = in_elements(tree, blocks, place).and_then(|date| accept(Some(date))) {
        return (Some((date, DateFrom::Time)), refused);
    }
    let url = place.url.and_then(date::in_url).filter(|date| date.is_plausible(today));
    if let Some(date) = url.filter(known) {
        return (Some((date, DateFrom::Url)), refused);
    }
    if let Some(date) = in_text(blocks, place).and_then(|date| accept(Some(date))) {
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
        if tag != Tag::Time && own & flag::DATE == 0 {
            continue;
        }
        let property = tree.raw_attribute(id, Name::Itemprop).unwrap_or("");
        if property.contains("odified") || names_a_change(tree, id) {
            continue;
        }
        let stated = tree.attribute(id, Name::Datetime).or_else(|| tree.attribute(id, Name::Content));
        let date = stated.and_then(|text| date::read(&text, place.order)).filter(|date| date.day().is_some());
        let published = property == "datePublished" || property == "dateCreated";
        if published {
            let date = date.or_else(|| date::read(&text_of(tree, blocks, id, 100), place.order)).filter(|date| date.day().is_some());
            if date.is_some() {
                return date;
            }
        }
        let elsewhere = flag::NAV | flag::FOOTER | flag::ASIDE | flag::DROP;
        let near = (place.nodes.0..place.nodes.1).contains(&id);
        if first.is_none() && tag == Tag::Time && near && blocks.flags[id as usize] & (elsewhere & !flag::DROP) == 0 {
            first = date;
        }
    }
    first
}

/// A class or the words before say it was changed then.
fn names_a_change(tree: &Tree<'_>, id: NodeId) -> bool {
    let class = tree.raw_attribute(id, Name::Class).unwrap_or("");
    ["updated", "modified", "Updated", "Modified"].iter().any(|word| class.contains(word)) && !class.contains("published")
}

/// Dates in visible text, from the headline to the first paragraph, then of elements named for the date.
fn in_text(blocks: &Blocks, place: &Place<'_>) -> Option<Date> {
    let (heading, first, end) = place.blocks;
    let from = heading.saturating_sub(8);
    let never = flag::NEVER | flag::NAV;
    let mut plain = None;
    let short = |index: usize| blocks.list[index].chars < 300 && blocks.list[index].flags & never == 0;
    for index in from..first.min(blocks.list.len()) {
        if !short(index) {
            continue;
        }
        for found in date::find(blocks.text(&blocks.list[index]), place.order) {
            if found.marked && !found.updated {
                return Some(found.date);
            }
            // before the headline only what is named for it
            let named = blocks.list[index].flags & flag::DATE != 0 || index > heading;
            if plain.is_none() && !found.updated && named && blocks.list[index].chars < 120 {
                plain = Some(found.date);
            }
        }
    }
    if plain.is_some() {
        return plain;
    }
    // right after the text
    let to = (end + 6).min(blocks.list.len());
    for index in first..to {
        let block = &blocks.list[index];
        if !short(index) || (index >= first + 2 && index + 3 < end && block.flags & flag::DATE == 0) {
            continue;
        }
        for found in date::find(blocks.text(block), place.order) {
            let whole = found.end - found.start + 24 > (block.range.1 - block.range.0) as usize;
            if !found.updated && (found.marked || block.flags & flag::DATE != 0 || (whole && index <= first + 1)) {
                return Some(found.date);
            }
        }
    }
    None
}
