//! The people of one article: who was named by a full name, and whom the bare surnames mean.

use rustc_hash::FxHashSet;

use super::candidate::{Candidate, ENOUGH, KNOWN};
use super::ground::{Ground, Mention, because};
use super::{FULL, Found, Names, POSSESSIVE, Reader};
use crate::enrich::gazetteer::{Named, Role, Word, add_word};
use crate::enrich::page::{Case, Mark, Page};
use crate::enrich::tokens::{EMPTY, Facts, Gap, Shape, Token, join_plain};

/// Days around a term of office in which its holder is the one meant by a surname.
const NEAR: i64 = 366;

/// Someone the article names.
#[derive(Debug)]
struct Member {
    found: Found,
    /// Length of the printed form, in bytes.
    printed: usize,
    first_key: u64,
    last_key: u64,
    plain_key: u64,
    /// Order of first mention.
    position: usize,
}

/// Everyone an article names so far.
pub struct Cast<'a> {
    reader: Reader<'a>,
    members: Vec<Member>,
    /// Keys of what turned out to be companies and bodies.
    companies: FxHashSet<u64>,
    things: Vec<String>,
    mentions: usize,
    /// Whether each mention is kept with its grounds.
    keeps_mentions: bool,
}

impl<'a> Cast<'a> {
    /// Nobody yet.
    pub fn new(reader: Reader<'a>, keeps_mentions: bool) -> Self {
        let companies = FxHashSet::default();
        Self { reader, members: Vec::new(), companies, things: Vec::new(), mentions: 0, keeps_mentions }
    }

    /// Takes in the candidates of a page: full names first, since they explain the surnames before and after them.
    pub fn read(&mut self, page: &mut Page, candidates: &[Candidate], in_title: bool) {
        let titled: FxHashSet<u64> = candidates
            .iter()
            .filter(|candidate| candidate.has_title && candidate.words == 1)
            .map(|candidate| candidate.last_key)
            .collect();
        for (index, candidate) in candidates.iter().enumerate() {
            // `Marsh Holt, Ridley and Co`
            let next = candidates.get(index + 1);
            let begins_list = candidate.words > 1
                && !candidate.acts
                && !candidate.is_sure
                && next.is_some_and(|next| {
                    next.is_company && next.first == candidate.past && page.tokens[next.first].gap == Gap::COMMA
                });
            if candidate.weight == KNOWN || !candidate.is_thing && !begins_list {
                continue;
            }
            let is_person = |other: &Candidate| other.key == candidate.key && (other.is_sure || other.weight == KNOWN);
            if candidate.is_company || candidate.words > 1 && !candidates.iter().any(is_person) {
                self.companies.insert(candidate.key);
            }
            if candidate.is_company || candidate.words > 1 {
                self.note_thing(page, candidate);
            }
            if candidate.is_company && candidate.past - candidate.first > 2 {
                // a firm is called by the first words of its name
                let past = candidate.first + 2;
                let key =
                    page.tokens[candidate.first..past].iter().fold(EMPTY, |key, token| add_word(key, page.text, token));
                self.companies.insert(key);
                self.note_thing(page, &Candidate { past, words: 2, ..candidate.clone() });
            }
        }
        let mut members: Vec<Option<(usize, Ground)>> = vec![None; candidates.len()];
        for (index, candidate) in candidates.iter().enumerate() {
            let strong = candidate.weight >= ENOUGH
                || candidate.weight > 0 && (titled.contains(&candidate.last_key) || self.has_full(candidate));
            if candidate.words >= 2 && strong && !self.companies.contains(&candidate.key) {
                let ground = if candidate.weight == KNOWN { Ground::Known } else { Ground::Evidence };
                members[index] = Some((self.admit(page, candidate), ground));
            }
        }
        for (index, candidate) in candidates.iter().enumerate() {
            if members[index].is_none() && candidate.words == 1 && !candidate.is_company {
                members[index] = self.surname(page, candidate, in_title);
            }
            let Some((member, ground)) = members[index] else { continue };
            let found = &mut self.members[member].found;
            if self.keeps_mentions {
                let only_surname = ground == Ground::Explained && !found.name.contains(' ');
                let ground = if only_surname { Ground::Again } else { ground };
                let person = found.person.map(|person| self.reader.people.get(person));
                let because = because(&self.reader, page, candidate, ground, person);
                let (first, past) = (candidate.first, candidate.past);
                found.mentions.push(Mention { in_title, first, past, written: None, because });
            }
            found.count += 1;
            found.weight += mention_weight(page, candidate);
            if !in_title {
                found.first = found.first.min(candidate.first);
            }
            found.in_title |= in_title;
            found.has_title |= candidate.has_title;
            found.is_sure |= candidate.is_sure;
            found.is_open &= !candidate.has_title;
            if !found.is_open {
                page.mark(candidate.first, candidate.past, Mark::PERSON);
            }
        }
    }

    /// Notes a name that a person could have as that of a thing.
    fn note_thing(&mut self, page: &Page, candidate: &Candidate) {
        let flags = |key: u64| self.reader.lexicon.word(key);
        let like_a_name = if candidate.words == 1 {
            flags(candidate.last_key).is(Word::SURNAME)
        } else {
            flags(candidate.first_key).is(Word::NAME) || page.tokens[candidate.first].shape == Shape::Initial
        };
        if like_a_name && candidate.past - candidate.first <= 4 {
            let name = printed(page, candidate, &self.reader);
            if !self.things.contains(&name) {
                self.things.push(name);
            }
        }
    }

    /// Counts a name of the gazetteer whose script has no capitals, if it can only mean one person.
    pub fn meet(&mut self, key: u64, (first, past): (usize, usize), written: Option<&str>, in_title: bool) {
        let people = self.reader.people;
        let near = |named: &&Named| {
            let distance = self.reader.date.and_then(|date| people.get(named.person).distance(&date));
            named.full || distance.is_none_or(|days| days <= NEAR)
        };
        let mut named: Vec<Named> = people.with_key(key).iter().filter(near).copied().collect();
        if named.len() > 1 {
            keep_some(&mut named, |named| self.is_near(named.person));
        }
        if named.len() > 1
            && let Some(date) = self.reader.date
        {
            keep_some(&mut named, |named| people.get(named.person).is_leader_at(Some(&date)));
        }
        let [Named { person, .. }] = named[..] else { return };
        self.mentions += 1;
        let again = self.members.iter().position(|member| member.found.person == Some(person));
        let index = again.unwrap_or_else(|| {
            let name = people.get(person).name.to_owned();
            let found = Found { person: Some(person), ..Found::named(name) };
            let position = self.mentions;
            self.members.push(Member { found, printed: 0, first_key: key, last_key: key, plain_key: key, position });
            self.members.len() - 1
        });
        let found = &mut self.members[index].found;
        if self.keeps_mentions {
            let because = vec![Ground::Known.text(Some(people.get(person)), self.reader.date.as_ref())];
            found.mentions.push(Mention { in_title, first, past, written: written.map(str::to_owned), because });
        }
        found.count += 1;
        found.weight += FULL;
        found.first = 0;
        found.in_title |= in_title;
    }

    fn has_full(&self, candidate: &Candidate) -> bool {
        self.members.iter().any(|member| member.plain_key == candidate.plain_key)
    }

    /// Adds a full name, or finds whom it names again.
    fn admit(&mut self, page: &Page, candidate: &Candidate) -> usize {
        let person = self.full_name(candidate);
        let printed = printed(page, candidate, &self.reader);
        self.mentions += 1;
        if let Some(index) = self.same(page, candidate, person) {
            let member = &mut self.members[index];
            if member.found.person.is_none() && (printed.len() > member.printed || person.is_some()) {
                member.printed = printed.len();
                member.found.name = person.map_or(printed, |person| self.reader.people.get(person).name.to_owned());
                member.found.person = person;
                member.first_key = candidate.first_key;
            }
            return index;
        }
        let length = printed.len();
        let name = person.map_or(printed, |person| self.reader.people.get(person).name.to_owned());
        self.add(name, length, person, candidate)
    }

    fn add(&mut self, name: String, printed: usize, person: Option<u32>, candidate: &Candidate) -> usize {
        self.members.push(Member {
            found: Found { person, ..Found::named(name) },
            printed,
            first_key: candidate.first_key,
            last_key: candidate.last_key,
            plain_key: candidate.plain_key,
            position: self.mentions,
        });
        self.members.len() - 1
    }

    /// The member a full name names again: the same person, the same words, or the same surname with the same first
    /// name or its initial.
    fn same(&self, page: &Page, candidate: &Candidate, person: Option<u32>) -> Option<usize> {
        let initial = |index: usize| page.word(index).chars().next();
        let first = page.tokens[candidate.first];
        self.members.iter().position(|member| {
            if person.is_some() && member.found.person.is_some() {
                return member.found.person == person;
            }
            if member.plain_key == candidate.plain_key {
                return true;
            }
            if member.last_key != candidate.last_key {
                return false;
            }
            if member.first_key == candidate.first_key {
                return true;
            }
            let abbreviated = matches!(first.shape, Shape::Initial | Shape::Dotted);
            abbreviated && member.found.name.chars().next() == initial(candidate.first)
        })
    }

    /// Whom a full name means in the gazetteer.
    fn full_name(&self, candidate: &Candidate) -> Option<u32> {
        let people = self.reader.people;
        let full = |key: u64| people.with_key(key).iter().filter(|named| named.full).copied().collect::<Vec<Named>>();
        let mut named = full(candidate.key);
        if named.is_empty() {
            named = full(candidate.plain_key);
        }
        if named.is_empty() {
            // `Lloyd George` is what somebody is called without a first name
            let near = |named: &&Named| {
                let distance = self.reader.date.and_then(|date| people.get(named.person).distance(&date));
                distance.is_none_or(|days| days <= NEAR)
            };
            named = people.with_key(candidate.key).iter().filter(near).copied().collect();
        }
        if named.len() <= 1 {
            return named.first().map(|named| named.person);
        }
        self.narrow(named, candidate)
    }

    /// The one of several the candidate means: by the title, the date, the countries of the article.
    fn narrow(&self, mut named: Vec<Named>, candidate: &Candidate) -> Option<u32> {
        let people = self.reader.people;
        if let Some(date) = &self.reader.date {
            let away = |named: &Named| people.get(named.person).distance(date).unwrap_or(i64::MAX);
            let nearest = named.iter().map(away).min().unwrap_or(0);
            named.retain(|named| away(named) <= nearest.max(NEAR));
        }
        if named.len() > 1 && !candidate.office.is_empty() {
            keep_some(&mut named, |named| self.has_office(named.person, candidate.office));
        }
        if named.len() > 1 {
            keep_some(&mut named, |named| self.is_near(named.person));
        }
        if let Some(date) = self.reader.date.filter(|_| named.len() > 1) {
            keep_some(&mut named, |named| people.get(named.person).is_leader_at(Some(&date)));
        }
        (named.len() == 1).then(|| named[0].person)
    }

    /// Whether the person held an office of that name around the date.
    fn has_office(&self, person: u32, office: &str) -> bool {
        self.reader.people.get(person).offices.iter().any(|held| {
            let in_time = self.reader.date.is_none_or(|date| held.held_at(&date, NEAR));
            in_time && (held.office.contains(office) || office.contains(held.office))
        })
    }

    /// Whether the article names a country of the person's.
    fn is_near(&self, person: u32) -> bool {
        let offices = &self.reader.people.get(person).offices;
        offices.iter().any(|office| self.reader.countries.contains(&office.country))
    }

    /// Whom a single word means.
    fn surname(&mut self, page: &Page, candidate: &Candidate, in_title: bool) -> Option<(usize, Ground)> {
        let with_initial = candidate.past - candidate.first > 1;
        if with_initial && !candidate.has_title && candidate.weight < 2 {
            return None;
        }
        let leader = self.leader(page, candidate);
        // `President Holm` beside `Ida Holm`, his daughter
        let holds_office = |person: &u32| !candidate.office.is_empty() && self.has_office(*person, candidate.office);
        let officer = leader.filter(holds_office);
        if officer.is_none()
            && let Some(index) = self.explained(candidate)
        {
            return Some((index, Ground::Explained));
        }
        if let Some(person) = leader {
            let again = self.members.iter().position(|member| member.found.person == Some(person));
            self.mentions += 1;
            let index = again.unwrap_or_else(|| {
                let name = self.reader.people.get(person).name.to_owned();
                self.add(name, 0, Some(person), candidate)
            });
            return Some((index, Ground::Short));
        }
        let token = page.tokens[candidate.first];
        let flags = self.reader.lexicon.word(candidate.last_key);
        let role = self.reader.lexicon.role(&token, self.reader.languages);
        let is_title = role.is(Role::TITLE) && !flags.is(Word::NAME);
        let is_word = flags == Word::COMMON || is_title || role.is(Role::NOT_NAME.or(Role::COMPANY));
        let in_list = flags.is_only(Word::SURNAME, Word::COMMON) && !role.is(Role::SPEECH.or(Role::TITLE));
        let placed = candidate.first == 0 || page.tokens[candidate.first - 1].possessive;
        let in_list = in_list || (candidate.acts || placed) && flags.is(Word::SURNAME);
        let is_word = is_word || page.case != Case::Sentence && !in_list;
        let is_place = page.marks[candidate.first].has(Mark::COUNTRY);
        let acronym = token.shape == Shape::Upper && page.case == Case::Sentence;
        let is_thing = candidate.is_thing && !candidate.has_title;
        if is_word || is_place || acronym || is_thing || self.companies.contains(&candidate.key) {
            return None;
        }
        let is_open = !candidate.has_title;
        let may_be_meant = match page.case {
            Case::Sentence => (candidate.acts || in_title) && !flags.is(Word::COMMON),
            Case::Title | Case::Upper => true,
        };
        if is_open && (with_initial || !may_be_meant) {
            return None;
        }
        self.mentions += 1;
        let name = printed(page, candidate, &self.reader);
        let index = self.add(name, 0, None, candidate);
        self.members[index].found.is_open = is_open;
        Some((index, if is_open { Ground::Open } else { Ground::Title }))
    }

    /// The member whose surname, or first-standing family name, it is.
    fn explained(&self, candidate: &Candidate) -> Option<usize> {
        let named_so = |member: &Member| member.last_key == candidate.last_key;
        let by_title = self.members.iter().rposition(|member| named_so(member) && member.found.has_title);
        let by_last = self.members.iter().rposition(named_so);
        by_title.or(by_last).or_else(|| {
            let short = self.reader.people.with_key(join_plain(EMPTY, candidate.last_key));
            self.members.iter().rposition(|member| {
                let known = member.found.person.is_some_and(|person| short.iter().any(|named| named.person == person));
                known || candidate.has_title && member.first_key == candidate.last_key
            })
        })
    }

    /// Whom of the gazetteer a short form means at the article's date.
    fn leader(&self, page: &Page, candidate: &Candidate) -> Option<u32> {
        let reader = &self.reader;
        let is_single = candidate.past - candidate.first == 1;
        let mut short = if is_single && !may_be_name(&page.tokens[candidate.first]) {
            &[]
        } else {
            reader.people.with_key(candidate.key)
        };
        if candidate.first > 0 && page.tokens[candidate.first].gap.joins() {
            let before = &page.tokens[candidate.first - 1];
            if reader.lexicon.role(before, reader.languages).is(Role::PARTICLE) {
                let whole = add_word(add_word(EMPTY, page.text, before), page.text, &page.tokens[candidate.first]);
                let with_particle = reader.people.with_key(whole);
                if !with_particle.is_empty() {
                    short = with_particle;
                }
            }
        }
        if short.is_empty() {
            return None;
        }
        let in_time = |named: &&Named| match (&reader.date, reader.people.get(named.person)) {
            (Some(date), person) => person.distance(date).is_some_and(|days| days <= NEAR),
            (None, _) => true,
        };
        let named: Vec<Named> = short.iter().filter(in_time).copied().collect();
        let several = named.len() > 1;
        let person = self.narrow(named, candidate)?;
        let flags = reader.lexicon.word(candidate.last_key);
        let fits = candidate.has_title && (candidate.office.is_empty() || self.has_office(person, candidate.office));
        let is_word =
            reader.people.get(person).is_word || flags.is(Word::COMMON) || flags.is_only(Word::FIRST, Word::SURNAME);
        let leads = reader.date.is_some_and(|date| reader.people.get(person).is_leader_at(Some(&date)));
        let unmistakable = short.len() == 1 && leads && !flags.is(Word::FIRST);
        let evident = self.is_near(person) || candidate.acts && reader.date.is_some() || unmistakable;
        let believed = if is_word {
            let stands = candidate.acts || page.case != Case::Sentence && !flags.is(Word::COMMON);
            fits || stands && leads && self.is_near(person)
        } else {
            candidate.has_title || evident && !candidate.begins_word(flags)
        };
        (believed && (!several || fits || evident)).then_some(person)
    }

    /// The people, those named most often first, then in order of first mention.
    pub fn finish(mut self) -> Names {
        self.members.retain(|member| member.found.count > 0);
        self.members.sort_by_key(|member| (std::cmp::Reverse(member.found.count), member.position));
        let mut people: Vec<Found> = Vec::with_capacity(self.members.len());
        for member in self.members {
            match people.iter_mut().find(|found| found.name == member.found.name) {
                Some(found) => {
                    found.count += member.found.count;
                    found.weight += member.found.weight;
                    found.first = found.first.min(member.found.first);
                    found.in_title |= member.found.in_title;
                    found.has_title |= member.found.has_title;
                    found.is_sure |= member.found.is_sure;
                    found.is_open &= member.found.is_open;
                    found.mentions.extend(member.found.mentions);
                }
                None => people.push(member.found),
            }
        }
        self.things.sort_unstable();
        Names { people, things: self.things }
    }
}

impl Candidate {
    /// Whether it may be no more than a word at the start of a sentence.
    fn begins_word(&self, flags: Word) -> bool {
        self.begins_sentence && flags.is(Word::COMMON)
    }
}

/// How much of the article a mention makes the person's.
fn mention_weight(page: &Page, candidate: &Candidate) -> u32 {
    if candidate.is_thing {
        0
    } else if page.tokens[candidate.past - 1].possessive {
        POSSESSIVE
    } else {
        FULL
    }
}

/// Keeps those that pass, unless none does.
fn keep_some(named: &mut Vec<Named>, pass: impl Fn(&Named) -> bool) {
    if named.iter().any(&pass) {
        named.retain(pass);
    }
}

/// The name as printed, on one line, in small letters but for the first where it was printed in capitals.
fn printed(page: &Page, candidate: &Candidate, reader: &Reader) -> String {
    let mut name = String::new();
    let mut end = 0;
    for (index, token) in page.tokens[candidate.first..candidate.past].iter().enumerate() {
        let word = token.text(page.text);
        let suffix = reader.lexicon.role(token, reader.languages).is(Role::SUFFIX) && index > 0;
        if index > 0 {
            let between = &page.text[end..token.start as usize];
            let hyphen = between == "-" || between == "‐" || between == "‑";
            let elided = matches!(between, "'" | "’");
            name.push_str(if hyphen {
                "-"
            } else if elided {
                "'"
            } else {
                " "
            });
        }
        if token.shape == Shape::Upper && !suffix {
            let mut letters = word.chars();
            name.extend(letters.next());
            name.extend(letters.flat_map(char::to_lowercase));
        } else {
            name.push_str(word);
        }
        if token.dot || token.shape == Shape::Dotted {
            name.push('.');
        }
        end = token.end as usize;
        if token.dot && token.shape == Shape::Initial {
            end += 1;
        }
    }
    name
}

/// Whether somebody may be known by this word alone: letters with dots stand for several.
fn may_be_name(token: &Token) -> bool {
    token.shape == Shape::Dotted || token.facts.may_have(Facts::IS_NAME)
}
