//! `facets`: counts only.

use clap::Args;
use dateline::search::{FacetRequest, SearchRequest};

use super::arguments::word;
use super::outcome::Outcome;
use super::output::csv::Table;
use super::output::{CountFormat, Terminal, facets, json, stdout, text};
use super::paths::Location;
use super::search::{answer, warn};
use super::selection::{self, Selection, facet};

const EXAMPLES: &str = "\
Examples:
  dateline facets '' countries people          over the whole index
  dateline facets 'ceasefire talks' leaders:5 year
  dateline facets 'title:summit' source:0 --format csv    every value, as a table
  dateline facets '' people:~zel leaders,year --facet-min 3

Names: people leaders countries source language section tags authors wire filed_from mentioned url year month day.
Also quarter and week. NAME:N gives N values, NAME:0 all, NAME:~TEXT those with a text; NAME,NAME crosses two. Counts are exact; `none` counts articles without a value.";

/// Counts the values of fields over the articles a query finds
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Facets {
    /// Which articles; '' for all
    #[arg(value_name = "QUERY", value_parser = word())]
    query: String,
    /// Fields to count, each with how many values to give
    #[arg(value_name = "NAME[:N]", value_parser = facet, required = true)]
    names: Vec<FacetRequest>,
    #[command(flatten)]
    order: selection::FacetFlags,
    #[command(flatten)]
    location: Location,
    /// How to print
    #[arg(long, default_value = "text")]
    format: CountFormat,
    #[command(flatten)]
    selection: Selection,
}

impl Facets {
    /// Prints the counts.
    pub fn run(&self) -> anyhow::Result<Outcome> {
        let (request, warnings) = self.selection.request(&self.query)?;
        let request = SearchRequest { facets: self.order.applied(&self.names), limit: 0, ..request };
        let archive = self.location.open_to_answer_once(self.selection.today())?;
        let results = answer(archive, &(request, warnings))?;
        stdout(|out| {
            match self.format {
                CountFormat::Json => json::answer(out, None, &results)?,
                CountFormat::Csv => facets::table(Table::comma(out), &results)?,
                CountFormat::Tsv => facets::table(Table::Tab(out), &results)?,
                CountFormat::Text => {
                    let terminal = Terminal::of_stdout();
                    facets::text(out, &results.facets, &terminal)?;
                    text::count(out, &results, archive.manifest().counts.articles, &terminal)?;
                }
            }
            Ok(())
        })?;
        if self.format != CountFormat::Json {
            warn(&results);
        }
        Ok(Outcome::found(results.total > 0))
    }
}
