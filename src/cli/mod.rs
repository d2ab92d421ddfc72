//! The command line: one file per verb with its flags and what it does, and what they share.

pub mod arguments;
mod check;
mod cite;
mod completions;
mod diff;
mod explain;
mod export;
mod extract;
mod facets;
mod gates;
mod index;
mod man;
mod mcp;
pub mod outcome;
mod output;
mod paths;
mod people;
mod progress;
mod reading;
mod related;
mod search;
mod selection;
mod serve;
mod show;
mod stats;
mod timeline;
mod verify;

use clap::{Parser, Subcommand};

use outcome::Outcome;

const FIRST_COMMANDS: &str = "\
First commands:
  dateline search --in FOLDER 'ceasefire talks' --facet leaders   from files to answers in one step
  dateline index FOLDER                                           build the index .dateline here
  dateline search 'title:summit country:France' --from 2024       search it
  dateline stats                                                  what is in it, and what was left out

Exit codes: 0 found or done, 1 nothing found or something not as it should be, 2 error.";

/// Full-text search for news archives: ranked hits, and facets by person, leader, country, source and date.
#[derive(Debug, Parser)]
#[command(name = "dateline", version, after_help = FIRST_COMMANDS, arg_required_else_help = true)]
#[command(max_term_width = 100, disable_help_subcommand = true)]
pub struct CommandLine {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
#[command(defer = true)]
enum Verb {
    Index(index::Index),
    Search(search::Search),
    Facets(facets::Facets),
    Timeline(timeline::Timeline),
    Show(show::Show),
    Related(related::Related),
    Cite(cite::Cite),
    People(people::People),
    Export(export::Export),
    Stats(stats::Stats),
    Serve(serve::Serve),
    Mcp(mcp::Mcp),
    Verify(verify::Verify),
    Diff(diff::Diff),
    Check(check::Check),
    Explain(explain::Explain),
    Extract(extract::Extract),
    Completions(completions::Completions),
    Man(man::Man),
}

/// Does what the arguments ask for.
///
/// # Errors
/// Whatever stops the verb.
pub fn run(arguments: &CommandLine) -> anyhow::Result<Outcome> {
    match &arguments.verb {
        Verb::Index(verb) => verb.run(),
        Verb::Search(verb) => verb.run(),
        Verb::Facets(verb) => verb.run(),
        Verb::Timeline(verb) => verb.run(),
        Verb::Show(verb) => verb.run(),
        Verb::Related(verb) => verb.run(),
        Verb::Cite(verb) => verb.run(),
        Verb::People(verb) => verb.run(),
        Verb::Export(verb) => verb.run(),
        Verb::Stats(verb) => verb.run(),
        Verb::Serve(verb) => verb.run(),
        Verb::Mcp(verb) => verb.run(),
        Verb::Verify(verb) => verb.run(),
        Verb::Diff(verb) => verb.run(),
        Verb::Check(verb) => verb.run(),
        Verb::Explain(verb) => verb.run(),
        Verb::Extract(verb) => verb.run(),
        Verb::Completions(verb) => verb.run(),
        Verb::Man(verb) => verb.run(),
    }
}
