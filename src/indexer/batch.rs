//! One batch: records framed together, and the articles they become. Its size is counted in bytes of records, so that the
//! same archive is cut the same way whatever the memory or the threads.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;

use crate::archive::{Skip, SkipReason};
use crate::article::{Article, Origin};
use crate::enrich::{Gazetteer, enrich};
use crate::format::{self, Record};

use super::tally::Tallies;
use super::{Progress, Settings};

/// Bytes of records after which a batch is full. Larger ones repeat fewer words in their dictionaries: 28 MiB make an index larger by
/// .008 of the input than 32, which take too much memory beside the ids of five million articles.
pub const BATCH_BYTES: usize = 30 << 20;

/// Records after which it is full, whatever their bytes: each takes memory beside them.
pub const BATCH_RECORDS: usize = 1 << 17;

/// Records read together.
#[derive(Debug, Default)]
pub struct Batch {
    /// From 0, in canonical order.
    pub number: usize,
    /// In canonical order.
    pub records: Vec<Record>,
    /// The number of each record's file.
    pub files: Vec<u32>,
    /// Bytes of the records so far.
    pub bytes: usize,
}

/// The articles of a batch.
#[derive(Debug, Default)]
pub struct Prepared {
    /// In canonical order.
    pub articles: Vec<Article>,
    /// The number of each article's file.
    pub files: Vec<u32>,
    /// What was left out, by number of its file.
    pub tallies: Tallies,
}

/// Reads and enriches every record of a batch.
///
/// # Errors
/// If the run was cancelled.
pub fn prepare(batch: Batch, settings: &Settings, progress: &Progress) -> anyhow::Result<Prepared> {
    let gazetteer = Gazetteer::embedded();
    let mut prepared = Prepared { articles: Vec::with_capacity(batch.records.len()), ..Prepared::default() };
    for (record, file) in batch.records.into_iter().zip(batch.files) {
        progress.stop_if_cancelled()?;
        let (path, number) = (record.context.path.clone(), record.number);
        let read = guarded(&path, number, || {
            let mut draft = format::article(&record)?;
            draft.article.origin = Origin { path: path.clone(), record: number };
            Ok(enrich(draft, gazetteer, settings.today))
        });
        match read {
            Ok((article, warnings)) => {
                for warning in warnings {
                    prepared.tallies.entry(file).or_default().warn(warning, &path, number);
                }
                prepared.articles.push(article);
                prepared.files.push(file);
                progress.articles.fetch_add(1, Ordering::Relaxed);
            }
            Err(skip) => prepared.tallies.entry(file).or_default().skip(skip),
        }
    }
    progress.bytes.fetch_add(batch.bytes as u64, Ordering::Relaxed);
    Ok(prepared)
}

/// Does what a panic may end, which then is a reason to skip the record like any other.
///
/// # Errors
/// What `work` fails with, or its panic.
pub fn guarded<T>(path: &str, record: u64, work: impl FnOnce() -> Result<T, Skip>) -> Result<T, Skip> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let detail = panic_message(panic.as_ref());
        Err(Skip { reason: SkipReason::Panicked, path: path.to_owned(), record, detail })
    })
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("no message").to_owned()
}
