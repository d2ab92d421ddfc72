//! `stats`: what is in the index, and what was left out of it.

use std::io::Write;

use clap::Args;
use dateline::date::Date;
use dateline::index::Column;
use dateline::index::manifest::Counts;
use dateline::search::{Archive, Facet, FacetRequest, NO_VALUE, SearchRequest, SearchResults, Sort, search};
use serde_json::json;

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
        let limit = if self.json { 0 } else { 10 };
        let facets = [
            FacetRequest::new(Facet::Column(Column::Source), limit),
            FacetRequest::new(Facet::Column(Column::Language), limit),
            FacetRequest::new(Facet::Year, 0),
        ];
        let request = SearchRequest { facets: facets.to_vec(), limit: 1, sort: Sort::Oldest, ..Default::default() };
        let oldest = search(&archive, &request)?;
        let newest = search(&archive, &SearchRequest { facets: Vec::new(), sort: Sort::Newest, ..request })?;
        let [first, last] = [&oldest, &newest].map(|results| results.hits.first().and_then(|hit| hit.date));
        stdout(|out| {
            if self.json {
                as_json(out, &archive, &oldest, first, last)
            } else {
                as_text(out, &archive, &oldest, first, last)
            }
        })?;
        Ok(Outcome::Done)
    }
}

fn as_json(
    out: &mut impl Write,
    archive: &Archive,
    results: &SearchResults,
    first: Option<Date>,
    last: Option<Date>,
) -> anyhow::Result<()> {
    let manifest = archive.manifest();
    let Counts { articles, files, bytes_read, skipped, warnings, examples } = &manifest.counts;
    let facets: serde_json::Map<String, serde_json::Value> = results
        .facets
        .iter()
        .map(|(name, counts)| Ok((name.clone(), serde_json::to_value(counts)?)))
        .collect::<Result<_, serde_json::Error>>()?;
    json::line(
        out,
        &json!({
            "articles": articles, "files": files, "bytes_read": bytes_read, "first": first, "last": last,
            "facets": facets, "skipped": skipped, "warnings": warnings, "examples": examples,
            "roots": manifest.roots, "today": manifest.today, "program": manifest.rules.program,
            "generation": archive.generation(), "digest": manifest.digest,
        }),
    )
}

fn as_text(
    out: &mut impl Write,
    archive: &Archive,
    results: &SearchResults,
    first: Option<Date>,
    last: Option<Date>,
) -> anyhow::Result<()> {
    let terminal = Terminal::of_stdout();
    let manifest = archive.manifest();
    let counts = &manifest.counts;
    let undated = results.facets.iter().filter(|(name, _)| name == Facet::Year.name()).flat_map(|(_, counts)| counts);
    let undated = undated.filter(|count| count.value == NO_VALUE).map(|count| count.count).sum();
    let span = match (first, last) {
        (Some(first), Some(last)) => format!("from {} to {}", first.without_time(), last.without_time()),
        _ => "without dates".to_owned(),
    };
    let articles = terminal.bold(&counted(counts.articles, "article"));
    writeln!(out, "{articles} {span} ({} undated)", grouped(undated))?;
    writeln!(out, "{}, {}", counted(counts.files, "file"), bytes(counts.bytes_read))?;
    for root in &manifest.roots {
        writeln!(out, "{}{}", terminal.dim("from        "), clean(root))?;
    }
    writeln!(out, "{}{}, {}", terminal.dim("generation  "), archive.generation(), manifest.rules.program)?;
    writeln!(out, "{}{}\n", terminal.dim("digest      "), manifest.digest)?;
    facets::text(out, &results.facets, &terminal)?;
    for line in left_out(&counts.skipped, &counts.warnings, &counts.examples) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}
