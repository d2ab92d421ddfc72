//! What `index` refuses to publish, what it says about it, and its report.

use std::fs;

use serde_json::Value;

use crate::sandbox::{Sandbox, sample};

const LINE: &str = r#"{"id":"ID","title":"Ministers meet in CITY","body":"Two delegations met in CITY on Monday to talk about a ceasefire.","source":"Harbour Post","date":"DATE"}"#;

/// A line of an archive.
pub fn line(id: &str, city: &str, date: &str) -> String {
    LINE.replace("ID", id).replace("CITY", city).replace("DATE", date) + "\n"
}

fn two_and_a_broken_one(sandbox: &Sandbox) {
    let text = line("a", "Geneva", "2024-05-01") + "{\"id\":\n" + &line("b", "Vienna", "2024-05-02");
    sandbox.write("news.jsonl", text);
}

#[test]
fn an_index_that_does_not_pass_is_not_published() {
    let sandbox = Sandbox::new();
    two_and_a_broken_one(&sandbox);
    for (flags, finding) in [
        ("--strict", "--strict: 1 malformed, first news.jsonl"),
        ("--max-skipped 1%", "--max-skipped 1%: 1 of 3 were left out"),
        ("--max-skipped 0", "--max-skipped 0: 1 of 3 were left out"),
        ("--min-articles 3", "--min-articles 3: there are 2"),
    ] {
        let ran = sandbox.line(&format!("index news.jsonl {flags}"));
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{flags}: {ran:?}");
        assert_eq!(ran.stderr, format!("{finding}\nnot published; there is still no index\n"), "{flags}");
        assert!(!sandbox.path().join(".dateline").exists(), "{flags}: nothing is left behind");
    }
    let passed = sandbox.line("index news.jsonl --max-skipped 50% --min-articles 2");
    assert_eq!(passed.code, 0, "{passed:?}");
}

#[test]
fn a_refused_refresh_leaves_the_generation_before_answering() {
    let sandbox = Sandbox::new();
    sandbox.write("news.jsonl", line("a", "Geneva", "2024-05-01"));
    sandbox.stdout("index news.jsonl --strict");
    two_and_a_broken_one(&sandbox);
    let ran = sandbox.line("index --strict --json");
    assert_eq!(ran.code, 1, "{ran:?}");
    assert_eq!(ran.stderr, "--strict: 1 malformed, first news.jsonl\nnot published; generation 1 goes on answering\n");
    let summary: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&summary["indexed"], &summary["generation"]), (&Value::from(1), &Value::from(1)));
    assert_eq!(summary["findings"], serde_json::json!(["--strict: 1 malformed, first news.jsonl"]));
    assert_eq!(sandbox.json("search --format json")["total"], 1, "the generation before answers");
    sandbox.stdout("index");
    let unchanged = sandbox.line("index --strict");
    assert_eq!(unchanged.code, 1, "a gate holds for what was published before it, too: {unchanged:?}");
}

#[test]
fn copies_and_hidden_files_pass_every_gate() {
    let sandbox = Sandbox::new();
    let text = "Ministers meet in Geneva\n\nTwo delegations met in Geneva on Monday to talk about a ceasefire.\n";
    for name in ["news/a.txt", "news/copy.txt", "news/.hidden.txt"] {
        sandbox.write(name, text);
    }
    let summary = sandbox.json("index news --strict --max-skipped 0 --json");
    assert_eq!(summary["skipped"], serde_json::json!({"duplicate": 1, "hidden": 1}), "{summary}");
}

#[test]
fn a_report_tells_what_was_read_left_out_and_changed() {
    let sandbox = Sandbox::new();
    let days = |first: u32, last: u32| {
        (first..=last).map(|day| line(&format!("d{day}"), "Oslo", &format!("2024-05-{day:02}")))
    };
    sandbox.write("news.jsonl", days(1, 8).collect::<String>());
    sandbox.stdout("index news.jsonl --report first.json");
    sandbox.write("news.jsonl", days(2, 8).chain(days(20, 20)).collect::<String>() + "{\"id\":\n");
    let ran = sandbox.line("index --strict --report refused.md");
    assert_eq!(ran.code, 1, "{ran:?}");
    let digest = sandbox.json("index --report second.json --json")["digest"].as_str().unwrap().to_owned();
    let read = |name: &str| fs::read_to_string(sandbox.path().join(name)).unwrap();
    let json = |name: &str| serde_json::from_str::<Value>(&read(name)).unwrap();
    let (first, second) = (json("first.json"), json("second.json"));
    assert_eq!((&first["outcome"], first.get("changes")), (&Value::from("published"), None));
    assert_eq!(second["sources"], serde_json::json!([{"source": "Harbour Post", "articles": 8}]));
    assert_eq!(second["gaps"], serde_json::json!([{"from": "2024-05-09", "to": "2024-05-19", "days": 11}]));
    assert_eq!(second["changes"]["added"][0]["id"], "d20");
    assert_eq!(second["changes"]["removed"][0]["id"], "d1");
    assert_eq!(second["changes"]["relocated"], 7, "a line above them is gone");
    assert_eq!(second["changes"]["changed"], serde_json::json!([]));
    let mut markdown = read("refused.md");
    for number in [&digest, &second["bytes_read"].to_string()] {
        markdown = markdown.replace(number.as_str(), "N");
    }
    let markdown: String =
        markdown.lines().filter(|line| !line.starts_with("| seconds")).map(|line| format!("{line}\n")).collect();
    crate::sandbox::golden("report.md", &markdown);
}

#[test]
fn a_report_must_be_of_a_known_kind() {
    let ran = Sandbox::new().line("index x --report report.html");
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("name a file that ends in .md or .json"), "{ran:?}");
    let ran = Sandbox::new().line("index x --max-skipped few");
    assert!(ran.stderr.contains("`few` is no limit; write a number or a part: 25, 1%"), "{ran:?}");
}

#[test]
fn the_report_of_the_sample_names_every_reason() {
    let sandbox = Sandbox::new();
    let report = sandbox.path().join("report.md");
    let sample = sample();
    let arguments = ["index", sample.to_str().unwrap(), "--today", "2026-06-01", "--report", report.to_str().unwrap()];
    assert_eq!(sandbox.run(arguments).code, 0);
    let text = fs::read_to_string(report).unwrap();
    for row in ["| articles | 129 |", "| binary | 1 | text/logo.bin |", "| empty | 1 | text/empty.txt |", "### Sources"]
    {
        assert!(text.contains(row), "{row}\n{text}");
    }
}
