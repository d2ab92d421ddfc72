//! What is counted in a text to tell its language: letters of scripts and small words.

use smallvec::SmallVec;

use super::script::Scripts;
use super::{ALONE, DISTINCT, ENOUGH, LANGUAGES, LEAD, LIKELY, Languages};
use crate::enrich::tokens::{Eight, plain_key};

/// Bytes of the longest word looked up.
const LONGEST: usize = 32;

/// What was counted in a text.
pub struct Sample {
    pub scripts: Scripts,
    pub scores: [u32; 256],
    pub words: u32,
    hits: u32,
    /// The first few small words seen, each once: a table repeats one a hundred times.
    pub distinct: SmallVec<[u64; DISTINCT]>,
}

/// The word being read, in small letters.
#[derive(Default)]
struct Word {
    letters: [u8; LONGEST],
    len: usize,
    /// It has more letters than there is room for, so that it is no small word.
    is_long: bool,
}

impl Word {
    fn push(&mut self, letters: &[u8]) {
        match self.letters.get_mut(self.len..self.len + letters.len()) {
            Some(room) => {
                room.copy_from_slice(letters);
                self.len += letters.len();
            }
            None => (self.len, self.is_long) = (LONGEST, true),
        }
    }
}

/// The first `limit` characters of a text.
fn beginning(text: &str, limit: usize) -> &str {
    if text.len() <= limit {
        return text;
    }
    if text.as_bytes()[..limit].is_ascii() {
        return &text[..limit];
    }
    &text[..text.char_indices().nth(limit).map_or(text.len(), |(at, _)| at)]
}

/// The end and the key of a word of nothing but letters of ASCII, as most are: it needs no copy.
fn plain_word(bytes: &[u8], at: usize) -> Option<(usize, u64)> {
    let ends = |past: usize| bytes.get(past).is_none_or(|byte| byte.is_ascii() && *byte != b'\'');
    if let Some(eight) = Eight::at(bytes, at) {
        let letters = eight.letters();
        if letters < 8 {
            return (letters > 0 && ends(at + letters)).then(|| (at + letters, eight.key(letters)));
        }
    }
    let past = at + bytes[at..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    (past > at && ends(past)).then(|| (past, plain_key(bytes, at, past)))
}

/// The key of a small word.
pub fn word_key(letters: &[u8]) -> u64 {
    plain_key(letters, 0, letters.len())
}

impl Default for Sample {
    fn default() -> Self {
        Self { scripts: Scripts::default(), scores: [0; 256], words: 0, hits: 0, distinct: SmallVec::new() }
    }
}

impl Sample {
    /// Counts in the first `limit` characters of a text, or until they are clear.
    pub fn read(&mut self, text: &str, limit: usize) {
        let languages = &*LANGUAGES;
        let bytes = beginning(text, limit).as_bytes();
        let mut word = Word::default();
        let mut at = 0;
        while at < bytes.len() {
            if word.len == 0
                && self.scripts.is_latin()
                && let Some((past, key)) = plain_word(bytes, at)
            {
                self.scripts.count_latin((past - at) as u32);
                self.words += 1;
                if past - at <= LONGEST {
                    self.count(key, languages);
                }
                if self.is_clear() {
                    return;
                }
                at = past + 1;
                continue;
            }
            let small = bytes[at..].iter().take_while(|byte| byte.is_ascii_lowercase()).count();
            if small > 0 {
                word.push(&bytes[at..at + small]);
                self.scripts.count_latin(small as u32);
                at += small;
                continue;
            }
            let Some(char) = text[at..].chars().next() else { break };
            at += char.len_utf8();
            let counted = self.scripts.count(char);
            if counted && self.scripts.letters() >= ALONE && self.scripts.alone() {
                return;
            }
            if char.is_ascii_uppercase() {
                word.push(&[char.to_ascii_lowercase() as u8]);
                continue;
            }
            let joins = matches!(char, '\'' | '’' | '\u{200c}' | 'ʼ') && word.len > 0 && word.len < LONGEST;
            if counted || joins {
                for lower in char.to_lowercase() {
                    let lower = if lower == '’' { '\'' } else { lower };
                    word.push(lower.encode_utf8(&mut [0; 4]).as_bytes());
                }
                continue;
            }
            if word.len > 0 {
                self.end(&word, languages);
                word = Word::default();
                if self.is_clear() {
                    return;
                }
            }
        }
        if word.len > 0 {
            self.end(&word, languages);
        }
    }

    /// Counts a word that was put together.
    fn end(&mut self, word: &Word, languages: &Languages) {
        self.words += 1;
        if !word.is_long {
            let letters = &word.letters[..word.len];
            let apostrophes = letters.iter().rev().take_while(|byte| **byte == b'\'').count();
            self.count(word_key(&letters[..word.len - apostrophes]), languages);
        }
    }

    /// Counts the word of a key, if it is a small word.
    fn count(&mut self, key: u64, languages: &Languages) {
        let Some(small) = languages.words.get(key) else { return };
        self.hits += 1;
        if self.distinct.len() < DISTINCT && !self.distinct.contains(&key) {
            self.distinct.push(key);
        }
        let first = usize::from(small.first);
        for language in &languages.speakers[first..first + usize::from(small.count)] {
            self.scores[usize::from(*language)] += u32::from(small.weight);
        }
    }

    /// Whether one language leads far enough to read no further: the farther, the fewer words are enough.
    fn is_clear(&self) -> bool {
        let wanted = if self.hits < ENOUGH { 3.0 } else { 2.0 };
        self.hits >= ENOUGH / 2 && self.hits.is_multiple_of(8) && self.clear().is_some_and(|(lead, _)| lead >= wanted)
    }

    /// How far the first language leads the second, and which it is.
    pub fn clear(&self) -> Option<(f64, usize)> {
        let (mut first, mut second) = ((0, 0), (0, 0));
        for (number, score) in self.scores.iter().enumerate().take(LANGUAGES.tags.len()) {
            if *score > first.0 {
                (second, first) = (first, (*score, number));
            } else if *score > second.0 {
                second = (*score, number);
            }
        }
        if first.0 == 0 {
            return None;
        }
        let close = LANGUAGES.neighbours[first.1] & LANGUAGES.neighbours[second.1] != 0;
        let lead = f64::from(first.0) / f64::from(second.0.max(1));
        // between neighbours a lead of a tenth counts as one of half elsewhere
        Some((if close { 1.0 + (lead - 1.0) * 5.0 } else { lead }, first.1))
    }

    /// The languages the trigrams choose between: those most of the small words belong to, filled up with those most written.
    pub fn likely(&self) -> Vec<whatlang::Lang> {
        let mut scored: Vec<(u32, usize)> =
            self.scores.iter().copied().zip(0..LANGUAGES.tags.len()).filter(|(score, _)| *score > 0).collect();
        scored.sort_unstable_by_key(|(score, number)| (std::cmp::Reverse(*score), *number));
        let numbers = scored.into_iter().map(|(_, number)| number).chain(LANGUAGES.widespread.iter().copied());
        let mut likely = Vec::with_capacity(LIKELY);
        for lang in numbers.filter_map(|number| LANGUAGES.trigrams[number]) {
            if likely.len() < LIKELY && !likely.contains(&lang) {
                likely.push(lang);
            }
        }
        likely
    }

    pub fn by_words(&self) -> Option<&'static str> {
        let (lead, number) = self.clear()?;
        // texts of figures and names have few small words, and those of a language nobody listed have some of others
        let wanted = if self.hits * 10 >= self.words { LEAD } else { 2.0 * LEAD };
        let enough = self.words >= 5 && self.distinct.len() == DISTINCT && self.hits * 20 >= self.words;
        (enough && lead >= wanted).then(|| LANGUAGES.tags[number])
    }

    /// Many small words, and no language to which most of them belong.
    pub fn is_mixed(&self) -> bool {
        let many = self.hits >= 8 && self.hits * 5 >= self.words;
        many && self.clear().is_some_and(|(lead, number)| lead < LEAD && LANGUAGES.neighbours[number] == 0)
    }
}
