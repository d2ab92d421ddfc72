//! NITF: one article marked up by a news agency or a newspaper's archive.
//!
//! Newspapers and agencies fill different fields of it, so each fact has several places. Layout:
//! <https://iptc.org/std/NITF/3.6/documentation/>

use crate::archive::{Skip, SkipReason, Warning};
use crate::article::{Article, Draft};
use crate::date::{Date, DateFrom};
use crate::format::xml::{Element, parse};
use crate::format::{Context, bounds, markup, row, stamp};

/// Reads an article.
///
/// # Errors
/// `NoText` if it has neither title nor text.
pub fn article(record: &str, context: &Context, number: u64) -> Result<Draft, Skip> {
    let root = parse(record);
    let skip =
        |reason, detail: &str| Skip { reason, path: context.path.clone(), record: number, detail: detail.to_owned() };
    let Some(nitf) = root.at("nitf") else {
        return Err(skip(SkipReason::Malformed, "no nitf element"));
    };
    let mut draft = Draft::default();
    fill(&mut draft, nitf);
    if draft.article.title.is_empty() && draft.article.body.is_empty() {
        return Err(skip(SkipReason::NoText, "neither title nor text"));
    }
    Ok(draft)
}

/// Takes every fact an `nitf` element states into a draft that does not have it yet.
pub fn fill(draft: &mut Draft, nitf: &Element) {
    let (head, body_head) = (nitf.at("head"), nitf.at("body/body.head"));
    let data = head.and_then(|head| head.at("docdata"));
    let publication = head.and_then(|head| head.at("pubdata"));
    let published = |name: &str| publication.and_then(|data| data.attribute(name)).map(str::to_owned);
    let line = |path: &str| body_head.and_then(|head| head.at(path)).and_then(Element::line);
    let Draft { article, warnings, .. } = draft;
    if article.id.is_empty() {
        let id = data.and_then(|data| data.at("doc-id")).and_then(|id| id.attribute("id-string"));
        id.unwrap_or_default().clone_into(&mut article.id);
    }
    if article.title.is_empty() {
        let title = line("hedline/hl1").or_else(|| line("headline/hl1")).or_else(|| head?.at("title")?.line());
        article.title = title.unwrap_or_default();
    }
    let holder = || data?.at("doc.copyright")?.attribute("holder").map(str::to_owned);
    let source = || published("name").or_else(|| line("distributor")).or_else(holder);
    article.source = article.source.take().or_else(source);
    let section = || published("position.section").or_else(|| meta(head?, "online_sections"));
    let section = || section().and_then(|all| all.split(';').next().map(|first| first.trim().to_owned()));
    article.section = article.section.take().or_else(section);
    let is_address = |url: &String| url.starts_with("http://") || url.starts_with("https://");
    article.url = article.url.take().or_else(|| published("ex-ref").filter(is_address));
    let language = nitf.attribute("xml:lang").or_else(|| nitf.at("body")?.attribute("xml:lang"));
    article.language = article.language.take().or_else(|| language.and_then(row::language));
    if article.authors.is_empty() {
        article.authors = body_head.map(authors).unwrap_or_default();
    }
    if article.date.is_none() {
        let issued = |name: &str| data?.at(name)?.attribute("norm").map(str::to_owned);
        let written = issued("date.issue").or_else(|| published("date.publication")).or_else(|| issued("date.release"));
        let printed = || head.and_then(printed_day);
        article.date = written.as_deref().and_then(moment).or_else(printed);
        article.date_from = article.date.map(|_| DateFrom::Field);
        if article.date.is_none() && written.is_some() {
            warnings.push(Warning::DateRefused);
        }
    }
    if article.body.is_empty()
        && let Some(content) = nitf.at("body/body.content")
    {
        let all = content.all("block").find(|block| block.attribute("class") == Some("full_text"));
        article.body = markup::text(&all.unwrap_or(content).html_as(name_in_html));
    }
    tags(draft, head);
    if draft.dateline.is_none() {
        draft.dateline = line("dateline");
    }
}

/// What an element is in HTML; `None` if it is no text.
pub fn name_in_html(name: &str) -> Option<&str> {
    Some(match name {
        "hl1" | "hl2" => "h2",
        "block" | "note" => "div",
        "media" | "docdata" | "head" | "body.head" | "body.end" => return None,
        other => other,
    })
}

fn meta(head: &Element, name: &str) -> Option<String> {
    let meta = head.all("meta").find(|meta| meta.attribute("name") == Some(name))?;
    meta.attribute("content").map(str::to_owned)
}

/// The day of a newspaper's archive, in three fields.
fn printed_day(head: &Element) -> Option<Date> {
    let number = |name| meta(head, name)?.parse::<i16>().ok();
    let (year, month, day) =
        (number("publication_year")?, number("publication_month")?, number("publication_day_of_month")?);
    Date::ymd(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
}

/// A moment; midnight without a zone stands for a day.
pub fn moment(written: &str) -> Option<Date> {
    let date = stamp::date(written)?;
    let is_day = date.time().is_some_and(|time| time.second == 0 && time.offset.is_none());
    Some(if is_day { date.without_time() } else { date })
}

fn authors(head: &Element) -> Vec<String> {
    let bylines = || head.elements().filter(|element| element.is("byline"));
    let mut names = Vec::new();
    if let Some(byline) = bylines().find(|byline| byline.attribute("class") == Some("normalized_byline")) {
        for name in byline.text().split(';') {
            names.extend(row::byline(name.trim()));
        }
    } else if let Some(byline) = bylines().next() {
        let people = byline.within("person");
        if people.is_empty() {
            // the title of a reporter stands apart
            let mut written = String::new();
            for node in &byline.children {
                match node {
                    crate::format::xml::Node::Text(text) => written.push_str(text),
                    crate::format::xml::Node::Element(part) if part.is("byttl") => {}
                    crate::format::xml::Node::Element(part) => written.push_str(&part.text()),
                }
            }
            names = row::byline(&written.split_ascii_whitespace().collect::<Vec<_>>().join(" "));
        } else {
            names = people.into_iter().filter_map(Element::line).collect();
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

fn tags(draft: &mut Draft, head: Option<&Element>) {
    let Some(head) = head else { return };
    let Draft { article: Article { tags, .. }, people_tags, country_tags, .. } = draft;
    for subject in head.within("tobject.subject") {
        let names = ["tobject.subject.detail", "tobject.subject.matter", "tobject.subject.type"];
        let name = names.into_iter().find_map(|name| subject.attribute(name));
        let code = || subject.attribute("tobject.subject.refnum");
        add(tags, name.or_else(code).map(str::to_owned));
    }
    for keyword in head.within("keyword") {
        add(tags, keyword.attribute("key").map(str::to_owned));
    }
    for content in head.within("identified-content") {
        for element in content.elements() {
            let name = element.attribute("value").map(str::to_owned).or_else(|| element.line());
            match element.local() {
                "person" => add(people_tags, element.line().or(name)),
                "location" => {
                    add(country_tags, element.attribute("country").map(str::to_owned).or_else(|| element.line()));
                }
                "classifier" | "org" | "event" => add(tags, element.line().or(name)),
                _ => {}
            }
        }
    }
}

/// Adds a tag that is not there yet.
pub fn add(tags: &mut Vec<String>, tag: Option<String>) {
    if let Some(tag) = tag {
        bounds::list(tags, tag);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(record: &str) -> Draft {
        article(record, &Context::default(), 1).unwrap()
    }

    #[test]
    fn an_agencys_article_gives_all_its_facts() {
        let draft = read(
            "<?xml version='1.0'?><!DOCTYPE nitf SYSTEM 'nitf.dtd'><nitf xml:lang='en'><head><tobject>\
             <tobject.subject tobject.subject.refnum='11000000' tobject.subject.type='Politics'/><tobject.subject tobject.subject.refnum='04011002'/></tobject>\
             <docdata><doc-id id-string='x-1'/><date.issue norm='20151014T043001+0100'/><key-list><keyword key='Bridges'/></key-list>\
             <identified-content><person>Roe, Jane</person><location country='CZ'>Dale</location></identified-content></docdata></head>\
             <body><body.head><hedline><hl1>Bridge\n opens</hl1></hedline><byline>By JANE ROE<byttl>Staff Writer</byttl></byline>\
             <distributor>Dale Agency</distributor><dateline><location>DALE</location></dateline></body.head>\
             <body.content><block><p>The <org>council</org> met.</p><hl2>After</hl2><media><media-caption>A bridge</media-caption></media><p>It rained.</p></block></body.content></body></nitf>",
        );
        let article = &draft.article;
        assert_eq!((article.id.as_str(), article.title.as_str()), ("x-1", "Bridge opens"));
        assert_eq!(article.body, "The council met.\n\nAfter\n\nIt rained.");
        assert_eq!(article.date.map(|date| date.to_string()).as_deref(), Some("2015-10-14T04:30:01+01:00"));
        assert_eq!(
            (article.source.as_deref(), &article.authors[..]),
            (Some("Dale Agency"), &["JANE ROE".to_owned()][..])
        );
        assert_eq!(article.tags, ["Politics", "04011002", "Bridges"]);
        assert_eq!((draft.dateline.as_deref(), &draft.country_tags[..]), (Some("DALE"), &["CZ".to_owned()][..]));
        assert_eq!(draft.people_tags, ["Roe, Jane"]);
    }

    #[test]
    fn a_newspapers_archive_repeats_its_lead_and_has_days() {
        let draft = read(
            "<nitf><head><title>T</title><meta name='publication_day_of_month' content='1'/><meta name='publication_month' content='2'/>\
             <meta name='publication_year' content='2007'/><meta name='online_sections' content='Region; World'/>\
             <pubdata date.publication='20070201T000000' ex-ref='http://paper.example/1' name='The Dale Paper'/></head><body><body.head>\
             <byline class='print_byline'>By SOME ONE</byline><byline class='normalized_byline'>One, Some; Roe, Jane</byline></body.head>\
             <body.content><block class='lead_paragraph'><p>One.</p></block><block class='full_text'><p>One.</p><p>Two.</p></block></body.content></body></nitf>",
        );
        let article = draft.article;
        assert_eq!((article.title.as_str(), article.body.as_str()), ("T", "One.\n\nTwo."));
        assert_eq!(article.date.map(|date| date.to_string()).as_deref(), Some("2007-02-01"));
        assert_eq!(article.authors, ["Some One", "Jane Roe"]);
        assert_eq!((article.section.as_deref(), article.source.as_deref()), (Some("Region"), Some("The Dale Paper")));
        assert_eq!(article.url.as_deref(), Some("http://paper.example/1"));
    }
}
