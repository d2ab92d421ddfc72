//! What all requests share: the archive as it is published now, and how many searches may run at once.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::time::{Duration, Instant, SystemTime};

use anyhow::Context;
use axum::body::Bytes;
use axum::http::StatusCode;
use sha2::{Digest, Sha256};
use tokio::sync::{OnceCell, Semaphore};

use crate::audit::first_harm;
use crate::date::Date;
use crate::facts::hexadecimal;
use crate::index::manifest::DAMAGED;
use crate::index::{IndexDirectory, Opening};
use crate::resolve::ALIASES;
use crate::search::{Archive, Facet, SearchRequest, Timeline, timeline};

use super::Settings;
use super::kept::Kept;
use super::problem::Problem;

/// How often the index is asked whether something new was published.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How long a request waits for a place among the running searches before it is turned away.
const WAIT: Duration = Duration::from_secs(2);

/// Shared by all requests.
pub struct State {
    settings: Settings,
    opened: RwLock<Arc<Opened>>,
    looked: Mutex<Instant>,
    searches: Arc<Semaphore>,
    kept: Kept,
    running: Running,
}

/// Answers being worked out, by their `ETag`.
type Running = Mutex<HashMap<String, Arc<OnceCell<Result<Bytes, Problem>>>>>;

/// One of those who wait for an answer; the last to leave takes it off the list.
struct Waiting<'a> {
    running: &'a Running,
    etag: &'a str,
    answer: Arc<OnceCell<Result<Bytes, Problem>>>,
}

impl<'a> Waiting<'a> {
    fn join(running: &'a Running, etag: &'a str) -> Self {
        let mut held = running.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = Arc::clone(held.entry(etag.to_owned()).or_default());
        Self { running, etag, answer }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut held = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        // the list's own, and this one
        if Arc::strong_count(&self.answer) <= 2
            && held.get(self.etag).is_some_and(|held| Arc::ptr_eq(held, &self.answer))
        {
            held.remove(self.etag);
        }
    }
}

/// One generation under one file of aliases.
pub struct Opened {
    /// Answers from this generation for as long as anyone holds it.
    pub archive: Archive,
    /// Its number, and when the aliases were last changed.
    version: Version,
    /// Hash of all an answer depends on but the request and the day.
    pub fingerprint: String,
    years: OnceLock<Timeline>,
    months: OnceLock<Timeline>,
    harm: OnceLock<Option<String>>,
}

impl Opened {
    /// Why it failed, if that may be because the index is not as it was written: looked for once, since it reads all of it.
    pub fn explained(&self, problem: Problem) -> Problem {
        if problem.status() != StatusCode::INTERNAL_SERVER_ERROR {
            return problem;
        }
        match self.harm.get_or_init(|| first_harm(self.archive.path()).ok().flatten()) {
            Some(harm) => Problem::damaged(&anyhow::anyhow!("{DAMAGED}: {harm}: {}", problem.detail)),
            None => problem,
        }
    }

    /// The whole archive by year or month, counted once.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn over_time(&self, unit: Facet) -> anyhow::Result<&Timeline> {
        let held = if unit == Facet::Year { &self.years } else { &self.months };
        if let Some(times) = held.get() {
            return Ok(times);
        }
        let (times, _) = timeline(&self.archive, &[SearchRequest::default()], unit)?;
        Ok(held.get_or_init(|| times))
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Version {
    generation: Option<u64>,
    aliases: Option<(SystemTime, u64)>,
}

impl State {
    /// Opens the published generation.
    ///
    /// # Errors
    /// If there is no index or it cannot be read.
    pub fn open(settings: Settings) -> anyhow::Result<Self> {
        let opened = open(&settings)?;
        let searches = Arc::new(Semaphore::new(settings.searches));
        Ok(Self {
            settings,
            opened: RwLock::new(Arc::new(opened)),
            looked: Mutex::new(Instant::now()),
            searches,
            kept: Kept::default(),
            running: Running::default(),
        })
    }

    /// How it was started.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The day relative dates count from.
    pub fn today(&self) -> Date {
        self.settings.today.unwrap_or_else(Date::today)
    }

    /// The archive as published now. A generation that cannot be opened leaves the one before it answering.
    pub fn now(&self) -> Arc<Opened> {
        if self.is_time_to_look() {
            let held = self.opened();
            if version(&self.settings).is_ok_and(|version| version != held.version)
                && let Ok(opened) = open(&self.settings)
            {
                *self.opened.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(opened);
            }
        }
        self.opened()
    }

    fn opened(&self) -> Arc<Opened> {
        Arc::clone(&self.opened.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// True for one caller every so often; the others answer from what is open.
    fn is_time_to_look(&self) -> bool {
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        let is_time = looked.elapsed() >= LOOK_EVERY;
        if is_time {
            *looked = Instant::now();
        }
        is_time
    }

    /// Does work that reads the index, off the threads that hold connections, with a place among the running searches and
    /// a limit of time.
    ///
    /// # Errors
    /// If no place came free, time ran out, or the work failed.
    pub async fn search<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let place = tokio::time::timeout(WAIT, Arc::clone(&self.searches).acquire_owned());
        let Ok(Ok(place)) = place.await else { return Err(Problem::busy()) };
        let running = tokio::task::spawn_blocking(move || {
            // kept until the work ends, not until its client has left: what runs on must be counted
            let _place = place;
            work()
        });
        let done = match tokio::time::timeout(Duration::from_secs(self.settings.timeout), running).await {
            Ok(Ok(done)) => done,
            Ok(Err(_)) => Err(Problem::damaged(&anyhow::anyhow!(
                "internal error while searching; try `dateline index --rebuild`"
            ))),
            Err(_) => Err(Problem::too_slow(self.settings.timeout)),
        };
        let Err(problem) = done else { return done };
        let opened = self.opened();
        let told = problem.clone();
        Err(tokio::task::spawn_blocking(move || opened.explained(told)).await.unwrap_or(problem))
    }

    /// The answer of this `ETag`: as it was given before, else worked out like [`State::search`] does, once for all who ask for it
    /// at the same time.
    ///
    /// # Errors
    /// As [`State::search`].
    pub async fn answer(
        &self,
        etag: &str,
        work: impl FnOnce() -> Result<Vec<u8>, Problem> + Send + 'static,
    ) -> Result<Bytes, Problem> {
        if let Some(answer) = self.kept.get(etag) {
            return Ok(answer);
        }
        let waiting = Waiting::join(&self.running, etag);
        let answer = waiting.answer.get_or_init(|| async {
            let answer = Bytes::from(self.search(work).await?);
            self.kept.put(etag, &answer);
            Ok(answer)
        });
        answer.await.clone()
    }

    /// What an answer to a request depends on, hashed: an `ETag`.
    pub fn etag(&self, opened: &Opened, request: &str) -> String {
        let mut hash = Sha256::new();
        for part in [opened.fingerprint.as_str(), &self.today().to_string(), env!("CARGO_PKG_VERSION"), request] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        // weak: took_ms differs from answer to answer, and so do compressed bytes
        format!("W/\"{}\"", &hexadecimal(&hash.finalize())[..32])
    }
}

fn aliases_path(settings: &Settings) -> PathBuf {
    settings.aliases.clone().unwrap_or_else(|| settings.index.join(ALIASES))
}

fn version(settings: &Settings) -> anyhow::Result<Version> {
    let aliases = std::fs::metadata(aliases_path(settings)).ok();
    let aliases = aliases.and_then(|aliases| Some((aliases.modified().ok()?, aliases.len())));
    let generation = match settings.as_of {
        Some(generation) => Some(generation),
        None => IndexDirectory::new(&settings.index).current()?,
    };
    Ok(Version { generation, aliases })
}

fn open(settings: &Settings) -> anyhow::Result<Opened> {
    let version = version(settings)?;
    let directory = IndexDirectory::new(&settings.index);
    let aliases = settings.aliases.as_deref();
    let archive = match settings.as_of {
        Some(generation) => Archive::open_as_of(&directory, generation, aliases, Opening::ForMany),
        None => Archive::open_with(&directory, aliases, Opening::ForMany),
    };
    let archive = archive.with_context(|| format!("cannot serve {}", settings.index.display()))?;
    let mut hash = Sha256::new();
    hash.update(archive.manifest().digest.as_bytes());
    hash.update(std::fs::read(aliases_path(settings)).unwrap_or_default());
    let fingerprint = hexadecimal(&hash.finalize());
    Ok(Opened { archive, version, fingerprint, years: OnceLock::new(), months: OnceLock::new(), harm: OnceLock::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_for_the_same_waits_for_the_same_answer_and_the_last_clears_away() {
        let running = Running::default();
        let (one, two, other) =
            (Waiting::join(&running, "a"), Waiting::join(&running, "a"), Waiting::join(&running, "b"));
        assert!(Arc::ptr_eq(&one.answer, &two.answer) && !Arc::ptr_eq(&one.answer, &other.answer));
        let listed = || running.lock().map_or(0, |held| held.len());
        drop(one);
        assert_eq!(listed(), 2);
        drop(two);
        assert_eq!(listed(), 1);
        drop(other);
        assert_eq!(listed(), 0);
    }
}
