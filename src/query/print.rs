//! A tree as query text: what prints is a query that parses to the same tree.

use std::fmt::{self, Write as _};

use crate::date::{Date, Range};

use super::ast::{Kind, Node, Part, Presence};
use super::parse::{Letter, ends_word, is_blank, is_colon, is_minus, reads_as_a_word, trimmed};

/// How closely the place of a part binds, which decides whether it needs brackets.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Place {
    /// Alone, or in brackets.
    Whole,
    /// Beside others.
    Item,
    /// After an operator that takes one part.
    Operand,
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_node(f, self, Place::Whole)
    }
}

fn write_node(f: &mut fmt::Formatter<'_>, node: &Node, place: Place) -> fmt::Result {
    let weighted = node.boost.to_bits() != 1.0_f32.to_bits();
    let bracketed = match node.kind {
        Kind::And(_) | Kind::Or(_) | Kind::Near { .. } => weighted || place > Place::Whole,
        Kind::Not(_) => weighted || place > Place::Item,
        _ => false,
    };
    if bracketed {
        f.write_char('(')?;
    }
    write_kind(f, &node.kind)?;
    if bracketed {
        f.write_char(')')?;
    }
    if weighted { write!(f, "^{}", node.boost) } else { Ok(()) }
}

fn write_kind(f: &mut fmt::Formatter<'_>, kind: &Kind) -> fmt::Result {
    match kind {
        Kind::All => f.write_char('*'),
        Kind::Word { text, exact: false } => write_word(f, text, false),
        Kind::Word { text, exact: true } => {
            f.write_char('"')?;
            write_word(f, text, true)?;
            f.write_char('"')
        }
        Kind::Wildcard(pattern) => f.write_str(pattern),
        Kind::Fuzzy { text, distance } => {
            write_word(f, text, false)?;
            write!(f, "~{distance}")
        }
        Kind::Phrase { items, slop } => {
            f.write_char('"')?;
            for (number, item) in items.iter().enumerate() {
                if number > 0 {
                    f.write_char(' ')?;
                }
                match &item.kind {
                    Kind::Word { text, .. } => write_word(f, text, true)?,
                    Kind::Fuzzy { text, distance } => {
                        write_word(f, text, true)?;
                        write!(f, "~{distance}")?;
                    }
                    kind => write_kind(f, kind)?,
                }
            }
            f.write_char('"')?;
            if *slop > 0 { write!(f, "~{slop}") } else { Ok(()) }
        }
        Kind::Near { left, right, distance, ordered } => {
            write_node(f, left, Place::Operand)?;
            write!(f, " {}/{distance} ", if *ordered { "ADJ" } else { "NEAR" })?;
            write_node(f, right, Place::Operand)
        }
        Kind::AtLeast { count, of } => {
            write!(f, "atleast:{count}(")?;
            write_node(f, of, Place::Whole)?;
            f.write_char(')')
        }
        Kind::And(nodes) => write_joined(f, nodes, " "),
        Kind::Or(nodes) => write_joined(f, nodes, " OR "),
        Kind::Not(node) => {
            f.write_char('-')?;
            write_node(f, node, Place::Operand)
        }
        Kind::Within { part, query } => {
            write!(f, "{}:", part.name())?;
            let alone =
                matches!(query.kind, Kind::Word { .. } | Kind::Wildcard(_) | Kind::Fuzzy { .. } | Kind::Phrase { .. });
            if alone && query.boost.to_bits() == 1.0_f32.to_bits() {
                return write_kind(f, &query.kind);
            }
            f.write_char('(')?;
            write_node(f, query, Place::Whole)?;
            f.write_char(')')
        }
        Kind::Value { column, value, pattern } => {
            write!(f, "{}:", column.singular())?;
            if *pattern { write_pattern_value(f, value) } else { write_value(f, value) }
        }
        Kind::Office(office) => {
            f.write_str("office:")?;
            write_value(f, office)
        }
        Kind::Id(id) => {
            f.write_str("id:")?;
            write_value(f, id)
        }
        Kind::Has(presence) => write!(f, "has:{}", presence.name()),
        Kind::Date(range) => write!(f, "date:{}", Days(range)),
        Kind::OnThisDay { month, day } => write!(f, "onthisday:{month:02}-{day:02}"),
    }
}

fn write_joined(f: &mut fmt::Formatter<'_>, nodes: &[Node], joint: &str) -> fmt::Result {
    for (number, node) in nodes.iter().enumerate() {
        if number > 0 {
            f.write_str(joint)?;
        }
        write_node(f, node, Place::Item)?;
    }
    Ok(())
}

impl Part {
    /// The field that names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Lead => "lead",
            Self::Body => "body",
        }
    }
}

impl Presence {
    /// The field it is about.
    pub fn name(self) -> &'static str {
        match self {
            Self::Column(column) => column.name(),
            Self::Date => "date",
            Self::Title => "title",
        }
    }
}

/// A word; what would have a meaning, in quotes or bare, gets a backslash.
fn write_word(f: &mut fmt::Formatter<'_>, text: &str, quoted: bool) -> fmt::Result {
    let letters: Vec<Letter> =
        text.char_indices().map(|(at, c)| Letter { c, escaped: false, start: at, end: at + c.len_utf8() }).collect();
    let kept = trimmed(&letters);
    let (from, to) = match (kept.first(), kept.last()) {
        (Some(first), Some(last)) => (first.start, last.end),
        _ => (0, 0),
    };
    let operates = !quoted && !reads_as_a_word(text);
    for (at, c) in text.char_indices() {
        let begins = at == 0 && !quoted && (operates || is_minus(c) || matches!(c, '+' | '/' | '[' | '{'));
        let names_a_field =
            || is_colon(c) && text[..at].chars().all(|c| c.is_ascii_alphabetic() || matches!(c, '_' | '-'));
        let divides =
            if quoted { is_blank(c) || matches!(c, '"' | '＂') } else { ends_word(c, &text[at..]) || names_a_field() };
        let means = matches!(c, '\\' | '*' | '?' | '~') || c == '^' && !quoted;
        if begins || divides || means || at < from || at >= to {
            f.write_char('\\')?;
        }
        f.write_char(c)?;
    }
    Ok(())
}

/// A value with `*` and `?` that stand for letters.
fn write_pattern_value(f: &mut fmt::Formatter<'_>, value: &str) -> fmt::Result {
    for (at, c) in value.char_indices() {
        if !(c.is_alphanumeric() || matches!(c, '*' | '?' | '.' | '_') || c == '-' && at > 0) {
            f.write_char('\\')?;
        }
        f.write_char(c)?;
    }
    Ok(())
}

/// A value, in quotes unless it is one plain word.
fn write_value(f: &mut fmt::Formatter<'_>, value: &str) -> fmt::Result {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let bare = value.chars().all(plain)
        && value.starts_with(char::is_alphanumeric)
        && !value.eq_ignore_ascii_case("none")
        && reads_as_a_word(value);
    if bare {
        return f.write_str(value);
    }
    f.write_char('"')?;
    let last = value.chars().count().saturating_sub(1);
    for (number, c) in value.chars().enumerate() {
        if matches!(c, '"' | '＂' | '\\') || is_blank(c) && (number == 0 || number == last) {
            f.write_char('\\')?;
        }
        f.write_char(c)?;
    }
    f.write_char('"')
}

/// Days as the shortest date that means them: `2024`, `2024-05`, `2024-05-01..`.
struct Days<'a>(&'a Range);

impl fmt::Display for Days<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = |day: Option<i64>| day.and_then(Date::from_days);
        let (first, last) = (day(self.0.first), day(self.0.last));
        if let (Some(from), Some(to)) = (first, last) {
            let month = from.month().and_then(|month| Date::month_only(from.year(), month));
            for whole in [Some(from), month, Date::year_only(from.year())].into_iter().flatten() {
                if whole.first_day() == from.first_day() && whole.last_day() == to.last_day() {
                    return write!(f, "{whole}");
                }
            }
        }
        if let Some(first) = first {
            write!(f, "{first}")?;
        }
        f.write_str("..")?;
        match last {
            Some(last) => write!(f, "{last}"),
            None => Ok(()),
        }
    }
}
