//! Articles read back from the segments they are stored in, their names resolved.

use tantivy::{DocAddress, TantivyDocument};

use crate::article::Article;
use crate::enrich::Gazetteer;
use crate::index::{self, spread, spread_if};

use super::archive::Archive;

impl Archive {
    /// Reads an article, its names resolved.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn article(&self, address: DocAddress) -> anyhow::Result<Article> {
        self.as_resolved(&self.searcher().doc(address)?)
    }

    /// Reads articles and makes something of each, given its place among the addresses.
    ///
    /// # Errors
    /// If the index is damaged, or what `make` says.
    pub(super) fn of_each<T: Send>(
        &self,
        addresses: &[DocAddress],
        make: impl Fn(usize, Article) -> anyhow::Result<T> + Sync,
    ) -> anyhow::Result<Vec<T>> {
        if !self.answers_once() {
            let (made, _) = spread(&vec![1; addresses.len()], |place| make(place, self.article(addresses[place])?));
            return made.into_iter().collect();
        }
        let mut stored: Vec<Stored> = addresses.iter().copied().zip(0..).collect();
        stored.sort_unstable();
        let of_segments = stored.chunk_by(|(a, _), (b, _)| a.segment_ord == b.segment_ord);
        let parts: Vec<&[Stored]> =
            of_segments.flat_map(|of| of.chunks(of.len().div_ceil(4).max(READ_TOGETHER))).collect();
        let sizes: Vec<u64> = parts.iter().map(|part| part.len() as u64).collect();
        let (made, _) = spread_if(&sizes, true, |part| self.as_stored(parts[part], &make));
        let made = made.into_iter().collect::<anyhow::Result<Vec<_>>>()?;
        let mut made: Vec<(usize, T)> = made.into_iter().flatten().collect();
        made.sort_unstable_by_key(|(place, _)| *place);
        Ok(made.into_iter().map(|(_, made)| made).collect())
    }

    /// Reads articles of one segment in the order in which they are stored. Those of one block follow each other, so that only the
    /// last is kept, and the memory of one serves for the next.
    fn as_stored<T>(
        &self,
        of_segment: &[Stored],
        make: impl Fn(usize, Article) -> anyhow::Result<T>,
    ) -> anyhow::Result<Vec<(usize, T)>> {
        let store = self.searcher().segment_reader(of_segment[0].0.segment_ord).get_store_reader(1)?;
        let article = |address: &DocAddress| self.as_resolved(&store.get::<TantivyDocument>(address.doc_id)?);
        of_segment.iter().map(|(address, place)| Ok((*place, make(*place, article(address)?)?))).collect()
    }

    fn as_resolved(&self, document: &TantivyDocument) -> anyhow::Result<Article> {
        let mut article = index::article(document)?;
        self.resolve(&mut article);
        Ok(article)
    }

    /// Replaces the values of an article by whom they stand for in this archive, and drops those that are nobody's; who
    /// turns out to be in office joins the leaders.
    pub fn resolve(&self, article: &mut Article) {
        let year = article.date.map(|date| date.year());
        let mut learned = Vec::new();
        for list in [&mut article.people, &mut article.mentioned, &mut article.leaders] {
            list.retain_mut(|value| match self.names().resolve(value, year) {
                Some(resolved) if resolved == value => true,
                Some(resolved) => {
                    *value = resolved.to_owned();
                    learned.push(value.clone());
                    true
                }
                None => false,
            });
            remove_repeated(list);
        }
        for name in learned {
            if article.people.contains(&name)
                && !article.leaders.contains(&name)
                && Gazetteer::embedded().leads_at(&name, article.date.as_ref())
            {
                article.leaders.push(name);
            }
        }
        article.mentioned.retain(|name| !article.people.contains(name));
    }
}

/// Articles of one segment that are read together, unless more than twelve are: opening its store once more costs a third of one.
const READ_TOGETHER: usize = 3;

/// Where an article is stored, and its place among those asked for.
type Stored = (DocAddress, usize);

fn remove_repeated(values: &mut Vec<String>) {
    let mut kept: Vec<String> = Vec::with_capacity(values.len());
    for value in values.drain(..) {
        if !kept.contains(&value) {
            kept.push(value);
        }
    }
    *values = kept;
}
