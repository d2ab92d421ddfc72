//! Tables: comma, semicolon, tab or bar between fields, either quote or none, with a header or without.
//!
//! The dialect and the columns are read off the beginning of the file; rows are cut cheaply and parsed one by one.

use std::io::{self, BufRead};

use csv_core::{ReadFieldResult, ReadRecordResult, ReaderBuilder};
use serde_json::Value;

use crate::archive::{Skip, SkipReason};
use crate::article::Draft;
use crate::format::field::{self, Field};
use crate::format::frame::Piece;
use crate::format::row::{self, Cell};
use crate::format::{Context, Cutter, charset};

/// Characters between fields, the likelier first.
const DELIMITERS: [u8; 4] = [b'\t', b',', b';', b'|'];
/// Rows looked at to recognise a table.
const SAMPLE: usize = 200;

/// Fields of a row, undecoded.
type Row = Vec<Vec<u8>>;

/// How the rows of a table are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// Between fields.
    pub delimiter: u8,
    /// Round fields, if any.
    pub quote: Option<u8>,
}

/// How a table is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// How its rows are written.
    pub dialect: Dialect,
    /// Whether the first row names the columns.
    pub has_header: bool,
    /// Names of the columns; their numbers from 1 if there is no header.
    pub columns: Vec<String>,
    /// The columns that hold fields, the most trusted of each field first; false if only weakly.
    pub fields: Vec<(Field, usize, bool)>,
}

/// Recognises dialect and columns from the first bytes; `whole` if they are the whole file.
///
/// # Errors
/// If no column holds a title or text.
pub fn layout(head: &[u8], whole: bool, context: &Context) -> Result<Layout, Skip> {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let dialect = dialect(head, whole);
    let rows: Vec<Vec<String>> = sample(head, whole, dialect)
        .iter()
        .map(|(row, _)| {
            row.iter().map(|cell| charset::decode(cell, context.charset.as_deref()).text.trim().to_owned()).collect()
        })
        .collect();
    let first = rows.first().cloned().unwrap_or_default();
    let has_header = is_header(&first, context);
    let columns = if has_header { first } else { (1..=first.len()).map(|number| number.to_string()).collect() };
    let mut fields: Vec<(Field, usize, bool)> = field::positions(&columns, &context.map)
        .into_iter()
        .map(|(field, at)| {
            (field, at, context.map.0.is_empty() && field::known(&columns[at]).is_some_and(|alias| alias.weak))
        })
        .collect();
    if !has_header && context.map.0.is_empty() {
        fields = guessed(&rows);
    }
    if !fields.iter().any(|(field, _, weak)| !weak && matches!(field, Field::Title | Field::Body)) {
        let shown = columns.iter().take(12).map(String::as_str).collect::<Vec<_>>().join(", ");
        let detail = format!("no column holds a title or text, name one with --map; columns are {shown}");
        return Err(Skip { reason: SkipReason::NoText, path: context.path.clone(), record: 0, detail });
    }
    Ok(Layout { dialect, has_header, columns, fields })
}

/// Cuts a table into rows. A quote that is never closed ends with its line, and quotes no longer count after it. A table
/// without a row under its header is skipped as `no text`.
///
/// # Errors
/// What the stream meets.
pub fn rows(read: &mut dyn BufRead, layout: &Layout, cutter: &mut Cutter<'_>) -> io::Result<()> {
    if read.fill_buf()?.starts_with(b"\xEF\xBB\xBF") {
        read.consume(3);
    }
    let mut rows = Rows::new(layout.dialect, cutter.limit());
    let before = *cutter.number;
    let mut header = layout.has_header;
    let mut take = |piece: Piece, cutter: &mut Cutter<'_>| {
        let blank = matches!(&piece, Piece::Bytes(row) if row.trim_ascii().is_empty());
        if blank || std::mem::take(&mut header) { true } else { cutter.piece(piece) }
    };
    loop {
        let chunk = read.fill_buf()?;
        let (mut taken, ended) = (0, chunk.is_empty());
        while taken < chunk.len() || ended {
            let (count, row) = rows.read(&chunk[taken..]);
            taken += count;
            if let Some(piece) = row {
                if !take(piece, cutter) {
                    return Ok(());
                }
            } else if ended {
                if *cutter.number == before {
                    cutter.skip(SkipReason::NoText, "a table without rows");
                }
                return Ok(());
            }
        }
        read.consume(taken);
    }
}

/// Reads an article from one row.
///
/// # Errors
/// `NoText` if neither title nor text is filled in.
pub fn article(text: &str, context: &Context, number: u64) -> Result<Draft, Skip> {
    let skip =
        |reason, detail: &str| Skip { reason, path: context.path.clone(), record: number, detail: detail.to_owned() };
    let layout = context.table.as_ref().ok_or_else(|| skip(SkipReason::Malformed, "a row without a table"))?;
    let count = layout.fields.iter().map(|(_, at, _)| at + 1).max().unwrap_or(0);
    let row = cells(text.as_bytes(), layout.dialect, count);
    let cells = layout.fields.iter().filter_map(|(field, at, weak)| {
        let value = String::from_utf8_lossy(row.get(*at)?).into_owned();
        Some(Cell { field: *field, weak: *weak, value: Value::String(value) })
    });
    row::draft(cells.collect(), false).ok_or_else(|| skip(SkipReason::NoText, "a row without title and text"))
}

/// The first fields of a row, which may have millions.
fn cells(row: &[u8], dialect: Dialect, count: usize) -> Row {
    let mut machine = machine(dialect);
    let (mut cells, mut cell, mut taken, mut output) = (Vec::new(), Vec::new(), 0, [0; 4096]);
    while cells.len() < count {
        // nothing left is read as the end of the row
        let (result, read, written) = machine.read_field(&row[taken..], &mut output);
        taken += read;
        cell.extend_from_slice(&output[..written]);
        match result {
            ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
            ReadFieldResult::Field { record_end } => {
                cells.push(std::mem::take(&mut cell));
                if record_end {
                    break;
                }
            }
            ReadFieldResult::End => break,
        }
    }
    cells
}

fn reader(Dialect { delimiter, quote }: Dialect) -> csv::ReaderBuilder {
    let mut builder = csv::ReaderBuilder::new();
    builder.delimiter(delimiter).has_headers(false).flexible(true);
    match quote {
        Some(quote) => builder.quote(quote),
        None => builder.quoting(false),
    };
    builder
}

/// The dialect in which most of the sample falls into rows of one length.
fn dialect(head: &[u8], whole: bool) -> Dialect {
    let mut best = (0, Dialect { delimiter: b',', quote: Some(b'"') });
    for quote in [Some(b'"'), Some(b'\''), None] {
        for delimiter in DELIMITERS {
            let dialect = Dialect { delimiter, quote };
            let rows = sample(head, whole, dialect);
            let mut lengths: Vec<usize> = rows.iter().map(|(row, _)| row.len()).collect();
            lengths.sort_unstable();
            let usual =
                lengths.chunk_by(|left, right| left == right).max_by_key(|same| same.len()).map_or(0, |same| same[0]);
            if usual < 2 {
                continue;
            }
            let regular: usize = rows.iter().filter(|(row, _)| row.len() == usual).map(|(_, bytes)| bytes).sum();
            // of equally regular ones that whose quotes stand round fields, else the first
            let round = quote.is_some_and(|quote| stands_round(head, whole, Dialect { delimiter, quote: None }, quote));
            let score = if round { regular * 103 } else { regular * 100 };
            if score > best.0 + best.0 / 100 {
                best = (score, dialect);
            }
        }
    }
    best.1
}

/// Whether a quote stands round a field in every fourth row or more.
fn stands_round(head: &[u8], whole: bool, unquoted: Dialect, quote: u8) -> bool {
    let rows = sample(head, whole, unquoted);
    let round = |cell: &Vec<u8>| cell.len() > 1 && cell.first() == Some(&quote) && cell.last() == Some(&quote);
    let count = rows.iter().filter(|(row, _)| row.iter().any(round)).count();
    count > 0 && count * 4 >= rows.len()
}

/// The rows of a sample with their length in bytes; the last is left out if the sample may have cut it.
fn sample(head: &[u8], whole: bool, dialect: Dialect) -> Vec<(Row, usize)> {
    let mut rows = Vec::new();
    let mut reader = reader(dialect).from_reader(head);
    let mut record = csv::ByteRecord::new();
    let mut start = 0;
    while rows.len() < SAMPLE && reader.read_byte_record(&mut record).unwrap_or(false) {
        let end = reader.position().byte() as usize;
        rows.push((record.iter().map(<[u8]>::to_vec).collect(), end - start));
        start = end;
    }
    if !whole && start >= head.len() && rows.len() > 1 {
        rows.pop();
    }
    rows
}

/// Whether the first row names columns: a name we know or the user gave, else short words that differ.
fn is_header(row: &[String], context: &Context) -> bool {
    let mapped = |cell: &String| context.map.0.iter().any(|(_, column)| column == cell);
    if row.iter().any(mapped) {
        return true;
    }
    let short = row.iter().all(|cell| cell.chars().count() <= 60);
    if short && row.iter().any(|cell| field::known(cell).is_some()) {
        return true;
    }
    let is_name = |cell: &String| {
        cell.chars().count() <= 40
            && cell.chars().any(char::is_alphabetic)
            && !cell.contains("://")
            && cell.split_whitespace().count() <= 4
    };
    row.len() > 1 && row.iter().all(is_name) && row.iter().enumerate().all(|(at, cell)| !row[..at].contains(cell))
}

/// What the columns of a table without header hold, judged by their content; only prose makes an article.
fn guessed(rows: &[Vec<String>]) -> Vec<(Field, usize, bool)> {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let columns: Vec<Vec<&str>> = (0..width)
        .map(|at| {
            rows.iter().filter_map(|row| row.get(at)).map(String::as_str).filter(|cell| !cell.is_empty()).collect()
        })
        .collect();
    let share = |at: usize, holds: &dyn Fn(&str) -> bool| {
        let column = &columns[at];
        !column.is_empty() && column.iter().filter(|cell| holds(cell)).count() * 10 >= column.len() * 9
    };
    let length = |at: usize| columns[at].iter().map(|cell| cell.len()).sum::<usize>();
    let body = (0..width).filter(|at| mostly_prose(&columns[*at])).max_by_key(|at| (length(*at), width - at));
    let Some(body) = body else { return Vec::new() };
    let mut fields = vec![(Field::Body, body, false)];
    for at in (0..width).filter(|at| *at != body) {
        let distinct = {
            let mut seen = columns[at].clone();
            seen.sort_unstable();
            seen.dedup();
            seen.len()
        };
        let repeats = distinct * 2 <= columns[at].len();
        let field = if share(at, &|cell| cell.starts_with("http://") || cell.starts_with("https://")) {
            Field::Url
        } else if share(at, &|cell| cell.len() >= 8 && crate::format::stamp::date(cell).is_some()) {
            Field::Date
        } else if share(at, &|cell| cell.chars().any(char::is_alphabetic) && cell.chars().count() <= 40) && repeats {
            Field::Section
        } else if share(at, &|cell| cell.contains(' ') && cell.chars().count() <= 300) && !repeats {
            Field::Title
        } else {
            continue;
        };
        if !fields.iter().any(|(other, ..)| *other == field) {
            fields.push((field, at, false));
        }
    }
    fields.sort_unstable();
    fields
}

/// Whether a column holds sentences: long, letters and blanks, with an end.
fn mostly_prose(column: &[&str]) -> bool {
    let is_prose = |cell: &&str| {
        let (mut all, mut letters, mut digits) = (0, 0, 0);
        for char in cell.chars() {
            all += 1;
            letters += usize::from(char.is_alphabetic());
            digits += usize::from(char.is_numeric() || matches!(char, '#' | '_' | '<' | '>' | ';' | '='));
        }
        let ends = cell.contains(". ") || cell.ends_with(['.', '!', '?', '…']) || cell.contains(['。', '।', '።', '؟']);
        all >= 100 && letters * 10 >= all * 6 && digits * 10 <= all && ends
    };
    !column.is_empty() && column.iter().filter(|cell| is_prose(cell)).count() * 2 > column.len()
}

/// Finds the ends of rows; quotes may hold line ends.
struct Rows {
    dialect: Dialect,
    machine: csv_core::Reader,
    limit: usize,
    row: Vec<u8>,
    offset: u64,
    start: u64,
    /// What follows the line in which a quote was opened and never closed.
    rest: Vec<u8>,
    rest_at: usize,
}

impl Rows {
    fn new(dialect: Dialect, limit: usize) -> Self {
        let machine = machine(dialect);
        Self { dialect, machine, limit, row: Vec::new(), offset: 0, start: 0, rest: Vec::new(), rest_at: 0 }
    }

    /// Takes some of `input`, whose emptiness means the end, and says how much; with a row if one ended.
    fn read(&mut self, input: &[u8]) -> (usize, Option<Piece>) {
        if self.rest_at < self.rest.len() {
            return (0, Some(self.rest_line()));
        }
        let (mut output, mut ends) = ([0; 4096], [0; 256]);
        let mut taken = 0;
        loop {
            let (result, read, _, _) = self.machine.read_record(&input[taken..], &mut output, &mut ends);
            self.keep(&input[taken..taken + read]);
            taken += read;
            match result {
                // only the bytes count here, not the fields; no more input must not look like the end of the file
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull
                    if input.is_empty() || taken < input.len() => {}
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull | ReadRecordResult::InputEmpty => {
                    return (taken, None);
                }
                ReadRecordResult::Record if input.is_empty() && self.is_unclosed() => {
                    self.rest = std::mem::take(&mut self.row);
                    self.rest_at = 0;
                    return (taken, Some(self.rest_line()));
                }
                ReadRecordResult::Record => {
                    let long = self.offset - self.start > self.limit as u64;
                    let row = std::mem::take(&mut self.row);
                    let piece = if long { Piece::TooLong(self.start) } else { Piece::Bytes(row) };
                    self.start = self.offset;
                    return (taken, Some(piece));
                }
                ReadRecordResult::End => return (taken, None),
            }
        }
    }

    fn keep(&mut self, bytes: &[u8]) {
        self.offset += bytes.len() as u64;
        if self.offset - self.start > self.limit as u64 {
            self.row = Vec::new();
            // whatever quote is open, the next line begins anew: a quote over the limit was none
            if bytes.last() == Some(&b'\n') || memchr::memchr(b'\n', bytes).is_some() {
                self.machine = machine(self.dialect);
            }
        } else {
            self.row.extend_from_slice(bytes);
        }
    }

    /// Whether the row, which the end of the file ended, is several lines in an open quote.
    fn is_unclosed(&self) -> bool {
        let Some(quote) = self.dialect.quote else { return false };
        let lines = memchr::memchr(b'\n', self.row.trim_ascii()).is_some();
        lines && memchr::memchr_iter(quote, &self.row).count() % 2 == 1
    }

    fn rest_line(&mut self) -> Piece {
        let rest = &self.rest[self.rest_at..];
        let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
        let line = rest[..end].to_vec();
        self.rest_at += end;
        Piece::Bytes(line)
    }
}

fn machine(Dialect { delimiter, quote }: Dialect) -> csv_core::Reader {
    let mut builder = ReaderBuilder::new();
    builder.delimiter(delimiter);
    match quote {
        Some(quote) => builder.quote(quote),
        None => builder.quoting(false),
    };
    builder.build()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::Limits;
    use crate::article::Article;
    use crate::format::{Format, article, records};

    /// Articles, or reasons, of all rows; the same for any size of buffer.
    fn read(text: &[u8]) -> Vec<Result<Article, SkipReason>> {
        let run = |capacity| {
            let mut seen = Vec::new();
            let mut read = io::BufReader::with_capacity(capacity, text);
            let limits = Limits { record_bytes: 5000, ..Limits::default() };
            let end = records(Format::Table, &mut read, Context { limits, ..Context::default() }, &mut |record| {
                let draft = record.and_then(|record| article(&record));
                seen.push(draft.map(|draft| draft.article).map_err(|skip| skip.reason));
                true
            });
            seen.extend(end.err().map(|skip| Err(skip.reason)));
            seen
        };
        let whole = run(1 << 16);
        assert_eq!(run(1), whole);
        whole
    }

    #[test]
    fn a_header_without_rows_is_counted() {
        assert_eq!(read(b"Titel;Text"), [Err(SkipReason::NoText)]);
        assert_eq!(read(b"title,body\n\n"), [Err(SkipReason::NoText)]);
    }

    fn titles(text: &str) -> Vec<String> {
        read(text.as_bytes()).into_iter().map(|article| article.unwrap().title).collect()
    }

    #[test]
    fn every_delimiter_and_quote_is_recognised() {
        for text in [
            "title,text\n\"One, two\",\"A line\nand another, too\"\nThree,Four\n",
            "Title;Text;Date\r\n'One, two';'A; line\r\n''quoted''';2024-05-01\r\nThree;Four;2024-05-02\r\n",
            "headline\tbody\nOne, two\t\"A \"\"line\"\"\"\nThree\tFour",
            "\u{FEFF}title|content\nOne, two|A line\nThree|Four\n",
        ] {
            assert_eq!(titles(text), ["One, two", "Three"], "{text}");
        }
    }

    #[test]
    fn a_row_is_read_whole() {
        let text = "id,headline,body,date,author,url,section\n\
                    7,Rain,\"It rained.\nIt poured.\",2024-05-01,Jane Roe,https://example.org/7,Local\n";
        let article = read(text.as_bytes()).remove(0).unwrap();
        let (id, title) = (article.id.as_str(), article.title.as_str());
        assert_eq!((id, title, article.body.as_str()), ("7", "Rain", "It rained.\n\nIt poured."));
        assert_eq!(article.date.map(|date| date.to_string()).as_deref(), Some("2024-05-01"));
        assert_eq!((article.authors.join("|").as_str(), article.section.as_deref()), ("Jane Roe", Some("Local")));
        assert_eq!(article.origin.record, 1);
    }

    #[test]
    fn columns_without_names_are_judged_by_their_content() {
        let text =
            "The council voted on Monday to build a bridge across the river. It will take three years and many hands.";
        let rows: Vec<String> =
            ["Local", "Sport", "Local"].iter().map(|name| format!("{name};'{text} {name}'\n")).collect();
        let articles = read((rows.concat() + &rows.concat()).as_bytes());
        assert_eq!(articles.len(), 6);
        let second = articles[1].as_ref().unwrap();
        assert_eq!(second.section.as_deref(), Some("Sport"));
        assert!(second.body.starts_with("The council voted"));
    }

    #[test]
    fn a_table_without_text_says_what_it_holds() {
        let text = b"globalid,time,score\n1,2024,0.5\n2,2024,0.7\n";
        assert_eq!(read(text), [Err(SkipReason::NoText)]);
        let skip = layout(text, true, &Context::default()).unwrap_err();
        assert!(skip.detail.ends_with("columns are globalid, time, score"), "{}", skip.detail);
    }

    #[test]
    fn a_quote_that_never_closes_costs_one_row() {
        let rows: Vec<String> = (0..50).map(|number| format!("{number},Title {number},Text {number}\n")).collect();
        let rows = rows.concat();
        let open = "50,\"Open,Text 50\n51,Title 51,Text 51\n52,Title 52,Text 52\n";
        let articles = read(format!("id,title,text\n{rows}{open}").as_bytes());
        assert_eq!(articles.len(), 53);
        assert_eq!(articles[52].as_ref().map(|article| article.title.as_str()), Ok("Title 52"));
    }

    #[test]
    fn a_row_over_the_limit_is_named() {
        let text = format!("id,title\n1,One\n2,{}\n3,Three\n", "x".repeat(20_000));
        let articles = read(text.as_bytes());
        assert_eq!(articles[1], Err(SkipReason::TooLarge));
        assert_eq!(articles[2].as_ref().map(|article| article.title.as_str()), Ok("Three"));
    }

    #[test]
    fn an_old_encoding_is_guessed_from_the_whole_table() {
        let text = "title;text\nНаводнение;Река вышла из берегов в понедельник\nДа;Нет\n";
        let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(text);
        let titles: Vec<String> = read(&bytes).into_iter().map(|article| article.unwrap().title).collect();
        assert_eq!(titles, ["Наводнение", "Да"]);
    }
}
