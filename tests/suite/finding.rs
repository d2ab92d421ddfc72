//! Which articles queries find: a table of what people type, properties that hold for any query, and the README's own table.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::sandbox::{Sandbox, TODAY, repository, sampled};

/// Queries with the ids they find.
fn table() -> Vec<(String, Vec<String>)> {
    let text = std::fs::read_to_string(repository().join("tests/fixtures/relevance/matches.tsv")).unwrap();
    let rows = text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split_once('\t').unwrap());
    rows.map(|(query, ids)| (query.to_owned(), ids.split_whitespace().map(str::to_owned).collect())).collect()
}

fn ids(answer: &Value) -> Vec<String> {
    let mut ids: Vec<String> =
        answer["hits"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect();
    ids.sort();
    ids
}

#[test]
fn every_query_of_the_table_finds_exactly_its_articles() {
    let table = table();
    assert!(table.len() >= 150);
    let sandbox = Sandbox::with_sample();
    let lines: Vec<String> = table.iter().enumerate().map(|(n, (query, _))| format!("q{n}\t{query}")).collect();
    sandbox.write("queries.tsv", lines.join("\n"));
    let ran = sandbox.line(&format!("search --queries queries.tsv --limit 200 --today {TODAY} --format json"));
    let found: BTreeMap<String, Vec<String>> = ran
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|answer| (answer["qid"].as_str().unwrap().to_owned(), ids(&answer)))
        .collect();
    for (number, (query, expected)) in table.iter().enumerate() {
        assert_eq!(found.get(&format!("q{number}")), Some(expected), "{query}");
    }
}

#[test]
fn facets_timelines_totals_and_exports_agree_for_any_query() {
    let sandbox = sampled();
    for (query, expected) in table().iter().step_by(4) {
        let ran = sandbox.run(["timeline", query, "--format", "json", "--by", "month", "--today", TODAY]);
        let times: Value = serde_json::from_str(&ran.stdout).unwrap();
        let ran = sandbox.run(["facets", query, "people:0", "leaders", "year", "--format", "json", "--today", TODAY]);
        let facets: Value = serde_json::from_str(&ran.stdout).unwrap();
        let exported: Vec<Value> = sandbox
            .run(["export", query, "--today", TODAY])
            .stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(exported.len(), expected.len(), "{query}");
        assert_eq!(times["total"], exported.len(), "{query}");
        assert_eq!(facets["total"], exported.len(), "{query}");
        let steps = times["timeline"]["steps"].as_array().unwrap();
        let sum: u64 = steps.iter().filter_map(|step| step["counts"][0].as_u64()).sum();
        let none = times["timeline"]["series"][0]["none"].as_u64().unwrap();
        assert_eq!(sum + none, exported.len() as u64, "{query}");
        let mut people: BTreeMap<&str, u64> = BTreeMap::new();
        for article in &exported {
            let named = article["people"].as_array().unwrap();
            for name in named {
                *people.entry(name.as_str().unwrap()).or_default() += 1;
            }
            if named.is_empty() {
                *people.entry("none").or_default() += 1;
            }
        }
        let counted: BTreeMap<&str, u64> = facets["facets"]["people"]
            .as_array()
            .unwrap()
            .iter()
            .map(|count| (count["value"].as_str().unwrap(), count["count"].as_u64().unwrap()))
            .collect();
        assert_eq!(counted, people, "{query}");
    }
}

/// Fifty queries made of those of the table, the same on every machine.
fn random_queries() -> Vec<String> {
    let table: Vec<String> = table().into_iter().map(|(query, _)| query).filter(|query| !query.is_empty()).collect();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut below = |end: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % end as u64) as usize
    };
    let filters = ["country:US", "has:people", "-language:en", "date:1980..2015", "leaders:none", "source:none"];
    (0..50)
        .map(|_| {
            let (one, other, filter) = (below(table.len()), below(table.len()), below(filters.len() * 2));
            let joint = ["OR", "OR", "AND", "-"][below(4)];
            let query = match joint {
                "-" => format!("({}) -({})", table[one], table[other]),
                joint => format!("({}) {joint} ({})", table[one], table[other]),
            };
            filters.get(filter).map_or(query.clone(), |filter| format!("({query}) {filter}"))
        })
        .collect()
}

#[test]
fn fifty_random_queries_are_counted_as_their_export_is() {
    let mut found = 0;
    for query in random_queries() {
        let ran = sampled().run(["export", &query, "--today", TODAY]);
        assert!(ran.code < 2, "{query}: {ran:?}");
        let exported = ran.stdout.lines().count();
        found += usize::from(exported > 0);
        crate::counting::check_query(sampled(), &query);
        let times = sampled().run(["timeline", &query, "--format", "json", "--by", "year", "--today", TODAY]);
        let times: Value = serde_json::from_str(&times.stdout).unwrap();
        let steps = times["timeline"]["steps"].as_array().unwrap();
        let sum: u64 = steps.iter().filter_map(|step| step["counts"][0].as_u64()).sum();
        let none = times["timeline"]["series"][0]["none"].as_u64().unwrap();
        assert_eq!((sum + none) as usize, exported, "{query}");
    }
    assert!(found > 30, "only {found} of the queries find anything");
}

#[test]
fn crossed_facets_add_up_and_values_can_be_looked_through() {
    let crossed = sampled().json("facets '' leaders,year:0 --format json");
    let mut sums: BTreeMap<String, u64> = BTreeMap::new();
    for count in crossed["facets"]["leaders,year"].as_array().unwrap() {
        *sums.entry(count["value"][0].as_str().unwrap().to_owned()).or_default() += count["count"].as_u64().unwrap();
    }
    let plain = sampled().json("facets '' leaders:0 --format json");
    for count in plain["facets"]["leaders"].as_array().unwrap() {
        // an article lies in one year, or in none
        assert_eq!(sums.get(count["value"].as_str().unwrap()), count["count"].as_u64().as_ref(), "{count}");
    }
    let values = |line: &str, facet: &str| -> Vec<String> {
        let answer = sampled().json(&format!("{line} --format json"));
        let counts = answer["facets"][facet].as_array().unwrap();
        counts.iter().map(|count| count["value"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(values("facets '' people:~zelen", "people"), ["Volodymyr Zelenskyy"]);
    assert_eq!(values("facets '' countries:~franc", "countries"), ["FR"]);
    let by_name = values("facets '' source:0 --facet-sort name", "source");
    assert!(by_name[..by_name.len() - 1].is_sorted(), "{by_name:?}");
    let often = sampled().json("facets '' people:0 --facet-min 3 --format json");
    assert!(often["facets"]["people"].as_array().unwrap().iter().all(|count| count["count"].as_u64() >= Some(3)));
}

#[test]
fn the_query_table_of_the_readme_is_that_of_the_help() {
    let readme = std::fs::read_to_string(repository().join("README.md")).unwrap();
    for (query, meaning) in dateline::query::REFERENCE {
        let row = format!("| `{}` | {meaning} |", query.replace('|', "\\|")).replace("; `||`", "; `\\|\\|`");
        assert!(readme.contains(&row), "the README lacks: {row}");
    }
}
