//! People known by name, with the offices they held: `schema/people.tsv`, `schema/offices.tsv`.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::is_unspaced;
use super::offices::{Office, leading};
use super::table::rows;
use crate::date::Date;
use crate::enrich::tokens::{EMPTY, Reading, Shape, Token, join_plain, key, scan};

/// A person of the gazetteer.
#[derive(Debug)]
pub struct Person {
    /// Wikidata id or slug.
    pub id: &'static str,
    /// The name as English-language news write it; unique.
    pub name: &'static str,
    /// What the person is called without a first name.
    pub short: Vec<&'static str>,
    /// Other full forms, in any script.
    pub aliases: Vec<&'static str>,
    /// By time.
    pub offices: Vec<Office>,
    /// A short form is also a common word or surname, and needs a title or the full name beside it.
    pub is_word: bool,
}

impl Person {
    /// The offices held at a date; all of them if there is none.
    pub fn in_office<'a>(&'a self, date: Option<&Date>) -> impl Iterator<Item = &'a Office> {
        let date = date.copied();
        self.offices.iter().filter(move |office| date.is_none_or(|date| office.held_at(&date, 0)))
    }

    /// Whether the person led a country at a date: as head of state or of government or as a minister; ever, if undated.
    pub fn is_leader_at(&self, date: Option<&Date>) -> bool {
        self.offices.iter().any(|office| office.leads_at(date))
    }

    /// Whether any office was held within `days` of the date.
    pub fn is_current(&self, date: &Date, days: i64) -> bool {
        self.offices.iter().any(|office| office.held_at(date, days))
    }

    /// Days between the date and the person's nearest office; 0 while in one, `None` without any.
    pub fn distance(&self, date: &Date) -> Option<i64> {
        self.offices.iter().map(|office| office.distance(date)).min()
    }
}

/// Someone a name can mean.
#[derive(Clone, Copy, Debug)]
pub struct Named {
    /// Index of the person.
    pub person: u32,
    /// The name is a full form, not a short one.
    pub full: bool,
}

/// Everyone, and by which names.
#[derive(Debug)]
pub struct People {
    all: Vec<Person>,
    by_canonical: FxHashMap<&'static str, u32>,
    /// Read only when somebody is looked for in a text: printing an answer asks for known people alone.
    names: OnceLock<Names>,
    unspaced: OnceLock<Unspaced>,
}

/// All names, by their words.
#[derive(Debug)]
struct Names {
    people: FxHashMap<u64, SmallVec<[Named; 1]>>,
    /// Words of the longest full name that begins with a word.
    longest: FxHashMap<u64, u8>,
    /// Keys of the words that are names by themselves.
    single_words: Vec<u64>,
}

/// The names in scripts that put no spaces between words.
#[derive(Debug)]
struct Unspaced {
    automaton: aho_corasick::AhoCorasick,
    keys: Vec<u64>,
}

impl People {
    pub(super) fn embedded() -> Self {
        Self::read(crate::facts::PEOPLE, crate::facts::OFFICES)
    }

    fn read(people: &'static str, offices: &'static str) -> Self {
        let list = |column: &'static str| column.split('|').filter(|part| !part.is_empty()).collect::<Vec<_>>();
        let people: Vec<Person> = rows(people)
            .map(|[id, name, short, aliases, flags]| Person {
                id,
                name,
                short: list(short),
                aliases: list(aliases),
                offices: Vec::new(),
                is_word: flags.split(',').any(|flag| flag == "word"),
            })
            .collect();
        let mut table = Self {
            by_canonical: people.iter().enumerate().map(|(index, person)| (person.name, index as u32)).collect(),
            names: OnceLock::new(),
            unspaced: OnceLock::new(),
            all: people,
        };
        table.add_offices(offices);
        table
    }

    fn names(&self) -> &Names {
        self.names.get_or_init(|| Names::of(&self.all))
    }

    fn add_offices(&mut self, offices: &'static str) {
        let leading = leading();
        let by_id: FxHashMap<&str, usize> =
            self.all.iter().enumerate().map(|(index, person)| (person.id, index)).collect();
        for [id, office, country, from, to] in rows(offices) {
            let Some(&index) = by_id.get(id) else { continue };
            self.all[index].offices.push(Office::read([office, country, from, to], &leading));
        }
    }

    /// All people, by name.
    pub fn all(&self) -> &[Person] {
        &self.all
    }

    /// A person by index.
    pub fn get(&self, index: u32) -> &Person {
        &self.all[index as usize]
    }

    /// Everyone with a name of this key, see [`key_of`].
    pub fn with_key(&self, key: u64) -> &[Named] {
        self.names().people.get(&key).map_or(&[], |people| people)
    }

    /// Gives the key of every name found in a text without spaces, and how it stands there, leftmost and longest first.
    pub fn in_unspaced<'a>(&self, text: &'a str, mut each: impl FnMut(u64, &'a str)) {
        let unspaced = self.unspaced.get_or_init(|| {
            let names = self.all.iter().flat_map(|person| person.short.iter().chain(&person.aliases));
            let written = |name: &&&str| name.chars().all(|c| is_unspaced(c) || c == '·') && name.chars().count() > 1;
            let names: Vec<&str> = names.filter(written).copied().collect();
            let automaton = aho_corasick::AhoCorasick::builder()
                .match_kind(aho_corasick::MatchKind::LeftmostLongest)
                .build(&names)
                .expect("the names are few and short");
            let mut tokens = Vec::new();
            let keys = names.iter().map(|name| {
                tokens.clear();
                scan(name, Reading::default(), &mut tokens);
                key_of(name, &tokens)
            });
            Unspaced { keys: keys.collect(), automaton }
        });
        for found in unspaced.automaton.find_iter(text) {
            each(unspaced.keys[found.pattern().as_usize()], &text[found.range()]);
        }
    }

    /// The keys of the first words of full names.
    pub(super) fn openers(&self) -> impl Iterator<Item = u64> {
        self.names().longest.keys().copied()
    }

    /// The keys of the words that are names by themselves.
    pub(super) fn single_words(&self) -> impl Iterator<Item = u64> {
        self.names().single_words.iter().copied()
    }

    /// How many words the longest full name beginning with this word has; 0 if none begins so.
    pub fn longest_from(&self, word: u64) -> usize {
        self.names().longest.get(&word).map_or(0, |words| usize::from(*words))
    }

    pub(super) fn named(&self, name: &str) -> Vec<&Person> {
        let mut tokens = Vec::new();
        scan(name, Reading::default(), &mut tokens);
        let found = self.with_key(key_of(name, &tokens));
        let (full, short): (Vec<&Named>, Vec<&Named>) = found.iter().partition(|named| named.full);
        full.into_iter().chain(short).map(|named| self.get(named.person)).collect()
    }

    /// Index of the person with this canonical name.
    pub fn index(&self, canonical: &str) -> Option<u32> {
        self.by_canonical.get(canonical).copied()
    }

    pub(super) fn canonical(&self, name: &str) -> Option<&Person> {
        self.by_canonical.get(name).map(|index| self.get(*index))
    }
}

impl Names {
    fn of(people: &[Person]) -> Self {
        let by_key = FxHashMap::with_capacity_and_hasher(people.len() * 4, rustc_hash::FxBuildHasher);
        let mut names = Self { people: by_key, longest: FxHashMap::default(), single_words: Vec::new() };
        let mut tokens = Vec::new();
        for (index, person) in people.iter().enumerate() {
            let full = std::iter::once(&person.name).chain(&person.aliases).map(|name| (name, true));
            for (name, full) in full.chain(person.short.iter().map(|name| (name, false))) {
                tokens.clear();
                scan(name, Reading::default(), &mut tokens);
                let key = key_of(name, &tokens);
                if let [word] = tokens[..] {
                    names.single_words.push(word.key);
                }
                if full && let Some(first) = tokens.first() {
                    let longest = names.longest.entry(first.key).or_default();
                    *longest = (*longest).max(tokens.len() as u8);
                }
                let entry = names.people.entry(key).or_default();
                if !entry.iter().any(|named| named.person == index as u32) {
                    entry.push(Named { person: index as u32, full });
                }
            }
        }
        names
    }
}

/// The key of a name: its words, whatever stands between them. `J.R.` and `J. R.` are one.
pub fn key_of(text: &str, tokens: &[Token]) -> u64 {
    tokens.iter().fold(EMPTY, |phrase, token| add_word(phrase, text, token))
}

/// The key of a name and one more of its words.
pub fn add_word(phrase: u64, text: &str, token: &Token) -> u64 {
    if token.shape == Shape::Dotted {
        let letters = token.text(text).split('.').filter(|letter| !letter.is_empty());
        return letters.fold(phrase, |phrase, letter| join_plain(phrase, key(letter)));
    }
    join_plain(phrase, token.key)
}
