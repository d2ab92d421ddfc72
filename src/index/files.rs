//! The source files of a generation as they were when they were read: what a refresh compares the archive with. An archive may
//! have as many files as articles, so they are told in few bytes: how many; then of each path (by what it does not share with the
//! one before), root and size; marks of what follows; modification time, hash, and as JSON what few files have.

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

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

    /// Takes the next file off the front; `None` if there is none in it.
    fn take(rest: &mut &[u8], path: &mut String) -> Option<Self> {
        varint::take_text(rest, path)?;
        let root = usize::try_from(varint::take(rest)?).ok()?;
        let size = varint::take(rest)?;
        let marks = varint::take(rest)?;
        let is_set = |mark: u64| marks & mark != 0;
        let (mut modified, mut hash, mut details) = (None, None, None);
        if is_set(MODIFIED) {
            modified = Some(i64::from_le_bytes(varint::take_bytes(rest, 8)?.try_into().ok()?));
        }
        if is_set(HASH) {
            hash = Some(FileHash(varint::take_bytes(rest, HASH_BYTES as u64)?.try_into().ok()?));
        }
        if is_set(DETAILS) {
            let length = varint::take(rest)?;
            details = Some(serde_json::from_slice(varint::take_bytes(rest, length)?).ok()?);
        }
        let (is_copy, refused_future) = (is_set(COPY), is_set(REFUSED_FUTURE));
        Some(Self { path: path.clone(), root, size, modified, hash, is_copy, refused_future, details })
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

/// Writes the list of source files.
///
/// # Errors
/// If the file cannot be written.
pub fn write_files(generation: &Path, files: &[SourceFile]) -> anyhow::Result<()> {
    let path = generation.join(FILES);
    let cannot_write = || format!("cannot write {}", path.display());
    let mut out = fs::File::create(&path).with_context(cannot_write)?;
    let mut bytes = Vec::with_capacity(WRITTEN_AT_ONCE + 1024);
    varint::push(&mut bytes, files.len() as u64);
    let mut before = "";
    for file in files {
        file.write(before, &mut bytes)?;
        before = &file.path;
        if bytes.len() >= WRITTEN_AT_ONCE {
            out.write_all(&bytes).with_context(cannot_write)?;
            bytes.clear();
        }
    }
    out.write_all(&bytes).with_context(cannot_write)
}

/// Reads the list of source files.
///
/// # Errors
/// If it is missing or damaged.
pub fn read_files(generation: &Path) -> anyhow::Result<Vec<SourceFile>> {
    let path = generation.join(FILES);
    let damaged = || format!("{DAMAGED}: cannot read {}", path.display());
    let bytes = fs::read(&path).with_context(damaged)?;
    let mut rest = bytes.as_slice();
    let count = varint::take(&mut rest).and_then(|count| usize::try_from(count).ok()).with_context(damaged)?;
    // a damaged count asks for no more memory than the bytes can hold
    let mut files = Vec::with_capacity(count.min(rest.len() / SHORTEST));
    let mut before = String::new();
    for _ in 0..count {
        files.push(SourceFile::take(&mut rest, &mut before).with_context(damaged)?);
    }
    anyhow::ensure!(rest.is_empty(), damaged());
    Ok(files)
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
        write_files(folder.path(), &files).unwrap();
        assert_eq!(read_files(folder.path()).unwrap(), files);
        let path = folder.path().join(FILES);
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
        assert!(read_files(folder.path()).is_err());
    }
}
