//! Saved searches and what is expected of them: reports, `JUnit` files, and what is recorded.

use std::fs;

use serde_json::Value;

use crate::sandbox::{Sandbox, golden, repository, sampled};

const PASSES: &str = r#"
[[search]]
name = "ceasefires"
query = "ceasefire talks"
min_total = 8
max_total = 8
contains = ["o78f7817c136d65d1e6a1", "text/2014-09-05-minsk-protocol.txt#1"]
within = 3
top.countries = ["UA", "US"]
"#;

const FAILS: &str = r#"
[[search]]
query = "ceasefire talks"
min_total = 9
contains = ["nothing"]
within = 2
top.countries = ["FR", "US"]

[[search]]
name = "a typo"
query = "titel:talks"
min_total = 1

[[search]]
query = "truce OR ceasefire"
max_total = 1
"#;

fn sampled_with(file: &str) -> Sandbox {
    let sandbox = Sandbox::with_sample();
    sandbox.write("expected.toml", file);
    sandbox
}

#[test]
fn what_is_expected_passes() {
    let sandbox = sampled_with(PASSES);
    assert_eq!(sandbox.stdout("check expected.toml"), "ok   ceasefires  8 articles\n1 of 1 search as expected\n");
}

#[test]
fn what_is_not_expected_is_exit_code_1_and_says_what_was_found() {
    let sandbox = sampled_with(&(PASSES.to_owned() + FAILS));
    let ran = sandbox.line("check expected.toml --junit check.xml");
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    golden("check_text.txt", &ran.stdout);
    let xml = fs::read_to_string(sandbox.path().join("check.xml")).unwrap();
    let mut timeless = String::new();
    for (place, part) in xml.split(" time=\"").enumerate() {
        timeless.push_str(if place == 0 { part } else { part.split_once('"').unwrap().1 });
    }
    golden("check_junit.xml", &timeless);
    let ran = sandbox.line("check expected.toml --format json");
    let answer: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&answer["passed"], &answer["failed"]), (&Value::from(1), &Value::from(3)));
}

#[test]
fn a_file_that_makes_no_sense_is_an_error_with_its_line() {
    let sandbox = sampled_with("[[search]]\nquery = \"x\"\nmin_totl = 1\n");
    let error = sandbox.error("check expected.toml", 2);
    assert!(error.starts_with("error: expected.toml: line 3: unknown field `min_totl`"), "{error}");
    assert!(sandbox.error("check missing.toml", 2).starts_with("error: cannot read missing.toml"));
}

#[test]
fn what_was_recorded_passes_and_fails_once_the_archive_changes() {
    let sandbox = Sandbox::with_sample();
    let ran =
        sandbox.line("check saved.toml --record --query 'ceasefire talks' --query 'country:Germany' --query zzzz");
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{ran:?}");
    assert_eq!(ran.stderr, "3 expectations written to saved.toml; review it before you rely on it\n");
    let text = fs::read_to_string(sandbox.path().join("saved.toml")).unwrap();
    golden("check_recorded.toml", text.split_once('\n').unwrap().1);
    let checked = sandbox.stdout("check saved.toml");
    assert!(checked.ends_with("3 of 3 searches as expected\n"), "{checked}");
    let error = sandbox.error("check saved.toml --record --query x", 2);
    assert!(error.starts_with("error: saved.toml is there already"), "{error}");
    let other = Sandbox::new();
    other.write("saved.toml", text);
    other.write("news/a.txt", "Ceasefire talks\n\nTalks about a ceasefire in zzzz went on through the night.\n");
    other.stdout("index news");
    let ran = other.line("check saved.toml");
    assert!(ran.code == 1 && ran.stdout.ends_with("0 of 3 searches as expected\n"), "{ran:?}");
}

#[test]
fn judged_queries_are_measured() {
    let sandbox = Sandbox::with_sample();
    for name in ["queries.tsv", "qrels.txt"] {
        fs::copy(repository().join("tests/fixtures/relevance").join(name), sandbox.path().join(name)).unwrap();
    }
    let record = "check judged.toml --record --queries queries.tsv --qrels qrels.txt --match any";
    assert_eq!(sandbox.line(record).code, 0);
    let checked = sandbox.stdout("check judged.toml");
    assert!(checked.starts_with("ok   qrels.txt  nDCG@10 0."), "{checked}");
    let text = fs::read_to_string(sandbox.path().join("judged.toml")).unwrap();
    let least = text.lines().find_map(|line| line.strip_prefix("min_ndcg = ")).unwrap();
    assert!(least.parse::<f64>().unwrap() > 0.5, "{text}");
    sandbox.write("judged.toml", text.replace(&format!("min_ndcg = {least}"), "min_ndcg = 1.0"));
    let ran = sandbox.line("check judged.toml");
    assert!(
        ran.code == 1 && ran.stdout.contains("\n       nDCG is 0.") && ran.stdout.contains(", at least 1 expected\n")
    );
}

#[test]
fn nothing_to_record_is_an_error() {
    let error = sampled().error("check none.toml --record", 2);
    assert_eq!(error, "error: nothing to record; name searches with `--query QUERY` or `--queries FILE`");
}
