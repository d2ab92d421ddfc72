//! Expansions: which words of an index a wildcard, a fuzzy word or a stem stands for. Capped, and the answer says so.

use std::collections::BTreeMap;

use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder, SINK_STATE};
use tantivy::schema::Field;
use tantivy_fst::Automaton;

use crate::index::{StemLanguage, fold_into};

use super::compile::Compiler;

/// Words one pattern may stand for; the most frequent are kept.
const MOST_EXPANSIONS: usize = 1_000;

/// The words of a field that fit a pattern of `*` and `?`, sorted.
///
/// # Errors
/// If the index cannot be read.
pub fn wildcard(compiler: &mut Compiler<'_>, field: Field, pattern: &str) -> anyhow::Result<Vec<String>> {
    let folded = fold_pattern(pattern);
    let prefix: String = folded.iter().take_while(|c| !matches!(c, '*' | '?')).collect();
    let found = beginning_with(compiler, field, &prefix, |term| fits_pattern(&folded, term))?;
    Ok(capped(compiler, pattern, found))
}

/// The words of a field at most `distance` letters from one, sorted.
///
/// # Errors
/// If the index cannot be read.
pub fn fuzzy(compiler: &mut Compiler<'_>, field: Field, text: &str, distance: u8) -> anyhow::Result<Vec<String>> {
    let word = crate::index::fold(text);
    // swapped neighbours count as one letter, as in the fuzzy queries people know
    let automaton = LevenshteinAutomatonBuilder::new(distance.min(2), true).build_dfa(&word);
    let mut found = BTreeMap::new();
    for segment in compiler.searcher.segment_readers() {
        let index = segment.inverted_index(field)?;
        let mut terms = index.terms().search(Near(&automaton)).into_stream()?;
        while terms.advance() {
            if let Ok(term) = std::str::from_utf8(terms.key()) {
                *found.entry(term.to_owned()).or_default() += terms.value().doc_freq;
            }
        }
    }
    Ok(capped(compiler, &format!("{text}~{distance}"), found))
}

/// The words of a field that share a stem with one in any language of the index, itself included, sorted.
///
/// # Errors
/// If the index cannot be read.
pub fn same_stem(compiler: &mut Compiler<'_>, field: Field, folded: &str, lower: &str) -> anyhow::Result<Vec<String>> {
    // stems seldom change how a word begins, so only words that begin alike are stemmed and compared
    const COMMON_LETTERS: usize = 3;
    let mut wanted: Vec<(StemLanguage, String)> = Vec::new();
    for language in compiler.languages.clone() {
        let mut term = String::new();
        language.term(lower, &mut term);
        wanted.push((language, term));
    }
    let prefix: String = folded.chars().take(COMMON_LETTERS).collect();
    let mut term = String::new();
    let mut found = beginning_with(compiler, field, &prefix, |candidate| {
        wanted.iter().any(|(language, stem)| {
            language.term(candidate, &mut term);
            term == *stem
        })
    })?;
    found.entry(folded.to_owned()).or_default();
    Ok(capped(compiler, lower, found))
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
    compiler: &Compiler<'_>,
    field: Field,
    prefix: &str,
    mut fits: impl FnMut(&str) -> bool,
) -> anyhow::Result<BTreeMap<String, u32>> {
    let mut found = BTreeMap::new();
    for segment in compiler.searcher.segment_readers() {
        let index = segment.inverted_index(field)?;
        let mut terms = index.terms().range().ge(prefix.as_bytes()).into_stream()?;
        while terms.advance() {
            let Ok(term) = std::str::from_utf8(terms.key()) else { continue };
            if !term.starts_with(prefix) {
                break;
            }
            if fits(term) {
                *found.entry(term.to_owned()).or_default() += terms.value().doc_freq;
            }
        }
    }
    Ok(found)
}

fn capped(compiler: &mut Compiler<'_>, pattern: &str, found: BTreeMap<String, u32>) -> Vec<String> {
    if found.len() <= MOST_EXPANSIONS {
        return found.into_keys().collect();
    }
    compiler.warnings.push(format!(
        "`{pattern}` stands for {} words; only the {MOST_EXPANSIONS} most frequent were searched",
        found.len()
    ));
    let mut frequent: Vec<(String, u32)> = found.into_iter().collect();
    frequent.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    frequent.truncate(MOST_EXPANSIONS);
    let mut words: Vec<String> = frequent.into_iter().map(|(word, _)| word).collect();
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
    let term: Vec<char> = term.chars().collect();
    let (mut at, mut in_term, mut star) = (0, 0, None);
    while in_term < term.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, in_term));
                at += 1;
            }
            Some(c) if *c == '?' || *c == term[in_term] => {
                at += 1;
                in_term += 1;
            }
            _ => {
                let Some((star_at, matched)) = star else { return false };
                star = Some((star_at, matched + 1));
                at = star_at + 1;
                in_term = matched + 1;
            }
        }
    }
    pattern[at..].iter().all(|c| *c == '*')
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
    }
}
