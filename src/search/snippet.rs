//! Snippets: the sentences of an article that show best why it was found. Made from the query's own tree, so that phrases
//! show as phrases, and stems and wildcards as the words they matched.

use serde::{Serialize, Serializer};

use crate::article::Article;
use crate::index::{StemLanguage, Words, folded_words};
use crate::query::{Kind, Node, Part, fits_pattern, fold_pattern};

/// Length a snippet aims at, in bytes of text.
const LENGTH: usize = 220;

/// A piece of an article's text with its matches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snippet {
    /// Plain text on one line.
    pub text: String,
    /// Byte ranges of the matches in `text`, in order, apart from each other.
    pub marks: Vec<std::ops::Range<usize>>,
}

impl Snippet {
    /// As HTML: escaped, matches in `<mark>`.
    pub fn html(&self) -> String {
        let mut html = String::with_capacity(self.text.len() + 32);
        let mut at = 0;
        for mark in &self.marks {
            escape(&self.text[at..mark.start], &mut html);
            html.push_str("<mark>");
            escape(&self.text[mark.clone()], &mut html);
            html.push_str("</mark>");
            at = mark.end;
        }
        escape(&self.text[at..], &mut html);
        html
    }
}

impl Serialize for Snippet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.html())
    }
}

fn escape(text: &str, html: &mut String) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
}

/// What the query looks for in the text.
#[derive(Debug)]
enum Pattern {
    Word { folded: String, stem: Option<String> },
    Wildcard(Vec<char>),
    Sequence(Vec<String>),
}

/// Makes the snippet of an article for a query.
pub fn snippet(query: &Node, article: &Article) -> Snippet {
    let language = article.language.as_deref().and_then(StemLanguage::of);
    let mut patterns = Vec::new();
    collect(query, language, &mut patterns);
    let body = one_line(&article.body);
    let marks = find(&patterns, language, &body);
    cut(&body, &marks)
}

/// Byte ranges of what a query matches in some text of an article in this language, in order and apart from each other.
pub fn marks(query: &Node, language: Option<&str>, text: &str) -> Vec<std::ops::Range<usize>> {
    let language = language.and_then(StemLanguage::of);
    let mut patterns = Vec::new();
    collect(query, language, &mut patterns);
    let mut marks: Vec<_> = find(&patterns, language, text).into_iter().map(|found| found.range).collect();
    marks.sort_by_key(|mark| (mark.start, mark.end));
    marks.dedup_by(|next, mark| {
        let overlaps = next.start < mark.end;
        if overlaps {
            mark.end = mark.end.max(next.end);
        }
        overlaps
    });
    marks
}

fn collect(node: &Node, language: Option<StemLanguage>, patterns: &mut Vec<Pattern>) {
    match &node.kind {
        Kind::Word { text, exact } => match folded_words(text).as_slice() {
            [] => {}
            [folded] => {
                let mut term = String::new();
                let stem = language.filter(|_| !exact).map(|language| {
                    language.term(&text.to_lowercase(), &mut term);
                    term.clone()
                });
                patterns.push(Pattern::Word { folded: folded.clone(), stem });
            }
            several => {
                patterns.push(Pattern::Sequence(several.to_vec()));
                patterns.push(Pattern::Word { folded: several.concat(), stem: None });
            }
        },
        Kind::Wildcard(pattern) => {
            patterns.push(Pattern::Wildcard(fold_pattern(pattern)));
        }
        Kind::Phrase { items, .. } => {
            let words: Vec<String> = items
                .iter()
                .filter_map(|item| match &item.kind {
                    Kind::Word { text, .. } => Some(folded_words(text)),
                    _ => None,
                })
                .flatten()
                .collect();
            patterns.push(Pattern::Sequence(words));
        }
        Kind::And(nodes) | Kind::Or(nodes) => nodes.iter().for_each(|node| collect(node, language, patterns)),
        Kind::Near { left, right, .. } => {
            collect(left, language, patterns);
            collect(right, language, patterns);
        }
        Kind::AtLeast { of, .. } => collect(of, language, patterns),
        Kind::Within { part: Part::Body | Part::Lead, query } => collect(query, language, patterns),
        _ => {}
    }
}

fn one_line(body: &str) -> String {
    body.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One match: where it is, and which pattern it fits.
struct Match {
    range: std::ops::Range<usize>,
    pattern: usize,
}

fn find(patterns: &[Pattern], language: Option<StemLanguage>, body: &str) -> Vec<Match> {
    let mut matches: Vec<Match> = Vec::new();
    // of every sequence, how far it has matched and where that began
    let mut progress: Vec<(usize, usize)> = vec![(0, 0); patterns.len()];
    let mut words = Words::new(body);
    let mut term = String::new();
    while words.advance() {
        let mut stemmed = false;
        for (number, pattern) in patterns.iter().enumerate() {
            let range = words.start..words.end;
            match pattern {
                Pattern::Word { folded, stem } => {
                    let fits = *folded == words.folded
                        || stem.as_ref().is_some_and(|stem| {
                            if !stemmed {
                                if let Some(language) = language {
                                    language.term(&words.lower, &mut term);
                                }
                                stemmed = true;
                            }
                            *stem == term
                        });
                    if fits {
                        matches.push(Match { range, pattern: number });
                    }
                }
                Pattern::Wildcard(pattern) => {
                    if fits_pattern(pattern, &words.folded) {
                        matches.push(Match { range, pattern: number });
                    }
                }
                Pattern::Sequence(sequence) => {
                    let (matched, began) = &mut progress[number];
                    if sequence.get(*matched) != Some(&words.folded) {
                        *matched = 0;
                    }
                    if sequence.get(*matched) == Some(&words.folded) {
                        if *matched == 0 {
                            *began = words.start;
                        }
                        *matched += 1;
                        if *matched == sequence.len() {
                            matches.push(Match { range: *began..words.end, pattern: number });
                            *matched = 0;
                        }
                    }
                }
            }
        }
    }
    matches.sort_by_key(|found| (found.range.start, found.range.end));
    matches
}

/// Cuts the stretch of whole sentences that shows the most different matches; without matches, the beginning.
fn cut(body: &str, matches: &[Match]) -> Snippet {
    let mut best = (0, 0);
    let mut best_value = (0, 0);
    for (first, found) in matches.iter().enumerate() {
        let start = sentence_start(body, found.range.start);
        let in_reach = matches[first..].iter().take_while(|other| other.range.end <= start + LENGTH);
        let mut seen: Vec<usize> = Vec::new();
        let mut count = 0;
        for other in in_reach {
            count += 1;
            if !seen.contains(&other.pattern) {
                seen.push(other.pattern);
            }
        }
        if (seen.len(), count) > best_value {
            best_value = (seen.len(), count);
            best = (start, found.range.start);
        }
    }
    let start = best.0;
    let end = snippet_end(body, start);
    let mut text = String::new();
    if start > 0 {
        text.push_str("… ");
    }
    let shift = text.len();
    text.push_str(body[start..end].trim_end());
    let text_end = text.len();
    if end < body.len() {
        text.push_str(" …");
    }
    let mut marks: Vec<std::ops::Range<usize>> = Vec::new();
    for found in matches.iter().filter(|found| found.range.start >= start && found.range.end <= end) {
        let mark = found.range.start - start + shift..(found.range.end - start + shift).min(text_end);
        match marks.last_mut() {
            Some(last) if mark.start <= last.end => last.end = last.end.max(mark.end),
            _ => marks.push(mark),
        }
    }
    Snippet { text, marks }
}

/// Where the sentence around `at` begins, or a word boundary if that is too far back.
fn sentence_start(body: &str, at: usize) -> usize {
    let far = body.floor_char_boundary(at.saturating_sub(LENGTH / 2));
    let before = &body[far..at];
    let ends = [". ", "! ", "? ", "” ", "。", "؟ ", "… "];
    let sentence = ends.iter().filter_map(|end| before.rfind(end).map(|found| far + found + end.len())).max();
    match sentence {
        Some(start) => start,
        None if far == 0 => 0,
        None => before.find(' ').map_or(at, |space| far + space + 1),
    }
}

/// Where a snippet from `start` ends: at the last sentence that fits, else at the last word.
fn snippet_end(body: &str, start: usize) -> usize {
    if body.len() - start <= LENGTH {
        return body.len();
    }
    let reach = body.floor_char_boundary(start + LENGTH);
    let stretch = &body[start..reach];
    let sentence =
        [". ", "! ", "? ", "。"].iter().filter_map(|end| stretch.rfind(end).map(|found| found + end.len())).max();
    match sentence {
        Some(end) if end * 2 > LENGTH => start + end,
        _ => stretch.rfind(' ').map_or(reach, |space| start + space),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Node {
        Node::new(Kind::Word { text: text.to_owned(), exact: false }, 0..0)
    }

    #[test]
    fn a_snippet_marks_stems_and_escapes_markup() {
        let article = Article {
            body: "First <b>things</b>. The negotiators negotiated at length.\n\nLast words.".to_owned(),
            language: Some("en".to_owned()),
            ..Article::default()
        };
        let html = snippet(&word("negotiating"), &article).html();
        assert_eq!(html, "… The <mark>negotiators</mark> <mark>negotiated</mark> at length. Last words.");
    }

    #[test]
    fn without_matches_it_is_the_beginning() {
        let article = Article { body: "Short text & more.".to_owned(), ..Article::default() };
        assert_eq!(snippet(&Node::all(), &article).html(), "Short text &amp; more.");
    }
}
