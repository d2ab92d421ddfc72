//! Text to tree, by recursive descent: what may stand where is one function per level.
//!
//! ```text
//! any_of  = all_of  { OR all_of }                      logic.rs
//! all_of  = unary   { [AND] unary }
//! unary   = [NOT | - | ! | +] near
//! near    = primary { NEAR/n primary }
//! primary = ( any_of ) | "phrase"~n | word | field:value, each with ^n      text.rs, pattern.rs, field.rs, value.rs
//! ```
//!
//! By hand and not by a parser library: what ends a word depends on the field it stands in, and every mistake wants its
//! own message and suggestion, which is most of the code. Every letter is looked at a bounded number of times.

mod any;
mod cursor;
mod field;
mod logic;
mod operator;
mod pattern;
mod text;
#[cfg(test)]
mod typed;
mod value;

use std::ops::Range;

use crate::date::Date;

use super::ast::{Kind, Node};
use super::error::QueryError;

use cursor::{is_close, is_open};
use field::Field;

pub(super) use cursor::{Letter, ends_word, hold_a_word, is_blank, is_colon, is_minus, is_quote, trimmed};
pub use field::nearest;
pub(super) use text::reads_as_a_word;

/// Longest query in bytes.
const LONGEST_QUERY: usize = 4096;

/// Brackets within brackets, and operators on operators.
const DEEPEST: usize = 64;

/// Words, phrases and values in one query.
const MOST_TERMS: usize = 512;

/// Different warnings about one query.
const MOST_WARNINGS: usize = 16;

/// A query understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// What it asks for.
    pub node: Node,
    /// What the person who typed it may not have meant, one line each.
    pub warnings: Vec<String>,
}

/// Understands a query as typed; an empty one asks for every article. `today` is what `date:last-7d` counts from.
///
/// # Errors
/// Whatever is not understood, or beyond the limits of 4096 bytes, 64 levels and 512 terms.
pub fn parse(text: &str, today: Date) -> Result<Parsed, QueryError> {
    let mut parser = Parser::new(text, today)?;
    if text.chars().all(is_blank) {
        return Ok(Parsed { node: Node::all(), warnings: Vec::new() });
    }
    parser.skip();
    if parser.at == text.len() {
        return Err(QueryError::new("nothing to search for: no letter or digit in it", 0..text.len()));
    }
    let node = parser.any_of(None)?;
    if parser.at < text.len() {
        let bracket = parser.at..parser.at + parser.peek().map_or(0, char::len_utf8);
        return Err(QueryError::new(format!("`{}` closes no bracket", &text[bracket.clone()]), bracket));
    }
    Ok(Parsed { node, warnings: parser.warnings })
}

/// Understands a sentence or a list of words, any of which may match (`--match any`).
///
/// Everything is a word, capitals `AND OR NOT` included, save what is in quotes (a phrase), `field:value`, and a leading
/// `-` or `+`. Punctuation is ignored. Any of the words and phrases is enough; fields and what has a `+` must match, and
/// what has a `-` must not.
///
/// # Errors
/// A field with a value it cannot have, or a query beyond the limits of [`parse`].
pub fn parse_any(text: &str, today: Date) -> Result<Parsed, QueryError> {
    let mut parser = Parser::new(text, today)?;
    let node = parser.plain_words()?;
    Ok(Parsed { node, warnings: parser.warnings })
}

/// Where a part of a query stands, which decides what its words mean.
#[derive(Clone, Copy)]
enum Scope {
    /// In no field.
    Anywhere,
    /// In the value of a field, which goes by this name.
    In(Field, &'static str),
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    today: Date,
    scope: Scope,
    depth: usize,
    terms: usize,
    warnings: Vec<String>,
    /// The last bare word and the one before, to see `last 7d` and `last 7 days`.
    previous_words: [Range<usize>; 2],
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, today: Date) -> Result<Self, QueryError> {
        if text.len() > LONGEST_QUERY {
            let from = text.floor_char_boundary(LONGEST_QUERY);
            let message = format!("the query has {} bytes; the limit is {LONGEST_QUERY}", text.len());
            return Err(QueryError::new(message, from..text.len()));
        }
        Ok(Self {
            text,
            at: 0,
            today,
            scope: Scope::Anywhere,
            depth: 0,
            terms: 0,
            warnings: Vec::new(),
            previous_words: [0..0, 0..0],
        })
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn skip_blanks(&mut self) {
        while let Some(c) = self.peek().filter(|c| is_blank(*c)) {
            self.at += c.len_utf8();
        }
    }

    /// Passes over blanks and over pieces without a letter or digit, such as a lone hyphen.
    fn skip(&mut self) {
        loop {
            self.skip_blanks();
            let Some(c) = self.peek() else { return };
            if is_open(c) || is_close(c) || is_quote(c) || operator::is_symbol(&self.text[self.at..]) {
                return;
            }
            let (piece, end) = cursor::letters(self.text, self.at, ends_word);
            let leads_on = is_minus(c) || c == '+';
            let next = self.text[end..].chars().next();
            if hold_a_word(&piece)
                || text::is_everything(&piece[usize::from(leads_on)..])
                || (leads_on && piece.len() == 1 && next.is_some_and(|c| is_open(c) || is_quote(c)))
            {
                return;
            }
            let ignored = &self.text[self.at..end];
            // what a sentence may hold is no surprise; what looks like an operator is
            if !ignored
                .chars()
                .all(|c| matches!(c, '.' | ',' | ';' | ':' | '…' | '–' | '—' | '·' | '?' | '/' | '\'' | '’' | '‘'))
            {
                self.warn(format!("`{ignored}` alone is ignored: it holds no letter or digit"));
            }
            self.at = end;
        }
    }

    fn warn(&mut self, warning: String) {
        if self.warnings.len() < MOST_WARNINGS && !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    fn count_term(&mut self, span: &Range<usize>) -> Result<(), QueryError> {
        self.terms += 1;
        if self.terms > MOST_TERMS {
            let message = format!("the query has more than {MOST_TERMS} words and values");
            return Err(QueryError::new(message, span.clone()));
        }
        Ok(())
    }

    /// One level down, from the bracket or operator at `span`; [`Parser::rise`] comes back up.
    fn descend(&mut self, span: &Range<usize>) -> Result<(), QueryError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(QueryError::new(format!("nested deeper than {DEEPEST} levels"), span.clone()));
        }
        Ok(())
    }

    fn rise(&mut self) {
        self.depth -= 1;
    }

    /// `^n` where the parser stands; 1 if there is none.
    fn boost(&mut self) -> Result<f32, QueryError> {
        if self.peek() != Some('^') {
            return Ok(1.0);
        }
        let (letters, end) = cursor::letters(self.text, self.at + 1, ends_word);
        let boost = text::weight(&letters, self.at)?;
        self.at = end;
        Ok(boost)
    }
}

/// Makes a part count more; one within another multiplies.
fn boosted(mut node: Node, boost: f32) -> Node {
    node.boost *= boost;
    node
}

/// Several parts as one, a single one as itself.
fn joined(mut nodes: Vec<Node>, kind: fn(Vec<Node>) -> Kind) -> Node {
    if nodes.len() == 1 {
        return nodes.swap_remove(0);
    }
    let start = nodes.first().map_or(0, |node| node.span.start);
    let end = nodes.last().map_or(0, |node| node.span.end);
    Node::new(kind(nodes), start..end)
}
