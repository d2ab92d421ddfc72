//! Dates in addresses and file names, where sites and archives file by day.

use super::Date;
use super::cursor::Cursor;

/// The date in an address: `/2024/05/01/`, `/2024-05-01-title`, `/20240501/`, `/2024/may/01/`; `/2024/05/` to the month.
/// Fourteen digits are the moment a web archive fetched it, and no date.
pub fn in_url(url: &str) -> Option<Date> {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = path.find('/').map_or("", |at| &path[at..]);
    let mut to_month = None;
    for (at, _) in path.match_indices(['/', '-', '_', '=', 't', '.', ',']) {
        let after = &path[at + 1..];
        let mut cursor = Cursor::new(after, 0);
        let Some(number) = cursor.number() else { continue };
        match number.digits {
            8 if path.as_bytes()[at] != b't' || at > 0 && path.as_bytes()[at - 1] == b'/' => {
                let delimited = cursor.peek().is_none_or(|char| !char.is_alphanumeric());
                if let Some(date) = eight_digits(number.value).filter(|_| delimited) {
                    return Some(date);
                }
            }
            4 => match year_and_rest(number.year()?, cursor) {
                Some(date) if date.day().is_some() => return Some(date),
                Some(date) if path.as_bytes()[at] == b'/' => {
                    to_month.get_or_insert(date);
                }
                _ => {}
            },
            _ => {}
        }
    }
    to_month
}

fn year_and_rest(year: i16, mut cursor: Cursor) -> Option<Date> {
    if !(1800..=2099).contains(&year) {
        return None;
    }
    let separator = cursor.eat(|char| matches!(char, '/' | '-' | '_' | '.'));
    let month = if let Some(month) = cursor.month() {
        month.number(false)?
    } else {
        separator?;
        let number = cursor.number()?;
        // `/2024/0501/`
        if number.digits == 4 && separator == Some('/') && cursor.peek() == Some('/') {
            return Date::ymd(year, (number.value / 100) as i8, (number.value % 100) as i8);
        }
        number.small()?
    };
    let by_month = Date::month_only(year, month)?;
    let day = cursor.attempt(|cursor| {
        cursor.eat(|char| separator.is_none_or(|separator| char == separator))?;
        let day = cursor.number()?.small()?;
        // `/2024/05/7-things-to-know` is a title
        let ends = match cursor.peek() {
            None | Some('/' | '?' | '#' | '.' | '_' | 'T') => true,
            Some('-') => separator != Some('/'),
            Some(_) => false,
        };
        if ends { Date::ymd(year, month, day) } else { None }
    });
    day.or_else(|| (separator == Some('/') && matches!(cursor.peek(), None | Some('/' | '?'))).then_some(by_month))
}

fn eight_digits(value: i64) -> Option<Date> {
    let year = i16::try_from(value / 10_000).ok().filter(|year| (1900..=2099).contains(year))?;
    Date::ymd(year, (value / 100 % 100) as i8, (value % 100) as i8)
}

/// The date in a file's name: `2024-05-01`, `2024_05_01`, `20240501`; a name that is `2024-05` and nothing else, to the
/// month.
pub fn in_file_name(name: &str) -> Option<Date> {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let mut from = 0;
    while let Some(at) = name[from..].find(|char: char| char.is_ascii_digit()).map(|at| from + at) {
        let mut cursor = Cursor::new(name, at);
        let number = cursor.number()?;
        from = cursor.at;
        let date = match number.digits {
            8 => eight_digits(number.value),
            4 => ymd_in_name(number.year()?, cursor, at == 0),
            _ => None,
        };
        if date.is_some() {
            return date;
        }
    }
    None
}

fn ymd_in_name(year: i16, mut cursor: Cursor, first: bool) -> Option<Date> {
    if !(1600..=2099).contains(&year) {
        return None;
    }
    let separator = cursor.eat(|char| matches!(char, '-' | '_' | '.' | ' '))?;
    let month = cursor.number().filter(|number| number.digits == 2)?.small()?;
    let day = cursor.attempt(|cursor| {
        cursor.eat(|char| char == separator)?;
        cursor.number().filter(|number| number.digits == 2)?.small()
    });
    match day {
        Some(day) => Date::ymd(year, month, day),
        None if first && separator != '.' && cursor.peek().is_none_or(|char| char == '.') => {
            Date::month_only(year, month)
        }
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_carry_dates() {
        let url = |url: &str| in_url(url).map(|date| date.to_string()).unwrap_or_default();
        for (address, date) in [
            ("https://a.example/2024/05/01/talks", "2024-05-01"),
            ("https://a.example/2024/5/1/talks", "2024-05-01"),
            ("https://a.example/news/2024-05-01-talks", "2024-05-01"),
            ("https://a.example/news/talks-2024-05-01.html", "2024-05-01"),
            ("https://a.example/20240501/talks", "2024-05-01"),
            ("https://a.example/c/202405/t20240501_1234.html", "2024-05-01"),
            ("https://a.example/2024/may/01/talks", "2024-05-01"),
            ("https://a.example/2024/0501/c90.html", "2024-05-01"),
            ("https://a.example/2024/05/talks", "2024-05"),
            ("https://a.example/2024/05/7-things", "2024-05"),
            ("https://a.example/2024/13/01/talks", ""),
            ("https://web.archive.example/web/20240501101112/https://a.example/talks", ""),
            ("https://a.example/talks-123456789", ""),
            ("https://2024-05-01.example/talks", ""),
        ] {
            assert_eq!(url(address), date, "{address}");
        }
    }

    #[test]
    fn file_names_carry_dates() {
        let name = |name: &str| in_file_name(name).map(|date| date.to_string()).unwrap_or_default();
        for (file, date) in [
            ("2024-05-01.txt", "2024-05-01"),
            ("a/b/talks_2024_05_01.txt", "2024-05-01"),
            ("20240501-talks.txt", "2024-05-01"),
            ("reuters.20240501.txt", "2024-05-01"),
            ("2024-05.txt", "2024-05"),
            ("season-2024-05-review.txt", ""),
            ("001.txt", ""),
            ("20241301.txt", ""),
            ("2024-02-30.txt", ""),
        ] {
            assert_eq!(name(file), date, "{file}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>()) {
            in_url(&text);
            in_file_name(&text);
        }

        #[test]
        fn nothing_like_an_address_panics(text in "([0-9]{1,8}|[/._?=-]|march|t|T){0,16}") {
            in_url(&format!("http://a.example/{text}"));
            in_file_name(&text);
        }
    }
}
