//! Compressed streams: recognised by their first bytes, unpacked while read, held to the limits.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, ErrorKind, Read};

use bzip2::bufread::MultiBzDecoder;
use flate2::bufread::GzDecoder;
use liblzma::bufread::XzDecoder;
use liblzma::stream::{CONCATENATED, Stream};

use crate::archive::{Limits, OverLimit, SkipReason};

/// Memory an xz stream may ask for; `xz -9` asks for 65 MiB.
const XZ_MEMORY: u64 = 160 << 20;

/// How a stream is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compression {
    Gzip,
    Zstandard,
    Bzip2,
    Xz,
}

/// Recognises a compression by its magic number.
pub(crate) fn compression(head: &[u8]) -> Option<Compression> {
    match head {
        [0x1f, 0x8b, 0x08, ..] => Some(Compression::Gzip),
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Compression::Zstandard),
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ..] => Some(Compression::Bzip2),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Compression::Xz),
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
        Compression::Gzip => Box::new(Gzip { member: Some(GzDecoder::new(counted)), plain: None, first: true }),
        Compression::Zstandard => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(counted)?;
            // a window of 128 MiB at most; what `zstd --long` needs without further flags
            decoder.window_log_max(27)?;
            Box::new(decoder)
        }
        Compression::Bzip2 => Box::new(MultiBzDecoder::new(counted)),
        Compression::Xz => {
            let stream = Stream::new_stream_decoder(XZ_MEMORY, CONCATENATED)?;
            Box::new(XzDecoder::new_stream(counted, stream))
        }
    };
    // how much it may hold is asked of what turns out to be inside, which may be a container
    let limits = Limits { member_bytes: u64::MAX, ..limits };
    Ok(Box::new(BufReader::with_capacity(64 << 10, Bounded::new(unpacked, consumed, limits))))
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

/// A gzip file of any number of members; zeros or other bytes after the last one are ignored, as gzip(1) does, unless
/// they are a crawl's records: crawlers append to each other's files.
struct Gzip<R> {
    member: Option<GzDecoder<R>>,
    plain: Option<R>,
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
            match rest.fill_buf()? {
                [0x1f] | [0x1f, 0x8b, ..] => self.member = Some(GzDecoder::new(rest)),
                [b'W', b'A', b'R', b'C', b'/', ..] => self.plain = Some(rest),
                _ => {}
            }
        }
        self.plain.as_mut().map_or(Ok(0), |plain| plain.read(buffer))
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
pub(crate) struct Bounded<'a> {
    read: Box<dyn Read + 'a>,
    produced: u64,
    consumed: &'a Cell<u64>,
    limits: Limits,
}

impl<'a> Bounded<'a> {
    /// Holds `read` to the limits; `consumed` says how many compressed bytes it took.
    pub(crate) fn new(read: Box<dyn Read + 'a>, consumed: &'a Cell<u64>, limits: Limits) -> Self {
        Self { read, produced: 0, consumed, limits }
    }
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

/// A stream inside others that may not be longer than a limit.
pub(crate) struct Limited<'a> {
    read: &'a mut dyn BufRead,
    limit: u64,
    left: u64,
}

impl<'a> Limited<'a> {
    /// At most `limit` bytes of `read`.
    pub(crate) fn new(read: &'a mut dyn BufRead, limit: u64) -> Self {
        Self { read, limit, left: limit }
    }
}

impl Read for Limited<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let taken = available.len().min(buffer.len());
        buffer[..taken].copy_from_slice(&available[..taken]);
        self.consume(taken);
        Ok(taken)
    }
}

impl BufRead for Limited<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let available = self.read.fill_buf()?;
        if self.left == 0 && !available.is_empty() {
            return Err(OverLimit::MemberBytes(self.limit).into());
        }
        Ok(&available[..available.len().min(usize::try_from(self.left).unwrap_or(usize::MAX))])
    }

    fn consume(&mut self, amount: usize) {
        self.left -= amount as u64;
        self.read.consume(amount);
    }
}
