//! Words that are not fully given: `*` and `?` for letters, and `~` for letters that may differ.

use std::ops::Range;

use crate::index::folded_words;

use super::cursor::{Letter, hold_a_word, plain, span_of, trimmed};
use super::{Kind, Node, QueryError};

/// Whether `*` or `?` stand for letters: a `?` at a word's end is punctuation.
pub fn has_wildcards(word: &[Letter]) -> bool {
    let last = word.iter().rposition(|letter| letter.c.is_alphanumeric() || letter.is('*'));
    last.is_some_and(|last| word[..=last].iter().any(|letter| letter.is('*') || letter.is('?')))
}

/// Cuts `~` and a number off a word. In quotes only with a number: there a `~` may belong to the text.
pub fn split_fuzzy(word: &[Letter], quoted: bool) -> (&[Letter], Option<&[Letter]>) {
    let Some(at) = word.iter().rposition(|letter| letter.is('~')) else { return (word, None) };
    let number = &word[at + 1..];
    let is_number = number.iter().all(|letter| letter.c.is_ascii_digit() || letter.is('.'));
    if is_number && !(quoted && number.is_empty()) { (&word[..at], Some(&word[at..])) } else { (word, None) }
}

/// A word with `~`, `~1` or `~2`. Without number short words may differ by one letter, others by two.
pub fn fuzzy_word(text: String, tilde: &[Letter], span: Range<usize>) -> Result<Kind, QueryError> {
    const SHORT: usize = 5;
    if folded_words(&text).len() != 1 {
        return Err(QueryError::new(format!("`{}` wants one word before it", plain(tilde)), span));
    }
    let distance = match plain(&tilde[1..]).as_str() {
        "" if text.chars().count() <= SHORT => 1,
        "" | "2" => 2,
        "1" => 1,
        other => {
            let nearest = if other.parse().is_ok_and(|number: f32| number > 2.0) { "~2" } else { "~1" };
            let message = format!("`~{other}`: a word may differ by 1 or 2 letters");
            return Err(QueryError::new(message, span_of(tilde, span.end)).suggesting(nearest));
        }
    };
    Ok(Kind::Fuzzy { text, distance })
}

/// A pattern, cut where the index cuts words.
pub fn pattern(word: &[Letter], span: Range<usize>) -> Result<Vec<Node>, QueryError> {
    if let Some(open) = word.iter().position(|letter| letter.is('[')) {
        let close = word[open..].iter().position(|letter| letter.is(']')).map_or(word.len(), |at| open + at + 1);
        let message = "`[…]` is not understood in patterns; `?` stands for one letter and `*` for any";
        let suggestion = format!("{}?{}", plain(&word[..open]), plain(&word[close..]));
        return Err(QueryError::new(message, span).suggesting(suggestion));
    }
    let wild = |letter: &Letter| letter.is('*') || letter.is('?');
    let in_a_word = |letter: &Letter| {
        wild(letter)
            || letter.c.is_alphanumeric()
            || unicode_normalization::char::is_combining_mark(letter.c)
            || matches!(letter.c, '\'' | '’' | 'ʼ' | '\u{ad}')
    };
    let mut items = Vec::new();
    for part in word.split(|letter| !in_a_word(letter)).filter(|part| !part.is_empty()) {
        let mut text = plain(part);
        let (whole, span) = (span.clone(), span_of(part, span.start));
        let letters: String = part.iter().filter(|letter| !wild(letter)).map(|letter| letter.c).collect();
        // marks that the index drops are no word either
        if !hold_a_word(part) || folded_words(&letters).is_empty() {
            if !part.iter().any(wild) {
                continue;
            }
            let error = QueryError::new(format!("`{text}` needs a letter or digit beside it"), whole);
            let together: String = word.iter().filter(|letter| in_a_word(letter)).map(|letter| letter.c).collect();
            return Err(if hold_a_word(word) { error.suggesting(together) } else { error });
        }
        if has_wildcards(part) {
            text.clear();
            for letter in trimmed(part) {
                if !(letter.c == '*' && text.ends_with('*')) {
                    text.push(letter.c);
                }
            }
            items.push(Node::new(Kind::Wildcard(text), span));
        } else {
            items.push(Node::new(Kind::Word { text: plain(trimmed(part)), exact: true }, span));
        }
    }
    Ok(items)
}
