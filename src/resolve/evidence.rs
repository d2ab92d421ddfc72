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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Uses {
    /// As a person.
    pub person: u32,
    /// Of these, with a title or as only people act.
    pub sure: u32,
    /// As a firm, a place or another thing.
    pub thing: u32,
}

impl Uses {
    /// Counts more of them.
    pub fn add(&mut self, other: Self) {
        self.person += other.person;
        self.sure += other.sure;
        self.thing += other.thing;
    }

    /// What is left without others.
    pub fn without(self, other: Self) -> Self {
        Self {
            person: self.person.saturating_sub(other.person),
            sure: self.sure.saturating_sub(other.sure),
            thing: self.thing.saturating_sub(other.thing),
        }
    }
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
}

/// One line of evidence; ordered by name, then by year.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// As it stands in articles, perhaps [`OPEN`].
    pub name: String,
    /// 0 is undated.
    pub year: i16,
    /// In how many articles.
    pub uses: Uses,
}

/// The evidence of a segment, read line by line.
pub struct EvidenceLines {
    input: BufReader<zstd::Decoder<'static, BufReader<fs::File>>>,
    path: PathBuf,
    text: String,
}

impl EvidenceLines {
    /// Opens the evidence of a segment.
    ///
    /// # Errors
    /// If it is missing or damaged.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let file = fs::File::open(path).with_context(|| damaged(path))?;
        let input = BufReader::new(zstd::Decoder::new(file).with_context(|| damaged(path))?);
        Ok(Self { input, path: path.to_owned(), text: String::new() })
    }

    /// Reads the next line into `line`, reusing its memory; false after the last.
    ///
    /// # Errors
    /// If it is damaged.
    pub fn read(&mut self, line: &mut Line) -> anyhow::Result<bool> {
        self.text.clear();
        if self.input.read_line(&mut self.text).with_context(|| damaged(&self.path))? == 0 {
            return Ok(false);
        }
        let mut columns = self.text.trim_end_matches('\n').split('\t');
        let (name, year) = (columns.next(), columns.next().and_then(|year| year.parse().ok()));
        let mut count = || columns.next().and_then(|count| count.parse::<u32>().ok());
        let (person, sure, thing) = (count(), count(), count());
        let (Some(name), Some(year), Some(person), Some(sure), Some(thing), None) =
            (name, year, person, sure, thing, columns.next())
        else {
            anyhow::bail!(damaged(&self.path));
        };
        line.name.clear();
        line.name.push_str(name);
        (line.year, line.uses) = (year, Uses { person, sure, thing });
        Ok(true)
    }
}

fn damaged(path: &Path) -> String {
    format!("{DAMAGED}: cannot read {}", path.display())
}
