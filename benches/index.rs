//! How fast an archive becomes an index: whole, by stage, by threads, by format, refreshed; each beside a bare tantivy loop
//! in the same run.
//!
//! `cargo bench --bench index` makes an archive of 30,000 articles; `cargo bench --bench index -- FILE` reads FILE instead,
//! JSON lines with id, title, body, source and date.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a bench prints, and may fail")]

mod archive;
mod bare;
mod clock;
mod stages;
mod whole;

use std::path::{Path, PathBuf};

use clock::{Cost, cost, median};
use dateline::archive::Limits;
use dateline::date::Date;
use dateline::format::FieldMap;
use dateline::indexer::Settings;

const ARTICLES: u64 = 30_000;
/// Articles of the comparison of formats.
const FORMATTED: usize = 10_000;
const ROUNDS: usize = 3;
const STARTS: usize = 15;

fn settings(threads: usize) -> Settings {
    Settings { threads, today: Date::ymd(2026, 1, 1).unwrap(), limits: Limits::default(), map: FieldMap::default() }
}

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let given = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let lines = given.map_or_else(|| archive::json_lines(ARTICLES), |file| std::fs::read_to_string(file).unwrap());
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("news.jsonl");
    std::fs::write(&input, &lines).unwrap();
    whole_and_stages(&lines, &input, folder.path());
    formats(&lines, folder.path());
    refresh_and_start(&input, folder.path());
}

/// An empty folder, whatever lay there before.
fn fresh(folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir(&path).unwrap();
    path
}

fn whole_and_stages(lines: &str, input: &Path, folder: &Path) {
    let articles = lines.lines().count();
    let mut rows: Vec<(String, Vec<Cost>)> = Vec::new();
    let mut sizes = Vec::new();
    for round in 0..ROUNDS {
        let mut taken = Vec::new();
        for threads in [1, 2] {
            let bare = fresh(folder, "bare");
            taken.push((format!("bare loop, {threads} thread(s)"), cost(|| bare::index(lines, &bare, threads))));
            let plain = fresh(folder, "plain").join("segments");
            let name = format!("plain: no enrichment, no stems, {threads} thread(s)");
            taken.push((name, stages::plain(lines, &plain, threads)));
            let index = fresh(folder, "index");
            let name = format!("index: everything on, {threads} thread(s)");
            taken.push((name, whole::build(input, &index, &settings(threads))));
            sizes.push(size(&index));
        }
        let staged = stages::run(lines, &fresh(folder, "stages"), &settings(1));
        taken.extend(staged.into_iter().map(|(name, cost)| (format!("  stage: {name}"), cost)));
        for (place, (name, cost)) in taken.into_iter().enumerate() {
            if round == 0 {
                rows.push((name, Vec::new()));
            }
            rows[place].1.push(cost);
        }
    }
    println!("{articles} articles, {:.0} MB, medians of {ROUNDS} rounds", lines.len() as f64 / 1e6);
    let medians: Vec<(String, Cost)> = rows.into_iter().map(|(name, costs)| (name, median(&costs))).collect();
    let bare =
        |threads: &str| medians.iter().find(|(name, _)| name.starts_with(&format!("bare loop, {threads}"))).unwrap().1;
    println!("{:52} {:>7} {:>7} {:>10} {:>19}", "", "wall s", "cpu s", "articles/s", "of the bare loop");
    println!("{:52} {:>7} {:>7} {:>10} {:>9} {:>9}", "", "", "", "", "by wall", "by cpu");
    for (name, cost) in &medians {
        let bare = bare(if name.contains("2 thread") { "2" } else { "1" });
        let rate = articles as f64 / cost.wall;
        let wall = bare.wall / cost.wall;
        // the system counts in hundredths of a second, and a stage may take less
        let cpu = if cost.cpu > 0.0 { format!("{:.2}x", bare.cpu / cost.cpu) } else { "-".to_owned() };
        println!("{name:52} {:7.2} {:7.2} {rate:10.0} {wall:8.2}x {cpu:>9}", cost.wall, cost.cpu);
    }
    let of = |start: &str| medians.iter().find(|(name, _)| name.starts_with(start)).unwrap().1;
    let (one, two) = (of("index: everything on, 1"), of("index: everything on, 2"));
    println!(
        "two threads against one: {:.2}x (bare loop {:.2}x)",
        one.wall / two.wall,
        bare("1").wall / bare("2").wall
    );
    println!("index against input: {:.2}", sizes[0] as f64 / lines.len() as f64);
}

fn formats(lines: &str, folder: &Path) {
    let end = lines.match_indices('\n').nth(FORMATTED - 1).map_or(lines.len(), |(at, _)| at + 1);
    let lines = &lines[..end];
    let articles = lines.lines().count();
    let made = whole::formats(lines, &fresh(folder, "formats"));
    let mut costs = vec![Vec::new(); made.len()];
    let mut bare = Vec::new();
    for _ in 0..ROUNDS {
        let loop_folder = fresh(folder, "bare");
        bare.push(cost(|| bare::index(lines, &loop_folder, 1)));
        for (place, (_, path)) in made.iter().enumerate() {
            costs[place].push(whole::build(path, &fresh(folder, "index"), &settings(1)));
        }
    }
    let bare = median(&bare);
    let lines = median(&costs[0]);
    println!("\n{articles} articles by format, one thread");
    for ((name, _), costs) in made.iter().zip(&costs) {
        let Cost { wall, cpu } = median(costs);
        println!(
            "{name:20} {wall:7.2} s wall {cpu:7.2} s cpu   {:.2}x of the bare loop, {:.2} times JSON lines by cpu",
            bare.cpu / cpu,
            cpu / lines.cpu
        );
    }
}

fn refresh_and_start(input: &Path, folder: &Path) {
    let index = fresh(folder, "index");
    let whole = whole::build(input, &index, &settings(2));
    let unchanged = median(&[(); ROUNDS].map(|()| whole::build(input, &index, &settings(2))));
    println!(
        "\nrefresh without a change: {:.1} ms, {:.4} of building",
        unchanged.wall * 1e3,
        unchanged.wall / whole.wall
    );
    let word = "moscow";
    let starts: Vec<Cost> = (0..STARTS).map(|_| whole::one_shot(&index, word)).collect();
    let greps: Vec<Cost> = (0..STARTS).map(|_| whole::grep(input, word)).collect();
    let (start, grep) = (median(&starts).wall, median(&greps).wall);
    println!(
        "one-shot search, process start to exit: {:.1} ms, {:.2} of reading the archive for the word ({:.1} ms)",
        start * 1e3,
        start / grep,
        grep * 1e3
    );
}

/// Bytes of all files under a folder.
fn size(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(|entry| {
            let metadata = entry.metadata().unwrap();
            if metadata.is_dir() { size(&entry.path()) } else { metadata.len() }
        })
        .sum()
}
