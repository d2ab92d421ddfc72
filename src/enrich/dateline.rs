//! Reads datelines: `ST. JOSEPH, Mich., Oct 4 (AP) -`, `PARIS, 9 mars (Reuters) -`, `Berlin (dpa) -`.
//!
//! What merely looks like one (a kicker, an exclamation) is told apart by asking for a place, an agency or a day we know.

mod place;

use super::source;
use crate::article::{Article, FiledFrom};
use crate::date::{self, Date, DateFrom, Order};

/// Bytes of a text a dateline may take.
const LONGEST: usize = 120;

/// Bytes of a text that hold a dateline and the agency behind it.
const LONGEST_BEGINNING: usize = 512;

/// What a dateline says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dateline {
    /// Where the article was filed.
    pub filed_from: Option<FiledFrom>,
    /// The agency it credits, as datelines print it.
    pub wire: Option<&'static str>,
    /// Month and day.
    pub day: Option<(i8, i8)>,
    /// The year, where it prints one.
    pub year: Option<i16>,
    /// Byte offset in the text where the article goes on.
    pub end: usize,
}

/// Reads the dateline at the start of an article's first paragraph. `country_named` gives the code of a country by name.
pub fn read(paragraph: &str, country_named: &dyn Fn(&str) -> Option<String>) -> Option<Dateline> {
    let start = paragraph.len() - paragraph.trim_start_matches(|char: char| char.is_whitespace() || char == '*').len();
    let text = &paragraph[start..];
    let window = text.floor_char_boundary(LONGEST);
    let mut best = None;
    for (from, to) in separators(&text[..window]).take(3) {
        // `KANSAS CITY, Mo. - March 13 -`: a dateline may hold a dash of its own
        let Some(mut found) = parse(&text[..from], country_named) else { break };
        found.end = start + to;
        best = Some(found);
    }
    let mut found = best?;
    credit_behind(paragraph, &mut found);
    Some(found)
}

/// Reads a dateline an archive keeps in a field of its own, where the dash at its end may be missing.
pub fn read_field(field: &str, country_named: &dyn Fn(&str) -> Option<String>) -> Option<Dateline> {
    read(field, country_named).or_else(|| {
        let text = field.trim().trim_start_matches('*').trim_end_matches(['-', '–', '—', ' ', ':']);
        let mut found = (text.len() <= LONGEST).then(|| parse(text, country_named))??;
        found.end = field.len();
        Some(found)
    })
}

/// Fills an article's `filed_from`, `wire` and the missing parts of its date. A year is never made up: a day joins the
/// article's own year, and only a dateline that prints a year dates an article alone.
pub fn fill(article: &mut Article, field: Option<&str>, country_named: &dyn Fn(&str) -> Option<String>) {
    let body = article.body.trim_start();
    let beginning = &body[..body.floor_char_boundary(LONGEST_BEGINNING)];
    let first = beginning.split("\n\n").next().unwrap_or_default();
    let in_field = field.and_then(|field| read_field(field, country_named));
    let Some(found) = in_field.or_else(|| read(first, country_named)) else { return };
    if article.wire.is_none() {
        article.wire = found.wire.map(str::to_owned);
    }
    if let Some((month, day)) = found.day {
        let completed = match article.date {
            None => found.year.and_then(|year| Date::ymd(year, month, day)),
            Some(date) if date.day().is_none() && date.month().is_none_or(|known| known == month) => {
                found.year.is_none_or(|year| year == date.year()).then(|| Date::ymd(date.year(), month, day)).flatten()
            }
            Some(_) => None,
        };
        if completed.is_some() {
            article.date = completed;
            article.date_from = Some(DateFrom::Dateline);
        }
    }
    if article.filed_from.is_none() {
        article.filed_from = found.filed_from;
    }
}

/// What may part a dateline from the text.
const DASHES: [char; 6] = ['-', '–', '—', '|', '/', ':'];

/// Where dashes part a dateline from the text: the offsets before and behind each.
fn separators(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let may_part = |byte: &u8| matches!(byte, b'-' | b'|' | b'/' | b':') || *byte == "–".as_bytes()[0];
        while let Some(step) = text.as_bytes()[at..].iter().position(may_part) {
            let from = at + step;
            if !text[from..].starts_with(DASHES) {
                at = from + text[from..].chars().next().map_or(1, char::len_utf8);
                continue;
            }
            let rest = &text[from..];
            let dashes = rest.len() - rest.trim_start_matches(DASHES).len();
            let to = from + dashes;
            let behind = &text[to..];
            let end = to + behind.len() - behind.trim_start().len();
            at = to;
            let before = text[..from].chars().next_back();
            let blank_before = before.is_none_or(char::is_whitespace);
            let blank_behind = behind.is_empty() || behind.starts_with(char::is_whitespace);
            let mark = &rest[..dashes];
            let parts = match mark {
                // `(EFE).-`, `Feb 26-`
                "-" => blank_behind && (blank_before || matches!(before, Some('.' | ')' | '0'..='9'))),
                "|" => blank_before,
                // `MOSCOW, March 9. /TASS/. `
                "/" => blank_before && text[..from].trim_end().ends_with('.'),
                ":" => blank_behind && before == Some(')'),
                "–" => blank_before || blank_behind,
                _ => mark.chars().all(|char| matches!(char, '-' | '—' | '–')),
            };
            if parts {
                let to = if mark == "/" { from } else { end };
                return Some((from, to));
            }
        }
        None
    })
}

/// `МОСКВА, 9 мар - РИА Новости. `, `MOSCOW, March 9. /TASS/. `: the agency stands behind the dash.
fn credit_behind(text: &str, found: &mut Dateline) {
    let behind = &text[found.end..];
    let (credit, len) = if let Some(rest) = behind.strip_prefix('/') {
        let Some(close) = rest.find('/') else { return };
        (&rest[..close], close + 2)
    } else {
        let Some(stop) = behind.find(['.', ',']) else { return };
        (&behind[..stop], stop)
    };
    if credit.len() > 60 {
        return;
    }
    if let Some(agency) = source::agency(credit) {
        found.wire = found.wire.or(Some(agency));
        let rest = &behind[len..];
        let trimmed =
            rest.trim_start_matches(|char: char| char.is_whitespace() || matches!(char, '.' | ',' | '-' | '–'));
        found.end += len + rest.len() - trimmed.len();
    }
}

/// Reads what stands before the dash. Every part must be understood, and one of them known.
fn parse(text: &str, country_named: &dyn Fn(&str) -> Option<String>) -> Option<Dateline> {
    let mut found = Dateline::default();
    let mut outside = String::new();
    let mut rest = text;
    while let Some(open) = rest.find('(') {
        let close = open + rest[open..].find(')')?;
        outside.push_str(&rest[..open]);
        outside.push(',');
        part(&rest[open + 1..close], &mut found).then_some(())?;
        rest = &rest[close + 1..];
    }
    outside.push_str(rest);
    let mut printed: Vec<&str> = Vec::new();
    for (number, piece) in outside.split([',', '،', '-', '–', '—']).enumerate() {
        let piece = piece.trim().trim_end_matches(|char| char == '.' && !piece.trim_end_matches('.').contains('.'));
        let piece = piece.trim();
        if piece.is_empty() {
            continue;
        }
        if number == 0 && piece.len() < outside.len() && !hyphenated(&outside, piece) && agency_first(piece, &mut found)
        {
            continue;
        }
        printed.push(piece);
    }
    // the split at hyphens must not part `PORT-AU-PRINCE`
    let joined = rejoin(&outside, &printed);
    let mut regions: Vec<&str> = Vec::new();
    let mut town: Option<&str> = None;
    for piece in joined {
        // `Pa.` behind a town is Pennsylvania, not the agency PA
        let region = town.is_some() && place::is_region(piece);
        if !region && part(piece, &mut found) {
            continue;
        }
        match town {
            None => town = Some(piece),
            Some(_) if found.day.is_none() && regions.len() < 2 => match day_at_end(piece) {
                Some((region, day)) => {
                    regions.push(region);
                    found.day = Some(day);
                }
                None => regions.push(piece),
            },
            Some(_) => return None,
        }
    }
    let Some(town) = town else { return found.wire.is_some().then_some(found) };
    let (town, day) = match day_at_end(town) {
        Some((town, day)) if found.day.is_none() => (town, Some(day)),
        _ => (town, None),
    };
    // `BERLIN taz`: a newspaper's own credit tells that this is a dateline, but it is no agency's
    let mut credited = false;
    let town = match town.rsplit_once(' ') {
        Some((place, last)) if source::agency(last).is_some() && !place::is_known(town) => {
            found.wire = found.wire.or(source::agency(last));
            place
        }
        Some((place, last)) if last.chars().all(char::is_lowercase) && source::is_known(last) => {
            credited = true;
            place
        }
        _ => town,
    };
    found.day = found.day.or(day);
    let evidence = credited || found.wire.is_some() || found.day.is_some();
    found.filed_from = Some(place::resolve(town, &regions, evidence, country_named)?);
    Some(found)
}

/// A credit, a day or a year of its own.
fn part(text: &str, found: &mut Dateline) -> bool {
    let text = text.trim();
    if text.is_empty() {
        return true;
    }
    if let Some(agency) = source::agency(text) {
        found.wire = found.wire.or(Some(agency));
        return true;
    }
    // what is a day or a year has a figure, and most parts are places
    if !has_figure(text) {
        return false;
    }
    if let Some(day) = date::read_day(text) {
        found.day = found.day.or(Some(day));
        return true;
    }
    if found.day.is_some() && text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        found.year = text.parse().ok();
        return true;
    }
    if let Some(date) = date::read(text, Order::Unknown)
        && let (Some(month), Some(day)) = (date.month(), date.day())
    {
        found.day = found.day.or(Some((month, day)));
        found.year = Some(date.year());
        return true;
    }
    false
}

/// Whether a text may hold a figure; other scripts have their own.
fn has_figure(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit() || !byte.is_ascii())
}

fn agency_first(piece: &str, found: &mut Dateline) -> bool {
    let Some(agency) = source::agency(piece) else { return false };
    // a place may be an agency's name as well; in capitals alone it is the place
    if place::is_known(piece) {
        return false;
    }
    found.wire = Some(agency);
    true
}

fn hyphenated(outside: &str, piece: &str) -> bool {
    let end = piece.as_ptr() as usize - outside.as_ptr() as usize + piece.len();
    outside[end..].starts_with(['-', '–'])
}

/// Puts together again what was split at a hyphen inside a word.
fn rejoin<'a>(outside: &'a str, pieces: &[&'a str]) -> Vec<&'a str> {
    let mut joined: Vec<&str> = Vec::new();
    let offset = |piece: &str| piece.as_ptr() as usize - outside.as_ptr() as usize;
    for piece in pieces {
        if let Some(last) = joined.last_mut() {
            let (start, end) = (offset(last), offset(last) + last.len());
            if outside[end..offset(piece)] == *"-" {
                *last = &outside[start..offset(piece) + piece.len()];
                continue;
            }
        }
        joined.push(piece);
    }
    joined
}

/// `Va. Feb 26`: the comma before a day is sometimes missing.
fn day_at_end(text: &str) -> Option<(&str, (i8, i8))> {
    if !has_figure(text) {
        return None;
    }
    let mut blanks = text.rmatch_indices(' ').map(|(at, _)| at);
    blanks.next()?;
    let at = blanks.find(|at| !text[..*at].trim().is_empty())?;
    let day = date::read_day(&text[at..])?;
    Some((text[..at].trim(), day))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn countries(name: &str) -> Option<String> {
        (name == "West Germany").then(|| "DE".to_owned())
    }

    fn shown(text: &str) -> String {
        let Some(found) = read(text, &countries) else { return "none".to_owned() };
        let place = found.filed_from.map(|from| format!("{} {}", from.place, from.country.unwrap_or_default()));
        let day = found.day.map(|(month, day)| format!("{month}-{day}")).unwrap_or_default();
        format!("{}|{}|{day}|{}", place.unwrap_or_default(), found.wire.unwrap_or_default(), &text[found.end..])
    }

    #[test]
    fn datelines_of_the_agencies_are_read() {
        for (text, meant) in [
            ("    SALVADOR, Feb 26 - Prices", "Salvador BR||2-26|Prices"),
            ("NEW YORK, March 2 - Prices", "New York US||3-2|Prices"),
            ("ST. JOSEPH, Mich., Oct 4 - Prices", "St. Joseph US||10-4|Prices"),
            ("ROCHESTER, N.Y., Feb 26 - Prices", "Rochester US||2-26|Prices"),
            ("RICHMOND, Va. Feb 26 -\n    Prices", "Richmond US||2-26|Prices"),
            ("VANCOUVER, British Columbia, Feb 26 - Prices", "Vancouver CA||2-26|Prices"),
            ("MONTREAL, Feb 26-\n Prices", "Montreal CA||2-26|Prices"),
            ("WINSTON-SALEM, N.C., March 2 - Prices", "Winston-Salem US||3-2|Prices"),
            ("PORT-AU-PRINCE, March 13 - Prices", "Port-au-Prince HT||3-13|Prices"),
            ("ERIE, Pa., March 13 - Prices", "Erie US||3-13|Prices"),
            ("KASSEL, West Germany, March 26- Prices", "Kassel DE||3-26|Prices"),
            ("KANSAS CITY, Mo. - March 13 - Prices", "Kansas City US||3-13|Prices"),
            ("WASHINGTON, March 12, Reuter - Prices", "Washington US|Reuters|3-12|Prices"),
            ("WASHINGTON, Feb 26 (Reuters) - Prices", "Washington US|Reuters|2-26|Prices"),
            ("WASHINGTON (AP) — Prices", "Washington US|AP||Prices"),
            ("BEIRUT, June 2, 1982 (UPI) -- Prices", "Beirut LB|UPI|6-2|Prices"),
            ("PARIS, 9 mars (Reuters) - Prix", "Paris FR|Reuters|3-9|Prix"),
            ("Berlin (dpa) - Preise", "Berlin DE|dpa||Preise"),
            ("Berlin (dpa/bb) - Preise", "Berlin DE|dpa||Preise"),
            ("Madrid, 9 mar (EFE).- Precios", "Madrid ES|EFE|3-9|Precios"),
            ("(ANSA) - ROMA, 09 MAR - Prezzi", "Roma IT|ANSA|3-9|Prezzi"),
            ("BEIJING, March 9 (Xinhua) -- Prices", "Beijing CN|Xinhua|3-9|Prices"),
            ("МОСКВА, 9 мар - РИА Новости. Цены", "Москва |RIA|3-9|Цены"),
            ("MOSCOW, March 9. /TASS/. Prices", "Moscow RU|TASS|3-9|Prices"),
            ("BERLIN taz | Preise", "Berlin DE|||Preise"),
            ("LONDON — Prices", "London GB|||Prices"),
            ("(Reuters) - Prices", "|Reuters||Prices"),
            ("****LONDON, March 5 - Prices", "London GB||3-5|Prices"),
            ("omaha, april 7 - Prices", "Omaha US||4-7|Prices"),
        ] {
            assert_eq!(shown(text), meant, "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_dateline_is_none() {
        for text in [
            "BREAKING — The bridge is open",
            "UPDATE: the bridge is open - at last",
            "Paris - the city of light - is calm",
            "L'ANALYSE – Le pont est ouvert",
            "The bridge, open since March 9, - it was said - is closed",
            "COPPER GRADE A - prices",
            "The well-known bridge",
            "FOB RIVER - prices",
            "us        7.8015 - ",
            "",
            "-",
        ] {
            assert_eq!(shown(text), "none", "{text}");
        }
    }

    #[test]
    fn a_day_completes_the_articles_own_year_and_nothing_else() {
        let filled = |date: Option<&str>, body: &str| {
            let date = date.and_then(|date| date.parse().ok());
            let mut article = Article { date, body: body.to_owned(), ..Article::default() };
            fill(&mut article, None, &countries);
            (article.date.map(|date| date.to_string()), article.date_from)
        };
        let body = "LONDON, March 5 - Prices rose.";
        let full = (Some("1987-03-05".to_owned()), Some(DateFrom::Dateline));
        assert_eq!(filled(Some("1987"), body), full);
        assert_eq!(filled(Some("1987-03"), body), full);
        assert_eq!(filled(Some("1987-04"), body), (Some("1987-04".to_owned()), None));
        assert_eq!(filled(None, body), (None, None));
        assert_eq!(filled(None, "LONDON, March 5, 1987 - Prices rose."), full);
    }

    #[test]
    fn a_field_needs_no_dash() {
        let found = read_field("BEIRUT, June 2", &countries).expect("a dateline");
        assert_eq!((found.filed_from.map(|from| from.place), found.day), (Some("Beirut".to_owned()), Some((6, 2))));
        assert_eq!(read_field(" APRIL 7  - ", &countries).and_then(|found| found.filed_from), None);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = read_field(&text, &countries);
        }

        #[test]
        fn nothing_like_a_dateline_panics(text in "(PARIS|Va\\.|March|[0-9]{1,4}|Reuters|\\(|\\)|/|[ ,.–—-]|é|\\|){0,16}") {
            if let Some(found) = read(&text, &countries) {
                prop_assert!(text.is_char_boundary(found.end));
            }
            let _ = read_field(&text, &countries);
        }
    }
}
