//! Snippets: the sentences of an article that show best why it was found. Made from the query's own tree, so that phrases
//! show as phrases, and stems and wildcards as the words they matched.

mod cut;

use std::collections::VecDeque;

use levenshtein_automata::{DFA, Distance};
use serde::{Serialize, Serializer};

use crate::article::Article;
use crate::index::{StemLanguage, Words, fold, folded_words};
use crate::query::{Kind, LEAD_WORDS, Node, Part, fits_pattern, fold_pattern, near_word};

use cut::cut;

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
            // what moves a cursor or turns the direction of the page around shows nothing
            c if c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') => {}
            c => html.push(c),
        }
    }
}

/// What the query looks for in the text: words in a row, most often one.
struct Pattern {
    words: Vec<WordPattern>,
    /// Whether it counts only in the first words of the body.
    lead: bool,
}

/// What one word must be.
enum WordPattern {
    Folded(String),
    /// The folded word, or any with this stem in the article's language.
    Stemmed(String, String),
    Wildcard(Vec<char>),
    Fuzzy(DFA),
}

/// Makes the snippet of an article for a query.
pub fn snippet(query: &Node, article: &Article) -> Snippet {
    let language = article.language.as_deref().and_then(StemLanguage::of);
    let mut patterns = Vec::new();
    collect(query, language, false, &mut patterns);
    let body = one_line(&article.body);
    let marks = find(&patterns, language, &body);
    cut(&body, &marks)
}

/// Byte ranges of what a query matches in some text of an article in this language, in order and apart from each other.
pub fn marks(query: &Node, language: Option<&str>, text: &str) -> Vec<std::ops::Range<usize>> {
    let language = language.and_then(StemLanguage::of);
    let mut patterns = Vec::new();
    collect(query, language, false, &mut patterns);
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

fn collect(node: &Node, language: Option<StemLanguage>, lead: bool, patterns: &mut Vec<Pattern>) {
    let mut add = |words: Vec<WordPattern>| {
        if !words.is_empty() {
            patterns.push(Pattern { words, lead });
        }
    };
    match &node.kind {
        Kind::Word { .. } | Kind::Wildcard(_) | Kind::Fuzzy { .. } => {
            let words = word_patterns(node, language);
            if words.len() > 1
                && let Kind::Word { text, .. } = &node.kind
            {
                // `cease-fire` is found as `ceasefire` too
                add(vec![WordPattern::Folded(folded_words(text).concat())]);
            }
            add(words);
        }
        Kind::Phrase { items, slop: 0 } => add(items.iter().flat_map(|item| word_patterns(item, None)).collect()),
        Kind::Phrase { items, .. } => items.iter().for_each(|item| add(word_patterns(item, None))),
        Kind::And(nodes) | Kind::Or(nodes) => nodes.iter().for_each(|node| collect(node, language, lead, patterns)),
        Kind::Near { left, right, .. } => {
            collect(left, language, lead, patterns);
            collect(right, language, lead, patterns);
        }
        Kind::AtLeast { of, .. } => collect(of, language, lead, patterns),
        Kind::Within { part: Part::Body, query } => collect(query, language, lead, patterns),
        Kind::Within { part: Part::Lead, query } => collect(query, language, true, patterns),
        _ => {}
    }
}

/// The words a word, wildcard or fuzzy word is in the text; stemmed if there is a language and the word is not exact.
fn word_patterns(node: &Node, language: Option<StemLanguage>) -> Vec<WordPattern> {
    match &node.kind {
        Kind::Word { text, exact } => {
            let mut words = folded_words(text);
            match (words.as_slice(), language.filter(|_| !exact)) {
                ([_], Some(language)) => {
                    let mut stem = String::new();
                    language.term(&text.to_lowercase(), &mut stem);
                    vec![WordPattern::Stemmed(words.swap_remove(0), stem)]
                }
                _ => words.into_iter().map(WordPattern::Folded).collect(),
            }
        }
        Kind::Wildcard(pattern) => vec![WordPattern::Wildcard(fold_pattern(pattern))],
        Kind::Fuzzy { text, distance } => {
            vec![WordPattern::Fuzzy(near_word(&fold(text), *distance))]
        }
        _ => Vec::new(),
    }
}

/// A word of the text.
struct Seen {
    folded: String,
    stem: String,
    start: usize,
    end: usize,
    position: usize,
}

impl WordPattern {
    fn fits(&self, word: &Seen) -> bool {
        match self {
            Self::Folded(folded) => *folded == word.folded,
            Self::Stemmed(folded, stem) => *folded == word.folded || *stem == word.stem,
            Self::Wildcard(pattern) => fits_pattern(pattern, &word.folded),
            Self::Fuzzy(automaton) => matches!(automaton.eval(&word.folded), Distance::Exact(_)),
        }
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
    let longest = patterns.iter().map(|pattern| pattern.words.len()).max().unwrap_or(0);
    if longest == 0 {
        return Vec::new();
    }
    let stems = patterns.iter().flat_map(|pattern| &pattern.words).filter_map(|word| match word {
        WordPattern::Stemmed(_, stem) => Some(stem.as_str()),
        _ => None,
    });
    let stems: Vec<&str> = stems.collect();
    let mut matches: Vec<Match> = Vec::new();
    // the last words, one to a position; joined forms of pairs only count alone
    let mut row: VecDeque<Seen> = VecDeque::with_capacity(longest + 1);
    let mut words = Words::new(body);
    while words.advance() {
        let mut seen = Seen {
            folded: words.folded.clone(),
            stem: String::new(),
            start: words.start,
            end: words.end,
            position: words.position,
        };
        if let Some(language) = language
            && stems.iter().any(|stem| language.can_have(&seen.folded, stem))
        {
            language.term(words.lower(), &mut seen.stem);
        }
        let is_joined = row.back().is_some_and(|last| seen.position <= last.position);
        let position = seen.position;
        if is_joined {
            for (number, pattern) in patterns.iter().enumerate() {
                if let [word] = pattern.words.as_slice()
                    && word.fits(&seen)
                {
                    matches.push(Match { range: seen.start..seen.end, pattern: number });
                }
            }
            continue;
        }
        row.push_back(seen);
        if row.len() > longest {
            row.pop_front();
        }
        for (number, pattern) in patterns.iter().enumerate() {
            let length = pattern.words.len();
            if length > row.len() || pattern.lead && position >= LEAD_WORDS as usize {
                continue;
            }
            let first = row.len() - length;
            // the last word decides most often
            if pattern.words.iter().rev().zip(row.iter().rev()).all(|(pattern, word)| pattern.fits(word)) {
                matches.push(Match { range: row[first].start..row[row.len() - 1].end, pattern: number });
            }
        }
    }
    matches.sort_by_key(|found| (found.range.start, found.range.end));
    matches
}

#[cfg(test)]
mod tests;
