//! A page's visible text as a list of blocks: what a reader sees as one paragraph, heading, list item or table cell.

use super::hints::{self, Hint};
use super::tag::Tag;
use super::tree::{Name, NodeId, Tree, decode};
use rustc_hash::FxHashMap;

/// Text of one page that is kept.
const LONGEST: usize = 16 << 20;

/// What an element says of all text inside it, as bits.
pub mod flag {
    /// Never visible text: scripts, controls, pictures.
    pub const NEVER: u32 = 1;
    /// Hidden by an attribute.
    pub const HIDDEN: u32 = 1 << 1;
    /// A link.
    pub const LINK: u32 = 1 << 2;
    /// `nav`, a menu, or the like.
    pub const NAV: u32 = 1 << 3;
    /// `footer`.
    pub const FOOTER: u32 = 1 << 4;
    /// `header`.
    pub const HEADER: u32 = 1 << 5;
    /// `aside`.
    pub const ASIDE: u32 = 1 << 6;
    /// `form`.
    pub const FORM: u32 = 1 << 7;
    /// A figure or its caption.
    pub const FIGURE: u32 = 1 << 8;
    /// A class or id says it is not the text.
    pub const DROP: u32 = 1 << 9;
    /// A class, id or itemprop says it holds the text.
    pub const BODY: u32 = 1 << 10;
    /// `article`.
    pub const ARTICLE: u32 = 1 << 11;
    /// `main`.
    pub const MAIN: u32 = 1 << 12;
    /// A list item or definition.
    pub const ITEM: u32 = 1 << 13;
    /// A quotation.
    pub const QUOTE: u32 = 1 << 14;
    /// A table cell.
    pub const CELL: u32 = 1 << 15;
    /// Names the author.
    pub const BYLINE: u32 = 1 << 16;
    /// Names the day.
    pub const DATE: u32 = 1 << 17;
    /// `itemprop="articleBody"`.
    pub const ARTICLE_BODY: u32 = 1 << 18;
    /// `noscript`.
    pub const NOSCRIPT: u32 = 1 << 19;
    /// Set in bold or emphasised.
    pub const BOLD: u32 = 1 << 20;

    /// A class says it is not the text, whatever it holds.
    pub const HARD: u32 = 1 << 21;
    /// A class says it is the text under the headline.
    pub const LEAD: u32 = 1 << 22;
    /// A class says it belongs to a picture.
    pub const PICTURE: u32 = 1 << 23;
    /// Hidden from readers of the screen aloud only: `aria-hidden`.
    pub const SILENT: u32 = 1 << 24;

    /// Bits of an element that is cut out whole if it does not hold most of the text.
    pub const CUT: u32 = NAV | FOOTER | ASIDE | FORM | FIGURE | DROP | HARD | PICTURE;
}

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

    /// Which block is the headline: an `h1`, or any before the text that says the same; else the first of the text.
    pub fn heading(&self, headings: &[NodeId], title: &str, first: usize) -> usize {
        let before = || (0..first.min(self.list.len())).rev();
        let same = |index: &usize| super::title::agreement(self.text(&self.list[*index]), title) >= 0.8;
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
            let own = if above & flag::NEVER == 0 { own_flags(tree, id, tag, &mut classes) } else { 0 };
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

fn own_flags<'a>(tree: &Tree<'a>, id: NodeId, tag: Tag, classes: &mut FxHashMap<&'a str, Hint>) -> u32 {
    let mut flags = match tag {
        Tag::Script
        | Tag::Style
        | Tag::Head
        | Tag::Template
        | Tag::Iframe
        | Tag::Svg
        | Tag::Math
        | Tag::Button
        | Tag::Select
        | Tag::Textarea
        | Tag::Object
        | Tag::Audio
        | Tag::Video
        | Tag::Canvas
        | Tag::Noembed
        | Tag::Title
        | Tag::Map
        | Tag::Input => flag::NEVER,
        Tag::A => flag::LINK,
        Tag::Nav | Tag::Menu => flag::NAV,
        Tag::Footer => flag::FOOTER,
        Tag::Header => flag::HEADER,
        Tag::Aside | Tag::Dialog => flag::ASIDE,
        Tag::Form | Tag::Fieldset | Tag::Label => flag::FORM,
        Tag::Figure | Tag::Figcaption | Tag::Caption => flag::FIGURE,
        Tag::Article => flag::ARTICLE,
        Tag::Main => flag::MAIN,
        Tag::Li | Tag::Dd | Tag::Dt => flag::ITEM,
        Tag::Blockquote => flag::QUOTE,
        Tag::Td | Tag::Th => flag::CELL,
        Tag::Noscript => flag::NOSCRIPT,
        Tag::Address => flag::BYLINE,
        Tag::Time => flag::DATE,
        Tag::B | Tag::Strong | Tag::Em => flag::BOLD,
        _ => 0,
    };
    if matches!(tag, Tag::Html | Tag::Body) {
        return flags;
    }
    for (name, value) in tree.attributes(id) {
        match name {
            Name::Class | Name::Id | Name::Data => {
                let hint = match classes.get(value) {
                    Some(hint) => *hint,
                    None => {
                        let hint = hints::read(value);
                        classes.insert(value, hint);
                        hint
                    }
                };
                for (said, bit) in [
                    (Hint::DROP, flag::DROP),
                    (Hint::HARD, flag::HARD),
                    (Hint::FIGURE, flag::PICTURE),
                    (Hint::LEAD, flag::LEAD),
                    (Hint::BODY, flag::BODY),
                    (Hint::BYLINE, flag::BYLINE),
                    (Hint::DATE, flag::DATE),
                ] {
                    if hint.has(said) {
                        flags |= bit;
                    }
                }
                if hint.has(Hint::HIDDEN) && *name == Name::Class {
                    flags |= flag::HIDDEN;
                }
            }
            Name::Hidden => flags |= flag::HIDDEN,
            Name::AriaHidden if value.eq_ignore_ascii_case("true") => flags |= flag::SILENT,
            Name::Style if hides(value) => flags |= flag::HIDDEN,
            Name::Role => match value.to_ascii_lowercase().as_str() {
                "navigation" | "menu" | "menubar" | "search" | "tablist" | "toolbar" => flags |= flag::NAV,
                "complementary" | "dialog" | "alert" | "alertdialog" => flags |= flag::ASIDE,
                "contentinfo" => flags |= flag::FOOTER,
                "article" => flags |= flag::ARTICLE,
                "main" => flags |= flag::MAIN,
                _ => {}
            },
            Name::Itemprop => {
                for property in value.split_ascii_whitespace() {
                    match property {
                        "articleBody" => flags |= flag::ARTICLE_BODY | flag::BODY,
                        "author" | "creator" => flags |= flag::BYLINE,
                        "datePublished" | "dateCreated" => flags |= flag::DATE,
                        "comment" => flags |= flag::DROP,
                        _ => {}
                    }
                }
            }
            Name::Rel if value.split_ascii_whitespace().any(|rel| rel == "author") => flags |= flag::BYLINE,
            _ => {}
        }
    }
    flags
}

fn hides(style: &str) -> bool {
    let Some(at) = memchr::memmem::find(style.as_bytes(), b"display") else {
        return style.contains("visibility:hidden") || style.contains("visibility: hidden");
    };
    style[at + 7..].trim_start().strip_prefix(':').is_some_and(|rest| rest.trim_start().starts_with("none"))
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

enum Piece<'t> {
    Word(&'t str, u32),
    Space(bool),
    /// A soft hyphen, a control character, a mark of zero width.
    Nothing,
}

/// Cuts text into words, white space and what is dropped.
struct WordPieces<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> WordPieces<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }
}

/// What one character is, by its first bytes; its length.
fn class(bytes: &[u8]) -> (u8, usize) {
    match bytes[0] {
        b' ' | b'\t' | b'\r' | b'\x0c' => (1, 1),
        b'\n' => (2, 1),
        0..0x20 | 0x7f => (3, 1),
        0x21..0x7f => (0, 1),
        // U+00A0, soft hyphen, C1 controls
        0xC2 => match bytes.get(1) {
            Some(0xA0) => (1, 2),
            Some(0xAD | 0x80..=0x9F) => (3, 2),
            _ => (0, 2),
        },
        0xE2 => match (bytes.get(1), bytes.get(2)) {
            // spaces, then marks of zero width and direction, line and paragraph separators, U+202F, U+205F, U+2060
            (Some(0x80), Some(0x80..=0x8A | 0xA8 | 0xA9 | 0xAF)) | (Some(0x81), Some(0x9F)) => (1, 3),
            (Some(0x80), Some(0x8B | 0x8E | 0x8F | 0xAA..=0xAE)) | (Some(0x81), Some(0xA0 | 0xA6..=0xA9)) => (3, 3),
            _ => (0, 3),
        },
        0xE3 if bytes.get(1) == Some(&0x80) && bytes.get(2) == Some(&0x80) => (1, 3),
        0xEF if bytes.get(1) == Some(&0xBB) && bytes.get(2) == Some(&0xBF) => (3, 3),
        0xC3..0xE0 => (0, 2),
        0xE0..0xF0 => (0, 3),
        _ => (0, 4),
    }
}

impl<'t> Iterator for WordPieces<'t> {
    type Item = Piece<'t>;

    fn next(&mut self) -> Option<Piece<'t>> {
        let bytes = self.text.as_bytes();
        if self.at >= bytes.len() {
            return None;
        }
        let (first, length) = class(&bytes[self.at..]);
        let from = self.at;
        match first {
            0 => {
                let mut count = 0;
                while self.at < bytes.len() {
                    let (class, length) = class(&bytes[self.at..]);
                    if class != 0 {
                        break;
                    }
                    self.at += length;
                    count += 1;
                }
                Some(Piece::Word(&self.text[from..self.at], count))
            }
            3 => {
                self.at += length;
                Some(Piece::Nothing)
            }
            _ => {
                let mut newline = false;
                while self.at < bytes.len() {
                    let (class, length) = class(&bytes[self.at..]);
                    if class != 1 && class != 2 {
                        break;
                    }
                    newline |= class == 2;
                    self.at += length;
                }
                Some(Piece::Space(newline))
            }
        }
    }
}
