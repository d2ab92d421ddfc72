//! Words, patterns and phrases: what is searched for in the text of articles.

use std::ops::Range;

use crate::index::folded_words;

use super::cursor::{Letter, ends_word, hold_a_word, is_blank, is_quote, letters, plain, quoted, span_of, trimmed};
use super::operator::is_operator;
use super::pattern::{fuzzy_word, has_wildcards, pattern, split_fuzzy};
use super::value::glued_count;
use super::{Kind, Node, Parser, QueryError, Scope};

/// Moves of words in a phrase at most.
const LARGEST_SLOP: u32 = 1000;

/// Weights lie between 0 and this.
const LARGEST_WEIGHT: f32 = 1000.0;

/// Whether a piece is `*` or Lucene's `*:*`: every article.
pub fn is_everything(piece: &[Letter]) -> bool {
    let end = piece.iter().position(|letter| letter.is('^')).unwrap_or(piece.len());
    matches!(&piece[..end], [star] if star.is('*'))
        || matches!(&piece[..end], [a, b, c] if a.is('*') && b.is(':') && c.is('*'))
}

/// Whether an unescaped text is read back as one plain word: no operator, count or date.
pub fn reads_as_a_word(text: &str) -> bool {
    !is_operator(text) && !could_be_a_date(text) && !is_span_of_time(text) && glued_count(text).is_none()
}

/// Reads the number after `^`, which stands at `at`.
pub fn weight(number: &[Letter], at: usize) -> Result<f32, QueryError> {
    let text = plain(number);
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    match text.parse::<f32>() {
        Ok(weight) if digits && weight > 0.0 && weight <= LARGEST_WEIGHT => Ok(weight),
        _ => {
            let span = at..number.last().map_or(at + 1, |letter| letter.end);
            let message = format!("`^` wants a weight above 0 and up to {LARGEST_WEIGHT}, as in `word^2`");
            Err(QueryError::new(message, span))
        }
    }
}

/// Cuts `^2` off a word.
pub fn split_weight(word: &[Letter]) -> Result<(&[Letter], f32), QueryError> {
    match word.iter().rposition(|letter| letter.is('^')) {
        Some(0) => Err(QueryError::new("`^` has nothing before it", span_of(word, 0))),
        Some(at) => Ok((&word[..at], weight(&word[at + 1..], word[at].start)?)),
        None => Ok((word, 1.0)),
    }
}

impl Parser<'_> {
    /// A word, pattern or phrase of the text, or a value of the field the parser is in.
    pub fn leaf(&mut self) -> Result<Node, QueryError> {
        let start = self.at;
        match self.scope {
            Scope::In(field, name) if !field.is_text() => self.value(field, name),
            _ if self.peek().is_some_and(is_quote) => self.phrase(),
            _ => self.word(start),
        }
    }

    fn word(&mut self, start: usize) -> Result<Node, QueryError> {
        self.refuse_other_grammars()?;
        let (piece, end) = letters(self.text, start, ends_word);
        self.at = end;
        self.count_term(&(start..end))?;
        let (word, boost) = split_weight(&piece)?;
        if is_everything(word) {
            if let Scope::In(_, name) = self.scope {
                return Err(QueryError::new(format!("`*` alone is no word of `{name}:`"), start..end));
            }
            return Ok(Node { kind: Kind::All, boost, span: start..end });
        }
        if let ([.., mark], [.., before]) = (word, trimmed(word))
            && mark.is('?')
            && !before.is('?')
        {
            self.hint_at_a_question_mark(&plain(trimmed(word)), start..end);
        }
        let mut items = self.items(word, false)?;
        self.hint_at_words_for_operators_or_dates(start..end);
        let mut node = if items.len() == 1 {
            items.swap_remove(0)
        } else {
            Node::new(Kind::Phrase { items, slop: 0 }, start..end)
        };
        node.boost = boost;
        node.span = start..end;
        Ok(node)
    }

    /// A phrase in quotes; a single word there is that very form.
    fn phrase(&mut self) -> Result<Node, QueryError> {
        let start = self.at;
        let Some((inside, end)) = quoted(self.text, start) else { return Err(self.unclosed_quote()) };
        self.at = end;
        self.previous_words = [0..0, 0..0];
        self.count_term(&(start..end))?;
        let mut items = Vec::new();
        for word in inside.split(|letter| !letter.escaped && is_blank(letter.c)) {
            if hold_a_word(word) || word.iter().any(|letter| letter.is('*')) {
                items.extend(self.items(word, true)?);
                self.count_term(&(start..end))?;
            }
        }
        if items.is_empty() {
            return Err(QueryError::new("no word between the quotes", start..end));
        }
        let slop = self.slop()?;
        let span = start..self.at;
        let mut node = if items.len() == 1 {
            if slop > 0 {
                self.warn(format!("`~{slop}` makes no difference to a single word in quotes"));
            }
            items.swap_remove(0)
        } else {
            Node::new(Kind::Phrase { items, slop }, span.clone())
        };
        node.span = span;
        node.boost = self.boost()?;
        Ok(node)
    }

    /// The error for a quotation mark without its fellow.
    pub fn unclosed_quote(&self) -> QueryError {
        let rest = &self.text[self.at..];
        let mark = rest.chars().next().map_or(0, char::len_utf8);
        QueryError::new("the quotation mark is never closed", self.at..self.at + mark)
    }

    /// `~n` after a phrase.
    fn slop(&mut self) -> Result<u32, QueryError> {
        if self.peek() != Some('~') {
            return Ok(0);
        }
        let (number, end) = letters(self.text, self.at + 1, |c, rest| c == '^' || ends_word(c, rest));
        let span = self.at..end;
        self.at = end;
        plain(&number).parse().ok().filter(|slop| *slop <= LARGEST_SLOP).ok_or_else(|| {
            QueryError::new(format!("`~` after a phrase wants a number of moves up to {LARGEST_SLOP}"), span)
                .suggesting("~5")
        })
    }

    /// What one piece between blanks stands for: mostly one word; a pattern with a hyphen in it is several in a row.
    fn items(&self, piece: &[Letter], exact: bool) -> Result<Vec<Node>, QueryError> {
        let span = span_of(piece, self.at);
        let (word, fuzzy) = split_fuzzy(piece, exact);
        if let (Some(tilde), []) = (fuzzy, word) {
            return Err(QueryError::new(format!("`{}` has nothing before it", plain(tilde)), span));
        }
        let word = trimmed(word);
        let is_pattern = has_wildcards(word);
        let text = plain(word);
        if let Some(tilde) = fuzzy {
            if is_pattern {
                let message = "a word has either `*` and `?` or `~`, not both";
                return Err(QueryError::new(message, span));
            }
            return Ok(vec![Node::new(fuzzy_word(text, tilde, span.clone())?, span)]);
        }
        if is_pattern {
            return pattern(word, span);
        }
        if !exact && !piece.iter().any(|letter| letter.escaped) {
            self.refuse_bare_dates(piece)?;
        }
        if folded_words(&text).is_empty() {
            let message = "no word that could be found: it has no letter or digit, or over 128 of them";
            return Err(QueryError::new(message, span));
        }
        Ok(vec![Node::new(Kind::Word { text, exact }, span)])
    }

    /// Dates belong into `date:`; as words they would be looked for in the text.
    fn refuse_bare_dates(&self, piece: &[Letter]) -> Result<(), QueryError> {
        let text = plain(piece);
        let span = span_of(piece, self.at);
        let [last, _] = &self.previous_words;
        let previous = &self.text[last.clone()];
        if is_span_of_time(&text)
            && ["last", "past"].iter().any(|word| previous.eq_ignore_ascii_case(word))
            && self.text[last.end..span.start].chars().all(is_blank)
        {
            let whole = last.start..span.end;
            let error = QueryError::new(format!("`{}` is a date without its field", &self.text[whole.clone()]), whole);
            return Err(error.suggesting(format!("date:last-{}", text.to_lowercase())));
        }
        if could_be_a_date(&text) && crate::date::range(&text, self.today).is_ok() {
            let error = QueryError::new(format!("`{text}` is a date without its field"), span);
            return Err(error.suggesting(format!("date:{text}")));
        }
        Ok(())
    }

    /// `ukraine?` may mean a longer word; at the end of a question it does not.
    fn hint_at_a_question_mark(&mut self, word: &str, span: Range<usize>) {
        let ends_a_question = self.text[span.end..].chars().all(is_blank) && self.text[..span.start].contains(is_blank);
        if !ends_a_question {
            self.warn(format!("the `?` after `{word}` is read as punctuation; `{word}*` finds longer words"));
        }
    }

    /// Remembers a bare word, and warns of `or` between others and of `last 7 days`.
    fn hint_at_words_for_operators_or_dates(&mut self, word: Range<usize>) {
        let [last, before] = self.previous_words.clone();
        let text = &self.text[word.clone()];
        if matches!(text, "or" | "not") {
            let operator = text.to_uppercase();
            self.warn(format!("`{text}` is read as a word; the operator is {operator} in capitals"));
        }
        let whole = &self.text[before.start..word.end];
        if !before.is_empty()
            && before.start < last.start
            && whole.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ')
            && self.text[last].starts_with(|c: char| c.is_ascii_digit())
            && crate::date::range(whole, self.today).is_ok()
        {
            self.warn(format!("`{whole}` is read as words; for a date write date:\"{whole}\""));
        }
        let [last, _] = std::mem::replace(&mut self.previous_words, [word, 0..0]);
        self.previous_words[1] = last;
    }

    /// Regular expressions and date ranges without field, which other tools understand.
    fn refuse_other_grammars(&self) -> Result<(), QueryError> {
        let rest = &self.text[self.at..];
        if rest.starts_with('/') {
            let end = rest.find(is_blank).unwrap_or(rest.len());
            if end > 2 && rest[..end].ends_with('/') {
                let message = "regular expressions are not understood; `*` stands for any letters and `?` for one";
                return Err(QueryError::new(message, self.at..self.at + end));
            }
        }
        if rest.starts_with(['[', '{'])
            && let Some(close) = rest.find([']', '}'])
            && crate::date::range(&rest[..=close], self.today).is_ok()
        {
            let error = QueryError::new("a range of dates without its field", self.at..self.at + close + 1);
            return Err(error.suggesting(format!("date:{}", &rest[..=close])));
        }
        Ok(())
    }
}

/// Whether a word has the form of a range of dates and of nothing else.
fn could_be_a_date(text: &str) -> bool {
    let after_last = ["last-", "past-"].iter().find_map(|word| {
        text.get(..word.len()).filter(|start| start.eq_ignore_ascii_case(word)).map(|_| &text[word.len()..])
    });
    (text.contains("..") && !text.contains("..."))
        || text.starts_with(['<', '>'])
        || after_last.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// `7d`, `2w`, `3m`, `1y`.
fn is_span_of_time(text: &str) -> bool {
    text.strip_suffix(['d', 'w', 'm', 'y', 'D', 'W', 'M', 'Y'])
        .is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}
