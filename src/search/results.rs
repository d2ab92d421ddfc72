//! The answer of a search: the JSON of the command line and of every other face, described by `schema/results.schema.json`.

use serde::Serialize;
use serde::ser::{SerializeMap, SerializeStruct, Serializer};

use crate::article::Origin;
use crate::date::Date;

use super::snippet::Snippet;

/// What `search` answers.
#[derive(Clone, Debug, Serialize)]
pub struct SearchResults {
    /// The query as typed.
    pub query: String,
    /// Articles that match, exactly.
    pub total: u64,
    /// Time taken, in milliseconds.
    pub took_ms: f64,
    /// The hits asked for, best first.
    pub hits: Vec<Hit>,
    /// Counts of each facet asked for, in that order.
    #[serde(serialize_with = "as_map")]
    pub facets: Vec<(String, Vec<FacetCount>)>,
    /// Approximations and limits that shaped the answer.
    pub warnings: Vec<String>,
}

/// One article found.
#[derive(Clone, Debug, Serialize)]
pub struct Hit {
    /// Place in the whole list, from 1.
    pub rank: usize,
    /// BM25; absent when hits are ordered by date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<f32>,
    /// As in the article.
    pub id: String,
    /// As in the article.
    pub title: String,
    /// As in the article.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// As in the article.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// As in the article, resolved by the archive.
    pub people: Vec<String>,
    /// As in the article, resolved by the archive.
    pub leaders: Vec<String>,
    /// As in the article.
    pub countries: Vec<String>,
    /// As in the article.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// As in the article.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// As in the article.
    pub origin: Origin,
    /// Text around the matches as HTML: escaped, with matches in `<mark>`.
    pub snippet: Snippet,
    /// How the score came about, if asked for: `value`, `description` and `details` of the same kind. What recency adds is not
    /// in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<serde_json::Value>,
}

/// How many matching articles have a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetCount {
    /// The value; `none` counts articles without one.
    pub value: String,
    /// The value of the second facet, if two are crossed; then `value` is a list of both in JSON.
    pub with: Option<String>,
    /// Articles.
    pub count: u64,
}

impl Serialize for FacetCount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut count = serializer.serialize_struct("FacetCount", 2)?;
        match &self.with {
            Some(with) => count.serialize_field("value", &[&self.value, with])?,
            None => count.serialize_field("value", &self.value)?,
        }
        count.serialize_field("count", &self.count)?;
        count.end()
    }
}

/// Facets as one object, in the order asked for.
///
/// # Errors
/// What the serializer fails with.
pub fn as_map<T: Serialize, S: Serializer>(facets: &[(String, Vec<T>)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(facets.len()))?;
    for (name, counts) in facets {
        map.serialize_entry(name, counts)?;
    }
    map.end()
}
