//! A published generation as tantivy reads it: never written, never locked, so that a read-only folder serves.

use std::ffi::OsStr;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{DirectoryLock, FileHandle, Lock, MmapDirectory, WatchCallback, WatchHandle, WritePtr};
use tantivy::{Directory, TantivyError};

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
const TOUCHED: &[&str] = &["term", "fast", "fieldnorm"];

/// A folder of segments that is only read.
#[derive(Clone)]
pub struct ReadOnlyDirectory {
    files: MmapDirectory,
    folder: PathBuf,
    opening: Opening,
}

impl ReadOnlyDirectory {
    /// Opens the folder of a generation.
    ///
    /// # Errors
    /// If it does not exist or is no folder.
    pub fn open(generation: &Path, opening: Opening) -> Result<Self, TantivyError> {
        Ok(Self { files: MmapDirectory::open(generation)?, folder: generation.to_owned(), opening })
    }

    /// Opens a file with this ending.
    fn file(&self, path: &Path, ending: &str) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        #[cfg(unix)]
        if self.opening == Opening::ForOne && !TOUCHED.contains(&ending) {
            let opened = super::read_file::ReadFile::open(&self.folder.join(path));
            return Ok(Arc::new(opened.map_err(|error| OpenReadError::wrap_io_error(error, path.to_owned()))?));
        }
        self.files.get_file_handle(path)
    }
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
        let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default();
        let file = self.file(path, ending)?;
        if ending != "store" {
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
