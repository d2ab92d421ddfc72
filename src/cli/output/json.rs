//! JSON as `schema/results.schema.json` describes it; a batch adds `qid`.

use std::io::Write;

use dateline::search::SearchResults;
use serde::Serialize;

#[derive(Serialize)]
struct Answer<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    qid: Option<&'a str>,
    #[serde(flatten)]
    results: &'a SearchResults,
}

#[derive(Serialize)]
struct HitOf<'a, T> {
    qid: &'a str,
    #[serde(flatten)]
    hit: &'a T,
}

/// Prints one answer as one object on one line.
///
/// # Errors
/// If `out` cannot be written.
pub fn answer(out: &mut impl Write, qid: Option<&str>, results: &SearchResults) -> anyhow::Result<()> {
    line(out, &Answer { qid, results })
}

/// Prints one hit a line.
///
/// # Errors
/// If `out` cannot be written.
pub fn hits(out: &mut impl Write, qid: Option<&str>, results: &SearchResults) -> anyhow::Result<()> {
    results.hits.iter().try_for_each(|hit| match qid {
        Some(qid) => line(out, &HitOf { qid, hit }),
        None => line(out, hit),
    })
}

/// Prints anything as one line.
///
/// # Errors
/// If `out` cannot be written.
pub fn line(out: &mut impl Write, value: &impl Serialize) -> anyhow::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")?;
    Ok(())
}
