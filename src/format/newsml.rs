//! `NewsML` 1.2: one or more `NewsItem`s in an envelope, their text usually NITF or XHTML.
//!
//! Layout: <https://iptc.org/std/NewsML/1.2/documentation/>

use std::io::{self, BufRead};

use crate::archive::{Skip, SkipReason, Warning};
use crate::article::Draft;
use crate::date::DateFrom;
use crate::format::frame::Piece;
use crate::format::nitf::{self, add};
use crate::format::xml::{Element, parse};
use crate::format::{Context, Cutter, markup, row};

/// Cuts a message into the items it carries, told by the names of their elements; without any it is one record.
///
/// # Errors
/// What the stream meets.
pub fn items(read: &mut dyn BufRead, names: &[&str], cutter: &mut Cutter<'_>) -> io::Result<()> {
    let Some(bytes) = cutter.read_whole(read)? else { return Ok(()) };
    let mut from = 0;
    while let Some((start, name)) = opening(&bytes, from, names) {
        let end = closing(&bytes, start, name);
        let piece = bytes[start..end].to_vec();
        if !cutter.piece(Piece::Bytes(piece)) {
            return Ok(());
        }
        from = end;
    }
    if from == 0 {
        cutter.piece(Piece::Bytes(bytes));
    }
    Ok(())
}

/// The first element of one of these names: where it begins, and its name as written.
fn opening<'a>(bytes: &'a [u8], from: usize, names: &[&str]) -> Option<(usize, &'a [u8])> {
    memchr::memchr_iter(b'<', &bytes[from..]).find_map(|at| {
        let rest = &bytes[from + at + 1..];
        let head = &rest[..rest.len().min(64)];
        let length = head.iter().position(|byte| matches!(byte, b'>' | b'/' | b' ' | b'\t' | b'\r' | b'\n'))?;
        let local = head[..length].rsplit(|byte| *byte == b':').next()?;
        names.iter().any(|name| name.as_bytes() == local).then_some((from + at, &rest[..length]))
    })
}

/// Where the element ends; elements of its name may lie inside.
fn closing(bytes: &[u8], start: usize, name: &[u8]) -> usize {
    let mut depth = 0_usize;
    for at in memchr::memmem::find_iter(&bytes[start..], name).map(|at| start + at) {
        let ended =
            bytes.get(at + name.len()).is_none_or(|byte| matches!(byte, b'>' | b'/') || byte.is_ascii_whitespace());
        if bytes[..at].ends_with(b"</") && ended {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return bytes.len().min(at + name.len() + 1);
            }
        } else if bytes[..at].ends_with(b"<") && ended {
            depth += 1;
        }
    }
    bytes.len()
}

/// Reads a `NewsItem`.
///
/// # Errors
/// `NotAnArticle` if it carries pictures or only points to other items, `NoText` without title and text.
pub fn article(record: &str, context: &Context, number: u64) -> Result<Draft, Skip> {
    let root = parse(record);
    let skip = |reason, detail: String| Skip { reason, path: context.path.clone(), record: number, detail };
    let Some(item) = root.at("NewsItem") else {
        return Err(skip(SkipReason::NotAnArticle, "a message without news items".to_owned()));
    };
    let formal = |path: &str| item.at(path)?.attribute("FormalName").map(str::to_owned);
    if let Some(status) = formal("NewsManagement/Status").filter(|status| is_withdrawn(status)) {
        return Err(skip(SkipReason::NotAnArticle, format!("an item of status {status}")));
    }
    let contents = item.within("ContentItem");
    let media =
        |content: &Element| content.at("MediaType").and_then(|media| media.attribute("FormalName")).map(str::to_owned);
    let text = contents
        .iter()
        .find(|content| content.at("DataContent").is_some() && media(content).is_none_or(|media| media == "Text"));
    if let (None, Some(media)) = (text, contents.iter().find_map(|content| media(content)))
        && media != "Text"
    {
        return Err(skip(SkipReason::NotAnArticle, format!("an item of media type {media}")));
    }
    let mut draft = Draft::default();
    let article = &mut draft.article;
    let first = |name: &str| item.within(name).into_iter().find_map(Element::line);
    let identifier = item.at("Identification/NewsIdentifier");
    let named = |name: &str| identifier.and_then(|identifier| identifier.at(name)).and_then(Element::line);
    article.id = named("PublicIdentifier").or_else(|| named("NewsItemId")).unwrap_or_default();
    article.title = first("HeadLine").unwrap_or_default();
    article.authors = first("ByLine").map(|byline| row::byline(&byline)).unwrap_or_default();
    let party = |name: &str| {
        let parties = item.within(name).into_iter().flat_map(|provider| provider.within("Party"));
        parties.filter_map(|party| party.attribute("FormalName")).map(str::to_owned).next()
    };
    article.source = party("Provider").or_else(|| party("Source")).or_else(|| named("ProviderId"));
    let language = item.within("Language").into_iter().find_map(|element| element.attribute("FormalName"));
    let language = language.or_else(|| item.attribute("xml:lang"));
    article.language = language.and_then(row::language);
    let management = |name: &str| item.at("NewsManagement")?.at(name)?.line();
    let written = management("FirstCreated").or_else(|| named("DateId")).or_else(|| management("ThisRevisionCreated"));
    article.date = written.as_deref().and_then(nitf::moment);
    article.date_from = article.date.map(|_| DateFrom::Field);
    if article.date.is_none() && written.is_some() {
        draft.warnings.push(Warning::DateRefused);
    }
    for subject in item.within("SubjectCode").into_iter().flat_map(Element::elements) {
        add(&mut article.tags, subject.attribute("FormalName").map(str::to_owned));
    }
    for keywords in item.within("KeywordLine") {
        add(&mut article.tags, keywords.line());
    }
    draft.dateline = first("DateLine");
    for property in item.within("Location").into_iter().flat_map(|location| location.within("Property")) {
        if property.attribute("FormalName").is_some_and(|name| name.contains("Country")) {
            add(&mut draft.country_tags, property.attribute("Value").map(str::to_owned));
        }
    }
    if let Some(content) = text.and_then(|content| content.at("DataContent")) {
        body(&mut draft, content);
    }
    if draft.article.title.is_empty() && draft.article.body.is_empty() {
        return Err(skip(SkipReason::NoText, "neither title nor text".to_owned()));
    }
    Ok(draft)
}

/// Whether a status takes the item back.
pub fn is_withdrawn(status: &str) -> bool {
    let status = status.to_ascii_lowercase();
    ["canceled", "cancelled", "withheld", "killed"].iter().any(|word| status.ends_with(word))
}

fn page_element(name: &str) -> Option<&str> {
    (!matches!(name, "head" | "header" | "figure" | "aside")).then_some(name)
}

/// Takes the text of an item's content: NITF, XHTML, or text.
pub fn body(draft: &mut Draft, content: &Element) {
    if let Some(nitf) = content.within("nitf").first() {
        nitf::fill(draft, nitf);
    } else if let Some(page) = content.within("html").first() {
        draft.article.body = markup::text(&page.html_as(page_element));
    } else if content.elements().any(|element| element.is("body.content") || element.is("body")) {
        draft.article.body = markup::text(&content.html_as(nitf::name_in_html));
    } else if content.elements().next().is_none()
        || content.elements().any(|element| element.is("p") || element.is("div"))
    {
        draft.article.body = content.prose();
    } else {
        // tables of sports and the like: what paragraphs they have
        let paragraphs: Vec<String> = content.within("p").into_iter().filter_map(Element::line).collect();
        draft.article.body = paragraphs.join("\n\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{self, Format};

    fn read(message: &str) -> Vec<Result<Draft, SkipReason>> {
        let mut drafts = Vec::new();
        let ended = format::records(Format::NewsMl, &mut message.as_bytes(), Context::default(), &mut |record| {
            drafts.push(record.and_then(|record| format::article(&record)).map_err(|skip| skip.reason));
            true
        });
        assert_eq!(ended, Ok(()));
        drafts
    }

    const TEXT: &str = "<NewsItem xml:lang='en'><Identification><NewsIdentifier><ProviderId>agency.example</ProviderId>\
        <PublicIdentifier>urn:newsml:agency.example:1</PublicIdentifier></NewsIdentifier></Identification>\
        <NewsManagement><FirstCreated>20140829T134951+0000</FirstCreated><Status FormalName='Usable'/></NewsManagement>\
        <NewsComponent><NewsLines><DateLine>DALE, Aug 29, 2014 (DA) -</DateLine><HeadLine>Bridge opens</HeadLine><ByLine>by Jane Roe</ByLine></NewsLines>\
        <AdministrativeMetadata><Provider><Party FormalName='DA'/></Provider></AdministrativeMetadata><DescriptiveMetadata>\
        <SubjectCode><Subject FormalName='04000000'/></SubjectCode><Location><Property FormalName='Country' Value='SWE'/></Location></DescriptiveMetadata>\
        <ContentItem><MediaType FormalName='Text'/><DataContent><nitf><body><body.content><p>One.</p><p>Two.</p></body.content></body></nitf></DataContent></ContentItem>\
        </NewsComponent></NewsItem>";

    #[test]
    fn an_item_gives_all_its_facts() {
        let draft = read(&format!("<NewsML Version='1.2'><NewsEnvelope/>{TEXT}</NewsML>")).remove(0).unwrap();
        let article = &draft.article;
        assert_eq!((article.id.as_str(), article.title.as_str()), ("urn:newsml:agency.example:1", "Bridge opens"));
        assert_eq!((article.body.as_str(), article.source.as_deref()), ("One.\n\nTwo.", Some("DA")));
        assert_eq!(article.date.map(|date| date.to_string()).as_deref(), Some("2014-08-29T13:49:51Z"));
        assert_eq!(
            (&article.authors[..], &article.tags[..]),
            (&["Jane Roe".to_owned()][..], &["04000000".to_owned()][..])
        );
        assert_eq!(
            (draft.dateline.as_deref(), &draft.country_tags[..]),
            (Some("DALE, Aug 29, 2014 (DA) -"), &["SWE".to_owned()][..])
        );
    }

    #[test]
    fn pictures_and_withdrawn_items_are_parked() {
        let picture = "<NewsItem><NewsComponent><ContentItem Href='a.jpg'><MediaType FormalName='Photo'/></ContentItem></NewsComponent></NewsItem>";
        let message = format!("<NewsML>{TEXT}{picture}{}</NewsML>", TEXT.replace("Usable", "Canceled"));
        let reasons: Vec<_> = read(&message).into_iter().map(Result::err).collect();
        assert_eq!(reasons, [None, Some(SkipReason::NotAnArticle), Some(SkipReason::NotAnArticle)]);
    }
}
