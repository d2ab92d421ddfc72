//! From paths to readable streams: walks the archive, opens files and containers, and counts what it must leave out.
//!
//! Nothing here knows what an article is.

mod skip;

use std::path::{Path, PathBuf};

pub use skip::{Skip, SkipReason, Warning};

/// A regular file found under a root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Where it lies on disk.
    pub location: PathBuf,
    /// Relative to its root, `/` on every system, bytes that are not UTF-8 escaped as `\xNN`; the start of `origin.path`.
    pub path: String,
    /// Size in bytes when it was found.
    pub size: u64,
    /// Modification time in nanoseconds since 1970, where the system knows it.
    pub modified: Option<i128>,
}

/// What a walk found: the files in canonical order, and what was left out.
#[derive(Clone, Debug, Default)]
pub struct Walk {
    /// Sorted by `path`, byte order.
    pub files: Vec<File>,
    /// Links, hidden names, sockets, folders we may not read.
    pub skipped: Vec<Skip>,
}

/// Finds every regular file under `root`, which may itself be a file or a symbolic link.
///
/// # Errors
/// If `root` does not exist or cannot be read.
pub fn walk(_root: &Path) -> anyhow::Result<Walk> {
    unimplemented!("helper C5")
}
