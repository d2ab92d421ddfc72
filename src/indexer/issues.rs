//! Scanned issues: a METS file owns the pages it names, so that a refresh sees a change in any of them as one of the issue.
//!
//! Only files with `mets` in their name are opened to see which pages they name, and only if they changed: a walk must
//! not read the archive.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use crate::archive::{self, File, Flow, Skip, SkipReason};
use crate::format::mets::place::may_be_issue;
use crate::format::{self, Context, Format, mets};
use crate::index::files::{FileList, PageFile, SourceFile};

use super::Settings;
use super::reader::{Issue, RootFile};
use super::tally::Tally;

/// What a generation knows of the files to be found.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    files: &'a FileList,
    roots: &'a [String],
}

/// The files that named pages, by root and path.
#[derive(Default)]
struct KnownIssues(FxHashMap<(String, String), SourceFile>);

impl<'a> Known<'a> {
    /// What the files of a generation were when it was built, and its roots.
    pub fn of(files: &'a FileList, roots: &'a [String]) -> Self {
        Self { files, roots }
    }

    /// How many files there were, and a few more.
    pub fn about(self) -> usize {
        let count = self.files.files();
        count + count / 64
    }

    fn issues(self) -> anyhow::Result<KnownIssues> {
        let mut issues = KnownIssues::default();
        let mut entries = self.files.entries();
        while entries.advance()? {
            let file = entries.file();
            if let Some(root) = self.roots.get(file.root).filter(|_| !file.names().is_empty()) {
                issues.0.insert((root.clone(), file.path.clone()), file.clone());
            }
        }
        Ok(issues)
    }
}

impl KnownIssues {
    fn names(&self, root: &Path, file: &File) -> Option<&[String]> {
        let known = self.0.get(&(root.to_str()?.to_owned(), file.path.clone()))?;
        ((known.size, known.modified) == (file.size, file.modified)).then_some(known.names())
    }
}

/// Puts the pages that issues name among `found` with their issues.
///
/// # Errors
/// If what is known is damaged.
pub fn gather(
    found: Vec<RootFile>,
    roots: &[PathBuf],
    known: Option<Known<'_>>,
    settings: &Settings,
    tally: &mut Tally,
) -> anyhow::Result<Vec<RootFile>> {
    if !found.iter().any(|found| may_be_issue(&found.file.path)) {
        return Ok(found);
    }
    let known = known.map(Known::issues).transpose()?.unwrap_or_default();
    let mut files: Vec<BTreeMap<String, usize>> = vec![BTreeMap::new(); roots.len()];
    for (number, RootFile { root, file, .. }) in found.iter().enumerate() {
        files[*root].insert(file.path.clone(), number);
    }
    let mut found: Vec<Option<RootFile>> = found.into_iter().map(Some).collect();
    for number in 0..found.len() {
        let Some(mut issue) = found[number].take_if(|found| may_be_issue(&found.file.path)) else { continue };
        let names = match known.names(&roots[issue.root], &issue.file) {
            Some(names) => names.to_vec(),
            None => names(&issue.file, settings),
        };
        let files = &mut files[issue.root];
        let mut pages = Vec::new();
        for name in &names {
            let Some(path) = mets::place::find(&issue.file.path, name, files).map(str::to_owned) else { continue };
            // a page belongs to the first that names it, and no issue is a page
            let place = files.get(&path).copied().filter(|place| *place != number && !may_be_issue(&path));
            let Some(page) = place.and_then(|place| found[place].take()) else { continue };
            files.remove(&path);
            let detail = format!("read with {}", issue.file.path);
            tally.skip(Skip { reason: SkipReason::PageOfIssue, path, record: 0, detail });
            pages.push(page.file);
        }
        issue.issue = Some(Box::new(Issue { pages, names }));
        found[number] = Some(issue);
    }
    Ok(found.into_iter().flatten().collect())
}

/// What a generation remembers of pages.
pub fn page_files(pages: &[File]) -> Vec<PageFile> {
    let page =
        |File { path, size, modified, .. }: &File| PageFile { path: path.clone(), size: *size, modified: *modified };
    pages.iter().map(page).collect()
}

/// Whether these are the pages a generation remembers.
pub fn are_same(remembered: &[PageFile], pages: &[File]) -> bool {
    let is_same =
        |(old, new): (&PageFile, &File)| (&old.path, old.size, old.modified) == (&new.path, new.size, new.modified);
    remembered.len() == pages.len() && remembered.iter().zip(pages).all(is_same)
}

/// The pages a file names, if it describes an issue.
fn names(file: &File, settings: &Settings) -> Vec<String> {
    let mut names = Vec::new();
    // what cannot be read is reported when it is its turn to be read
    _ = archive::members(
        file,
        &settings.limits,
        &mut |member| {
            if member.path == file.path && format::detect(&member.head, &member.path) == Ok(Format::Mets) {
                let context = Context { path: member.path, limits: settings.limits, ..Context::default() };
                _ = format::records(Format::Mets, member.read, context, &mut |record| {
                    names.extend(record.iter().flat_map(mets::text_files));
                    false
                });
            }
            Flow::Stop
        },
        &mut |_| {},
    );
    names
}
