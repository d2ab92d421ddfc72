//! Where the index lies: `--index DIR`, or one in the user's cache folder for `--in PATH`.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use dateline::archive::Limits;
use dateline::date::Date;
use dateline::facts::hexadecimal;
use dateline::format::FieldMap;
use dateline::index::{IndexDirectory, Opening};
use dateline::indexer::{IndexRequest, Settings, index, is_stale};
use dateline::search::Archive;
use etcetera::BaseStrategy;
use sha2::{Digest, Sha256};

use super::outcome::{say, searching};
use super::output::{clean, counted, grouped};
use super::progress;
use super::reading::default_threads;

/// `--index DIR`.
#[derive(Debug, Args)]
pub struct IndexPath {
    /// Folder of the index
    #[arg(long, value_name = "DIR", env = "DATELINE_INDEX", default_value = ".dateline", hide_env_values = true)]
    index: PathBuf,
}

impl IndexPath {
    /// The directory named.
    pub fn directory(&self) -> IndexDirectory {
        IndexDirectory::new(&self.index)
    }
}

/// `--index DIR` or `--in PATH`.
#[derive(Debug, Args)]
pub struct Location {
    #[command(flatten)]
    index: IndexPath,
    /// Search this file or folder: indexes it first if that was not done or it changed since, into your cache folder
    #[arg(long = "in", value_name = "PATH")]
    archive: Option<PathBuf>,
    /// Answer from this kept generation instead of the latest; `index --keep N` says how many are kept
    #[arg(long, value_name = "GENERATION", conflicts_with = "archive")]
    as_of: Option<u64>,
    /// File of names to merge, split, rename and hide [default: aliases.toml in the index]
    #[arg(long, value_name = "FILE")]
    aliases: Option<PathBuf>,
}

impl Location {
    /// Opens the index for a run that answers and ends: taking it apart again would only keep the caller waiting. `today` counts only
    /// if an archive must be read first.
    ///
    /// # Errors
    /// If there is no index, it is damaged, or the archive cannot be indexed.
    pub fn open(&self, today: Date) -> anyhow::Result<&'static Archive> {
        Ok(kept(self.opened(today, Opening::ForMany)?))
    }

    /// The same for a run that answers once.
    ///
    /// # Errors
    /// As [`Location::open`].
    pub fn open_to_answer_once(&self, today: Date) -> anyhow::Result<&'static Archive> {
        Ok(kept(self.opened(today, Opening::ForOne)?))
    }

    fn opened(&self, today: Date, opening: Opening) -> anyhow::Result<Archive> {
        let directory = self.refreshed(today)?;
        if let Some(generation) = self.as_of {
            return Archive::open_as_of(&directory, generation, self.aliases(), opening);
        }
        let opened = Archive::open_with(&directory, self.aliases(), opening);
        let Some(archive) = &self.archive else { return opened };
        opened.or_else(|_| {
            // nobody but us wrote this index, so nobody minds if a damaged one is made anew
            refresh(&directory, archive, &settings(today), true)?;
            Archive::open_with(&directory, self.aliases(), opening)
        })
    }

    /// The index named, or that of `--in` as its files are now.
    ///
    /// # Errors
    /// If the archive cannot be indexed.
    pub fn refreshed(&self, today: Date) -> anyhow::Result<IndexDirectory> {
        let Some(archive) = &self.archive else { return Ok(self.index.directory()) };
        let settings = settings(today);
        let directory = IndexDirectory::new(cached_index(archive)?);
        let is_damaged = directory.current().is_err() || directory.published().is_err();
        if is_damaged || is_stale(&directory, std::slice::from_ref(archive), &settings)? {
            refresh(&directory, archive, &settings, is_damaged)?;
        }
        Ok(directory)
    }

    /// The kept generation named.
    pub fn as_of(&self) -> Option<u64> {
        self.as_of
    }

    /// The file of aliases named.
    pub fn aliases(&self) -> Option<&Path> {
        self.aliases.as_deref()
    }
}

/// An archive until the run ends, remembered as the one that is read.
fn kept(archive: Archive) -> &'static Archive {
    searching(archive.path());
    Box::leak(Box::new(archive))
}

fn settings(today: Date) -> Settings {
    Settings { threads: default_threads(), today, limits: Limits::default(), map: FieldMap::default() }
}

fn refresh(directory: &IndexDirectory, archive: &Path, settings: &Settings, rebuild: bool) -> anyhow::Result<()> {
    let request =
        IndexRequest { paths: vec![archive.to_owned()], rebuild, allow_removal: true, ..IndexRequest::default() };
    let summary = progress::watch(|progress| index(directory, &request, settings, progress))?;
    let skipped: u64 = summary.skipped.values().sum();
    let path = clean(&archive.display().to_string());
    let left_out = match skipped {
        0 => String::new(),
        skipped => format!("; {} skipped, see `dateline stats --in {path}`", grouped(skipped)),
    };
    say(&format!("indexed {} from {path} in {:.1} s{left_out}", counted(summary.articles, "article"), summary.seconds));
    Ok(())
}

/// The folder in the user's cache for the index of one absolute path.
fn cached_index(archive: &Path) -> anyhow::Result<PathBuf> {
    let absolute: PathBuf = std::path::absolute(archive)
        .with_context(|| format!("cannot read {}", archive.display()))?
        .components()
        .collect();
    let cache = match std::env::var_os("DATELINE_CACHE").filter(|folder| !folder.is_empty()) {
        Some(folder) => PathBuf::from(folder),
        None => etcetera::choose_base_strategy()
            .context("no cache folder; set DATELINE_CACHE, or use `dateline index PATH` and `--index DIR`")?
            .cache_dir()
            .join("dateline"),
    };
    let hash = hexadecimal(&Sha256::digest(absolute.as_os_str().as_encoded_bytes()));
    let name: String = absolute
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' })
        .take(40)
        .collect();
    Ok(cache.join(format!("{}-{}", name.trim_start_matches('.'), &hash[..16])))
}
