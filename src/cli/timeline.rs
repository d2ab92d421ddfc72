//! `timeline`: how many articles in each day, month or year.

use clap::{Args, ValueEnum};
use dateline::search::{Facet, FacetRequest};

use super::arguments::word;
use super::facets::count;
use super::outcome::Outcome;
use super::output::CountFormat;
use super::paths::Location;
use super::selection::{Selection, query};

const EXAMPLES: &str = "\
Examples:
  dateline timeline ceasefire
  dateline timeline 'person:Gorbachev' --by month --from 1987 --to 1989
  dateline timeline '' --by year --format csv";

/// Counts the articles a query finds by day, month or year
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Timeline {
    /// Which articles; nothing for all
    #[arg(value_name = "QUERY", value_parser = word())]
    words: Vec<String>,
    /// Length of a step
    #[arg(long, value_name = "STEP", default_value = "year")]
    by: Step,
    #[command(flatten)]
    location: Location,
    /// How to print
    #[arg(long, default_value = "text")]
    format: CountFormat,
    #[command(flatten)]
    selection: Selection,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Step {
    Day,
    Month,
    Year,
}

impl Timeline {
    /// Prints the counts in the order of time.
    pub fn run(&self) -> anyhow::Result<Outcome> {
        let facet = match self.by {
            Step::Day => Facet::Day,
            Step::Month => Facet::Month,
            Step::Year => Facet::Year,
        };
        let wanted = [FacetRequest::new(facet, 0)];
        count(&query(&self.words), &wanted, &self.location, self.format, &self.selection)
    }
}
