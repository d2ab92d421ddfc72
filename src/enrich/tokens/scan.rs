//! The scan of a text into words: one pass over the bytes, a table telling what each is.

use super::key::{Eight, key, plain_key};
use super::letter::Letter;
use super::{Facts, Gap, Shape, Token};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    Newline,
    Lower,
    Upper,
    Digit,
    Apostrophe,
    Hyphen,
    Comma,
    Stop,
    Colon,
    Quote,
    Bracket,
    Other,
    Wide,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'\n' => Class::Newline,
            b' ' | b'\t' | b'\r' => Class::Space,
            b'a'..=b'z' => Class::Lower,
            b'A'..=b'Z' => Class::Upper,
            b'0'..=b'9' => Class::Digit,
            b'\'' | b'`' => Class::Apostrophe,
            b'-' => Class::Hyphen,
            b',' => Class::Comma,
            b'.' | b'!' | b'?' => Class::Stop,
            b':' | b';' => Class::Colon,
            b'"' => Class::Quote,
            b'(' | b'[' | b'<' => Class::Bracket,
            0x80..=0xff => Class::Wide,
            _ => Class::Other,
        };
        byte += 1;
    }
    classes
};

/// What the language of a text changes in reading its words.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reading {
    /// Endings are set off by apostrophes: `Ankara'da`.
    pub endings_after_apostrophe: bool,
}

/// Appends the words of `text` to `tokens`.
pub fn scan(text: &str, reading: Reading, tokens: &mut Vec<Token>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut gap = Gap::BREAK;
    while at < bytes.len() {
        match CLASSES[bytes[at] as usize] {
            Class::Lower | Class::Upper | Class::Digit => {
                at = plain_word(bytes, at, gap, tokens).unwrap_or_else(|| word(text, at, gap, reading, tokens));
                gap = Gap::SPACE;
                at += usize::from(bytes.get(at) == Some(&b' '));
            }
            Class::Wide => {
                let c = text[at..].chars().next().expect("`at` is at a character");
                if Letter::of(c).is_alphabetic() {
                    at = word(text, at, gap, reading, tokens);
                    gap = Gap::SPACE;
                } else {
                    match c {
                        '\u{a0}' | '\u{2009}' | '\u{202f}' | '\u{200b}' | '\u{feff}' | '\u{ad}' => {}
                        '‘' | '’' | 'ʼ' if elides(text, at, c.len_utf8(), tokens) => {}
                        '“' | '”' | '„' | '«' | '»' | '‘' | '’' | '‹' | '›' => gap.add(Gap::QUOTE),
                        '‐' | '‑' => gap.add(Gap::HYPHEN),
                        '。' | '！' | '？' => gap.add(Gap::STOP),
                        _ => gap.add(Gap::OTHER),
                    }
                    at += c.len_utf8();
                }
            }
            Class::Space => at += 1,
            Class::Apostrophe if elides(text, at, 1, tokens) => at += 1,
            Class::Newline => {
                // An empty line or an indented one begins a paragraph; any other line goes on with the sentence.
                let next = bytes[at + 1..].iter().take(2).take_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n'));
                let indented = next.clone().count() == 2 || next.clone().any(|b| *b == b'\n' || *b == b'\t');
                if indented {
                    gap.add(Gap::BREAK);
                }
                at += 1;
            }
            class => {
                gap.add(match class {
                    Class::Hyphen => {
                        let joins = at > 0
                            && bytes.get(at + 1).is_some_and(|b| is_word_byte(*b))
                            && is_word_byte(bytes[at - 1]);
                        if joins { Gap::HYPHEN } else { Gap::OTHER }
                    }
                    Class::Comma => Gap::COMMA,
                    Class::Stop => Gap::STOP,
                    Class::Colon => Gap::COLON,
                    Class::Quote | Class::Apostrophe => Gap::QUOTE,
                    Class::Bracket => Gap::BRACKET,
                    _ => Gap::OTHER,
                });
                at += 1;
            }
        }
    }
}

/// Whether the apostrophe at `at` stands between two words of one text such as `d'Estaing`.
fn elides(text: &str, at: usize, length: usize, tokens: &[Token]) -> bool {
    tokens.last().is_some_and(|last| last.end as usize == at)
        && text[at + length..].chars().next().is_some_and(char::is_alphabetic)
}

fn is_word_byte(byte: u8) -> bool {
    matches!(CLASSES[byte as usize], Class::Lower | Class::Upper | Class::Digit | Class::Wide | Class::Stop)
}

/// Reads the word at `start` if it is one of the many that are nothing but letters of ASCII, or figures, as [`word`] would.
fn plain_word(bytes: &[u8], start: usize, gap: Gap, tokens: &mut Vec<Token>) -> Option<usize> {
    if let Some(eight) = Eight::at(bytes, start) {
        let (length, shape) = if eight.is_large() {
            match (eight.small_from(1), eight.large()) {
                (1, 1) => return None,
                (1, length) => (length, Shape::Upper),
                (length, _) => (length, Shape::Capital),
            }
        } else {
            (eight.small_from(0), Shape::Lower)
        };
        if (1..8).contains(&length) {
            if goes_on(bytes, start + length) {
                return None;
            }
            push_plain(tokens, start, start + length, gap, shape, eight.key(length));
            return Some(start + length);
        }
    }
    let class = |at: usize| bytes.get(at).map_or(Class::Other, |byte| CLASSES[usize::from(*byte)]);
    let past = |mut at: usize, wanted: Class| {
        while class(at) == wanted {
            at += 1;
        }
        at
    };
    let (end, shape) = match (class(start), class(start + 1)) {
        (Class::Lower, _) => (past(start + 1, Class::Lower), Shape::Lower),
        (Class::Upper, Class::Lower) => (past(start + 2, Class::Lower), Shape::Capital),
        (Class::Upper, Class::Upper) => (past(start + 2, Class::Upper), Shape::Upper),
        (Class::Digit, _) => (past(start + 1, Class::Digit), Shape::Number),
        _ => return None,
    };
    if goes_on(bytes, end) {
        return None;
    }
    push_plain(tokens, start, end, gap, shape, plain_key(bytes, start, end));
    Some(end)
}

/// Whether a word may go on at a byte.
fn goes_on(bytes: &[u8], at: usize) -> bool {
    let class = bytes.get(at).map(|byte| CLASSES[usize::from(*byte)]);
    matches!(class, Some(Class::Lower | Class::Upper | Class::Digit | Class::Apostrophe | Class::Wide))
}

fn push_plain(tokens: &mut Vec<Token>, start: usize, end: usize, gap: Gap, shape: Shape, key: u64) {
    tokens.push(Token {
        start: start as u32,
        end: end as u32,
        shape,
        gap,
        possessive: false,
        dot: false,
        wide: false,
        facts: Facts::default(),
        key,
    });
}

/// What a word is made of, gathered while it is read.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
struct Letters {
    first_upper: bool,
    uncased_first: bool,
    lower: bool,
    digit: bool,
    wide: bool,
    count: u32,
}

/// Reads the word at `start`, appends it, and returns where it ended.
fn word(text: &str, start: usize, gap: Gap, reading: Reading, tokens: &mut Vec<Token>) -> usize {
    let bytes = text.as_bytes();
    let mut letters = Letters::default();
    let mut at = start;
    let mut end = None;
    while at < bytes.len() {
        match CLASSES[bytes[at] as usize] {
            Class::Lower => {
                letters.lower = true;
                at += 1;
            }
            Class::Upper => {
                letters.first_upper |= letters.count == 0;
                at += 1;
            }
            Class::Digit => {
                letters.digit = true;
                at += 1;
            }
            Class::Apostrophe => match apostrophe(text, start, at, at + 1, &letters, reading) {
                Apostrophe::Inside => at += 1,
                Apostrophe::Ends => break,
                Apostrophe::Ending(past) => {
                    end = Some((at, past));
                    break;
                }
            },
            Class::Wide => {
                let c = text[at..].chars().next().expect("`at` is at a character");
                let letter = Letter::of(c);
                if letter.is_alphabetic() {
                    if letter.is_uppercase() {
                        letters.first_upper |= letters.count == 0;
                    } else if letter.is_lowercase() {
                        letters.lower = true;
                    } else {
                        letters.uncased_first |= letters.count == 0;
                    }
                    letters.wide = true;
                    at += c.len_utf8();
                } else if letter.is_mark() || matches!(c, '\u{200d}' | '\u{200c}' | '\u{ad}') {
                    letters.wide = true;
                    at += c.len_utf8();
                    continue;
                } else if matches!(c, '’' | 'ʼ' | '‘') {
                    match apostrophe(text, start, at, at + c.len_utf8(), &letters, reading) {
                        Apostrophe::Inside => {
                            letters.wide = true;
                            at += c.len_utf8();
                            continue;
                        }
                        Apostrophe::Ends => break,
                        Apostrophe::Ending(past) => {
                            end = Some((at, past));
                            break;
                        }
                    }
                } else {
                    break;
                }
            }
            _ => break,
        }
        letters.count += 1;
    }
    let (mut end, mut next) = end.unwrap_or((at, at));
    let possessive = next > end;
    let mut dot = false;
    let mut shape = match () {
        () if letters.digit => Shape::Number,
        () if letters.uncased_first => Shape::Uncased,
        () if !letters.first_upper => Shape::Lower,
        () if letters.count == 1 => Shape::Initial,
        () if letters.lower => Shape::Capital,
        () => Shape::Upper,
    };
    let mut hash = None;
    if shape == Shape::Initial && !possessive && bytes.get(next) == Some(&b'.') {
        dot = true;
        next += 1;
        // `U.S.`: letters and dots in turn; `J.Smith` is an initial and a word.
        let mut parts = 1;
        while bytes.get(next).is_some_and(u8::is_ascii_uppercase)
            && bytes.get(next + 1).is_none_or(|b| !b.is_ascii_alphanumeric())
        {
            end = next + 1;
            parts += 1;
            next = end;
            if bytes.get(next) != Some(&b'.') {
                break;
            }
            next += 1;
        }
        if parts > 1 {
            shape = Shape::Dotted;
            hash = Some(key(&text[start..end]));
            if bytes.get(next) == Some(&b'\'') && bytes.get(next + 1) == Some(&b's') {
                next += 2;
            }
        }
    }
    tokens.push(Token {
        start: start as u32,
        end: end as u32,
        shape,
        gap,
        possessive,
        dot,
        wide: letters.wide,
        facts: Facts::default(),
        key: hash.unwrap_or_else(|| key(&text[start..end])),
    });
    next
}

enum Apostrophe {
    /// Part of the word: `O'Neill`.
    Inside,
    /// The word ends before it, another may begin after it.
    Ends,
    /// An ending is set off up to the offset given: `Putin's`.
    Ending(usize),
}

/// What the apostrophe from `at` to `after` does in the word begun at `start`.
fn apostrophe(text: &str, start: usize, at: usize, after: usize, letters: &Letters, reading: Reading) -> Apostrophe {
    let rest = &text[after..];
    let Some(next) = rest.chars().next() else { return Apostrophe::Ends };
    if !next.is_alphabetic() {
        return Apostrophe::Ends;
    }
    let length = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
    let tail = &rest[..length];
    if tail.eq_ignore_ascii_case("s") {
        return Apostrophe::Ending(after + length);
    }
    let elided = next.is_uppercase() && (letters.lower || letters.count == 1 && &text[start..at] == "L");
    if elided && (!letters.first_upper || letters.count == 1) {
        // `d'Estaing`, `all'Onu`: an article or preposition, then a word of its own.
        return Apostrophe::Ends;
    }
    let ending = reading.endings_after_apostrophe && letters.first_upper && letters.count > 1;
    if ending && tail.chars().all(char::is_lowercase) && tail.chars().count() <= 6 {
        return Apostrophe::Ending(after + length);
    }
    Apostrophe::Inside
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        let mut tokens = Vec::new();
        scan(text, Reading::default(), &mut tokens);
        tokens.iter().map(|token| token.text(text)).collect()
    }

    #[test]
    fn initials_possessives_and_elisions_are_told_apart() {
        assert_eq!(words("O'Hara's U.S.-led talks"), ["O'Hara", "U.S", "led", "talks"]);
        assert_eq!(words("J.R. Mills, F.Marsh"), ["J.R", "Mills", "F", "Marsh"]);
        assert_eq!(words("d'Ardenne et l’Irlande"), ["d", "Ardenne", "et", "l", "Irlande"]);
    }

    #[test]
    fn a_new_paragraph_is_a_break_and_a_new_line_is_not() {
        let mut tokens = Vec::new();
        scan("One\ntwo\n\nThree\n    Four", Reading::default(), &mut tokens);
        let breaks: Vec<bool> = tokens.iter().map(|token| token.gap.has(Gap::BREAK)).collect();
        assert_eq!(breaks, [true, false, true, true]);
    }

    #[test]
    fn endings_after_an_apostrophe_are_cut_where_the_language_has_them() {
        let mut tokens = Vec::new();
        scan("Ankara'da", Reading { endings_after_apostrophe: true }, &mut tokens);
        assert!(tokens[0].possessive);
        assert_eq!(tokens[0].text("Ankara'da"), "Ankara");
    }
}
