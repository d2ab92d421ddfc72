//! Ranking under golden test: what the judged queries put first on the sample archive, so that a change that moves a rank
//! shows as a readable diff.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use crate::sandbox::{TODAY, golden, repository, sampled};

const SHOWN: usize = 5;
/// Judgements from here on count as relevant.
const RELEVANT: u8 = 1;

fn fixture(name: &str) -> String {
    std::fs::read_to_string(repository().join("tests/fixtures/relevance").join(name)).unwrap()
}

/// How relevant each article is to each query, by the article's file and record.
fn judgements() -> BTreeMap<String, BTreeMap<String, u8>> {
    let mut judged: BTreeMap<String, BTreeMap<String, u8>> = BTreeMap::new();
    for line in fixture("qrels.txt").lines() {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let [query, _, article, relevance] = columns.as_slice() else { panic!("four columns: {line}") };
        judged.entry((*query).to_owned()).or_default().insert((*article).to_owned(), relevance.parse().unwrap());
    }
    judged
}

/// The mean of the precision at each relevant article, 0 for those not found.
fn average_precision(found: &[String], judged: &BTreeMap<String, u8>) -> f64 {
    let relevant = judged.values().filter(|relevance| **relevance >= RELEVANT).count();
    let (mut hits, mut sum) = (0.0, 0.0);
    for (place, article) in found.iter().enumerate() {
        if judged.get(article).is_some_and(|relevance| *relevance >= RELEVANT) {
            hits += 1.0;
            sum += hits / (place as f64 + 1.0);
        }
    }
    sum / (relevant as f64).max(1.0)
}

#[test]
fn judged_queries_keep_their_order() {
    let judged = judgements();
    let queries = repository().join("tests/fixtures/relevance/queries.tsv");
    let queries = queries.to_str().unwrap();
    let answers =
        sampled().lines(&format!("search --queries {queries} --match any --limit 200 --today {TODAY} --format json"));
    assert_eq!(answers.len(), judged.len());
    let mut shown = String::new();
    let mut sum = 0.0;
    for answer in &answers {
        let query = answer["qid"].as_str().unwrap();
        let judged = &judged[query];
        let hits = answer["hits"].as_array().unwrap();
        let key = |hit: &Value| {
            let origin = &hit["origin"];
            format!("{}#{}", origin["path"].as_str().unwrap(), origin["record"].as_u64().unwrap_or(1))
        };
        let found: Vec<String> = hits.iter().map(key).collect();
        for article in judged.keys() {
            let (path, _) = article.split_once('#').unwrap();
            assert!(
                repository().join("tests/fixtures/archive").join(path).exists(),
                "{article} is judged and not there"
            );
        }
        let precision = average_precision(&found, judged);
        sum += precision;
        let _ = writeln!(shown, "{query} {:.3}  {}", precision, answer["query"].as_str().unwrap());
        for article in found.iter().take(SHOWN) {
            let relevance = judged.get(article).map_or_else(|| "-".to_owned(), u8::to_string);
            let _ = writeln!(shown, "    {relevance} {article}");
        }
    }
    let _ = writeln!(shown, "\nmean average precision {:.3}", sum / answers.len() as f64);
    golden("ranking.txt", &shown);
}
