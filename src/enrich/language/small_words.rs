//! The small words that give languages away, found by their keys.

use rustc_hash::FxHashMap;

/// A small word: what it weighs, and which of the speakers are its own.
#[derive(Clone, Copy, Debug, Default)]
pub struct SmallWord {
    pub weight: u8,
    pub count: u8,
    pub first: u16,
}

/// All small words.
#[derive(Debug)]
pub struct SmallWords {
    words: FxHashMap<u64, SmallWord>,
    /// One bit for the lower bits of each key: most words of a text are ruled out by it.
    seen: Box<[u64; 256]>,
}

impl Default for SmallWords {
    fn default() -> Self {
        Self { words: FxHashMap::default(), seen: Box::new([0; 256]) }
    }
}

impl SmallWords {
    pub fn insert(&mut self, key: u64, word: SmallWord) {
        self.seen[key as usize >> 6 & 255] |= 1 << (key & 63);
        self.words.insert(key, word);
    }

    pub fn get(&self, key: u64) -> Option<&SmallWord> {
        if self.seen[key as usize >> 6 & 255] >> (key & 63) & 1 == 0 {
            return None;
        }
        self.words.get(&key)
    }
}
