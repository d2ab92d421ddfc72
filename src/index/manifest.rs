//! What a generation says about itself: `manifest.json`.

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Read};
use std::path::Path;

use anyhow::Context;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::archive;
use crate::date::Date;
use crate::facts::hexadecimal;

/// Layout of a generation on disk; another number cannot be read.
pub const FORMAT_VERSION: u32 = 8;

/// What every message about a damaged index begins with.
pub const DAMAGED: &str = "index damaged: run `dateline verify`";

/// Name of the manifest in its generation.
pub const MANIFEST: &str = "manifest.json";
/// Name of the file that holds the manifest's own checksum, as `sha256sum --check` reads it.
pub const MANIFEST_CHECKSUM: &str = "manifest.sha256";
/// So many bytes are read when a generation is opened, the smallest files first, and must have their checksum: a
/// millisecond of a search.
const READ_AT_OPEN: u64 = 1 << 20;
/// Bytes of a file that are read and hashed at once; smaller steps cost more calls of the system than hashing.
const READ_AT_ONCE: usize = 128 << 10;
/// The same for the small files of a generation that is opened, where memory that is not touched is not waited for.
const READ_AT_ONCE_AT_OPEN: usize = 32 << 10;

/// Everything a reader or a refresh must know before it opens a segment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// Layout on disk, see [`FORMAT_VERSION`].
    pub format_version: u32,
    /// What made the articles what they are.
    pub rules: Rules,
    /// The day dates were measured against: later ones were refused.
    pub today: Date,
    /// Absolute paths that were indexed, in the order given.
    pub roots: Vec<String>,
    /// `FIELD=COLUMN` mappings given by the user.
    pub map: Vec<String>,
    /// Limits on what was read.
    pub limits: Vec<u64>,
    /// What was counted while building.
    pub counts: Counts,
    /// See `digest`.
    pub digest: String,
    /// The segments in canonical order.
    pub segments: Vec<SegmentEntry>,
    /// Segments of the articles removed from `segments`: what they add to the frequencies of words is taken off again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withdrawn: Vec<SegmentEntry>,
    /// Every other file of the generation, by name.
    pub checksums: BTreeMap<String, Checksum>,
}

/// What decides how an archive becomes articles and an index; a difference means another index.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// `dateline` and its version.
    pub program: String,
    /// Name and version of the stemmer.
    pub stemmer: String,
    /// SHA-256 of each file of facts, by name.
    pub facts: BTreeMap<String, String>,
}

impl Rules {
    /// What differs between two sets of rules, in words; empty if nothing does.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let mut differences = Vec::new();
        if self.program != other.program {
            differences.push(format!("{} became {}", self.program, other.program));
        }
        if self.stemmer != other.stemmer {
            differences.push(format!("stemmer {} became {}", self.stemmer, other.stemmer));
        }
        let names = self.facts.keys().chain(other.facts.keys()).collect::<std::collections::BTreeSet<_>>();
        for name in names {
            if self.facts.get(name) != other.facts.get(name) {
                differences.push(format!("{name} changed"));
            }
        }
        differences
    }
}

/// What a build counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Articles in the index.
    pub articles: u64,
    /// Files found under the roots.
    pub files: u64,
    /// Bytes of those files.
    pub bytes_read: u64,
    /// Files and records left out, by reason.
    pub skipped: BTreeMap<String, u64>,
    /// Repairs and refusals in articles that were indexed, by kind.
    pub warnings: BTreeMap<String, u64>,
    /// The first of each in canonical order.
    pub examples: BTreeMap<String, Example>,
}

/// One case of a reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Example {
    /// File or member.
    pub path: String,
    /// Record number from 1; 0 is the file as a whole.
    pub record: u64,
    /// What was seen there.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

/// One segment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentEntry {
    /// Its UUID, made from its articles.
    pub id: String,
    /// How many articles it holds, those removed left out.
    pub articles: u32,
    /// How many of its documents are of articles that were removed since it was written.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub removed: u32,
    /// Most days by which a document begins before one that stands earlier, 0 if they stand in the order of their dates: the less, the
    /// nearer to a range of documents is a range of days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_out_of_order: Option<u32>,
}

impl SegmentEntry {
    /// Documents, those of removed articles included.
    pub fn documents(&self) -> u32 {
        self.articles + self.removed
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// Size and hash of one file of a generation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checksum {
    /// In bytes.
    pub size: u64,
    /// In lower-case hexadecimal.
    pub sha256: String,
}

impl Manifest {
    /// Reads the manifest of a generation.
    ///
    /// # Errors
    /// If it is missing, damaged, or of another format version.
    pub fn read(generation: &Path) -> anyhow::Result<Self> {
        #[derive(Deserialize)]
        struct Version {
            format_version: u32,
        }
        let path = generation.join(MANIFEST);
        let damaged = || format!("{DAMAGED}: cannot read {}", path.display());
        let text = fs::read_to_string(&path).with_context(damaged)?;
        let has_checksum = match fs::read(generation.join(MANIFEST_CHECKSUM)) {
            Ok(line) => {
                let is_whole = line == checksum_line(&text).into_bytes();
                anyhow::ensure!(is_whole, "{DAMAGED}: {} is not as it was written", path.display());
                true
            }
            // formats before this one had none, and are told apart by their number
            Err(error) if error.kind() == ErrorKind::NotFound => false,
            Err(error) => return Err(error).with_context(damaged),
        };
        let read: Result<Self, _> = serde_json::from_str(&text);
        // of another format it may lack or have anything else
        let version = match &read {
            Ok(manifest) => manifest.format_version,
            Err(_) => serde_json::from_str::<Version>(&text).with_context(damaged)?.format_version,
        };
        anyhow::ensure!(
            version == FORMAT_VERSION,
            "the index has format {version}, this dateline reads format {FORMAT_VERSION}; run `dateline index --rebuild` to make it anew"
        );
        anyhow::ensure!(has_checksum, "{DAMAGED}: {MANIFEST_CHECKSUM} is missing beside {}", path.display());
        read.with_context(damaged)
    }

    /// Checks that every file is there and has its size, and that small ones, and those named, are as they were written: cheap enough
    /// for every search.
    ///
    /// # Errors
    /// Names the first file that is missing, of another size, or changed.
    pub fn check_quickly(&self, generation: &Path, whole: &[&str]) -> anyhow::Result<()> {
        let mut files: Vec<_> = self.checksums.iter().collect();
        files.sort_by_key(|(name, written)| (!whole.contains(&name.as_str()), written.size));
        let mut left = READ_AT_OPEN;
        let mut buffer = vec![0; READ_AT_ONCE_AT_OPEN];
        for (name, written) in files {
            let is_read = whole.contains(&name.as_str()) || written.size <= left;
            left = left.saturating_sub(if is_read { written.size } else { 0 });
            if let Some(harm) = harm_with(generation, name, written, is_read, &mut buffer)? {
                anyhow::bail!("{DAMAGED}: {harm}");
            }
        }
        Ok(())
    }

    /// Checks that some files are as they were written: those that the next generation is made from, lest harm is carried over.
    ///
    /// # Errors
    /// Names the first that is missing, of another size, or changed.
    pub fn check_whole(&self, generation: &Path, names: &[&str]) -> anyhow::Result<()> {
        for name in names {
            let written = self.checksums.get(*name).with_context(|| format!("{DAMAGED}: no checksum of {name}"))?;
            if let Some(harm) = harm(generation, name, written, true)? {
                anyhow::bail!("{DAMAGED}: {harm}");
            }
        }
        Ok(())
    }

    /// Writes the manifest into a generation being built.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write(&self, generation: &Path) -> anyhow::Result<()> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        for (name, content) in [(MANIFEST_CHECKSUM, checksum_line(&text)), (MANIFEST, text)] {
            let path = generation.join(name);
            fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(())
    }
}

/// The roots a generation of any format remembers, so that it can be built anew.
///
/// # Errors
/// If its manifest is missing or damaged.
pub fn remembered_roots(generation: &Path) -> anyhow::Result<Vec<String>> {
    #[derive(Deserialize)]
    struct Remembered {
        roots: Vec<String>,
    }
    let path = generation.join(MANIFEST);
    let text = fs::read_to_string(&path).with_context(|| format!("index damaged: cannot read {}", path.display()))?;
    let Remembered { roots } =
        serde_json::from_str(&text).with_context(|| format!("index damaged: {} is no manifest", path.display()))?;
    Ok(roots)
}

fn checksum_line(manifest: &str) -> String {
    format!("{}  {MANIFEST}\n", hexadecimal(&Sha256::digest(manifest)))
}

/// What is wrong with a file of a generation, if anything: it is missing, of another size, or, if it is read whole, changed.
///
/// # Errors
/// If the system will not let us look.
pub fn harm(generation: &Path, name: &str, written: &Checksum, whole: bool) -> anyhow::Result<Option<String>> {
    let buffer = if whole { READ_AT_ONCE } else { 0 };
    harm_with(generation, name, written, whole, &mut vec![0; buffer])
}

fn harm_with(
    generation: &Path,
    name: &str,
    written: &Checksum,
    whole: bool,
    buffer: &mut [u8],
) -> anyhow::Result<Option<String>> {
    let path = generation.join(name);
    let size = match fs::metadata(&path) {
        Ok(metadata) => metadata.len(),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Some(format!("{} is missing", path.display()))),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    if size != written.size {
        return Ok(Some(format!("{} has {size} bytes instead of {}", path.display(), written.size)));
    }
    let is_changed = whole && checksum_with(&path, buffer)? != *written;
    Ok(is_changed.then(|| format!("{} is not as it was written", path.display())))
}

/// Hashes one file.
///
/// # Errors
/// If it cannot be read.
pub fn checksum(path: &Path) -> anyhow::Result<Checksum> {
    checksum_with(path, &mut vec![0; READ_AT_ONCE])
}

/// The same by way of a buffer, which must not be empty.
fn checksum_with(path: &Path, buffer: &mut [u8]) -> anyhow::Result<Checksum> {
    let cannot_read = || format!("cannot read {}", path.display());
    let mut file = archive::open(path).with_context(cannot_read)?;
    let mut hasher = Sha256::new();
    let mut size = 0;
    loop {
        match file.read(buffer) {
            Ok(0) => return Ok(Checksum { size, sha256: hexadecimal(&hasher.finalize()) }),
            Ok(read) => {
                hasher.update(&buffer[..read]);
                size += read as u64;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error).with_context(cannot_read),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_is_read_whatever_its_size() {
        let folder = tempfile::tempdir().unwrap();
        let mut bytes = vec![7; READ_AT_OPEN as usize + 1];
        for name in ["large", "table"] {
            fs::write(folder.path().join(name), &bytes).unwrap();
        }
        let counts = serde_json::to_value(Counts::default()).unwrap();
        let rules = serde_json::to_value(Rules::default()).unwrap();
        let written = checksum(&folder.path().join("table")).unwrap();
        let manifest: Manifest = serde_json::from_value(serde_json::json!({
            "format_version": FORMAT_VERSION, "rules": rules, "today": "2026-01-01", "roots": [], "map": [], "limits": [],
            "counts": counts, "digest": "", "segments": [], "checksums": {"large": written, "table": written},
        }))
        .unwrap();
        manifest.check_quickly(folder.path(), &["table"]).unwrap();
        bytes[0] = 8;
        fs::write(folder.path().join("large"), &bytes).unwrap();
        manifest.check_quickly(folder.path(), &["table"]).expect("too large to be read by every search");
        fs::write(folder.path().join("table"), &bytes).unwrap();
        let error = manifest.check_quickly(folder.path(), &["table"]).unwrap_err().to_string();
        assert!(error.starts_with(DAMAGED) && error.ends_with("table is not as it was written"), "{error}");
    }
}
