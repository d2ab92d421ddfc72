//! A citation for people: who, what, where, when, and the id by which the archive knows it.

use crate::article::Article;
use crate::date::Date;

use super::one_line;

/// `Jane Doe: “Title”. Source, 2024-05-01. https://… (id)`.
pub fn citation(article: &Article) -> String {
    let mut text = String::new();
    if !article.authors.is_empty() {
        text.push_str(&one_line(&article.authors.join(", ")));
        text.push_str(": ");
    }
    match one_line(&article.title).as_str() {
        "" => text.push_str("(no title). "),
        title => text.push_str(&format!("“{title}”. ")),
    }
    let date = article.date.map(Date::without_time).map_or_else(|| "undated".to_owned(), |date| date.to_string());
    let published: Vec<String> = [article.source.as_deref().map(one_line), Some(date)].into_iter().flatten().collect();
    text.push_str(&published.join(", "));
    text.push_str(". ");
    if let Some(url) = &article.url {
        text.push_str(&one_line(url));
        text.push(' ');
    }
    text.push_str(&format!("[{}]\n", one_line(&article.id)));
    text
}
