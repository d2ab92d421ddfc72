//! A refresh reads only what changed, and its index answers as one built anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::sandbox::{Sandbox, TODAY};

const PEOPLE: [&str; 6] =
    ["Angela Merkel", "Emmanuel Macron", "Ada Byron", "Harlan Otley", "Minister Zoe Lindqvist", "President Ida Marsh"];
const PLACES: [&str; 6] = ["Geneva", "Oslo", "Vienna", "Accra", "Lima", "Prague"];
const THINGS: [&str; 8] = ["harvest", "budget", "ferry", "treaty", "flood", "strike", "election", "railway"];

/// Numbers that are the same in every run.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.roll(words.len())]
    }

    /// A short article whose words, names and date are thrown.
    pub fn article(&mut self) -> String {
        let (who, place) = (self.of(&PEOPLE), self.of(&PLACES));
        let surname = who.rsplit(' ').next().unwrap();
        let (first, second, third) = (self.of(&THINGS), self.of(&THINGS), self.of(&THINGS));
        let (day, year) = (1 + self.roll(28), 1990 + self.roll(4));
        let more: Vec<&str> = (0..self.roll(40)).map(|_| self.of(&THINGS)).collect();
        format!(
            "The {first} of {place} number {}\n\n{place}, {year}-03-{day:02} - {who} spoke about the {first} and the {second} \
             in {place} on Monday. {surname} said the {third} would be settled. {} and that was all.\n",
            self.roll(100_000),
            more.join(" ")
        )
    }
}

/// The same as a line of JSON with an id.
pub fn record(dice: &mut Dice, id: usize) -> String {
    let text = dice.article();
    let (title, body) = text.split_once("\n\n").unwrap();
    serde_json::json!({"id": format!("r{id}"), "title": title, "body": body.trim(), "date": "1991-05-06"}).to_string()
}

/// Everything an index answers: totals, ids and facets as they are, and the scores apart.
fn answers(sandbox: &Sandbox, index: &str) -> (Vec<String>, Vec<f64>) {
    let mut queries = vec![String::new()];
    queries.extend(THINGS.map(str::to_owned));
    queries.extend(PLACES.map(|place| format!("title:{place}")));
    queries.extend(["Byron", "Marsh", "Merkel", "Otley"].map(|name| format!("person:{name}")));
    queries.extend(
        [
            "\"the flood\"",
            "harv* OR ferry*",
            "strike NEAR/5 budget",
            "settled -railway",
            "date:1991",
            "hafen~1",
            "*e*",
            "language:de",
        ]
        .map(str::to_owned),
    );
    let lines: Vec<String> = queries.iter().enumerate().map(|(number, query)| format!("{number}\t{query}")).collect();
    sandbox.write("queries.tsv", lines.join("\n"));
    let flags =
        "--format json --limit 500 --facet people --facet countries --facet leaders --facet year --facet source";
    let mut texts = Vec::new();
    let mut scores = Vec::new();
    for boost in ["", " --boost recent"] {
        let ran = sandbox.line(&format!("search --queries queries.tsv --index {index} {flags}{boost}"));
        assert_eq!(ran.stderr, "", "{ran:?}");
        for line in ran.stdout.lines() {
            let mut answer: Value = serde_json::from_str(line).unwrap();
            answer.as_object_mut().unwrap().remove("took_ms");
            let mut hits: BTreeMap<String, (f64, Value)> = BTreeMap::new();
            for mut hit in answer["hits"].as_array().unwrap().clone() {
                let score = hit["score"].as_f64().unwrap_or(0.0);
                for key in ["score", "rank"] {
                    hit.as_object_mut().unwrap().remove(key);
                }
                hits.insert(hit["id"].as_str().unwrap().to_owned(), (score, hit));
            }
            scores.extend(hits.values().map(|(score, _)| *score));
            answer["hits"] = hits.into_values().map(|(_, hit)| hit).collect();
            texts.push(answer.to_string());
        }
    }
    // a total alone is counted another way than hits are
    let totals = sandbox.lines(&format!("search --queries queries.tsv --index {index} --format json --limit 0"));
    texts.extend(totals.iter().map(|answer| answer["total"].to_string()));
    // what words and names stand for, and everything there is, in the order of the archive
    for query in ["harv* ferry* hafen~1 person:Seltenheim person:Byron", "*kutter OR Hafens OR settle"] {
        let ran = sandbox.run(["explain", query, "--index", index]);
        assert_eq!(ran.code, 0, "{ran:?}");
        texts.push(ran.stdout + &ran.stderr);
    }
    texts.push(sandbox.line(&format!("people suggest --least 1 --index {index} --format json")).stdout);
    for line in ["export ''", "export 'flood OR ferry' --format csv"] {
        texts.push(sandbox.stdout(&format!("{line} --index {index}")));
    }
    (texts, scores)
}

/// Refreshes an index and builds another one anew, which must be the same.
fn refreshed_is_rebuilt(sandbox: &Sandbox, round: &str) -> Value {
    let refreshed = sandbox.json(&format!("index news --json --allow-removal --today {TODAY}"));
    let fresh = sandbox.path().join("fresh");
    fs::remove_dir_all(&fresh).ok();
    let rebuilt = sandbox.json(&format!("index news --json --index fresh --today {TODAY}"));
    for key in ["digest", "articles", "skipped", "warnings", "examples"] {
        assert_eq!(refreshed[key], rebuilt[key], "{round}: {key}");
    }
    let (refreshed_texts, refreshed_scores) = answers(sandbox, ".dateline");
    let (texts, scores) = answers(sandbox, "fresh");
    for (refreshed, rebuilt) in refreshed_texts.iter().zip(&texts) {
        assert_eq!(refreshed, rebuilt, "{round}");
    }
    assert_eq!(refreshed_scores.len(), scores.len(), "{round}");
    for (refreshed, rebuilt) in refreshed_scores.iter().zip(&scores) {
        assert!((refreshed - rebuilt).abs() < 1e-4, "{round}: {refreshed} became {rebuilt}");
    }
    let names = |index: &str| {
        let current = fs::read_to_string(sandbox.path().join(index).join("CURRENT")).unwrap();
        fs::read(sandbox.path().join(format!("{index}/generations/{}/meanings.bin", current.trim()))).unwrap()
    };
    assert_eq!(names(".dateline"), names("fresh"), "{round}: what the archive teaches about names");
    refreshed
}

/// Changes files and records at random, and compares each refresh with a rebuild.
fn after_any_changes(seed: u64, rounds: usize) {
    let sandbox = Sandbox::new();
    let mut dice = Dice(seed);
    for number in 0..80 {
        sandbox.write(&format!("news/{}/{number}.txt", number % 7), dice.article());
    }
    let mut records: Vec<String> = (0..10).map(|id| record(&mut dice, id)).collect();
    sandbox.write("news/some.jsonl", records.join("\n"));
    sandbox.index(&sandbox.path().join("news"));
    let (mut next, mut next_id) = (80, 100);
    for round in 0..rounds {
        for _ in 0..=dice.roll(5) {
            let number = dice.roll(next);
            let path = format!("news/{}/{number}.txt", number % 7);
            let text = fs::read(sandbox.path().join(&path)).ok();
            match (dice.roll(8), text) {
                (0, Some(_)) => fs::remove_file(sandbox.path().join(&path)).unwrap(),
                (1, Some(text)) => {
                    // a copy that comes before or after its original
                    let copy = format!("news/{}/copy-{number}.txt", ["0", "9"][dice.roll(2)]);
                    sandbox.write(&copy, text);
                }
                (2, _) => {
                    // ids that other files have too, with the same content or another
                    let mut lines: Vec<String> = Vec::new();
                    for _ in 0..3 {
                        let id = dice.roll(14);
                        lines.push(record(&mut dice, id));
                    }
                    lines.push(records[dice.roll(records.len())].clone());
                    sandbox.write(&format!("news/{}.jsonl", ["before", "z-after"][dice.roll(2)]), lines.join("\n"));
                }
                (3, _) => {
                    sandbox.write(&path, ["", "\u{0}\u{1}\u{2}binary\u{0}\u{0}"][dice.roll(2)]);
                }
                (4, _) => {
                    sandbox.write(&path, dice.article());
                }
                (5, _) => {
                    // a record of a file is changed, removed, or put between others
                    let (place, id) = (dice.roll(records.len()), next_id);
                    next_id += 1;
                    match dice.roll(3) {
                        0 => records[place] = record(&mut dice, id),
                        1 if records.len() > 3 => drop(records.remove(place)),
                        _ => records.insert(place, record(&mut dice, id)),
                    }
                    sandbox.write("news/some.jsonl", records.join("\n"));
                }
                (6, _) => {
                    // words and a language that no other article has, and that go again with it
                    let rare = format!("news/{}/rare.txt", dice.roll(3));
                    let file = sandbox.path().join(&rare);
                    if fs::remove_file(&file).is_err() {
                        let text = "Ein seltener Hafenbericht\n\nWIEN - Die Harvestmaschine und der Ferrykutter lagen am \
                                    Montag im Hafen, sagte Kapitän Ottokar Seltenheim. Das Schiff blieb dort.\n";
                        sandbox.write(&rare, format!("{text}{} Fahrten.\n", dice.roll(1000)));
                    }
                }
                _ => {
                    sandbox.write(&format!("news/{}/{next}.txt", next % 7), dice.article());
                    next += 1;
                }
            }
        }
        refreshed_is_rebuilt(&sandbox, &format!("seed {seed}, round {round}"));
    }
    assert_eq!(sandbox.line("verify --deep").code, 0);
}

#[test]
fn after_any_changes_a_refreshed_index_answers_as_one_built_anew() {
    after_any_changes(6, 14);
}

#[test]
#[ignore = "takes minutes"]
fn after_any_changes_of_many_kinds_a_refreshed_index_answers_as_one_built_anew() {
    for seed in 100..120 {
        after_any_changes(seed, 25);
    }
}

#[test]
fn many_small_refreshes_are_compacted_and_much_removed_is_written_anew() {
    let sandbox = Sandbox::new();
    let mut dice = Dice(9);
    for number in 0..60 {
        sandbox.write(&format!("news/{number:03}.txt"), dice.article());
    }
    sandbox.index(&sandbox.path().join("news"));
    for round in 0..20 {
        // one new, two removed: in the end a third of the first segment is gone
        sandbox.write(&format!("news/{:03}.txt", 100 + round), dice.article());
        if round < 12 {
            for number in [2 * round, 2 * round + 1] {
                fs::remove_file(sandbox.path().join(format!("news/{number:03}.txt"))).unwrap();
            }
        }
        sandbox.json(&format!("index --json --today {TODAY}"));
    }
    let manifest = manifest(&sandbox, ".dateline");
    let segments = manifest["segments"].as_array().unwrap();
    assert!(segments.len() <= 10, "{} segments of 21 runs", segments.len());
    let removed: u64 = segments.iter().filter_map(|segment| segment["removed"].as_u64()).sum();
    assert!(removed <= 15, "{removed} removed articles are still there");
    sandbox.write("news/100.txt", dice.article());
    refreshed_is_rebuilt(&sandbox, "in the end");
}

fn manifest(sandbox: &Sandbox, index: &str) -> Value {
    let index = sandbox.path().join(index);
    let current = fs::read_to_string(index.join("CURRENT")).unwrap();
    let manifest = index.join("generations").join(current.trim()).join("manifest.json");
    serde_json::from_slice(&fs::read(manifest).unwrap()).unwrap()
}

#[cfg(unix)]
#[test]
fn an_unchanged_segment_is_linked_and_only_changed_files_are_read() {
    use std::os::unix::fs::MetadataExt;
    let sandbox = Sandbox::new();
    let mut dice = Dice(3);
    for number in 0..20 {
        sandbox.write(&format!("news/{number}.txt"), dice.article());
    }
    sandbox.index(&sandbox.path().join("news"));
    let text = dice.article();
    sandbox.write("news/new.txt", &text);
    let summary = sandbox.json(&format!("index --json --today {TODAY}"));
    assert_eq!((&summary["indexed"], &summary["bytes_read"]), (&Value::from(1), &Value::from(text.len())), "{summary}");
    let stores = |generation: u32| -> Vec<u64> {
        let files = fs::read_dir(sandbox.path().join(format!(".dateline/generations/{generation}"))).unwrap();
        let files =
            files.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|end| end == "store"));
        files.map(|path| path.metadata().unwrap().ino()).collect()
    };
    let (before, after) = (stores(1), stores(2));
    assert_eq!((before.len(), after.len()), (1, 2));
    assert!(after.contains(&before[0]), "the store of the first generation is linked");
}

#[test]
fn a_file_that_was_only_touched_is_not_read_again() {
    let sandbox = Sandbox::new();
    let path = sandbox.write("news/a.txt", Dice(1).article());
    let first = sandbox.index(&sandbox.path().join("news"));
    let file = fs::File::options().write(true).open(&path).unwrap();
    file.set_modified(std::time::SystemTime::now() + std::time::Duration::from_mins(1)).unwrap();
    let second = sandbox.json(&format!("index --json --today {TODAY}"));
    assert_eq!((&second["unchanged"], &second["bytes_read"]), (&Value::from(1), &Value::from(0)), "{second}");
    assert_eq!(first["digest"], second["digest"]);
}

#[test]
fn so_many_generations_are_kept_and_each_can_be_asked() {
    let sandbox = Sandbox::new();
    let mut dice = Dice(2);
    for number in 0..5 {
        sandbox.write(&format!("news/{number}.txt"), dice.article());
        let ran = sandbox.line("index news --keep 3");
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    for (generation, total) in [(3, 3), (4, 4), (5, 5)] {
        let answer = sandbox.json(&format!("search --as-of {generation} --format json"));
        assert_eq!(answer["total"], total);
        let counted = sandbox.json(&format!("stats --as-of {generation} --json"));
        assert_eq!(counted["generation"], generation);
    }
    let error = sandbox.error("search --as-of 2 x", 2);
    assert_eq!(error, "error: .dateline has no generation 2; it keeps 3, 4, 5");
    sandbox.stdout("index news --rebuild --keep 1");
    assert_eq!(sandbox.error("search --as-of 5 x", 2), "error: .dateline has no generation 5; it keeps 6");
}

#[test]
fn leftovers_of_killed_runs_are_removed_and_named() {
    let sandbox = Sandbox::new();
    sandbox.write("news/a.txt", Dice(4).article());
    sandbox.index(&sandbox.path().join("news"));
    for path in [".building/half", "7/whole", ".removing/half"] {
        sandbox.write(&format!(".dateline/generations/{path}"), "x");
    }
    sandbox.write(".dateline/CURRENT.new", "7");
    let ran = sandbox.line(&format!("index --today {TODAY}"));
    let expected = "removed what an interrupted run had left behind: CURRENT.new, generations/.building, \
                    generations/.removing, generations/7\n";
    assert_eq!((ran.code, ran.stderr.as_str()), (0, expected));
    assert_eq!(listing(&sandbox.path().join(".dateline")), ["CURRENT", "LOCK", "generations", "generations/1"]);
}

/// What lies in an index, down to its generations.
pub fn listing(index: &Path) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for folder in ["", "generations/"] {
        let entries = fs::read_dir(index.join(folder)).unwrap();
        names.extend(entries.map(|entry| format!("{folder}{}", entry.unwrap().file_name().to_string_lossy())));
    }
    names.sort();
    names
}

#[test]
fn an_index_of_another_format_says_what_to_do_in_one_line() {
    let sandbox = Sandbox::new();
    sandbox.write("news/a.txt", Dice(5).article());
    sandbox.index(&sandbox.path().join("news"));
    let generation = sandbox.path().join(".dateline/generations/1");
    let text = fs::read_to_string(generation.join("manifest.json")).unwrap();
    let (before, after) = text.split_once("\"format_version\": ").unwrap();
    let (now, after) = after.split_once(',').unwrap();
    let other = format!("{before}\"format_version\": 2,{after}");
    assert_ne!(text, other);
    fs::write(generation.join("manifest.json"), other).unwrap();
    fs::remove_file(generation.join("manifest.sha256")).unwrap();
    for line in ["search x", "stats", "index", "export", "show x"] {
        let error = sandbox.error(line, 2);
        let expected = format!(
            "error: the index has format 2, this dateline reads format {now}; run `dateline index --rebuild` to make it anew"
        );
        assert_eq!(error, expected);
    }
    assert_eq!(sandbox.json("index --rebuild --json")["articles"], 1, "its roots are remembered");
    assert_eq!(sandbox.json("search --format json")["total"], 1);
}

#[test]
fn a_changed_byte_in_a_small_file_is_found_at_open() {
    let sandbox = Sandbox::new();
    sandbox.write("news/a.txt", Dice(5).article());
    sandbox.index(&sandbox.path().join("news"));
    for entry in fs::read_dir(sandbox.path().join(".dateline/generations/1")).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        for place in [0, bytes.len() / 2, bytes.len().saturating_sub(1)] {
            let Some(byte) = bytes.get(place) else { continue };
            let mut damaged = bytes.clone();
            damaged[place] = byte ^ 1;
            fs::write(&path, damaged).unwrap();
            let error = sandbox.error("search ''", 2);
            assert!(error.starts_with("error: index damaged"), "{}: {error}", path.display());
        }
        fs::write(&path, bytes).unwrap();
    }
    assert_eq!(sandbox.json("search --format json")["total"], 1);
}
