//! `completions`: what a shell needs to complete our flags.

use std::io::Write;

use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

use super::CommandLine;
use super::outcome::Outcome;
use super::output::stdout;

const EXAMPLES: &str = "\
Examples:
  dateline completions bash > ~/.local/share/bash-completion/completions/dateline
  dateline completions zsh > ~/.zfunc/_dateline
  dateline completions fish > ~/.config/fish/completions/dateline.fish";

/// Prints completions for a shell
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Completions {
    /// Which shell
    shell: Shell,
}

impl Completions {
    /// Prints the script.
    pub fn run(&self) -> anyhow::Result<Outcome> {
        // the generator panics when it cannot write, so it writes to memory
        let mut script = Vec::new();
        generate(self.shell, &mut CommandLine::command(), "dateline", &mut script);
        stdout(|out| {
            out.write_all(&script)?;
            Ok(Outcome::Done)
        })
    }
}
