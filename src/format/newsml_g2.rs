//! `NewsML-G2`: `newsItem`s alone or in a `newsMessage`; packages, plans and concepts beside them are no articles.
//!
//! Layout: <https://iptc.org/std/NewsML-G2/guidelines/>

use crate::archive::{Skip, SkipReason, Warning};
use crate::article::{Draft, FiledFrom};
use crate::date::DateFrom;
use crate::format::newsml::{body, is_withdrawn};
use crate::format::nitf::{add, moment};
use crate::format::xml::{Element, parse};
use crate::format::{Context, row};

/// The items a message may carry; only the first is an article.
pub const ITEMS: [&str; 6] = ["newsItem", "packageItem", "planningItem", "conceptItem", "knowledgeItem", "catalogItem"];
/// How a concept identifier of a country begins.
const COUNTRY: &str = "iso3166-1a";

/// Reads an item.
///
/// # Errors
/// `NotAnArticle` if it is a package, a plan, a concept, a picture; `NoText` without title and text.
pub fn article(record: &str, context: &Context, number: u64) -> Result<Draft, Skip> {
    let root = parse(record);
    let skip = |reason, detail: String| Skip { reason, path: context.path.clone(), record: number, detail };
    let no_article = |detail: String| skip(SkipReason::NotAnArticle, detail);
    let Some(item) = root.elements().next() else {
        return Err(skip(SkipReason::Malformed, "no element of an item".to_owned()));
    };
    if item.local() != ITEMS[0] {
        return Err(no_article(format!("a {}", item.local())));
    }
    let code =
        |path: &str| item.at(path).and_then(|element| element.attribute("qcode").or_else(|| element.attribute("uri")));
    if let Some(class) = code("itemMeta/itemClass")
        && !class.ends_with("text")
    {
        return Err(no_article(format!("an item of class {class}")));
    }
    if let Some(status) = code("itemMeta/pubStatus").filter(|status| is_withdrawn(status)) {
        return Err(no_article(format!("an item of status {status}")));
    }
    let line = |path: &str| item.at(path).and_then(Element::line);
    let mut draft = Draft::default();
    let article = &mut draft.article;
    item.attribute("guid").unwrap_or_default().clone_into(&mut article.id);
    article.title = line("contentMeta/headline").or_else(|| line("itemMeta/title")).unwrap_or_default();
    let language = item.at("contentMeta/language").and_then(|language| language.attribute("tag"));
    article.language = language.or_else(|| item.attribute("xml:lang")).and_then(row::language);
    let party = |path: &str| item.at(path).and_then(|party| named(party, article.language.as_deref()));
    article.source = party("itemMeta/provider").or_else(|| party("contentMeta/infoSource"));
    let creators =
        item.at("contentMeta").into_iter().flat_map(Element::elements).filter(|element| element.is("creator"));
    article.authors = match line("contentMeta/by") {
        Some(byline) => row::byline(&byline),
        // a creator without a blank is an account or a desk
        None => creators.filter_map(|creator| creator.at("name")?.line()).filter(|name| name.contains(' ')).collect(),
    };
    let written = line("itemMeta/firstCreated")
        .or_else(|| line("contentMeta/contentCreated"))
        .or_else(|| line("itemMeta/versionCreated"));
    article.date = written.as_deref().and_then(moment);
    article.date_from = article.date.map(|_| DateFrom::Field);
    if article.date.is_none() && written.is_some() {
        draft.warnings.push(Warning::DateRefused);
    }
    draft.dateline = line("contentMeta/dateline");
    if draft.dateline.is_none()
        && let Some(located) = item.at("contentMeta/located")
        && let Some(place) = named(located, article.language.as_deref())
    {
        let country = countries(located).into_iter().find(|code| code.len() == 2);
        article.filed_from = Some(FiledFrom { place, country });
    }
    subjects(&mut draft, item);
    let contents = item.at("contentSet").into_iter().flat_map(Element::elements);
    for content in contents.filter(|content| content.is("inlineXML") || content.is("inlineData")) {
        if draft.article.body.is_empty() {
            body(&mut draft, content);
        }
    }
    if draft.article.title.is_empty() && draft.article.body.is_empty() {
        return Err(skip(SkipReason::NoText, "neither title nor text".to_owned()));
    }
    Ok(draft)
}

/// The name of a party or concept in the item's language, else its first name, else its literal or code.
fn named(concept: &Element, language: Option<&str>) -> Option<String> {
    let names = || concept.elements().filter(|element| element.is("name"));
    let own = names().find(|name| {
        let tag = name.attribute("xml:lang").and_then(row::language);
        tag.is_some() && tag.as_deref().map(primary) == language.map(primary)
    });
    let code = || concept.attribute("qcode").and_then(|code| code.rsplit(':').next());
    let written = || concept.attribute("literal").or_else(code).map(str::to_owned);
    own.or_else(|| names().next()).and_then(Element::line).or_else(written)
}

fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

/// Codes of countries by which a place, or what it lies in, is known.
fn countries(place: &Element) -> Vec<String> {
    let mut codes = Vec::new();
    let others = place.elements().filter(|element| element.is("sameAs") || element.is("broader"));
    for code in std::iter::once(place).chain(others).filter_map(|concept| concept.attribute("qcode")) {
        if let Some((scheme, code)) = code.split_once(':')
            && scheme.starts_with(COUNTRY)
        {
            // `DE-HE` is a part of `DE`
            codes.push(code.split('-').next().unwrap_or(code).to_owned());
        }
    }
    codes.sort_by_key(String::len);
    codes.truncate(1);
    codes
}

fn subjects(draft: &mut Draft, item: &Element) {
    let language = draft.article.language.clone();
    let Some(meta) = item.at("contentMeta") else { return };
    for subject in meta.elements() {
        match subject.local() {
            "keyword" => add(&mut draft.article.tags, subject.line()),
            "subject" => {
                let name = named(subject, language.as_deref());
                let code = subject.attribute("qcode").unwrap_or_default();
                match subject.attribute("type").map(|kind| kind.rsplit(':').next().unwrap_or(kind)) {
                    Some("person") => add(&mut draft.people_tags, name),
                    Some("geoArea") => {
                        let codes = countries(subject);
                        if codes.is_empty() {
                            add(&mut draft.country_tags, name);
                        }
                        for code in codes {
                            add(&mut draft.country_tags, Some(code));
                        }
                    }
                    _ if code.starts_with(COUNTRY) => {
                        for code in countries(subject) {
                            add(&mut draft.country_tags, Some(code));
                        }
                    }
                    _ => {
                        let has_name = subject.elements().any(|element| element.is("name"));
                        let code = Some(code.to_owned()).filter(|code| !code.is_empty() && !has_name);
                        add(&mut draft.article.tags, code.or(name));
                    }
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{self, Format};

    fn read(message: &str) -> Vec<Result<Draft, SkipReason>> {
        let mut drafts = Vec::new();
        let ended = format::records(Format::NewsMlG2, &mut message.as_bytes(), Context::default(), &mut |record| {
            drafts.push(record.and_then(|record| format::article(&record)).map_err(|skip| skip.reason));
            true
        });
        assert_eq!(ended, Ok(()));
        drafts
    }

    const TEXT: &str = "<newsItem guid='urn:1' xml:lang='de'><itemMeta><itemClass qcode='ninat:text'/><provider qcode='nprov:da'><name>Dale Agency</name></provider>\
        <versionCreated>2022-10-12T11:14:42+02:00</versionCreated><firstCreated>2022-10-11T11:14:42+02:00</firstCreated><pubStatus qcode='stat:usable'/></itemMeta>\
        <contentMeta><located><name>Dale</name><broader qcode='iso3166-1a2:GB'/></located><creator><name>roe.jane</name></creator><creator><name>Jane Roe</name></creator>\
        <subject type='cpnat:person'><name>Max Muster</name></subject><subject type='cpnat:geoArea' qcode='x:1'><name>Tal</name><sameAs qcode='iso3166-1a2:DE-HE'/></subject>\
        <subject type='cpnat:abstract' qcode='medtop:1'><name xml:lang='en'>bridges</name><name xml:lang='de'>Brücken</name></subject><subject qcode='medtop:2'/>\
        <headline>Brücke offen</headline></contentMeta>\
        <contentSet><inlineXML contenttype='application/xhtml+xml'><h:html><h:head><h:title>x</h:title></h:head><h:body><h:p>Eins.</h:p><h:p>Zwei.</h:p></h:body></h:html></inlineXML></contentSet></newsItem>";

    #[test]
    fn an_item_gives_all_its_facts() {
        let draft = read(TEXT).remove(0).unwrap();
        let article = &draft.article;
        assert_eq!((article.id.as_str(), article.title.as_str()), ("urn:1", "Brücke offen"));
        assert_eq!((article.body.as_str(), article.source.as_deref()), ("Eins.\n\nZwei.", Some("Dale Agency")));
        assert_eq!(article.date.map(|date| date.to_string()).as_deref(), Some("2022-10-11T11:14:42+02:00"));
        assert_eq!((&article.authors[..], article.language.as_deref()), (&["Jane Roe".to_owned()][..], Some("de")));
        assert_eq!(article.tags, ["Brücken", "medtop:2"]);
        assert_eq!(article.filed_from, Some(FiledFrom { place: "Dale".to_owned(), country: Some("GB".to_owned()) }));
        assert_eq!(
            (&draft.people_tags[..], &draft.country_tags[..]),
            (&["Max Muster".to_owned()][..], &["DE".to_owned()][..])
        );
    }

    #[test]
    fn what_is_no_article_is_parked() {
        let picture = TEXT.replace("ninat:text", "ninat:picture");
        let message = format!(
            "<g:newsMessage xmlns:g='x'><g:header/><g:itemSet><g:packageItem guid='p'><g:itemRef/></g:packageItem>{TEXT}{picture}<planningItem/></g:itemSet></g:newsMessage>"
        );
        let reasons: Vec<_> = read(&message).into_iter().map(Result::err).collect();
        let none = Some(SkipReason::NotAnArticle);
        assert_eq!(reasons, [none, None, none, none]);
    }
}
