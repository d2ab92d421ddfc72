//! Names and codes in queries: which values of a column a person's, leader's, country's or other name stands for.

use std::sync::Arc;

use tantivy::Term;
use tantivy::query::{BooleanQuery, EmptyQuery, Query, TermSetQuery};

use crate::date::{Date, Range};
use crate::enrich::{Gazetteer, Person};
use crate::index::{Column, fields, fold, folded_words};
use crate::resolve::NameTable;

use super::compile::Compiler;
use super::dated::{DatedName, InTheirTime, Time};
use super::expand::fits_pattern;
use super::folded::FoldedValue;
use super::picked::Picked;

/// The values of a column a name stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedValues {
    /// As they stand in the column.
    pub values: Vec<String>,
    /// Surnames that stand for one of them only in some years; year 0 is undated.
    pub surnames: Vec<(String, Vec<i16>)>,
}

/// Articles with a value of a column.
///
/// # Errors
/// If the index cannot be read.
pub fn value(
    compiler: &mut Compiler<'_>,
    column: Column,
    value: &str,
    pattern: bool,
) -> anyhow::Result<Box<dyn Query>> {
    Ok(holding(column, &resolve(compiler, column, value, pattern)?))
}

/// Articles with any of these values.
fn holding(column: Column, named: &NamedValues) -> Box<dyn Query> {
    let field = fields().column(column);
    let mut any: Vec<Box<dyn Query>> = Vec::new();
    if !named.values.is_empty() {
        any.push(Box::new(TermSetQuery::new(named.values.iter().map(|value| Term::from_field_text(field, value)))));
    }
    let names: Arc<[DatedName]> = surnames(column, named, None).collect();
    if !names.is_empty() {
        any.push(Box::new(Picked(InTheirTime { names })));
    }
    match any.len() {
        0 => Box::new(EmptyQuery),
        1 => any.swap_remove(0),
        _ => Box::new(BooleanQuery::union(any)),
    }
}

/// Surnames with the years in which they count, and perhaps only within some days.
fn surnames(column: Column, named: &NamedValues, within: Option<Range>) -> impl Iterator<Item = DatedName> {
    // An open surname is in no column but these; who is known to lead only by it is among the people.
    let field = fields().column(if column == Column::Leaders { Column::People } else { column });
    named.surnames.iter().map(move |(surname, years)| {
        let times =
            spans(years).into_iter().map(|(first, last)| match (Date::year_only(first), Date::year_only(last)) {
                (Some(first), Some(last)) => {
                    Time::Days(Range { first: Some(first.first_day()), last: Some(last.last_day()) })
                }
                _ => Time::Undated,
            });
        DatedName { field, value: surname.clone(), times: times.collect(), within }
    })
}

/// Years as runs of years that follow each other; 0, the undated, alone.
fn spans(years: &[i16]) -> Vec<(i16, i16)> {
    let mut spans: Vec<(i16, i16)> = Vec::new();
    for year in years {
        match spans.last_mut() {
            Some((_, last)) if *last + 1 == *year && *last != 0 => *last = *year,
            _ => spans.push((*year, *year)),
        }
    }
    spans
}

/// Finds the values a name stands for.
///
/// # Errors
/// If the index cannot be read.
pub fn resolve(compiler: &Compiler<'_>, column: Column, value: &str, pattern: bool) -> anyhow::Result<NamedValues> {
    if pattern {
        let folded: Vec<char> = value.to_lowercase().chars().collect();
        if matches!(column, Column::People | Column::Leaders | Column::Mentioned) {
            return people_that(compiler, column, &[], |name| fits_pattern(&folded, &name.value.to_lowercase()));
        }
        let values =
            column_values(compiler, column, |candidate| fits_pattern(&folded, &candidate.value.to_lowercase()))?;
        return Ok(NamedValues { values, surnames: Vec::new() });
    }
    match column {
        Column::People | Column::Leaders | Column::Mentioned => people(compiler, column, value),
        Column::Countries | Column::FiledFrom => {
            let code = Gazetteer::embedded().country_named(value);
            Ok(NamedValues { values: code.map(str::to_owned).into_iter().collect(), surnames: Vec::new() })
        }
        _ => {
            let wanted = fold(value);
            let mut values = column_values(compiler, column, |candidate| candidate.folded == wanted)?;
            if values.is_empty() {
                let words = folded_words(value);
                values = column_values(compiler, column, |candidate| candidate.holds(&words))?;
            }
            Ok(NamedValues { values, surnames: Vec::new() })
        }
    }
}

fn people(compiler: &Compiler<'_>, column: Column, name: &str) -> anyhow::Result<NamedValues> {
    // `leader:FR` and `leader:France` mean whoever led it
    if column == Column::Leaders
        && Gazetteer::embedded().people_named(name).is_empty()
        && let Some(code) = Gazetteer::embedded().country_named(name)
    {
        let mut values: Vec<String> =
            Gazetteer::embedded().leaders_of(code).iter().map(|(person, _)| person.name.to_string()).collect();
        values.sort_unstable();
        values.dedup();
        return Ok(NamedValues { values, surnames: Vec::new() });
    }
    let words = folded_words(name);
    let wanted = fold(name);
    let known = Gazetteer::embedded().people_named(name);
    let by_words = known.is_empty() || words.len() < 2;
    people_that(
        compiler,
        column,
        &known,
        |candidate| {
            if by_words { candidate.holds(&words) } else { candidate.folded == wanted }
        },
    )
}

/// The values that stand for people known by a name, or for those whose name fits.
fn people_that(
    compiler: &Compiler<'_>,
    column: Column,
    known: &[&Person],
    fits: impl Fn(&FoldedValue) -> bool,
) -> anyhow::Result<NamedValues> {
    let table = compiler.names;
    // whom the name may mean, by the names the archive and the user give them
    let mut meant: Vec<String> = known.iter().map(|person| person.name.to_owned()).collect();
    let mut named = NamedValues::default();
    for value in column_values(compiler, column, |candidate| !NameTable::is_open(&candidate.value) && fits(candidate))?
    {
        if table.is_surname(&value) {
            named.values.push(value);
        } else {
            meant.push(value);
        }
    }
    let given = table.given_names().map(|name| FoldedValue { value: name.to_owned(), folded: fold(name) });
    meant.extend(given.filter(|name| fits(name)).map(|name| name.value));
    let mut names: Vec<&str> = meant.iter().filter_map(|value| table.resolve(value, None)).collect();
    names.sort_unstable();
    names.dedup();
    Ok(written_as(compiler, column, &names, named))
}

/// Adds the values by which people stand in a column.
fn written_as(compiler: &Compiler<'_>, column: Column, names: &[&str], mut named: NamedValues) -> NamedValues {
    let table = compiler.names;
    for name in names {
        let leads = Gazetteer::embedded().person(name).filter(|_| column == Column::Leaders);
        if !table.knows(name) {
            named.values.push((*name).to_owned());
        }
        for (value, years) in compiler.folded.written_as(table, name) {
            let mut years = years.clone();
            if years.is_empty() {
                named.values.push(value.clone());
                continue;
            }
            if column == Column::Leaders {
                years.retain(|year| leads.is_some_and(|person| person.is_leader_at(Date::year_only(*year).as_ref())));
            }
            if !years.is_empty() {
                named.surnames.push((value.clone(), years));
            }
        }
    }
    named.values.sort_unstable();
    named.values.dedup();
    named.surnames.sort_unstable();
    named.surnames.dedup();
    named
}

/// Articles about whoever held an office at their date: `president of France`, `french president`, `pope`.
///
/// # Errors
/// If the index cannot be read.
pub fn office(compiler: &mut Compiler<'_>, text: &str) -> anyhow::Result<Box<dyn Query>> {
    let mut any: Vec<DatedName> = Vec::new();
    let people = compiler.folded.of(compiler.statistics, Column::People)?;
    let stands = |value: &str| people.binary_search_by(|known| known.value.as_str().cmp(value)).is_ok();
    let mut known = false;
    for (person, office) in Gazetteer::embedded().office_holders(text) {
        known = true;
        let names: Vec<&str> = compiler.names.resolve(person.name, None).into_iter().collect();
        let mut named = written_as(compiler, Column::People, &names, NamedValues::default());
        // most who ever held an office are in no article
        named.values.retain(|value| stands(value));
        named.surnames.retain(|(surname, _)| stands(surname));
        if named == NamedValues::default() {
            continue;
        }
        let within = Some(Range {
            first: office.from.map(|date| date.first_day()),
            last: office.to.map(|date| date.last_day()),
        });
        let field = fields().column(Column::People);
        let whole = |value: &String| DatedName { field, value: value.clone(), times: Vec::new(), within };
        any.extend(named.values.iter().map(whole));
        any.extend(surnames(Column::People, &named, within));
    }
    if !known {
        compiler.warn(format!("no office `{text}` is known; offices read like \"president of France\""));
    }
    Ok(if any.is_empty() { Box::new(EmptyQuery) } else { Box::new(Picked(InTheirTime { names: any.into() })) })
}

/// The distinct values of a column that fit, sorted.
fn column_values(
    compiler: &Compiler<'_>,
    column: Column,
    fits: impl Fn(&FoldedValue) -> bool,
) -> anyhow::Result<Vec<String>> {
    let values = compiler.folded.of(compiler.statistics, column)?;
    Ok(values.iter().filter(|value| fits(value)).map(|value| value.value.clone()).collect())
}
