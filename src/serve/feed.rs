//! Any search as a feed, its newest articles first: Atom (RFC 4287) and JSON Feed 1.1. Entries keep their ids for as long as
//! the archive keeps its articles.

use std::sync::Arc;

use axum::extract::{RawQuery, State as Shared};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::{PreEscaped, html};
use serde_json::json;

use crate::date::Date;
use crate::search::{SearchRequest, SearchResults, Sort};

use super::api::answer;
use super::page::{article_address, plain};
use super::parameters::Parameters;
use super::problem::Problem;
use super::state::State;

/// Entries of a feed.
const ENTRIES: usize = 50;

/// What both kinds of feed are made of.
struct Feed {
    results: SearchResults,
    site: String,
    search: String,
    query: String,
    digest: String,
}

/// `/feed.atom`.
pub async fn atom(Shared(state): Shared<Arc<State>>, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let Feed { results, site, search, query, digest } = read(&state, query.as_deref()).await?;
    let newest = results.hits.iter().find_map(|hit| hit.date.as_ref().map(moment));
    let feed = html! {
        (PreEscaped("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"))
        feed xmlns="http://www.w3.org/2005/Atom" {
            id { (site) "/feed.atom?" (query) }
            title { (title(&results)) }
            updated { (newest.unwrap_or_else(|| "1970-01-01T00:00:00Z".to_owned())) }
            link rel="self" type="application/atom+xml" href={ (site) "/feed.atom?" (query) } {}
            link rel="alternate" type="text/html" href=(search) {}
            generator { "dateline " (env!("CARGO_PKG_VERSION")) ", digest " (digest) }
            author { name { "dateline" } }
            @for hit in &results.hits {
                entry {
                    id { "urn:dateline:" (plain(&hit.id).replace(|c: char| !c.is_ascii_alphanumeric(), "-")) }
                    title { @if hit.title.is_empty() { (plain(&hit.id)) } @else { (plain(&hit.title)) } }
                    updated { (hit.date.as_ref().map_or_else(|| "1970-01-01T00:00:00Z".to_owned(), moment)) }
                    link rel="alternate" type="text/html" href={ (site) (article_address(&hit.id)) } {}
                    @if let Some(source) = &hit.source { author { name { (plain(source)) } } }
                    summary { (plain(&hit.snippet.text)) }
                }
            }
        }
    };
    Ok(([(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8")], feed.into_string()).into_response())
}

/// `/feed.json`.
pub async fn json(Shared(state): Shared<Arc<State>>, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let Feed { results, site, search, query, .. } = read(&state, query.as_deref()).await?;
    let items: Vec<_> = results
        .hits
        .iter()
        .map(|hit| {
            let mut item = json!({
                "id": hit.id, "url": format!("{site}{}", article_address(&hit.id)), "title": plain(&hit.title),
                "content_text": plain(&hit.snippet.text),
            });
            if let Some(date) = &hit.date {
                item["date_published"] = moment(date).into();
            }
            if let Some(source) = &hit.source {
                item["authors"] = json!([{ "name": plain(source) }]);
            }
            item
        })
        .collect();
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1", "title": title(&results), "home_page_url": search,
        "feed_url": format!("{site}/feed.json?{query}"), "items": items,
    });
    Ok(([(header::CONTENT_TYPE, "application/feed+json")], feed.to_string()).into_response())
}

async fn read(state: &Arc<State>, query: Option<&str>) -> Result<Feed, Problem> {
    let parameters = Parameters::read(query);
    parameters.check(&[])?;
    let (request, noticed) = parameters.request(state.today())?;
    let request = SearchRequest { sort: Sort::Newest, limit: ENTRIES, offset: 0, facets: Vec::new(), ..request };
    let opened = state.now();
    let digest = opened.archive.manifest().digest.clone();
    let results = state.search(move || answer(&opened, &(request, noticed))).await?;
    let site = format!("http://{}", state.settings().address);
    let query = parameters.encoded();
    Ok(Feed { search: format!("{site}/?{query}"), site, query, results, digest })
}

fn title(results: &SearchResults) -> String {
    if results.query.is_empty() { "All articles".to_owned() } else { plain(&results.query) }
}

/// A date as feeds want it: a moment, the first of what is known.
fn moment(date: &Date) -> String {
    if date.time().is_some() {
        let text = date.to_string();
        // a local time without an offset is taken for UTC, for a feed has no other way to say it
        return if text.ends_with('Z') || text[10..].contains(['+', '-']) { text } else { format!("{text}Z") };
    }
    format!("{:04}-{:02}-{:02}T00:00:00Z", date.year(), date.month().unwrap_or(1), date.day().unwrap_or(1))
}
