//! The file of expectations: TOML, so that a change of what is expected is a change people can read.
//!
//! ```toml
//! [[search]]
//! query = "ceasefire talks"
//! min_total = 8
//! contains = ["o78f7817c136d65d1e6a1", "web/talks.html#1"]
//! within = 10
//! top.countries = ["US", "UA"]
//!
//! [[judged]]
//! queries = "queries.tsv"
//! qrels = "qrels.txt"
//! match = "any"
//! min_ndcg = 0.6
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, bail, ensure};
use serde::Deserialize;

use crate::search::Facet;

/// A whole file.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectations {
    /// Searches, each with what must be found.
    #[serde(default, rename = "search")]
    pub searches: Vec<Saved>,
    /// Sets of judged queries, each with the least measure.
    #[serde(default)]
    pub judged: Vec<Judged>,
}

/// Whether all words must be found, or any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Matching {
    /// All words, and every operator.
    #[default]
    All,
    /// Any word; AND, OR and NOT are words too.
    Any,
}

/// One search.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saved {
    /// What to call it; without one, its query.
    pub name: Option<String>,
    /// The query.
    pub query: String,
    /// How its words are combined.
    #[serde(default, rename = "match")]
    pub matching: Matching,
    /// The fewest articles.
    pub min_total: Option<u64>,
    /// The most articles.
    pub max_total: Option<u64>,
    /// Articles that must be among the first hits: ids, or `path#record` of where they were read.
    #[serde(default)]
    pub contains: Vec<String>,
    /// How many hits are the first.
    #[serde(default = "ten")]
    pub within: usize,
    /// Values that must be the most frequent of a facet, in any order.
    #[serde(default)]
    pub top: BTreeMap<String, Vec<String>>,
}

/// A set of judged queries.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Judged {
    /// What to call it; without one, the file of judgements.
    pub name: Option<String>,
    /// File of queries beside this one: an id, a tab and a query on each line.
    pub queries: String,
    /// File of judgements beside this one, as TREC has it: `qid 0 id relevance`, the id that of an article or `path#record`.
    pub qrels: String,
    /// How words are combined.
    #[serde(default, rename = "match")]
    pub matching: Matching,
    /// How many hits nDCG looks at.
    #[serde(default = "ten")]
    pub depth: usize,
    /// The least mean nDCG, 0 to 1.
    pub min_ndcg: Option<f64>,
    /// The least mean average precision, 0 to 1, over the first 1000 hits.
    pub min_map: Option<f64>,
}

fn ten() -> usize {
    10
}

impl Expectations {
    /// Reads a file.
    ///
    /// # Errors
    /// If it cannot be read, or says something no such file can say.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        Self::parse(&text).with_context(|| path.display().to_string())
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// If it is not TOML, has unknown keys, or expects nothing.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let expectations: Self = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            anyhow::anyhow!("line {line}: {}", error.message())
        })?;
        for saved in &expectations.searches {
            let query = &saved.query;
            let has_total = saved.min_total.is_some() || saved.max_total.is_some();
            ensure!(
                has_total || !saved.contains.is_empty() || !saved.top.is_empty(),
                "the search `{query}` expects nothing; give min_total, max_total, contains or top"
            );
            for name in saved.top.keys() {
                let names: Vec<&str> = Facet::names().collect();
                ensure!(Facet::named(name).is_some(), "no facet `{name}`; there are {}", names.join(", "));
            }
        }
        for judged in &expectations.judged {
            let expects = judged.min_ndcg.is_some() || judged.min_map.is_some();
            ensure!(expects, "the judgements {} expect nothing; give min_ndcg or min_map", judged.qrels);
            let bounds = [judged.min_ndcg, judged.min_map];
            let are_shares = bounds.iter().flatten().all(|least| (0.0..=1.0).contains(least));
            ensure!(are_shares && judged.depth > 0, "min_ndcg and min_map lie between 0 and 1, depth is 1 or more");
        }
        if expectations.searches.is_empty() && expectations.judged.is_empty() {
            bail!("nothing to check; write [[search]] or [[judged]], or let `--record` write a first version");
        }
        Ok(expectations)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_what_is_wrong_with_it_and_where() {
        let error = |text: &str| format!("{:#}", Expectations::parse(text).expect_err(text));
        assert!(error("").starts_with("nothing to check"));
        assert!(error("[[search]]\nquery = \"x\"\n").starts_with("the search `x` expects nothing"));
        assert!(error("[[search]]\nquery = \"x\"\nmin_totl = 3\n").starts_with("line 3: unknown field `min_totl`"));
        let wrong = "[[search]]\nquery = \"x\"\ntop.peeple = [\"A\"]\n";
        assert!(error(wrong).starts_with("no facet `peeple`; there are "));
        let wrong = "[[judged]]\nqueries = \"q\"\nqrels = \"r\"\nmin_map = 3.0\n";
        assert!(error(wrong).starts_with("min_ndcg and min_map lie between"));
    }
}
