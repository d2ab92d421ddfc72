//! Ranges of days as people type them: `2024-05..2024-09`, `last-7d`, `[2024-01-01 TO 2024-12-31]`, `>=2020-01`.

use super::Date;

/// Days from `first` to `last`, both included, counted from 1970-01-01; an open end is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Range {
    /// The first local day.
    pub first: Option<i64>,
    /// The last local day.
    pub last: Option<i64>,
}

impl Range {
    /// Whether any day a date can mean lies inside.
    pub fn overlaps(&self, date: &Date) -> bool {
        self.first.is_none_or(|first| date.last_day() >= first) && self.last.is_none_or(|last| date.first_day() <= last)
    }

    fn of(date: Date) -> Self {
        Self { first: Some(date.first_day()), last: Some(date.last_day()) }
    }
}

/// Why a text is no range of dates, and what would be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}; {FORMS}")]
pub struct RangeError {
    /// What is wrong with what was typed: ``month 13 in `2024-13` does not exist``.
    pub problem: String,
    /// What was probably meant, ready to be typed, where that can be told.
    pub suggestion: Option<String>,
}

const FORMS: &str = "dates are 2024, 2024-05, 2024-05-01, 2024-Q3, 1960s, today, yesterday, this-year, last-month, \
                     last-7d; ranges are 2024..2025, ..2019, 2020.., >=2020-01, [2024-01-01 TO 2024-12-31]";

impl RangeError {
    fn new(problem: String) -> Self {
        Self { problem, suggestion: None }
    }

    fn suggesting(self, suggestion: impl Into<String>) -> Self {
        Self { suggestion: Some(suggestion.into()), ..self }
    }
}

/// Understands a date or range as typed. `today` is what `today`, `last-7d` and the like count from. `last-7d` and `7d..`
/// are the seven days that end today; `last-week`, `last-month` and `last-year` are the whole one before the current.
///
/// # Errors
/// Says what is wrong, which forms are understood, and what was probably meant.
pub fn range(text: &str, today: Date) -> Result<Range, RangeError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(RangeError::new("no date given".to_owned()));
    }
    if text.starts_with(['[', '{']) {
        return bracketed(text, today);
    }
    for (sign, inclusive) in [(">=", true), ("<=", true), (">", false), ("<", false)] {
        if let Some(bound) = text.strip_prefix(sign) {
            let point = point(bound.trim(), today)?;
            let range = if sign.starts_with('>') {
                Range { first: if inclusive { point.first } else { step(point.last, 1) }, last: None }
            } else {
                Range { first: None, last: if inclusive { point.last } else { step(point.first, -1) } }
            };
            return Ok(range);
        }
    }
    for separator in ["..", "…"] {
        if let Some((from, to)) = text.split_once(separator) {
            // `...` is one dot too many, and plain
            return between(from.trim(), to.trim_start_matches('.').trim(), text, today);
        }
    }
    point(text, today)
}

fn step(day: Option<i64>, by: i64) -> Option<i64> {
    day.map(|day| day.saturating_add(by))
}

fn between(from: &str, to: &str, text: &str, today: Date) -> Result<Range, RangeError> {
    if from.is_empty() && to.is_empty() {
        return Err(RangeError::new(format!("`{text}` has neither a first nor a last date")));
    }
    let first = if from.is_empty() { None } else { point_or_span(from, today)?.first };
    let last = if to.is_empty() { None } else { point_or_span(to, today)?.last };
    ordered(first, last, text, || format!("{to}..{from}"))
}

fn ordered(
    first: Option<i64>,
    last: Option<i64>,
    text: &str,
    reversed: impl FnOnce() -> String,
) -> Result<Range, RangeError> {
    match (first, last) {
        (Some(first), Some(last)) if first > last => {
            Err(RangeError::new(format!("`{text}` ends before it begins")).suggesting(reversed()))
        }
        _ => Ok(Range { first, last }),
    }
}

/// Lucene's `[a TO b]`; braces leave out their end, `*` is open.
fn bracketed(text: &str, today: Date) -> Result<Range, RangeError> {
    let wrong = || RangeError::new(format!("`{text}` is not of the form [2024-01-01 TO 2024-12-31]"));
    let inner = text.strip_suffix([']', '}']).and_then(|text| text.get(1..)).ok_or_else(wrong)?;
    let words: Vec<&str> = inner.split_whitespace().collect();
    let [from, to_word, to] = words[..] else { return Err(wrong()) };
    if !to_word.eq_ignore_ascii_case("to") {
        return Err(wrong());
    }
    let first = match from {
        "*" => None,
        from if text.starts_with('[') => point(from, today)?.first,
        from => step(point(from, today)?.last, 1),
    };
    let last = match to {
        "*" => None,
        to if text.ends_with(']') => point(to, today)?.last,
        to => step(point(to, today)?.first, -1),
    };
    ordered(first, last, text, || format!("[{to} TO {from}]"))
}

/// An end of a range: also `7d`, which is that long ago.
fn point_or_span(text: &str, today: Date) -> Result<Range, RangeError> {
    match span(text, today) {
        Some(first) => Ok(Range { first: Some(first), last: Some(first) }),
        None => point(text, today),
    }
}

/// One date, or a stretch of time with a name.
fn point(text: &str, today: Date) -> Result<Range, RangeError> {
    let lower = text.to_lowercase().replace([' ', '_'], "-");
    if let Some(range) = named(&lower, today) {
        return Ok(range);
    }
    if let Some(first) =
        lower.strip_prefix("last-").or_else(|| lower.strip_prefix("past-")).and_then(|n| span(n, today))
    {
        return Ok(Range { first: Some(first), last: Some(today.first_day()) });
    }
    calendar(&lower).ok_or_else(|| explain(text, &lower))
}

fn named(text: &str, today: Date) -> Option<Range> {
    let day = today.first_day();
    let (year, month) = (today.year(), today.month().unwrap_or(1));
    // 1970-01-01 was a Thursday
    let monday = day - (day + 3).rem_euclid(7);
    let days = |first: i64, last: i64| Some(Range { first: Some(first), last: Some(last) });
    match text {
        "today" => days(day, day),
        "yesterday" => days(day - 1, day - 1),
        "tomorrow" => days(day + 1, day + 1),
        "this-week" => days(monday, monday + 6),
        "last-week" => days(monday - 7, monday - 1),
        "this-month" => Date::month_only(year, month).map(Range::of),
        "last-month" => {
            let (year, month) = if month == 1 { (year - 1, 12) } else { (year, month - 1) };
            Date::month_only(year, month).map(Range::of)
        }
        "this-year" => Date::year_only(year).map(Range::of),
        "last-year" => Date::year_only(year - 1).map(Range::of),
        "this-quarter" => quarter(year, (month - 1) / 3 + 1),
        "last-quarter" => match (month - 1) / 3 {
            0 => quarter(year - 1, 4),
            before => quarter(year, before),
        },
        _ => None,
    }
}

fn quarter(year: i16, quarter: i8) -> Option<Range> {
    let first = Date::month_only(year, quarter * 3 - 2)?;
    let last = Date::month_only(year, quarter * 3)?;
    Some(Range { first: Some(first.first_day()), last: Some(last.last_day()) })
}

/// The first day of a stretch that ends today: `7d` `2w` `3m` `1y`, also `7-days`.
fn span(text: &str, today: Date) -> Option<i64> {
    let text = text.to_lowercase();
    let digits = text.find(|char: char| !char.is_ascii_digit())?;
    let count: i64 = text[..digits].parse().ok().filter(|count| (1..=100_000).contains(count))?;
    let day = today.first_day();
    let months = |count: i64| {
        let total = i64::from(today.year()) * 12 + i64::from(today.month().unwrap_or(1)) - 1 - count;
        let (year, month) = (i16::try_from(total.div_euclid(12)).ok()?, total.rem_euclid(12) as i8 + 1);
        // from 31 May three months back is the end of February
        let month = Date::month_only(year, month)?;
        let same = month.first_day() + i64::from(today.day().unwrap_or(1)) - 1;
        Some(same.min(month.last_day()) + 1)
    };
    match text[digits..].trim_start_matches(['-', ' ']) {
        "d" | "day" | "days" => Some(day - count + 1),
        "w" | "week" | "weeks" => Some(day - 7 * count + 1),
        "m" | "mo" | "month" | "months" => months(count),
        "y" | "year" | "years" => months(count * 12),
        _ => None,
    }
}

/// `2024`, `2024-05`, `2024-5-1`, `2024/05/01`, `20240501`, `2024-q3`, `1960s`, `2024-05-01t10:20:30z`.
fn calendar(text: &str) -> Option<Range> {
    if let Some(decade) = text.strip_suffix('s') {
        let year: i16 = four_digits(decade).filter(|year| year % 10 == 0)?;
        let last = Date::year_only(year.checked_add(9)?)?.last_day();
        return Some(Range { first: Some(Date::year_only(year)?.first_day()), last: Some(last) });
    }
    let text = text.split_once('t').map_or(text, |(day, _)| day);
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return ymd(&text[..4], &text[4..6], &text[6..]).map(Range::of);
    }
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    match parts[..] {
        [year] => Date::year_only(four_digits(year)?).map(Range::of),
        [year, quarter_name] if quarter_name.starts_with('q') => {
            let number = quarter_name[1..].parse().ok().filter(|number| (1..=4).contains(number))?;
            quarter(four_digits(year)?, number)
        }
        [year, month] => Date::month_only(four_digits(year)?, small(month)?).map(Range::of),
        [year, month, day] => ymd(year, month, day).map(Range::of),
        _ => None,
    }
}

fn four_digits(text: &str) -> Option<i16> {
    (text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

fn small(text: &str) -> Option<i8> {
    (matches!(text.len(), 1 | 2) && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

fn ymd(year: &str, month: &str, day: &str) -> Option<Date> {
    Date::ymd(four_digits(year)?, small(month)?, small(day)?)
}

fn explain(text: &str, lower: &str) -> RangeError {
    let parts: Vec<&str> = lower.split(['-', '/', '.']).collect();
    if let [year, month, ..] = parts[..]
        && let (Some(year), Some(number)) = (four_digits(year), small(month))
    {
        if !(1..=12).contains(&number) {
            return RangeError::new(format!("month {month} in `{text}` does not exist"))
                .suggesting(format!("{year:04}"));
        }
        return RangeError::new(format!("`{text}` is no day of the calendar"))
            .suggesting(format!("{year:04}-{number:02}"));
    }
    if let [first, second, year] = parts[..]
        && let (Some(first), Some(second), Some(year)) = (small(first), small(second), four_digits(year))
        && let Some(date) = Date::ymd(year, second, first).or_else(|| Date::ymd(year, first, second))
    {
        return RangeError::new(format!("`{text}` could be two days: the year comes first"))
            .suggesting(date.to_string());
    }
    if let [first, last] = parts[..]
        && let (Some(first), Some(last)) = (four_digits(first), four_digits(last))
    {
        return RangeError::new(format!("`{text}` is no date")).suggesting(format!("{first}..{last}"));
    }
    let error = RangeError::new(format!("`{text}` is no date"));
    match super::read(text, super::Order::Unknown) {
        Some(date) => error.suggesting(date.without_time().to_string()),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn today() -> Date {
        Date::ymd(2024, 5, 31).expect("a day")
    }

    fn days(text: &str) -> String {
        let day = |day: Option<i64>| day.and_then(Date::from_days).map(|date| date.to_string()).unwrap_or_default();
        match range(text, today()) {
            Ok(range) => format!("{} {}", day(range.first), day(range.last)),
            Err(error) => format!("error: {}", error.problem),
        }
    }

    #[test]
    fn what_people_type_is_understood() {
        for (typed, meant) in [
            ("2024", "2024-01-01 2024-12-31"),
            ("2024-05", "2024-05-01 2024-05-31"),
            ("2024-05-01", "2024-05-01 2024-05-01"),
            ("2024/5/1", "2024-05-01 2024-05-01"),
            ("20240501", "2024-05-01 2024-05-01"),
            ("2024-Q3", "2024-07-01 2024-09-30"),
            ("1960s", "1960-01-01 1969-12-31"),
            ("2024..2025", "2024-01-01 2025-12-31"),
            ("2024-05..2024-09", "2024-05-01 2024-09-30"),
            ("..2019", " 2019-12-31"),
            ("2020..", "2020-01-01 "),
            ("2023..today", "2023-01-01 2024-05-31"),
            ("last-7d", "2024-05-25 2024-05-31"),
            ("last 7 days", "2024-05-25 2024-05-31"),
            ("last-2w", "2024-05-18 2024-05-31"),
            ("last-3m", "2024-03-01 2024-05-31"),
            ("last-1y", "2023-06-01 2024-05-31"),
            ("7d..", "2024-05-25 "),
            ("today", "2024-05-31 2024-05-31"),
            ("yesterday", "2024-05-30 2024-05-30"),
            ("this-week", "2024-05-27 2024-06-02"),
            ("last-week", "2024-05-20 2024-05-26"),
            ("this-month", "2024-05-01 2024-05-31"),
            ("last-month", "2024-04-01 2024-04-30"),
            ("this-year", "2024-01-01 2024-12-31"),
            ("last-year", "2023-01-01 2023-12-31"),
            ("[2024-01-01 TO 2024-12-31]", "2024-01-01 2024-12-31"),
            ("{2024-01-01 TO 2024-12-31}", "2024-01-02 2024-12-30"),
            ("[2024-01 TO *]", "2024-01-01 "),
            (">=2020-01", "2020-01-01 "),
            (">2020", "2021-01-01 "),
            ("<2020", " 2019-12-31"),
            ("<=2020", " 2020-12-31"),
        ] {
            assert_eq!(days(typed), meant, "{typed}");
        }
    }

    #[test]
    fn mistakes_are_named_and_a_correction_offered() {
        let suggestion = |text: &str| range(text, today()).expect_err("a mistake").suggestion.unwrap_or_default();
        assert_eq!(days("2024-13"), "error: month 13 in `2024-13` does not exist");
        assert_eq!(suggestion("2024-13"), "2024");
        assert_eq!(suggestion("2023-02-29"), "2023-02");
        assert_eq!(suggestion("2025..2024"), "2024..2025");
        assert_eq!(suggestion("2019-2021"), "2019..2021");
        assert_eq!(suggestion("1 May 2024"), "2024-05-01");
        assert_eq!(suggestion("05/01/2024"), "2024-01-05");
        for text in ["", "..", "soon", "[2024 2025]", "[2024 TO", "last-0d", "2024-Q5", "1965s", "99999999d..", ">"] {
            assert!(range(text, today()).is_err(), "{text}");
        }
        assert!(range("soon", today()).expect_err("a mistake").to_string().contains("ranges are 2024..2025"));
    }

    #[test]
    fn a_date_known_to_the_year_matches_every_range_it_overlaps() {
        let in_range = |text: &str, date: &str| {
            range(text, today()).is_ok_and(|range| date.parse().is_ok_and(|date| range.overlaps(&date)))
        };
        assert!(in_range("1963-05..1963-06", "1963"));
        assert!(!in_range("1964..", "1963"));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = range(&text, today());
        }

        #[test]
        fn nothing_like_a_range_panics(text in "[0-9.<>=\\[\\]{}*dwmyTOlastqs -]{0,24}") {
            let _ = range(&text, today());
        }
    }
}
