//! Fields: their names, the names people know from elsewhere, and what stands behind the colon.

use std::ops::Range;

use crate::index::{COLUMNS, Column};

use super::super::ast::{Part, Presence};
use super::cursor::{ends_word, is_blank, is_minus, is_open, is_quote, letters};
use super::value::glued_count;
use super::{Kind, Node, Parser, QueryError, Scope, boosted};

/// What may stand before a colon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Part(Part),
    Column(Column),
    Date,
    Has,
    Id,
    Office,
    OnThisDay,
    AtLeast,
}

/// Names beside those of the columns; those after the first of a field are what other tools call it.
pub const FIELD_NAMES: [(&str, Field); 21] = [
    ("title", Field::Part(Part::Title)),
    ("headline", Field::Part(Part::Title)),
    ("hd", Field::Part(Part::Title)),
    ("intitle", Field::Part(Part::Title)),
    ("lead", Field::Part(Part::Lead)),
    ("lede", Field::Part(Part::Lead)),
    ("body", Field::Part(Part::Body)),
    ("text", Field::Part(Part::Body)),
    ("date", Field::Date),
    ("published", Field::Date),
    ("has", Field::Has),
    ("id", Field::Id),
    ("office", Field::Office),
    ("onthisday", Field::OnThisDay),
    ("atleast", Field::AtLeast),
    ("by", Field::Column(Column::Authors)),
    ("byline", Field::Column(Column::Authors)),
    ("lang", Field::Column(Column::Language)),
    ("agency", Field::Column(Column::Wire)),
    ("inurl", Field::Column(Column::Url)),
    ("persons", Field::Column(Column::People)),
];

/// Names other tools use for something that is written differently here; `{}` is what follows the colon.
const HABITS: [(&str, &str); 16] = [
    ("after", "date:{}.."),
    ("since", "date:{}.."),
    ("from", "date:{}.."),
    ("before", "date:..{}"),
    ("until", "date:..{}"),
    ("to", "date:..{}"),
    ("year", "date:{}"),
    ("site", "url:*{}*"),
    ("domain", "url:*{}*"),
    ("publisher", "source:{}"),
    ("publication", "source:{}"),
    ("newspaper", "source:{}"),
    ("topic", "tag:{}"),
    ("subject", "tag:{}"),
    ("keyword", "tag:{}"),
    ("name", "person:{}"),
];

impl Field {
    /// The field of a name, in any case, in the singular or plural.
    pub fn named(name: &str) -> Option<(Self, &'static str)> {
        let lower = name.to_ascii_lowercase();
        if let Some((name, field)) = FIELD_NAMES.iter().find(|(name, _)| *name == lower) {
            return Some((*field, *name));
        }
        let column = Column::named(&lower)?;
        Some((Self::Column(column), column.singular()))
    }

    /// Whether its value is a query on words.
    pub fn is_text(self) -> bool {
        matches!(self, Self::Part(_))
    }

    /// Whether its values are names, which may have several words.
    pub fn holds_names(self) -> bool {
        self == Self::Office || matches!(self, Self::Column(column) if column != Column::Url)
    }

    /// Whether colons, brackets and the like belong to its values.
    pub fn is_address(self) -> bool {
        matches!(self, Self::Id | Self::Column(Column::Url))
    }
}

/// The known name nearest to a misspelt one.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let typed: Vec<char> = name.to_lowercase().chars().take(32).collect();
    let most = if typed.len() <= 4 { 1 } else { 2 };
    known
        .map(|known| (edits(&typed, &known.chars().collect::<Vec<_>>()), known))
        .filter(|(edits, known)| *edits <= most && *edits < known.len().min(typed.len()))
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, known)| known)
}

fn nearest_field(name: &str) -> Option<&'static str> {
    let columns = COLUMNS.iter().flat_map(|(_, plural, singular)| [*plural, *singular]);
    nearest(name, FIELD_NAMES.iter().map(|(name, _)| *name).chain(columns))
}

/// Letters to add, drop, change, or swap with their neighbour, to get from one word to another.
fn edits(from: &[char], to: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, b) in to.iter().enumerate() {
            let mut least = (row[j] + usize::from(a != b)).min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && *a == to[j - 1] && from[i - 1] == *b {
                least = least.min(before[j - 1] + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row[to.len()]
}

impl Parser<'_> {
    /// A field with its value where the parser stands; `None` if a word stands there.
    pub fn field(&mut self, start: usize) -> Result<Option<Node>, QueryError> {
        if matches!(self.scope, Scope::In(field, _) if field.is_address()) {
            return Ok(None);
        }
        if let Some(count) = glued_count(&self.text[start..]) {
            let count = start + count.start..start + count.end;
            self.at = count.end;
            return self.at_least(start, count).map(Some);
        }
        let Some((name_span, value)) = self.field_name() else { return Ok(None) };
        let name = &self.text[name_span.clone()];
        if self.text[value..].starts_with("//") {
            return self.bare_address();
        }
        let gap = self.text[value..].chars().next().is_none_or(|c| is_blank(c) || ends_word(c, ""));
        let Some((field, name)) = Field::named(name) else {
            let is_value = matches!(self.scope, Scope::In(field, _) if !field.is_text());
            let is_prose = gap && !self.text[value..].starts_with(is_quote);
            if is_prose && let Some(meant) = nearest_field(name) {
                self.warn(format!("`{name}:` is read as a word; for the field write `{meant}:` and no blank"));
            }
            // a full-width colon is punctuation between Chinese words, and `Trump: …` a headline
            if is_value || is_prose || self.text[..value].ends_with('：') {
                return Ok(None);
            }
            return Err(self.unknown_field(name_span, value));
        };
        if let Scope::In(outer, outer_name) = self.scope
            && !(outer.is_text() && field == Field::AtLeast)
        {
            let message = format!("`{name}:` cannot stand inside `{outer_name}:`");
            return Err(QueryError::new(message, name_span.start..value));
        }
        self.at = value;
        self.skip_blanks();
        if self.at_a_gap() {
            return Err(QueryError::new(format!("`{name}:` needs a value"), start..value));
        }
        if self.at > value {
            self.warn(format!("the blank after `{name}:` is ignored: what follows is its value"));
        }
        let marked = matches!(field, Field::Part(_) | Field::Column(_)) && !field.is_address();
        let excluded = self.peek().filter(|c| marked && is_minus(*c));
        self.at += excluded.map_or(0, char::len_utf8);
        let mut node = self.field_value(start, field, name)?;
        if excluded.is_some() {
            node = Node::new(Kind::Not(Box::new(node)), start..self.at);
        }
        Ok(Some(node))
    }

    fn field_value(&mut self, start: usize, field: Field, name: &'static str) -> Result<Node, QueryError> {
        match field {
            Field::AtLeast => {
                let digits = self.text[self.at..].bytes().take_while(u8::is_ascii_digit).count();
                let count = self.at..self.at + digits;
                self.at = count.end;
                self.at_least(start, count)
            }
            Field::Part(Part::Title) if self.at_everything() => {
                self.at += '*'.len_utf8();
                let boost = self.boost()?;
                Ok(Node { kind: Kind::Has(Presence::Title), boost, span: start..self.at })
            }
            Field::Part(part) => {
                // a weight outside the brackets is that of the whole
                let (mut query, boost) = self.scoped(field, name)?;
                let boost = if boost.is_some() { boost } else { Some(std::mem::replace(&mut query.boost, 1.0)) };
                let node = Node::new(Kind::Within { part, query: Box::new(query) }, start..self.at);
                Ok(boosted(node, boost.unwrap_or(1.0)))
            }
            _ => {
                let (node, boost) = self.scoped(field, name)?;
                Ok(Node { span: start..self.at, ..boosted(node, boost.unwrap_or(1.0)) })
            }
        }
    }

    /// Whether a `*` alone stands here.
    fn at_everything(&self) -> bool {
        let (piece, _) = letters(self.text, self.at, |c, rest| c == '^' || ends_word(c, rest));
        matches!(piece[..], [star] if star.is('*'))
    }

    /// A group with its weight, or a single value, of a field.
    fn scoped(&mut self, field: Field, name: &'static str) -> Result<(Node, Option<f32>), QueryError> {
        let outer = std::mem::replace(&mut self.scope, Scope::In(field, name));
        let value = if self.peek().is_some_and(is_open) {
            let node = self.group()?;
            (node, Some(self.boost()?))
        } else {
            if let Some((_, span)) = self.operator()? {
                return Err(QueryError::new(format!("`{name}:` needs a value"), span));
            }
            let value = self.at;
            let node = self.leaf()?;
            if field.holds_names() && !self.text[value..].starts_with(is_quote) {
                self.hint_at_quotes(name, value..self.at);
            }
            (node, None)
        };
        self.scope = outer;
        Ok(value)
    }

    /// `https://…` without a field.
    fn bare_address(&mut self) -> Result<Option<Node>, QueryError> {
        if matches!(self.scope, Scope::In(..)) {
            return Ok(None);
        }
        self.warn("the address is looked for in `url:`; in quotes it is looked for in the text".to_owned());
        let (node, _) = self.scoped(Field::Column(Column::Url), "url")?;
        Ok(Some(node))
    }

    fn unknown_field(&self, name: Range<usize>, value: usize) -> QueryError {
        let typed = &self.text[name.clone()];
        let message = format!("no field `{typed}`");
        if let Some(meant) = nearest_field(typed) {
            return QueryError::new(message, name).suggesting(meant);
        }
        let end = letters(self.text, value, ends_word).1;
        let (whole, value) = (name.start..end, &self.text[value..end]);
        if let Some((_, form)) = HABITS.iter().find(|(habit, _)| typed.eq_ignore_ascii_case(habit))
            && !value.is_empty()
        {
            return QueryError::new(message, whole).suggesting(form.replace("{}", value));
        }
        let suggestion = format!("\"{}\"", &self.text[whole.clone()]);
        let whole = if value.is_empty() { name } else { whole };
        let error = QueryError::new(format!("{message}; in quotes it is text"), whole);
        if value.is_empty() { error } else { error.suggesting(suggestion) }
    }
}
