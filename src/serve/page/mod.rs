//! The pages: HTML made on the server, complete without a script, at addresses that can be kept and shared.

mod about;
mod article;
mod facets;
mod hits;
mod reasons;
mod search;
mod timeline;

use std::sync::Arc;

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::enrich::Gazetteer;
use crate::export::clean;
use crate::index::Column;

use super::api::is_known;
use super::parameters::Parameters;
use super::problem::Problem;
use super::state::{Opened, State};

pub use about::{about, api, help};
pub use article::{article, cite};
pub use search::search;

/// Text of the archive, without what could hide a word or turn the direction of a line. Templates escape it.
pub fn plain(text: &str) -> String {
    clean(text)
}

/// The address of an article's page.
pub fn article_address(id: &str) -> String {
    format!("/articles/{}", encoded(id))
}

/// A part of a path.
fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

/// The address of a search.
fn search_address(parameters: &Parameters) -> String {
    let query = parameters.encoded();
    if query.is_empty() { "/".to_owned() } else { format!("/?{query}") }
}

/// A value as people read it: the name of a country, the value itself of anything else.
fn label(column: Column, value: &str) -> String {
    let is_country = matches!(column, Column::Countries | Column::FiledFrom);
    let name = Gazetteer::embedded().country_name(value).filter(|_| is_country);
    plain(name.unwrap_or(value))
}

/// A number with its thousands apart.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('\u{2009}');
        }
        text.push(digit);
    }
    text
}

/// `1 article`, `2 articles`.
fn articles(number: u64) -> String {
    format!("{} {}", grouped(number), if number == 1 { "article" } else { "articles" })
}

/// Text with some of it marked.
fn marked(text: &str, marks: &[std::ops::Range<usize>]) -> Markup {
    let mut at = 0;
    html! {
        @for mark in marks {
            (plain(&text[at..mark.start])) mark { (plain(&text[mark.clone()])) }
            ({ at = mark.end; "" })
        }
        (plain(&text[at..]))
    }
}

/// A message of ours, in which what stands between backticks is code.
fn spoken(text: &str) -> Markup {
    let is_paired = text.matches('`').count().is_multiple_of(2);
    html! {
        @for (place, part) in text.split(|c| is_paired && c == '`').enumerate() {
            @if place % 2 == 1 { code { (plain(part)) } } @else { (plain(part)) }
        }
    }
}

/// What stands around every page.
fn layout(title: &str, parameters: &Parameters, main: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="stylesheet" href="/style.css";
                link rel="icon" href="/icon.svg" type="image/svg+xml";
                @let query = parameters.of_articles().encoded();
                link rel="alternate" type="application/atom+xml" title="This search as a feed" href={ "/feed.atom?" (query) };
                script src="/script.js" defer {}
            }
            body {
                a.skip href="#main" { "Skip to the content" }
                header {
                    a.brand href="/" { "dateline" }
                    form #search action="/" method="get" role="search" {
                        label.hidden for="q" { "Search the archive" }
                        input #q type="search" name="q" value=(plain(parameters.first("q").unwrap_or_default()))
                            placeholder="ceasefire talks, person:Zelensky, \"exact words\"" autocomplete="off" spellcheck="false";
                        button type="submit" { "Search" }
                    }
                    nav aria-label="Pages" { a href="/help" { "Help" } a href="/about" { "About" } a href="/api" { "API" } }
                }
                main #main tabindex="-1" { (main) }
            }
        }
    }
}

/// A page as it is sent.
fn page(status: StatusCode, page: Markup) -> Response {
    let PreEscaped(body) = page;
    (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response()
}

/// A problem as the client reads it: a page for a browser, JSON for a program.
pub fn failed(headers: &HeaderMap, problem: Problem) -> Response {
    let accepts = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    if accepts.contains("text/html") { failed_page(&problem) } else { problem.into_response() }
}

fn failed_page(problem: &Problem) -> Response {
    let main = html! {
        section.notice {
            h1 { (problem.title) }
            p { (spoken(&problem.detail)) }
            p { a href="/" { "Back to the archive" } }
        }
    };
    let mut response = page(problem.status(), layout("dateline", &Parameters::default(), &main));
    problem.mark(&mut response);
    response
}

/// Makes a page, unless the browser holds it already.
async fn cached(
    state: &Arc<State>,
    headers: &HeaderMap,
    request: &str,
    work: impl FnOnce(&Opened) -> Result<Markup, Problem> + Send + 'static,
) -> Response {
    let opened = state.now();
    let etag = state.etag(&opened, request);
    let cache = [(header::ETAG, etag.clone()), (header::CACHE_CONTROL, "no-cache".to_owned())];
    if is_known(headers, &etag) {
        return (StatusCode::NOT_MODIFIED, cache).into_response();
    }
    match state.answer(&etag, move || work(&opened).map(|made| made.into_string().into_bytes())).await {
        Ok(made) => (cache, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], made).into_response(),
        Err(problem) => failed_page(&problem),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_the_archive_stays_text() {
        let evil = "<script>alert(1)</script>\u{202e}";
        let marks = vec![0..8; 1];
        assert_eq!(marked(evil, &marks).into_string(), "<mark>&lt;script&gt;</mark>alert(1)&lt;/script&gt;");
        assert_eq!(article_address("a/b?c d\"<"), "/articles/a%2Fb%3Fc%20d%22%3C");
    }

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(grouped(1_234_567), "1\u{2009}234\u{2009}567");
        assert_eq!(articles(1), "1 article");
    }
}
