//! The file of a segment's stored articles. tantivy makes room for a block as its first four bytes ask, so that one flipped
//! bit would cost gigabytes: here they are first compared with what the compressed block itself says.

use std::fmt;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use tantivy::HasLen;
use tantivy::directory::{FileHandle, OwnedBytes};

/// Bytes of tantivy's footer of a store: version, where the blocks end, compressor, and some kept for later.
const STORE_FOOTER: usize = 28;
/// Bytes of the version before the place where the blocks end.
const VERSION: usize = 4;
/// Bytes at the end of every file of tantivy: length of its footer and a magic number.
const FILE_END: usize = 8;

/// Blocks that say truly how long they are.
pub struct StoreFile {
    file: Arc<dyn FileHandle>,
    /// Where the blocks end.
    blocks: usize,
}

impl StoreFile {
    /// Looks where the blocks end.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn new(file: Arc<dyn FileHandle>) -> io::Result<Self> {
        let blocks = blocks(&*file)?.ok_or_else(|| damaged("a store whose end is damaged"))?;
        Ok(Self { file, blocks })
    }
}

/// Where the blocks of a store end, unless its end is damaged.
fn blocks(file: &dyn FileHandle) -> io::Result<Option<usize>> {
    let read = |end: usize, length: usize| match end.checked_sub(length) {
        Some(start) => file.read_bytes(start..end),
        None => Ok(OwnedBytes::empty()),
    };
    let number = |bytes: &[u8]| {
        let (number, _) = bytes.split_first_chunk::<4>()?;
        Some(u32::from_le_bytes(*number) as usize)
    };
    let Some(footer) = number(&read(file.len(), FILE_END)?) else { return Ok(None) };
    let Some(end) = file.len().checked_sub(FILE_END).and_then(|end| end.checked_sub(footer)) else { return Ok(None) };
    let store = read(end, STORE_FOOTER)?;
    let blocks = store.get(VERSION..VERSION + 8).and_then(|place| place.try_into().ok()).map(u64::from_le_bytes);
    Ok(blocks.and_then(|blocks| usize::try_from(blocks).ok()).filter(|blocks| *blocks <= end))
}

fn damaged(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// Whether the length a block begins with is that of the frame which follows.
fn is_true(block: &[u8]) -> bool {
    let Some((length, frame)) = block.split_first_chunk::<4>() else { return false };
    let held = zstd::zstd_safe::get_frame_content_size(frame).ok().flatten();
    held == Some(u64::from(u32::from_le_bytes(*length)))
}

impl FileHandle for StoreFile {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        let is_block = range.end <= self.blocks && !range.is_empty();
        let bytes = self.file.read_bytes(range)?;
        if is_block && !is_true(&bytes) {
            return Err(damaged("a block of stored articles of another length than it says"));
        }
        Ok(bytes)
    }
}

impl HasLen for StoreFile {
    fn len(&self) -> usize {
        self.file.len()
    }
}

impl fmt::Debug for StoreFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoreFile({:?})", self.file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_of_another_length_than_it_says_is_damaged() {
        let mut block = 3_u32.to_le_bytes().to_vec();
        block.extend(zstd::bulk::compress(b"abc", 1).unwrap());
        assert!(is_true(&block));
        for bit in 0..32 {
            let mut flipped = block.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(!is_true(&flipped), "bit {bit}");
        }
        assert!(!is_true(&block[..3]) && !is_true(&block[..6]) && !is_true(b""));
    }
}
