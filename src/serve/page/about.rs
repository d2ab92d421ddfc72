//! Pages about the archive itself, and about asking it: what is in it, what was left out, the query language, the API.

use std::sync::Arc;

use axum::extract::State as Shared;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use maud::{Markup, html};

use crate::query::REFERENCE;
use crate::search::{Facet, NO_VALUE, Status, status};

use super::super::openapi::PATHS;
use super::super::parameters::Parameters;
use super::super::problem::Problem;
use super::super::state::State;
use super::{articles, cached, grouped, layout, page, plain, search_address, spoken, timeline};

/// Sources and languages named.
const VALUES: usize = 25;

/// `/about`: the archive in numbers.
pub async fn about(Shared(state): Shared<Arc<State>>, headers: HeaderMap) -> Response {
    let today = state.today();
    cached(&state, &headers, "/about", move |opened| {
        let status = status(&opened.archive, VALUES).map_err(|error| Problem::damaged(&error))?;
        let (chart, gaps) = timeline::whole(opened, today)?;
        Ok(layout("About this archive – dateline", &Parameters::default(), &numbers(&status, &chart, &gaps)))
    })
    .await
}

fn numbers(status: &Status, chart: &Markup, gaps: &[String]) -> Markup {
    let filter = |facet: &str| if facet == "source" { "source" } else { "language" };
    html! {
        section.about {
            h1 { "About this archive" }
            p.lead {
                (articles(status.articles))
                @if let (Some(first), Some(last)) = (&status.first, &status.last) {
                    ", from " time datetime=(first.to_string()) { (first.without_time().to_string()) }
                    " to " time datetime=(last.to_string()) { (last.without_time().to_string()) }
                }
                ", read from " (grouped(status.files)) @if status.files == 1 { " file." } @else { " files." }
            }
            div.narrow {
                (chart)
                @if !gaps.is_empty() {
                    p.gaps { "Nothing of " (gaps.join(", ")) "." }
                }
            }
            div.tables {
                @for (name, counts) in status.facets.iter().filter(|(name, _)| name != Facet::Year.name()) {
                    @if counts.iter().any(|count| count.value != NO_VALUE) {
                        table {
                            caption { @if name == "source" { "Sources" } @else { "Languages" } }
                            thead.hidden { tr { th scope="col" { (name) } th scope="col" { "articles" } } }
                            tbody {
                                @for count in counts {
                                    tr {
                                        th scope="row" {
                                            @let address = Parameters::default().set(filter(name), &count.value);
                                            a href=(search_address(&address)) { bdi { (plain(&count.value)) } }
                                        }
                                        td { (grouped(count.count)) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            @if !status.skipped.is_empty() || !status.warnings.is_empty() {
                h2 { "Left out or doubted" }
                table.wide {
                    thead { tr { th scope="col" { "Why" } th scope="col" { "How often" } th scope="col" { "For example" } } }
                    tbody {
                        @for (reason, count) in status.skipped.iter().chain(&status.warnings) {
                            tr {
                                th scope="row" { (plain(reason)) }
                                td { (grouped(*count)) }
                                td { @if let Some(example) = status.examples.get(reason) { code { (plain(&example.path)) } @if !example.detail.is_empty() { ": " (spoken(&example.detail)) } } }
                            }
                        }
                    }
                }
            }
            h2 { "This index" }
            dl.facts {
                div { dt { "Made by" } dd { (plain(&status.program)) } }
                div { dt { "Made on" } dd { (status.today.to_string()) } }
                div { dt { "Generation" } dd { (status.generation) } }
                div { dt { "Digest" } dd { code { (plain(&status.digest)) } br; span.dim { "The same archive and program give the same digest on any machine." } } }
                @if !status.roots.is_empty() { div { dt { "From" } @for root in &status.roots { dd { code { (plain(root)) } } } } }
            }
        }
    }
}

/// `/help`: how to search, for people.
pub async fn help() -> Response {
    let main = html! {
        section.about {
            h1 { "How to search" }
            p.lead {
                "Type words: articles with all of them are found, in any of their forms, the best first. "
                "Tick people, countries or sources beside the results to narrow them, press − to leave some out, "
                "or click a bar of the timeline. Every search is an address that can be kept and shared."
            }
            p { "The key " kbd { "/" } " leads to the search box from anywhere on a page." }
            h2 #language { "The query language" }
            table.wide {
                thead { tr { th scope="col" { "Type" } th scope="col" { "To find" } } }
                tbody { @for (syntax, meaning) in REFERENCE { tr { th scope="row" { code { (syntax) } } td { (spoken(meaning)) } } } }
            }
            h2 { "What the facts mean" }
            dl.facts {
                div { dt { "People" } dd { "whom an article is about: in its title, named twice, or with a title" } }
                div { dt { "Leaders" } dd { "those of them who were in office on the article’s date" } }
                div { dt { "Countries" } dd { "those written about, not where it was printed" } }
                div { dt { "none" } dd { "articles without a value: nothing is ever guessed" } }
            }
        }
    };
    page(StatusCode::OK, layout("How to search – dateline", &Parameters::default(), &main))
}

/// `/api`: how to ask, for programs.
pub async fn api() -> Response {
    let main = html! {
        section.about {
            h1 { "Asking this archive from a program" }
            p {
                "Every answer can be had as JSON, as the command line prints it with " code { "--format json" } ". The parameters are those of these pages. "
                "They are described for machines in " a href="/api/openapi.json" { "openapi.json" } "; any search is a feed at "
                code { "/feed.atom?q=…" } " and " code { "/feed.json?q=…" } "."
            }
            table.wide {
                thead { tr { th scope="col" { "Address" } th scope="col" { "Answers" } } }
                tbody { @for path in &PATHS { tr { th scope="row" { code { (path.address) } } td { (path.summary) } } } }
            }
        }
    };
    page(StatusCode::OK, layout("API – dateline", &Parameters::default(), &main))
}
