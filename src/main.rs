//! Parse, run, exit.

mod cli;

use std::process::ExitCode;

/// Indexing makes and drops millions of small strings. Without pages of two megabytes, which it does not gain by: clearing the first
/// few takes a search longer than all else.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = cli::arguments::read(std::env::args_os());
    cli::outcome::exit(|| cli::run(&arguments))
}
