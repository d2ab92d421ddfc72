//! Reuters-21578, distribution 1.0: the wire of 1987 as SGML, one `<REUTERS>` element an article.
//!
//! It is no well-formed XML: control characters stand as references (`&#3;`), texts of `TYPE="UNPROC"` have no fields,
//! a brief's text is a filler. Layout: <http://www.daviddlewis.com/resources/testcollections/reuters21578/readme.txt>

use crate::archive::{Skip, SkipReason, Warning};
use crate::article::Draft;
use crate::date::{Date, DateFrom, Order, Time, read};
use crate::format::{Context, bounds, markup, row};

/// What the collection puts where a brief has no text.
const FILLER: &str = "Blah blah blah.";
/// The agency, which signs each text with its name.
const AGENCY: &str = "Reuters";

/// Reads an article from one `<REUTERS>` element.
///
/// # Errors
/// `NoText` if it has neither title nor text.
pub fn article(record: &str, context: &Context, number: u64) -> Result<Draft, Skip> {
    let head = record.split('>').next().unwrap_or_default();
    let mut draft = Draft::default();
    let article = &mut draft.article;
    attribute(head, "NEWID").unwrap_or_default().clone_into(&mut article.id);
    article.source = Some(AGENCY.to_owned());
    article.wire = Some(AGENCY.to_owned());
    article.language = Some("en".to_owned());
    if let Some(written) = element(record, "DATE") {
        article.date = date(&written);
        article.date_from = article.date.map(|_| DateFrom::Field);
        if article.date.is_none() {
            draft.warnings.push(Warning::DateRefused);
        }
    }
    draft.people_tags = tags(record, "PEOPLE");
    draft.country_tags = tags(record, "PLACES");
    for name in ["TOPICS", "ORGS", "EXCHANGES", "COMPANIES"] {
        article.tags.extend(tags(record, name));
    }
    let text = inner(record, "TEXT").unwrap_or_default();
    article.title = element(text, "TITLE").map(|title| one_line(&title)).unwrap_or_default();
    article.authors = element(text, "AUTHOR").map(|author| authors(&author)).unwrap_or_default();
    draft.dateline = element(text, "DATELINE").map(|line| one_line(&line)).filter(|line| !line.is_empty());
    let body = match inner(text, "BODY") {
        Some(body) => paragraphs(body),
        None => paragraphs(&without_elements(text)),
    };
    article.body = body;
    if article.title.is_empty() {
        // unprocessed texts begin with their headline on a line of its own
        let (first, rest) = article.body.split_once('\n').unwrap_or((&article.body, ""));
        if is_headline(first) {
            (article.title, article.body) = (first.to_owned(), rest.trim().to_owned());
        }
    }
    if article.body == FILLER {
        article.body.clear();
    }
    if article.title.is_empty() && article.body.is_empty() {
        let (path, detail) = (context.path.clone(), "neither title nor text".to_owned());
        return Err(Skip { reason: SkipReason::NoText, path, record: number, detail });
    }
    Ok(draft)
}

/// The value of an attribute in the opening tag.
fn attribute<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let at = head.find(&format!(" {name}=\""))? + name.len() + 3;
    let value = head[at..].split('"').next()?;
    (!value.is_empty()).then_some(value)
}

/// What stands between the tags of an element, as written; to the end if it is not closed.
fn inner<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let at = text.find(&format!("<{name}"))?;
    let start = at + text[at..].find('>')? + 1;
    let end = text[start..].find(&format!("</{name}>")).map_or(text.len(), |end| start + end);
    Some(&text[start..end])
}

fn element(text: &str, name: &str) -> Option<String> {
    inner(text, name).map(|inner| markup::entities(inner).into_owned())
}

fn tags(record: &str, name: &str) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    let mut rest = inner(record, name).unwrap_or_default();
    while let Some(start) = rest.find("<D>") {
        let end = rest[start..].find("</D>").map_or(rest.len(), |end| start + end);
        let tag = one_line(&markup::entities(&rest[start + 3..end]));
        bounds::list(&mut tags, tag);
        rest = &rest[end..];
    }
    tags
}

/// The text outside title, author and dateline, for records without `<BODY>`.
fn without_elements(text: &str) -> String {
    let mut text = text.to_owned();
    for name in ["TITLE", "AUTHOR", "DATELINE"] {
        if let (Some(start), Some(end)) = (text.find(&format!("<{name}>")), text.find(&format!("</{name}>")))
            && start < end
        {
            text.replace_range(start..end + name.len() + 3, "\n");
        }
    }
    text
}

/// A line that begins with four blanks begins a paragraph, one with fewer stands for itself, as in tables; others go on.
fn paragraphs(raw: &str) -> String {
    let text = markup::entities(raw);
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let words = one_line(line);
        // briefs have stars before their title
        if words.is_empty() || words.bytes().all(|byte| byte == b'*') || (is_signature(&words) && line.starts_with(' '))
        {
            continue;
        }
        if !out.is_empty() {
            out.push_str(match line.len() - line.trim_start_matches(' ').len() {
                0 if out.ends_with('-') && !out.ends_with(" -") && !out.ends_with("--") => "",
                0 => " ",
                1..=3 => "\n",
                _ => "\n\n",
            });
        }
        out.push_str(&words);
    }
    for signature in ["REUTER", "Reuter"] {
        if let Some(text) = out.strip_suffix(signature)
            && (text.is_empty() || text.ends_with(['\n', ' ']))
        {
            out.truncate(text.trim_end().len());
        }
    }
    out
}

fn is_signature(line: &str) -> bool {
    matches!(line, "Reuter" | "REUTER")
}

fn is_headline(line: &str) -> bool {
    !line.is_empty() && line.chars().count() <= 200 && !line.ends_with('.')
}

fn one_line(text: &str) -> String {
    text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

/// `By Jane Roe, Reuters`
fn authors(line: &str) -> Vec<String> {
    let mut names = row::byline(&one_line(line));
    names.retain(|name| !name.eq_ignore_ascii_case(AGENCY) && !name.is_empty());
    names
}

/// `26-FEB-1987 15:01:01.79`; the collection's times are UTC. A broken time leaves the day.
fn date(written: &str) -> Option<Date> {
    let written = one_line(written);
    let day = written.split(' ').next().unwrap_or_default();
    let date = read(&written, Order::DayFirst).or_else(|| read(day, Order::DayFirst))?;
    Some(date.time().map_or(date, |time| date.at(Time { offset: time.offset.or(Some(0)), ..time })))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(record: &str) -> Draft {
        article(record, &Context::default(), 1).unwrap()
    }

    #[test]
    fn a_record_gives_all_its_facts() {
        let draft = draft(
            "<REUTERS TOPICS=\"YES\" OLDID=\"9\" NEWID=\"17\">\n<DATE> 3-MAR-1987  09:15:05.40</DATE>\n\
             <TOPICS><D>tea</D></TOPICS>\n<PLACES><D>west-germany</D><D>kenya</D></PLACES>\n<PEOPLE><D>roe</D></PEOPLE>\n\
             <ORGS><D>imf</D></ORGS>\n<TEXT>&#2;\n<TITLE>TEA HARVEST &lt;TEA&gt;\n LATE</TITLE>\n\
             <AUTHOR>    By Jane Roe, Reuters</AUTHOR>\n<DATELINE>    NAIROBI, March 3 - </DATELINE><BODY>The tea harvest is\n\
             late.\n    Rain fell.\n Table one..1\n Table two..2\n Reuter\n&#3;</BODY></TEXT>\n</REUTERS>",
        );
        let article = &draft.article;
        assert_eq!((article.id.as_str(), article.title.as_str()), ("17", "TEA HARVEST <TEA> LATE"));
        assert_eq!(article.body, "The tea harvest is late.\n\nRain fell.\nTable one..1\nTable two..2");
        assert_eq!(article.date.map(|date| date.to_string()).as_deref(), Some("1987-03-03T09:15:05Z"));
        assert_eq!(
            (&article.authors[..], &article.tags[..]),
            (&["Jane Roe".to_owned()][..], &["tea".to_owned(), "imf".to_owned()][..])
        );
        assert_eq!(draft.dateline.as_deref(), Some("NAIROBI, March 3 -"));
        assert_eq!(
            (draft.people_tags, draft.country_tags),
            (vec!["roe".to_owned()], vec!["west-germany".to_owned(), "kenya".to_owned()])
        );
    }

    #[test]
    fn an_unprocessed_text_begins_with_its_headline() {
        let draft = draft(
            "<REUTERS NEWID=\"2\"><TEXT TYPE=\"UNPROC\">&#2;\nWEEKLY REPORT - MAR 3\n    One week\n Loans..1\n REUTER\n&#3;</TEXT></REUTERS>",
        );
        assert_eq!(
            (draft.article.title.as_str(), draft.article.body.as_str()),
            ("WEEKLY REPORT - MAR 3", "One week\nLoans..1")
        );
    }

    #[test]
    fn a_brief_has_a_title_only() {
        let draft = draft(
            "<REUTERS NEWID=\"3\"><TEXT TYPE=\"BRIEF\">&#2;\n******<TITLE>BANK CUTS RATE\n</TITLE>Blah blah blah.\n&#3;\n\n</TEXT></REUTERS>",
        );
        assert_eq!((draft.article.title.as_str(), draft.article.body.as_str()), ("BANK CUTS RATE", ""));
    }

    #[test]
    fn an_impossible_time_leaves_the_day() {
        assert_eq!(date("31-MAR-1987 605:12:19.12").map(|date| date.to_string()).as_deref(), Some("1987-03-31"));
        assert_eq!(date("31-FEB-1987 05:12:19.12"), None);
    }

    #[test]
    fn broken_records_do_not_panic() {
        for record in
            ["<REUTERS", "<REUTERS NEWID=\"", "<REUTERS><TEXT><TITLE>x", "<REUTERS><TEXT></TITLE><TITLE>", "<D>"]
        {
            let _ = article(record, &Context::default(), 1);
        }
    }
}
