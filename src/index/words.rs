//! Words as they are indexed and searched: one definition for the index, the query and the snippets.
//!
//! A word is folded: lower case, without accents on Latin and Greek letters, `U.S.` as `us`, `O'Brien` as `obrien`,
//! `Putin's` as `putin`, `l'Europe` as `l` and `europe`. A hyphenated pair counts as its two parts and, at the place of
//! the first, as the pair in one (`cease-fire` is also `ceasefire`). Scripts written without spaces become bigrams.

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// Longest word kept, in bytes of its folded form; longer runs are data, not words.
pub const LONGEST_WORD: usize = 128;

/// Walks over the words of a text without allocating for each.
pub struct Words<'a> {
    text: &'a str,
    at: usize,
    next_position: usize,
    /// Byte offset of the word in the text.
    pub start: usize,
    /// Byte offset of the word's end.
    pub end: usize,
    /// Number of words before it; both forms of a hyphenated pair share one.
    pub position: usize,
    /// The folded word.
    pub folded: String,
    /// The word in lower case with its accents, if it is not `folded` itself.
    lower: String,
    /// Whether the word in lower case is `folded`, as most are.
    is_plain: bool,
    pair: Pair,
    /// End of the run of unspaced characters being cut into bigrams.
    run_end: usize,
}

/// The state of a hyphenated pair.
#[derive(Default)]
struct Pair {
    folded: String,
    lower: String,
    start: usize,
    position: usize,
    stage: Stage,
}

#[derive(Default, PartialEq)]
enum Stage {
    #[default]
    None,
    /// The first part was given, and a hyphen follows it.
    First,
    /// The third or later part of a chain such as `well-to-do`, which is not joined.
    Chain,
    /// Both parts were given; the joined form is due.
    Due,
}

impl<'a> Words<'a> {
    /// Begins before the first word of `text`.
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            next_position: 0,
            start: 0,
            end: 0,
            position: 0,
            folded: String::new(),
            lower: String::new(),
            is_plain: true,
            pair: Pair::default(),
            run_end: 0,
        }
    }

    /// The word in lower case with its accents, as stemmers want it.
    pub fn lower(&self) -> &str {
        if self.is_plain { &self.folded } else { &self.lower }
    }

    /// Moves to the next word; false after the last.
    pub fn advance(&mut self) -> bool {
        if self.pair.stage == Stage::Due {
            self.give_pair();
            return true;
        }
        loop {
            if self.at < self.run_end {
                self.give_bigram();
                return true;
            }
            let Some((at, first)) = self.next_word_char() else { return false };
            if at > self.at {
                self.pair.stage = Stage::None;
            }
            self.at = at;
            if is_unspaced(first) {
                self.pair.stage = Stage::None;
                let run = &self.text[self.at..];
                self.run_end = self.at + run.find(|c| !is_unspaced(c)).unwrap_or(run.len());
                continue;
            }
            self.read_word();
            let fits = self.folded.len() <= LONGEST_WORD;
            self.position = self.next_position;
            self.next_position += 1;
            if fits && !self.folded.is_empty() {
                self.follow_hyphen();
                return true;
            }
            self.pair.stage = Stage::None;
        }
    }

    /// Where the next word begins, and with what.
    fn next_word_char(&self) -> Option<(usize, char)> {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        while let Some(&byte) = bytes.get(at) {
            if byte.is_ascii() {
                if byte.is_ascii_alphanumeric() {
                    return Some((at, byte as char));
                }
                at += 1;
                continue;
            }
            let c = self.text[at..].chars().next()?;
            if is_word_char(c) {
                return Some((at, c));
            }
            at += c.len_utf8();
        }
        None
    }

    fn give_pair(&mut self) {
        self.pair.stage = Stage::None;
        self.keep_accents();
        self.folded.insert_str(0, &self.pair.folded);
        self.lower.insert_str(0, &self.pair.lower);
        self.start = self.pair.start;
        self.position = self.pair.position;
    }

    fn give_bigram(&mut self) {
        let run = &self.text[self.at..self.run_end];
        let mut chars = run.char_indices();
        let (_, first) = chars.next().expect("the run is not empty");
        self.folded.clear();
        fold_into(first, &mut self.folded);
        self.start = self.at;
        self.position = self.next_position;
        self.next_position += 1;
        if let Some((second_at, second)) = chars.next() {
            fold_into(second, &mut self.folded);
            self.end = self.at + second_at + second.len_utf8();
            // the last character alone is no word unless it is the whole run
            self.at = if self.end == self.run_end { self.run_end } else { self.at + second_at };
        } else {
            self.end = self.run_end;
            self.at = self.run_end;
        }
        self.is_plain = true;
    }

    /// From here on the word's lower case is kept beside its folded form.
    fn keep_accents(&mut self) {
        if self.is_plain {
            self.lower.clear();
            self.lower.push_str(&self.folded);
            self.is_plain = false;
        }
    }

    /// Reads a spaced word at `self.at`, which is a word character.
    fn read_word(&mut self) {
        self.folded.clear();
        self.is_plain = true;
        self.start = self.at;
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        let mut letters_of_abbreviation = true;
        while at < bytes.len() {
            let byte = bytes[at];
            if byte.is_ascii_alphanumeric() {
                let run = bytes[at..].iter().position(|byte| !byte.is_ascii_alphanumeric());
                let end = run.map_or(bytes.len(), |run| at + run);
                self.push_ascii(at, end);
                at = end;
                self.end = at;
                continue;
            }
            if byte.is_ascii() {
                let follows = |c: fn(&u8) -> bool| bytes.get(at + 1).is_some_and(c);
                let after = |c: fn(&u8) -> bool| at > self.start && c(&bytes[at - 1]);
                match byte {
                    b'.' if letters_of_abbreviation && self.is_abbreviation(at) => at += 1,
                    b'.' | b',' if after(u8::is_ascii_digit) && follows(u8::is_ascii_digit) => {
                        letters_of_abbreviation = false;
                        self.push_ascii(at, at + 1);
                        at += 1;
                    }
                    b'\'' => match self.apostrophe(at, at + 1) {
                        Some(next) => at = next,
                        None => break,
                    },
                    _ => break,
                }
                continue;
            }
            let c = self.text[at..].chars().next().expect("inside the text");
            match c {
                '\u{2019}' | '\u{2bc}' | '\u{ff07}' => match self.apostrophe(at, at + c.len_utf8()) {
                    Some(next) => at = next,
                    None => break,
                },
                '\u{ad}' => at += c.len_utf8(),
                c if is_word_char(c) && !is_unspaced(c) => {
                    self.keep_accents();
                    fold_into(c, &mut self.folded);
                    self.lower.extend(c.to_lowercase());
                    at += c.len_utf8();
                    self.end = at;
                }
                _ => break,
            }
        }
        self.at = self.at.max(at);
    }

    /// Adds a stretch of ASCII to the word.
    fn push_ascii(&mut self, from: usize, to: usize) {
        let before = self.folded.len();
        self.folded.push_str(&self.text[from..to]);
        self.folded[before..].make_ascii_lowercase();
        if !self.is_plain {
            self.lower.push_str(&self.folded[before..]);
        }
    }

    /// Whether the point at `at` belongs to an abbreviation such as `U.S.`: single letters, each with a point, at least two.
    fn is_abbreviation(&self, at: usize) -> bool {
        let bytes = self.text.as_bytes();
        let so_far = &bytes[self.start..at];
        let pairs = so_far.len() % 2 == 1
            && so_far.iter().enumerate().all(|(i, b)| if i % 2 == 0 { b.is_ascii_alphabetic() } else { *b == b'.' });
        let another = bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic)
            && !bytes.get(at + 2).is_some_and(u8::is_ascii_alphanumeric);
        pairs && (another || so_far.len() > 1)
    }

    /// What an apostrophe does: `None` ends the word before it, `Some(next)` goes on there.
    fn apostrophe(&mut self, at: usize, after: usize) -> Option<usize> {
        let rest = &self.text[after..];
        let mut following = rest.chars();
        let next = following.next().filter(|c| is_word_char(*c) && !is_unspaced(*c))?;
        let ends_there = !following.next().is_some_and(|c| is_word_char(c) || c == '\u{2019}' || c == '\'');
        if matches!(next, 's' | 'S') && ends_there && at > self.start {
            // a possessive: the word ends before it, and the `s` is passed over
            self.end = at;
            self.at = after + 1;
            return None;
        }
        if is_elision(&self.folded) { None } else { Some(after) }
    }

    /// Remembers or completes a hyphenated pair after a word was read.
    fn follow_hyphen(&mut self) {
        // nearly every word: no pair is open, and what follows is no hyphen of ASCII or U+20xx
        if self.pair.stage == Stage::None && !matches!(self.text.as_bytes().get(self.at), Some(b'-' | 0xe2)) {
            return;
        }
        let rest = &self.text[self.at..];
        let mut chars = rest.chars();
        let hyphen = chars.next().filter(|c| matches!(c, '-' | '\u{2010}' | '\u{2011}'));
        let more = hyphen.is_some() && chars.next().is_some_and(char::is_alphabetic);
        let alphabetic = self.folded.chars().all(char::is_alphabetic);
        let was_first = self.pair.stage == Stage::First;
        let was_chain = self.pair.stage == Stage::Chain;
        self.pair.stage = match (more, was_first) {
            (true, false) if alphabetic && !was_chain => {
                self.pair.folded.clone_from(&self.folded);
                self.pair.lower.clear();
                self.pair.lower.push_str(if self.is_plain { &self.folded } else { &self.lower });
                self.pair.start = self.start;
                self.pair.position = self.position;
                Stage::First
            }
            (true, _) => Stage::Chain,
            (false, true) if alphabetic && self.pair.folded.len() + self.folded.len() <= LONGEST_WORD => Stage::Due,
            (false, _) => Stage::None,
        };
        if more {
            self.at += hyphen.map_or(0, char::len_utf8);
        }
    }
}

/// The folded words of a text in order, joined forms of hyphenated pairs left out.
pub fn folded_words(text: &str) -> Vec<String> {
    let mut words = Words::new(text);
    let mut folded: Vec<String> = Vec::new();
    let mut next = 0;
    while words.advance() {
        if words.position == next {
            folded.push(words.folded.clone());
            next += 1;
        }
    }
    folded
}

/// Articles and particles that lose their vowel before another word, in French, Italian and Catalan.
fn is_elision(folded: &str) -> bool {
    const ELISIONS: [&str; 20] = [
        "l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "dell", "all", "nell",
        "sull", "dall", "un", "quell",
    ];
    ELISIONS.contains(&folded)
}

fn is_word_char(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphanumeric() } else { c.is_alphanumeric() || is_combining_mark(c) }
}

/// Han, Kana, Hangul, Thai, Lao, Khmer and Myanmar: scripts whose words are not set apart by spaces (Hangul's are, but
/// carry particles).
pub fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c),
        0x0e00..=0x0eff | 0x1000..=0x109f | 0x1780..=0x17ff | 0x3040..=0x30ff | 0x31f0..=0x31ff | 0x3400..=0x4dbf
        | 0x4e00..=0x9fff | 0xac00..=0xd7af | 0xf900..=0xfaff | 0xff66..=0xff9d | 0x20000..=0x3ffff)
}

/// Adds the folded form of one character.
pub fn fold_into(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
        return;
    }
    for lower in c.to_lowercase() {
        fold_lower_into(lower, out);
    }
}

fn fold_lower_into(c: char, out: &mut String) {
    match c {
        'ß' => out.push_str("ss"),
        'æ' => out.push_str("ae"),
        'œ' => out.push_str("oe"),
        'ø' => out.push('o'),
        'đ' | 'ð' => out.push('d'),
        'ł' => out.push('l'),
        'ı' => out.push('i'),
        'þ' => out.push_str("th"),
        'ς' => out.push('σ'),
        'ё' => out.push('е'),
        // fullwidth forms
        '\u{ff01}'..='\u{ff5e}' => {
            let narrow = char::from_u32(u32::from(c) - 0xfee0).expect("fullwidth forms mirror ASCII");
            out.push(narrow.to_ascii_lowercase());
        }
        // combining marks, Arabic vowel signs and tatweel, Hebrew points
        '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{640}' | '\u{591}'..='\u{5c7}' => {}
        // Arabic forms of alef, yeh, teh marbuta and kaf
        'أ' | 'إ' | 'آ' | 'ٱ' => out.push('ا'),
        'ى' | 'ی' => out.push('ي'),
        'ة' => out.push('ه'),
        'ک' => out.push('ك'),
        // Latin and Greek lose their accents; elsewhere a mark makes another letter (й, ї)
        '\u{c0}'..='\u{24f}' | '\u{370}'..='\u{3ff}' | '\u{1e00}'..='\u{1fff}' => decompose_canonical(c, |part| {
            if !is_combining_mark(part) {
                out.push(part);
            }
        }),
        _ => out.push(c),
    }
}

/// The folded form of a whole text: what names and facet values are compared by, words joined by single spaces.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_onto(text, &mut folded);
    folded
}

/// Adds the folded form of a whole text.
pub fn fold_onto(text: &str, out: &mut String) {
    // most names are words of plain letters with a space between
    let is_plain = |word: &[u8]| !word.is_empty() && word.iter().all(u8::is_ascii_alphabetic);
    if text.len() <= LONGEST_WORD && text.as_bytes().split(|byte| *byte == b' ').all(is_plain) {
        let before = out.len();
        out.push_str(text);
        out[before..].make_ascii_lowercase();
    } else {
        out.push_str(&folded_words(text).join(" "));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<(String, usize)> {
        let mut words = Words::new(text);
        let mut found = Vec::new();
        while words.advance() {
            found.push((words.folded.clone(), words.position));
        }
        found
    }

    fn plain(text: &str) -> Vec<String> {
        all(text).into_iter().map(|(word, _)| word).collect()
    }

    #[test]
    fn case_and_accents_fold() {
        assert_eq!(
            plain("Élysée Straße Łódź ΑΘΉΝΑΣ Ёлка Йод İstanbul"),
            ["elysee", "strasse", "lodz", "αθηνασ", "елка", "йод", "istanbul"]
        );
    }

    #[test]
    fn abbreviations_lose_their_points() {
        assert_eq!(
            plain("the U.S. and U.S.S.R. in a. Orda.kz e.g. 3.5 1,000."),
            ["the", "us", "and", "ussr", "in", "a", "orda", "kz", "eg", "3.5", "1,000"]
        );
    }

    #[test]
    fn apostrophes_join_names_and_split_elisions() {
        assert_eq!(
            plain("Witkoff’s O'Brien l’Europe d'Estaing don't James' 'quoted'"),
            ["witkoff", "obrien", "l", "europe", "d", "estaing", "dont", "james", "quoted"]
        );
    }

    #[test]
    fn a_hyphenated_pair_is_also_one_word() {
        let expected =
            [("a", 0), ("cease", 1), ("fire", 2), ("ceasefire", 1), ("well", 3), ("to", 4), ("do", 5), ("x", 6)];
        assert_eq!(all("a cease-fire well-to-do x"), expected.map(|(word, position)| (word.to_owned(), position)));
    }

    #[test]
    fn unspaced_scripts_become_bigrams() {
        assert_eq!(plain("普京总统 访"), ["普京", "京总", "总统", "访"]);
    }

    #[test]
    fn offsets_point_into_the_text() {
        let text = "“Élysée’s” talks";
        let mut words = Words::new(text);
        assert!(words.advance());
        assert_eq!(&text[words.start..words.end], "Élysée");
        assert!(words.advance());
        assert_eq!(&text[words.start..words.end], "talks");
        assert!(!words.advance());
    }

    #[test]
    fn endless_runs_are_passed_over() {
        let text = format!("{} end", "x".repeat(10_000));
        assert_eq!(plain(&text), ["end"]);
    }
}
