//! What each tool answers: the JSON of the other faces, with the digest of the archive and the warnings in every answer.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::date::Date;
use crate::export::{CitationFormat, citation, cite_search};
use crate::query::{Node, parse};
use crate::search::{AnswerInTime, Facet, FacetRequest, SearchRequest, find, marks, search, timeline};
use crate::serve::{Opened, Parameters, Problem, State};

use super::arguments;
use super::passages::{parts, passages};

/// Passages given if not said otherwise, and at most.
const PASSAGES: (usize, usize) = (20, 100);

/// Most hits of one answer.
const MOST_HITS: usize = 100;

/// Most articles cited at once.
const MOST_CITED: usize = 100;

/// Answers a call, or says what is wrong with it and what would do.
pub async fn answer(state: &Arc<State>, tool: &str, given: Map<String, Value>) -> Result<Value, String> {
    let parameters = arguments::read(given)?;
    let opened = state.now();
    let today = state.today();
    let tool = tool.to_owned();
    let work = move || {
        let mut answer = match tool.as_str() {
            "search" => found(&opened, &parameters, today),
            "facets" => counted(&opened, &parameters, today),
            "timeline" => over_time(&opened, &parameters, today),
            "read" => read(&opened, &parameters, today),
            _ => cited(&opened, &parameters, today),
        }?;
        answer["digest"] = opened.archive.manifest().digest.clone().into();
        Ok(answer)
    };
    state.search(work).await.map_err(|problem| match problem.suggestion {
        Some(suggestion) if !problem.detail.contains(&suggestion) => {
            format!("{}; did you mean `{suggestion}`?", problem.detail)
        }
        _ => problem.detail,
    })
}

fn refused(said: impl Into<String>) -> Problem {
    Problem::new(axum::http::StatusCode::BAD_REQUEST, said)
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
fn damaged(error: anyhow::Error) -> Problem {
    Problem::damaged(&error)
}

/// An answer as JSON; what was noticed while reading the request comes first among its warnings.
fn with_warnings(answer: impl Serialize, noticed: Vec<String>) -> Result<Value, Problem> {
    // by way of text: a score keeps the digits every other face prints
    let text = serde_json::to_vec(&answer).map_err(|error| damaged(error.into()))?;
    let mut answer: Value = serde_json::from_slice(&text).map_err(|error| damaged(error.into()))?;
    let warned = answer["warnings"].take();
    let warned = warned.as_array().cloned().unwrap_or_default();
    answer["warnings"] = noticed.into_iter().map(Value::from).chain(warned).collect();
    Ok(answer)
}

fn found(opened: &Opened, parameters: &Parameters, today: Date) -> Result<Value, Problem> {
    parameters.check(&[])?;
    let (request, noticed) = parameters.request(today)?;
    if request.limit > MOST_HITS {
        return Err(refused(format!("limit is at most {MOST_HITS}; more are had with `offset`")));
    }
    let results = search(&opened.archive, &request).map_err(damaged)?;
    with_warnings(results, noticed)
}

fn counted(opened: &Opened, parameters: &Parameters, today: Date) -> Result<Value, Problem> {
    parameters.check(&[])?;
    let (request, noticed) = parameters.request(today)?;
    if request.facets.is_empty() {
        return Err(refused("name what to count in `facet`: people, countries:20, year"));
    }
    let results = search(&opened.archive, &SearchRequest { limit: 0, ..request }).map_err(damaged)?;
    with_warnings(results, noticed)
}

fn over_time(opened: &Opened, parameters: &Parameters, today: Date) -> Result<Value, Problem> {
    parameters.check(&["by"])?;
    let (request, noticed) = parameters.request(today)?;
    let by = parameters.first("by").unwrap_or("year");
    let unit = Facet::named(by).filter(|facet| facet.column().is_none());
    let unit = unit.ok_or_else(|| refused(format!("by is `year`, `quarter`, `month`, `week` or `day`, not `{by}`")))?;
    let request = SearchRequest { limit: 0, facets: vec![FacetRequest::new(unit, 0)], ..request };
    let results = search(&opened.archive, &request).map_err(damaged)?;
    let (timeline, _) = timeline(&opened.archive, std::slice::from_ref(&request), unit).map_err(damaged)?;
    with_warnings(AnswerInTime { results, timeline }, noticed)
}

fn read(opened: &Opened, parameters: &Parameters, today: Date) -> Result<Value, Problem> {
    only(parameters, &["id", "q", "offset", "limit"])?;
    let id = parameters.first("id").ok_or_else(|| refused("give the `id` of an article, as `search` has it"))?;
    // an id of an article may end like that of a passage
    let whole = find(&opened.archive, id).map_err(damaged)?;
    let (article, chosen) = match whole {
        Some(article) => (article, None),
        None => {
            let (article, chosen) = parts(id);
            (find(&opened.archive, article).map_err(damaged)?.ok_or_else(|| Problem::no_article(id))?, chosen)
        }
    };
    let parsed = match parameters.first("q") {
        Some(query) => Some(parse(query, today).map_err(|error| Problem::from(crate::serve::Refused::Query(error)))?),
        None => None,
    };
    let offset = parameters.number("offset", 0, usize::MAX)?;
    let limit = parameters.number("limit", PASSAGES.0, PASSAGES.1)?;
    let all = passages(&article);
    let total = all.len();
    let matches = |text: &str, node: &Node| -> Vec<[usize; 2]> {
        let characters = |bytes: usize| text[..bytes].chars().count();
        let found = marks(node, article.language.as_deref(), text);
        found.into_iter().map(|mark| [characters(mark.start), characters(mark.end)]).collect()
    };
    let shown: Vec<Value> = all
        .into_iter()
        .filter(|passage| chosen.is_none_or(|number| passage.number == number))
        .skip(offset)
        .take(limit)
        .map(|passage| {
            let found = parsed.as_ref().map(|parsed| matches(&passage.text, &parsed.node));
            let mut passage = serde_json::to_value(passage).unwrap_or_default();
            if let Some(found) = found {
                passage["matches"] = json!(found);
            }
            passage
        })
        .collect();
    if shown.is_empty() && (chosen.is_some() || offset > 0) {
        return Err(Problem::new(axum::http::StatusCode::NOT_FOUND, format!("`{}` has {total} passages", article.id)));
    }
    let mut facts = serde_json::to_value(&article).map_err(|error| damaged(error.into()))?;
    if let Some(facts) = facts.as_object_mut() {
        facts.remove("body");
    }
    let warnings = parsed.map(|parsed| parsed.warnings).unwrap_or_default();
    Ok(json!({ "article": facts, "passages": shown, "passages_total": total, "warnings": warnings }))
}

fn cited(opened: &Opened, parameters: &Parameters, today: Date) -> Result<Value, Problem> {
    let ids: Vec<&str> = parameters.all("id").collect();
    if ids.is_empty() {
        let searched = parameters.without_name("format");
        searched.check(&[])?;
        if searched.pairs().next().is_none() {
            return Err(refused("give `id`, or the `query` of a search to cite"));
        }
        let (request, noticed) = searched.request(today)?;
        let citation = cite_search(&opened.archive, &request, today).map_err(damaged)?;
        let text = citation.to_string();
        return with_warnings(json!({ "search": citation, "text": text, "warnings": citation.warnings }), noticed);
    }
    only(parameters, &["id", "format"])?;
    if ids.len() > MOST_CITED {
        return Err(refused(format!("at most {MOST_CITED} ids at once")));
    }
    let format = match parameters.first("format").unwrap_or("text") {
        "text" => CitationFormat::Text,
        "ris" => CitationFormat::Ris,
        "bibtex" => CitationFormat::Bibtex,
        "csl-json" => CitationFormat::CslJson,
        other => return Err(refused(format!("format is `text`, `ris`, `bibtex` or `csl-json`, not `{other}`"))),
    };
    let (mut citations, mut warnings) = (Vec::new(), Vec::new());
    for id in ids {
        let (name, chosen) = parts(id);
        let whole = find(&opened.archive, id).map_err(damaged)?;
        let (article, chosen) = match whole {
            Some(article) => (Some(article), None),
            None => (find(&opened.archive, name).map_err(damaged)?, chosen),
        };
        let passage = article
            .as_ref()
            .zip(chosen)
            .map(|(article, number)| passages(article).into_iter().find(|passage| passage.number == number));
        match (article, passage) {
            (None, _) => warnings.push(format!("no article has the id `{id}`")),
            (Some(article), Some(None)) => warnings.push(format!("`{}` has no such passage: `{id}`", article.id)),
            (Some(article), passage) => {
                let mut cited = json!({ "id": id, "citation": citation(&article, format) });
                if let Some(passage) = passage.flatten() {
                    cited["passage"] = json!(passage);
                }
                citations.push(cited);
            }
        }
    }
    Ok(json!({ "citations": citations, "warnings": warnings }))
}

/// Refuses arguments a tool would not read.
fn only(parameters: &Parameters, known: &[&str]) -> Result<(), Problem> {
    match parameters.pairs().find(|(name, _)| !known.contains(name)) {
        Some((name, _)) => {
            Err(refused(format!("no argument `{name}`; there are {}", known.join(", ").replace("q,", "query,"))))
        }
        None => Ok(()),
    }
}
