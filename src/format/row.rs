//! An article from named values, as JSON objects and rows of tables give them.

use serde_json::{Map, Value};

use crate::archive::Warning;
use crate::article::{Article, Draft, FiledFrom};
use crate::date::DateFrom;
use crate::format::field::{Field, is_by, is_join};
use crate::format::{bounds, charset, markup, paragraph, stamp};

/// One value and the field it carries.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// What it is.
    pub field: Field,
    /// Found under a name that data other than news uses too.
    pub weak: bool,
    /// As written.
    pub value: Value,
}

/// Keys of an object that stands where text is expected, in order of trust.
const TEXT_KEYS: [&str; 13] = [
    "rendered",
    "main",
    "original",
    "full",
    "text",
    "value",
    "name",
    "title",
    "content",
    "body",
    "paragraphs",
    "#text",
    "$oid",
];
/// Types of parts of an article that are no paragraphs of it.
const ASIDES: [&str; 8] = ["kicker", "title", "byline", "date", "author_info", "image", "gallery", "video"];
/// Nesting of values looked into for text.
const DEPTH: usize = 8;

/// Makes a draft of cells, the most trusted of each field first; `None` without title and text.
///
/// `own` says the record is our own output, whose text is clean already.
pub fn draft(cells: Vec<Cell>, own: bool) -> Option<Draft> {
    let mut draft = Draft::default();
    let (mut refused, mut strong) = (false, false);
    for Cell { field, weak, value } in cells {
        let article = &mut draft.article;
        match field {
            Field::Id => fill(&mut article.id, || line(&value)),
            Field::Title => fill(&mut article.title, || if own { text(&value) } else { line(&value) }),
            Field::Body => fill(&mut article.body, || if own { text(&value) } else { body(&value) }),
            Field::Source => set(&mut article.source, || line(&value)),
            Field::Section => set(&mut article.section, || line(&value)),
            Field::Url => set(&mut article.url, || line(&value).filter(|url| is_url(url))),
            Field::Wire => set(&mut article.wire, || line(&value)),
            Field::Language => set(&mut article.language, || language(&line(&value)?)),
            Field::Dateline => set(&mut draft.dateline, || line(&value)),
            Field::FiledFrom => set(&mut article.filed_from, || filed_from(&value)),
            Field::Authors if article.authors.is_empty() => article.authors = authors(&value),
            Field::Tags if article.tags.is_empty() => article.tags = list(&value, &[',', ';', '|']),
            Field::People if draft.people_tags.is_empty() => draft.people_tags = list(&value, &[';', '|']),
            Field::Countries if draft.country_tags.is_empty() => draft.country_tags = list(&value, &[',', ';', '|']),
            Field::Date if article.date.is_none() => {
                let Some(written) = date_text(&value, DEPTH) else { continue };
                match stamp::date(&written) {
                    Some(date) => {
                        article.date = Some(date);
                        article.date_from.get_or_insert(DateFrom::Field);
                    }
                    None if stamp::is_unclear(&written) => set(&mut draft.unclear_date, || Some(written.clone())),
                    None => refused = true,
                }
            }
            Field::DateFrom if own => {
                // only together with a date, which comes before it
                if let (true, Ok(from)) = (article.date.is_some(), serde_json::from_value(value)) {
                    article.date_from = Some(from);
                }
            }
            _ => {}
        }
        let Article { title, body, .. } = &draft.article;
        strong |= !weak && matches!(field, Field::Title | Field::Body) && !(title.is_empty() && body.is_empty());
    }
    if refused && draft.article.date.is_none() {
        draft.warnings.push(Warning::DateRefused);
    }
    strong.then_some(draft)
}

/// The text of a value of any shape, as written; `None` if it has none.
pub fn text(value: &Value) -> Option<String> {
    text_within(value, DEPTH)
}

fn text_within(value: &Value, depth: usize) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    let text = match value {
        Value::String(text) => charset::clean(text).trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Array(values) => {
            let said = values.iter().filter(|value| !is_aside(value));
            let parts: Vec<String> = said.filter_map(|value| text_within(value, depth)).collect();
            // an array in an array is a paragraph cut into sentences
            parts.join(if depth + 1 == DEPTH { "\n\n" } else { " " })
        }
        Value::Object(object) => return within(object, depth),
        Value::Null | Value::Bool(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// Whether a part of an article says of itself that it is none of its paragraphs, as in exports of newspapers' own systems.
fn is_aside(part: &Value) -> bool {
    let kind = part.get("type").and_then(Value::as_str);
    part.get("content").is_some() && kind.is_some_and(|kind| ASIDES.contains(&kind))
}

fn within(object: &Map<String, Value>, depth: usize) -> Option<String> {
    TEXT_KEYS.iter().find_map(|key| text_within(object.get(*key)?, depth))
}

/// Text on one line, without markup.
fn line(value: &Value) -> Option<String> {
    let text = match value {
        // of several, the first
        Value::Array(values) => values.iter().find_map(text)?,
        other => text(other)?,
    };
    let text = if markup::is_markup(&text) { markup::text(&text) } else { markup::entities(&text).into_owned() };
    let text = charset::clean(&text).split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

fn body(value: &Value) -> Option<String> {
    let text = text(value)?;
    let text =
        if markup::is_markup(&text) { markup::text(&text) } else { paragraph::paragraphs(&markup::entities(&text)) };
    (!text.is_empty()).then_some(text)
}

fn fill(place: &mut String, value: impl FnOnce() -> Option<String>) {
    if place.is_empty() {
        *place = value().unwrap_or_default();
    }
}

fn set<T>(place: &mut Option<T>, value: impl FnOnce() -> Option<T>) {
    if place.is_none() {
        *place = value();
    }
}

fn is_url(text: &str) -> bool {
    !text.contains(' ') && (text.contains("://") || text.starts_with("//") || text.starts_with("www."))
}

/// A BCP 47 tag in its usual capitals; `None` for the name of a language.
pub fn language(text: &str) -> Option<String> {
    let mut parts = text.split(['-', '_']);
    let primary = parts.next()?;
    if !matches!(primary.len(), 2 | 3) || !primary.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    let mut tag = primary.to_ascii_lowercase();
    for part in parts {
        if part.len() > 8 || !part.bytes().all(|byte| byte.is_ascii_alphanumeric()) || part.is_empty() {
            break;
        }
        tag.push('-');
        match part.len() {
            2 => tag.push_str(&part.to_ascii_uppercase()),
            4 => {
                tag.push_str(&part[..1].to_ascii_uppercase());
                tag.push_str(&part[1..].to_ascii_lowercase());
            }
            _ => tag.push_str(&part.to_ascii_lowercase()),
        }
    }
    Some(tag)
}

fn filed_from(value: &Value) -> Option<FiledFrom> {
    let filed: FiledFrom = serde_json::from_value(value.clone()).ok()?;
    (!filed.place.is_empty()).then_some(filed)
}

/// What a date is written as: text, a number, `{"$date": …}`, `{"$numberLong": …}`, `{"date": …}`.
fn date_text(value: &Value, depth: usize) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    match value {
        Value::Object(object) => {
            let keys = ["$date", "$numberLong", "date", "value", "iso", "published", "rendered"];
            keys.iter().find_map(|key| date_text(object.get(*key)?, depth))
        }
        other => line(other),
    }
}

/// Several names: an array, or text with a character between them, or a list as Python prints it.
fn list(value: &Value, between: &[char]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let written = match value {
        Value::Array(values) => values.iter().filter_map(line).collect(),
        other => {
            let Some(text) = line(other) else { return names };
            match text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
                Some(inside) => quoted(inside),
                None => text.split(between).map(str::to_owned).collect(),
            }
        }
    };
    for name in written {
        bounds::list(&mut names, name.trim().to_owned());
    }
    names
}

/// `'A', "B, C"`: the parts inside quotes, or what commas part if there are no quotes.
fn quoted(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = text.trim();
    while let Some(quote) = rest.chars().next().filter(|char| matches!(char, '\'' | '"')) {
        let inside = &rest[1..];
        // a quote ends a part only before a comma or the end: 'O'Neill'
        let end = inside.match_indices(quote).map(|(at, _)| at).find(|at| {
            let after = inside[at + 1..].trim_start();
            after.is_empty() || after.starts_with(',')
        });
        let Some(end) = end else { break };
        parts.push(inside[..end].to_owned());
        rest = inside[end + 1..].trim_start().trim_start_matches(',').trim_start();
    }
    parts.extend(rest.split(',').filter(|part| !part.trim().is_empty()).map(str::to_owned));
    parts
}

/// A byline: names in an array, or in one text: `By A, B and C`.
fn authors(value: &Value) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let parts = match value {
        Value::Array(values) => values.iter().filter_map(author).collect(),
        other => author(other).map(|text| byline(&text)).unwrap_or_default(),
    };
    for part in parts {
        bounds::list(&mut names, without_by(&part).to_owned());
    }
    names
}

/// One author: text, or an object with a name or its parts.
fn author(value: &Value) -> Option<String> {
    let part = |key: &str| line(value.get(key)?);
    if let Some(name) = part("name") {
        return Some(name);
    }
    let names: Vec<String> =
        ["firstname", "first_name", "middlename", "lastname", "last_name"].into_iter().filter_map(part).collect();
    if names.is_empty() { line(value) } else { Some(names.join(" ")) }
}

/// The names in one text: `By A, B and C`.
pub fn byline(text: &str) -> Vec<String> {
    if let Some(inside) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        return quoted(inside);
    }
    let text = without_by(text);
    if text.contains([';', '|']) {
        return text.split([';', '|']).map(|part| part.trim().to_owned()).collect();
    }
    let mut names = Vec::new();
    let commas: Vec<&str> = text.split(',').map(str::trim).collect();
    // `Smith, Jane` is one person
    if let [family, given] = commas[..]
        && !family.contains(' ')
        && given.split(' ').count() <= 2
        && !given.split(' ').any(is_join)
    {
        return vec![format!("{given} {family}")];
    }
    for part in commas {
        let mut name = String::new();
        for word in part.split(' ') {
            if is_join(&word.to_lowercase())
                && (word == "&" || word != word.to_uppercase() || (word.len() > 1 && text == text.to_uppercase()))
            {
                names.push(std::mem::take(&mut name));
            } else {
                if !name.is_empty() {
                    name.push(' ');
                }
                name.push_str(word);
            }
        }
        names.push(name);
    }
    names
}

fn without_by(text: &str) -> &str {
    let text = text.trim();
    match text.split_once(' ') {
        Some((first, rest)) if is_by(first.trim_end_matches(':').to_lowercase().as_str()) => rest.trim(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn bylines_are_cut_into_names() {
        for (written, names) in [
            (json!("By Jane Roe, Max Muster and Li Na"), &["Jane Roe", "Max Muster", "Li Na"][..]),
            (json!("Roe, Jane"), &["Jane Roe"]),
            (json!("JANE ROE AND MAX MUSTER"), &["JANE ROE", "MAX MUSTER"]),
            (json!("Jane Roe; Max Muster"), &["Jane Roe", "Max Muster"]),
            (json!(["By Jane Roe", {"name": "Max Muster"}]), &["Jane Roe", "Max Muster"]),
            (json!({"first_name": "Jane", "last_name": "Roe"}), &["Jane Roe"]),
            (json!("['Jane Roe', \"Sean O'Neill\"]"), &["Jane Roe", "Sean O'Neill"]),
            (json!(""), &[]),
            (json!(null), &[]),
        ] {
            assert_eq!(authors(&written), names, "{written}");
        }
    }

    #[test]
    fn languages_are_tags_or_nothing() {
        assert_eq!(language("EN_us").as_deref(), Some("en-US"));
        assert_eq!(language("zh-hant-TW").as_deref(), Some("zh-Hant-TW"));
        assert_eq!(language("English"), None);
    }

    #[test]
    fn text_is_found_in_any_shape() {
        assert_eq!(body(&json!(["One.", "Two."])).as_deref(), Some("One.\n\nTwo."));
        assert_eq!(body(&json!([["One.", "Still one."], ["Two."]])).as_deref(), Some("One. Still one.\n\nTwo."));
        assert_eq!(
            body(&json!({"rendered": "<p>One &amp; two.</p><p>Three.</p>"})).as_deref(),
            Some("One & two.\n\nThree.")
        );
        assert_eq!(
            body(&json!([{"type": "kicker", "content": "World"}, {"type": "sanitized_html", "content": "One."}]))
                .as_deref(),
            Some("One.")
        );
        assert_eq!(body(&json!([{"type": "image"}, {"type": "text", "content": "One."}])).as_deref(), Some("One."));
    }
}
