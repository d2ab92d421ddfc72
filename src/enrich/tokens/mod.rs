//! The words of an article as names and countries are read off them: one scan of the bytes, no copy of the text.
//!
//! Unlike the words of the index these keep what tells a name from a word: capitals, initials, what stands between.

mod facts;
mod key;
mod letter;
mod scan;

pub use facts::Facts;
pub use key::{EMPTY, Eight, fold, join, join_plain, key, plain_key};
pub use scan::{Reading, scan};

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Begins with a small letter.
    Lower,
    /// Begins with a capital and has a small letter: `Gorbachev`, `McKinnon`.
    Capital,
    /// Two or more letters, all of them capitals.
    Upper,
    /// One capital: `J`, `J.`.
    Initial,
    /// Single letters with dots: `U.S.`, `J.P.`.
    Dotted,
    /// Holds a digit.
    Number,
    /// Letters of a script without capitals.
    Uncased,
}

impl Shape {
    /// How many there are.
    pub const COUNT: usize = 7;
}

/// What stands between a word and the one before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gap(u8);

impl Gap {
    /// Nothing but white space.
    pub const SPACE: Self = Self(0);
    /// A hyphen that joins.
    pub const HYPHEN: Self = Self(1);
    /// A comma.
    pub const COMMA: Self = Self(2);
    /// A full stop, question or exclamation mark.
    pub const STOP: Self = Self(4);
    /// A colon or semicolon.
    pub const COLON: Self = Self(8);
    /// A quotation mark.
    pub const QUOTE: Self = Self(16);
    /// Any other sign: brackets, dashes, `&`, `/`, `$`.
    pub const OTHER: Self = Self(32);
    /// A new paragraph, or the start of the text.
    pub const BREAK: Self = Self(64);
    /// An opening bracket.
    pub const BRACKET: Self = Self(128);

    /// Whether any of `other` stands there.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether the two words could be parts of one name.
    pub fn joins(self) -> bool {
        self.0 & !Self::HYPHEN.0 == 0
    }

    /// Whether a sentence begins after it.
    pub fn begins_sentence(self) -> bool {
        self.0 & (Self::STOP.0 | Self::COLON.0 | Self::BREAK.0 | Self::QUOTE.0) != 0
    }

    /// The part of the gap that tells two written forms apart: `Athens, Ga.` is not `Athens Ga.`.
    fn class(self) -> u64 {
        match self.0 {
            gap if gap & (Self::BREAK.0 | Self::OTHER.0 | Self::BRACKET.0 | Self::COLON.0 | Self::QUOTE.0) != 0 => 3,
            gap if gap & Self::STOP.0 != 0 => 2,
            gap if gap & Self::COMMA.0 != 0 => 1,
            _ => 0,
        }
    }

    fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// One word of a text.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// Byte offset of its start.
    pub start: u32,
    /// Byte offset of its end, without a possessive ending or a dot.
    pub end: u32,
    /// How it is written.
    pub shape: Shape,
    /// What stands before it.
    pub gap: Gap,
    /// It had an ending set off by an apostrophe: `Putin's`.
    pub possessive: bool,
    /// A dot belongs to it: `J.`.
    pub dot: bool,
    /// It holds letters beyond ASCII.
    pub wide: bool,
    /// What the gazetteer knows of it, if it was asked.
    pub facts: Facts,
    /// Hash of its folded letters.
    pub key: u64,
}

impl Token {
    /// Its letters.
    pub fn text<'a>(&self, text: &'a str) -> &'a str {
        &text[self.start as usize..self.end as usize]
    }

    /// Whether it is written like a name or part of one.
    pub fn is_capital(&self) -> bool {
        matches!(self.shape, Shape::Capital | Shape::Upper | Shape::Initial | Shape::Dotted)
    }
}
