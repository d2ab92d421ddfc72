//! Generations: an index directory holds whole, immutable generations, and `CURRENT` names the one that answers.
//!
//! ```text
//! INDEX/CURRENT              the number of the published generation
//! INDEX/LOCK                 held by the one writer; freed by the system when its process ends
//! INDEX/generations/N/       immutable once published
//! INDEX/generations/.building   the writer's next generation; what a killed build left is removed by the next run
//! ```

use std::fs::{self, File, TryLockError};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::manifest::{DAMAGED, Manifest};

const CURRENT: &str = "CURRENT";
const GENERATIONS: &str = "generations";
const BUILDING: &str = ".building";
const REMOVING: &str = ".removing";
const NEXT: &str = "CURRENT.new";
const LOCK: &str = "LOCK";

/// There is no index where one was looked for.
#[derive(Debug, thiserror::Error)]
#[error("no index at {}; run `dateline index PATH` or add `--in PATH`", .0.display())]
pub struct NoIndex(pub PathBuf);

/// A directory that is, or will be, an index.
#[derive(Clone, Debug)]
pub struct IndexDirectory {
    path: PathBuf,
}

/// The right to write an index; freed when dropped or when the process ends in any way.
#[derive(Debug)]
pub struct WriterLock {
    _file: File,
}

/// A generation being built; removed when dropped before it is published.
#[derive(Debug)]
pub struct Building {
    index: IndexDirectory,
    path: PathBuf,
    published: bool,
    leftovers: Vec<String>,
    _lock: WriterLock,
}

impl IndexDirectory {
    /// Names a directory, which need not exist yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The directory itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether a directory is an index, so that archives can leave it out.
    pub fn is_index(path: &Path) -> bool {
        path.join(GENERATIONS).is_dir() && (path.join(CURRENT).exists() || path.join(LOCK).exists())
    }

    /// The number of the published generation, if there is one.
    ///
    /// # Errors
    /// If `CURRENT` is unreadable or damaged.
    pub fn current(&self) -> anyhow::Result<Option<u64>> {
        let path = self.path.join(CURRENT);
        match fs::read_to_string(&path) {
            Ok(text) => match text.trim_end().parse() {
                Ok(number) => Ok(Some(number)),
                Err(_) => bail!(
                    "{DAMAGED}: {} holds no number; rebuild it with `dateline index --rebuild PATH`",
                    path.display()
                ),
            },
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) if error.kind() == ErrorKind::NotADirectory => {
                bail!("{} is not a directory", self.path.display())
            }
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    /// The folder of a generation.
    pub fn generation_path(&self, number: u64) -> PathBuf {
        self.path.join(GENERATIONS).join(number.to_string())
    }

    /// The numbers of all generations kept, earliest first.
    ///
    /// # Errors
    /// If the directory cannot be read.
    pub fn generations(&self) -> anyhow::Result<Vec<u64>> {
        let generations = self.path.join(GENERATIONS);
        let mut numbers = match numbered(&generations) {
            Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
            numbers => numbers.with_context(|| format!("cannot read {}", generations.display()))?,
        };
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// The number the next generation will have.
    ///
    /// # Errors
    /// If the directory cannot be read.
    pub fn next(&self) -> anyhow::Result<u64> {
        Ok(self.generations()?.last().map_or(1, |last| last + 1))
    }

    /// The published generation and its manifest.
    ///
    /// # Errors
    /// [`NoIndex`] if nothing was published here; else if the manifest is damaged or of another format.
    pub fn published(&self) -> anyhow::Result<(u64, Manifest)> {
        let Some(number) = self.current()? else { return Err(NoIndex(self.path.clone()).into()) };
        Ok((number, Manifest::read(&self.generation_path(number))?))
    }

    /// A kept generation and its manifest.
    ///
    /// # Errors
    /// If it is not kept, damaged, or of another format.
    pub fn kept(&self, number: u64) -> anyhow::Result<Manifest> {
        let Some(current) = self.current()? else { return Err(NoIndex(self.path.clone()).into()) };
        let mut kept = self.generations()?;
        kept.retain(|number| *number <= current);
        if !kept.contains(&number) {
            let kept: Vec<String> = kept.iter().map(u64::to_string).collect();
            bail!("{} has no generation {number}; it keeps {}", self.path.display(), kept.join(", "));
        }
        Manifest::read(&self.generation_path(number))
    }

    /// Takes the writer's lock and starts a generation, removing what a killed build left behind.
    ///
    /// # Errors
    /// If another process is writing, or the directory cannot be written.
    pub fn begin(&self) -> anyhow::Result<Building> {
        let generations = self.path.join(GENERATIONS);
        let cannot_write = || format!("cannot write the index at {}", self.path.display());
        if self.path.is_dir()
            && !Self::is_index(&self.path)
            && fs::read_dir(&self.path).with_context(cannot_write)?.next().is_some()
        {
            bail!(
                "{} is a folder of something else, not an index; name an empty or new folder with `--index DIR`",
                self.path.display()
            );
        }
        fs::create_dir_all(&generations).with_context(cannot_write)?;
        let lock = self.lock()?;
        let leftovers = self.clean(&generations).with_context(cannot_write)?;
        let path = generations.join(BUILDING);
        fs::create_dir(&path).with_context(cannot_write)?;
        Ok(Building { index: self.clone(), path, published: false, leftovers, _lock: lock })
    }

    /// Removes what killed runs left behind: a generation half built or half removed, or one that was never published.
    fn clean(&self, generations: &Path) -> anyhow::Result<Vec<String>> {
        let mut leftovers = Vec::new();
        let current = self.current().ok();
        for entry in fs::read_dir(generations)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let unpublished = match (current, name.parse::<u64>()) {
                (Some(current), Ok(number)) => current.is_none_or(|current| number > current),
                _ => false,
            };
            if unpublished || name == BUILDING || name == REMOVING {
                fs::remove_dir_all(entry.path())?;
                leftovers.push(format!("{GENERATIONS}/{name}"));
            }
        }
        let next = self.path.join(NEXT);
        if next.exists() {
            fs::remove_file(&next)?;
            leftovers.push(NEXT.to_owned());
        }
        leftovers.sort_unstable();
        Ok(leftovers)
    }

    fn lock(&self) -> anyhow::Result<WriterLock> {
        let path = self.path.join(LOCK);
        let cannot_lock = || format!("cannot lock {}", path.display());
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .with_context(cannot_lock)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                file.read_to_string(&mut holder).with_context(cannot_lock)?;
                bail!("{} is being written by process {}; wait for it to end", self.path.display(), holder.trim_end());
            }
            Err(TryLockError::Error(error)) => return Err(error).with_context(cannot_lock),
        }
        file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id())).with_context(cannot_lock)?;
        Ok(WriterLock { _file: file })
    }
}

impl Building {
    /// The folder to write into.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What killed runs had left behind and was removed, relative to the index.
    pub fn leftovers(&self) -> &[String] {
        &self.leftovers
    }

    /// Empties the folder to write into.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn start_over(&self) -> anyhow::Result<()> {
        fs::remove_dir_all(&self.path)
            .and_then(|()| fs::create_dir(&self.path))
            .with_context(|| format!("cannot write {}", self.path.display()))
    }

    /// Makes the generation the one that answers: all its files are on disk before `CURRENT` names it. Returns its number.
    ///
    /// So many generations are kept, this one included: those before it serve readers that still use them.
    ///
    /// # Errors
    /// If a file cannot be synced or renamed; the published generation then stays as it was.
    pub fn publish(mut self, keep: usize) -> anyhow::Result<u64> {
        let generations = self.index.path.join(GENERATIONS);
        let cannot_publish = || format!("cannot publish a generation in {}", generations.display());
        for entry in fs::read_dir(&self.path).with_context(cannot_publish)? {
            File::open(entry.with_context(cannot_publish)?.path())
                .and_then(|file| file.sync_all())
                .with_context(cannot_publish)?;
        }
        sync_directory(&self.path)?;
        let mut before = numbered(&generations).with_context(cannot_publish)?;
        let number = before.iter().max().map_or(1, |last| last + 1);
        let target = self.index.generation_path(number);
        fs::rename(&self.path, &target).with_context(cannot_publish)?;
        self.published = true;
        sync_directory(&generations)?;
        let next = self.index.path.join(NEXT);
        let mut file = File::create(&next).with_context(cannot_publish)?;
        writeln!(file, "{number}").and_then(|()| file.sync_all()).with_context(cannot_publish)?;
        fs::rename(&next, self.index.path.join(CURRENT)).with_context(cannot_publish)?;
        sync_directory(&self.index.path)?;
        before.sort_unstable_by(|a, b| b.cmp(a));
        for old in before.into_iter().skip(keep.saturating_sub(1)) {
            // it is gone at once for readers to come, while those that hold its files open keep them
            let removing = generations.join(REMOVING);
            if fs::rename(self.index.generation_path(old), &removing).is_ok() {
                fs::remove_dir_all(&removing).ok();
            }
        }
        Ok(number)
    }
}

impl Drop for Building {
    fn drop(&mut self) {
        if self.published {
            return;
        }
        fs::remove_dir_all(&self.path).ok();
        if !self.index.path.join(CURRENT).exists() {
            // the first build failed: nothing is left behind but what was there before
            fs::remove_dir(self.index.path.join(GENERATIONS)).ok();
            fs::remove_file(self.index.path.join(LOCK)).ok();
            fs::remove_dir(&self.index.path).ok();
        }
    }
}

fn numbered(generations: &Path) -> std::io::Result<Vec<u64>> {
    let mut numbers = Vec::new();
    for entry in fs::read_dir(generations)? {
        numbers.extend(entry?.file_name().to_str().and_then(|name| name.parse::<u64>().ok()));
    }
    Ok(numbers)
}

fn sync_directory(path: &Path) -> anyhow::Result<()> {
    File::open(path).and_then(|file| file.sync_all()).with_context(|| format!("cannot sync {}", path.display()))
}
