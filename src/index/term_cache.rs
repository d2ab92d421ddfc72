//! Terms by the word they are made of, for one thread. Word and term lie side by side in one stretch of memory, so that
//! a look-up waits for memory twice instead of three times; it happens for every word of a text in which hits are marked.

use std::hash::Hasher;

use rustc_hash::FxHasher;

/// Words a cache holds before it starts anew; about 15 MB.
const MOST_WORDS: usize = 300_000;

const FIRST_SLOTS: usize = 1 << 10;

/// The cache; terms are made by whoever asks.
#[derive(Debug, Default)]
pub struct TermCache {
    /// A power of two of them, at most half of them taken.
    slots: Vec<Slot>,
    /// Each word followed by its term.
    text: String,
    words: usize,
}

/// Where a word lies in the text; what is longer than 255 bytes is no word but data, and not kept.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    hash: u32,
    start: u32,
    word: u8,
    term: u8,
    taken: bool,
}

impl TermCache {
    /// Adds the term of `word` to `out`; `make` adds it when it is not known yet.
    pub fn add_term(&mut self, word: &str, out: &mut String, make: impl FnOnce(&mut String)) {
        let hash = hash(word);
        if let Some(term) = self.find(word, hash) {
            out.push_str(term);
            return;
        }
        let from = out.len();
        make(out);
        self.insert(word, hash, &out[from..]);
    }

    fn find(&self, word: &str, hash: u32) -> Option<&str> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = hash as usize & mask;
        loop {
            let slot = self.slots[at];
            if !slot.taken {
                return None;
            }
            let start = slot.start as usize;
            let end = start + usize::from(slot.word);
            if slot.hash == hash && self.text.as_bytes()[start..end] == *word.as_bytes() {
                return Some(&self.text[end..end + usize::from(slot.term)]);
            }
            at = (at + 1) & mask;
        }
    }

    fn insert(&mut self, word: &str, hash: u32, term: &str) {
        let lengths = (u8::try_from(word.len()), u8::try_from(term.len()), u32::try_from(self.text.len()));
        let (Ok(word_length), Ok(term_length), Ok(start)) = lengths else { return };
        if self.words >= MOST_WORDS {
            *self = Self::default();
            return;
        }
        if self.words * 2 >= self.slots.len() {
            let slots = vec![Slot::default(); (self.slots.len() * 2).max(FIRST_SLOTS)];
            for slot in std::mem::replace(&mut self.slots, slots).into_iter().filter(|slot| slot.taken) {
                self.place(slot);
            }
        }
        self.text.push_str(word);
        self.text.push_str(term);
        self.place(Slot { hash, start, word: word_length, term: term_length, taken: true });
        self.words += 1;
    }

    fn place(&mut self, slot: Slot) {
        let mask = self.slots.len() - 1;
        let mut at = slot.hash as usize & mask;
        while self.slots[at].taken {
            at = (at + 1) & mask;
        }
        self.slots[at] = slot;
    }
}

fn hash(word: &str) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(word.as_bytes());
    hasher.finish() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONGEST: usize = u8::MAX as usize;

    #[test]
    fn a_term_is_made_once_and_found_again() {
        let mut cache = TermCache::default();
        for round in 0..2 {
            for number in 0..5_000 {
                let (mut term, mut made) = (String::from("en:"), false);
                cache.add_term(&format!("word{number}"), &mut term, |out| {
                    made = true;
                    out.push_str(&number.to_string());
                });
                assert_eq!((term, made), (format!("en:{number}"), round == 0));
            }
        }
    }

    #[test]
    fn what_is_too_long_to_keep_is_made_each_time() {
        let mut cache = TermCache::default();
        for word in ["x".repeat(LONGEST), "x".repeat(LONGEST + 1)] {
            for _ in 0..2 {
                let mut term = String::new();
                cache.add_term(&word, &mut term, |out| out.push_str(&word));
                assert_eq!(term, word);
            }
        }
        assert_eq!(cache.words, 1);
    }
}
