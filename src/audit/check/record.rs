//! The first version of a file of expectations: what the searches answer today, for people to review and loosen.

use std::fmt::Write;
use std::path::Path;

use anyhow::bail;

use crate::date::Date;
use crate::index::Column;
use crate::search::queries::Query;
use crate::search::{Archive, Facet, FacetCount, FacetRequest, NO_VALUE, SearchRequest, search};

use super::file::{Judged, Matching};
use super::run::{measures, request};

/// Hits and facet values recorded of each search.
const RECORDED: usize = 3;

/// The facets recorded.
const FACETS: [Column; 3] = [Column::People, Column::Countries, Column::Source];

/// What is to be recorded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recorded {
    /// Searches with their names.
    pub queries: Vec<Query>,
    /// Judged queries, whose measures become the least that are allowed.
    pub judged: Option<Judged>,
    /// How words are combined.
    pub matching: Matching,
}

/// Writes what searches answer as a file of expectations.
///
/// # Errors
/// If a query is not understood or the index is damaged.
pub fn record(archive: &Archive, recorded: &Recorded, folder: &Path, today: Date) -> anyhow::Result<String> {
    let manifest = archive.manifest();
    let mut text = format!("# recorded from {} articles, digest {}\n", manifest.counts.articles, manifest.digest);
    for query in &recorded.queries {
        one(archive, query, recorded.matching, today, &mut text)?;
    }
    if let Some(judged) = &recorded.judged {
        let (ndcg, precision) = match measures(archive, judged, folder, today)? {
            Ok(measured) => measured,
            Err(error) => bail!("{error}"),
        };
        // rounded down, so that what was recorded passes
        let least = |measured: f64| (measured * 100.0).floor() / 100.0;
        let (queries, qrels) = (quoted(&judged.queries), quoted(&judged.qrels));
        write!(text, "\n[[judged]]\nqueries = {queries}\nqrels = {qrels}\n{}", matching_line(judged.matching))?;
        write!(text, "depth = {}\nmin_ndcg = {:.2}\nmin_map = {:.2}\n", judged.depth, least(ndcg), least(precision))?;
    }
    Ok(text)
}

fn one(archive: &Archive, query: &Query, matching: Matching, today: Date, text: &mut String) -> anyhow::Result<()> {
    let request = match request(&query.text, matching, today) {
        Ok(request) => request,
        Err(error) => bail!("{}: {error}", query.qid),
    };
    // one value more tells whether the last recorded is only one of several as frequent
    let facets = FACETS.iter().map(|column| FacetRequest::new(Facet::Column(*column), RECORDED + 1)).collect();
    let results = search(archive, &SearchRequest { limit: RECORDED, facets, ..request })?;
    write!(text, "\n[[search]]\nname = {}\nquery = {}\n", quoted(&query.qid), quoted(&query.text))?;
    text.push_str(&matching_line(matching));
    if results.total == 0 {
        text.push_str("max_total = 0\n");
        return Ok(());
    }
    writeln!(text, "min_total = {}", results.total)?;
    let ids: Vec<String> = results.hits.iter().map(|hit| quoted(&hit.id)).collect();
    writeln!(text, "contains = [{}]", ids.join(", "))?;
    for (name, counts) in &results.facets {
        let values: Vec<String> = leading(counts).iter().map(|value| quoted(value)).collect();
        if !values.is_empty() {
            writeln!(text, "top.{name} = [{}]", values.join(", "))?;
        }
    }
    Ok(())
}

/// The most frequent values, as many as are more frequent than the next.
fn leading(counts: &[FacetCount]) -> Vec<&str> {
    let counts: Vec<&FacetCount> = counts.iter().filter(|count| count.value != NO_VALUE).collect();
    let is_ahead = |number: &usize| counts.get(*number).is_none_or(|next| next.count < counts[number - 1].count);
    let number = (1..=RECORDED.min(counts.len())).rev().find(is_ahead).unwrap_or(0);
    counts[..number].iter().map(|count| count.value.as_str()).collect()
}

fn matching_line(matching: Matching) -> String {
    if matching == Matching::Any { "match = \"any\"\n".to_owned() } else { String::new() }
}

/// A basic string of TOML, whose escapes are those of JSON.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007F")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_values_ahead_of_the_next_are_recorded() {
        let counts = |numbers: &[u64]| -> Vec<FacetCount> {
            let count =
                |(place, count): (usize, &u64)| FacetCount { value: place.to_string(), with: None, count: *count };
            numbers.iter().enumerate().map(count).collect()
        };
        assert_eq!(leading(&counts(&[5, 3, 2, 2])), ["0", "1"]);
        assert_eq!(leading(&counts(&[5, 3, 2, 1])), ["0", "1", "2"]);
        assert_eq!(leading(&counts(&[2, 2, 2, 2])), [""; 0]);
        assert_eq!(leading(&counts(&[2])), ["0"]);
    }

    #[test]
    fn any_text_is_read_back_as_it_was() {
        for text in ["a \"quoted\" word", "back\\slash", "line\nbreak\ttab", "\u{1}\u{7f}é"] {
            let table: toml::Table = format!("x = {}", quoted(text)).parse().expect("TOML");
            assert_eq!(table["x"].as_str(), Some(text));
        }
    }
}
