//! A server under load: how fast it answers searches, and whether every answer is whole while a new generation is published.
//!
//! `cargo bench --bench load` asks for 60 seconds over an archive of 20,000 articles it makes itself; `-- FILE --seconds 600` is the full
//! run over the articles of FILE. `--rate N` requests a second are due whatever the server does, and a request that waits for its
//! connection waits as a person would: the time of an answer counts from when it was due. `--connections N` are held.
//! Any failed or mixed answer ends it with exit code 1; times never do.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a bench prints, and may fail")]

mod archive;
mod client;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use archive::Numbers;
use client::{Answer, Connection};

/// Threads that ask, each with its part of the connections.
const THREADS: usize = 50;

/// Different searches asked for; the first ones most, as in any archive.
const SEARCHES: u64 = 2_000;

/// What is counted beside every search: three facets and the timeline.
const COUNTED: &str = "&facet=people&facet=countries&facet=source&facet=year";

struct Plan {
    news: String,
    seconds: u64,
    rate: u64,
    connections: usize,
}

/// What one thread saw.
#[derive(Default)]
struct Seen {
    /// When each answer was due, how long it took, and its kind.
    times: Vec<(f64, f64, Kind)>,
    /// Hashes of the answers to each search.
    answers: HashMap<u64, BTreeSet<u64>>,
    failed: Vec<String>,
    busy: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Kind {
    Search,
    Page,
    NextPage,
    Timeline,
    Article,
    Held,
}

fn main() -> ExitCode {
    let plan = plan();
    let folder = tempfile::tempdir().unwrap();
    let news = folder.path().join("news");
    std::fs::create_dir(&news).unwrap();
    match plan.news.strip_suffix('k').and_then(|number| number.parse::<u64>().ok()) {
        Some(number) => std::fs::write(news.join("news.jsonl"), archive::json_lines(number * 1_000)).unwrap(),
        None => drop(std::fs::copy(&plan.news, news.join("news.jsonl")).unwrap()),
    }
    index(folder.path());
    let searches = searches(&news.join("news.jsonl"));
    let mut server = Server::start(folder.path(), &[]);
    println!(
        "{} requests a second for {} s over {} connections, {SEARCHES} different searches, the server on this machine too",
        plan.rate, plan.seconds, plan.connections
    );
    once(&server, &searches);
    server = Server::start(folder.path(), &[]);
    let asked = AtomicU64::new(0);
    let started = Instant::now();
    let mut memory = Vec::new();
    let mut published = (0.0, 0.0);
    let seen: Vec<Seen> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                let (plan, searches, asked, address) = (&plan, &searches, &asked, &server.address);
                scope.spawn(move || ask(plan, searches, asked, address, thread, started))
            })
            .collect();
        for second in 1..plan.seconds {
            std::thread::sleep((started + Duration::from_secs(second)).saturating_duration_since(Instant::now()));
            memory.extend(server.memory());
            if second == plan.seconds / 2 {
                let from = started.elapsed().as_secs_f64();
                std::fs::write(news.join("more.jsonl"), more(200)).unwrap();
                index(folder.path());
                published = (from, started.elapsed().as_secs_f64());
            }
        }
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let cpu = server.cpu();
    drop(server);
    report(&plan, &seen, &memory, published, cpu);
    let mixed = mixed(folder.path(), &searches, &seen);
    let failed: Vec<&String> = seen.iter().flat_map(|seen| &seen.failed).collect();
    println!("failed answers: {}; mixed answers: {mixed}", failed.len());
    for failed in failed.iter().take(5) {
        println!("  {failed}");
    }
    ExitCode::from(u8::from(mixed > 0 || !failed.is_empty()))
}

fn plan() -> Plan {
    let mut plan = Plan { news: "20k".to_owned(), seconds: 60, rate: 300, connections: 500 };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().unwrap().parse::<u64>().unwrap();
        match argument.as_str() {
            "--seconds" => plan.seconds = number(),
            "--rate" => plan.rate = number(),
            "--connections" => plan.connections = number() as usize,
            flag if flag.starts_with("--") => {}
            _ => plan.news = argument,
        }
    }
    plan
}

fn dateline(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
    command.current_dir(folder).env_remove("DATELINE_INDEX");
    command
}

fn index(folder: &Path) {
    let done = dateline(folder).args(["index", "news", "--today", "2026-01-01"]).output().unwrap();
    print!("{}", String::from_utf8_lossy(&done.stdout));
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// Articles that answer every second search otherwise than before.
fn more(articles: u64) -> String {
    let mut lines = String::new();
    for (number, line) in archive::json_lines(articles).lines().enumerate() {
        let mut article: serde_json::Value = serde_json::from_str(line).unwrap();
        article["id"] = format!("more-{number}").into();
        writeln!(lines, "{article}").unwrap();
    }
    lines
}

/// Searches made of the words of the archive, the same ones every time: words, pairs, phrases, some with a filter or dates.
fn searches(news: &Path) -> Vec<String> {
    let lines = BufReader::new(std::fs::File::open(news).unwrap()).lines();
    let mut words: Vec<String> = Vec::new();
    for line in lines.map(Result::unwrap).step_by(7) {
        let article: serde_json::Value = serde_json::from_str(&line).unwrap();
        let text = article["body"].as_str().unwrap_or_default();
        words.extend(
            text.split(|c: char| !c.is_ascii_alphanumeric())
                .filter(|word| word.len() > 3)
                .skip(5)
                .take(6)
                .map(str::to_lowercase),
        );
        if words.len() as u64 > SEARCHES * 3 {
            break;
        }
    }
    let mut numbers = Numbers::new(3);
    let mut searches = BTreeSet::new();
    while (searches.len() as u64) < SEARCHES {
        let place = numbers.skewed(words.len() as u64 - 1) as usize;
        let (one, next, other) =
            (&words[place], &words[place + 1], &words[numbers.skewed(words.len() as u64) as usize]);
        let search = match searches.len() % 8 {
            0 | 1 => one.clone(),
            2 => format!("{one} {other}"),
            3 => format!("{one} OR {other}"),
            4 => format!("%22{one} {next}%22"),
            5 => format!("{one} -{other}"),
            6 => format!("{one}&country=US"),
            _ => format!("{other}&from=1985&to={}", 1985 + searches.len() % 30),
        };
        searches.insert(search.replace(' ', "+"));
    }
    let mut searches: Vec<String> = searches.into_iter().collect();
    // in no order that has to do with their words
    searches.sort_by_key(|search| hash(search.as_bytes()));
    searches
}

/// Every search asked once by two at a time: what nothing kept in memory can help.
fn once(server: &Server, searches: &[String]) {
    let started = Instant::now();
    let before = server.cpu();
    let next = AtomicU64::new(0);
    let mut times: Vec<f64> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let mut connection = Connection::open(&server.address).unwrap();
                    let mut times = Vec::new();
                    while let Some(search) = searches.get(next.fetch_add(1, Ordering::Relaxed) as usize) {
                        let asked = Instant::now();
                        let answer = connection.get(&format!("/api/search?q={search}{COUNTED}"), None).unwrap();
                        assert_eq!(answer.status, 200, "{search}: {}", String::from_utf8_lossy(&answer.body));
                        times.push(asked.elapsed().as_secs_f64() * 1e3);
                    }
                    times
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    times.sort_by(f64::total_cmp);
    println!(
        "each search once, two at a time: {:.0} a second, p50 {:.1}, p99 {:.1} ms, {:.1} ms of the processor each",
        times.len() as f64 / started.elapsed().as_secs_f64(),
        part(&times, 50.0),
        part(&times, 99.0),
        (server.cpu() - before) * 1e3 / times.len() as f64
    );
}

/// Asks what is due, on each of this thread's connections in turn.
fn ask(plan: &Plan, searches: &[String], asked: &AtomicU64, address: &str, thread: usize, started: Instant) -> Seen {
    let mut seen = Seen::default();
    let held = plan.connections / THREADS;
    let mut connections: Vec<Connection> = (0..held.max(1)).map(|_| Connection::open(address).unwrap()).collect();
    let mut numbers = Numbers::new(thread as u64 + 11);
    let (mut article, mut etag) = (String::new(), (String::new(), String::new()));
    for turn in 0.. {
        let number = asked.fetch_add(1, Ordering::Relaxed);
        let due = number as f64 / plan.rate as f64;
        if due >= plan.seconds as f64 {
            break;
        }
        std::thread::sleep(Duration::from_secs_f64(due).saturating_sub(started.elapsed()));
        let place = numbers.skewed(searches.len() as u64);
        let search = &searches[place as usize];
        let (kind, path) = match number % 20 {
            12..=14 => (Kind::Page, format!("/?q={search}")),
            15 => (Kind::NextPage, format!("/?q={search}&offset=10")),
            16 => (Kind::Timeline, format!("/api/timeline?q={search}&by=month")),
            17 if !article.is_empty() => (Kind::Article, format!("/articles/{article}")),
            18 if !etag.0.is_empty() => (Kind::Held, etag.0.clone()),
            _ => (Kind::Search, format!("/api/search?q={search}{COUNTED}")),
        };
        let known = (kind == Kind::Held).then_some(etag.1.as_str());
        let connection = &mut connections[turn % held.max(1)];
        let answer = match connection.get(&path, known) {
            Ok(answer) => answer,
            Err(error) => {
                seen.failed.push(format!("{path}: {error}"));
                *connection = Connection::open(address).unwrap();
                continue;
            }
        };
        seen.times.push((due, (started.elapsed().as_secs_f64() - due) * 1e3, kind));
        match answer.status {
            200 if kind == Kind::Search => {
                article = first_id(&answer.body).unwrap_or(article);
                seen.answers.entry(place).or_default().insert(hash(&timeless(&answer.body)));
                etag = (path, answer.etag);
            }
            200 => {}
            304 if kind == Kind::Held => {}
            503 => seen.busy += 1,
            status => seen.failed.push(format!("{path}: {status} {}", String::from_utf8_lossy(&answer.body))),
        }
    }
    seen
}

/// An answer without the time it took.
fn timeless(body: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(body);
    let (before, after) = text.split_once("\"took_ms\":").unwrap_or((&text, ""));
    let after = after.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | '-'));
    [before.as_bytes(), after.as_bytes()].concat()
}

fn first_id(body: &[u8]) -> Option<String> {
    let answer: serde_json::Value = serde_json::from_slice(body).ok()?;
    answer["hits"][0]["id"].as_str().map(str::to_owned)
}

fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

fn part(sorted: &[f64], percent: f64) -> f64 {
    let place = (sorted.len() as f64 * percent / 100.0).ceil() as usize;
    sorted.get(place.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

fn report(plan: &Plan, seen: &[Seen], memory: &[f64], published: (f64, f64), cpu: f64) {
    let times = || seen.iter().flat_map(|seen| seen.times.iter().copied());
    let line = |name: &str, chosen: &mut dyn Iterator<Item = f64>| {
        let mut times: Vec<f64> = chosen.collect();
        times.sort_by(f64::total_cmp);
        println!(
            "{name:24} {:>8} {:>8.1} {:>8.1} {:>8.1} {:>8.1}",
            times.len(),
            part(&times, 50.0),
            part(&times, 95.0),
            part(&times, 99.0),
            part(&times, 100.0)
        );
    };
    println!(
        "\n{:24} {:>8} {:>8} {:>8} {:>8} {:>8}",
        "ms from when it was due", "answers", "p50", "p95", "p99", "longest"
    );
    let kinds: BTreeSet<Kind> = times().map(|(.., kind)| kind).collect();
    for kind in kinds {
        line(&format!("{kind:?}"), &mut times().filter(|(.., of)| *of == kind).map(|(_, ms, _)| ms));
    }
    let is_while_publishing = |due: f64| (published.0..published.1 + 2.0).contains(&due);
    line("all", &mut times().map(|(_, ms, _)| ms));
    line("all, while publishing", &mut times().filter(|(due, ..)| is_while_publishing(*due)).map(|(_, ms, _)| ms));
    line("all, at other times", &mut times().filter(|(due, ..)| !is_while_publishing(*due)).map(|(_, ms, _)| ms));
    println!(
        "{:.0} answers a second; {} turned away (503); {:.1} ms of the server's processor each",
        times().count() as f64 / plan.seconds as f64,
        seen.iter().map(|seen| seen.busy).sum::<u64>(),
        cpu * 1e3 / times().count() as f64
    );
    let at = |tenth: usize| {
        memory.get((memory.len() * tenth / 10).min(memory.len().saturating_sub(1))).copied().unwrap_or(0.0)
    };
    println!("memory of its own, MB, at each tenth: {:.0?}", (0..=10).map(at).collect::<Vec<_>>());
}

/// Answers that are neither of the generation before nor of that after.
fn mixed(folder: &Path, searches: &[String], seen: &[Seen]) -> usize {
    let mut answers: BTreeMap<u64, BTreeSet<u64>> = BTreeMap::new();
    for (place, hashes) in seen.iter().flat_map(|seen| &seen.answers) {
        answers.entry(*place).or_default().extend(hashes);
    }
    let total: usize = answers.values().map(BTreeSet::len).sum();
    let (mut pure, mut each) = (0, [0, 0]);
    let servers = [Server::start(folder, &["--as-of", "1"]), Server::start(folder, &[])];
    let mut connections = servers.each_ref().map(|server| Connection::open(&server.address).unwrap());
    for (place, hashes) in &answers {
        let path = format!("/api/search?q={}{COUNTED}", searches[*place as usize]);
        let right = connections.each_mut().map(|connection| {
            let Answer { body, .. } = connection.get(&path, None).unwrap();
            hash(&timeless(&body))
        });
        pure += hashes.iter().filter(|hash| right.contains(hash)).count();
        for (each, right) in each.iter_mut().zip(right) {
            *each += usize::from(hashes.contains(&right));
        }
    }
    println!(
        "{} searches checked against both generations; answered by the first {}, by the second {}",
        answers.len(),
        each[0],
        each[1]
    );
    total - pure
}

struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start(folder: &Path, flags: &[&str]) -> Self {
        let mut command = dateline(folder);
        command.args(["serve", "--bind", "127.0.0.1:0", "--today", "2026-01-01"]).args(flags);
        let mut process = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stderr.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().rsplit_once("http://").unwrap().1.trim_end_matches('/').to_owned();
        Self { process, address }
    }

    /// MB of memory that is not the index's files.
    fn memory(&self) -> Option<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"))?;
        Some(line.trim().trim_end_matches(" kB").trim().parse::<f64>().ok()? / 1024.0)
    }

    /// Seconds of the processor, where Linux tells them.
    fn cpu(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id())).unwrap_or_default();
        let fields =
            stat.rsplit_once(')').map(|(_, rest)| rest.split_whitespace().skip(11).take(2)).into_iter().flatten();
        fields.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}
