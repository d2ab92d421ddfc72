//! ALTO: the recognised text of a scanned newspaper page, and the text of single articles some libraries put beside it.
//!
//! Which blocks of which pages make an article is told in a METS file apart from them; a file is read alone, so a page
//! is one record, and METS and DIDL are parked. Layout: <https://www.loc.gov/standards/alto/>

use crate::archive::{Skip, SkipReason};
use crate::article::Draft;
use crate::date::{Date, DateFrom, FIRST_YEAR, in_file_name};
use crate::format::xml::{Element, parse};
use crate::format::{Context, row};

/// Roots of files that describe an issue and hold no text of it.
pub const DESCRIPTIONS: [&str; 2] = ["mets", "DIDL"];

/// Reads a page, or the text of an article.
///
/// # Errors
/// `NotAnArticle` if it describes an issue, `NoText` if nothing was recognised.
pub fn article(record: &str, context: &Context, number: u64) -> Result<Draft, Skip> {
    let root = parse(record);
    let skip = |reason, detail: String| Skip { reason, path: context.path.clone(), record: number, detail };
    let Some(document) = root.elements().next() else {
        return Err(skip(SkipReason::Malformed, "no element".to_owned()));
    };
    if DESCRIPTIONS.contains(&document.local()) {
        return Err(skip(SkipReason::NotAnArticle, format!("{} of an issue", document.local())));
    }
    let mut draft = Draft::default();
    let article = &mut draft.article;
    article.title = document.at("title").and_then(Element::line).unwrap_or_default();
    let blocks = document.within("TextBlock");
    let paragraphs: Vec<String> = if blocks.is_empty() {
        document.elements().filter(|element| element.is("p")).filter_map(Element::line).collect()
    } else {
        blocks.iter().map(|block| text(block)).filter(|text| !text.is_empty()).collect()
    };
    article.body = paragraphs.join("\n\n");
    if article.title.is_empty() && article.body.is_empty() {
        return Err(skip(SkipReason::NoText, "nothing recognised on the page".to_owned()));
    }
    let language = blocks.iter().find_map(|block| block.attribute("LANG").or_else(|| block.attribute("language")));
    article.language = language.and_then(row::language);
    article.date = in_file_name(&context.path).or_else(|| issue_day(&context.path));
    article.date_from = article.date.map(|_| DateFrom::FileName);
    Ok(draft)
}

/// The day libraries file an issue under: `18550922`, `1813/11/16`.
fn issue_day(path: &str) -> Option<Date> {
    let runs: Vec<&str> = path.split(|char: char| !char.is_ascii_digit()).filter(|run| !run.is_empty()).collect();
    let day =
        |year: &str, month: &str, day: &str| Date::ymd(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    let whole = runs.iter().rev().filter(|run| run.len() == 8).find_map(|run| day(&run[..4], &run[4..6], &run[6..]));
    let parted = || {
        let mut windows = runs.windows(3).rev();
        windows.find_map(|run| if run[0].len() == 4 && run[1].len() == 2 { day(run[0], run[1], run[2]) } else { None })
    };
    whole.filter(|date| date.year() >= FIRST_YEAR).or_else(parted).filter(|date| date.year() >= FIRST_YEAR)
}

/// The words of a block in one paragraph; a word parted at the end of a line is given whole with its first part.
fn text(block: &Element) -> String {
    let mut out = String::new();
    for string in block.within("String") {
        let whole = string.attribute("SUBS_CONTENT");
        let word = match string.attribute("SUBS_TYPE") {
            Some("HypPart2") if whole.is_some() => continue,
            Some("HypPart1") => whole.or_else(|| string.attribute("CONTENT")),
            _ => string.attribute("CONTENT"),
        };
        if let Some(word) = word {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(word);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(record: &str) -> Result<Draft, SkipReason> {
        let context = Context { path: "x/0001_18550922_0001.xml".to_owned(), ..Context::default() };
        article(record, &context, 1).map_err(|skip| skip.reason)
    }

    #[test]
    fn blocks_are_paragraphs_and_parted_words_are_whole() {
        let page = "<?xml version='1.0'?><alto><Layout><Page><PrintSpace><ComposedBlock><TextBlock LANG='en'>\
            <TextLine><String CONTENT='The'/><SP/><String CONTENT='fer' SUBS_TYPE='HypPart1' SUBS_CONTENT='ferry'/><HYP CONTENT='-'/></TextLine>\
            <TextLine><String CONTENT='ry' SUBS_TYPE='HypPart2' SUBS_CONTENT='ferry'/><String CONTENT='sank.'/></TextLine></TextBlock></ComposedBlock>\
            <TextBlock><TextLine><String CONTENT='It'/><String CONTENT='rained.'/></TextLine></TextBlock></PrintSpace></Page></Layout></alto>";
        let article = read(page).unwrap().article;
        assert_eq!((article.body.as_str(), article.language.as_deref()), ("The ferry sank.\n\nIt rained.", Some("en")));
        assert_eq!(article.date.map(|date| date.to_string()).as_deref(), Some("1855-09-22"));
    }

    #[test]
    fn an_articles_text_is_read_and_a_description_parked() {
        let article = read("<text><title>Te koop</title><p>Een huis.</p><p>Een boot.</p></text>").unwrap().article;
        assert_eq!((article.title.as_str(), article.body.as_str()), ("Te koop", "Een huis.\n\nEen boot."));
        assert_eq!(read("<m:mets xmlns:m='x'><m:dmdSec/></m:mets>"), Err(SkipReason::NotAnArticle));
        assert_eq!(read("<alto><Layout><Page/></Layout></alto>"), Err(SkipReason::NoText));
    }
}
