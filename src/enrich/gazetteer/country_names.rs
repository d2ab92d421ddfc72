//! The English names of countries alone: printing one must not cost reading every form by which they are written about.

use memchr::memmem;

use super::table::{columns, from};

/// Codes with their names.
#[derive(Debug)]
pub struct CountryNames(Vec<(&'static str, &'static str)>);

impl CountryNames {
    pub(super) fn embedded() -> Self {
        Self::read(crate::facts::COUNTRIES)
    }

    fn read(table: &'static str) -> Self {
        const NAME: &str = "\tname\ten\t";
        let mut names = Vec::with_capacity(300);
        for at in memmem::find_iter(table.as_bytes(), NAME) {
            let code = table[..at].rsplit('\n').next().unwrap_or_default();
            let name = table[at + NAME.len()..].split(['\t', '\n']).next().unwrap_or_default();
            if !code.starts_with('#') {
                names.push((code, name));
            }
        }
        // the first of a code is the one to show
        names.sort_by_key(|(code, _)| *code);
        names.dedup_by_key(|(code, _)| *code);
        Self(names)
    }

    /// The code as it stands in the table, with its name.
    pub(super) fn entry(&self, code: &str) -> Option<(&'static str, &'static str)> {
        self.0.binary_search_by_key(&code, |(code, _)| code).ok().map(|index| self.0[index])
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.0.iter().copied()
    }
}

/// The English name of a country: for one answer's few, quicker than to find all.
pub(super) fn shown(code: &str) -> Option<&'static str> {
    let of_code = from(crate::facts::COUNTRIES, 0, code).lines().map(columns::<4>);
    let mut of_code = of_code.take_while(|[other, ..]| *other == code);
    of_code.find_map(|[_, kind, language, name]| (kind == "name" && language == "en").then_some(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_english_name_of_a_code_is_shown() {
        let table = "# XX\tname\ten\tNo\nXB\tname\ten\tBorduria\tcase\nXB\tname\ten\tOld Borduria\nXB\tname\tfr\tBordurie\n\
                     XA\tdemonym\ten\tA\nXA\tname\ten\tAland";
        let names = CountryNames::read(table);
        assert_eq!(names.all().collect::<Vec<_>>(), [("XA", "Aland"), ("XB", "Borduria")]);
        assert_eq!((names.entry("XB"), names.entry("XC")), (Some(("XB", "Borduria")), None));
        assert_eq!(CountryNames::embedded().entry("FR"), Some(("FR", "France")));
    }

    #[test]
    fn one_name_is_that_among_all() {
        let all = CountryNames::embedded();
        assert!(all.all().count() > 200);
        all.all().for_each(|(code, name)| assert_eq!(shown(code), Some(name), "{code}"));
        for code in ["", "#", "F", "XQ", "fr", "zz"] {
            assert_eq!(shown(code), all.entry(code).map(|(_, name)| name), "{code}");
        }
    }
}
