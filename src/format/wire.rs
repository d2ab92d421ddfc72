//! IPTC 7901 and ANPA 1312: what news agencies sent to teleprinters, framed by control characters.
//!
//! Both frame a message as SOH header STX text ETX trailer EOT. In ANPA lines of the head begin with `^` and the trailer
//! ends with the date; in IPTC 7901 the head ends with `=`. Layouts: <https://iptc.org/std/IPTC7901/1.0/>,
//! <https://en.wikipedia.org/wiki/ANPA-1312>

use std::io::{self, BufRead};

use crate::archive::{Skip, SkipReason};
use crate::article::Draft;
use crate::date::{Date, DateFrom, Order, read};
use crate::format::field::is_by;
use crate::format::frame::Piece;
use crate::format::{Context, Cutter, paragraph, row};

const HEADER: u8 = 1;
const TEXT: u8 = 2;
const TRAILER: u8 = 3;
/// Lines standing for control characters, which decoding removes.
const TEXT_MARK: &str = "[STX]";
const TRAILER_MARK: &str = "[ETX]";
/// Lines a headline and byline may take.
const LONGEST_HEAD: usize = 8;
/// Years of two digits from this one on are of the last century.
const CENTURY: i16 = 60;

/// Whether a file begins as a message does.
pub fn is_message(head: &[u8]) -> bool {
    let start = head.iter().take(32).position(|byte| !matches!(byte, 0 | 0x16 | b'\r' | b'\n' | b' ' | 0x7F));
    start.is_some_and(|start| head[start] == HEADER && memchr::memchr(TEXT, &head[start..]).is_some())
}

/// Cuts a file into messages.
///
/// # Errors
/// What the stream meets.
pub fn messages(read: &mut dyn BufRead, cutter: &mut Cutter<'_>) -> io::Result<()> {
    let Some(bytes) = cutter.read_whole(read)? else { return Ok(()) };
    for message in bytes.split(|byte| *byte == HEADER).skip(1) {
        let mut marked = Vec::with_capacity(message.len() + 16);
        let mut marks = [(TEXT, TEXT_MARK), (TRAILER, TRAILER_MARK)].into_iter().peekable();
        for byte in message {
            // the text begins and ends once
            if let Some((_, mark)) = marks.next_if(|(mark, _)| mark == byte) {
                marked.extend_from_slice(format!("\n{mark}\n").as_bytes());
                continue;
            }
            match *byte {
                // other controls part the fields of a header
                1..=8 | 14..=31 => marked.push(b' '),
                other => marked.push(other),
            }
        }
        if !cutter.piece(Piece::Bytes(marked)) {
            break;
        }
    }
    Ok(())
}

/// Reads a message.
///
/// # Errors
/// `NoText` if it has neither headline nor text.
pub fn article(record: &str, context: &Context, number: u64) -> Result<Draft, Skip> {
    let (header, rest) = record.split_once(TEXT_MARK).unwrap_or(("", record));
    let (text, trailer) = rest.split_once(TRAILER_MARK).unwrap_or((rest, ""));
    let trailer = trailer.trim();
    let mut draft = Draft::default();
    let article = &mut draft.article;
    if text.lines().any(|line| line.starts_with('^')) {
        anpa(&mut draft, text);
        draft.article.date = trailer.lines().next().and_then(anpa_date);
        let service = trailer.split('-').next().map(str::trim).filter(|name| is_service(name));
        draft.article.source = service.map(str::to_owned);
    } else {
        let mut lines = header.lines().map(str::trim).filter(|line| !line.is_empty());
        let first = lines.next().unwrap_or_default();
        let service = first.split_ascii_whitespace().skip(1).filter(|word| is_service(word)).last();
        article.source = service.map(|name| name.split('-').next().unwrap_or(name).to_owned());
        article.tags = lines
            .flat_map(|line| line.split('/'))
            .map(|tag| tag.trim().to_owned())
            .filter(|tag| !tag.is_empty())
            .collect();
        iptc(&mut draft, text);
        draft.article.date = iptc_date(trailer);
    }
    draft.article.date_from = draft.article.date.map(|_| DateFrom::Field);
    if draft.article.title.is_empty() && draft.article.body.is_empty() {
        let (path, detail) = (context.path.clone(), "neither headline nor text".to_owned());
        return Err(Skip { reason: SkipReason::NoText, path, record: number, detail });
    }
    Ok(draft)
}

/// `dpa`, `dpa-tns`, `AP`: not the letter of a category, nor a line's address.
fn is_service(word: &str) -> bool {
    (2..=10).contains(&word.len())
        && word.starts_with(|char: char| char.is_ascii_alphabetic())
        && word.chars().all(|char| char.is_ascii_alphabetic() || char == '-')
}

/// Lines of the head begin with `^`: a slug, the headline, notes, the byline; lines of the text do not.
fn anpa(draft: &mut Draft, text: &str) {
    let mut head = Vec::new();
    let mut body = String::new();
    for line in text.lines() {
        let words = line.trim();
        if let Some(line) = words.strip_prefix('^') {
            head.push(line.trim());
        } else if !words.is_empty() && !words.chars().all(|char| char == '_') {
            if !body.is_empty() {
                // a paragraph is indented, or one line
                body.push_str(if line.starts_with([' ', '\t']) || body.ends_with(['.', '"', '<']) {
                    "\n\n"
                } else {
                    " "
                });
            }
            body.push_str(words.trim_end_matches('<').trim_end());
        }
    }
    let article = &mut draft.article;
    let bare = |line: &str| line.trim_end_matches(['<', '=']).trim_end().to_owned();
    // the slug says how many words follow: `BC-Ferry,466`
    let is_slug = |line: &&&str| {
        line.rsplit_once(',').is_some_and(|(_, count)| bare(count).bytes().all(|byte| byte.is_ascii_digit()))
    };
    let slugs = usize::from(head.first().as_ref().is_some_and(is_slug));
    article.title =
        head.get(slugs).filter(|line| line.ends_with('<')).map(|line| printed(&bare(line))).unwrap_or_default();
    let byline = head.iter().find(|line| line.ends_with('=') && is_byline(line));
    article.authors = byline.map(|line| row::byline(&bare(line))).unwrap_or_default();
    article.body = printed(&body);
}

fn is_byline(line: &str) -> bool {
    line.split_once(' ').is_some_and(|(first, _)| is_by(first.to_lowercase().as_str()))
}

/// Teleprinters had no dashes and quotation marks.
fn printed(text: &str) -> String {
    text.replace(" _ ", " — ").replace("``", "“").replace("''", "”")
}

/// `AP-WF-11-13-13 1509GMT<`
fn anpa_date(trailer: &str) -> Option<Date> {
    let (day, time) = trailer.trim_end_matches(['<', ' ']).rsplit_once(' ')?;
    let mut parts = day.rsplit('-');
    let (year, day, month) = (parts.next()?, parts.next()?, parts.next()?);
    let (digits, zone) = time.split_at_checked(4)?;
    let (hour, minute) = digits.split_at_checked(2)?;
    read(&format!("{}-{month}-{day} {hour}:{minute} {zone}", full_year(year)?), Order::Unknown)
}

/// `131137 GMT Nov 13`: day, hour and minute, zone, month, year.
fn iptc_date(trailer: &str) -> Option<Date> {
    let words: Vec<&str> = trailer.lines().next()?.split_ascii_whitespace().collect();
    let (stamp, zone, month, year) = match words[..] {
        [stamp, zone, month, year] => (stamp, zone, month, year),
        [stamp, month, year] => (stamp, "", month, year),
        _ => return None,
    };
    if stamp.len() != 6 || !stamp.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (day, hour, minute) = (&stamp[..2], &stamp[2..4], &stamp[4..]);
    let date = read(&format!("{day} {month} {}", full_year(year)?), Order::DayFirst)?;
    read(&format!("{date}T{hour}:{minute}:00 {zone}"), Order::Unknown).or(Some(date))
}

fn full_year(year: &str) -> Option<i16> {
    let number: i16 = year.parse().ok()?;
    match (year.len(), number) {
        (4, _) => Some(number),
        (2, CENTURY..) => Some(1900 + number),
        (2, 0..) => Some(2000 + number),
        _ => None,
    }
}

/// Headline and byline end with `=`; what is not for publication stands behind stars or a heading.
fn iptc(draft: &mut Draft, text: &str) {
    let lines: Vec<&str> = text.trim_matches(['\r', '\n']).lines().collect();
    let end = lines.iter().take(LONGEST_HEAD).position(|line| line.trim_end().ends_with('='));
    let article = &mut draft.article;
    let from = end.map_or(0, |end| end + 1);
    for line in &lines[..from] {
        let line = line.trim().trim_end_matches('=').trim_end();
        if is_byline(line) {
            // the paper a reporter is of follows the name
            let name = line.split(',').next().unwrap_or(line);
            article.authors = row::byline(name);
        } else if !line.is_empty() {
            if !article.title.is_empty() {
                article.title.push(' ');
            }
            article.title.push_str(line);
        }
    }
    let body = &lines[from..];
    let is_note = |line: &str| line.starts_with("# ") || line.trim() == "* * * *";
    let notes = body.iter().position(|line| is_note(line)).filter(|at| at * 3 > body.len());
    article.body = paragraph::paragraphs(&body[..notes.unwrap_or(body.len())].join("\n"));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{self, Format};

    fn messages(bytes: &[u8]) -> Vec<Draft> {
        assert_eq!(format::detect(bytes, "a.txt"), Ok(Format::Wire));
        let mut drafts = Vec::new();
        let ended = format::records(Format::Wire, &mut &bytes[..], Context::default(), &mut |record| {
            drafts.push(format::article(&record.unwrap()).unwrap());
            true
        });
        assert_eq!(ended, Ok(()));
        drafts
    }

    #[test]
    fn a_message_of_iptc_7901_gives_all_its_facts() {
        let drafts = messages(
            b"\x01eca062 4 i 211 ccccb   dva 061\r\n\r\nCouncil-bridge/\r\n\x02Bridge opens\r\nBy Jane Roe, The Dale Paper =\r\n\r\n   Dale (dva) - The council of the northern district opened a\r\n\
              bridge on Monday after a long delay that cost it a third\r\nof the funds it had for roads and the good will of all who\r\nlive there.\r\n\r\n   It rained.\r\n\r\n# NOTES\r\n\r\n* * * *\r\n- Tel: 1\r\n\r\n\x03131137 GMT Nov 13 \r\n\x04\
              \x01eca063 4 i 20 dva 061\r\n\r\n\x02Second =\r\n\r\nText.\r\n\x03311137 Nov 13\r\n\x04",
        );
        let article = &drafts[0].article;
        assert_eq!((article.title.as_str(), &article.authors[..]), ("Bridge opens", &["Jane Roe".to_owned()][..]));
        assert_eq!(
            article.body,
            "Dale (dva) - The council of the northern district opened a bridge on Monday after a long delay that cost it a third of the funds it had for roads and the good will of all who live there.\n\nIt rained."
        );
        assert_eq!(article.date.map(|date| date.to_string()).as_deref(), Some("2013-11-13T11:37:00Z"));
        assert_eq!((article.source.as_deref(), &article.tags[..]), (Some("dva"), &["Council-bridge".to_owned()][..]));
        assert_eq!((drafts[1].article.title.as_str(), drafts[1].article.date), ("Second", None));
    }

    #[test]
    fn a_message_of_anpa_1312_gives_all_its_facts() {
        let drafts = messages(
            b"\x16\x16\x01z6715\x1f_-----\r\nr z\x13\x11 BC-BRIDGE   02-20 0500\r\n\x02^BC-Bridge, 1st Ld,416< \r\n^Bridge opens at last< \r\n^Eds: Updates.< \r\n^By JANE ROE=\r\n^Dale Writer=\r\n\
              \t DALE (DA) _ ``The bridge is open,'' a clerk said. \r\n\t It rained. \r\n\t ___ \r\n\r\n\t \x03DA-WF-02-20-16 0337GMT<\r\n\x0c\r\n\x04",
        );
        let article = &drafts[0].article;
        assert_eq!(
            (article.title.as_str(), &article.authors[..]),
            ("Bridge opens at last", &["JANE ROE".to_owned()][..])
        );
        assert_eq!(article.body, "DALE (DA) — “The bridge is open,” a clerk said.\n\nIt rained.");
        assert_eq!(article.date.map(|date| date.to_string()).as_deref(), Some("2016-02-20T03:37:00Z"));
        assert_eq!(article.source.as_deref(), Some("DA"));
    }
}
