//! The citation of a whole search: enough for another person to ask the same archive the same thing.

use std::fmt;

use serde::Serialize;

use crate::date::Date;
use crate::search::{Archive, Mentions, SearchRequest, search};

/// What was asked, of what, when, and how much there was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SearchCitation {
    /// The query as typed.
    pub query: String,
    /// The query as understood: dates relative to a day are written out.
    pub understood: String,
    /// Filters beside the query, as `field:value`.
    pub filters: Vec<String>,
    /// The day it was run.
    pub run: Date,
    /// Articles that match.
    pub total: u64,
    /// Articles searched.
    pub articles: u64,
    /// Digest of the archive: the same archive and program give the same digest anywhere.
    pub digest: String,
    /// The program and its version.
    pub program: String,
    /// Approximations and limits that shaped the answer.
    pub warnings: Vec<String>,
}

/// Runs a search and says what there is to cite of it.
///
/// # Errors
/// If the index is damaged.
pub fn cite_search(archive: &Archive, request: &SearchRequest, run: Date) -> anyhow::Result<SearchCitation> {
    let counted = SearchRequest { limit: 0, offset: 0, facets: Vec::new(), ..request.clone() };
    let results = search(archive, &counted)?;
    let mut filters: Vec<String> = Vec::new();
    for filter in &request.filters {
        filters.extend(filter.values.iter().map(|value| format!("{}:{value}", filter.column.singular())));
    }
    if let Some(dates) = request.dates {
        let day = |day: Option<i64>| day.and_then(Date::from_days).map_or_else(String::new, |date| date.to_string());
        filters.push(format!("date:{}..{}", day(dates.first), day(dates.last)));
    }
    if request.mentions == Mentions::All {
        filters.push("mentions:all".to_owned());
    }
    let manifest = archive.manifest();
    Ok(SearchCitation {
        query: request.text.clone(),
        understood: request.query.to_string(),
        filters,
        run,
        total: results.total,
        articles: manifest.counts.articles,
        digest: manifest.digest.clone(),
        program: manifest.rules.program.clone(),
        warnings: results.warnings,
    })
}

impl fmt::Display for SearchCitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "query       {}", self.query)?;
        if self.understood != self.query {
            writeln!(f, "understood  {}", self.understood)?;
        }
        if !self.filters.is_empty() {
            writeln!(f, "filters     {}", self.filters.join(", "))?;
        }
        writeln!(f, "run         {}", self.run)?;
        writeln!(f, "found       {} of {} articles", self.total, self.articles)?;
        writeln!(f, "digest      {}", self.digest)?;
        writeln!(f, "program     {}", self.program)
    }
}
