//! Words, phrases and wildcards over title and body: exact forms above stems, the title above the body.

use tantivy::Term;
use tantivy::query::{BooleanQuery, BoostQuery, DisjunctionMaxQuery, EmptyQuery, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use crate::index::{Words, fields, fold};

use super::ast::{Kind, Node, Part};
use super::compile::Compiler;

/// How much a match in each field weighs. A word's score is its best field's plus a share of the others.
const TITLE: f32 = 2.0;
const BODY: f32 = 1.0;
const STEM: f32 = 0.7;
const TIE_BREAKER: f32 = 0.3;

/// Words a wildcard may stand for; the most frequent are kept, and the answer says so.
const MOST_EXPANSIONS: usize = 1_000;

/// A field that is searched, and what a match in it weighs.
struct Target {
    field: Field,
    stem: Field,
    weight: f32,
}

fn targets(part: Option<Part>) -> Vec<Target> {
    let fields = fields();
    let title = || Target { field: fields.title, stem: fields.title_stem, weight: TITLE };
    let body = || Target { field: fields.body, stem: fields.body_stem, weight: BODY };
    match part {
        None => vec![title(), body()],
        Some(Part::Title) => vec![title()],
        Some(Part::Body | Part::Lead) => vec![body()],
    }
}

/// Articles with a word, in the form typed or, unless `exact`, in any form with its stem in the article's language.
pub fn word(compiler: &Compiler<'_>, text: &str, exact: bool, part: Option<Part>) -> Box<dyn Query> {
    let forms = forms(text);
    if forms.parts.is_empty() {
        return Box::new(EmptyQuery);
    }
    let mut any: Vec<Box<dyn Query>> = Vec::new();
    for Target { field, stem, weight } in targets(part) {
        if let [(folded, lower)] = forms.parts.as_slice() {
            any.push(boosted(scored_term(field, folded), weight));
            if !exact {
                let mut term = String::new();
                for language in &compiler.languages {
                    language.term(lower, &mut term);
                    any.push(boosted(scored_term(stem, &term), weight * STEM));
                }
            }
        } else {
            let terms = forms.parts.iter().map(|(folded, _)| Term::from_field_text(field, folded)).collect();
            any.push(boosted(Box::new(PhraseQuery::new(terms)), weight));
        }
        for joined in &forms.joined {
            any.push(boosted(scored_term(field, joined), weight));
        }
    }
    best_of(any)
}

/// Articles with these words next to each other, exactly as typed.
///
/// # Errors
/// If an item cannot stand inside a phrase.
pub fn phrase(
    compiler: &mut Compiler<'_>,
    items: &[Node],
    slop: u32,
    part: Option<Part>,
) -> anyhow::Result<Box<dyn Query>> {
    let mut words: Vec<String> = Vec::new();
    for item in items {
        match &item.kind {
            Kind::Word { text, .. } => words.extend(forms(text).parts.into_iter().map(|(folded, _)| folded)),
            other => anyhow::bail!("{other:?} cannot stand inside a phrase yet"),
        }
    }
    Ok(match words.as_slice() {
        [] => Box::new(EmptyQuery),
        [single] => word(compiler, single, true, part),
        _ => best_of(
            targets(part)
                .into_iter()
                .map(|Target { field, weight, .. }| {
                    let terms = words.iter().map(|word| Term::from_field_text(field, word)).enumerate().collect();
                    boosted(Box::new(PhraseQuery::new_with_offset_and_slop(terms, slop)), weight)
                })
                .collect(),
        ),
    })
}

/// Articles with a word of this pattern.
///
/// # Errors
/// If the index cannot be read.
pub fn wildcard(compiler: &mut Compiler<'_>, pattern: &str, part: Option<Part>) -> anyhow::Result<Box<dyn Query>> {
    let pattern: Vec<char> = fold_pattern(pattern);
    let prefix: String = pattern.iter().take_while(|c| !matches!(c, '*' | '?')).collect();
    let mut any: Vec<Box<dyn Query>> = Vec::new();
    for Target { field, weight, .. } in targets(part) {
        let mut expansions: Vec<(u32, String)> = Vec::new();
        for segment in compiler.searcher.segment_readers() {
            let index = segment.inverted_index(field)?;
            let mut terms = index.terms().range().ge(prefix.as_bytes()).into_stream()?;
            while terms.advance() {
                let Ok(term) = std::str::from_utf8(terms.key()) else { continue };
                if !term.starts_with(&prefix) {
                    break;
                }
                if matches(&pattern, term) {
                    expansions.push((terms.value().doc_freq, term.to_owned()));
                }
            }
        }
        expansions.sort_unstable_by(|a, b| a.1.cmp(&b.1));
        expansions.dedup_by(|a, b| {
            let same = a.1 == b.1;
            if same {
                b.0 += a.0;
            }
            same
        });
        if expansions.len() > MOST_EXPANSIONS {
            let text: String = pattern.iter().collect();
            compiler.warnings.push(format!(
                "`{text}` stands for {} words; only the {MOST_EXPANSIONS} most frequent were searched",
                expansions.len()
            ));
            expansions.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
            expansions.truncate(MOST_EXPANSIONS);
        }
        any.extend(expansions.into_iter().map(|(_, term)| boosted(scored_term(field, &term), weight)));
    }
    Ok(if any.is_empty() { Box::new(EmptyQuery) } else { Box::new(BooleanQuery::union(any)) })
}

/// The words of a piece of query text: its parts in order (folded, lower), and joined forms of hyphenated pairs.
struct Forms {
    parts: Vec<(String, String)>,
    joined: Vec<String>,
}

fn forms(text: &str) -> Forms {
    let mut words = Words::new(text);
    let mut forms = Forms { parts: Vec::new(), joined: Vec::new() };
    while words.advance() {
        if words.position == forms.parts.len() {
            forms.parts.push((words.folded.clone(), words.lower.clone()));
        } else {
            forms.joined.push(words.folded.clone());
        }
    }
    if forms.parts.len() != 2 {
        forms.joined.clear();
    }
    forms
}

fn fold_pattern(pattern: &str) -> Vec<char> {
    let mut folded = String::new();
    for c in pattern.chars() {
        if matches!(c, '*' | '?') { folded.push(c) } else { crate::index::fold_into(c, &mut folded) }
    }
    folded.chars().collect()
}

/// Whether a term fits a pattern of `*` and `?`; linear in both for the patterns people type.
pub fn matches(pattern: &[char], term: &str) -> bool {
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

/// A term that only decides what matches.
pub fn term_query(field: Field, text: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::Basic))
}

fn scored_term(field: Field, text: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs))
}

fn boosted(query: Box<dyn Query>, weight: f32) -> Box<dyn Query> {
    if (weight - 1.0).abs() < f32::EPSILON { query } else { Box::new(BoostQuery::new(query, weight)) }
}

fn best_of(mut any: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    if any.len() == 1 { any.swap_remove(0) } else { Box::new(DisjunctionMaxQuery::with_tie_breaker(any, TIE_BREAKER)) }
}

/// Whether a name holds every word of another, folded.
pub fn holds_words(name: &str, folded_words: &[String]) -> bool {
    let name = fold(name);
    folded_words.iter().all(|word| name.split(' ').any(|part| part == word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_words() {
        let fits = |pattern: &str, term: &str| matches(&fold_pattern(pattern), term);
        assert!(fits("Steuer*", "steuererklarung"));
        assert!(fits("*bescheid", "steuerbescheid"));
        assert!(fits("st?uer", "steuer"));
        assert!(!fits("st?uer", "stuer"));
        assert!(!fits("steuer", "steuern"));
        assert!(fits("*a*b*", "xaxxb"));
    }
}
