//! What a refresh reads again. Size and modification time decide which files are looked at, the hash of their bytes
//! whether they changed; of the others it reads those whose records asked for an id that a changed file asks for or asked
//! for, because who keeps the id may come out otherwise.

use std::cmp::Ordering;
use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::archive::{self, SkipReason};
use crate::index::files::{Entries, FileHash, FileList, SourceFile};
use crate::index::manifest::{DAMAGED, Manifest};
use crate::index::records::Records;

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
    pub files: FileList,
    /// What their records became.
    pub records: Records,
    /// Ids that changed files ask for or asked for.
    touched: FxHashSet<u64>,
}

impl Old {
    /// Whether exactly these files lie in the archive, none of them changed, and none to be read again for another reason.
    ///
    /// # Errors
    /// If the generation is damaged.
    pub fn is_of(
        &self,
        files: &FileList,
        found: &[RootFile],
        roots: &[PathBuf],
        settings: &Settings,
    ) -> anyhow::Result<bool> {
        let same_roots = self.manifest.roots.iter().map(Path::new).eq(roots.iter().map(PathBuf::as_path));
        if !same_roots || files.files() != found.len() {
            return Ok(false);
        }
        let mut entries = files.entries();
        for new in found {
            let is_there = entries.advance()?;
            let old = entries.file();
            let is_same = (&old.path, old.root) == (&new.file.path, new.root);
            if !is_there || !is_same || !self.is_unchanged(old, new, settings) {
                return Ok(false);
            }
        }
        // as many as it says; more would be damage
        Ok(!entries.advance()?)
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
        files: FileList,
        found: &[RootFile],
        roots: &[PathBuf],
        settings: &Settings,
    ) -> anyhow::Result<Self> {
        let records = Records::read(&old.path)?;
        anyhow::ensure!(records.files() == files.files(), DAMAGED);
        let mut before = Before { entries: files.entries(), is_ahead: false, roots: &old.manifest.roots };
        // files that did not change and are no copies stay; of the others, what they were before
        let mut others: Vec<(usize, Option<(usize, SourceFile)>)> = Vec::new();
        let mut fates = Vec::with_capacity(found.len());
        for (number, new) in found.iter().enumerate() {
            fates.push(match before.find(&new.file.path, &roots[new.root])? {
                Some((before, file)) if !file.is_copy && old.is_unchanged(file, new, settings) => Fate::Kept(before),
                before => {
                    others.push((number, before.map(|(before, file)| (before, file.clone()))));
                    Fate::Read
                }
            });
        }
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
            let mut hash = None;
            match before {
                Some((_, before)) if old.is_unchanged(&before, new, settings) => hash = before.hash,
                before if is_alike || before.as_ref().is_some_and(|(_, before)| before.size == new.file.size) => {
                    hash = new.hash();
                    let is_same = |before: &SourceFile| {
                        hash.is_some() && hash == before.hash && !old.is_due(before, new, settings)
                    };
                    if let Some((before, _)) = before.filter(|(_, before)| is_same(before) && !before.is_copy) {
                        fates[number] = Fate::Kept(before);
                    }
                }
                _ => {}
            }
            hashed.extend(hash.filter(|_| is_alike).map(|hash| (number, hash)));
        }
        let alike = (0..found.len()).filter(|number| sizes.contains_key(&found[*number].file.size));
        tell_copies(alike, &hashed, &files, found, &mut fates)?;
        let mut refresh = Self { fates, touched: FxHashSet::default(), files, records };
        let is_kept = refresh.is_kept();
        let gone = is_kept.iter().enumerate().filter(|(_, kept)| !**kept);
        refresh.touched = gone.flat_map(|(file, _)| refresh.records.claims(file)).collect();
        refresh.close();
        Ok(refresh)
    }

    /// Of each old file, whether its articles stay.
    pub fn is_kept(&self) -> Vec<bool> {
        let mut kept = vec![false; self.files.files()];
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
                if self.records.claims(before).any(|claim| self.touched.contains(&claim)) {
                    *fate = Fate::Read;
                    self.touched.extend(self.records.claims(before));
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
    files: &FileList,
    found: &[RootFile],
    fates: &mut [Fate],
) -> anyhow::Result<()> {
    let shared: FxHashSet<FileHash> = hashed.values().copied().collect();
    let mut originals: FxHashMap<FileHash, usize> = FxHashMap::default();
    let mut entries = files.entries();
    for number in alike {
        let kept = if let Fate::Kept(before) = fates[number] { entries.go_to(before)?.hash } else { None };
        let hash = kept.or_else(|| hashed.get(&number).copied()).filter(|hash| shared.contains(hash));
        let Some(hash) = hash else { continue };
        match originals.get(&hash) {
            Some(original) => fates[number] = Fate::Copy(Box::new((found[*original].file.path.clone(), hash))),
            None => _ = originals.insert(hash, number),
        }
    }
    Ok(())
}

/// The files of the old generation, looked through beside those found: both are in canonical order.
struct Before<'a> {
    entries: Entries<'a>,
    /// The file taken last comes after the one asked for.
    is_ahead: bool,
    roots: &'a [String],
}

impl Before<'_> {
    /// The file of this path and root and its number, if there was one. Must be asked in canonical order.
    fn find(&mut self, path: &str, root: &Path) -> anyhow::Result<Option<(usize, &SourceFile)>> {
        while self.is_ahead || self.entries.advance()? {
            let file = self.entries.file();
            let order = file.path.as_str().cmp(path).then_with(|| {
                let other = self.roots.get(file.root).map_or(Path::new(""), Path::new);
                if other.as_os_str() == root.as_os_str() { Ordering::Equal } else { other.cmp(root) }
            });
            self.is_ahead = order == Ordering::Greater;
            match order {
                Ordering::Less => {}
                Ordering::Equal => return Ok(Some((self.entries.number(), self.entries.file()))),
                Ordering::Greater => return Ok(None),
            }
        }
        Ok(None)
    }
}
