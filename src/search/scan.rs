//! Every matching article, streamed in canonical order: what exports are made of.

use anyhow::Context;
use tantivy::query::{Query, Weight};
use tantivy::{DocAddress, DocId, SegmentReader};

use crate::article::Article;
use crate::index::manifest::DAMAGED;
use crate::index::records::{Records, Run};

use super::archive::Archive;
use super::{Mentions, SearchRequest, whole_query};

/// Gives every article that matches, in the order of the archive, until `give` returns false. Limit, offset, sort and
/// facets of the request play no part.
///
/// # Errors
/// If the index is damaged, or what `give` fails with.
pub fn scan(
    archive: &Archive,
    request: &SearchRequest,
    mut give: impl FnMut(Article) -> anyhow::Result<bool>,
) -> anyhow::Result<Vec<String>> {
    let mut compiler = archive.compiler()?;
    let query = whole_query(&mut compiler, request, None)?;
    let searcher = archive.searcher();
    let weight = query.weight(tantivy::query::EnableScoring::disabled_from_searcher(searcher))?;
    // the files of the archive in order, wherever a refresh has put their articles
    let records = Records::read(archive.path())?;
    let mut segments = Vec::new();
    for entry in &archive.manifest().segments {
        let mut readers = searcher.segment_readers().iter().zip(0..);
        let found = readers.find(|(reader, _)| reader.segment_id().uuid_string() == entry.id);
        let (reader, number) = found.context(DAMAGED)?;
        segments.push((reader, number, None::<Matching>));
    }
    'all: for run in records.all_runs() {
        let (reader, number, matching) = segments.get_mut(run.segment as usize).context(DAMAGED)?;
        let matching = match matching {
            Some(matching) => matching,
            None => matching.insert(Matching::of(&*weight, reader)?),
        };
        for document in matching.within(&run) {
            let mut article = archive.article(DocAddress::new(*number, document))?;
            if request.mentions == Mentions::All {
                article.people.append(&mut article.mentioned);
            }
            if !give(article)? {
                break 'all;
            }
        }
    }
    Ok(compiler.take_warnings())
}

/// The articles of a segment that match.
struct Matching {
    documents: Vec<DocId>,
    next: usize,
}

impl Matching {
    fn of(weight: &dyn Weight, reader: &SegmentReader) -> anyhow::Result<Self> {
        let mut documents = Vec::new();
        weight.for_each_no_score(reader, &mut |matching| documents.extend(matching))?;
        documents.retain(|document| !reader.is_deleted(*document));
        Ok(Self { documents, next: 0 })
    }

    /// Those within a run; most runs follow the one before.
    fn within(&mut self, run: &Run) -> impl Iterator<Item = DocId> {
        let at = |next: usize| self.documents.get(next).copied().unwrap_or(DocId::MAX);
        let follows = self.next.checked_sub(1).is_none_or(|before| at(before) < run.first);
        if !follows || at(self.next) < run.first {
            self.next = self.documents.partition_point(|document| *document < run.first);
        }
        let first = self.next;
        let end = run.first.saturating_add(run.count);
        while self.documents.get(self.next).is_some_and(|document| *document < end) {
            self.next += 1;
        }
        self.documents[first..self.next].iter().copied()
    }
}
