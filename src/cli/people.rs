//! `people`: why an article is about whom and what it is said to be about, and what could be settled about names.

use clap::{Args, Subcommand};
use dateline::date::Date;
use dateline::search::why;

use super::arguments::word;
use super::outcome::{Outcome, no_article, say};
use super::output::{ObjectFormat, Terminal, json, people, stdout};
use super::paths::Location;

const WHY_EXAMPLES: &str = "\
Examples:
  dateline people why 900001
  dateline people why u0f3a5d9c21e47b6680aa --format json | jq '.values[] | select(.field == \"leaders\")'

Search results name the id of every hit.";

const SUGGEST_EXAMPLES: &str = "\
Examples:
  dateline people suggest
  dateline people suggest --least 10 --format json | jq .merges

Nothing is changed. What you find right goes into aliases.toml in the index, or a file named by --aliases:
  [merge]
  \"Olena Dubravska\" = [\"Lena Dubravska\"]
  [[split]]
  name = \"Otley\"
  into = \"Martha Otley\"
and holds at once, without indexing again.";

/// Explains the people and countries of an article, and tells which names could be settled by you
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub struct People {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Why(Why),
    Suggest(Suggest),
}

/// Tells which words gave an article its people, leaders and countries, and why
#[derive(Debug, Args)]
#[command(after_help = WHY_EXAMPLES)]
struct Why {
    /// Id of the article
    #[arg(value_name = "ID", value_parser = word())]
    id: String,
    #[command(flatten)]
    location: Location,
    /// How to print
    #[arg(long, default_value = "text")]
    format: ObjectFormat,
}

/// Lists frequent names that stand for nobody known, and names that are likely one person's, with the evidence
#[derive(Debug, Args)]
#[command(after_help = SUGGEST_EXAMPLES)]
struct Suggest {
    #[command(flatten)]
    location: Location,
    /// Leave out names in fewer articles
    #[arg(long, value_name = "N", default_value_t = 3)]
    least: u32,
    /// Names of each kind to give
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// How to print
    #[arg(long, default_value = "text")]
    format: ObjectFormat,
}

impl People {
    /// Prints what was asked for.
    pub fn run(&self) -> anyhow::Result<Outcome> {
        match &self.verb {
            Verb::Why(verb) => verb.run(),
            Verb::Suggest(verb) => verb.run(),
        }
    }
}

impl Why {
    fn run(&self) -> anyhow::Result<Outcome> {
        let archive = self.location.open(Date::today())?;
        let Some(why) = why(archive, &self.id)? else {
            return Ok(no_article(&self.id));
        };
        stdout(|out| match self.format {
            ObjectFormat::Json => json::line(out, &why),
            ObjectFormat::Text => people::why(out, &why, &Terminal::of_stdout()),
        })?;
        Ok(Outcome::Done)
    }
}

impl Suggest {
    fn run(&self) -> anyhow::Result<Outcome> {
        let archive = self.location.open(Date::today())?;
        let found = archive.suggestions(self.least, self.limit)?;
        let nothing = found.unresolved.is_empty() && found.merges.is_empty();
        stdout(|out| match self.format {
            ObjectFormat::Json => json::line(out, &found),
            ObjectFormat::Text => people::suggestions(out, &found, &Terminal::of_stdout()),
        })?;
        if nothing {
            say("nothing to settle: every frequent name stands for somebody");
        }
        Ok(Outcome::found(!nothing))
    }
}
