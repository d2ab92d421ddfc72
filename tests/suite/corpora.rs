//! Real archives, where they are at hand: `../shared/corpora`, or the folder `DATELINE_CORPORA` names.
//!
//! The heavy ones are `#[ignore]`d, and run by `cargo test --test suite -- --ignored corpora:: accounting::`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::sandbox::{Sandbox, TODAY, repository};

/// A folder or file of them, or a word on stderr that there is none.
pub fn corpus(name: &str) -> Option<PathBuf> {
    let folder = match std::env::var_os("DATELINE_CORPORA") {
        Some(folder) => PathBuf::from(folder),
        None => repository().join("../shared/corpora"),
    };
    let path = folder.join(name);
    if path.exists() {
        return Some(path.canonicalize().unwrap());
    }
    eprintln!("skipped: no {name} in {}; name a folder of corpora with DATELINE_CORPORA", folder.display());
    None
}

#[test]
fn the_seed_is_read_exactly() {
    let Some(seed) = corpus("seed/article.txt") else { return };
    let sandbox = Sandbox::new();
    let articles = sandbox.lines(&format!("extract {} --today {TODAY}", seed.display()));
    let [article] = articles.as_slice() else { panic!("{articles:?}") };
    let first_line = std::fs::read_to_string(&seed).unwrap().lines().next().unwrap().trim().to_owned();
    assert_eq!(article["title"], first_line.as_str());
    assert_eq!(article["source"], "Orda.kz");
    assert!(article.get("date").is_none());
    let body = article["body"].as_str().unwrap();
    assert_eq!(body.split("\n\n").count(), 10, "{body}");
    for stray in ["cover", "Latest news", "view all"] {
        assert!(!body.lines().any(|line| line.trim() == stray), "{stray}");
    }
    let set = |key: &str| -> BTreeSet<String> {
        article[key].as_array().unwrap().iter().map(|value| value.as_str().unwrap().to_owned()).collect()
    };
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    let in_office = ["Donald Trump", "Marco Rubio", "Vladimir Putin", "Volodymyr Zelenskyy"];
    assert_eq!(set("people"), names(&[&in_office[..], &["Steve Witkoff"]].concat()));
    assert_eq!(set("leaders"), names(&in_office));
    assert_eq!(set("countries"), names(&["US", "RU", "UA", "IN"]));
    sandbox.index(&seed);
    let answer = sandbox.json("search ceasefire --facet leaders --facet countries --format json");
    assert_eq!(answer["total"], 1);
    assert_eq!(answer["facets"]["leaders"].as_array().unwrap().len(), 4);
    assert_eq!(answer["facets"]["countries"].as_array().unwrap().len(), 4);
}

#[test]
#[ignore = "takes a minute"]
fn every_record_of_reuters_is_accounted_for() {
    let Some(reuters) = corpus("reuters21578") else { return };
    let sandbox = Sandbox::new();
    let first = sandbox.index(&reuters);
    let records = count_records(&reuters);
    assert_eq!(records, 21_578);
    let skipped: u64 = ["duplicate", "no text", "malformed", "empty", "not an article"]
        .iter()
        .filter_map(|reason| first["skipped"][reason].as_u64())
        .sum();
    // the collection's own README is an article too, of no source
    let answer = sandbox.json("search '' --source Reuters --limit 0 --facet year --format json");
    assert_eq!(answer["total"].as_u64().unwrap() + skipped, records, "{first}");
    let years = answer["facets"]["year"].as_array().unwrap();
    assert!(years.len() == 1 && years[0]["value"] == "1987", "{years:?}");
    for selection in ["''", "oil prices", "country:Japan", "'' --person Reagan"] {
        crate::counting::check(&sandbox, selection);
    }
    let again = Sandbox::new();
    let second = again.index(&reuters);
    assert_eq!(first["digest"], second["digest"]);
}

fn count_records(folder: &Path) -> u64 {
    let mut records = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "sgm") {
            let bytes = std::fs::read(path).unwrap();
            records += bytes.windows(9).filter(|window| *window == b"<REUTERS ").count() as u64;
        }
    }
    records
}

#[test]
#[ignore = "takes a minute"]
fn all_corpora_are_indexed_and_every_file_is_named() {
    let Some(all) = corpus("") else { return };
    let sandbox = Sandbox::new();
    let summary = sandbox.index(&all);
    assert!(summary["skipped"].get("panicked").is_none(), "{summary}");
    let indexed: BTreeSet<String> = sandbox
        .lines("export")
        .iter()
        .map(|article| article["origin"]["path"].as_str().unwrap().split("!/").next().unwrap().to_owned())
        .collect();
    let files = sandbox.json("stats --json")["files"].as_u64().unwrap();
    let skipped: u64 = summary["skipped"].as_object().unwrap().values().filter_map(Value::as_u64).sum();
    assert!(
        indexed.len() as u64 + skipped >= files,
        "{} files with articles, {skipped} skips, {files} files",
        indexed.len()
    );
    for selection in ["''", "government -minister", "'' --country US"] {
        crate::counting::check(&sandbox, selection);
    }
}
