//! JSON: one object, an array of them, an object that holds such an array, or one object a line (`frame` cuts them).
//!
//! Articles are found by the names of keys (`field`), whatever their nesting: `{"source": {"name": …}}`,
//! `{"title": {"rendered": …}}`, `{"date": {"$date": …}}`. Our own output is read back as it was written.

mod columns;
mod frame;

use serde_json::{Map, Value};

use crate::archive::{Skip, SkipReason};
use crate::article::Draft;
use crate::format::field::{self, Alias, Field};
use crate::format::row::{self, Cell};
use crate::format::{Context, ninjs};

pub use frame::{lines, values};

/// Values of one record: a single one takes hundreds of times the bytes it is written with.
const VALUES: usize = 1 << 18;
/// Objects inside objects that are looked into for an article or an array of them.
const ENVELOPES: usize = 4;

/// Reads an article from one JSON object.
///
/// # Errors
/// `Malformed` if it is none, `TooLarge` if it holds too many values, `NoText` without title and text.
pub fn article(text: &str, context: &Context, number: u64) -> Result<Draft, Skip> {
    let skip = |reason, detail| Skip { reason, path: context.path.clone(), record: number, detail };
    if has_over(VALUES, text.as_bytes()) {
        return Err(skip(SkipReason::TooLarge, format!("over {VALUES} values in one record")));
    }
    let value: Value = serde_json::from_str(text).map_err(|error| skip(SkipReason::Malformed, error.to_string()))?;
    let Value::Object(object) = value else {
        return Err(skip(SkipReason::Malformed, format!("not an object but {}", kind(&value))));
    };
    let object = unwrapped(object, context);
    let own = object.get("origin").and_then(Value::as_object).is_some_and(|origin| origin.contains_key("record"));
    if !own && context.map.0.is_empty() && ninjs::is_item(&object) {
        return ninjs::article(&object, context, number);
    }
    let keys: Vec<String> = object.keys().take(10).cloned().collect();
    row::draft(cells(object, context), own).ok_or_else(|| {
        let detail = format!("no key holds a title or text; keys are {}", keys.join(", "));
        skip(SkipReason::NoText, detail)
    })
}

/// Whether JSON holds more values than so many.
fn has_over(values: usize, json: &[u8]) -> bool {
    // a value is the first of a list or object, or comes after a comma; commas of texts are counted only if they matter
    if memchr::memchr3_iter(b',', b'[', b'{', json).nth(values).is_none() {
        return false;
    }
    let (mut count, mut at) = (0, 0);
    while let Some(found) = json[at..].iter().position(|byte| matches!(byte, b',' | b'[' | b'{' | b'"')) {
        at += found + 1;
        if json[at - 1] != b'"' {
            count += 1;
            continue;
        }
        while let Some(end) = memchr::memchr2(b'"', b'\\', &json[at..]) {
            at = (at + end + 1).min(json.len());
            if json[at - 1] == b'"' {
                break;
            }
            at = (at + 1).min(json.len());
        }
    }
    count > values
}

/// The object that holds the article: itself, or one under `_source`, `article`, `fields` …
fn unwrapped(mut object: Map<String, Value>, context: &Context) -> Map<String, Value> {
    let is_article = |object: &Map<String, Value>| {
        !context.map.0.is_empty()
            || object.iter().any(|(key, value)| {
                field::known(key).is_some_and(|alias| alias.is_text() && !alias.weak) && row::text(value).is_some()
            })
    };
    for _ in 0..ENVELOPES {
        if is_article(&object) {
            break;
        }
        let inner = field::envelopes().iter().find(|key| object.get(**key).is_some_and(Value::is_object));
        let Some(Value::Object(inner)) = inner.and_then(|key| object.remove(*key)) else { break };
        // facts beside the envelope, such as `_id`, stay
        for (key, value) in inner {
            object.insert(key, value);
        }
    }
    object
}

/// The values that carry a field, the most trusted of each field first.
fn cells(mut object: Map<String, Value>, context: &Context) -> Vec<Cell> {
    let mut cells = Vec::new();
    for (rank, (field, column)) in context.map.0.iter().enumerate() {
        if let Some(value) = mapped(&object, column) {
            cells.push((rank, Cell { field: *field, weak: false, value: value.clone() }));
        }
    }
    let mapped: Vec<Field> = context.map.0.iter().map(|(field, _)| *field).collect();
    for (key, value) in &mut object {
        if let Some(Alias { field, rank, weak }) = field::known(key)
            && !mapped.contains(&field)
            && !context.map.0.iter().any(|(_, column)| column == key)
        {
            cells.push((rank, Cell { field, weak, value: value.take() }));
        }
    }
    cells.sort_by_key(|(rank, cell)| (cell.field, *rank));
    cells.into_iter().map(|(_, cell)| cell).collect()
}

/// The value under a key, or under a path of keys parted by dots.
fn mapped<'a>(object: &'a Map<String, Value>, column: &str) -> Option<&'a Value> {
    if let Some(value) = object.get(column) {
        return Some(value);
    }
    let mut parts = column.split('.');
    let mut value = object.get(parts.next()?)?;
    for part in parts {
        value = match value {
            Value::Array(values) => values.get(part.parse::<usize>().ok()?)?,
            other => other.get(part)?,
        };
    }
    Some(value)
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::archive::SkipReason;
    use crate::article::{Article, Draft, Origin};
    use crate::format::{Context, FieldMap};

    fn draft(text: &str) -> Draft {
        super::article(text, &Context::default(), 1).unwrap()
    }

    #[test]
    fn deep_nesting_is_malformed() {
        for text in ["[".repeat(100_000) + &"]".repeat(100_000), "{\"a\":".repeat(100_000)] {
            let value = super::article(&text, &Context::default(), 1);
            assert_eq!(value.map_err(|skip| skip.reason), Err(SkipReason::Malformed));
        }
    }

    #[test]
    fn common_keys_are_understood() {
        let draft = draft(
            r#"{"headline": "Bridge &amp; road", "content": "Short .", "content_original": "<p>The bridge opened.</p><p>Cars came.</p>",
            "source": {"id": null, "name": "The Post"}, "authors": "By Jane Roe and Max Muster", "publish_date": {"$date": 1714558830000},
            "url": "https://example.org/a", "lang": "EN", "category": "Local", "keywords": "bridges, roads", "mood": 3}"#,
        );
        let article = &draft.article;
        assert_eq!(article.title, "Bridge & road");
        assert_eq!(article.body, "The bridge opened.\n\nCars came.");
        assert_eq!(article.source.as_deref(), Some("The Post"));
        assert_eq!(article.authors, ["Jane Roe", "Max Muster"]);
        assert_eq!(article.date.map(|date| date.to_string()).as_deref(), Some("2024-05-01T10:20:30Z"));
        assert_eq!(article.language.as_deref(), Some("en"));
        assert_eq!((article.section.as_deref(), article.tags.join("|").as_str()), (Some("Local"), "bridges|roads"));
    }

    #[test]
    fn a_date_that_is_none_is_refused_and_an_empty_one_is_not() {
        assert_eq!(draft(r#"{"title": "One", "date": "soon"}"#).warnings.len(), 1);
        assert!(draft(r#"{"title": "One", "date": "", "published": null}"#).warnings.is_empty());
        let second = draft(r#"{"title": "One", "date": "soon", "published": "2024-05-01"}"#);
        assert!(second.article.date.is_some() && second.warnings.is_empty());
    }

    #[test]
    fn our_own_output_is_read_back() {
        let article = Article {
            id: "a1".to_owned(),
            title: "Talks &amp; talks".to_owned(),
            body: "A short line\nand another\n\nA paragraph <b>as it is</b>.".to_owned(),
            date: "2024-05-01T10:20:30+05:30".parse().ok(),
            date_from: Some(crate::date::DateFrom::Url),
            people: vec!["Jane Roe".to_owned()],
            countries: vec!["DE".to_owned()],
            language: Some("zh-Hant".to_owned()),
            origin: Origin { path: "a.html".to_owned(), record: 1 },
            ..Article::default()
        };
        let back = draft(&serde_json::to_string(&article).unwrap());
        assert_eq!((back.people_tags, back.country_tags), (article.people.clone(), article.countries.clone()));
        let expected = Article { people: Vec::new(), countries: Vec::new(), origin: Origin::default(), ..article };
        assert_eq!(back.article, expected);
    }

    #[test]
    fn a_mapping_leads_into_objects() {
        let map = FieldMap::parse(&["title=meta.0.name".to_owned(), "body=words".to_owned()]).unwrap();
        let context = Context { map: Arc::new(map), ..Context::default() };
        let text = r#"{"title": "No", "meta": [{"name": "Yes"}], "words": "Text."}"#;
        let article = super::article(text, &context, 1).unwrap().article;
        assert_eq!((article.title.as_str(), article.body.as_str()), ("Yes", "Text."));
    }

    #[test]
    fn data_that_is_no_news_has_no_text() {
        for text in [r#"{"name": "a", "description": "b"}"#, r#"{"version": 1}"#, "{}"] {
            let result = super::article(text, &Context::default(), 1);
            assert_eq!(result.map_err(|skip| skip.reason), Err(SkipReason::NoText), "{text}");
        }
    }
}
