//! What class names, ids and meta names mean, from `schema/html.tsv`.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use rustc_hash::FxHashMap;

use crate::facts;

/// What a class or id says of its element, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hint(u16);

impl Hint {
    /// Not the article's text.
    pub const DROP: Self = Self(1);
    /// Holds the article's text.
    pub const BODY: Self = Self(2);
    /// Names the author.
    pub const BYLINE: Self = Self(4);
    /// Names the day.
    pub const DATE: Self = Self(8);

    /// Not the article's text, even if it holds much.
    pub const HARD: Self = Self(16);
    /// A picture and its words.
    pub const FIGURE: Self = Self(32);
    /// Hides.
    pub const HIDDEN: Self = Self(64);
    /// The text under the headline.
    pub const LEAD: Self = Self(128);

    /// Whether it says `other` too.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// What a meta element tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is an article's fact of its name")]
pub enum Fact {
    Date,
    Author,
    Title,
    Site,
    Section,
    Tag,
    Language,
    Lead,
}

struct Hints {
    classes: FxHashMap<&'static str, Hint>,
    /// The most words a form has.
    words: usize,
    metas: FxHashMap<&'static str, (Fact, u8)>,
    /// The same names without what stands between their words.
    squeezed: FxHashMap<String, (Fact, u8)>,
    /// Words that join two names.
    and: Vec<&'static str>,
    credit: Vec<&'static str>,
    /// Finds any of the credits: most texts have none.
    any_credit: Option<AhoCorasick>,
    social: Vec<&'static str>,
    nobody: Vec<&'static str>,
}

static HINTS: LazyLock<Hints> = LazyLock::new(|| {
    let mut hints = Hints {
        classes: FxHashMap::default(),
        words: 1,
        metas: FxHashMap::default(),
        squeezed: FxHashMap::default(),
        and: Vec::new(),
        credit: Vec::new(),
        any_credit: None,
        social: Vec::new(),
        nobody: Vec::new(),
    };
    let rows = facts::HTML.lines().filter(|line| !line.starts_with('#'));
    for (kind, form) in rows.filter_map(|line| line.split_once('\t')) {
        let mut class = |hint: Hint| {
            let known = hints.classes.entry(form).or_default();
            *known = known.and(hint);
            hints.words = hints.words.max(form.split('-').count());
        };
        let fact = match kind {
            "drop" | "hard" | "figure" | "hidden" | "lead" | "body" | "byline" | "date" => {
                class(match kind {
                    "drop" => Hint::DROP,
                    "hard" => Hint::HARD,
                    "figure" => Hint::FIGURE,
                    "hidden" => Hint::HIDDEN,
                    "lead" => Hint::LEAD,
                    "body" => Hint::BODY,
                    "byline" => Hint::BYLINE,
                    _ => Hint::DATE,
                });
                continue;
            }
            "and" | "credit" | "social" | "nobody" => {
                match kind {
                    "and" => hints.and.push(form),
                    "credit" => hints.credit.push(form),
                    "nobody" => hints.nobody.push(form),
                    _ => hints.social.push(form),
                }
                continue;
            }
            "meta-date" => Fact::Date,
            "meta-author" => Fact::Author,
            "meta-title" => Fact::Title,
            "meta-site" => Fact::Site,
            "meta-section" => Fact::Section,
            "meta-tag" => Fact::Tag,
            "meta-language" => Fact::Language,
            "meta-lead" => Fact::Lead,
            _ => continue,
        };
        let first = hints.metas.values().filter(|(known, _)| *known == fact).count();
        let rank = first.min(255) as u8;
        hints.metas.entry(form).or_insert((fact, rank));
        hints.squeezed.entry(squeezed(form)).or_insert((fact, rank));
    }
    hints.any_credit = AhoCorasick::new(&hints.credit).ok();
    hints
});

/// What a meta element of this name tells, and how far down the list of trust it stands.
pub fn fact(name: &str) -> Option<(Fact, u8)> {
    let name = name.trim();
    if name.len() > 48 {
        return None;
    }
    let lower = name.to_ascii_lowercase();
    // `article-published-time` is `article:published_time`
    HINTS.metas.get(lower.as_str()).or_else(|| HINTS.squeezed.get(&squeezed(&lower))).copied()
}

/// A name without what stands between its words.
fn squeezed(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// What the words of a class or id attribute say.
pub fn read(class: &str) -> Hint {
    let hints = &*HINTS;
    let mut said = Hint::default();
    for name in class.split_ascii_whitespace().take(40) {
        if name.len() <= 80 {
            said = said.and(read_one(hints, name));
        }
    }
    said
}

/// Reads one class name: its words alone and in a row.
fn read_one(hints: &Hints, name: &str) -> Hint {
    // the words joined by `-`, and where each begins
    let mut joined = String::with_capacity(name.len() + 8);
    let mut starts: smallvec::SmallVec<[usize; 12]> = smallvec::smallvec![];
    let mut fresh = true;
    let mut lower_before = false;
    for byte in name.bytes() {
        if !byte.is_ascii_alphanumeric() {
            fresh = true;
            lower_before = false;
            continue;
        }
        if byte.is_ascii_uppercase() && lower_before {
            fresh = true;
        }
        lower_before = byte.is_ascii_lowercase();
        if fresh {
            if !joined.is_empty() {
                joined.push('-');
            }
            starts.push(joined.len());
            fresh = false;
        }
        joined.push(char::from(byte.to_ascii_lowercase()));
    }
    let mut said = Hint::default();
    for (at, start) in starts.iter().enumerate() {
        for count in 1..=hints.words.min(starts.len() - at) {
            let end = starts.get(at + count).map_or(joined.len(), |next| next - 1);
            if let Some(hint) = hints.classes.get(&joined[*start..end]) {
                let whole = at == 0 && count == starts.len();
                said = said.and(if whole { *hint } else { Hint(hint.0 & !Hint::HIDDEN.0) });
            }
        }
    }
    said
}

/// Whether a word joins two names: `and`.
pub fn joins_names(word: &str) -> bool {
    HINTS.and.iter().any(|and| word.eq_ignore_ascii_case(and))
}

/// Whether a text ends in a picture's credit: `(AP Photo/Jane Doe)`.
pub fn ends_in_credit(text: &str) -> bool {
    let lower = text.to_lowercase();
    let mut from = lower.len().saturating_sub(70);
    while !lower.is_char_boundary(from) {
        from += 1;
    }
    if HINTS.any_credit.as_ref().is_some_and(|any| !any.is_match(&lower[from..])) {
        return false;
    }
    let closed = lower.trim_end_matches('.').ends_with([')', ']']);
    HINTS.credit.iter().any(|form| {
        let Some(at) = lower[from..].rfind(form).map(|at| at + from) else { return false };
        // set apart: in brackets, or after a sentence's end
        let before = lower[..at].trim_end();
        if form.starts_with('(') {
            closed
        } else {
            !before.ends_with(|char: char| char.is_alphanumeric() || char == ',')
        }
    })
}

/// Whether a text names a network or channel to follow.
pub fn names_channel(text: &str) -> bool {
    let lower = text.to_lowercase();
    let mut words = lower.split(|char: char| !char.is_alphanumeric());
    words.any(|word| HINTS.social.contains(&word))
}

/// Whether an author's field names no one: `admin`.
pub fn is_nobody(name: &str) -> bool {
    let lower = name.to_lowercase();
    HINTS.nobody.contains(&lower.as_str())
}
