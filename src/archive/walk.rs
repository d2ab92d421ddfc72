//! Finds the files of an archive in canonical order, and says of every other thing why it was left out.

use std::cmp::Ordering;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;

use crate::archive::escape::escape;
use crate::archive::listing::{self, Kind, Listing, Status};
use crate::archive::{Skip, SkipReason};
use crate::order::{beginning, shared};

/// A regular file found under a root. There may be millions of them, so it takes little memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Relative to its root, `/` on every system, bytes that are not UTF-8 escaped as `\xNN`; the start of `origin.path`.
    pub path: String,
    /// Size in bytes when it was found.
    pub size: u64,
    /// Modification time, where the system knows it: nanoseconds since 1970, modulo 2^64.
    pub modified: Option<i64>,
    /// The folder it lies in, on disk.
    folder: Arc<Path>,
    /// Its name, where its path does not end in it.
    name: Option<Box<OsStr>>,
}

impl File {
    /// Where it lies on disk.
    pub fn location(&self) -> PathBuf {
        let name = || OsStr::new(self.path.rsplit_once('/').map_or(&*self.path, |(_, name)| name));
        self.folder.join(self.name.as_deref().unwrap_or_else(name))
    }
}

/// Finds every regular file under `root`, which may itself be a file or a symbolic link, and gives each as it is found, by
/// `path` in byte order but for names that must be escaped. What was left out comes back: links, hidden names, sockets, folders we
/// may not read; sorted by `path`.
///
/// A root that is a file gives that one file, whose path is its name.
///
/// # Errors
/// If `root` does not exist or cannot be read.
pub fn walk(root: &Path, mut give: impl FnMut(File)) -> anyhow::Result<Vec<Skip>> {
    let cannot_read = || format!("cannot read {}", root.display());
    let metadata = std::fs::metadata(root).with_context(cannot_read)?;
    let mut skipped = Skipped::default();
    if !metadata.is_dir() {
        let folder = Folder { location: root.parent().unwrap_or(Path::new("")).into(), path: "" };
        let name = root.file_name().unwrap_or(root.as_os_str());
        if let Some(file) = folder.file(name, folder.path_of(name), (&metadata).into(), &mut skipped) {
            give(file);
        }
        return Ok(skipped.0);
    }
    let entries = Listing::open(root).with_context(cannot_read)?;
    // the folders being walked through, each with what is left of it
    let mut open = vec![Folder { location: root.into(), path: "" }.entries(entries, &mut skipped)];
    while let Some(folder) = open.last_mut() {
        match folder.next() {
            None => _ = open.pop(),
            Some(Entry::File(file)) => give(file),
            Some(Entry::Folder { location, path }) => match Listing::open(&location) {
                Ok(entries) => {
                    let folder = Folder { location: location.into(), path: &path };
                    open.push(folder.entries(entries, &mut skipped));
                }
                Err(error) => skipped.add(SkipReason::Unreadable, path, error.to_string()),
            },
        }
    }
    let Skipped(mut skipped) = skipped;
    skipped.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(skipped)
}

/// What is left out.
#[derive(Default)]
struct Skipped(Vec<Skip>);

impl Skipped {
    fn add(&mut self, reason: SkipReason, path: String, detail: String) {
        self.0.push(Skip { reason, path, record: 0, detail });
    }
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

    /// The eight bytes from `start` on of what the paths of its files begin with, as a number that orders as they do.
    fn beginning(&self, start: usize) -> u64 {
        let rest = &self.path()[start..];
        let slash = match self {
            Self::Folder { .. } => beginning(b"/").unbounded_shr(8 * rest.len() as u32),
            Self::File(_) => 0,
        };
        beginning(rest) | slash
    }

    /// The order of two entries of one folder, whose names begin at `start`, by the paths of their files, which in a folder go on
    /// with a slash.
    fn order(&self, other: &Self, start: usize) -> Ordering {
        let (left, right) = (&self.path()[start..], &other.path()[start..]);
        let shared = left.len().min(right.len());
        let next = |entry: &Self, name: &[u8]| {
            let slash = matches!(entry, Self::Folder { .. }).then_some(b'/');
            name.get(shared).copied().or(slash)
        };
        left[..shared].cmp(&right[..shared]).then_with(|| next(self, left).cmp(&next(other, right)))
    }
}

/// A folder being read.
struct Folder<'a> {
    /// On disk.
    location: Arc<Path>,
    /// As that of a file; empty for the root.
    path: &'a str,
}

impl Folder<'_> {
    /// Its files and folders, in the order of the paths of all files.
    fn entries(&self, listing: Listing, skipped: &mut Skipped) -> impl Iterator<Item = Entry> + use<> {
        let mut found = Vec::new();
        if let Err(error) = listing.each(|entry| found.extend(self.entry(entry, skipped))) {
            skipped.add(SkipReason::Unreadable, self.path.to_owned(), error.to_string());
        }
        let start = self.path_of(OsStr::new("")).len();
        in_order(found, start)
    }

    /// Sorts an entry into files, folders and skipped.
    fn entry(&self, entry: &listing::Entry<'_>, skipped: &mut Skipped) -> Option<Entry> {
        let name = entry.name();
        let path = self.path_of(name);
        if name.as_encoded_bytes().starts_with(b".") {
            skipped.add(SkipReason::Hidden, path, "name begins with a dot".to_owned());
            return None;
        }
        // only files need more than the folder says
        let known = match entry.kind() {
            Some(kind) if kind != Kind::File => Ok(Status { kind, size: 0, modified: None }),
            _ => entry.status(),
        };
        match known {
            Ok(Status { kind: Kind::Link, .. }) => {
                skipped.add(SkipReason::Symlink, path, "symbolic links are not followed".to_owned());
                None
            }
            Ok(Status { kind: Kind::Folder, .. }) => {
                let location = self.location.join(name);
                if is_index(&location) {
                    skipped.add(SkipReason::IndexFolder, path, "folder of an index".to_owned());
                    return None;
                }
                Some(Entry::Folder { location, path })
            }
            Ok(status) => self.file(name, path, status, skipped).map(Entry::File),
            Err(error) => {
                skipped.add(SkipReason::Unreadable, path, error.to_string());
                None
            }
        }
    }

    fn file(&self, name: &OsStr, path: String, status: Status, skipped: &mut Skipped) -> Option<File> {
        let Status { kind, size, modified } = status;
        if kind != Kind::File {
            skipped.add(SkipReason::NotAFile, path, "not a regular file".to_owned());
            return None;
        }
        let is_as_written = path.as_bytes().ends_with(name.as_encoded_bytes());
        let name = (!is_as_written).then(|| name.into());
        Some(File { path, size, modified, folder: Arc::clone(&self.location), name })
    }

    fn path_of(&self, name: &OsStr) -> String {
        let mut path = String::with_capacity(self.path.len() + 1 + name.len());
        if !self.path.is_empty() {
            path.push_str(self.path);
            path.push('/');
        }
        path.push_str(&escape(name.as_encoded_bytes()));
        path
    }
}

/// The entries of one folder, whose names begin at `start`, in the order of the paths of their files. Names of one folder often begin
/// alike, so that what comes after that tells most of them apart by eight bytes.
fn in_order(found: Vec<Entry>, start: usize) -> impl Iterator<Item = Entry> {
    let start_apart = start + shared(found.iter().map(|entry| &entry.path()[start..]));
    let mut order: Vec<(u64, usize)> =
        found.iter().enumerate().map(|(number, entry)| (entry.beginning(start_apart), number)).collect();
    order.sort_unstable_by(|(key, number), (other_key, other)| {
        key.cmp(other_key).then_with(|| found[*number].order(&found[*other], start))
    });
    let mut found: Vec<Option<Entry>> = found.into_iter().map(Some).collect();
    order.into_iter().filter_map(move |(_, number)| found[number].take())
}

/// Whether `folder` is an index of ours: it holds `CURRENT` and `generations`.
fn is_index(folder: &Path) -> bool {
    folder.join("CURRENT").is_file() && folder.join("generations").is_dir()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn walked(root: &Path) -> (Vec<File>, Vec<Skip>) {
        let mut files = Vec::new();
        let skipped = walk(root, |file| files.push(file)).unwrap();
        (files, skipped)
    }

    fn names(files: &[File]) -> Vec<&str> {
        files.iter().map(|file| file.path.as_str()).collect()
    }

    #[test]
    fn files_come_in_byte_order_of_their_relative_path() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.txt", "a/z.txt", "a.txt", "a/b/c.txt", "B.txt", "a-b/c.txt", "a0/c.txt", "a/b.txt"] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let (found, skipped) = walked(folder.path());
        assert_eq!(
            names(&found),
            ["B.txt", "a-b/c.txt", "a.txt", "a/b.txt", "a/b/c.txt", "a/z.txt", "a0/c.txt", "b.txt"]
        );
        assert!(skipped.is_empty());
    }

    #[test]
    fn folders_stand_where_their_files_do_whatever_names_begin_alike() {
        let ends =
            ["", "/", "-", ".txt", "0", "a", "1234567", "12345678", "123456789", "1234567/", "12345678/", "é", "è/"];
        for shared in ["", "p", "paper of 2024 "] {
            let entries =
                ends.iter().filter(|end| !shared.is_empty() || !end.trim_end_matches('/').is_empty()).map(|end| {
                    let path = format!("in/{shared}{}", end.trim_end_matches('/'));
                    let file =
                        File { path: path.clone(), size: 0, modified: None, folder: Path::new("").into(), name: None };
                    if end.ends_with('/') {
                        Entry::Folder { location: PathBuf::new(), path }
                    } else {
                        Entry::File(file)
                    }
                });
            let shown = |entry: &Entry| {
                let slash = if matches!(entry, Entry::Folder { .. }) { "/" } else { "" };
                format!("{}{slash}", String::from_utf8_lossy(entry.path()))
            };
            let mut expected: Vec<String> = entries.clone().map(|entry| shown(&entry)).collect();
            expected.sort_unstable();
            for entries in [entries.clone().collect(), entries.rev().collect::<Vec<_>>()] {
                assert_eq!(in_order(entries, 3).map(|entry| shown(&entry)).collect::<Vec<_>>(), expected);
            }
        }
    }

    #[test]
    fn hidden_names_and_index_folders_are_named_and_not_entered() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join(".git/objects")).unwrap();
        fs::write(folder.path().join(".git/objects/x"), "x").unwrap();
        fs::create_dir_all(folder.path().join("index/generations/1")).unwrap();
        fs::write(folder.path().join("index/CURRENT"), "1").unwrap();
        fs::write(folder.path().join("index/generations/1/x"), "x").unwrap();
        let (found, skipped) = walked(folder.path());
        let skipped: Vec<_> = skipped.iter().map(|skip| (skip.path.as_str(), skip.reason)).collect();
        assert_eq!(skipped, [(".git", SkipReason::Hidden), ("index", SkipReason::IndexFolder)]);
        assert!(found.is_empty());
    }

    #[test]
    fn a_root_that_is_a_file_is_one_file() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("one.txt"), "text").unwrap();
        let (found, _) = walked(&folder.path().join("one.txt"));
        assert_eq!(names(&found), ["one.txt"]);
        assert_eq!((found[0].size, found[0].location()), (4, folder.path().join("one.txt")));
    }

    #[test]
    fn a_missing_root_is_an_error() {
        assert!(walk(Path::new("/no/such/folder"), |_| {}).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed_but_the_root_may_be_one() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("real")).unwrap();
        fs::write(folder.path().join("real/a.txt"), "x").unwrap();
        std::os::unix::fs::symlink(folder.path().join("real"), folder.path().join("real/loop")).unwrap();
        std::os::unix::fs::symlink(folder.path().join("real"), folder.path().join("link")).unwrap();
        let (found, skipped) = walked(&folder.path().join("link"));
        assert_eq!(names(&found), ["a.txt"]);
        assert_eq!(skipped[0].reason, SkipReason::Symlink);
    }

    #[cfg(unix)]
    #[test]
    fn sockets_are_no_files() {
        let folder = tempfile::tempdir().unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("socket")).unwrap();
        let (_, skipped) = walked(folder.path());
        assert_eq!(skipped[0].reason, SkipReason::NotAFile);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn names_that_are_not_utf_8_are_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let name: &OsStr = std::os::unix::ffi::OsStrExt::from_bytes(b"caf\xE9.txt");
        for path in [folder.path().join(name), folder.path().join("b").join(name)] {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "text").unwrap();
        }
        let (found, _) = walked(folder.path());
        assert_eq!(names(&found), ["b/caf\\xE9.txt", "caf\\xE9.txt"]);
        assert!(found.iter().all(|file| fs::read(file.location()).is_ok_and(|text| text == b"text")));
    }
}
