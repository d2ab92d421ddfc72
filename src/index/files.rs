//! The source files of a generation as they were when they were read, a line each: what a refresh compares the archive with.

use std::collections::BTreeMap;
use std::io::{BufWriter, ErrorKind, Read, Write};
use std::path::Path;
use std::{fmt, fs};

use anyhow::Context;
use serde::de::{Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::archive;
use crate::facts::hexadecimal;

use super::manifest::{DAMAGED, Example};

/// Name of the list in its generation.
pub const FILES: &str = "files.ndjson";

/// SHA-256 of a file's bytes; in JSON in lower-case hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FileHash(pub [u8; 32]);

impl FileHash {
    /// Of a file that can be read.
    pub fn of(path: &Path) -> Option<Self> {
        let mut file = archive::open(path).ok()?;
        let mut hasher = Sha256::new();
        // most files of an archive are small
        let mut buffer = [0; 16 << 10];
        loop {
            match file.read(&mut buffer) {
                Ok(0) => return Some(Self(hasher.finalize().into())),
                Ok(read) => hasher.update(&buffer[..read]),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return None,
            }
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let mut hash = [0; 32];
        let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
        if text.len() != 2 * hash.len() {
            return None;
        }
        for (byte, pair) in hash.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(Self(hash))
    }
}

impl Serialize for FileHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hexadecimal(&self.0))
    }
}

impl<'de> Deserialize<'de> for FileHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Digits;
        impl Visitor<'_> for Digits {
            type Value = FileHash;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("64 hexadecimal digits")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<FileHash, E> {
                FileHash::parse(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_str(Digits)
    }
}

/// A file of the archive as it was when it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// As in `origin.path`, without members.
    pub path: String,
    /// Which of the manifest's roots it lies under.
    pub root: usize,
    /// In bytes.
    pub size: u64,
    /// Nanoseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<i128>,
    /// Pages that are read with it, where it describes a scanned issue.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<PageFile>,
    /// Addresses of pages it names, whether or not they are there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// Of its bytes on disk and those of its pages; absent if one could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<FileHash>,
    /// A date in it was refused as lying ahead, so another day may read it otherwise.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refused_future: bool,
    /// What was left out of it and repaired in it.
    #[serde(default, skip_serializing_if = "LeftOut::is_empty")]
    pub left_out: LeftOut,
}

impl SourceFile {
    /// Bytes of the file and its pages.
    pub fn bytes(&self) -> u64 {
        self.size + self.pages.iter().map(|page| page.size).sum::<u64>()
    }
}

/// A file that is read as part of another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageFile {
    /// As in `origin.path`.
    pub path: String,
    /// In bytes.
    pub size: u64,
    /// Nanoseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<i128>,
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

/// Writes the list of source files, one JSON object a line.
///
/// # Errors
/// If the file cannot be written.
pub fn write_files(generation: &Path, files: &[SourceFile]) -> anyhow::Result<()> {
    let path = generation.join(FILES);
    let file = fs::File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    let mut out = BufWriter::with_capacity(64 << 10, file);
    for file in files {
        serde_json::to_writer(&mut out, file)?;
        out.write_all(b"\n")?;
    }
    out.flush().with_context(|| format!("cannot write {}", path.display()))
}

/// Reads the list of source files.
///
/// # Errors
/// If it is missing or damaged.
pub fn read_files(generation: &Path) -> anyhow::Result<Vec<SourceFile>> {
    let path = generation.join(FILES);
    let damaged = || format!("{DAMAGED}: cannot read {}", path.display());
    let text = fs::read_to_string(&path).with_context(damaged)?;
    text.lines().map(|line| serde_json::from_str(line).with_context(damaged)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let text = folder.path().join("a.txt");
        fs::write(&text, "abc").unwrap();
        let sha256 = FileHash::of(&text);
        let file =
            SourceFile { path: "a.txt".to_owned(), size: 3, modified: Some(-5), sha256, ..SourceFile::default() };
        write_files(folder.path(), std::slice::from_ref(&file)).unwrap();
        let line = fs::read_to_string(folder.path().join(FILES)).unwrap();
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(
            line,
            format!("{{\"path\":\"a.txt\",\"root\":0,\"size\":3,\"modified\":-5,\"sha256\":\"{expected}\"}}\n")
        );
        assert_eq!(read_files(folder.path()).unwrap(), [file]);
        fs::write(folder.path().join(FILES), line.replace(expected, "ba78")).unwrap();
        assert!(read_files(folder.path()).is_err());
    }
}
