//! How fast an index answers, by class of query: beside a bare program that runs the same compiled query on the same index,
//! and with facets beside tantivy's own aggregations.
//!
//! `cargo bench --bench search` makes an archive of 30,000 articles; `cargo bench --bench search -- FILE` reads FILE instead.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a bench prints, and may fail")]

mod archive;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use dateline::archive::Limits;
use dateline::date::Date;
use dateline::format::FieldMap;
use dateline::index::{Column, IndexDirectory, fields, folded_words};
use dateline::indexer::{IndexRequest, Progress, Settings, index};
use dateline::query::{Node, compile, parse};
use dateline::search::{Archive, Facet, FacetRequest, SearchRequest, scan, search};
use tantivy::aggregation::{AggContextParams, AggregationCollector};
use tantivy::collector::{Count, TopDocs};

const ARTICLES: u64 = 30_000;
const QUERIES: usize = 12;
const REPEATS: usize = 7;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let given = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let input = given.map_or_else(|| folder.path().join("news.jsonl"), PathBuf::from);
    if !input.exists() {
        std::fs::write(&input, archive::json_lines(ARTICLES)).unwrap();
    }
    let today = Date::ymd(2026, 1, 1).unwrap();
    let settings = Settings { threads: 2, today, limits: Limits::default(), map: FieldMap::default() };
    let directory = IndexDirectory::new(folder.path().join("index"));
    let request = IndexRequest { paths: vec![input], ..IndexRequest::default() };
    index(&directory, &request, &settings, &Progress::default()).unwrap();
    let started = Instant::now();
    let archive = Archive::open(&directory).unwrap();
    let articles = archive.manifest().counts.articles;
    println!("{articles} articles; opened in {:.1} ms", started.elapsed().as_secs_f64() * 1e3);
    let facets = [Facet::Column(Column::People), Facet::Column(Column::Countries), Facet::Year];
    let facets: Vec<FacetRequest> = facets.into_iter().map(|facet| FacetRequest::new(facet, 10)).collect();
    println!(
        "\np50 and p95 in ms of {QUERIES} queries a class: a bare TopDocs and Count of the compiled query, search without\n\
         hits' texts, search with ten hits and snippets, search with three facets and no hits\n"
    );
    println!(
        "{:18} {:>9} {:>15} {:>15} {:>6} {:>15} {:>15}",
        "", "matches", "bare", "ranked", "p95 ×", "with snippets", "three facets"
    );
    for (class, queries) in classes(&archive) {
        let mut matches = 0;
        let mut bare = Vec::new();
        let (mut ranked, mut whole, mut counted) = (Vec::new(), Vec::new(), Vec::new());
        for query in &queries {
            let node = parse(query, today).unwrap().node;
            bare.push(time(|| matches += run_bare(&archive, &node)));
            let request = SearchRequest { query: node, ..SearchRequest::default() };
            ranked.push(time(|| search_with(&archive, &SearchRequest { limit: 1, ..request.clone() })));
            whole.push(time(|| search_with(&archive, &request)));
            let faceted = SearchRequest { facets: facets.clone(), limit: 0, ..request.clone() };
            counted.push(time(|| search_with(&archive, &faceted)));
        }
        let (bare, ranked, whole, counted) = (spread(bare), spread(ranked), spread(whole), spread(counted));
        let shown = |(middle, slow): (f64, f64)| format!("{middle:.3} {slow:>7.3}");
        println!(
            "{class:18} {:>9} {:>15} {:>15} {:>6.2} {:>15} {:>15}",
            matches / (queries.len() * (REPEATS + 1)).max(1),
            shown(bare),
            shown(ranked),
            ranked.1 / bare.1,
            shown(whole),
            shown(counted)
        );
    }
    aggregations(&archive, &facets);
}

/// Runs the query as a program without any of this would, compiled and all.
fn run_bare(archive: &Archive, node: &Node) -> usize {
    let mut compiler = archive.compiler().unwrap();
    let query = compile(node, &mut compiler).unwrap();
    let (top, count) = archive.searcher().search(&query, &(TopDocs::with_limit(10).order_by_score(), Count)).unwrap();
    std::hint::black_box(top);
    count
}

fn search_with(archive: &Archive, request: &SearchRequest) {
    std::hint::black_box(search(archive, request).unwrap());
}

/// Milliseconds of the middle one of several runs, after one to warm up.
fn time(mut run: impl FnMut()) -> f64 {
    run();
    let mut times: Vec<f64> = Vec::new();
    for _ in 0..REPEATS {
        let started = Instant::now();
        run();
        times.push(started.elapsed().as_secs_f64() * 1e3);
    }
    spread(times).0
}

/// The middle one, and the one that 95 of 100 do not exceed.
fn spread(mut times: Vec<f64>) -> (f64, f64) {
    times.sort_by(f64::total_cmp);
    (times[times.len() / 2], times[(times.len() * 95).div_ceil(100) - 1])
}

/// Classes of queries made of words of the archive itself, the same ones every time.
fn classes(archive: &Archive) -> Vec<(&'static str, Vec<String>)> {
    let mut held: BTreeMap<String, u32> = BTreeMap::new();
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut years: Vec<i16> = Vec::new();
    let mut seen = 0;
    scan(archive, &SearchRequest::default(), |article| {
        let words = folded_words(&article.body);
        seen += 1;
        if seen % 50 == 0 {
            let mut different = words.clone();
            different.sort();
            different.dedup();
            for word in different {
                *held.entry(word).or_default() += 1;
            }
        }
        if seen % 500 == 0 && words.len() > 30 {
            pairs.push((words[20].clone(), words[21].clone()));
            years.extend(article.date.map(|date| date.year()));
        }
        Ok(seen < 20_000)
    })
    .unwrap();
    let searcher = archive.searcher();
    let frequency = |word: &str| searcher.doc_freq(&tantivy::Term::from_field_text(fields().body, word)).unwrap();
    let mut words: Vec<(u64, String)> =
        held.into_keys().filter(|word| word.len() > 3).map(|word| (frequency(&word), word)).collect();
    words.sort_by(|a, b| b.cmp(a));
    let from = |first: usize| -> Vec<String> {
        words.iter().skip(first).step_by(5).take(QUERIES).map(|(_, word)| word.clone()).collect()
    };
    let (common, usual, rare) = (from(5), from(150), from(words.len() * 3 / 4));
    let joined = |form: fn(&str, &str) -> String| -> Vec<String> {
        common.iter().zip(&usual).map(|(a, b)| form(a, b)).collect()
    };
    let phrases: Vec<String> = pairs.iter().map(|(a, b)| format!("\"{a} {b}\"")).take(QUERIES).collect();
    let starts: Vec<String> = usual.iter().map(|word| word.chars().take(3).collect::<String>() + "*").collect();
    let dated: Vec<String> =
        common.iter().zip(&years).map(|(word, year)| format!("{word} date:{year}..{}", year + 1)).collect();
    vec![
        ("common word", common.clone()),
        ("rare word", rare),
        ("two words", joined(|a, b| format!("{a} {b}"))),
        ("either of two", joined(|a, b| format!("{a} OR {b}"))),
        ("phrase", phrases),
        ("near", joined(|a, b| format!("{a} NEAR/5 {b}"))),
        ("prefix", starts),
        ("fuzzy", usual.iter().map(|word| format!("{word}~1")).collect()),
        ("word and dates", dated),
        ("in the title", usual.iter().map(|word| format!("title:{word}")).collect()),
        ("person", vec!["person:reagan".to_owned(), "person:smith".to_owned(), "person:john".to_owned()]),
        ("everything", vec![String::new()]),
    ]
}

/// Three facets over everything, counted by tantivy's own aggregations and by ours.
fn aggregations(archive: &Archive, facets: &[FacetRequest]) {
    let request = SearchRequest { facets: facets.to_vec(), limit: 0, ..SearchRequest::default() };
    let ours = time(|| search_with(archive, &request));
    let strings = SearchRequest { facets: facets[..2].to_vec(), ..request };
    let two = time(|| search_with(archive, &strings));
    let theirs = time(|| {
        let wanted = serde_json::json!({
            "people": { "terms": { "field": "people", "size": 10 } },
            "countries": { "terms": { "field": "countries", "size": 10 } },
        });
        let wanted = serde_json::from_value(wanted).unwrap();
        let collector = AggregationCollector::from_aggs(wanted, AggContextParams::default());
        std::hint::black_box(archive.searcher().search(&tantivy::query::AllQuery, &collector).unwrap());
    });
    println!("\nfacets over everything, ms: people, countries and year {ours:.2}; people and countries {two:.2},");
    println!("by tantivy's aggregations, unresolved, {theirs:.2}: {:.2} of it", two / theirs);
}
