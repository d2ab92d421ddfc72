//! What all tables know of single words, in one: so that a word no table knows, as most are, is looked up once.

use crate::enrich::tokens::Facts;

/// Facts of words by their keys.
#[derive(Debug)]
pub struct Words {
    /// Each holds the upper bits of a key and, in the lower 16, its facts; 0 is free. A word stands at the place its lower
    /// bits name or in the next free one after it, so that place and slot together hold the whole key.
    slots: Box<[u64]>,
}

/// Lower bits of a slot, which hold facts.
const FACTS: u64 = 0xffff;

impl Words {
    /// The table of some words; one that is given twice has the facts of both.
    pub fn of(known: &[(u64, Facts)]) -> Self {
        // a third of the slots stays free at least, so that the search for an unknown word ends soon
        let slots = (known.len() * 3 / 2).next_power_of_two().max(1 << 16);
        let mut words = Self { slots: vec![0; slots].into_boxed_slice() };
        for (key, facts) in known {
            words.add(*key, *facts);
        }
        words
    }

    /// Adds a fact to what is known of a word; there must be few new ones.
    pub fn add(&mut self, key: u64, facts: Facts) {
        if facts != Facts::default() {
            let at = self.place(key);
            self.slots[at] = key & !FACTS | self.slots[at] & FACTS | u64::from(facts.bits());
        }
    }

    /// What is known of a word.
    pub fn facts(&self, key: u64) -> Facts {
        Facts::from_bits(self.slots[self.place(key)] as u16)
    }

    /// Where a word stands, or would.
    fn place(&self, key: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = key as usize & mask;
        while self.slots[at] != 0 && (self.slots[at] ^ key) & !FACTS != 0 {
            at = (at + 1) & mask;
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_one_place_are_told_apart() {
        let (one, other, third) = (1 << 40 | 7, 2 << 40 | 7, 3 << 40 | 7);
        let words = Words::of(&[(one, Facts::OPENS_NAME), (other, Facts::OPENS_PHRASE), (one, Facts::OPENS_COUNTRY)]);
        assert_eq!(words.facts(one), Facts::OPENS_NAME.or(Facts::OPENS_COUNTRY));
        assert_eq!(words.facts(other), Facts::OPENS_PHRASE);
        assert_eq!(words.facts(third), Facts::default());
    }
}
