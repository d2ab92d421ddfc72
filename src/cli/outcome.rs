//! How a run ends: its exit code, and the one line that says why it failed.

use std::any::Any;
use std::io::{ErrorKind, Write};
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;

use dateline::audit::first_harm;
use dateline::index::manifest::DAMAGED;
use dateline::indexer::Interrupted;
use dateline::search::is_engine_error;

use super::output::clean;

/// What a verb that did not fail has to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Something was found, or the work is done.
    Done,
    /// Nothing was found.
    Nothing,
    /// Something is not as it should be, and was said.
    Finding,
}

impl Outcome {
    /// `Done` if anything was found.
    pub fn found(anything: bool) -> Self {
        if anything { Self::Done } else { Self::Nothing }
    }

    /// `Finding` if there are any.
    pub fn unless_any(findings: usize) -> Self {
        if findings == 0 { Self::Done } else { Self::Finding }
    }
}

/// A message of several lines, shown as it is: what is wrong, and the query with a caret under what is wrong.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Pointed(pub String);

/// The place of the last panic, for the message; a panic in one record is caught and counted, and says nothing here.
static PANICKED_AT: Mutex<String> = Mutex::new(String::new());

/// Runs a verb and turns its end into an exit code; errors go to stderr in one line.
pub fn exit(run: impl FnOnce() -> anyhow::Result<Outcome>) -> ExitCode {
    if std::env::var_os("RUST_BACKTRACE").is_none() {
        set_hook(Box::new(|panic| {
            if let (Ok(mut place), Some(location)) = (PANICKED_AT.lock(), panic.location()) {
                *place = location.to_string();
            }
        }));
    }
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(Outcome::Done)) => ExitCode::SUCCESS,
        Ok(Ok(Outcome::Nothing | Outcome::Finding)) => ExitCode::from(1),
        Ok(Err(error)) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Ok(Err(error)) if error.is::<Interrupted>() => {
            say("interrupted; nothing was changed");
            ExitCode::from(130)
        }
        Ok(Err(error)) if is_engine_error(&error) && is_damaged(&format!("{error:#}")) => ExitCode::from(2),
        Ok(Err(error)) => {
            match error.downcast_ref::<Pointed>() {
                Some(Pointed(message)) => say(&format!("error: {message}")),
                None => say(&format!("error: {}", clean(&format!("{error:#}")))),
            }
            ExitCode::from(2)
        }
        Err(panic) if is_damaged(said(panic.as_ref())) => ExitCode::from(2),
        Err(panic) => {
            let place = PANICKED_AT.lock().map(|place| place.clone()).unwrap_or_default();
            say(&format!(
                "error: internal error at {place}: {}; if `dateline index --rebuild` does not help, please report it",
                clean(said(panic.as_ref()))
            ));
            ExitCode::from(2)
        }
    }
}

/// The generations being read, so that a failure can be told from damage.
static SEARCHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Remembers that a generation is read.
pub fn searching(generation: &Path) {
    if let Ok(mut searched) = SEARCHED.lock() {
        searched.push(generation.to_owned());
    }
}

/// Whether a generation that was read is not as it was written; then it says so, with what went wrong.
fn is_damaged(wrong: &str) -> bool {
    let searched = SEARCHED.lock().map(|searched| searched.clone()).unwrap_or_default();
    let Some(harm) = searched.iter().find_map(|path| first_harm(path).ok().flatten()) else { return false };
    say(&format!("error: {DAMAGED}: {}", clean(&format!("{harm}: {wrong}"))));
    true
}

/// Says that there is no article of an id.
pub fn no_article(id: &str) -> Outcome {
    say(&format!("no article has the id `{}`", clean(id)));
    Outcome::Nothing
}

/// Writes a line to stderr; if nobody listens there, nothing is lost.
pub fn say(line: &str) {
    writeln!(std::io::stderr().lock(), "{line}").ok();
}

fn said(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("unknown")
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let kind = cause
            .downcast_ref::<std::io::Error>()
            .map(std::io::Error::kind)
            .or_else(|| cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind))
            .or_else(|| match cause.downcast_ref::<csv::Error>()?.kind() {
                csv::ErrorKind::Io(error) => Some(error.kind()),
                _ => None,
            });
        kind == Some(ErrorKind::BrokenPipe)
    })
}
