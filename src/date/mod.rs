//! Dates as archives really write them: as precise as known, never more.

mod address;
mod clock;
mod cursor;
mod find;
mod range;
mod read;
mod scan;
mod solar;
mod words;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

pub use address::{in_file_name, in_url};
pub use find::{Found, find};
pub use range::{Range, RangeError, range};
pub use read::{read, read_day, read_short};
pub use words::Order;

/// A date known to the year, month, day or second, with the offset as written.
///
/// Its text is ISO 8601: `1963`, `2024-05`, `2024-05-01`, `1987-03-09T04:58:41Z`. Days and months are those of the
/// place it was written for; instants are compared in UTC, and a time without offset counts as UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Date {
    year: i16,
    month: Option<i8>,
    day: Option<i8>,
    time: Option<Time>,
}

/// A local time of day, with its offset from UTC if one was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Time {
    /// Seconds since local midnight, `0..86400`.
    pub second: u32,
    /// Seconds east of UTC.
    pub offset: Option<i32>,
}

/// Where an article's date was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateFrom {
    /// A field of a table, database export or wire format.
    Field,
    /// JSON-LD `datePublished`.
    JsonLd,
    /// A `meta` element.
    Meta,
    /// A `time` element or microdata.
    Time,
    /// The entry of a feed.
    Feed,
    /// A mail header.
    Header,
    /// `/2024/05/01/` in the address.
    Url,
    /// A line or phrase of visible text.
    Text,
    /// The dateline, completed with the year of another date.
    Dateline,
    /// The file's name.
    FileName,
}

/// The first year a date may have; earlier ones are refused.
pub const FIRST_YEAR: i16 = 1600;

const DAY: i64 = 86_400;

impl Date {
    /// A year.
    pub fn year_only(year: i16) -> Option<Self> {
        (1..=9999).contains(&year).then_some(Self { year, month: None, day: None, time: None })
    }

    /// A month of a year; `None` if there is no such month.
    pub fn month_only(year: i16, month: i8) -> Option<Self> {
        Self::ymd(year, month, 1).map(|date| Self { day: None, ..date })
    }

    /// A day; `None` if the calendar has no such day.
    pub fn ymd(year: i16, month: i8, day: i8) -> Option<Self> {
        if !(1..=9999).contains(&year) {
            return None;
        }
        jiff::civil::Date::new(year, month, day).ok()?;
        Some(Self { year, month: Some(month), day: Some(day), time: None })
    }

    /// The same day at a time; a date without a day stays as it is.
    #[must_use]
    pub fn at(self, time: Time) -> Self {
        let known = self.day.is_some() && time.second < DAY as u32;
        Self { time: known.then_some(time), ..self }
    }

    /// The calendar year.
    pub fn year(&self) -> i16 {
        self.year
    }

    /// The calendar month, `1..=12`, if known.
    pub fn month(&self) -> Option<i8> {
        self.month
    }

    /// The day of the month, if known.
    pub fn day(&self) -> Option<i8> {
        self.day
    }

    /// The time of day, if known.
    pub fn time(&self) -> Option<Time> {
        self.time
    }

    /// The same date without its time of day.
    #[must_use]
    pub fn without_time(self) -> Self {
        Self { time: None, ..self }
    }

    /// Days since 1970-01-01 of the local calendar day, if the day is known.
    pub fn local_day(&self) -> Option<i64> {
        self.day.map(|_| self.first_day())
    }

    /// Days since 1970-01-01 of the first local day it can mean.
    pub fn first_day(&self) -> i64 {
        days_since_1970(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1))
    }

    /// Days since 1970-01-01 of the last local day it can mean.
    pub fn last_day(&self) -> i64 {
        match (self.month, self.day) {
            (Some(_), Some(_)) => self.first_day(),
            (Some(12), None) | (None, _) => days_since_1970(self.year, 12, 31),
            (Some(month), None) => days_since_1970(self.year, month + 1, 1) - 1,
        }
    }

    /// Seconds since 1970 in UTC of the first instant it can mean.
    pub fn first_second(&self) -> i64 {
        match self.time {
            Some(time) => self.first_day() * DAY + i64::from(time.second) - i64::from(time.offset.unwrap_or(0)),
            None => self.first_day() * DAY,
        }
    }

    /// Seconds since 1970 in UTC of the last instant it can mean.
    pub fn last_second(&self) -> i64 {
        match self.time {
            Some(_) => self.first_second(),
            None => self.last_day() * DAY + DAY - 1,
        }
    }

    /// Whether an article may carry it: from 1600 to two days after `today`, measured by its first day.
    pub fn is_plausible(&self, today: Self) -> bool {
        self.year >= FIRST_YEAR && self.first_day() <= today.last_day() + 2
    }

    /// The local day `days` after 1970-01-01; `None` beyond the calendar's years.
    pub fn from_days(days: i64) -> Option<Self> {
        let epoch = jiff::civil::Date::new(1970, 1, 1).ok()?;
        let date = epoch.checked_add(jiff::Span::new().try_days(days).ok()?).ok()?;
        Self::ymd(date.year(), date.month(), date.day())
    }

    /// The current day in UTC.
    pub fn today() -> Self {
        let seconds = jiff::Timestamp::now().as_second();
        Self::from_days(seconds.div_euclid(DAY)).expect("the clock shows a year of the calendar")
    }

    /// The current day in a time zone, named as `Europe/Berlin` or by its distance from UTC as `+03:00`; `None` if there is
    /// no such zone, or this system does not know it.
    pub fn today_in(zone: &str) -> Option<Self> {
        let zone = match zone.strip_prefix(['+', '-']) {
            Some(distance) => {
                let (hours, minutes) = distance.split_once(':').unwrap_or((distance, "0"));
                let (hours, minutes): (u8, u8) = (hours.parse().ok()?, minutes.parse().ok()?);
                let seconds = (i32::from(hours) * 60 + i32::from(minutes)) * 60;
                let seconds = if zone.starts_with('-') { -seconds } else { seconds };
                (hours <= 14 && minutes < 60).then_some(())?;
                jiff::tz::TimeZone::fixed(jiff::tz::Offset::from_seconds(seconds).ok()?)
            }
            None if zone.eq_ignore_ascii_case("utc") => jiff::tz::TimeZone::UTC,
            None => jiff::tz::TimeZone::get(zone).ok()?,
        };
        let date = zone.to_datetime(jiff::Timestamp::now()).date();
        Self::ymd(date.year(), date.month(), date.day())
    }
}

fn days_since_1970(year: i16, month: i8, day: i8) -> i64 {
    // Howard Hinnant's days_from_civil: https://howardhinnant.github.io/date_algorithms.html
    let (year, month, day) = (i64::from(year), i64::from(month), i64::from(day));
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        let Some(month) = self.month else { return Ok(()) };
        write!(f, "-{month:02}")?;
        let Some(day) = self.day else { return Ok(()) };
        write!(f, "-{day:02}")?;
        let Some(Time { second, offset }) = self.time else { return Ok(()) };
        write!(f, "T{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)?;
        match offset {
            None => Ok(()),
            Some(0) => f.write_str("Z"),
            Some(offset) => {
                let minutes = offset.abs() / 60;
                let sign = if offset < 0 { '-' } else { '+' };
                write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
        }
    }
}

/// The text is not one of the ISO 8601 forms a [`Date`] prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a date of the form 2024, 2024-05, 2024-05-01 or 2024-05-01T10:20:30Z")]
pub struct NotADate;

impl FromStr for Date {
    type Err = NotADate;

    /// Reads exactly what `Display` writes; for what archives write see `date::read`.
    fn from_str(text: &str) -> Result<Self, NotADate> {
        parse_iso(text).ok_or(NotADate)
    }
}

fn parse_iso(text: &str) -> Option<Date> {
    let digits = |from: usize, len: usize| -> Option<i32> {
        let part = text.get(from..from + len)?;
        part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok())?
    };
    let year = digits(0, 4)? as i16;
    if text.len() == 4 {
        return Date::year_only(year);
    }
    let separator = |at: usize, byte: u8| (text.as_bytes().get(at) == Some(&byte)).then_some(());
    separator(4, b'-')?;
    let month = digits(5, 2)? as i8;
    if text.len() == 7 {
        return Date::month_only(year, month);
    }
    separator(7, b'-')?;
    let date = Date::ymd(year, month, digits(8, 2)? as i8)?;
    if text.len() == 10 {
        return Some(date);
    }
    separator(10, b'T')?;
    separator(13, b':')?;
    separator(16, b':')?;
    let (hour, minute, second) = (digits(11, 2)?, digits(14, 2)?, digits(17, 2)?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let offset = match text.get(19..)? {
        "" => None,
        "Z" => Some(0),
        zone if zone.len() == 6 && zone.as_bytes()[3] == b':' => {
            let (hours, minutes) = (digits(20, 2)?, digits(23, 2)?);
            let sign = match zone.as_bytes()[0] {
                b'+' => 1,
                b'-' => -1,
                _ => return None,
            };
            (hours <= 15 && minutes <= 59).then_some(Some(sign * (hours * 3600 + minutes * 60)))?
        }
        _ => return None,
    };
    Some(date.at(Time { second: (hour * 3600 + minute * 60 + second) as u32, offset }))
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_precision_reads_back_what_it_writes() {
        for text in [
            "1963",
            "2024-05",
            "2024-02-29",
            "1987-03-09T04:58:41Z",
            "2024-05-01T10:20:30+05:30",
            "2024-05-01T10:20:30",
        ] {
            assert_eq!(text.parse::<Date>().map(|date| date.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn impossible_days_are_refused() {
        for text in [
            "2023-02-29",
            "2024-13",
            "2024-00-01",
            "0000",
            "24-05-01",
            "2024-05-01T24:00:00Z",
            "2024-5-1",
            "2024-05-01T10:20:30+1",
        ] {
            assert_eq!(text.parse::<Date>(), Err(NotADate), "{text}");
        }
    }

    #[test]
    fn a_date_spans_what_it_can_mean() {
        let seconds = |text: &str| text.parse::<Date>().map(|date| (date.first_second(), date.last_second()));
        assert_eq!(seconds("1970"), Ok((0, 365 * DAY - 1)));
        assert_eq!(seconds("1970-02"), Ok((31 * DAY, 59 * DAY - 1)));
        assert_eq!(seconds("1970-01-02T00:00:00+01:00"), Ok((DAY - 3600, DAY - 3600)));
    }

    #[test]
    fn days_and_dates_are_inverse() {
        for days in [-135_140, -1, 0, 11_016, 20_000] {
            assert_eq!(Date::from_days(days).map(|date| date.first_day()), Some(days));
        }
    }
}
