//! What a letter beyond ASCII is. The standard tables are walked for some scripts as far as a hundred entries for every question, so
//! answers are remembered.

use std::sync::atomic::{AtomicU32, Ordering};

use unicode_normalization::char::is_combining_mark;

const LETTER: u8 = 1;
const UPPER: u8 = 2;
const LOWER: u8 = 4;
const MARK: u8 = 8;

/// What a character is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Letter(u8);

/// The characters asked for last, each with what it is in the lowest bits; at the place of its own lowest bits, so that an alphabet's
/// letters do not displace each other. Every entry is whole in itself: threads may share them.
static KNOWN: [AtomicU32; 1024] = [const { AtomicU32::new(0) }; 1024];

impl Letter {
    /// What `c` is.
    pub fn of(c: char) -> Self {
        const BITS: u32 = 8;
        let place = &KNOWN[c as usize % KNOWN.len()];
        let known = place.load(Ordering::Relaxed);
        if known >> BITS == u32::from(c) && known != 0 {
            return Self(known as u8);
        }
        let mark = |is: bool, bit: u8| if is { bit } else { 0 };
        let letter = mark(c.is_alphabetic(), LETTER)
            | mark(c.is_uppercase(), UPPER)
            | mark(c.is_lowercase(), LOWER)
            | mark(is_combining_mark(c), MARK);
        place.store(u32::from(c) << BITS | u32::from(letter), Ordering::Relaxed);
        Self(letter)
    }

    /// As `char::is_alphabetic`.
    pub fn is_alphabetic(self) -> bool {
        self.0 & LETTER != 0
    }

    /// As `char::is_uppercase`.
    pub fn is_uppercase(self) -> bool {
        self.0 & UPPER != 0
    }

    /// As `char::is_lowercase`.
    pub fn is_lowercase(self) -> bool {
        self.0 & LOWER != 0
    }

    /// Whether it stands on the letter before it.
    pub fn is_mark(self) -> bool {
        self.0 & MARK != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_what_the_standard_says_asked_once_and_again() {
        for c in (0..=0x2_ffff).filter_map(char::from_u32) {
            for letter in [Letter::of(c), Letter::of(c)] {
                assert_eq!(letter.is_alphabetic(), c.is_alphabetic(), "{c:?}");
                assert_eq!(letter.is_uppercase(), c.is_uppercase(), "{c:?}");
                assert_eq!(letter.is_lowercase(), c.is_lowercase(), "{c:?}");
                assert_eq!(letter.is_mark(), is_combining_mark(c), "{c:?}");
            }
        }
    }
}
