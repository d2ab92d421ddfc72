//! Dates as fields of tables, JSON and wire formats carry them.

use crate::date::{Date, Order, read, read_short};

/// Reads a date field; `None` if it could not be any date, or its day and month could be either.
///
/// A field is known to hold a date, so a year of two digits is taken as one.
pub fn date(text: &str) -> Option<Date> {
    read(text, Order::Unknown).or_else(|| read_short(text, Order::Unknown))
}

/// Whether only the order of day and month keeps a date from being read.
pub fn is_unclear(text: &str) -> bool {
    read(text, Order::Unknown).is_none() && read(text, Order::DayFirst).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_that_could_be_two_is_unclear() {
        assert!(is_unclear("03/04/2024"));
        for text in ["13/04/2024", "2024-04-03", "yesterday"] {
            assert!(!is_unclear(text), "{text}");
        }
    }

    #[test]
    fn fields_give_dates_in_many_ways() {
        for (text, iso) in [
            ("2024-05-01", "2024-05-01"),
            ("2024-05-01 10:20:30", "2024-05-01T10:20:30"),
            ("2024-05-01T10:20:30.123456+0200", "2024-05-01T10:20:30+02:00"),
            ("2024-05-01T10:20Z", "2024-05-01T10:20:00Z"),
            ("1714558830", "2024-05-01T10:20:30Z"),
            ("1714558830123", "2024-05-01T10:20:30Z"),
            ("1714558830123456", "2024-05-01T10:20:30Z"),
        ] {
            assert_eq!(date(text).map(|date| date.to_string()).as_deref(), Some(iso), "{text}");
        }
        for text in ["", "0", "yesterday", "2024-02-30"] {
            assert_eq!(date(text), None, "{text}");
        }
    }
}
