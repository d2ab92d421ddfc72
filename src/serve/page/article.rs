//! The page of an article: its text with what was searched for marked, its facts and where each came from, its citations, and
//! articles like it.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State as Shared};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use crate::article::Article;
use crate::date::{Date, DateFrom};
use crate::export::{CitationFormat, citation, citations};
use crate::index::Column;
use crate::query::{Node, parse};
use crate::search::{find, marks, related, why};

use super::super::parameters::{Parameters, filter_name};
use super::super::problem::Problem;
use super::super::state::{Opened, State};
use super::reasons::reasons;
use super::{article_address, cached, encoded, failed, hits, label, layout, marked, plain, search_address};

/// Articles like it that are named.
const RELATED: usize = 5;

/// Citations offered, as named in the address, with the end of the file's name.
const CITATIONS: [(&str, CitationFormat, &str); 3] = [
    ("ris", CitationFormat::Ris, "RIS"),
    ("bibtex", CitationFormat::Bibtex, "BibTeX"),
    ("csl-json", CitationFormat::CslJson, "CSL-JSON"),
];

/// `/articles/{id}`.
pub async fn article(
    Shared(state): Shared<Arc<State>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let parameters = Parameters::read(query.as_deref());
    let today = state.today();
    let request = format!("/articles/{id}?{}", parameters.encoded());
    cached(&state, &headers, &request, move |opened| made(opened, &id, &parameters, today)).await
}

/// `/articles/{id}/cite/{format}`: a file for a reference manager.
pub async fn cite(
    Shared(state): Shared<Arc<State>>,
    Path((id, format)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let Some((name, format, _)) = CITATIONS.into_iter().find(|(name, ..)| *name == format) else {
        return failed(&headers, Problem::new(StatusCode::NOT_FOUND, "citations are ris, bibtex or csl-json"));
    };
    let opened = state.now();
    let found = state
        .search(move || {
            let found = find(&opened.archive, &id).map_err(|error| Problem::damaged(&error))?;
            found.ok_or_else(|| Problem::no_article(&id))
        })
        .await;
    let end = match name {
        "bibtex" => "bib",
        "csl-json" => "json",
        other => other,
    };
    match found {
        Ok(article) => {
            let kind = [
                (header::CONTENT_TYPE, format.media_type().to_owned()),
                (header::CONTENT_DISPOSITION, format!("attachment; filename=\"citation.{end}\"")),
            ];
            (kind, citations([&article], format)).into_response()
        }
        Err(problem) => failed(&headers, problem),
    }
}

fn made(opened: &Opened, id: &str, parameters: &Parameters, today: Date) -> Result<Markup, Problem> {
    let damaged = |error| Problem::damaged(&error);
    let article = find(&opened.archive, id).map_err(damaged)?.ok_or_else(|| Problem::no_article(id))?;
    let query = parameters.first("q").and_then(|query| parse(query, today).ok()).map(|parsed| parsed.node);
    let like = related(&opened.archive, id, RELATED).map_err(damaged)?.map(|results| results.hits).unwrap_or_default();
    let why = why(&opened.archive, id).map_err(damaged)?;
    let search = Parameters::default().set("q", parameters.first("q").unwrap_or_default());
    let language = article.language.as_deref();
    let main = html! {
        div.columns {
            article.article {
                p.back { a href=(search_address(&search)) { @if search.encoded().is_empty() { "← The whole archive" } @else { "← Back to the search" } } }
                h1 dir="auto" lang=[language] { (text(&hits::title(&article.title, &article.id), query.as_ref(), language)) }
                p.meta {
                    @if let Some(source) = &article.source { span.source { bdi { (plain(source)) } } }
                    @if let Some(date) = &article.date { (hits::time(date)) } @else { span { "undated" } }
                    @if !article.authors.is_empty() { span { bdi { (plain(&article.authors.join(", "))) } } }
                }
                @for paragraph in article.body.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
                    p dir="auto" lang=[language] { (text(paragraph, query.as_ref(), language)) }
                }
                @if let Some(why) = &why { (reasons(why, language)) }
            }
            aside aria-label="About this article" {
                section.facts { h2 { "Facts" } (facts(&article)) }
                section {
                    h2 { "Cite" }
                    p.citation dir="auto" { (plain(citation(&article, CitationFormat::Text).trim())) }
                    ul.links {
                        @for (name, _, shown) in CITATIONS {
                            li { a href={ (article_address(&article.id)) "/cite/" (name) } download { (shown) } }
                        }
                        li { a href={ "/api/articles/" (encoded(&article.id)) } { "JSON" } }
                    }
                }
                @if !like.is_empty() {
                    section.related {
                        h2 { "Related" }
                        ol {
                            @for hit in &like {
                                li {
                                    a href=(article_address(&hit.id)) dir="auto" lang=[hit.language.as_deref()] { (hits::title(&hit.title, &hit.id)) }
                                    p.meta {
                                        @if let Some(source) = &hit.source { span { (plain(source)) } }
                                        @if let Some(date) = &hit.date { (hits::time(date)) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    };
    let title = format!("{} – dateline", hits::title(&article.title, &article.id));
    Ok(layout(&title, &search, &main))
}

fn text(text: &str, query: Option<&Node>, language: Option<&str>) -> Markup {
    let marks = query.map(|query| marks(query, language, text)).unwrap_or_default();
    marked(text, &marks)
}

/// What is known, and where it was read.
fn facts(article: &Article) -> Markup {
    let row = |name: &str, value: &Markup| html! { div { dt { (name) } dd { (value) } } };
    let values = |column: Column, values: &[String]| {
        let name = filter_name(column);
        html! {
            ul.chips {
                @for value in values {
                    li { a.chip href=(search_address(&Parameters::default().set(name, value))) { bdi { (label(column, value)) } } }
                }
            }
        }
    };
    let lists = [
        ("Leaders", Column::Leaders, &article.leaders),
        ("People", Column::People, &article.people),
        ("Mentioned", Column::Mentioned, &article.mentioned),
        ("Countries", Column::Countries, &article.countries),
        ("Tags", Column::Tags, &article.tags),
    ];
    let words = [("Section", &article.section), ("Wire", &article.wire), ("Language", &article.language)];
    html! {
        dl {
            @if let Some(date) = &article.date {
                (row("Date", &html! { (date.to_string()) @if let Some(from) = article.date_from { span.dim { ", read from " (read_from(from)) } } }))
            }
            @for (name, column, list) in lists {
                @if !list.is_empty() { (row(name, &values(column, list))) }
            }
            @if let Some(filed) = &article.filed_from {
                (row("Filed from", &html! { (plain(&filed.place)) @if let Some(country) = &filed.country { ", " (label(Column::Countries, country)) } }))
            }
            @for (name, value) in words {
                @if let Some(value) = value { (row(name, &html! { bdi { (plain(value)) } })) }
            }
            @if let Some(url) = &article.url {
                (row("Address", &html! {
                    @if url.starts_with("https://") || url.starts_with("http://") { a rel="noreferrer noopener nofollow" href=(url) { (plain(url)) } }
                    @else { (plain(url)) }
                }))
            }
            (row("File", &html! { code { (plain(&article.origin.path)) } span.dim { ", record " (article.origin.record.to_string()) } }))
            (row("Id", &html! { code { (plain(&article.id)) } }))
        }
    }
}

/// Where a date was read, in words.
fn read_from(from: DateFrom) -> &'static str {
    match from {
        DateFrom::Field => "a field of its record",
        DateFrom::JsonLd => "the page’s JSON-LD",
        DateFrom::Meta => "the page’s meta elements",
        DateFrom::Time => "a time element of the page",
        DateFrom::Feed => "the feed",
        DateFrom::Header => "the header of the mail",
        DateFrom::Url => "its address",
        DateFrom::Text => "a line of its text",
        DateFrom::Dateline => "the dateline, with the year of another date",
        DateFrom::FileName => "the file’s name",
    }
}
