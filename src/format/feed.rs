//! Feeds: RSS 0.9x, 1.0 (RDF) and 2.0, `WordPress` exports, Atom 0.3 and 1.0, JSON Feed; one entry a record.
//!
//! Own reading rather than a crate's: those lose dates they cannot read, and a broken entry takes the feed with it.
//! Layouts: <https://www.rssboard.org/rss-specification>, <https://www.rfc-editor.org/rfc/rfc4287>,
//! <https://www.jsonfeed.org/version/1.1/>

use std::io::{self, BufRead};

use crate::archive::{Skip, SkipReason, Warning};
use crate::article::Draft;
use crate::date::DateFrom;
use crate::format::frame::tagged_element;
use crate::format::xml::{Element, parse};
use crate::format::{Context, Cutter, bounds, json, row, stamp};

/// Names of an entry's element.
const ENTRIES: [&str; 2] = ["item", "entry"];

/// Takes what a feed says of all its entries from what stands before the first.
pub fn describe(head: &str, context: &mut Context) {
    let end = first_entry(head).map_or(head.len(), |(at, _)| at);
    let root = parse(&head[..end]);
    let Some(root) = root.elements().next() else { return };
    let channel = root.at("channel").unwrap_or(root);
    let own =
        |name: &str| channel.elements().find(|element| element.name == name || unprefixed(root, &element.name) == name);
    let title = own("title").and_then(Element::title);
    context.source = title.or_else(|| own("dc:publisher").and_then(Element::line));
    let language = own("language").or_else(|| own("dc:language")).and_then(Element::line);
    let declared = channel.attribute("xml:lang").or_else(|| root.attribute("xml:lang")).map(str::to_owned);
    context.language = language.or(declared).and_then(|tag| row::language(&tag));
}

/// Cuts a feed into its entries.
///
/// # Errors
/// What the stream meets; `UnexpectedEof` if it ends inside an entry.
pub fn entries(read: &mut dyn BufRead, head: &[u8], cutter: &mut Cutter<'_>) -> io::Result<()> {
    let head = String::from_utf8_lossy(head);
    let default = if head.contains("<feed") { "entry" } else { "item" };
    let name = first_entry(&head).map_or(default, |(_, name)| name);
    let limit = cutter.limit();
    tagged_element(read, name, limit, &mut |piece| cutter.piece(piece))?;
    if *cutter.number == 0 {
        cutter.skip(SkipReason::NoText, "a feed without entries");
    }
    Ok(())
}

/// Where the first entry begins and its name as written.
fn first_entry(head: &str) -> Option<(usize, &str)> {
    memchr::memchr_iter(b'<', head.as_bytes()).find_map(|at| {
        let rest = &head[at + 1..];
        let name = &rest[..rest.find(|char: char| char == '>' || char == '/' || char.is_ascii_whitespace())?];
        let local = name.rsplit(':').next()?;
        ENTRIES.contains(&local).then_some((at, name))
    })
}

/// A name without the prefix the feed's root has, which then is that of all its own elements.
fn unprefixed<'a>(root: &Element, name: &'a str) -> &'a str {
    let prefix = root.name.rsplit_once(':').map_or("", |(prefix, _)| prefix);
    name.split_once(':').filter(|(own, _)| *own == prefix).map_or(name, |(_, local)| local)
}

/// Reads an entry of RSS or Atom.
///
/// # Errors
/// `NoText` if it has neither title nor text.
pub fn article(record: &str, context: &Context, number: u64) -> Result<Draft, Skip> {
    let root = parse(record);
    let skip =
        |reason, detail: &str| Skip { reason, path: context.path.clone(), record: number, detail: detail.to_owned() };
    let Some(entry) = root.elements().next() else {
        return Err(skip(SkipReason::Malformed, "no element of an entry"));
    };
    let all = |name: &'static str| entry.elements().filter(move |element| unprefixed(entry, &element.name) == name);
    let first = |names: &[&'static str]| names.iter().find_map(|name| all(name).find_map(Element::line));
    // an export of `WordPress` is a feed with pages, pictures and drafts among its posts
    if let Some(kind) = first(&["wp:post_type"]).filter(|kind| kind != "post") {
        return Err(skip(SkipReason::NotAnArticle, &format!("a {kind}")));
    }
    if let Some(status) =
        first(&["wp:status"]).filter(|status| matches!(status.as_str(), "draft" | "auto-draft" | "trash"))
    {
        return Err(skip(SkipReason::NotAnArticle, &format!("a post of status {status}")));
    }
    let mut draft = Draft::default();
    let article = &mut draft.article;
    let titles = ["title", "dc:title", "media:title", "itunes:title"];
    article.title = titles.into_iter().find_map(|name| all(name).find_map(Element::title)).unwrap_or_default();
    let texts = [
        "content:encoded",
        "content",
        "atom:content",
        "xhtml:body",
        "body",
        "description",
        "summary",
        "atom:summary",
        "dc:description",
        "media:description",
        "itunes:summary",
    ];
    let body = texts.into_iter().find_map(|name| all(name).map(body).find(|text| !text.is_empty()));
    article.body = body.unwrap_or_default();
    if article.title.is_empty() && article.body.is_empty() {
        return Err(skip(SkipReason::NoText, "an entry without title and text"));
    }
    article.id = first(&["guid", "id", "atom:id", "dc:identifier"])
        .or_else(|| entry.attribute("rdf:about").map(str::to_owned))
        .unwrap_or_default();
    article.url = url(entry, &article.id);
    let source = all("source").find_map(|source| source.at("title").unwrap_or(source).line());
    article.source = source.or_else(|| first(&["dc:publisher"])).filter(|source| !source.contains("://"));
    let language = first(&["dc:language", "language"]).or_else(|| entry.attribute("xml:lang").map(str::to_owned));
    article.language = language.and_then(|tag| row::language(&tag));
    for name in ["author", "atom:author", "dc:creator", "itunes:author"] {
        if article.authors.is_empty() {
            for name in all(name).filter_map(author) {
                bounds::list(&mut article.authors, name);
            }
        }
    }
    for name in ["category", "dc:subject"] {
        for tag in all(name).filter_map(tag) {
            bounds::list(&mut article.tags, tag);
        }
    }
    let dates = [
        "pubDate",
        "published",
        "atom:published",
        "issued",
        "dc:date",
        "dcterms:issued",
        "wp:post_date_gmt",
        "wp:post_date",
        "dcterms:created",
        "created",
        "pubdate",
        "updated",
        "atom:updated",
        "modified",
        "dcterms:modified",
    ];
    let mut refused = false;
    for written in dates.into_iter().filter_map(|name| first(&[name])) {
        article.date = stamp::date(&written);
        if article.date.is_some() {
            article.date_from = Some(DateFrom::Feed);
            break;
        }
        refused = true;
    }
    if refused && article.date.is_none() {
        draft.warnings.push(Warning::DateRefused);
    }
    Ok(draft)
}

fn body(content: &Element) -> String {
    // what is no text: pictures and binary data
    let kind = content.attribute("type").unwrap_or("text");
    let is_text = matches!(kind, "text" | "html" | "xhtml") || kind.starts_with("text/") || kind.ends_with("xml");
    if is_text && content.attribute("mode") != Some("base64") { content.prose() } else { String::new() }
}

/// The address of the page: an alternate link, a link without relation, an id that is one.
fn url(entry: &Element, id: &str) -> Option<String> {
    let is_address = |text: &str| text.starts_with("http://") || text.starts_with("https://");
    let links = || entry.elements().filter(|link| link.local() == "link");
    let hrefs = links().filter(|link| matches!(link.attribute("rel"), None | Some("alternate")));
    let href = hrefs.filter_map(|link| link.attribute("href").map(str::to_owned)).find(|url| is_address(url));
    let original = entry.at("feedburner:origLink").and_then(Element::line);
    let text = || links().filter_map(Element::line).find(|url| is_address(url));
    let permanent = entry.at("guid").is_none_or(|guid| guid.attribute("isPermaLink") != Some("false"));
    let id = || (permanent && is_address(id)).then(|| id.to_owned());
    let about = || entry.attribute("rdf:about").filter(|url| is_address(url)).map(str::to_owned);
    original.or(href).or_else(text).or_else(id).or_else(about)
}

/// `jane@example.com (Jane Roe)`, `Jane Roe <jane@example.com>`, `<name>Jane Roe</name>`; an address is no name.
fn author(element: &Element) -> Option<String> {
    let written = match element.elements().find(|part| part.local() == "name") {
        Some(name) => name.line()?,
        None if element.elements().next().is_some() => return None,
        None => element.title()?,
    };
    let written = match (written.split_once('('), written.contains('@')) {
        (Some((_, name)), true) if written.ends_with(')') => name.trim_end_matches(')').to_owned(),
        (_, true) => {
            let words: Vec<&str> = written.split(' ').filter(|word| !word.contains('@')).collect();
            words.join(" ")
        }
        _ => written,
    };
    let name = written.trim().to_owned();
    (!name.is_empty()).then_some(name)
}

fn tag(element: &Element) -> Option<String> {
    let label = element.attribute("label").or_else(|| element.attribute("term")).map(str::to_owned);
    label.or_else(|| element.title())
}

/// Takes the title of a JSON feed from what stands before its items.
pub fn describe_json(head: &str, context: &mut Context) {
    let before = &head[..head.find("\"items\"").unwrap_or(head.len())];
    let string = |key: &str| {
        let (_, rest) = before.split_once(key)?;
        let rest = rest.trim_start().strip_prefix(':')?.trim_start();
        serde_json::Deserializer::from_str(rest).into_iter::<String>().next()?.ok()
    };
    context.source = string("\"title\"").filter(|title| !title.is_empty());
    context.language = string("\"language\"").and_then(|tag| row::language(&tag));
}

/// Reads an item of a JSON feed.
///
/// # Errors
/// `NoText` if it has neither title nor text.
pub fn json_article(record: &str, context: &Context, number: u64) -> Result<Draft, Skip> {
    let mut draft = json::article(record, context, number)?;
    draft.article.date_from = draft.article.date.map(|_| DateFrom::Feed);
    Ok(draft)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{self, Format};

    fn read(format: Format, feed: &str) -> Vec<Result<Draft, SkipReason>> {
        let mut drafts = Vec::new();
        let ended = format::records(format, &mut feed.as_bytes(), Context::default(), &mut |record| {
            drafts.push(record.and_then(|record| format::article(&record)).map_err(|skip| skip.reason));
            true
        });
        assert_eq!(ended, Ok(()));
        drafts
    }

    #[test]
    fn an_rss_item_gives_all_its_facts() {
        let feed = "<rss><channel><title>Dale &amp; Hill Post</title><language>en-gb</language><items/>\
            <item><title>Bridge &amp;amp; ferry</title><link>https://post.example/1</link><guid isPermaLink='false'>n1</guid>\
            <description>Short.</description><content:encoded><![CDATA[<p>One.</p><p>Two &eacute;.</p>]]></content:encoded>\
            <author>desk@post.example (Jane Roe)</author><category>Local</category><category>Local</category>\
            <pubDate>Fri, 17 May 2024 09:30:00 +0200</pubDate></item></channel></rss>";
        let draft = read(Format::Feed, feed).remove(0).unwrap();
        let article = &draft.article;
        assert_eq!((article.id.as_str(), article.title.as_str()), ("n1", "Bridge & ferry"));
        assert_eq!((article.body.as_str(), article.url.as_deref()), ("One.\n\nTwo é.", Some("https://post.example/1")));
        assert_eq!((article.source.as_deref(), article.language.as_deref()), (Some("Dale & Hill Post"), Some("en-GB")));
        assert_eq!(
            (&article.authors[..], &article.tags[..]),
            (&["Jane Roe".to_owned()][..], &["Local".to_owned()][..])
        );
        assert_eq!(article.date.map(|date| date.to_string()).as_deref(), Some("2024-05-17T09:30:00+02:00"));
        assert_eq!(article.date_from, Some(DateFrom::Feed));
    }

    #[test]
    fn an_atom_entry_gives_all_its_facts() {
        let feed = "<atom:feed xmlns:atom='http://www.w3.org/2005/Atom' xml:lang='de'><atom:title>Der Bote</atom:title>\
            <atom:entry><atom:id>tag:bote.example,2024:1</atom:id><atom:title type='html'>Br&amp;uuml;cke &lt;b&gt;offen&lt;/b&gt;</atom:title>\
            <atom:link rel='self' href='https://bote.example/feed'/><atom:link href='https://bote.example/1'/>\
            <atom:author><atom:name>Jana Muster</atom:name><atom:email>j@bote.example</atom:email></atom:author>\
            <atom:updated>2024-05-18T10:00:00Z</atom:updated><atom:published>2024-05-17T10:00:00Z</atom:published>\
            <atom:category term='l' label='Lokales'/>\
            <atom:content type='xhtml'><div><p>Eins.</p><p>Zwei.</p></div></atom:content></atom:entry></atom:feed>";
        let draft = read(Format::Feed, feed).remove(0).unwrap();
        let article = &draft.article;
        assert_eq!((article.title.as_str(), article.body.as_str()), ("Brücke offen", "Eins.\n\nZwei."));
        assert_eq!((article.source.as_deref(), article.language.as_deref()), (Some("Der Bote"), Some("de")));
        assert_eq!(
            (&article.authors[..], &article.tags[..]),
            (&["Jana Muster".to_owned()][..], &["Lokales".to_owned()][..])
        );
        assert_eq!(article.url.as_deref(), Some("https://bote.example/1"));
        assert_eq!(article.date.map(|date| date.to_string()).as_deref(), Some("2024-05-17T10:00:00Z"));
    }

    #[test]
    fn a_bad_date_is_told_and_a_broken_item_costs_no_other() {
        let feed = "<rss><channel><title>Post</title><item><title>One</title><pubDate>soon</pubDate></item>\
            <item><title>Two <b></item><item><link>x</link></item><item><title>Three</title></item></channel></rss>";
        let drafts = read(Format::Feed, feed);
        assert_eq!(drafts[0].as_ref().unwrap().warnings, [Warning::DateRefused]);
        let titles: Vec<_> =
            drafts.iter().map(|draft| draft.as_ref().map_or("", |draft| &draft.article.title)).collect();
        assert_eq!(titles, ["One", "Two", "", "Three"]);
    }

    #[test]
    fn a_feed_without_entries_is_told() {
        assert_eq!(read(Format::Feed, "<feed><title>None</title></feed>"), [Err(SkipReason::NoText)]);
    }

    #[test]
    fn a_json_feed_names_its_items_source() {
        let feed = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "The \"Post\"", "language": "en",
            "items": [{"id": "1", "title": "One", "content_html": "<p>Two.</p>", "date_published": "2024-05-17T10:00:00Z"}]}"#;
        let article = read(Format::JsonFeed, feed).remove(0).unwrap().article;
        assert_eq!((article.source.as_deref(), article.date_from), (Some("The \"Post\""), Some(DateFrom::Feed)));
    }
}
