//! Picked articles of several fields, each scored by the best of them: what a pattern of many words is. As sets they are gone through
//! a word of bits at a time, where a union of what else a query can be would ask each about every article.

use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{BitSet, DocId, Score, SegmentReader};

use super::picked::Pick;

/// Articles any of some rules picks.
#[derive(Debug)]
pub struct BestPicked<P> {
    /// The rules, and how each scores; few.
    pub picks: Vec<(P, Score)>,
    /// The part of the other scores that is added to the best.
    pub tie_breaker: Score,
    /// The same as any query is made: what answers all but who goes through it from the first article to the last.
    pub whole: Box<dyn Query>,
}

impl<P: Pick> Clone for BestPicked<P> {
    fn clone(&self) -> Self {
        Self { picks: self.picks.clone(), tie_breaker: self.tie_breaker, whole: self.whole.box_clone() }
    }
}

impl<P: Pick> Query for BestPicked<P> {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let rules = self.picks.iter().map(|(rule, _)| rule.clone()).collect();
        let whole = self.whole.weight(scoring)?;
        Ok(Box::new(BestPickedWeight { rules, scores: self.scores(), scored: scoring.is_scoring_enabled(), whole }))
    }
}

impl<P> BestPicked<P> {
    /// The score of an article for each choice of rules that pick it; a rule is a bit of its place.
    fn scores(&self) -> Vec<Score> {
        let chosen = |choice: usize| {
            let picks = self.picks.iter().enumerate().filter(move |(place, _)| choice >> place & 1 == 1);
            let scores = picks.map(|(_, (_, score))| *score);
            let (best, sum) =
                scores.fold((0.0, 0.0), |(best, sum): (Score, Score), score| (best.max(score), sum + score));
            best + (sum - best) * self.tie_breaker
        };
        (0..1 << self.picks.len()).map(chosen).collect()
    }
}

struct BestPickedWeight<P> {
    rules: Vec<P>,
    scores: Vec<Score>,
    scored: bool,
    whole: Box<dyn Weight>,
}

impl<P: Pick> BestPickedWeight<P> {
    /// The sets of all rules, side by side in words of bits.
    fn sets(&self, reader: &SegmentReader) -> tantivy::Result<Vec<BitSet>> {
        self.rules.iter().map(|rule| rule.documents(reader)).collect()
    }
}

/// Gives the words of bits of all sets where there are any, with what they have together and the first document of each.
fn each_word(sets: &[BitSet], reader: &SegmentReader, mut give: impl FnMut(DocId, u64, &[u64])) {
    let mut words = vec![0; sets.len()];
    for place in 0..reader.max_doc().div_ceil(u64::BITS) {
        let mut any = 0;
        for (word, set) in words.iter_mut().zip(sets) {
            *word = u64::from_le_bytes(set.tinyset(place).into_bytes());
            any |= *word;
        }
        if any != 0 {
            give(place * u64::BITS, any, &words);
        }
    }
}

/// The places of the bits of a word.
fn bits(mut word: u64) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let next = (word != 0).then(|| word.trailing_zeros());
        word &= word.wrapping_sub(1);
        next
    })
}

impl<P: Pick> Weight for BestPickedWeight<P> {
    fn for_each(&self, reader: &SegmentReader, callback: &mut dyn FnMut(DocId, Score)) -> tantivy::Result<()> {
        if !self.scored {
            return self.whole.for_each(reader, callback);
        }
        each_word(&self.sets(reader)?, reader, |first, any, words| {
            for bit in bits(any) {
                let choice = words.iter().enumerate().map(|(place, word)| (word >> bit & 1) << place).sum::<u64>();
                callback(first + bit, self.scores[choice as usize]);
            }
        });
        Ok(())
    }

    fn for_each_no_score(&self, reader: &SegmentReader, callback: &mut dyn FnMut(&[DocId])) -> tantivy::Result<()> {
        const BLOCK: usize = 256;
        let mut documents: Vec<DocId> = Vec::with_capacity(BLOCK + 64);
        each_word(&self.sets(reader)?, reader, |first, any, _| {
            documents.extend(bits(any).map(|bit| first + bit));
            if documents.len() >= BLOCK {
                callback(&documents);
                documents.clear();
            }
        });
        callback(&documents);
        Ok(())
    }

    fn count(&self, reader: &SegmentReader) -> tantivy::Result<u32> {
        let mut count = 0;
        let alive = reader.alive_bitset();
        each_word(&self.sets(reader)?, reader, |first, any, _| {
            count += match alive {
                None => any.count_ones(),
                Some(alive) => bits(any).filter(|bit| alive.is_alive(first + bit)).count() as u32,
            };
        });
        Ok(count)
    }

    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        self.whole.scorer(reader, boost)
    }

    fn for_each_pruning(
        &self,
        threshold: Score,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) -> tantivy::Result<()> {
        self.whole.for_each_pruning(threshold, reader, callback)
    }

    fn explain(&self, reader: &SegmentReader, document: DocId) -> tantivy::Result<Explanation> {
        self.whole.explain(reader, document)
    }
}
