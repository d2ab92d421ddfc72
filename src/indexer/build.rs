//! Builds a generation: decides whether anything changed, runs the pipeline, verifies and publishes.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, bail};
use serde::Serialize;

use crate::facts;
use crate::index::digest::{Changes, MergedPairs, digest, each_change};
use crate::index::files::{FILES, FileList};
use crate::index::manifest::{self, Checksum, Counts, Example, FORMAT_VERSION, Manifest, Rules, checksum};
use crate::index::records::RECORDS;
use crate::index::{IndexDirectory, Opening, STEMMER_VERSION, SegmentBuilder, finish, open};
use crate::resolve::{NameTable, Names, USES};

use super::assemble::{Assembled, Built, assemble, removed};
use super::carry::carry;
use super::issues::Known;
use super::reader::{Copies, RootFile, walk_all};
use super::refresh::{Fate, Old, Refresh};
use super::tally::Tally;
use super::{Progress, Settings, all};

/// What to index, and what may be lost by it.
#[derive(Clone, Debug)]
pub struct IndexRequest {
    /// Files and folders to add or refresh; none refreshes those the index remembers.
    pub paths: Vec<PathBuf>,
    /// Roots to drop from the index.
    pub remove: Vec<PathBuf>,
    /// Build anew even if nothing changed.
    pub rebuild: bool,
    /// Let a refresh remove more than half of the articles, or a root that is gone.
    pub allow_removal: bool,
    /// Generations to keep, the new one included.
    pub keep: usize,
}

/// Generations that are kept if nobody says how many: the one before serves readers that opened it.
pub const KEEP: u16 = 2;

impl Default for IndexRequest {
    fn default() -> Self {
        let keep = usize::from(KEEP);
        Self { paths: Vec::new(), remove: Vec::new(), rebuild: false, allow_removal: false, keep }
    }
}

/// What `index` did, as `index --json` prints it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Summary {
    /// Articles added.
    pub indexed: u64,
    /// Articles that were there before and are the same.
    pub unchanged: u64,
    /// Articles that were there before with other content.
    pub updated: u64,
    /// Articles that are gone.
    pub removed: u64,
    /// Files and records left out, by reason.
    pub skipped: BTreeMap<String, u64>,
    /// Repairs and refusals in articles that were indexed.
    pub warnings: BTreeMap<String, u64>,
    /// The first case of each.
    pub examples: BTreeMap<String, Example>,
    /// Articles in the index now.
    pub articles: u64,
    /// Bytes of the files read.
    pub bytes_read: u64,
    /// Wall time.
    pub seconds: f64,
    /// Number of the generation that answers now.
    pub generation: u64,
    /// See `index::digest`.
    pub digest: String,
    /// Why the whole archive was read anew although an index was there; empty if it was not.
    #[serde(skip)]
    pub rebuilt_because: Vec<String>,
    /// What interrupted runs had left behind and was removed, relative to the index.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cleaned_up: Vec<String>,
}

/// The rules of this program.
pub fn current_rules() -> Rules {
    Rules {
        program: format!("dateline {}", env!("CARGO_PKG_VERSION")),
        stemmer: STEMMER_VERSION.to_owned(),
        facts: facts::checksums().clone(),
    }
}

/// A generation that is whole but not yet published: the last moment to refuse it.
#[derive(Debug)]
pub struct Candidate<'a> {
    /// Where it lies.
    pub path: &'a Path,
    /// What it says of itself.
    pub manifest: &'a Manifest,
    /// What the run will say if it is published.
    pub summary: &'a Summary,
    /// The generation that answers now, if there is one; the candidate itself if nothing changed.
    pub before: Option<u64>,
}

/// Builds or refreshes an index and publishes it.
///
/// # Errors
/// If a root is missing, nothing was found, too much would be removed, the index cannot be written, or the run was
/// cancelled. The published generation then stays as it was.
pub fn index(
    directory: &IndexDirectory,
    request: &IndexRequest,
    settings: &Settings,
    progress: &Progress,
) -> anyhow::Result<Summary> {
    index_if(directory, request, settings, progress, |_| Ok(()))
}

/// Builds or refreshes an index, and publishes it if it is approved of.
///
/// # Errors
/// As [`index`], and whatever `approve` refuses with: the published generation then stays as it was.
pub fn index_if(
    directory: &IndexDirectory,
    request: &IndexRequest,
    settings: &Settings,
    progress: &Progress,
    approve: impl FnOnce(&Candidate<'_>) -> anyhow::Result<()>,
) -> anyhow::Result<Summary> {
    let started = Instant::now();
    let building = directory.begin()?;
    let cleaned_up = building.leftovers().to_vec();
    let before = previous(directory, request)?;
    let roots = roots(&before, request)?;
    let mut reasons = Vec::new();
    let mut files = None;
    if let Before::Readable(old) = &before
        && !request.rebuild
    {
        reasons = other_rules(&old.manifest, settings);
        if reasons.is_empty() {
            old.manifest.check_whole(&old.path, &[FILES, RECORDS, USES])?;
            files = Some((old, FileList::read(&old.path)?));
        }
    }
    let known = files.as_ref().map(|(old, files)| Known::of(files, &old.manifest.roots));
    let mut walked = Tally::default();
    let found = walk_all(&roots, known, settings, &mut walked)?;
    let mut refresh = None;
    if let Some((old, files)) = files {
        if old.is_of(&files, &found, &roots, settings)? {
            let summary = Summary { cleaned_up, ..unchanged(old.number, &old.manifest, started) };
            let (path, manifest) = (&*old.path, &old.manifest);
            approve(&Candidate { path, manifest, summary: &summary, before: Some(old.number) })?;
            return Ok(summary);
        }
        refresh = Some(Refresh::plan(old, files, &found, &roots, settings)?);
    }

    let total = found.iter().map(RootFile::bytes).sum();
    let generation = building.path().to_owned();
    let (mut built, builder, wanted) = loop {
        if refresh.as_ref().is_some_and(|refresh| is_mostly_new(refresh, &found, total)) {
            refresh = None;
            reasons = vec!["most of it changed".to_owned()];
        }
        let builder = SegmentBuilder::create(&generation)?;
        let (wanted, copies) = match &refresh {
            Some(refresh) => (refresh.wanted(), Copies::Keep),
            None => (all(&found), Copies::Skip),
        };
        let built = Built::read(&found, &wanted, copies, &builder, &generation, settings, progress)?;
        progress.stop_if_cancelled()?;
        let claims = built.asked.hashes();
        if !refresh.as_mut().is_some_and(|refresh| refresh.claim(claims)) {
            break (built, builder, wanted);
        }
        // others asked for the same ids, so who keeps them is settled among all of them
        drop(builder);
        building.start_over()?;
    };
    let carried = match (&before, &refresh) {
        (Before::Readable(old), Some(refresh)) => Some(carry(old, &generation, &builder, removed(old, refresh)?)?),
        _ => None,
    };
    let bytes_read = wanted.iter().map(|number| found[*number as usize].bytes()).sum();
    let mut names = built.names(&generation)?;
    let mut changes = None;
    if let (Before::Readable(old), Some(carried)) = (&before, &carried) {
        changes = Some(carried.changes(built.pairs(&generation)?));
        let added = std::mem::replace(&mut names, Names::read(&old.path)?);
        names.change(added, &carried.names()?)?;
    }
    NameTable::learn(&names).write(&generation)?;
    names.write(&generation)?;
    drop(names);
    let files = found.len();
    let assembled = assemble(&generation, built, found, refresh.as_ref(), carried)?;
    drop(refresh);
    let Assembled { tally: left_out, segments, withdrawn, mut checksums } = assembled;
    let mut tally = walked;
    tally.add(left_out);
    let articles: u64 = segments.iter().map(|segment| u64::from(segment.articles)).sum();
    // an archive may be emptied, if that is what was meant
    let is_emptied = request.allow_removal && matches!(before, Before::Readable(_));
    if articles == 0 && !is_emptied {
        bail!("{}", nothing_found(&roots, &tally, files));
    }
    finish(builder, &segments)?;
    let rules = current_rules();
    let digest = digest(&generation, &segments, &rules)?;
    let Tally { skipped, warnings, examples } = tally;
    let counts = Counts { articles, files: files as u64, bytes_read: total, skipped, warnings, examples };
    add_checksums(&generation, &mut checksums)?;
    let manifest = Manifest {
        format_version: FORMAT_VERSION,
        rules,
        today: settings.today,
        roots: roots.iter().map(|root| root.to_string_lossy().into_owned()).collect(),
        map: settings.map.to_args(),
        limits: settings.limits.to_args(),
        counts,
        digest,
        segments,
        withdrawn,
        checksums,
    };
    manifest.write(&generation)?;
    verify(&generation, &manifest)?;
    let changes = match (&before, changes) {
        (_, Some(changes)) => changes,
        (Before::Readable(old), None) => compared(old, &generation, &manifest)?,
        _ => Changes { added: articles, ..Changes::default() },
    };
    if let Before::Readable(old) = &before
        && changes.removed * 2 > old.manifest.counts.articles
        && !request.allow_removal
    {
        bail!(
            "this would remove {} of {} articles, so nothing was changed; if that is meant, add `--allow-removal`",
            changes.removed,
            old.manifest.counts.articles
        );
    }
    progress.stop_if_cancelled()?;
    let before = if let Before::Readable(old) = &before { Some(old.number) } else { None };
    let next = directory.next().unwrap_or(1);
    let mut summary = Summary { bytes_read, cleaned_up, ..summary(&manifest, next, changes, started, reasons) };
    approve(&Candidate { path: &generation, manifest: &manifest, summary: &summary, before })?;
    summary.generation = building.publish(request.keep)?;
    summary.seconds = started.elapsed().as_secs_f64();
    Ok(summary)
}

/// Whether the index of exactly these roots is missing, or the archive or the rules changed since it was built.
///
/// # Errors
/// If the index or a root cannot be read.
pub fn is_stale(directory: &IndexDirectory, roots: &[PathBuf], settings: &Settings) -> anyhow::Result<bool> {
    let Ok((number, manifest)) = directory.published() else { return Ok(true) };
    let old = Old { number, path: directory.generation_path(number), manifest };
    if !other_rules(&old.manifest, settings).is_empty() {
        return Ok(true);
    }
    let roots = absolute(roots)?;
    let files = FileList::read(&old.path)?;
    let known = Known::of(&files, &old.manifest.roots);
    let found = walk_all(&roots, Some(known), settings, &mut Tally::default())?;
    Ok(!old.is_of(&files, &found, &roots, settings)?)
}

/// What was published before.
enum Before {
    /// Nothing, or nothing that can be read.
    Nothing,
    /// A generation of another format or a damaged one, which still says what it was made of.
    Remembered(Vec<PathBuf>),
    /// A generation.
    Readable(Box<Old>),
}

/// The published generation. A rebuild does without one that cannot be read, if that or the request says what to index.
fn previous(directory: &IndexDirectory, request: &IndexRequest) -> anyhow::Result<Before> {
    let number = match directory.current() {
        Ok(None) => return Ok(Before::Nothing),
        Ok(Some(number)) => number,
        Err(_) if request.rebuild && !request.paths.is_empty() => return Ok(Before::Nothing),
        Err(error) => return Err(error),
    };
    let path = directory.generation_path(number);
    match Manifest::read(&path) {
        Ok(manifest) => Ok(Before::Readable(Box::new(Old { number, path, manifest }))),
        Err(error) if request.rebuild => match manifest::remembered_roots(&path) {
            Ok(roots) => Ok(Before::Remembered(roots.into_iter().map(PathBuf::from).collect())),
            Err(_) if !request.paths.is_empty() => Ok(Before::Nothing),
            Err(_) => Err(error),
        },
        Err(error) => Err(error),
    }
}

fn absolute(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    paths
        .iter()
        .map(|path| {
            let cannot_read = || format!("cannot read {}", path.display());
            fs::metadata(path).with_context(cannot_read)?;
            std::path::absolute(path).with_context(cannot_read).map(|path| path.components().collect())
        })
        .collect()
}

/// The remembered roots with those of the request added and removed.
fn roots(before: &Before, request: &IndexRequest) -> anyhow::Result<Vec<PathBuf>> {
    let mut roots: Vec<PathBuf> = match before {
        Before::Nothing => Vec::new(),
        Before::Remembered(roots) => roots.clone(),
        Before::Readable(old) => old.manifest.roots.iter().map(PathBuf::from).collect(),
    };
    for path in &request.remove {
        let path: PathBuf = std::path::absolute(path)?.components().collect();
        let Some(place) = roots.iter().position(|root| *root == path) else {
            bail!("{} is not in the index, which holds {}", path.display(), list(&roots));
        };
        roots.remove(place);
    }
    for path in absolute(&request.paths)? {
        if !roots.contains(&path) {
            roots.push(path);
        }
    }
    if roots.is_empty() {
        bail!("nothing to index; name a file or folder: `dateline index PATH`");
    }
    for root in &roots {
        if !root.exists() {
            if request.allow_removal {
                bail!("{} is gone; drop it from the index with `--remove {0}`", root.display());
            }
            bail!("{} is gone, so nothing was changed; bring it back, or drop it with `--remove {0}`", root.display());
        }
    }
    roots.sort();
    Ok(roots)
}

fn list(roots: &[PathBuf]) -> String {
    roots.iter().map(|root| root.display().to_string()).collect::<Vec<_>>().join(", ")
}

/// Why the whole archive is read anew although nothing in it changed; empty if it is not.
fn other_rules(manifest: &Manifest, settings: &Settings) -> Vec<String> {
    let mut reasons = manifest.rules.differences(&current_rules());
    if manifest.map != settings.map.to_args() {
        reasons.push("another --map".to_owned());
    }
    if manifest.limits != settings.limits.to_args() {
        reasons.push("other limits".to_owned());
    }
    reasons
}

/// What changed from the old generation to one built anew.
fn compared(old: &Old, generation: &Path, manifest: &Manifest) -> anyhow::Result<Changes> {
    let mut changes = Changes::default();
    let before = MergedPairs::open(&old.path, &old.manifest.segments)?;
    each_change(before, MergedPairs::open(generation, &manifest.segments)?, |change, _| {
        changes.count(change);
        Ok(())
    })?;
    Ok(changes)
}

/// Whether so much is to be read that an index made anew costs little more.
fn is_mostly_new(refresh: &Refresh, found: &[RootFile], total: u64) -> bool {
    let to_read = refresh.fates.iter().zip(found).filter(|(fate, _)| **fate == Fate::Read);
    let to_read: u64 = to_read.map(|(_, found)| found.bytes()).sum();
    to_read > total - to_read
}

fn nothing_found(roots: &[PathBuf], tally: &Tally, files: usize) -> String {
    let skipped: Vec<String> = tally.skipped.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
    let why = if skipped.is_empty() { String::new() } else { format!(" ({})", skipped.join(", ")) };
    format!("no articles in {}: {files} files{why}", list(roots))
}

/// Hashes the files of a generation whose hash is not known.
fn add_checksums(generation: &Path, checksums: &mut BTreeMap<String, Checksum>) -> anyhow::Result<()> {
    for entry in fs::read_dir(generation)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if let Entry::Vacant(place) = checksums.entry(name) {
            place.insert(checksum(&entry.path())?);
        }
    }
    Ok(())
}

/// What is published must open and hold what its manifest says.
fn verify(generation: &Path, manifest: &Manifest) -> anyhow::Result<()> {
    let searcher = open(generation, Opening::ForMany).context("the new generation does not open")?;
    let held = searcher.num_docs();
    anyhow::ensure!(
        held == manifest.counts.articles,
        "the new generation holds {held} articles instead of {}",
        manifest.counts.articles
    );
    Ok(())
}

fn unchanged(number: u64, manifest: &Manifest, started: Instant) -> Summary {
    let changes = Changes { unchanged: manifest.counts.articles, ..Changes::default() };
    Summary { bytes_read: 0, ..summary(manifest, number, changes, started, Vec::new()) }
}

fn summary(
    manifest: &Manifest,
    generation: u64,
    changes: Changes,
    started: Instant,
    rebuilt_because: Vec<String>,
) -> Summary {
    let counts = manifest.counts.clone();
    Summary {
        indexed: changes.added,
        unchanged: changes.unchanged,
        updated: changes.updated,
        removed: changes.removed,
        skipped: counts.skipped,
        warnings: counts.warnings,
        examples: counts.examples,
        articles: counts.articles,
        bytes_read: counts.bytes_read,
        seconds: started.elapsed().as_secs_f64(),
        generation,
        digest: manifest.digest.clone(),
        rebuilt_because,
        cleaned_up: Vec::new(),
    }
}
