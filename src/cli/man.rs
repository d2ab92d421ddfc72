//! `man`: manual pages, made from the same words as `--help`.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::{Args, CommandFactory};
use clap_mangen::Man as Page;

use super::CommandLine;
use super::outcome::Outcome;
use super::output::stdout;

const EXAMPLES: &str = "\
Examples:
  dateline man | man -l -                       read the page of dateline
  dateline man search | man -l -                read the page of a verb
  dateline man --dir ~/.local/share/man/man1    write all pages";

/// Prints a manual page, or writes all of them to a folder
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Man {
    /// The verb the page is about; dateline itself without one
    #[arg(value_name = "VERB")]
    verb: Option<String>,
    /// Write a page for dateline and each verb to this folder
    #[arg(long, value_name = "DIR", conflicts_with = "verb")]
    dir: Option<PathBuf>,
}

impl Man {
    /// Prints or writes pages.
    pub fn run(&self) -> anyhow::Result<Outcome> {
        let mut command = CommandLine::command();
        command.build();
        if let Some(folder) = &self.dir {
            std::fs::create_dir_all(folder)
                .and_then(|()| clap_mangen::generate_to(command, folder))
                .with_context(|| format!("cannot write {}", folder.display()))?;
            return Ok(Outcome::Done);
        }
        let command = match &self.verb {
            None => command,
            Some(verb) => match command.find_subcommand(verb) {
                Some(found) => found.clone().name(format!("dateline-{verb}")),
                None => bail!("no verb `{verb}`; see `dateline --help`"),
            },
        };
        let mut page = Vec::new();
        Page::new(command).render(&mut page)?;
        stdout(|out| {
            out.write_all(&page)?;
            Ok(Outcome::Done)
        })
    }
}
