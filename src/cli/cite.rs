//! `cite`: citations of articles, or of a whole search.

use std::io::Write;

use anyhow::bail;
use clap::{Args, ValueEnum};
use dateline::export::{CitationFormat, cite_search};
use dateline::search::find;

use super::arguments::word;
use super::outcome::{Outcome, no_article, say};
use super::output::citations::Citations;
use super::output::{clean, json, stdout};
use super::paths::Location;
use super::selection::Selection;

const EXAMPLES: &str = "\
Examples:
  dateline cite 900001 900002
  dateline cite 900001 --format ris > article.ris
  dateline cite --search 'truce OR ceasefire' --from 1987     a footnote for a whole search

A search is cited by its query, the day it was run, how many articles it found, and the digest of the archive: who has the
same files and the same program gets the same digest, and so the same answer. Many articles at once: `search --format bibtex`
and `export --format ris`.";

/// Prints citations of articles, or of a whole search
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Cite {
    /// Ids of articles
    #[arg(value_name = "ID", value_parser = word(), required_unless_present = "search", conflicts_with = "search")]
    ids: Vec<String>,
    /// Cite this search instead, with the filters
    #[arg(long, value_name = "QUERY")]
    search: Option<String>,
    #[command(flatten)]
    location: Location,
    /// How to print
    #[arg(long, default_value = "text")]
    format: Format,
    #[command(flatten)]
    selection: Selection,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One object; only with --search
    Json,
    /// For Zotero and the like
    Ris,
    /// For LaTeX
    Bibtex,
    /// For citeproc and pandoc
    CslJson,
}

impl Cite {
    /// Prints the citations.
    pub fn run(&self) -> anyhow::Result<Outcome> {
        match &self.search {
            Some(query) => self.cite_search(query),
            None => self.cite_articles(),
        }
    }

    fn cite_articles(&self) -> anyhow::Result<Outcome> {
        let format = match self.format {
            Format::Text => CitationFormat::Text,
            Format::Ris => CitationFormat::Ris,
            Format::Bibtex => CitationFormat::Bibtex,
            Format::CslJson => CitationFormat::CslJson,
            Format::Json => bail!("--format json is for --search; articles have --format csl-json"),
        };
        let archive = self.location.open_to_answer_once(self.selection.today())?;
        let mut all_found = true;
        stdout(|out| {
            let mut citations = Citations::new(out, format)?;
            for id in &self.ids {
                if let Some(article) = find(archive, id)? {
                    citations.cite(&article)?;
                } else {
                    all_found = false;
                    no_article(id);
                }
            }
            citations.finish()
        })?;
        Ok(Outcome::found(all_found))
    }

    fn cite_search(&self, query: &str) -> anyhow::Result<Outcome> {
        if !matches!(self.format, Format::Text | Format::Json) {
            bail!("a search is cited as --format text or json; for its articles use `dateline export --format ris`");
        }
        let (request, noticed) = self.selection.request(query)?;
        let archive = self.location.open_to_answer_once(self.selection.today())?;
        let mut citation = cite_search(archive, &request, self.selection.today())?;
        citation.warnings.splice(0..0, noticed);
        stdout(|out| {
            if self.format == Format::Json {
                return json::line(out, &citation);
            }
            for line in citation.to_string().lines() {
                writeln!(out, "{}", clean(line))?;
            }
            Ok(())
        })?;
        if self.format == Format::Text {
            citation.warnings.iter().for_each(|warning| say(&format!("warning: {}", clean(warning))));
        }
        Ok(Outcome::found(citation.total > 0))
    }
}
