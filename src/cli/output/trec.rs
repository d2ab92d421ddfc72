//! Runs as `trec_eval` and its kin read them: `qid Q0 id rank score dateline`.

use std::io::Write;

use dateline::search::SearchResults;

/// Prints one line per hit, best first. Hits ordered by date have no score: there the rank makes one that falls.
///
/// # Errors
/// If `out` cannot be written.
pub fn hits(out: &mut impl Write, qid: &str, results: &SearchResults) -> anyhow::Result<()> {
    for hit in &results.hits {
        let score = hit.score.map_or_else(|| format!("{:.6}", 1.0 / hit.rank as f64), |score| score.to_string());
        // a space would shift the columns
        let id = hit.id.replace(char::is_whitespace, "_");
        writeln!(out, "{qid} Q0 {id} {} {score} dateline", hit.rank)?;
    }
    Ok(())
}
