//! The query language in one table, for `--help` and the README.

/// What to type and what it means.
pub const REFERENCE: &[(&str, &str)] = &[
    ("ceasefire talks", "articles with both words, in any of their forms"),
    ("truce OR ceasefire", "either; `||` also. AND binds more closely than OR"),
    ("talks AND (truce OR ceasefire)", "brackets group; `&&` is AND, a blank is AND as well"),
    ("talks -football", "without the word; `NOT football` and `!football` also"),
    ("\"peace talks\"", "these words in this order and form"),
    ("\"peace talks\"~5", "the same with up to five moves between them"),
    ("truce NEAR/5 talks", "at most five words between, in any order; `w/5` and `near5` also"),
    ("(truce OR ceasefire) ADJ/3 talks", "in this order; sides may be words, phrases or groups"),
    ("elect* w?rd *national", "`*` is any letters, `?` one letter within a word; in quotes too"),
    ("putin~1", "one letter added, dropped, changed or swapped; `~2` two"),
    ("flood^2 storm", "flood counts twice as much in the order of results"),
    ("title:flood", "in the headline; `lead:` in the first hundred words, `body:` in the text"),
    ("title:(flood OR \"storm surge\")", "any query on words may stand in the brackets"),
    ("person:zelensky", "about this person, however the name is spelt"),
    ("leader:FR", "about a person in office at the time, here one of France"),
    ("office:\"president of France\"", "about whoever held the office at the time"),
    ("country:france", "about a country, by name, code or demonym"),
    (
        "source:Reuters -language:en",
        "from a source, in another language; also author: section: tag: wire: filed: url: id:",
    ),
    ("source:(Reuters OR AFP)", "any of several values; `tag:eco*` for values like it"),
    ("date:2024-05", "published then; also 2024, 2024-05-01, 2024-Q3, 1960s, yesterday, this-year, last-7d"),
    (
        "date:2024-05..2024-09",
        "from the first day of the one to the last day of the other; `..2019` and `2020..` are open",
    ),
    ("date:>=2020-01", "as Lucene has it; also date:[2024-01-01 TO 2024-12-31]"),
    ("has:date people:none", "with a date, and about nobody; for every field"),
    ("atleast:3(flood)", "at least three times in the text"),
    ("onthisday:04-13", "published on this day of any year"),
    ("\\AND 3\\*4", "a backslash takes a character's meaning away"),
];

#[cfg(test)]
mod tests {
    use super::REFERENCE;
    use crate::date::Date;

    #[test]
    fn every_row_is_a_query_without_warnings() {
        let today = Date::ymd(2024, 5, 31).expect("a day");
        for (query, _) in REFERENCE {
            let parsed = crate::query::parse(query, today).expect(query);
            assert_eq!(parsed.warnings, Vec::<String>::new(), "{query}");
        }
    }
}
