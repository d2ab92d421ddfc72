//! The reader: walks the roots, opens every file, recognises it, and frames its records into batches in canonical order.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::SyncSender;

use sha2::{Digest, Sha256};

use crate::archive::{self, File, Flow, Member, Skip, SkipReason};
use crate::format::mets::Issues;
use crate::format::{self, Context, FieldMap, Format, Record};
use crate::index::files::FileHash;

use super::batch::{BATCH_BYTES, BATCH_RECORDS, Batch, guarded};
use super::issues::{Known, gather};
use super::tally::Tally;
use super::{Progress, Settings};

/// What reading a file gave beside its records.
pub struct ReadFile {
    /// Its place among those found.
    pub number: u32,
    /// Of its bytes; absent if it could not be read.
    pub hash: Option<FileHash>,
    /// It was skipped as a copy of an earlier one.
    pub is_copy: bool,
    /// What was left out.
    pub tally: Tally,
}

/// A file and the root it lies under.
pub struct RootFile {
    pub root: usize,
    pub file: File,
    /// What it describes, if it is a scanned issue.
    pub issue: Option<Box<Issue>>,
}

/// The pages of a scanned issue.
#[derive(Default)]
pub struct Issue {
    /// Files that are read as part of it.
    pub pages: Vec<File>,
    /// Addresses of pages it names.
    pub names: Vec<String>,
}

impl RootFile {
    /// Bytes of the file and its pages.
    pub fn bytes(&self) -> u64 {
        self.file.size + self.pages().iter().map(|page| page.size).sum::<u64>()
    }

    /// Files that are read as part of it.
    pub fn pages(&self) -> &[File] {
        self.issue.as_ref().map_or(&[], |issue| &issue.pages)
    }

    /// The hash of its bytes and those of its pages, if all can be read: what cannot is reported when it is its turn.
    pub fn hash(&self) -> Option<FileHash> {
        let parts = [&self.file].into_iter().chain(self.pages()).map(|file| FileHash::of(&file.location()));
        Some(joined(parts.collect::<Option<Vec<_>>>()?))
    }
}

/// Every file of the roots in canonical order: by path, then by root.
pub fn walk_all(
    roots: &[PathBuf],
    known: Option<Known<'_>>,
    settings: &Settings,
    tally: &mut Tally,
) -> anyhow::Result<Vec<RootFile>> {
    // a list of many that grows is copied again and again
    let mut files: Vec<RootFile> = Vec::with_capacity(known.map_or(0, Known::about));
    let order =
        |a: &RootFile, b: &RootFile| a.file.path.cmp(&b.file.path).then_with(|| roots[a.root].cmp(&roots[b.root]));
    let mut is_in_order = true;
    for (root, path) in roots.iter().enumerate() {
        let skipped = archive::walk(path, |file| {
            let found = RootFile { root, file, issue: None };
            is_in_order &= files.last().is_none_or(|last| order(last, &found).is_le());
            files.push(found);
        })?;
        for skip in skipped {
            tally.skip(skip);
        }
    }
    if !is_in_order {
        files.sort_by(order);
    }
    gather(files, roots, known, settings, tally)
}

/// Reads the wanted files of those found, sending batch after batch; stops quietly when nobody receives them any more.
pub fn read_batches(
    found: &[RootFile],
    wanted: &[u32],
    settings: &Settings,
    progress: &Progress,
    copies: Copies,
    send: SyncSender<Batch>,
) -> anyhow::Result<Vec<ReadFile>> {
    let bytes = wanted.iter().map(|number| found[*number as usize].bytes()).sum();
    progress.files_found.store(wanted.len() as u64, Ordering::Relaxed);
    progress.bytes_found.store(bytes, Ordering::Relaxed);
    let mut copies = Originals::among(found, copies);
    let mut framing = Framing { batch: Batch::default(), file: 0, send, receiving: true };
    let map = Arc::new(settings.map.clone());
    let mut files = Vec::with_capacity(wanted.len());
    for number in wanted {
        let file = &found[*number as usize];
        framing.file = *number;
        let mut tally = Tally::default();
        progress.stop_if_cancelled()?;
        if !framing.receiving {
            break;
        }
        let original = copies.original_of(*number, file);
        let hash = match original {
            Some((original, hash)) => {
                tally.skip(copy_of(&found[original as usize].file.path, &file.file.path));
                Some(hash)
            }
            None => read_file(file, settings, &map, progress, &mut framing, &mut tally),
        };
        progress.files.fetch_add(1, Ordering::Relaxed);
        files.push(ReadFile { number: *number, hash, is_copy: original.is_some(), tally });
    }
    framing.send();
    Ok(files)
}

/// A file skipped because it is the same byte for byte as an earlier one.
pub fn copy_of(original: &str, path: &str) -> Skip {
    let detail = format!("the same bytes as {original}");
    Skip { reason: SkipReason::Duplicate, path: path.to_owned(), record: 0, detail }
}

/// Reads one file and its pages to their ends; gives the hash of their bytes unless one could not be read.
fn read_file(
    file: &RootFile,
    settings: &Settings,
    map: &Arc<FieldMap>,
    progress: &Progress,
    framing: &mut Framing,
    tally: &mut Tally,
) -> Option<FileHash> {
    let tally = std::cell::RefCell::new(tally);
    let mut issues = Issues::default();
    let mut hashes = Some(Vec::new());
    for (number, part) in [&file.file].into_iter().chain(file.pages()).enumerate() {
        if !framing.receiving {
            break;
        }
        let contents = archive::members(
            part,
            &settings.limits,
            &mut |member| {
                let is_part = number > 0 || member.path.len() > part.path.len();
                let mut take = |record: Result<Record, Skip>, framing: &mut Framing| match record {
                    Ok(record) if record.format == Format::Mets || is_part && record.format == Format::Alto => {
                        issues.take(record, &mut |record| {
                            framing.take(record, &mut |skip| tally.borrow_mut().skip(skip))
                        });
                        framing.receiving
                    }
                    record => framing.take(record, &mut |skip| tally.borrow_mut().skip(skip)),
                };
                read_member(member, map, settings, progress, &mut |record| take(record, framing))
            },
            &mut |skip| tally.borrow_mut().skip(skip),
        );
        match contents {
            Ok(contents) => hashes.iter_mut().for_each(|hashes| hashes.push(FileHash::from(contents.sha256))),
            Err(skip) => {
                tally.borrow_mut().skip(skip);
                hashes = None;
            }
        }
    }
    let put_together = guarded(&file.file.path, 0, || {
        issues.finish(&mut |record| framing.take(record, &mut |skip| tally.borrow_mut().skip(skip)));
        Ok(())
    });
    if let Err(skip) = put_together {
        tally.borrow_mut().skip(skip);
    }
    hashes.map(joined)
}

/// The hash of several files by those of each; that of one file is its own.
fn joined(mut hashes: Vec<FileHash>) -> FileHash {
    match hashes.pop() {
        Some(only) if hashes.is_empty() => only,
        last => {
            let all: Vec<u8> = hashes.into_iter().chain(last).flat_map(|hash| hash.0).collect();
            FileHash::from(<[u8; 32]>::from(Sha256::digest(all)))
        }
    }
}

fn read_member(
    member: Member<'_>,
    map: &Arc<FieldMap>,
    settings: &Settings,
    progress: &Progress,
    take: &mut dyn FnMut(Result<Record, Skip>) -> bool,
) -> Flow {
    let Member { path, head, location, read } = member;
    let next = |receiving| if receiving { Flow::Continue } else { Flow::Stop };
    let format = match format::detect(&head, &path) {
        Ok(format) => format,
        Err(reason) => return next(take(Err(Skip { reason, path, record: 0, detail: String::new() }))),
    };
    let Settings { limits, today, .. } = settings;
    let context = Context {
        path: path.clone(),
        location: location.map(Path::to_owned),
        map: Arc::clone(map),
        limits: *limits,
        today: Some(*today),
        ..Context::default()
    };
    let mut receiving = true;
    let ended = guarded(&path, 0, || {
        format::records(format, read, context, &mut |record| {
            receiving = take(record);
            receiving && !progress.cancelled.load(Ordering::Relaxed)
        })
    });
    if let Err(skipped) = ended {
        receiving = take(Err(skipped));
    }
    next(receiving)
}

/// Cuts the stream of records into batches.
struct Framing {
    batch: Batch,
    /// Number of the file being read.
    file: u32,
    send: SyncSender<Batch>,
    receiving: bool,
}

impl Framing {
    /// Adds a record, or reports what is none; false if nobody receives any more.
    fn take(&mut self, record: Result<Record, Skip>, skip: &mut dyn FnMut(Skip)) -> bool {
        match record {
            Ok(record) => self.add(record),
            Err(skipped) => skip(skipped),
        }
        self.receiving
    }

    fn add(&mut self, record: Record) {
        self.batch.bytes += record.bytes.len();
        self.batch.records.push(record);
        self.batch.files.push(self.file);
        if self.batch.bytes >= BATCH_BYTES || self.batch.records.len() >= BATCH_RECORDS {
            self.send();
        }
    }

    fn send(&mut self) {
        if self.batch.records.is_empty() {
            return;
        }
        let next = Batch { number: self.batch.number + 1, ..Batch::default() };
        let full = std::mem::replace(&mut self.batch, next);
        self.receiving &= self.send.send(full).is_ok();
    }
}

/// Finds files that are the same byte for byte: only files of one size can be, so only those are hashed beforehand.
struct Originals {
    sizes: HashMap<u64, u32>,
    /// Numbers of files.
    by_hash: HashMap<FileHash, u32>,
}

/// What becomes of a file that is the same byte for byte as an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copies {
    /// It is read like any other.
    Keep,
    /// It is skipped as a duplicate.
    Skip,
}

impl Originals {
    fn among(found: &[RootFile], copies: Copies) -> Self {
        let mut sizes = HashMap::new();
        for found in found.iter().filter(|_| copies == Copies::Skip) {
            *sizes.entry(found.file.size).or_default() += 1;
        }
        Self { sizes, by_hash: HashMap::new() }
    }

    /// The number of the file this one is a copy of, and the hash of both.
    fn original_of(&mut self, number: u32, found: &RootFile) -> Option<(u32, FileHash)> {
        let file = &found.file;
        if file.size == 0 || self.sizes.get(&file.size).is_none_or(|count| *count < 2) {
            return None;
        }
        let hash = found.hash()?;
        match self.by_hash.get(&hash) {
            Some(original) => Some((*original, hash)),
            None => {
                self.by_hash.insert(hash, number);
                None
            }
        }
    }
}
