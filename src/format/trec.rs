//! TREC: newspapers and agencies of the retrieval conferences as SGML, one `<DOC>` an article.
//!
//! Every paper named its fields differently, few are closed well enough for an XML parser, and the text may lie in
//! several elements. Web collections of the same frame hold a page instead. Overview: <https://trec.nist.gov/data/docs_eng.html>

use crate::archive::{Skip, SkipReason, Warning};
use crate::article::Draft;
use crate::date::{Date, DateFrom, in_file_name};
use crate::format::{Context, html, markup, row, stamp};

/// Elements of a headline, the most trusted first.
const TITLES: [&str; 7] = ["HEADLINE", "HL", "HEAD", "TI", "TITLE", "H3", "SLUG"];
/// Elements of the date.
const DATES: [&str; 6] = ["DATE", "DATE1", "DD", "DATE_TIME", "PUBDATE", "PUBDAY"];

/// Reads an article from one `<DOC>`.
///
/// # Errors
/// `NoText` if it has neither title nor text.
pub fn article(record: &str, context: &Context, number: u64) -> Result<Draft, Skip> {
    let first = |names: &[&str]| names.iter().find_map(|name| line(inner(record, name)?));
    let id = first(&["DOCNO", "DOCID"]).or_else(|| attribute(record, "id")).unwrap_or_default();
    if let Some(at) = record.find("<html").or_else(|| record.find("<HTML")) {
        let mut draft = html::article(record[at..].trim_end_matches("</DOC>"), context, number)?;
        draft.article.id = id;
        return Ok(draft);
    }
    let mut draft = Draft::default();
    let article = &mut draft.article;
    article.title = first(&TITLES).unwrap_or_default();
    article.section = first(&["SECTION"]);
    article.authors = first(&["BYLINE", "AUTHOR"]).map(|byline| row::byline(&byline)).unwrap_or_default();
    article.authors.retain(|name| !name.is_empty());
    draft.dateline = first(&["DATELINE"]);
    let written = first(&DATES);
    article.date = written.as_deref().and_then(date).or_else(|| in_file_name(&id));
    article.date_from = article.date.map(|_| DateFrom::Field);
    if article.date.is_none() && written.is_some() {
        draft.warnings.push(Warning::DateRefused);
    }
    let lead = inner(record, "LP").map(text);
    let mut parts: Vec<String> = lead.into_iter().collect();
    parts.extend(texts(record).into_iter().map(text));
    parts.retain(|part| !part.is_empty());
    article.body = parts.join("\n\n");
    article.id = id;
    if article.title.is_empty() && article.body.is_empty() {
        let (path, detail) = (context.path.clone(), "neither title nor text".to_owned());
        return Err(Skip { reason: SkipReason::NoText, path, record: number, detail });
    }
    Ok(draft)
}

/// What stands in the first element of a name; one not closed ends with its line.
fn inner<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let rest = &text[opening(text, name)?..];
    let end = rest.find(&format!("</{name}>")).unwrap_or_else(|| end_of_line(rest));
    Some(&rest[..end])
}

/// Where the content of the first element of a name begins.
fn opening(text: &str, name: &str) -> Option<usize> {
    let open = format!("<{name}");
    let at = text.match_indices(&open).map(|(at, _)| at + open.len()).find(|at| text[*at..].starts_with(['>', ' ']))?;
    Some(at + text[at..].find('>')? + 1)
}

/// Where the first line with something on it ends.
fn end_of_line(text: &str) -> usize {
    let skipped = text.len() - text.trim_start().len();
    text[skipped..].find('\n').map_or(text.len(), |end| skipped + end)
}

/// What stands in each element of the text.
fn texts(record: &str) -> Vec<&str> {
    // behind the last end none is looked for again and again
    let last = record.rfind("</TEXT>").unwrap_or(0);
    let (mut texts, mut at) = (Vec::new(), 0);
    while let Some(start) = opening(&record[at..], "TEXT").map(|start| at + start) {
        let rest = &record[start..];
        let end = if start <= last { rest.find("</TEXT>") } else { None };
        at = start + end.unwrap_or_else(|| end_of_line(rest));
        texts.push(&record[start..at]);
    }
    texts
}

fn attribute(record: &str, name: &str) -> Option<String> {
    let head = record.split('>').next()?;
    let (_, value) = head.split_once(&format!(" {name}=\""))?;
    value.split('"').next().filter(|value| !value.is_empty()).map(str::to_owned)
}

fn line(inside: &str) -> Option<String> {
    let text = markup::text(inside);
    let line = text.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    (!line.is_empty()).then_some(line)
}

fn text(inside: &str) -> String {
    if inside.contains("<P>") || inside.contains("<p>") {
        return markup::text(inside);
    }
    let text = markup::entities(inside);
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    let is_indented = |line: &str| line.starts_with([' ', '\t']);
    // lines are of a typewriter's length: a paragraph begins indented, or after an empty line
    let by_indent = lines().any(is_indented) && !lines().all(is_indented);
    let mut out = String::with_capacity(text.len());
    let mut open = false;
    for line in text.lines() {
        let words = line.trim();
        if words.is_empty() {
            open = false;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if open && !(by_indent && is_indented(line)) { " " } else { "\n\n" });
        }
        out.push_str(words);
        open = true;
    }
    out
}

/// `01/30/03`, `930112`, `January 1, 1989, Sunday, Home Edition`
fn date(written: &str) -> Option<Date> {
    if written.len() == 6
        && let Ok(number) = written.parse::<u32>()
    {
        let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
        return Date::ymd(1900 + year as i16, month as i8, day as i8);
    }
    // a weekday and an edition may follow
    let mut written = written;
    loop {
        if let Some(date) = stamp::date(written) {
            return Some(date);
        }
        written = written.rsplit_once(',')?.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{self, Format};

    fn read(file: &str) -> Vec<Draft> {
        assert_eq!(format::detect(file.as_bytes(), "a"), Ok(Format::Trec));
        let mut drafts = Vec::new();
        let ended = format::records(Format::Trec, &mut file.as_bytes(), Context::default(), &mut |record| {
            drafts.push(format::article(&record.unwrap()).unwrap());
            true
        });
        assert_eq!(ended, Ok(()));
        drafts
    }

    #[test]
    fn every_paper_names_its_fields_its_own_way() {
        let drafts = read(
            "<DOC>\n<DOCNO> DA890101-0001 </DOCNO>\n<HEAD>Bridge Opens</HEAD>\n<BYLINE>By JANE ROE</BYLINE>\n<DATELINE>DALE (DA) </DATELINE>\n<TEXT>\n   The bridge is\nopen.\n   It rained.\n</TEXT>\n</DOC>\n\
             <DOC>\n<DOCNO> D2 </DOCNO>\n<DATE>\n<P>\nJanuary 1, 1989, Sunday, Home Edition\n</P>\n</DATE>\n<HEADLINE>\n<P>\nFERRY STOPS\n</P>\n</HEADLINE>\n<TEXT>\n<P>\nOne.\n</P>\n<P>\nTwo.\n</P>\n</TEXT>\n</DOC>\n\
             <DOC id=\"D3\"><HL> Tolls </HL><DD> 01/30/89 </DD><LP> Lead. </LP><TEXT> </TEXT></DOC>",
        );
        let titles: Vec<&str> = drafts.iter().map(|draft| draft.article.title.as_str()).collect();
        assert_eq!(titles, ["Bridge Opens", "FERRY STOPS", "Tolls"]);
        let bodies: Vec<&str> = drafts.iter().map(|draft| draft.article.body.as_str()).collect();
        assert_eq!(bodies, ["The bridge is open.\n\nIt rained.", "One.\n\nTwo.", "Lead."]);
        let ids: Vec<&str> = drafts.iter().map(|draft| draft.article.id.as_str()).collect();
        assert_eq!(ids, ["DA890101-0001", "D2", "D3"]);
        assert_eq!(
            (drafts[0].dateline.as_deref(), &drafts[0].article.authors[..]),
            (Some("DALE (DA)"), &["JANE ROE".to_owned()][..])
        );
        let dates = drafts[1..].iter().map(|draft| draft.article.date.map(|date| date.to_string()));
        assert_eq!(dates.collect::<Vec<_>>(), [Some("1989-01-01".to_owned()), Some("1989-01-30".to_owned())]);
    }

    #[test]
    fn a_document_that_is_not_closed_ends_where_the_next_begins() {
        let drafts = read(
            "<DOC>\n<DOCNO>1</DOCNO>\n<TEXT>One.</TEXT>\n<DOC>\n<DOCNO>2</DOCNO>\n<TITLE>Two\n<TEXT>Three.</TEXT></DOC>",
        );
        assert_eq!((drafts[0].article.body.as_str(), drafts[1].article.title.as_str()), ("One.", "Two"));
    }
}
