//! Words at places: phrases with patterns in them, NEAR and ADJ between anything, counts, the lead.
//!
//! tantivy's phrase query knows only fixed words in a row. This one finds the articles that hold the words at all, as any
//! query does, and then works out the stretches of words (spans) that fit, from the leaves up.

mod effort;
mod matcher;

use std::ops::Range;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::{Bm25Weight, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::Field;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, Term};

use super::picked::score_of_match;
use effort::Purse;
use matcher::Matcher;

pub use effort::Effort;

/// Most spans worked out for one article, so that no query can take forever on one text.
const MOST_SPANS: usize = 20_000;

/// What stretches of words to find.
#[derive(Clone, Debug)]
pub enum Span {
    /// Any of these words.
    Words(Vec<String>),
    /// One after the other, with up to `slop` words more between them.
    Sequence(Vec<Span>, u32),
    /// Both, with at most `distance` words between them.
    Near {
        /// One side.
        left: Box<Span>,
        /// The other.
        right: Box<Span>,
        /// Words between at most.
        distance: u32,
        /// Whether left must come first.
        ordered: bool,
    },
    /// Any of these.
    Any(Vec<Span>),
    /// Within the first so many words.
    First(u32, Box<Span>),
}

/// Articles in whose field a span occurs at least `at_least` times.
#[derive(Clone, Debug)]
pub struct SpanQuery {
    /// A field with positions.
    field: Field,
    /// What to find.
    span: Span,
    /// Its words, each once.
    terms: Vec<Term>,
    /// 1 or more.
    at_least: u32,
    /// What the whole query may cost.
    effort: Effort,
}

impl Span {
    /// How many words it stands for, each as often as it is named.
    fn postings(&self) -> u32 {
        match self {
            Self::Words(words) => words.len() as u32,
            Self::Sequence(parts, _) | Self::Any(parts) => parts.iter().map(Self::postings).sum(),
            Self::Near { left, right, .. } => left.postings() + right.postings(),
            Self::First(_, span) => span.postings(),
        }
    }

    fn words<'a>(&'a self, found: &mut Vec<&'a str>) {
        match self {
            Self::Words(words) => found.extend(words.iter().map(String::as_str)),
            Self::Sequence(parts, _) | Self::Any(parts) => parts.iter().for_each(|part| part.words(found)),
            Self::Near { left, right, .. } => {
                left.words(found);
                right.words(found);
            }
            Self::First(_, span) => span.words(found),
        }
    }
}

impl Query for SpanQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.span_weight(scoring)?))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.terms.iter().for_each(|term| visitor(term, true));
    }
}

impl SpanQuery {
    /// Finds a span in a field with positions at least so often, 1 or more; `effort` is what the whole query may cost.
    pub fn new(field: Field, span: Span, at_least: u32, effort: Effort) -> Self {
        let mut words = Vec::new();
        span.words(&mut words);
        words.sort_unstable();
        words.dedup();
        let terms = words.into_iter().map(|word| Term::from_field_text(field, word)).collect();
        Self { field, span, terms, at_least, effort }
    }

    /// Itself with the rarity of its words.
    pub(super) fn span_weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<SpanWeight> {
        let similarity = match scoring {
            EnableScoring::Enabled { statistics_provider, .. } if !self.terms.is_empty() => {
                Some(Bm25Weight::for_terms(statistics_provider, &rarest(&self.terms, statistics_provider)?)?)
            }
            _ => None,
        };
        Ok(SpanWeight { query: self.clone(), similarity })
    }
}

/// The terms whose rarity a span's score is made of: a span of many alternatives would otherwise outweigh everything.
fn rarest(terms: &[Term], statistics: &dyn tantivy::query::Bm25StatisticsProvider) -> tantivy::Result<Vec<Term>> {
    const COUNTED: usize = 4;
    let mut counted = Vec::with_capacity(terms.len());
    for term in terms {
        let frequency = statistics.doc_freq(term)?;
        if frequency > 0 {
            counted.push((frequency, term));
        }
    }
    counted.sort();
    counted.reverse();
    let kept: Vec<Term> = counted.iter().take(COUNTED).map(|(_, term)| (*term).clone()).collect();
    Ok(if kept.is_empty() { vec![terms[0].clone()] } else { kept })
}

/// A span with the rarity of its words.
pub(super) struct SpanWeight {
    query: SpanQuery,
    similarity: Option<Bm25Weight>,
}

impl SpanWeight {
    /// No article scores more.
    pub(super) fn most(&self, boost: Score) -> Score {
        self.similarity.as_ref().map_or(1.0, |similarity| similarity.boost_by(boost).max_score())
    }

    /// A scorer that has not looked for its first article yet.
    pub(super) fn unmoved(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<SpanScorer> {
        let mut matcher = Matcher::open(&self.query.span, self.query.field, reader)?;
        let norms = match &self.similarity {
            Some(_) => reader.fieldnorms_readers().get_field(self.query.field)?,
            None => None,
        };
        matcher.seek(0);
        Ok(SpanScorer {
            matcher,
            at_least: self.query.at_least as usize,
            purse: Purse::new(&self.query.effort),
            cost: u64::from(self.query.span.postings()),
            similarity: self.similarity.as_ref().map(|similarity| similarity.boost_by(boost)),
            norms: norms.unwrap_or_else(|| FieldNormReader::constant(reader.max_doc(), 1)),
            doc: 0,
            spans: 0,
            found: Vec::new(),
        })
    }
}

impl Weight for SpanWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut scorer = self.unmoved(reader, boost)?;
        scorer.find(0);
        Ok(Box::new(scorer))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        Ok(Explanation::new("words at places", score_of_match(self, reader, doc)?))
    }
}

/// The articles of a segment in which enough spans occur.
pub(super) struct SpanScorer {
    matcher: Matcher,
    at_least: usize,
    purse: Purse,
    /// Postings moved to look at one article.
    cost: u64,
    similarity: Option<Bm25Weight>,
    norms: FieldNormReader,
    doc: DocId,
    spans: usize,
    /// Those of the article looked at last.
    found: Vec<Range<u32>>,
}

impl SpanScorer {
    /// The score of one article, 0 if too few spans occur in it; looks at no other. Articles are asked for in their order.
    pub(super) fn score_of(&mut self, document: DocId) -> Score {
        if self.matcher.seek(document) != document {
            return 0.0;
        }
        self.matcher.spans(document, &mut self.found);
        if self.found.len() < self.at_least {
            return 0.0;
        }
        (self.doc, self.spans) = (document, self.found.len());
        self.score()
    }

    /// Moves to the first article from `target` on in which enough spans occur.
    fn find(&mut self, target: DocId) -> DocId {
        let mut target = target;
        loop {
            let candidate = if self.purse.spend(self.cost) { self.matcher.seek(target) } else { TERMINATED };
            // a step forward costs once more
            if candidate == TERMINATED || candidate > target && !self.purse.spend(self.cost) {
                self.doc = TERMINATED;
                return TERMINATED;
            }
            let read = self.matcher.spans(candidate, &mut self.found);
            self.purse.spend(read);
            if self.found.len() >= self.at_least {
                self.spans = self.found.len();
                self.doc = candidate;
                return candidate;
            }
            target = candidate + 1;
        }
    }
}

impl DocSet for SpanScorer {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED { TERMINATED } else { self.find(self.doc + 1) }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if target <= self.doc { self.doc } else { self.find(target) }
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.matcher.size_hint()
    }
}

impl Scorer for SpanScorer {
    fn score(&mut self) -> Score {
        let spans = u32::try_from(self.spans).unwrap_or(u32::MAX);
        self.similarity.as_ref().map_or(1.0, |similarity| similarity.score(self.norms.fieldnorm_id(self.doc), spans))
    }
}
