//! An index opened for searching: its segments, and what it teaches about names.

use anyhow::Context;
use tantivy::{DocAddress, Searcher, TantivyDocument};

use crate::article::Article;
use crate::enrich::Gazetteer;
use crate::index::manifest::Manifest;
use crate::index::{self, IndexDirectory};
use crate::resolve::NameTable;

/// One published generation, opened. It keeps answering from that generation when a newer one is published.
pub struct Archive {
    generation: u64,
    manifest: Manifest,
    searcher: Searcher,
    names: NameTable,
}

impl Archive {
    /// Opens the published generation.
    ///
    /// # Errors
    /// `index::NoIndex` if there is none; else if it is damaged or of another format.
    pub fn open(directory: &IndexDirectory) -> anyhow::Result<Self> {
        let (generation, manifest) = directory.published()?;
        let path = directory.generation_path(generation);
        let damaged = || format!("index damaged at {}; rebuild it with `dateline index --rebuild`", path.display());
        manifest.check_sizes(&path).with_context(damaged)?;
        let searcher = index::open(&path).with_context(damaged)?;
        let names = NameTable::read(&path).with_context(damaged)?;
        Ok(Self { generation, manifest, searcher, names })
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

    /// What it teaches about names.
    pub fn names(&self) -> &NameTable {
        &self.names
    }

    /// Reads an article, its names resolved.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn article(&self, address: DocAddress) -> anyhow::Result<Article> {
        let document: TantivyDocument = self.searcher.doc(address)?;
        let mut article = index::article(&document)?;
        self.resolve(&mut article);
        Ok(article)
    }

    /// Replaces surnames an article never explains by whom they stand for in this archive; those who turn out to be in
    /// office join the leaders.
    pub fn resolve(&self, article: &mut Article) {
        let year = article.date.map(|date| date.year());
        let mut learned = Vec::new();
        for list in [&mut article.people, &mut article.mentioned, &mut article.leaders] {
            for value in list.iter_mut() {
                let resolved = self.names.resolve(value, year);
                if resolved != value {
                    *value = resolved.to_owned();
                    learned.push(value.clone());
                }
            }
            remove_repeated(list);
        }
        for name in learned {
            let in_office =
                Gazetteer::embedded().person(&name).is_some_and(|person| person.is_leader_at(article.date.as_ref()));
            if in_office && article.people.contains(&name) && !article.leaders.contains(&name) {
                article.leaders.push(name);
            }
        }
        article.mentioned.retain(|name| !article.people.contains(name));
    }
}

fn remove_repeated(values: &mut Vec<String>) {
    let mut kept: Vec<String> = Vec::with_capacity(values.len());
    for value in values.drain(..) {
        if !kept.contains(&value) {
            kept.push(value);
        }
    }
    *values = kept;
}
