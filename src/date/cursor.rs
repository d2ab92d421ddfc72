//! A position in a text and the small things a date is made of: numbers, words, names of months.

use super::words::{Month, is_weekday, month, month_or_opening, solar_month};

/// Words longer than this, in bytes, are no part of a date.
const LONGEST_WORD: usize = 48;

/// A number as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    pub value: i64,
    pub digits: usize,
}

impl Number {
    /// Its value if it has one or two digits.
    pub fn small(self) -> Option<i8> {
        if self.digits <= 2 { i8::try_from(self.value).ok() } else { None }
    }

    /// Its value if it has four digits.
    pub fn year(self) -> Option<i16> {
        if self.digits == 4 { i16::try_from(self.value).ok() } else { None }
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a> {
    pub text: &'a str,
    pub at: usize,
}

impl<'a> Cursor<'a> {
    pub fn new(text: &'a str, at: usize) -> Self {
        Self { text, at }
    }

    pub fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub fn peek(&self) -> Option<char> {
        match self.text.as_bytes().get(self.at) {
            Some(byte) if byte.is_ascii() => Some(char::from(*byte)),
            Some(_) => self.rest().chars().next(),
            None => None,
        }
    }

    pub fn eat(&mut self, wanted: impl Fn(char) -> bool) -> Option<char> {
        let char = self.peek().filter(|char| wanted(*char))?;
        self.at += char.len_utf8();
        Some(char)
    }

    /// Skips blanks and direction marks, a few of them; whether there were any.
    pub fn spaces(&mut self) -> bool {
        let from = self.at;
        for _ in 0..16 {
            if self.eat(is_blank).is_none() {
                break;
            }
        }
        self.at > from
    }

    pub fn number(&mut self) -> Option<Number> {
        let mut number = Number { value: 0, digits: 0 };
        while let Some(digit) = self.peek().and_then(|char| digit(char).map(|digit| (char, digit))) {
            number.value = number.value.checked_mul(10)?.checked_add(digit.1)?;
            number.digits += 1;
            self.at += digit.0.len_utf8();
        }
        (number.digits > 0).then_some(number)
    }

    /// Reads a number with `read`, or stays.
    pub fn attempt<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let from = self.at;
        let found = read(self);
        if found.is_none() {
            self.at = from;
        }
        found
    }

    /// A run of letters.
    pub fn word(&mut self) -> Option<&'a str> {
        let rest = self.rest();
        let len = rest.find(|char| !is_letter(char)).unwrap_or(rest.len());
        if len == 0 || len > LONGEST_WORD {
            return None;
        }
        self.at += len;
        Some(&rest[..len])
    }

    /// The name of a month, of one word or several, with its full stop if it has one.
    pub fn month(&mut self) -> Option<Month> {
        let from = self.at;
        let word = self.word()?;
        let after_word = self.at;
        // `tháng 3`, `تشرين الأول`, `ม.ค.`: longer names first
        let (found, opens_longer) = month_or_opening(word);
        let longer = self.longer_month(from, opens_longer);
        if longer.is_some() {
            return longer;
        }
        self.at = after_word;
        let Some(found) = found else {
            self.at = from;
            return None;
        };
        self.eat(|char| matches!(char, '.' | '׳' | '॰'));
        // two names of the same month: `آذار/مارس`
        self.attempt(|cursor| {
            cursor.eat(|char| char == '/')?;
            let second = cursor.word()?;
            (month(second) == Some(found)).then_some(())
        });
        Some(found)
    }

    fn longer_month(&mut self, from: usize, opens_longer: bool) -> Option<Month> {
        match self.peek()? {
            '.' | '\'' | '’' => {
                let dotted = &self.text[from..];
                let len = dotted.find(|char| !is_letter(char) && !matches!(char, '.' | '\'' | '’'));
                let dotted = &dotted[..len.unwrap_or(dotted.len())];
                if dotted.len() > LONGEST_WORD || !dotted.trim_end_matches('.').contains(['.', '\'', '’']) {
                    return None;
                }
                let found = month(dotted)?;
                self.at = from + dotted.len();
                Some(found)
            }
            ' ' | '\u{a0}' if opens_longer => {
                self.spaces();
                let second = self.at;
                if self.word().is_none() {
                    self.number().filter(|number| number.digits <= 2)?;
                }
                let phrase = format!("{} {}", self.text[from..second].trim_end(), &self.text[second..self.at]);
                let two = month(&phrase).map(|found| (found, self.at));
                // `tháng mười một` begins like `tháng mười`
                let three = self.attempt(|cursor| {
                    cursor.spaces().then_some(())?;
                    let third = cursor.word()?;
                    month(&format!("{phrase} {third}"))
                });
                three.or_else(|| two.map(|(found, _)| found))
            }
            _ => None,
        }
    }

    /// A day's ending: `st`, `er`, `-го`, `º`.
    pub fn ordinal(&mut self) {
        if self.eat(|char| matches!(char, 'º' | 'ª' | '°')).is_some() {
            return;
        }
        self.attempt(|cursor| {
            cursor.eat(|char| char == '-');
            let from = cursor.at;
            let ending = cursor.word().filter(|word| word.chars().count() <= 3)?;
            if month(ending).is_some() {
                cursor.at = from;
                return None;
            }
            cursor.peek().is_none_or(|char| is_blank(char) || char == ',').then_some(())
        });
    }

    /// A short word between the parts of a date: `de`, `of`, `năm`, `พ.ศ.`.
    pub fn filler(&mut self) -> bool {
        self.filler_of(4)
    }

    /// A word of up to so many letters between the parts of a date.
    pub fn filler_of(&mut self, letters: usize) -> bool {
        self.attempt(|cursor| {
            let word = cursor.word()?;
            (word.chars().count() <= letters && !is_weekday(word)).then_some(())?;
            if cursor.eat(|char| matches!(char, '.' | '\'' | '’')) == Some('.') {
                cursor.attempt(|cursor| {
                    let second = cursor.word()?;
                    cursor.eat(|char| char == '.').filter(|_| second.chars().count() == 1)
                });
            }
            Some(())
        })
        .is_some()
    }

    /// A month of the solar calendar.
    pub fn solar_month(&mut self) -> Option<i8> {
        self.attempt(|cursor| solar_month(cursor.word()?))
    }

    /// Weekdays and the punctuation round them.
    pub fn weekday(&mut self) -> bool {
        self.attempt(|cursor| {
            cursor.spaces();
            cursor.eat(|char| matches!(char, ',' | '(' | '（' | '·' | '.'));
            cursor.spaces();
            let first = cursor.word()?;
            // `thứ hai`, `segunda-feira`
            let longer = cursor.attempt(|cursor| {
                let from = cursor.at - first.len();
                cursor.eat(|char| matches!(char, ' ' | '-'))?;
                cursor.word()?;
                is_weekday(&cursor.text[from..cursor.at]).then_some(())
            });
            if longer.is_none() && !is_weekday(first) {
                return None;
            }
            cursor.eat(|char| matches!(char, ')' | '）' | '.'));
            Some(())
        })
        .is_some()
    }
}

/// Blanks and the marks of writing direction.
pub(super) fn is_blank(char: char) -> bool {
    char.is_whitespace() || matches!(char, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{feff}')
}

/// Letters and what belongs to them: vowel signs, joiners. Not the signs of Chinese and Korean dates.
pub(super) fn is_letter(char: char) -> bool {
    if char.is_ascii() {
        return char.is_ascii_alphabetic();
    }
    (char.is_alphabetic() && !matches!(char, 'º' | 'ª'))
        || char == '\u{200c}'
        || unicode_normalization::char::is_combining_mark(char)
}

/// The value of a decimal digit in any of the scripts newspapers print dates in.
pub(super) fn digit(char: char) -> Option<i64> {
    const ZEROS: [char; 9] = ['٠', '۰', '०', '০', '๐', '၀', '០', '０', '੦'];
    if char.is_ascii() {
        return char.to_digit(10).map(i64::from);
    }
    let code = u32::from(char);
    ZEROS.iter().find_map(|zero| {
        let value = code.checked_sub(u32::from(*zero))?;
        (value < 10).then_some(i64::from(value))
    })
}
