//! Builds a generation: decides whether anything changed, runs the pipeline, verifies and publishes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, bail};
use serde::Serialize;

use crate::archive::Warning;
use crate::facts;
use crate::index::digest::{Changes, MergedPairs, changes, digest};
use crate::index::manifest::{
    self, Checksum, Counts, Example, FORMAT_VERSION, Manifest, Rules, SegmentEntry, SourceFile, checksum,
};
use crate::index::{IndexDirectory, STEMMER_VERSION, SegmentBuilder, finish, open};
use crate::resolve::{Evidence, NameTable, evidence_path};

use super::claim::{Claim, Claims};
use super::reader::{Copies, walk_all};
use super::tally::Tally;
use super::{Progress, Settings, run};

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
}

/// The rules of this program.
pub fn current_rules() -> Rules {
    Rules {
        program: format!("dateline {}", env!("CARGO_PKG_VERSION")),
        stemmer: STEMMER_VERSION.to_owned(),
        facts: facts::checksums(),
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
    let before = previous(directory, request)?;
    let roots = roots(before.as_ref(), request)?;
    let reasons = match &before {
        Some((number, manifest)) if !request.rebuild => {
            let reasons = changed(directory, *number, manifest, &roots, settings)?;
            if reasons.is_empty() {
                let summary = unchanged(*number, manifest, started);
                let path = &directory.generation_path(*number);
                approve(&Candidate { path, manifest, summary: &summary, before: Some(*number) })?;
                return Ok(summary);
            }
            reasons
        }
        _ => Vec::new(),
    };

    let generation = building.path().to_owned();
    let segments = SegmentBuilder::create(&generation)?;
    let mut claims = Claims::default();
    let outcome = run(
        &roots,
        settings,
        progress,
        Copies::Skip,
        |prepared| {
            let tally = &mut prepared.tally;
            prepared.articles.retain_mut(|article| match claims.claim(article) {
                Claim::Own => true,
                Claim::Reused => {
                    tally.warn(Warning::IdReused, &article.origin.path, article.origin.record);
                    true
                }
                Claim::Duplicate => {
                    tally.duplicate(article);
                    false
                }
            });
            Ok(())
        },
        |mut prepared| {
            if prepared.articles.is_empty() {
                return Ok(None);
            }
            let mut evidence = Evidence::default();
            prepared.articles.iter_mut().for_each(|article| evidence.add(article));
            let segment = segments.write(prepared.articles)?;
            evidence.write(&evidence_path(&generation, &segment.id))?;
            Ok(Some(segment))
        },
    )?;
    progress.stop_if_cancelled()?;
    let entries: Vec<SegmentEntry> = outcome.outcomes.into_iter().flatten().collect();
    let articles: u64 = entries.iter().map(|segment| u64::from(segment.articles)).sum();
    if articles == 0 {
        bail!("{}", nothing_found(&roots, &outcome.tally, outcome.files.len()));
    }
    finish(segments, &entries)?;
    let evidence: Vec<PathBuf> = entries.iter().map(|segment| evidence_path(&generation, &segment.id)).collect();
    NameTable::learn(&evidence)?.write(&generation)?;

    let mut files = outcome.files;
    for file in &mut files {
        file.refused_future = outcome.tally.refused_dates.contains(&file.path);
    }
    manifest::write_files(&generation, &files)?;
    let rules = current_rules();
    let digest = digest(&generation, &entries, &rules)?;
    let bytes_read = files.iter().map(|file| file.size).sum();
    let Tally { skipped, warnings, examples, .. } = outcome.tally;
    let counts = Counts { articles, files: files.len() as u64, bytes_read, skipped, warnings, examples };
    let manifest = Manifest {
        format_version: FORMAT_VERSION,
        rules,
        today: settings.today,
        roots: roots.iter().map(|root| root.to_string_lossy().into_owned()).collect(),
        map: settings.map.to_args(),
        counts,
        digest,
        segments: entries,
        checksums: checksums(&generation)?,
    };
    manifest.write(&generation)?;
    verify(&generation, &manifest)?;
    let changes = match &before {
        Some((number, old)) => {
            let old_pairs = MergedPairs::open(&directory.generation_path(*number), &old.segments)?;
            changes(old_pairs, MergedPairs::open(&generation, &manifest.segments)?)?
        }
        None => Changes { added: articles, ..Changes::default() },
    };
    if let Some((_, old)) = &before
        && changes.removed * 2 > old.counts.articles
        && !request.allow_removal
    {
        bail!(
            "this would remove {} of {} articles, so nothing was changed; if that is meant, add `--allow-removal`",
            changes.removed,
            old.counts.articles
        );
    }
    progress.stop_if_cancelled()?;
    let before = before.map(|(number, _)| number);
    let mut summary = summary(&manifest, directory.next()?, changes, started, reasons);
    approve(&Candidate { path: &generation, manifest: &manifest, summary: &summary, before })?;
    summary.generation = building.publish()?;
    summary.seconds = started.elapsed().as_secs_f64();
    Ok(summary)
}

/// Whether the index of exactly these roots is missing, or the archive or the rules changed since it was built.
///
/// # Errors
/// If the index or a root cannot be read.
pub fn is_stale(directory: &IndexDirectory, roots: &[PathBuf], settings: &Settings) -> anyhow::Result<bool> {
    let Ok((number, manifest)) = directory.published() else { return Ok(true) };
    Ok(!changed(directory, number, &manifest, &absolute(roots)?, settings)?.is_empty())
}

/// The published generation. A rebuild does without one that cannot be read, if it is told what to index.
fn previous(directory: &IndexDirectory, request: &IndexRequest) -> anyhow::Result<Option<(u64, Manifest)>> {
    let read = || match directory.current()? {
        None => Ok(None),
        Some(number) => Ok(Some((number, Manifest::read(&directory.generation_path(number))?))),
    };
    match read() {
        Err(_) if request.rebuild && !request.paths.is_empty() => Ok(None),
        other => other,
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
fn roots(before: Option<&(u64, Manifest)>, request: &IndexRequest) -> anyhow::Result<Vec<PathBuf>> {
    let mut roots: Vec<PathBuf> =
        before.map(|(_, manifest)| manifest.roots.iter().map(PathBuf::from).collect()).unwrap_or_default();
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

/// Why the generation does not answer for the archive any more; empty if it does.
fn changed(
    directory: &IndexDirectory,
    number: u64,
    manifest: &Manifest,
    roots: &[PathBuf],
    settings: &Settings,
) -> anyhow::Result<Vec<String>> {
    let mut reasons = manifest.rules.differences(&current_rules());
    if manifest.roots.iter().map(Path::new).ne(roots.iter().map(PathBuf::as_path)) {
        reasons.push("other paths".to_owned());
        return Ok(reasons);
    }
    if manifest.map != settings.map.to_args() {
        reasons.push("another --map".to_owned());
    }
    let before = manifest::read_files(&directory.generation_path(number))?;
    if manifest.today != settings.today && before.iter().any(|file| file.refused_future) {
        reasons.push("dates refused as lying ahead are read again".to_owned());
    }
    let now = walk_all(roots, &mut Tally::default())?;
    let same = before.len() == now.len()
        && before.iter().zip(&now).all(|(old, new)| {
            let SourceFile { path, root, size, modified, .. } = old;
            (path, root, size, modified) == (&new.file.path, &new.root, &new.file.size, &new.file.modified)
        });
    if !same {
        reasons.push("files changed".to_owned());
    }
    Ok(reasons)
}

fn nothing_found(roots: &[PathBuf], tally: &Tally, files: usize) -> String {
    let skipped: Vec<String> = tally.skipped.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
    let why = if skipped.is_empty() { String::new() } else { format!(" ({})", skipped.join(", ")) };
    format!("no articles in {}: {files} files{why}", list(roots))
}

fn checksums(generation: &Path) -> anyhow::Result<BTreeMap<String, Checksum>> {
    let mut checksums = BTreeMap::new();
    for entry in fs::read_dir(generation)? {
        let entry = entry?;
        checksums.insert(entry.file_name().to_string_lossy().into_owned(), checksum(&entry.path())?);
    }
    Ok(checksums)
}

/// What is published must open and hold what its manifest says.
fn verify(generation: &Path, manifest: &Manifest) -> anyhow::Result<()> {
    let searcher = open(generation).context("the new generation does not open")?;
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
    }
}
