//! How a query was understood, why nothing was found, how a score came about, and what limits say.

use serde_json::Value;

use crate::sandbox::{Sandbox, sampled};

#[test]
fn explain_tells_what_each_part_stands_for_in_the_index() {
    let explained = sampled().stdout("explain 'ceasefir* truces person:zelensky country:french gorbachov~2'");
    for line in [
        "words like `ceasefir*`\n    as ceasefire",
        "word `truces`, in any of its forms\n    as truce",
        "person `zelensky`\n    means Volodymyr Zelenskyy",
        "country `french`\n    means France (FR)",
        "word `gorbachov` with up to 2 letters changed\n    as gorbachev",
    ] {
        assert!(explained.contains(line), "{line}\n{explained}");
    }
    let explained = sampled().stdout("explain qqzz*");
    assert!(explained.contains("stands for nothing in this index"), "{explained}");
}

#[test]
fn a_search_that_finds_nothing_names_what_excludes() {
    let said = |line: &str| {
        let ran = sampled().line(line);
        assert_eq!(ran.code, 1, "{line}: {ran:?}");
        ran.stderr
    };
    let total = sampled().json("search ceasefire --limit 0 --format json")["total"].as_u64().unwrap();
    let warning = said("search ceasefire qqzzxx");
    assert!(
        warning.contains(&format!("no article answers all of it; without `qqzzxx` there are {total}")),
        "{warning}"
    );
    assert!(said("search qqzzxx qqzzyy qqzzzz").contains("no article answers `qqzzxx`, nor `qqzzyy`, nor `qqzzzz`"));
    assert_eq!(said("search qqzzxx"), "");
    let warning = said("search 'ceasefire -talks' --from 1000 --to 1001");
    assert!(!warning.contains("without"), "filters are not loosened: {warning}");
}

#[test]
fn a_score_tells_how_it_came_about() {
    let answer = sampled().json("search ceasefire talks --limit 1 --explain-score --format json");
    let hit = &answer["hits"][0];
    let (score, told) = (hit["score"].as_f64().unwrap(), hit["explanation"]["value"].as_f64().unwrap());
    assert!((score - told).abs() < 1e-4, "{hit}");
    assert!(hit["explanation"]["details"].as_array().is_some_and(|details| details.len() > 1));
    assert!(sampled().json("search ceasefire --format json")["hits"][0].get("explanation").is_none());
    assert!(sampled().stdout("search ceasefire --limit 1 --explain-score").contains("  ceasefire") || score > 0.0);
}

#[test]
fn recency_changes_the_order_and_nothing_else() {
    let ask = |flags: &str| sampled().json(&format!("search treaty --limit 100 --format json {flags}"));
    let ids = |answer: &Value| -> Vec<String> {
        answer["hits"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect()
    };
    let (plain, recent) = (ids(&ask("")), ids(&ask("--boost recent")));
    assert_ne!(plain, recent);
    let sorted = |mut ids: Vec<String>| {
        ids.sort();
        ids
    };
    assert_eq!(sorted(plain), sorted(recent));
}

#[test]
fn articles_with_and_without_a_title_are_told_apart() {
    let sandbox = Sandbox::new();
    let lines = "{\"id\":\"a\",\"title\":\"Flood\",\"body\":\"A flood came over the town in the night.\"}\n\
                 {\"id\":\"b\",\"title\":\"\",\"body\":\"another flood came over the town in the night and went\"}\n";
    sandbox.index(&sandbox.write("news/all.jsonl", lines));
    let ids = |query: &str| -> Vec<String> {
        let answer = sandbox.json(&format!("search {query} --format json"));
        answer["hits"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids("has:title"), ["a"]);
    assert_eq!(ids("'flood -has:title'"), ["b"]);
}

/// Queries made to cost much; each must end as an answer or an error, and what was cut short must be said.
fn hostile() -> Vec<String> {
    let letters = || "abcdefghijklmnopqrstuvwxyz".chars();
    let joined = |words: Vec<String>, joint: &str| words.join(joint);
    let stars = || letters().map(|c| format!("*{c}*")).collect::<Vec<_>>();
    let common = ["the", "of", "to", "in", "said", "and", "a", "for", "it", "on", "at", "from", "is", "with"];
    let many: Vec<String> = common.iter().cycle().take(300).map(|word| (*word).to_owned()).collect();
    vec![
        format!("{}said{}", "(".repeat(60), ")".repeat(60)),
        format!("{}said{}", "(".repeat(2000), ")".repeat(2000)),
        format!("{}said", "NOT ".repeat(60)),
        joined(stars(), " "),
        joined(stars(), " OR "),
        joined(stars(), " NEAR/5 "),
        format!("\"{}\"", joined(stars(), " ")),
        joined(many.clone(), " OR "),
        joined(many.clone(), " "),
        format!("\"{}\"", joined(many.clone(), " ")),
        format!("\"{}\"~1000", joined(many.clone(), " ")),
        format!("\"{}\"", "the ".repeat(500).trim()),
        joined(many[..50].to_vec(), " NEAR/1000 "),
        joined(many.iter().map(|word| format!("{word}~2")).collect(), " OR "),
        format!("({0}) NEAR/1000 ({0}) NEAR/1000 ({0})", joined(many[..14].to_vec(), " OR ")),
        format!("lead:({})", joined(stars(), " OR ")),
        "atleast:1000(*e* OR *a*)".to_owned(),
        joined((1..60).map(|n| format!("{}a*", "?".repeat(n))).collect(), " OR "),
        joined(letters().map(|c| format!("person:{c}*")).collect(), " OR "),
        joined((1..=12).map(|month| format!("onthisday:{month:02}-01")).collect(), " OR "),
        "*a*".repeat(300),
        format!("x{}", "*".repeat(4000)),
        "\u{202e}\u{0}\u{1b}[31m*".to_owned(),
        "\"".repeat(999),
        "^~*?:\\".repeat(500),
        "date:".repeat(800),
    ]
}

#[test]
fn no_hostile_query_fails_to_end_as_an_answer_or_an_error() {
    for query in hostile() {
        let ran = sampled().run(["search", "--limit", "3", "--format", "json", "--", &query.replace('\0', "")]);
        let start: String = query.chars().take(60).collect();
        assert!((0..=2).contains(&ran.code) && !ran.stderr.contains("internal error"), "{start}: {ran:?}");
        assert_eq!(ran.code == 2, ran.stdout.is_empty(), "{start}: {ran:?}");
    }
}
