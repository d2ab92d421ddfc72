//! `explain`: how a query was understood.

use std::io::Write;

use clap::Args;
use dateline::index::NoIndex;
use dateline::query::{Compiler, notes, outline_with};

use super::arguments::word;
use super::outcome::{Outcome, say};
use super::output::{clean, stdout};
use super::paths::Location;
use super::selection::{Selection, query};

const EXAMPLES: &str = "\
Examples:
  dateline explain 'truce OR ceasefire -title:sport'
  dateline explain 'date:last-month person:Merkel'

The first line is a query too, with every bracket written out; below it stands what each part means. Where there is an index,
also which of its words and names each part stands for; without one, the rest.";

/// Tells how a query is understood, without searching
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Explain {
    /// The query
    #[arg(value_name = "QUERY", value_parser = word())]
    words: Vec<String>,
    #[command(flatten)]
    location: Location,
    #[command(flatten)]
    selection: Selection,
}

impl Explain {
    /// Prints the query as it was understood.
    pub fn run(&self) -> anyhow::Result<Outcome> {
        let (request, mut warnings) = self.selection.request(&query(&self.words))?;
        let archive = match self.location.open_to_answer_once(self.selection.today()) {
            Ok(archive) => Some(archive),
            Err(error) if error.is::<NoIndex>() => None,
            Err(error) => return Err(error),
        };
        let mut compiler = archive.as_ref().map(|archive| archive.compiler()).transpose()?;
        let mut failed = None;
        let outline = outline_with(&request.query, |node| {
            let Some(compiler) = &mut compiler else { return Vec::new() };
            notes(compiler, node).unwrap_or_else(|error| {
                failed = Some(error);
                Vec::new()
            })
        });
        if let Some(error) = failed {
            return Err(error);
        }
        warnings.extend(compiler.iter_mut().flat_map(Compiler::take_warnings));
        stdout(|out| {
            writeln!(out, "{}\n", clean(&request.query.to_string()))?;
            for line in outline.lines() {
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
