//! Expansions: which words of an index a wildcard, a fuzzy word or a stem stands for. Capped, and the answer says so.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder, SINK_STATE};
use rustc_hash::FxHashMap;
use tantivy::SegmentReader;
use tantivy::schema::Field;
use tantivy_fst::Automaton;

use crate::index::{StemLanguage, fold_into, sizes_of, spread};

use super::beginning::beginning_alike;
use super::compile::Compiler;

/// Words one pattern may stand for where places matter; the most frequent are kept.
const MOST_PLACED: usize = 1_000;

/// Words all patterns of a query may stand for where places matter: each keeps its postings open.
const MOST_PLACED_IN_ALL: usize = 4_000;

/// Words one pattern may stand for where only articles matter.
const MOST_HELD: usize = 50_000;

/// Words all patterns of a query may stand for where only articles matter.
const MOST_HELD_IN_ALL: usize = 80_000;

/// Words of the index looked at for the patterns of one query; one that fits counts as several.
const MOST_LOOKED_AT: usize = 2_500_000;
const FITTING_COST: usize = 4;

/// What walking the index for a word with one or two letters changed costs, in words looked at.
const FUZZY_COST: [usize; 2] = [10_000, 40_000];

/// What is known of the patterns of a query so far, and what they cost.
#[derive(Default)]
pub struct Expansions {
    known: FxHashMap<(Field, String), Arc<Found>>,
    looked_at: usize,
    placed: usize,
    held: usize,
}

/// Words, sorted, with the number of articles that hold each.
type Found = Vec<(String, u32)>;

/// What the words of a pattern are for, which decides how many there may be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// To find articles.
    Holding,
    /// To find places in articles.
    Places,
}

/// The words of a field that fit a pattern of `*` and `?`, sorted.
///
/// # Errors
/// If the index cannot be read.
pub fn wildcard(compiler: &mut Compiler<'_>, field: Field, pattern: &str, of: Use) -> anyhow::Result<Vec<String>> {
    let folded = fold_pattern(pattern);
    let (prefix, is_prefix) = beginning(&folded);
    let found = remembered(compiler, field, pattern, |compiler| {
        beginning_with(compiler, field, pattern, &prefix, 1, |term| is_prefix || fits_pattern(&folded, term))
    })?;
    Ok(capped(compiler, pattern, &found, of))
}

/// What the words of a pattern begin with, if it asks for no more than that, and there are more of them than `few` but not too many:
/// then nobody needs to know which.
///
/// # Errors
/// If the index cannot be read.
pub fn long_beginning(
    compiler: &mut Compiler<'_>,
    field: Field,
    pattern: &str,
    few: usize,
) -> anyhow::Result<Option<Arc<str>>> {
    let folded = fold_pattern(pattern);
    let (prefix, is_all) = beginning(&folded);
    if !is_all || !may_look(compiler, pattern) {
        return Ok(None);
    }
    let (mut words, mut most_of_one) = (0, 0);
    let room = MOST_HELD.min(MOST_HELD_IN_ALL.saturating_sub(compiler.expansions.held));
    for segment in compiler.searcher.segment_readers() {
        let alike = beginning_alike(segment.inverted_index(field)?.terms(), &prefix)?;
        let alike = (alike.end - alike.start) as usize;
        most_of_one = most_of_one.max(alike);
        words = (words + alike).min(room + 1);
    }
    compiler.expansions.looked_at += words;
    if most_of_one <= few || words > room {
        return Ok(None);
    }
    compiler.expansions.looked_at += words * FITTING_COST;
    compiler.expansions.held += words;
    Ok(Some(prefix.into()))
}

/// What a folded pattern begins with before its first `*` or `?`, and whether it is that and one `*`.
fn beginning(folded: &[char]) -> (String, bool) {
    let prefix: String = folded.iter().take_while(|c| !matches!(c, '*' | '?')).collect();
    let is_all = folded.len() == prefix.chars().count() + 1 && folded.last() == Some(&'*');
    (prefix, is_all)
}

/// The words of a field at most `distance` letters from one, sorted.
///
/// # Errors
/// If the index cannot be read.
pub fn fuzzy(
    compiler: &mut Compiler<'_>,
    field: Field,
    text: &str,
    distance: u8,
    of: Use,
) -> anyhow::Result<Vec<String>> {
    let pattern = format!("{text}~{distance}");
    let found = remembered(compiler, field, &pattern, |compiler| near(compiler, field, text, distance))?;
    Ok(capped(compiler, &pattern, &found, of))
}

fn near(compiler: &mut Compiler<'_>, field: Field, text: &str, distance: u8) -> anyhow::Result<Found> {
    let word = crate::index::fold(text);
    let mut found = Found::new();
    if !may_look(compiler, &format!("{text}~{distance}")) {
        found.push((word, 0));
        return Ok(found);
    }
    compiler.expansions.looked_at += FUZZY_COST[usize::from(distance > 1)];
    let automaton = near_word(&word, distance);
    found_in(compiler, |segment| {
        let mut found = Found::new();
        let index = segment.inverted_index(field)?;
        let mut terms = index.terms().search(Near(&automaton)).into_stream()?;
        while terms.advance() {
            if let Ok(term) = std::str::from_utf8(terms.key()) {
                found.push((term.to_owned(), terms.value().doc_freq));
            }
        }
        Ok(found)
    })
}

/// What is found in any segment, each word once, without those only removed articles hold.
fn found_in(
    compiler: &Compiler<'_>,
    find: impl Fn(&SegmentReader) -> anyhow::Result<Found> + Sync,
) -> anyhow::Result<Found> {
    let found = |segments: &[SegmentReader]| -> anyhow::Result<Found> {
        let (found, _) = spread(&sizes_of(segments), |segment| find(&segments[segment]));
        Ok(merged(found.into_iter().collect::<anyhow::Result<Vec<_>>>()?.into_iter().flatten().collect()))
    };
    Ok(without(found(compiler.searcher.segment_readers())?, &found(compiler.statistics.withdrawn())?))
}

/// What tells words at most one or two letters from a folded one; swapped neighbours count as one letter, as in the fuzzy
/// queries people know. What does not depend on the word takes milliseconds, so it is made once.
pub fn near_word(word: &str, distance: u8) -> DFA {
    static ONE: LazyLock<LevenshteinAutomatonBuilder> = LazyLock::new(|| LevenshteinAutomatonBuilder::new(1, true));
    static TWO: LazyLock<LevenshteinAutomatonBuilder> = LazyLock::new(|| LevenshteinAutomatonBuilder::new(2, true));
    if distance > 1 { TWO.build_dfa(word) } else { ONE.build_dfa(word) }
}

/// The words of several segments, each once.
fn merged(mut found: Found) -> Found {
    found.sort_unstable();
    found.dedup_by(|word, kept| {
        let same = word.0 == kept.0;
        kept.1 += if same { word.1 } else { 0 };
        same
    });
    found
}

/// Words with the number of articles that hold each, those of removed articles taken off.
fn without(mut found: Found, withdrawn: &Found) -> Found {
    if !withdrawn.is_empty() {
        found.retain_mut(|(word, articles)| {
            let gone = withdrawn.binary_search_by(|(gone, _)| gone.as_str().cmp(word));
            *articles = articles.saturating_sub(gone.map_or(0, |place| withdrawn[place].1));
            *articles > 0
        });
    }
    found
}

/// The words of a field that share a stem with one in any language of the index, itself included, sorted.
///
/// # Errors
/// If the index cannot be read.
pub fn same_stem(compiler: &mut Compiler<'_>, field: Field, folded: &str, lower: &str) -> anyhow::Result<Vec<String>> {
    // stems seldom change how a word begins, so only words that begin alike are stemmed and compared
    const COMMON_LETTERS: usize = 3;
    let found = remembered(compiler, field, &format!("={lower}"), |compiler| {
        let mut wanted: Vec<(StemLanguage, String)> = Vec::new();
        for language in compiler.languages.clone() {
            let mut term = String::new();
            language.term(lower, &mut term);
            wanted.push((language, term));
        }
        let prefix: String = folded.chars().take(COMMON_LETTERS).collect();
        // a stem costs about as much as looking at five words
        let cost = 1 + 5 * wanted.len();
        let mut found = beginning_with(compiler, field, lower, &prefix, cost, |candidate| {
            wanted.iter().any(|(language, stem)| language.is_term(candidate, stem))
        })?;
        found.push((folded.to_owned(), 0));
        Ok(merged(found))
    })?;
    Ok(capped(compiler, lower, &found, Use::Places))
}

/// What a pattern stands for, worked out once however often it stands in the query.
fn remembered(
    compiler: &mut Compiler<'_>,
    field: Field,
    pattern: &str,
    find: impl FnOnce(&mut Compiler<'_>) -> anyhow::Result<Found>,
) -> anyhow::Result<Arc<Found>> {
    let key = (field, pattern.to_owned());
    if let Some(found) = compiler.expansions.known.get(&key) {
        return Ok(Arc::clone(found));
    }
    let found = Arc::new(find(compiler)?);
    compiler.expansions.known.insert(key, Arc::clone(&found));
    Ok(found)
}

/// Whether more words may be looked at; if not, the answer says so.
fn may_look(compiler: &mut Compiler<'_>, pattern: &str) -> bool {
    let may = compiler.expansions.looked_at < MOST_LOOKED_AT;
    if !may {
        compiler.warn(format!(
            "stopped at `{pattern}`: the patterns of one query look at {MOST_LOOKED_AT} words at most; the rest stand for less"
        ));
    }
    may
}

/// The automaton as tantivy's dictionaries walk it.
struct Near<'a>(&'a DFA);

impl Automaton for Near<'_> {
    type State = u32;

    fn start(&self) -> u32 {
        self.0.initial_state()
    }

    fn is_match(&self, state: &u32) -> bool {
        matches!(self.0.distance(*state), Distance::Exact(_))
    }

    fn can_match(&self, state: &u32) -> bool {
        *state != SINK_STATE
    }

    fn accept(&self, state: &u32, byte: u8) -> u32 {
        self.0.transition(*state, byte)
    }
}

fn beginning_with(
    compiler: &mut Compiler<'_>,
    field: Field,
    pattern: &str,
    prefix: &str,
    cost: usize,
    fits: impl Fn(&str) -> bool + Sync,
) -> anyhow::Result<Found> {
    if !may_look(compiler, pattern) {
        return Ok(Found::new());
    }
    let looked_at = AtomicUsize::new(0);
    let found = found_in(compiler, |segment| {
        let (mut found, mut alike) = (Found::new(), 0);
        let index = segment.inverted_index(field)?;
        let mut terms = index.terms().range().ge(prefix.as_bytes()).into_stream()?;
        while terms.advance() {
            let Ok(term) = std::str::from_utf8(terms.key()) else { continue };
            if !term.starts_with(prefix) {
                break;
            }
            alike += 1;
            if fits(term) {
                found.push((term.to_owned(), terms.value().doc_freq));
            }
        }
        looked_at.fetch_add(cost * (alike + FITTING_COST * found.len()), Ordering::Relaxed);
        Ok(found)
    });
    compiler.expansions.looked_at += looked_at.into_inner();
    found
}

fn capped(compiler: &mut Compiler<'_>, pattern: &str, found: &Found, of: Use) -> Vec<String> {
    let expansions = &mut compiler.expansions;
    let (most, used) = match of {
        Use::Holding => (MOST_HELD.min(MOST_HELD_IN_ALL.saturating_sub(expansions.held)), &mut expansions.held),
        Use::Places => (MOST_PLACED.min(MOST_PLACED_IN_ALL.saturating_sub(expansions.placed)), &mut expansions.placed),
    };
    let most = most.max(1);
    *used += found.len().min(most);
    if found.len() <= most {
        return found.iter().map(|(word, _)| word.clone()).collect();
    }
    compiler.warn(format!("`{pattern}` stands for {} words; only the {most} most frequent were searched", found.len()));
    let mut frequent: Vec<&(String, u32)> = found.iter().collect();
    frequent.select_nth_unstable_by(most, |a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    frequent.truncate(most);
    let mut words: Vec<String> = frequent.into_iter().map(|(word, _)| word.clone()).collect();
    words.sort_unstable();
    words
}

/// A pattern with its letters folded as words are.
pub fn fold_pattern(pattern: &str) -> Vec<char> {
    let mut folded = String::new();
    for c in pattern.chars() {
        if matches!(c, '*' | '?') { folded.push(c) } else { fold_into(c, &mut folded) }
    }
    folded.chars().collect()
}

/// Whether a term fits a pattern of `*` and `?`.
pub fn fits_pattern(pattern: &[char], term: &str) -> bool {
    // places in the term are bytes; `star` is where the last star stands and up to where it has matched
    let (mut at, mut in_term, mut star) = (0, 0, None);
    while let Some(c) = term[in_term..].chars().next() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, in_term));
                at += 1;
            }
            Some(wanted) if *wanted == '?' || *wanted == c => {
                at += 1;
                in_term += c.len_utf8();
            }
            _ => {
                let Some((star_at, matched)) = star else { return false };
                let next = matched + term[matched..].chars().next().map_or(1, char::len_utf8);
                star = Some((star_at, next));
                at = star_at + 1;
                in_term = next;
            }
        }
    }
    pattern[at.min(pattern.len())..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_words() {
        let fits = |pattern: &str, term: &str| fits_pattern(&fold_pattern(pattern), term);
        assert!(fits("Steuer*", "steuererklarung"));
        assert!(fits("*bescheid", "steuerbescheid"));
        assert!(fits("st?uer", "steuer"));
        assert!(!fits("st?uer", "stuer"));
        assert!(!fits("steuer", "steuern"));
        assert!(fits("*a*b*", "xaxxb"));
        assert!(fits("*е?ен*", "зеленский") && fits("п?тин", "путин") && !fits("п?тин", "птин"));
    }
}
