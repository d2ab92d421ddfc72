//! Where the articles of each source file lie and which ids its records claimed: what a refresh must know to take a file's
//! articles out and to see whom that concerns.
//!
//! `files.bin` has an entry for each line of `files.ndjson`, all numbers u32 or u64, little endian: how many claims, the
//! claims, how many runs, and of each run its segment, first document and length.

use std::fs;
use std::path::Path;

use anyhow::Context;

/// Name of the file in its generation.
pub const RECORDS: &str = "files.bin";

/// What the records of one source file became.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileRecords {
    /// Hashes of the ids its records asked for or were given, those of duplicates included.
    pub claims: Vec<u64>,
    /// Its articles.
    pub runs: Vec<Run>,
}

/// Neighbouring documents of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// By its place among the manifest's segments.
    pub segment: u32,
    /// First document.
    pub first: u32,
    /// How many.
    pub count: u32,
}

impl FileRecords {
    /// Adds the next document, which joins the last run if it follows it.
    pub fn push(&mut self, segment: u32, document: u32) {
        match self.runs.last_mut() {
            Some(run) if run.segment == segment && run.first + run.count == document => run.count += 1,
            _ => self.runs.push(Run { segment, first: document, count: 1 }),
        }
    }
}

/// Writes the records of all source files.
///
/// # Errors
/// If the file cannot be written.
pub fn write_records(generation: &Path, files: &[FileRecords]) -> anyhow::Result<()> {
    let mut bytes = Vec::new();
    for FileRecords { claims, runs } in files {
        bytes.extend(u32::try_from(claims.len()).context("a file of over four billion records")?.to_le_bytes());
        for claim in claims {
            bytes.extend(claim.to_le_bytes());
        }
        bytes.extend(u32::try_from(runs.len()).context("a file of over four billion records")?.to_le_bytes());
        for number in runs.iter().flat_map(|run| [run.segment, run.first, run.count]) {
            bytes.extend(number.to_le_bytes());
        }
    }
    let path = generation.join(RECORDS);
    fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

/// Reads the records of all source files.
///
/// # Errors
/// If the file is missing or damaged.
pub fn read_records(generation: &Path) -> anyhow::Result<Vec<FileRecords>> {
    let path = generation.join(RECORDS);
    let damaged = || format!("index damaged: cannot read {}", path.display());
    let bytes = fs::read(&path).with_context(damaged)?;
    let mut rest = bytes.as_slice();
    let mut files = Vec::new();
    while !rest.is_empty() {
        files.push(one(&mut rest).with_context(damaged)?);
    }
    Ok(files)
}

fn one(rest: &mut &[u8]) -> Option<FileRecords> {
    let mut file = FileRecords::default();
    for _ in 0..number(rest)? {
        let (claim, after) = rest.split_first_chunk::<8>()?;
        *rest = after;
        file.claims.push(u64::from_le_bytes(*claim));
    }
    for _ in 0..number(rest)? {
        file.runs.push(Run { segment: number(rest)?, first: number(rest)?, count: number(rest)? });
    }
    Some(file)
}

fn number(rest: &mut &[u8]) -> Option<u32> {
    let (number, after) = rest.split_first_chunk::<4>()?;
    *rest = after;
    Some(u32::from_le_bytes(*number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_and_what_breaks_off_is_damaged() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = FileRecords { claims: vec![7, u64::MAX], ..FileRecords::default() };
        for document in [4, 5, 9] {
            file.push(1, document);
        }
        assert_eq!(file.runs.len(), 2);
        let files = vec![file, FileRecords::default()];
        write_records(folder.path(), &files).unwrap();
        assert_eq!(read_records(folder.path()).unwrap(), files);
        let path = folder.path().join(RECORDS);
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
        assert!(read_records(folder.path()).is_err());
    }
}
