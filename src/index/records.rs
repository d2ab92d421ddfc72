//! Where the articles of each source file lie and which ids its records claimed: what a refresh must know to take a file's
//! articles out and to see whom that concerns.
//!
//! There is an entry for each source file of `files.bin`: how many claims, the claims (u64, little endian), how many runs, and of
//! each run its segment, first document and length.

use std::fs;
use std::path::Path;

use anyhow::Context;

use super::manifest::DAMAGED;
use super::varint;

/// Name of the file in its generation.
pub const RECORDS: &str = "records.bin";

/// Bytes of the entry of a file that holds one article.
const USUAL: usize = 15;

/// What the records of all source files became, file by file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Records {
    claims: Vec<u64>,
    runs: Vec<Run>,
    /// Of each file, where its claims and its runs end.
    ends: Vec<(usize, usize)>,
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

impl Records {
    /// Makes room for so many files of one article each.
    pub fn reserve(&mut self, files: usize) {
        self.claims.reserve(files);
        self.runs.reserve(files);
        self.ends.reserve(files);
    }

    /// Number of files.
    pub fn files(&self) -> usize {
        self.ends.len()
    }

    /// Hashes of the ids a file's records asked for or were given, those of duplicates included.
    pub fn claims(&self, file: usize) -> &[u64] {
        let first = file.checked_sub(1).map_or(0, |before| self.ends[before].0);
        &self.claims[first..self.ends[file].0]
    }

    /// The articles of a file, in the order of its records.
    pub fn runs(&self, file: usize) -> &[Run] {
        let first = file.checked_sub(1).map_or(0, |before| self.ends[before].1);
        &self.runs[first..self.ends[file].1]
    }

    /// The articles of all files in canonical order.
    pub fn all_runs(&self) -> &[Run] {
        &self.runs
    }

    /// Adds a claim of the file being added.
    pub fn claim(&mut self, claim: u64) {
        self.claims.push(claim);
    }

    /// Adds the next document of the file being added; it joins the last run if it follows it.
    pub fn push(&mut self, segment: u32, document: u32) {
        let first = self.ends.last().map_or(0, |(_, end)| *end);
        match self.runs[first..].last_mut() {
            Some(run) if run.segment == segment && run.first + run.count == document => run.count += 1,
            _ => self.runs.push(Run { segment, first: document, count: 1 }),
        }
    }

    /// Goes on to the next file.
    pub fn end_file(&mut self) {
        self.ends.push((self.claims.len(), self.runs.len()));
    }
}

/// Writes the records of all source files.
///
/// # Errors
/// If the file cannot be written.
pub fn write_records(generation: &Path, records: &Records) -> anyhow::Result<()> {
    let mut bytes = Vec::with_capacity(16 * records.ends.len().max(records.runs.len()));
    for file in 0..records.files() {
        let (claims, runs) = (records.claims(file), records.runs(file));
        varint::push(&mut bytes, claims.len() as u64);
        for claim in claims {
            bytes.extend(claim.to_le_bytes());
        }
        varint::push(&mut bytes, runs.len() as u64);
        for number in runs.iter().flat_map(|run| [run.segment, run.first, run.count]) {
            varint::push(&mut bytes, u64::from(number));
        }
    }
    let path = generation.join(RECORDS);
    fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

/// Reads the records of all source files.
///
/// # Errors
/// If the file is missing or damaged.
pub fn read_records(generation: &Path) -> anyhow::Result<Records> {
    let path = generation.join(RECORDS);
    let damaged = || format!("{DAMAGED}: cannot read {}", path.display());
    let bytes = fs::read(&path).with_context(damaged)?;
    let mut rest = bytes.as_slice();
    let mut records = Records::default();
    // most files hold one article or many, and then these are too large by little
    records.reserve(bytes.len() / USUAL);
    while !rest.is_empty() {
        one(&mut rest, &mut records).with_context(damaged)?;
    }
    Ok(records)
}

fn one(rest: &mut &[u8], records: &mut Records) -> Option<()> {
    for _ in 0..varint::take(rest)? {
        let claim = varint::take_bytes(rest, 8)?;
        records.claims.push(u64::from_le_bytes(claim.try_into().ok()?));
    }
    for _ in 0..varint::take(rest)? {
        let mut number = || varint::take(rest).and_then(|number| u32::try_from(number).ok());
        records.runs.push(Run { segment: number()?, first: number()?, count: number()? });
    }
    records.end_file();
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_and_what_breaks_off_is_damaged() {
        let folder = tempfile::tempdir().unwrap();
        let mut records = Records::default();
        records.claim(7);
        records.claim(u64::MAX);
        for document in [4, 5, 9] {
            records.push(1, document);
        }
        records.end_file();
        records.end_file();
        records.push(1, 10);
        records.end_file();
        let counts: Vec<_> = (0..3).map(|file| (records.claims(file).len(), records.runs(file).len())).collect();
        assert_eq!(counts, [(2, 2), (0, 0), (0, 1)], "another file's document joins no run");
        write_records(folder.path(), &records).unwrap();
        assert_eq!(read_records(folder.path()).unwrap(), records);
        let path = folder.path().join(RECORDS);
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
        assert!(read_records(folder.path()).is_err());
    }
}
