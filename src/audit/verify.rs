//! Whether an index is whole: every file of every kept generation as it was written, its manifest true of its contents, and,
//! deeply, every article readable and the digest what its articles give.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use anyhow::Context;
use serde::Serialize;

use crate::index::digest::{MergedPairs, Pair, digest};
use crate::index::files::FileList;
use crate::index::manifest::{DAMAGED, MANIFEST, MANIFEST_CHECKSUM, Manifest, harm};
use crate::index::{ArticleDocument, IndexDirectory, NoIndex, Opening, each_stored, open};
use crate::resolve::{Evidence, MEANINGS, NameTable, Names, USES};

/// Something wrong with an index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The generation it is in; absent if it is about the index as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generation: Option<u64>,
    /// What is wrong, with the file or article.
    pub what: String,
}

/// What was looked at and what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Generations looked at, earliest first.
    pub generations: Vec<u64>,
    /// The one that answers.
    pub current: Option<u64>,
    /// Files read whole.
    pub files: u64,
    /// Articles read, if it was done deeply.
    pub articles: u64,
    /// Everything wrong; empty if the index is whole.
    pub findings: Vec<Finding>,
}

/// Looks at every kept generation.
///
/// # Errors
/// [`NoIndex`] if there is none; else if the system will not let us look.
pub fn verify(directory: &IndexDirectory, deep: bool) -> anyhow::Result<Verified> {
    let mut verified = Verified { generations: directory.generations()?, ..Verified::default() };
    match directory.current() {
        Ok(Some(current)) => verified.current = Some(current),
        Ok(None) if verified.generations.is_empty() => return Err(NoIndex(directory.path().to_owned()).into()),
        Ok(None) => verified.find(None, "CURRENT is missing, so no generation answers".to_owned()),
        Err(error) => verified.find(None, told(&error)),
    }
    if let Some(current) = verified.current.filter(|current| !verified.generations.contains(current)) {
        verified.find(None, format!("CURRENT names generation {current}, which is not there"));
    }
    for number in verified.generations.clone() {
        verified.generation(number, &directory.generation_path(number), deep)?;
    }
    Ok(verified)
}

/// Whether some file of a generation is not as it was written.
///
/// # Errors
/// If the system will not let us look.
pub fn first_harm(generation: &Path) -> anyhow::Result<Option<String>> {
    let manifest = match Manifest::read(generation) {
        Ok(manifest) => manifest,
        Err(error) => return Ok(Some(told(&error))),
    };
    for (name, written) in &manifest.checksums {
        if let Some(harm) = harm(generation, name, written, true)? {
            return Ok(Some(harm));
        }
    }
    Ok(None)
}

/// An error without the advice to do what is being done.
fn told(error: &anyhow::Error) -> String {
    let text = format!("{error:#}");
    text.strip_prefix(DAMAGED).and_then(|rest| rest.strip_prefix(": ")).map_or(text.clone(), str::to_owned)
}

impl Verified {
    fn find(&mut self, generation: Option<u64>, what: String) {
        self.findings.push(Finding { generation, what });
    }

    fn generation(&mut self, number: u64, path: &Path, deep: bool) -> anyhow::Result<()> {
        let before = self.findings.len();
        let manifest = match Manifest::read(path) {
            Ok(manifest) => manifest,
            Err(error) => {
                self.find(Some(number), told(&error));
                return Ok(());
            }
        };
        for (name, written) in &manifest.checksums {
            self.files += 1;
            if let Some(harm) = harm(path, name, written, true)? {
                self.find(Some(number), harm);
            }
        }
        for entry in fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if !manifest.checksums.contains_key(&name) && name != MANIFEST && name != MANIFEST_CHECKSUM {
                self.find(Some(number), format!("{} is no file of the index", path.join(name).display()));
            }
        }
        if self.findings.len() > before {
            // what follows would only say the same in other words
            return Ok(());
        }
        let looked = catch_unwind(AssertUnwindSafe(|| -> anyhow::Result<(Vec<String>, u64)> {
            let mut found = contents(path, &manifest)?;
            let articles = if deep { articles(path, &manifest, &mut found)? } else { 0 };
            Ok((found, articles))
        }));
        match looked {
            Ok(Ok((found, articles))) => {
                self.articles += articles;
                for what in found {
                    self.find(Some(number), what);
                }
            }
            Ok(Err(error)) => self.find(Some(number), told(&error)),
            Err(_) => self.find(Some(number), format!("{} cannot be read", path.display())),
        }
        Ok(())
    }
}

/// What the manifest says that is not so.
fn contents(path: &Path, manifest: &Manifest) -> anyhow::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut hold = |what: &str, said: u64, held: u64| {
        if said != held {
            found.push(format!("the manifest says {said} {what}, there are {held}"));
        }
    };
    let searcher = open(path, Opening::ForMany)?;
    let said: BTreeSet<(String, u32)> = manifest.segments.iter().map(|s| (s.id.clone(), s.articles)).collect();
    let readers = searcher.segment_readers();
    let held: BTreeSet<(String, u32)> =
        readers.iter().map(|reader| (reader.segment_id().uuid_string(), reader.num_docs())).collect();
    hold("articles", manifest.counts.articles, searcher.num_docs());
    hold("segments", manifest.segments.len() as u64, readers.len() as u64);
    let files = FileList::read(path)?;
    let (mut entries, mut bytes) = (files.entries(), 0);
    while entries.advance()? {
        bytes += entries.file().bytes();
    }
    hold("files", manifest.counts.files, files.files() as u64);
    hold("bytes read", manifest.counts.bytes_read, bytes);
    found.extend(said.symmetric_difference(&held).map(|(id, articles)| {
        format!("segment {id} with {articles} articles is only in the manifest or only in the index")
    }));
    let computed = digest(path, &manifest.segments, &manifest.rules)?;
    if computed != manifest.digest {
        found.push(format!("the digest is {computed}, the manifest says {}", manifest.digest));
    }
    Ok(found)
}

/// Reads every article, and compares it with the hash kept of it, and what all say of names with their sums. Returns how many
/// there are.
fn articles(path: &Path, manifest: &Manifest, found: &mut Vec<String>) -> anyhow::Result<u64> {
    let mut count = 0;
    let mut hashes: BTreeMap<String, Vec<Pair>> = BTreeMap::new();
    let mut evidence = Evidence::default();
    each_stored(path, |segment, article| {
        count += 1;
        let document = article.and_then(|mut article| {
            evidence.add(&mut article);
            ArticleDocument::new(article)
        });
        match document {
            Ok(document) => {
                hashes.entry(segment.to_owned()).or_default().push((document.id().to_owned(), document.hash()));
            }
            Err(error) => found.push(format!("an article of segment {segment} cannot be read: {error:#}")),
        }
    })?;
    let names = Names::sum([evidence.packed()])?;
    if names != Names::read(path)? {
        found.push(format!("{USES} is not what the articles say of names"));
    }
    if NameTable::learn(&names) != NameTable::read(path)? {
        found.push(format!("{MEANINGS} is not what the articles teach about names"));
    }
    for segment in &manifest.segments {
        let read: BTreeSet<Pair> = hashes.remove(&segment.id).unwrap_or_default().into_iter().collect();
        let mut kept = BTreeSet::new();
        let mut pairs = MergedPairs::open(path, std::slice::from_ref(segment))?;
        while let Some(pair) = pairs.next_pair()? {
            kept.insert(pair.clone());
        }
        let wrong: BTreeSet<&String> = read.symmetric_difference(&kept).map(|(id, _)| id).collect();
        found.extend(wrong.into_iter().map(|id| format!("article {id} is not what was indexed")));
    }
    Ok(count)
}
