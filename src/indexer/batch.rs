//! One batch: records framed together, and the articles they become. Its size is counted in bytes of records, so that the
//! same archive is cut the same way whatever the memory or the threads.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;

use crate::archive::{Skip, SkipReason};
use crate::article::{Article, Origin};
use crate::enrich::{Gazetteer, enrich};
use crate::format::{self, Record};

use super::tally::Tally;
use super::{Progress, Settings};

/// Bytes of records after which a batch is full.
pub const BATCH_BYTES: usize = 24 << 20;

/// Records read together.
#[derive(Debug, Default)]
pub struct Batch {
    /// From 0, in canonical order.
    pub number: usize,
    /// In canonical order.
    pub records: Vec<Record>,
    /// Bytes of the records so far.
    pub bytes: usize,
}

/// The articles of a batch.
#[derive(Debug)]
pub struct Prepared {
    /// In canonical order.
    pub articles: Vec<Article>,
    /// What was left out of the batch.
    pub tally: Tally,
}

/// Reads and enriches every record of a batch.
///
/// # Errors
/// If the run was cancelled.
pub fn prepare(batch: Batch, settings: &Settings, progress: &Progress) -> anyhow::Result<Prepared> {
    let gazetteer = Gazetteer::embedded();
    let mut prepared = Prepared { articles: Vec::with_capacity(batch.records.len()), tally: Tally::default() };
    for record in batch.records {
        progress.stop_if_cancelled()?;
        let (path, number) = (record.context.path.clone(), record.number);
        let read = catch_unwind(AssertUnwindSafe(|| -> Result<_, Skip> {
            let mut draft = format::article(&record)?;
            draft.article.origin = Origin { path: path.clone(), record: number };
            Ok(enrich(draft, gazetteer, settings.today))
        }));
        match read {
            Ok(Ok((article, warnings))) => {
                for warning in warnings {
                    prepared.tally.warn(warning, &path, number);
                }
                prepared.articles.push(article);
                progress.articles.fetch_add(1, Ordering::Relaxed);
            }
            Ok(Err(skip)) => prepared.tally.skip(skip),
            Err(panic) => prepared.tally.skip(Skip {
                reason: SkipReason::Panicked,
                path,
                record: number,
                detail: panic_message(panic.as_ref()),
            }),
        }
    }
    progress.bytes.fetch_add(batch.bytes as u64, Ordering::Relaxed);
    Ok(prepared)
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("no message").to_owned()
}
