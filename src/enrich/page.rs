//! A text with its words and what is known of each: the sheet names and countries are marked on.

use std::cell::RefCell;

use super::gazetteer::Lexicon;
use super::tokens::{Reading, Shape, Token, scan};

/// What a word was found to be part of, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark(u8);

impl Mark {
    /// A form of a country.
    pub const COUNTRY: Self = Self(1);
    /// A form of a country that is ambiguous by itself.
    pub const CONTEXT: Self = Self(2);
    /// A phrase that hides a country's form.
    pub const BLOCK: Self = Self(4);
    /// A person's name.
    pub const PERSON: Self = Self(8);
    /// Goes on with the phrase of the word before it.
    pub const INSIDE: Self = Self(16);

    /// Whether any of `other` is set.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Sets `other` too.
    pub fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// How a text uses capitals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// Names and first words of sentences.
    Sentence,
    /// Nearly every word.
    Title,
    /// Every letter.
    Upper,
}

/// A title or a body, read into words.
#[derive(Debug)]
pub struct Page<'a> {
    /// The text.
    pub text: &'a str,
    /// Its words.
    pub tokens: Vec<Token>,
    /// What was found at each word.
    pub marks: Vec<Mark>,
    /// How it uses capitals.
    pub case: Case,
    shapes: Shapes,
    reading: Reading,
}

impl<'a> Page<'a> {
    /// Reads a text. Only a headline is taken to write every word with a capital.
    pub fn new(text: &'a str, reading: Reading, is_headline: bool, lexicon: &Lexicon) -> Self {
        let Sheet { mut tokens, mut marks } = Sheet::blank();
        tokens.reserve(text.len() / 5);
        scan(text, reading, &mut tokens);
        lexicon.note_facts(&mut tokens);
        let shapes = Shapes::of(&tokens);
        marks.resize(tokens.len(), Mark::default());
        Self { text, tokens, marks, case: shapes.case(is_headline), shapes, reading }
    }

    /// Whether a word is in letters that have no capitals.
    pub fn has_uncased(&self) -> bool {
        self.shapes.all[Shape::Uncased as usize] > 0
    }

    /// Whether a capitalised word has letters beyond ASCII.
    pub fn has_wide_names(&self) -> bool {
        self.shapes.wide > 0
    }

    /// The letters of a word.
    pub fn word(&self, index: usize) -> &'a str {
        self.tokens[index].text(self.text)
    }

    /// The same page over a text whose words were rewritten one by one.
    pub fn with_text<'b>(&self, text: &'b str, lexicon: &Lexicon) -> Page<'b> {
        let mut tokens = Vec::with_capacity(self.tokens.len());
        scan(text, self.reading, &mut tokens);
        lexicon.note_facts(&mut tokens);
        let mut marks = self.marks.clone();
        marks.resize(tokens.len(), Mark::default());
        let shapes = Shapes::of(&tokens);
        Page { text, tokens, marks, case: self.case, shapes, reading: self.reading }
    }

    /// One past the last word of the phrase marked at a word.
    pub fn past_mark(&self, at: usize) -> usize {
        at + 1 + self.marks[at + 1..].iter().take_while(|mark| mark.has(Mark::INSIDE)).count()
    }

    /// Marks a phrase.
    pub fn mark(&mut self, first: usize, past: usize, mark: Mark) {
        for (index, at) in self.marks[first..past].iter_mut().enumerate() {
            at.add(mark);
            if index > 0 {
                at.add(Mark::INSIDE);
            }
        }
    }
}

/// The room a page is written in, used again by the next page of the same thread: asking the system for as much memory as a
/// text's words take costs as much as finding them.
#[derive(Debug, Default)]
struct Sheet {
    tokens: Vec<Token>,
    marks: Vec<Mark>,
}

thread_local! {
    static SHEETS: RefCell<Vec<Sheet>> = const { RefCell::new(Vec::new()) };
}

/// Sheets a thread keeps: a title, a body and the body with its names in the nominative.
const KEPT_SHEETS: usize = 3;

/// Words of the longest sheet that is kept.
const KEPT_WORDS: usize = 1 << 17;

impl Sheet {
    fn blank() -> Self {
        SHEETS.with_borrow_mut(Vec::pop).unwrap_or_default()
    }
}

impl Drop for Page<'_> {
    fn drop(&mut self) {
        let (mut tokens, mut marks) = (std::mem::take(&mut self.tokens), std::mem::take(&mut self.marks));
        tokens.clear();
        marks.clear();
        SHEETS.with_borrow_mut(|sheets| {
            if sheets.len() < KEPT_SHEETS && tokens.capacity() <= KEPT_WORDS {
                sheets.push(Sheet { tokens, marks });
            }
        });
    }
}

/// How many words of each shape a text has.
#[derive(Clone, Copy, Debug, Default)]
struct Shapes {
    all: [u32; Shape::COUNT],
    /// Those of four letters or more: short words stay small in headlines that capitalise the others.
    long: [u32; Shape::COUNT],
    /// Capitalised with letters beyond ASCII.
    wide: u32,
}

impl Shapes {
    fn of(tokens: &[Token]) -> Self {
        let mut shapes = Self::default();
        for token in tokens {
            let shape = token.shape as usize;
            shapes.all[shape] += 1;
            shapes.long[shape] += u32::from(token.end - token.start >= 4);
            shapes.wide += u32::from(token.wide && token.shape == Shape::Capital);
        }
        shapes
    }

    fn case(&self, is_headline: bool) -> Case {
        let [upper, capital, lower] =
            [Shape::Upper, Shape::Capital, Shape::Lower].map(|shape| self.long[shape as usize]);
        let cased = upper + capital + lower;
        if upper * 10 >= cased * 7 && cased > 0 {
            Case::Upper
        } else if is_headline && cased >= 3 && lower * 5 <= cased {
            Case::Title
        } else {
            Case::Sentence
        }
    }
}
