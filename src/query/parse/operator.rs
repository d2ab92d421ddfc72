//! Operators: `AND OR NOT` in capitals, `&& ||`, and how near two words must be, as the news databases write it.

use std::ops::Range;

use super::Parser;
use super::QueryError;
use super::cursor::ends_word;

/// Words between two at most.
const FARTHEST: u32 = 1000;

/// Words between two if `NEAR` stands alone.
const NEAR_ALONE: u32 = 10;

/// What stands between two parts of a query, or before one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    And,
    Or,
    Not,
    Near { distance: u32, ordered: bool },
}

/// Names of nearness, whether they keep the order, and whether the number may follow without a slash.
const NEARNESS: [(&str, bool, bool); 6] = [
    ("NEAR", false, true),
    ("ADJ", true, true),
    // Lexis and Nexis
    ("W", false, false),
    ("PRE", true, false),
    // EBSCO and Bloomberg
    ("N", false, false),
    ("ONEAR", true, true),
];

/// Whether a text begins with an operator made of symbols.
pub fn is_symbol(text: &str) -> bool {
    text.starts_with("&&") || text.starts_with("||")
}

/// Whether a word would be read as an operator.
pub fn is_operator(word: &str) -> bool {
    !matches!(operator(word, 0..word.len()), Ok(None))
}

impl Parser<'_> {
    /// The operator where the parser stands, and its bytes.
    pub fn operator(&self) -> Result<Option<(Operator, Range<usize>)>, QueryError> {
        let rest = &self.text[self.at..];
        for (symbol, operator) in [("&&", Operator::And), ("||", Operator::Or)] {
            if rest.starts_with(symbol) {
                return Ok(Some((operator, self.at..self.at + symbol.len())));
            }
        }
        // the longest operator is `onear/1000`; longer words are not looked at
        let end = rest.char_indices().take(16).find(|(at, c)| ends_word(*c, &rest[*at..]));
        let end = end.map_or(if rest.chars().nth(16).is_none() { rest.len() } else { 0 }, |(at, _)| at);
        let span = self.at..self.at + end;
        Ok(operator(&rest[..end], span.clone())?.map(|operator| (operator, span)))
    }
}

fn operator(word: &str, span: Range<usize>) -> Result<Option<Operator>, QueryError> {
    match word {
        "AND" => return Ok(Some(Operator::And)),
        "OR" => return Ok(Some(Operator::Or)),
        "NOT" => return Ok(Some(Operator::Not)),
        _ => {}
    }
    let upper = word.to_ascii_uppercase();
    for (unit, distance) in [("W/S", "NEAR/15"), ("/S", "NEAR/15"), ("W/P", "NEAR/50"), ("/P", "NEAR/50")] {
        if upper == unit {
            let message = format!("`{word}` is not known here: sentences and paragraphs are not counted");
            return Err(QueryError::new(message, span).suggesting(distance));
        }
    }
    for (name, ordered, glued) in NEARNESS {
        let Some(rest) = upper.strip_prefix(name) else { continue };
        let (slash, number) = rest.strip_prefix('/').map_or((false, rest), |number| (true, number));
        if number.is_empty() && !slash {
            // in lower case, and alone, these are words
            let distance = if ordered { 0 } else { NEAR_ALONE };
            return Ok((word == name && glued).then_some(Operator::Near { distance, ordered }));
        }
        if !(slash || glued && number.bytes().all(|byte| byte.is_ascii_digit())) {
            continue;
        }
        if let Some(distance) = number.parse().ok().filter(|distance| *distance <= FARTHEST) {
            return Ok(Some(Operator::Near { distance, ordered }));
        }
        if !glued && !number.bytes().all(|byte| byte.is_ascii_digit()) {
            // `w/o` is a word
            continue;
        }
        let message = format!("`{word}` must give a number of words up to {FARTHEST}");
        let suggestion = if number.bytes().all(|byte| byte.is_ascii_digit()) { FARTHEST } else { NEAR_ALONE };
        return Err(QueryError::new(message, span).suggesting(format!("{name}/{suggestion}")));
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearness_is_understood_as_every_news_database_writes_it() {
        let near = |distance, ordered| Ok(Some(Operator::Near { distance, ordered }));
        for (typed, meant) in [
            ("NEAR", near(10, false)),
            ("NEAR/5", near(5, false)),
            ("near5", near(5, false)),
            ("W/5", near(5, false)),
            ("w/5", near(5, false)),
            ("N/3", near(3, false)),
            ("ADJ", near(0, true)),
            ("adj5", near(5, true)),
            ("PRE/2", near(2, true)),
        ] {
            assert_eq!(operator(typed, 0..0), meant, "{typed}");
        }
        for word in ["near", "nearly", "NEARLY", "adj", "w/o", "W5", "n", "pre", "and", "or", "not", "Or"] {
            assert_eq!(operator(word, 0..0), Ok(None), "{word}");
        }
        for mistake in ["NEAR/", "NEAR/x", "NEAR/1001", "adj/", "w/s", "/P", "NEAR99999999999"] {
            assert!(operator(mistake, 0..0).is_err_and(|error| error.suggestion.is_some()), "{mistake}");
        }
    }
}
