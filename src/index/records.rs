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

/// What the records of all source files became, as it lies in a generation.
#[derive(Debug, Default)]
pub struct Records {
    bytes: Vec<u8>,
    /// Where the entry of each file ends.
    ends: Vec<usize>,
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
    /// Reads them.
    ///
    /// # Errors
    /// If the file is missing or damaged.
    pub fn read(generation: &Path) -> anyhow::Result<Self> {
        let path = generation.join(RECORDS);
        let damaged = || format!("{DAMAGED}: cannot read {}", path.display());
        let bytes = fs::read(&path).with_context(damaged)?;
        // most files hold one article or many, and then this is too large by little
        let mut ends = Vec::with_capacity(bytes.len() / USUAL);
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            let runs = take_claims(&mut rest).and_then(|_| varint::take(&mut rest)).with_context(damaged)?;
            for _ in 0..runs {
                take_run(&mut rest).with_context(damaged)?;
            }
            ends.push(bytes.len() - rest.len());
        }
        Ok(Self { bytes, ends })
    }

    /// Number of files.
    pub fn files(&self) -> usize {
        self.ends.len()
    }

    fn entry(&self, file: usize) -> &[u8] {
        let first = file.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[first..self.ends[file]]
    }

    /// Hashes of the ids a file's records asked for or were given, those of duplicates included.
    pub fn claims(&self, file: usize) -> impl ExactSizeIterator<Item = u64> {
        take_claims(&mut self.entry(file)).unwrap_or_default().iter().map(|claim| u64::from_le_bytes(*claim))
    }

    /// The articles of a file, in the order of its records.
    pub fn runs(&self, file: usize) -> impl Iterator<Item = Run> {
        let mut rest = self.entry(file);
        _ = take_claims(&mut rest);
        _ = varint::take(&mut rest);
        std::iter::from_fn(move || take_run(&mut rest))
    }

    /// The articles of all files in canonical order.
    pub fn all_runs(&self) -> impl Iterator<Item = Run> {
        (0..self.files()).flat_map(|file| self.runs(file))
    }
}

/// Takes the claims of a file off the front.
fn take_claims<'a>(rest: &mut &'a [u8]) -> Option<&'a [[u8; 8]]> {
    let bytes = varint::take(rest)?.checked_mul(8)?;
    Some(varint::take_bytes(rest, bytes)?.as_chunks().0)
}

/// Takes a run off the front.
fn take_run(rest: &mut &[u8]) -> Option<Run> {
    let mut number = || varint::take(rest).and_then(|number| u32::try_from(number).ok());
    Some(Run { segment: number()?, first: number()?, count: number()? })
}

/// Records being put together, file by file: first its claims, then its articles.
#[derive(Default)]
pub struct RecordsWriter {
    bytes: Vec<u8>,
    /// Of the file being added.
    runs: Vec<Run>,
}

impl RecordsWriter {
    /// Makes room for so many files of one article each.
    pub fn for_files(files: usize) -> Self {
        Self { bytes: Vec::with_capacity(files * (USUAL + 1)), runs: Vec::new() }
    }

    /// Begins a file with its claims.
    pub fn begin_file(&mut self, claims: impl ExactSizeIterator<Item = u64>) {
        varint::push(&mut self.bytes, claims.len() as u64);
        claims.for_each(|claim| self.bytes.extend(claim.to_le_bytes()));
    }

    /// Adds the next document of the file; it joins the last run if it follows it.
    pub fn push(&mut self, segment: u32, document: u32) {
        match self.runs.last_mut() {
            Some(run) if run.segment == segment && run.first + run.count == document => run.count += 1,
            _ => self.runs.push(Run { segment, first: document, count: 1 }),
        }
    }

    /// Ends the file.
    pub fn end_file(&mut self) {
        varint::push(&mut self.bytes, self.runs.len() as u64);
        for number in self.runs.drain(..).flat_map(|run| [run.segment, run.first, run.count]) {
            varint::push(&mut self.bytes, u64::from(number));
        }
    }

    /// Adds a file that is the same as in other records.
    pub fn copy(&mut self, from: &Records, file: usize) {
        self.bytes.extend_from_slice(from.entry(file));
    }

    /// Writes them into a generation being built.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write(&self, generation: &Path) -> anyhow::Result<()> {
        let path = generation.join(RECORDS);
        fs::write(&path, &self.bytes).with_context(|| format!("cannot write {}", path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_and_what_breaks_off_is_damaged() {
        let folder = tempfile::tempdir().unwrap();
        let mut records = RecordsWriter::for_files(3);
        records.begin_file([7, u64::MAX].into_iter());
        for document in [4, 5, 9] {
            records.push(1, document);
        }
        records.end_file();
        records.begin_file([].into_iter());
        records.end_file();
        records.begin_file([].into_iter());
        records.push(1, 10);
        records.end_file();
        records.write(folder.path()).unwrap();
        let read = Records::read(folder.path()).unwrap();
        assert_eq!(read.files(), 3);
        assert_eq!(read.claims(0).collect::<Vec<_>>(), [7, u64::MAX]);
        let runs: Vec<Vec<[u32; 3]>> =
            (0..3).map(|file| read.runs(file).map(|run| [run.segment, run.first, run.count]).collect()).collect();
        let expected = [vec![[1, 4, 2], [1, 9, 1]], vec![], vec![[1, 10, 1]]];
        assert_eq!(runs, expected, "another file's document joins no run");
        assert_eq!(read.all_runs().count(), 3);
        let mut copied = RecordsWriter::default();
        (0..3).for_each(|file| copied.copy(&read, file));
        assert_eq!(copied.bytes, records.bytes);
        let path = folder.path().join(RECORDS);
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
        assert!(Records::read(folder.path()).is_err());
    }
}
