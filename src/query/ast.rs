//! What a query means, before any index is asked: no engine in it. It prints as a query that parses to the same tree.

use crate::date::Range;
use crate::index::Column;

/// A part of a query and where it stands in the text. Two are equal if they mean the same, wherever they stand.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it asks for.
    pub kind: Kind,
    /// Weight of its score, 1 unless `^n` says otherwise.
    pub boost: f32,
    /// Byte offsets in the query's text, for messages; not part of its meaning.
    pub span: std::ops::Range<usize>,
}

/// What a part of a query asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Every article: the empty query.
    All,
    /// A word as typed. Inside quotes only this form matches, elsewhere every form with its stem.
    Word {
        /// As typed.
        text: String,
        /// Whether it stood in quotes.
        exact: bool,
    },
    /// A word with `*` (any letters) and `?` (one letter).
    Wildcard(String),
    /// A word with up to this many letters changed: `putin~1`.
    Fuzzy {
        /// As typed.
        text: String,
        /// 1 or 2.
        distance: u8,
    },
    /// Words or patterns next to each other in order, with up to `slop` moves between them: `"ceasefire talks"~2`.
    Phrase {
        /// Words, wildcards or fuzzy words.
        items: Vec<Node>,
        /// 0 for an exact phrase.
        slop: u32,
    },
    /// Both sides with at most `distance` words between them: `a NEAR/5 b`, and in this order `a ADJ/5 b`.
    Near {
        /// Words, phrases or groups of them.
        left: Box<Node>,
        /// Words, phrases or groups of them.
        right: Box<Node>,
        /// Words between the two at most.
        distance: u32,
        /// Whether left must come before right.
        ordered: bool,
    },
    /// A word that stands at least this often in the body: `atleast:3(ceasefire)`.
    AtLeast {
        /// 1 or more.
        count: u32,
        /// A word, phrase or pattern, or alternatives of them.
        of: Box<Node>,
    },
    /// All of them.
    And(Vec<Node>),
    /// Any of them.
    Or(Vec<Node>),
    /// Anything but this.
    Not(Box<Node>),
    /// A query on one part of the text: `title:(…)`, `lead:(…)`, `body:(…)`.
    Within {
        /// Which part.
        part: Part,
        /// The query.
        query: Box<Node>,
    },
    /// A value of a column: `source:Reuters`, `country:France`. Names of people and countries are resolved later.
    Value {
        /// The column.
        column: Column,
        /// As typed, without quotes; `*` and `?` are wildcards if `pattern`.
        value: String,
        /// Whether it holds wildcards.
        pattern: bool,
    },
    /// Whoever held an office: `office:"president of France"`.
    Office(String),
    /// An article by its id.
    Id(String),
    /// Any value at all: `has:date`, `has:people`; negated for `people:none`.
    Has(Presence),
    /// Published in these local days.
    Date(Range),
    /// Published on this day of any year: `onthisday:04-13`.
    OnThisDay {
        /// 1 to 12.
        month: i8,
        /// 1 to 31.
        day: i8,
    },
}

/// A part of an article's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The headline.
    Title,
    /// The first hundred words of the body.
    Lead,
    /// The text.
    Body,
}

/// What an article may have or lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Any value in a column.
    Column(Column),
    /// A date.
    Date,
    /// A title.
    Title,
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && self.boost.to_bits() == other.boost.to_bits()
    }
}

impl Node {
    /// A node of weight 1.
    pub fn new(kind: Kind, span: std::ops::Range<usize>) -> Self {
        Self { kind, boost: 1.0, span }
    }

    /// The query that every article answers.
    pub fn all() -> Self {
        Self::new(Kind::All, 0..0)
    }
}
