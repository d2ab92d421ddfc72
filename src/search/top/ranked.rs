//! The order of the hits over all segments.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tantivy::{DocAddress, Score};

use crate::index::fields;

use super::super::archive::Archive;
use super::super::{SearchRequest, Sort};
use super::Entry;

/// A document and why it stands where it stands.
#[derive(Clone, Debug)]
pub struct Ranked {
    pub address: DocAddress,
    /// BM25, if the hits are ordered by it.
    pub score: Option<Score>,
}

/// The hits of a request out of the best of each segment. Ids are read only where they decide: of those given that tie with others
/// of another segment, so a late page costs little more than the first.
///
/// # Errors
/// If the index is damaged.
pub fn ranked(archive: &Archive, mut best: Vec<Entry>, request: &SearchRequest) -> tantivy::Result<Vec<Ranked>> {
    let (first, end) = (request.offset, request.offset.saturating_add(request.limit).min(best.len()));
    best.sort_unstable_by(|a, b| b.key.cmp(&a.key).then_with(|| a.place().cmp(&b.place())));
    let mut hits = Vec::with_capacity(end.saturating_sub(first));
    let mut before = 0;
    for tied in best.chunk_by(|a, b| a.key.cmp(&b.key).is_eq()) {
        let (skipped, wanted) = (first.saturating_sub(before), end.saturating_sub(before));
        before += tied.len();
        if wanted == 0 {
            break;
        }
        if skipped < tied.len() {
            let ordered = by_id(archive, tied, wanted.min(tied.len()))?;
            hits.extend(ordered.into_iter().skip(skipped).map(|entry| Ranked {
                address: entry.address,
                score: (request.sort == Sort::Relevance).then_some(entry.key.score()),
            }));
        }
    }
    Ok(hits)
}

/// The first of entries that tie, by their ids; they come by segment, in each by id.
fn by_id<'a>(archive: &Archive, tied: &'a [Entry], wanted: usize) -> tantivy::Result<Vec<&'a Entry>> {
    let mut segments: Vec<_> = tied
        .chunk_by(|a, b| a.address.segment_ord == b.address.segment_ord)
        .map(|entries| entries.iter().peekable())
        .collect();
    if let [only] = segments.as_mut_slice() {
        return Ok(only.take(wanted).collect());
    }
    // the dictionary of terms has the ids of the column in the same order, and finds one faster
    let id = |entry: &Entry| -> tantivy::Result<Vec<u8>> {
        let ids = archive.searcher().segment_reader(entry.address.segment_ord).inverted_index(fields().id)?;
        let mut id = Vec::new();
        ids.terms().ord_to_term(entry.id, &mut id)?;
        Ok(id)
    };
    let mut heads = BinaryHeap::with_capacity(segments.len());
    for (from, entries) in segments.iter_mut().enumerate() {
        if let Some(entry) = entries.peek() {
            heads.push(Reverse((id(entry)?, from)));
        }
    }
    let mut ordered = Vec::with_capacity(wanted);
    while ordered.len() < wanted
        && let Some(Reverse((_, from))) = heads.pop()
    {
        ordered.extend(segments[from].next());
        if let Some(entry) = segments[from].peek() {
            heads.push(Reverse((id(entry)?, from)));
        }
    }
    Ok(ordered)
}
