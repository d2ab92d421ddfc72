//! Compressed streams: recognised by their first bytes, unpacked while read, held to the limits.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, ErrorKind, Read};

use flate2::bufread::GzDecoder;

use crate::archive::{Limits, OverLimit, SkipReason};

/// How a stream is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compression {
    Gzip,
    Zstandard,
}

/// Recognises a compression by its magic number.
pub(crate) fn compression(head: &[u8]) -> Option<Compression> {
    match head {
        [0x1f, 0x8b, 0x08, ..] => Some(Compression::Gzip),
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Compression::Zstandard),
        _ => None,
    }
}

/// Unpacks `read`, holding it to the limits.
///
/// # Errors
/// If the stream's header is broken.
pub(crate) fn unpack<'a>(
    compression: Compression,
    read: &'a mut dyn BufRead,
    consumed: &'a Cell<u64>,
    limits: Limits,
) -> io::Result<Box<dyn BufRead + 'a>> {
    let counted = Counted { read, consumed };
    let unpacked: Box<dyn Read + 'a> = match compression {
        Compression::Gzip => Box::new(Gzip { member: Some(GzDecoder::new(counted)), first: true }),
        Compression::Zstandard => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(counted)?;
            // a window of 128 MiB at most; what `zstd --long` needs without further flags
            decoder.window_log_max(27)?;
            Box::new(decoder)
        }
    };
    Ok(Box::new(BufReader::with_capacity(64 << 10, Bounded { read: unpacked, produced: 0, consumed, limits })))
}

/// Why a stream could not be read on, told by the error it gave.
pub fn reason(error: &io::Error) -> SkipReason {
    if error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<OverLimit>) {
        return SkipReason::TooLarge;
    }
    match error.kind() {
        ErrorKind::UnexpectedEof => SkipReason::Truncated,
        // what decoders report for data that is not what it claims to be
        ErrorKind::InvalidData | ErrorKind::InvalidInput | ErrorKind::Other => SkipReason::Malformed,
        _ => SkipReason::Unreadable,
    }
}

/// A gzip file of any number of members; zeros or other bytes after the last one are ignored, as gzip(1) does.
struct Gzip<R> {
    member: Option<GzDecoder<R>>,
    first: bool,
}

impl<R: BufRead> Read for Gzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            match member.read(buffer) {
                Ok(0) if !buffer.is_empty() => {}
                // a member that ends inside its header is padding, unless it is the first
                Err(error) if !self.first && error.kind() == ErrorKind::InvalidInput && member.header().is_none() => {
                    self.member = None;
                    return Ok(0);
                }
                other => return other,
            }
            self.first = false;
            let Some(ended) = self.member.take() else { break };
            let mut rest = ended.into_inner();
            if matches!(rest.fill_buf()?, [0x1f] | [0x1f, 0x8b, ..]) {
                self.member = Some(GzDecoder::new(rest));
            }
        }
        Ok(0)
    }
}

/// Counts what is taken from a compressed stream, to know how much it grows.
struct Counted<'a> {
    read: &'a mut dyn BufRead,
    consumed: &'a Cell<u64>,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let taken = self.read.read(buffer)?;
        self.consumed.set(self.consumed.get() + taken as u64);
        Ok(taken)
    }
}

impl BufRead for Counted<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.read.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.consumed.set(self.consumed.get() + amount as u64);
        self.read.consume(amount);
    }
}

/// Fails with the limit's name when an unpacked stream passes it.
struct Bounded<'a> {
    read: Box<dyn Read + 'a>,
    produced: u64,
    consumed: &'a Cell<u64>,
    limits: Limits,
}

impl Read for Bounded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let taken = self.read.read(buffer)?;
        self.produced += taken as u64;
        let Limits { member_bytes, ratio, ratio_from, .. } = self.limits;
        if self.produced > member_bytes {
            return Err(OverLimit::MemberBytes(member_bytes).into());
        }
        if self.produced > ratio_from && self.produced / ratio > self.consumed.get() {
            return Err(OverLimit::Ratio(ratio).into());
        }
        Ok(taken)
    }
}
