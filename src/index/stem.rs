//! Stems by language: which languages have a Snowball stemmer, and a cache, since stemming is the dearest step of indexing.

use std::cell::RefCell;

use frostem::{Algorithm, Stemmer};

use super::interner::Interner;
use super::words::fold_into;

/// Languages with a stemmer, by BCP 47 code.
const STEMMED: &[(&str, Algorithm)] = &[
    ("ar", Algorithm::Arabic),
    ("ca", Algorithm::Catalan),
    ("cs", Algorithm::Czech),
    ("da", Algorithm::Danish),
    ("de", Algorithm::German),
    ("el", Algorithm::Greek),
    ("en", Algorithm::English),
    ("es", Algorithm::Spanish),
    ("et", Algorithm::Estonian),
    ("eu", Algorithm::Basque),
    ("fi", Algorithm::Finnish),
    ("fr", Algorithm::French),
    ("ga", Algorithm::Irish),
    ("hi", Algorithm::Hindi),
    ("hu", Algorithm::Hungarian),
    ("hy", Algorithm::Armenian),
    ("id", Algorithm::Indonesian),
    ("it", Algorithm::Italian),
    ("lt", Algorithm::Lithuanian),
    ("ne", Algorithm::Nepali),
    ("nl", Algorithm::Dutch),
    ("no", Algorithm::Norwegian),
    ("pl", Algorithm::Polish),
    ("pt", Algorithm::Portuguese),
    ("ro", Algorithm::Romanian),
    ("ru", Algorithm::Russian),
    ("sr", Algorithm::Serbian),
    ("sv", Algorithm::Swedish),
    ("ta", Algorithm::Tamil),
    ("tr", Algorithm::Turkish),
];

/// Languages whose stemmer takes endings off and leaves the first letter of a word as it is.
const KEEP_FIRST_LETTER: &[&str] = &["da", "de", "en", "es", "it", "no", "pt", "ru", "sv"];

/// The version of the stemmer's rules, part of the digest: other stems make another index.
pub const STEMMER_VERSION: &str = "frostem 1.20260821";

/// A language with a stemmer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StemLanguage(usize);

/// Words of a language whose terms are kept before they are forgotten; about 15 MB.
const MOST_WORDS: usize = 300_000;

/// Terms of words, for one thread.
#[derive(Default)]
struct Known {
    words: Interner,
    terms: Interner,
    /// The term of each word.
    term_of: Vec<u32>,
}

impl Known {
    /// The term of `word`; `make` writes it when it is not known yet.
    fn term(&mut self, word: &str, make: impl FnOnce() -> String) -> &str {
        if self.words.len() >= MOST_WORDS {
            *self = Self::default();
        }
        let (number, is_new) = self.words.number(word);
        if is_new {
            self.term_of.push(self.terms.number(&make()).0);
        }
        self.terms.text(self.term_of[number as usize])
    }
}

thread_local! {
    static KNOWN: RefCell<Vec<Known>> = RefCell::new(STEMMED.iter().map(|_| Known::default()).collect());
}

impl StemLanguage {
    /// The stemmer for a BCP 47 tag, by its primary language; both written standards of Norwegian share one.
    pub fn of(language: &str) -> Option<Self> {
        let primary = match language.split('-').next().unwrap_or(language) {
            "nb" | "nn" => "no",
            primary => primary,
        };
        STEMMED.binary_search_by_key(&primary, |(code, _)| code).ok().map(Self)
    }

    /// Its BCP 47 code.
    pub fn code(self) -> &'static str {
        STEMMED[self.0].0
    }

    /// Whether a word, folded, can have a term. Most cannot for their first letter alone, and need not be stemmed to see it.
    pub fn can_have(self, folded: &str, term: &str) -> bool {
        let stem = term.split_once(':').map_or(term, |(_, stem)| stem);
        !KEEP_FIRST_LETTER.contains(&self.code()) || folded.chars().next() == stem.chars().next()
    }

    /// Writes the indexed term of a word into `term`: language code, colon, folded stem.
    pub fn term(self, lower: &str, term: &mut String) {
        let (code, algorithm) = STEMMED[self.0];
        term.clear();
        KNOWN.with_borrow_mut(|known| {
            term.push_str(known[self.0].term(lower, || {
                let mut term = format!("{code}:");
                for c in Stemmer::new(algorithm).stem(lower).chars() {
                    fold_into(c, &mut term);
                }
                term
            }));
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::Words;

    #[test]
    fn the_table_is_sorted_for_its_search() {
        assert!(STEMMED.is_sorted_by_key(|(code, _)| code));
    }

    #[test]
    fn a_term_is_made_once_and_found_again() {
        let mut known = Known::default();
        for round in 0..2 {
            for number in 0..5_000 {
                let mut made = false;
                let term = known.term(&format!("word{number}"), || {
                    made = true;
                    format!("en:{}", number % 7)
                });
                assert_eq!((term, made), (format!("en:{}", number % 7).as_str(), round == 0));
            }
        }
    }

    #[test]
    fn a_word_can_have_its_own_term() {
        let letters: Vec<char> =
            ('a'..='z').chain("'’äöüßåæøœéèàçñíõãâ".chars()).chain('а'..='я').chain(['ё']).collect();
        let frequent: Vec<&str> = crate::facts::LANGUAGES.split(|c: char| !c.is_alphabetic()).collect();
        let mut dice = 7_u64;
        let mut roll = |sides: usize| {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (dice >> 33) as usize % sides
        };
        for (number, (code, _)) in STEMMED.iter().enumerate() {
            let language = StemLanguage(number);
            let mut term = String::new();
            for round in 0..20_000 {
                let mut word = frequent[round % frequent.len()].to_lowercase();
                for _ in 0..roll(8) {
                    let place =
                        (0..=word.len()).filter(|place| word.is_char_boundary(*place)).nth(roll(word.len() + 1));
                    word.insert(place.unwrap_or(0), letters[roll(letters.len())]);
                }
                let mut words = Words::new(&word);
                while words.advance() {
                    language.term(words.lower(), &mut term);
                    assert!(language.can_have(&words.folded, &term), "{code}: {} {term}", words.folded);
                }
            }
        }
    }

    #[test]
    fn words_of_one_stem_share_a_term() {
        let term = |language: &str, word: &str| {
            let mut term = String::new();
            StemLanguage::of(language).map(|stems| stems.term(word, &mut term))?;
            Some(term)
        };
        assert_eq!(term("en", "negotiations"), term("en-US", "negotiating"));
        assert_eq!(term("fr", "présidentielles"), term("fr", "présidentielle"));
        assert_eq!(term("ru", "переговоры"), term("ru", "переговоров"));
        assert_ne!(term("en", "talks"), term("de", "talks"));
        assert_eq!(term("kk", "сөз"), None);
    }
}
