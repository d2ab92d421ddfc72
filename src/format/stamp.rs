//! Dates as fields of tables, JSON and wire formats carry them.

use crate::date::{Date, Time};

/// Reads a date field; `None` if it could not be any date.
pub fn date(text: &str) -> Option<Date> {
    let text = text.trim();
    iso(text).or_else(|| epoch(text))
}

/// ISO 8601 with the freedoms people take: a blank for `T`, fractions, offsets without colon.
fn iso(text: &str) -> Option<Date> {
    if let Ok(date) = text.parse() {
        return Some(date);
    }
    let date: Date = text.get(..10)?.replace('/', "-").parse().ok()?;
    let rest = text[10..].trim_start_matches(['T', 't', ' ']);
    if rest.is_empty() {
        return Some(date);
    }
    let mut parts = rest.get(..5)?.split(':').map(|part| part.parse::<u32>().ok());
    let (hour, minute) = (parts.next()??, parts.next()??);
    let (second, rest) = match rest[5..].strip_prefix(':') {
        Some(rest) => (rest.get(..2)?.parse::<u32>().ok()?, &rest[2..]),
        None => (0, &rest[5..]),
    };
    let rest = rest.trim_start_matches(|char: char| char == '.' || char == ',' || char.is_ascii_digit()).trim();
    let offset = match rest {
        "" => None,
        "Z" | "z" | "UTC" | "GMT" => Some(0),
        zone => {
            let digits: String = zone.get(1..)?.chars().filter(char::is_ascii_digit).collect();
            let hours: i32 = digits.get(..2)?.parse().ok()?;
            let minutes: i32 = digits.get(2..4).unwrap_or("00").parse().ok()?;
            let seconds = hours * 3600 + minutes * 60;
            match zone.as_bytes()[0] {
                b'+' => Some(seconds),
                b'-' => Some(-seconds),
                _ => return None,
            }
        }
    };
    (hour < 24 && minute < 60 && second < 60)
        .then(|| date.at(Time { second: hour * 3600 + minute * 60 + second, offset }))
}

/// Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by size. Zero is no date.
fn epoch(text: &str) -> Option<Date> {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    let number: i64 = whole.parse().ok()?;
    let seconds = match number.unsigned_abs() {
        100_000_000..100_000_000_000 => number,
        100_000_000_000..100_000_000_000_000 => number.div_euclid(1000),
        100_000_000_000_000..100_000_000_000_000_000 => number.div_euclid(1_000_000),
        100_000_000_000_000_000.. => number.div_euclid(1_000_000_000),
        _ => return None,
    };
    let day = Date::from_days(seconds.div_euclid(86_400))?;
    Some(day.at(Time { second: seconds.rem_euclid(86_400) as u32, offset: Some(0) }))
}

#[cfg(test)]
mod tests {
    use super::*;

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
        for text in ["", "0", "yesterday", "2024-02-30", "2024-05-01 later", "2024-05-01é", "2024-05-01 10:20:30é"] {
            assert_eq!(date(text), None, "{text}");
        }
    }
}
