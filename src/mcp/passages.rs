//! An article's text in passages: its paragraphs, the long ones cut between sentences, each with an id and its place in the text,
//! so that what is quoted can be found again.

use serde::Serialize;

use crate::article::Article;

/// Longest passage, in characters; a paragraph beyond it is cut.
const LONGEST: usize = 1200;

/// Part of an article's text, word for word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Passage {
    /// Id of the article, `#`, number of the passage.
    pub id: String,
    /// Its number in the article, from 1.
    pub number: usize,
    /// Where it begins in the body, in Unicode characters.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// The body from `start` to `end`.
    pub text: String,
}

/// The passages of an article, in order.
pub fn passages(article: &Article) -> Vec<Passage> {
    let mut passages: Vec<Passage> = Vec::new();
    let mut start = 0;
    for paragraph in article.body.split_inclusive("\n\n") {
        for piece in pieces(paragraph) {
            let before = piece.chars().take_while(|c| c.is_whitespace()).count();
            let text = piece.trim();
            let length = text.chars().count();
            if length > 0 {
                let number = passages.len() + 1;
                let begin = start + before;
                let id = format!("{}#{number}", article.id);
                passages.push(Passage { id, number, start: begin, end: begin + length, text: text.to_owned() });
            }
            start += piece.chars().count();
        }
    }
    passages
}

/// A paragraph in pieces of no more than the longest passage, cut after a sentence where there is one, else after a word.
fn pieces(paragraph: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = paragraph;
    while let Some((limit, _)) = rest.char_indices().nth(LONGEST) {
        let head = &rest[..limit];
        let sentence = head.rmatch_indices(['.', '!', '?', '。', '؟']).map(|(at, mark)| at + mark.len());
        let sentence =
            sentence.into_iter().find(|at| rest[*at..].starts_with(char::is_whitespace) || rest[..*at].ends_with('。'));
        let cut = sentence.or_else(|| head.rfind(char::is_whitespace)).filter(|at| *at > 0).unwrap_or(limit);
        pieces.push(&rest[..cut]);
        rest = &rest[cut..];
    }
    pieces.push(rest);
    pieces
}

/// The article an id means, and the passage if it names one.
pub fn parts(id: &str) -> (&str, Option<usize>) {
    match id.rsplit_once('#').map(|(article, number)| (article, number.parse())) {
        Some((article, Ok(number))) => (article, Some(number)),
        _ => (id, None),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn article(body: &str) -> Article {
        Article { id: "a".to_owned(), body: body.to_owned(), ..Article::default() }
    }

    #[test]
    fn a_passage_is_a_paragraph_or_a_part_that_ends_with_a_sentence() {
        let long = "Ein Satz über Züge. ".repeat(100);
        let passages = passages(&article(&format!("Short.\n\n{long}")));
        assert_eq!((passages[0].start, passages[0].end, passages[0].id.as_str()), (0, 6, "a#1"));
        assert_eq!(passages.len(), 3);
        assert!(passages.iter().all(|passage| passage.text.ends_with('.')));
        assert_eq!(parts("a#2"), ("a", Some(2)));
        assert_eq!(parts("a#b"), ("a#b", None));
    }

    proptest! {
        #[test]
        fn a_passage_stands_where_it_says(body in "(?s)[a-zé.\u{3002} \n]{0,4000}") {
            let letters: Vec<char> = body.chars().collect();
            let passages = passages(&article(&body));
            let mut kept = String::new();
            for passage in &passages {
                let there: String = letters[passage.start..passage.end].iter().collect();
                prop_assert_eq!(&there, &passage.text);
                prop_assert!(passage.end - passage.start <= LONGEST);
                kept.push_str(&passage.text);
            }
            let words = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(words(&kept), words(&body));
        }
    }
}
