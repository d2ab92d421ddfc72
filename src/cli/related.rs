//! `related`: articles like one.

use clap::Args;
use dateline::date::Date;
use dateline::search::related;

use super::arguments::word;
use super::outcome::{Outcome, no_article};
use super::output::{HitFormat, stdout};
use super::paths::Location;
use super::search::Printer;

const EXAMPLES: &str = "\
Examples:
  dateline related 900001
  dateline related 900001 --limit 3 --format json | jq .query    the words they were found by

Found by the words that stand often in the article and seldom in the archive.";

/// Finds articles like one, best first
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Related {
    /// Id of the article
    #[arg(value_name = "ID", value_parser = word())]
    id: String,
    #[command(flatten)]
    location: Location,
    /// Articles to give
    #[arg(long, value_name = "N", default_value_t = 10)]
    limit: usize,
    /// How to print
    #[arg(long, default_value = "text")]
    format: HitFormat,
}

impl Related {
    /// Prints the articles.
    pub fn run(&self) -> anyhow::Result<Outcome> {
        let archive = self.location.open_to_answer_once(Date::today())?;
        let Some(results) = related(archive, &self.id, self.limit)? else {
            return Ok(no_article(&self.id));
        };
        stdout(|out| {
            let mut printer = Printer::new(self.format, out, false)?;
            printer.print(archive, None, &results)?;
            printer.finish()?;
            Ok(Outcome::found(!results.hits.is_empty()))
        })
    }
}
