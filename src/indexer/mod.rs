//! The rayon pipeline, beside `index::spread` the only place that knows about threads: one reader frames records into batches in canonical
//! order, every thread prepares and writes whole batches, and what must happen in order takes its turn.

mod assemble;
mod batch;
mod build;
mod carry;
mod claim;
mod issues;
mod pieces;
mod reader;
mod refresh;
mod tally;
mod turns;
mod withdraw;

use std::io::Write;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::sync_channel;

use anyhow::Context;
use rayon::iter::{ParallelBridge, ParallelIterator};

use crate::archive::Limits;
use crate::date::Date;
use crate::format::FieldMap;

pub use build::{Candidate, IndexRequest, KEEP, Summary, current_rules, index, index_if, is_stale};
use tally::Tallies;
pub use tally::Tally;

use batch::{Batch, Prepared, prepare};
use reader::{Copies, ReadFile, RootFile, read_batches, walk_all};
use turns::Turns;

/// How an archive is read.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Threads that prepare and write; the reader is one more, and seldom busy.
    pub threads: usize,
    /// The day dates are measured against.
    pub today: Date,
    /// Limits on what a file may unpack to.
    pub limits: Limits,
    /// Which column holds which field.
    pub map: FieldMap,
}

/// What a run has done so far; read by a progress bar while it runs.
#[derive(Debug, Default)]
pub struct Progress {
    /// Files found, once the walk is over.
    pub files_found: AtomicU64,
    /// Bytes of the files found.
    pub bytes_found: AtomicU64,
    /// Files read to their end.
    pub files: AtomicU64,
    /// Bytes of the records prepared; more than lie on disk where files are compressed.
    pub bytes: AtomicU64,
    /// Articles prepared.
    pub articles: AtomicU64,
    /// Set to stop the run at the next record.
    pub cancelled: AtomicBool,
}

/// The run was stopped by [`Progress::cancelled`].
#[derive(Debug, thiserror::Error)]
#[error("interrupted")]
pub struct Interrupted;

impl Progress {
    fn stop_if_cancelled(&self) -> anyhow::Result<()> {
        if self.cancelled.load(Ordering::Relaxed) { Err(Interrupted.into()) } else { Ok(()) }
    }
}

/// What reading a whole archive gave.
struct Run<T> {
    /// What each batch gave, in canonical order.
    outcomes: Vec<T>,
    /// The files read, in canonical order, each with all that was left out of it.
    files: Vec<ReadFile>,
}

/// Reads the wanted files of those found and hands every batch of prepared articles to `write`, on any thread and in any order. `in_turn` is
/// called for each batch in canonical order before that, one at a time.
fn run<T: Send>(
    found: &[RootFile],
    wanted: &[u32],
    settings: &Settings,
    progress: &Progress,
    copies: Copies,
    in_turn: impl FnMut(&mut Prepared) -> anyhow::Result<()> + Send,
    write: impl Fn(Prepared) -> anyhow::Result<T> + Sync,
) -> anyhow::Result<Run<T>> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(settings.threads)
        .thread_name(|number| format!("dateline-{number}"))
        .build()
        .context("cannot start threads")?;
    let turns = Turns::default();
    let in_turn = Mutex::new(in_turn);
    let done: Mutex<Vec<(usize, T, Tallies)>> = Mutex::default();
    // one batch lies ready with the reader; more would only take memory
    let (send, receive) = sync_channel::<Batch>(0);
    let mut files = std::thread::scope(|scope| {
        let reader = scope.spawn(|| read_batches(found, wanted, settings, progress, copies, send));
        let work = |batch: Batch| -> anyhow::Result<()> {
            let number = batch.number;
            let mut prepared = prepare(batch, settings, progress)?;
            turns.take(number, || {
                let mut in_turn = in_turn.lock().ok().context("another thread failed")?;
                in_turn(&mut prepared)
            })?;
            let tallies = std::mem::take(&mut prepared.tallies);
            let outcome = write(prepared)?;
            done.lock().ok().context("another thread failed")?.push((number, outcome, tallies));
            Ok(())
        };
        // the first is why the others fail
        let cause: Mutex<Option<anyhow::Error>> = Mutex::default();
        let _stopped_early = pool.install(|| {
            receive.into_iter().par_bridge().try_for_each(|batch| {
                work(batch).map_err(|error| {
                    if let Ok(mut cause) = cause.lock() {
                        cause.get_or_insert(error);
                    }
                    turns.give_up();
                })
            })
        });
        let read = reader.join().map_err(|_| anyhow::anyhow!("the reader failed"))?;
        match cause.into_inner().ok().context("another thread failed")? {
            Some(cause) => Err(cause),
            None => read,
        }
    })?;
    let mut done = done.into_inner().ok().context("another thread failed")?;
    done.sort_unstable_by_key(|(number, ..)| *number);
    let mut outcomes = Vec::with_capacity(done.len());
    for (_, outcome, tallies) in done {
        for (number, tally) in tallies {
            let place =
                files.binary_search_by_key(&number, |file| file.number).ok().context("a file that was not read")?;
            files[place].tally.add(tally);
        }
        outcomes.push(outcome);
    }
    Ok(Run { outcomes, files })
}

/// Prints every article the roots hold as one JSON object a line, in canonical order: what would be indexed, duplicates
/// included.
///
/// # Errors
/// If a root is missing or `out` cannot be written.
pub fn extract(
    roots: &[PathBuf],
    settings: &Settings,
    progress: &Progress,
    out: &mut (dyn Write + Send),
) -> anyhow::Result<Tally> {
    let mut out = std::io::BufWriter::with_capacity(1 << 20, out);
    let mut tally = Tally::default();
    let found = walk_all(roots, None, settings, &mut tally)?;
    let run = run(
        &found,
        &all(&found),
        settings,
        progress,
        Copies::Keep,
        |prepared| {
            for article in &prepared.articles {
                serde_json::to_writer(&mut out, article)?;
                out.write_all(b"\n")?;
            }
            Ok(())
        },
        |_| Ok(()),
    )?;
    out.flush()?;
    run.files.into_iter().for_each(|file| tally.add(file.tally));
    Ok(tally)
}

/// The numbers of all files found.
fn all(found: &[RootFile]) -> Vec<u32> {
    (0..found.len() as u32).collect()
}
