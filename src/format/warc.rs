//! WARC and WET: crawls, one captured page a record.
//!
//! Crawlers write wrong lengths and break off, so a length is believed only if the next record begins where it says.
//! Layout: <https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/>

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

use crate::archive::{OverLimit, Skip, SkipReason};
use crate::date::{Date, Order, read};
use crate::format::frame::Piece;
use crate::format::http::{self, Message};
use crate::format::{Context, Cutter, Format, detect};

/// How every record begins; the minor version follows.
pub const OPENING: &[u8] = b"WARC/1.";
/// How a compressed record begins, in a file where others are not.
const GZIP: &[u8] = b"\x1F\x8B\x08";
/// Bytes in which a record's header must end.
const LONGEST_HEADER: usize = 64 << 10;

/// Cuts a crawl into records, header included. After damage it goes on where the next record begins.
///
/// # Errors
/// What the stream meets; `UnexpectedEof` if it ends inside a record.
pub fn records(read: &mut dyn BufRead, cutter: &mut Cutter<'_>) -> io::Result<()> {
    let limit = cutter.limit();
    let mut window = Window { read, bytes: Vec::new(), start: 0, offset: 0 };
    loop {
        while window.rest().first().is_some_and(|byte| matches!(byte, b'\r' | b'\n')) {
            window.drop(1);
        }
        if window.rest().len() < OPENING.len() && window.fill()? {
            continue;
        }
        if window.rest().is_empty() {
            return Ok(());
        }
        if window.rest().starts_with(GZIP) {
            window.unpack(limit)?;
            continue;
        }
        let body = window.header_end()?;
        let length = body.and_then(|end| content_length(&window.rest()[..end]));
        let declared = body.zip(length).map(|(body, length)| body.saturating_add(length));
        if let Some(end) = declared.filter(|end| *end <= limit)
            && window.ends_at(end)?
        {
            if !cutter.piece(Piece::Bytes(window.rest()[..end].to_vec())) {
                return Ok(());
            }
            window.drop(end);
            continue;
        }
        let piece = match window.next_boundary(body.unwrap_or(1), limit)? {
            Boundary::At(end) => {
                let bytes = window.rest()[..end].to_vec();
                window.drop(end);
                Piece::Bytes(bytes)
            }
            Boundary::OverLimit(start) => Piece::TooLong(start),
            Boundary::None => {
                let rest = window.rest();
                if declared.is_some_and(|end| end > rest.len()) {
                    return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "ends inside a record"));
                }
                let bytes = rest[..declared.unwrap_or(rest.len())].to_vec();
                window.drop(window.rest().len());
                Piece::Bytes(bytes)
            }
        };
        if !cutter.piece(piece) {
            return Ok(());
        }
    }
}

/// The part of a crawl held in memory: a record and what was read beyond it.
struct Window<'a> {
    read: &'a mut dyn BufRead,
    bytes: Vec<u8>,
    start: usize,
    offset: u64,
}

/// Where the next record begins, counted from this one's first byte.
enum Boundary {
    At(usize),
    /// This record, begun at a byte of the file, is over the limit and was dropped.
    OverLimit(u64),
    None,
}

impl Window<'_> {
    fn rest(&self) -> &[u8] {
        &self.bytes[self.start..]
    }

    fn drop(&mut self, count: usize) {
        self.start += count;
        self.offset += count as u64;
        if self.start * 2 > self.bytes.len() {
            self.bytes.drain(..self.start);
            self.start = 0;
        }
    }

    /// Reads more; false at the end.
    fn fill(&mut self) -> io::Result<bool> {
        let chunk = self.read.fill_buf()?;
        let taken = chunk.len();
        self.bytes.extend_from_slice(chunk);
        self.read.consume(taken);
        Ok(taken > 0)
    }

    /// Where the block begins: after the first empty line. `None` if no header is there.
    fn header_end(&mut self) -> io::Result<Option<usize>> {
        loop {
            let rest = self.rest();
            if !rest.starts_with(OPENING) {
                return Ok(None);
            }
            let head = &rest[..rest.len().min(LONGEST_HEADER)];
            if let Some(end) = http::head_end(head) {
                return Ok(Some(end));
            }
            if rest.len() >= LONGEST_HEADER || !self.fill()? {
                return Ok(None);
            }
        }
    }

    /// Whether a record can end there: the next one follows, or nothing.
    fn ends_at(&mut self, end: usize) -> io::Result<bool> {
        loop {
            let after = self.rest().get(end..).unwrap_or_default();
            let breaks = after.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            let after = &after[breaks..];
            if after.len() >= OPENING.len() {
                // four bytes end a record even if damage follows
                let is_ended = self.rest()[end..].starts_with(b"\r\n\r\n");
                return Ok(is_ended || after.starts_with(OPENING) || after.starts_with(GZIP));
            }
            let is_end = after.is_empty();
            if !self.fill()? {
                return Ok(is_end && self.rest().len() >= end);
            }
        }
    }

    /// Looks from `from` on for a record after an empty line.
    fn next_boundary(&mut self, from: usize, limit: usize) -> io::Result<Boundary> {
        let opening = memchr::memmem::Finder::new(OPENING);
        let began = self.offset;
        let (mut scanned, mut over) = (from, false);
        loop {
            let rest = self.rest();
            let found = opening.find_iter(&rest[scanned.min(rest.len())..]).map(|at| scanned + at).find(|at| {
                let before = &rest[..*at];
                *at == 0 || before.ends_with(b"\n\r\n") || before.ends_with(b"\n\n")
            });
            if let Some(at) = found {
                if over || at > limit {
                    self.drop(at);
                    return Ok(Boundary::OverLimit(began));
                }
                return Ok(Boundary::At(at));
            }
            // the line break before an opening may be at the end of what was read
            scanned = scanned.max((rest.len() + 1).saturating_sub(OPENING.len()));
            if over || rest.len() > limit {
                over = true;
                let dropped = scanned.saturating_sub(3);
                self.drop(dropped);
                scanned -= dropped;
            }
            if !self.fill()? {
                return Ok(if over { Boundary::OverLimit(began) } else { Boundary::None });
            }
        }
    }

    /// Replaces a compressed record by its text.
    fn unpack(&mut self, limit: usize) -> io::Result<()> {
        let mut text = Vec::new();
        let mut decoder = GzDecoder::new((&self.bytes[self.start..]).chain(&mut *self.read));
        (&mut decoder).take(limit as u64 + 1).read_to_end(&mut text)?;
        if text.len() > limit {
            return Err(OverLimit::MemberBytes(limit as u64).into());
        }
        let (rest, _) = decoder.into_inner().into_inner();
        text.extend_from_slice(rest);
        self.offset += (self.bytes.len() - self.start - rest.len()) as u64;
        (self.bytes, self.start) = (text, 0);
        Ok(())
    }
}

fn content_length(header: &[u8]) -> Option<usize> {
    let (_, header) = http::split(header)?;
    http::value(&header, "content-length")?.parse().ok()
}

/// The page a record captured.
pub struct Capture {
    /// A page, or text taken from one.
    pub format: Format,
    /// The page's own bytes.
    pub bytes: Vec<u8>,
    /// What the record says of it.
    pub context: Context,
    /// When it was fetched: no page is younger than that.
    pub fetched: Option<Date>,
}

/// Takes the page out of a record.
///
/// # Errors
/// Why there is none: a request, a revisit, a page not found, a picture.
pub fn capture(record: &[u8], context: &Context, number: u64) -> Result<Capture, Skip> {
    let skip = |reason, detail: String| Skip { reason, path: context.path.clone(), record: number, detail };
    let no_article = |detail: String| skip(SkipReason::NotAnArticle, detail);
    let head = record.starts_with(OPENING).then(|| http::split(record)).flatten();
    let Some((block, header)) = head else {
        return Err(skip(SkipReason::Malformed, "no header of a crawl's record".to_owned()));
    };
    let kind = http::value(&header, "warc-type").unwrap_or_default().to_ascii_lowercase();
    let media = media_type(http::value(&header, "content-type").unwrap_or_default());
    let message = match kind.as_str() {
        "response" if media == "application/http" || block.starts_with(b"HTTP/") => http::message(block),
        "response" | "resource" | "conversion" => {
            Some(Message { status: 200, media, charset: None, body: block.to_vec(), encoding: None })
        }
        "" => return Err(skip(SkipReason::Malformed, "a record without a type".to_owned())),
        other => return Err(no_article(format!("a {other} record"))),
    };
    let Some(message) = message else {
        return Err(skip(SkipReason::Malformed, "a response without a status".to_owned()));
    };
    let Message { status, media, charset, body, encoding } = message;
    if status != 200 {
        return Err(no_article(format!("a response of status {status}")));
    }
    if let Some(encoding) = encoding {
        return Err(skip(SkipReason::UnknownFormat, format!("a body encoded as {encoding}")));
    }
    let url = http::value(&header, "warc-target-uri").map(|url| url.trim_matches(['<', '>']).to_owned());
    let format = match media.as_str() {
        "text/html" | "application/xhtml+xml" => Format::Html,
        "text/plain" if kind == "conversion" => Format::Text,
        "text/plain" if url.as_deref().is_some_and(|url| url.ends_with("/robots.txt")) => {
            return Err(no_article("robots.txt".to_owned()));
        }
        "" | "text/plain" => detect(&body, "").map_err(|reason| skip(reason, "a captured page".to_owned()))?,
        other => return Err(no_article(format!("a capture of {other}"))),
    };
    if !matches!(format, Format::Html | Format::Text) {
        return Err(no_article("a capture of data".to_owned()));
    }
    if body.trim_ascii().is_empty() {
        return Err(skip(SkipReason::Empty, "an empty page".to_owned()));
    }
    let url = url.filter(|url| url.starts_with("http://") || url.starts_with("https://"));
    let fetched = http::value(&header, "warc-date").and_then(|date| read(date, Order::Unknown));
    Ok(Capture { format, bytes: body, context: Context { charset, url, ..context.clone() }, fetched })
}

/// `text/html` of `text/html; charset=utf-8`.
fn media_type(value: &str) -> String {
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::archive::{Limits, Warning};
    use crate::article::Draft;
    use crate::format::{article, records as cut};

    const PAGE: &str = "<html><head><title>Bridge opens</title></head><body><article><h1>Bridge opens</h1>\
        <p>The bridge across the northern river opened on Monday after ten years of work, officials said.</p>\
        <p>The first cars crossed it at noon, and the ferry made its last journey in the evening.</p></article></body></html>";

    fn record(kind: &str, block: &str, length: &str) -> String {
        format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: <https://example.com/bridge>\r\nWARC-Date: 2024-05-02T10:00:00Z\r\n\
             Content-Type: application/http; msgtype={kind}\r\nContent-Length: {length}\r\n\r\n{block}\r\n\r\n"
        )
    }

    fn response(status: u16, page: &str) -> String {
        format!("HTTP/1.1 {status} OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}")
    }

    fn whole(kind: &str, block: &str) -> String {
        record(kind, block, &block.len().to_string())
    }

    fn drafts_of(bytes: &[u8], limit: usize) -> (Vec<Result<Draft, SkipReason>>, Option<SkipReason>) {
        let mut read = io::BufReader::with_capacity(7, bytes);
        let mut drafts = Vec::new();
        let limits = Limits { record_bytes: limit, ..Limits::default() };
        let ended = cut(Format::Warc, &mut read, Context { limits, ..Context::default() }, &mut |record| {
            drafts.push(record.and_then(|record| article(&record)).map_err(|skip| skip.reason));
            true
        });
        (drafts, ended.err().map(|skip| skip.reason))
    }

    fn titles(bytes: &[u8]) -> Vec<Result<String, SkipReason>> {
        drafts_of(bytes, 1 << 20).0.into_iter().map(|draft| draft.map(|draft| draft.article.title)).collect()
    }

    #[expect(clippy::unnecessary_wraps, reason = "it stands beside errors")]
    fn bridge() -> Result<String, SkipReason> {
        Ok("Bridge opens".to_owned())
    }

    #[test]
    fn only_pages_that_were_found_are_articles() {
        let crawl = [
            whole("warcinfo", "software: none"),
            whole("request", "GET /bridge HTTP/1.1\r\n\r\n"),
            whole("response", &response(200, PAGE)),
            whole("response", &response(404, PAGE)),
            whole("revisit", &response(200, "")),
        ]
        .concat();
        let none = Err(SkipReason::NotAnArticle);
        assert_eq!(titles(crawl.as_bytes()), [none.clone(), none.clone(), bridge(), none.clone(), none]);
    }

    #[test]
    fn a_page_has_its_address_and_not_the_day_of_the_crawl() {
        let (drafts, _) = drafts_of(whole("response", &response(200, PAGE)).as_bytes(), 1 << 20);
        let article = &drafts[0].as_ref().unwrap().article;
        assert_eq!((article.url.as_deref(), article.date), (Some("https://example.com/bridge"), None));
        assert_eq!(article.source.as_deref(), Some("example.com"));
    }

    #[test]
    fn a_date_after_the_crawl_is_refused() {
        let later = PAGE.replace("<title>", "<meta property=article:published_time content=2024-05-09><title>");
        let (drafts, _) = drafts_of(whole("response", &response(200, &later)).as_bytes(), 1 << 20);
        let draft = drafts[0].as_ref().unwrap();
        assert_eq!((draft.article.date, &draft.warnings[..]), (None, &[Warning::DateRefused][..]));
    }

    #[test]
    fn wrong_lengths_cost_nothing() {
        let good = whole("response", &response(200, PAGE));
        for length in ["5", "99999999", "-3", "none", ""] {
            let crawl = [record("response", &response(200, PAGE), length), good.clone()].concat();
            assert_eq!(titles(crawl.as_bytes()), [bridge(), bridge()], "{length:?}");
        }
    }

    #[test]
    fn after_damage_the_next_record_is_found() {
        let good = whole("response", &response(200, PAGE));
        let crawl = format!("{good}garbage WARC/1.0\r\n\r\nmore\r\n\r\n{good}");
        assert_eq!(titles(crawl.as_bytes()), [bridge(), Err(SkipReason::Malformed), bridge()]);
    }

    #[test]
    fn a_crawl_within_a_page_does_not_cut_it() {
        let quoting = PAGE.replace("<p>The first", "<pre>\r\n\r\nWARC/1.0\r\n\r\n</pre><p>The first");
        let crawl = whole("response", &response(200, &quoting));
        assert_eq!(titles(crawl.as_bytes()), [bridge()]);
    }

    #[test]
    fn a_crawl_cut_short_gives_what_came_before() {
        let good = whole("response", &response(200, PAGE));
        let crawl = format!("{good}{}", &good[..good.len() - 100]);
        let (drafts, ended) = drafts_of(crawl.as_bytes(), 1 << 20);
        assert_eq!((drafts.len(), ended), (1, Some(SkipReason::Truncated)));
    }

    #[test]
    fn compressed_records_may_stand_among_plain_ones() {
        let good = whole("response", &response(200, PAGE));
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(good.as_bytes()).unwrap();
        let packed = packed.finish().unwrap();
        let crawl = [good.as_bytes(), &packed, &packed, good.as_bytes()].concat();
        assert_eq!(titles(&crawl), [bridge(), bridge(), bridge(), bridge()]);
    }

    #[test]
    fn a_record_over_the_limit_is_passed_by() {
        let good = whole("response", &response(200, PAGE));
        let long = whole("response", &response(200, &PAGE.repeat(9)));
        let (drafts, ended) = drafts_of([good.clone(), long, good].concat().as_bytes(), 2000);
        assert_eq!(ended, None);
        let reasons: Vec<_> = drafts.into_iter().map(Result::err).collect();
        assert_eq!(reasons, [None, Some(SkipReason::TooLarge), None]);
    }

    #[test]
    fn text_taken_from_a_page_is_read_as_text() {
        let text = "Bridge opens\nThe bridge across the northern river opened on Monday after ten years of work.\n";
        let crawl = whole("conversion", text).replace("application/http; msgtype=conversion", "text/plain");
        assert_eq!(titles(crawl.as_bytes()), [bridge()]);
    }
}
