//! The reader: walks the roots, opens every file, recognises it, and frames its records into batches in canonical order.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::SyncSender;

use crate::archive::{self, File, Flow, Member, Skip, SkipReason};
use crate::facts::hexadecimal;
use crate::format::{self, Context, FieldMap, Record};
use crate::index::manifest::sha256;

use super::batch::{BATCH_BYTES, Batch};
use super::tally::Tally;
use super::{Progress, Settings};

/// What reading a file gave beside its records.
pub struct ReadFile {
    /// Its place among those found.
    pub number: u32,
    /// Of its bytes; absent if it could not be read.
    pub sha256: Option<[u8; 32]>,
    /// What was left out.
    pub tally: Tally,
}

/// A file and the root it lies under.
pub struct RootFile {
    pub root: usize,
    pub file: File,
}

/// Every file of the roots in canonical order: by path, then by root.
pub fn walk_all(roots: &[PathBuf], tally: &mut Tally) -> anyhow::Result<Vec<RootFile>> {
    let mut files = Vec::new();
    for (root, path) in roots.iter().enumerate() {
        let walk = archive::walk(path)?;
        for skip in walk.skipped {
            tally.skip(skip);
        }
        files.extend(walk.files.into_iter().map(|file| RootFile { root, file }));
    }
    files.sort_by(|a, b| a.file.path.cmp(&b.file.path).then_with(|| roots[a.root].cmp(&roots[b.root])));
    Ok(files)
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
    let bytes = wanted.iter().map(|number| found[*number as usize].file.size).sum();
    progress.files_found.store(wanted.len() as u64, Ordering::Relaxed);
    progress.bytes_found.store(bytes, Ordering::Relaxed);
    let mut copies = Originals::among(found, copies);
    let mut framing = Framing { batch: Batch::default(), file: 0, send, receiving: true };
    let map = Arc::new(settings.map.clone());
    let mut files = Vec::with_capacity(wanted.len());
    for number in wanted {
        let file = &found[*number as usize].file;
        framing.file = *number;
        let mut tally = Tally::default();
        progress.stop_if_cancelled()?;
        if !framing.receiving {
            break;
        }
        let sha256 = match copies.original_of(*number, file) {
            Some((original, sha256)) => {
                tally.skip(copy_of(&found[original as usize].file.path, file));
                Some(sha256)
            }
            None => read_file(file, settings, &map, progress, &mut framing, &mut tally),
        };
        progress.files.fetch_add(1, Ordering::Relaxed);
        files.push(ReadFile { number: *number, sha256, tally });
    }
    framing.send();
    Ok(files)
}

/// A file skipped because it is the same byte for byte as an earlier one.
pub fn copy_of(original: &str, file: &File) -> Skip {
    let detail = format!("the same bytes as {original}");
    Skip { reason: SkipReason::Duplicate, path: file.path.clone(), record: 0, detail }
}

/// Reads one file to its end; gives the hash of its bytes unless it could not be read.
fn read_file(
    file: &File,
    settings: &Settings,
    map: &Arc<FieldMap>,
    progress: &Progress,
    framing: &mut Framing,
    tally: &mut Tally,
) -> Option<[u8; 32]> {
    let mut skipped = Vec::new();
    let contents = {
        let skips = std::cell::RefCell::new(&mut skipped);
        archive::members(
            file,
            &settings.limits,
            &mut |member| {
                read_member(member, map, settings, progress, framing, &mut |skip| skips.borrow_mut().push(skip))
            },
            &mut |skip| skips.borrow_mut().push(skip),
        )
    };
    for skip in skipped {
        tally.skip(skip);
    }
    match contents {
        Ok(contents) => Some(contents.sha256),
        Err(skip) => {
            tally.skip(skip);
            None
        }
    }
}

fn read_member(
    member: Member<'_>,
    map: &Arc<FieldMap>,
    settings: &Settings,
    progress: &Progress,
    framing: &mut Framing,
    skip: &mut dyn FnMut(Skip),
) -> Flow {
    let Member { path, head, read } = member;
    let whole_file = |reason, detail: String| Skip { reason, path: path.clone(), record: 0, detail };
    let format = match format::detect(&head, &path) {
        Ok(format) => format,
        Err(reason) => {
            skip(whole_file(reason, String::new()));
            return Flow::Continue;
        }
    };
    let Settings { limits, today, .. } = settings;
    let context = Context {
        path: path.clone(),
        map: Arc::clone(map),
        limits: *limits,
        today: Some(*today),
        ..Context::default()
    };
    let ended = format::records(format, read, context, &mut |record| {
        match record {
            Ok(record) => framing.add(record),
            Err(skipped) => skip(skipped),
        }
        framing.receiving && !progress.cancelled.load(Ordering::Relaxed)
    });
    if let Err(skipped) = ended {
        skip(skipped);
    }
    if framing.receiving { Flow::Continue } else { Flow::Stop }
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
    fn add(&mut self, record: Record) {
        self.batch.bytes += record.bytes.len();
        self.batch.records.push(record);
        self.batch.files.push(self.file);
        if self.batch.bytes >= BATCH_BYTES {
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
    by_hash: HashMap<[u8; 32], u32>,
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
    fn original_of(&mut self, number: u32, file: &File) -> Option<(u32, [u8; 32])> {
        if file.size == 0 || self.sizes.get(&file.size).is_none_or(|count| *count < 2) {
            return None;
        }
        let (_, sha256) = sha256(&file.location).ok()?;
        match self.by_hash.entry(sha256) {
            Entry::Occupied(original) => Some((*original.get(), sha256)),
            Entry::Vacant(place) => {
                place.insert(number);
                None
            }
        }
    }
}

/// The hash of a file that can be read; one that cannot is reported when it is its turn to be read.
pub fn hash_of(path: &Path) -> Option<String> {
    sha256(path).ok().map(|(_, sha256)| hexadecimal(&sha256))
}
