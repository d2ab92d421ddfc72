//! Puts the inflected names of Russian, Ukrainian and Kazakh text into the nominative, so that one person has one name.
//!
//! An ending is taken off only where what remains is a name somebody knows, or where the first name beside it shows
//! the case: `Анны Беловой` is read as `Анна Белова` because `Анна` is a first name.

use super::Reader;
use crate::enrich::gazetteer::Word;
use crate::enrich::page::Page;
use crate::enrich::tokens::{EMPTY, Shape, join_plain, key};

/// Endings of names in the oblique cases, and what the nominative may have in their place; longest first.
const ENDINGS: [(&str, &[&str]); 41] = [
    ("ією", &["ія"]),
    ("єю", &["я"]),
    ("ові", &["", "о"]),
    ("еві", &["", "й"]),
    ("ого", &["ий", "ый", "ой"]),
    ("его", &["ий", "ей"]),
    ("ому", &["ий", "ый", "ой"]),
    ("ему", &["ий"]),
    ("тың", &[""]),
    ("тің", &[""]),
    ("дың", &[""]),
    ("дің", &[""]),
    ("ның", &[""]),
    ("нің", &[""]),
    ("мен", &[""]),
    ("пен", &[""]),
    ("бен", &[""]),
    ("тан", &[""]),
    ("тен", &[""]),
    ("нан", &[""]),
    ("ым", &["", "ый"]),
    ("им", &["ий", ""]),
    ("ом", &["", "о", "ой"]),
    ("ем", &["", "й", "ь"]),
    ("єм", &["й"]),
    ("ой", &["а", "ая"]),
    ("ою", &["а", "ая"]),
    ("ей", &["я", "а"]),
    ("ую", &["ая"]),
    ("қа", &[""]),
    ("ке", &[""]),
    ("ға", &[""]),
    ("ге", &[""]),
    ("ты", &[""]),
    ("ті", &[""]),
    ("а", &["", "о"]),
    ("я", &["й", "ь"]),
    ("у", &["", "а", "о"]),
    ("ю", &["й", "ь", "я"]),
    ("ы", &["а"]),
    ("е", &["", "а", "я"]),
];

/// Endings of `-и` and `-і`, which stand for several declensions.
const SOFT_ENDINGS: [(&str, &[&str]); 2] = [("и", &["я", "а", "ь"]), ("і", &["а", "", "я"])];

/// Shortest name an ending is taken off to, in letters.
const SHORTEST: usize = 3;

/// The text with its inflected names in the nominative, if it is Cyrillic and has any.
pub fn nominative(reader: &Reader, page: &Page) -> Option<String> {
    if !page.has_wide_names() {
        return None;
    }
    let mut text = String::new();
    let mut copied = 0;
    let mut at = 0;
    while at < page.tokens.len() {
        if !is_cyrillic_name(page, at) {
            at += 1;
            continue;
        }
        let mut past = at + 1;
        while past < page.tokens.len() && past < at + 3 && page.tokens[past].gap.joins() && is_cyrillic_name(page, past)
        {
            past += 1;
        }
        for (index, word) in rewritten(reader, page, at, past) {
            let token = &page.tokens[index];
            text.push_str(&page.text[copied..token.start as usize]);
            text.push_str(&word);
            copied = token.end as usize;
        }
        at = past;
    }
    if copied == 0 {
        return None;
    }
    text.push_str(&page.text[copied..]);
    Some(text)
}

fn is_cyrillic_name(page: &Page, index: usize) -> bool {
    let token = &page.tokens[index];
    token.wide && token.shape == Shape::Capital && is_cyrillic(page.word(index))
}

/// Whether a word is written in Cyrillic letters.
pub fn is_cyrillic(word: &str) -> bool {
    word.chars().next().is_some_and(|c| ('\u{0400}'..='\u{052f}').contains(&c))
}

/// The words of a run that change, with their nominatives.
fn rewritten(reader: &Reader, page: &Page, first: usize, past: usize) -> Vec<(usize, String)> {
    let mut changed = Vec::new();
    let mut at = first;
    while at < past {
        if at + 1 < past
            && let Some(pair) = full_name(reader, page, at, past)
        {
            let words = pair.len();
            let differs = |(index, word): &(usize, String)| page.word(*index) != word;
            changed.extend(pair.into_iter().enumerate().map(|(offset, word)| (at + offset, word)).filter(differs));
            at += words;
            continue;
        }
        let word = page.word(at);
        if !is_known(reader, word)
            && let Some(nominative) = forms(word).into_iter().find(|form| is_known(reader, form))
        {
            // The word before it is a first name nobody lists, in the same case.
            if at > first
                && changed.last().is_none_or(|(index, _)| *index < at - 1)
                && !is_known(reader, page.word(at - 1))
            {
                let before = agreeing(reader, page.word(at - 1), is_feminine(&nominative));
                changed.push((at - 1, before));
            }
            changed.push((at, nominative));
        }
        at += 1;
    }
    changed
}

/// Whether a single word is a name in the nominative.
fn is_known(reader: &Reader, word: &str) -> bool {
    let key = key(word);
    reader.lexicon.word(key).is(Word::NAME) || !reader.people.with_key(join_plain(EMPTY, key)).is_empty()
}

/// The nominatives of a first name, perhaps a patronymic, and a surname.
fn full_name(reader: &Reader, page: &Page, at: usize, past: usize) -> Option<Vec<String>> {
    let (first, second) = (page.word(at), page.word(at + 1));
    let firsts = with_itself(first);
    // Somebody the gazetteer knows decides the case.
    for one in &firsts {
        for other in with_itself(second) {
            let name = join_plain(join_plain(EMPTY, key(one)), key(&other));
            if reader.people.with_key(name).iter().any(|named| named.full) {
                return Some(vec![one.clone(), other]);
            }
        }
    }
    let is_first = |word: &String| reader.lexicon.word(key(word)).is(Word::FIRST);
    let nominative = firsts.iter().find(|word| is_first(word))?;
    let mut words = vec![nominative.clone()];
    if nominative == first {
        return Some(words);
    }
    let feminine = nominative.ends_with(['а', 'я']);
    let patronymic = past - at > 2 && is_patronymic(second);
    for index in at + 1..(at + if patronymic { 3 } else { 2 }) {
        words.push(agreeing(reader, page.word(index), feminine));
    }
    Some(words)
}

fn is_patronymic(word: &str) -> bool {
    ["ович", "евич", "йович", "овн", "евн", "івн"].iter().any(|mark| word.contains(mark))
}

/// A surname in an oblique case, put into the nominative of the gender given.
fn agreeing(reader: &Reader, word: &str, feminine: bool) -> String {
    if let Some(known) = forms(word).into_iter().find(|form| is_known(reader, form) && is_feminine(form) == feminine) {
        return known;
    }
    let fitting = |form: &String| {
        if feminine {
            is_feminine(form)
        } else {
            !form.ends_with(['а', 'я', 'о', 'ь']) && form.ends_with(is_consonant_or_short)
        }
    };
    forms(word).into_iter().find(fitting).unwrap_or_else(|| word.to_owned())
}

fn is_feminine(word: &str) -> bool {
    word.ends_with(['а', 'я'])
}

fn is_consonant_or_short(c: char) -> bool {
    !"аеёиоуыэюяіїєьъ".contains(c)
}

fn with_itself(word: &str) -> Vec<String> {
    let mut all = vec![word.to_owned()];
    all.extend(forms(word));
    all
}

/// What the nominative of a word may be, the longest ending first.
fn forms(word: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (ending, replacements) in ENDINGS.iter().chain(&SOFT_ENDINGS) {
        let Some(stem) = word.strip_suffix(ending) else { continue };
        if stem.chars().count() < SHORTEST {
            continue;
        }
        found.extend(replacements.iter().map(|replacement| format!("{stem}{replacement}")));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_of_a_surname_leads_back_to_it() {
        for inflected in ["Белова", "Белову", "Беловым", "Белове"] {
            assert!(forms(inflected).contains(&"Белов".to_owned()), "{inflected}");
        }
        for inflected in ["Дубового", "Дубовому", "Дубовым"] {
            assert!(forms(inflected).contains(&"Дубовый".to_owned()), "{inflected}");
        }
        assert!(forms("Гончаренка").contains(&"Гончаренко".to_owned()));
        assert!(forms("Ахметовтың").contains(&"Ахметов".to_owned()));
    }
}
