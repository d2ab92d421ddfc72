//! Reads files into segments, and puts what was read together with what was carried over.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::archive::{File, Warning};
use crate::index::SegmentBuilder;
use crate::index::digest::{Pair, pairs_path, read_pairs};
use crate::index::files::{Details, FileListWriter, SourceFile};
use crate::index::manifest::{Checksum, DAMAGED, SegmentEntry, checksum};
use crate::index::records::RecordsWriter;
use crate::resolve::{Evidence, Names};

use super::carry::Carried;
use super::claim::{Asked, Claim, Claims};
use super::issues::page_files;
use super::reader::{Copies, ReadFile, RootFile, copy_of};
use super::refresh::{Fate, Old, Refresh};
use super::tally::Tally;
use super::{Progress, Settings, run};

/// The segments read from files.
pub struct Built {
    /// In canonical order.
    segments: Vec<BuiltSegment>,
    /// In canonical order.
    files: Vec<ReadFile>,
    /// The ids that records asked for or were given.
    pub asked: Asked,
}

/// A segment read from files.
struct BuiltSegment {
    entry: SegmentEntry,
    /// Numbers of the files its documents are from, each with how many.
    files: Vec<(u32, u32)>,
    /// Of the segment's own files, hashed by the thread that wrote them.
    checksums: BTreeMap<String, Checksum>,
}

impl Built {
    /// Reads the wanted files of those found.
    ///
    /// # Errors
    /// If the generation cannot be written or the run was cancelled.
    pub fn read(
        found: &[RootFile],
        wanted: &[u32],
        copies: Copies,
        builder: &SegmentBuilder,
        generation: &Path,
        settings: &Settings,
        progress: &Progress,
    ) -> anyhow::Result<Self> {
        let mut claims = Claims::default();
        let outcome = run(
            found,
            wanted,
            settings,
            progress,
            copies,
            |prepared| {
                let (articles, files) = (std::mem::take(&mut prepared.articles), std::mem::take(&mut prepared.files));
                for (mut article, file) in articles.into_iter().zip(files) {
                    match claims.claim(&mut article, file) {
                        Claim::Own => {}
                        Claim::Reused => {
                            let tally = prepared.tallies.entry(file).or_default();
                            tally.warn(Warning::IdReused, &article.origin.path, article.origin.record);
                        }
                        Claim::Duplicate => {
                            prepared.tallies.entry(file).or_default().duplicate(&article);
                            continue;
                        }
                    }
                    prepared.articles.push(article);
                    prepared.files.push(file);
                }
                Ok(())
            },
            |mut prepared| {
                if prepared.articles.is_empty() {
                    return Ok(None);
                }
                let files = prepared.files.chunk_by(|a, b| a == b).map(|of_file| (of_file[0], of_file.len() as u32));
                let files = files.collect();
                let mut evidence = Evidence::default();
                prepared.articles.iter_mut().for_each(|article| evidence.add(article));
                let entry = builder.write(prepared.articles)?;
                let checksums = checksums(generation, &entry.id)?;
                // kept in memory until the end, it would grow with the archive
                let path = evidence_path(generation, &entry.id);
                fs::write(&path, evidence.packed()?).with_context(|| format!("cannot write {}", path.display()))?;
                Ok(Some(BuiltSegment { entry, files, checksums }))
            },
        )?;
        let segments = outcome.outcomes.into_iter().flatten().collect();
        Ok(Self { segments, files: outcome.files, asked: claims.asked() })
    }

    /// Ids and hashes of the articles read.
    ///
    /// # Errors
    /// If they cannot be read back.
    pub fn pairs(&self, generation: &Path) -> anyhow::Result<Vec<Pair>> {
        let mut pairs = Vec::new();
        for segment in &self.segments {
            pairs.extend(read_pairs(&pairs_path(generation, &segment.entry.id))?);
        }
        Ok(pairs)
    }

    /// What the articles read say of names, taken from where it lay until all were read.
    ///
    /// # Errors
    /// If it cannot be read back.
    pub fn names(&mut self, generation: &Path) -> anyhow::Result<Names> {
        Names::sum(self.segments.iter().map(|segment| {
            let path = evidence_path(generation, &segment.entry.id);
            let packed = fs::read(&path).and_then(|packed| fs::remove_file(&path).map(|()| packed));
            packed.with_context(|| format!("cannot read {}", path.display()))
        }))
    }
}

/// What the articles of a segment say of names, packed, until all of them are read.
fn evidence_path(generation: &Path, segment: &str) -> PathBuf {
    generation.join(format!("{segment}.evidence"))
}

/// Hashes the files of a segment.
fn checksums(generation: &Path, segment: &str) -> anyhow::Result<BTreeMap<String, Checksum>> {
    let mut checksums = BTreeMap::new();
    for entry in fs::read_dir(generation)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.strip_prefix(segment).is_some_and(|rest| rest.starts_with('.')) {
            let checksum = checksum(&generation.join(&name))?;
            checksums.insert(name, checksum);
        }
    }
    Ok(checksums)
}

/// What a generation is made of.
pub struct Assembled {
    /// What was left out of all files.
    pub tally: Tally,
    /// Those carried over, then those read.
    pub segments: Vec<SegmentEntry>,
    /// Those of removed articles.
    pub withdrawn: Vec<SegmentEntry>,
    /// Of the files of segments, as far as they are known.
    pub checksums: BTreeMap<String, Checksum>,
}

/// Puts together what was read and what was carried over, and writes the files found, in canonical order, and what their records
/// became.
///
/// # Errors
/// If the old generation is damaged or the new one cannot be written.
pub fn assemble(
    generation: &Path,
    built: Built,
    found: Vec<RootFile>,
    refresh: Option<&Refresh>,
    carried: Option<Carried>,
) -> anyhow::Result<Assembled> {
    let carried = carried.unwrap_or_default();
    // all of them in canonical order, as are the files found
    let mut before = refresh.map(|refresh| (refresh.fates.iter(), refresh.files.entries(), &refresh.records));
    let first = carried.segments.len() as u32;
    let mut documents = (first..)
        .zip(&built.segments)
        .flat_map(|(segment, built)| {
            let files = built.files.iter().flat_map(|(file, count)| std::iter::repeat_n(*file, *count as usize));
            (0_u32..).zip(files).map(move |(document, file)| (file, segment, document))
        })
        .peekable();
    let mut asked = built.asked;
    let mut read = built.files.into_iter().peekable();
    let mut records = RecordsWriter::for_files(found.len());
    let mut files = FileListWriter::create(generation, found.len())?;
    let mut tally = Tally::default();
    for (number, RootFile { root, file, issue }) in (0_u32..).zip(found) {
        let File { path, size, modified, .. } = file;
        let mut file = SourceFile { path, root, size, modified, ..SourceFile::default() };
        if let Some(issue) = issue {
            file.set_details(Details { pages: page_files(&issue.pages), names: issue.names, ..Details::default() });
        }
        let fate = before.as_mut().and_then(|(fates, entries, records)| Some((fates.next()?, entries, records)));
        if let Some((Fate::Kept(before), entries, old_records)) = fate {
            let old = entries.go_to(*before)?;
            if let Some(left_out) = old.left_out() {
                tally.add(left_out.clone().into());
            }
            if is_same(&file, old) {
                files.copy(entries)?;
            } else {
                (file.hash, file.refused_future) = (old.hash, old.refused_future);
                if let Some(left_out) = old.left_out() {
                    file.set_left_out(left_out.clone());
                }
                files.push(&file)?;
            }
            if old_records.runs(*before).all(|run| carried.is_in_place(&run)) {
                records.copy(old_records, *before);
            } else {
                records.begin_file(old_records.claims(*before));
                old_records.runs(*before).try_for_each(|run| carried.place(run, &mut records))?;
                records.end_file();
            }
            continue;
        }
        if let Some((Fate::Copy(original), ..)) = fate {
            let mut of_copy = Tally::default();
            of_copy.skip(copy_of(&original.0, &file.path));
            file.set_left_out(of_copy.into());
            (file.hash, file.is_copy) = (Some(original.1), true);
        }
        if let Some(ReadFile { hash, is_copy, tally, .. }) = read.next_if(|read| read.number == number) {
            (file.hash, file.is_copy) = (hash, is_copy);
            file.refused_future = tally.has_refused_date();
            file.set_left_out(tally.into());
        }
        if let Some(left_out) = file.left_out() {
            tally.add(left_out.clone().into());
        }
        files.push(&file)?;
        records.begin_file(asked.take(number));
        while let Some((_, segment, document)) = documents.next_if(|(file, ..)| *file == number) {
            records.push(segment, document);
        }
        records.end_file();
    }
    let is_all = asked.is_taken() && documents.next().is_none() && read.next().is_none();
    anyhow::ensure!(is_all, "the files were not read in canonical order");
    files.finish()?;
    records.write(generation)?;
    let Carried { mut segments, withdrawn, mut checksums, .. } = carried;
    for segment in built.segments {
        checksums.extend(segment.checksums);
        segments.push(segment.entry);
    }
    Ok(Assembled { tally, segments, withdrawn, checksums })
}

/// Whether a file that stays is told as it was: by the same root, of the same time, and no scanned issue, whose pages may lie elsewhere.
fn is_same(new: &SourceFile, old: &SourceFile) -> bool {
    let is_issue = |file: &SourceFile| !file.pages().is_empty() || !file.names().is_empty();
    (new.root, new.size, new.modified) == (old.root, old.size, old.modified) && !is_issue(new) && !is_issue(old)
}

/// The documents of each old segment that a refresh removes.
///
/// # Errors
/// If the old generation is damaged.
pub fn removed(old: &Old, refresh: &Refresh) -> anyhow::Result<Vec<Vec<u32>>> {
    let mut removed = vec![Vec::new(); old.manifest.segments.len()];
    for (file, _) in refresh.is_kept().iter().enumerate().filter(|(_, kept)| !**kept) {
        for run in refresh.records.runs(file) {
            let Some(documents) = removed.get_mut(run.segment as usize) else { anyhow::bail!(DAMAGED) };
            documents.extend(run.first..run.first.saturating_add(run.count));
        }
    }
    Ok(removed)
}
