//! `timeline`: how many articles in each day, week, month, quarter or year.

use clap::{Args, ValueEnum};
use dateline::search::{AnswerInTime, Facet, FacetRequest, SearchRequest, timeline};

use super::arguments::word;
use super::outcome::{Outcome, say};
use super::output::csv::Table;
use super::output::timeline as output;
use super::output::{CountFormat, Terminal, clean, json, stdout};
use super::paths::Location;
use super::search::answer;
use super::selection::{Selection, query};

const EXAMPLES: &str = "\
Examples:
  dateline timeline ceasefire
  dateline timeline 'person:Gorbachev' --by month --from 1987 --to 1989
  dateline timeline truce --vs ceasefire --vs armistice     shares of all articles of each year
  dateline timeline '' --by year --format csv

A share is a part of the articles the filters leave. Times of which the archive holds no article are gaps, not zeros.";

/// Counts the articles a query finds by day, week, month, quarter or year
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Timeline {
    /// Which articles; nothing for all
    #[arg(value_name = "QUERY", value_parser = word())]
    words: Vec<String>,
    /// Length of a step
    #[arg(long, value_name = "STEP", default_value = "year")]
    by: Step,
    /// Show shares of all articles instead of counts; usual with --vs
    #[arg(long)]
    share: bool,
    /// Show counts, with --vs too
    #[arg(long, conflicts_with = "share")]
    counts: bool,
    /// Another query to compare with; may be repeated
    #[arg(long, value_name = "QUERY")]
    vs: Vec<String>,
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
    Week,
    Month,
    Quarter,
    Year,
}

impl Timeline {
    /// Prints the counts in the order of time.
    pub fn run(&self) -> anyhow::Result<Outcome> {
        let unit = match self.by {
            Step::Day => Facet::Day,
            Step::Week => Facet::Week,
            Step::Month => Facet::Month,
            Step::Quarter => Facet::Quarter,
            Step::Year => Facet::Year,
        };
        let (first, mut warnings) = self.selection.request(&query(&self.words))?;
        let mut requests = vec![first];
        for text in &self.vs {
            let (request, noticed) = self.selection.request(text)?;
            requests.push(request);
            warnings.extend(noticed);
        }
        let archive = self.location.open_to_answer_once(self.selection.today())?;
        let (times, noticed) = timeline(archive, &requests, unit)?;
        warnings.extend(noticed);
        let wanted = SearchRequest { facets: vec![FacetRequest::new(unit, 0)], limit: 0, ..requests.swap_remove(0) };
        stdout(|out| match self.format {
            CountFormat::Json => {
                let results = answer(archive, &(wanted, warnings.clone()))?;
                json::line(out, &AnswerInTime { results, timeline: times.clone() })
            }
            CountFormat::Csv => output::table(Table::comma(out), &times),
            CountFormat::Tsv => output::table(Table::Tab(out), &times),
            CountFormat::Text => {
                let share = self.share || !self.vs.is_empty() && !self.counts;
                Ok(output::text(out, &times, share, &Terminal::of_stdout())?)
            }
        })?;
        if self.format != CountFormat::Json {
            for warning in &warnings {
                say(&format!("warning: {}", clean(warning)));
            }
        }
        Ok(Outcome::found(times.series.iter().any(|series| series.total > 0)))
    }
}
