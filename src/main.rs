//! Parse, run, exit.

mod cli;

use std::process::ExitCode;

/// Indexing makes and drops millions of small strings.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = cli::arguments::read(std::env::args_os());
    cli::outcome::exit(|| cli::run(&arguments))
}
