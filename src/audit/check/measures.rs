//! Measures of ranked lists against judgements, as `trec_eval` computes them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};

/// Relevance of articles by query id.
pub type Qrels = BTreeMap<String, BTreeMap<String, u32>>;

/// Reads judgements: `qid 0 id relevance` on each line; below 1 is not relevant.
///
/// # Errors
/// If the file cannot be read or a line is none.
pub fn read_qrels(path: &Path) -> anyhow::Result<Qrels> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut qrels = Qrels::new();
    for (place, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let judged = match columns[..] {
            [qid, _, id, relevance] => relevance.parse::<i64>().ok().map(|relevance| (qid, id, relevance)),
            _ => None,
        };
        let (qid, id, relevance) =
            judged.with_context(|| format!("{}, line {}: write qid 0 id relevance", path.display(), place + 1))?;
        qrels.entry(qid.to_owned()).or_default().insert(id.to_owned(), u32::try_from(relevance.max(0))?);
    }
    let has_relevant = qrels.values().flat_map(BTreeMap::values).any(|relevance| *relevance > 0);
    ensure!(has_relevant, "{} judges nothing relevant", path.display());
    Ok(qrels)
}

/// nDCG of the first `depth` relevances of a ranked list; `judged` are those of all judged articles.
pub fn ndcg(ranked: &[u32], judged: impl Iterator<Item = u32>, depth: usize) -> f64 {
    let gain = |relevances: &[u32]| -> f64 {
        let places = relevances.iter().take(depth).enumerate();
        places.map(|(place, relevance)| f64::from(*relevance) / (place as f64 + 2.0).log2()).sum()
    };
    let mut ideal: Vec<u32> = judged.collect();
    ideal.sort_unstable_by(|a, b| b.cmp(a));
    let best = gain(&ideal);
    if best > 0.0 { gain(ranked) / best } else { 0.0 }
}

/// Average precision of a ranked list of relevances, out of so many relevant articles.
pub fn average_precision(ranked: &[u32], relevant: usize) -> f64 {
    let mut found = 0;
    let mut sum = 0.0;
    for (place, _) in ranked.iter().enumerate().filter(|(_, relevance)| **relevance > 0) {
        found += 1;
        sum += f64::from(found) / (place as f64 + 1.0);
    }
    if relevant == 0 { 0.0 } else { sum / relevant as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_are_those_computed_by_hand() {
        // DCG 2/1 + 0 + 1/2 = 2.5; ideal 2/1 + 1/log2(3) + 1/2 = 3.13093
        let found = ndcg(&[2, 0, 1], [1, 2, 1, 0].into_iter(), 10);
        assert!((found - 2.5 / 3.130_929_753_571_457).abs() < 1e-12, "{found}");
        assert!((ndcg(&[0, 2], [2].into_iter(), 1) - 0.0).abs() < 1e-12);
        let found = average_precision(&[1, 0, 2], 4);
        assert!((found - (1.0 + 2.0 / 3.0) / 4.0).abs() < 1e-12, "{found}");
    }
}
