//! What the parts of a query stand for on one index: the words of patterns and stems, the values names resolve to.

use crate::enrich::Gazetteer;
use crate::index::{Column, fields, fold};

use super::ast::{Kind, Node};
use super::compile::Compiler;
use super::expand::{self, Use};
use super::names;

/// Words or names shown of one part.
const SHOWN: usize = 12;

/// What a part of a query stands for, in lines for people; none if it is only itself.
///
/// # Errors
/// If the index cannot be read.
pub fn notes(compiler: &mut Compiler<'_>, node: &Node) -> anyhow::Result<Vec<String>> {
    let body = fields().body;
    Ok(match &node.kind {
        Kind::Word { text, exact: false } => {
            let words = crate::index::folded_words(text);
            let [folded] = words.as_slice() else { return Ok(Vec::new()) };
            some("as", &expand::same_stem(compiler, body, folded, &text.to_lowercase())?, "words")
        }
        Kind::Wildcard(pattern) => some("as", &expand::wildcard(compiler, body, pattern, Use::Holding)?, "words"),
        Kind::Fuzzy { text, distance } => {
            some("as", &expand::fuzzy(compiler, body, text, *distance, Use::Holding)?, "words")
        }
        Kind::Value { column, value, pattern } => {
            let named = names::resolve(compiler, *column, value, *pattern)?;
            let mut lines =
                some("means", &named.values.iter().map(|value| shown(*column, value)).collect::<Vec<_>>(), "values");
            for (surname, years) in named.surnames.iter().take(SHOWN) {
                let (first, last) = (years.first().copied().unwrap_or(0), years.last().copied().unwrap_or(0));
                let span = match (first, last) {
                    (0, 0) => "undated articles".to_owned(),
                    (first, last) if first == last => format!("articles of {first}"),
                    (0, last) => format!("undated articles and those up to {last}"),
                    (first, last) => format!("articles of {first} to {last}"),
                };
                lines.push(format!("and `{}` in {span}", surname.trim_start_matches(|c: char| !c.is_alphanumeric())));
            }
            lines
        }
        Kind::Office(office) => {
            let holders = Gazetteer::embedded().office_holders(office);
            let mut holders: Vec<String> = holders.into_iter().map(|(person, _)| person.name.to_string()).collect();
            holders.sort_unstable();
            holders.dedup();
            some("held by", &holders, "people")
        }
        _ => Vec::new(),
    })
}

/// A value with the name of the country it is the code of.
fn shown(column: Column, value: &str) -> String {
    let is_country = matches!(column, Column::Countries | Column::FiledFrom);
    match Gazetteer::embedded().country_name(value).filter(|name| is_country && fold(name) != fold(value)) {
        Some(name) => format!("{name} ({value})"),
        None => value.to_owned(),
    }
}

fn some(verb: &str, all: &[String], noun: &str) -> Vec<String> {
    let first: Vec<&str> = all.iter().take(SHOWN).map(String::as_str).collect();
    match all.len() {
        0 => vec!["stands for nothing in this index".to_owned()],
        more if more > SHOWN => vec![format!("{verb} {} … ({more} {noun})", first.join(", "))],
        _ => vec![format!("{verb} {}", first.join(", "))],
    }
}
