//! Evidence: how many articles of each year name whom, how surely, and what turned out to be no person.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::article::{Article, Hints};
use crate::index::manifest::DAMAGED;

/// Stands before a value that counts only if the archive knows whom it means: the surname of a headline.
pub const OPEN: char = '?';

/// Of zstd. Neighbours in a sorted list share most of their letters, so a cheap one already leaves a quarter.
const LEVEL: i32 = 3;

/// In how many articles of one year a name stands as what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    /// As a person.
    pub person: u32,
    /// Of these, with a title or as only people act.
    pub sure: u32,
    /// As a firm, a place or another thing.
    pub thing: u32,
}

/// The names of a set of articles by year; year 0 is undated. A name after [`OPEN`] is a surname nothing explains.
#[derive(Debug, Default)]
pub struct Evidence {
    uses: BTreeMap<(String, i16), Uses>,
}

/// Where the evidence of a segment lies.
pub fn evidence_path(generation: &Path, segment: &str) -> PathBuf {
    generation.join(format!("{segment}.names"))
}

impl Evidence {
    /// Adds what one article says, and lists its open surnames among its people, each marked with [`OPEN`]. The other hints
    /// stay with it, so that an article read back from the index says the same again.
    pub fn add(&mut self, article: &mut Article) {
        let hints = std::mem::take(&mut article.hints);
        article.people.extend(hints.subjects.into_iter().map(|name| format!("{OPEN}{name}")));
        article.mentioned.extend(hints.mentioned.into_iter().map(|name| format!("{OPEN}{name}")));
        let year = article.date.map_or(0, |date| date.year());
        for name in article.people.iter().chain(&article.mentioned) {
            self.uses.entry((name.clone(), year)).or_default().person += 1;
        }
        for name in &hints.sure {
            self.uses.entry((name.clone(), year)).or_default().sure += 1;
        }
        for name in &hints.things {
            self.uses.entry((name.clone(), year)).or_default().thing += 1;
        }
        article.hints = Hints { sure: hints.sure, things: hints.things, ..Hints::default() };
    }

    /// Writes it, a line each of name, year and uses, sorted and compressed.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write(&self, path: &Path) -> anyhow::Result<()> {
        let cannot_write = || format!("cannot write {}", path.display());
        let file = fs::File::create(path).with_context(cannot_write)?;
        let mut out = BufWriter::new(zstd::Encoder::new(file, LEVEL).with_context(cannot_write)?);
        for ((name, year), Uses { person, sure, thing }) in &self.uses {
            writeln!(out, "{name}\t{year}\t{person}\t{sure}\t{thing}").with_context(cannot_write)?;
        }
        let out = out.into_inner().map_err(std::io::IntoInnerError::into_error);
        out.and_then(zstd::Encoder::finish).map(|_| ()).with_context(cannot_write)
    }

    /// Reads the evidence of a segment line by line.
    ///
    /// # Errors
    /// If the file is missing or damaged.
    pub fn read(path: &Path, mut give: impl FnMut(&str, i16, Uses)) -> anyhow::Result<()> {
        let damaged = || format!("{DAMAGED}: cannot read {}", path.display());
        let file = fs::File::open(path).with_context(damaged)?;
        for line in BufReader::new(zstd::Decoder::new(file).with_context(damaged)?).lines() {
            let line = line.with_context(damaged)?;
            let columns: Vec<&str> = line.split('\t').collect();
            let [name, year, person, sure, thing] = columns[..] else { anyhow::bail!(damaged()) };
            let count = |column: &str| column.parse::<u32>().with_context(damaged);
            let uses = Uses { person: count(person)?, sure: count(sure)?, thing: count(thing)? };
            give(name, year.parse().with_context(damaged)?, uses);
        }
        Ok(())
    }
}
