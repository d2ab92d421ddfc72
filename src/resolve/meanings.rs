//! What the archive teaches of names as bytes: values in order, each with whom it stands for. One is found by halving, and no other is
//! read: a search asks for the few names of ten hits, and to make maps of all takes it longer than to find the hits.

use std::collections::BTreeMap;

use super::learn::Learned;
use crate::index::varint;

/// Bytes of the number of values, and of each place where one ends.
const NUMBER: usize = 4;

const IS_THING: u8 = 1;
const HAS_SPELLING: u8 = 2;
const IS_SURNAME: u8 = 4;

/// Values and what each means: how many; where each ends behind these numbers; of each its text, marks of what follows, whom it is
/// another spelling of, and of each name it stands for as a surname the name and its years by their distances.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meanings {
    bytes: Vec<u8>,
}

/// What one value means.
#[derive(Clone, Copy, Debug)]
pub struct Meaning<'a> {
    /// It names a firm, a place or another thing.
    pub is_thing: bool,
    /// The name it is another spelling of.
    pub spelling: Option<&'a str>,
    /// It is a surname that stands for somebody in some years.
    pub is_surname: bool,
    bearers: &'a [u8],
}

impl Default for Meanings {
    fn default() -> Self {
        Self::of(&Learned::default())
    }
}

impl Meanings {
    /// Packs what was learned.
    pub fn of(learned: &Learned) -> Self {
        let mut packed: BTreeMap<&str, (u8, Vec<u8>)> = BTreeMap::new();
        for thing in &learned.things {
            packed.entry(thing).or_default().0 |= IS_THING;
        }
        for (value, name) in &learned.spellings {
            let (marks, out) = packed.entry(value).or_default();
            *marks |= HAS_SPELLING;
            push_whole(out, name);
        }
        for (value, years) in &learned.surnames {
            let mut bearers: BTreeMap<&str, Vec<i16>> = BTreeMap::new();
            for (year, name) in years {
                bearers.entry(name).or_default().push(*year);
            }
            let (marks, out) = packed.entry(value).or_default();
            *marks |= IS_SURNAME;
            for (name, years) in bearers {
                push_whole(out, name);
                varint::push(out, years.len() as u64);
                let mut before = i64::from(i16::MIN);
                for year in years {
                    varint::push(out, (i64::from(year) - before) as u64);
                    before = i64::from(year);
                }
            }
        }
        let number = |number: usize| u32::try_from(number).expect("names of less than four gigabytes").to_le_bytes();
        let mut bytes = number(packed.len()).to_vec();
        let mut records = Vec::new();
        for (value, (marks, rest)) in packed {
            push_whole(&mut records, value);
            records.push(marks);
            records.extend(rest);
            bytes.extend(number(records.len()));
        }
        bytes.extend(records);
        Self { bytes }
    }

    /// Takes bytes for what they are; `None` if they are not as long as they say. Whether each value is as it was written only the
    /// checksum of them all can tell; one that is not means nothing.
    pub fn from_bytes(bytes: Vec<u8>) -> Option<Self> {
        let meanings = Self { bytes };
        let records = meanings.bytes.len().checked_sub(Self::start(meanings.number(0)?))?;
        (meanings.end(meanings.len())? == records).then_some(meanings)
    }

    /// As they lie in a file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What a value means, if the archive teaches anything of it.
    pub fn get(&self, value: &str) -> Option<Meaning<'_>> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            let (found, meaning) = self.at(middle)?;
            match found.cmp(value) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(meaning),
            }
        }
        None
    }

    /// All values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Meaning<'_>)> {
        (0..self.len()).filter_map(|place| self.at(place))
    }

    fn len(&self) -> usize {
        self.number(0).unwrap_or(0)
    }

    fn number(&self, place: usize) -> Option<usize> {
        let (bytes, _) = self.bytes.get(place.checked_mul(NUMBER)?..)?.split_first_chunk::<NUMBER>()?;
        usize::try_from(u32::from_le_bytes(*bytes)).ok()
    }

    /// Where the first of so many values begins.
    fn start(values: usize) -> usize {
        values.saturating_add(1).saturating_mul(NUMBER)
    }

    /// Where the values before this place end.
    fn end(&self, place: usize) -> Option<usize> {
        if place == 0 { Some(0) } else { self.number(place) }
    }

    fn at(&self, place: usize) -> Option<(&str, Meaning<'_>)> {
        let records = self.bytes.get(Self::start(self.len())..)?;
        let mut rest = records.get(self.end(place)?..self.end(place + 1)?)?;
        let value = take_whole(&mut rest)?;
        let (marks, after) = rest.split_first()?;
        rest = after;
        let spelling = if marks & HAS_SPELLING == 0 { None } else { Some(take_whole(&mut rest)?) };
        let meaning =
            Meaning { is_thing: marks & IS_THING != 0, spelling, is_surname: marks & IS_SURNAME != 0, bearers: rest };
        Some((value, meaning))
    }
}

impl<'a> Meaning<'a> {
    /// Whom it stands for as a surname, each with the years in which it does, year 0 for the undated.
    pub fn bearers(self) -> impl Iterator<Item = (&'a str, Years<'a>)> {
        let mut rest = self.bearers;
        std::iter::from_fn(move || {
            let name = take_whole(&mut rest)?;
            let count = varint::take(&mut rest)?;
            let years = Years { rest, left: count, before: i64::from(i16::MIN) };
            for _ in 0..count {
                varint::take(&mut rest)?;
            }
            Some((name, years))
        })
    }

    /// Whom it stands for as a surname in a year.
    pub fn bearer(self, year: i16) -> Option<&'a str> {
        self.bearers().find_map(|(name, mut years)| years.any(|known| known == year).then_some(name))
    }
}

/// Years in order.
pub struct Years<'a> {
    rest: &'a [u8],
    left: u64,
    before: i64,
}

impl Iterator for Years<'_> {
    type Item = i16;

    fn next(&mut self) -> Option<i16> {
        self.left = self.left.checked_sub(1)?;
        self.before = self.before.checked_add(i64::try_from(varint::take(&mut self.rest)?).ok()?)?;
        i16::try_from(self.before).ok()
    }
}

fn push_whole(out: &mut Vec<u8>, text: &str) {
    varint::push(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

fn take_whole<'a>(rest: &mut &'a [u8]) -> Option<&'a str> {
    let length = varint::take(rest)?;
    std::str::from_utf8(varint::take_bytes(rest, length)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learned() -> Learned {
        let mut learned = Learned::default();
        for (value, year, name) in [
            ("Byron", 1843, "Ada Byron"),
            ("Byron", 1990, "Zoe Byron"),
            ("Byron", 1844, "Ada Byron"),
            ("?Holm", 0, "É"),
        ] {
            learned.surnames.entry(value.to_owned()).or_default().insert(year, name.to_owned());
        }
        for (value, name) in [("A. Byron", "Ada Byron"), ("Byron", "Lord Byron"), ("Z", "")] {
            learned.spellings.insert(value.to_owned(), name.to_owned());
        }
        learned.things.extend(["Otley Marsh".to_owned(), "A. Byron".to_owned()]);
        learned
    }

    #[test]
    fn what_is_packed_is_found() {
        let meanings = Meanings::of(&learned());
        let read = Meanings::from_bytes(meanings.bytes().to_vec()).unwrap();
        assert_eq!(read, meanings);
        let values: Vec<&str> = read.iter().map(|(value, _)| value).collect();
        assert_eq!(values, ["?Holm", "A. Byron", "Byron", "Otley Marsh", "Z"]);
        let byron = read.get("Byron").unwrap();
        let bearers: Vec<(&str, Vec<i16>)> = byron.bearers().map(|(name, years)| (name, years.collect())).collect();
        assert_eq!(bearers, [("Ada Byron", vec![1843, 1844]), ("Zoe Byron", vec![1990])]);
        assert_eq!((byron.bearer(1990), byron.bearer(1845)), (Some("Zoe Byron"), None));
        assert_eq!((byron.spelling, byron.is_surname, byron.is_thing), (Some("Lord Byron"), true, false));
        let thing = read.get("A. Byron").unwrap();
        assert_eq!((thing.spelling, thing.is_surname, thing.is_thing), (Some("Ada Byron"), false, true));
        assert_eq!(read.get("?Holm").unwrap().bearer(0), Some("É"));
        for value in ["", "Byro", "Byrons", "a", "ü"] {
            assert!(read.get(value).is_none(), "{value}");
        }
        assert!(Meanings::default().get("Byron").is_none() && Meanings::default().iter().next().is_none());
    }

    #[test]
    fn damaged_bytes_mean_less_and_never_panic() {
        let bytes = Meanings::of(&learned()).bytes().to_vec();
        for length in 0..bytes.len() {
            assert!(Meanings::from_bytes(bytes[..length].to_vec()).is_none(), "cut to {length}");
        }
        for place in 0..bytes.len() {
            for bit in 0..8 {
                let mut damaged = bytes.clone();
                damaged[place] ^= 1 << bit;
                let Some(meanings) = Meanings::from_bytes(damaged) else { continue };
                for (value, meaning) in meanings.iter() {
                    meanings.get(value);
                    meaning.bearers().for_each(|(_, years)| assert!(years.count() <= bytes.len()));
                }
            }
        }
    }
}
