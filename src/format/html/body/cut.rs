//! What is cut out whole: elements whose names say so, lists of links, cards that advertise other articles.

use rustc_hash::FxHashSet;

use super::super::block::Kind;
use super::super::flag;
use super::super::tag::Tag;
use super::super::tree::{NodeId, ROOT};
use super::{Search, Trust};

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
        let mut chars = vec![(0_u32, 0_u32, 0_u32); (end - container) as usize];
        for block in &list[from..to] {
            if self.cut[block.node as usize] || block.node < container {
                continue;
            }
            let sums = &mut chars[block.node as usize - base];
            sums.0 += block.chars;
            sums.1 += block.link_chars;
            sums.2 += u32::from(matches!(block.kind, Kind::Heading(_)) && block.link_chars * 10 > block.chars * 8);
        }
        for id in (1..chars.len()).rev() {
            let parent = self.tree.nodes[base + id].parent as usize - base;
            let own = chars[id];
            let sums = &mut chars[parent];
            sums.0 += own.0;
            sums.1 += own.1;
            sums.2 += own.2;
        }
        for id in 1..chars.len() {
            let node = base + id;
            if self.cut[self.tree.nodes[node].parent as usize] {
                self.cut[node] = true;
                continue;
            }
            let Some(tag) = self.tree.nodes[node].tag else { continue };
            let (all, linked, _) = chars[id];
            if !tag.is_block() || all == 0 {
                continue;
            }
            let paragraph = matches!(tag, Tag::P | Tag::Blockquote) || tag.is_heading();
            let lists = matches!(tag, Tag::Ul | Tag::Ol | Tag::Table | Tag::Dl);
            let much = if lists {
                linked * 2 > all || (linked * 10 > all * 3 && self.is_last_list(node as NodeId, container))
            } else {
                linked * 10 > all * 6
            };
            if !paragraph && much && self.sums[node] * 4 < self.sums[base].max(1) {
                self.cut[node] = true;
            }
        }
        for block in &list[from..to] {
            let linked_heading = matches!(block.kind, Kind::Heading(_)) && block.link_chars * 10 > block.chars * 8;
            if !linked_heading || block.node <= container || self.cut[block.node as usize] {
                continue;
            }
            let mut card = block.node;
            let mut at = self.tree.node(card).parent;
            while at > container {
                let (all, _, headings) = chars[at as usize - base];
                if headings > 1 || all > 700 || self.sums[at as usize] * 4 > self.sums[base] {
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

    /// Whether a list stands behind most of the text and every item has a link.
    pub(super) fn is_last_list(&self, id: NodeId, container: NodeId) -> bool {
        let list = &self.blocks.list;
        let end = self.tree.end(id);
        let from = list.partition_point(|block| block.first < id);
        let to = list.partition_point(|block| block.first < end);
        let start = list.partition_point(|block| block.first < container);
        let before: u32 = self.prose[start..from].iter().sum();
        to - from >= 2
            && before * 10 >= self.sums[container as usize] * 7
            && list[from..to].iter().all(|block| block.link_chars > 0)
    }
}
