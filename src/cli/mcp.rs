//! `mcp`: the archive for agents.

use clap::Args;
use dateline::date::Date;
use dateline::serve::Settings;

use super::outcome::Outcome;
use super::paths::Location;
use super::reading::{day, default_threads};

const EXAMPLES: &str = "\
Examples:
  dateline mcp --in ~/articles                   what an agent starts; it speaks on standard input and output
  dateline mcp --index ~/archive.dateline        in an agent's settings: command `dateline`, arguments `mcp --index …`

Tools: search, facets, timeline, read, cite. Nothing is written, and nothing is fetched.";

/// Serves the archive to agents: a read-only MCP server on standard input and output
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Mcp {
    #[command(flatten)]
    location: Location,
    /// Seconds one search may take
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
    /// The day `today` and `last-7d` count from [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    today: Option<Date>,
}

impl Mcp {
    /// Answers until the input ends.
    pub fn run(&self) -> anyhow::Result<Outcome> {
        let index = self.location.refreshed(self.today.unwrap_or_else(Date::today))?;
        dateline::mcp::run(Settings {
            index: index.path().to_owned(),
            as_of: self.location.as_of(),
            aliases: self.location.aliases().map(ToOwned::to_owned),
            today: self.today,
            searches: default_threads() * 2,
            timeout: self.timeout,
            ..Settings::default()
        })?;
        Ok(Outcome::Done)
    }
}
