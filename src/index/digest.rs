//! The digest of an index: the same archive read by the same rules gives the same one on every machine.
//!
//! It is a SHA-256 over the rules and the pairs of article id and article hash, sorted by id. Each segment keeps its own
//! sorted pairs, so that the digest of any number of articles is a merge of sorted files in little memory. A segment some of whose
//! articles are removed keeps its pairs as they were, and those of the removed ones beside them.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
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

/// Bytes of the digest that are hashed at once.
const HASHED_AT_ONCE: usize = 16 << 10;

/// Ending of the file that holds a segment's sorted pairs.
const PAIRS: &str = "articles";

/// Where the pairs of a segment lie.
pub fn pairs_path(generation: &Path, segment: &str) -> PathBuf {
    generation.join(format!("{segment}.{PAIRS}"))
}

/// Ending of the file that holds the pairs of those of a segment's articles that were removed.
const REMOVED: &str = "removed";

/// Where the pairs of a segment's removed articles lie; there is no such file if none was removed.
pub fn removed_path(generation: &Path, segment: &str) -> PathBuf {
    generation.join(format!("{segment}.{REMOVED}"))
}

/// An id and its article's hash.
pub type Pair = (String, ArticleHash);

/// Writes a segment's pairs, sorted by id: length of the id (u32, little endian), id, hash; compressed, for the ids' sake.
///
/// # Errors
/// If the file cannot be written.
pub fn write_pairs(path: &Path, mut pairs: Vec<Pair>) -> anyhow::Result<()> {
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

/// Reads pairs, sorted by id.
///
/// # Errors
/// If the file is missing or damaged.
pub fn read_pairs(path: &Path) -> anyhow::Result<Vec<Pair>> {
    let mut file = Pairs::open(path.to_owned())?;
    let mut pairs = Vec::new();
    let mut pair = Pair::default();
    while file.read(&mut pair)? {
        pairs.push(pair.clone());
    }
    Ok(pairs)
}

/// Reads a file of pairs in order.
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

    /// Reads the next pair, reusing the memory of `pair`; false after the last.
    fn read(&mut self, (id, hash): &mut Pair) -> anyhow::Result<bool> {
        let damaged = || format!("{DAMAGED}: {} breaks off", self.path.display());
        let ready = self.input.fill_buf().with_context(damaged)?;
        if ready.is_empty() {
            return Ok(false);
        }
        id.clear();
        if let Some((text, found)) = whole_pair(ready) {
            id.push_str(std::str::from_utf8(text).with_context(damaged)?);
            *hash = *found;
            let taken = 4 + text.len() + found.len();
            self.input.consume(taken);
            return Ok(true);
        }
        let mut length = [0; 4];
        self.input.read_exact(&mut length).with_context(damaged)?;
        let length = u64::from(u32::from_le_bytes(length));
        (&mut self.input).take(length).read_to_string(id).with_context(damaged)?;
        self.input.read_exact(hash).with_context(damaged)?;
        Ok(true)
    }
}

/// The id and hash these bytes begin with, if they hold all of it.
fn whole_pair(bytes: &[u8]) -> Option<(&[u8], &ArticleHash)> {
    let (length, rest) = bytes.split_first_chunk()?;
    let (id, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    Some((id, rest.first_chunk()?))
}

/// The pairs of a segment's articles, those removed left out.
struct Alive {
    pairs: Pairs,
    removed: Option<(Pairs, Pair)>,
}

impl Alive {
    fn open(generation: &Path, segment: &SegmentEntry) -> anyhow::Result<Self> {
        let pairs = Pairs::open(pairs_path(generation, &segment.id))?;
        let mut removed = None;
        if segment.removed > 0 {
            let mut gone = Pairs::open(removed_path(generation, &segment.id))?;
            let mut first = Pair::default();
            removed = gone.read(&mut first)?.then_some((gone, first));
        }
        Ok(Self { pairs, removed })
    }

    fn read(&mut self, pair: &mut Pair) -> anyhow::Result<bool> {
        while self.pairs.read(pair)? {
            match &mut self.removed {
                Some((gone, next)) if next.0 == pair.0 => {
                    if !gone.read(next)? {
                        self.removed = None;
                    }
                }
                _ => return Ok(true),
            }
        }
        Ok(false)
    }
}

/// Every pair of a generation, sorted by id.
pub struct MergedPairs {
    segments: Vec<Alive>,
    heap: BinaryHeap<Reverse<(Pair, usize)>>,
    /// The pair on top was given.
    is_given: bool,
}

impl MergedPairs {
    /// Opens the pairs of all segments.
    ///
    /// # Errors
    /// If a file is missing or damaged.
    pub fn open(generation: &Path, segments: &[SegmentEntry]) -> anyhow::Result<Self> {
        let mut segments =
            segments.iter().map(|segment| Alive::open(generation, segment)).collect::<anyhow::Result<Vec<_>>>()?;
        let mut heap = BinaryHeap::with_capacity(segments.len());
        for (number, segment) in segments.iter_mut().enumerate() {
            let mut pair = Pair::default();
            if segment.read(&mut pair)? {
                heap.push(Reverse((pair, number)));
            }
        }
        Ok(Self { segments, heap, is_given: false })
    }

    /// The next pair by id.
    ///
    /// # Errors
    /// If a file is damaged.
    pub fn next_pair(&mut self) -> anyhow::Result<Option<&Pair>> {
        if std::mem::replace(&mut self.is_given, true)
            && let Some(mut given) = self.heap.peek_mut()
        {
            let Reverse((pair, number)) = &mut *given;
            if !self.segments[*number].read(pair)? {
                PeekMut::pop(given);
            }
        }
        Ok(self.heap.peek().map(|Reverse((pair, _))| pair))
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
    // hashing many bytes at once costs half of hashing each piece
    let mut bytes = Vec::with_capacity(HASHED_AT_ONCE + 1024);
    while let Some((id, hash)) = pairs.next_pair()? {
        bytes.extend_from_slice(&(id.len() as u64).to_le_bytes());
        bytes.extend_from_slice(id.as_bytes());
        bytes.extend_from_slice(hash);
        if bytes.len() >= HASHED_AT_ONCE {
            hasher.update(&bytes);
            bytes.clear();
        }
    }
    hasher.update(&bytes);
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
        match (old, new) {
            (None, None) => return Ok(()),
            (Some((old_id, old_hash)), Some((new_id, new_hash))) if old_id == new_id => {
                give(if old_hash == new_hash { Change::Unchanged } else { Change::Updated }, old_id)?;
                (old, new) = (before.next_pair()?, after.next_pair()?);
            }
            (Some((old_id, _)), other) if other.is_none_or(|(new_id, _)| old_id < new_id) => {
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

/// Counts what changed in `articles` articles of which those of `removed` were taken out and those of `added` put in.
pub fn changes(articles: u64, removed: &[Pair], added: impl IntoIterator<Item = Pair>) -> Changes {
    let removed: BTreeMap<&str, &ArticleHash> = removed.iter().map(|(id, hash)| (id.as_str(), hash)).collect();
    let stayed = articles.saturating_sub(removed.len() as u64);
    let mut changes = Changes { removed: removed.len() as u64, unchanged: stayed, ..Changes::default() };
    for (id, hash) in added {
        let before = removed.get(id.as_str());
        changes.removed -= u64::from(before.is_some());
        changes.count(match before {
            None => Change::Added,
            Some(before) if **before == hash => Change::Unchanged,
            Some(_) => Change::Updated,
        });
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(id: &str, hash: u8) -> Pair {
        (id.to_owned(), [hash; 32])
    }

    fn segment(id: &str, articles: u32, removed: u32) -> SegmentEntry {
        SegmentEntry { id: id.to_owned(), articles, removed, ..SegmentEntry::default() }
    }

    #[test]
    fn pairs_of_all_segments_come_by_id_without_the_removed() {
        let folder = tempfile::tempdir().unwrap();
        write_pairs(&pairs_path(folder.path(), "one"), vec![pair("d", 1), pair("a", 1), pair("c", 1)]).unwrap();
        write_pairs(&removed_path(folder.path(), "one"), vec![pair("c", 1), pair("a", 1)]).unwrap();
        write_pairs(&pairs_path(folder.path(), "two"), vec![pair("e", 2), pair("b", 2)]).unwrap();
        let mut merged = MergedPairs::open(folder.path(), &[segment("one", 1, 2), segment("two", 2, 0)]).unwrap();
        let mut ids = String::new();
        while let Some((id, _)) = merged.next_pair().unwrap() {
            ids.push_str(id);
        }
        assert_eq!(ids, "bde");
        assert!(merged.next_pair().unwrap().is_none());
    }

    #[test]
    fn changes_are_counted_from_what_was_taken_out_and_put_in() {
        let removed = [pair("a", 1), pair("b", 1), pair("c", 1)];
        let counted = changes(10, &removed, [pair("b", 1), pair("c", 2), pair("d", 1)]);
        assert_eq!(counted, Changes { added: 1, updated: 1, unchanged: 8, removed: 1 });
    }
}
