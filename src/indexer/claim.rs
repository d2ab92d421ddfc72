//! Who may carry an id: the first record keeps it, a later one with the same content is a duplicate, one with other
//! content gets a suffix.

use std::hash::Hasher;

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rustc_hash::FxHasher;
use sha2::{Digest, Sha256};

use crate::article::Article;
use crate::facts::hexadecimal;

use super::pieces::Pieces;

/// The ids given out so far, as hashes: some 20 bytes an article, of which there may be millions. Should two ids share a hash, the
/// later one gets a suffix it did not need.
#[derive(Debug, Default)]
pub struct Claims {
    asked: Asked,
    /// What each of the ids asked for was given to, see [`content`].
    contents: Pieces<u32>,
    /// Places among these of the ids given out, found by their hash.
    given: HashTable<u32>,
}

/// Hashes of the ids that records asked for or were given, in canonical order.
#[derive(Debug, Default)]
pub struct Asked {
    hashes: Pieces<u64>,
    /// Of each file with any, its number and where its hashes end.
    ends: Vec<(u32, usize)>,
    /// Files taken so far.
    taken: usize,
}

impl Asked {
    /// All of them.
    pub fn hashes(&self) -> impl Iterator<Item = u64> {
        self.hashes.range(0..self.hashes.len())
    }

    /// Those of a file; files must be asked for in canonical order.
    pub fn take(&mut self, file: u32) -> impl ExactSizeIterator<Item = u64> {
        let first = self.taken.checked_sub(1).map_or(0, |before| self.ends[before].1);
        let end = match self.ends.get(self.taken) {
            Some((number, end)) if *number == file => {
                self.taken += 1;
                *end
            }
            _ => first,
        };
        self.hashes.range(first..end)
    }

    /// Whether those of all files were taken.
    pub fn is_taken(&self) -> bool {
        self.taken == self.ends.len()
    }

    fn push(&mut self, file: u32, hash: u64) {
        self.hashes.push(hash);
        let end = self.hashes.len();
        match self.ends.last_mut() {
            Some((last, its_end)) if *last == file => *its_end = end,
            _ => self.ends.push((file, end)),
        }
    }
}

/// What became of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The id is its own.
    Own,
    /// The id was taken by another article; a suffix was added.
    Reused,
    /// The same article was there before.
    Duplicate,
}

impl Claims {
    /// Claims the id of an article of a file, changing it if another article holds it.
    pub fn claim(&mut self, article: &mut Article, file: u32) -> Claim {
        let content = content(article);
        match self.ask(&article.id, content, file) {
            None => return Claim::Own,
            Some(before) if before == content => return Claim::Duplicate,
            Some(_) => {}
        }
        let mut round = 0_u32;
        loop {
            let origin = format!("{}\0{}\0{round}", article.origin.path, article.origin.record);
            let id = format!("{}~{}", article.id, hexadecimal(&Sha256::digest(origin)[..4]));
            if self.ask(&id, content, file).is_none() {
                article.id = id;
                return Claim::Reused;
            }
            round += 1;
        }
    }

    /// The ids asked for and given.
    pub fn asked(self) -> Asked {
        self.asked
    }

    /// Asks for an id: gives it out if it is free, else says what has it.
    fn ask(&mut self, id: &str, content: u32, file: u32) -> Option<u32> {
        let hash = hash(id);
        let place = u32::try_from(self.contents.len()).expect("fewer than four billion records");
        self.asked.push(file, hash);
        self.contents.push(content);
        let hash_at = |place: &u32| self.asked.hashes.at(*place as usize);
        match self.given.entry(hash, |place| hash_at(place) == hash, hash_at) {
            Entry::Occupied(given) => Some(self.contents.at(*given.get() as usize)),
            Entry::Vacant(free) => {
                free.insert(place);
                None
            }
        }
    }
}

fn hash(id: &str) -> u64 {
    let digest = Sha256::digest(id);
    u64::from_le_bytes(digest[..8].try_into().expect("a digest has 32 bytes"))
}

/// Everything an archive states about an article, its place in the archive left out. Only articles of one id are told apart by it.
fn content(article: &Article) -> u32 {
    let mut hasher = FxHasher::default();
    for text in [&article.title, &article.body] {
        hasher.write(text.as_bytes());
        hasher.write_u8(0);
    }
    for text in [&article.source, &article.url, &article.section].into_iter().flatten() {
        hasher.write(text.as_bytes());
        hasher.write_u8(0);
    }
    if let Some(date) = article.date {
        hasher.write_i64(date.first_second());
    }
    let hash = hasher.finish();
    (hash >> 32) as u32 ^ hash as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(id: &str, title: &str, record: u64) -> Article {
        let origin = crate::article::Origin { path: "a.jsonl".into(), record };
        Article { id: id.into(), title: title.into(), origin, ..Article::default() }
    }

    #[test]
    fn the_first_keeps_the_id_and_others_are_told_apart() {
        let mut claims = Claims::default();
        let mut first = article("7", "Flood", 1);
        let mut again = article("7", "Flood", 2);
        let mut other = article("7", "Drought", 3);
        assert_eq!(claims.claim(&mut first, 0), Claim::Own);
        assert_eq!(claims.claim(&mut again, 2), Claim::Duplicate);
        assert_eq!(claims.claim(&mut other, 2), Claim::Reused);
        assert_eq!(first.id, "7");
        assert!(other.id.starts_with("7~") && other.id.len() == 10, "{}", other.id);
        let mut asked = claims.asked();
        let of_files: Vec<Vec<u64>> = (0..4).map(|file| asked.take(file).collect()).collect();
        assert_eq!(of_files, [vec![hash("7")], vec![], vec![hash("7"), hash("7"), hash(&other.id)], vec![]]);
        assert!(asked.is_taken() && asked.hashes().count() == 4);
    }
}
