//! Words and phrases over title and body: exact forms above stems, the title above the body.

use anyhow::bail;
use tantivy::Term;
use tantivy::query::{BoostQuery, DisjunctionMaxQuery, EmptyQuery, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use crate::index::{Words, fields};

use super::ast::{Kind, Node, Part};
use super::best_picked::BestPicked;
use super::compile::Compiler;
use super::expand::{self, Use};
use super::holding::{AnyOf, HoldsAny};
use super::picked::Picked;
use super::raise::Raises;
use super::span::{Effort, Span, SpanQuery};

/// How much a match in each field weighs. A word's score is its best field's plus a share of the others.
const TITLE: f32 = 2.0;
const BODY: f32 = 1.0;
const STEM: f32 = 0.7;
const TIE_BREAKER: f32 = 0.3;

/// What it adds if two words next to each other in the query stand near each other in the body.
const PAIR: f32 = 0.5;
/// How many words may stand between them.
const NEAR_WORDS: u32 = 6;
/// Pairs looked at in one query.
const MOST_PAIRS: usize = 24;

/// Words of a pattern that are scored one by one, as if each had been typed; of more it counts only that one is there.
const MOST_SCORED: usize = 16;

/// Words of the body that are its lead.
pub const LEAD_WORDS: u32 = 100;

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
///
/// # Errors
/// If the index cannot be read.
pub fn word(compiler: &mut Compiler<'_>, node: &Node, part: Option<Part>) -> anyhow::Result<Box<dyn Query>> {
    let Kind::Word { text, exact } = &node.kind else { bail!("not a word: {:?}", node.kind) };
    if part == Some(Part::Lead) {
        return places(compiler, node, part, 1);
    }
    let forms = forms(text);
    if forms.parts.is_empty() {
        return Ok(Box::new(EmptyQuery));
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
        any.extend(forms.joined.iter().map(|joined| boosted(scored_term(field, joined), weight)));
    }
    Ok(best_of(any))
}

/// Articles with these words next to each other, exactly as typed.
///
/// # Errors
/// If the index cannot be read.
pub fn phrase(compiler: &mut Compiler<'_>, node: &Node, part: Option<Part>) -> anyhow::Result<Box<dyn Query>> {
    let Kind::Phrase { items, slop } = &node.kind else { bail!("not a phrase: {:?}", node.kind) };
    let mut words: Vec<String> = Vec::new();
    for item in items {
        match &item.kind {
            Kind::Word { text, .. } => words.extend(forms(text).parts.into_iter().map(|(folded, _)| folded)),
            _ => return places(compiler, node, part, 1),
        }
    }
    if *slop > 0 || part == Some(Part::Lead) {
        return places(compiler, node, part, 1);
    }
    let phrase = |field| -> Box<dyn Query> {
        match words.as_slice() {
            [] => Box::new(EmptyQuery),
            [single] => scored_term(field, single),
            _ => Box::new(PhraseQuery::new(words.iter().map(|word| Term::from_field_text(field, word)).collect())),
        }
    };
    Ok(best_of(targets(part).into_iter().map(|target| boosted(phrase(target.field), target.weight)).collect()))
}

/// Whether a tree asks for words in a row: a phrase, or a word of several parts such as `cease-fire`.
pub fn has_rows(node: &Node) -> bool {
    match &node.kind {
        Kind::Phrase { .. } => true,
        Kind::Word { text, .. } => forms(text).parts.len() > 1,
        Kind::And(nodes) | Kind::Or(nodes) => nodes.iter().any(has_rows),
        Kind::Not(node) | Kind::Within { query: node, .. } => has_rows(node),
        _ => false,
    }
}

/// What raises articles in which words that stand next to each other in the query stand near each other in the body. It
/// changes no match, only the order.
pub fn neighbours(nodes: &[Node], part: Option<Part>) -> Raises {
    if !matches!(part, None | Some(Part::Body)) {
        return Raises::default();
    }
    let words: Vec<Vec<String>> = nodes
        .iter()
        .filter_map(|node| match &node.kind {
            // who asks for one form of a word has said how it must stand
            Kind::Word { text, exact: false } => {
                Some(forms(text).parts.into_iter().map(|(folded, _)| folded).collect())
            }
            _ => None,
        })
        .collect();
    let pairs = words.windows(2).take(MOST_PAIRS).filter(|pair| pair[0].len() == 1 && pair[1].len() == 1);
    let pairs = pairs.map(|pair| {
        let side = |words: &[String]| Box::new(Span::Words(words.to_vec()));
        let near = Span::Near { left: side(&pair[0]), right: side(&pair[1]), distance: NEAR_WORDS, ordered: false };
        SpanQuery::new(fields().body, near, 1, Effort::unlimited())
    });
    Raises { pairs: pairs.collect(), weight: PAIR }
}

/// The same as parts of the query.
pub fn raising(raises: Raises) -> impl Iterator<Item = Box<dyn Query>> {
    let weight = raises.weight;
    raises.pairs.into_iter().map(move |pair| boosted(Box::new(pair), weight))
}

/// Articles with a word of a pattern, or near a word.
///
/// # Errors
/// If the index cannot be read.
pub fn pattern(compiler: &mut Compiler<'_>, node: &Node, part: Option<Part>) -> anyhow::Result<Box<dyn Query>> {
    if part == Some(Part::Lead) {
        return places(compiler, node, part, 1);
    }
    let (mut any, mut picks): (Vec<Box<dyn Query>>, Vec<_>) = (Vec::new(), Vec::new());
    for Target { field, weight, .. } in targets(part) {
        let words = match &node.kind {
            Kind::Wildcard(pattern) => match expand::long_beginning(compiler, field, pattern, MOST_SCORED)? {
                Some(prefix) => AnyOf::Beginning(prefix),
                None => AnyOf::Words(expand::wildcard(compiler, field, pattern, Use::Holding)?.into()),
            },
            Kind::Fuzzy { text, distance } => {
                AnyOf::Words(expand::fuzzy(compiler, field, text, *distance, Use::Holding)?.into())
            }
            other => bail!("not a pattern: {other:?}"),
        };
        match &words {
            AnyOf::Words(few) if few.len() <= MOST_SCORED => {
                any.extend(few.iter().map(|word| boosted(scored_term(field, word), weight)));
            }
            _ => {
                let holding = HoldsAny { field, words };
                any.push(boosted(Box::new(Picked(holding.clone())), weight));
                picks.push((holding, weight));
            }
        }
    }
    let is_picked = any.len() == picks.len();
    let whole = if any.is_empty() { Box::new(EmptyQuery) } else { best_of(any) };
    Ok(if is_picked && !picks.is_empty() {
        Box::new(BestPicked { picks, tie_breaker: TIE_BREAKER, whole })
    } else {
        whole
    })
}

/// Articles in whose title or body stretches of words that fit a tree occur at least `at_least` times.
///
/// # Errors
/// If the index cannot be read, or the tree asks for more than words.
pub fn places(
    compiler: &mut Compiler<'_>,
    node: &Node,
    part: Option<Part>,
    at_least: u32,
) -> anyhow::Result<Box<dyn Query>> {
    let mut any: Vec<Box<dyn Query>> = Vec::new();
    for Target { field, weight, .. } in targets(part) {
        let mut found = span(compiler, field, node, None)?;
        if part == Some(Part::Lead) {
            found = Span::First(LEAD_WORDS, Box::new(found));
        }
        any.push(boosted(Box::new(SpanQuery::new(field, found, at_least, compiler.effort.clone())), weight));
    }
    Ok(best_of(any))
}

/// A tree of words as stretches; `near` is the distance that holds between the words of a group.
fn span(compiler: &mut Compiler<'_>, field: Field, node: &Node, near: Option<u32>) -> anyhow::Result<Span> {
    Ok(match &node.kind {
        Kind::Word { text, exact } => {
            let forms = forms(text);
            match forms.parts.as_slice() {
                [(folded, lower)] if !exact => Span::Words(expand::same_stem(compiler, field, folded, lower)?),
                parts => {
                    let row =
                        Span::Sequence(parts.iter().map(|(folded, _)| Span::Words(vec![folded.clone()])).collect(), 0);
                    if forms.joined.is_empty() { row } else { Span::Any(vec![row, Span::Words(forms.joined)]) }
                }
            }
        }
        Kind::Wildcard(pattern) => Span::Words(expand::wildcard(compiler, field, pattern, Use::Places)?),
        Kind::Fuzzy { text, distance } => Span::Words(expand::fuzzy(compiler, field, text, *distance, Use::Places)?),
        Kind::Phrase { items, slop } => {
            let items = items.iter().map(|item| span(compiler, field, item, near)).collect::<anyhow::Result<_>>()?;
            Span::Sequence(items, *slop)
        }
        Kind::Near { left, right, distance, ordered } => Span::Near {
            left: Box::new(span(compiler, field, left, Some(*distance))?),
            right: Box::new(span(compiler, field, right, Some(*distance))?),
            distance: *distance,
            ordered: *ordered,
        },
        Kind::Or(nodes) => {
            Span::Any(nodes.iter().map(|node| span(compiler, field, node, near)).collect::<anyhow::Result<_>>()?)
        }
        Kind::And(nodes) if near.is_some() => {
            let mut sides = nodes.iter().map(|node| span(compiler, field, node, near));
            let first = sides.next().transpose()?.unwrap_or(Span::Words(Vec::new()));
            sides.try_fold(first, |left, right| {
                anyhow::Ok(Span::Near {
                    left: Box::new(left),
                    right: Box::new(right?),
                    distance: near.unwrap_or_default(),
                    ordered: false,
                })
            })?
        }
        _ => bail!("only words, phrases and patterns can stand near each other"),
    })
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
            forms.parts.push((words.folded.clone(), words.lower().to_owned()));
        } else {
            forms.joined.push(words.folded.clone());
        }
    }
    if forms.parts.len() != 2 {
        forms.joined.clear();
    }
    forms
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
