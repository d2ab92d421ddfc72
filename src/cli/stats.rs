//! `stats`: what is in the index, and what was left out of it.

use std::io::Write;

use clap::Args;
use dateline::date::Date;
use dateline::search::{Facet, NO_VALUE, Status, status};

use super::index::left_out;
use super::outcome::Outcome;
use super::output::{Terminal, bytes, clean, counted, facets, grouped, json, stdout};
use super::paths::Location;

const EXAMPLES: &str = "\
Examples:
  dateline stats
  dateline stats --in ~/articles
  dateline stats --json | jq .digest      the same archive and program give the same digest anywhere";

/// Tells what is in the index: articles, dates, sources, languages, and what was skipped
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Stats {
    #[command(flatten)]
    location: Location,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

impl Stats {
    /// Prints the numbers.
    pub fn run(&self) -> anyhow::Result<Outcome> {
        let archive = self.location.open(Date::today())?;
        let status = status(archive, if self.json { 0 } else { 10 })?;
        stdout(|out| if self.json { json::line(out, &status) } else { as_text(out, &status) })?;
        Ok(Outcome::Done)
    }
}

fn as_text(out: &mut impl Write, status: &Status) -> anyhow::Result<()> {
    let terminal = Terminal::of_stdout();
    let undated = status.facets.iter().filter(|(name, _)| name == Facet::Year.name()).flat_map(|(_, counts)| counts);
    let undated = undated.filter(|count| count.value == NO_VALUE).map(|count| count.count).sum();
    let span = match (status.first, status.last) {
        (Some(first), Some(last)) => format!("from {} to {}", first.without_time(), last.without_time()),
        _ => "without dates".to_owned(),
    };
    let articles = terminal.bold(&counted(status.articles, "article"));
    writeln!(out, "{articles} {span} ({} undated)", grouped(undated))?;
    writeln!(out, "{}, {}", counted(status.files, "file"), bytes(status.bytes_read))?;
    for root in &status.roots {
        writeln!(out, "{}{}", terminal.dim("from        "), clean(root))?;
    }
    writeln!(out, "{}{}, {}", terminal.dim("generation  "), status.generation, status.program)?;
    writeln!(out, "{}{}\n", terminal.dim("digest      "), status.digest)?;
    facets::text(out, &status.facets, &terminal)?;
    for line in left_out(&status.skipped, &status.warnings, &status.examples) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}
