//! The grammar of dates: what may follow a number or a month's name to make it a date.
//!
//! It works at one place of a text and looks ahead only as far as a date can reach, so that reading a whole string and
//! searching a long text share it.

use super::clock::Clock;
use super::cursor::{Cursor, digit, is_blank, is_letter};
use super::{Date, Order, solar};

/// What to accept.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rules {
    pub order: Order,
    /// Years of two digits.
    pub short: bool,
    /// Running text: full days only, and times only where a colon or an h makes them plain.
    pub prose: bool,
}

/// A date and whether its numbers alone left open which is the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Date(Date),
    /// `03/04/2024`: (first, second, year) in an order nobody told.
    Open(i8, i8, i16),
}

impl Cursor<'_> {
    /// A date beginning with the number here. On success the cursor stands behind it, and behind its time if it has one.
    pub(super) fn date_from_number(&mut self, rules: Rules) -> Option<Found> {
        self.attempt(|cursor| {
            let number = cursor.number()?;
            match number.digits {
                4 => cursor.year_first(number.year()?, rules),
                1 | 2 => cursor.day_first(number.small()?, rules),
                6 if rules.short && !rules.prose => {
                    let year = short_year(number.value / 10_000);
                    let date = Date::ymd(year, (number.value / 100 % 100) as i8, (number.value % 100) as i8)?;
                    Some(Found::Date(cursor.with_time(date, rules)))
                }
                8 => {
                    let date = compact(number.value)?;
                    // eight digits alone are more often a number than a date
                    let time = cursor.attempt(|cursor| {
                        cursor.eat(|char| matches!(char, 'T' | 't'))?;
                        cursor.clock(true, false)
                    });
                    if let Some(clock) = time {
                        return Some(Found::Date(at(date, clock)));
                    }
                    if rules.prose {
                        return None;
                    }
                    Some(Found::Date(cursor.with_time(date, rules)))
                }
                12 | 14 if !rules.prose => {
                    let seconds = if number.digits == 12 { number.value * 100 } else { number.value };
                    let date = compact(seconds / 1_000_000)?;
                    let (hour, minute, second) = (seconds / 10_000 % 100, seconds / 100 % 100, seconds % 100);
                    if hour > 23 || minute > 59 || second > 59 {
                        return None;
                    }
                    let offset = cursor.zone();
                    let second = (hour * 3600 + minute * 60 + second) as u32;
                    Some(Found::Date(date.at(super::Time { second, offset })))
                }
                _ => None,
            }
        })
    }

    fn year_first(&mut self, year: i16, rules: Rules) -> Option<Found> {
        if solar::is_year(year) {
            return self.solar_numbers(year, rules).map(Found::Date);
        }
        if !plausible(year) {
            return None;
        }
        self.attempt(|cursor| {
            cursor.spaces();
            matches!(cursor.peek(), Some('年' | '년')).then_some(())
        });
        let day = match self.peek() {
            Some('年' | '년') => self.year_month_day_marks(year, rules)?,
            Some(separator @ ('-' | '/' | '.' | '\u{2010}' | '\u{2011}' | '–')) => {
                let numeric = self.attempt(|cursor| cursor.year_separated(year, separator, rules));
                match numeric {
                    Some(date) => date,
                    None if matches!(separator, '.' | '-') => self.year_month_name(year)?,
                    None => return None,
                }
            }
            Some(char) if is_blank(char) || char == ',' => match self.year_month_name(year) {
                Some(date) => date,
                None if rules.prose => return None,
                None => Date::year_only(year)?,
            },
            _ if rules.prose => return None,
            _ => Date::year_only(year)?,
        };
        if day.day().is_none() {
            return (!rules.prose).then_some(Found::Date(day));
        }
        Some(Found::Date(self.with_time(day, rules)))
    }

    /// `1402/12/19`, `1402-12-19`.
    fn solar_numbers(&mut self, year: i16, rules: Rules) -> Option<Date> {
        let separator = self.eat(|char| matches!(char, '/' | '-' | '.'))?;
        let month = self.number()?.small()?;
        self.eat(|char| char == separator)?;
        let date = solar::date(year, month, self.number()?.small()?)?;
        if self.continues(separator) {
            return None;
        }
        Some(self.with_time(date, rules))
    }

    /// `۱۹ اسفند ۱۴۰۲`, `۱۹ اسفند ماه ۱۴۰۲`, from the month on.
    fn solar_named(&mut self, day: i8, rules: Rules) -> Option<Date> {
        self.attempt(|cursor| {
            cursor.spaces();
            let month = cursor.solar_month()?;
            cursor.spaces();
            cursor.filler();
            cursor.eat(|char| matches!(char, ',' | '،'));
            cursor.spaces();
            let date = solar::date(cursor.number()?.year()?, month, day)?;
            Some(cursor.with_time(date, rules))
        })
    }

    /// `2024年3月9日`, `2024년 3월 9일`, with blanks or without.
    pub(super) fn year_month_day_marks(&mut self, year: i16, rules: Rules) -> Option<Date> {
        self.eat(|char| matches!(char, '年' | '년'))?;
        self.spaces();
        let Some(month) = self.attempt(|cursor| {
            let month = cursor.number()?.small()?;
            cursor.spaces();
            cursor.eat(|char| matches!(char, '月' | '월'))?;
            Some(month)
        }) else {
            return if rules.prose { None } else { Date::year_only(year) };
        };
        self.attempt(|cursor| {
            cursor.spaces();
            let day = cursor.number()?.small()?;
            cursor.spaces();
            cursor.eat(|char| matches!(char, '日' | '일' | '号' | '號'))?;
            Date::ymd(year, month, day)
        })
        .or_else(|| Date::month_only(year, month))
    }

    /// `2024-03-09`, `2024/3/9`, `2024. 3. 9.`, `2024-Mar-09`, `2024-03`, `2024-W10-6`, `2024-069`.
    fn year_separated(&mut self, year: i16, separator: char, rules: Rules) -> Option<Date> {
        self.eat(|char| char == separator)?;
        let spaced = separator == '.' && self.spaces();
        if separator == '-' && matches!(self.peek(), Some('W' | 'w')) {
            return self.week_day(year);
        }
        if let Some(month) = self.month() {
            self.eat(|char| char == separator || is_blank(char))?;
            return self.number()?.small().and_then(|day| Date::ymd(year, month.number(false)?, day));
        }
        let number = self.number()?;
        if number.digits == 3 && separator == '-' && !rules.prose {
            let last = if Date::ymd(year, 2, 29).is_some() { 366 } else { 365 };
            return (1..=last)
                .contains(&number.value)
                .then(|| Date::from_days(Date::ymd(year, 1, 1)?.first_day() + number.value - 1))?;
        }
        let month = number.small()?;
        let day = self.attempt(|cursor| {
            cursor.eat(|char| char == separator)?;
            if spaced {
                cursor.spaces();
            }
            let day = cursor.number()?.small()?;
            if cursor.continues(separator) {
                return None;
            }
            Date::ymd(year, month, day)
        });
        if day.is_some() {
            // `2024. 3. 9.`: the last full stop belongs to the date
            if spaced {
                self.eat(|char| char == '.');
            }
            return day;
        }
        let alone = number.digits == 2 && matches!(separator, '-' | '/') && self.peek().is_none_or(is_blank);
        alone.then(|| Date::month_only(year, month))?
    }

    /// Whether a separator and one more number follow: an address, a version, no date.
    fn continues(mut self, separator: char) -> bool {
        self.eat(|char| char == separator).is_some() && self.peek().and_then(digit).is_some()
    }

    /// `W10-6` or `W106`: a day of an ISO week.
    fn week_day(&mut self, year: i16) -> Option<Date> {
        self.eat(|char| matches!(char, 'W' | 'w'))?;
        let number = self.number()?;
        let (week, day) = match number.digits {
            2 => {
                self.eat(|char| char == '-')?;
                (number.value, self.number()?.value)
            }
            3 => (number.value / 10, number.value % 10),
            _ => return None,
        };
        let weekday = jiff::civil::Weekday::from_monday_one_offset(i8::try_from(day).ok()?).ok()?;
        let date = jiff::civil::ISOWeekDate::new(year, i8::try_from(week).ok()?, weekday).ok()?.date();
        Date::ymd(date.year(), date.month(), date.day())
    }

    /// `2024 March 9`, `2024. március 9.`, `2024 m. kovo 9 d.`, `2024. gada 9. marts`, `2024 жылғы 9 наурыз`,
    /// `2024-yil 9-mart`, `2024 9 March`.
    fn year_month_name(&mut self, year: i16) -> Option<Date> {
        self.attempt(|cursor| {
            let counted = cursor.attempt(|cursor| {
                cursor.eat(|char| char == '-')?;
                cursor.filler_of(6).then_some(())
            });
            if counted.is_none() {
                cursor.eat(|char| matches!(char, '.' | ','));
            }
            cursor.spaces().then_some(())?;
            let month_then_day = cursor.attempt(|cursor| {
                let month = cursor.month().or_else(|| {
                    cursor.filler();
                    cursor.spaces();
                    cursor.month()
                })?;
                cursor.spaces();
                let day = cursor.number()?.small()?;
                Date::ymd(year, month.number(false)?, day)
            });
            let date = month_then_day.or_else(|| {
                cursor.filler_of(6);
                cursor.spaces();
                let day = cursor.number()?.small()?;
                let dotted = cursor.eat(|char| matches!(char, '.' | '-')) == Some('.');
                cursor.spaces();
                let month = cursor.month()?;
                Date::ymd(year, month.number(dotted)?, day)
            })?;
            cursor.eat(|char| char == '.');
            Some(date)
        })
    }

    fn day_first(&mut self, day: i8, rules: Rules) -> Option<Found> {
        if let Some(separator) = self.peek().filter(|char| matches!(char, '.' | '/' | '-' | '\u{2011}')) {
            let numeric = self.attempt(|cursor| {
                cursor.at += separator.len_utf8();
                if separator == '.' {
                    cursor.spaces();
                }
                let second = cursor.number()?.small()?;
                cursor.eat(|char| char == separator)?;
                if separator == '.' {
                    cursor.spaces();
                }
                let third = cursor.number()?;
                if cursor.continues(separator) {
                    return None;
                }
                let year = third.year().filter(|year| plausible(*year));
                if rules.short && third.digits == 2 && !rules.prose {
                    return short_numbers(day, second, third.small()?, separator, rules.order);
                }
                numbers(day, second, year?, separator, rules.order)
            });
            if let Some(found) = numeric {
                return Some(match found {
                    Found::Date(date) => Found::Date(self.with_time(date, rules)),
                    open @ Found::Open(..) => open,
                });
            }
        }
        if let Some(date) = self.solar_named(day, rules) {
            return Some(Found::Date(date));
        }
        self.ordinal();
        let dotted = self.eat(|char| matches!(char, '.' | ',')) == Some('.');
        let joined = if self.spaces() { None } else { self.eat(|char| matches!(char, '-' | '/' | '\u{2011}')) };
        let month = self.month().or_else(|| {
            self.attempt(|cursor| {
                cursor.filler().then_some(())?;
                cursor.spaces();
                cursor.month()
            })
        })?;
        let month = month.number(dotted)?;
        if joined.is_some() {
            self.eat(|char| Some(char) == joined)?;
        }
        let date = self.year_after(month, day, rules)?;
        Some(Found::Date(date))
    }

    /// What follows a day and a month: `, 2024 10:12`, ` de 2024`, ` 10:11:12 GMT 2024`, ` '24`.
    fn year_after(&mut self, month: i8, day: i8, rules: Rules) -> Option<Date> {
        // `Mar  9 10:11:12 +0000 2024`
        let clock_first = self.attempt(|cursor| {
            cursor.spaces().then_some(())?;
            let clock = cursor.clock(false, false)?;
            cursor.spaces().then_some(())?;
            if clock.time.offset.is_none() && cursor.peek().is_some_and(is_letter) {
                cursor.word()?;
                cursor.spaces();
            }
            let year = cursor.number()?.year().filter(|year| plausible(*year))?;
            Some(at(Date::ymd(year, month, day)?, clock))
        });
        if clock_first.is_some() {
            return clock_first;
        }
        self.eat(|char| matches!(char, ',' | '،' | '.' | '-' | '/' | '、'));
        self.spaces();
        self.eat(|char| matches!(char, ',' | '،'));
        self.attempt(|cursor| (cursor.weekday() && !cursor.rest().is_empty()).then_some(()));
        self.eat(|char| char == ',');
        self.spaces();
        let year = self.attempt(|cursor| cursor.year(rules)).or_else(|| {
            self.attempt(|cursor| {
                cursor.filler().then_some(())?;
                cursor.spaces();
                cursor.year(rules)
            })
        })?;
        let date = Date::ymd(year, month, day)?;
        Some(self.with_time(date, rules))
    }

    fn year(&mut self, rules: Rules) -> Option<i16> {
        let apostrophe = self.eat(|char| matches!(char, '\'' | '’')).is_some();
        let number = self.number()?;
        if rules.short && number.digits == 2 {
            return Some(short_year(number.value));
        }
        let year = if apostrophe { None } else { number.year() }?;
        // Thai newspapers count from the death of the Buddha
        let thai = self.text[..self.at].chars().rev().take(48).any(|char| ('\u{e00}'..='\u{e7f}').contains(&char));
        let year = if thai && (2300..2700).contains(&year) { year - 543 } else { year };
        plausible(year).then_some(year)
    }

    /// A date beginning with the month's name here: `March 9, 2024`, `Mar 9 10:11:12 2024`, `March 2024`.
    pub(super) fn date_from_month(&mut self, rules: Rules) -> Option<Found> {
        self.attempt(|cursor| {
            let month = cursor.month()?.number(false)?;
            cursor.eat(|char| matches!(char, ',' | '-'));
            cursor.spaces();
            if let Some(year) = cursor.attempt(|cursor| {
                cursor.filler();
                cursor.spaces();
                let year = cursor.number()?.year()?;
                plausible(year).then_some(year)
            }) {
                return if rules.prose { None } else { Date::month_only(year, month).map(Found::Date) };
            }
            let day = cursor.number()?.small()?;
            cursor.ordinal();
            cursor.year_after(month, day, rules).map(Found::Date)
        })
    }

    /// Adds the time that follows a date, if one does; whatever else follows stays unread.
    pub(super) fn with_time(&mut self, date: Date, rules: Rules) -> Date {
        let clock = self.attempt(|cursor| {
            let basic = cursor.eat(|char| matches!(char, 'T' | 't' | '_')).is_some();
            if basic || cursor.peek() == Some(':') {
                cursor.eat(|char| char == ':');
                return cursor.clock(basic, false);
            }
            // the year's own mark: `2024 г.`, `2024. gada`
            let mut words = 0;
            for _ in 0..6 {
                if let Some(clock) = cursor.clock(false, !rules.prose) {
                    return Some(clock);
                }
                let moved = cursor.spaces()
                    || cursor
                        .eat(|char| {
                            matches!(
                                char,
                                ',' | ';' | '|' | '·' | '•' | '@' | '-' | '–' | '—' | '/' | '(' | '.' | '،' | ':'
                            )
                        })
                        .is_some()
                    || cursor.weekday();
                if !moved {
                    let word = cursor.word()?;
                    words += 1;
                    if words > 3 || word.chars().count() > 6 {
                        return None;
                    }
                }
                // a number that is no time ends the search
                if cursor.peek().and_then(digit).is_some() {
                    return cursor.clock(false, !rules.prose);
                }
            }
            None
        });
        clock.map_or(date, |clock| at(date, clock))
    }
}

fn at(date: Date, clock: Clock) -> Date {
    let date = if clock.next_day { Date::from_days(date.first_day() + 1).unwrap_or(date) } else { date };
    date.at(clock.time)
}

fn plausible(year: i16) -> bool {
    (super::FIRST_YEAR..=9999).contains(&year)
}

fn compact(value: i64) -> Option<Date> {
    let year = i16::try_from(value / 10_000).ok().filter(|year| plausible(*year))?;
    Date::ymd(year, (value / 100 % 100) as i8, (value % 100) as i8)
}

/// POSIX: 69 to 99 are of the last century, 00 to 68 of this one.
pub(super) fn short_year(value: i64) -> i16 {
    let value = value as i16;
    if value < 69 { 2000 + value } else { 1900 + value }
}

/// Settles the order of two numbers before a year: a value above 12 decides, then the order, then the full stop, which
/// only languages that begin with the day use.
fn numbers(first: i8, second: i8, year: i16, separator: char, order: Order) -> Option<Found> {
    let day_first = Date::ymd(year, second, first);
    let month_first = Date::ymd(year, first, second);
    let date = match (day_first, month_first, order) {
        (Some(date), None, _)
        | (None, Some(date), _)
        | (Some(date), Some(_), Order::DayFirst)
        | (Some(_), Some(date), Order::MonthFirst) => date,
        (Some(date), Some(same), _) if date == same || separator == '.' => date,
        (Some(_), Some(_), _) => return Some(Found::Open(first, second, year)),
        (None, None, _) => return None,
    };
    Some(Found::Date(date))
}

fn short_numbers(first: i8, second: i8, third: i8, separator: char, order: Order) -> Option<Found> {
    let year_first = Date::ymd(short_year(i64::from(first)), second, third);
    if order == Order::YearFirst || first > 31 {
        return year_first.map(Found::Date);
    }
    numbers(first, second, short_year(i64::from(third)), separator, order)
}
