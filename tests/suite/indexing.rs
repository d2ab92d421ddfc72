//! What `index` and `extract` do with files, and what they say about it.

use serde_json::Value;

use crate::sandbox::{Sandbox, TODAY, sample, without_times};

const ARTICLE: &str = "Ministers meet in Geneva\n\nGENEVA, June 2 - Two delegations met in Geneva on Monday to talk about a \
                       ceasefire. They will meet again on Thursday, a spokeswoman said.\n";

#[test]
fn every_file_of_the_sample_is_indexed_or_named() {
    let summary = Sandbox::new().index(&sample());
    assert_eq!(summary["indexed"], 129, "{summary}");
    assert_eq!(summary["skipped"]["binary"], 1, "{summary}");
    assert_eq!(summary["skipped"]["empty"], 1, "{summary}");
    assert_eq!(summary["skipped"]["duplicate"], 1, "{summary}");
    assert_eq!(summary["examples"]["binary"]["path"], "text/logo.bin");
    let skipped: u64 = summary["skipped"].as_object().unwrap().values().filter_map(Value::as_u64).sum();
    assert_eq!(skipped, 4, "the three files and the broken line: {summary}");
}

#[test]
fn the_summary_has_the_keys_of_the_design() {
    let summary = Sandbox::new().index(&sample());
    for key in [
        "indexed",
        "unchanged",
        "updated",
        "removed",
        "skipped",
        "examples",
        "articles",
        "bytes_read",
        "seconds",
        "generation",
        "digest",
    ] {
        assert!(summary.get(key).is_some(), "{key}");
    }
}

#[test]
fn a_second_run_changes_nothing_and_a_changed_file_is_updated() {
    let sandbox = Sandbox::new();
    sandbox.write("news/a.txt", ARTICLE);
    sandbox.write("news/b.txt", ARTICLE.replace("Geneva", "Vienna"));
    let first = sandbox.index(&sandbox.path().join("news"));
    assert_eq!((&first["indexed"], &first["generation"]), (&Value::from(2), &Value::from(1)));
    let second = sandbox.index(&sandbox.path().join("news"));
    assert_eq!((&second["unchanged"], &second["generation"]), (&Value::from(2), &Value::from(1)));
    assert_eq!(first["digest"], second["digest"]);
    sandbox.write("news/b.txt", ARTICLE.replace("Geneva", "Vienna and Bern"));
    let third = sandbox.json(&format!("index --json --today {TODAY}"));
    assert_eq!((&third["unchanged"], &third["updated"]), (&Value::from(1), &Value::from(1)), "{third}");
    assert_ne!(first["digest"], third["digest"]);
}

#[test]
fn roots_are_remembered_and_removed_by_name() {
    let sandbox = Sandbox::new();
    sandbox.write("one/a.txt", ARTICLE);
    sandbox.write("two/b.txt", ARTICLE.replace("Geneva", "Vienna"));
    sandbox.write("two/c.txt", ARTICLE.replace("Geneva", "Oslo"));
    sandbox.index(&sandbox.path().join("one"));
    let both = sandbox.index(&sandbox.path().join("two"));
    assert_eq!((&both["articles"], &both["unchanged"]), (&Value::from(3), &Value::from(1)), "{both}");
    let refused = sandbox.error("index --remove two", 2);
    assert!(refused.contains("would remove 2 of 3 articles") && refused.contains("--allow-removal"), "{refused}");
    let one = sandbox.json("index --remove two --allow-removal --json");
    assert_eq!((&one["articles"], &one["removed"]), (&Value::from(1), &Value::from(2)));
}

#[test]
fn a_root_that_is_gone_stops_the_refresh() {
    let sandbox = Sandbox::new();
    let file = sandbox.write("news/a.txt", ARTICLE);
    sandbox.index(&sandbox.path().join("news"));
    std::fs::remove_dir_all(file.parent().unwrap()).unwrap();
    let error = sandbox.error("index", 2);
    assert!(error.contains("is gone, so nothing was changed"), "{error}");
    assert_eq!(sandbox.json("search --format json")["total"], 1);
}

#[test]
fn the_text_summary_names_reasons_with_an_example() {
    let sandbox = Sandbox::new();
    sandbox.write("news/a.txt", ARTICLE);
    sandbox.write("news/empty.txt", "");
    let text = without_times(&sandbox.stdout("index news"));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[..3], ["1 article (1 new)", "skipped:", "  1 empty  empty.txt"], "{text}");
    assert!(lines[3].starts_with("generation 1, digest "), "{text}");
}

#[test]
fn extract_prints_what_would_be_indexed_and_keeps_duplicates() {
    let sandbox = Sandbox::new();
    sandbox.write("news/a.txt", ARTICLE);
    sandbox.write("news/copy.txt", ARTICLE);
    sandbox.write("news/empty.txt", "");
    let ran = sandbox.line("extract news --today 2026-06-01");
    assert_eq!(ran.code, 0, "{ran:?}");
    let titles: Vec<Value> =
        ran.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["title"].clone()).collect();
    assert_eq!(titles, ["Ministers meet in Geneva", "Ministers meet in Geneva"]);
    assert_eq!(ran.stderr, "skipped:\n  1 empty  empty.txt\n");
}

#[test]
fn a_mapping_says_which_column_holds_what() {
    let sandbox = Sandbox::new();
    sandbox.write("t.csv", "Kopf,Inhalt\nA headline,The text of the article is here for everyone to read.\n");
    let articles = sandbox.lines("extract t.csv --map title=Kopf --map body=Inhalt");
    assert_eq!(articles[0]["title"], "A headline");
    assert_eq!(articles[0]["body"], "The text of the article is here for everyone to read.");
    let error = sandbox.error("extract t.csv --map titel=Kopf", 2);
    assert!(error.starts_with("error: no field `titel` to map; fields are"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_file_name_that_is_no_text_is_shown_escaped() {
    use std::os::unix::ffi::OsStrExt;
    let sandbox = Sandbox::new();
    let path = sandbox.path().join("news").join(std::ffi::OsStr::from_bytes(b"caf\xe9.txt"));
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    if std::fs::write(&path, ARTICLE).is_err() {
        return; // a file system that has no such names
    }
    assert_eq!(sandbox.lines("extract news")[0]["origin"]["path"], "caf\\xE9.txt");
}

#[test]
fn an_archive_is_indexed_on_the_way_and_again_when_it_changes() {
    let sandbox = Sandbox::new();
    sandbox.write("news/a.txt", ARTICLE);
    let first = sandbox.line("search --in news ceasefire --format json");
    assert_eq!(first.code, 0, "{first:?}");
    assert!(first.stderr.starts_with("indexed 1 article from news in "), "{first:?}");
    let second = sandbox.line("search --in news/ ceasefire --format json");
    assert_eq!((second.code, second.stderr.as_str()), (0, ""), "fresh, and the same absolute path");
    sandbox.write("news/b.txt", ARTICLE.replace("Geneva", "Vienna"));
    let third = sandbox.json("search --in news ceasefire --format json");
    assert_eq!(third["total"], 2);
    assert!(!sandbox.path().join(".dateline").exists(), "its index lies in the cache");
}

#[cfg(unix)]
#[test]
fn a_published_index_is_readable_for_others_as_the_umask_says() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::new();
    let file = sandbox.write("a.txt", ARTICLE);
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode();
    sandbox.index(&file);
    for entry in std::fs::read_dir(sandbox.path().join(".dateline/generations/1")).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), mode(&file), "{}", path.display());
    }
}
