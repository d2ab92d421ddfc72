//! `serve`: the archive in a browser, and as an API.

use std::net::SocketAddr;

use clap::Args;
use dateline::date::Date;
use dateline::serve::{Server, Settings};

use super::outcome::{Outcome, say};
use super::paths::Location;
use super::reading::{day, default_threads};

const EXAMPLES: &str = "\
Examples:
  dateline serve --in ~/articles --open               read a folder and show it in the browser
  dateline serve --index archive.dateline --bind 127.0.0.1:9000
  dateline serve --bind 0.0.0.0:8000 --token SECRET   for others in the network; the browser asks for the token
  curl 'http://127.0.0.1:8000/api/search?q=truce&facet=leaders'

A new generation of the index is served as soon as it is published. Ctrl-C finishes the answers under way, then stops.";

/// Serves the archive as pages and as JSON, on your own machine
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Serve {
    #[command(flatten)]
    location: Location,
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8000")]
    bind: SocketAddr,
    /// What others must show, as the password a browser asks for or as a bearer token; needed beyond 127.0.0.1
    #[arg(long, value_name = "SECRET", env = "DATELINE_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// Show it in the browser
    #[arg(long)]
    open: bool,
    /// Seconds one search may take
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
    /// Searches that may run at once [default: two per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    searches: Option<u16>,
    /// Write a line of JSON to stderr for every answer
    #[arg(long)]
    access_log: bool,
    /// The day `today` and `last-7d` count from [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    today: Option<Date>,
}

impl Serve {
    /// Answers until told to stop.
    pub fn run(&self) -> anyhow::Result<Outcome> {
        let index = self.location.refreshed(self.today.unwrap_or_else(Date::today))?;
        let settings = Settings {
            index: index.path().to_owned(),
            as_of: self.location.as_of(),
            aliases: self.location.aliases().map(ToOwned::to_owned),
            address: self.bind,
            token: self.token.clone().filter(|token| !token.is_empty()),
            today: self.today,
            searches: self.searches.map_or(default_threads() * 2, usize::from),
            timeout: self.timeout,
        };
        let server = Server::bind(settings, self.access_log.then_some(say as fn(&str)))?;
        let address = format!("http://{}/", server.address());
        say(&format!("serving {} at {address}", super::output::clean(&index.path().display().to_string())));
        if self.open && webbrowser(&address).is_err() {
            say("no browser could be opened; open the address yourself");
        }
        server.run()?;
        Ok(Outcome::Done)
    }
}

/// Shows an address in the user's browser.
fn webbrowser(address: &str) -> std::io::Result<()> {
    let (program, first) = match std::env::consts::OS {
        "macos" => ("open", None),
        "windows" => ("cmd", Some("/C start")),
        _ => ("xdg-open", None),
    };
    let quiet = std::process::Stdio::null;
    let arguments = first.into_iter().flat_map(str::split_whitespace).chain([address]);
    std::process::Command::new(program).args(arguments).stdin(quiet()).stdout(quiet()).stderr(quiet()).spawn().map(drop)
}
