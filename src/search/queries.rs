//! Files of queries for a batch: an id, a tab and a query on every line.

use std::io::Read;
use std::path::Path;

use anyhow::{Context, bail};

/// One query of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Its id, as answers name it.
    pub qid: String,
    /// What it asks.
    pub text: String,
}

/// Reads a file of queries; `-` is stdin. Empty lines and those that begin with `#` are left out.
///
/// # Errors
/// If it cannot be read, or a line has no tab.
pub fn read(path: &Path) -> anyhow::Result<Vec<Query>> {
    let cannot_read = || format!("cannot read {}", path.display());
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        std::io::stdin().lock().read_to_end(&mut bytes).with_context(cannot_read)?;
    } else {
        bytes = std::fs::read(path).with_context(cannot_read)?;
    }
    let text = String::from_utf8(bytes).with_context(cannot_read)?;
    let queries = parse(&text).with_context(|| path.display().to_string())?;
    if queries.is_empty() {
        bail!("{} holds no queries; write an id, a tab and a query on each line", path.display());
    }
    Ok(queries)
}

fn parse(text: &str) -> anyhow::Result<Vec<Query>> {
    let mut queries = Vec::new();
    let lines = text.strip_prefix('\u{feff}').unwrap_or(text).lines().enumerate();
    for (place, line) in lines.filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#')) {
        let Some((qid, query)) = line.split_once('\t') else {
            bail!("line {} has no tab; write an id, a tab and a query", place + 1);
        };
        let qid = qid.trim();
        if qid.is_empty() || qid.contains(char::is_whitespace) {
            bail!("line {} has no id without spaces before its tab", place + 1);
        }
        queries.push(Query { qid: qid.to_owned(), text: query.trim().to_owned() });
    }
    Ok(queries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_an_id_a_tab_and_a_query() {
        let queries = parse("\u{feff}q1\tceasefire talks\r\n\n# a remark\nq2\t\n").expect("queries");
        let read: Vec<(&str, &str)> = queries.iter().map(|query| (query.qid.as_str(), query.text.as_str())).collect();
        assert_eq!(read, [("q1", "ceasefire talks"), ("q2", "")]);
        assert!(parse("q1 ceasefire").is_err_and(|error| error.to_string().starts_with("line 1 has no tab")));
    }
}
