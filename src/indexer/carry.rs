//! Carries the segments of the old generation into the new one: as they are, with hard links; with some documents marked as
//! removed; or written anew from their stored articles where too much of them is removed or too many are small.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::Context;
use tantivy::SegmentReader;
use tantivy::TantivyDocument;

use crate::article::Article;
use crate::index::digest::{MergedPairs, pairs_path, write_pairs};
use crate::index::manifest::{Checksum, SegmentEntry};
use crate::index::records::{FileRecords, Run};
use crate::index::{self, SegmentBuilder};
use crate::resolve::{Evidence, evidence_path};

use super::batch::BATCH_BYTES;
use super::refresh::Old;

/// A segment is written anew once more than this part of its documents is removed.
const MOST_REMOVED: usize = 4;
/// A segment is small under this part of the largest.
const SMALL: usize = 8;
/// Small segments, and segments of removed articles, that may lie side by side before they become one.
const MOST_SMALL: usize = 8;

/// What was carried over.
pub struct Carried {
    /// The segments, in their old order.
    pub segments: Vec<SegmentEntry>,
    /// Segments of the articles removed from them.
    pub withdrawn: Vec<SegmentEntry>,
    /// Of the files that are the same as before.
    pub checksums: BTreeMap<String, Checksum>,
    moved: Vec<Moved>,
}

/// Where the documents of an old segment are now.
enum Moved {
    /// All were removed.
    Gone,
    /// In the same places of this segment.
    Along(u32),
    /// In these places of this segment; removed ones have none.
    Apart(u32, Vec<Option<u32>>),
}

impl Carried {
    /// Adds where documents of an old segment are now.
    ///
    /// # Errors
    /// If the old generation is damaged.
    pub fn place(&self, run: Run, records: &mut FileRecords) -> anyhow::Result<()> {
        let damaged = "index damaged: run `dateline verify`";
        for document in run.first..run.first.saturating_add(run.count) {
            match self.moved.get(run.segment as usize).context(damaged)? {
                Moved::Gone => anyhow::bail!(damaged),
                Moved::Along(segment) => records.push(*segment, document),
                Moved::Apart(segment, places) => {
                    let place = places.get(document as usize).copied().flatten().context(damaged)?;
                    records.push(*segment, place);
                }
            }
        }
        Ok(())
    }
}

/// One old segment and what is removed of it.
struct Part<'a> {
    entry: &'a SegmentEntry,
    reader: &'a SegmentReader,
    /// Removed by this refresh, sorted.
    newly: Vec<u32>,
    /// Removed by now, sorted.
    removed: Vec<u32>,
}

impl Part<'_> {
    fn alive(&self) -> usize {
        self.entry.documents() as usize - self.removed.len()
    }

    fn articles(&self, documents: impl Iterator<Item = u32>) -> anyhow::Result<Vec<Article>> {
        let store = self.reader.get_store_reader(4)?;
        documents.map(|document| index::with_hints(&store.get::<TantivyDocument>(document)?)).collect()
    }

    fn alive_documents(&self) -> Vec<u32> {
        let removed: HashSet<u32> = self.removed.iter().copied().collect();
        (0..self.entry.documents()).filter(|document| !removed.contains(document)).collect()
    }
}

/// Carries all segments over, without the documents `removed` of each.
///
/// # Errors
/// If the old generation is damaged or the new one cannot be written.
pub fn carry(old: &Old, into: &Path, builder: &SegmentBuilder, removed: Vec<Vec<u32>>) -> anyhow::Result<Carried> {
    let damaged = "index damaged: run `dateline verify`";
    let searcher = index::open(&old.path).context(damaged)?;
    let mut parts = Vec::new();
    for (entry, mut newly) in old.manifest.segments.iter().zip(removed) {
        let mut readers = searcher.segment_readers().iter();
        let reader = readers.find(|reader| reader.segment_id().uuid_string() == entry.id).context(damaged)?;
        newly.sort_unstable();
        anyhow::ensure!(newly.last().is_none_or(|last| *last < entry.documents()), damaged);
        let mut removed = newly.clone();
        removed.extend((0..entry.documents()).filter(|document| reader.is_deleted(*document)));
        removed.sort_unstable();
        removed.dedup();
        parts.push(Part { entry, reader, newly, removed });
    }
    let groups = groups(&parts);
    let mut carried =
        Carried { segments: Vec::new(), withdrawn: Vec::new(), checksums: BTreeMap::new(), moved: Vec::new() };
    let mut written: Vec<Option<u32>> = vec![None; groups.len()];
    let mut articles_of_group: Vec<Vec<Article>> = groups.iter().map(|_| Vec::new()).collect();
    for (number, part) in parts.iter().enumerate() {
        let next = carried.segments.len() as u32;
        if part.alive() == 0 {
            carried.moved.push(Moved::Gone);
        } else if let Some(group) = groups.iter().position(|group| group.contains(&number)) {
            let segment = *written[group].get_or_insert_with(|| {
                carried.segments.push(SegmentEntry { id: String::new(), articles: 0, removed: 0 });
                next
            });
            let articles = &mut articles_of_group[group];
            let alive = part.alive_documents();
            let mut places = vec![None; part.entry.documents() as usize];
            for (place, document) in alive.iter().enumerate() {
                places[*document as usize] = Some((articles.len() + place) as u32);
            }
            articles.extend(part.articles(alive.into_iter())?);
            carried.moved.push(Moved::Apart(segment, places));
            if groups[group].last() == Some(&number) {
                let articles = std::mem::take(articles);
                carried.segments[segment as usize] = write(builder, into, articles, None)?;
            }
        } else {
            let entry = link(old, into, builder, part, &mut carried.checksums)?;
            carried.segments.push(entry);
            carried.moved.push(Moved::Along(next));
        }
    }
    withdraw(old, into, builder, &parts, &mut carried)?;
    Ok(carried)
}

/// The segments that are written anew, together or alone.
fn groups(parts: &[Part<'_>]) -> Vec<Vec<usize>> {
    let largest = parts.iter().map(Part::alive).max().unwrap_or(0);
    let held = || parts.iter().enumerate().filter(|(_, part)| part.alive() > 0);
    let small: Vec<usize> =
        held().filter(|(_, part)| part.alive() * SMALL < largest).map(|(number, _)| number).collect();
    let small = if small.len() > MOST_SMALL { small } else { Vec::new() };
    let alone = held().filter(|(number, part)| {
        !small.contains(number) && part.removed.len() * MOST_REMOVED > part.entry.documents() as usize
    });
    let mut groups: Vec<Vec<usize>> = alone.map(|(number, _)| vec![number]).collect();
    if !small.is_empty() {
        groups.push(small);
    }
    groups
}

/// Links a segment's files, and says which of its documents are removed.
fn link(
    old: &Old,
    into: &Path,
    builder: &SegmentBuilder,
    part: &Part<'_>,
    checksums: &mut BTreeMap<String, Checksum>,
) -> anyhow::Result<SegmentEntry> {
    let pairs = pairs_path(into, &part.entry.id);
    let entry =
        SegmentEntry { articles: part.alive() as u32, removed: part.removed.len() as u32, id: part.entry.id.clone() };
    let is_same = entry.removed == part.entry.removed;
    link_files(old, into, &entry.id, checksums, |name| {
        is_same
            || !(Path::new(name).extension().is_some_and(|ending| ending == "del")
                || pairs.file_name().is_some_and(|pairs| pairs == name))
    })?;
    if !is_same {
        builder.remove(&entry, &part.removed)?;
        let gone: HashSet<String> =
            part.articles(part.newly.iter().copied())?.into_iter().map(|article| article.id).collect();
        let mut before = MergedPairs::open(&old.path, std::slice::from_ref(part.entry))?;
        let mut left = Vec::with_capacity(part.alive());
        while let Some(pair) = before.next_pair()? {
            if !gone.contains(&pair.0) {
                left.push(pair);
            }
        }
        write_pairs(&pairs, left)?;
    }
    Ok(entry)
}

fn link_files(
    old: &Old,
    into: &Path,
    segment: &str,
    checksums: &mut BTreeMap<String, Checksum>,
    is_wanted: impl Fn(&str) -> bool,
) -> anyhow::Result<()> {
    let files =
        old.manifest.checksums.iter().filter(|(name, _)| {
            name.strip_prefix(segment).is_some_and(|rest| rest.starts_with('.')) && is_wanted(name)
        });
    for (name, checksum) in files {
        link_or_copy(&old.path.join(name), &into.join(name))?;
        checksums.insert(name.clone(), checksum.clone());
    }
    Ok(())
}

/// Links a file that never changes; copies it where the file system has no links.
fn link_or_copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    if fs::hard_link(from, to).is_ok() {
        return Ok(());
    }
    fs::copy(from, to).map(|_| ()).with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))
}

/// Writes the removed articles of the segments that stay into segments of their own.
fn withdraw(
    old: &Old,
    into: &Path,
    builder: &SegmentBuilder,
    parts: &[Part<'_>],
    carried: &mut Carried,
) -> anyhow::Result<()> {
    let stays = |moved: &Moved| matches!(moved, Moved::Along(_));
    let left = parts.iter().zip(&carried.moved).any(|(part, moved)| part.entry.removed > 0 && !stays(moved));
    let anew = left || old.manifest.withdrawn.len() >= MOST_SMALL;
    if !anew {
        for entry in &old.manifest.withdrawn {
            link_files(old, into, &entry.id, &mut carried.checksums, |_| true)?;
            carried.withdrawn.push(entry.clone());
        }
    }
    let (mut batch, mut bytes, mut salt) = (Vec::new(), 0, String::new());
    for (part, _) in parts.iter().zip(&carried.moved).filter(|(_, moved)| stays(moved)) {
        for document in if anew { &part.removed } else { &part.newly } {
            let articles = part.articles(std::iter::once(*document))?;
            bytes += articles.iter().map(|article| article.body.len()).sum::<usize>();
            write!(salt, "{}:{document} ", part.entry.id)?;
            batch.extend(articles);
            if bytes >= BATCH_BYTES {
                let full = std::mem::take(&mut batch);
                carried.withdrawn.push(write(builder, into, full, Some(&std::mem::take(&mut salt)))?);
                bytes = 0;
            }
        }
    }
    if !batch.is_empty() {
        carried.withdrawn.push(write(builder, into, batch, Some(&salt))?);
    }
    Ok(())
}

/// Writes a segment and its evidence.
fn write(
    builder: &SegmentBuilder,
    into: &Path,
    mut articles: Vec<Article>,
    salt: Option<&str>,
) -> anyhow::Result<SegmentEntry> {
    let mut evidence = Evidence::default();
    for article in &mut articles {
        evidence.add(article);
    }
    let segment = builder.write_salted(articles, salt.unwrap_or_default())?;
    evidence.write(&evidence_path(into, &segment.id))?;
    Ok(segment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn where_no_link_is_possible_the_file_is_copied() {
        let folder = tempfile::tempdir().unwrap();
        let Ok(elsewhere) = tempfile::tempdir_in("/dev/shm") else { return };
        let (from, to) = (elsewhere.path().join("a"), folder.path().join("a"));
        fs::write(&from, "text").unwrap();
        link_or_copy(&from, &to).unwrap();
        assert_eq!(fs::read_to_string(&to).unwrap(), "text");
        let beside = folder.path().join("b");
        link_or_copy(&to, &beside).unwrap();
        fs::write(&to, "other").unwrap();
        assert_eq!(fs::read_to_string(&beside).unwrap(), "other", "a link");
    }
}
