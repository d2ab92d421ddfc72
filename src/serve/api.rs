//! The JSON answers: what the command line prints with `--format json`, at an address.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State as Shared};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tokio_stream::wrappers::ReceiverStream;

use crate::search::{self, AnswerInTime, Facet, FacetRequest, SearchRequest, SearchResults};

use super::parameters::Parameters;
use super::problem::Problem;
use super::state::{Opened, State};

/// Bytes of an export sent at once.
const PIECE: usize = 64 << 10;

/// Pieces of an export made ahead of a slow client.
const AHEAD: usize = 4;

/// `/api/search`: ranked hits.
pub async fn search(
    Shared(state): Shared<Arc<State>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let parameters = Parameters::read(query.as_deref());
    parameters.check(&[])?;
    let request = parameters.request(state.today())?;
    cached(&state, &headers, &format!("/api/search?{}", parameters.encoded()), move |opened| answer(opened, &request))
        .await
}

/// `/api/facets`: counts only.
pub async fn facets(
    Shared(state): Shared<Arc<State>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let parameters = Parameters::read(query.as_deref());
    parameters.check(&[])?;
    let (request, noticed) = parameters.request(state.today())?;
    if request.facets.is_empty() {
        let detail = "name what to count: facet=people, facet=countries:20, facet=year";
        return Err(Problem::new(StatusCode::BAD_REQUEST, detail));
    }
    let request = (SearchRequest { limit: 0, ..request }, noticed);
    cached(&state, &headers, &format!("/api/facets?{}", parameters.encoded()), move |opened| answer(opened, &request))
        .await
}

/// `/api/timeline`: articles by year, month or day.
pub async fn timeline(
    Shared(state): Shared<Arc<State>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let parameters = Parameters::read(query.as_deref());
    parameters.check(&["by"])?;
    let by = parameters.first("by").unwrap_or("year");
    let facet = Facet::named(by).filter(|facet| facet.column().is_none()).ok_or_else(|| {
        Problem::new(StatusCode::BAD_REQUEST, format!("by is `year`, `quarter`, `month`, `week` or `day`, not `{by}`"))
    })?;
    let (request, noticed) = parameters.request(state.today())?;
    let request = (SearchRequest { limit: 0, facets: vec![FacetRequest::new(facet, 0)], ..request }, noticed);
    cached(&state, &headers, &format!("/api/timeline?{}", parameters.encoded()), move |opened| {
        let results = answer(opened, &request)?;
        let requests = std::slice::from_ref(&request.0);
        let times = search::timeline(&opened.archive, requests, facet).map_err(|error| Problem::damaged(&error))?;
        Ok(AnswerInTime { results, timeline: times.0 })
    })
    .await
}

/// `/api/articles/{id}`: one article.
pub async fn article(
    Shared(state): Shared<Arc<State>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let request = format!("/api/articles/{id}");
    cached(&state, &headers, &request, move |opened| {
        let found = search::find(&opened.archive, &id).map_err(|error| Problem::damaged(&error))?;
        found.ok_or_else(|| Problem::no_article(&id))
    })
    .await
}

/// `/api/related/{id}`: articles like one.
pub async fn related(
    Shared(state): Shared<Arc<State>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let parameters = Parameters::read(query.as_deref());
    parameters.check(&[])?;
    let limit = parameters.request(state.today())?.0.limit;
    cached(&state, &headers, &format!("/api/related/{id}?{limit}"), move |opened| {
        let found = search::related(&opened.archive, &id, limit).map_err(|error| Problem::damaged(&error))?;
        found.ok_or_else(|| Problem::no_article(&id))
    })
    .await
}

/// `/api/status`: what is in the archive.
pub async fn status(Shared(state): Shared<Arc<State>>, headers: HeaderMap) -> Result<Response, Problem> {
    cached(&state, &headers, "/api/status", |opened| {
        search::status(&opened.archive, 0).map_err(|error| Problem::damaged(&error))
    })
    .await
}

/// `/api/export`: every match, one object a line, streamed.
pub async fn export(Shared(state): Shared<Arc<State>>, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let parameters = Parameters::read(query.as_deref());
    parameters.check(&[])?;
    let (request, _) = parameters.request(state.today())?;
    let opened = state.now();
    let (sender, receiver) = tokio::sync::mpsc::channel::<Result<Bytes, std::io::Error>>(AHEAD);
    tokio::task::spawn_blocking(move || {
        let mut piece = Vec::with_capacity(PIECE);
        let scanned = catch_unwind(AssertUnwindSafe(|| {
            search::scan(&opened.archive, &request, |article| {
                serde_json::to_writer(&mut piece, &article)?;
                piece.push(b'\n');
                // a client that went away ends the scan
                let is_full = piece.len() >= PIECE;
                Ok(!is_full || sender.blocking_send(Ok(Bytes::from(std::mem::take(&mut piece)))).is_ok())
            })
        }));
        // an answer that breaks off is never ended as if it were whole
        let last = match scanned {
            Ok(Ok(_)) => Ok(Bytes::from(piece)),
            Ok(Err(error)) => Err(std::io::Error::other(format!("{error:#}"))),
            Err(_) => Err(std::io::Error::other("internal error while exporting")),
        };
        sender.blocking_send(last).ok();
    });
    let body = Body::from_stream(ReceiverStream::new(receiver));
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], body).into_response())
}

/// Answers one request; what was noticed while reading it comes first among the warnings.
pub fn answer(opened: &Opened, request: &(SearchRequest, Vec<String>)) -> Result<SearchResults, Problem> {
    let mut results = search::search(&opened.archive, &request.0).map_err(|error| Problem::damaged(&error))?;
    results.warnings.splice(0..0, request.1.iter().cloned());
    Ok(results)
}

/// Whether the client holds this answer already.
pub fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let known = headers.get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok());
    known.is_some_and(|known| known.split(',').any(|known| matches!(known.trim(), "*") || known.trim() == etag))
}

/// Does the work as JSON, unless the client holds the answer already.
async fn cached<T: Serialize + 'static>(
    state: &Arc<State>,
    headers: &HeaderMap,
    request: &str,
    work: impl FnOnce(&Opened) -> Result<T, Problem> + Send + 'static,
) -> Result<Response, Problem> {
    let opened = state.now();
    let etag = state.etag(&opened, request);
    let cache = [(header::ETAG, etag.clone()), (header::CACHE_CONTROL, "no-cache".to_owned())];
    if is_known(headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, cache).into_response());
    }
    let body = state
        .answer(&etag, move || {
            let mut body = serde_json::to_vec(&work(&opened)?).map_err(|error| Problem::damaged(&error.into()))?;
            body.push(b'\n');
            Ok(body)
        })
        .await?;
    Ok((cache, [(header::CONTENT_TYPE, "application/json")], body).into_response())
}
