//! Finds dates inside text.
//!
//! Every date has a number, so the text is searched for digits and only their surroundings are read: time is linear, and
//! text without numbers passes at the speed of memory.

use super::cursor::{Cursor, digit, is_blank, is_letter};
use super::scan::{Found as Scanned, Rules};
use super::words::{Label, era_at_end, is_weekday, label};
use super::{Date, Order};

/// Years later than this are no dates in running text.
const LAST_YEAR: i16 = 2199;

/// A date inside a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Byte offset where it begins.
    pub start: usize,
    /// Byte offset behind it and its time.
    pub end: usize,
    /// Known at least to the day.
    pub date: Date,
    /// A word for publication stands before it: `Published on`, `Veröffentlicht am`, `Опубликовано`.
    pub marked: bool,
    /// A word for a later change stands before it: `Updated`, `Zuletzt aktualisiert`.
    pub updated: bool,
}

/// Finds the full dates in visible text, in order. `order` reads all-number dates as in [`read`](super::read); where it
/// is unknown, the language of the word before the date decides, else such a date is left out.
pub fn find(text: &str, order: Order) -> Vec<Found> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    let (mut at, mut free) = (0, 0);
    while at < bytes.len() {
        if !is_digit_at(bytes, at) {
            // the following bytes of a character are never taken for a digit
            at += 1;
            continue;
        }
        if let Some(date) = date_round(text, at, free, order) {
            (at, free) = (date.end, date.end);
            found.push(date);
        } else {
            // past the whole number: a date never begins inside one
            let mut cursor = Cursor::new(text, at);
            while cursor.eat(|char| digit(char).is_some()).is_some() {}
            at = cursor.at;
        }
    }
    found
}

/// Whether a decimal digit of any script newspapers print dates in begins at this byte.
fn is_digit_at(bytes: &[u8], at: usize) -> bool {
    let next = |by: usize| bytes.get(at + by).copied().unwrap_or(0);
    match bytes[at] {
        b'0'..=b'9' => true,
        0xD9 => matches!(next(1), 0xA0..=0xA9),
        0xDB => matches!(next(1), 0xB0..=0xB9),
        0xE0 => match next(1) {
            0xA5 | 0xA7 | 0xA9 => matches!(next(2), 0xA6..=0xAF),
            0xB9 => matches!(next(2), 0x90..=0x99),
            _ => false,
        },
        0xE1 => matches!((next(1), next(2)), (0x81, 0x80..=0x89) | (0x9F, 0xA0..=0xA9)),
        0xEF => next(1) == 0xBC && matches!(next(2), 0x90..=0x99),
        _ => false,
    }
}

/// The date whose first number stands at `at`, not reaching back before `free`.
fn date_round(text: &str, at: usize, free: usize, order: Order) -> Option<Found> {
    let rules = Rules { order, short: false, prose: true };
    let mut digits = Cursor::new(text, at);
    let number = digits.number()?;
    if !matches!(number.digits, 1 | 2 | 4 | 8) {
        return None;
    }
    let by_name = if number.digits <= 2 { month_before(text, at, free) } else { None };
    let named = by_name.and_then(|start| {
        let mut cursor = Cursor::new(text, start);
        cursor.date_from_month(rules).map(|found| (start, cursor.at, found))
    });
    let (start, end, scanned) = match named.or_else(|| of_era(text, at, free)) {
        Some(named) => named,
        None if begins_freely(text, at) => {
            let mut cursor = Cursor::new(text, at);
            let found = cursor.date_from_number(rules)?;
            (at, cursor.at, found)
        }
        None => return None,
    };
    let label = label_before(&text[free..start]);
    let date = match scanned {
        Scanned::Date(date) => date,
        Scanned::Open(first, second, year) => match Order::of(label.and_then(|label| label.language)) {
            Order::DayFirst => Date::ymd(year, second, first)?,
            Order::MonthFirst => Date::ymd(year, first, second)?,
            Order::YearFirst | Order::Unknown => return None,
        },
    };
    // a number that runs on was something else: `3.4.2024.5`
    let runs_on = text[end..].chars().next().is_some_and(|char| digit(char).is_some());
    if runs_on || date.day().is_none() || !(super::FIRST_YEAR..=LAST_YEAR).contains(&date.year()) {
        return None;
    }
    let published = label.map(|label| label.published);
    Some(Found { start, end, date, marked: published == Some(true), updated: published == Some(false) })
}

/// `令和6年3月9日`: a date whose year is counted from the beginning of a reign, its first called `元`.
fn of_era(text: &str, at: usize, free: usize) -> Option<(usize, usize, Scanned)> {
    let before = &text[free..at];
    let mut cursor = Cursor::new(text, at);
    let first = before.strip_suffix("元年");
    let (start, base) = era_at_end(first.unwrap_or(before))?;
    let year = if first.is_some() {
        // the year was behind the number already
        cursor.at -= "年".len();
        base + 1
    } else {
        base + i16::from(cursor.number()?.small()?)
    };
    let rules = Rules { order: Order::Unknown, short: false, prose: true };
    let date = cursor.year_month_day_marks(year, rules)?;
    let date = cursor.with_time(date, rules);
    Some((free + start, cursor.at, Scanned::Date(date)))
}

/// Whether a number starts here, not the tail of one (`1.9`, `A9`, `$9`).
fn begins_freely(text: &str, at: usize) -> bool {
    let mut before = text[..at].chars().rev();
    match before.next() {
        Some(char) if char.is_ascii_alphanumeric() => false,
        Some('.' | ',' | '/' | '-' | ':' | '\'' | '’' | '_') => !before.next().is_some_and(char::is_alphanumeric),
        Some('$' | '€' | '£' | '#' | '+' | '=') => false,
        // Chinese, Japanese and Thai put no blank between a word and a number
        Some(char) if char.is_alphabetic() => !char.is_lowercase() && !char.is_uppercase(),
        Some(_) | None => true,
    }
}

/// Where the month's name before a number begins, if one stands there.
fn month_before(text: &str, at: usize, free: usize) -> Option<usize> {
    let before = text[free..at].trim_end_matches(|char: char| is_blank(char) || matches!(char, '.' | '-' | ','));
    if at - free - before.len() > 4 || before.len() + free == at {
        return None;
    }
    let word = before.char_indices().rev().take(24).take_while(|(_, char)| is_letter(*char)).last()?.0;
    let start = free + word;
    Cursor::new(text, start).month().map(|_| start)
}

/// The label at the end of `before`, skipping what may stand between it and the date: weekdays, times, `am`, `le`.
fn label_before(before: &str) -> Option<Label> {
    let mut window = before.len().saturating_sub(120);
    while !before.is_char_boundary(window) {
        window += 1;
    }
    let mut rest = &before[window..];
    let mut lines = 0;
    for _ in 0..8 {
        let trimmed = rest.trim_end_matches(|char: char| is_blank(char) || ":,.-–—|•·(：，،=>".contains(char));
        lines += rest[trimmed.len()..].matches('\n').count();
        if trimmed.is_empty() || lines > 1 {
            return None;
        }
        rest = trimmed;
        if let Some(label) = label_at_end(rest) {
            return Some(label);
        }
        let last = rest.rfind(|char: char| is_blank(char) || matches!(char, ',' | '|' | '('));
        let token = &rest[last.map_or(0, |at| at + rest[at..].chars().next().map_or(1, char::len_utf8))..];
        let skippable =
            token.chars().count() <= 4 || is_weekday(token) || token.starts_with(|char| digit(char).is_some());
        if !skippable {
            return None;
        }
        rest = &rest[..rest.len() - token.len()];
    }
    None
}

fn label_at_end(text: &str) -> Option<Label> {
    let mut starts = Vec::new();
    let mut previous_letter = false;
    for (at, char) in text.char_indices().rev().take(48) {
        let letter = is_letter(char);
        if !letter && previous_letter {
            starts.push(at + char.len_utf8());
        }
        // no blanks between words in these scripts: a label may begin at any letter
        if letter && u32::from(char) >= 0xE00 && starts.last() != Some(&at) {
            starts.push(at);
        }
        if at == 0 && letter && starts.last() != Some(&0) {
            starts.push(0);
        }
        if starts.len() > 16 || char == '\n' {
            break;
        }
        previous_letter = letter;
    }
    // the longest first: `last updated on` before `updated on`
    starts.iter().rev().find_map(|start| {
        let found = label(&text[*start..])?;
        stands_apart(text, *start).then_some(found)
    })
}

/// Whether a label opens a phrase. `A report published on 9 March 2024` tells when the report came out, not the article.
fn stands_apart(text: &str, start: usize) -> bool {
    let first = text[start..].chars().next();
    if first.is_some_and(|char| !char.is_lowercase()) {
        return true;
    }
    let before = text[..start].trim_end_matches([' ', '\u{a0}']);
    before.chars().next_back().is_none_or(|char| !char.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn dates(text: &str) -> Vec<(String, bool)> {
        find(text, Order::Unknown).into_iter().map(|found| (found.date.to_string(), found.marked)).collect()
    }

    #[test]
    fn dates_in_sentences_are_found_unmarked() {
        assert_eq!(
            dates("Talks began on March 9, 2024, and ended on 12 April 2024 in Oslo."),
            [("2024-03-09".to_owned(), false), ("2024-04-12".to_owned(), false)]
        );
        assert_eq!(dates("The survey published on 9 March 2024 shows little."), [("2024-03-09".to_owned(), false)]);
        assert_eq!(dates("会谈于2024年3月9日举行。"), [("2024-03-09".to_owned(), false)]);
    }

    #[test]
    fn a_label_of_publication_marks_its_date_in_many_languages() {
        for text in [
            "Published 9 March 2024",
            "Published: Saturday, 9 March 2024",
            "By Ann Lee | Published on March 9, 2024",
            "Veröffentlicht am 9. März 2024",
            "Veröffentlicht am Samstag, 09.03.2024",
            "Publié le 9 mars 2024",
            "Publié le 09/03/2024",
            "Publicado el 9 de marzo de 2024",
            "Publicado em 09/03/2024",
            "Pubblicato il 9 marzo 2024",
            "Gepubliceerd op 9 maart 2024",
            "Опубликовано: 9 марта 2024",
            "Опубліковано 9 березня 2024",
            "Opublikowano 9 marca 2024",
            "Publicerad 9 mars 2024",
            "Publisert 9. mars 2024",
            "Julkaistu 9.3.2024",
            "Közzétéve: 2024. március 9.",
            "Δημοσιεύτηκε 9 Μαρτίου 2024",
            "发布时间：2024年3月9日",
            "公開日 2024年3月9日",
            "입력 2024.03.09",
            "نشر في 9 مارس 2024",
            "Yayınlanma: 9 Mart 2024",
            "Жарияланды 09.03.2024",
        ] {
            assert_eq!(dates(text), [("2024-03-09".to_owned(), true)], "{text}");
        }
    }

    #[test]
    fn years_are_counted_in_many_ways() {
        for text in [
            "令和6年3月9日",
            "公開日：令和6年3月9日",
            "۱۹ اسفند ۱۴۰۲",
            "شنبه ۱۹ اسفند ماه ۱۴۰۲",
            "1402/12/19",
            "9 มีนาคม พ.ศ. 2567",
            "2024 жылғы 9 наурыз",
            "2024-yil 9-mart",
        ] {
            let found: Vec<_> = dates(text).into_iter().map(|(date, _)| date).collect();
            assert_eq!(found, ["2024-03-09"], "{text}");
        }
        assert_eq!(dates("昭和元年12月26日").first().map(|(date, _)| date.as_str()), Some("1926-12-26"));
        assert_eq!(dates("1402/13/19 and 6年3月9日"), []);
    }

    #[test]
    fn a_label_of_change_does_not_mark() {
        let found = find("Published 10:12 GMT, 9 March 2024 | Updated 11:00 GMT, 10 March 2024", Order::Unknown);
        let marks: Vec<_> = found.iter().map(|found| (found.marked, found.updated)).collect();
        assert_eq!(marks, [(true, false), (false, true)]);
        assert_eq!(dates("Last updated on 9 March 2024"), [("2024-03-09".to_owned(), false)]);
    }

    #[test]
    fn numbers_that_are_no_dates_are_left_alone() {
        for text in [
            "1.9.8.2024",
            "Version 10.12.2024.1",
            "A9 March 2024",
            "in March 2024",
            "on 9 March",
            "5/6/2024",
            "tel. 2024-55-1234",
        ] {
            assert_eq!(dates(text), [], "{text}");
        }
    }

    #[test]
    fn offsets_cover_the_date_and_its_time() {
        let text = "Oslo, 9 March 2024, 10:12 GMT - Talks";
        let found = find(text, Order::Unknown);
        assert_eq!(found.first().map(|found| &text[found.start..found.end]), Some("9 March 2024, 10:12 GMT"));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>()) {
            find(&text, Order::DayFirst);
        }

        #[test]
        fn nothing_like_a_date_panics(text in "(Published|on|March|März|марта|[0-9]{1,8}|[./: ,年月日-]|\n){0,20}") {
            for found in find(&text, Order::DayFirst) {
                prop_assert!(text.get(found.start..found.end).is_some());
            }
        }
    }

    /// `cargo test --release --lib date::find -- --ignored --nocapture`
    #[test]
    #[ignore = "measures speed"]
    #[expect(clippy::print_stderr, reason = "the figure is the point")]
    fn text_without_dates_passes_quickly() {
        for line in [
            "The minister said the talks would go on for 3 days, at a cost of 12.5 million, and end before the summer. ",
            "Министр сказал, что переговоры продлятся 3 дня, обойдутся в 12,5 миллиона и закончатся до лета. ",
            "मंत्री ने कहा कि वार्ता 3 दिन चलेगी और गर्मियों से पहले समाप्त होगी। ",
        ] {
            let text = line.repeat(20_000_000 / line.len());
            let from = std::time::Instant::now();
            assert_eq!(find(&text, Order::Unknown), []);
            eprintln!("{:.0} MB/s", text.len() as f64 / 1e6 / from.elapsed().as_secs_f64());
        }
    }
}
