//! ninjs 1 to 3: JSON in which news agencies exchange items; only those with text are articles.
//!
//! It comes in one object a file, in arrays and by lines, so it is told apart record by record. Version 2 put what may
//! be there several times into arrays, version 3 changed the case of names. Layout: <https://iptc.org/std/ninjs/>

use serde_json::{Map, Value};

use crate::archive::{Skip, SkipReason, Warning};
use crate::article::Draft;
use crate::date::DateFrom;
use crate::format::newsml::is_withdrawn;
use crate::format::nitf::{self, add};
use crate::format::xml::parse;
use crate::format::{Context, markup, paragraph, row};

type Object = Map<String, Value>;

/// Whether an object is an item: it has an identifier, and a version or what no other JSON of news has.
pub fn is_item(object: &Object) -> bool {
    let has = |names: &[&str]| names.iter().any(|name| object.contains_key(*name));
    let versioned = has(&["versioncreated", "versionCreated"]);
    (has(&["uri"]) && (versioned || has(&["$standard", "eventDetails", "representationtype", "representationType"])))
        || (has(&["guid"]) && versioned && has(&["type"]))
}

/// Reads an article from an item.
///
/// # Errors
/// `NotAnArticle` if it is a picture, a film, an event, a plan, a package without a text of its own; `NoText` without
/// title and text.
pub fn article(object: &Object, context: &Context, number: u64) -> Result<Draft, Skip> {
    let skip = |reason, detail: String| Skip { reason, path: context.path.clone(), record: number, detail };
    let line = |names: &[&str]| names.iter().find_map(|name| one_line(object.get(*name)?));
    let mut draft = Draft::default();
    body(&mut draft, object);
    let kind = line(&["type"]).unwrap_or_default();
    let is_article = match kind.as_str() {
        "text" => true,
        "composite" => !draft.article.body.is_empty(),
        "" => !object.contains_key("eventDetails"),
        _ => false,
    };
    if !is_article {
        let kind = if kind.is_empty() { "event" } else { &kind };
        return Err(skip(SkipReason::NotAnArticle, format!("an item of type {kind}")));
    }
    if let Some(status) = line(&["pubstatus", "pubStatus"]).filter(|status| is_withdrawn(status)) {
        return Err(skip(SkipReason::NotAnArticle, format!("an item of status {status}")));
    }
    let article = &mut draft.article;
    article.id = line(&["uri", "guid"]).unwrap_or_default();
    article.url = line(&["uri"]).filter(|uri| uri.starts_with("http://") || uri.starts_with("https://"));
    let headline = line(&["headline"]).or_else(|| main(object.get("headlines")?)).or_else(|| line(&["title"]));
    if let Some(headline) = headline {
        article.title = headline;
    }
    let byline = line(&["byline", "by"]);
    if let Some(byline) = byline {
        article.authors = row::byline(&byline);
    } else if article.authors.is_empty() {
        article.authors = names(object, &["authors"]).collect();
    }
    article.authors.retain(|name| !name.is_empty());
    let provider = || names(object, &["infosources", "infoSources"]).next();
    article.source = line(&["source", "provider", "copyrightholder", "copyrightHolder"])
        .or_else(provider)
        .or_else(|| article.source.take());
    article.language = line(&["language"]).and_then(|tag| row::language(&tag)).or_else(|| article.language.take());
    let dates =
        ["firstcreated", "firstCreated", "contentcreated", "contentCreated", "versioncreated", "versionCreated"];
    let written: Vec<String> = dates.iter().filter_map(|name| one_line(object.get(*name)?)).collect();
    if let Some(date) = written.iter().find_map(|written| nitf::moment(written)) {
        article.date = Some(date);
        article.date_from = Some(DateFrom::Field);
        draft.warnings.clear();
    } else if !written.is_empty() && article.date.is_none() {
        draft.warnings.push(Warning::DateRefused);
    }
    for name in names(object, &["subject", "subjects", "keywords"]) {
        add(&mut article.tags, Some(name));
    }
    for name in names(object, &["person", "people"]) {
        add(&mut draft.people_tags, Some(name));
    }
    for place in members(object, &["place", "places"]) {
        let text = |key: &str| place.get(key).and_then(one_line);
        let is_country = text("scheme").is_some_and(|scheme| scheme.contains("iso3166"));
        add(&mut draft.country_tags, text("code").filter(|_| is_country).or_else(|| text("name")));
    }
    draft.dateline = line(&["dateline", "located"]).or(draft.dateline);
    if draft.article.title.is_empty() && draft.article.body.is_empty() {
        return Err(skip(SkipReason::NoText, "neither title nor text".to_owned()));
    }
    Ok(draft)
}

/// Text on one line, without markup.
fn one_line(value: &Value) -> Option<String> {
    let text = row::text(value)?;
    let text = if markup::is_markup(&text) { markup::text(&text) } else { markup::entities(&text).into_owned() };
    let line = text.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    (!line.is_empty()).then_some(line)
}

/// The value whose role is `main`, else the first.
fn main(values: &Value) -> Option<String> {
    let values = values.as_array()?;
    let is_main = |value: &&Value| value.get("role").and_then(Value::as_str) == Some("main");
    values.iter().find(is_main).or(values.first()).and_then(|value| one_line(value.get("value")?))
}

/// The objects or texts listed under one of these names.
fn members<'a>(object: &'a Object, names: &'a [&str]) -> impl Iterator<Item = &'a Value> {
    names.iter().filter_map(|name| object.get(*name)?.as_array()).flatten()
}

/// The names of what is listed, or their codes.
fn names<'a>(object: &'a Object, keys: &'a [&str]) -> impl Iterator<Item = String> + 'a {
    members(object, keys).filter_map(|member| match member {
        Value::Object(member) => ["name", "code", "literal"].iter().find_map(|key| one_line(member.get(*key)?)),
        other => one_line(other),
    })
}

/// Takes the text in the richest form it is given in.
fn body(draft: &mut Draft, object: &Object) {
    let plain = object.iter().filter(|(key, _)| key.starts_with("body")).filter_map(|(_, value)| value.as_str());
    let listed = object.get("bodies").and_then(Value::as_array).into_iter().flatten();
    let listed = listed.filter_map(|body| body.get("value")?.as_str());
    let all: Vec<&str> = plain.chain(listed).filter(|text| !text.trim().is_empty()).collect();
    let is_nitf = |text: &&&str| text.contains("<nitf");
    if let Some(text) = all.iter().find(|text| !is_nitf(text) && markup::is_markup(text)) {
        draft.article.body = markup::text(text);
    } else if let Some(text) = all.iter().find(is_nitf) {
        if let Some(nitf) = parse(text).at("nitf") {
            nitf::fill(draft, nitf);
        }
    } else if let Some(text) = all.first() {
        draft.article.body = paragraph::paragraphs(&markup::entities(text));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::format::json;

    fn read(item: &Value) -> Result<Draft, SkipReason> {
        json::article(&item.to_string(), &Context::default(), 1).map_err(|skip| skip.reason)
    }

    #[test]
    fn every_version_gives_the_same_facts() {
        let first = json!({"uri": "http://agency.example/1", "type": "text", "versioncreated": "2013-07-09T10:37:00Z", "byline": "By Jane Roe and Max Muster",
            "headline": "Bridge opens", "body_text": "One. Two.", "body_xhtml": "<p>One.</p><p>Two.</p>", "copyrightholder": "Dale Agency",
            "language": "en", "subject": [{"code": "1", "name": "bridges"}], "person": [{"name": "Li Na"}], "place": [{"name": "Dale", "scheme": "iso3166-1a2", "code": "GB"}], "located": "Dale"});
        let third = json!({"uri": "http://agency.example/1", "type": "text", "versionCreated": "2013-07-09T10:37:00Z", "by": "By Jane Roe and Max Muster",
            "headlines": [{"role": "alternative", "value": "x"}, {"role": "main", "value": "Bridge opens"}],
            "bodies": [{"role": "text", "value": "One. Two."}, {"role": "xhtml", "value": "<p>One.</p><p>Two.</p>"}], "copyrightHolder": "Dale Agency",
            "language": "en", "subjects": [{"uri": "1", "name": "bridges"}], "people": [{"name": "Li Na"}], "places": [{"name": "Dale", "scheme": "iso3166-1a2", "code": "GB"}], "located": "Dale"});
        let draft = read(&first).unwrap();
        assert_eq!(read(&third), Ok(draft.clone()));
        let article = &draft.article;
        assert_eq!((article.title.as_str(), article.body.as_str()), ("Bridge opens", "One.\n\nTwo."));
        assert_eq!(
            (article.id.as_str(), article.url.as_deref()),
            ("http://agency.example/1", Some("http://agency.example/1"))
        );
        assert_eq!(
            (&article.authors[..], article.source.as_deref()),
            (&["Jane Roe".to_owned(), "Max Muster".to_owned()][..], Some("Dale Agency"))
        );
        assert_eq!(article.date.map(|date| date.to_string()).as_deref(), Some("2013-07-09T10:37:00Z"));
        assert_eq!((&article.tags[..], &draft.country_tags[..]), (&["bridges".to_owned()][..], &["GB".to_owned()][..]));
        assert_eq!((&draft.people_tags[..], draft.dateline.as_deref()), (&["Li Na".to_owned()][..], Some("Dale")));
    }

    #[test]
    fn what_has_no_text_of_its_own_is_parked() {
        for kind in ["picture", "video", "audio", "graphic", "event", "planning", "composite"] {
            let item = json!({"uri": "x:1", "type": kind, "versioncreated": "2013-07-09T10:37:00Z", "headline": "Bridge opens"});
            assert_eq!(read(&item), Err(SkipReason::NotAnArticle), "{kind}");
        }
        let package = json!({"uri": "x:1", "type": "composite", "versioncreated": "2013-07-09", "headline": "Bridge opens", "body_text": "One."});
        assert_eq!(read(&package).unwrap().article.body, "One.");
    }

    #[test]
    fn a_text_in_nitf_is_read_as_nitf() {
        let item = json!({"uri": "x:1", "type": "text", "versionCreated": "2013-07-09T10:37:00Z", "headlines": [{"value": "Bridge opens"}],
            "bodies": [{"value": "Plain."}, {"value": "<nitf><head><title>N</title></head><body><body.content><p>One.</p><hl2>Two</hl2></body.content></body></nitf>"}]});
        let article = read(&item).unwrap().article;
        assert_eq!((article.title.as_str(), article.body.as_str()), ("Bridge opens", "One.\n\nTwo"));
    }
}
