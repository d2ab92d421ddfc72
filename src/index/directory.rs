//! A published generation as tantivy reads it: never written, never locked, so that a read-only folder serves.

use std::ffi::OsStr;
use std::fmt;
use std::io;
use std::path::Path;
#[cfg(unix)]
use std::path::PathBuf;
use std::sync::Arc;
#[cfg(unix)]
use std::sync::atomic::{AtomicU64, Ordering};

use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{DirectoryLock, FileHandle, Lock, MmapDirectory, WatchCallback, WatchHandle, WritePtr};
use tantivy::{Directory, TantivyError};

#[cfg(unix)]
use super::read_file::ReadFile;
use super::store_file::StoreFile;

/// What a generation is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// One answer, after which the program ends: what is touched here and there is mapped, and what is read as a whole is read.
    ForOne,
    /// Many: files are mapped, and the more they are asked the more of them is at hand.
    ForMany,
}

/// Endings of files that are touched here and there, by every search: dictionaries, columns, and lengths of articles.
#[cfg(unix)]
const TOUCHED: &[&str] = &["term", "fast", "fieldnorm"];

/// Files that are read and not mapped at most, since each stays open.
#[cfg(unix)]
const MOST_READ: u64 = 192;

/// A folder of segments that is only read.
#[derive(Clone)]
pub struct ReadOnlyDirectory {
    files: MmapDirectory,
    #[cfg(unix)]
    reading: Option<Reading>,
}

/// Where files are read that are not mapped.
#[cfg(unix)]
#[derive(Clone)]
struct Reading {
    folder: PathBuf,
    /// How many files more.
    left: Arc<AtomicU64>,
}

#[cfg(unix)]
impl Reading {
    /// Reads no more than half as many files as this process may have open.
    fn of(folder: &Path) -> Self {
        let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
        let most = limit.map_or(MOST_READ, |limit| MOST_READ.min(limit / 2));
        Self { folder: folder.to_owned(), left: Arc::new(most.into()) }
    }

    /// Opens a file, unless it is better mapped.
    fn file(&self, path: &Path) -> Result<Option<Arc<dyn FileHandle>>, OpenReadError> {
        let is_touched = ending(path).is_some_and(|ending| TOUCHED.contains(&ending));
        let take = |left: u64| left.checked_sub(1);
        if is_touched || self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_err() {
            return Ok(None);
        }
        match ReadFile::open(&self.folder.join(path)) {
            Ok(file) => Ok(Some(Arc::new(file))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(OpenReadError::FileDoesNotExist(path.into())),
            Err(error) => Err(OpenReadError::wrap_io_error(error, path.into())),
        }
    }
}

impl ReadOnlyDirectory {
    /// Opens the folder of a generation.
    ///
    /// # Errors
    /// If it does not exist or is no folder.
    #[cfg_attr(not(unix), expect(unused_variables, reason = "all files are mapped there"))]
    pub fn open(generation: &Path, opening: Opening) -> Result<Self, TantivyError> {
        Ok(Self {
            files: MmapDirectory::open(generation)?,
            #[cfg(unix)]
            reading: (opening == Opening::ForOne).then(|| Reading::of(generation)),
        })
    }

    fn file(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        #[cfg(unix)]
        if let Some(file) = self.reading.as_ref().map(|reading| reading.file(path)).transpose()?.flatten() {
            return Ok(file);
        }
        self.files.get_file_handle(path)
    }
}

fn ending(path: &Path) -> Option<&str> {
    path.extension().and_then(OsStr::to_str)
}

impl fmt::Debug for ReadOnlyDirectory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReadOnlyDirectory({:?})", self.files)
    }
}

fn read_only() -> io::Error {
    io::Error::new(io::ErrorKind::ReadOnlyFilesystem, "a published generation is never written")
}

impl Directory for ReadOnlyDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let file = self.file(path)?;
        if ending(path) != Some("store") {
            return Ok(file);
        }
        let store = StoreFile::new(file).map_err(|error| OpenReadError::wrap_io_error(error, path.to_owned()))?;
        Ok(Arc::new(store))
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.files.exists(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.files.atomic_read(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        Err(DeleteError::IoError { io_error: Arc::new(read_only()), filepath: path.to_owned() })
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        Err(OpenWriteError::wrap_io_error(read_only(), path.to_owned()))
    }

    fn atomic_write(&self, _path: &Path, _data: &[u8]) -> io::Result<()> {
        Err(read_only())
    }

    fn sync_directory(&self) -> io::Result<()> {
        Ok(())
    }

    fn acquire_lock(&self, _lock: &Lock) -> Result<DirectoryLock, LockError> {
        // nothing removes files of a published generation under a reader, so there is nothing to lock out
        Ok(DirectoryLock::from(Box::new(())))
    }

    fn watch(&self, _callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(WatchHandle::empty())
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn only_so_many_files_stay_open_and_the_others_are_mapped() {
        let folder = tempfile::tempdir().unwrap();
        let names = ["a.term", "b.idx", "c.pos", "d.idx"];
        for name in names {
            std::fs::write(folder.path().join(name), name).unwrap();
        }
        let opened = |directory: &ReadOnlyDirectory| {
            names.map(|name| {
                let file = directory.get_file_handle(Path::new(name)).unwrap();
                assert_eq!(file.read_bytes(0..file.len()).unwrap().as_slice(), name.as_bytes());
                format!("{file:?}").starts_with("ReadFile")
            })
        };
        let mut directory = ReadOnlyDirectory::open(folder.path(), Opening::ForOne).unwrap();
        assert_eq!(opened(&directory), [false, true, true, true]);
        directory.reading = directory.reading.map(|reading| Reading { left: Arc::new(2.into()), ..reading });
        assert_eq!(opened(&directory), [false, true, true, false]);
        let directory = ReadOnlyDirectory::open(folder.path(), Opening::ForMany).unwrap();
        assert_eq!(opened(&directory), [false; 4]);
    }
}
