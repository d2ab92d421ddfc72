//! Opens one file of the archive: plain, compressed, or a container whose members are visited one after the other.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::archive::container::{Container, container};
use crate::archive::listing::modified;
use crate::archive::stream::{Limited, compression, unpack};
use crate::archive::{File, HEAD, Limits, Peeked, Skip, SkipReason, reason};

/// Compressions stacked directly on each other: `.gz.gz`.
const STACKED: u32 = 3;

/// One stream that is neither compressed nor a container any more.
pub struct Member<'a> {
    /// `origin.path`: the file's own path, with `!/` before the name of a member of a container.
    pub path: String,
    /// Its first bytes, at most [`HEAD`], for recognising its format.
    pub head: Vec<u8>,
    /// Where it lies on disk, if it is a file as it is.
    pub location: Option<&'a Path>,
    /// The whole of it, from the first byte.
    pub read: &'a mut dyn BufRead,
}

/// Whether to go on after a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Visit the next one.
    Continue,
    /// Read no further.
    Stop,
}

/// What lay on disk: how a later run knows whether a file changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contents {
    /// Of the file's bytes as stored; all zero if the visit was stopped early.
    pub sha256: [u8; 32],
    /// Bytes as stored.
    pub bytes: u64,
}

/// Reads a file and hands every stream in it to `visit`: the file itself, unpacked if compressed, or a container's members.
/// What cannot be read goes to `skipped`.
///
/// An error that turns up while a member is read is met by whoever reads it; [`reason`] names it.
///
/// # Errors
/// If the file cannot be opened or read to its end.
pub fn members(
    file: &File,
    limits: &Limits,
    visit: &mut dyn FnMut(Member<'_>) -> Flow,
    skipped: &mut dyn FnMut(Skip),
) -> Result<Contents, Skip> {
    let skip = |reason, detail: String| Skip { reason, path: file.path.clone(), record: 0, detail };
    let unreadable = |error: io::Error| skip(SkipReason::Unreadable, error.to_string());
    let location = file.location();
    let opened = open(&location).map_err(unreadable)?;
    let mut read = BufReader::with_capacity(HEAD, Hashed { read: opened, hash: Sha256::new(), bytes: 0 });
    let mut opening = Opening { limits: *limits, location: &location, visit, skipped };
    let flow = opening.stream(&file.path, &mut read, Layers::default());
    if flow == Flow::Stop {
        return Ok(Contents { sha256: [0; 32], bytes: read.get_ref().bytes });
    }
    // some formats stop before the end; the hash is of all of it
    io::copy(&mut read, &mut io::sink()).map_err(unreadable)?;
    let Hashed { read, hash, bytes } = read.into_inner();
    let metadata = read.metadata().map_err(unreadable)?;
    if bytes != file.size || modified(&metadata) != file.modified {
        skipped(skip(SkipReason::Changed, format!("{} bytes when found, {bytes} when read", file.size)));
    }
    Ok(Contents { sha256: hash.finalize().into(), bytes })
}

/// Opens a file of the archive for reading. One that became a pipe since it was found is refused, not waited for.
///
/// # Errors
/// If it cannot be opened or is no regular file.
pub fn open(path: &Path) -> io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    let file = options.open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "no longer a regular file"));
    }
    Ok(file)
}

/// How deep a stream lies.
#[derive(Clone, Copy, Default)]
pub(crate) struct Layers {
    /// Compressions since the last container.
    compressions: u32,
    /// Containers around it.
    containers: u32,
}

impl Layers {
    /// One container further in.
    pub(crate) fn inside(self) -> Self {
        Self { compressions: 0, containers: self.containers + 1 }
    }

    fn is_outermost(self) -> bool {
        self.compressions == 0 && self.containers == 0
    }
}

/// The state of one file's reading.
pub(crate) struct Opening<'a> {
    pub(crate) limits: Limits,
    location: &'a Path,
    visit: &'a mut dyn FnMut(Member<'_>) -> Flow,
    skipped: &'a mut dyn FnMut(Skip),
}

impl Opening<'_> {
    /// Takes off compressions and containers until something is left to visit.
    pub(crate) fn stream(&mut self, path: &str, read: &mut dyn BufRead, layers: Layers) -> Flow {
        let mut peeked = Peeked::new(read, HEAD);
        if peeked.is_only_blanks() {
            // what so many blanks stand before is recognised by its first bytes after them
            return match peeked.skip_blanks() {
                Ok(()) => self.stream(path, &mut peeked, layers),
                Err(error) => self.skip(reason(&error), path, error.to_string()),
            };
        }
        if let Some(error) = peeked.broken_from_the_start() {
            return self.skip(reason(&error), path, error.to_string());
        }
        if let Some(compression) = compression(peeked.head()) {
            if layers.compressions == STACKED {
                return self.skip(SkipReason::TooLarge, path, format!("compressed over {STACKED} times"));
            }
            let consumed = Cell::new(0);
            let layers = Layers { compressions: layers.compressions + 1, ..layers };
            return match unpack(compression, &mut peeked, &consumed, self.limits) {
                Ok(mut unpacked) => self.stream(path, &mut *unpacked, layers),
                Err(error) => self.skip(reason(&error), path, error.to_string()),
            };
        }
        match container(peeked.head()) {
            Some(_) if layers.containers == self.limits.depth => {
                let detail = format!("containers nested over {} deep, see --max-depth", self.limits.depth);
                self.skip(SkipReason::TooLarge, path, detail)
            }
            Some(Container::Tar) => self.tar(path, &mut peeked, layers),
            Some(Container::Zip) if layers.is_outermost() => match open(self.location) {
                Ok(file) => self.zip(path, BufReader::new(file), layers),
                Err(error) => self.skip(SkipReason::Unreadable, path, error.to_string()),
            },
            Some(Container::Zip) => self.nested_zip(path, &mut peeked, layers),
            None => {
                let head = peeked.head().to_vec();
                let path = path.to_owned();
                if layers.is_outermost() {
                    let location = Some(self.location);
                    return (self.visit)(Member { path, head, location, read: &mut peeked });
                }
                let mut limited = Limited::new(&mut peeked, self.limits.member_bytes);
                (self.visit)(Member { path, head, location: None, read: &mut limited })
            }
        }
    }

    /// A zip is read from its end, so one inside another stream is held in memory, up to the size of a record.
    fn nested_zip(&mut self, path: &str, read: &mut dyn BufRead, layers: Layers) -> Flow {
        let mut bytes = Vec::new();
        let limit = self.limits.record_bytes;
        let broken = read.take(limit as u64 + 1).read_to_end(&mut bytes).err();
        if bytes.len() > limit {
            return self.skip(
                SkipReason::TooLarge,
                path,
                format!("a zip in a container of over {limit} bytes, see --max-record-size"),
            );
        }
        // of a zip cut short the beginning is read, and it says so itself
        if let Some(error) = broken.filter(|error| reason(error) != SkipReason::Truncated) {
            return self.skip(reason(&error), path, error.to_string());
        }
        self.zip(path, io::Cursor::new(bytes), layers)
    }

    pub(crate) fn skip(&mut self, reason: SkipReason, path: &str, detail: String) -> Flow {
        (self.skipped)(Skip { reason, path: path.to_owned(), record: 0, detail });
        Flow::Continue
    }
}

/// Hashes a file while it is read.
struct Hashed {
    read: std::fs::File,
    hash: Sha256,
    bytes: u64,
}

impl Read for Hashed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let taken = self.read.read(buffer)?;
        self.hash.update(&buffer[..taken]);
        self.bytes += taken as u64;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests;
