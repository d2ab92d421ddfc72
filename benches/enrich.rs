//! How fast people, leaders, countries, language and the rest are read off articles, on one thread.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a bench prints, and may fail")]

mod archive;

use std::time::Instant;

use dateline::article::{Article, Draft};
use dateline::date::Date;
use dateline::enrich::{Gazetteer, enrich, language};

const ARTICLES: u64 = 20_000;
const ROUNDS: usize = 5;

fn main() {
    let lines = archive::json_lines(ARTICLES);
    let drafts: Vec<Draft> = lines
        .lines()
        .map(|line| {
            let value: serde_json::Value = serde_json::from_str(line).unwrap();
            let text = |key: &str| value[key].as_str().unwrap().to_owned();
            let article = Article { id: text("id"), title: text("title"), body: text("body"), ..Article::default() };
            Draft { article, ..Draft::default() }
        })
        .collect();
    let bytes: usize = drafts.iter().map(|draft| draft.article.title.len() + draft.article.body.len()).sum();
    let today = Date::ymd(2026, 1, 1).unwrap();
    let started = Instant::now();
    let gazetteer = Gazetteer::embedded();
    enrich(drafts[0].clone(), gazetteer, today);
    println!("gazetteer ready in {:.1} ms", started.elapsed().as_secs_f64() * 1e3);
    let mut seconds: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let copies = drafts.clone();
            let started = Instant::now();
            let named: usize = copies.into_iter().map(|draft| enrich(draft, gazetteer, today).0.people.len()).sum();
            assert!(named > 0);
            started.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    let median = seconds[ROUNDS / 2];
    println!(
        "{ARTICLES} articles, {:.1} MB: {:.1} MB/s, {:.0} articles/s (median of {ROUNDS})",
        bytes as f64 / 1e6,
        bytes as f64 / 1e6 / median,
        ARTICLES as f64 / median
    );
    let mut seconds: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let started = Instant::now();
            let told =
                drafts.iter().filter(|draft| language::detect(&draft.article.title, &draft.article.body).is_some());
            assert!(told.count() > 0);
            started.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    println!("language alone: {:.0} articles/s (median of {ROUNDS})", ARTICLES as f64 / seconds[ROUNDS / 2]);
}
