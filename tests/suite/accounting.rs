//! How many articles each real archive must give, nothing lost without a reason, and the same bytes on every run.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use crate::corpora::corpus;
use crate::sandbox::{Sandbox, TODAY};

/// Folder, ends of the names of its articles' files, articles.
const FOLDERS: [(&str, &[&str], usize); 13] = [
    // one record of the collection holds neither title nor text, and is counted as such
    ("reuters21578", &[".sgm"], 21_578 - 1),
    ("time", &[".jsonl"], 423),
    ("html_aeb", &[".gz"], 99),
    ("html_fundus", &[".gz"], 133),
    ("html_trafilatura", &[".gz"], 126),
    ("json_allsides", &[".json"], 633),
    ("txt_bbc", &[".txt"], 1_112),
    ("tsv_masakhanews/amh", &[".tsv"], 188),
    ("tsv_masakhanews/eng", &[".tsv"], 472),
    ("tsv_masakhanews/fra", &[".tsv"], 211),
    ("tsv_masakhanews/hau", &[".tsv"], 317),
    ("tsv_masakhanews/swa", &[".tsv"], 237),
    ("tsv_masakhanews/tir", &[".tsv"], 137),
];

fn extract(sandbox: &Sandbox, path: &Path, threads: &str) -> String {
    let ran = sandbox.run([
        Path::new("extract"),
        path,
        Path::new("--today"),
        Path::new(TODAY),
        Path::new("--threads"),
        Path::new(threads),
    ]);
    assert_eq!(ran.code, 0, "{}: {}", path.display(), ran.stderr);
    ran.stdout
}

fn articles(text: &str) -> impl Iterator<Item = Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap())
}

#[test]
#[ignore = "takes minutes"]
fn every_folder_gives_the_articles_it_is_known_to_hold() {
    let sandbox = Sandbox::new();
    let mut wrong = Vec::new();
    for (folder, ends, expected) in FOLDERS {
        let Some(path) = corpus(folder) else { continue };
        let text = extract(&sandbox, &path, "2");
        let count = articles(&text)
            .filter(|article| {
                let path = article["origin"]["path"].as_str().unwrap();
                ends.iter().any(|end| path.ends_with(end))
            })
            .count();
        if count != expected {
            wrong.push(format!("{folder}: {count} articles, not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
#[ignore = "takes minutes"]
fn copies_byte_for_byte_are_duplicates_and_no_articles() {
    let Some(folder) = corpus("txt_bbc") else { return };
    let summary = Sandbox::new().index(&folder);
    let (articles, copies) = (summary["articles"].as_u64().unwrap(), summary["skipped"]["duplicate"].as_u64().unwrap());
    assert!(articles + copies == 1_112 && copies > 0, "{summary}");
}

#[test]
#[ignore = "takes minutes"]
fn dates_of_a_real_archive_are_plausible_or_absent() {
    let Some(folder) = corpus("json_allsides") else { return };
    for article in articles(&extract(&Sandbox::new(), &folder, "2")) {
        let Some(date) = article["date"].as_str() else { continue };
        let year: u32 = date[..4].parse().unwrap();
        assert!(year >= 1600 && date[..10.min(date.len())] <= *"2026-06-03", "{article}");
    }
}

#[test]
#[ignore = "takes minutes"]
fn pages_of_a_crawl_are_the_articles_of_the_bare_pages() {
    let (Some(crawl), Some(pages)) = (corpus("warc/CC-NEWS-fundus-dev.warc.gz"), corpus("html_fundus")) else { return };
    let sandbox = Sandbox::new();
    let facts = |article: &Value| (article["title"].to_string(), article["body"].to_string());
    let bare: BTreeSet<_> = articles(&extract(&sandbox, &pages, "2")).map(|article| facts(&article)).collect();
    let crawled: Vec<Value> = articles(&extract(&sandbox, &crawl, "2")).collect();
    assert_eq!(crawled.len(), 46);
    let other: Vec<&Value> = crawled.iter().filter(|article| !bare.contains(&facts(article))).collect();
    assert!(other.is_empty(), "{} of 46 read otherwise: {:?}", other.len(), other.first());
}

#[test]
#[ignore = "takes minutes"]
fn everything_is_extracted_the_same_in_any_number_of_threads() {
    let Some(all) = corpus("") else { return };
    let sandbox = Sandbox::new();
    let (one, three) = (extract(&sandbox, &all, "1"), extract(&sandbox, &all, "3"));
    let differing = one.lines().zip(three.lines()).position(|(one, three)| one != three);
    assert_eq!((one.len(), differing), (three.len(), None));
    let mut ids: BTreeMap<(String, u64), u32> = BTreeMap::new();
    for article in articles(&one) {
        let origin = &article["origin"];
        *ids.entry((origin["path"].as_str().unwrap().to_owned(), origin["record"].as_u64().unwrap())).or_default() += 1;
    }
    assert!(ids.values().all(|count| *count == 1), "an article has an origin of its own");
}
