//! CSL-JSON: what citation processors take. <https://github.com/citation-style-language/schema>

use serde::Serialize;

use crate::article::Article;

use super::one_line;

#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    r#type: &'static str,
    title: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    author: Vec<Name>,
    #[serde(rename = "container-title", skip_serializing_if = "Option::is_none")]
    container_title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issued: Option<Issued>,
    #[serde(skip_serializing_if = "Option::is_none")]
    section: Option<&'a str>,
    #[serde(rename = "URL", skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
}

/// A name as printed: a byline does not say which part of it is the family name.
#[derive(Serialize)]
struct Name {
    literal: String,
}

#[derive(Serialize)]
struct Issued {
    #[serde(rename = "date-parts")]
    date_parts: [Vec<i16>; 1],
}

/// One item.
pub fn citation(article: &Article) -> String {
    let issued = article.date.map(|date| {
        let parts = [Some(date.year()), date.month().map(i16::from), date.day().map(i16::from)];
        Issued { date_parts: [parts.into_iter().flatten().collect()] }
    });
    let item = Item {
        id: &article.id,
        r#type: "article-newspaper",
        title: one_line(&article.title),
        author: article.authors.iter().map(|author| Name { literal: one_line(author) }).collect(),
        container_title: article.source.as_deref(),
        issued,
        section: article.section.as_deref(),
        url: article.url.as_deref(),
        language: article.language.as_deref(),
    };
    serde_json::to_string(&item).expect("text and numbers can be written as JSON")
}
