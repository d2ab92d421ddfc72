//! How fast an archive becomes an index: by stage, by threads, and beside a bare tantivy loop in the same run.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a bench prints, and may fail")]

mod archive;

use std::path::Path;
use std::time::Instant;

use dateline::archive::Limits;
use dateline::date::Date;
use dateline::format::FieldMap;
use dateline::index::{IndexDirectory, fields, tokenizers};
use dateline::indexer::{IndexRequest, Progress, Settings, extract, index};
use tantivy::indexer::{AddOperation, SegmentWriter};
use tantivy::{Index, TantivyDocument};

const ARTICLES: u64 = 30_000;
const ROUNDS: usize = 3;

fn settings(threads: usize) -> Settings {
    Settings { threads, today: Date::ymd(2026, 1, 1).unwrap(), limits: Limits::default(), map: FieldMap::default() }
}

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

fn seconds(action: impl FnOnce()) -> f64 {
    let started = Instant::now();
    action();
    started.elapsed().as_secs_f64()
}

/// One segment, title and body with positions, everything stored, nothing extracted: what writing must cost.
fn bare_loop(lines: &str, folder: &Path) {
    let mut index = Index::create_in_dir(folder, fields().schema.clone()).unwrap();
    index.set_tokenizers(tokenizers());
    let segment = index.new_segment();
    let mut writer = SegmentWriter::for_segment(64 << 20, segment).unwrap();
    for line in lines.lines() {
        let article: serde_json::Value = serde_json::from_str(line).unwrap();
        let mut document = TantivyDocument::new();
        document.add_text(fields().id, article["id"].as_str().unwrap());
        document.add_text(fields().title, article["title"].as_str().unwrap());
        document.add_text(fields().body, article["body"].as_str().unwrap());
        document.add_text(fields().article, line);
        writer.add_document(AddOperation { opstamp: 0, document }).unwrap();
    }
    writer.finalize().unwrap();
}

fn main() {
    let lines = archive::json_lines(ARTICLES);
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("news.jsonl");
    std::fs::write(&input, &lines).unwrap();
    let megabytes = lines.len() as f64 / 1e6;
    let (mut bare, mut read, mut one, mut two) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let fresh = |name: &str| {
            let path = folder.path().join(format!("{name}{round}"));
            std::fs::create_dir(&path).unwrap();
            path
        };
        let bare_folder = fresh("bare");
        bare.push(seconds(|| bare_loop(&lines, &bare_folder)));
        read.push(seconds(|| {
            extract(std::slice::from_ref(&input), &settings(1), &Progress::default(), &mut std::io::sink()).unwrap();
        }));
        for (threads, times) in [(1, &mut one), (2, &mut two)] {
            let directory = IndexDirectory::new(fresh(&format!("index{threads}-")));
            let request = IndexRequest { paths: vec![input.clone()], ..IndexRequest::default() };
            times.push(seconds(|| {
                index(&directory, &request, &settings(threads), &Progress::default()).unwrap();
            }));
        }
    }
    let (bare, read, one, two) = (median(bare), median(read), median(one), median(two));
    println!("{ARTICLES} articles, {megabytes:.0} MB, median of {ROUNDS} rounds");
    for (name, seconds) in [
        ("bare tantivy loop, 1 thread", bare),
        ("extract and enrich, 1 thread", read),
        ("index, 1 thread", one),
        ("index, 2 threads", two),
    ] {
        println!(
            "{name:30} {seconds:7.2} s  {:7.1} MB/s  {:8.0} articles/s  {:5.2} x the bare loop's speed",
            megabytes / seconds,
            ARTICLES as f64 / seconds,
            bare / seconds
        );
    }
}
