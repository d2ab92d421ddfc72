//! `verify`: whether the index is whole.

use std::io::Write;

use clap::Args;
use dateline::audit::{Verified, verify};

use super::outcome::Outcome;
use super::output::{Out, Terminal, clean, counted, json, stdout};
use super::paths::IndexPath;

const EXAMPLES: &str = "\
Examples:
  dateline verify                every file of every kept generation is as it was written
  dateline verify --deep         also reads every article, and computes the digest anew

Exit codes: 0 whole, 1 something is wrong, 2 there is nothing to look at.
An index that is not whole is built anew with `dateline index --rebuild`.";

/// Checks that the index is as it was written
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Verify {
    #[command(flatten)]
    location: IndexPath,
    /// Read every article too
    #[arg(long)]
    deep: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

impl Verify {
    /// Looks, and prints what is wrong.
    pub fn run(&self) -> anyhow::Result<Outcome> {
        let verified = verify(&self.location.directory(), self.deep)?;
        stdout(|out| if self.json { json::line(out, &verified) } else { as_text(out, &verified) })?;
        Ok(Outcome::unless_any(verified.findings.len()))
    }
}

fn as_text(out: &mut Out, verified: &Verified) -> anyhow::Result<()> {
    for finding in &verified.findings {
        match finding.generation {
            Some(number) => writeln!(out, "generation {number}: {}", clean(&finding.what))?,
            None => writeln!(out, "{}", clean(&finding.what))?,
        }
    }
    let generations = counted(verified.generations.len() as u64, "generation");
    let mut looked = vec![generations, counted(verified.files, "file")];
    if verified.articles > 0 {
        looked.push(counted(verified.articles, "article"));
    }
    let looked = looked.join(", ");
    let found = match verified.findings.len() {
        0 => "whole".to_owned(),
        number => format!("{}; build anew with `dateline index --rebuild`", counted(number as u64, "finding")),
    };
    writeln!(out, "{}", Terminal::of_stdout().dim(&format!("{looked}: {found}")))?;
    Ok(())
}
