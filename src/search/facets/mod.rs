//! Facets: how many matching articles have each value, exactly.
//!
//! Values are numbered once for an opened generation, names resolved included; counting adds up numbers in one pass over the
//! matching articles, and only the values that are given are looked up.

mod block;
mod count;
mod days;
mod read;
mod request;
mod values;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use tantivy::query::Query;

use crate::date::Date;
use crate::enrich::Gazetteer;
use crate::index::{Column, fold};

use super::archive::Archive;
use super::results::FacetCount;

pub use request::{Facet, FacetRequest, FacetSort};

use count::{Counts, Numbering, Plan};
use days::Days;
use values::NumberedValues;

/// The value that stands for articles without one.
pub const NO_VALUE: &str = "none";

/// The numbers of values and units of time of an opened generation, made when first asked for.
#[derive(Default)]
pub struct Numberings {
    values: NumberedValues,
    days: Mutex<BTreeMap<&'static str, Arc<Days>>>,
}

impl Numberings {
    fn of(&self, archive: &Archive, facet: Facet) -> anyhow::Result<Numbering> {
        let searcher = archive.searcher();
        if let Facet::Column(column) = facet {
            let year = |day: i64| Date::from_days(day).map_or(0, |date| date.year());
            let years = days::bounds(searcher)?.map_or((0, 0), |(first, last)| (year(first), year(last)));
            return Ok(Numbering::Values(column, self.values.of(searcher, column, archive.names(), years)?));
        }
        if let Some(days) = self.days.lock().ok().and_then(|days| days.get(facet.name()).cloned()) {
            return Ok(Numbering::Days(days));
        }
        let days = Arc::new(Days::new(facet, days::bounds(searcher)?.unwrap_or((0, -1))));
        if let Ok(mut known) = self.days.lock() {
            known.insert(facet.name(), Arc::clone(&days));
        }
        Ok(Numbering::Days(days))
    }
}

/// Counts the articles that match, and facets over them: each in the order of its request.
///
/// # Errors
/// If the index is damaged.
pub fn count(
    archive: &Archive,
    query: &dyn Query,
    requests: &[&FacetRequest],
) -> anyhow::Result<(u64, Vec<Vec<FacetCount>>)> {
    let mut plans: Vec<Plan> = Vec::with_capacity(requests.len());
    for request in requests {
        let numbering = |facet| archive.numberings().of(archive, facet);
        plans.push((numbering(request.facet)?, request.with.map(numbering).transpose()?));
    }
    let counted = count::count(archive.searcher(), query, &plans)?;
    let facets = requests.iter().zip(&plans).zip(counted.facets);
    Ok((counted.total, facets.map(|((request, plan), counts)| given(request, plan, counts)).collect()))
}

/// A value counted, not yet looked up: its numbers, and how often.
type Candidate = (usize, usize, u64);

/// The values a request wants of what was counted, in its order.
fn given(request: &FacetRequest, (first, second): &Plan, counts: Counts) -> Vec<FacetCount> {
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
