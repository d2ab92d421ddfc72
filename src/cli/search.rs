//! `search`: ranked hits.

use clap::{Args, ValueEnum};
use dateline::export::CitationFormat;
use dateline::search::queries::{self, Query};
use dateline::search::{Archive, FacetRequest, SearchRequest, SearchResults, Sort, find, search};

use super::arguments::word;
use super::outcome::{Outcome, say};
use super::output::citations::Citations;
use super::output::csv::{self, Table};
use super::output::{HitFormat, Out, Terminal, clean, json, stdout, text, trec};
use super::paths::Location;
use super::selection::{FacetFlags, Selection, facet, query};

const EXAMPLES: &str = "\
Examples:
  dateline search ceasefire talks
  dateline search '\"air truce\" OR ceasefire' --facet leaders --facet countries:20
  dateline search 'title:summit -person:Putin' --country France --from 2024 --sort newest
  dateline search --in ~/articles person:Zelensky date:2024-05..2024-09 --format json
  dateline search --queries topics.tsv --match any --limit 1000 --format trec > run.txt

An empty query finds everything; --limit 0 only counts.";

/// Finds articles, best first
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[command(after_long_help = format!("{EXAMPLES}\n\n{}", reference()))]
pub struct Search {
    /// What to find: words, "phrases", field:value, AND OR NOT; see --help
    #[arg(value_name = "QUERY", value_parser = word())]
    words: Vec<String>,
    #[command(flatten)]
    location: Location,
    /// Count the values of a field too: people, leaders, countries, source, year …; 10 values, or as many as told
    ///
    /// `people:~zel` gives only values with this text, `leaders,year` crosses two.
    #[arg(long, value_name = "NAME[:N]", value_parser = facet)]
    facet: Vec<FacetRequest>,
    #[command(flatten)]
    facets: FacetFlags,
    /// Order of the hits
    #[arg(long, value_name = "ORDER", default_value = "relevance")]
    sort: Order,
    /// Let later articles count for more: up to half as much again, half of that a year before the archive's latest
    #[arg(long, value_name = "WHAT")]
    boost: Option<Boost>,
    /// Tell how each score came about
    #[arg(long)]
    explain_score: bool,
    /// Hits to give; 0 only counts
    #[arg(long, value_name = "N", default_value_t = 10)]
    limit: usize,
    /// Hits to leave out first
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: usize,
    /// How to print
    #[arg(long, default_value = "text")]
    format: HitFormat,
    /// Answer every line of a file, an id, a tab and a query; `-` is stdin
    #[arg(long, value_name = "FILE", conflicts_with = "words")]
    queries: Option<std::path::PathBuf>,
    #[command(flatten)]
    selection: Selection,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Order {
    Relevance,
    Newest,
    Oldest,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Boost {
    Recent,
}

impl Search {
    /// Prints what was found.
    pub fn run(&self) -> anyhow::Result<Outcome> {
        match &self.queries {
            Some(file) => {
                let queries = queries::read(file)?;
                let archive = self.location.open(self.selection.today())?;
                stdout(|out| self.answer_all(archive, &queries, out))
            }
            None => {
                let request = self.request(&query(&self.words))?;
                let archive = self.location.open_to_answer_once(self.selection.today())?;
                stdout(|out| {
                    let results = answer(archive, &request)?;
                    let found = Outcome::found(results.total > 0);
                    let mut printer = Printer::new(self.format, out, false)?;
                    printer.print(archive, None, &results)?;
                    printer.finish()?;
                    Ok(found)
                })
            }
        }
    }

    fn request(&self, text: &str) -> anyhow::Result<(SearchRequest, Vec<String>)> {
        let (request, warnings) = self.selection.request(text)?;
        let sort = match self.sort {
            Order::Relevance => Sort::Relevance,
            Order::Newest => Sort::Newest,
            Order::Oldest => Sort::Oldest,
        };
        let (limit, offset, facets) = (self.limit, self.offset, self.facets.applied(&self.facet));
        let (boost_recent, explain_score) = (self.boost.is_some(), self.explain_score);
        Ok((SearchRequest { facets, sort, limit, offset, boost_recent, explain_score, ..request }, warnings))
    }

    /// Answers a batch. A query that is not understood stops only itself, and makes the exit code 1.
    fn answer_all(&self, archive: &Archive, queries: &[Query], out: &mut Out) -> anyhow::Result<Outcome> {
        let mut printer = Printer::new(self.format, out, true)?;
        let mut all_understood = true;
        let mut found = false;
        for Query { qid, text } in queries {
            match self.request(text) {
                Ok(request) => {
                    let results = answer(archive, &request)?;
                    found |= results.total > 0;
                    printer.print(archive, Some(qid), &results)?;
                }
                Err(error) => {
                    all_understood = false;
                    say(&format!("error: query {}: {error:#}", clean(qid)));
                }
            }
        }
        printer.finish()?;
        Ok(Outcome::found(all_understood && found))
    }
}

/// Answers one query; what was noticed while reading it comes first among the warnings.
pub fn answer(archive: &Archive, request: &(SearchRequest, Vec<String>)) -> anyhow::Result<SearchResults> {
    let (request, noticed) = request;
    let mut results = search(archive, request)?;
    results.warnings.splice(0..0, noticed.iter().cloned());
    Ok(results)
}

/// Prints warnings where programs that read stdout do not see them.
pub fn warn(results: &SearchResults) {
    for warning in &results.warnings {
        say(&format!("warning: {}", clean(warning)));
    }
}

/// How the hits of one or many answers are printed.
pub enum Printer<'a> {
    Text(&'a mut Out),
    Json(&'a mut Out),
    Ndjson(&'a mut Out),
    Trec(&'a mut Out),
    Table(Table<&'a mut Out>),
    Citations(Citations<&'a mut Out>),
}

impl<'a> Printer<'a> {
    /// Begins; `with_qid` if there is an answer to each query of a batch.
    ///
    /// # Errors
    /// If `out` cannot be written.
    pub fn new(format: HitFormat, out: &'a mut Out, with_qid: bool) -> anyhow::Result<Self> {
        let mut table = match format {
            HitFormat::Text => return Ok(Self::Text(out)),
            HitFormat::Json => return Ok(Self::Json(out)),
            HitFormat::Ndjson => return Ok(Self::Ndjson(out)),
            HitFormat::Trec => return Ok(Self::Trec(out)),
            HitFormat::Ris => return Ok(Self::Citations(Citations::new(out, CitationFormat::Ris)?)),
            HitFormat::Bibtex => return Ok(Self::Citations(Citations::new(out, CitationFormat::Bibtex)?)),
            HitFormat::CslJson => return Ok(Self::Citations(Citations::new(out, CitationFormat::CslJson)?)),
            HitFormat::Csv => Table::comma(out),
            HitFormat::Tsv => Table::Tab(out),
        };
        csv::hit_header(&mut table, with_qid)?;
        Ok(Self::Table(table))
    }

    /// Prints one answer.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn print(&mut self, archive: &Archive, qid: Option<&str>, results: &SearchResults) -> anyhow::Result<()> {
        use std::io::Write;
        match self {
            Self::Json(out) => return json::answer(out, qid, results),
            Self::Ndjson(out) => json::hits(out, qid, results)?,
            Self::Trec(out) => trec::hits(out, qid.unwrap_or("1"), results)?,
            Self::Table(table) => csv::hits(table, qid, results)?,
            Self::Citations(citations) => {
                for hit in &results.hits {
                    // a hit holds less than a citation wants
                    find(archive, &hit.id)?.iter().try_for_each(|article| citations.cite(article))?;
                }
            }
            Self::Text(out) => {
                let terminal = Terminal::of_stdout();
                if let Some(qid) = qid {
                    writeln!(out, "{}", terminal.bold(&format!("{} {}", clean(qid), clean(&results.query))))?;
                }
                text::answer(out, results, archive.manifest().counts.articles, &terminal)?;
                if qid.is_some() {
                    writeln!(out)?;
                }
            }
        }
        warn(results);
        Ok(())
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn finish(self) -> anyhow::Result<()> {
        match self {
            Self::Table(table) => table.finish(),
            Self::Citations(citations) => citations.finish(),
            _ => Ok(()),
        }
    }
}

/// The query language as a table.
fn reference() -> String {
    use std::fmt::Write;
    let width = dateline::query::REFERENCE.iter().map(|(syntax, _)| syntax.len()).max().unwrap_or(0);
    dateline::query::REFERENCE.iter().fold("Query language:".to_owned(), |mut table, (syntax, meaning)| {
        write!(table, "\n  {syntax:width$}  {meaning}").expect("writing to a string");
        table
    })
}
