//! HTTP responses as crawls keep them: chunked, compressed, and often neither although they say so.

use std::io::Read;

/// Bytes a body may unpack to.
const LONGEST_BODY: u64 = 64 << 20;

/// A response, its body unpacked.
pub struct Message {
    /// `200`
    pub status: u16,
    /// `text/html`, in lower case; empty if none is given.
    pub media: String,
    /// The charset of the `Content-Type`.
    pub charset: Option<String>,
    /// As a browser would read it.
    pub body: Vec<u8>,
    /// A compression we do not read.
    pub encoding: Option<String>,
}

/// Names in lower case and values of a header.
pub type Header = Vec<(String, String)>;

/// Reads a response; `None` if it has no status line.
pub fn message(bytes: &[u8]) -> Option<Message> {
    let bytes = bytes.trim_ascii_start();
    // a response may have no header at all
    let (body, header) = split(bytes).or_else(|| Some((&bytes[bytes.len()..], lines(bytes)?)))?;
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line);
    let mut words = line.split_ascii_whitespace();
    words.next().filter(|version| version.starts_with("HTTP/"))?;
    let status = words.next()?.parse().ok()?;
    let media = value(&header, "content-type").unwrap_or_default();
    let charset = parameter(media, "charset");
    let media = media.split([';', ',']).next().unwrap_or_default().trim().to_ascii_lowercase();
    let mut body = match value(&header, "transfer-encoding") {
        Some(coding) if coding.to_ascii_lowercase().contains("chunked") => {
            unchunked(body).unwrap_or_else(|| body.to_vec())
        }
        _ => body.to_vec(),
    };
    let mut encoding = None;
    if let Some(codings) = value(&header, "content-encoding").map(str::to_ascii_lowercase) {
        for coding in codings.split(',').rev().map(str::trim) {
            match coding {
                "gzip" | "x-gzip" if body.starts_with(b"\x1F\x8B") => {
                    body = unpacked(flate2::read::MultiGzDecoder::new(&body[..]));
                }
                "deflate" if body.first().is_some_and(|byte| byte & 0x0F == 8) => {
                    body = unpacked(flate2::read::ZlibDecoder::new(&body[..]));
                }
                "br" | "zstd" | "compress" if !looks_like_text(&body) => encoding = Some(coding.to_owned()),
                _ => {}
            }
        }
    }
    Some(Message { status, media, charset, body, encoding })
}

/// Where the empty line after a header ends.
pub fn head_end(bytes: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'\n', bytes).find_map(|at| match &bytes[at + 1..] {
        [b'\n', ..] => Some(at + 2),
        [b'\r', b'\n', ..] => Some(at + 3),
        _ => None,
    })
}

/// What follows a header, and the header, without its first line.
pub fn split(bytes: &[u8]) -> Option<(&[u8], Header)> {
    let end = head_end(bytes)?;
    Some((&bytes[end..], lines(&bytes[..end])?))
}

/// The value of a field, by its name in lower case.
pub fn value<'a>(header: &'a Header, name: &str) -> Option<&'a str> {
    header.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

fn lines(head: &[u8]) -> Option<Header> {
    let head = String::from_utf8_lossy(head);
    let mut header: Header = Vec::new();
    let mut lines = head.lines();
    lines.next()?;
    for line in lines {
        if line.starts_with([' ', '\t']) {
            // a value may go on in the next line
            if let Some((_, value)) = header.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            header.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    Some(header)
}

/// `utf-8` of `text/html; charset="utf-8"`
fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|part| {
        let (key, value) = part.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (key.trim().eq_ignore_ascii_case(name) && !value.is_empty()).then(|| value.to_owned())
    })
}

/// The chunks put together, up to the first that is broken; `None` if there are no chunks at all.
fn unchunked(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::with_capacity(bytes.len());
    let mut found = false;
    while let Some(end) = memchr::memchr(b'\n', &bytes[..bytes.len().min(1024)]) {
        let line = bytes[..end].split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
        let length = std::str::from_utf8(line).ok().and_then(|digits| usize::from_str_radix(digits, 16).ok());
        let Some(length) = length else {
            // what follows a broken chunk is kept as it is: the page's end rather than none
            if found {
                body.extend_from_slice(bytes);
            }
            break;
        };
        found = true;
        let rest = &bytes[end + 1..];
        let length = length.min(rest.len());
        body.extend_from_slice(&rest[..length]);
        let after = &rest[length..];
        bytes = after.strip_prefix(b"\r\n").or_else(|| after.strip_prefix(b"\n")).unwrap_or(after);
        if length == 0 {
            break;
        }
    }
    found.then_some(body)
}

/// What can be unpacked, up to the limit or the first damage.
fn unpacked(read: impl Read) -> Vec<u8> {
    let mut body = Vec::new();
    // an error leaves in `body` what came before it
    let _ = read.take(LONGEST_BODY).read_to_end(&mut body);
    body
}

fn looks_like_text(body: &[u8]) -> bool {
    body.trim_ascii_start().starts_with(b"<")
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn body(head: &str, body: &[u8]) -> String {
        let bytes = [format!("HTTP/1.1 200 OK\r\n{head}\r\n").as_bytes(), body].concat();
        String::from_utf8(message(&bytes).unwrap().body).unwrap()
    }

    fn packed(text: &str) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn chunks_are_put_together() {
        let chunked = "Transfer-Encoding: Chunked\r\n";
        assert_eq!(body(chunked, b"3\r\none\r\n004;x=y\r\n two\r\n0\r\n\r\n"), "one two");
        assert_eq!(body(chunked, b"<p>never chunked"), "<p>never chunked");
        assert_eq!(body(chunked, b"3\r\none\r\nff\r\nbroken off"), "onebroken off");
    }

    #[test]
    fn compressed_bodies_are_unpacked_if_they_are_compressed() {
        let gzip = "Content-Encoding: gzip\r\n";
        assert_eq!(body(gzip, &packed("one two")), "one two");
        assert_eq!(body(gzip, b"one two"), "one two");
        let both = "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n";
        let packed = packed("one two");
        let chunk = [format!("{:x}\r\n", packed.len()).as_bytes(), &packed, b"\r\n0\r\n\r\n"].concat();
        assert_eq!(body(both, &chunk), "one two");
    }

    #[test]
    fn the_header_is_read_whatever_its_case_and_folds() {
        let read = message(b"HTTP/1.0 404 Not Found\ncontent-TYPE: Text/HTML;\n charset='koi8-r'\n\nx").unwrap();
        assert_eq!((read.status, read.media.as_str(), read.charset.as_deref()), (404, "text/html", Some("koi8-r")));
        assert!(message(b"<html>").is_none());
    }
}
