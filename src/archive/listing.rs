//! Lists a folder, and asks the system about each entry: most of what a refresh costs is this, of files that did not change. An entry
//! is looked up in the open folder, not by its whole path.

use std::ffi::OsStr;
use std::fs::Metadata;
use std::time::UNIX_EPOCH;

pub use system::{Entry, Listing};

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
    /// A socket, a pipe, a device.
    Other,
}

/// What the system says of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// What it is.
    pub kind: Kind,
    /// In bytes.
    pub size: u64,
    /// See [`modified`].
    pub modified: Option<i64>,
}

impl From<&Metadata> for Status {
    fn from(metadata: &Metadata) -> Self {
        Self { kind: metadata.file_type().into(), size: metadata.len(), modified: modified(metadata) }
    }
}

impl From<std::fs::FileType> for Kind {
    fn from(kind: std::fs::FileType) -> Self {
        match kind {
            kind if kind.is_file() => Self::File,
            kind if kind.is_dir() => Self::Folder,
            kind if kind.is_symlink() => Self::Link,
            _ => Self::Other,
        }
    }
}

/// Nanoseconds between 1970 and the last change, modulo 2^64: whether a file changed is asked of them, and that needs no more.
pub(crate) fn modified(metadata: &Metadata) -> Option<i64> {
    let time = metadata.modified().ok()?;
    Some(match time.duration_since(UNIX_EPOCH) {
        Ok(after) => after.as_nanos() as i64,
        Err(before) => (before.duration().as_nanos() as i64).wrapping_neg(),
    })
}

/// Only what is needed is asked: std asks for more, and copies each name twice.
#[cfg(target_os = "linux")]
mod system {
    use std::ffi::CStr;
    use std::io;
    use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
    use std::os::unix::ffi::OsStrExt;
    use std::path::Path;

    use rustix::fs::{AtFlags, FileType, Mode, OFlags, RawDir, open, statat};
    use rustix::io::Errno;

    use super::{Kind, OsStr, Status};

    /// Bytes of names the system gives at once: those of a folder of some hundreds.
    const AT_ONCE: usize = 32 << 10;

    /// A folder that can be listed.
    pub struct Listing(OwnedFd);

    /// Something a folder holds.
    pub struct Entry<'a> {
        folder: BorrowedFd<'a>,
        name: &'a CStr,
        kind: FileType,
    }

    impl Listing {
        /// Opens a folder.
        ///
        /// # Errors
        /// If it is none or cannot be read.
        pub fn open(folder: &Path) -> io::Result<Self> {
            Ok(Self(open(folder, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?))
        }

        /// Gives what it holds, in any order.
        ///
        /// # Errors
        /// If the system ends before.
        pub fn each(self, mut give: impl FnMut(&Entry<'_>)) -> io::Result<()> {
            let folder = self.0.as_fd();
            let mut names = Vec::with_capacity(AT_ONCE);
            let mut entries = RawDir::new(folder, names.spare_capacity_mut());
            while let Some(entry) = entries.next() {
                let entry = match entry {
                    // removed since it was opened
                    Err(Errno::NOENT) => break,
                    entry => entry?,
                };
                let (name, kind) = (entry.file_name(), entry.file_type());
                if !matches!(name.to_bytes(), b"." | b"..") {
                    give(&Entry { folder, name, kind });
                }
            }
            Ok(())
        }
    }

    impl Entry<'_> {
        /// Its name.
        pub fn name(&self) -> &OsStr {
            OsStr::from_bytes(self.name.to_bytes())
        }

        /// What it is, where the folder itself says so.
        pub fn kind(&self) -> Option<Kind> {
            (self.kind != FileType::Unknown).then(|| self.kind.into())
        }

        /// What the system says of it; of a link, not of what it leads to.
        ///
        /// # Errors
        /// If it is gone by now or the system refuses.
        pub fn status(&self) -> io::Result<Status> {
            let status = statat(self.folder, self.name, AtFlags::SYMLINK_NOFOLLOW)?;
            let seconds = status.st_mtime.wrapping_mul(1_000_000_000);
            Ok(Status {
                kind: FileType::from_raw_mode(status.st_mode).into(),
                size: u64::try_from(status.st_size).unwrap_or(0),
                modified: Some(seconds.wrapping_add(i64::try_from(status.st_mtime_nsec).unwrap_or(0))),
            })
        }
    }

    impl From<FileType> for Kind {
        fn from(kind: FileType) -> Self {
            match kind {
                FileType::RegularFile => Self::File,
                FileType::Directory => Self::Folder,
                FileType::Symlink => Self::Link,
                _ => Self::Other,
            }
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::ffi::OsString;
    use std::fs::{DirEntry, ReadDir, read_dir};
    use std::io;
    use std::path::Path;

    use super::{Kind, OsStr, Status};

    /// A folder that can be listed.
    pub struct Listing(ReadDir);

    /// Something a folder holds.
    pub struct Entry<'a>(&'a DirEntry, OsString);

    impl Listing {
        /// Opens a folder.
        ///
        /// # Errors
        /// If it is none or cannot be read.
        pub fn open(folder: &Path) -> io::Result<Self> {
            read_dir(folder).map(Self)
        }

        /// Gives what it holds, in any order.
        ///
        /// # Errors
        /// If the system ends before.
        pub fn each(self, mut give: impl FnMut(&Entry<'_>)) -> io::Result<()> {
            for entry in self.0 {
                let entry = entry?;
                give(&Entry(&entry, entry.file_name()));
            }
            Ok(())
        }
    }

    impl Entry<'_> {
        /// Its name.
        pub fn name(&self) -> &OsStr {
            &self.1
        }

        /// What it is, where the folder itself says so.
        pub fn kind(&self) -> Option<Kind> {
            self.0.file_type().ok().map(Into::into)
        }

        /// What the system says of it; of a link, not of what it leads to.
        ///
        /// # Errors
        /// If it is gone by now or the system refuses.
        pub fn status(&self) -> io::Result<Status> {
            Ok((&self.0.metadata()?).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::{Duration, SystemTime};

    use super::*;

    #[test]
    fn an_entry_is_what_the_system_says_of_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let now = SystemTime::now();
        for (name, time) in [("new", now), ("old", UNIX_EPOCH - Duration::from_millis(4_700))] {
            fs::write(folder.path().join(name), name.repeat(7)).unwrap();
            fs::File::options().write(true).open(folder.path().join(name)).unwrap().set_modified(time).unwrap();
        }
        fs::create_dir(folder.path().join("sub")).unwrap();
        let mut seen = Vec::new();
        let see = |entry: &Entry<'_>| {
            let status = entry.status().unwrap();
            assert_eq!(status, (&fs::metadata(folder.path().join(entry.name())).unwrap()).into());
            assert!(entry.kind().is_none_or(|kind| kind == status.kind));
            seen.push((entry.name().to_owned(), status.kind));
        };
        Listing::open(folder.path()).unwrap().each(see).unwrap();
        seen.sort_by(|(one, _), (other, _)| one.cmp(other));
        assert_eq!(seen, [("new".into(), Kind::File), ("old".into(), Kind::File), ("sub".into(), Kind::Folder)]);
        assert!(Listing::open(&folder.path().join("new")).is_err());
    }
}
