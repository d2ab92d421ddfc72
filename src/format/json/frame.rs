//! Cuts JSON into its records without building it: only brackets, strings and commas are understood, so that a broken
//! record costs only itself and none is held whole but the one being cut.

use std::io::{self, BufRead, ErrorKind};

use crate::format::Cutter;
use crate::format::field::{self, Field};
use crate::format::frame::{Lines, Piece};
use crate::format::json::{ENVELOPES, VALUES, columns, has_over};

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
                    Found::Nothing => match columns::rows(&raw.bytes) {
                        Some(rows) => scanner.emit_all(rows),
                        None => scanner.emit(raw),
                    },
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

    fn emit_all(&mut self, rows: Vec<Vec<u8>>) {
        for row in rows {
            if self.stopped {
                return;
            }
            self.emit(Raw { bytes: row, start: 0, too_long: false });
        }
    }

    /// The elements of an array whose bracket was taken. Those that are arrays are rows under the first of them.
    fn elements(&mut self) -> io::Result<()> {
        let mut header: Option<Vec<String>> = None;
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
                    if raw.bytes.first() == Some(&b'[')
                        && !has_over(VALUES, &raw.bytes)
                        && let Ok(row) = serde_json::from_slice::<Vec<serde_json::Value>>(&raw.bytes)
                    {
                        match &header {
                            None => header = columns::header(&row),
                            Some(header) => {
                                raw.bytes = serde_json::to_vec(&columns::under(header, row))?;
                                self.emit(raw);
                                continue;
                            }
                        }
                        if header.is_some() {
                            continue;
                        }
                    }
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

#[cfg(test)]
mod tests {
    use crate::archive::{Limits, SkipReason};
    use crate::format::{Context, Format, article, records};

    /// Titles, or reasons, of all records, and how the file ended; the same for any size of buffer.
    fn read(format: Format, text: &str) -> (Vec<Result<String, SkipReason>>, Option<SkipReason>) {
        let run = |capacity| {
            let (mut seen, mut number) = (Vec::new(), 0);
            let mut read = std::io::BufReader::with_capacity(capacity, text.as_bytes());
            let limits = Limits { record_bytes: 1000, ..Limits::default() };
            let end = records(format, &mut read, Context { limits, ..Context::default() }, &mut |record| {
                number += 1;
                let draft = record.and_then(|record| {
                    assert_eq!(record.number, number);
                    article(&record)
                });
                seen.push(draft.map(|draft| draft.article.title).map_err(|skip| skip.reason));
                true
            });
            (seen, end.err().map(|skip| skip.reason))
        };
        let whole = run(1 << 16);
        assert_eq!(run(3), whole, "{text}");
        whole
    }

    fn titles(names: &[&str]) -> Vec<Result<String, SkipReason>> {
        names.iter().map(|name| Ok((*name).to_owned())).collect()
    }

    #[test]
    fn articles_are_found_in_arrays_and_envelopes() {
        for text in [
            r#"[{"title": "One"}, {"title": "Two"}]"#,
            r#"{"title": "One"} {"title": "Two"}"#,
            r#"{"status": "ok", "articles": [{"title": "One"}, {"title": "Two"}], "total": 2}"#,
            r#"{"response": {"docs": [{"headline": {"main": "One"}}, {"headline": "Two"}]}}"#,
            r#"{"hits": {"total": 2, "hits": [{"_source": {"title": "One"}}, {"_id": "2", "_source": {"title": "Two"}}]}}"#,
            r#"{"title": "A feed", "items": [{"title": "One"}, {"title": "Two"}]}"#,
            r#"{"articles": {"results": [{"title": "One"}, {"title": "Two"}], "pages": 1}}"#,
            r#"{"title": {"0": "One", "1": "Two"}, "text": {"0": "a", "1": "b"}}"#,
            r#"[["title", "text"], ["One", "a"], ["Two", "b"]]"#,
            r#"{"response": {"docs": [{"title_s": "One"}, {"title_s": "Two"}]}}"#,
        ] {
            assert_eq!(read(Format::Json, text), (titles(&["One", "Two"]), None), "{text}");
        }
    }

    #[test]
    fn one_object_is_one_article_whatever_it_holds() {
        for text in [
            r#"{"title": "One", "tags": ["a]", "b\\\"}"], "media": {"items": [{"title": "Picture"}]}}"#,
            r#"{"title": "One", "body": "Text.", "items": [{"title": "Related"}]}"#,
            r#"{"title": "One", "items": ["a", 1, null]}"#,
        ] {
            assert_eq!(read(Format::Json, text), (titles(&["One"]), None), "{text}");
        }
    }

    #[test]
    fn a_broken_record_costs_only_itself() {
        let lines = "{\"title\": \"One\"}\n\n{\"title\": \"Tw\n{\"title\": \"Three\"}\n[1]\n";
        let expected =
            vec![Ok("One".to_owned()), Err(SkipReason::Malformed), Ok("Three".to_owned()), Err(SkipReason::Malformed)];
        assert_eq!(read(Format::JsonLines, lines), (expected, None));
        let array = r#"[{"title": "One"}, {"title": bad}, {"title": "Three"}]"#;
        let expected = vec![Ok("One".to_owned()), Err(SkipReason::Malformed), Ok("Three".to_owned())];
        assert_eq!(read(Format::Json, array), (expected, None));
        assert_eq!(read(Format::Json, "{title: 1}").0, [Err(SkipReason::Malformed)]);
    }

    #[test]
    fn what_came_before_a_break_is_read() {
        let (seen, end) = read(Format::Json, r#"[{"title": "One"}, {"title": "Two"#);
        assert_eq!((seen, end), (titles(&["One"]), Some(SkipReason::Truncated)));
        assert_eq!(read(Format::Json, r#"{"title": "#).1, Some(SkipReason::Truncated));
    }

    #[test]
    fn a_record_over_the_limit_is_named() {
        let long = format!(r#"{{"title": "{}"}}"#, "a".repeat(2000));
        let expected = (vec![Err(SkipReason::TooLarge), Ok("Two".to_owned())], None);
        assert_eq!(read(Format::JsonLines, &format!("{long}\n{{\"title\": \"Two\"}}\n")), expected);
        assert_eq!(read(Format::Json, &format!("[{long}, {{\"title\": \"Two\"}}]")), expected);
    }
}
