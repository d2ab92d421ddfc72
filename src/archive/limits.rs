//! How much of anything we are willing to read, so that no input can use up memory, time or disk.

use std::io;

/// Limits on what is read. Each is named in the message when it is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes one compressed file or member may unpack to.
    pub member_bytes: u64,
    /// Times a compressed stream may grow when unpacked, counted after `ratio_from`.
    pub ratio: u64,
    /// Unpacked bytes before `ratio` is looked at: small files of one letter are no bombs.
    pub ratio_from: u64,
    /// Containers inside containers.
    pub depth: u32,
    /// Members of one container.
    pub entries: u64,
    /// Bytes of one record or line.
    pub record_bytes: usize,
}

impl Limits {
    /// Its numbers, for an index to remember under which it was made.
    pub fn to_args(self) -> Vec<u64> {
        let Self { member_bytes, ratio, ratio_from, depth, entries, record_bytes } = self;
        vec![member_bytes, ratio, ratio_from, u64::from(depth), entries, record_bytes as u64]
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            member_bytes: 1 << 30,
            ratio: 200,
            ratio_from: 10 << 20,
            depth: 3,
            entries: 1_000_000,
            record_bytes: 64 << 20,
        }
    }
}

/// A limit was reached; travels inside an [`io::Error`] through decoders to whoever reads.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OverLimit {
    /// [`Limits::member_bytes`].
    #[error("unpacks to over {0} bytes, see --max-member-size")]
    MemberBytes(u64),
    /// [`Limits::ratio`].
    #[error("unpacks to over {0} times its size, see --max-ratio")]
    Ratio(u64),
}

impl From<OverLimit> for io::Error {
    fn from(limit: OverLimit) -> Self {
        io::Error::other(limit)
    }
}
