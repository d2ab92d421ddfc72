//! A page's visible text as a list of blocks: what a reader sees as one paragraph, heading, list item or table cell.

use super::flag;
use super::hints::Hint;
use super::tag::Tag;
use super::title::{agreement, plain};
use super::tree::{NodeId, Tree, decode};
use super::words::{Piece, WordPieces};
use rustc_hash::FxHashMap;

/// Text of one page that is kept.
const LONGEST: usize = 16 << 20;

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Running text.
    Paragraph,
    /// `h1` to `h6`.
    Heading(u8),
    /// Preformatted.
    Preformatted,
}

/// One block of visible text.
#[derive(Clone, Debug)]
pub struct Block {
    /// Where its text lies in [`Blocks::text`].
    pub range: (u32, u32),
    /// The element it is the text of.
    pub node: NodeId,
    /// Its first text node.
    pub first: NodeId,
    /// What it is.
    pub kind: Kind,
    /// Characters.
    pub chars: u32,
    /// Characters in links.
    pub link_chars: u32,
    /// Characters in bold.
    pub bold_chars: u32,
    /// All that its elements say.
    pub flags: u32,
}

/// A page's blocks in order.
#[derive(Debug, Default)]
pub struct Blocks {
    /// Every block's text, one after the other: references decoded, white space collapsed.
    pub text: String,
    /// In document order.
    pub list: Vec<Block>,
    /// Per node: what it and its ancestors say.
    pub flags: Vec<u32>,
    /// Per node: what it says itself.
    pub own: Vec<u32>,
    /// Whether text was cut at the limit.
    pub cut: bool,
}

impl Blocks {
    /// A block's text.
    pub fn text(&self, block: &Block) -> &str {
        &self.text[block.range.0 as usize..block.range.1 as usize]
    }

    /// A block's first line.
    pub fn first_line(&self, block: &Block) -> &str {
        self.text(block).lines().next().unwrap_or("")
    }

    /// Whether a line of its own outside links says this.
    pub fn shows(&self, line: &str) -> bool {
        let line = plain(line);
        let short = |block: &&Block| block.chars < 400 && block.link_chars == 0 && block.flags & flag::NEVER == 0;
        self.list.iter().filter(short).take(500).any(|block| self.text(block).lines().any(|other| plain(other) == line))
    }

    /// Which block is the headline: an `h1`, or any before the text that says the same; else the first of the text.
    pub fn heading(&self, headings: &[NodeId], title: &str, first: usize) -> usize {
        let before = || (0..first.min(self.list.len())).rev();
        let same = |index: &usize| agreement(self.first_line(&self.list[*index]), title) >= 0.8;
        before()
            .filter(|index| self.list[*index].chars < 400)
            .find(|index| same(index))
            .or_else(|| before().find(|index| headings.contains(&self.list[*index].node)))
            .unwrap_or(first)
    }

    /// Reads a page's blocks.
    pub fn read(tree: &Tree<'_>) -> Self {
        let count = tree.nodes.len();
        let mut blocks = Self { flags: vec![0; count], own: vec![0; count], ..Self::default() };
        let mut classes: FxHashMap<&str, Hint> = FxHashMap::default();
        let mut state = Writer { blocks: &mut blocks, open: None, space: false, breaks: 0 };
        // the nearest block element per node
        let mut holders: Vec<NodeId> = vec![0; count];
        for id in 0..count as NodeId {
            let node = &tree.nodes[id as usize];
            let (above, holder) = if id == 0 {
                (0, 0)
            } else {
                (state.blocks.flags[node.parent as usize], holders[node.parent as usize])
            };
            let Some(tag) = node.tag else {
                state.blocks.flags[id as usize] = above;
                holders[id as usize] = holder;
                if above & flag::NEVER == 0 {
                    let keep_lines = tree.tag(holder) == Some(Tag::Pre);
                    state.write(tree, id, node.text, holder, above, keep_lines);
                }
                continue;
            };
            let own = if above & flag::NEVER == 0 { flag::of(tree, id, tag, &mut classes) } else { 0 };
            state.blocks.own[id as usize] = own;
            state.blocks.flags[id as usize] = above | own;
            holders[id as usize] = holder;
            if tag.is_block() {
                holders[id as usize] = id;
                state.end_block();
            } else if tag == Tag::Br {
                state.line_break();
            } else if matches!(tag, Tag::Iframe | Tag::Video | Tag::Object) {
                state.end_block();
            }
        }
        state.end_block();
        blocks
    }
}

struct Writer<'b> {
    blocks: &'b mut Blocks,
    open: Option<Block>,
    /// White space is owed before the next character.
    space: bool,
    /// Line breaks since the last character.
    breaks: u8,
}

impl Writer<'_> {
    fn line_break(&mut self) {
        self.breaks = self.breaks.saturating_add(1);
        self.space = false;
    }

    fn end_block(&mut self) {
        self.space = false;
        self.breaks = 0;
        if let Some(mut block) = self.open.take() {
            block.range.1 = self.blocks.text.len() as u32;
            if block.range.1 > block.range.0 {
                self.blocks.list.push(block);
            }
        }
    }

    fn write(&mut self, tree: &Tree<'_>, id: NodeId, raw: &str, holder: NodeId, flags: u32, keep_lines: bool) {
        if self.blocks.text.len() + raw.len() > LONGEST {
            self.blocks.cut = true;
            return;
        }
        let bytes = raw.as_bytes();
        if bytes.iter().all(u8::is_ascii_whitespace) {
            self.space |= self.open.is_some() && !raw.is_empty() && self.breaks == 0;
            return;
        }
        let other = self.open.as_ref().is_some_and(|open| open.node != holder);
        if other || self.breaks >= 2 {
            self.end_block();
        }
        let decoded = decode(raw);
        let text = &mut self.blocks.text;
        let fresh = self.open.is_none();
        let block = self.open.get_or_insert_with(|| {
            let kind = match tree.tag(holder) {
                Some(Tag::H1) => Kind::Heading(1),
                Some(Tag::H2) => Kind::Heading(2),
                Some(Tag::H3) => Kind::Heading(3),
                Some(Tag::H4) => Kind::Heading(4),
                Some(Tag::H5) => Kind::Heading(5),
                Some(Tag::H6) => Kind::Heading(6),
                Some(Tag::Pre) => Kind::Preformatted,
                _ => Kind::Paragraph,
            };
            let at = text.len() as u32;
            Block { range: (at, at), node: holder, first: id, kind, chars: 0, link_chars: 0, bold_chars: 0, flags: !0 }
        });
        // what all of the block's text has in common
        block.flags &= flags;
        if fresh {
            self.breaks = 0;
            self.space = false;
        } else if self.breaks == 1 {
            text.push('\n');
            self.breaks = 0;
            self.space = false;
        }
        let from = text.len();
        let mut chars = 0_u32;
        for word in WordPieces::new(&decoded) {
            match word {
                Piece::Space(newline) => {
                    if keep_lines && newline && text.len() > block.range.0 as usize {
                        if !text.ends_with('\n') {
                            text.push('\n');
                        }
                        self.space = false;
                    } else if text.len() > block.range.0 as usize && !text.ends_with('\n') {
                        self.space = true;
                    }
                }
                Piece::Word(word, count) => {
                    if self.space {
                        text.push(' ');
                        chars += 1;
                        self.space = false;
                    }
                    text.push_str(word);
                    chars += count;
                }
                Piece::Nothing => {}
            }
        }
        if text.len() == from {
            return;
        }
        block.chars += chars;
        if flags & flag::LINK != 0 {
            block.link_chars += chars;
        }
        if flags & flag::BOLD != 0 {
            block.bold_chars += chars;
        }
    }
}
