//! The lines above an article: title, byline, date of publication, stray words of the page it was copied from.

use super::byline;
use super::paragraphs::{Line, ends_sentence, ends_with_full_stop, margin};
use crate::date::{self, Date, Order};
use crate::format::boilerplate::{self, Kind};
use crate::format::field::{self, Field};
use crate::format::row;

/// Characters of a name beside a date.
const LONGEST_NAME: usize = 60;
/// What may stand between a date and facts beside it.
const BETWEEN: [char; 9] = [' ', '\u{a0}', '\u{3000}', ',', '，', ';', '-', '–', '—'];
/// Characters a title may have.
const LONGEST_TITLE: usize = 200;
/// Stray lines that may stand above a text.
const STRAYS: usize = 100;
/// Lines after the title that may be byline, date or stray.
const HEAD: usize = 6;

/// What the lines above the text say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Head {
    pub title: String,
    pub authors: Vec<String>,
    pub source: Option<String>,
    pub date: Option<Date>,
}

/// Takes the title off the lines and reads the head; what is neither stays in `lines`.
pub fn take(lines: &mut Vec<Line>, order: Order) -> Head {
    let mut head = Head::default();
    let most = STRAYS.min(lines.len().saturating_sub(1));
    let strays = (0..most).take_while(|at| is_stray(&lines[*at..], 0)).count();
    lines.drain(..strays);
    if let Some(count) = title_lines(lines, order) {
        let words: Vec<&str> = lines[..count].iter().map(|line| line.text.as_str()).collect();
        head.title = words.join(" ");
        lines.drain(..count);
        if let Some(first) = lines.first_mut() {
            first.opens = true;
        }
    }
    let mut at = 0;
    for _ in 0..HEAD {
        if at >= lines.len() {
            break;
        }
        let text = lines[at].text.as_str();
        let mut names_nobody = false;
        let known = if let Some(line) = date_line(text, order) {
            head.date = head.date.or(line.date);
            head.source = head.source.or(line.source);
            if head.authors.is_empty() {
                head.authors = line.authors;
            }
            true
        } else if let Some(authors) = byline::read(text) {
            if head.authors.is_empty() {
                head.authors = authors;
            }
            true
        } else if is_name_beside_date(lines, at, order) && head.authors.is_empty() {
            head.authors = byline::names(text);
            true
        } else if boilerplate::is(Kind::Credit, text) && lines.len() > at + 1 {
            names_nobody = true;
            true
        } else {
            is_stray(lines, at)
        };
        // a credit line belongs to a byline; alone it may be the first words of the text
        let known = known && (!names_nobody || !head.authors.is_empty() || text.split(' ').count() <= 6);
        if known {
            lines.remove(at);
            if let Some(next) = lines.get_mut(at) {
                next.opens = true;
            }
        } else {
            at += 1;
        }
    }
    head
}

/// How many lines at the top are the title.
fn title_lines(lines: &[Line], order: Order) -> Option<usize> {
    let first = lines.first()?;
    let rest = lines.get(1)?;
    let shorter = first.text.chars().count() * 3 < rest.text.chars().count() * 2;
    let count = if rest.opens || shorter || is_head_line(&rest.text, order) {
        1
    } else {
        // a title wrapped like the text below it, a blank line behind it
        let block = lines.iter().skip(1).take_while(|line| !line.opens).count() + 1;
        let narrow = margin(lines).is_some() && block <= 3 && lines.len() > block;
        if !narrow {
            return None;
        }
        block
    };
    let words: Vec<&str> = lines[..count].iter().map(|line| line.text.as_str()).collect();
    let title = words.join(" ");
    let fits = title.chars().count() <= LONGEST_TITLE && !ends_with_full_stop(&title);
    (fits && title.chars().any(char::is_alphanumeric) && !is_head_line(&title, order)).then_some(count)
}

fn is_head_line(text: &str, order: Order) -> bool {
    date_line(text, order).is_some() || byline::read(text).is_some()
}

/// A paragraph of its own that the table knows, before one at least three times as long.
fn is_stray(lines: &[Line], at: usize) -> bool {
    let line = &lines[at];
    if !line.opens && at > 0 || !boilerplate::is(Kind::Stray, &line.text) || line.text.split(' ').count() > 6 {
        return false;
    }
    let next = lines.iter().skip(at + 1).take(STRAYS).find(|next| !boilerplate::is(Kind::Stray, &next.text));
    next.is_some_and(|next| next.opens || at == 0)
        && next.is_some_and(|next| next.text.chars().count() >= 3 * line.text.chars().count())
}

/// What a line of its own with a date says.
#[derive(Clone, Debug, Default, PartialEq)]
struct DateLine {
    /// `None` if it only tells when the article was changed.
    date: Option<Date>,
    authors: Vec<String>,
    source: Option<String>,
}

/// Reads `Published 9 March 2024, 10:12 GMT`, `9 March 2024`, `Jane Doe | 9 March 2024 | Updated 10 March 2024`.
fn date_line(text: &str, order: Order) -> Option<DateLine> {
    if text.len() > 240 || text.chars().count() > 120 || !text.chars().any(char::is_numeric) {
        return None;
    }
    if let Some(line) = named_beside_date(text, order) {
        return Some(line);
    }
    if let Some(date) = date::read(text, order) {
        return date.day().map(|_| DateLine { date: Some(date), ..DateLine::default() });
    }
    let found = date::find(text, order);
    let labelled: Vec<_> = found.iter().filter(|found| found.marked || found.updated).collect();
    let mut date = labelled.iter().find(|found| found.marked).map(|found| found.date);
    let mut authors = Vec::new();
    let mut others = 0;
    for part in text.split(['|', '•', '·']) {
        let part = part.trim().trim_end_matches([',', ';', '-', '–', '—']);
        if part.is_empty() {
        } else if let Some(read) = date::read(part, order).filter(|date| date.day().is_some()) {
            date = date.or(Some(read));
        } else if date::find(part, order).iter().any(|found| found.marked || found.updated) {
            others += usize::from(part.split(' ').count() > 12);
        } else if let Some(names) = byline::read(part) {
            authors = names;
        } else if byline::is_name(part) && authors.is_empty() {
            authors = byline::names(part);
        } else if !boilerplate::is(Kind::Credit, part) && !boilerplate::is(Kind::Stray, part) {
            others += 1;
        }
    }
    let known = date.is_some() || !labelled.is_empty();
    (known && others == 0 && !ends_long(text)).then_some(DateLine { date, authors, source: None })
}

/// Reads `2024-03-09 10:12 来源：新华社 作者：李娜`, `Source: Example News, 9 March 2024`: a date and facts with names before
/// them, and nothing else.
fn named_beside_date(text: &str, order: Order) -> Option<DateLine> {
    let found = date::find(text, order).into_iter().find(|found| !found.updated)?;
    let mut line = DateLine { date: Some(found.date), ..DateLine::default() };
    let mut named = false;
    for part in [&text[..found.start], &text[found.end..]].into_iter().flat_map(|side| side.split(['|', '•', '·'])) {
        let mut rest = part.trim_matches(BETWEEN);
        while !rest.is_empty() {
            let (name, after) = rest.split_once([':', '：'])?;
            // the value goes on to the next name
            let next =
                after.find([':', '：']).map_or(after.len(), |colon| after[..colon].trim_end().rfind(' ').unwrap_or(0));
            let value = after[..next].trim_matches(BETWEEN);
            if value.is_empty() || value.chars().count() > LONGEST_NAME {
                return None;
            }
            match field::known(name.trim())?.field {
                Field::Source => line.source = Some(value.to_owned()),
                Field::Authors => line.authors = row::byline(value),
                _ => return None,
            }
            named = true;
            rest = after[next..].trim_matches(BETWEEN);
        }
    }
    named.then_some(line)
}

fn ends_long(text: &str) -> bool {
    ends_sentence(text) && text.split(' ').count() > 8
}

/// Reads a line with a labelled date from below the text.
pub fn labelled_date(text: &str, order: Order) -> Option<Date> {
    let found = date::find(text, order);
    date_line(text, order).and_then(|line| line.date).filter(|_| found.iter().any(|found| found.marked))
}

/// A line that could be a name counts as byline only beside a line with a date or credit.
fn is_name_beside_date(lines: &[Line], at: usize, order: Order) -> bool {
    let text = &lines[at].text;
    if !byline::is_name(text) || text.split(' ').count() < 2 {
        return false;
    }
    lines
        .get(at + 1)
        .is_some_and(|next| date_line(&next.text, order).is_some() || boilerplate::is(Kind::Credit, &next.text))
}
