//! Cuts an export into its documents where each begins: at a line, or at a tag.

use std::io::{self, BufRead};

use crate::format::frame::Piece;

/// Longest line or stretch up to a tag looked at for a beginning.
const LONGEST: usize = 1 << 20;

/// Cuts a stream into documents. It is read in units that end with `end` (a line with its `\n`, text and a tag with its
/// `>`); `starts` tells at which byte of a unit a document begins. What lies before the first is passed over. `emit` returns
/// false to stop.
///
/// # Errors
/// What the stream meets; the document before it was emitted.
pub fn documents(
    read: &mut dyn BufRead,
    end: u8,
    limit: usize,
    starts: &mut dyn FnMut(&[u8]) -> Option<usize>,
    emit: &mut dyn FnMut(Piece) -> bool,
) -> io::Result<()> {
    let mut document = Document { bytes: Vec::new(), length: 0, start: 0, limit, open: false };
    let (mut unit, mut offset) = (Vec::new(), 0);
    loop {
        let chunk = match read.fill_buf() {
            Ok(chunk) => chunk,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => {
                document.add(&unit);
                document.end(emit);
                return Err(error);
            }
        };
        let ended = chunk.is_empty();
        let part = memchr::memchr(end, chunk).map_or(chunk.len(), |at| at + 1);
        unit.extend_from_slice(&chunk[..part]);
        read.consume(part);
        if unit.last() != Some(&end) && !ended && unit.len() < LONGEST {
            continue;
        }
        if let Some(at) = starts(&unit) {
            let (before, after) = unit.split_at(at.min(unit.len()));
            document.add(before);
            if !document.end(emit) {
                return Ok(());
            }
            document.open = true;
            document.start = offset + before.len() as u64;
            document.add(after);
        } else {
            document.add(&unit);
        }
        offset += unit.len() as u64;
        unit.clear();
        if ended {
            document.end(emit);
            return Ok(());
        }
    }
}

/// The document being read.
struct Document {
    bytes: Vec<u8>,
    length: usize,
    start: u64,
    limit: usize,
    open: bool,
}

impl Document {
    fn add(&mut self, bytes: &[u8]) {
        if !self.open {
            return;
        }
        self.length += bytes.len();
        if self.length <= self.limit {
            self.bytes.extend_from_slice(bytes);
        } else {
            self.bytes = Vec::new();
        }
    }

    fn end(&mut self, emit: &mut dyn FnMut(Piece) -> bool) -> bool {
        let too_long = self.length > self.limit;
        self.length = 0;
        if !std::mem::take(&mut self.open) {
            return true;
        }
        let bytes = std::mem::take(&mut self.bytes);
        emit(if too_long { Piece::TooLong(self.start) } else { Piece::Bytes(bytes) })
    }
}

/// The tag a unit ends with, and where it begins; for units that end with `>`.
pub fn last_tag(unit: &[u8]) -> Option<(usize, &[u8])> {
    let at = memchr::memrchr(b'<', unit)?;
    Some((at, &unit[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_begin_where_they_are_said_to() {
        let text = "cover\n= 1\none\n= 2\n= 3\nthree is too long for the limit\n= 4\nend";
        for capacity in [1, 4, 100] {
            let mut read = io::BufReader::with_capacity(capacity, text.as_bytes());
            let mut pieces = Vec::new();
            documents(&mut read, b'\n', 20, &mut |line| line.starts_with(b"=").then_some(0), &mut |piece| {
                pieces.push(match piece {
                    Piece::Bytes(bytes) => String::from_utf8(bytes).unwrap(),
                    Piece::TooLong(at) => at.to_string(),
                });
                true
            })
            .unwrap();
            assert_eq!(pieces, ["= 1\none\n", "= 2\n", "18", "= 4\nend"]);
        }
    }
}
