//! Containers: zip and tar, read member by member, never unpacked to disk.
//!
//! A tar is a stream and keeps its order; a zip is read by the directory at its end, in order of names. A zip without
//! that directory is broken off, and is read as a stream up to the break.

use std::cell::Cell;
use std::io::{self, BufReader, ErrorKind, Read, Seek};

use zip::ZipArchive;
use zip::read::{ZipFile, read_zipfile_from_stream};
use zip::result::ZipError;

use crate::archive::escape::escape;
use crate::archive::member::{Flow, Layers, Opening};
use crate::archive::stream::Bounded;
use crate::archive::{SkipReason, reason};

/// A kind of container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Container {
    Zip,
    Tar,
}

/// Recognises a container by its first bytes.
pub(crate) fn container(head: &[u8]) -> Option<Container> {
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        // office documents and books are one thing, not a folder of files
        let start = &head[..head.len().min(4096)];
        let is_document = [&b"[Content_Types].xml"[..], b"mimetypeapplication/"]
            .iter()
            .any(|sign| memchr::memmem::find(start, sign).is_some());
        // what stands first in a zip is its first name; some programs write the contents last
        let first = start.get(30..).unwrap_or_default();
        let parts = [&b"word/"[..], b"xl/", b"ppt/", b"_rels/.rels", b"docProps/"];
        let is_document = is_document || parts.iter().any(|part| first.starts_with(part));
        return (!is_document).then_some(Container::Zip);
    }
    is_tar(head).then_some(Container::Tar)
}

/// Whether the first 512 bytes are a tar header: its checksum is right, as old tars have no magic.
fn is_tar(head: &[u8]) -> bool {
    let Some(header) = head.get(..512) else { return false };
    if header[0] == 0 {
        return false;
    }
    let field: String = header[148..156].iter().map(|byte| char::from(*byte)).collect();
    let Ok(written) = u32::from_str_radix(field.trim_matches(['\0', ' ']), 8) else { return false };
    let sum: u32 =
        header.iter().enumerate().map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u32::from(*byte) }).sum();
    sum == written
}

impl Opening<'_> {
    /// Visits the members of a tar.
    pub(crate) fn tar(&mut self, path: &str, read: &mut dyn Read, layers: Layers) -> Flow {
        let mut archive = tar::Archive::new(read);
        let entries = match archive.entries() {
            Ok(entries) => entries,
            Err(error) => return self.skip(reason(&error), path, error.to_string()),
        };
        let mut count = 0;
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    // the tar reader has no kind of its own for a block cut short
                    let cut = error.kind() == ErrorKind::Other && reason(&error) != SkipReason::TooLarge;
                    let why = if cut { SkipReason::Truncated } else { reason(&error) };
                    return self.skip(why, path, format!("after member {count}: {error}"));
                }
            };
            count += 1;
            if count > self.limits.entries {
                return self.skip(
                    SkipReason::TooLarge,
                    path,
                    format!("over {} members, see --max-members", self.limits.entries),
                );
            }
            let name = escape(&entry.path_bytes()).replace('\\', "/");
            let kind = entry.header().entry_type();
            if kind.is_dir() {
                continue;
            }
            if kind.is_symlink() || kind.is_hard_link() {
                let member = format!("{path}!/{name}");
                self.skip(SkipReason::Symlink, &member, "links in containers are not followed".to_owned());
                continue;
            }
            if !(kind.is_file() || kind.is_contiguous() || kind.is_gnu_sparse()) {
                self.skip(SkipReason::NotAFile, &format!("{path}!/{name}"), "not a regular file".to_owned());
                continue;
            }
            let whole = Whole { left: entry.size(), read: entry };
            if self.inside(path, name.trim_start_matches("./"), whole, layers) == Flow::Stop {
                return Flow::Stop;
            }
        }
        Flow::Continue
    }

    /// Visits the members of a zip.
    pub(crate) fn zip<R: Read + Seek>(&mut self, path: &str, mut read: R, layers: Layers) -> Flow {
        let mut archive = match ZipArchive::new(&mut read) {
            Ok(archive) => archive,
            Err(error) => return self.broken_zip(path, read, layers, &error),
        };
        if archive.len() as u64 > self.limits.entries {
            return self.skip(
                SkipReason::TooLarge,
                path,
                format!("over {} members, see --max-members", self.limits.entries),
            );
        }
        if archive.has_overlapping_entries().unwrap_or(true) {
            return self.skip(SkipReason::Malformed, path, "members overlap".to_owned());
        }
        if archive.has_duplicate_names() {
            self.skip(SkipReason::Malformed, path, "several members of one name; the last is read".to_owned());
        }
        let mut order: Vec<(Vec<u8>, usize)> = Vec::with_capacity(archive.len());
        for at in 0..archive.len() {
            let name = archive.by_index_data(at).map(|entry| entry.name_raw().to_vec()).unwrap_or_default();
            order.push((name, at));
        }
        order.sort_unstable();
        for (name, at) in order {
            let flow = match archive.by_index(at) {
                Ok(entry) => self.zip_member(path, entry, layers),
                Err(error) => self.skip(zip_reason(&error), &format!("{path}!/{}", escape(&name)), error.to_string()),
            };
            if flow == Flow::Stop {
                return Flow::Stop;
            }
        }
        Flow::Continue
    }

    /// Reads what can be read of a zip whose directory is missing or broken.
    fn broken_zip<R: Read + Seek>(&mut self, path: &str, mut read: R, layers: Layers, error: &ZipError) -> Flow {
        if let Err(error) = read.rewind() {
            return self.skip(reason(&error), path, error.to_string());
        }
        let mut count = 0;
        while count < self.limits.entries {
            match read_zipfile_from_stream(&mut read) {
                Ok(Some(entry)) => {
                    count += 1;
                    if self.zip_member(path, entry, layers) == Flow::Stop {
                        return Flow::Stop;
                    }
                }
                Ok(None) | Err(_) => break,
            }
        }
        let why = if count == 0 { zip_reason(error) } else { SkipReason::Truncated };
        self.skip(why, path, format!("after member {count}: {error}"))
    }

    fn zip_member<R: Read>(&mut self, path: &str, entry: ZipFile<'_, R>, layers: Layers) -> Flow {
        if entry.is_dir() {
            return Flow::Continue;
        }
        let name = entry
            .name()
            .map_or_else(|_| escape(entry.name_raw()).into_owned(), |name| escape(name.as_bytes()).into_owned())
            .replace('\\', "/");
        let member = format!("{path}!/{name}");
        if entry.enclosed_name().is_none() {
            return self.skip(SkipReason::Malformed, &member, "its name leads out of the container".to_owned());
        }
        if entry.is_symlink() {
            return self.skip(SkipReason::Symlink, &member, "links in containers are not followed".to_owned());
        }
        if entry.encrypted() {
            return self.skip(SkipReason::Unreadable, &member, "encrypted".to_owned());
        }
        let consumed = Cell::new(entry.compressed_size());
        let bounded = Bounded::new(Box::new(entry), &consumed, self.limits);
        self.inside(path, &name, bounded, layers)
    }

    /// Visits one member by its name in the container.
    fn inside(&mut self, path: &str, name: &str, read: impl Read, layers: Layers) -> Flow {
        let member = format!("{path}!/{name}");
        if name.starts_with('/') || name.split('/').any(|part| part == "..") {
            return self.skip(SkipReason::Malformed, &member, "its name leads out of the container".to_owned());
        }
        if name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX") {
            return self.skip(SkipReason::Hidden, &member, "name begins with a dot".to_owned());
        }
        let mut read = BufReader::with_capacity(16 << 10, read);
        self.stream(&member, &mut read, layers.inside())
    }
}

fn zip_reason(error: &ZipError) -> SkipReason {
    match error {
        ZipError::Io(error) => reason(error),
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => SkipReason::UnknownFormat,
        _ => SkipReason::Malformed,
    }
}

/// A member of known length: its end before that is an error, not an end.
struct Whole<R> {
    read: R,
    left: u64,
}

impl<R: Read> Read for Whole<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let taken = self.read.read(buffer)?;
        self.left = self.left.saturating_sub(taken as u64);
        if taken == 0 && self.left > 0 && !buffer.is_empty() {
            return Err(io::Error::new(ErrorKind::UnexpectedEof, format!("{} bytes missing", self.left)));
        }
        Ok(taken)
    }
}
