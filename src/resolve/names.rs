//! The names of a whole archive, with the years in which they stand as what.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::path::PathBuf;

use super::evidence::{EvidenceLines, Line, Uses};

/// Years before and after an article's own whose full names count.
const WINDOW: i16 = 1;
/// Years between two spellings that can still be one person's.
pub const CAREER: i16 = 15;

/// A name in all the archive.
#[derive(Clone, Debug, Default)]
pub struct Name {
    /// By year, sorted; 0 is undated.
    years: Vec<(i16, Uses)>,
    /// Over all years.
    pub total: Uses,
}

impl Name {
    /// Adds more uses in a year.
    pub fn add(&mut self, year: i16, uses: Uses) {
        self.total.add(uses);
        match self.years.last_mut() {
            Some((last, sum)) if *last == year => sum.add(uses),
            Some((last, _)) if *last > year => match self.years.binary_search_by_key(&year, |(year, _)| *year) {
                Ok(place) => self.years[place].1.add(uses),
                Err(place) => self.years.insert(place, (year, uses)),
            },
            _ => self.years.push((year, uses)),
        }
    }

    /// Uses by year, sorted; year 0 is undated.
    pub fn years(&self) -> impl Iterator<Item = (i16, Uses)> {
        self.years.iter().copied()
    }

    /// Uses in one year.
    pub fn in_year(&self, year: i16) -> Uses {
        let place = self.years.binary_search_by_key(&year, |(year, _)| *year);
        place.map(|place| self.years[place].1).unwrap_or_default()
    }

    /// Articles in the years around one; in all for the undated.
    pub fn around(&self, year: i16) -> Uses {
        if year == 0 {
            return self.total;
        }
        let first = self.years.partition_point(|(other, _)| *other < year - WINDOW);
        let mut sum = Uses::default();
        for (_, uses) in self.years[first..].iter().take_while(|(other, _)| *other <= year + WINDOW) {
            sum.add(*uses);
        }
        sum
    }

    /// First and last year, if any is known.
    pub fn span(&self) -> Option<(i16, i16)> {
        let mut dated = self.years.iter().filter(|(year, uses)| *year != 0 && uses.person > 0).map(|(year, _)| *year);
        let first = dated.next()?;
        Some((first, dated.next_back().unwrap_or(first)))
    }

    /// Whether both may be one person's by their years.
    pub fn agrees_with(&self, other: &Self) -> bool {
        match (self.span(), other.span()) {
            (Some(one), Some(two)) => one.0 - CAREER <= two.1 && two.0 - CAREER <= one.1,
            _ => true,
        }
    }
}

/// All names of an archive.
pub type Names = BTreeMap<String, Name>;

/// Adds up the evidence of all segments, without that of the articles removed from them. Each is sorted by name and year, so that
/// they are merged in one pass, with one line of each in memory.
///
/// # Errors
/// If evidence is missing or damaged.
pub fn read(evidence: &[PathBuf], withdrawn: &[PathBuf]) -> anyhow::Result<Names> {
    let mut files = Vec::with_capacity(evidence.len() + withdrawn.len());
    for path in evidence.iter().chain(withdrawn) {
        files.push(EvidenceLines::open(path)?);
    }
    let mut next: BinaryHeap<Reverse<(Line, usize)>> = BinaryHeap::with_capacity(files.len());
    for (number, file) in files.iter_mut().enumerate() {
        let mut line = Line::default();
        if file.read(&mut line)? {
            next.push(Reverse((line, number)));
        }
    }
    let mut sums = Sums::default();
    while let Some(mut first) = next.peek_mut() {
        let Reverse((line, number)) = &mut *first;
        let is_withdrawn = *number >= evidence.len();
        sums.take(line, is_withdrawn);
        if !files[*number].read(line)? {
            PeekMut::pop(first);
        }
    }
    sums.end_name();
    Ok(sums.names.into_iter().collect())
}

/// The names finished so far, and the one being added up.
#[derive(Default)]
struct Sums {
    names: Vec<(String, Name)>,
    name: String,
    uses: Name,
    year: i16,
    added: Uses,
    taken_off: Uses,
}

impl Sums {
    fn take(&mut self, line: &Line, is_withdrawn: bool) {
        if line.name != self.name {
            self.end_name();
            self.name.push_str(&line.name);
        } else if line.year != self.year {
            self.end_year();
        }
        self.year = line.year;
        if is_withdrawn { self.taken_off.add(line.uses) } else { self.added.add(line.uses) }
    }

    fn end_year(&mut self) {
        let (added, taken_off) = (std::mem::take(&mut self.added), std::mem::take(&mut self.taken_off));
        let left = added.without(taken_off);
        if left != Uses::default() {
            self.uses.add(self.year, left);
        }
    }

    fn end_name(&mut self) {
        self.end_year();
        let uses = std::mem::take(&mut self.uses);
        if uses.years.is_empty() {
            self.name.clear();
        } else {
            self.names.push((std::mem::take(&mut self.name), uses));
        }
    }
}
