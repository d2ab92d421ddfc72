//! How fast an index answers, by class of query: beside a bare program that runs the same compiled query on the same index,
//! and with facets beside tantivy's own aggregations.
//!
//! `cargo bench --bench search` makes an archive of 30,000 articles, with `-- 200k` or `-- 1m` one of that many; `-- FILE` reads
//! FILE instead, and `-- FOLDER` opens the index that lies there. `-- … --class phrase` runs only classes with that in their name,
//! `--runs 1000` each query that often, for a profile; `--queries FILE` writes the queries to a file, one a line behind its class,
//! for peers to run.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a bench prints, and may fail")]

mod archive;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use dateline::archive::Limits;
use dateline::date::Date;
use dateline::format::FieldMap;
use dateline::index::{Column, IndexDirectory, fields, folded_words};
use dateline::indexer::{IndexRequest, Progress, Settings, index};
use dateline::query::{Node, compile, parse};
use dateline::search::{Archive, Facet, FacetRequest, SearchRequest, Sort, scan, search};
use tantivy::TantivyDocument;
use tantivy::aggregation::{AggContextParams, AggregationCollector};
use tantivy::collector::{Count, TopDocs};

/// As `dateline` has it, for both sides.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ARTICLES: &str = "30k";
const QUERIES: usize = 12;
const RUNS: usize = 15;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (mut given, mut wanted, mut runs) = (ARTICLES.to_owned(), String::new(), RUNS);
    let mut written = None;
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--class" => wanted = arguments.next().unwrap_or_default(),
            "--queries" => written = arguments.next(),
            "--runs" => runs = arguments.next().and_then(|runs| runs.parse().ok()).unwrap_or(RUNS),
            flag if flag.starts_with("--") => {}
            _ => given = argument,
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let today = Date::ymd(2026, 1, 1).unwrap();
    let directory = opened(&given, folder.path(), today);
    let started = Instant::now();
    let archive = Archive::open(&directory).unwrap();
    let articles = archive.manifest().counts.articles;
    println!("{articles} articles; opened in {:.1} ms", started.elapsed().as_secs_f64() * 1e3);
    let facets = [Facet::Column(Column::People), Facet::Column(Column::Countries), Facet::Year];
    let facets: Vec<FacetRequest> = facets.into_iter().map(|facet| FacetRequest::new(facet, 10)).collect();
    println!(
        "\np50 and p95 in ms of {QUERIES} queries a class, each the fastest of {runs} runs: a bare TopDocs and Count of the\n\
         compiled query with the best hit's stored document, search with one hit, search with ten hits and snippets,\n\
         search with three facets and no hits\n"
    );
    println!(
        "{:18} {:>9} {:>15} {:>15} {:>6} {:>15} {:>15}",
        "", "matches", "bare", "one hit", "p95 ×", "ten hits", "three facets"
    );
    let classes = classes(&archive);
    if let Some(file) = written {
        let lines =
            classes.iter().flat_map(|(class, queries)| queries.iter().map(move |query| format!("{class}\t{query}\n")));
        std::fs::write(file, lines.collect::<String>()).unwrap();
    }
    for (class, queries) in classes.into_iter().filter(|(class, _)| class.contains(&wanted)) {
        let mut matches = 0;
        let mut bare = Vec::new();
        let (mut ranked, mut whole, mut counted) = (Vec::new(), Vec::new(), Vec::new());
        for query in &queries {
            let node = parse(query, today).unwrap().node;
            bare.push(time(runs, || matches += run_bare(&archive, &node)));
            let request = SearchRequest { query: node, ..SearchRequest::default() };
            ranked.push(time(runs, || search_with(&archive, &SearchRequest { limit: 1, ..request.clone() })));
            whole.push(time(runs, || search_with(&archive, &request)));
            let faceted = SearchRequest { facets: facets.clone(), limit: 0, ..request.clone() };
            counted.push(time(runs, || search_with(&archive, &faceted)));
        }
        let (bare, ranked, whole, counted) = (spread(bare), spread(ranked), spread(whole), spread(counted));
        let shown = |(middle, slow): (f64, f64)| format!("{middle:.3} {slow:>7.3}");
        println!(
            "{class:18} {:>9} {:>15} {:>15} {:>6.2} {:>15} {:>15}",
            matches / (queries.len() * (runs + 1)).max(1),
            shown(bare),
            shown(ranked),
            ranked.1 / bare.1,
            shown(whole),
            shown(counted)
        );
        if class == "common word" {
            newest(&archive, &queries, today, runs);
        }
    }
    if wanted.is_empty() {
        aggregations(&archive, &facets, runs);
    }
}

/// The same words with the newest first, beside tantivy's own order by that column.
fn newest(archive: &Archive, queries: &[String], today: Date, runs: usize) {
    let (mut bare, mut ranked, mut whole) = (Vec::new(), Vec::new(), Vec::new());
    for query in queries {
        let node = parse(query, today).unwrap().node;
        bare.push(time(runs, || {
            let query = compile(&node, &mut archive.compiler().unwrap()).unwrap();
            let top = TopDocs::with_limit(10).order_by_fast_field::<i64>("date", tantivy::Order::Desc);
            let (top, count) = archive.searcher().search(&query, &(top, Count)).unwrap();
            let (_, best) = top[0];
            std::hint::black_box((archive.searcher().doc::<TantivyDocument>(best).unwrap(), count));
        }));
        let request = SearchRequest { query: node, sort: Sort::Newest, ..SearchRequest::default() };
        ranked.push(time(runs, || search_with(archive, &SearchRequest { limit: 1, ..request.clone() })));
        whole.push(time(runs, || search_with(archive, &request)));
    }
    let (bare, ranked, whole) = (spread(bare), spread(ranked), spread(whole));
    let shown = |(middle, slow): (f64, f64)| format!("{middle:.3} {slow:>7.3}");
    let (ratio, bare, ranked) = (ranked.1 / bare.1, shown(bare), shown(ranked));
    println!("{:18} {:>9} {bare:>15} {ranked:>15} {ratio:>6.2} {:>15}", "  newest first", "", shown(whole));
}

/// An index of what was given: a number of articles, a file of them, or the index itself.
fn opened(given: &str, folder: &Path, today: Date) -> IndexDirectory {
    if Path::new(given).is_dir() {
        return IndexDirectory::new(given);
    }
    let thousands = given.strip_suffix('k').map(|number| (number, 1_000));
    let millions = given.strip_suffix('m').map(|number| (number, 1_000_000));
    let (number, times) = thousands.or(millions).unwrap_or((given, 1));
    let input = match number.parse::<u64>() {
        Ok(number) => {
            let made = folder.join("news.jsonl");
            std::fs::write(&made, archive::json_lines(number * times)).unwrap();
            made
        }
        Err(_) => PathBuf::from(given),
    };
    let directory = IndexDirectory::new(folder.join("index"));
    let settings = Settings { threads: 2, today, limits: Limits::default(), map: FieldMap::default() };
    let request = IndexRequest { paths: vec![input], ..IndexRequest::default() };
    index(&directory, &request, &settings, &Progress::default()).unwrap();
    directory
}

/// Runs the query as a program without any of this would, compiled and all.
fn run_bare(archive: &Archive, node: &Node) -> usize {
    let mut compiler = archive.compiler().unwrap();
    let query = compile(node, &mut compiler).unwrap();
    let (top, count) = archive.searcher().search(&query, &(TopDocs::with_limit(10).order_by_score(), Count)).unwrap();
    if let Some((_, best)) = top.first() {
        std::hint::black_box(archive.searcher().doc::<TantivyDocument>(*best).unwrap());
    }
    count
}

fn search_with(archive: &Archive, request: &SearchRequest) {
    std::hint::black_box(search(archive, request).unwrap());
}

/// Milliseconds of the fastest of several runs, after one to warm up: what the others take longer is other programs.
fn time(runs: usize, mut run: impl FnMut()) -> f64 {
    run();
    let mut times: Vec<f64> = Vec::new();
    for _ in 0..runs {
        let started = Instant::now();
        run();
        times.push(started.elapsed().as_secs_f64() * 1e3);
    }
    times.into_iter().fold(f64::INFINITY, f64::min)
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
fn aggregations(archive: &Archive, facets: &[FacetRequest], runs: usize) {
    let request = SearchRequest { facets: facets.to_vec(), limit: 0, ..SearchRequest::default() };
    let ours = time(runs, || search_with(archive, &request));
    let strings = SearchRequest { facets: facets[..2].to_vec(), ..request };
    let two = time(runs, || search_with(archive, &strings));
    let theirs = time(runs, || {
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
