//! The solar calendar of Iran and Afghanistan, by which their newspapers date: `۱۹ اسفند ۱۴۰۲`, `1402/12/19`.

use super::Date;

/// Years of it that newspapers have; they are no years of ours that could be meant.
const YEARS: std::ops::RangeInclusive<i16> = 1_250..=1_500;
/// Days from the beginning of the count below to 1970.
const TO_1970: i64 = 719_528;

/// Whether a year may be one of this calendar.
pub(super) fn is_year(year: i16) -> bool {
    YEARS.contains(&year)
}

/// A day of this calendar in ours; `None` if it has no such day.
pub(super) fn date(year: i16, month: i8, day: i8) -> Option<Date> {
    if !is_year(year) || !(1..=12).contains(&month) || day < 1 {
        return None;
    }
    let last = match month {
        1..=6 => 31,
        7..=11 => 30,
        _ => first_of_year(year + 1) - first_of_year(year) - 336,
    };
    if i64::from(day) > last {
        return None;
    }
    let month = i64::from(month);
    let before = if month <= 7 { (month - 1) * 31 } else { 186 + (month - 7) * 30 };
    Date::from_days(first_of_year(year) + before + i64::from(day) - 1)
}

/// The first day of a year since 1970. Leap years come eight times in 33 years, which holds for all years here.
fn first_of_year(year: i16) -> i64 {
    let year = i64::from(year) + 1_595;
    365 * year + year / 33 * 8 + (year % 33 + 3) / 4 - 355_667 - TO_1970
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_both_calendars_meet() {
        for (year, month, day, ours) in [
            (1402, 12, 19, Some("2024-03-09")),
            (1403, 1, 1, Some("2024-03-20")),
            (1399, 12, 30, Some("2021-03-20")),
            (1400, 1, 1, Some("2021-03-21")),
            (1400, 12, 30, None),
            (1357, 11, 22, Some("1979-02-11")),
            (1398, 10, 13, Some("2020-01-03")),
            (1402, 7, 31, None),
            (2024, 1, 1, None),
        ] {
            assert_eq!(date(year, month, day).map(|date| date.to_string()).as_deref(), ours, "{year}-{month}-{day}");
        }
    }
}
