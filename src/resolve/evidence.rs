//! Evidence: how many articles of each year name whom, by full name or by surname alone.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::article::Article;

/// The names of a set of articles: (name, year) to number of articles; year 0 is undated.
#[derive(Debug, Default)]
pub struct Evidence {
    counts: BTreeMap<(String, i16), u32>,
}

/// Where the evidence of a segment lies.
pub fn evidence_path(generation: &Path, segment: &str) -> PathBuf {
    generation.join(format!("{segment}.names"))
}

impl Evidence {
    /// Adds what one article says.
    pub fn add(&mut self, article: &Article) {
        let year = article.date.map_or(0, |date| date.year());
        for name in article.people.iter().chain(&article.mentioned) {
            *self.counts.entry((name.clone(), year)).or_default() += 1;
        }
    }

    /// Writes it, a line each of name, year and number of articles, sorted.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write(&self, path: &Path) -> anyhow::Result<()> {
        let cannot_write = || format!("cannot write {}", path.display());
        let mut out = BufWriter::new(fs::File::create(path).with_context(cannot_write)?);
        for ((name, year), articles) in &self.counts {
            writeln!(out, "{name}\t{year}\t{articles}").with_context(cannot_write)?;
        }
        out.flush().with_context(cannot_write)
    }

    /// Reads the evidence of a segment line by line: name, year, number of articles.
    ///
    /// # Errors
    /// If the file is missing or damaged.
    pub fn read(path: &Path, mut give: impl FnMut(&str, i16, u32)) -> anyhow::Result<()> {
        let damaged = || format!("index damaged: cannot read {}", path.display());
        for line in BufReader::new(fs::File::open(path).with_context(damaged)?).lines() {
            let line = line.with_context(damaged)?;
            let mut columns = line.split('\t');
            let (Some(name), Some(year), Some(articles)) = (columns.next(), columns.next(), columns.next()) else {
                anyhow::bail!(damaged());
            };
            give(name, year.parse().with_context(damaged)?, articles.parse().with_context(damaged)?);
        }
        Ok(())
    }
}
