//! `index`: builds or refreshes an index and says what became of every file.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use dateline::audit::{Refused, Report};
use dateline::index::manifest::Example;
use dateline::indexer::{IndexRequest, KEEP, Summary, index_if};
use serde::Serialize;

use super::gates::GateFlags;
use super::outcome::{Outcome, say, searching};
use super::output::{Terminal, bytes, clean, counted, grouped, json, stdout};
use super::paths::IndexPath;
use super::progress;
use super::reading::Reading;

const EXAMPLES: &str = "\
Examples:
  dateline index ~/articles                     build .dateline, or add the folder to it
  dateline index                                refresh everything the index remembers
  dateline index table.csv --map title=Headline --map date=Published
  dateline index --remove ~/articles/old --allow-removal
  dateline index archive/ --json | jq .skipped  for scripts
  dateline index archive/ --max-skipped 1% --min-articles 20000 --report summary.md

Reads plain text, HTML, WARC, feeds, NITF, NewsML, JSON, JSON Lines, CSV, TSV and Reuters-21578 SGML, each also
compressed (gz, bz2, xz, zst) and inside zip and tar archives.
Nothing is left out silently: every file and record is an article or counted with a reason.";

/// Builds an index of files and folders, or refreshes it
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Index {
    /// Files and folders to add or refresh; without any, everything the index remembers
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    location: IndexPath,
    /// Drop a file or folder that was indexed before
    #[arg(long, value_name = "PATH")]
    remove: Vec<PathBuf>,
    /// Build anew even if nothing changed
    #[arg(long)]
    rebuild: bool,
    /// Allow a run that removes more than half of the articles
    #[arg(long)]
    allow_removal: bool,
    /// Generations to keep, the new one included, for `--as-of` and for readers that still use them
    #[arg(long, value_name = "N", default_value_t = KEEP, value_parser = clap::value_parser!(u16).range(1..))]
    keep: u16,
    /// Print the summary as one JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    gates: GateFlags,
    #[command(flatten)]
    reading: Reading,
}

impl Index {
    /// Indexes and prints the summary.
    pub fn run(&self) -> anyhow::Result<Outcome> {
        let settings = self.reading.settings()?;
        let request = IndexRequest {
            paths: self.paths.clone(),
            remove: self.remove.clone(),
            rebuild: self.rebuild,
            allow_removal: self.allow_removal,
            keep: usize::from(self.keep),
        };
        let directory = self.location.directory();
        if let Ok(Some(generation)) = directory.current() {
            searching(&directory.generation_path(generation));
        }
        let gates = self.gates.gates();
        let mut report = None;
        let mut refused = None;
        let run = progress::watch(|progress| {
            index_if(&directory, &request, &settings, progress, |candidate| {
                let findings = gates.findings(candidate.summary);
                if self.gates.wants_report() {
                    report = Some(Report::of(&directory, candidate, findings.clone())?);
                }
                if findings.is_empty() {
                    return Ok(());
                }
                let generation = candidate.before.unwrap_or(0);
                refused = Some(Summary { generation, ..candidate.summary.clone() });
                Err(Refused(findings).into())
            })
        });
        let (summary, findings) = match (run, refused) {
            (Ok(summary), _) => (summary, Vec::new()),
            (Err(error), Some(summary)) => match error.downcast::<Refused>() {
                Ok(Refused(findings)) => (summary, findings),
                Err(error) => return Err(error),
            },
            (Err(error), None) => return Err(error),
        };
        if !summary.cleaned_up.is_empty() {
            say(&format!("removed what an interrupted run had left behind: {}", summary.cleaned_up.join(", ")));
        }
        if let Some(report) = report {
            self.gates.write(&Report { summary: summary.clone(), ..report })?;
        }
        stdout(|out| match (self.json, findings.is_empty()) {
            (true, _) => json::line(out, &Gated { summary: &summary, findings: &findings }),
            (false, true) => Ok(print(out, &summary, &Terminal::of_stdout())?),
            (false, false) => Ok(()),
        })?;
        for finding in &findings {
            say(&clean(finding));
        }
        if !findings.is_empty() {
            say(&match summary.generation {
                0 => "not published; there is still no index".to_owned(),
                number => format!("not published; generation {number} goes on answering"),
            });
        }
        Ok(Outcome::unless_any(findings.len()))
    }
}

/// The summary as JSON, with what gates found.
#[derive(Serialize)]
struct Gated<'a> {
    #[serde(flatten)]
    summary: &'a Summary,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    findings: &'a [String],
}

fn print(out: &mut impl Write, summary: &Summary, terminal: &Terminal) -> io::Result<()> {
    let Summary { indexed, unchanged, updated, removed, articles, bytes_read, seconds, .. } = summary;
    if !summary.rebuilt_because.is_empty() {
        writeln!(out, "read anew: {}", clean(&summary.rebuilt_because.join(", ")))?;
    }
    let held = terminal.bold(&counted(*articles, "article"));
    let changes: Vec<String> = [(indexed, "new"), (updated, "updated"), (unchanged, "unchanged"), (removed, "removed")]
        .iter()
        .filter(|(count, _)| **count > 0)
        .map(|(count, what)| format!("{} {what}", grouped(**count)))
        .collect();
    writeln!(out, "{held} ({})", changes.join(", "))?;
    for line in left_out(&summary.skipped, &summary.warnings, &summary.examples) {
        writeln!(out, "{line}")?;
    }
    let speed = if *bytes_read == 0 {
        "nothing to read again".to_owned()
    } else {
        format!("{} read, {:.1} MB/s", bytes(*bytes_read), *bytes_read as f64 / 1e6 / seconds.max(1e-3))
    };
    let digest: String = summary.digest.chars().take(16).collect();
    let last = format!("generation {}, digest {digest}, {speed}, {seconds:.1} s", summary.generation);
    writeln!(out, "{}", terminal.dim(&last))
}

/// What was left out and repaired, a line for each reason with a case of it.
pub fn left_out(
    skipped: &BTreeMap<String, u64>,
    warnings: &BTreeMap<String, u64>,
    examples: &BTreeMap<String, Example>,
) -> Vec<String> {
    let all = skipped.values().chain(warnings.values()).copied().max().unwrap_or(0);
    let digits = grouped(all).len();
    let wide = skipped.keys().chain(warnings.keys()).map(String::len).max().unwrap_or(0);
    let mut lines = Vec::new();
    for (heading, counts) in [("skipped", skipped), ("indexed with a warning", warnings)] {
        if counts.is_empty() {
            continue;
        }
        lines.push(format!("{heading}:"));
        for (reason, count) in counts {
            let case = examples.get(reason).map(|example| case(example, *count > 1)).unwrap_or_default();
            let line = format!("  {:>digits$} {reason:<wide$}  {case}", grouped(*count));
            lines.push(line.trim_end().to_owned());
        }
    }
    lines
}

fn case(example: &Example, is_one_of_many: bool) -> String {
    let mut case = if is_one_of_many { "first: ".to_owned() } else { String::new() };
    case.push_str(&clean(&example.path));
    if example.record > 0 {
        case.push_str(", record ");
        case.push_str(&example.record.to_string());
    }
    if !example.detail.is_empty() {
        case.push_str(": ");
        case.push_str(&clean(&example.detail));
    }
    case
}
