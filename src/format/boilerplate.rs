//! The lines of `schema/boilerplate.tsv`: what surrounds an article on a page and is no part of it.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// What a line of boilerplate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A line that is only this, near the top: `cover`, `Advertisement`, `3 min read`.
    Stray = 1,
    /// A line that begins the part after the article: `Latest news`, `© *`.
    Tail = 2,
    /// Words before an author's name: `By`, `Von`.
    Byline = 4,
    /// Stands where a byline does, and names no person: `Staff and agencies`.
    Credit = 8,
    /// Of a banner: cookies, subscriptions, newsletters.
    Consent = 16,
    /// Label of a block of links inside an article: `Read more`.
    Teaser = 32,
}

struct Boilerplate {
    /// Kinds of whole lines, as a set of bits.
    lines: FxHashMap<String, u8>,
    /// Forms with `*`, by their first character; those that begin with `*` under `*`.
    patterns: FxHashMap<char, Vec<(String, u8)>>,
    longest_byline: usize,
}

static BOILERPLATE: LazyLock<Boilerplate> = LazyLock::new(|| Boilerplate::parse(crate::facts::BOILERPLATE));

impl Boilerplate {
    fn parse(table: &str) -> Self {
        let mut all = Self { lines: FxHashMap::default(), patterns: FxHashMap::default(), longest_byline: 0 };
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let mut columns = line.split('\t').skip(1);
            let (Some(kind), Some(form)) = (columns.next(), columns.next()) else { continue };
            let kind = match kind {
                "stray" => Kind::Stray,
                "tail" => Kind::Tail,
                "byline" => Kind::Byline,
                "credit" => Kind::Credit,
                "consent" => Kind::Consent,
                "teaser" => Kind::Teaser,
                _ => continue,
            };
            if form.contains('*') {
                let Some(first) = form.chars().next() else { continue };
                all.patterns.entry(first).or_default().push((form.to_owned(), kind as u8));
                continue;
            }
            let form = folded(form);
            if kind == Kind::Byline {
                all.longest_byline = all.longest_byline.max(form.split(' ').count());
            }
            *all.lines.entry(form).or_default() |= kind as u8;
        }
        all
    }

    fn whole(&self, folded: &str, kind: Kind) -> bool {
        self.lines.get(folded).is_some_and(|kinds| kinds & kind as u8 != 0)
    }
}

/// Lower case, single spaces, without the colon or full stop at the end.
fn folded(line: &str) -> String {
    let mut folded = String::with_capacity(line.len());
    for word in line.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().flat_map(char::to_lowercase));
    }
    let len = folded.trim_end_matches([':', '：', '.', ' ', '…', '»', '>', '→']).len();
    folded.truncate(len);
    folded
}

/// Whether a line is, as a whole, boilerplate of this kind.
pub fn is(kind: Kind, line: &str) -> bool {
    let folded = folded(line);
    BOILERPLATE.whole(&folded, kind) || pattern(kind, &folded).is_some()
}

/// Whether a line is, as a whole, boilerplate of any of these kinds.
pub fn is_any(kinds: &[Kind], line: &str) -> bool {
    let folded = folded(line);
    kinds.iter().any(|kind| BOILERPLATE.whole(&folded, *kind) || pattern(*kind, &folded).is_some())
}

/// The form with a star that a line matches, if it matches one of this kind and is no whole form.
pub fn matched_pattern(kind: Kind, line: &str) -> Option<&'static str> {
    pattern(kind, &folded(line))
}

fn pattern(kind: Kind, folded: &str) -> Option<&'static str> {
    let all: &'static Boilerplate = &BOILERPLATE;
    let first = folded.chars().next()?;
    [first, '*']
        .iter()
        .filter_map(|first| all.patterns.get(first))
        .flatten()
        .find(|(form, kinds)| kinds & kind as u8 != 0 && glob(form, folded))
        .map(|(form, _)| form.as_str())
}

/// Whether a text is what a form with stars describes; each star is any text.
fn glob(form: &str, text: &str) -> bool {
    let mut parts = form.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first.trim_end_matches(':'))) else {
        return false;
    };
    let mut last = "";
    for part in parts {
        last = part;
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    last.is_empty() || rest.is_empty() || text.ends_with(last)
}

/// What follows the words of a byline at the start of a line: `Jane Doe` of `By Jane Doe`.
pub fn after_byline(line: &str) -> Option<&str> {
    let mut ends = Vec::new();
    let mut blank = true;
    for (at, char) in line.char_indices() {
        if char.is_whitespace() {
            if !blank {
                ends.push(at);
            }
            blank = true;
        } else {
            blank = false;
            if matches!(char, ':' | '：') {
                ends.push(at + char.len_utf8());
            }
        }
        if ends.len() > BOILERPLATE.longest_byline {
            break;
        }
    }
    ends.iter().rev().find_map(|end| {
        let words = &line[..*end];
        BOILERPLATE
            .whole(&folded(words), Kind::Byline)
            .then(|| line[*end..].trim_start_matches(|char: char| char.is_whitespace() || matches!(char, ':' | '：')))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_lines_are_known_whatever_their_case_and_spaces() {
        assert!(is(Kind::Tail, "Latest  News"));
        assert!(is(Kind::Tail, "view all"));
        assert!(is(Kind::Stray, "cover"));
        assert!(!is(Kind::Tail, "The latest news came late"));
    }

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(is(Kind::Stray, "4 min read"));
        assert!(is(Kind::Tail, "© 2024 Example News"));
        assert!(glob("by clicking*accept*", "by clicking here you accept it"));
        assert!(!glob("* min read", "minutes read"));
        assert!(glob("a*b", "a b c b"));
    }

    #[test]
    fn a_byline_ends_where_the_name_begins() {
        assert_eq!(after_byline("By Jane Doe"), Some("Jane Doe"));
        assert_eq!(after_byline("Автор: Анна Иванова"), Some("Анна Иванова"));
        assert_eq!(after_byline("Jane Doe"), None);
    }
}
