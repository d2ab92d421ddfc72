//! `AND OR NOT`, nearness and brackets.

use std::ops::Range;

use super::cursor::{is_blank, is_close, is_colon, is_minus, is_open, is_quote};
use super::operator::Operator;
use super::{Kind, Node, Parser, QueryError, Scope, boosted, joined};

/// The operator or bracket that waits for what follows.
type After = Option<Range<usize>>;

impl Parser<'_> {
    /// Parts joined by OR, up to a closing bracket or the end.
    pub fn any_of(&mut self, mut after: After) -> Result<Node, QueryError> {
        let mut nodes = Vec::new();
        let mut mixed = false;
        let mut required = false;
        loop {
            let (node, parts, plus) = self.all_of(after)?;
            mixed |= parts > 1;
            required |= plus;
            nodes.push(node);
            self.skip();
            match self.operator()? {
                Some((Operator::Or, span)) => {
                    self.at = span.end;
                    after = Some(span);
                }
                _ => break,
            }
        }
        let several = nodes.len() > 1;
        let node = joined(nodes, Kind::Or);
        if several && mixed {
            self.warn(format!("AND binds more closely than OR: read as `{node}`; brackets make it plain"));
        }
        if several && required {
            self.warn("`+` makes no difference beside OR".to_owned());
        }
        Ok(node)
    }

    /// Parts joined by AND or by nothing; how many, and whether one had a `+`.
    fn all_of(&mut self, mut after: After) -> Result<(Node, usize, bool), QueryError> {
        let mut nodes = Vec::new();
        let mut plus = false;
        let mut unjoined = false;
        loop {
            self.skip();
            plus |= self.peek() == Some('+');
            nodes.push(self.unary(after.take())?);
            self.skip();
            match self.operator()? {
                Some((Operator::And, span)) => {
                    self.at = span.end;
                    after = Some(span);
                }
                Some((Operator::Or, _)) => break,
                Some((Operator::Near { .. }, span)) => return Err(self.unjoinable_near(span)),
                Some((Operator::Not, _)) => {}
                None if self.peek().is_none_or(is_close) => break,
                None => unjoined = true,
            }
        }
        let parts = nodes.len();
        let node = joined(nodes, Kind::And);
        if let Scope::In(field, name) = self.scope
            && unjoined
            && field.holds_names()
        {
            self.warn(format!("`{name}:(…)` asks for each of its words; a name of several words wants quotes"));
        }
        Ok((node, parts, plus))
    }

    fn unjoinable_near(&self, span: Range<usize>) -> QueryError {
        let message = format!("`{}` cannot join what is left out; bracket the two sides", &self.text[span.clone()]);
        QueryError::new(message, span)
    }

    /// A part that may be left out by `NOT` or `-`.
    fn unary(&mut self, after: After) -> Result<Node, QueryError> {
        self.skip();
        let start = self.at;
        if let Some((Operator::Not, span)) = self.operator()? {
            self.descend(&span)?;
            self.at = span.end;
            let node = self.unary(Some(span))?;
            self.rise();
            return Ok(Node::new(Kind::Not(Box::new(node)), start..self.at));
        }
        let Some(mark) = self.peek().filter(|c| is_minus(*c) || *c == '+') else { return self.near(after) };
        let hyphens = self.text[start..].bytes().take_while(|byte| *byte == b'-').count();
        if hyphens > 1 {
            self.at += hyphens;
            self.warn(format!("`{}` is ignored; a single `-` leaves out what follows it", &self.text[start..self.at]));
            return self.near(after);
        }
        self.at += mark.len_utf8();
        if mark == '+' {
            return self.near(Some(start..self.at));
        }
        let node = self.primary(Some(start..self.at))?;
        Ok(Node::new(Kind::Not(Box::new(node)), start..self.at))
    }

    /// Parts that stand near each other.
    fn near(&mut self, after: After) -> Result<Node, QueryError> {
        self.skip();
        let start = self.at;
        let mut left = self.primary(after)?;
        let mut levels = 0;
        loop {
            self.skip();
            let Some((Operator::Near { distance, ordered }, span)) = self.operator()? else { break };
            self.descend(&span)?;
            levels += 1;
            if let Scope::In(field, name) = self.scope
                && !field.is_text()
            {
                let message =
                    format!("`{}` joins words of the text, not values of `{name}:`", &self.text[span.clone()]);
                return Err(QueryError::new(message, span));
            }
            self.at = span.end;
            self.skip();
            let mut right = self.primary(Some(span.clone()))?;
            for side in [&mut left, &mut right] {
                self.require_words(side, &self.text[span.clone()], true)?;
            }
            let kind = Kind::Near { left: Box::new(left), right: Box::new(right), distance, ordered };
            left = Node::new(kind, start..self.at);
        }
        for _ in 0..levels {
            self.rise();
        }
        Ok(left)
    }

    /// Checks that places in the text can answer a part of what `operator` joins, and takes away weights, which mean
    /// nothing there. All of several words is a place only if they are near each other.
    pub fn require_words(&mut self, node: &mut Node, operator: &str, near: bool) -> Result<(), QueryError> {
        if node.boost.to_bits() != 1.0_f32.to_bits() {
            self.warn(format!("`^` makes no difference inside `{operator}`; put it behind a bracket around all of it"));
            node.boost = 1.0;
        }
        match &mut node.kind {
            Kind::Word { .. } | Kind::Wildcard(_) | Kind::Fuzzy { .. } | Kind::Phrase { .. } | Kind::Near { .. } => {
                Ok(())
            }
            Kind::Or(nodes) => nodes.iter_mut().try_for_each(|node| self.require_words(node, operator, near)),
            Kind::And(nodes) if near => nodes.iter_mut().try_for_each(|node| self.require_words(node, operator, near)),
            Kind::And(_) => {
                let message = format!("`{operator}` takes a word, a phrase, or alternatives joined by OR");
                Err(QueryError::new(message, node.span.clone()))
            }
            Kind::Within { part, .. } => {
                let name = part.name();
                let message = format!("`{name}:` belongs around the whole of it, as in {name}:(… {operator} …)");
                Err(QueryError::new(message, node.span.clone()))
            }
            _ => {
                let message = format!("`{operator}` takes words, phrases and groups of them only");
                Err(QueryError::new(message, node.span.clone()))
            }
        }
    }

    /// A group, a phrase, a word, or a field with its value.
    pub fn primary(&mut self, after: After) -> Result<Node, QueryError> {
        self.skip();
        let start = self.at;
        let Some(c) = self.peek() else { return Err(self.nothing_follows(after)) };
        if is_close(c) {
            return Err(self.nothing_follows(after));
        }
        if is_open(c) {
            let node = self.group()?;
            return Ok(boosted(node, self.boost()?));
        }
        if let Some((_, span)) = self.operator()? {
            let word = &self.text[span.clone()];
            let message = match after {
                Some(before) if before.end > before.start => {
                    format!("`{}` is followed by `{word}`; one of them is too many", &self.text[before])
                }
                _ => format!("`{word}` needs something before it"),
            };
            return Err(QueryError::new(message, span));
        }
        if is_minus(c) || c == '+' {
            let message = match after {
                Some(before) if before.end > before.start => {
                    format!("`{c}` cannot follow `{}`", &self.text[before])
                }
                _ => format!("`{c}` cannot stand here"),
            };
            return Err(QueryError::new(message, self.at..self.at + c.len_utf8()));
        }
        if !is_quote(c)
            && let Some(node) = self.field(start)?
        {
            return Ok(node);
        }
        self.leaf()
    }

    fn nothing_follows(&self, after: After) -> QueryError {
        match after {
            Some(span) if span.end > span.start => {
                let message = format!("`{}` needs something after it", &self.text[span.clone()]);
                QueryError::new(message, span)
            }
            _ => {
                let bracket = self.at..self.at + self.peek().map_or(0, char::len_utf8);
                QueryError::new(format!("`{}` has nothing before it", &self.text[bracket.clone()]), bracket)
            }
        }
    }

    /// What stands between brackets.
    pub fn group(&mut self) -> Result<Node, QueryError> {
        let open = self.at..self.at + self.peek().map_or(0, char::len_utf8);
        self.descend(&open)?;
        self.at = open.end;
        self.skip();
        if let Some(close) = self.peek().filter(|c| is_close(*c)) {
            let message = "nothing between the brackets";
            return Err(QueryError::new(message, open.start..self.at + close.len_utf8()));
        }
        if self.at < self.text.len() {
            let mut node = self.any_of(None)?;
            if let Some(close) = self.peek().filter(|c| is_close(*c)) {
                self.at += close.len_utf8();
                self.rise();
                node.span = open.start..self.at;
                return Ok(node);
            }
        }
        Err(QueryError::new("the bracket is never closed", open))
    }

    /// The name of a field where the parser stands, if letters and a colon stand there: its bytes and the colon's end.
    pub fn field_name(&self) -> Option<(Range<usize>, usize)> {
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| !(c.is_ascii_alphabetic() || matches!(c, '_' | '-')))?;
        let colon = rest[end..].chars().next().filter(|c| is_colon(*c) && end > 0)?;
        Some((self.at..self.at + end, self.at + end + colon.len_utf8()))
    }

    /// Whether a blank, a bracket or nothing follows.
    pub fn at_a_gap(&self) -> bool {
        self.peek().is_none_or(|c| is_blank(c) || is_close(c))
    }
}
