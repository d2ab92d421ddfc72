//! An index opened for searching: its segments, and what it teaches about names.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use anyhow::Context;
use tantivy::Searcher;
use tantivy::columnar::StrColumn;

use crate::index::manifest::{DAMAGED, Manifest};
use crate::index::{self, IndexDirectory, Opening, Statistics, StemLanguage, beside, summon_helpers};
use crate::query::{Compiler, FoldedValues, stem_languages};
use crate::resolve::{ALIASES, Aliases, MEANINGS, NameTable, Names, Suggestions, suggest};

use super::facets::Numberings;

/// One published generation, opened. It keeps answering from that generation when a newer one is published.
pub struct Archive {
    path: PathBuf,
    generation: u64,
    manifest: Manifest,
    searcher: Searcher,
    statistics: Statistics,
    names: Arc<NameTable>,
    numberings: Numberings,
    folded: Arc<FoldedValues>,
    languages: OnceLock<Vec<StemLanguage>>,
    ids: OnceLock<Arc<[StrColumn]>>,
    opening: Opening,
}

impl Archive {
    /// Opens the published generation, under the `aliases.toml` of its index if there is one.
    ///
    /// # Errors
    /// `index::NoIndex` if there is none; else if it is damaged or of another format.
    pub fn open(directory: &IndexDirectory) -> anyhow::Result<Self> {
        Self::open_with(directory, None, Opening::ForMany)
    }

    /// Opens the published generation under a file of aliases; without one, that of the index if there is one.
    ///
    /// # Errors
    /// As [`Archive::open`]; also if the aliases cannot be read.
    pub fn open_with(directory: &IndexDirectory, aliases: Option<&Path>, opening: Opening) -> anyhow::Result<Self> {
        summon(opening);
        loop {
            let number = directory.current()?;
            let opened = directory
                .published()
                .and_then(|(number, manifest)| Self::open_generation(directory, number, manifest, aliases, opening));
            // a generation that is replaced twice while it is being opened is gone, and its successor answers
            if opened.is_ok() || directory.current()? == number {
                return opened;
            }
        }
    }

    /// Opens a generation that is kept.
    ///
    /// # Errors
    /// As [`Archive::open_with`]; also if it is not kept.
    pub fn open_as_of(
        directory: &IndexDirectory,
        number: u64,
        aliases: Option<&Path>,
        opening: Opening,
    ) -> anyhow::Result<Self> {
        summon(opening);
        Self::open_generation(directory, number, directory.kept(number)?, aliases, opening)
    }

    fn open_generation(
        directory: &IndexDirectory,
        generation: u64,
        manifest: Manifest,
        aliases: Option<&Path>,
        opening: Opening,
    ) -> anyhow::Result<Self> {
        let path = directory.generation_path(generation);
        let files = manifest.clone();
        // one search waits for both, and each takes about as long
        let (checked, opened) = beside(
            || files.check_quickly(&path, &[MEANINGS]),
            || {
                let open = || Self::opened(directory, &path, generation, manifest, aliases, opening);
                catch_unwind(AssertUnwindSafe(open))
            },
        );
        // what opening makes of damaged files says less than that they are damaged
        checked?;
        opened.unwrap_or_else(|panic| resume_unwind(panic))
    }

    /// Opens a generation that need not be published, as it is.
    ///
    /// # Errors
    /// If it is damaged, or the aliases cannot be read.
    pub fn of_generation(
        directory: &IndexDirectory,
        path: &Path,
        generation: u64,
        manifest: Manifest,
        aliases: Option<&Path>,
    ) -> anyhow::Result<Self> {
        Self::opened(directory, path, generation, manifest, aliases, Opening::ForMany)
    }

    fn opened(
        directory: &IndexDirectory,
        path: &Path,
        generation: u64,
        manifest: Manifest,
        aliases: Option<&Path>,
        opening: Opening,
    ) -> anyhow::Result<Self> {
        let damaged = || format!("{DAMAGED}: {}", path.display());
        let searcher = index::open(path, opening).with_context(damaged)?;
        let withdrawn = index::open_withdrawn(&searcher, &manifest.withdrawn).with_context(damaged)?;
        let statistics = Statistics::new(searcher.clone(), &manifest.segments, withdrawn);
        let own = directory.path().join(ALIASES);
        let aliases = match aliases {
            Some(path) => Aliases::read(path)?,
            None if own.is_file() => Aliases::read(&own)?,
            None => Aliases::default(),
        };
        let names = Arc::new(NameTable::read(path)?.with_aliases(aliases));
        Ok(Self {
            path: path.to_owned(),
            generation,
            manifest,
            searcher,
            statistics,
            names,
            numberings: Numberings::default(),
            folded: Arc::default(),
            languages: OnceLock::new(),
            ids: OnceLock::new(),
            opening,
        })
    }

    /// Whether it is opened to answer once: help is then asked for from the beginning, and blocks articles are stored in are not kept
    /// for the next answer.
    pub(super) fn answers_once(&self) -> bool {
        self.opening == Opening::ForOne
    }

    /// Where its generation lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its number.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// What it says about itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Its segments.
    pub fn searcher(&self) -> &Searcher {
        &self.searcher
    }

    /// How frequent words are in it.
    pub fn statistics(&self) -> &Statistics {
        &self.statistics
    }

    /// What it teaches about names.
    pub fn names(&self) -> &Arc<NameTable> {
        &self.names
    }

    /// What a person could still settle about its names, see [`suggest`].
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn suggestions(&self, least: u32, most: usize) -> anyhow::Result<Suggestions> {
        Ok(suggest(&Names::read(&self.path)?, &self.names, least, most))
    }

    /// What compiles queries for it.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn compiler(&self) -> anyhow::Result<Compiler<'_>> {
        let languages = kept(&self.languages, || stem_languages(&self.statistics))?.clone();
        Ok(Compiler::new(&self.statistics, &self.names, languages).remembering(&self.folded))
    }

    /// The ids of each segment.
    ///
    /// # Errors
    /// If the index is damaged.
    pub(super) fn ids(&self) -> tantivy::Result<&Arc<[StrColumn]>> {
        kept(&self.ids, || {
            let missing = || tantivy::TantivyError::InternalError("a segment without ids".to_owned());
            let segments = self.searcher.segment_readers().iter();
            segments.map(|segment| segment.fast_fields().str("id")?.ok_or_else(missing)).collect()
        })
    }

    /// Numbers of its values, for counting.
    pub(super) fn numberings(&self) -> &Numberings {
        &self.numberings
    }
}

/// Has who helps come while the manifest is read, where that saves time.
fn summon(opening: Opening) {
    if opening == Opening::ForOne {
        summon_helpers();
    }
}

/// What was worked out before, or else is now.
fn kept<T>(place: &OnceLock<T>, work_out: impl FnOnce() -> tantivy::Result<T>) -> tantivy::Result<&T> {
    Ok(match place.get() {
        Some(found) => found,
        None => {
            let found = work_out()?;
            place.get_or_init(|| found)
        }
    })
}
