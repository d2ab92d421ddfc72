//! Which blocks of the container are the text: the lead above it, and nothing that only its neighbours betray.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::date::{self, Order};

use super::super::block::{Block, Kind};
use super::super::flag;
use super::super::hints;
use super::super::labels;
use super::super::title::agreement;
use super::Search;

impl Search<'_, '_> {
    /// Takes out of the kept blocks what only their neighbours tell: bylines above the text, runs of links, captions,
    /// repetitions, and what the last lines advertise.
    pub(super) fn trim(&self, kept: &mut Vec<usize>) {
        let list = &self.blocks.list;
        let text = |index: usize| self.blocks.text(&list[index]);
        let heading = |index: usize| matches!(list[index].kind, Kind::Heading(_));
        // the line of author and day, up to the first real paragraph
        let strong = kept.iter().position(|index| self.prose[*index] >= 120 && !heading(*index)).unwrap_or(0);
        let mut position = 0;
        kept.retain(|index| {
            position += 1;
            let block = &list[*index];
            let named = block.flags & (flag::BYLINE | flag::DATE) != 0;
            !(position <= strong.min(12) + 1
                && block.chars < 100
                && !heading(*index)
                && (named || is_imprint(text(*index))))
        });
        // links one after the other are no sentences
        let linked = |index: usize| {
            let block = &list[index];
            block.link_chars * 10 >= block.chars * 6 && block.chars < 200
        };
        let lone: Vec<bool> = (0..kept.len())
            .map(|at| {
                let beside = |at: Option<usize>| at.and_then(|at| kept.get(at)).is_some_and(|index| linked(*index));
                !(linked(kept[at]) && (beside(at.checked_sub(1)) || beside(Some(at + 1))))
            })
            .collect();
        let mut keep = lone.into_iter();
        kept.retain(|_| keep.next().unwrap_or(true));
        kept.retain(|index| {
            let block = &list[*index];
            heading(*index)
                || block.chars > 420
                || !hints::ends_in_credit(text(*index))
                || self.prose[*index] == 0 && block.chars < 12
        });
        let mut counts: FxHashMap<&str, u32> = FxHashMap::default();
        for index in kept.iter() {
            *counts.entry(text(*index)).or_default() += 1;
        }
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        kept.retain(|index| {
            let text = text(*index);
            let count = counts.get(text).copied().unwrap_or(1);
            count == 1 || (count == 2 || text.len() > 60) && (text.len() <= 30 || seen.insert(text))
        });
        let whole: u32 = kept.iter().map(|index| self.prose[*index]).sum();
        let mut tail = 0;
        while let Some(index) = kept.last() {
            let block = &list[*index];
            tail += self.prose[*index];
            let short = block.chars < 120;
            let advertises = (short && text(*index).contains('@'))
                || (block.chars < 300
                    && (short || block.link_chars > 0 || text(*index).contains('@'))
                    && hints::names_channel(text(*index)));
            if kept.len() > 3 && tail * 4 < whole && (advertises || (heading(*index) && kept.len() > 1)) {
                kept.pop();
            } else {
                break;
            }
        }
    }

    /// The text between the headline and the first paragraph: leads often stand outside the container, as a heading.
    pub(super) fn lead(&self, first: usize) -> Vec<usize> {
        let Some(heading) = self.heading.filter(|heading| *heading < first) else { return Vec::new() };
        let mut lead = Vec::new();
        for index in (heading + 1..first).take(60) {
            if self.is_lead(index) {
                lead.push(index);
            }
        }
        lead
    }

    pub(super) fn is_lead(&self, index: usize) -> bool {
        let block = &self.blocks.list[index];
        let never = flag::NEVER | flag::HIDDEN | flag::NOSCRIPT | flag::NAV | flag::FOOTER | flag::FIGURE | flag::HARD;
        let text = self.blocks.text(block);
        if block.flags & never != 0 || self.flags_above(block) & never != 0 || block.chars < 30 {
            return false;
        }
        if !self.keeps(index) || agreement(text, self.known.title) >= 0.8 {
            return false;
        }
        let described = agreement(text, self.known.lead) >= 0.5 || (block.chars > 40 && self.known.lead.contains(text));
        if described {
            return true;
        }
        let cut = self.cut[block.node as usize] || self.cut[block.first as usize];
        let named = block.flags & flag::LEAD != 0;
        if (cut && !named) || block.link_chars * 2 > block.chars {
            return false;
        }
        let about = flag::BYLINE | flag::DATE | flag::PICTURE;
        if block.flags & about != 0 && block.chars < 150 {
            return false;
        }
        let ends = labels::ends_sentence(text);
        match block.kind {
            Kind::Heading(1) => false,
            Kind::Heading(_) => named || block.chars >= 80 || (ends && block.chars >= 40),
            _ => (ends && block.chars >= 50) || (named && block.chars >= 40) || block.chars >= 120,
        }
    }

    pub(super) fn flags_above(&self, block: &Block) -> u32 {
        self.blocks.flags[block.node as usize]
    }

    pub(super) fn keeps(&self, index: usize) -> bool {
        let block = &self.blocks.list[index];
        let text = self.blocks.text(block);
        if text == self.known.title {
            return false;
        }
        if block.link_chars * 10 > block.chars * 9 && !(block.chars > 60 && labels::ends_sentence(text)) {
            return false;
        }
        if !text.contains(char::is_alphanumeric) {
            return false;
        }
        if block.chars < 300 && labels::is_label(text) {
            return false;
        }
        true
    }
}

/// A line that only says who wrote it or when.
fn is_imprint(text: &str) -> bool {
    if labels::after_byline(text, None).is_some() && !labels::ends_sentence(text) {
        return true;
    }
    let found = date::find(text, Order::DayFirst);
    let dated: usize = found.iter().map(|found| found.end - found.start).sum();
    dated > 0 && text.len() < dated + 45 && !labels::ends_sentence(text)
}
