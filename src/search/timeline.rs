//! How much was written about something when: counts by unit of time beside what the archive holds of that time at all, so that
//! a month without files is a gap and not a month in which nothing happened.

use serde::Serialize;

use super::archive::Archive;
use super::facets::{self, Facet, FacetRequest};
use super::pass::{Counts, Plan, pass};
use super::results::SearchResults;
use super::{SearchRequest, whole_query};
use crate::query::Node;

/// Counts of one or several queries in the order of time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Timeline {
    /// The unit: `year`, `quarter`, `month`, `week` or `day`.
    pub by: &'static str,
    /// The queries, in the order of each step's counts.
    pub series: Vec<Series>,
    /// Every unit from the first to the last the archive covers, gaps too.
    pub steps: Vec<Step>,
}

/// One query of a timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Series {
    /// As typed.
    pub query: String,
    /// Articles that match.
    pub total: u64,
    /// Those without a date, or with one too vague for the unit.
    pub none: u64,
}

/// One unit of time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// `2024-05`, as in facets.
    pub value: String,
    /// Articles the filters leave, whatever they are about; 0 is a gap.
    pub articles: u64,
    /// Articles that match each query; `None` in a gap.
    pub counts: Option<Vec<u64>>,
    /// The same as parts of `articles`, 0 to 1; `None` in a gap.
    pub shares: Option<Vec<f64>>,
}

/// A search answer with its timeline: what programs are given.
#[derive(Clone, Debug, Serialize)]
pub struct AnswerInTime {
    /// The answer to the first query.
    #[serde(flatten)]
    pub results: SearchResults,
    /// All queries over time.
    pub timeline: Timeline,
}

/// Counts queries by a unit of time. What a step's shares are parts of is what the filters and dates of the first request leave.
///
/// # Errors
/// If the index is damaged.
pub fn timeline(archive: &Archive, requests: &[SearchRequest], unit: Facet) -> anyhow::Result<(Timeline, Vec<String>)> {
    let Some(first) = requests.first() else {
        return Ok((Timeline { by: unit.name(), series: Vec::new(), steps: Vec::new() }, Vec::new()));
    };
    let wanted = FacetRequest::new(unit, 0);
    let plans = facets::plans(archive, &[&wanted])?;
    let mut warnings = Vec::new();
    let mut count = |request: &SearchRequest| -> anyhow::Result<(u64, Vec<u64>)> {
        let mut compiler = archive.compiler()?;
        let query = whole_query(&mut compiler, request, None)?;
        let mut passed = pass(archive, &query, &compiler.effort, plans.clone(), None)?;
        warnings.extend(compiler.take_warnings());
        let counts = match passed.facets.pop() {
            Some(Counts::One(counts)) => counts,
            _ => Vec::new(),
        };
        Ok((passed.total, counts))
    };
    let (_, held) = count(&SearchRequest { query: Node::all(), ..first.clone() })?;
    let counted = requests.iter().map(&mut count).collect::<anyhow::Result<Vec<_>>>()?;
    warnings.dedup();
    let series = requests.iter().zip(&counted).map(|(request, (total, counts))| Series {
        query: request.text.clone(),
        total: *total,
        none: counts.last().copied().unwrap_or(0),
    });
    let steps = steps(&plans[0], &held, &counted);
    Ok((Timeline { by: unit.name(), series: series.collect(), steps }, warnings))
}

fn steps((numbering, _): &Plan, held: &[u64], counted: &[(u64, Vec<u64>)]) -> Vec<Step> {
    let units = &held[..numbering.len().min(held.len())];
    let covered = |count: &u64| *count > 0;
    let (Some(from), Some(to)) = (units.iter().position(covered), units.iter().rposition(covered)) else {
        return Vec::new();
    };
    let step = |number: usize| {
        let articles = units[number];
        let counts: Vec<u64> = counted.iter().map(|(_, counts)| counts[number]).collect();
        let shares = counts.iter().map(|count| *count as f64 / articles as f64).collect();
        let is_gap = articles == 0;
        Step {
            value: numbering.text(number).unwrap_or_default().to_owned(),
            articles,
            counts: (!is_gap).then_some(counts),
            shares: (!is_gap).then_some(shares),
        }
    };
    (from..=to).map(step).collect()
}
