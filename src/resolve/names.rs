//! The names of a whole archive, with the years in which they stand as what. They lie in the generation added up, so that a
//! refresh only adds and takes off what changed.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs;
use std::path::Path;

use anyhow::Context;
use smallvec::SmallVec;

use super::evidence::Uses;
use super::packed::{Packer, Unpacker};
use crate::index::manifest::DAMAGED;

/// Name of the file in its generation.
pub const USES: &str = "names.bin";

/// Years before and after an article's own whose full names count.
const WINDOW: i16 = 1;
/// Years between two spellings that can still be one person's.
pub const CAREER: i16 = 15;

/// A name in all the archive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// By year, sorted; 0 is undated. Most names have one.
    years: SmallVec<[(i16, Uses); 1]>,
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

    /// Takes uses in a year off again; `None` if there are not as many.
    fn take_off(&mut self, year: i16, uses: Uses) -> Option<()> {
        let place = self.years.binary_search_by_key(&year, |(year, _)| *year).ok()?;
        self.total = self.total.without(uses)?;
        self.years[place].1 = self.years[place].1.without(uses)?;
        if self.years[place].1 == Uses::default() {
            self.years.remove(place);
        }
        Some(())
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

/// All names of an archive, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names(Vec<(String, Name)>);

impl Names {
    /// Adds up evidence, each as `Evidence::packed` gives it.
    ///
    /// # Errors
    /// If some of it is damaged.
    pub fn sum(packed: impl IntoIterator<Item = anyhow::Result<Vec<u8>>>) -> anyhow::Result<Self> {
        let mut all = Vec::new();
        let mut next = BinaryHeap::new();
        for packed in packed {
            let mut names = Unpacker::new(&packed?).context(DAMAGED)?;
            if names.advance().context(DAMAGED)? {
                next.push(Reverse((names.name.clone(), all.len())));
            }
            all.push(names);
        }
        let mut sums: Vec<(String, Name)> = Vec::new();
        while let Some(mut first) = next.peek_mut() {
            let Reverse((name, number)) = &mut *first;
            let names = &mut all[*number];
            if sums.last().is_none_or(|(last, _)| last != name) {
                sums.push((name.clone(), Name::default()));
            }
            if let Some((_, sum)) = sums.last_mut() {
                names.years.iter().for_each(|(year, uses)| sum.add(*year, *uses));
            }
            if names.advance().context(DAMAGED)? {
                name.clone_from(&names.name);
            } else {
                PeekMut::pop(first);
            }
        }
        Ok(Self(sums))
    }

    /// Adds the names of articles put in and takes off those of articles taken out.
    ///
    /// # Errors
    /// If what is taken off is not there.
    pub fn change(&mut self, added: Self, removed: &Self) -> anyhow::Result<()> {
        let mut others = Vec::new();
        for (name, uses) in added.0 {
            match self.place(&name) {
                Some(place) => uses.years.into_iter().for_each(|(year, uses)| self.0[place].1.add(year, uses)),
                None => others.push((name, uses)),
            }
        }
        self.0.append(&mut others);
        // two sorted runs
        self.0.sort_by(|(a, _), (b, _)| a.cmp(b));
        for (name, uses) in &removed.0 {
            let place = self.place(name).context(DAMAGED)?;
            for (year, uses) in uses.years() {
                self.0[place].1.take_off(year, uses).context(DAMAGED)?;
            }
        }
        self.0.retain(|(_, uses)| !uses.years.is_empty());
        Ok(())
    }

    /// The uses of a name.
    pub fn get(&self, name: &str) -> Option<&Name> {
        self.place(name).map(|place| &self.0[place].1)
    }

    /// All of them in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Name)> {
        self.0.iter().map(|(name, uses)| (name.as_str(), uses))
    }

    /// Writes them into a generation being built.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write(&self, generation: &Path) -> anyhow::Result<()> {
        let path = generation.join(USES);
        let mut packer = Packer::default();
        self.0.iter().for_each(|(name, uses)| packer.push(name, &uses.years));
        fs::write(&path, packer.finish()?).with_context(|| format!("cannot write {}", path.display()))
    }

    /// Reads those of a generation.
    ///
    /// # Errors
    /// If the file is missing or damaged.
    pub fn read(generation: &Path) -> anyhow::Result<Self> {
        let path = generation.join(USES);
        let damaged = || format!("{DAMAGED}: cannot read {}", path.display());
        let mut unpacker = Unpacker::new(&fs::read(&path).with_context(damaged)?).with_context(damaged)?;
        let mut names = Vec::new();
        while unpacker.advance().with_context(damaged)? {
            let mut uses = Name { years: SmallVec::from_slice(&unpacker.years), total: Uses::default() };
            unpacker.years.iter().for_each(|(_, more)| uses.total.add(*more));
            names.push((unpacker.name.clone(), uses));
        }
        Ok(Self(names))
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.0.binary_search_by(|(other, _)| other.as_str().cmp(name)).ok()
    }
}

#[cfg(test)]
impl Names {
    /// Of name, year, and uses as a person, surely, and as a thing.
    pub fn of(lines: &[(&str, i16, [u32; 3])]) -> Self {
        let mut names = std::collections::BTreeMap::<String, Name>::new();
        for (name, year, [person, sure, thing]) in lines {
            let uses = Uses { person: *person, sure: *sure, thing: *thing };
            names.entry((*name).to_owned()).or_default().add(*year, uses);
        }
        Self(names.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Article;
    use crate::resolve::Evidence;

    fn packed(people: &[&str], date: &str) -> Vec<u8> {
        let mut evidence = Evidence::default();
        for name in people {
            let people = vec![(*name).to_owned()];
            evidence.add(&mut Article { people, date: date.parse().ok(), ..Article::default() });
        }
        evidence.packed().unwrap()
    }

    #[test]
    fn what_is_added_and_taken_off_leaves_what_the_rest_adds_up_to() {
        let before = packed(&["Zoe Byron", "Ada Byron", "Ada Byron", "Ida Marsh"], "1843-05-01");
        let (removed, added) = (packed(&["Ada Byron", "Ida Marsh"], "1843"), packed(&["Otley", "Ada Byron"], "1850"));
        let rest = packed(&["Zoe Byron", "Ada Byron"], "1843-06-07");
        let mut names = Names::sum([Ok(before)]).unwrap();
        let removed = Names::sum([Ok(removed)]).unwrap();
        names.change(Names::sum([Ok(added.clone())]).unwrap(), &removed).unwrap();
        assert_eq!(names, Names::sum([Ok(rest), Ok(added)]).unwrap());
        assert!(names.change(Names::default(), &removed).is_err(), "it is no longer there");
        let folder = tempfile::tempdir().unwrap();
        names.write(folder.path()).unwrap();
        assert_eq!(Names::read(folder.path()).unwrap(), names);
        let bytes = fs::read(folder.path().join(USES)).unwrap();
        fs::write(folder.path().join(USES), &bytes[..bytes.len() - 2]).unwrap();
        assert!(Names::read(folder.path()).is_err());
    }
}
