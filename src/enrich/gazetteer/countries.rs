//! The forms by which countries are written about: `schema/countries.tsv`.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::table::rows;
use crate::enrich::tokens::{EMPTY, Facts, Gap, Reading, Shape, Token, fold, join, key, scan};

/// What a form says of a country. The order is that of preference when one form means two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `Norway`.
    Name,
    /// `Norwegian`: an adjective or the people.
    Demonym,
    /// The seat of government.
    Capital,
    /// A part of the country.
    Region,
    /// Another city.
    City,
    /// A seat or body standing for the state: `Downing Street`.
    Metonym,
    /// What tells where a firm or its money is at home: `GmbH`, the exchange in the sign of a share. It speaks only in
    /// an article that names no country.
    Mark,
    /// The sign of a share traded on its exchange.
    Share,
    /// A longer form around a country's form which is not that country: `New England Journal`.
    Block,
}

/// One form of one country.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// Index into the codes.
    pub country: u16,
    /// What it says.
    pub kind: Kind,
    /// Language of the form.
    pub language: &'static str,
    /// As written.
    pub written: &'static str,
    /// Only in this exact case.
    pub exact: bool,
    /// Ambiguous: counts only beside other evidence.
    pub context: bool,
    /// A state, name or spelling of the past.
    pub historic: bool,
    /// First and last year in which it holds.
    pub years: (i16, i16),
}

/// Forms that are one phrase, and whether longer ones begin with it.
#[derive(Clone, Copy, Debug, Default)]
struct Node {
    first: u32,
    count: u16,
    more: bool,
}

/// All forms of all countries.
#[derive(Debug)]
pub struct Countries {
    codes: Vec<&'static str>,
    /// How many forms each country has: how much is written about it.
    weights: Vec<u32>,
    forms: Vec<Form>,
    nodes: FxHashMap<u64, Node>,
    /// Keys of the first words of forms.
    openers: Vec<u64>,
    /// Keys of word beginnings that stand for all words beginning so.
    stems: FxHashSet<u64>,
    /// Keys of the first two letters of the stems.
    stem_openers: FxHashSet<u64>,
    unspaced: std::sync::OnceLock<Unspaced>,
    /// Exchanges by the end of the signs of shares, see [`Countries::exchange`].
    exchanges: FxHashMap<&'static str, u16>,
}

/// The forms in scripts that put no spaces between words.
#[derive(Debug)]
struct Unspaced {
    automaton: aho_corasick::AhoCorasick,
    forms: Vec<u32>,
}

/// Set off from the keys of whole words.
const STEM: u64 = 0xa5a5_5a5a_1234_8765;

/// Languages written without spaces.
const UNSPACED: [&str; 3] = ["zh", "ja", "th"];

impl Countries {
    pub(super) fn embedded() -> Self {
        Self::read(crate::facts::COUNTRIES)
    }

    fn read(table: &'static str) -> Self {
        let mut codes: BTreeSet<&'static str> = BTreeSet::new();
        let mut lines: Vec<(&'static str, Form)> = Vec::with_capacity(16_000);
        for [code, kind, language, form, flags, years] in rows(table) {
            let kind = match kind {
                "name" => Kind::Name,
                "demonym" => Kind::Demonym,
                "capital" => Kind::Capital,
                "region" => Kind::Region,
                "city" => Kind::City,
                "metonym" => Kind::Metonym,
                "mark" => Kind::Mark,
                _ => Kind::Block,
            };
            codes.insert(code);
            let flag = |name: &str| !flags.is_empty() && flags.split(',').any(|flag| flag == name);
            let (exact, context, historic) = (flag("case"), flag("context"), flag("historic"));
            let years = match years.split_once("..") {
                Some((from, to)) => (from.parse().unwrap_or(i16::MIN), to.parse().unwrap_or(i16::MAX)),
                None => (i16::MIN, i16::MAX),
            };
            lines.push((code, Form { country: 0, kind, language, written: form, exact, context, historic, years }));
        }
        let codes: Vec<&'static str> = codes.into_iter().collect();
        let mut weights = vec![0; codes.len()];
        for (code, form) in &mut lines {
            form.country = codes.binary_search(code).unwrap_or(0) as u16;
            weights[usize::from(form.country)] += 1;
        }
        let forms = lines.into_iter().map(|(_, form)| form).collect();
        let mut countries = Self {
            codes,
            weights,
            forms,
            nodes: FxHashMap::with_capacity_and_hasher(24_000, rustc_hash::FxBuildHasher),
            openers: Vec::new(),
            stems: FxHashSet::default(),
            stem_openers: FxHashSet::default(),
            unspaced: std::sync::OnceLock::new(),
            exchanges: FxHashMap::default(),
        };
        countries.take_exchanges();
        countries.index();
        countries
    }

    /// Sets the marks that are no words apart.
    fn take_exchanges(&mut self) {
        let (exchanges, forms): (Vec<Form>, Vec<Form>) =
            std::mem::take(&mut self.forms).into_iter().partition(|form| form.written.starts_with('.'));
        self.exchanges = exchanges.into_iter().map(|form| (form.written, form.country)).collect();
        self.forms = forms;
    }

    /// Sorts the forms by key and builds the table that finds them.
    fn index(&mut self) {
        let mut tokens = Vec::new();
        let mut keyed: Vec<(u64, Form)> = Vec::with_capacity(self.forms.len());
        for form in std::mem::take(&mut self.forms) {
            tokens.clear();
            scan(form.written, Reading::default(), &mut tokens);
            let mut phrase = EMPTY;
            for (index, token) in tokens.iter().enumerate() {
                let stem = form.written.as_bytes().get(token.end as usize) == Some(&b'*');
                let word = if stem { self.add_stem(token.text(form.written)) } else { token.key };
                phrase = join(phrase, token.gap, word);
                if index == 0 {
                    self.openers.push(word);
                }
                if index + 1 < tokens.len() {
                    self.nodes.entry(phrase).or_default().more = true;
                }
            }
            keyed.push((phrase, form));
        }
        keyed.sort_by(|one, other| one.0.cmp(&other.0).then(one.1.kind.cmp(&other.1.kind)));
        for (index, (phrase, _)) in keyed.iter().enumerate() {
            let node = self.nodes.entry(*phrase).or_default();
            if node.count == 0 {
                node.first = index as u32;
            }
            node.count += 1;
        }
        self.forms = keyed.into_iter().map(|(_, form)| form).collect();
    }

    fn add_stem(&mut self, stem: &str) -> u64 {
        let mut last = 0;
        let mut count = 0;
        prefixes(stem, |length, prefix| {
            if length == 2 {
                self.stem_openers.insert(prefix);
            }
            (count, last) = (length, prefix);
        });
        if count < 2 {
            return key(stem);
        }
        self.stems.insert(last);
        last ^ STEM
    }

    /// The keys of the first words of forms.
    pub(super) fn openers(&self) -> impl Iterator<Item = u64> {
        self.openers.iter().copied()
    }

    /// The country whose exchange trades a share: by what follows the dot in its sign, `.L` in `<BARC.L>`.
    pub fn exchange(&self, suffix: &str) -> Option<u16> {
        self.exchanges.get(suffix).copied()
    }

    /// Code of a country by index.
    pub fn code(&self, country: u16) -> &'static str {
        self.codes[usize::from(country)]
    }

    /// Index of the country with this code.
    pub fn country(&self, code: &str) -> Option<u16> {
        self.codes.binary_search(&code).ok().map(|index| index as u16)
    }

    /// Number of forms a country has.
    pub fn weight(&self, country: u16) -> u32 {
        self.weights[usize::from(country)]
    }

    /// The longest form that begins at a token: its forms and the number of its tokens.
    ///
    /// `accept` says whether a form may be read in this text at these tokens.
    pub fn longest<'a>(
        &'a self,
        text: &str,
        tokens: &[Token],
        stems: bool,
        mut accept: impl FnMut(&Form, &[Token]) -> bool,
    ) -> Option<(&'a [Form], usize)> {
        let opens = tokens.first()?.facts.may_have(Facts::OPENS_COUNTRY);
        if !opens && !stems {
            return None;
        }
        let mut best = None;
        let mut paths: smallvec::SmallVec<[u64; 4]> = smallvec::smallvec![EMPTY];
        for (index, token) in tokens.iter().enumerate().take(8) {
            if index > 0 && token.gap.has(Gap::BREAK) {
                break;
            }
            let mut words: smallvec::SmallVec<[u64; 4]> = smallvec::smallvec![token.key];
            if stems {
                self.stems_of(token.text(text), &mut words);
            }
            let mut next: smallvec::SmallVec<[u64; 4]> = smallvec::SmallVec::new();
            for path in &paths {
                for word in &words {
                    let phrase = join(*path, token.gap, *word);
                    let Some(node) = self.nodes.get(&phrase) else { continue };
                    let forms = &self.forms[node.first as usize..node.first as usize + usize::from(node.count)];
                    if forms.iter().any(|form| accept(form, &tokens[..=index])) {
                        best = Some((forms, index + 1));
                    }
                    if node.more && next.len() < 8 {
                        next.push(phrase);
                    }
                }
            }
            if next.is_empty() {
                break;
            }
            paths = next;
        }
        best
    }

    fn stems_of(&self, word: &str, words: &mut smallvec::SmallVec<[u64; 4]>) {
        let mut open = true;
        prefixes(word, |length, prefix| {
            if length == 2 {
                open = self.stem_openers.contains(&prefix);
            }
            if open && length >= 2 && self.stems.contains(&prefix) {
                words.push(prefix ^ STEM);
            }
        });
    }

    /// Every form found in a text without spaces, leftmost and longest first.
    pub fn in_unspaced(&self, text: &str, mut each: impl FnMut(&Form, usize)) {
        let unspaced = self.unspaced.get_or_init(|| {
            let written = |(index, form): (usize, &Form)| UNSPACED.contains(&form.language).then_some(index as u32);
            let forms: Vec<u32> = self.forms.iter().enumerate().filter_map(written).collect();
            let patterns = forms.iter().map(|form| self.forms[*form as usize].written);
            let automaton = aho_corasick::AhoCorasick::builder()
                .match_kind(aho_corasick::MatchKind::LeftmostLongest)
                .build(patterns)
                .expect("the forms of countries are few and short");
            Unspaced { automaton, forms }
        });
        for found in unspaced.automaton.find_iter(text) {
            let form = unspaced.forms[found.pattern().as_usize()];
            each(&self.forms[form as usize], found.start());
        }
    }

    pub(super) fn named(&self, text: &str) -> Option<&'static str> {
        let text = text.trim();
        let upper = text.to_ascii_uppercase();
        if let Ok(index) = self.codes.binary_search(&upper.as_str())
            && upper.len() == 2
        {
            return Some(self.codes[index]);
        }
        let plain = text.replace(['-', '_'], " ");
        let mut tokens = Vec::new();
        scan(&plain, Reading::default(), &mut tokens);
        if tokens.first().is_some_and(|token| token.shape == Shape::Uncased) {
            let mut found = None;
            self.in_unspaced(&plain, |form, _| {
                if form.written == plain {
                    found = Some(self.code(form.country));
                }
            });
            if found.is_some() {
                return found;
            }
        }
        let (forms, words) =
            self.longest(&plain, &tokens, true, |form, _| !matches!(form.kind, Kind::Mark | Kind::Block))?;
        let rank = |form: &&Form| (form.kind, form.historic, form.context, form.language != "en");
        let best = forms.iter().filter(|form| !matches!(form.kind, Kind::Mark | Kind::Block)).min_by_key(rank)?;
        (words == tokens.len()).then(|| self.code(best.country))
    }
}

/// Gives the key of every beginning of a word with its number of letters.
fn prefixes(word: &str, mut each: impl FnMut(usize, u64)) {
    let mut hash = 0x9e37_79b9_7f4a_7c15_u64;
    let mut length = 0;
    fold(word, &mut |c| {
        hash = (hash ^ u64::from(c as u32)).wrapping_mul(0x51_7c_c1_b7_27_22_0a_95).rotate_left(23);
        length += 1;
        each(length, hash);
    });
}
