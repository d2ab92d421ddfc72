//! What a refresh reads again. Size and modification time decide which files are looked at, the hash of their bytes
//! whether they changed; of the others it reads those whose records asked for an id that a changed file asks for or asked
//! for, because who keeps the id may come out otherwise.

use std::cmp::Ordering;
use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::archive::{self, SkipReason};
use crate::index::files::{FileHash, SourceFile};
use crate::index::manifest::{DAMAGED, Manifest};
use crate::index::records::{Records, read_records};

use super::Settings;
use super::issues::are_same;
use super::reader::RootFile;

/// The generation that is refreshed.
pub struct Old {
    /// Its number.
    pub number: u64,
    /// Its folder.
    pub path: PathBuf,
    /// What it says about itself.
    pub manifest: Manifest,
}

/// What becomes of a file found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Nothing: its articles are those of this file of the old generation.
    Kept(usize),
    /// It is skipped as a copy of an earlier one: the path of that one, and the hash of both.
    Copy(Box<(String, FileHash)>),
    /// It is read.
    Read,
}

/// What is read again and what stays.
pub struct Refresh {
    /// Of each file found.
    pub fates: Vec<Fate>,
    /// The files of the old generation.
    pub files: Vec<SourceFile>,
    /// What their records became.
    pub records: Records,
    /// Ids that changed files ask for or asked for.
    touched: FxHashSet<u64>,
}

impl Old {
    /// Whether exactly these files lie in the archive, none of them changed, and none to be read again for another reason.
    pub fn is_of(&self, files: &[SourceFile], found: &[RootFile], roots: &[PathBuf], settings: &Settings) -> bool {
        let same_roots = self.manifest.roots.iter().map(Path::new).eq(roots.iter().map(PathBuf::as_path));
        same_roots
            && files.len() == found.len()
            && files.iter().zip(found).all(|(old, new)| {
                (&old.path, old.root) == (&new.file.path, new.root) && self.is_unchanged(old, new, settings)
            })
    }

    fn is_unchanged(&self, old: &SourceFile, new: &RootFile, settings: &Settings) -> bool {
        (old.size, old.modified) == (new.file.size, new.file.modified)
            && are_same(old.pages(), new.pages())
            && !self.is_due(old, new, settings)
    }

    /// Whether a file is read again though it did not change: a date was refused as lying ahead, it could not be read and
    /// now can, or it changed while it was read.
    fn is_due(&self, old: &SourceFile, new: &RootFile, settings: &Settings) -> bool {
        old.refused_future && self.manifest.today != settings.today
            || old.hash.is_none() && archive::open(&new.file.location()).is_ok()
            || old.left_out().is_some_and(|left_out| left_out.skipped.contains_key(&SkipReason::Changed.to_string()))
    }
}

impl Refresh {
    /// Compares the files of a generation with those found.
    ///
    /// # Errors
    /// If the generation is damaged.
    pub fn plan(
        old: &Old,
        files: Vec<SourceFile>,
        found: &[RootFile],
        roots: &[PathBuf],
        settings: &Settings,
    ) -> anyhow::Result<Self> {
        let records = read_records(&old.path)?;
        anyhow::ensure!(records.files() == files.len(), DAMAGED);
        let mut before = Before { files: &files, roots: &old.manifest.roots, next: 0 };
        // files that did not change and are no copies stay; of the others, what they were before
        let mut others: Vec<(usize, Option<usize>)> = Vec::new();
        let mut fates: Vec<Fate> = (0_usize..)
            .zip(found)
            .map(|(number, new)| match before.find(&new.file.path, &roots[new.root]) {
                Some(before) if !files[before].is_copy && old.is_unchanged(&files[before], new, settings) => {
                    Fate::Kept(before)
                }
                before => {
                    others.push((number, before));
                    Fate::Read
                }
            })
            .collect();
        // only files of one size can be copies, and those that stay were told apart before
        let mut sizes: FxHashMap<u64, u32> = others.iter().map(|(number, _)| (found[*number].file.size, 0)).collect();
        sizes.remove(&0);
        for new in found {
            if let Some(count) = sizes.get_mut(&new.file.size) {
                *count += 1;
            }
        }
        sizes.retain(|_, count| *count > 1);
        let mut hashed: FxHashMap<usize, FileHash> = FxHashMap::default();
        for (number, before) in others {
            let new = &found[number];
            let is_alike = sizes.contains_key(&new.file.size);
            let before = before.map(|before| (before, &files[before]));
            let is_unchanged = |(_, before): &(usize, &SourceFile)| old.is_unchanged(before, new, settings);
            let mut hash = None;
            if let Some((_, copy)) = before.filter(is_unchanged) {
                hash = copy.hash;
            } else if is_alike || before.is_some_and(|(_, before)| before.size == new.file.size) {
                hash = new.hash();
                let is_same = |(_, before): &(usize, &SourceFile)| {
                    hash.is_some() && hash == before.hash && !old.is_due(before, new, settings)
                };
                if let Some((before, _)) = before.filter(is_same).filter(|(_, before)| !before.is_copy) {
                    fates[number] = Fate::Kept(before);
                }
            }
            hashed.extend(hash.filter(|_| is_alike).map(|hash| (number, hash)));
        }
        let alike = (0..found.len()).filter(|number| sizes.contains_key(&found[*number].file.size));
        tell_copies(alike, &hashed, &files, found, &mut fates);
        let mut refresh = Self { fates, touched: FxHashSet::default(), files, records };
        let is_kept = refresh.is_kept();
        let gone = is_kept.iter().enumerate().filter(|(_, kept)| !**kept);
        refresh.touched = gone.flat_map(|(file, _)| refresh.records.claims(file)).copied().collect();
        refresh.close();
        Ok(refresh)
    }

    /// Of each old file, whether its articles stay.
    pub fn is_kept(&self) -> Vec<bool> {
        let mut kept = vec![false; self.files.len()];
        for fate in &self.fates {
            if let Fate::Kept(before) = fate {
                kept[*before] = true;
            }
        }
        kept
    }

    /// The files to read.
    pub fn wanted(&self) -> Vec<u32> {
        let numbered = self.fates.iter().enumerate();
        numbered.filter(|(_, fate)| **fate == Fate::Read).map(|(number, _)| number as u32).collect()
    }

    /// Takes note of the ids that the files read ask for; whether others must be read too because of them.
    pub fn claim(&mut self, claims: impl Iterator<Item = u64>) -> bool {
        self.touched.extend(claims);
        self.close()
    }

    /// Lets every file be read that asked for a touched id, until no more do; whether any did.
    fn close(&mut self) -> bool {
        let mut any = false;
        loop {
            let mut grown = false;
            for fate in &mut self.fates {
                let Fate::Kept(before) = *fate else { continue };
                let claims = self.records.claims(before);
                if claims.iter().any(|claim| self.touched.contains(claim)) {
                    *fate = Fate::Read;
                    self.touched.extend(claims);
                    grown = true;
                }
            }
            any |= grown;
            if !grown {
                return any;
            }
        }
    }
}

/// Lets each file be a copy of the first of its hash, which is told of those that changed and remembered of those that stay. `alike`:
/// numbers of files that share their size with one that changed.
fn tell_copies(
    alike: impl Iterator<Item = usize>,
    hashed: &FxHashMap<usize, FileHash>,
    files: &[SourceFile],
    found: &[RootFile],
    fates: &mut [Fate],
) {
    let shared: FxHashSet<FileHash> = hashed.values().copied().collect();
    let mut originals: FxHashMap<FileHash, usize> = FxHashMap::default();
    for number in alike {
        let kept = if let Fate::Kept(before) = fates[number] { files[before].hash } else { None };
        let hash = kept.or_else(|| hashed.get(&number).copied()).filter(|hash| shared.contains(hash));
        let Some(hash) = hash else { continue };
        match originals.get(&hash) {
            Some(original) => fates[number] = Fate::Copy(Box::new((found[*original].file.path.clone(), hash))),
            None => _ = originals.insert(hash, number),
        }
    }
}

/// The files of the old generation, looked through beside those found: both are in canonical order.
struct Before<'a> {
    files: &'a [SourceFile],
    roots: &'a [String],
    next: usize,
}

impl Before<'_> {
    /// The number of the file of this path and root, if there was one. Must be asked in canonical order.
    fn find(&mut self, path: &str, root: &Path) -> Option<usize> {
        while let Some(file) = self.files.get(self.next) {
            let other = || self.roots.get(file.root).map_or(Path::new(""), Path::new);
            let order = file.path.as_str().cmp(path).then_with(|| {
                let other = other();
                if other.as_os_str() == root.as_os_str() { Ordering::Equal } else { other.cmp(root) }
            });
            match order {
                Ordering::Less => self.next += 1,
                Ordering::Equal => {
                    self.next += 1;
                    return Some(self.next - 1);
                }
                Ordering::Greater => return None,
            }
        }
        None
    }
}
