//! How much one article may hold, whatever its record says, so that no single one can use up memory or time.
//!
//! Texts are cut; an id or address is left out, since half of one is another one.

use crate::archive::Warning;
use crate::article::Draft;

/// Bytes of text.
const BODY: usize = 10 << 20;
/// Bytes of a title. Headlines have a hundred.
const TITLE: usize = 16 << 10;
/// Bytes of any other value.
const VALUE: usize = 4 << 10;
/// Authors, tags, and names an archive tagged, each.
const VALUES: usize = 1_000;

/// Holds a draft to the bounds; says so in its warnings if anything was cut.
pub fn keep(draft: &mut Draft) {
    let article = &mut draft.article;
    let mut cut = shorten(&mut article.body, BODY) | shorten(&mut article.title, TITLE);
    for value in [&mut article.source, &mut article.section, &mut article.wire, &mut article.language] {
        cut |= value.as_mut().is_some_and(|value| shorten(value, VALUE));
    }
    for list in [&mut article.authors, &mut article.tags, &mut draft.people_tags, &mut draft.country_tags] {
        cut |= list.len() > VALUES;
        list.truncate(VALUES);
        for value in list {
            cut |= shorten(value, VALUE);
        }
    }
    cut |= article.url.take_if(|url| url.len() > VALUE).is_some();
    if article.id.len() > VALUE {
        article.id.clear();
        cut = true;
    }
    if cut && !draft.warnings.contains(&Warning::TextCut) {
        draft.warnings.push(Warning::TextCut);
    }
}

/// Lists a value that is not listed yet. What comes after more than an article may hold is not looked at, since a record
/// lists as many as its sender likes; the one too many tells [`keep`] to say so.
pub fn list(values: &mut Vec<String>, value: String) {
    if values.len() <= VALUES && !value.is_empty() && !values.contains(&value) {
        values.push(value);
    }
}

/// Cuts a text between two characters; whether it was too long.
fn shorten(text: &mut String, longest: usize) -> bool {
    let is_long = text.len() > longest;
    if is_long {
        text.truncate(text.floor_char_boundary(longest));
    }
    is_long
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Article;

    #[test]
    fn what_is_over_a_bound_is_cut_or_left_out_with_a_warning() {
        let article = Article {
            id: "i".repeat(VALUE + 1),
            title: "é".repeat(TITLE),
            body: "Text.".to_owned(),
            url: Some("u".repeat(VALUE + 1)),
            tags: vec!["t".to_owned(); VALUES + 1],
            ..Article::default()
        };
        let mut draft = Draft { article, ..Draft::default() };
        keep(&mut draft);
        let Article { id, title, body, url, tags, .. } = &draft.article;
        assert_eq!((id.as_str(), title.len(), body.as_str(), url, tags.len()), ("", TITLE, "Text.", &None, VALUES));
        assert_eq!(draft.warnings, [Warning::TextCut]);
    }

    #[test]
    fn an_ordinary_article_is_left_alone() {
        let article = Article { id: "1".to_owned(), title: "T".repeat(500), ..Article::default() };
        let mut draft = Draft { article, ..Draft::default() };
        let before = draft.article.clone();
        keep(&mut draft);
        assert!(draft.article == before && draft.warnings.is_empty());
    }
}
