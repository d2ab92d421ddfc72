//! Why a query is not understood: what is wrong, where, and what was probably meant.

use std::fmt;
use std::ops::Range;

use unicode_width::UnicodeWidthChar;

/// A query that cannot be understood. Prints as one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// What is wrong.
    pub message: String,
    /// Bytes of the query it is about.
    pub span: Range<usize>,
    /// What to type in the place of `span`, where that can be told.
    pub suggestion: Option<String>,
}

/// Columns of a query shown around a mistake; more would wrap in a terminal.
const SHOWN_BEFORE: usize = 40;
const SHOWN_AFTER: usize = 30;

impl QueryError {
    /// Says what is wrong with a part of the query.
    pub fn new(message: impl Into<String>, span: Range<usize>) -> Self {
        Self { message: message.into(), span, suggestion: None }
    }

    /// Adds what was probably meant.
    #[must_use]
    pub fn suggesting(self, suggestion: impl Into<String>) -> Self {
        Self { suggestion: Some(suggestion.into()), ..self }
    }

    /// The message, the query and a line of carets under the mistake. Of a long query only what stands around it.
    pub fn pointed(&self, query: &str) -> String {
        let start = query.floor_char_boundary(self.span.start.min(query.len()));
        let end = query.ceil_char_boundary(self.span.end.clamp(start, query.len()));
        let (before, under, after) = (&query[..start], &query[start..end], &query[end..]);
        let before = on_one_line(before);
        let shown_from = cut_from_the_left(&before, SHOWN_BEFORE);
        let before = if shown_from > 0 { format!("…{}", &before[shown_from..]) } else { before };
        let under = shortened(&on_one_line(under), 2 * SHOWN_BEFORE);
        let after = shortened(&on_one_line(after), SHOWN_AFTER);
        let carets = "^".repeat(width(&under).max(1));
        format!("{self}\n  {before}{under}{after}\n  {}{carets}", " ".repeat(width(&before)))
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&on_one_line(&self.message))?;
        match &self.suggestion {
            Some(suggestion) => write!(f, "; did you mean `{}`?", on_one_line(suggestion)),
            None => Ok(()),
        }
    }
}

impl std::error::Error for QueryError {}

fn on_one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn width(text: &str) -> usize {
    text.chars().filter_map(UnicodeWidthChar::width).sum()
}

/// Where the last `columns` columns of a text begin.
fn cut_from_the_left(text: &str, columns: usize) -> usize {
    let mut used = 0;
    for (at, c) in text.char_indices().rev() {
        used += c.width().unwrap_or(0);
        if used > columns {
            return at + c.len_utf8();
        }
    }
    0
}

/// The first `columns` columns of a text, with `…` if there is more.
fn shortened(text: &str, columns: usize) -> String {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += c.width().unwrap_or(0);
        if used > columns {
            return format!("{}…", &text[..at]);
        }
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_stands_under_the_mistake() {
        let error = QueryError::new("no field `titel`", 0..5).suggesting("title");
        assert_eq!(error.pointed("titel:flood"), "no field `titel`; did you mean `title`?\n  titel:flood\n  ^^^^^");
    }

    #[test]
    fn wide_letters_take_two_columns_and_a_place_without_letters_one() {
        let query = "普京 (";
        let error = QueryError::new("`(` is never closed", 7..8);
        assert_eq!(error.pointed(query), "`(` is never closed\n  普京 (\n       ^");
        let error = QueryError::new("nothing", 8..8);
        assert_eq!(error.pointed(query).lines().last(), Some("        ^"));
    }

    #[test]
    fn a_long_query_is_shown_around_the_mistake() {
        let query = format!("{}\tAND {}", "word ".repeat(100), "word ".repeat(100));
        let pointed = QueryError::new("wrong", 501..504).pointed(&query);
        let lines: Vec<&str> = pointed.lines().collect();
        assert!(lines.iter().all(|line| line.chars().count() < 90), "{pointed}");
        assert_eq!(lines[1].find("AND").map(|at| lines[1][..at].chars().count()), lines[2].find('^'));
    }
}
