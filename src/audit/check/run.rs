//! Asks the saved searches and compares the answers with those expected.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, ensure};
use serde::Serialize;

use crate::article::Origin;
use crate::date::Date;
use crate::query::{parse, parse_any};
use crate::search::queries::{self, Query};
use crate::search::{Archive, Facet, FacetRequest, NO_VALUE, SearchRequest, search};

use super::file::{Expectations, Judged, Matching, Saved};
use super::measures::{average_precision, ndcg, read_qrels};

/// How deep average precision looks.
const DEEPEST: usize = 1000;

/// What became of one expectation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Case {
    /// Its name, or its query.
    pub name: String,
    /// What was found, in words: `8 articles`, `nDCG@10 .71, MAP .64`.
    pub found: String,
    /// What is not as expected; empty if all is.
    pub failures: Vec<String>,
    /// Why it could not be asked at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Wall time.
    pub seconds: f64,
}

impl Case {
    /// Whether all is as expected.
    pub fn passed(&self) -> bool {
        self.failures.is_empty() && self.error.is_none()
    }
}

/// Asks everything a file expects. `folder` is that of the file, for the files it names.
///
/// # Errors
/// If the index is damaged, or a file of queries or judgements cannot be read.
pub fn check(archive: &Archive, expectations: &Expectations, folder: &Path, today: Date) -> anyhow::Result<Vec<Case>> {
    let searches = expectations.searches.iter().map(|saved| timed(|| ask(archive, saved, today)));
    let judged = expectations.judged.iter().map(|judged| timed(|| measure(archive, judged, folder, today)));
    searches.chain(judged).collect()
}

fn timed(case: impl FnOnce() -> anyhow::Result<Case>) -> anyhow::Result<Case> {
    let started = Instant::now();
    let case = case()?;
    Ok(Case { seconds: started.elapsed().as_secs_f64(), ..case })
}

/// What a query asks, or why it is not understood.
pub(super) fn request(text: &str, matching: Matching, today: Date) -> Result<SearchRequest, String> {
    let understood = match matching {
        Matching::All => parse(text, today),
        Matching::Any => parse_any(text, today),
    };
    let parsed = understood.map_err(|error| error.pointed(text))?;
    Ok(SearchRequest { text: text.to_owned(), query: parsed.node, ..SearchRequest::default() })
}

fn ask(archive: &Archive, saved: &Saved, today: Date) -> anyhow::Result<Case> {
    let name = saved.name.clone().unwrap_or_else(|| saved.query.clone());
    let mut case = Case { name, found: String::new(), failures: Vec::new(), error: None, seconds: 0.0 };
    let request = match request(&saved.query, saved.matching, today) {
        Ok(request) => request,
        Err(error) => return Ok(Case { error: Some(error), ..case }),
    };
    let facets =
        saved.top.iter().filter_map(|(name, values)| Some(FacetRequest::new(Facet::named(name)?, values.len())));
    let limit = if saved.contains.is_empty() { 0 } else { saved.within };
    let results = search(archive, &SearchRequest { limit, facets: facets.collect(), ..request })?;
    let total = results.total;
    case.found = format!("{total} article{}", if total == 1 { "" } else { "s" });
    if let Some(least) = saved.min_total.filter(|least| total < *least) {
        case.failures.push(format!("{total} found, at least {least} expected"));
    }
    if let Some(most) = saved.max_total.filter(|most| total > *most) {
        case.failures.push(format!("{total} found, at most {most} expected"));
    }
    for wanted in &saved.contains {
        if !results.hits.iter().any(|hit| hit.id == *wanted || origin(&hit.origin) == *wanted) {
            case.failures.push(format!("{wanted} is not among the first {}", saved.within));
        }
    }
    for (values, (name, counts)) in saved.top.values().zip(&results.facets) {
        let held: Vec<&str> =
            counts.iter().map(|count| count.value.as_str()).filter(|value| *value != NO_VALUE).collect();
        let held: Vec<&str> = held.into_iter().take(values.len()).collect();
        let missing: Vec<&str> = values.iter().map(String::as_str).filter(|value| !held.contains(value)).collect();
        if !missing.is_empty() {
            let (missing, held) = (missing.join(", "), held.join(", "));
            case.failures.push(format!("{missing} not among the top {} {name}, which are {held}", values.len()));
        }
    }
    Ok(case)
}

/// Where an article was read, as judgements name it.
fn origin(Origin { path, record }: &Origin) -> String {
    format!("{path}#{record}")
}

fn measure(archive: &Archive, judged: &Judged, folder: &Path, today: Date) -> anyhow::Result<Case> {
    let name = judged.name.clone().unwrap_or_else(|| judged.qrels.clone());
    let mut case = Case { name, found: String::new(), failures: Vec::new(), error: None, seconds: 0.0 };
    let (mean_ndcg, mean_precision) = match measures(archive, judged, folder, today)? {
        Ok(measured) => measured,
        Err(error) => return Ok(Case { error: Some(error), ..case }),
    };
    case.found = format!("nDCG@{} {mean_ndcg:.4}, MAP {mean_precision:.4}", judged.depth);
    let bounds = [("nDCG", mean_ndcg, judged.min_ndcg), ("MAP", mean_precision, judged.min_map)];
    for (what, measured, least) in bounds {
        if let Some(least) = least.filter(|least| measured < *least) {
            case.failures.push(format!("{what} is {measured:.4}, at least {least} expected"));
        }
    }
    Ok(case)
}

/// Mean nDCG and mean average precision over the queries with a relevant judgement, or which query is not understood.
pub(super) fn measures(
    archive: &Archive,
    judged: &Judged,
    folder: &Path,
    today: Date,
) -> anyhow::Result<Result<(f64, f64), String>> {
    let qrels = read_qrels(&folder.join(&judged.qrels))?;
    let queries = queries::read(&folder.join(&judged.queries))?;
    let asked: BTreeSet<&str> = queries.iter().map(|query| query.qid.as_str()).collect();
    for qid in qrels.keys() {
        ensure!(asked.contains(qid.as_str()), "{} judges {qid}, which {} does not ask", judged.qrels, judged.queries);
    }
    let (mut count, mut sum_ndcg, mut sum_precision) = (0_usize, 0.0, 0.0);
    for Query { qid, text } in &queries {
        let Some(relevances) = qrels.get(qid) else { continue };
        let relevant = relevances.values().filter(|relevance| **relevance > 0).count();
        if relevant == 0 {
            continue;
        }
        let request = match request(text, judged.matching, today) {
            Ok(request) => request,
            Err(error) => return Ok(Err(format!("query {qid}: {error}"))),
        };
        let results = search(archive, &SearchRequest { limit: DEEPEST, ..request })?;
        let relevance = |id: &str, origin: &str| relevances.get(id).or_else(|| relevances.get(origin)).copied();
        let ranked: Vec<u32> =
            results.hits.iter().map(|hit| relevance(&hit.id, &origin(&hit.origin)).unwrap_or(0)).collect();
        count += 1;
        sum_ndcg += ndcg(&ranked, relevances.values().copied(), judged.depth);
        sum_precision += average_precision(&ranked, relevant);
    }
    let count = Some(count).filter(|count| *count > 0).context("no query has a relevant judgement")? as f64;
    Ok(Ok((sum_ndcg / count, sum_precision / count)))
}
