//! Names and the words around them: `schema/names.tsv` (first names, surnames, common words) and `schema/titles.tsv`.

use rustc_hash::FxHashMap;

use super::table::rows;
use super::words::Words;
use super::{Countries, People};
use crate::enrich::tokens::{EMPTY, Facts, Gap, Reading, Shape, Token, join, key, scan};

/// What a word can be, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Word(u8);

impl Word {
    /// A first name.
    pub const FIRST: Self = Self(1);
    /// A surname.
    pub const SURNAME: Self = Self(2);
    /// A first name or a surname.
    pub const NAME: Self = Self(3);
    /// A common word.
    pub const COMMON: Self = Self(4);
    /// A place.
    pub const PLACE: Self = Self(8);

    /// Whether it can be any of `other`.
    pub fn is(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Those among the facts of a word.
    pub fn of(facts: Facts) -> Self {
        Self(facts.word())
    }

    /// Either.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether it can be `this` and cannot be `other`.
    pub fn is_only(self, this: Self, other: Self) -> bool {
        self.is(this) && !self.is(other)
    }
}

/// What a phrase around a name is, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Role(u8);

impl Role {
    /// `Mr`.
    pub const HONORIFIC: Self = Self(1);
    /// Stands before a name, in capitals: `Prime Minister`.
    pub const TITLE: Self = Self(2);
    /// Describes somebody, in small letters: `chairman`.
    pub const ROLE: Self = Self(4);
    /// `said`.
    pub const SPEECH: Self = Self(8);
    /// `van`, `bin`: part of a name in small letters.
    pub const PARTICLE: Self = Self(16);
    /// `Jr`.
    pub const SUFFIX: Self = Self(32);
    /// `Inc`.
    pub const COMPANY: Self = Self(64);
    /// Never part of a name.
    pub const NOT_NAME: Self = Self(128);

    /// Whether it is any of `other`.
    pub fn is(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether it stands behind names and nowhere else.
    pub fn is_suffix_only(self) -> bool {
        self == Self::SUFFIX
    }

    /// Both together.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// A phrase of `titles.tsv`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Phrase {
    /// What it is.
    pub role: Role,
    /// The office it names, as in `offices.tsv`.
    pub office: &'static str,
    /// Languages it belongs to, as bits.
    languages: u32,
    more: bool,
}

/// Name words and the phrases around names.
#[derive(Debug)]
pub struct Lexicon {
    words: Words,
    phrases: FxHashMap<u64, Phrase>,
    languages: Vec<&'static str>,
}

/// The words of `names.tsv` and what each can be.
fn names(table: &'static str) -> Vec<(u64, Facts)> {
    let bits = |flags: &str| {
        flags.bytes().fold(0, |bits, flag| {
            bits | match flag {
                b'f' => Word::FIRST.0,
                b's' => Word::SURNAME.0,
                b'w' => Word::COMMON.0,
                b'p' => Word::PLACE.0,
                _ => 0,
            }
        })
    };
    rows(table).map(|[word, flags]| (key(word), Facts::of_word(bits(flags)))).collect()
}

impl Lexicon {
    pub(super) fn embedded(people: &People, countries: &Countries) -> Self {
        let mut known = names(crate::facts::NAMES);
        known.extend(people.single_words().map(|word| (word, Facts::IS_NAME)));
        known.extend(people.openers().map(|word| (word, Facts::OPENS_NAME)));
        known.extend(countries.openers().map(|word| (word, Facts::OPENS_COUNTRY)));
        let mut lexicon = Self::read(known, crate::facts::TITLES);
        lexicon.add_small_words(crate::facts::LANGUAGES);
        lexicon
    }

    /// Of words already known and the phrases of a table.
    fn read(mut known: Vec<(u64, Facts)>, titles: &'static str) -> Self {
        let mut lexicon = Self { words: Words::of(&[]), phrases: FxHashMap::default(), languages: Vec::new() };
        let mut tokens = Vec::new();
        for [language, kind, form, office] in rows(titles) {
            let role = match kind {
                "honorific" => Role::HONORIFIC,
                "title" => Role::TITLE,
                "role" => Role::ROLE,
                "speech" => Role::SPEECH,
                "particle" => Role::PARTICLE,
                "suffix" => Role::SUFFIX,
                "company" => Role::COMPANY,
                _ => Role::NOT_NAME,
            };
            let language = lexicon.add_language(language);
            tokens.clear();
            scan(form, Reading::default(), &mut tokens);
            known.extend(tokens.first().map(|token| (token.key, Facts::OPENS_PHRASE)));
            if role.is(Role::TITLE.or(Role::HONORIFIC)) {
                known.extend(tokens.last().map(|token| (token.key, Facts::ENDS_TITLE)));
            }
            let mut phrase = EMPTY;
            for (index, token) in tokens.iter().enumerate() {
                phrase = join(phrase, loose(token.gap), token.key);
                let entry = lexicon.phrases.entry(phrase).or_default();
                if index + 1 < tokens.len() {
                    entry.more = true;
                } else {
                    entry.role = entry.role.or(role);
                    entry.languages |= language;
                    if !office.is_empty() {
                        entry.office = office;
                    }
                }
            }
        }
        lexicon.words = Words::of(&known);
        lexicon
    }

    /// Takes in the small words of the languages other than English that have titles: with a capital they begin a
    /// sentence, never a name. English has them among its common words.
    fn add_small_words(&mut self, languages: &'static str) {
        for [language, kind, form] in rows(languages) {
            let Some(index) = self.languages.iter().position(|known| *known == language) else { continue };
            let word = key(form);
            if kind != "stop" || language == "en" || form.contains([' ', '\'']) || self.word(word).is(Word::NAME) {
                continue;
            }
            self.words.add(word, Facts::OPENS_PHRASE);
            let entry = self.phrases.entry(join(EMPTY, Gap::SPACE, word)).or_default();
            // a title or particle of any language stays what it is
            if entry.role == Role::default() {
                entry.role = Role::NOT_NAME;
                entry.languages |= 1 << index.min(31);
            }
        }
    }

    fn add_language(&mut self, language: &'static str) -> u32 {
        let index = self.languages.iter().position(|known| *known == language).unwrap_or_else(|| {
            self.languages.push(language);
            self.languages.len() - 1
        });
        1 << index.min(31)
    }

    /// The bits of the languages whose phrases an article in `language` is read with: its own and English; all, if
    /// its language is unknown.
    pub fn languages(&self, language: Option<&str>) -> u32 {
        let Some(language) = language else { return u32::MAX };
        let primary = language.split('-').next().unwrap_or(language);
        let bit = |wanted: &str| {
            self.languages.iter().position(|known| *known == wanted).map_or(0, |index| 1_u32 << index.min(31))
        };
        // Lines without a language, and `-`, hold for all.
        bit(primary) | bit("en") | bit("") | bit("-") | bit("*")
    }

    /// What a word can be.
    pub fn word(&self, key: u64) -> Word {
        Word::of(self.words.facts(key))
    }

    /// What is known of a word of a text.
    pub fn facts(&self, token: &Token) -> Facts {
        if token.facts.has(Facts::ASKED) { token.facts } else { self.words.facts(token.key) }
    }

    /// Notes what is known of the words of a text, but of those in small letters with none but such beside them, which most
    /// rules pass by.
    pub fn note_facts(&self, tokens: &mut [Token]) {
        let mut beside = false;
        for at in 0..tokens.len() {
            let is_small = tokens[at].shape == Shape::Lower;
            let leads = tokens.get(at + 1).is_some_and(|next| next.shape != Shape::Lower);
            if !is_small || beside || leads {
                tokens[at].facts = self.words.facts(tokens[at].key).or(Facts::ASKED);
            }
            beside = !is_small;
        }
    }

    /// The longest phrase that begins with the first token and is any of `wanted`, with the number of its tokens.
    pub fn phrase(&self, tokens: &[Token], wanted: Role, languages: u32) -> Option<(&Phrase, usize)> {
        let mut best = None;
        if !tokens.first()?.facts.may_have(Facts::OPENS_PHRASE) {
            return None;
        }
        let mut path = EMPTY;
        for (index, token) in tokens.iter().enumerate().take(8) {
            if index > 0 && (token.gap.has(Gap::BREAK) || token.gap.has(Gap::QUOTE)) {
                break;
            }
            path = join(path, loose(token.gap), token.key);
            let Some(phrase) = self.phrases.get(&path) else { break };
            if phrase.role.is(wanted) && phrase.languages & languages != 0 {
                best = Some((phrase, index + 1));
            }
            if !phrase.more {
                break;
            }
        }
        best
    }

    /// What a word is by itself.
    pub fn role(&self, token: &Token, languages: u32) -> Role {
        if !token.facts.may_have(Facts::OPENS_PHRASE) {
            return Role::default();
        }
        match self.phrases.get(&join(EMPTY, Gap::SPACE, token.key)) {
            Some(phrase) if phrase.languages & languages != 0 => phrase.role,
            _ => Role::default(),
        }
    }
}

/// Abbreviated titles have dots inside: `Lt. Gen.` is `Lt Gen`.
fn loose(gap: Gap) -> Gap {
    if gap == Gap::STOP { Gap::SPACE } else { gap }
}
