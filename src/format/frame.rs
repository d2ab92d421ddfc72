//! Cuts a stream into records without reading it whole: lines, JSON values, elements between two tags.
//!
//! A cut is given out as bytes, or as its length if it is longer than the limit allows.

use std::io::{self, BufRead};

/// One piece of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Its bytes.
    Bytes(Vec<u8>),
    /// It began at this byte and is over the limit.
    TooLong(u64),
}

/// Reads lines, without their line ends.
pub struct Lines<'a> {
    read: &'a mut dyn BufRead,
    limit: usize,
    offset: u64,
}

impl<'a> Lines<'a> {
    /// Lines of at most `limit` bytes.
    pub fn new(read: &'a mut dyn BufRead, limit: usize) -> Self {
        Self { read, limit, offset: 0 }
    }

    /// The next line; `None` at the end.
    ///
    /// # Errors
    /// What the stream meets. An unfinished line before it is dropped.
    pub fn next(&mut self) -> io::Result<Option<Piece>> {
        let start = self.offset;
        let (mut line, mut length, mut ended) = (Vec::new(), 0, false);
        while !ended {
            let chunk = self.read.fill_buf()?;
            if chunk.is_empty() {
                if length == 0 {
                    return Ok(None);
                }
                break;
            }
            let newline = memchr::memchr(b'\n', chunk);
            let part = &chunk[..newline.unwrap_or(chunk.len())];
            ended = newline.is_some();
            length += part.len();
            if length <= self.limit {
                line.extend_from_slice(part);
            } else {
                line = Vec::new();
            }
            let taken = part.len() + usize::from(ended);
            self.offset += taken as u64;
            self.read.consume(taken);
        }
        if length > self.limit {
            return Ok(Some(Piece::TooLong(start)));
        }
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        Ok(Some(Piece::Bytes(line)))
    }
}

/// Gives every stretch from `open` to `close`, tags included, to `emit`; what lies between them is passed over.
/// A stretch that another `open` interrupts ends there. `emit` returns false to stop.
///
/// # Errors
/// What the stream meets; `UnexpectedEof` if it ends inside a stretch.
pub fn tagged(
    read: &mut dyn BufRead,
    open: &[u8],
    close: &[u8],
    limit: usize,
    emit: &mut dyn FnMut(Piece) -> bool,
) -> io::Result<()> {
    stretches(read, [open, close], limit, |_| true, emit)
}

/// Like [`tagged`], for elements of a name, which other names may begin with: `item` and `items`.
///
/// # Errors
/// As of [`tagged`].
pub fn tagged_element(
    read: &mut dyn BufRead,
    name: &str,
    limit: usize,
    emit: &mut dyn FnMut(Piece) -> bool,
) -> io::Result<()> {
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let ends_name = |byte| matches!(byte, b'>' | b'/' | b' ' | b'\t' | b'\n' | b'\r');
    stretches(read, [open.as_bytes(), close.as_bytes()], limit, ends_name, emit)
}

/// Stretches whose opening is followed by a byte that `goes_on`.
fn stretches(
    read: &mut dyn BufRead,
    [open, close]: [&[u8]; 2],
    limit: usize,
    goes_on: fn(u8) -> bool,
    emit: &mut dyn FnMut(Piece) -> bool,
) -> io::Result<()> {
    let (finder, closing) = (memchr::memmem::Finder::new(open), memchr::memmem::Finder::new(close));
    let opening =
        |text: &[u8]| finder.find_iter(text).find(|at| text.get(at + open.len()).is_some_and(|byte| goes_on(*byte)));
    // `pending` begins at an open tag if `inside`; before `scanned` no further tag begins
    let (mut pending, mut offset, mut scanned, mut inside) = (Vec::new(), 0, 0, false);
    let mut too_long = None;
    loop {
        let mut from = 0;
        while from < pending.len() {
            if !inside {
                let Some(at) = opening(&pending[from..]) else {
                    from = from.max(pending.len().saturating_sub(open.len()));
                    break;
                };
                from += at;
                (inside, scanned) = (true, from + open.len());
            }
            let scan = &pending[scanned..];
            let close_at = closing.find(scan);
            let open_at = opening(&scan[..close_at.unwrap_or(scan.len())]);
            let end = match (open_at, close_at) {
                (Some(at), _) => scanned + at,
                (None, Some(at)) => scanned + at + close.len(),
                (None, None) => {
                    scanned = pending.len().saturating_sub(open.len().max(close.len())).max(scanned);
                    break;
                }
            };
            let piece = match too_long.take() {
                Some(start) => Piece::TooLong(start),
                None if end - from > limit => Piece::TooLong(offset + from as u64),
                None => Piece::Bytes(pending[from..end].to_vec()),
            };
            if !emit(piece) {
                return Ok(());
            }
            (from, inside) = (end, false);
        }
        if inside && pending.len() - from > limit {
            too_long.get_or_insert(offset + from as u64);
            from = scanned;
        }
        pending.drain(..from);
        offset += from as u64;
        scanned = scanned.saturating_sub(from);
        let chunk = read.fill_buf()?;
        if chunk.is_empty() {
            break;
        }
        pending.extend_from_slice(chunk);
        let taken = chunk.len();
        read.consume(taken);
    }
    if inside { Err(io::Error::new(io::ErrorKind::UnexpectedEof, "ends inside a record")) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, limit: usize) -> Vec<Piece> {
        let mut read = io::BufReader::with_capacity(3, text.as_bytes());
        let mut lines = Lines::new(&mut read, limit);
        std::iter::from_fn(|| lines.next().unwrap()).collect()
    }

    fn bytes(text: &str) -> Piece {
        Piece::Bytes(text.as_bytes().to_vec())
    }

    #[test]
    fn lines_over_the_limit_are_named_and_passed() {
        assert_eq!(lines("one\r\n\nlonger\nlast", 4), [bytes("one"), bytes(""), Piece::TooLong(6), bytes("last")]);
    }

    fn cut(text: &str, limit: usize) -> (Vec<Piece>, bool) {
        let mut results = Vec::new();
        for capacity in [1, 3, 1000] {
            let mut pieces = Vec::new();
            let mut read = io::BufReader::with_capacity(capacity, text.as_bytes());
            let result = tagged(&mut read, b"<R ", b"</R>", limit, &mut |piece| {
                pieces.push(piece);
                true
            });
            results.push((pieces, result.is_ok()));
        }
        assert!(results.iter().all(|result| *result == results[0]), "{results:?}");
        results.remove(0)
    }

    #[test]
    fn stretches_between_tags_are_cut_out() {
        assert_eq!(cut("x<R 1>a</R>\n<R 2>b</R> y", 100), (vec![bytes("<R 1>a</R>"), bytes("<R 2>b</R>")], true));
    }

    #[test]
    fn an_unclosed_stretch_ends_where_the_next_begins() {
        assert_eq!(cut("<R 1>a<R 2>b</R>", 100), (vec![bytes("<R 1>a"), bytes("<R 2>b</R>")], true));
        assert_eq!(cut("<R 1>a</R><R 2>b", 100), (vec![bytes("<R 1>a</R>")], false));
    }

    #[test]
    fn a_stretch_over_the_limit_is_named() {
        let text = format!("<R 1>{}</R><R 2>b</R>", "a".repeat(100));
        assert_eq!(cut(&text, 20), (vec![Piece::TooLong(0), bytes("<R 2>b</R>")], true));
    }
}
