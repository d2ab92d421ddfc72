//! Who may carry an id: the first record keeps it, a later one with the same content is a duplicate, one with other
//! content gets a suffix.

use std::hash::Hasher;

use rustc_hash::{FxHashMap, FxHasher};
use sha2::{Digest, Sha256};

use crate::article::Article;
use crate::facts::hexadecimal;

/// The ids given out so far, as hashes: 16 bytes an article. Should two ids share a hash, the later one gets a suffix it did not need.
#[derive(Debug, Default)]
pub struct Claims {
    content_by_id: FxHashMap<u64, u64>,
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
    /// Claims an article's id, changing it if another article holds it. `claimed` is told the hash of every id in question.
    pub fn claim(&mut self, article: &mut Article, mut claimed: impl FnMut(u64)) -> Claim {
        let content = content(article);
        let asked = hash(&article.id);
        claimed(asked);
        match self.content_by_id.get(&asked) {
            None => {
                self.content_by_id.insert(asked, content);
                return Claim::Own;
            }
            Some(before) if *before == content => return Claim::Duplicate,
            Some(_) => {}
        }
        let mut round = 0_u32;
        loop {
            let origin = format!("{}\0{}\0{round}", article.origin.path, article.origin.record);
            let id = format!("{}~{}", article.id, hexadecimal(&Sha256::digest(origin)[..4]));
            if let std::collections::hash_map::Entry::Vacant(free) = self.content_by_id.entry(hash(&id)) {
                claimed(hash(&id));
                free.insert(content);
                article.id = id;
                return Claim::Reused;
            }
            round += 1;
        }
    }
}

fn hash(id: &str) -> u64 {
    let digest = Sha256::digest(id);
    u64::from_le_bytes(digest[..8].try_into().expect("a digest has 32 bytes"))
}

/// Everything an archive states about an article, its place in the archive left out.
fn content(article: &Article) -> u64 {
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
    hasher.finish()
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
        assert_eq!(claims.claim(&mut first, |_| {}), Claim::Own);
        assert_eq!(claims.claim(&mut again, |_| {}), Claim::Duplicate);
        assert_eq!(claims.claim(&mut other, |_| {}), Claim::Reused);
        assert_eq!(first.id, "7");
        assert!(other.id.starts_with("7~") && other.id.len() == 10, "{}", other.id);
    }
}
