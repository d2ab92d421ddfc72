//! Why nothing was found: which part of a query leaves out what the others would find.

use crate::query::{Compiler, Kind, Node};

use super::archive::Archive;
use super::pass::pass;
use super::{SearchRequest, whole_query};

/// Parts tried without; each is a search of its own.
const MOST_PARTS: usize = 8;

/// A line that names the parts without which there would be hits, or those nothing answers; `None` if the query has one part.
///
/// # Errors
/// If the index is damaged.
pub fn why_nothing(
    archive: &Archive,
    compiler: &mut Compiler<'_>,
    request: &SearchRequest,
) -> anyhow::Result<Option<String>> {
    let Kind::And(parts) = &request.query.kind else { return Ok(None) };
    if parts.len() > MOST_PARTS {
        return Ok(None);
    }
    let mut count = |query: Node| -> anyhow::Result<u64> {
        let asked = SearchRequest { query, ..request.clone() };
        let query = whole_query(compiler, &asked, None)?;
        Ok(pass(archive, &query, &compiler.effort, Vec::new(), None)?.total)
    };
    let (mut without, mut alone) = (Vec::new(), Vec::new());
    for (place, part) in parts.iter().enumerate() {
        let rest =
            parts.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, part)| part.clone()).collect();
        let found = count(Node { kind: Kind::And(rest), ..request.query.clone() })?;
        if found > 0 {
            without.push(format!("without `{part}` there are {found}"));
        } else if count(part.clone())? == 0 {
            alone.push(format!("`{part}`"));
        }
    }
    Ok(match (without.is_empty(), alone.is_empty()) {
        (false, _) => Some(format!("no article answers all of it; {}", without.join(", "))),
        (true, false) => Some(format!("no article answers {}", alone.join(", nor "))),
        (true, true) => Some("no article answers all of it, nor all but one part of it".to_owned()),
    })
}
