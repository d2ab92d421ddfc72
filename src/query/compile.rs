//! A tree as the query tantivy runs on one index. Every approximation is noted as a warning.

use std::ops::Bound;
use std::sync::Arc;

use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, ExistsQuery, Occur, Query, RangeQuery,
};
use tantivy::{Searcher, Term};

use crate::date::{Date, Range};
use crate::index::{Column, Statistics, StemLanguage, fields};
use crate::resolve::NameTable;

use super::ast::{Kind, Node, Part, Presence};
use super::days::Days;
use super::excluded::Excluded;
use super::expand::Expansions;
use super::folded::FoldedValues;
use super::holding::{AnyOf, HoldsAny};
use super::picked::Picked;
use super::raise::Raises;
use super::somebody::HasSomebody;
use super::span::Effort;
use super::within_days::WithinDays;
use super::{names, text};

/// What compiling needs to know of the index.
pub struct Compiler<'a> {
    /// The segments.
    pub searcher: &'a Searcher,
    /// How frequent words are without the articles that were removed.
    pub statistics: &'a Statistics,
    /// What the archive teaches about names.
    pub names: &'a Arc<NameTable>,
    /// Languages of its articles that have a stemmer.
    pub languages: Vec<StemLanguage>,
    /// Approximations made so far, for the answer's warnings.
    pub warnings: Vec<String>,
    /// Whether `person:` finds those merely mentioned too.
    pub counts_mentioned: bool,
    /// Values of columns as names are compared with them.
    pub(super) folded: Arc<FoldedValues>,
    /// What its patterns stand for.
    pub(super) expansions: Expansions,
    /// What looking at places has cost so far.
    pub effort: Effort,
}

/// Compiles a tree.
///
/// # Errors
/// If the index cannot be read.
pub fn compile(node: &Node, compiler: &mut Compiler<'_>) -> anyhow::Result<Box<dyn Query>> {
    compiler.node(node, None)
}

/// Compiles a tree, what only raises articles apart from what finds them.
///
/// # Errors
/// If the index cannot be read.
pub fn compile_apart(node: &Node, compiler: &mut Compiler<'_>) -> anyhow::Result<(Box<dyn Query>, Raises)> {
    let is_plain = (node.boost - 1.0).abs() <= f32::EPSILON;
    match &node.kind {
        Kind::And(nodes) if is_plain => {
            let all = Box::new(BooleanQuery::new(compiler.all_of(nodes, None)?));
            Ok((compiler.within_days(all, nodes), text::neighbours(nodes, None)))
        }
        Kind::Or(nodes) if is_plain => {
            Ok((Box::new(BooleanQuery::union(compiler.any_of(nodes, None)?)), text::neighbours(nodes, None)))
        }
        _ => Ok((compiler.node(node, None)?, Raises::default())),
    }
}

/// Languages of an index's articles that have a stemmer.
///
/// # Errors
/// If the index cannot be read.
pub fn stem_languages(statistics: &Statistics) -> tantivy::Result<Vec<StemLanguage>> {
    let mut languages = Vec::new();
    for segment in statistics.searcher().segment_readers() {
        let Some(column) = segment.fast_fields().str(Column::Language.name())? else { continue };
        let mut terms = column.dictionary().stream()?;
        while terms.advance() {
            let language = std::str::from_utf8(terms.key()).ok().and_then(StemLanguage::of);
            let Some(language) = language.filter(|language| !languages.contains(language)) else { continue };
            let field = fields().column(Column::Language);
            if !statistics.is_gone(&Term::from_field_bytes(field, terms.key()))? {
                languages.push(language);
            }
        }
    }
    languages.sort_unstable_by_key(|language| language.code());
    Ok(languages)
}

impl<'a> Compiler<'a> {
    /// With nothing compiled yet; `languages` as [`stem_languages`] gives them.
    pub fn new(statistics: &'a Statistics, names: &'a Arc<NameTable>, languages: Vec<StemLanguage>) -> Self {
        Self {
            searcher: statistics.searcher(),
            statistics,
            names,
            languages,
            warnings: Vec::new(),
            counts_mentioned: false,
            folded: Arc::default(),
            expansions: Expansions::default(),
            effort: Effort::default(),
        }
    }

    /// The same with what earlier queries on this index worked out of its values.
    #[must_use]
    pub fn remembering(self, folded: &Arc<FoldedValues>) -> Self {
        Self { folded: Arc::clone(folded), ..self }
    }

    /// Everything the answer should say of how the query was run: approximations, and the limit that stopped it, if one did.
    pub fn take_warnings(&mut self) -> Vec<String> {
        if self.effort.is_spent() {
            self.warn(self.effort.warning());
        }
        std::mem::take(&mut self.warnings)
    }

    /// Notes an approximation, once.
    pub(super) fn warn(&mut self, warning: String) {
        const MOST: usize = 16;
        if self.warnings.len() < MOST && !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    fn node(&mut self, node: &Node, part: Option<Part>) -> anyhow::Result<Box<dyn Query>> {
        let query: Box<dyn Query> = match &node.kind {
            Kind::All => Box::new(AllQuery),
            Kind::Word { .. } => text::word(self, node, part)?,
            Kind::Phrase { .. } => text::phrase(self, node, part)?,
            Kind::Wildcard(_) | Kind::Fuzzy { .. } => text::pattern(self, node, part)?,
            Kind::Near { .. } => text::places(self, node, part, 1)?,
            Kind::AtLeast { count, of } => text::places(self, of, part.or(Some(Part::Body)), *count)?,
            Kind::And(nodes) => {
                let mut query = self.all_of(nodes, part)?;
                query.extend(text::raising(text::neighbours(nodes, part)).map(|pair| (Occur::Should, pair)));
                self.within_days(Box::new(BooleanQuery::new(query)), nodes)
            }
            Kind::Or(nodes) => {
                let mut any = self.any_of(nodes, part)?;
                any.extend(text::raising(text::neighbours(nodes, part)));
                Box::new(BooleanQuery::union(any))
            }
            Kind::Not(node) => Box::new(BooleanQuery::new(
                self.all_of(&[Node::new(Kind::Not(node.clone()), node.span.clone())], part)?,
            )),
            Kind::Within { part, query } => self.node(query, Some(*part))?,
            Kind::Value { column: Column::People, value, pattern } if self.counts_mentioned => {
                let people = names::value(self, Column::People, value, *pattern)?;
                let mentioned = names::value(self, Column::Mentioned, value, *pattern)?;
                constant(Box::new(BooleanQuery::union(vec![people, mentioned])))
            }
            Kind::Value { column, value, pattern } => constant(names::value(self, *column, value, *pattern)?),
            Kind::Id(id) => constant(text::term_query(fields().id, id)),
            Kind::Has(Presence::Column(Column::People)) if self.counts_mentioned => {
                let has =
                    |column| Box::new(Picked(HasSomebody { column, names: Arc::clone(self.names) })) as Box<dyn Query>;
                constant(Box::new(BooleanQuery::union(vec![has(Column::People), has(Column::Mentioned)])))
            }
            Kind::Has(Presence::Column(column @ (Column::People | Column::Leaders | Column::Mentioned))) => {
                constant(Box::new(Picked(HasSomebody { column: *column, names: Arc::clone(self.names) })))
            }
            Kind::Has(presence) => constant(has(*presence)),
            Kind::Date(range) => constant(date(range, self.statistics)),
            Kind::OnThisDay { month, day } => constant(self.on_this_day(*month, *day)?),
            Kind::Office(office) => constant(names::office(self, office)?),
        };
        Ok(if (node.boost - 1.0).abs() > f32::EPSILON { Box::new(BoostQuery::new(query, node.boost)) } else { query })
    }

    /// All of some nodes, not begun where the first range of days among them holds nothing.
    fn within_days(&self, all: Box<dyn Query>, nodes: &[Node]) -> Box<dyn Query> {
        let ranges =
            nodes.iter().filter_map(|node| if let Kind::Date(range) = &node.kind { Some(range) } else { None });
        self.within(all, ranges)
    }

    /// A query of which ranges of dates are part, not begun where the first of them holds nothing.
    pub fn within<'r>(&self, query: Box<dyn Query>, ranges: impl IntoIterator<Item = &'r Range>) -> Box<dyn Query> {
        let days = ranges.into_iter().find_map(|range| days(range, self.statistics));
        match days {
            Some(days) => Box::new(WithinDays { query, days }),
            None => query,
        }
    }

    /// Articles of one day of the year, whatever the year.
    fn on_this_day(&self, month: i8, day: i8) -> anyhow::Result<Box<dyn Query>> {
        let Some((first, last)) = day_bounds(self.searcher)? else { return Ok(Box::new(EmptyQuery)) };
        let years = Date::from_days(first).zip(Date::from_days(last)).map(|(first, last)| first.year()..=last.year());
        let days = years.into_iter().flatten().filter_map(|year| Date::ymd(year, month, day));
        let on = |date: Date| {
            let term = |field| Bound::Included(Term::from_field_i64(field, date.first_day()));
            let only = |field| Box::new(RangeQuery::new(term(field), term(field))) as Box<dyn Query>;
            Box::new(BooleanQuery::intersection(vec![only(fields().first_day), only(fields().last_day)]))
                as Box<dyn Query>
        };
        Ok(Box::new(BooleanQuery::union(days.map(on).collect())))
    }

    fn any_of(&mut self, nodes: &[Node], part: Option<Part>) -> anyhow::Result<Vec<Box<dyn Query>>> {
        let once = nodes.iter().enumerate().filter(|(place, node)| !is_repeated(node, &nodes[..*place]));
        once.map(|(_, node)| self.node(node, part)).collect()
    }

    fn all_of(&mut self, nodes: &[Node], part: Option<Part>) -> anyhow::Result<Vec<(Occur, Box<dyn Query>)>> {
        let mut clauses = Vec::with_capacity(nodes.len() + 1);
        for (place, node) in nodes.iter().enumerate() {
            if is_repeated(node, &nodes[..place]) {
                continue;
            }
            match &node.kind {
                Kind::Not(excluded) => {
                    let query = self.node(excluded, part)?;
                    let query = if text::has_rows(excluded) { Box::new(Excluded(query)) } else { query };
                    clauses.push((Occur::MustNot, query));
                }
                _ => clauses.push((Occur::Must, self.node(node, part)?)),
            }
        }
        if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            clauses.push((Occur::Must, constant(Box::new(AllQuery))));
        }
        Ok(clauses)
    }
}

/// Whether a filter stands there already: twice the same decides nothing more, and names can be costly. Words count each
/// time they are typed.
fn is_repeated(node: &Node, before: &[Node]) -> bool {
    let is_filter = match &node.kind {
        Kind::Not(_) => true,
        kind => {
            matches!(kind, Kind::Value { .. } | Kind::Id(_) | Kind::Has(_) | Kind::Date(_) | Kind::OnThisDay { .. })
                || matches!(kind, Kind::Office(_))
        }
    };
    is_filter && before.contains(node)
}

/// The first and last day of any article, in days since 1970.
fn day_bounds(searcher: &Searcher) -> anyhow::Result<Option<(i64, i64)>> {
    let mut bounds: Option<(i64, i64)> = None;
    for segment in searcher.segment_readers() {
        let Some(days) = segment.fast_fields().column_opt::<i64>("first_day")? else { continue };
        if days.num_docs() > 0 {
            let (first, last) = bounds.unwrap_or((i64::MAX, i64::MIN));
            bounds = Some((first.min(days.min_value()), last.max(days.max_value())));
        }
    }
    Ok(bounds)
}

/// A filter: it decides what matches and adds nothing to the score.
pub fn constant(query: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

/// Articles whose days overlap a range: `1963` is found by every range it can lie in.
pub fn date(range: &Range, statistics: &Statistics) -> Box<dyn Query> {
    days(range, statistics).map_or_else(|| has(Presence::Date), |days| Box::new(days))
}

/// The days of a range; `None` if it is open on both sides.
fn days(range: &Range, statistics: &Statistics) -> Option<Days> {
    let (first, last) = (range.first, range.last);
    let out_of_order = Arc::clone(statistics.days_out_of_order());
    (first.is_some() || last.is_some()).then_some(Days { first, last, out_of_order })
}

fn has(presence: Presence) -> Box<dyn Query> {
    let exists = |name: &str| Box::new(ExistsQuery::new(name.to_owned(), false));
    match presence {
        Presence::Column(column) => exists(column.name()),
        Presence::Date => exists("date"),
        // any word of the title; a title of nothing but signs counts as none
        Presence::Title => Box::new(Picked(HoldsAny { field: fields().title, words: AnyOf::All })),
    }
}
