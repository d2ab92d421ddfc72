//! Spellings: what two written forms of one name have in common.

use crate::index::fold;

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

/// Takes a full name apart; `None` for a single word.
pub fn parts(name: &str) -> Option<Parts> {
    let mut words: Vec<&str> = name.split(' ').collect();
    while words.len() > 2 && is_suffix(words[words.len() - 1]) {
        words.pop();
    }
    let [first, between @ .., surname] = &words[..] else { return None };
    let (initials, middle): (Vec<&str>, Vec<&str>) = between.iter().partition(|word| is_initial(word));
    Some(Parts {
        first: fold(first),
        initials: initials.iter().flat_map(|word| word.chars().filter(|c| c.is_alphabetic())).collect(),
        middle: fold(&middle.join(" ")),
        surname: fold(surname),
    })
}

/// The surname of a name, folded; a single word is one.
pub fn surname(name: &str) -> String {
    parts(name).map_or_else(|| fold(name), |parts| parts.surname)
}

/// Whether the first word is no more than initials.
pub fn begins_with_initial(name: &str) -> bool {
    name.split(' ').next().is_some_and(is_initial)
}

fn is_initial(word: &str) -> bool {
    word.ends_with('.') && word.chars().filter(|c| c.is_alphabetic()).count() * 2 <= word.chars().count()
        || word.chars().count() == 1
}

fn is_suffix(word: &str) -> bool {
    let word = word.trim_end_matches('.');
    matches!(word, "Jr" | "Sr") || word.len() > 1 && word.chars().all(|c| matches!(c, 'I' | 'V'))
}

/// Letters written one way here and another way there, in names carried over from other scripts.
const SAME_SOUND: [(&str, &str); 10] = [
    ("iy", "i"),
    ("yy", "i"),
    ("ij", "i"),
    ("y", "i"),
    ("kh", "h"),
    ("w", "v"),
    ("ou", "u"),
    ("dj", "j"),
    ("tch", "ch"),
    ("ph", "f"),
];

/// What all spellings of a name share: one sign for one sound, double letters once.
pub fn sound(name: &str) -> String {
    let mut sound = fold(name).replace(['-', '\'', '.'], "");
    for (written, heard) in SAME_SOUND {
        sound = sound.replace(written, heard);
    }
    let mut letters: Vec<char> = sound.chars().collect();
    letters.dedup();
    letters.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_sound_alike() {
        for other in ["Olena Dubravsky", "Olena Dubravskiy", "Olena Dubravskyy", "Olena Dubrawskij"] {
            assert_eq!(sound(other), sound("Olena Dubravski"), "{other}");
        }
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
