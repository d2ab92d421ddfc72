//! `export`: every match, streamed.

use std::io::Write;

use clap::{Args, ValueEnum};
use dateline::export::CitationFormat;
use dateline::search::{Archive, SearchRequest, scan};

use super::arguments::word;
use super::outcome::{Outcome, say};
use super::output::citations::Citations;
use super::output::csv::{self, Table};
use super::output::{Out, clean, json, stdout};
use super::paths::Location;
use super::selection::{Selection, query};

const EXAMPLES: &str = "\
Examples:
  dateline export > everything.ndjson
  dateline export 'country:Kenya' --from 1990 --to 1999 > kenya.ndjson
  dateline export 'person:Merkel' --format csv --bom > merkel.csv     for a spreadsheet

Articles come in the order of the archive, each as `dateline extract` prints it.";

/// Prints every article a query finds, with its whole text
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Export {
    /// Which articles; nothing for all
    #[arg(value_name = "QUERY", value_parser = word())]
    words: Vec<String>,
    #[command(flatten)]
    location: Location,
    /// How to print
    #[arg(long, default_value = "ndjson")]
    format: ArticleFormat,
    /// Begin CSV with a byte order mark, which Excel needs to read it as UTF-8
    #[arg(long)]
    bom: bool,
    #[command(flatten)]
    selection: Selection,
}

/// How articles are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ArticleFormat {
    /// One object a line, as schema/article.schema.json describes it
    Ndjson,
    /// A table for spreadsheets
    Csv,
    /// A table by columns, for data frames; in builds with `--features parquet`
    Parquet,
    /// Citations for Zotero and the like
    Ris,
    /// Citations for LaTeX
    Bibtex,
    /// Citations for citeproc and pandoc
    CslJson,
}

impl Export {
    /// Prints the articles.
    pub fn run(&self) -> anyhow::Result<Outcome> {
        let (request, mut warnings) = self.selection.request(&query(&self.words))?;
        let archive = self.location.open(self.selection.today())?;
        let (found, noticed) = stdout(|out| match self.format {
            ArticleFormat::Ndjson => {
                let mut found = 0_u64;
                let noticed = scan(archive, &request, |article| {
                    found += 1;
                    json::line(out, &article)?;
                    Ok(true)
                })?;
                Ok((found, noticed))
            }
            ArticleFormat::Csv => self.table(archive, &request, out),
            ArticleFormat::Parquet => parquet(archive, &request),
            ArticleFormat::Ris => cite(archive, &request, out, CitationFormat::Ris),
            ArticleFormat::Bibtex => cite(archive, &request, out, CitationFormat::Bibtex),
            ArticleFormat::CslJson => cite(archive, &request, out, CitationFormat::CslJson),
        })?;
        warnings.extend(noticed);
        for warning in &warnings {
            say(&format!("warning: {}", clean(warning)));
        }
        Ok(Outcome::found(found > 0))
    }

    fn table(&self, archive: &Archive, request: &SearchRequest, out: &mut Out) -> anyhow::Result<(u64, Vec<String>)> {
        let mut found = 0;
        if self.bom {
            out.write_all("\u{feff}".as_bytes())?;
        }
        let mut table = Table::comma(out);
        csv::article_header(&mut table)?;
        let noticed = scan(archive, request, |article| {
            found += 1;
            csv::article(&mut table, &article)?;
            Ok(true)
        })?;
        table.finish()?;
        Ok((found, noticed))
    }
}

#[cfg(feature = "parquet")]
fn parquet(archive: &Archive, request: &SearchRequest) -> anyhow::Result<(u64, Vec<String>)> {
    use std::io::IsTerminal;
    if std::io::stdout().is_terminal() {
        anyhow::bail!("Parquet is nothing to look at; write it to a file with `> FILE.parquet`");
    }
    let mut found = 0;
    let mut writer = dateline::export::ParquetWriter::new(std::io::stdout())?;
    let noticed = scan(archive, request, |article| {
        found += 1;
        writer.add(article)?;
        Ok(true)
    })?;
    writer.finish()?;
    Ok((found, noticed))
}

#[cfg(not(feature = "parquet"))]
fn parquet(_: &Archive, _: &SearchRequest) -> anyhow::Result<(u64, Vec<String>)> {
    anyhow::bail!(
        "this program was built without Parquet; `cargo build --release --features parquet` makes one with it"
    )
}

fn cite(
    archive: &Archive,
    request: &SearchRequest,
    out: &mut Out,
    format: CitationFormat,
) -> anyhow::Result<(u64, Vec<String>)> {
    let mut found = 0;
    let mut citations = Citations::new(out, format)?;
    let noticed = scan(archive, request, |article| {
        found += 1;
        citations.cite(&article)?;
        Ok(true)
    })?;
    citations.finish()?;
    Ok((found, noticed))
}
