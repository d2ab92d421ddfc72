//! `show`: one article.

use std::io::Write;

use clap::{Args, ValueEnum};
use dateline::date::Date;
use dateline::export::{CitationFormat, citations};
use dateline::search::find;

use super::arguments::word;
use super::outcome::{Outcome, no_article};
use super::output::{Terminal, json, stdout, text};
use super::paths::Location;

const EXAMPLES: &str = "\
Examples:
  dateline show 900001
  dateline show u0f3a5d9c21e47b6680aa --format json | jq .people

Search results name the id of every hit.";

/// Prints one article and everything known about it
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Show {
    /// Id of the article
    #[arg(value_name = "ID", value_parser = word())]
    id: String,
    #[command(flatten)]
    location: Location,
    /// How to print
    #[arg(long, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One object, as schema/article.schema.json describes it
    Json,
    /// Its citation, for Zotero and the like
    Ris,
    /// Its citation, for LaTeX
    Bibtex,
    /// Its citation, for citeproc and pandoc
    CslJson,
}

impl Show {
    /// Prints the article, if there is one.
    pub fn run(&self) -> anyhow::Result<Outcome> {
        let archive = self.location.open_to_answer_once(Date::today())?;
        let Some(article) = find(archive, &self.id)? else {
            return Ok(no_article(&self.id));
        };
        stdout(|out| {
            let mut cite = |format| out.write_all(citations([&article], format).as_bytes());
            match self.format {
                Format::Ris => cite(CitationFormat::Ris)?,
                Format::Bibtex => cite(CitationFormat::Bibtex)?,
                Format::CslJson => cite(CitationFormat::CslJson)?,
                Format::Json => json::line(out, &article)?,
                Format::Text => text::article(out, &article, &Terminal::of_stdout())?,
            }
            Ok(Outcome::Done)
        })
    }
}
