//! Names and their uses by year as bytes: each name by what it does not share with the one before, its years by their
//! distances, all compressed.

use std::io::Read;

use anyhow::Context;

use super::evidence::Uses;
use crate::index::varint;

/// Of zstd. Neighbours in a sorted list share most of their letters and leave little to find: this level takes half the time of
/// the first for a third more bytes, which are few.
const LEVEL: i32 = -3;

/// Puts names in order into bytes.
#[derive(Default)]
pub struct Packer {
    bytes: Vec<u8>,
    last: String,
}

impl Packer {
    /// Adds the next name with its years, both in order.
    pub fn push(&mut self, name: &str, years: &[(i16, Uses)]) {
        varint::push_text(&mut self.bytes, &self.last, name);
        self.last.clear();
        self.last.push_str(name);
        varint::push(&mut self.bytes, years.len() as u64);
        let mut before = i64::from(i16::MIN);
        for (year, Uses { person, sure, thing }) in years {
            varint::push(&mut self.bytes, (i64::from(*year) - before) as u64);
            before = i64::from(*year);
            for number in [person, sure, thing] {
                varint::push(&mut self.bytes, u64::from(*number));
            }
        }
    }

    /// All of them.
    ///
    /// # Errors
    /// If they cannot be compressed, which would be a bug.
    pub fn finish(self) -> anyhow::Result<Vec<u8>> {
        zstd::encode_all(self.bytes.as_slice(), LEVEL).context("cannot compress names")
    }
}

/// Takes names out of bytes again, in their order.
#[derive(Default)]
pub struct Unpacker {
    bytes: Vec<u8>,
    at: usize,
    /// The name taken last.
    pub name: String,
    /// Its uses by year.
    pub years: Vec<(i16, Uses)>,
}

impl Unpacker {
    /// Begins before the first; `None` if the bytes are damaged.
    pub fn new(packed: &[u8]) -> Option<Self> {
        let mut bytes = Vec::new();
        zstd::Decoder::new(packed).ok()?.read_to_end(&mut bytes).ok()?;
        Some(Self { bytes, ..Self::default() })
    }

    /// Goes on to the next name; false after the last, `None` if the bytes are damaged.
    pub fn advance(&mut self) -> Option<bool> {
        let mut rest = &self.bytes[self.at..];
        if rest.is_empty() {
            return Some(false);
        }
        varint::take_text(&mut rest, &mut self.name)?;
        self.years.clear();
        let mut year = i64::from(i16::MIN);
        for _ in 0..varint::take(&mut rest)? {
            year = year.checked_add(i64::try_from(varint::take(&mut rest)?).ok()?)?;
            let mut number = || varint::take(&mut rest).and_then(|number| u32::try_from(number).ok());
            let (person, sure, thing) = (number()?, number()?, number()?);
            self.years.push((i16::try_from(year).ok()?, Uses { person, sure, thing }));
        }
        self.at = self.bytes.len() - rest.len();
        Some(true)
    }
}
