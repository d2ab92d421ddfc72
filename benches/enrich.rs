//! How fast people, leaders, countries, language and the rest are read off articles, on one thread.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a bench prints, and may fail")]

mod archive;
mod clock;

use std::time::Instant;

use clock::{Cost, cost, median};
use dateline::article::{Article, Draft};
use dateline::date::Date;
use dateline::enrich::{Gazetteer, enrich, language};

/// As the program itself has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ARTICLES: u64 = 20_000;
const ROUNDS: usize = 5;

fn main() {
    let given = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let lines = given.map_or_else(|| archive::json_lines(ARTICLES), |file| std::fs::read_to_string(file).unwrap());
    let drafts: Vec<Draft> = lines
        .lines()
        .map(|line| {
            let value: serde_json::Value = serde_json::from_str(line).unwrap();
            let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
            let date = value["date"].as_str().and_then(|date| date.parse().ok());
            let article =
                Article { id: text("id"), title: text("title"), body: text("body"), date, ..Article::default() };
            Draft { article, ..Draft::default() }
        })
        .collect();
    let bytes: usize = drafts.iter().map(|draft| draft.article.title.len() + draft.article.body.len()).sum();
    let megabytes = bytes as f64 / 1e6;
    let today = Date::ymd(2026, 1, 1).unwrap();
    let started = Instant::now();
    let gazetteer = Gazetteer::embedded();
    enrich(drafts[0].clone(), gazetteer, today);
    println!("gazetteer ready in {:.1} ms", started.elapsed().as_secs_f64() * 1e3);
    println!("{} articles, {megabytes:.1} MB; median of {ROUNDS}, by processor seconds", drafts.len());
    let rounds = |action: &dyn Fn(Vec<Draft>)| {
        let costs: Vec<Cost> = (0..ROUNDS)
            .map(|_| {
                let copies = drafts.clone();
                cost(|| action(copies))
            })
            .collect();
        median(&costs)
    };
    let told = |what: &str, cost: Cost| {
        println!("{what}: {:.1} MB/s ({:.1} on the wall)", megabytes / cost.cpu.max(0.01), megabytes / cost.wall);
    };
    let whole = rounds(&|copies| {
        let named: usize = copies.into_iter().map(|draft| enrich(draft, gazetteer, today).0.people.len()).sum();
        assert!(named > 0);
    });
    told("everything", whole);
    let alone = rounds(&|copies| {
        // words that are made up are of no language
        let told = copies.iter().filter(|draft| language::detect(&draft.article.title, &draft.article.body).is_some());
        std::hint::black_box(told.count());
    });
    told("language alone", alone);
}
