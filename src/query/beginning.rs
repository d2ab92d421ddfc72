//! The words of one segment that begin alike. They lie next to each other in its dictionary, so that how many there are is known from
//! the first and from the one behind the last, without a look at those between.

use std::io;
use std::ops::Range;

use tantivy::termdict::{TermDictionary, TermOrdinal};

/// Their places among the words of a field.
///
/// # Errors
/// If the dictionary cannot be read.
pub fn beginning_alike(words: &TermDictionary, prefix: &str) -> io::Result<Range<TermOrdinal>> {
    let first = first_from(words, prefix.as_bytes())?;
    let end = match behind(prefix) {
        Some(end) => first_from(words, &end)?,
        None => words.num_terms() as TermOrdinal,
    };
    Ok(first..end)
}

/// The place of the first word that is not less; behind the last if there is none.
fn first_from(words: &TermDictionary, least: &[u8]) -> io::Result<TermOrdinal> {
    let mut from = words.range().ge(least).into_stream()?;
    Ok(if from.advance() { from.term_ord() } else { words.num_terms() as TermOrdinal })
}

/// What is greater than all that begin with a prefix, and not greater than all others that are.
pub fn behind(prefix: &str) -> Option<Vec<u8>> {
    let mut end = prefix.as_bytes().to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            return Some(end);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use tantivy::postings::TermInfo;
    use tantivy::termdict::TermDictionaryBuilder;

    use super::*;

    #[test]
    fn words_that_begin_alike_lie_next_to_each_other() {
        let mut builder = TermDictionaryBuilder::create(Vec::new()).unwrap();
        let words = ["a", "com", "coma", "como", "con", "zażółć", "zaż", "ż"];
        let mut sorted = words;
        sorted.sort_unstable();
        for word in sorted {
            builder.insert(word, &TermInfo::default()).unwrap();
        }
        let words = TermDictionary::open(builder.finish().unwrap().into()).unwrap();
        for prefix in ["", "a", "b", "com", "co", "con", "zaż", "ż", "żż", "comb"] {
            let first = sorted.iter().filter(|word| **word < prefix).count() as u64;
            let alike = sorted.iter().filter(|word| word.starts_with(prefix)).count() as u64;
            assert_eq!(beginning_alike(&words, prefix).unwrap(), first..first + alike, "{prefix}");
        }
    }
}
