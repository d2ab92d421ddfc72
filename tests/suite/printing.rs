//! Formats, schemas, colour and pipes.

use std::io::Read;
use std::process::Stdio;

use serde_json::Value;

use crate::sandbox::{Sandbox, golden, repository, sampled};

fn validator(name: &str) -> jsonschema::Validator {
    let text = std::fs::read_to_string(repository().join("schema").join(name)).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

fn assert_valid(validator: &jsonschema::Validator, value: &Value) {
    let errors: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:?}\n{value}");
}

#[test]
fn articles_are_as_their_schema_says() {
    let schema = validator("article.schema.json");
    for article in sampled().lines("export") {
        assert_valid(&schema, &article);
    }
    assert!(!schema.is_valid(&serde_json::json!({"id": "a", "title": "t"})), "the schema asks for something");
}

#[test]
fn answers_are_as_their_schema_says() {
    let schema = validator("results.schema.json");
    let sandbox = Sandbox::with_sample();
    sandbox.write("queries.tsv", "q1\tceasefire\nq2\tqqzzxx\n");
    for line in [
        "search ceasefire --facet people --facet year --facet month",
        "search '' --sort newest --limit 200",
        "facets '' countries tags authors",
        "timeline ceasefire",
        "search --queries queries.tsv --facet leaders",
    ] {
        let answers = sandbox.lines(&format!("{line} --format json"));
        assert!(!answers.is_empty());
        for answer in answers {
            assert_valid(&schema, &answer);
        }
    }
    assert!(!schema.is_valid(&serde_json::json!({"query": "x", "total": -1})), "the schema asks for something");
}

#[test]
fn hits_come_as_lines_tables_and_runs() {
    let sandbox = sampled();
    let hits = sandbox.lines("search ceasefire --format ndjson --limit 3");
    assert_eq!(hits.len(), 3);
    let answer = sandbox.json("search ceasefire --format json --limit 3");
    assert_eq!(answer["hits"].as_array().unwrap(), &hits);

    let csv = sandbox.stdout("search ceasefire --format csv --limit 3");
    let mut table = csv::Reader::from_reader(csv.as_bytes());
    let header: Vec<String> = table.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(header[..4], ["rank", "score", "id", "title"]);
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    assert_eq!(
        rows.iter().map(|row| row[2].to_owned()).collect::<Vec<_>>(),
        hits.iter().map(|hit| hit["id"].as_str().unwrap()).collect::<Vec<_>>()
    );

    let tsv = sandbox.stdout("search ceasefire --format tsv --limit 3");
    assert!(tsv.lines().all(|line| line.split('\t').count() == header.len()), "{tsv}");

    let run = sandbox.stdout("search ceasefire --format trec --limit 3");
    let ids: Vec<&str> = run.lines().map(|line| line.split(' ').nth(2).unwrap()).collect();
    assert_eq!(ids, hits.iter().map(|hit| hit["id"].as_str().unwrap()).collect::<Vec<_>>());
}

#[test]
fn counts_come_as_text_and_tables() {
    let sandbox = sampled();
    golden("facets_text.txt", &crate::sandbox::without_times(&sandbox.stdout("facets '' countries:5 language year:3")));
    let csv = sandbox.stdout("facets '' countries:2 --format csv");
    assert!(csv.starts_with("facet,value,count\ncountries,"), "{csv}");
    assert_eq!(csv.lines().count(), 4, "a head, two values, and none: {csv}");
    let tsv = sandbox.stdout("facets '' countries:2 --format tsv");
    assert!(tsv.starts_with("facet\tvalue\tcount\n"), "{tsv}");
}

#[test]
fn an_export_for_a_spreadsheet_has_a_row_for_every_article() {
    let csv = sampled().stdout("export ceasefire --format csv --bom");
    let text = csv.strip_prefix('\u{feff}').expect("a byte order mark");
    let mut table = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(&table.headers().unwrap()[0], "id");
    let rows = table.records().map(Result::unwrap).count();
    assert_eq!(rows, sampled().lines("export ceasefire").len());
}

#[test]
fn what_is_no_terminal_gets_no_colour_and_no_progress() {
    let ran = sampled().line("search ceasefire --facet people");
    assert!(!ran.stdout.contains('\u{1b}'));
    assert_eq!(ran.stderr, "");
}

#[test]
fn an_archive_cannot_write_to_the_terminal() {
    let sandbox = Sandbox::new();
    let evil = "{\"id\":\"a\\u001b[2Jb\",\"title\":\"Evil \\u001b[31mtitle \\u202egnp.exe\",\"text\":\"Words \\u0007 about a \\u001b]0;x\\u0007 treaty that was signed on Monday by both sides.\"}";
    let file = sandbox.write("evil.jsonl", evil);
    sandbox.index(&file);
    for line in ["search treaty --facet people", "stats", "search treaty --format tsv --limit 0"] {
        let text = sandbox.stdout(line);
        assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{line}: {text:?}");
    }
    let id = sandbox.json("search --format json")["hits"][0]["id"].as_str().unwrap().to_owned();
    let shown = sandbox.run(["show", &id]);
    assert!(shown.code == 0 && !shown.stdout.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{shown:?}");
}

#[test]
fn a_pipe_closed_early_is_no_error() {
    let sandbox = Sandbox::new();
    let line =
        "{\"title\":\"Number N\",\"text\":\"Some text about a meeting in Geneva, with several words in it. \"}\n";
    let many: String = (0..3000).map(|number| line.replace('N', &number.to_string())).collect();
    let file = sandbox.write("many.jsonl", many);
    sandbox.index(&file);
    for arguments in [
        vec!["export"],
        vec!["export", "--format", "csv"],
        vec!["search", "--limit", "3000", "--format", "json"],
        vec!["search", "--limit", "3000"],
        vec!["extract", "many.jsonl"],
    ] {
        let mut child =
            sandbox.command().args(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut out = child.stdout.take().unwrap();
        out.read_exact(&mut [0; 10]).unwrap();
        drop(out);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(output.stderr.is_empty(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn help_of_every_verb_teaches_with_examples() {
    let sandbox = Sandbox::new();
    for verb in [
        "index",
        "search",
        "facets",
        "timeline",
        "show",
        "related",
        "cite",
        "export",
        "stats",
        "explain",
        "extract",
        "completions",
        "man",
    ] {
        for flag in ["--help", "-h"] {
            let help = sandbox.stdout(&format!("{verb} {flag}"));
            assert!(help.contains(&format!("Usage: dateline {verb}")), "{help}");
            assert!(help.contains("Examples:\n  dateline "), "{verb} {flag}: {help}");
            assert!(help.lines().all(|line| line.chars().count() <= 120), "{verb}");
        }
    }
    assert!(sandbox.stdout("--help").contains("First commands:"));
    assert!(sandbox.stdout("--version").starts_with("dateline "));
}

#[test]
fn completions_and_manual_pages_are_made() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(sandbox.stdout(&format!("completions {shell}")).contains("dateline"), "{shell}");
    }
    assert!(sandbox.stdout("man").starts_with(".ie"));
    assert!(sandbox.stdout("man search").contains("ceasefire"));
    sandbox.stdout("man --dir pages");
    assert!(sandbox.path().join("pages/dateline-search.1").exists());
    assert_eq!(sandbox.error("man nothing", 2), "error: no verb `nothing`; see `dateline --help`");
}
