//! `--match any`: a sentence or a list of words, read without operators.

use super::cursor::{
    ends_word, hold_a_word, is_blank, is_close, is_minus, is_open, is_quote, letters, plain, quoted, trimmed,
};
use super::value::glued_count;
use super::{Field, Kind, Node, Parser, QueryError, joined};

impl Parser<'_> {
    /// The whole text: any of its words and phrases, all of its fields.
    pub fn plain_words(&mut self) -> Result<Node, QueryError> {
        let mut words = Vec::new();
        let mut required = Vec::new();
        loop {
            self.skip_blanks();
            let Some(c) = self.peek() else { break };
            let start = self.at;
            let marked = (is_minus(c) || c == '+') && c != '!' && self.marks_a_word(start + c.len_utf8());
            if marked {
                self.at += c.len_utf8();
            }
            let is_field = self.at_a_known_field();
            let Some(node) = self.plain_part(is_field)? else { continue };
            match c {
                '+' if marked => required.push(node),
                _ if marked => required.push(Node::new(Kind::Not(Box::new(node)), start..self.at)),
                _ if is_field => required.push(node),
                _ => words.push(node),
            }
        }
        if !words.is_empty() {
            required.insert(0, joined(words, Kind::Or));
        }
        match (required.is_empty(), self.text.chars().all(is_blank)) {
            (true, true) => Ok(Node::all()),
            (true, false) => {
                Err(QueryError::new("nothing to search for: no letter or digit in it", 0..self.text.len()))
            }
            _ => Ok(joined(required, Kind::And)),
        }
    }

    /// A field, a phrase or a word; `None` for punctuation.
    fn plain_part(&mut self, is_field: bool) -> Result<Option<Node>, QueryError> {
        let start = self.at;
        let Some(c) = self.peek() else { return Ok(None) };
        if is_field {
            return self.field(start);
        }
        if is_quote(c) {
            match quoted(self.text, start) {
                Some((inside, _)) if hold_a_word(&inside) => return self.leaf().map(Some),
                Some((_, end)) => self.at = end,
                None => self.at += c.len_utf8(),
            }
            return Ok(None);
        }
        if is_open(c) || is_close(c) || super::operator::is_symbol(&self.text[start..]) {
            self.at += c.len_utf8();
            return Ok(None);
        }
        let (piece, end) = letters(self.text, start, ends_word);
        self.at = end;
        let text = plain(trimmed(&piece));
        if !hold_a_word(&piece) || crate::index::folded_words(&text).is_empty() {
            return Ok(None);
        }
        if text.contains('*') {
            self.warn(format!("`*` in `{text}` is punctuation here: plain words have no patterns"));
        }
        self.count_term(&(start..end))?;
        Ok(Some(Node::new(Kind::Word { text, exact: false }, start..end)))
    }

    /// Whether a leading `-` or `+` stands directly before a word or quotation.
    fn marks_a_word(&self, after: usize) -> bool {
        self.text[after..].starts_with(|c: char| c.is_alphanumeric() || is_quote(c))
    }

    /// Whether a known field stands here, with its value directly behind the colon.
    fn at_a_known_field(&self) -> bool {
        let rest = &self.text[self.at..];
        if glued_count(rest).is_some_and(|count| rest[count.end..].starts_with(is_open)) {
            return true;
        }
        let Some((name, value)) = self.field_name() else { return false };
        let attached = self.text[value..].starts_with(|c: char| !is_blank(c) && !is_close(c) && c != '/');
        attached && Field::named(&self.text[name]).is_some()
    }
}
