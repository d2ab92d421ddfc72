//! The article's text: which element of the page holds it, and which blocks in there are it.

use super::block::{Block, Blocks, Kind, flag};
use super::labels;
use super::tag::Tag;
use super::tree::{NodeId, ROOT, Tree};

/// Share of the text an element may hold and still be cut for its name.
const CUT_SHARE: f32 = 0.4;

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
}

/// Finds the article's text. `title` is the article's headline, left out of the text.
pub fn find(tree: &Tree<'_>, blocks: &Blocks, title: &str) -> Body {
    let strict = Search::new(tree, blocks, title, false).run();
    if strict.prose >= 140 {
        return strict;
    }
    // hidden and cut text is better than none
    let lenient = Search::new(tree, blocks, title, true).run();
    if lenient.prose > strict.prose * 3 { lenient } else { strict }
}

struct Search<'a, 't> {
    tree: &'a Tree<'t>,
    blocks: &'a Blocks,
    title: &'a str,
    lenient: bool,
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
    fn new(tree: &'a Tree<'t>, blocks: &'a Blocks, title: &'a str, lenient: bool) -> Self {
        let hidden = if lenient { flag::NEVER } else { flag::NEVER | flag::HIDDEN | flag::NOSCRIPT };
        let prose: Vec<u32> = blocks
            .list
            .iter()
            .map(|block| if block.flags & hidden != 0 { 0 } else { prose_of(blocks, block) })
            .collect();
        let mut search = Self {
            tree,
            blocks,
            title,
            lenient,
            prose,
            sums: vec![0; tree.nodes.len()],
            cut: vec![false; tree.nodes.len()],
        };
        search.sum();
        search.cut_out();
        search.sum();
        search
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

    /// Marks what is cut out for its name, unless it holds much of the page's text.
    fn cut_out(&mut self) {
        let total = self.sums[ROOT as usize];
        let most = (total as f32 * CUT_SHARE) as u32;
        let hidden = if self.lenient { 0 } else { flag::HIDDEN | flag::NOSCRIPT };
        for id in 0..self.tree.nodes.len() {
            let own = self.blocks.own[id];
            let cut = own & flag::NEVER != 0
                || own & hidden != 0
                || (own & flag::CUT != 0 && own & (flag::ARTICLE_BODY | flag::MAIN) == 0 && self.sums[id] <= most);
            let above = self.tree.nodes[id].parent;
            self.cut[id] = cut || (id > 0 && self.cut[above as usize]);
        }
        for (block, prose) in self.blocks.list.iter().zip(&mut self.prose) {
            if self.cut[block.node as usize] || self.cut[block.first as usize] {
                *prose = 0;
            }
        }
    }

    /// The element that holds the article: down from the root as long as one child holds nearly all.
    fn container(&self) -> NodeId {
        let mut at = ROOT;
        loop {
            let total = self.sums[at as usize];
            let mut best: Option<NodeId> = None;
            for child in self.tree.children(at) {
                if best.is_none_or(|best| self.sums[child as usize] > self.sums[best as usize]) {
                    best = Some(child);
                }
            }
            let Some(best) = best else { return at };
            let own = self.blocks.own[best as usize];
            let share = if own & flag::ARTICLE_BODY != 0 {
                0.4
            } else if own & (flag::BODY | flag::ARTICLE | flag::MAIN) != 0 {
                0.5
            } else {
                0.75
            };
            let tag = self.tree.tag(best);
            if total == 0 || (self.sums[best as usize] as f32) < share * total as f32 {
                return at;
            }
            // a single paragraph is not a container
            if matches!(tag, Some(Tag::P) | None) {
                return at;
            }
            at = best;
        }
    }

    fn run(self) -> Body {
        let container = self.container();
        let end = self.tree.end(container);
        let list = &self.blocks.list;
        let from = list.partition_point(|block| block.first < container);
        let to = list.partition_point(|block| block.first < end);
        let mut kept: Vec<usize> = Vec::new();
        for (index, block) in list.iter().enumerate().take(to).skip(from) {
            if self.cut[block.node as usize] || self.cut[block.first as usize] {
                continue;
            }
            kept.push(index);
        }
        let first_prose = kept.iter().position(|index| self.prose[*index] > 0);
        let last_prose = kept.iter().rposition(|index| self.prose[*index] > 0);
        let (Some(first_prose), Some(last_prose)) = (first_prose, last_prose) else {
            return Body { container, ..Body::default() };
        };
        let kept: Vec<usize> =
            kept[first_prose..=last_prose].iter().copied().filter(|index| self.keeps(*index)).collect();
        let mut body = Body { container, first: kept.first().copied().unwrap_or(from), ..Body::default() };
        for index in kept {
            let text = self.blocks.text(&list[index]);
            if !body.text.is_empty() {
                body.text.push_str("\n\n");
            }
            body.text.push_str(text);
            body.prose += self.prose[index];
        }
        body
    }

    fn keeps(&self, index: usize) -> bool {
        let block = &self.blocks.list[index];
        let text = self.blocks.text(block);
        if text == self.title {
            return false;
        }
        if block.link_chars * 10 > block.chars * 9 {
            return false;
        }
        true
    }
}
