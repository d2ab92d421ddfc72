//! Spellings: what two written forms of one name have in common.

use std::borrow::Cow;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::index::{fold, fold_onto};

/// A full name taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// First word, folded.
    pub first: String,
    /// Letters of the initials between.
    pub initials: String,
    /// The other words up to the surname, folded.
    pub middle: String,
    /// Last word but a suffix, folded.
    pub surname: String,
}

/// The first word of a full name, what lies between, and the last but for a suffix; `None` for a single word.
pub fn cut(name: &str) -> Option<(&str, &str, &str)> {
    let (before, surname) = without_suffix(name).rsplit_once(' ')?;
    let (first, between) = before.split_once(' ').unwrap_or((before, ""));
    Some((first, between, surname))
}

/// Takes a full name apart; `None` for a single word.
pub fn parts(name: &str) -> Option<Parts> {
    let (first, between, surname) = cut(name)?;
    let (mut initials, mut middle) = (String::new(), String::new());
    for word in between.split(' ') {
        if is_initial(word) {
            initials.extend(word.chars().filter(|c| c.is_alphabetic()));
        } else {
            if !middle.is_empty() {
                middle.push(' ');
            }
            middle.push_str(word);
        }
    }
    Some(Parts { first: fold(first), initials, middle: fold(&middle), surname: fold(surname) })
}

/// A name of at least three words without the `Jr` or `III` it ends with.
fn without_suffix(mut name: &str) -> &str {
    while let Some((before, last)) = name.rsplit_once(' ')
        && before.contains(' ')
        && is_suffix(last)
    {
        name = before;
    }
    name
}

/// A full name without the initials between first name and surname, as it is mostly cited.
pub fn without_initials(name: &str) -> String {
    let last = name.split(' ').count().saturating_sub(1);
    let kept = name.split(' ').enumerate().filter(|(index, word)| *index == 0 || *index == last || !is_initial(word));
    kept.map(|(_, word)| word).collect::<Vec<_>>().join(" ")
}

/// The surname of a name, folded; a single word is one.
pub fn surname(name: &str) -> String {
    let (_, surname) = without_suffix(name).rsplit_once(' ').unwrap_or(("", without_suffix(name)));
    fold(surname)
}

/// Whether the first word is no more than initials.
pub fn begins_with_initial(name: &str) -> bool {
    name.split(' ').next().is_some_and(is_initial)
}

fn is_initial(word: &str) -> bool {
    if word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return false;
    }
    word.ends_with('.') && word.chars().filter(|c| c.is_alphabetic()).count() * 2 <= word.chars().count()
        || word.chars().count() == 1
}

fn is_suffix(word: &str) -> bool {
    let word = word.trim_end_matches('.');
    matches!(word, "Jr" | "Sr") || word.len() > 1 && word.chars().all(|c| matches!(c, 'I' | 'V'))
}

/// Letters written one way here and another way there, in names carried over from other scripts.
/// English, German, French and scholarly ways; the longer first.
const SAME_SOUND: [(&str, &str); 8] =
    [("dsch", "j"), ("tsch", "ch"), ("tch", "ch"), ("sch", "sh"), ("dj", "j"), ("kh", "h"), ("ou", "u"), ("ph", "f")];

/// The same for single letters, of what those leave.
fn same_sound(letter: char) -> char {
    match letter {
        'w' => 'v',
        'z' => 's',
        'y' | 'j' => 'i',
        other => other,
    }
}

/// Cyrillic letters of Russian, Ukrainian, Belarusian and Kazakh in Latin, so that sounds compare across both scripts.
const LATIN: [(char, &str); 50] = [
    ('а', "a"),
    ('б', "b"),
    ('в', "v"),
    ('г', "g"),
    ('ґ', "g"),
    ('д', "d"),
    ('е', "e"),
    ('ё', "e"),
    ('є', "e"),
    ('ж', "zh"),
    ('з', "z"),
    ('и', "i"),
    ('і', "i"),
    ('ї', "yi"),
    ('й', "y"),
    ('к', "k"),
    ('л', "l"),
    ('м', "m"),
    ('н', "n"),
    ('о', "o"),
    ('п', "p"),
    ('р', "r"),
    ('с', "s"),
    ('т', "t"),
    ('у', "u"),
    ('ў', "u"),
    ('ф', "f"),
    ('х', "h"),
    ('ц', "ts"),
    ('ч', "ch"),
    ('ш', "sh"),
    ('щ', "shch"),
    ('ъ', ""),
    ('ы', "i"),
    ('ь', ""),
    ('э', "e"),
    ('ю', "yu"),
    ('я', "ya"),
    ('ә', "a"),
    ('ғ', "g"),
    ('қ', "k"),
    ('ң', "n"),
    ('ө', "o"),
    ('ұ', "u"),
    ('ү', "u"),
    ('һ', "h"),
    ('ђ', "dj"),
    ('ј', "i"),
    ('љ', "l"),
    ('њ', "n"),
];

fn in_latin(word: &str) -> Cow<'_, str> {
    if word.is_ascii() {
        return word.into();
    }
    let mut latin = String::with_capacity(word.len());
    for letter in word.chars() {
        match LATIN.iter().find(|(cyrillic, _)| *cyrillic == letter) {
            Some((_, letters)) => latin.push_str(letters),
            None => latin.push(letter),
        }
    }
    latin.into()
}

/// First names by the name they are forms of.
static GIVEN_NAMES: LazyLock<FxHashMap<String, String>> = LazyLock::new(|| {
    let rows = crate::facts::GIVEN_NAMES.lines().filter(|line| !line.starts_with('#'));
    let pairs = rows.filter_map(|line| line.split_once('\t'));
    pairs.flat_map(|(name, forms)| forms.split('|').map(|form| (fold(form), fold(name)))).collect()
});

/// What all spellings of a name share: one sign for one sound, double letters once; first names by what they are a
/// form of.
pub fn sound(name: &str) -> String {
    let mut all = String::with_capacity(name.len());
    sound_onto(name, &mut String::with_capacity(name.len()), &mut all);
    all
}

/// Adds the sound of a name to `all`; `words` is memory to use.
pub fn sound_onto(name: &str, words: &mut String, all: &mut String) {
    words.clear();
    fold_onto(name, words);
    if words.bytes().any(|byte| matches!(byte, b'\'' | b'.' | b'-')) {
        *words = words.replace(['\'', '.'], "").replace('-', " ");
    }
    for (index, word) in words.split(' ').enumerate() {
        if index > 0 {
            all.push(' ');
        }
        let given = if index == 0 { GIVEN_NAMES.get(word) } else { None };
        let latin = in_latin(given.map_or(word, String::as_str));
        // `Yeltsin` is `Eltsine`
        let word = if latin.starts_with("ye") { &latin[1..] } else { &latin };
        // `Yan` is `Jan`, and neither is `Ian`
        let opens = word.starts_with(['j', 'y']);
        let mut last = opens.then_some('j');
        all.extend(last);
        for letter in heard(if opens { &word[1..] } else { word }).chars().map(same_sound) {
            if last.replace(letter) != Some(letter) {
                all.push(letter);
            }
        }
    }
}

/// A word with one sign for one sound.
fn heard(word: &str) -> Cow<'_, str> {
    let mut sound = Cow::from(word);
    let mut has = letters(word);
    for (written, heard) in SAME_SOUND {
        // nearly no word has all letters of a sign
        let needed = letters(written);
        let is_there = |sound: &str| sound.as_bytes().windows(written.len()).any(|part| part == written.as_bytes());
        if has & needed == needed && is_there(&sound) {
            sound = sound.replace(written, heard).into();
            has |= letters(heard);
        }
    }
    sound
}

/// Which of the letters from a to z are in a text, a bit each.
const fn letters(text: &str) -> u32 {
    let (bytes, mut at, mut set) = (text.as_bytes(), 0, 0);
    while at < bytes.len() {
        if bytes[at].is_ascii_lowercase() {
            set |= 1 << (bytes[at] - b'a');
        }
        at += 1;
    }
    set
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_letters_may_be_heard_last() {
        let (before_w, after_w) = SAME_SOUND.split_at(6);
        let in_turn = [before_w, &[("w", "v")], after_w, &[("z", "s"), ("y", "i"), ("j", "i")]].concat();
        let mut dice = 5_u64;
        for _ in 0..5_000 {
            let word: String = std::iter::repeat_with(|| {
                dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                char::from(b"dschtkwoupzyja"[(dice >> 33) as usize % 14])
            })
            .take(9)
            .collect();
            let expected = in_turn.iter().fold(word.clone(), |word, (written, heard)| word.replace(written, heard));
            assert_eq!(heard(&word).chars().map(same_sound).collect::<String>(), expected, "{word}");
        }
    }

    #[test]
    fn spellings_of_one_name_sound_alike() {
        for other in ["Olena Dubravsky", "Olena Dubravskiy", "Olena Dubravskyy", "Olena Dubrawskij"] {
            assert_eq!(sound(other), sound("Olena Dubravski"), "{other}");
        }
        for (one, two) in [
            ("Viktor Yasychev", "Wiktor Jassytschew"),
            ("Nursultan Zarbayev", "Noursoultan Sarbaïev"),
            ("Mahmoud Najafi", "Mahmud Nadschafi"),
            ("Abdel-Fattah Hussein", "Abdel Fatah Husein"),
        ] {
            assert_eq!(sound(one), sound(two));
        }
        for other in ["Олександр Сирський", "Oleksandr Syrskyi", "Alexander Syrsky"] {
            assert_eq!(sound(other), sound("Александр Сырский"), "{other}");
        }
        assert_eq!(sound("Юлія Щербакова"), sound("Yulia Shcherbakova"));
        assert_ne!(sound("Jan Otley"), sound("Ian Otley"));
        assert_ne!(sound("Olena Dubravska"), sound("Olena Dubravski"));
    }

    #[test]
    fn initials_and_suffixes_are_told_from_names() {
        let parts = parts("Harlan B. Otley Jr.").unwrap();
        assert_eq!((parts.first.as_str(), parts.initials.as_str(), parts.surname.as_str()), ("harlan", "B", "otley"));
        assert_eq!(surname("Otley"), "otley");
        assert!(begins_with_initial("H.B. Otley") && begins_with_initial("H. Otley"));
        assert!(!begins_with_initial("Harlan Otley"));
    }
}
