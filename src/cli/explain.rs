//! `explain`: how a query was understood.

use std::io::Write;

use clap::Args;
use dateline::query::outline;

use super::arguments::word;
use super::outcome::{Outcome, say};
use super::output::{clean, stdout};
use super::selection::{Selection, query};

const EXAMPLES: &str = "\
Examples:
  dateline explain 'truce OR ceasefire -title:sport'
  dateline explain 'date:last-month person:Merkel'

Needs no index. The first line is a query too, with every bracket written out; below it stands what each part means.";

/// Tells how a query is understood, without searching
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Explain {
    /// The query
    #[arg(value_name = "QUERY", value_parser = word())]
    words: Vec<String>,
    #[command(flatten)]
    selection: Selection,
}

impl Explain {
    /// Prints the query as it was understood.
    pub fn run(&self) -> anyhow::Result<Outcome> {
        let (request, warnings) = self.selection.request(&query(&self.words))?;
        stdout(|out| {
            writeln!(out, "{}\n", clean(&request.query.to_string()))?;
            for line in outline(&request.query).lines() {
                let depth = line.len() - line.trim_start().len();
                writeln!(out, "{:depth$}{}", "", clean(line.trim_start()))?;
            }
            Ok(())
        })?;
        for warning in &warnings {
            say(&format!("warning: {}", clean(warning)));
        }
        Ok(Outcome::Done)
    }
}
