//! Articles like one: those in which the words that tell it from the rest of the archive stand too.
//!
//! What tells it apart is turned into a query like any other, so that ranking, snippets and explanations are the same.

use rustc_hash::FxHashMap;
use tantivy::Term;
use tantivy::query::Bm25StatisticsProvider;

use crate::article::Article;
use crate::index::{Words, fields, is_unspaced};
use crate::query::{Kind, Node, Part};

use super::archive::Archive;
use super::results::SearchResults;
use super::{SearchRequest, find, search};

/// Words an article is told by; more cost time and change little.
const TELLING_WORDS: usize = 25;

/// What a word of the title counts for, in words of the body.
const TITLE_COUNT: u32 = 3;

/// Shortest word looked at, in characters, save in scripts without spaces.
const SHORTEST: usize = 3;

/// A word in more than one of so many articles says little about any of them.
const COMMON: u64 = 4;

/// The articles most like one, best first, without itself; `None` if there is no article of this id. The query of the answer
/// is the words they were found by.
///
/// # Errors
/// If the index is damaged.
pub fn related(archive: &Archive, id: &str, limit: usize) -> anyhow::Result<Option<SearchResults>> {
    let Some(article) = find(archive, id)? else { return Ok(None) };
    let words: Vec<Node> = telling_words(archive, &article)?
        .into_iter()
        .map(|(text, weight)| Node { kind: Kind::Word { text, exact: true }, boost: weight, span: 0..0 })
        .collect();
    let any = if words.is_empty() { Node::new(Kind::Id(String::new()), 0..0) } else { any_of(words) };
    let request =
        SearchRequest { text: any.to_string(), query: any, limit: limit.saturating_add(1), ..Default::default() };
    let mut results = search(archive, &request)?;
    // it answers its own words, and is not what was asked for
    results.total = results.total.saturating_sub(u64::from(results.total > 0));
    results.hits.retain(|hit| hit.id != id);
    results.hits.truncate(limit);
    for (place, hit) in results.hits.iter_mut().enumerate() {
        hit.rank = place + 1;
    }
    Ok(Some(results))
}

fn any_of(words: Vec<Node>) -> Node {
    let any = Node::new(Kind::Or(words), 0..0);
    Node::new(Kind::Within { part: Part::Body, query: Box::new(any) }, 0..0)
}

/// The words that stand often in an article and seldom in the archive, the most telling first, with their weights.
fn telling_words(archive: &Archive, article: &Article) -> anyhow::Result<Vec<(String, f32)>> {
    let mut counts: FxHashMap<String, u32> = FxHashMap::default();
    for (text, worth) in [(&article.title, TITLE_COUNT), (&article.body, 1)] {
        let mut words = Words::new(text);
        while words.advance() {
            let long = words.folded.chars().count() >= SHORTEST || words.folded.starts_with(is_unspaced);
            if long && words.folded.contains(char::is_alphabetic) {
                *counts.entry(words.folded.clone()).or_default() += worth;
            }
        }
    }
    let searcher = archive.searcher();
    let articles = searcher.num_docs().max(1);
    let mut weighed: Vec<(f32, String, f32)> = Vec::new();
    for (word, count) in counts {
        let holding = archive.statistics().doc_freq(&Term::from_field_text(fields().body, &word))?;
        if holding < 2 || holding > articles.div_ceil(COMMON) {
            continue;
        }
        let often = 1.0 + (count as f32).ln();
        let rarity = (articles as f32 / holding as f32).ln();
        weighed.push((often * rarity, word, (often * 10.0).round() / 10.0));
    }
    weighed.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    weighed.truncate(TELLING_WORDS);
    Ok(weighed.into_iter().map(|(_, word, weight)| (word, weight)).collect())
}
