//! What is cut out whole: elements whose names say so, lists of links, cards that advertise other articles.

use rustc_hash::FxHashSet;

use super::super::block::{Block, Kind};
use super::super::flag;
use super::super::tag::Tag;
use super::super::tree::{NodeId, ROOT};
use super::{Search, Trust};

/// What a subtree holds of links.
#[derive(Clone, Copy, Debug, Default)]
struct Links {
    chars: u32,
    /// Characters in links.
    linked: u32,
    /// Headings that are links.
    headings: u32,
    blocks: u32,
    /// Blocks without a link.
    unlinked: u32,
}

impl Links {
    fn add(&mut self, other: &Self) {
        self.chars += other.chars;
        self.linked += other.linked;
        self.headings += other.headings;
        self.blocks += other.blocks;
        self.unlinked += other.unlinked;
    }
}

fn is_linked_heading(block: &Block) -> bool {
    matches!(block.kind, Kind::Heading(_)) && block.link_chars * 10 > block.chars * 8
}

impl Search<'_, '_> {
    /// Marks what is cut out for its name, unless it holds the headline or too much of the page's text.
    pub(super) fn cut_out(&mut self) {
        let total = self.sums[ROOT as usize];
        let share = |part: f32| (total as f32 * part) as u32;
        let hidden = if self.trust == Trust::Nothing { 0 } else { flag::HIDDEN | flag::NOSCRIPT };
        let cuts = match self.trust {
            Trust::Names => flag::CUT | flag::SILENT,
            Trust::Elements => flag::NAV | flag::FOOTER | flag::FORM | flag::HARD | flag::SILENT,
            Trust::Nothing => flag::NAV | flag::FOOTER,
        };
        let mut holds_heading: FxHashSet<NodeId> = FxHashSet::default();
        if let Some(heading) = self.heading {
            holds_heading.extend(self.tree.ancestors(self.blocks.list[heading].node));
        }
        for id in 0..self.tree.nodes.len() {
            let own = self.blocks.own[id];
            let mut cut = own & (flag::NEVER | hidden) != 0;
            if !cut && own & cuts != 0 {
                let hard = own & (flag::HARD | flag::NAV | flag::FOOTER) != 0 && self.heading.is_some();
                let most = if hard {
                    share(0.8)
                } else if own & (flag::CUT | flag::SILENT) == flag::PICTURE {
                    share(0.2).min(700)
                } else {
                    share(0.4)
                };
                let paragraph = self.tree.tag(id as NodeId) == Some(Tag::P);
                cut = self.sums[id] <= most
                    && own & (flag::ARTICLE_BODY | flag::MAIN) == 0
                    && !holds_heading.contains(&(id as NodeId))
                    && !self.is_quotation(id as NodeId)
                    // hidden from screen readers, but shown: a paragraph behind a paywall
                    && !(own & flag::CUT == 0 && (paragraph || self.sums[id] > 400))
                    // a paragraph's own class says little
                    && !(own & (flag::CUT | flag::SILENT) == flag::DROP && paragraph && self.sums[id] >= 100);
            }
            let above = self.tree.nodes[id].parent;
            self.cut[id] = cut || (id > 0 && self.cut[above as usize]);
        }
        for (block, prose) in self.blocks.list.iter().zip(&mut self.prose) {
            if self.cut[block.node as usize] || self.cut[block.first as usize] {
                *prose = 0;
            }
        }
    }

    /// A figure round a quotation is no picture.
    pub(super) fn is_quotation(&self, id: NodeId) -> bool {
        self.tree.tag(id) == Some(Tag::Figure)
            && (id..self.tree.end(id).min(id + 30)).any(|inner| self.tree.tag(inner) == Some(Tag::Blockquote))
    }

    /// Cuts out lists of links, and cards: a linked heading with its few words.
    pub(super) fn cut_links(&mut self, from: usize, to: usize, container: NodeId) {
        let list = &self.blocks.list;
        let end = self.tree.end(container);
        let base = container as usize;
        let mut links = vec![Links::default(); (end - container) as usize];
        // running text of the container up to each block
        let mut before = Vec::with_capacity(to - from + 1);
        let mut sum = 0;
        for (block, prose) in list[from..to].iter().zip(&self.prose[from..to]) {
            before.push(sum);
            sum += prose;
            if self.cut[block.node as usize] || block.node < container {
                continue;
            }
            links[block.node as usize - base].add(&Links {
                chars: block.chars,
                linked: block.link_chars,
                headings: u32::from(is_linked_heading(block)),
                blocks: 1,
                unlinked: u32::from(block.link_chars == 0),
            });
        }
        before.push(sum);
        for id in (1..links.len()).rev() {
            let parent = self.tree.nodes[base + id].parent as usize - base;
            let own = links[id];
            links[parent].add(&own);
        }
        for (id, own) in links.iter().enumerate().skip(1) {
            let node = base + id;
            if self.cut[self.tree.nodes[node].parent as usize] {
                self.cut[node] = true;
                continue;
            }
            let Some(tag) = self.tree.nodes[node].tag else { continue };
            if !tag.is_block() || own.chars == 0 {
                continue;
            }
            let paragraph = matches!(tag, Tag::P | Tag::Blockquote) || tag.is_heading();
            let much = if matches!(tag, Tag::Ul | Tag::Ol | Tag::Table | Tag::Dl) {
                // behind most of the text a list needs fewer links to be one of links
                let every = own.unlinked == 0 && own.blocks >= 2 && own.linked * 10 > own.chars * 3;
                let first = list[from..to].partition_point(|block| (block.first as usize) < node);
                own.linked * 2 > own.chars || (every && before[first] * 10 >= self.sums[base] * 7)
            } else {
                own.linked * 10 > own.chars * 6
            };
            if !paragraph && much && self.sums[node] * 4 < self.sums[base].max(1) {
                self.cut[node] = true;
            }
        }
        for block in &list[from..to] {
            if !is_linked_heading(block) || block.node <= container || self.cut[block.node as usize] {
                continue;
            }
            let mut card = block.node;
            let mut at = self.tree.node(card).parent;
            while at > container {
                let inside = &links[at as usize - base];
                if inside.headings > 1 || inside.chars > 700 || self.sums[at as usize] * 4 > self.sums[base] {
                    break;
                }
                card = at;
                at = self.tree.node(at).parent;
            }
            if card != block.node {
                for node in card..self.tree.end(card) {
                    self.cut[node as usize] = true;
                }
            }
        }
        for (block, prose) in self.blocks.list.iter().zip(&mut self.prose).take(to).skip(from) {
            if self.cut[block.node as usize] || self.cut[block.first as usize] {
                *prose = 0;
            }
        }
    }
}
