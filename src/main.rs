//! Parse, run, exit.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = cli::arguments::read(std::env::args_os());
    cli::outcome::exit(|| cli::run(&arguments))
}
