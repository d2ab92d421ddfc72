//! Numbers for texts, from 0 in the order they are first seen: what comes up for every word of an archive is then a small
//! number instead of a string.

use std::hash::Hasher;

use rustc_hash::FxHasher;

use crate::order::{beginning, shared};

const FIRST_SLOTS: usize = 1 << 10;

/// Texts and their numbers. The texts lie one after another in one stretch of memory.
#[derive(Debug, Default)]
pub struct Interner {
    /// A power of two of them, at most half of them taken.
    slots: Vec<Slot>,
    text: String,
    /// Where each text ends.
    ends: Vec<usize>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    hash: u32,
    /// The number and one; 0 is a free slot.
    next_number: u32,
}

impl Interner {
    /// The number of a text, and whether it was not seen before.
    pub fn number(&mut self, text: &str) -> (u32, bool) {
        if self.ends.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let hash = hash(text);
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot.next_number == 0 {
                break;
            }
            if slot.hash == hash && self.bytes(slot.next_number - 1) == text.as_bytes() {
                return (slot.next_number - 1, false);
            }
            at = (at + 1) & mask;
        }
        self.text.push_str(text);
        self.ends.push(self.text.len());
        let next_number = self.ends.len() as u32;
        self.slots[at] = Slot { hash, next_number };
        (next_number - 1, true)
    }

    /// How many texts were seen.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The text of a number.
    pub fn text(&self, number: u32) -> &str {
        let (start, end) = self.place(number);
        &self.text[start..end]
    }

    /// All numbers, ordered by the bytes of their texts.
    pub fn ordered(&self) -> Vec<u32> {
        let numbers = 0..self.ends.len() as u32;
        // ids begin alike, and stems of one language
        let shared = shared(numbers.clone().map(|number| self.bytes(number)));
        let mut ordered: Vec<(u64, u32)> =
            numbers.map(|number| (beginning(&self.bytes(number)[shared..]), number)).collect();
        ordered.sort_unstable_by(|(a, first), (b, second)| {
            a.cmp(b).then_with(|| self.bytes(*first).cmp(self.bytes(*second)))
        });
        ordered.into_iter().map(|(_, number)| number).collect()
    }

    fn bytes(&self, number: u32) -> &[u8] {
        let (start, end) = self.place(number);
        &self.text.as_bytes()[start..end]
    }

    fn place(&self, number: u32) -> (usize, usize) {
        let number = number as usize;
        (if number == 0 { 0 } else { self.ends[number - 1] }, self.ends[number])
    }

    fn grow(&mut self) {
        let slots = vec![Slot::default(); (self.slots.len() * 2).max(FIRST_SLOTS)];
        let mask = slots.len() - 1;
        for slot in std::mem::replace(&mut self.slots, slots).into_iter().filter(|slot| slot.next_number != 0) {
            let mut at = slot.hash as usize & mask;
            while self.slots[at].next_number != 0 {
                at = (at + 1) & mask;
            }
            self.slots[at] = slot;
        }
    }
}

fn hash(text: &str) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_number_and_a_number_its_text() {
        let mut interner = Interner::default();
        for round in 0..2 {
            for number in 0..5_000 {
                assert_eq!(interner.number(&format!("word{number}")), (number, round == 0));
            }
        }
        assert_eq!((interner.len(), interner.text(0), interner.text(4_999)), (5_000, "word0", "word4999"));
        assert_eq!(interner.number(""), (5_000, true));
    }

    #[test]
    fn the_order_is_that_of_the_bytes() {
        let longer: Vec<String> =
            ["10", "", "9", "1000000000", "1000000001", "é"].map(|end| format!("paper-{end}")).into();
        for texts in [
            vec!["zoo", "", "abcdefgh", "abcdefghi", "abcdefg", "é", "abcdefg\0", "a"],
            longer.iter().map(String::as_str).collect(),
            vec!["one"],
            vec![],
        ] {
            let mut interner = Interner::default();
            for text in &texts {
                interner.number(text);
            }
            let mut sorted = texts;
            sorted.sort_unstable();
            let ordered: Vec<&str> = interner.ordered().into_iter().map(|number| interner.text(number)).collect();
            assert_eq!(ordered, sorted);
        }
    }
}
