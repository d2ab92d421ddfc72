//! The article's text: which element of the page holds it, and which blocks in there are it.
//!
//! ```text
//! blocks -cut: what its name or its links betray-> container: where the text stands -trim: what neighbours betray-> the text
//! ```

mod container;
mod cut;
mod trim;

use super::block::{Block, Blocks, Kind};
use super::flag;
use super::labels;
use super::page::squeeze;
use super::parse;
use super::tag::Tag;
use super::title::agreement;
use super::tree::{NodeId, Tree};

/// The text found.
#[derive(Debug, Default)]
pub struct Body {
    /// Paragraphs separated by a blank line.
    pub text: String,
    /// Characters of running text among it.
    pub prose: u32,
    /// The element that holds it.
    pub container: NodeId,
    /// The first block that is part of it.
    pub first: usize,
    /// After the last block that is.
    pub end: usize,
    /// Per node: cut out.
    pub cut: Vec<bool>,
}

impl Body {
    /// Compares with the text JSON-LD tells, and takes that where the page shows much less.
    pub fn check(&mut self, told: &str) {
        let told = told.trim();
        if told.len() < 120 || told.len() <= self.text.len() * 2 {
            return;
        }
        let mut text = String::with_capacity(told.len());
        if told.contains("</") || told.contains("<br") {
            let tree = parse::parse(told);
            let blocks = Blocks::read(&tree);
            for block in &blocks.list {
                add_paragraph(&mut text, blocks.text(block));
            }
        } else {
            for line in told.lines() {
                add_paragraph(&mut text, &squeeze(line));
            }
        }
        if text.len() > self.text.len() {
            self.text = text;
        }
    }
}

fn add_paragraph(text: &mut String, paragraph: &str) {
    if paragraph.is_empty() {
        return;
    }
    if !text.is_empty() {
        text.push_str("\n\n");
    }
    text.push_str(paragraph);
}

/// What is known of the article before its text is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Its headline: left out of the text, which begins after it.
    pub title: &'a str,
    /// The page's description of it: often its lead.
    pub lead: &'a str,
}

/// Finds the article's text.
pub fn find(tree: &Tree<'_>, blocks: &Blocks, known: Known<'_>) -> Body {
    let mut best = Search::new(tree, blocks, known, Trust::Names).run();
    // little text: the names may mislead, and hidden text is better than none
    for (trust, enough) in [(Trust::Elements, 400), (Trust::Nothing, 140)] {
        if best.prose >= enough {
            break;
        }
        let other = Search::new(tree, blocks, known, trust).run();
        if other.prose > best.prose * 4 {
            best = other;
        }
    }
    best
}

/// What decides that an element is not the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trust {
    /// Its name and its class.
    Names,
    /// Its name, and the plainest of classes.
    Elements,
    /// Only that it can never be.
    Nothing,
}

struct Search<'a, 't> {
    tree: &'a Tree<'t>,
    blocks: &'a Blocks,
    known: Known<'a>,
    trust: Trust,
    /// The block that is the headline.
    heading: Option<usize>,
    /// Per block: characters of running text.
    prose: Vec<u32>,
    /// Per node: running text in it.
    sums: Vec<u32>,
    /// Per node: cut out, by itself or above.
    cut: Vec<bool>,
}

/// How much a block looks like running text: its characters outside links, or nothing.
fn prose_of(blocks: &Blocks, block: &Block) -> u32 {
    if matches!(block.kind, Kind::Heading(_)) {
        return 0;
    }
    let plain = block.chars.saturating_sub(block.link_chars);
    if block.link_chars * 2 > block.chars {
        return 0;
    }
    let text = blocks.text(block);
    let ends = labels::ends_sentence(text);
    // ideographs say more per character
    let weight = if text.len() as u32 > block.chars * 5 / 2 { 2 } else { 1 };
    match plain * weight {
        0..25 => 0,
        25..60 if !ends => 0,
        60..120 if !ends => plain * weight / 2,
        plain => plain,
    }
}

impl<'a, 't> Search<'a, 't> {
    fn new(tree: &'a Tree<'t>, blocks: &'a Blocks, known: Known<'a>, trust: Trust) -> Self {
        let hidden = if trust == Trust::Nothing { flag::NEVER } else { flag::NEVER | flag::HIDDEN | flag::NOSCRIPT };
        let prose: Vec<u32> = blocks
            .list
            .iter()
            .map(|block| if block.flags & hidden != 0 { 0 } else { prose_of(blocks, block) })
            .collect();
        let nodes = tree.nodes.len();
        let mut search =
            Self { tree, blocks, known, trust, heading: None, prose, sums: vec![0; nodes], cut: vec![false; nodes] };
        search.heading = search.find_heading();
        search.sum();
        search.cut_out();
        search.sum();
        search
    }

    /// The block that repeats the headline: an `h1` rather than others, the last one with enough text after it.
    fn find_heading(&self) -> Option<usize> {
        if self.known.title.is_empty() {
            return None;
        }
        let hidden = flag::NEVER | flag::NAV | flag::FOOTER | flag::ASIDE;
        let mut best: Option<(u8, usize)> = None;
        for (index, block) in self.blocks.list.iter().enumerate() {
            if block.chars > 400 || block.flags & hidden != 0 {
                continue;
            }
            let rank = match block.kind {
                Kind::Heading(1) => 3,
                Kind::Heading(2) => 2,
                Kind::Heading(_) => 1,
                _ if block.link_chars == 0 => 0,
                _ => continue,
            };
            if best.is_none_or(|(known, _)| rank > known)
                && agreement(self.blocks.first_line(block), self.known.title) >= 0.8
            {
                best = Some((rank, index));
            }
        }
        best.map(|(_, index)| index)
    }

    /// Sums up running text over subtrees: children have higher numbers than parents.
    fn sum(&mut self) {
        self.sums.fill(0);
        for (block, prose) in self.blocks.list.iter().zip(&self.prose) {
            self.sums[block.node as usize] += prose;
        }
        for id in (1..self.tree.nodes.len()).rev() {
            let parent = self.tree.nodes[id].parent as usize;
            self.sums[parent] += self.sums[id];
        }
    }
    fn run(mut self) -> Body {
        let container = self.container();
        let end = self.tree.end(container);
        let list = &self.blocks.list;
        let from = list.partition_point(|block| block.first < container);
        let to = list.partition_point(|block| block.first < end);
        self.cut_links(from, to, container);
        let dropped = |index: usize| {
            let block = &self.blocks.list[index];
            self.cut[block.node as usize] || self.cut[block.first as usize]
        };
        // what stands before the headline is not the article
        let start = self.heading.filter(|heading| (from..to).contains(heading)).map_or(from, |heading| heading + 1);
        // lists repeat themselves: what the line before said is known
        let mut before: Option<(&str, bool)> = None;
        let keeps: Vec<bool> = (start..to)
            .map(|index| {
                let text = self.blocks.text(&list[index]);
                let same = before.filter(|(other, _)| *other == text).map(|(_, keeps)| keeps);
                let keeps = !dropped(index) && same.unwrap_or_else(|| self.keeps(index));
                if !dropped(index) {
                    before = Some((text, keeps));
                }
                keeps
            })
            .collect();
        let prose = (start..to).filter(|index| self.prose[*index] > 0 && keeps[*index - start]);
        let (mut first, mut last) = (None, None);
        for index in prose {
            first = first.or(Some(index));
            last = Some(index);
        }
        let (Some(first), Some(last)) = (first, last) else {
            return Body { container, first: from, end: to, cut: self.cut, ..Body::default() };
        };
        let mut kept: Vec<usize> = self.lead(first);
        let (mut after_cut, mut over_text) = (false, false);
        for index in (first..=last).rev() {
            if dropped(index) {
                after_cut = true;
                continue;
            }
            let block = &list[index];
            // a heading over something that was cut out
            if after_cut
                && !over_text
                && (matches!(block.kind, Kind::Heading(_)) || (block.chars < 60 && block.bold_chars == block.chars))
            {
                continue;
            }
            if keeps[index - start] {
                if self.prose[index] > 0 {
                    over_text = true;
                } else if matches!(block.kind, Kind::Heading(_)) {
                    (after_cut, over_text) = (false, false);
                }
                kept.push(index);
            }
        }
        kept.sort_unstable();
        self.trim(&mut kept);
        let mut body = Body { container, first, end: last + 1, ..Body::default() };
        let mut row = None;
        for index in kept {
            let block = &list[index];
            let text = self.blocks.text(block);
            let own_row = self.row(block).map(|row| (row, block.node));
            let beside = |(left, cell): (NodeId, NodeId)| row.is_some_and(|(row, other)| row == left && cell != other);
            if own_row.is_some_and(beside) {
                body.text.push_str(" | ");
                body.text.push_str(text);
            } else {
                add_paragraph(&mut body.text, text);
            }
            row = own_row;
            body.prose += self.prose[index];
        }
        body.cut = self.cut;
        body
    }
    /// The table row a cell of data stands in.
    fn row(&self, block: &Block) -> Option<NodeId> {
        if block.flags & flag::CELL == 0 || block.chars > 160 {
            return None;
        }
        self.tree.ancestors(block.node).take(8).find(|id| self.tree.tag(*id) == Some(Tag::Tr))
    }
}
