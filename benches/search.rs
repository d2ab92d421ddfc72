//! How fast an index answers, by class of query, with hits, snippets and facets.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a bench prints, and may fail")]

mod archive;

use std::time::Instant;

use dateline::archive::Limits;
use dateline::date::Date;
use dateline::format::FieldMap;
use dateline::index::{Column, IndexDirectory};
use dateline::indexer::{IndexRequest, Progress, Settings, index};
use dateline::query::parse;
use dateline::search::{Archive, Facet, FacetRequest, SearchRequest, search};

const ARTICLES: u64 = 30_000;
const REPEATS: usize = 20;

/// A name for each class, and queries of it; the words are some of the generator's, common and rare.
const CLASSES: [(&str, &[&str]); 10] = [
    ("common word", &["lono", "tino", "sulno", "marno"]),
    ("rare word", &["lorinproba", "dokenstere", "lachagan"]),
    ("two words", &["lono tino", "sulno marno"]),
    ("either of two", &["lono OR tino", "sulno OR marno"]),
    ("phrase", &["\"lono tino\"", "\"tino sulno\""]),
    ("near", &["lono NEAR/5 tino", "sulno NEAR/3 marno"]),
    ("prefix", &["lon*", "sul*"]),
    ("fuzzy", &["lono~1", "marno~1"]),
    ("word and dates", &["lono date:1995", "tino date:2001..2003"]),
    ("everything", &[""]),
];

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("news.jsonl");
    std::fs::write(&input, archive::json_lines(ARTICLES)).unwrap();
    let today = Date::ymd(2026, 1, 1).unwrap();
    let settings = Settings { threads: 2, today, limits: Limits::default(), map: FieldMap::default() };
    let directory = IndexDirectory::new(folder.path().join("index"));
    let request = IndexRequest { paths: vec![input], remove: Vec::new(), rebuild: false, allow_removal: false };
    index(&directory, &request, &settings, &Progress::default()).unwrap();
    let started = Instant::now();
    let archive = Archive::open(&directory).unwrap();
    println!("{ARTICLES} articles; opened in {:.1} ms", started.elapsed().as_secs_f64() * 1e3);
    let facets = [Facet::Column(Column::People), Facet::Column(Column::Countries), Facet::Year];
    let facets: Vec<FacetRequest> = facets.into_iter().map(|facet| FacetRequest::new(facet, 10)).collect();
    println!("{:16} {:>9} {:>12} {:>12} {:>16}", "", "matches", "p50 ms", "p95 ms", "p95 with facets");
    for (class, queries) in CLASSES {
        let mut matches = 0;
        let mut time = |facets: &[FacetRequest]| {
            let mut times = Vec::new();
            for query in queries {
                let node = parse(query, today).unwrap().node;
                let request = SearchRequest {
                    text: (*query).to_owned(),
                    query: node,
                    facets: facets.to_vec(),
                    ..SearchRequest::default()
                };
                for _ in 0..REPEATS {
                    let started = Instant::now();
                    matches = search(&archive, &request).unwrap().total;
                    times.push(started.elapsed().as_secs_f64() * 1e3);
                }
            }
            times.sort_by(f64::total_cmp);
            (times[times.len() / 2], times[times.len() * 95 / 100])
        };
        let (middle, slow) = time(&[]);
        let (_, with_facets) = time(&facets);
        println!("{class:16} {matches:>9} {middle:>12.3} {slow:>12.3} {with_facets:>16.3}");
    }
}
