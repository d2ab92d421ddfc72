//! What moved between two indexes beside single articles: counts of facet values, and sources that fell silent.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::date::Date;
use crate::index::Column;
use crate::search::{Archive, Facet, FacetCount, FacetRequest, NO_VALUE, SearchRequest, search};

use super::rhythm::is_silent;

/// The facets compared.
const COMPARED: [Facet; 7] = [
    Facet::Column(Column::Source),
    Facet::Column(Column::Language),
    Facet::Column(Column::Section),
    Facet::Column(Column::Countries),
    Facet::Column(Column::People),
    Facet::Column(Column::Leaders),
    Facet::Year,
];

/// A facet value that counts another number of articles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// The value; `none` counts articles without one.
    pub value: String,
    /// Articles before.
    pub before: u64,
    /// Articles after.
    pub after: u64,
}

/// A source that was publishing and no more is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Silent {
    /// Its name.
    pub source: String,
    /// The day of its last article; absent if none has one, or all are gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<Date>,
    /// Its articles before.
    pub before: u64,
    /// Its articles after.
    pub after: u64,
}

/// Facet values that moved, the most first.
///
/// # Errors
/// If an index is damaged.
pub fn moved(before: &Archive, after: &Archive) -> anyhow::Result<Vec<(String, Vec<Moved>)>> {
    let (old, new) = (counted(before)?, counted(after)?);
    let pairs = old.into_iter().zip(new);
    Ok(pairs.map(|((name, old), (_, new))| (name, moves(old, new))).filter(|(_, moves)| !moves.is_empty()).collect())
}

/// How many values the facets compared have.
///
/// # Errors
/// If the index is damaged.
pub fn values(archive: &Archive) -> anyhow::Result<u64> {
    Ok(counted(archive)?.iter().map(|(_, counts)| counts.len() as u64).sum())
}

fn counted(archive: &Archive) -> anyhow::Result<Vec<(String, Vec<FacetCount>)>> {
    let facets = COMPARED.iter().map(|facet| FacetRequest::new(*facet, 0)).collect();
    Ok(search(archive, &SearchRequest { facets, limit: 0, ..SearchRequest::default() })?.facets)
}

fn moves(old: Vec<FacetCount>, new: Vec<FacetCount>) -> Vec<Moved> {
    let mut values: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for count in old {
        values.entry(count.value).or_default().0 = count.count;
    }
    for count in new {
        values.entry(count.value).or_default().1 = count.count;
    }
    let mut moves: Vec<Moved> = values
        .into_iter()
        .filter(|(_, (before, after))| before != after)
        .map(|(value, (before, after))| Moved { value, before, after })
        .collect();
    moves.sort_by_key(|moved| std::cmp::Reverse(moved.before.abs_diff(moved.after)));
    moves
}

/// The days of each source's articles.
struct Sources {
    days: BTreeMap<String, BTreeSet<i64>>,
    articles: BTreeMap<String, u64>,
    end: i64,
}

fn sources(archive: &Archive) -> anyhow::Result<Sources> {
    let source = FacetRequest::new(Facet::Column(Column::Source), 0);
    let facets = vec![source.clone(), FacetRequest { with: Some(Facet::Day), ..source }];
    let mut facets = search(archive, &SearchRequest { facets, limit: 0, ..SearchRequest::default() })?.facets;
    let (Some((_, crossed)), Some((_, counts))) = (facets.pop(), facets.pop()) else {
        anyhow::bail!("two facets were asked for");
    };
    let articles = counts.into_iter().map(|count| (count.value, count.count)).filter(|(name, _)| name != NO_VALUE);
    let mut days: BTreeMap<String, BTreeSet<i64>> = BTreeMap::new();
    for FacetCount { value, with, .. } in crossed {
        if let Some(Ok(day)) = with.map(|day| day.parse::<Date>()) {
            days.entry(value).or_default().insert(day.first_day());
        }
    }
    let end = days.values().filter_map(BTreeSet::last).max().copied().unwrap_or(i64::MIN);
    Ok(Sources { days, articles: articles.collect(), end })
}

/// Sources whose articles are all gone, or that were publishing by their own rhythm until the end of the one index and are
/// not until the end of the other.
///
/// # Errors
/// If an index is damaged.
pub fn fell_silent(before: &Archive, after: &Archive) -> anyhow::Result<Vec<Silent>> {
    let (old, new) = (sources(before)?, sources(after)?);
    let days = |sources: &Sources, name: &str| -> Vec<i64> {
        sources.days.get(name).map(|days| days.iter().copied().collect()).unwrap_or_default()
    };
    let mut silent = Vec::new();
    for (name, count) in &old.articles {
        let now = new.articles.get(name).copied().unwrap_or(0);
        let (old_days, new_days) = (days(&old, name), days(&new, name));
        if now == 0 || (!is_silent(&old_days, old.end) && is_silent(&new_days, new.end)) {
            let last = new_days.last().and_then(|day| Date::from_days(*day));
            silent.push(Silent { source: name.clone(), last, before: *count, after: now });
        }
    }
    Ok(silent)
}

/// The days with articles, sorted, of a whole archive.
///
/// # Errors
/// If the index is damaged.
pub fn days(archive: &Archive) -> anyhow::Result<Vec<i64>> {
    let facets = vec![FacetRequest::new(Facet::Day, 0)];
    let facets = search(archive, &SearchRequest { facets, limit: 0, ..SearchRequest::default() })?.facets;
    let values = facets.into_iter().flat_map(|(_, counts)| counts).filter(|count| count.count > 0);
    let days: BTreeSet<i64> = values.filter_map(|count| Some(count.value.parse::<Date>().ok()?.first_day())).collect();
    Ok(days.into_iter().collect())
}

/// Articles of each source, most first.
///
/// # Errors
/// If the index is damaged.
pub fn by_source(archive: &Archive) -> anyhow::Result<Vec<FacetCount>> {
    let facets = vec![FacetRequest::new(Facet::Column(Column::Source), 0)];
    let facets = search(archive, &SearchRequest { facets, limit: 0, ..SearchRequest::default() })?.facets;
    Ok(facets.into_iter().flat_map(|(_, counts)| counts).collect())
}
