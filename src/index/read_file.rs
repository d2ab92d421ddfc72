//! A file that is read where it is asked for, not mapped: a program that answers once touches little of most files, and every page it
//! touches of a map costs more than reading it, sixteen mapped with it and taken out of the map again at the end.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::Path;

use tantivy::HasLen;
use tantivy::directory::{FileHandle, OwnedBytes};

/// An open file, so that what it holds stays there when it is removed.
#[derive(Debug)]
pub struct ReadFile {
    file: File,
    length: usize,
}

impl ReadFile {
    /// Opens a file.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let length = usize::try_from(file.metadata()?.len()).map_err(io::Error::other)?;
        Ok(Self { file, length })
    }
}

impl FileHandle for ReadFile {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        if range.start > range.end || range.end > self.length {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a place behind the end of its file"));
        }
        let mut bytes = Vec::new();
        // a damaged place may ask for all of a large file
        bytes.try_reserve_exact(range.len()).map_err(io::Error::other)?;
        bytes.resize(range.len(), 0);
        self.file.read_exact_at(&mut bytes, range.start as u64)?;
        Ok(OwnedBytes::new(bytes))
    }
}

impl HasLen for ReadFile {
    fn len(&self) -> usize {
        self.length
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_read_and_nothing_behind_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, b"0123456789").unwrap();
        let file = ReadFile::open(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!((file.len(), file.read_bytes(2..5).unwrap().as_slice()), (10, &b"234"[..]));
        assert!(file.read_bytes(10..10).unwrap().is_empty());
        assert!(file.read_bytes(9..11).is_err());
        assert!(ReadFile::open(&path).is_err());
    }
}
