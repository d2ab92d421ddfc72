//! BibTeX: `@article{key, field = {value}, …}`, in UTF-8, with what TeX would read as a command escaped.

use sha2::{Digest, Sha256};

use crate::article::Article;
use crate::facts::hexadecimal;

use super::one_line;

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// One entry.
pub fn citation(article: &Article) -> String {
    let mut fields: Vec<(&str, String)> = Vec::new();
    // a second pair of braces keeps the capitals of names, and bylines from being taken apart
    if !article.authors.is_empty() {
        let authors: Vec<String> = article.authors.iter().map(|author| format!("{{{}}}", escaped(author))).collect();
        fields.push(("author", format!("{{{}}}", authors.join(" and "))));
    }
    fields.push(("title", format!("{{{{{}}}}}", escaped(&article.title))));
    let mut text = |name, value: Option<&str>| {
        if let Some(value) = value {
            fields.push((name, format!("{{{}}}", escaped(value))));
        }
    };
    text("journal", article.source.as_deref());
    text("url", article.url.as_deref());
    text("language", article.language.as_deref());
    text("note", Some(&format!("dateline id {}", article.id)));
    if let Some(date) = article.date {
        fields.push(("year", format!("{{{:04}}}", date.year())));
        if let Some(month) = date.month().and_then(|month| MONTHS.get(usize::try_from(month).ok()? - 1)) {
            fields.push(("month", (*month).to_owned()));
        }
        if let Some(day) = date.day() {
            fields.push(("day", format!("{{{day}}}")));
        }
    }
    let lines: Vec<String> = fields.into_iter().map(|(name, value)| format!("  {name} = {value},\n")).collect();
    format!("@article{{{},\n{}}}\n", key(&article.id), lines.concat())
}

/// The id as a key; one that holds what keys may not gets a piece of its hash, so that two stay two.
fn key(id: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
    if id.chars().all(plain) {
        return id.to_owned();
    }
    let kept: String = id.chars().map(|c| if plain(c) { c } else { '-' }).take(40).collect();
    format!("{kept}-{}", &hexadecimal(&Sha256::digest(id))[..8])
}

fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in one_line(text).chars() {
        match c {
            '\\' => escaped.push_str("\\textbackslash{}"),
            '~' => escaped.push_str("\\textasciitilde{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            '{' | '}' | '$' | '&' | '#' | '_' | '%' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c => escaped.push(c),
        }
    }
    escaped
}
