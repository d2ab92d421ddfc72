//! A citation for people: who, what, where, when, and the id by which the archive knows it.

use crate::article::Article;
use crate::date::Date;

use super::one_line;

/// `Jane Doe: “Title”. Source, 2024-05-01. https://… (id)`.
pub fn citation(article: &Article) -> String {
    let authors = if article.authors.is_empty() { String::new() } else { format!("{}: ", article.authors.join(", ")) };
    let title = if article.title.is_empty() { "(no title)".to_owned() } else { format!("“{}”", article.title) };
    let date = article.date.map(Date::without_time).map_or_else(|| "undated".to_owned(), |date| date.to_string());
    let source = article.source.as_ref().map_or_else(String::new, |source| format!("{source}, "));
    let url = article.url.as_ref().map_or_else(String::new, |url| format!("{url} "));
    one_line(&format!("{authors}{title}. {source}{date}. {url}[{}]", article.id)) + "\n"
}
