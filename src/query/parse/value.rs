//! Values of fields: names, dates, ids, what an article has, days of the year, and counts of words.

use std::ops::Range;

use crate::date::{Date, Range as Days};
use crate::index::{COLUMNS, Column};

use super::super::ast::Presence;
use super::cursor::{
    Letter, ends_word, hold_a_word, is_blank, is_close, is_colon, is_open, is_quote, letters, plain, quoted, span_of,
};
use super::pattern::has_wildcards;
use super::text::split_weight;
use super::{Field, Kind, Node, Parser, QueryError, nearest};

/// How often a word can be asked for at most.
const MOST_OCCURRENCES: u32 = 1000;

/// Words a date may have: `last 7 days`.
const MOST_WORDS_OF_A_DATE: usize = 4;

/// A value as typed.
struct Typed {
    letters: Vec<Letter>,
    quoted: bool,
    boost: f32,
    span: Range<usize>,
}

impl Typed {
    /// Whether it is this word, not in quotes.
    fn is_bare(&self, word: &str) -> bool {
        !self.quoted
            && self.letters.iter().all(|letter| !letter.escaped)
            && plain(&self.letters).eq_ignore_ascii_case(word)
    }

    fn node(&self, kind: Kind) -> Node {
        Node { kind, boost: self.boost, span: self.span.clone() }
    }

    fn lacking(&self, presence: Presence) -> Node {
        self.node(Kind::Not(Box::new(Node::new(Kind::Has(presence), self.span.clone()))))
    }
}

impl Parser<'_> {
    /// One value of a field that is not text.
    pub fn value(&mut self, field: Field, name: &str) -> Result<Node, QueryError> {
        if field == Field::Date {
            return self.date();
        }
        let typed = self.typed_value(field, name)?;
        let text = plain(&typed.letters);
        match field {
            Field::Column(column) => column_value(column, &typed, text),
            Field::Has => has(&typed, &text),
            Field::OnThisDay => day_of_the_year(&typed, &text, self.today),
            Field::Id | Field::Office if !typed.quoted && typed.letters.iter().any(|letter| letter.is('*')) => {
                Err(QueryError::new(format!("`{name}:` takes no `*`: write its value in full"), typed.span))
            }
            Field::Id => Ok(typed.node(Kind::Id(text))),
            _ => Ok(typed.node(Kind::Office(text))),
        }
    }

    /// `person:Angela Merkel` asks for the person Angela and the word Merkel: says so after a value of one word.
    pub fn hint_at_quotes(&mut self, name: &str, value: Range<usize>) {
        let capital = |text: &str| text.starts_with(char::is_uppercase) && text.contains(char::is_lowercase);
        let mut end = self.at;
        loop {
            let next = self.text[end..].trim_start_matches(is_blank);
            let length =
                next.char_indices().find(|(at, c)| ends_word(*c, &next[*at..])).map_or(next.len(), |(at, _)| at);
            let blanks = self.text[end..].len() - next.len();
            if blanks == 0 || !capital(&next[..length]) || next[..length].contains(is_colon) {
                break;
            }
            end += blanks + length;
        }
        let (typed, whole) = (&self.text[value.clone()], &self.text[value.start..end]);
        if capital(typed) && end > self.at {
            self.warn(format!(
                "`{name}:` took `{typed}` only; a name of several words wants quotes: {name}:\"{whole}\""
            ));
        }
    }

    fn typed_value(&mut self, field: Field, name: &str) -> Result<Typed, QueryError> {
        let start = self.at;
        if self.peek().is_some_and(is_quote) {
            let Some((inside, end)) = quoted(self.text, start) else { return Err(self.unclosed_quote()) };
            self.at = end;
            let letters = without_blanks_around(&inside).to_vec();
            let boost = self.boost()?;
            return self.checked(Typed { letters, quoted: true, boost, span: start..self.at }, name);
        }
        let mut open = 0;
        let (piece, end) = letters(self.text, start, |c, rest| {
            if !field.is_address() {
                return ends_word(c, rest);
            }
            open += i32::from(is_open(c)) - i32::from(is_close(c));
            is_blank(c) || is_quote(c) || open < 0
        });
        self.at = end;
        let (word, boost) = split_weight(&piece)?;
        let kept = word.iter().rposition(|letter| field.is_address() || !(letter.is(',') || letter.is(';')));
        let letters = word[..kept.map_or(0, |last| last + 1)].to_vec();
        self.checked(Typed { letters, quoted: false, boost, span: start..end }, name)
    }

    fn checked(&mut self, typed: Typed, name: &str) -> Result<Typed, QueryError> {
        self.count_term(&typed.span)?;
        self.previous_words = [0..0, 0..0];
        let everything =
            !typed.quoted && !typed.letters.is_empty() && typed.letters.iter().all(|letter| letter.is('*'));
        if hold_a_word(&typed.letters) || everything {
            return Ok(typed);
        }
        Err(QueryError::new(format!("`{name}:` needs a value with a letter or digit"), typed.span))
    }

    /// A date or range as `date::range` reads it, of one word or as many as it takes.
    fn date(&mut self) -> Result<Node, QueryError> {
        let start = self.at;
        self.previous_words = [0..0, 0..0];
        let (text, span, boost) = self.typed_date()?;
        self.count_term(&span)?;
        let node = |kind| Node { kind, boost, span: start..span.end };
        if text.eq_ignore_ascii_case("none") {
            let has = Node::new(Kind::Has(Presence::Date), span.clone());
            return Ok(node(Kind::Not(Box::new(has))));
        }
        let days = if text == "*" { Days::default() } else { self.days(&text, &span)? };
        if days == Days::default() {
            return Ok(node(Kind::Has(Presence::Date)));
        }
        let known = [days.first, days.last].into_iter().flatten().all(|day| Date::from_days(day).is_some());
        if !known {
            return Err(QueryError::new(format!("`{text}` leaves the calendar's years 1 to 9999"), span));
        }
        Ok(node(Kind::Date(days)))
    }

    fn days(&self, text: &str, span: &Range<usize>) -> Result<Days, QueryError> {
        crate::date::range(text, self.today).map_err(|error| {
            let line = error.to_string();
            match error.suggestion {
                Some(suggestion) => QueryError::new(error.problem, span.clone()).suggesting(suggestion),
                None => QueryError::new(line, span.clone()),
            }
        })
    }

    fn typed_date(&mut self) -> Result<(String, Range<usize>, f32), QueryError> {
        let start = self.at;
        if self.peek().is_some_and(is_quote) {
            let Some((inside, end)) = quoted(self.text, start) else { return Err(self.unclosed_quote()) };
            self.at = end;
            return Ok((plain(without_blanks_around(&inside)), start..end, self.boost()?));
        }
        if let Some(open) = self.peek().filter(|c| matches!(c, '[' | '{')) {
            let Some(length) = self.text[start..].find([']', '}']) else {
                let message = format!("`{open}` is never closed; ranges are [2024-01-01 TO 2024-12-31]");
                return Err(QueryError::new(message, start..start + 1));
            };
            self.at += length + 1;
            return Ok((self.text[start..self.at].to_owned(), start..self.at, self.boost()?));
        }
        let (piece, mut end) = letters(self.text, start, ends_word);
        let (word, boost) = split_weight(&piece)?;
        let mut text = plain(word);
        let alone = crate::date::range(&text, self.today).is_ok();
        let mut longer = end;
        for _ in 1..MOST_WORDS_OF_A_DATE {
            let next = longer + self.text[longer..].len() - self.text[longer..].trim_start_matches(is_blank).len();
            // `date:2024 5` is a year and a word, but `date:2024 ..2025` is a range
            if boost.to_bits() != 1.0_f32.to_bits()
                || alone && !self.text[next..].starts_with("..") && !text.ends_with("..")
            {
                break;
            }
            let (more, next_end) = letters(self.text, next, ends_word);
            longer = next_end;
            let candidate = &self.text[start..longer];
            if !more.is_empty() && crate::date::range(candidate, self.today).is_ok() {
                (text, end) = (candidate.to_owned(), longer);
            }
        }
        self.at = end;
        Ok((text, start..end, boost))
    }

    /// `(word)` after the number of `atleast:3`.
    pub fn at_least(&mut self, start: usize, count: Range<usize>) -> Result<Node, QueryError> {
        let number = self.text[count.clone()].parse().ok().filter(|count| (1..=MOST_OCCURRENCES).contains(count));
        let (Some(number), Some(_)) = (number, self.peek().filter(|c| is_open(*c))) else {
            let message = format!("`atleast:` wants a number up to {MOST_OCCURRENCES} and a word: atleast:3(word)");
            return Err(QueryError::new(message, start..count.end.max(start + 1)));
        };
        let mut of = self.group()?;
        self.require_words(&mut of, "atleast:", false)?;
        let boost = self.boost()?;
        Ok(Node { kind: Kind::AtLeast { count: number, of: Box::new(of) }, boost, span: start..self.at })
    }
}

/// The bytes of the number in `atleast3(`, which Nexis writes without colon.
pub fn glued_count(text: &str) -> Option<Range<usize>> {
    const NAME: &str = "atleast";
    text.get(..NAME.len()).filter(|name| name.eq_ignore_ascii_case(NAME))?;
    let digits = text[NAME.len()..].bytes().take_while(u8::is_ascii_digit).count();
    let end = NAME.len() + digits;
    let ends_there = text[end..].chars().next().is_none_or(|c| ends_word(c, &text[end..]));
    (digits > 0 && ends_there).then_some(NAME.len()..end)
}

fn without_blanks_around(letters: &[Letter]) -> &[Letter] {
    let is_text = |letter: &Letter| letter.escaped || !is_blank(letter.c);
    match (letters.iter().position(is_text), letters.iter().rposition(is_text)) {
        (Some(first), Some(last)) => &letters[first..=last],
        _ => &[],
    }
}

/// A name in a column, a pattern for names, `none` or `*`.
fn column_value(column: Column, typed: &Typed, text: String) -> Result<Node, QueryError> {
    if typed.is_bare("none") {
        return Ok(typed.lacking(Presence::Column(column)));
    }
    if !typed.quoted && typed.letters.iter().all(|letter| letter.is('*')) {
        return Ok(typed.node(Kind::Has(Presence::Column(column))));
    }
    if !typed.quoted && column != Column::Url && text.len() > 2 && text.starts_with('/') && text.ends_with('/') {
        let message = "regular expressions are not understood; `*` stands for any letters and `?` for one";
        return Err(QueryError::new(message, typed.span.clone()));
    }
    // a `?` belongs to many addresses
    let stars = typed.letters.iter().any(|letter| letter.is('*'));
    let pattern = !typed.quoted && (stars || column != Column::Url && has_wildcards(&typed.letters));
    Ok(typed.node(Kind::Value { column, value: text, pattern }))
}

fn has(typed: &Typed, name: &str) -> Result<Node, QueryError> {
    let name = name.to_lowercase();
    let presence = match Field::named(&name) {
        Some((Field::Column(column), _)) => Presence::Column(column),
        Some((Field::Date, _)) => Presence::Date,
        Some((Field::Part(super::super::ast::Part::Title), _)) => Presence::Title,
        _ => {
            let known = ["date", "title"].into_iter().chain(COLUMNS.iter().flat_map(|(_, list, one)| [*list, *one]));
            let names: Vec<&str> = COLUMNS.iter().map(|(_, list, _)| *list).collect();
            let message = format!("`has:` knows no `{name}`; it takes date, title, {}", names.join(", "));
            let error = QueryError::new(message, span_of(&typed.letters, typed.span.start));
            return Err(match nearest(&name, known) {
                Some(meant) => error.suggesting(meant),
                None => error,
            });
        }
    };
    Ok(typed.node(Kind::Has(presence)))
}

fn day_of_the_year(typed: &Typed, text: &str, today: Date) -> Result<Node, QueryError> {
    // a leap year, so that 29 February is a day
    const LEAP_YEAR: i16 = 2024;
    if let Some((month, day)) = today.month().zip(today.day()).filter(|_| text.eq_ignore_ascii_case("today")) {
        return Ok(typed.node(Kind::OnThisDay { month, day }));
    }
    let number = |text: &str| (text.len() <= 2).then(|| text.parse::<i8>().ok()).flatten();
    let parts = text.split_once('-').and_then(|(month, day)| Some((number(month)?, number(day)?)));
    let is_day = |(month, day): &(i8, i8)| Date::ymd(LEAP_YEAR, *month, *day).is_some();
    if let Some((month, day)) = parts.filter(is_day) {
        return Ok(typed.node(Kind::OnThisDay { month, day }));
    }
    let error = QueryError::new(format!("`{text}` is no month and day as in onthisday:04-13"), typed.span.clone());
    Err(match parts.map(|(day, month)| (month, day)).filter(is_day) {
        Some((month, day)) => error.suggesting(format!("{month:02}-{day:02}")),
        None => error,
    })
}
