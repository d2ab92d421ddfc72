//! Finds the files of an archive in canonical order, and says of every other thing why it was left out.

use std::cmp::Ordering;
use std::fs::{DirEntry, ReadDir};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::Context as _;

use crate::archive::{Skip, SkipReason};

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
    /// Links, hidden names, sockets, folders we may not read; sorted by `path`.
    pub skipped: Vec<Skip>,
}

/// Finds every regular file under `root`, which may itself be a file or a symbolic link.
///
/// A root that is a file gives that one file, whose path is its name.
///
/// # Errors
/// If `root` does not exist or cannot be read.
pub fn walk(root: &Path) -> anyhow::Result<Walk> {
    walk_about(root, 0)
}

/// As [`walk`], with room for about so many files made at once: a list of many that grows is copied again and again.
///
/// # Errors
/// As [`walk`].
pub fn walk_about(root: &Path, files: usize) -> anyhow::Result<Walk> {
    let metadata = std::fs::metadata(root).with_context(|| format!("cannot read {}", root.display()))?;
    let mut found = Walk { files: Vec::with_capacity(files), ..Walk::default() };
    if !metadata.is_dir() {
        let path = escape(root.file_name().unwrap_or(root.as_os_str()).as_encoded_bytes());
        let file = found.file(root.to_owned(), path, &metadata);
        found.files.extend(file);
        return Ok(found);
    }
    let entries = std::fs::read_dir(root).with_context(|| format!("cannot read {}", root.display()))?;
    // the folders being walked through, each with what is left of it
    let mut open = vec![found.folder(entries, "")];
    while let Some(folder) = open.last_mut() {
        match folder.next() {
            None => _ = open.pop(),
            Some(Entry::File(file)) => found.files.push(file),
            Some(Entry::Folder { location, path }) => match std::fs::read_dir(location) {
                Ok(entries) => open.push(found.folder(entries, &path)),
                Err(error) => found.skip(SkipReason::Unreadable, path, error.to_string()),
            },
        }
    }
    // they are in order already but for odd names
    found.files.sort_by(|left, right| left.path.cmp(&right.path));
    found.skipped.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(found)
}

/// What a folder holds.
enum Entry {
    File(File),
    Folder {
        location: PathBuf,
        /// As that of a file.
        path: String,
    },
}

impl Entry {
    fn path(&self) -> &[u8] {
        let (Self::File(File { path, .. }) | Self::Folder { path, .. }) = self;
        path.as_bytes()
    }

    /// The order of two entries of one folder by the paths of their files, which in a folder go on with a slash.
    fn order(&self, other: &Self) -> Ordering {
        let shared = self.path().len().min(other.path().len());
        let next = |entry: &Self| {
            let slash = matches!(entry, Self::Folder { .. }).then_some(b'/');
            entry.path().get(shared).copied().or(slash)
        };
        self.path()[..shared].cmp(&other.path()[..shared]).then_with(|| next(self).cmp(&next(other)))
    }
}

impl Walk {
    /// The files and folders of a folder, in the order of the paths of all files. An entry tells of its file without the
    /// whole path being looked up again, which is most of what a walk costs.
    fn folder(&mut self, entries: ReadDir, folder: &str) -> std::vec::IntoIter<Entry> {
        let mut found = Vec::new();
        for entry in entries {
            match entry {
                Ok(entry) => found.extend(self.visit(&entry, folder)),
                Err(error) => {
                    self.skip(SkipReason::Unreadable, folder.to_owned(), error.to_string());
                    break;
                }
            }
        }
        found.sort_unstable_by(Entry::order);
        found.into_iter()
    }

    /// Sorts an entry into files, folders and skipped.
    fn visit(&mut self, entry: &DirEntry, folder: &str) -> Option<Entry> {
        let name = entry.file_name();
        let mut path = String::with_capacity(folder.len() + 1 + name.len());
        if !folder.is_empty() {
            path.push_str(folder);
            path.push('/');
        }
        escape_into(name.as_encoded_bytes(), &mut path);
        if name.as_encoded_bytes().starts_with(b".") {
            self.skip(SkipReason::Hidden, path, "name begins with a dot".to_owned());
            return None;
        }
        match entry.file_type() {
            Ok(kind) if kind.is_symlink() => {
                self.skip(SkipReason::Symlink, path, "symbolic links are not followed".to_owned());
                None
            }
            Ok(kind) if kind.is_dir() => {
                let location = entry.path();
                if is_index(&location) {
                    self.skip(SkipReason::IndexFolder, path, "folder of an index".to_owned());
                    return None;
                }
                Some(Entry::Folder { location, path })
            }
            Ok(_) => match entry.metadata() {
                Ok(metadata) => self.file(entry.path(), path, &metadata).map(Entry::File),
                Err(error) => {
                    self.skip(SkipReason::Unreadable, path, error.to_string());
                    None
                }
            },
            Err(error) => {
                self.skip(SkipReason::Unreadable, path, error.to_string());
                None
            }
        }
    }

    fn file(&mut self, location: PathBuf, path: String, metadata: &std::fs::Metadata) -> Option<File> {
        if metadata.is_file() {
            return Some(File { location, path, size: metadata.len(), modified: modified(metadata) });
        }
        self.skip(SkipReason::NotAFile, path, "not a regular file".to_owned());
        None
    }

    fn skip(&mut self, reason: SkipReason, path: String, detail: String) {
        self.skipped.push(Skip { reason, path, record: 0, detail });
    }
}

/// Whether `folder` is an index of ours: it holds `CURRENT` and `generations`.
fn is_index(folder: &Path) -> bool {
    folder.join("CURRENT").is_file() && folder.join("generations").is_dir()
}

/// Nanoseconds since 1970 of the last change.
pub(crate) fn modified(metadata: &std::fs::Metadata) -> Option<i128> {
    let time = metadata.modified().ok()?;
    Some(match time.duration_since(UNIX_EPOCH) {
        Ok(after) => after.as_nanos() as i128,
        Err(before) => -(before.duration().as_nanos() as i128),
    })
}

/// The bytes as text, those that are not UTF-8 and control characters as `\xNN`.
pub(crate) fn escape(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    escape_into(bytes, &mut text);
    text
}

fn escape_into(bytes: &[u8], text: &mut String) {
    for chunk in bytes.utf8_chunks() {
        let valid = chunk.valid();
        if valid.bytes().any(|byte| byte.is_ascii_control()) {
            for char in valid.chars() {
                if char.is_ascii_control() {
                    text.push_str(&escaped_byte(char as u8));
                } else {
                    text.push(char);
                }
            }
        } else {
            text.push_str(valid);
        }
        for byte in chunk.invalid() {
            text.push_str(&escaped_byte(*byte));
        }
    }
}

fn escaped_byte(byte: u8) -> String {
    format!("\\x{byte:02X}")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn names(found: &Walk) -> Vec<&str> {
        found.files.iter().map(|file| file.path.as_str()).collect()
    }

    #[test]
    fn files_come_in_byte_order_of_their_relative_path() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.txt", "a/z.txt", "a.txt", "a/b/c.txt", "B.txt", "a-b/c.txt", "a0/c.txt", "a/b.txt"] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let found = walk(folder.path()).unwrap();
        assert_eq!(
            names(&found),
            ["B.txt", "a-b/c.txt", "a.txt", "a/b.txt", "a/b/c.txt", "a/z.txt", "a0/c.txt", "b.txt"]
        );
        assert!(found.skipped.is_empty());
    }

    #[test]
    fn hidden_names_and_index_folders_are_named_and_not_entered() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join(".git/objects")).unwrap();
        fs::write(folder.path().join(".git/objects/x"), "x").unwrap();
        fs::create_dir_all(folder.path().join("index/generations/1")).unwrap();
        fs::write(folder.path().join("index/CURRENT"), "1").unwrap();
        fs::write(folder.path().join("index/generations/1/x"), "x").unwrap();
        let found = walk(folder.path()).unwrap();
        let skipped: Vec<_> = found.skipped.iter().map(|skip| (skip.path.as_str(), skip.reason)).collect();
        assert_eq!(skipped, [(".git", SkipReason::Hidden), ("index", SkipReason::IndexFolder)]);
        assert!(found.files.is_empty());
    }

    #[test]
    fn a_root_that_is_a_file_is_one_file() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("one.txt"), "text").unwrap();
        let found = walk(&folder.path().join("one.txt")).unwrap();
        assert_eq!(names(&found), ["one.txt"]);
        assert_eq!(found.files[0].size, 4);
    }

    #[test]
    fn a_missing_root_is_an_error() {
        assert!(walk(Path::new("/no/such/folder")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed_but_the_root_may_be_one() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("real")).unwrap();
        fs::write(folder.path().join("real/a.txt"), "x").unwrap();
        std::os::unix::fs::symlink(folder.path().join("real"), folder.path().join("real/loop")).unwrap();
        std::os::unix::fs::symlink(folder.path().join("real"), folder.path().join("link")).unwrap();
        let found = walk(&folder.path().join("link")).unwrap();
        assert_eq!(names(&found), ["a.txt"]);
        assert_eq!(found.skipped[0].reason, SkipReason::Symlink);
    }

    #[cfg(unix)]
    #[test]
    fn sockets_are_no_files() {
        let folder = tempfile::tempdir().unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("socket")).unwrap();
        let found = walk(folder.path()).unwrap();
        assert_eq!(found.skipped[0].reason, SkipReason::NotAFile);
    }

    #[test]
    fn names_that_are_not_utf_8_are_escaped() {
        assert_eq!(escape(b"caf\xE9\n.txt"), "caf\\xE9\\x0A.txt");
        assert_eq!(escape("été".as_bytes()), "été");
    }
}
