//! What a run did, for the summary page of a pipeline: what was read and left out, which sources, where days are missing, and what
//! changed since the generation before.

use std::fmt::Write;

use serde::Serialize;

use crate::export::clean;
use crate::index::IndexDirectory;
use crate::index::manifest::Manifest;
use crate::indexer::{Candidate, Summary};
use crate::search::{Archive, NO_VALUE};

use super::difference::{ArticleLine, Difference, difference};
use super::moved::{by_source, days};
use super::rhythm::{Gap, gaps};

/// Articles of each kind and rows of each table that a report names.
const MOST: usize = 20;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// A new generation answers.
    Published,
    /// Nothing changed, and the generation before goes on answering.
    Unchanged,
    /// A gate refused it, and the generation before goes on answering.
    Refused,
}

/// Articles of one source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceCount {
    /// Its name; `none` counts articles without one.
    pub source: String,
    /// Articles now.
    pub articles: u64,
}

/// Everything a summary page shows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// How the run ended.
    pub outcome: Outcome,
    /// What gates found.
    pub findings: Vec<String>,
    /// As `index --json` prints it.
    #[serde(flatten)]
    pub summary: Summary,
    /// Articles by source, most first.
    pub sources: Vec<SourceCount>,
    /// Times without articles, longer than is usual in this archive, the longest first.
    pub gaps: Vec<Gap>,
    /// What changed since the generation before, with the first articles of each kind; absent if there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes: Option<Difference>,
}

impl Report {
    /// Looks at a generation before it is published.
    ///
    /// # Errors
    /// If it, or the one before it, cannot be searched.
    pub fn of(directory: &IndexDirectory, candidate: &Candidate<'_>, findings: Vec<String>) -> anyhow::Result<Self> {
        let summary = candidate.summary.clone();
        let archive =
            Archive::of_generation(directory, candidate.path, summary.generation, candidate.manifest.clone(), None)?;
        let sources = by_source(&archive)?;
        let sources = sources.into_iter().map(|count| SourceCount { source: count.value, articles: count.count });
        let mut gaps = gaps(&days(&archive)?);
        gaps.sort_by_key(|gap| std::cmp::Reverse(gap.days));
        let is_unchanged = candidate.before == Some(summary.generation);
        let changes = match candidate.before.filter(|_| !is_unchanged) {
            Some(before) => {
                let path = directory.generation_path(before);
                let before = Archive::of_generation(directory, &path, before, Manifest::read(&path)?, None)?;
                Some(difference(&before, &archive, MOST)?)
            }
            None => None,
        };
        let outcome = match (findings.is_empty(), is_unchanged) {
            (false, _) => Outcome::Refused,
            (true, true) => Outcome::Unchanged,
            (true, false) => Outcome::Published,
        };
        Ok(Self { outcome, findings, summary, sources: sources.collect(), gaps, changes })
    }

    /// The same as Markdown.
    pub fn markdown(&self) -> String {
        let mut page = Page(String::new());
        let summary = &self.summary;
        let number = summary.generation;
        page.line(&match self.outcome {
            Outcome::Published => format!("## dateline: generation {number} published"),
            Outcome::Unchanged => format!("## dateline: nothing changed, generation {number}"),
            Outcome::Refused => "## dateline: not published".to_owned(),
        });
        if !self.findings.is_empty() {
            page.line("");
            self.findings.iter().for_each(|finding| page.line(&format!("- **{}**", cell(finding))));
        }
        let Summary { indexed, updated, removed, unchanged, articles, bytes_read, seconds, digest, .. } = summary;
        page.table(
            "",
            ["", ""],
            [
                ["articles".to_owned(), articles.to_string()],
                [
                    "new, updated, removed, unchanged".to_owned(),
                    format!("{indexed}, {updated}, {removed}, {unchanged}"),
                ],
                ["bytes read".to_owned(), bytes_read.to_string()],
                ["seconds".to_owned(), format!("{seconds:.1}")],
                ["digest".to_owned(), format!("`{digest}`")],
            ],
        );
        for (heading, counts) in [("Left out", &summary.skipped), ("Indexed with a warning", &summary.warnings)] {
            let rows = counts.iter().map(|(reason, count)| {
                let first = summary.examples.get(reason).map(|example| match example.record {
                    0 => cell(&format!("{} {}", example.path, example.detail)),
                    record => cell(&format!("{}, record {record} {}", example.path, example.detail)),
                });
                [cell(reason), count.to_string(), first.unwrap_or_default()]
            });
            page.table(heading, ["reason", "count", "first"], rows);
        }
        let rows = self.sources.iter().filter(|count| count.source != NO_VALUE);
        page.table(
            "Sources",
            ["source", "articles"],
            rows.map(|count| [cell(&count.source), count.articles.to_string()]),
        );
        let rows = self.gaps.iter().map(|gap| [gap.from.to_string(), gap.to.to_string(), gap.days.to_string()]);
        page.table("Days without articles", ["from", "to", "days"], rows);
        if let Some(changes) = &self.changes {
            changes_on(changes, &mut page);
        }
        page.0
    }
}

fn changes_on(changes: &Difference, page: &mut Page) {
    if !changes.rules.is_empty() {
        page.line(&format!("\nRules: {}.", cell(&changes.rules.join(", "))));
    }
    let rows = changes.silent.iter().map(|silent| {
        let last = silent.last.map(|last| last.to_string()).unwrap_or_default();
        [cell(&silent.source), last, silent.before.to_string(), silent.after.to_string()]
    });
    page.table("Sources that fell silent", ["source", "last article", "before", "after"], rows);
    let counts = &changes.counts;
    for (heading, articles, count) in [
        ("New", &changes.added, counts.added),
        ("Removed", &changes.removed, counts.removed),
        ("Updated", &changes.changed, counts.updated),
    ] {
        let heading = format!("{heading} ({count})");
        page.table(
            &heading,
            ["id", "title", "date", "fields"],
            articles.iter().map(|article| {
                let ArticleLine { id, title, date, fields, .. } = article;
                [cell(id), cell(title), date.map(|date| date.to_string()).unwrap_or_default(), fields.join(", ")]
            }),
        );
    }
}

/// Markdown being written.
struct Page(String);

impl Page {
    fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    /// Writes a table of at most [`MOST`] rows; nothing if it has none.
    fn table<const N: usize>(
        &mut self,
        heading: &str,
        columns: [&str; N],
        rows: impl IntoIterator<Item = [String; N]>,
    ) {
        let rows: Vec<[String; N]> = rows.into_iter().collect();
        if rows.is_empty() {
            return;
        }
        self.line("");
        if !heading.is_empty() {
            self.line(&format!("### {heading}\n"));
        }
        self.line(&format!("| {} |", columns.join(" | ")));
        self.line(&format!("|{}", "---|".repeat(N)));
        rows.iter().take(MOST).for_each(|row| self.line(&format!("| {} |", row.join(" | "))));
        if rows.len() > MOST {
            write!(self.0, "\nand {} more\n", rows.len() - MOST).expect("writing to a string");
        }
    }
}

/// Text that stays in its cell and is no markup.
fn cell(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in clean(text).trim().chars() {
        match c {
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' => safe.extend(['\\', c]),
            '<' => safe.push_str("&lt;"),
            '&' => safe.push_str("&amp;"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_title_stays_in_its_cell() {
        assert_eq!(cell("Talks | <b>peace</b>\n*now*"), "Talks \\| &lt;b>peace&lt;/b> \\*now\\*");
    }
}
