//! ALTO: the recognised text of a scanned newspaper page, and the text of single articles some libraries put beside it.
//!
//! Which parts of which pages make an article is told in a METS file (`mets`); a page that none names is one record.
//! Layout: <https://www.loc.gov/standards/alto/>

pub mod page;

use crate::archive::{Skip, SkipReason};
use crate::article::Draft;
use crate::date::{Date, DateFrom, FIRST_YEAR, in_file_name};
use crate::format::xml::{Element, parse};
use crate::format::{Context, row};
use page::Page;

/// Root of files that describe an issue and hold no text of it.
pub const DESCRIPTION: &str = "DIDL";

/// Reads a page, or the text of an article.
///
/// # Errors
/// `NotAnArticle` if it describes an issue, `NoText` if nothing was recognised.
pub fn article(record: &str, context: &Context, number: u64) -> Result<Draft, Skip> {
    let skip = |reason, detail: String| Skip { reason, path: context.path.clone(), record: number, detail };
    let mut draft = Draft::default();
    let article = &mut draft.article;
    let page = Page::read(record);
    if page.is_empty() {
        let root = parse(record);
        let Some(document) = root.elements().next() else {
            return Err(skip(SkipReason::Malformed, "no element".to_owned()));
        };
        if document.local() == DESCRIPTION {
            return Err(skip(SkipReason::NotAnArticle, format!("{DESCRIPTION} of an issue")));
        }
        article.title = document.at("title").and_then(Element::line).unwrap_or_default();
        let paragraphs: Vec<String> = document.all("p").filter_map(Element::line).collect();
        article.body = paragraphs.join("\n\n");
    } else {
        article.body = page.paragraphs(0..page.words()).join("\n\n");
    }
    if article.title.is_empty() && article.body.is_empty() {
        return Err(skip(SkipReason::NoText, "nothing recognised on the page".to_owned()));
    }
    article.language = page.language().and_then(row::language);
    article.date = day_of(&context.path);
    article.date_from = article.date.map(|_| DateFrom::FileName);
    Ok(draft)
}

/// The day in the path of a page or issue.
pub fn day_of(path: &str) -> Option<Date> {
    in_file_name(path).or_else(|| issue_day(path))
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
        assert_eq!(read("<d:DIDL xmlns:d='x'><d:Item/></d:DIDL>"), Err(SkipReason::NotAnArticle));
        assert_eq!(read("<alto><Layout><Page/></Layout></alto>"), Err(SkipReason::NoText));
    }
}
