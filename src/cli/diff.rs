//! `diff`: what changed from one index, or generation, to another.

use std::io::Write;
use std::path::Path;

use anyhow::bail;
use clap::Args;
use dateline::audit::{ArticleLine, Difference, Threshold, difference};
use dateline::index::{IndexDirectory, Opening};
use dateline::search::Archive;
use serde::Serialize;

use super::outcome::{Outcome, say, searching};
use super::output::facets::label;
use super::output::{ObjectFormat, Out, Terminal, clean, counted, grouped, json, stdout};
use super::paths::IndexPath;

const EXAMPLES: &str = "\
Examples:
  dateline diff 1                          from generation 1 of .dateline to the one that answers
  dateline diff 1 2 --format json
  dateline diff last-week/ tonight/        from one index to another
  dateline diff 1 --fail-on 'removed>1%' --fail-on 'silent>0' --fail-on 'added<1'

Thresholds: added, removed, changed (articles), moved (facet values), silent (sources), with > or < and a number, or a part of what was
there before. Exit codes: 0 compared, 1 a threshold is crossed, 2 error.";

/// Tells what changed between two generations or two indexes
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Diff {
    /// Number of a generation, or folder of an index
    #[arg(value_name = "A")]
    before: String,
    /// Number of a generation, or folder of an index [default: the generation that answers]
    #[arg(value_name = "B")]
    after: Option<String>,
    #[command(flatten)]
    location: IndexPath,
    /// Exit with 1 if more or less changed: `removed>1%`; may be repeated
    #[arg(long, value_name = "THRESHOLD")]
    fail_on: Vec<Threshold>,
    /// Articles and facet values to name of each kind; 0 names all [default: 20 in text, all in JSON]
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// How to print
    #[arg(long, default_value = "text")]
    format: ObjectFormat,
}

#[derive(Serialize)]
struct Answer<'a> {
    #[serde(flatten)]
    difference: &'a Difference,
    findings: &'a [String],
}

impl Diff {
    /// Compares, and prints what changed.
    pub fn run(&self) -> anyhow::Result<Outcome> {
        let most = match (self.limit, self.format) {
            (None, ObjectFormat::Text) => 20,
            (None | Some(0), _) => usize::MAX,
            (Some(most), _) => most,
        };
        let before = self.open(Some(&self.before))?;
        let after = self.open(self.after.as_deref())?;
        let mut difference = difference(&before, &after, most)?;
        let findings = difference.findings(&self.fail_on);
        stdout(|out| match self.format {
            ObjectFormat::Text => as_text(out, &difference, most),
            ObjectFormat::Json => {
                difference.moved.iter_mut().for_each(|(_, moved)| moved.truncate(most));
                json::line(out, &Answer { difference: &difference, findings: &findings })
            }
        })?;
        for finding in &findings {
            say(&format!("--fail-on {finding}"));
        }
        Ok(Outcome::unless_any(findings.len()))
    }

    /// Opens a generation of the index named, or the one that answers in a folder.
    fn open(&self, side: Option<&str>) -> anyhow::Result<Archive> {
        let directory = self.location.directory();
        let archive = match side.map(|side| (side, side.parse::<u64>())) {
            None => Archive::open(&directory)?,
            Some((_, Ok(number))) => Archive::open_as_of(&directory, number, None, Opening::ForMany)?,
            Some((side, Err(_))) => {
                if !Path::new(side).is_dir() {
                    bail!("{side} is neither the number of a generation nor the folder of an index");
                }
                Archive::open(&IndexDirectory::new(side))?
            }
        };
        searching(archive.path());
        Ok(archive)
    }
}

fn as_text(out: &mut Out, difference: &Difference, most: usize) -> anyhow::Result<()> {
    let terminal = Terminal::of_stdout();
    if !difference.rules.is_empty() {
        writeln!(out, "other rules: {}", clean(&difference.rules.join(", ")))?;
    }
    let counts = &difference.counts;
    for (sign, what, articles, count) in [
        ('+', "added", &difference.added, counts.added),
        ('-', "removed", &difference.removed, counts.removed),
        ('~', "changed", &difference.changed, counts.updated),
    ] {
        if count > 0 {
            writeln!(out, "{}", terminal.bold(&format!("{what}: {}", counted(count, "article"))))?;
            articles.iter().try_for_each(|article| writeln!(out, "{sign} {}", described(article)))?;
            more(out, count, articles.len() as u64)?;
        }
    }
    if !difference.silent.is_empty() {
        writeln!(out, "{}", terminal.bold("fell silent"))?;
    }
    for silent in &difference.silent {
        let last = silent.last.map_or_else(String::new, |last| format!(", last on {last}"));
        writeln!(
            out,
            "! {}: {} before, {} after{last}",
            clean(&silent.source),
            grouped(silent.before),
            grouped(silent.after)
        )?;
    }
    for (facet, moved) in &difference.moved {
        writeln!(out, "{}", terminal.bold(facet))?;
        for value in moved.iter().take(most) {
            writeln!(out, "  {}: {} -> {}", label(facet, &value.value), grouped(value.before), grouped(value.after))?;
        }
        more(out, moved.len() as u64, moved.len().min(most) as u64)?;
    }
    let [added, removed, changed, unchanged] =
        [counts.added, counts.removed, counts.updated, counts.unchanged].map(grouped);
    let relocated = match difference.relocated {
        0 => String::new(),
        relocated => format!(", {} at another place", grouped(relocated)),
    };
    let totals = format!("{added} added, {removed} removed, {changed} changed, {unchanged} unchanged{relocated}");
    let (before, after) = (&difference.before, &difference.after);
    let sides = format!(
        "generation {} ({}) to {} ({})",
        before.generation,
        short(&before.digest),
        after.generation,
        short(&after.digest)
    );
    writeln!(out, "{}", terminal.dim(&format!("{totals}; {sides}")))?;
    Ok(())
}

fn more(out: &mut Out, all: u64, named: u64) -> std::io::Result<()> {
    if all > named { writeln!(out, "  … {} more; `--limit 0` names all", grouped(all - named)) } else { Ok(()) }
}

fn described(article: &ArticleLine) -> String {
    let title = if article.title.is_empty() { "(no title)" } else { &article.title };
    let fields = if article.fields.is_empty() { String::new() } else { format!(" ({})", article.fields.join(", ")) };
    let facts = [article.source.clone(), article.date.map(|date| date.to_string()), Some(article.origin.path.clone())];
    let facts: Vec<String> = facts.into_iter().flatten().map(|fact| clean(&fact)).collect();
    format!("{}  {}{fields}  {}", clean(&article.id), clean(title), facts.join(" · "))
}

fn short(digest: &str) -> &str {
    digest.get(..16).unwrap_or(digest)
}
