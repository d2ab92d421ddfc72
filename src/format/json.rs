//! JSON: one object, an array of them, an object that holds such an array, or one object a line.
//!
//! Articles are found by the names of keys (`field`), whatever their nesting: `{"source": {"name": …}}`,
//! `{"title": {"rendered": …}}`, `{"date": {"$date": …}}`. Our own output is read back as it was written.

use std::io::{self, BufRead, ErrorKind};

use serde_json::{Map, Value};

use crate::archive::{Skip, SkipReason};
use crate::article::Draft;
use crate::format::field::{self, Alias, Field};
use crate::format::frame::{Lines, Piece};
use crate::format::row::{self, Cell};
use crate::format::{Context, Cutter};

/// Objects inside objects that are looked into for an array of articles.
const ENVELOPES: usize = 4;

/// Cuts JSON lines; empty lines are no records.
///
/// # Errors
/// What the stream meets.
pub fn lines(read: &mut dyn BufRead, cutter: &mut Cutter<'_>) -> io::Result<()> {
    let mut lines = Lines::new(read, cutter.limit());
    while let Some(piece) = lines.next()? {
        let blank = matches!(&piece, Piece::Bytes(line) if line.trim_ascii().is_empty());
        if !blank && !cutter.piece(piece) {
            break;
        }
    }
    Ok(())
}

/// Cuts JSON into its articles, one element of an array at a time.
///
/// # Errors
/// What the stream meets; `UnexpectedEof` if it ends inside a value.
pub fn values(read: &mut dyn BufRead, cutter: &mut Cutter<'_>) -> io::Result<()> {
    let mut scanner = Scanner { read, cutter, stopped: false, offset: 0 };
    scanner.skip_mark()?;
    while let Some(byte) = scanner.peek()? {
        match byte {
            b'[' => {
                scanner.bump();
                scanner.elements()?;
            }
            b'{' => {
                let mut raw = Raw::at(scanner.offset);
                match scanner.object(&mut raw, 0)? {
                    Found::Articles => {}
                    Found::Nothing => scanner.emit(raw),
                    Found::Broken => {
                        scanner.rest(&mut raw)?;
                        scanner.emit(raw);
                    }
                }
            }
            b',' => scanner.bump(),
            _ => {
                let mut raw = Raw::at(scanner.offset);
                scanner.rest(&mut raw)?;
                scanner.emit(raw);
            }
        }
        if scanner.stopped {
            break;
        }
    }
    Ok(())
}

/// What an object turned out to hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Articles,
    Nothing,
    Broken,
}

/// The bytes of a value, dropped once they pass the limit.
struct Raw {
    bytes: Vec<u8>,
    start: u64,
    too_long: bool,
}

impl Raw {
    fn at(start: u64) -> Self {
        Self { bytes: Vec::new(), start, too_long: false }
    }

    fn push(&mut self, bytes: &[u8], limit: usize) {
        if self.bytes.len() + bytes.len() > limit {
            self.too_long = true;
            self.bytes = Vec::new();
        } else if !self.too_long {
            self.bytes.extend_from_slice(bytes);
        }
    }
}

/// Walks over JSON without building it; only brackets, strings and commas are understood.
struct Scanner<'a, 'b> {
    read: &'a mut dyn BufRead,
    cutter: &'a mut Cutter<'b>,
    stopped: bool,
    offset: u64,
}

impl Scanner<'_, '_> {
    fn skip_mark(&mut self) -> io::Result<()> {
        if self.read.fill_buf()?.starts_with(b"\xEF\xBB\xBF") {
            self.read.consume(3);
            self.offset += 3;
        }
        Ok(())
    }

    /// The next byte that is no blank; `None` at the end.
    fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            let chunk = self.read.fill_buf()?;
            if chunk.is_empty() {
                return Ok(None);
            }
            let blanks = chunk.iter().position(|byte| !byte.is_ascii_whitespace());
            let byte = blanks.map(|at| chunk[at]);
            let taken = blanks.unwrap_or(chunk.len());
            self.take(taken);
            if byte.is_some() {
                return Ok(byte);
            }
        }
    }

    fn expect(&mut self) -> io::Result<u8> {
        self.peek()?.ok_or_else(|| io::Error::new(ErrorKind::UnexpectedEof, "ends inside a JSON value"))
    }

    fn bump(&mut self) {
        self.take(1);
    }

    fn take(&mut self, bytes: usize) {
        self.read.consume(bytes);
        self.offset += bytes as u64;
    }

    fn emit(&mut self, raw: Raw) {
        let piece = if raw.too_long { Piece::TooLong(raw.start) } else { Piece::Bytes(raw.bytes) };
        self.stopped |= !self.cutter.piece(piece);
    }

    /// The elements of an array whose bracket was taken.
    fn elements(&mut self) -> io::Result<()> {
        while !self.stopped {
            match self.expect()? {
                b']' => {
                    self.bump();
                    return Ok(());
                }
                b',' => self.bump(),
                _ => {
                    let mut raw = Raw::at(self.offset);
                    self.value(&mut raw)?;
                    self.emit(raw);
                }
            }
        }
        Ok(())
    }

    /// An object, whose bytes are kept in `raw` unless an array of articles is found in it and cut.
    fn object(&mut self, raw: &mut Raw, depth: usize) -> io::Result<Found> {
        let mut found = Found::Nothing;
        let mut has_body = false;
        let limit = self.cutter.limit();
        self.bump();
        raw.push(b"{", limit);
        loop {
            match self.expect()? {
                b'}' => {
                    self.bump();
                    raw.push(b"}", limit);
                    return Ok(found);
                }
                b',' => {
                    self.bump();
                    raw.push(b",", limit);
                    continue;
                }
                b'"' => {}
                _ => return Ok(Found::Broken),
            }
            let mut key = Raw::at(self.offset);
            self.value(&mut key)?;
            raw.push(&key.bytes, limit);
            if self.expect()? != b':' {
                return Ok(Found::Broken);
            }
            self.bump();
            raw.push(b":", limit);
            let key: String = serde_json::from_slice(&key.bytes).unwrap_or_default();
            let inner = match self.expect()? {
                b'[' if !has_body && field::is_list(&key) => self.list(raw)?,
                b'{' if !has_body && depth < ENVELOPES && field::is_envelope(&key) => self.object(raw, depth + 1)?,
                first => {
                    let before = raw.bytes.len();
                    self.value(raw)?;
                    has_body |= first == b'"'
                        && raw.bytes.len() > before + 2
                        && field::known(&key).is_some_and(|alias| alias.field == Field::Body && !alias.weak);
                    Found::Nothing
                }
            };
            match inner {
                Found::Nothing => {}
                Found::Articles => {
                    found = Found::Articles;
                    // what comes beside the articles is no record
                    raw.bytes = Vec::new();
                }
                Found::Broken => return Ok(Found::Broken),
            }
            if self.stopped {
                return Ok(Found::Articles);
            }
        }
    }

    /// An array under a key that usually holds articles: cut if its first element is an object.
    fn list(&mut self, raw: &mut Raw) -> io::Result<Found> {
        let limit = self.cutter.limit();
        self.bump();
        if self.expect()? == b'{' {
            self.elements()?;
            return Ok(Found::Articles);
        }
        raw.push(b"[", limit);
        while self.expect()? != b']' {
            if self.expect()? == b',' {
                self.bump();
                raw.push(b",", limit);
            } else {
                self.value(raw)?;
            }
        }
        self.bump();
        raw.push(b"]", limit);
        Ok(Found::Nothing)
    }

    /// One value of any kind, from its first byte. A scalar ends before a comma, bracket or blank.
    fn value(&mut self, raw: &mut Raw) -> io::Result<()> {
        let limit = self.cutter.limit();
        let (mut depth, mut string, mut escaped, mut scalar) = (0_usize, false, false, false);
        loop {
            let chunk = self.read.fill_buf()?;
            if chunk.is_empty() {
                if scalar {
                    return Ok(());
                }
                return Err(io::Error::new(ErrorKind::UnexpectedEof, "ends inside a JSON value"));
            }
            let (mut at, mut ended) = (0, false);
            while at < chunk.len() && !ended {
                if string {
                    if escaped {
                        escaped = false;
                        at += 1;
                        continue;
                    }
                    let Some(next) = memchr::memchr2(b'"', b'\\', &chunk[at..]) else {
                        at = chunk.len();
                        break;
                    };
                    at += next + 1;
                    if chunk[at - 1] == b'\\' {
                        escaped = true;
                    } else {
                        string = false;
                        ended = depth == 0;
                    }
                    continue;
                }
                match chunk[at] {
                    b'"' if !scalar => string = true,
                    b'{' | b'[' if !scalar => depth += 1,
                    b'}' | b']' if depth > 0 => {
                        depth -= 1;
                        ended = depth == 0;
                    }
                    b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t' if scalar => {
                        ended = true;
                        continue;
                    }
                    _ => scalar |= depth == 0,
                }
                at += 1;
            }
            raw.push(&chunk[..at], limit);
            self.take(at);
            if ended {
                return Ok(());
            }
        }
    }

    /// All that is left, for a value that is no JSON: its error is told by the parser.
    fn rest(&mut self, raw: &mut Raw) -> io::Result<()> {
        loop {
            let chunk = self.read.fill_buf()?;
            if chunk.is_empty() {
                return Ok(());
            }
            raw.push(chunk, self.cutter.limit());
            let taken = chunk.len();
            self.take(taken);
        }
    }
}

/// Reads an article from one JSON object.
///
/// # Errors
/// `Malformed` if it is none, `NoText` without title and text.
pub fn article(text: &str, context: &Context, number: u64) -> Result<Draft, Skip> {
    let skip = |reason, detail| Skip { reason, path: context.path.clone(), record: number, detail };
    let value: Value = serde_json::from_str(text).map_err(|error| skip(SkipReason::Malformed, error.to_string()))?;
    let Value::Object(object) = value else {
        return Err(skip(SkipReason::Malformed, format!("not an object but {}", kind(&value))));
    };
    let object = unwrapped(object, context);
    let own = object.get("origin").and_then(Value::as_object).is_some_and(|origin| origin.contains_key("record"));
    let keys: Vec<String> = object.keys().take(10).cloned().collect();
    row::draft(cells(object, context), own).ok_or_else(|| {
        let detail = format!("no key holds a title or text; keys are {}", keys.join(", "));
        skip(SkipReason::NoText, detail)
    })
}

/// The object that holds the article: itself, or one under `_source`, `article`, `fields` …
fn unwrapped(mut object: Map<String, Value>, context: &Context) -> Map<String, Value> {
    let is_article = |object: &Map<String, Value>| {
        !context.map.0.is_empty()
            || object.iter().any(|(key, value)| {
                field::known(key).is_some_and(|alias| alias.is_text() && !alias.weak) && row::text(value).is_some()
            })
    };
    for _ in 0..ENVELOPES {
        if is_article(&object) {
            break;
        }
        let inner = field::envelopes().iter().find(|key| object.get(**key).is_some_and(Value::is_object));
        let Some(Value::Object(inner)) = inner.and_then(|key| object.remove(*key)) else { break };
        // facts beside the envelope, such as `_id`, stay
        for (key, value) in inner {
            object.insert(key, value);
        }
    }
    object
}

/// The values that carry a field, the most trusted of each field first.
fn cells(mut object: Map<String, Value>, context: &Context) -> Vec<Cell> {
    let mut cells = Vec::new();
    for (rank, (field, column)) in context.map.0.iter().enumerate() {
        if let Some(value) = mapped(&object, column) {
            cells.push((rank, Cell { field: *field, weak: false, value: value.clone() }));
        }
    }
    let mapped: Vec<Field> = context.map.0.iter().map(|(field, _)| *field).collect();
    for (key, value) in &mut object {
        if let Some(Alias { field, rank, weak }) = field::known(key)
            && !mapped.contains(&field)
            && !context.map.0.iter().any(|(_, column)| column == key)
        {
            cells.push((rank, Cell { field, weak, value: value.take() }));
        }
    }
    cells.sort_by_key(|(rank, cell)| (cell.field, *rank));
    cells.into_iter().map(|(_, cell)| cell).collect()
}

/// The value under a key, or under a path of keys parted by dots.
fn mapped<'a>(object: &'a Map<String, Value>, column: &str) -> Option<&'a Value> {
    if let Some(value) = object.get(column) {
        return Some(value);
    }
    let mut parts = column.split('.');
    let mut value = object.get(parts.next()?)?;
    for part in parts {
        value = match value {
            Value::Array(values) => values.get(part.parse::<usize>().ok()?)?,
            other => other.get(part)?,
        };
    }
    Some(value)
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
