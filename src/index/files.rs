//! The source files of a generation as they were when they were read: what a refresh compares the archive with. An archive may
//! have as many files as articles, so they are told in few bytes: how many; then of each path (by what it does not share with the
//! one before), root and size; marks of what follows; modification time, hash, and as JSON what few files have. They are taken one
//! by one, and those that did not change are put into the next generation as they are.

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::archive;

use super::manifest::{DAMAGED, Example};
use super::varint;

/// Name of the list in its generation.
pub const FILES: &str = "files.bin";

// marks of what is told of a file
const MODIFIED: u64 = 1;
const HASH: u64 = 2;
const COPY: u64 = 4;
const REFUSED_FUTURE: u64 = 8;
const DETAILS: u64 = 16;

/// Bytes a file takes at least.
const SHORTEST: usize = 5;
/// Bytes that are written at once.
const WRITTEN_AT_ONCE: usize = 1 << 20;

/// The first half of the SHA-256 of a file's bytes: no two files of an archive share one by chance, and there may be millions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FileHash(pub [u8; HASH_BYTES]);

const HASH_BYTES: usize = 16;

impl From<[u8; 32]> for FileHash {
    /// Of a SHA-256.
    fn from(sha256: [u8; 32]) -> Self {
        let mut half = [0; HASH_BYTES];
        half.copy_from_slice(&sha256[..HASH_BYTES]);
        Self(half)
    }
}

impl FileHash {
    /// Of a file that can be read.
    pub fn of(path: &Path) -> Option<Self> {
        let mut file = archive::open(path).ok()?;
        let mut hasher = Sha256::new();
        // most files of an archive are small
        let mut buffer = [0; 16 << 10];
        loop {
            match file.read(&mut buffer) {
                Ok(0) => return Some(Self::from(<[u8; 32]>::from(hasher.finalize()))),
                Ok(read) => hasher.update(&buffer[..read]),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return None,
            }
        }
    }
}

/// A file of the archive as it was when it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceFile {
    /// As in `origin.path`, without members.
    pub path: String,
    /// Which of the manifest's roots it lies under.
    pub root: usize,
    /// In bytes.
    pub size: u64,
    /// Nanoseconds since 1970, modulo 2^64.
    pub modified: Option<i64>,
    /// Of its bytes on disk and those of its pages; absent if one could not be read.
    pub hash: Option<FileHash>,
    /// It was skipped as a copy of an earlier one.
    pub is_copy: bool,
    /// A date in it was refused as lying ahead, so another day may read it otherwise.
    pub refused_future: bool,
    /// What few files have.
    pub details: Option<Box<Details>>,
}

/// What few files have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// Pages that are read with it, where it describes a scanned issue.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<PageFile>,
    /// Addresses of pages it names, whether or not they are there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// What was left out of it and repaired in it.
    #[serde(default, skip_serializing_if = "LeftOut::is_empty")]
    pub left_out: LeftOut,
}

impl Details {
    fn is_empty(&self) -> bool {
        self.pages.is_empty() && self.names.is_empty() && self.left_out.is_empty()
    }
}

impl SourceFile {
    /// Bytes of the file and its pages.
    pub fn bytes(&self) -> u64 {
        self.size + self.pages().iter().map(|page| page.size).sum::<u64>()
    }

    /// Pages that are read with it.
    pub fn pages(&self) -> &[PageFile] {
        self.details.as_ref().map_or(&[], |details| &details.pages)
    }

    /// Addresses of pages it names.
    pub fn names(&self) -> &[String] {
        self.details.as_ref().map_or(&[], |details| &details.names)
    }

    /// What was left out of it and repaired in it, if anything was.
    pub fn left_out(&self) -> Option<&LeftOut> {
        Some(&self.details.as_ref()?.left_out)
    }

    /// Says what few files have.
    pub fn set_details(&mut self, details: Details) {
        self.details = (!details.is_empty()).then(|| Box::new(details));
    }

    /// Says what was left out of it and repaired in it.
    pub fn set_left_out(&mut self, left_out: LeftOut) {
        let details = self.details.take().map_or_else(Details::default, |details| *details);
        self.set_details(Details { left_out, ..details });
    }

    fn write(&self, before: &str, out: &mut Vec<u8>) -> anyhow::Result<()> {
        varint::push_text(out, before, &self.path);
        varint::push(out, self.root as u64);
        varint::push(out, self.size);
        let mark = |mark: u64, is_set: bool| if is_set { mark } else { 0 };
        let marks = mark(MODIFIED, self.modified.is_some())
            | mark(HASH, self.hash.is_some())
            | mark(COPY, self.is_copy)
            | mark(REFUSED_FUTURE, self.refused_future)
            | mark(DETAILS, self.details.is_some());
        varint::push(out, marks);
        if let Some(modified) = self.modified {
            out.extend_from_slice(&modified.to_le_bytes());
        }
        if let Some(FileHash(hash)) = &self.hash {
            out.extend_from_slice(hash);
        }
        if let Some(details) = &self.details {
            let json = serde_json::to_vec(details)?;
            varint::push(out, json.len() as u64);
            out.extend(json);
        }
        Ok(())
    }

    /// From the file taken before becomes the next one, taken off the front; `None` if there is none in it.
    fn take(&mut self, rest: &mut &[u8]) -> Option<()> {
        varint::take_text(rest, &mut self.path)?;
        self.root = usize::try_from(varint::take(rest)?).ok()?;
        self.size = varint::take(rest)?;
        let marks = varint::take(rest)?;
        let is_set = |mark: u64| marks & mark != 0;
        (self.modified, self.hash, self.details) = (None, None, None);
        if is_set(MODIFIED) {
            self.modified = Some(i64::from_le_bytes(varint::take_bytes(rest, 8)?.try_into().ok()?));
        }
        if is_set(HASH) {
            self.hash = Some(FileHash(varint::take_bytes(rest, HASH_BYTES as u64)?.try_into().ok()?));
        }
        if is_set(DETAILS) {
            let length = varint::take(rest)?;
            self.details = Some(serde_json::from_slice(varint::take_bytes(rest, length)?).ok()?);
        }
        (self.is_copy, self.refused_future) = (is_set(COPY), is_set(REFUSED_FUTURE));
        Some(())
    }
}

/// A file that is read as part of another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageFile {
    /// As in `origin.path`.
    pub path: String,
    /// In bytes.
    pub size: u64,
    /// Nanoseconds since 1970, modulo 2^64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<i64>,
}

/// What was left out of a file and repaired in it, by reason, with the first of each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Records left out, or the file as a whole.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub skipped: BTreeMap<String, u64>,
    /// Repairs and refusals in articles that were indexed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub warnings: BTreeMap<String, u64>,
    /// The first of each.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub examples: BTreeMap<String, Example>,
}

impl LeftOut {
    fn is_empty(&self) -> bool {
        self.skipped.is_empty() && self.warnings.is_empty()
    }
}

/// The list of a generation as it lies there.
pub struct FileList {
    path: PathBuf,
    bytes: Vec<u8>,
    count: usize,
}

impl FileList {
    /// Reads it.
    ///
    /// # Errors
    /// If it is missing or damaged; the files themselves show that when they are taken.
    pub fn read(generation: &Path) -> anyhow::Result<Self> {
        let path = generation.join(FILES);
        let damaged = || format!("{DAMAGED}: cannot read {}", path.display());
        let bytes = fs::read(&path).with_context(damaged)?;
        let count = varint::take(&mut bytes.as_slice()).and_then(|count| usize::try_from(count).ok());
        // whoever makes room for as many makes none for a damaged count
        let count = count.filter(|count| *count <= bytes.len() / SHORTEST).with_context(damaged)?;
        Ok(Self { path, bytes, count })
    }

    /// How many files it says it has.
    pub fn files(&self) -> usize {
        self.count
    }

    /// Its files, from the first on.
    pub fn entries(&self) -> Entries<'_> {
        let mut rest = self.bytes.as_slice();
        _ = varint::take(&mut rest);
        Entries { list: self, rest, taken: 0, bytes: &[], file: SourceFile::default() }
    }
}

/// Files being taken from a list.
pub struct Entries<'a> {
    list: &'a FileList,
    rest: &'a [u8],
    taken: usize,
    file: SourceFile,
    /// The same as it lies in the list.
    bytes: &'a [u8],
}

impl Entries<'_> {
    /// Takes the next file; false after the last.
    ///
    /// # Errors
    /// If the list is damaged.
    pub fn advance(&mut self) -> anyhow::Result<bool> {
        if self.taken == self.list.count {
            anyhow::ensure!(self.rest.is_empty(), self.damaged());
            return Ok(false);
        }
        let before = self.rest;
        self.file.take(&mut self.rest).with_context(|| self.damaged())?;
        self.bytes = &before[..before.len() - self.rest.len()];
        self.taken += 1;
        Ok(true)
    }

    fn damaged(&self) -> String {
        format!("{DAMAGED}: cannot read {}", self.list.path.display())
    }

    /// The file taken last.
    pub fn file(&self) -> &SourceFile {
        &self.file
    }

    /// The number of the file taken last, from 0.
    pub fn number(&self) -> usize {
        self.taken.saturating_sub(1)
    }

    /// Goes on to the file of a number, which is not before the one taken last.
    ///
    /// # Errors
    /// If there is none or the list is damaged.
    pub fn go_to(&mut self, number: usize) -> anyhow::Result<&SourceFile> {
        while self.taken <= number {
            anyhow::ensure!(self.advance()?, self.damaged());
        }
        anyhow::ensure!(self.number() == number, "files must be taken in order");
        Ok(&self.file)
    }
}

/// A list being written.
pub struct FileListWriter {
    path: PathBuf,
    out: fs::File,
    /// What is not written yet.
    bytes: Vec<u8>,
    /// Path of the file added last.
    last: String,
    /// Its number in the list it was copied from, if it was.
    copied: Option<usize>,
    /// Files that are still to be added.
    left: usize,
}

impl FileListWriter {
    /// Begins a list of so many files.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn create(generation: &Path, count: usize) -> anyhow::Result<Self> {
        let path = generation.join(FILES);
        let out = fs::File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        let mut bytes = Vec::with_capacity(WRITTEN_AT_ONCE + 1024);
        varint::push(&mut bytes, count as u64);
        Ok(Self { path, out, bytes, last: String::new(), copied: None, left: count })
    }

    /// Adds the next file.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn push(&mut self, file: &SourceFile) -> anyhow::Result<()> {
        file.write(&self.last, &mut self.bytes)?;
        self.added(&file.path, None)
    }

    /// Adds the file last taken from another list, always the same one.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn copy(&mut self, from: &Entries<'_>) -> anyhow::Result<()> {
        // one that follows its neighbour again is told in the same bytes
        if from.number() > 0 && self.copied == Some(from.number() - 1) {
            self.bytes.extend_from_slice(from.bytes);
        } else {
            from.file.write(&self.last, &mut self.bytes)?;
        }
        self.added(&from.file.path, Some(from.number()))
    }

    fn added(&mut self, path: &str, copied: Option<usize>) -> anyhow::Result<()> {
        self.last.clear();
        self.last.push_str(path);
        self.copied = copied;
        self.left = self.left.checked_sub(1).context("more files than were announced")?;
        if self.bytes.len() >= WRITTEN_AT_ONCE { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> anyhow::Result<()> {
        self.out.write_all(&self.bytes).with_context(|| format!("cannot write {}", self.path.display()))?;
        self.bytes.clear();
        Ok(())
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn finish(mut self) -> anyhow::Result<()> {
        anyhow::ensure!(self.left == 0, "fewer files than were announced");
        self.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_and_what_breaks_off_is_damaged() {
        let folder = tempfile::tempdir().unwrap();
        let text = folder.path().join("a.txt");
        fs::write(&text, "abc").unwrap();
        let expected = "ba7816bf8f01cfea414140de5dae2223";
        assert_eq!(crate::facts::hexadecimal(&FileHash::of(&text).unwrap().0), expected);
        let mut files = [
            SourceFile { path: "a/a.txt".to_owned(), size: 3, modified: Some(-5), ..SourceFile::default() },
            SourceFile { path: "a/b.txt".to_owned(), root: 200, hash: FileHash::of(&text), ..SourceFile::default() },
            SourceFile { path: "b.txt".to_owned(), is_copy: true, refused_future: true, ..SourceFile::default() },
        ];
        files[2].modified = Some(i64::MAX);
        files[1].set_details(Details { names: vec!["page".to_owned()], ..Details::default() });
        files[2].set_details(Details::default());
        assert_eq!(written(folder.path(), 3, |list| files.iter().try_for_each(|file| list.push(file))).unwrap(), files);
        // what is copied is told as if it had been added
        let before = FileList::read(folder.path()).unwrap();
        let mut entries = before.entries();
        let copies = |list: &mut FileListWriter| {
            for (number, file) in files.iter().enumerate() {
                assert_eq!(entries.go_to(number)?, file);
                list.copy(&entries)?;
            }
            Ok(())
        };
        assert_eq!(written(folder.path(), 3, copies).unwrap(), files);
        let path = folder.path().join(FILES);
        let bytes = fs::read(&path).unwrap();
        assert!(bytes == before.bytes);
        assert!(before.entries().go_to(3).is_err(), "there is no fourth");
        fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
        assert!(all(folder.path()).is_err());
        for damaged in [[&bytes[..], b"x"].concat(), [&[0xff; 9][..], &[1], &bytes[1..]].concat()] {
            fs::write(&path, damaged).unwrap();
            let error = all(folder.path()).unwrap_err().to_string();
            assert_eq!(error, format!("{DAMAGED}: cannot read {}", path.display()));
        }
    }

    #[test]
    fn what_stays_between_changes_is_told_as_if_it_had_been_added() {
        let folder = tempfile::tempdir().unwrap();
        let file = |path: &str| SourceFile { path: path.to_owned(), size: 7, ..SourceFile::default() };
        let old: Vec<SourceFile> = ["a/1", "a/2", "a/3", "a/30", "b/1", "b/2"].map(file).into();
        written(folder.path(), old.len(), |list| old.iter().try_for_each(|file| list.push(file))).unwrap();
        let before = FileList::read(folder.path()).unwrap();
        // the second is gone, the fifth changed, and one is new
        let new: Vec<SourceFile> = ["a/1", "a/3", "a/30", "a/31", "b/1", "b/2"].map(file).into();
        let mut entries = before.entries();
        let copy = |list: &mut FileListWriter| {
            for file in &new {
                match old.iter().position(|old| old == file) {
                    Some(number) if file.path != "b/1" => {
                        entries.go_to(number)?;
                        list.copy(&entries)?;
                    }
                    _ => list.push(file)?,
                }
            }
            Ok(())
        };
        assert_eq!(written(folder.path(), new.len(), copy).unwrap(), new);
        let copied = fs::read(folder.path().join(FILES)).unwrap();
        written(folder.path(), new.len(), |list| new.iter().try_for_each(|file| list.push(file))).unwrap();
        assert!(fs::read(folder.path().join(FILES)).unwrap() == copied);
        assert!(written(folder.path(), 2, |list| list.push(&new[0])).is_err());
        assert!(written(folder.path(), 0, |list| list.push(&new[0])).is_err());
    }

    fn written(
        folder: &Path,
        count: usize,
        add: impl FnOnce(&mut FileListWriter) -> anyhow::Result<()>,
    ) -> anyhow::Result<Vec<SourceFile>> {
        let mut list = FileListWriter::create(folder, count)?;
        add(&mut list)?;
        list.finish()?;
        all(folder)
    }

    fn all(folder: &Path) -> anyhow::Result<Vec<SourceFile>> {
        let list = FileList::read(folder)?;
        let (mut entries, mut files) = (list.entries(), Vec::new());
        while entries.advance()? {
            files.push(entries.file().clone());
        }
        Ok(files)
    }
}
