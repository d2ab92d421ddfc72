//! `check`: whether saved searches still answer as expected.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use dateline::audit::check::{Case, Expectations, Judged, Matching, Recorded, check, record};
use dateline::date::Date;
use dateline::search::queries::{self, Query};
use serde::Serialize;

use super::outcome::{Outcome, say};
use super::output::{ObjectFormat, Out, Terminal, clean, counted, grouped, json, junit, stdout};
use super::paths::Location;
use super::reading::day;

const EXAMPLES: &str = "\
Examples:
  dateline check expected.toml
  dateline check expected.toml --junit check.xml
  dateline check expected.toml --record --query 'ceasefire talks' --query 'country:France'
  dateline check expected.toml --record --queries topics.tsv --qrels qrels.txt --match any

The file:
  [[search]]
  query = \"ceasefire talks\"
  min_total = 8                          also max_total
  contains = [\"o78f7817c136d65d1e6a1\"]   ids, or path#record
  within = 10                            how many hits must contain them
  top.countries = [\"US\", \"UA\"]         the most frequent values, in any order

  [[judged]]
  queries = \"topics.tsv\"               an id, a tab and a query on each line
  qrels = \"qrels.txt\"                  qid 0 id relevance
  min_ndcg = 0.6                         also min_map; depth = 10

Both also take name and match = \"any\". Exit codes: 0 all as expected, 1 something is not, 2 error.";

/// Checks that saved searches still answer as expected
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Check {
    /// File of searches and what they must find
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    location: Location,
    /// Also write the result as `JUnit` XML, as CI services show it
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write FILE: what the searches answer now
    #[arg(long)]
    record: bool,
    /// Record this search; may be repeated
    #[arg(long, value_name = "QUERY", requires = "record")]
    query: Vec<String>,
    /// Record the searches of a file, an id, a tab and a query on each line
    #[arg(long, value_name = "FILE", requires = "record")]
    queries: Option<PathBuf>,
    /// Record how well the queries of --queries rank what this file judges
    #[arg(long, value_name = "FILE", requires = "queries")]
    qrels: Option<PathBuf>,
    /// How words are combined in what is recorded
    #[arg(long = "match", value_name = "HOW", default_value = "all", requires = "record")]
    matching: Words,
    /// The day `today` and `last-7d` count from [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    today: Option<Date>,
    /// How to print
    #[arg(long, default_value = "text")]
    format: ObjectFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Words {
    All,
    Any,
}

#[derive(Serialize)]
struct Checked<'a> {
    passed: usize,
    failed: usize,
    cases: &'a [Case],
}

impl Check {
    /// Asks, compares and prints; or records.
    pub fn run(&self) -> anyhow::Result<Outcome> {
        if self.record {
            return self.write();
        }
        let expectations = Expectations::read(&self.file)?;
        let archive = self.location.open(self.today())?;
        let cases = check(archive, &expectations, self.folder(), self.today())?;
        if let Some(path) = &self.junit {
            fs::write(path, junit::report(&cases)).with_context(|| format!("cannot write {}", path.display()))?;
        }
        stdout(|out| match self.format {
            ObjectFormat::Text => as_text(out, &cases),
            ObjectFormat::Json => {
                let passed = cases.iter().filter(|case| case.passed()).count();
                json::line(out, &Checked { passed, failed: cases.len() - passed, cases: &cases })
            }
        })?;
        Ok(Outcome::unless_any(cases.iter().filter(|case| !case.passed()).count()))
    }

    fn today(&self) -> Date {
        self.today.unwrap_or_else(Date::today)
    }

    /// The folder whose files the file names.
    fn folder(&self) -> &Path {
        self.file.parent().unwrap_or(Path::new(""))
    }

    fn write(&self) -> anyhow::Result<Outcome> {
        let file = self.file.display();
        if self.file.exists() {
            bail!("{file} is there already; edit it, or name another file to record into");
        }
        let matching = if self.matching == Words::Any { Matching::Any } else { Matching::All };
        let mut recorded = Recorded { matching, ..Recorded::default() };
        recorded.queries.extend(self.query.iter().map(|text| Query { qid: text.clone(), text: text.clone() }));
        if let Some(path) = &self.queries {
            match &self.qrels {
                Some(qrels) => {
                    let (queries, qrels) = (self.beside(path)?, self.beside(qrels)?);
                    let (name, min_ndcg, min_map) = (None, None, None);
                    recorded.judged = Some(Judged { name, queries, qrels, matching, depth: 10, min_ndcg, min_map });
                }
                None => recorded.queries.extend(queries::read(path)?),
            }
        }
        if recorded.queries.is_empty() && recorded.judged.is_none() {
            bail!("nothing to record; name searches with `--query QUERY` or `--queries FILE`");
        }
        let archive = self.location.open(self.today())?;
        let text = record(archive, &recorded, self.folder(), self.today())?;
        fs::write(&self.file, text).with_context(|| format!("cannot write {file}"))?;
        let number = recorded.queries.len() as u64 + u64::from(recorded.judged.is_some());
        say(&format!("{} written to {file}; review it before you rely on it", counted(number, "expectation")));
        Ok(Outcome::Done)
    }

    /// A file as the file of expectations names it: relative to its folder where it lies there.
    fn beside(&self, path: &Path) -> anyhow::Result<String> {
        let (path, folder) = (std::path::absolute(path)?, std::path::absolute(&self.file)?);
        let folder = folder.parent().unwrap_or(Path::new(""));
        let path = path.strip_prefix(folder).unwrap_or(&path);
        path.to_str().map(str::to_owned).with_context(|| format!("the name of {} is no text", path.display()))
    }
}

fn as_text(out: &mut Out, cases: &[Case]) -> anyhow::Result<()> {
    let terminal = Terminal::of_stdout();
    for case in cases {
        let verdict = if case.passed() { "ok  " } else { "FAIL" };
        let found = if case.found.is_empty() { String::new() } else { format!("  {}", case.found) };
        writeln!(out, "{} {}{}", terminal.bold(verdict), clean(&case.name), terminal.dim(&found))?;
        case.failures.iter().try_for_each(|failure| writeln!(out, "       {}", clean(failure)))?;
        for line in case.error.iter().flat_map(|error| error.lines()) {
            writeln!(out, "       {line}")?;
        }
    }
    let passed = cases.iter().filter(|case| case.passed()).count() as u64;
    writeln!(
        out,
        "{} of {} as expected",
        grouped(passed),
        counted(cases.len() as u64, "search").replace("searchs", "searches")
    )?;
    Ok(())
}
