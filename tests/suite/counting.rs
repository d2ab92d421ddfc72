//! Facets against a count made by hand over what `export` prints.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::sandbox::{Sandbox, TODAY, sampled, words};

const FACETS: [&str; 11] = [
    "people",
    "leaders",
    "countries",
    "source",
    "language",
    "section",
    "tags",
    "authors",
    "wire",
    "filed_from",
    "year",
];

const SELECTIONS: [&str; 16] = [
    "''",
    "ceasefire",
    "treaty",
    "summit talks",
    "'ceasefire OR truce'",
    "president -bush",
    "title:summit",
    "country:US",
    "'country:Germany OR country:France'",
    "date:1987",
    "date:2022..2025",
    "'' --language ru",
    "'' --country RU --country US --from 2000",
    "election --sort newest",
    "'' --person Gorbachev",
    "'nuclear weapons' --match any",
];

#[test]
fn every_facet_is_what_a_count_over_the_export_gives() {
    let sandbox = sampled();
    for selection in SELECTIONS {
        check(sandbox, selection);
    }
}

/// Compares every facet of a selection.
pub fn check(sandbox: &Sandbox, selection: &str) {
    check_words(sandbox, &words(selection));
}

/// Compares every facet of a query.
pub fn check_query(sandbox: &Sandbox, query: &str) {
    check_words(sandbox, &[query.to_owned(), "--today".to_owned(), TODAY.to_owned()]);
}

fn check_words(sandbox: &Sandbox, words: &[String]) {
    let selection = words.join(" ");
    let after = |verb: &str, words: &[String]| [&[verb.to_owned()], words].concat();
    let sorted = words.iter().position(|word| word == "--sort").unwrap_or(words.len());
    let articles: Vec<Value> = sandbox
        .run(after("export", &words[..sorted]))
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let wanted = FACETS.iter().flat_map(|name| ["--facet".to_owned(), format!("{name}:0")]);
    let counted: Vec<String> =
        ["--limit", "0", "--format", "json"].map(str::to_owned).into_iter().chain(wanted).collect();
    let answer = sandbox.run([after("search", words), counted].concat());
    let answer: Value = serde_json::from_str(&answer.stdout).unwrap();
    assert_eq!(answer["total"], articles.len(), "{selection}");
    for name in FACETS {
        // a facet's own filter does not hide its other values, so an export cannot tell them
        let filtered = [("countries", "--country"), ("language", "--language"), ("people", "--person")];
        if filtered.iter().any(|(facet, flag)| *facet == name && selection.contains(flag)) {
            continue;
        }
        let mut expected: BTreeMap<String, u64> = BTreeMap::new();
        for article in &articles {
            for value in values(article, name) {
                *expected.entry(value).or_default() += 1;
            }
        }
        let counted: BTreeMap<String, u64> = answer["facets"][name]
            .as_array()
            .unwrap_or_else(|| panic!("{selection}: no facet {name}"))
            .iter()
            .map(|count| (count["value"].as_str().unwrap().to_owned(), count["count"].as_u64().unwrap()))
            .collect();
        assert_eq!(counted, expected, "{selection}: {name}");
    }
}

fn values(article: &Value, facet: &str) -> Vec<String> {
    let mut values: Vec<String> = match facet {
        "year" => article["date"].as_str().map(|date| date[..4].to_owned()).into_iter().collect(),
        "filed_from" => article["filed_from"]["country"].as_str().map(str::to_owned).into_iter().collect(),
        facet => match &article[facet] {
            Value::Array(values) => values.iter().map(|value| value.as_str().unwrap().to_owned()).collect(),
            Value::String(value) => vec![value.clone()],
            _ => Vec::new(),
        },
    };
    values.sort();
    values.dedup();
    if values.is_empty() {
        values.push("none".to_owned());
    }
    values
}

#[test]
fn a_filter_narrows_as_the_same_words_in_the_query_do() {
    let sandbox = sampled();
    for (flags, query) in [
        ("'' --country France", "country:France"),
        ("'' --person Gorbachev --language en", "'person:Gorbachev language:en'"),
        ("treaty --from 1987 --to 1991", "'treaty date:1987..1991'"),
        ("'' --country RU --country US", "'country:RU OR country:US'"),
    ] {
        let flags = sandbox.json(&format!("search {flags} --format json --limit 0"));
        let query = sandbox.json(&format!("search {query} --format json --limit 0"));
        assert_eq!(flags["total"], query["total"], "{flags} {query}");
    }
}

#[test]
fn facets_prints_the_counts_search_does() {
    let sandbox = sampled();
    let search = sandbox.json("search ceasefire --limit 0 --facet leaders --facet year --format json");
    let facets = sandbox.json("facets ceasefire leader year --format json");
    assert_eq!(search["facets"], facets["facets"]);
    let timeline = sandbox.json("timeline ceasefire --format json");
    assert_eq!(timeline["facets"]["year"], facets["facets"]["year"]);
}
