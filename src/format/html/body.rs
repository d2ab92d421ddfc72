//! The article's text: which element of the page holds it, and which blocks in there are it.

use rustc_hash::FxHashSet;

use super::block::{Block, Blocks, Kind, flag};
use super::labels;
use super::tag::Tag;
use super::title::agreement;
use super::tree::{Name, NodeId, ROOT, Tree};

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
        if told.len() > 400 && told.len() > self.text.len() * 2 {
            self.text = told.to_owned();
        }
    }
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
            if best.is_none_or(|(known, _)| rank > known) && agreement(self.blocks.text(block), self.known.title) >= 0.8
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

    /// Marks what is cut out for its name, unless it holds the headline or too much of the page's text.
    fn cut_out(&mut self) {
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
    fn is_quotation(&self, id: NodeId) -> bool {
        self.tree.tag(id) == Some(Tag::Figure)
            && (id..self.tree.end(id).min(id + 30)).any(|inner| self.tree.tag(inner) == Some(Tag::Blockquote))
    }

    /// The element that holds the article: down from the root as long as one child holds nearly all.
    fn container(&self) -> NodeId {
        let mut at = self.start();
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
            let above = self.blocks.flags[at as usize];
            let share = if self.blocks.own[at as usize] & flag::ARTICLE_BODY != 0 {
                // what stands in the body is the body
                0.97
            } else if own & flag::ARTICLE_BODY != 0 {
                0.4
            } else if own & (flag::BODY | flag::ARTICLE | flag::MAIN) != 0 {
                0.5
            } else if above & (flag::BODY | flag::ARTICLE) != 0 {
                0.85
            } else {
                0.75
            };
            let tag = self.tree.tag(best);
            if total == 0 || (self.sums[best as usize] as f32) < share * total as f32 {
                return at;
            }
            // a paragraph is no container, and one of several of a kind is only a part
            if matches!(tag, Some(Tag::P | Tag::Li | Tag::Blockquote) | None) || self.has_twins(at, best) {
                return at;
            }
            at = best;
        }
    }

    /// Where to begin: the `article` round the headline if it holds a text, else the root.
    fn start(&self) -> NodeId {
        let Some(heading) = self.heading else { return ROOT };
        let total = self.sums[ROOT as usize];
        for id in self.tree.ancestors(self.blocks.list[heading].node) {
            let sum = self.sums[id as usize];
            if self.blocks.own[id as usize] & flag::ARTICLE != 0 && (sum >= 600 || sum * 2 >= total) && sum > 0 {
                return id;
            }
        }
        ROOT
    }

    /// Whether a sibling of the same name and first class holds running text too.
    fn has_twins(&self, parent: NodeId, child: NodeId) -> bool {
        let class = |id: NodeId| {
            self.tree
                .raw_attribute(id, Name::Class)
                .and_then(|class| class.split_ascii_whitespace().next())
                .unwrap_or("")
        };
        let (tag, name) = (self.tree.tag(child), class(child));
        self.tree.children(parent).any(|other| {
            other != child && self.sums[other as usize] >= 80 && self.tree.tag(other) == tag && class(other) == name
        })
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
        let prose = (start..to).filter(|index| self.prose[*index] > 0 && !dropped(*index) && self.keeps(*index));
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
            if self.keeps(index) {
                if self.prose[index] > 0 {
                    over_text = true;
                } else if matches!(block.kind, Kind::Heading(_)) {
                    (after_cut, over_text) = (false, false);
                }
                kept.push(index);
            }
        }
        kept.sort_unstable();
        let mut body = Body { container, first, end: last + 1, ..Body::default() };
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        for index in kept {
            let text = self.blocks.text(&list[index]);
            if text.len() > 40 && !seen.insert(text) {
                continue;
            }
            if !body.text.is_empty() {
                body.text.push_str("\n\n");
            }
            body.text.push_str(text);
            body.prose += self.prose[index];
        }
        body.cut = self.cut;
        body
    }

    /// Cuts out lists of links, and cards: a linked heading with its few words.
    fn cut_links(&mut self, from: usize, to: usize, container: NodeId) {
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
            let much = if lists { linked * 2 > all } else { linked * 10 > all * 6 };
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

    /// The text between the headline and the first paragraph: leads often stand outside the container, as a heading.
    fn lead(&self, first: usize) -> Vec<usize> {
        let Some(heading) = self.heading.filter(|heading| *heading < first) else { return Vec::new() };
        let mut lead = Vec::new();
        for index in heading + 1..first {
            if self.is_lead(index) {
                lead.push(index);
            }
        }
        lead
    }

    fn is_lead(&self, index: usize) -> bool {
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

    fn flags_above(&self, block: &Block) -> u32 {
        self.blocks.flags[block.node as usize]
    }

    fn keeps(&self, index: usize) -> bool {
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
