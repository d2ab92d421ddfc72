//! What changed from one index to another: which articles, which facet values, which sources, and which rules.

use anyhow::Context;
use serde::Serialize;

use crate::article::{Article, Origin};
use crate::date::Date;
use crate::index::digest::{Change, Changes, MergedPairs, each_change};
use crate::index::manifest::DAMAGED;
use crate::search::{Archive, NO_VALUE, as_map, stored};

use super::limit::Threshold;
use super::moved::{Moved, Silent, by_source, fell_silent, moved, values};

/// One of two indexes compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Side {
    /// Number of the generation.
    pub generation: u64,
    /// Its digest.
    pub digest: String,
    /// Its articles.
    pub articles: u64,
}

/// An article as a difference names it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ArticleLine {
    /// As in the article.
    pub id: String,
    /// As in the article.
    pub title: String,
    /// As in the article.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// As in the article.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// File and record.
    pub origin: Origin,
    /// Fields that are not what they were, in the order of the article; empty unless it is changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
}

/// Everything that changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// The first index.
    pub before: Side,
    /// The second.
    pub after: Side,
    /// Which rules are not the same, in words.
    pub rules: Vec<String>,
    /// How many articles changed in which way.
    pub counts: Changes,
    /// Articles in both, the same at another place of the archive.
    pub relocated: u64,
    /// Articles only in the second, by id; so many of them as were asked for.
    pub added: Vec<ArticleLine>,
    /// Articles only in the first.
    pub removed: Vec<ArticleLine>,
    /// Articles in both with other content.
    pub changed: Vec<ArticleLine>,
    /// Facet values with other counts, by facet, the most moved first.
    #[serde(serialize_with = "as_map")]
    pub moved: Vec<(String, Vec<Moved>)>,
    /// Sources that were publishing and no more are.
    pub silent: Vec<Silent>,
    /// Facet values of the first index, which `moved` in percent is measured by.
    #[serde(skip)]
    values: u64,
    /// Sources of the first index, likewise.
    #[serde(skip)]
    sources: u64,
}

/// Compares two opened indexes, and names so many articles of each kind.
///
/// # Errors
/// If one of them is damaged.
pub fn difference(before: &Archive, after: &Archive, most: usize) -> anyhow::Result<Difference> {
    let (mut added, mut removed, mut changed) = (Vec::new(), Vec::new(), Vec::new());
    let mut counts = Changes::default();
    let mut relocated = 0;
    let pairs = |archive: &Archive| MergedPairs::open(archive.path(), &archive.manifest().segments);
    each_change(pairs(before)?, pairs(after)?, |change, id| {
        counts.count(change);
        match change {
            Change::Added if added.len() < most => added.push(line(article(after, id)?, Vec::new())),
            Change::Removed if removed.len() < most => removed.push(line(article(before, id)?, Vec::new())),
            Change::Updated => {
                let (old, new) = (article(before, id)?, article(after, id)?);
                let fields = changed_fields(&old, &new)?;
                if fields == ["origin"] {
                    // the same article at another place: a line above it came or went
                    relocated += 1;
                } else if changed.len() < most {
                    changed.push(line(new, fields));
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    counts.updated -= relocated;
    Ok(Difference {
        before: side(before),
        after: side(after),
        rules: before.manifest().rules.differences(&after.manifest().rules),
        counts,
        relocated,
        added,
        removed,
        changed,
        moved: moved(before, after)?,
        silent: fell_silent(before, after)?,
        values: values(before)?,
        sources: by_source(before)?.iter().filter(|count| count.value != NO_VALUE).count() as u64,
    })
}

fn side(archive: &Archive) -> Side {
    let manifest = archive.manifest();
    Side { generation: archive.generation(), digest: manifest.digest.clone(), articles: manifest.counts.articles }
}

fn article(archive: &Archive, id: &str) -> anyhow::Result<Article> {
    stored(archive, id)?.with_context(|| format!("{DAMAGED}: article {id} is listed and not there"))
}

fn line(article: Article, fields: Vec<String>) -> ArticleLine {
    let Article { id, title, source, date, origin, .. } = article;
    ArticleLine { id, title, source, date, origin, fields }
}

fn changed_fields(old: &Article, new: &Article) -> anyhow::Result<Vec<String>> {
    let (old, new) = (serde_json::to_value(old)?, serde_json::to_value(new)?);
    let (Some(old), Some(new)) = (old.as_object(), new.as_object()) else { return Ok(Vec::new()) };
    let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
    names.sort_unstable();
    names.dedup();
    Ok(names.into_iter().filter(|name| old.get(*name) != new.get(*name)).cloned().collect())
}

impl Difference {
    /// Whether nothing changed at all.
    pub fn is_empty(&self) -> bool {
        self.before.digest == self.after.digest && self.moved.is_empty()
    }

    /// How many of something, and of how many.
    fn measure(&self, name: &str) -> (u64, u64) {
        let articles = self.before.articles;
        match name {
            "added" => (self.counts.added, articles),
            "removed" => (self.counts.removed, articles),
            "changed" => (self.counts.updated, articles),
            "moved" => (self.moved.iter().map(|(_, moved)| moved.len() as u64).sum(), self.values),
            _ => (self.silent.len() as u64, self.sources),
        }
    }

    /// The thresholds that are crossed, in words.
    pub fn findings(&self, thresholds: &[Threshold]) -> Vec<String> {
        let crossed = thresholds.iter().filter_map(|threshold| {
            let (number, whole) = self.measure(threshold.name);
            threshold.is_crossed(number, whole).then(|| format!("{threshold}: {number} of {whole}"))
        });
        crossed.collect()
    }
}
