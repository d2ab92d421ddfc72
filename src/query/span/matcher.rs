//! Where the words of a span stand in the articles of one segment. What it works with is kept from article to article: it looks at
//! hundreds of thousands.

use std::ops::Range;

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED, Term};

use super::{MOST_SPANS, Span};

/// Stretches of words, by the number of the first and of the one behind the last.
type Spans = Vec<Range<u32>>;

/// A span over the postings of one segment.
pub(super) enum Matcher {
    Words { words: Vec<Word>, positions: Vec<u32> },
    Sequence { parts: Vec<Matcher>, slop: u32, next: Spans, longer: Spans },
    Near { sides: Box<[Matcher; 2]>, distance: u32, ordered: bool, left: Spans, right: Spans },
    Any { parts: Vec<Matcher>, one: Spans },
    First(u32, Box<Matcher>),
}

/// One word, and the article its postings stand at: those are large, and of most words only that is asked.
pub(super) struct Word {
    doc: DocId,
    postings: Box<SegmentPostings>,
}

impl Matcher {
    pub(super) fn open(span: &Span, field: Field, reader: &SegmentReader) -> tantivy::Result<Self> {
        let open = |span: &Span| Self::open(span, field, reader);
        let all = |parts: &[Span]| parts.iter().map(open).collect::<tantivy::Result<Vec<_>>>();
        Ok(match span {
            Span::Words(words) => {
                let index = reader.inverted_index(field)?;
                let mut held = Vec::new();
                for word in words {
                    let term = Term::from_field_text(field, word);
                    let postings = index.read_postings(&term, IndexRecordOption::WithFreqsAndPositions)?;
                    held.extend(postings.map(|postings| Word { doc: postings.doc(), postings: Box::new(postings) }));
                }
                Self::Words { words: held, positions: Vec::new() }
            }
            Span::Sequence(parts, slop) => {
                Self::Sequence { parts: all(parts)?, slop: *slop, next: Vec::new(), longer: Vec::new() }
            }
            Span::Near { left, right, distance, ordered } => Self::Near {
                sides: Box::new([open(left)?, open(right)?]),
                distance: *distance,
                ordered: *ordered,
                left: Vec::new(),
                right: Vec::new(),
            },
            Span::Any(parts) => Self::Any { parts: all(parts)?, one: Vec::new() },
            Span::First(words, span) => Self::First(*words, Box::new(open(span)?)),
        })
    }

    /// The first article from `target` on that holds the words this needs.
    pub(super) fn seek(&mut self, target: DocId) -> DocId {
        match self {
            Self::Words { words, .. } => {
                let mut least = TERMINATED;
                for word in words {
                    if word.doc < target {
                        word.doc = word.postings.seek(target);
                    }
                    least = least.min(word.doc);
                }
                least
            }
            Self::Any { parts, .. } => parts.iter_mut().map(|part| part.seek(target)).min().unwrap_or(TERMINATED),
            Self::Sequence { parts, .. } => all_at(parts, target),
            Self::Near { sides, .. } => all_at(&mut sides[..], target),
            Self::First(_, span) => span.seek(target),
        }
    }

    pub(super) fn size_hint(&self) -> u32 {
        match self {
            Self::Words { words, .. } => {
                words.iter().map(|word| word.postings.size_hint()).fold(0, u32::saturating_add)
            }
            Self::Any { parts, .. } => parts.iter().map(Self::size_hint).fold(0, u32::saturating_add),
            Self::Sequence { parts, .. } => parts.iter().map(Self::size_hint).min().unwrap_or(0),
            Self::Near { sides, .. } => sides.iter().map(Self::size_hint).min().unwrap_or(0),
            Self::First(_, span) => span.size_hint(),
        }
    }

    /// The spans in an article at which all postings stand that hold it, sorted by start, at most [`MOST_SPANS`], in place of what
    /// was in `found`; gives how many places were read and joined.
    pub(super) fn spans(&mut self, doc: DocId, found: &mut Spans) -> u64 {
        found.clear();
        let mut read = 0;
        match self {
            Self::Words { words, positions } => {
                let mut holding = 0;
                for word in words.iter_mut().filter(|word| word.doc == doc) {
                    word.postings.positions(positions);
                    found.extend(positions.iter().map(|position| *position..*position + 1));
                    holding += 1;
                }
                if holding > 1 {
                    put_in_order(found);
                }
            }
            Self::Any { parts, one } => {
                for part in parts {
                    if part.seek(doc) == doc {
                        read += part.spans(doc, one);
                        found.append(one);
                    }
                }
                put_in_order(found);
            }
            Self::Sequence { parts, slop, next, longer } => {
                let mut parts = parts.iter_mut();
                if let Some(first) = parts.next() {
                    read += first.spans(doc, found);
                }
                for part in parts {
                    // what does not begin cannot go on
                    if found.is_empty() {
                        break;
                    }
                    read += part.spans(doc, next);
                    join(found, next, *slop, true, longer);
                    std::mem::swap(found, longer);
                }
            }
            Self::Near { sides, distance, ordered, left, right } => {
                let [left_side, right_side] = &mut **sides;
                read += left_side.spans(doc, left);
                if !left.is_empty() {
                    read += right_side.spans(doc, right);
                    join(left, right, *distance, *ordered, found);
                }
            }
            Self::First(words, span) => {
                read += span.spans(doc, found);
                found.retain(|span| span.end <= *words);
            }
        }
        found.truncate(MOST_SPANS);
        read + found.len() as u64
    }
}

/// The first article from `target` on at which every part can stand.
fn all_at(parts: &mut [Matcher], target: DocId) -> DocId {
    let (mut target, mut agreed) = (target, 0);
    // round and round, until all in a row agree
    for place in (0..parts.len()).cycle() {
        let doc = parts[place].seek(target);
        agreed = if doc > target { 1 } else { agreed + 1 };
        target = doc;
        if agreed == parts.len() || doc == TERMINATED {
            break;
        }
    }
    target
}

/// Spans made of one from each side with at most `distance` words between; for each left one the nearest right one on
/// either side is enough.
fn join(left: &[Range<u32>], right: &[Range<u32>], distance: u32, ordered: bool, found: &mut Spans) {
    found.clear();
    for span in left {
        let after = right.partition_point(|other| other.start < span.end);
        if let Some(other) = right.get(after)
            && other.start - span.end <= distance
        {
            found.push(span.start..other.end);
        }
        if !ordered {
            let before = right.partition_point(|other| other.start < span.start);
            if let Some(other) = right[..before].iter().rev().find(|other| other.end <= span.start)
                && span.start - other.end <= distance
            {
                found.push(other.start..span.end);
            }
        }
    }
    put_in_order(found);
}

/// Sorts spans by start, each once.
fn put_in_order(spans: &mut Spans) {
    if !spans.is_sorted_by_key(|span| (span.start, span.end)) {
        spans.sort_unstable_by_key(|span| (span.start, span.end));
    }
    spans.dedup();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_join_within_their_distance() {
        let (left, right) = ([3..4, 20..21], [1..2, 6..7, 30..32]);
        let joined = |distance, ordered| {
            let mut found = vec![Range { start: 9, end: 9 }];
            join(&left, &right, distance, ordered, &mut found);
            found
        };
        assert_eq!(joined(2, true), vec![Range { start: 3, end: 7 }]);
        assert_eq!(joined(2, false), [1..4, 3..7]);
        assert_eq!(joined(9, true), [3..7, 20..32]);
    }
}
