//! Carries the segments of the old generation into the new one: as they are, with hard links; with some documents marked as
//! removed; or written anew from their stored articles where too much of them is removed or too many are small.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::Path;

use anyhow::Context;
use tantivy::SegmentReader;
use tantivy::TantivyDocument;

use crate::article::Article;
use crate::index::digest::{ArticleHash, Changes, Pair, changes, read_pairs, removed_path, write_pairs};
use crate::index::manifest::{Checksum, DAMAGED, SegmentEntry};
use crate::index::records::{RecordsWriter, Run};
use crate::index::{self, Opening, SegmentBuilder};
use crate::resolve::{Evidence, Names};

use super::refresh::Old;
use super::withdraw::Withdrawn;

/// A segment is written anew once more than this part of its documents is removed.
const MOST_REMOVED: usize = 4;
/// A segment is small under this part of the largest.
const SMALL: usize = 8;
/// Small segments, and segments of removed articles, that may lie side by side before they become one.
pub const MOST_SMALL: usize = 8;

/// What was carried over.
#[derive(Default)]
pub struct Carried {
    /// The segments, in their old order.
    pub segments: Vec<SegmentEntry>,
    /// Segments of the articles removed from them.
    pub withdrawn: Vec<SegmentEntry>,
    /// Of the files that are the same as before.
    pub checksums: BTreeMap<String, Checksum>,
    /// Articles before this refresh.
    articles: u64,
    /// Those of them that it took out.
    gone: Vec<Pair>,
    /// What they say of names.
    evidence: Evidence,
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
    /// What changed, if these articles were put in.
    pub fn changes(&self, added: Vec<Pair>) -> Changes {
        changes(self.articles, &self.gone, added)
    }

    /// What the articles taken out say of names.
    ///
    /// # Errors
    /// If it cannot be added up, which would be a bug.
    pub fn names(&self) -> anyhow::Result<Names> {
        Names::sum([self.evidence.packed()])
    }

    /// Whether documents of an old segment are where they were, by the same numbers.
    pub fn is_in_place(&self, run: &Run) -> bool {
        matches!(self.moved.get(run.segment as usize), Some(Moved::Along(segment)) if *segment == run.segment)
    }

    /// Adds where documents of an old segment are now.
    ///
    /// # Errors
    /// If the old generation is damaged.
    pub fn place(&self, run: Run, records: &mut RecordsWriter) -> anyhow::Result<()> {
        for document in run.first..run.first.saturating_add(run.count) {
            match self.moved.get(run.segment as usize).context(DAMAGED)? {
                Moved::Gone => anyhow::bail!(DAMAGED),
                Moved::Along(segment) => records.push(*segment, document),
                Moved::Apart(segment, places) => {
                    let place = places.get(document as usize).copied().flatten().context(DAMAGED)?;
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

    fn articles(&self, documents: &[u32]) -> anyhow::Result<Vec<(Article, ArticleHash)>> {
        let store = self.reader.get_store_reader(1)?;
        documents.iter().map(|document| index::with_hints(&store.get::<TantivyDocument>(*document)?)).collect()
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
    let searcher = index::open(&old.path, Opening::ForMany).context(DAMAGED)?;
    let parts = parts(old, searcher.segment_readers(), removed)?;
    let groups = groups(&parts);
    let group_of = |number| groups.iter().position(|group| group.contains(&number));
    let mut stays = parts.iter().enumerate().map(|(number, part)| part.alive() > 0 && group_of(number).is_none());
    let anew = old.manifest.withdrawn.len() >= MOST_SMALL
        || parts.iter().any(|part| !stays.next().unwrap_or(true) && part.entry.removed > 0);
    let mut carried = Carried { articles: old.manifest.counts.articles, ..Carried::default() };
    let mut withdrawn = Withdrawn::into(builder);
    if !anew {
        for entry in &old.manifest.withdrawn {
            link_files(old, into, &entry.id, &mut carried.checksums, |_| true)?;
            withdrawn.segments.push(entry.clone());
        }
    }
    let mut written: Vec<Option<u32>> = vec![None; groups.len()];
    let mut articles_of_group: Vec<Vec<Article>> = groups.iter().map(|_| Vec::new()).collect();
    for (number, part) in parts.iter().enumerate() {
        let next = carried.segments.len() as u32;
        let mut newly = part.articles(&part.newly)?;
        for (article, _) in &mut newly {
            carried.evidence.add(article);
        }
        let gone: Vec<Pair> = newly.iter().map(|(article, hash)| (article.id.clone(), *hash)).collect();
        if part.alive() == 0 {
            carried.moved.push(Moved::Gone);
        } else if let Some(group) = group_of(number) {
            let segment = *written[group].get_or_insert_with(|| {
                carried.segments.push(SegmentEntry::default());
                next
            });
            let articles = &mut articles_of_group[group];
            let alive = part.alive_documents();
            let mut places = vec![None; part.entry.documents() as usize];
            for (place, document) in alive.iter().enumerate() {
                places[*document as usize] = Some((articles.len() + place) as u32);
            }
            articles.extend(part.articles(&alive)?.into_iter().map(|(article, _)| article));
            carried.moved.push(Moved::Apart(segment, places));
            if groups[group].last() == Some(&number) {
                let articles = std::mem::take(articles);
                carried.segments[segment as usize] = builder.write(articles)?;
            }
        } else {
            let entry = link(old, into, builder, part, &gone, &mut carried.checksums)?;
            carried.segments.push(entry);
            carried.moved.push(Moved::Along(next));
            let (documents, articles) =
                if anew { (&part.removed, part.articles(&part.removed)?) } else { (&part.newly, newly) };
            for (document, (article, _)) in documents.iter().zip(articles) {
                withdrawn.add(&part.entry.id, *document, article)?;
            }
        }
        carried.gone.extend(gone);
    }
    carried.withdrawn = withdrawn.finish()?;
    Ok(carried)
}

fn parts<'a>(old: &'a Old, readers: &'a [SegmentReader], removed: Vec<Vec<u32>>) -> anyhow::Result<Vec<Part<'a>>> {
    let mut parts = Vec::new();
    for (entry, mut newly) in old.manifest.segments.iter().zip(removed) {
        let reader = readers.iter().find(|reader| reader.segment_id().uuid_string() == entry.id).context(DAMAGED)?;
        newly.sort_unstable();
        anyhow::ensure!(newly.last().is_none_or(|last| *last < entry.documents()), DAMAGED);
        let mut removed = newly.clone();
        removed.extend((0..entry.documents()).filter(|document| reader.is_deleted(*document)));
        removed.sort_unstable();
        removed.dedup();
        parts.push(Part { entry, reader, newly, removed });
    }
    Ok(parts)
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

/// Links a segment's files, and says which of its documents are removed: those `gone` now, and those before.
fn link(
    old: &Old,
    into: &Path,
    builder: &SegmentBuilder,
    part: &Part<'_>,
    gone: &[Pair],
    checksums: &mut BTreeMap<String, Checksum>,
) -> anyhow::Result<SegmentEntry> {
    let id = &part.entry.id;
    let (articles, removed) = (part.alive() as u32, part.removed.len() as u32);
    let entry = SegmentEntry { articles, removed, ..part.entry.clone() };
    let is_same = entry.removed == part.entry.removed;
    link_files(old, into, id, checksums, |name| {
        is_same || !Path::new(name).extension().is_some_and(|ending| ending == "del" || ending == "removed")
    })?;
    if !is_same {
        builder.remove(&entry, &part.removed)?;
        let mut removed = if part.entry.removed > 0 { read_pairs(&removed_path(&old.path, id))? } else { Vec::new() };
        removed.extend(gone.iter().cloned());
        write_pairs(&removed_path(into, id), removed)?;
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
