//! The digest of an index: the same archive read by the same rules gives the same one on every machine.
//!
//! It is a SHA-256 over the rules and the pairs of article id and article hash, sorted by id. Each segment keeps its own
//! sorted pairs, so that the digest of any number of articles is a merge of sorted files in little memory.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::facts::hexadecimal;

use super::manifest::{DAMAGED, Rules, SegmentEntry};

/// SHA-256 of an article.
pub type ArticleHash = [u8; 32];

/// Of zstd: hashes do not shrink at any.
const LEVEL: i32 = 1;

/// Ending of the file that holds a segment's sorted pairs.
const PAIRS: &str = "articles";

/// Where the pairs of a segment lie.
pub fn pairs_path(generation: &Path, segment: &str) -> PathBuf {
    generation.join(format!("{segment}.{PAIRS}"))
}

/// Writes a segment's pairs, sorted by id: length of the id (u32, little endian), id, hash; compressed, for the ids' sake.
///
/// # Errors
/// If the file cannot be written.
pub fn write_pairs(path: &Path, mut pairs: Vec<(String, ArticleHash)>) -> anyhow::Result<()> {
    pairs.sort_unstable();
    let cannot_write = || format!("cannot write {}", path.display());
    let file = fs::File::create(path).with_context(cannot_write)?;
    let mut out = BufWriter::new(zstd::Encoder::new(file, LEVEL).with_context(cannot_write)?);
    for (id, hash) in pairs {
        let length = u32::try_from(id.len()).context("an id of over 4 GiB")?;
        out.write_all(&length.to_le_bytes())
            .and_then(|()| out.write_all(id.as_bytes()))
            .and_then(|()| out.write_all(&hash))
            .with_context(cannot_write)?;
    }
    let out = out.into_inner().map_err(std::io::IntoInnerError::into_error);
    out.and_then(zstd::Encoder::finish).map(|_| ()).with_context(cannot_write)
}

/// Reads a segment's pairs, sorted by id.
///
/// # Errors
/// If the file is missing or damaged.
pub fn read_pairs(path: &Path) -> anyhow::Result<Vec<(String, ArticleHash)>> {
    let mut file = Pairs::open(path.to_owned())?;
    let mut pairs = Vec::new();
    while let Some(pair) = file.next()? {
        pairs.push(pair);
    }
    Ok(pairs)
}

/// Reads a segment's pairs in order.
struct Pairs {
    input: BufReader<zstd::Decoder<'static, BufReader<fs::File>>>,
    path: PathBuf,
}

impl Pairs {
    fn open(path: PathBuf) -> anyhow::Result<Self> {
        let file = fs::File::open(&path).with_context(|| format!("{DAMAGED}: cannot read {}", path.display()))?;
        let input = zstd::Decoder::new(file).with_context(|| format!("{DAMAGED}: cannot read {}", path.display()))?;
        Ok(Self { input: BufReader::new(input), path })
    }

    fn next(&mut self) -> anyhow::Result<Option<(String, ArticleHash)>> {
        let mut length = [0; 4];
        let damaged = || format!("{DAMAGED}: {} breaks off", self.path.display());
        if self.input.fill_buf().with_context(damaged)?.is_empty() {
            return Ok(None);
        }
        self.input.read_exact(&mut length).with_context(damaged)?;
        let mut id = Vec::new();
        let length = u64::from(u32::from_le_bytes(length));
        (&mut self.input).take(length).read_to_end(&mut id).with_context(damaged)?;
        let mut hash = [0; 32];
        self.input.read_exact(&mut hash).with_context(damaged)?;
        Ok(Some((String::from_utf8(id).with_context(damaged)?, hash)))
    }
}

/// Every pair of a generation, sorted by id.
pub struct MergedPairs {
    segments: Vec<Pairs>,
    heap: BinaryHeap<Reverse<(String, ArticleHash, usize)>>,
}

impl MergedPairs {
    /// Opens the pairs of all segments.
    ///
    /// # Errors
    /// If a file is missing or damaged.
    pub fn open(generation: &Path, segments: &[SegmentEntry]) -> anyhow::Result<Self> {
        let segments = segments
            .iter()
            .map(|segment| Pairs::open(pairs_path(generation, &segment.id)))
            .collect::<anyhow::Result<Vec<_>>>()?;
        let mut merged = Self { segments, heap: BinaryHeap::new() };
        for number in 0..merged.segments.len() {
            merged.refill(number)?;
        }
        Ok(merged)
    }

    fn refill(&mut self, number: usize) -> anyhow::Result<()> {
        if let Some((id, hash)) = self.segments[number].next()? {
            self.heap.push(Reverse((id, hash, number)));
        }
        Ok(())
    }

    /// The next pair by id.
    ///
    /// # Errors
    /// If a file is damaged.
    pub fn next_pair(&mut self) -> anyhow::Result<Option<(String, ArticleHash)>> {
        let Some(Reverse((id, hash, number))) = self.heap.pop() else { return Ok(None) };
        self.refill(number)?;
        Ok(Some((id, hash)))
    }
}

/// Computes the digest of a generation.
///
/// # Errors
/// If a file of pairs is missing or damaged.
pub fn digest(generation: &Path, segments: &[SegmentEntry], rules: &Rules) -> anyhow::Result<String> {
    let mut hasher = Sha256::new();
    hasher.update(serde_json::to_vec(rules)?);
    let mut pairs = MergedPairs::open(generation, segments)?;
    while let Some((id, hash)) = pairs.next_pair()? {
        hasher.update((id.len() as u64).to_le_bytes());
        hasher.update(id.as_bytes());
        hasher.update(hash);
    }
    Ok(hexadecimal(&hasher.finalize()))
}

/// What changed from one generation to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// Articles only in the later.
    pub added: u64,
    /// Articles in both, with other content.
    pub updated: u64,
    /// Articles in both, the same.
    pub unchanged: u64,
    /// Articles only in the earlier.
    pub removed: u64,
}

impl Changes {
    /// Counts one more.
    pub fn count(&mut self, change: Change) {
        let count = match change {
            Change::Added => &mut self.added,
            Change::Updated => &mut self.updated,
            Change::Unchanged => &mut self.unchanged,
            Change::Removed => &mut self.removed,
        };
        *count += 1;
    }
}

/// What became of one article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is only in the later.
    Added,
    /// It is in both, with other content.
    Updated,
    /// It is in both, the same.
    Unchanged,
    /// It is only in the earlier.
    Removed,
}

/// Compares two generations by id and hash, and counts.
///
/// # Errors
/// If a file of pairs is missing or damaged.
pub fn changes(before: MergedPairs, after: MergedPairs) -> anyhow::Result<Changes> {
    let mut changes = Changes::default();
    each_change(before, after, |change, _| {
        changes.count(change);
        Ok(())
    })?;
    Ok(changes)
}

/// Compares two generations by id and hash, and gives what became of every article, by id.
///
/// # Errors
/// If a file of pairs is missing or damaged, or what `give` fails with.
pub fn each_change(
    mut before: MergedPairs,
    mut after: MergedPairs,
    mut give: impl FnMut(Change, &str) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let (mut old, mut new) = (before.next_pair()?, after.next_pair()?);
    loop {
        match (&old, &new) {
            (None, None) => return Ok(()),
            (Some((old_id, old_hash)), Some((new_id, new_hash))) if old_id == new_id => {
                give(if old_hash == new_hash { Change::Unchanged } else { Change::Updated }, old_id)?;
                (old, new) = (before.next_pair()?, after.next_pair()?);
            }
            (Some((old_id, _)), other) if other.as_ref().is_none_or(|(new_id, _)| old_id < new_id) => {
                give(Change::Removed, old_id)?;
                old = before.next_pair()?;
            }
            (_, other) => {
                if let Some((new_id, _)) = other {
                    give(Change::Added, new_id)?;
                }
                new = after.next_pair()?;
            }
        }
    }
}
