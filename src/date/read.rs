//! Reads a string that is a date as a whole, in the many ways archives write one.

use super::cursor::{Cursor, is_blank, is_letter};
use super::scan::{Found, Rules};
use super::words::{is_label_word, is_weekday};
use super::{Date, Order, Time};

/// Longer strings are no dates.
const LONGEST: usize = 160;

/// Reads a whole string as a date: ISO 8601, mail and web headers, printed dates in some ninety languages, seconds,
/// milliseconds or microseconds since 1970.
///
/// Answers `None` rather than guess: for a day and month whose order nobody told, for years of two digits (but in mail
/// headers, which demand them), and for 1970-01-01T00:00:00Z, which is a zero and no date.
///
/// ```
/// use dateline::date::{Order, read};
/// let text = |text, order| read(text, order).map(|date| date.to_string());
/// assert_eq!(text("9 March 2024, 10:12 GMT", Order::Unknown).as_deref(), Some("2024-03-09T10:12:00Z"));
/// assert_eq!(text("09/03/2024", Order::DayFirst).as_deref(), Some("2024-03-09"));
/// assert_eq!(text("09/03/2024", Order::Unknown), None);
/// ```
pub fn read(text: &str, order: Order) -> Option<Date> {
    whole(text, Rules { order, ..Rules::default() })
}

/// Like [`read`], and takes years of two digits: 69 to 99 as 1969 to 1999, 00 to 68 as 2000 to 2068. For formats that
/// are known to write them: `6/15/17`, `930112`, `9 Mar 87`.
pub fn read_short(text: &str, order: Order) -> Option<Date> {
    whole(text, Rules { order, short: true, ..Rules::default() })
}

/// Reads a day without a year, as datelines print it: `Feb 26`, `9 марта`, `9. März`; the month, then the day.
pub fn read_day(text: &str) -> Option<(i8, i8)> {
    let mut cursor = Cursor::new(text, 0);
    cursor.spaces();
    let by_name = cursor.attempt(|cursor| {
        let month = cursor.month()?.number(false)?;
        cursor.spaces();
        let day = cursor.number()?.small()?;
        cursor.ordinal();
        Some((month, day))
    });
    let (month, day) = by_name.or_else(|| {
        let day = cursor.number()?.small()?;
        cursor.ordinal();
        let dotted = cursor.eat(|char| char == '.').is_some();
        cursor.spaces();
        let month = cursor.month().or_else(|| {
            cursor.filler();
            cursor.spaces();
            cursor.month()
        })?;
        Some((month.number(dotted)?, day))
    })?;
    let rest = cursor.rest().trim_matches(|char: char| is_blank(char) || matches!(char, '.' | ','));
    // 1960 was a leap year
    (rest.is_empty() && Date::ymd(1960, month, day).is_some()).then_some((month, day))
}

fn whole(text: &str, rules: Rules) -> Option<Date> {
    let text = text.trim_matches(|char: char| is_blank(char) || matches!(char, '"' | '\'' | '“' | '”'));
    let text = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    let date = epoch(text).or_else(|| printed(text, rules)).or_else(|| mail_of_two_digits(text, rules))?;
    (!is_zero(date) && date.year() >= super::FIRST_YEAR).then_some(date)
}

fn is_zero(date: Date) -> bool {
    date.time().is_some() && date.first_second() == 0
}

/// A count since 1970, its unit told by its size; calendar forms of twelve and fourteen digits come first.
fn epoch(text: &str) -> Option<Date> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    if matches!(whole.len(), 12 | 14) {
        let calendar = printed(text, Rules::default());
        if calendar.is_some_and(|date| (1900..2100).contains(&date.year())) {
            return calendar;
        }
    }
    let value: i64 = whole.parse().ok()?;
    let seconds = match whole.len() {
        9 | 10 => value,
        12 | 13 => value / 1_000,
        15 | 16 => value / 1_000_000,
        18 | 19 => value / 1_000_000_000,
        _ => return None,
    };
    let date = Date::from_days(seconds.div_euclid(86_400))?;
    Some(date.at(Time { second: seconds.rem_euclid(86_400) as u32, offset: Some(0) }))
}

/// RFC 850 and RFC 822 name the weekday, write the year with two digits and end with a time.
fn mail_of_two_digits(text: &str, rules: Rules) -> Option<Date> {
    let (weekday, _) = text.split_once(',')?;
    if !is_weekday(weekday.trim()) {
        return None;
    }
    let date = printed(text, Rules { short: true, ..rules })?;
    date.time().map(|_| date)
}

fn printed(text: &str, rules: Rules) -> Option<Date> {
    let mut cursor = Cursor::new(text, 0);
    let mut before = None;
    for _ in 0..12 {
        cursor.spaces();
        if let Some(found) = cursor.date_from_number(rules).or_else(|| cursor.date_from_month(rules)) {
            let Found::Date(mut date) = found else { return None };
            if let (None, Some(clock)) = (date.time(), before) {
                date = date.at(clock);
            }
            return ends(cursor, date, rules);
        }
        if before.is_none()
            && let Some(clock) = cursor.clock(false, true)
        {
            before = Some(clock.time);
            continue;
        }
        if cursor.weekday() || cursor.eat(|char| ",.:;|-–—/·•(،：".contains(char)).is_some() {
            continue;
        }
        let word = cursor.word()?;
        if word.chars().count() > 4 && !is_label_word(word) {
            return None;
        }
        cursor.eat(|char| matches!(char, '\'' | '’'));
    }
    None
}

/// What may follow a date: its weekday, then a time; the name of a zone; short words such as `г.` and `Uhr`.
fn ends(mut cursor: Cursor, mut date: Date, rules: Rules) -> Option<Date> {
    let mut words = 0;
    for _ in 0..12 {
        cursor.spaces();
        let Some(char) = cursor.peek() else { return Some(date) };
        if matches!(char, '(' | '[' | '（') {
            let close = match char {
                '(' => ')',
                '[' => ']',
                _ => '）',
            };
            let end = cursor.rest().find(close)?;
            cursor.at += end + close.len_utf8();
            if date.time().is_none() && date.day().is_some() {
                date = cursor.with_time(date, rules);
            }
        } else if cursor.weekday() || cursor.eat(|char| ",.;|-–—/·•)،。".contains(char)).is_some() {
            if date.time().is_none() && date.day().is_some() {
                date = cursor.with_time(date, rules);
            }
        } else if is_letter(char) {
            // a zone without a name we know leaves the offset open
            let word = cursor.word()?;
            words += 1;
            if words > 2 || word.chars().count() > 5 {
                return None;
            }
        } else {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(text: &str, order: Order) -> Option<String> {
        read(text, order).map(|date| date.to_string())
    }

    #[track_caller]
    fn reads(cases: &[(&str, &str)]) {
        let wrong: Vec<_> = cases
            .iter()
            .map(|(written, meant)| (*written, text(written, Order::Unknown).unwrap_or_default(), *meant))
            .filter(|(_, read, meant)| read != meant)
            .collect();
        assert!(wrong.is_empty(), "written, read, meant: {wrong:#?}");
    }

    #[test]
    fn iso_8601_reads_in_all_its_forms() {
        reads(&[
            ("2024-05-09T10:11:12Z", "2024-05-09T10:11:12Z"),
            ("20240509T101112Z", "2024-05-09T10:11:12Z"),
            ("20240509T101112+0530", "2024-05-09T10:11:12+05:30"),
            ("2024-05-09 10:11:12", "2024-05-09T10:11:12"),
            ("2024-05-09 10:11:12.123456+00:00", "2024-05-09T10:11:12Z"),
            ("2024-05-09T10:11:12.5-0400", "2024-05-09T10:11:12-04:00"),
            ("2024-05-09T10:11", "2024-05-09T10:11:00"),
            ("2024-05-09T10:11+02", "2024-05-09T10:11:00+02:00"),
            ("2024-05-09T10:11:12,5Z", "2024-05-09T10:11:12Z"),
            ("2024-05-09 10:11:12 UTC", "2024-05-09T10:11:12Z"),
            ("2024-05-09 10:11:12 +0000", "2024-05-09T10:11:12Z"),
            ("2024-05-09T24:00:00Z", "2024-05-10T00:00:00Z"),
            ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
            ("2024-05-09T10:11:12+02:00[Europe/Berlin]", "2024-05-09T10:11:12+02:00"),
            ("20240509", "2024-05-09"),
            ("20240509101112", "2024-05-09T10:11:12"),
            ("2024-W19-4", "2024-05-09"),
            ("2024-130", "2024-05-09"),
            ("2024-05", "2024-05"),
            ("2024", "2024"),
            ("  2024-05-09\n", "2024-05-09"),
            ("2024/05/09", "2024-05-09"),
            ("2024/5/9 8:05", "2024-05-09T08:05:00"),
            ("2024.05.09", "2024-05-09"),
            ("2024-May-09", "2024-05-09"),
        ]);
    }

    #[test]
    fn mail_and_web_headers_read() {
        reads(&[
            ("Thu, 09 May 2024 10:11:12 +0000", "2024-05-09T10:11:12Z"),
            ("Thu, 9 May 2024 10:11 GMT", "2024-05-09T10:11:00Z"),
            ("9 May 2024 10:11:12 EST", "2024-05-09T10:11:12-05:00"),
            ("Thu, 09 May 2024 10:11:12 -0700 (PDT)", "2024-05-09T10:11:12-07:00"),
            ("Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37Z"),
            ("Sun, 06 Nov 94 08:49:37 GMT", "1994-11-06T08:49:37Z"),
            ("Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37"),
            ("Sat Mar  9 10:11:12 UTC 2024", "2024-03-09T10:11:12Z"),
            ("Wed Aug 27 13:08:45 +0000 2008", "2008-08-27T13:08:45Z"),
            ("Sat Mar 09 2024 10:11:12 GMT-0800 (Pacific Standard Time)", "2024-03-09T10:11:12-08:00"),
            ("10/Oct/2000:13:55:36 -0700", "2000-10-10T13:55:36-07:00"),
        ]);
    }

    #[test]
    fn wire_and_database_forms_read() {
        reads(&[
            ("26-FEB-1987 15:01:01.79", "1987-02-26T15:01:01"),
            (" 2-MAR-1987 05:48:46.98", "1987-03-02T05:48:46"),
            ("January 11, 2010 Monday", "2010-01-11"),
            ("27. Februar 2012 Montag 9:50 PM GMT+1", "2012-02-27T21:50:00+01:00"),
            ("January 10, 2018 Wednesday 10:36 EST", "2018-01-10T10:36:00-05:00"),
            ("December 19, 1991, Sunday", "1991-12-19"),
            ("2018 年 10 月 7 日 17:04", "2018-10-07T17:04:00"),
            ("9 Januar 1993", "1993-01-09"),
            ("Mar 9, 2004", "2004-03-09"),
            ("2004/03/09/", "2004-03-09"),
            ("mardi 14 mars 2006", "2006-03-14"),
        ]);
    }

    #[test]
    fn printed_dates_read_in_many_languages() {
        reads(&[
            ("March 9, 2024", "2024-03-09"),
            ("9 March 2024, 10:12 GMT", "2024-03-09T10:12:00Z"),
            ("Published 9 March 2024, 10:12 GMT", "2024-03-09T10:12:00Z"),
            ("Mon 9 Mar 2024", "2024-03-09"),
            ("March 9th, 2024 at 5:30 p.m.", "2024-03-09T17:30:00"),
            ("the 9th of March 2024", "2024-03-09"),
            ("10:12, 9 March 2024", "2024-03-09T10:12:00"),
            ("9. März 2024", "2024-03-09"),
            ("Samstag, 9. März 2024, 10:12 Uhr", "2024-03-09T10:12:00"),
            ("09.03.2024 10.12 Uhr", "2024-03-09T10:12:00"),
            ("le 9 mars 2024 à 10h12", "2024-03-09T10:12:00"),
            ("1er mars 2024", "2024-03-01"),
            ("2024年3月9日 17:04", "2024-03-09T17:04:00"),
            ("2024年3月9日（土）17時04分", "2024-03-09T17:04:00"),
            ("2024년 3월 9일 오후 5:04", "2024-03-09T17:04:00"),
            ("2024. 3. 9. 17:04", "2024-03-09T17:04:00"),
            ("9 de marzo de 2024", "2024-03-09"),
            ("sábado, 9 de marzo de 2024 a las 10:12", "2024-03-09T10:12:00"),
            ("9 de março de 2024 às 10h12", "2024-03-09T10:12:00"),
            ("9 marzo 2024 alle 10:12", "2024-03-09T10:12:00"),
            ("9 марта 2024 г., 10:12", "2024-03-09T10:12:00"),
            ("9 березня 2024 року", "2024-03-09"),
            ("9 marca 2024", "2024-03-09"),
            ("9 listopada 2024", "2024-11-09"),
            ("9. března 2024", "2024-03-09"),
            ("9. 3. 2024", "2024-03-09"),
            ("2024. március 9.", "2024-03-09"),
            ("2024 m. kovo 9 d.", "2024-03-09"),
            ("2024. gada 9. marts", "2024-03-09"),
            ("9 Mart 2024 Cumartesi 10:12", "2024-03-09T10:12:00"),
            ("9 Μαρτίου 2024", "2024-03-09"),
            ("٩ مارس ٢٠٢٤", "2024-03-09"),
            ("9 آذار/مارس 2024", "2024-03-09"),
            ("9 במרץ 2024", "2024-03-09"),
            ("9 मार्च 2024", "2024-03-09"),
            ("9 มีนาคม 2567", "2024-03-09"),
            ("9 มี.ค. 2567", "2024-03-09"),
            ("ngày 9 tháng 3 năm 2024", "2024-03-09"),
            ("9 Maret 2024", "2024-03-09"),
            ("9 Machi 2024", "2024-03-09"),
            ("den 9 mars 2024 kl. 10.12", "2024-03-09T10:12:00"),
            ("9. maaliskuuta 2024", "2024-03-09"),
            ("March 2024", "2024-03"),
            ("2024年3月", "2024-03"),
        ]);
    }

    #[test]
    fn numbers_alone_are_read_in_the_order_told_or_not_at_all() {
        assert_eq!(text("09/03/2024", Order::DayFirst).as_deref(), Some("2024-03-09"));
        assert_eq!(text("09/03/2024", Order::MonthFirst).as_deref(), Some("2024-09-03"));
        assert_eq!(text("09/03/2024", Order::Unknown), None);
        assert_eq!(text("09/03/2024", Order::YearFirst), None);
        assert_eq!(text("25/03/2024 10:12", Order::MonthFirst).as_deref(), Some("2024-03-25T10:12:00"));
        assert_eq!(text("03/25/2024", Order::DayFirst).as_deref(), Some("2024-03-25"));
        assert_eq!(text("05/05/2024", Order::Unknown).as_deref(), Some("2024-05-05"));
    }

    #[test]
    fn two_digit_years_are_read_where_asked_for() {
        let short = |text: &str, order| read_short(text, order).map(|date| date.to_string());
        assert_eq!(text("6/15/17", Order::Unknown), None);
        assert_eq!(short("6/15/17", Order::Unknown).as_deref(), Some("2017-06-15"));
        assert_eq!(short("01/30/03", Order::Unknown).as_deref(), Some("2003-01-30"));
        assert_eq!(short("930112", Order::Unknown).as_deref(), Some("1993-01-12"));
        assert_eq!(short("9 Mar 87", Order::Unknown).as_deref(), Some("1987-03-09"));
        assert_eq!(short("24/03/09", Order::YearFirst).as_deref(), Some("2024-03-09"));
    }

    #[test]
    fn seconds_since_1970_are_told_by_their_size() {
        reads(&[
            ("1715249472", "2024-05-09T10:11:12Z"),
            ("1715249472.25", "2024-05-09T10:11:12Z"),
            ("1715249472000", "2024-05-09T10:11:12Z"),
            ("1715249472000000", "2024-05-09T10:11:12Z"),
            ("541400400", "1987-02-27T05:00:00Z"),
            ("0", ""),
            ("1970-01-01T00:00:00Z", ""),
        ]);
    }

    #[test]
    fn a_day_without_a_year_reads_as_month_and_day() {
        for text in ["March 9", "MARCH  9", "9 марта", "9 мар", "9. März", "9 de marzo", "9 mars", " Mar. 9"] {
            assert_eq!(read_day(text), Some((3, 9)), "{text}");
        }
        for text in ["March", "March 32", "March 9 2024", "Room 9", "9"] {
            assert_eq!(read_day(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for written in [
            "",
            "yesterday",
            "1月9日",
            "9 March",
            "2023-02-29",
            "30 Feb 2024",
            "2024-13-01",
            "0000-00-00",
            "0001-01-01T00:00:00Z",
            "1066-10-14",
            "March 9, 2024 was the day on which the talks began",
            "Between 9 March 2024 and 10 March 2024",
            "2024-05-09T25:00:00Z!",
            "12345",
            "1,234",
            "3.14",
            "192.168.10.24",
            "Updated 9 March 2024",
        ] {
            assert_eq!(text(written, Order::DayFirst), None, "{written}");
        }
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back(
            days in -135_140i64..80_000, second in 0u32..86_400, minutes in -900i32..900, precision in 0u8..5,
        ) {
            let day = Date::from_days(days).expect("a day");
            let date = match precision {
                0 if day.year() < 2100 => Date::year_only(day.year()).expect("a year"),
                1 => Date::month_only(day.year(), day.month().unwrap_or(1)).expect("a month"),
                2 => day.at(Time { second, offset: None }),
                3 => day.at(Time { second, offset: Some(minutes * 60) }),
                _ => day,
            };
            prop_assume!(!is_zero(date) && date.year() >= super::super::FIRST_YEAR);
            prop_assert_eq!(read(&date.to_string(), Order::Unknown), Some(date));
        }

        #[test]
        fn no_text_panics(text in any::<String>()) {
            read(&text, Order::DayFirst);
            read_short(&text, Order::Unknown);
        }

        #[test]
        fn nothing_like_a_date_panics(text in "[0-9./: ,T年月日marchMARpm+Z-]{0,24}") {
            read(&text, Order::DayFirst);
            read_short(&text, Order::YearFirst);
        }
    }
}
