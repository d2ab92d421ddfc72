//! What is in an archive: its articles, days, sources and languages, and what was left out of it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::date::Date;
use crate::index::Column;
use crate::index::manifest::{Counts, Example};

use super::archive::Archive;
use super::facets::{Facet, FacetRequest};
use super::results::{FacetCount, as_map};
use super::{SearchRequest, Sort, search};

/// An archive in numbers.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    /// Articles.
    pub articles: u64,
    /// Files read.
    pub files: u64,
    /// Their bytes.
    pub bytes_read: u64,
    /// Date of the earliest article.
    pub first: Option<Date>,
    /// Date of the latest article.
    pub last: Option<Date>,
    /// Articles by source, language and year.
    #[serde(serialize_with = "as_map")]
    pub facets: Vec<(String, Vec<FacetCount>)>,
    /// Records left out, by reason.
    pub skipped: BTreeMap<String, u64>,
    /// Doubts about records that were read, by kind.
    pub warnings: BTreeMap<String, u64>,
    /// One example of each reason.
    pub examples: BTreeMap<String, Example>,
    /// Folders and files it was read from.
    pub roots: Vec<String>,
    /// The day dates were measured against.
    pub today: Date,
    /// Program and version that made it.
    pub program: String,
    /// Number of the generation.
    pub generation: u64,
    /// The same archive and program give the same digest anywhere.
    pub digest: String,
}

/// The numbers of an archive, with so many values of each facet; 0 gives all.
///
/// # Errors
/// If the index is damaged.
pub fn status(archive: &Archive, limit: usize) -> anyhow::Result<Status> {
    let facets = vec![
        FacetRequest::new(Facet::Column(Column::Source), limit),
        FacetRequest::new(Facet::Column(Column::Language), limit),
        FacetRequest::new(Facet::Year, 0),
    ];
    let oldest = SearchRequest { facets, limit: 1, sort: Sort::Oldest, ..Default::default() };
    let newest = SearchRequest { limit: 1, sort: Sort::Newest, ..Default::default() };
    let (oldest, newest) = (search(archive, &oldest)?, search(archive, &newest)?);
    let [first, last] = [&oldest, &newest].map(|results| results.hits.first().and_then(|hit| hit.date));
    let manifest = archive.manifest();
    let Counts { articles, files, bytes_read, skipped, warnings, examples } = manifest.counts.clone();
    Ok(Status {
        articles,
        files,
        bytes_read,
        first,
        last,
        facets: oldest.facets,
        skipped,
        warnings,
        examples,
        roots: manifest.roots.clone(),
        today: manifest.today,
        program: manifest.rules.program.clone(),
        generation: archive.generation(),
        digest: manifest.digest.clone(),
    })
}
