//! Times of day and zones, as they stand beside dates.

use super::Time;
use super::cursor::{Cursor, digit, is_letter};

/// A time of day, and how many days it carries over (24:00 is the next midnight).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    pub time: Time,
    pub next_day: bool,
}

impl Cursor<'_> {
    /// A time of day right here: `10:12`, `10:12:30.5 pm`, `10h12`, `101230` (only if `basic`), `17時04分`; then its zone.
    pub fn clock(&mut self, basic: bool, full_stop: bool) -> Option<Clock> {
        self.attempt(|cursor| {
            let half = cursor.day_half();
            if half.is_some() {
                cursor.spaces();
            }
            let first = cursor.number()?;
            let mut second = 0;
            let (mut hour, minute);
            if basic && matches!(first.digits, 4 | 6) {
                let value = if first.digits == 4 { first.value * 100 } else { first.value };
                (hour, minute, second) = (value / 10_000, value / 100 % 100, value % 100);
                cursor.fraction();
            } else {
                hour = i64::from(first.small()?);
                match cursor.peek() {
                    Some(':' | '：') => {
                        cursor.at += cursor.peek()?.len_utf8();
                        minute = cursor.two_digits()?;
                        if let Some(read) = cursor.attempt(|cursor| {
                            cursor.eat(|char| matches!(char, ':' | '：'))?;
                            cursor.two_digits()
                        }) {
                            second = read;
                            cursor.fraction();
                        }
                    }
                    Some('.') if full_stop => {
                        cursor.at += 1;
                        minute = cursor.two_digits()?;
                        if cursor.peek() == Some('.')
                            && cursor.rest()[1..].starts_with(|char: char| char.is_ascii_digit())
                        {
                            cursor.at += 1;
                            second = cursor.two_digits()?;
                        }
                    }
                    Some('h' | 'H') => {
                        cursor.at += 1;
                        minute = cursor.two_digits().unwrap_or(0);
                        cursor.attempt(|cursor| cursor.word().filter(|word| matches!(*word, "min" | "m" | "mn")));
                        if cursor.peek().is_some_and(is_letter) {
                            return None;
                        }
                    }
                    Some('時' | '时' | '点' | '點' | '시') => {
                        cursor.at += cursor.peek()?.len_utf8();
                        cursor.spaces();
                        minute = cursor.unit(&['分', '분']).unwrap_or(0);
                        cursor.spaces();
                        second = cursor.unit(&['秒', '초']).unwrap_or(0);
                    }
                    _ => {
                        // `10 am`
                        minute = 0;
                        let mut ahead = *cursor;
                        ahead.spaces();
                        ahead.day_half().or(half)?;
                    }
                }
            }
            let half = half.or_else(|| {
                cursor.attempt(|cursor| {
                    cursor.spaces();
                    cursor.day_half()
                })
            });
            match half {
                Some(true) if (1..12).contains(&hour) => hour += 12,
                Some(false) if hour == 12 => hour = 0,
                _ => {}
            }
            let next_day = hour == 24 && minute == 0 && second == 0;
            if next_day {
                hour = 0;
            }
            // a leap second has no place in a count of seconds: the one before it stands for it
            let second = if second == 60 { 59 } else { second };
            if hour > 23 || minute > 59 || second > 59 {
                return None;
            }
            let offset = cursor.zone();
            let time = Time { second: (hour * 3600 + minute * 60 + second) as u32, offset };
            Some(Clock { time, next_day })
        })
    }

    fn two_digits(&mut self) -> Option<i64> {
        self.attempt(|cursor| cursor.number().filter(|number| number.digits == 2)).map(|number| number.value)
    }

    fn unit(&mut self, marks: &[char]) -> Option<i64> {
        self.attempt(|cursor| {
            let number = cursor.number()?.small()?;
            cursor.eat(|char| marks.contains(&char))?;
            Some(i64::from(number))
        })
    }

    fn fraction(&mut self) {
        self.attempt(|cursor| {
            cursor.eat(|char| matches!(char, '.' | ','))?;
            let from = cursor.at;
            while cursor.eat(|char| char.is_ascii_digit()).is_some() {}
            (cursor.at > from).then_some(())
        });
    }

    /// `am` is false, `pm` true.
    fn day_half(&mut self) -> Option<bool> {
        const HALVES: [(&str, bool); 12] = [
            ("a.m.", false),
            ("p.m.", true),
            ("a.m", false),
            ("p.m", true),
            ("am", false),
            ("pm", true),
            ("上午", false),
            ("下午", true),
            ("午前", false),
            ("午後", true),
            ("오전", false),
            ("오후", true),
        ];
        let rest = self.rest().as_bytes();
        let (form, half) = HALVES.iter().find(|(form, _)| {
            rest.get(..form.len()).is_some_and(|start| start.eq_ignore_ascii_case(form.as_bytes()))
        })?;
        let end = self.at + form.len();
        if form.is_ascii() && self.text[end..].starts_with(is_letter) {
            return None;
        }
        self.at = end;
        Some(*half)
    }

    /// `Z`, `+01:00`, `GMT`, `UTC+3`, `(CET)`: seconds east of UTC.
    pub fn zone(&mut self) -> Option<i32> {
        self.attempt(|cursor| {
            cursor.spaces();
            let bracket = cursor.eat(|char| char == '(').is_some();
            let offset = match cursor.peek()? {
                '+' | '-' | '−' => cursor.offset(2)?,
                char if char.is_ascii_alphabetic() => {
                    let name = cursor.word()?;
                    let named = zone_named(name)?;
                    match cursor.attempt(|cursor| cursor.offset(1)) {
                        Some(offset) if named == 0 => offset,
                        _ => named,
                    }
                }
                _ => return None,
            };
            if bracket {
                cursor.eat(|char| char == ')')?;
            }
            Some(offset)
        })
    }

    fn offset(&mut self, least_digits: usize) -> Option<i32> {
        let sign = if self.eat(|char| matches!(char, '+' | '-' | '−'))? == '+' { 1 } else { -1 };
        let first = self.number()?;
        let (hours, minutes) = match first.digits {
            4 => (first.value / 100, first.value % 100),
            1 | 2 if first.digits >= least_digits => {
                let minutes = self.attempt(|cursor| {
                    cursor.eat(|char| char == ':')?;
                    cursor.two_digits()
                });
                (first.value, minutes.unwrap_or(0))
            }
            _ => return None,
        };
        if self.peek().is_some_and(|char| digit(char).is_some()) || hours > 15 || minutes > 59 {
            return None;
        }
        Some(sign * (hours * 3600 + minutes * 60) as i32)
    }
}

/// Zones by the abbreviations news agencies and mail programs print. Those that mean several offsets are left out.
fn zone_named(name: &str) -> Option<i32> {
    const ZONES: [(&str, i32); 40] = [
        ("Z", 0),
        ("GMT", 0),
        ("UTC", 0),
        ("UT", 0),
        ("WET", 0),
        ("WEST", 60),
        ("BST", 60),
        ("CET", 60),
        ("MEZ", 60),
        ("WAT", 60),
        ("CEST", 120),
        ("MESZ", 120),
        ("CAT", 120),
        ("SAST", 120),
        ("EET", 120),
        ("EEST", 180),
        ("MSK", 180),
        ("EAT", 180),
        ("TRT", 180),
        ("MSD", 240),
        ("PKT", 300),
        ("WIB", 420),
        ("ICT", 420),
        ("HKT", 480),
        ("SGT", 480),
        ("AWST", 480),
        ("JST", 540),
        ("KST", 540),
        ("AEST", 600),
        ("AEDT", 660),
        ("NZST", 720),
        ("NZDT", 780),
        ("EST", -300),
        ("EDT", -240),
        ("CDT", -300),
        ("MST", -420),
        ("MDT", -360),
        ("PST", -480),
        ("PDT", -420),
        ("BRT", -180),
    ];
    ZONES.iter().find(|(zone, _)| zone.eq_ignore_ascii_case(name)).map(|(_, minutes)| minutes * 60)
}
