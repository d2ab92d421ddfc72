//! What `diff` names, whatever it is given, and its thresholds.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::gating::line;
use crate::sandbox::{Sandbox, golden};

/// An index of which three articles stay, one is changed, one is gone and one is new.
fn changed() -> Sandbox {
    let sandbox = Sandbox::new();
    let kept =
        line("a", "Geneva", "2024-05-01") + &line("b", "Vienna", "2024-05-02") + &line("c", "Oslo", "2024-05-03");
    let gone = line("gone", "Lagos", "2024-05-04").replace("Harbour Post", "Lagos Ledger");
    sandbox.write("news.jsonl", kept.clone() + &line("d", "Paris", "2024-05-05") + &gone);
    sandbox.stdout("index news.jsonl --today 2026-06-01");
    sandbox.write("news.jsonl", kept + &line("d", "Rome", "2024-05-05") + &line("new", "Madrid", "2024-05-06"));
    sandbox.stdout("index --today 2026-06-01");
    sandbox
}

fn ids(difference: &Value, kind: &str) -> BTreeSet<String> {
    difference[kind].as_array().unwrap().iter().map(|article| article["id"].as_str().unwrap().to_owned()).collect()
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn articles_values_and_sources_that_changed_are_named() {
    let sandbox = changed();
    let text = sandbox.stdout("diff 1 2");
    let (body, last) = text.trim_end().rsplit_once('\n').unwrap();
    golden("diff_text.txt", &format!("{body}\n"));
    assert!(last.starts_with("1 added, 1 removed, 1 changed, 3 unchanged; generation 1 ("), "{last}");
    assert_eq!(sandbox.stdout("diff 1"), text, "the other is the one that answers");
    let difference = sandbox.json("diff 1 2 --format json");
    assert_eq!(ids(&difference, "added"), names(&["new"]));
    assert_eq!(ids(&difference, "removed"), names(&["gone"]));
    assert_eq!(ids(&difference, "changed"), names(&["d"]));
    assert_eq!(difference["counts"], serde_json::json!({"added": 1, "updated": 1, "unchanged": 3, "removed": 1}));
    let source = serde_json::json!([
        {"value": "Harbour Post", "before": 4, "after": 5},
        {"value": "Lagos Ledger", "before": 1, "after": 0},
    ]);
    assert_eq!(difference["moved"]["source"], source);
    assert_eq!(difference["silent"], serde_json::json!([{"source": "Lagos Ledger", "before": 1, "after": 0}]));
    let back = sandbox.json("diff 2 1 --format json");
    assert_eq!((ids(&back, "added"), ids(&back, "removed")), (names(&["gone"]), names(&["new"])));
    let same = sandbox.json("diff 2 2 --format json");
    assert_eq!((&same["moved"], &same["counts"]["unchanged"]), (&serde_json::json!({}), &Value::from(5)));
}

#[test]
fn two_indexes_are_compared_by_their_folders() {
    let sandbox = changed();
    sandbox.stdout("index news.jsonl --index other --today 2026-06-01");
    let same = sandbox.json("diff .dateline other --format json");
    assert_eq!(same["before"]["digest"], same["after"]["digest"], "{same}");
    assert_eq!(same["counts"], serde_json::json!({"added": 0, "updated": 0, "unchanged": 5, "removed": 0}));
    let error = sandbox.error("diff nowhere", 2);
    assert_eq!(error, "error: nowhere is neither the number of a generation nor the folder of an index");
    assert_eq!(sandbox.error("diff 9", 2), "error: .dateline has no generation 9; it keeps 1, 2");
}

#[test]
fn a_crossed_threshold_is_said_and_is_exit_code_1() {
    let sandbox = changed();
    for (threshold, finding) in [
        ("removed>1%", Some("1 of 5")),
        ("removed>20%", None),
        ("silent>0", Some("1 of 2")),
        ("added<1", None),
        ("added<2", Some("1 of 5")),
        ("changed>0", Some("1 of 5")),
    ] {
        let ran = sandbox.line(&format!("diff 1 2 --fail-on '{threshold}'"));
        match finding {
            Some(finding) => {
                assert_eq!((ran.code, ran.stderr), (1, format!("--fail-on {threshold}: {finding}\n")), "{threshold}");
            }
            None => assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{threshold}"),
        }
    }
    let ran = sandbox.line("diff 1 2 --fail-on 'lost>1'");
    assert!(ran.code == 2 && ran.stderr.contains("`lost>1` is no threshold"), "{ran:?}");
}

#[test]
fn a_source_that_stops_is_silent_and_one_that_is_slow_is_not() {
    let sandbox = Sandbox::new();
    let weekly = |last: u32| -> String {
        let days = (1..=last).step_by(7);
        days.map(|day| line(&format!("w{day}"), "Bern", &format!("2024-05-{day:02}")).replace("Harbour Post", "Weekly"))
            .collect()
    };
    let daily = |name: &str, last: u32| -> String {
        let days = 1..=last;
        days.map(|day| {
            line(&format!("{name}{day}"), "Rome", &format!("2024-05-{day:02}")).replace("Harbour Post", name)
        })
        .collect()
    };
    sandbox.write("news.jsonl", daily("Stops", 15) + &daily("Goes on", 15) + &weekly(29));
    sandbox.stdout("index news.jsonl --today 2024-06-10");
    let cut: String = sandbox.path().join("news.jsonl").to_str().map(|path| fs::read_to_string(path).unwrap()).unwrap();
    let goes_on: String = daily("Goes on", 31).lines().skip(15).map(|line| format!("{line}\n")).collect();
    sandbox.write("news.jsonl", cut + &goes_on);
    sandbox.stdout("index --today 2024-06-10");
    let difference = sandbox.json("diff 1 2 --format json");
    let silent: Vec<&Value> = difference["silent"].as_array().unwrap().iter().map(|silent| &silent["source"]).collect();
    assert!(silent.is_empty(), "it was silent before, too: {silent:?}");
    sandbox.stdout("index news.jsonl --index whole --today 2024-06-10");
    sandbox.write("short.jsonl", daily("Stops", 15) + &daily("Goes on", 15) + &weekly(15));
    sandbox.stdout("index short.jsonl --index short --today 2024-06-10");
    let difference = sandbox.json("diff short whole --format json");
    assert_eq!(
        difference["silent"],
        serde_json::json!([{"source": "Stops", "last": "2024-05-15", "before": 15, "after": 15}])
    );
}
