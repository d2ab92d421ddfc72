//! Reads bylines: `By JANE DOE and John Smith, Staff Writer`.

use crate::format::boilerplate::{self, Kind};

/// Words that join the last two names of a list, in the languages bylines come in.
const AND: [&str; 20] = [
    "and", "und", "et", "y", "e", "i", "и", "і", "та", "og", "och", "en", "ve", "ja", "ir", "és", "și", "with", "&",
    "+",
];

/// The authors a line names, if it begins as a byline does and holds nothing but names, roles and credits.
pub fn read(line: &str) -> Option<Vec<String>> {
    let rest = boilerplate::after_byline(line)?.trim_end_matches(['.', ',', ';']);
    if rest.is_empty() || rest.chars().count() > 160 {
        return None;
    }
    let rest = rest.split(['|', '•', '·']).next().unwrap_or(rest).trim();
    let rest = rest.split(" - ").next().unwrap_or(rest);
    let names = names(rest);
    if !names.is_empty() {
        return Some(names);
    }
    // nobody is named: the desk or agency is, as printed
    (boilerplate::is(Kind::Credit, rest) && rest.chars().next().is_some_and(|char| !char.is_lowercase()))
        .then(|| vec![rest.to_owned()])
}

/// The people a list of names names; empty if it is no such list. After the last name a comma opens a role or place.
pub fn names(list: &str) -> Vec<String> {
    let parts: Vec<&str> = list.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    let joined = parts.iter().position(|part| part.split(' ').any(|word| AND.contains(&word)));
    let mut found = Vec::new();
    for part in parts.iter().take(joined.map_or(1, |at| at + 1)) {
        let words: Vec<&str> = part.split_whitespace().collect();
        for name in words.split(|word| AND.contains(word)).filter(|name| !name.is_empty()) {
            let name = name.join(" ");
            if !is_name(&name) {
                return Vec::new();
            }
            if !boilerplate::is(Kind::Credit, &name) {
                found.push(displayed(&name));
            }
        }
    }
    found
}

/// Whether a text could be a person's name: up to five words with capitals, particles aside.
pub fn is_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() || words.len() > 5 {
        return false;
    }
    let particle = |word: &str| word.chars().count() <= 3 && word.chars().all(char::is_lowercase);
    let capital = |word: &str| {
        let letters = word.chars().all(|char| {
            char.is_alphabetic()
                || matches!(char, '.' | '-' | '\'' | '’')
                || unicode_normalization::char::is_combining_mark(char)
        });
        letters && word.chars().next().is_some_and(|char| char.is_alphabetic() && !char.is_lowercase())
    };
    let ends_well =
        words.last().is_some_and(|word| capital(word) && (word.chars().count() < 4 || !word.ends_with('.')));
    words.iter().all(|word| capital(word) || particle(word)) && capital(words[0]) && ends_well
}

/// All capitals are a habit of print, not of the name.
pub fn displayed(name: &str) -> String {
    let shouted = |word: &str| {
        word.chars().filter(|char| char.is_alphabetic()).count() > 1 && !word.chars().any(char::is_lowercase)
    };
    if !name.split(' ').any(|word| shouted(word) && !word.contains('.')) || name.chars().any(char::is_lowercase) {
        return name.to_owned();
    }
    let mut shown = String::with_capacity(name.len());
    let mut starts = true;
    for char in name.chars() {
        if starts {
            shown.push(char);
        } else {
            shown.extend(char.to_lowercase());
        }
        starts = !char.is_alphabetic() && !matches!(char, '.') || char == '.';
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_and_roles_left_out() {
        for (line, names) in [
            ("By Jane Doe", &["Jane Doe"][..]),
            ("By JANE O'DOE-SMITH", &["Jane O'Doe-Smith"]),
            ("By Jane Doe and John van der Berg, Staff Writers", &["Jane Doe", "John van der Berg"]),
            ("By Jane Doe, Ann Lee and J. R. Roe", &["Jane Doe", "Ann Lee", "J. R. Roe"]),
            ("By Jane Doe, Foreign Editor", &["Jane Doe"]),
            ("Von Jana Muster, Berlin", &["Jana Muster"]),
            ("Par Jeanne Dupont", &["Jeanne Dupont"]),
            ("Автор: Анна Иванова", &["Анна Иванова"]),
            ("By Jane Doe | Example News", &["Jane Doe"]),
        ] {
            assert_eq!(read(line).unwrap_or_default(), names, "{line}");
        }
    }

    #[test]
    fn where_nobody_is_named_the_desk_is() {
        assert_eq!(read("By Associated Press"), Some(vec!["Associated Press".to_owned()]));
    }

    #[test]
    fn sentences_are_no_bylines() {
        for line in
            ["By the end of the day talks had failed", "By 2030 it will be built", "Jane Doe", "By", "In den Bergen"]
        {
            assert_eq!(read(line), None, "{line}");
        }
    }
}
