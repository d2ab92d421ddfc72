//! Reads files into segments, and puts what was read together with what was carried over.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::archive::{File, Warning};
use crate::index::SegmentBuilder;
use crate::index::manifest::{Checksum, SegmentEntry, SourceFile, checksum};
use crate::index::records::FileRecords;
use crate::resolve::{Evidence, evidence_path};

use super::carry::Carried;
use super::claim::{Claim, Claims};
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
    /// Numbers of files, and hashes of the ids their records asked for or were given.
    pub claims: Vec<(u32, u64)>,
}

/// A segment read from files.
struct BuiltSegment {
    entry: SegmentEntry,
    /// The number of every document's file.
    files: Vec<u32>,
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
        let mut claimed: Vec<(u32, u64)> = Vec::new();
        let outcome = run(
            found,
            wanted,
            settings,
            progress,
            copies,
            |prepared| {
                let (articles, files) = (std::mem::take(&mut prepared.articles), std::mem::take(&mut prepared.files));
                for (mut article, file) in articles.into_iter().zip(files) {
                    match claims.claim(&mut article, |claim| claimed.push((file, claim))) {
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
                let mut evidence = Evidence::default();
                prepared.articles.iter_mut().for_each(|article| evidence.add(article));
                let entry = builder.write(prepared.articles)?;
                evidence.write(&evidence_path(generation, &entry.id))?;
                let checksums = checksums(generation, &entry.id)?;
                Ok(Some(BuiltSegment { entry, files: prepared.files, checksums }))
            },
        )?;
        let segments = outcome.outcomes.into_iter().flatten().collect();
        Ok(Self { segments, files: outcome.files, claims: claimed })
    }
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
    /// In canonical order.
    pub files: Vec<SourceFile>,
    /// Of each of them.
    pub records: Vec<FileRecords>,
    /// Those carried over, then those read.
    pub segments: Vec<SegmentEntry>,
    /// Those of removed articles.
    pub withdrawn: Vec<SegmentEntry>,
    /// Of the files of segments, as far as they are known.
    pub checksums: BTreeMap<String, Checksum>,
}

/// Puts together what was read and what was carried over.
///
/// # Errors
/// If the old generation is damaged.
pub fn assemble(
    built: Built,
    found: &[RootFile],
    refresh: Option<Refresh>,
    carried: Option<Carried>,
) -> anyhow::Result<Assembled> {
    let mut records: Vec<FileRecords> = vec![FileRecords::default(); found.len()];
    let source = |RootFile { root, file, pages, names }: &RootFile| {
        let File { path, size, modified, .. } = file.clone();
        let (pages, names) = (page_files(pages), names.clone());
        SourceFile { path, root: *root, size, modified, pages, names, ..SourceFile::default() }
    };
    let mut files: Vec<SourceFile> = found.iter().map(source).collect();
    if let (Some(Refresh { fates, files: old, records: old_records, .. }), Some(carried)) = (refresh, &carried) {
        for (number, fate) in fates.into_iter().enumerate() {
            let file = &mut files[number];
            match fate {
                Fate::Kept(before) => {
                    file.sha256.clone_from(&old[before].sha256);
                    file.refused_future = old[before].refused_future;
                    file.left_out = old[before].left_out.clone();
                    let before = &old_records[before];
                    records[number].claims.clone_from(&before.claims);
                    before.runs.iter().try_for_each(|run| carried.place(*run, &mut records[number]))?;
                }
                Fate::Copy { original, sha256 } => {
                    let mut tally = Tally::default();
                    tally.skip(copy_of(&original, &found[number].file));
                    file.left_out = tally.into();
                    file.sha256 = Some(sha256);
                }
                Fate::Read => {}
            }
        }
    }
    for ReadFile { number, sha256, tally } in built.files {
        let file = &mut files[number as usize];
        file.sha256 = sha256;
        file.refused_future = tally.has_refused_date();
        file.left_out = tally.into();
    }
    for (file, claim) in built.claims {
        records[file as usize].claims.push(claim);
    }
    let (mut segments, withdrawn, mut checksums) =
        carried.map(|carried| (carried.segments, carried.withdrawn, carried.checksums)).unwrap_or_default();
    for segment in built.segments {
        for (document, file) in segment.files.into_iter().enumerate() {
            records[file as usize].push(segments.len() as u32, document as u32);
        }
        checksums.extend(segment.checksums);
        segments.push(segment.entry);
    }
    Ok(Assembled { files, records, segments, withdrawn, checksums })
}

/// The documents of each old segment that a refresh removes.
///
/// # Errors
/// If the old generation is damaged.
pub fn removed(old: &Old, refresh: &Refresh) -> anyhow::Result<Vec<Vec<u32>>> {
    let mut removed = vec![Vec::new(); old.manifest.segments.len()];
    for (records, _) in refresh.records.iter().zip(refresh.is_kept()).filter(|(_, kept)| !kept) {
        for run in &records.runs {
            let Some(documents) = removed.get_mut(run.segment as usize) else {
                anyhow::bail!("index damaged: run `dateline verify`");
            };
            documents.extend(run.first..run.first.saturating_add(run.count));
        }
    }
    Ok(removed)
}
