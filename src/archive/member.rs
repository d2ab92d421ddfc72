//! Opens one file of the archive: plain, compressed, or a container whose members are visited one after the other.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};

use sha2::{Digest, Sha256};

use crate::archive::stream::{compression, unpack};
use crate::archive::walk::modified;
use crate::archive::{File, HEAD, Limits, Peeked, Skip, SkipReason, reason};

/// Compressions stacked directly on each other: `.gz.gz`.
const STACKED: u32 = 3;

/// One stream that is neither compressed nor a container any more.
pub struct Member<'a> {
    /// `origin.path`: the file's own path, with `!/` before the name of a member of a container.
    pub path: String,
    /// Its first bytes, at most [`HEAD`], for recognising its format.
    pub head: Vec<u8>,
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
    let opened = std::fs::File::open(&file.location).map_err(unreadable)?;
    let mut read = BufReader::with_capacity(HEAD, Hashed { read: opened, hash: Sha256::new(), bytes: 0 });
    let mut opening = Opening { limits: *limits, visit, skipped };
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

/// How deep a stream lies.
#[derive(Clone, Copy, Default)]
struct Layers {
    /// Compressions since the last container.
    compressions: u32,
}

struct Opening<'a> {
    limits: Limits,
    visit: &'a mut dyn FnMut(Member<'_>) -> Flow,
    skipped: &'a mut dyn FnMut(Skip),
}

impl Opening<'_> {
    fn stream(&mut self, path: &str, read: &mut dyn BufRead, layers: Layers) -> Flow {
        let mut peeked = Peeked::new(read, HEAD);
        if let Some(compression) = compression(peeked.head()) {
            if layers.compressions == STACKED {
                return self.skip(SkipReason::TooLarge, path, format!("compressed over {STACKED} times"));
            }
            let consumed = Cell::new(0);
            let layers = Layers { compressions: layers.compressions + 1 };
            return match unpack(compression, &mut peeked, &consumed, self.limits) {
                Ok(mut unpacked) => self.stream(path, &mut *unpacked, layers),
                Err(error) => self.skip(reason(&error), path, error.to_string()),
            };
        }
        let head = peeked.head().to_vec();
        (self.visit)(Member { path: path.to_owned(), head, read: &mut peeked })
    }

    fn skip(&mut self, reason: SkipReason, path: &str, detail: String) -> Flow {
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
mod tests {
    use std::io::Write;

    use super::*;
    use crate::archive::walk;

    /// A member's path, and its bytes or why they could not be read.
    type Seen = (String, Result<Vec<u8>, SkipReason>);

    /// Writes one file and reads its members, with what was skipped.
    fn read(name: &str, bytes: &[u8], limits: Limits) -> (Vec<Seen>, Vec<Skip>) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(name), bytes).unwrap();
        let file = walk(folder.path()).unwrap().files.remove(0);
        let (mut seen, mut skips) = (Vec::new(), Vec::new());
        let contents = members(
            &file,
            &limits,
            &mut |member| {
                let mut all = Vec::new();
                let result = member.read.read_to_end(&mut all);
                seen.push((member.path, result.map(|_| all).map_err(|error| reason(&error))));
                Flow::Continue
            },
            &mut |skip| skips.push(skip),
        )
        .unwrap();
        assert_eq!(contents.sha256, <[u8; 32]>::from(Sha256::digest(bytes)));
        (seen, skips)
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_plain_file_is_its_own_member() {
        let (seen, skips) = read("a.txt", b"text", Limits::default());
        assert_eq!(seen, [("a.txt".to_owned(), Ok(b"text".to_vec()))]);
        assert!(skips.is_empty());
    }

    #[test]
    fn gzip_and_zstd_are_known_by_their_bytes_and_keep_their_path() {
        let packed = [gzip(b"text"), zstd::encode_all(&b"text"[..], 3).unwrap(), gzip(&gzip(b"text"))];
        for bytes in packed {
            let (seen, _) = read("a.dat", &bytes, Limits::default());
            assert_eq!(seen, [("a.dat".to_owned(), Ok(b"text".to_vec()))]);
        }
    }

    #[test]
    fn every_member_of_a_gzip_is_read_and_padding_ignored() {
        let mut bytes = gzip(b"one ");
        bytes.extend(gzip(b"two"));
        for padding in [&b""[..], &[0; 100], b"\x1fgarbage"] {
            let (seen, _) = read("a.gz", &[&bytes, padding].concat(), Limits::default());
            assert_eq!(seen[0].1, Ok(b"one two".to_vec()), "{padding:?}");
        }
    }

    #[test]
    fn a_truncated_gzip_says_so() {
        let bytes = gzip("no end ".repeat(1000).as_bytes());
        let (seen, _) = read("a.gz", &bytes[..bytes.len() - 10], Limits::default());
        assert_eq!(seen[0].1, Err(SkipReason::Truncated));
    }

    #[test]
    fn a_bomb_ends_at_its_limit() {
        let bytes = gzip(&vec![0; 30 << 20]);
        let (seen, _) = read("a.gz", &bytes, Limits::default());
        assert_eq!(seen[0].1, Err(SkipReason::TooLarge));
        let small = Limits { member_bytes: 1000, ..Limits::default() };
        let (seen, _) = read("a.gz", &gzip(&[1; 1001]), small);
        assert_eq!(seen[0].1, Err(SkipReason::TooLarge));
    }

    #[test]
    fn too_many_compressions_are_refused() {
        let bytes = gzip(&gzip(&gzip(&gzip(b"text"))));
        let (seen, skips) = read("a.gz", &bytes, Limits::default());
        assert!(seen.is_empty());
        assert_eq!(skips[0].reason, SkipReason::TooLarge);
    }

    #[test]
    fn a_file_that_grew_since_the_walk_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let location = folder.path().join("a.txt");
        std::fs::write(&location, "x").unwrap();
        let file = walk(folder.path()).unwrap().files.remove(0);
        std::fs::write(&location, "xyz").unwrap();
        let mut skips = Vec::new();
        members(&file, &Limits::default(), &mut |_| Flow::Continue, &mut |skip| skips.push(skip)).unwrap();
        assert_eq!(skips[0].reason, SkipReason::Changed);
    }

    #[test]
    fn a_file_that_vanished_is_unreadable() {
        let file = File { location: "/no/such/file".into(), path: "file".into(), size: 1, modified: None };
        let result = members(&file, &Limits::default(), &mut |_| Flow::Continue, &mut |_| ());
        assert_eq!(result.map_err(|skip| skip.reason), Err(SkipReason::Unreadable));
    }
}
