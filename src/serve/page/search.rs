//! The page of a search: what was understood, what narrows it, the timeline, the hits, and what to narrow it by next.

use std::sync::Arc;

use axum::extract::{RawQuery, State as Shared};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use maud::{Markup, html};

use crate::date::Date;
use crate::index::COLUMNS;
use crate::query::QueryError;
use crate::search::{SearchRequest, SearchResults, Sort};

use super::super::api::answer;
use super::super::parameters::{Parameters, Refused};
use super::super::problem::Problem;
use super::super::state::{Opened, State};
use super::facets::{self, FINDS};
use super::{articles, cached, grouped, hits, label, layout, page, plain, search_address, spoken, timeline};

/// Hits on a page.
const HITS: usize = 10;

/// Pages named beside the one shown.
const PAGES_BESIDE: usize = 2;

/// `/`: a search.
pub async fn search(Shared(state): Shared<Arc<State>>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let parameters = Parameters::read(query.as_deref());
    let understood = parameters.check(&FINDS).and_then(|()| parameters.request(state.today()));
    let (request, noticed) = match understood {
        Ok(understood) => understood,
        Err(refused) => return page(StatusCode::BAD_REQUEST, wrong(&parameters, &refused)),
    };
    let today = state.today();
    cached(&state, &headers, &format!("/?{}", parameters.encoded()), move |opened| {
        made(opened, &parameters, request, noticed, today)
    })
    .await
}

fn made(
    opened: &Opened,
    parameters: &Parameters,
    request: SearchRequest,
    noticed: Vec<String>,
    today: Date,
) -> Result<Markup, Problem> {
    let facets = facets::wanted(parameters).into_iter().chain([timeline::years()]).collect();
    let request = (SearchRequest { facets, limit: HITS, ..request }, noticed);
    let results = answer(opened, &request)?;
    let chart = timeline::chart(opened, &request.0, &results, parameters, today)?;
    let total = opened.archive.manifest().counts.articles;
    let main = html! {
        @if total == 0 {
            section.notice {
                h1 { "The archive is empty" }
                p { "No article was found in the files it was made from. " a href="/about" { "See what was left out, and why" } "." }
            }
        } @else {
            div.columns {
                div.results {
                    (summary(parameters, &request.0, &results, total))
                    (active(parameters))
                    @if results.total == 0 { (nothing(parameters)) }
                    (chart)
                    (hits::list(&results, parameters))
                    (pages(parameters, &request.0, results.total))
                    @if results.total > 0 { (taken_along(parameters)) }
                }
                (facets::panel(&results, parameters))
            }
        }
    };
    let title = if results.query.is_empty() {
        "dateline".to_owned()
    } else {
        format!("{} – dateline", plain(&results.query))
    };
    Ok(layout(&title, parameters, &main))
}

fn summary(parameters: &Parameters, request: &SearchRequest, results: &SearchResults, total: u64) -> Markup {
    let understood = request.query.to_string();
    html! {
        div.summary {
            h1 aria-live="polite" {
                @if request.text.is_empty() && results.total == total { (articles(total)) " in the archive" }
                @else { (articles(results.total)) @if results.total != total { span.dim { " of " (grouped(total)) } } }
            }
            @if results.total > 1 { (order(parameters, request.sort)) }
        }
        @if !request.text.is_empty() && understood != request.text {
            p.understood { "Understood as " code { (plain(&understood)) } }
        }
        @for warning in &results.warnings { p.warning { (spoken(warning)) } }
    }
}

fn order(parameters: &Parameters, sort: Sort) -> Markup {
    let orders = [
        (Sort::Relevance, "relevance", "Best"),
        (Sort::Newest, "newest", "Newest"),
        (Sort::Oldest, "oldest", "Oldest"),
    ];
    html! {
        nav.order aria-label="Order" {
            @for (order, name, label) in orders {
                @let value = if order == Sort::Relevance { "" } else { name };
                a href=(search_address(&parameters.set("sort", value))) aria-current=[(order == sort).then_some("true")] { (label) }
            }
        }
    }
}

/// The filters in force, each with an address that takes it off.
fn active(parameters: &Parameters) -> Markup {
    let mut filters: Vec<(String, Parameters)> = Vec::new();
    for (column, _, singular) in COLUMNS {
        for value in parameters.all(singular) {
            let label = if value == "none" { format!("no {singular}") } else { label(column, value) };
            filters.push((label, parameters.without(singular, value)));
        }
    }
    let (from, to) = (parameters.first("from"), parameters.first("to"));
    let span = match (from, to) {
        (None, None) => None,
        (Some(from), Some(to)) if from == to => Some(from.to_owned()),
        (from, to) => Some(format!("{} – {}", from.unwrap_or("…"), to.unwrap_or("…"))),
    };
    if let Some(span) = span {
        filters.push((plain(&span), parameters.without_name("from").without_name("to").without_name("offset")));
    }
    html! {
        @if !filters.is_empty() {
            ul.active aria-label="Filters in force" {
                @for (label, without) in &filters {
                    li { a href=(search_address(without)) { span.hidden { "Remove filter " } bdi { (label) } span aria-hidden="true" { " ×" } } }
                }
                @if filters.len() > 1 {
                    li { a.clear href=(search_address(&Parameters::default().set("q", parameters.first("q").unwrap_or_default()))) { "Clear all" } }
                }
            }
        }
    }
}

/// What can be done when nothing is found.
fn nothing(parameters: &Parameters) -> Markup {
    let query = parameters.first("q").unwrap_or_default();
    let bare = Parameters::default().set("q", query);
    html! {
        section.notice {
            h2 { "Nothing found" }
            ul {
                @if bare.encoded() != parameters.without_name("offset").encoded() {
                    li { a href=(search_address(&bare)) { "Search without the filters" } }
                }
                @if query.split_whitespace().nth(1).is_some() && parameters.first("match").is_none() {
                    li { a href=(search_address(&parameters.set("match", "any"))) { "Find any of these words, not all" } }
                }
                li { "Words are found in all their forms; " code { "\"quotes\"" } " find exact words, " code { "word*" } " what begins so." }
                li { a href="/" { "See the whole archive" } }
            }
        }
    }
}

fn pages(parameters: &Parameters, request: &SearchRequest, total: u64) -> Markup {
    let last = (total as usize).div_ceil(HITS).max(1);
    let current = request.offset / HITS + 1;
    let address = |number: usize| {
        let offset = ((number - 1) * HITS).to_string();
        search_address(&if number == 1 { parameters.without_name("offset") } else { parameters.set("offset", &offset) })
    };
    let mut numbers: Vec<usize> =
        (current.saturating_sub(PAGES_BESIDE).max(1)..=(current + PAGES_BESIDE).min(last)).collect();
    if numbers.first().is_some_and(|first| *first > 1) {
        numbers.insert(0, 1);
    }
    html! {
        @if last > 1 {
            nav.pages aria-label="Pages of results" {
                @if current > 1 { a rel="prev" href=(address((current - 1).min(last))) { "← Previous" } }
                @for number in numbers {
                    a href=(address(number)) aria-current=[(number == current).then_some("page")] { span.hidden { "Page " } (number) }
                }
                @if current < last { a rel="next" href=(address(current + 1)) { "Next →" } }
            }
        }
    }
}

/// The same search for other programs.
fn taken_along(parameters: &Parameters) -> Markup {
    let search = parameters.of_articles().encoded();
    html! {
        p.along {
            "This search as "
            a href={ "/feed.atom?" (search) } { "a feed" } ", "
            a href={ "/api/search?" (search) } { "JSON" } ", "
            a href={ "/api/export?" (search) } download="articles.ndjson" { "all its articles" }
        }
    }
}

/// The page of a query that was not understood: what is wrong, and where.
fn wrong(parameters: &Parameters, refused: &Refused) -> Markup {
    let query = parameters.first("q").unwrap_or_default();
    let main = html! {
        section.notice {
            h1 { "The search was not understood" }
            @match refused {
                Refused::Query(error) => (pointed(parameters, query, error)),
                Refused::Other(_) => p { (spoken(&refused.to_string())) },
            }
            p { a href="/help" { "How to search" } " · " a href="/" { "See the whole archive" } }
        }
    };
    layout("Not understood – dateline", parameters, &main)
}

fn pointed(parameters: &Parameters, query: &str, error: &QueryError) -> Markup {
    let (start, end) = (error.span.start.min(query.len()), error.span.end.min(query.len()));
    let parts = query.get(..start).zip(query.get(start..end)).zip(query.get(end..));
    html! {
        @if let Some(((before, wrong), after)) = parts {
            p.pointed { code { (plain(before)) mark.wrong { @if wrong.is_empty() { "\u{a0}" } @else { (plain(wrong)) } } (plain(after)) } }
            p { (spoken(&error.message)) }
            @if let Some(suggestion) = &error.suggestion {
                @let meant = format!("{before}{suggestion}{after}");
                p { "Did you mean " a href=(search_address(&parameters.set("q", &meant))) { (plain(&meant)) } "?" }
            }
        } @else {
            p { (spoken(&error.message)) }
        }
    }
}
