//! A text with its words and what is known of each: the sheet names and countries are marked on.

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
    reading: Reading,
}

impl<'a> Page<'a> {
    /// Reads a text. Only a headline is taken to write every word with a capital.
    pub fn new(text: &'a str, reading: Reading, is_headline: bool) -> Self {
        let mut tokens = Vec::with_capacity(text.len() / 5);
        scan(text, reading, &mut tokens);
        let case = case(&tokens, is_headline);
        let marks = vec![Mark::default(); tokens.len()];
        Self { text, tokens, marks, case, reading }
    }

    /// The letters of a word.
    pub fn word(&self, index: usize) -> &'a str {
        self.tokens[index].text(self.text)
    }

    /// The same page over a text whose words were rewritten one by one.
    pub fn with_text<'b>(&self, text: &'b str) -> Page<'b> {
        let mut tokens = Vec::with_capacity(self.tokens.len());
        scan(text, self.reading, &mut tokens);
        let mut marks = self.marks.clone();
        marks.resize(tokens.len(), Mark::default());
        Page { text, tokens, marks, case: self.case, reading: self.reading }
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

fn case(tokens: &[Token], is_headline: bool) -> Case {
    let (mut upper, mut capital, mut lower) = (0, 0, 0);
    // Short words stay small in headlines that capitalise the others.
    for token in tokens.iter().filter(|token| token.end - token.start >= 4) {
        match token.shape {
            Shape::Upper => upper += 1,
            Shape::Capital => capital += 1,
            Shape::Lower => lower += 1,
            _ => {}
        }
    }
    let cased = upper + capital + lower;
    if upper * 10 >= cased * 7 && cased > 0 {
        Case::Upper
    } else if is_headline && cased >= 3 && lower * 5 <= cased {
        Case::Title
    } else {
        Case::Sentence
    }
}
