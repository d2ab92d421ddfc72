//! Numbers for words and phrases: one for all writings of a word, so that nothing is copied to look it up.

use smallvec::SmallVec;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

use super::Gap;

const FACTOR: u64 = 0x51_7c_c1_b7_27_22_0a_95;

/// The key of an empty phrase.
pub const EMPTY: u64 = 0;

/// The key of a phrase and one more word, read with what stands between them.
pub fn join(phrase: u64, gap: Gap, word: u64) -> u64 {
    let class = if phrase == EMPTY { 0 } else { gap.class() };
    join_plain(phrase, word ^ class.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// The key of a phrase and one more word, whatever stands between them.
pub fn join_plain(phrase: u64, word: u64) -> u64 {
    finish((phrase.rotate_left(5) ^ word).wrapping_mul(FACTOR))
}

fn finish(hash: u64) -> u64 {
    hash ^ (hash >> 29)
}

/// Hash of a word's letters in small form, without accents and apostrophes.
pub fn key(word: &str) -> u64 {
    let is_plain = word.is_ascii() && !word.bytes().any(|byte| matches!(byte, b'\'' | b'`'));
    if is_plain { plain_key(word.as_bytes(), 0, word.len()) } else { folded_key(word) }
}

fn folded_key(word: &str) -> u64 {
    let mut folded: SmallVec<[u8; 64]> = SmallVec::new();
    fold(word, &mut |c| folded.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()));
    plain_key(&folded, 0, folded.len())
}

/// The key of the word from `start` to `end`, of ASCII without apostrophes or folded already: eight letters at a time.
#[inline]
pub fn plain_key(text: &[u8], start: usize, end: usize) -> u64 {
    let mut hash = (end - start) as u64;
    let mut at = start;
    loop {
        let left = end - at;
        let mut letters = match text[at..].first_chunk::<8>() {
            Some(eight) => u64::from_le_bytes(*eight),
            None => text[at..end].iter().rev().fold(0, |letters, byte| letters << 8 | u64::from(*byte)),
        };
        if left < 8 {
            letters &= (1 << (8 * left)) - 1;
        }
        hash = add(hash, small(letters));
        if left <= 8 {
            return hash;
        }
        at += 8;
    }
}

/// Eight bytes of a text at once, and which of them are letters of ASCII: most words of most texts are shorter and nothing else.
#[derive(Clone, Copy, Debug)]
pub struct Eight {
    bytes: u64,
    /// The highest bit of every byte that is a small letter.
    small: u64,
    /// The highest bit of every byte that is a capital.
    large: u64,
}

const EACH: u64 = 0x0101_0101_0101_0101;
const HIGHEST: u64 = 0x80 * EACH;

impl Eight {
    /// The bytes from `at`, if there are as many.
    #[inline]
    pub fn at(text: &[u8], at: usize) -> Option<Self> {
        let bytes = u64::from_le_bytes(*text.get(at..)?.first_chunk::<8>()?);
        Some(Self { bytes, small: between(bytes, b'a', b'z'), large: between(bytes, b'A', b'Z') })
    }

    /// Whether it begins with a capital.
    #[inline]
    pub fn is_large(self) -> bool {
        self.large & 0x80 != 0
    }

    /// How many small letters there are from byte `from` on, and the `from` bytes before them.
    #[inline]
    pub fn small_from(self, from: u32) -> usize {
        leading(self.small | ((1 << (8 * from)) - 1))
    }

    /// How many capitals it begins with.
    #[inline]
    pub fn large(self) -> usize {
        leading(self.large)
    }

    /// How many letters it begins with.
    #[inline]
    pub fn letters(self) -> usize {
        leading(self.small | self.large)
    }

    /// The key of the first `length` bytes, fewer than eight, as [`plain_key`] gives it.
    #[inline]
    pub fn key(self, length: usize) -> u64 {
        let letters = (self.bytes | self.large >> 2) & ((1 << (8 * length)) - 1);
        add(length as u64, letters)
    }
}

/// How many of the lowest bytes have their highest bit.
#[inline]
fn leading(bits: u64) -> usize {
    (!bits & HIGHEST).trailing_zeros() as usize / 8
}

/// The highest bit of every byte between two of ASCII.
#[inline]
fn between(bytes: u64, from: u8, to: u8) -> u64 {
    let low = bytes & !HIGHEST;
    let not_before = low + EACH * u64::from(0x80 - from);
    let past = low + EACH * u64::from(0x7f - to);
    (not_before ^ past) & !bytes & HIGHEST
}

/// Eight letters with the capitals of ASCII made small.
#[inline]
fn small(letters: u64) -> u64 {
    letters | between(letters, b'A', b'Z') >> 2
}

/// A key and eight more letters.
#[inline]
fn add(key: u64, letters: u64) -> u64 {
    let hash = (key ^ letters).wrapping_mul(FACTOR);
    hash ^ hash >> 32
}

/// Gives the letters of a word in small form, without accents and apostrophes.
pub fn fold(word: &str, each: &mut impl FnMut(char)) {
    for c in word.chars() {
        match c {
            '\'' | '’' | 'ʼ' | '‘' | '`' => {}
            'a'..='z' | 'а'..='я' => each(c),
            'A'..='Z' => each(c.to_ascii_lowercase()),
            'ß' => "ss".chars().for_each(&mut *each),
            'æ' | 'Æ' => "ae".chars().for_each(&mut *each),
            'œ' | 'Œ' => "oe".chars().for_each(&mut *each),
            'ø' | 'Ø' => each('o'),
            'ł' | 'Ł' => each('l'),
            'đ' | 'Đ' | 'ð' | 'Ð' => each('d'),
            'ı' | 'İ' => each('i'),
            'ё' | 'Ё' => each('е'),
            // Cyrillic й and ї are letters of their own, not и and і with an accent.
            '\u{0400}'..='\u{052f}' => c.to_lowercase().for_each(&mut *each),
            'ς' => each('σ'),
            _ => decompose_canonical(c, |part| {
                if !is_combining_mark(part) {
                    part.to_lowercase().filter(|c| !is_combining_mark(*c)).for_each(&mut *each);
                }
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_word_has_one_key_in_any_writing() {
        for (one, other) in [("Müller", "MULLER"), ("O’Hara", "o'hara"), ("Łódź", "lodz"), ("Пётр", "петр")]
        {
            assert_eq!(key(one), key(other));
        }
        assert_ne!(key("бой"), key("бои"));
    }

    proptest! {
        #[test]
        fn eight_bytes_at_once_tell_the_same_as_one_by_one(text in "[A-Za-z0-9 .é]{8,16}") {
            let bytes = text.as_bytes();
            let eight = Eight::at(bytes, 0).expect("there are as many");
            let count = |is: fn(&u8) -> bool| bytes[..8].iter().take_while(|byte| is(byte)).count();
            prop_assert_eq!(eight.letters(), count(u8::is_ascii_alphabetic));
            prop_assert_eq!(eight.large(), count(u8::is_ascii_uppercase));
            prop_assert_eq!(eight.small_from(0), count(u8::is_ascii_lowercase));
            prop_assert_eq!(eight.small_from(1), 1 + bytes[1..8].iter().take_while(|byte| byte.is_ascii_lowercase()).count());
            prop_assert_eq!(eight.is_large(), bytes[0].is_ascii_uppercase());
            let letters = eight.letters();
            if letters < 8 {
                prop_assert_eq!(eight.key(letters), key(&text[..letters]));
            }
        }

        #[test]
        fn a_word_has_one_key_wherever_it_stands(before in "[ -~]{0,12}", word in "[A-Za-z0-9.]{1,20}", after in "[ -~]{0,12}") {
            let text = format!("{before}{word}{after}");
            let found = plain_key(text.as_bytes(), before.len(), before.len() + word.len());
            prop_assert_eq!(found, key(&word));
            prop_assert_eq!(found, key(&word.to_ascii_lowercase()));
            prop_assert_eq!(found, folded_key(&word));
        }
    }
}
