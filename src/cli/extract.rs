//! `extract`: the articles of an archive without an index.

use std::path::PathBuf;
use std::sync::atomic::Ordering::Relaxed;

use anyhow::bail;
use clap::Args;
use dateline::indexer::extract;

use super::outcome::{Outcome, say};
use super::output::clean;
use super::reading::Reading;
use super::{index, progress};

const EXAMPLES: &str = "\
Examples:
  dateline extract article.html | jq .
  dateline extract archive/ > articles.ndjson
  dateline extract table.csv --map title=Headline --map body=Text | head -1

Each line is one article as schema/article.schema.json describes it; duplicates are kept. What was skipped, and why,
is told on stderr.";

/// Prints the articles of files and folders as JSON lines: what `index` would index
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Extract {
    /// Files and folders
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    reading: Reading,
}

impl Extract {
    /// Prints the articles.
    pub fn run(&self) -> anyhow::Result<Outcome> {
        let settings = self.reading.settings()?;
        let (articles, tally) = progress::watch(|progress| {
            let tally = extract(&self.paths, &settings, progress, &mut std::io::stdout())?;
            Ok((progress.articles.load(Relaxed), tally))
        })?;
        for line in index::left_out(&tally.skipped, &tally.warnings, &tally.examples) {
            say(&line);
        }
        if articles == 0 {
            let paths: Vec<String> = self.paths.iter().map(|path| clean(&path.display().to_string())).collect();
            bail!("no articles in {}", paths.join(", "));
        }
        Ok(Outcome::Done)
    }
}
