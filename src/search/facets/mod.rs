//! Facets: how many matching articles have each value, exactly.
//!
//! Values are numbered once for an opened generation, names resolved included; counting adds up numbers in one pass over the
//! matching articles, and only the values that are given are looked up.

mod block;
mod days;
mod numbering;
mod read;
mod request;
mod values;

use crate::enrich::Gazetteer;
use crate::index::{Column, fold};

use super::archive::Archive;
use super::pass::{Counts, Plan};
use super::results::FacetCount;

pub use request::{Facet, FacetRequest, FacetSort};

pub use block::Block;
pub use numbering::{Numbering, Numberings};

/// The value that stands for articles without one.
pub const NO_VALUE: &str = "none";

/// What is counted to answer some requests.
///
/// # Errors
/// If the index is damaged.
pub fn plans(archive: &Archive, requests: &[&FacetRequest]) -> anyhow::Result<Vec<Plan>> {
    let numbering = |facet| archive.numberings().of(archive, facet);
    let plan = |request: &&FacetRequest| Ok((numbering(request.facet)?, request.with.map(numbering).transpose()?));
    requests.iter().map(plan).collect()
}

/// A value counted, not yet looked up: its numbers, and how often.
type Candidate = (usize, usize, u64);

/// The values a request wants of what was counted, in its order.
pub fn given(request: &FacetRequest, (first, second): &Plan, counts: Counts) -> Vec<FacetCount> {
    let mut candidates: Vec<Candidate> = match counts {
        Counts::One(counts) => counts.into_iter().enumerate().map(|(number, count)| (number, 0, count)).collect(),
        Counts::Two(counts) => {
            counts.into_iter().map(|((number, other), count)| (number as usize, other as usize, count)).collect()
        }
    };
    let least = request.min.max(1);
    candidates.retain(|(.., count)| *count >= least);
    if let Some(needle) = request.needle() {
        candidates.retain(|(number, ..)| first.text(*number).is_some_and(|text| holds(request.facet, text, &needle)));
    }
    // numbers are in the order of values, and that of `none` is the last
    let is_none = |candidate: &Candidate| {
        candidate.0 == first.len() && second.as_ref().is_none_or(|second| candidate.1 == second.len())
    };
    let order = |a: &Candidate, b: &Candidate| {
        let by_count = match request.sort() {
            FacetSort::Count => b.2.cmp(&a.2),
            FacetSort::Name => std::cmp::Ordering::Equal,
        };
        is_none(a).cmp(&is_none(b)).then(by_count).then((a.0, a.1).cmp(&(b.0, b.1)))
    };
    let none = candidates.iter().position(is_none).map(|place| candidates.swap_remove(place));
    if request.limit > 0 && request.limit < candidates.len() {
        candidates.select_nth_unstable_by(request.limit, order);
        candidates.truncate(request.limit);
    }
    candidates.sort_unstable_by(order);
    candidates.extend(none);
    let text = |numbering: &Numbering, number| numbering.text(number).unwrap_or(NO_VALUE).to_owned();
    let counts = candidates.into_iter().map(|(number, other, count)| FacetCount {
        value: text(first, number),
        with: second.as_ref().map(|second| text(second, other)),
        count,
    });
    counts.collect()
}

/// Whether a value holds some folded text, or is a country whose name does.
fn holds(facet: Facet, value: &str, needle: &str) -> bool {
    let is_country = matches!(facet, Facet::Column(Column::Countries | Column::FiledFrom));
    let name = Gazetteer::embedded().country_name(value).filter(|_| is_country);
    fold(value).contains(needle) || name.is_some_and(|name| fold(name).contains(needle))
}
