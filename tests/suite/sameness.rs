//! The same archive gives the same index and the same answers, whatever the number of threads.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::refreshing::{Dice, record};
use crate::sandbox::{Sandbox, TODAY, sample};

/// Fifty queries of every kind.
pub const QUERIES: [&str; 50] = [
    "",
    "ceasefire",
    "ceasefire talks",
    "truce OR ceasefire",
    "\"nuclear weapons\"",
    "\"prime minister\" -britain",
    "-ceasefire",
    "treaty",
    "summit",
    "election results",
    "president",
    "president OR chancellor OR king",
    "(truce OR ceasefire) agreement",
    "title:treaty",
    "title:summit president",
    "title:(war OR peace)",
    "person:Gorbachev",
    "person:\"Ronald Reagan\"",
    "person:zelensky",
    "leader:Putin",
    "leader:Reagan -leader:Gorbachev",
    "country:US",
    "country:France",
    "country:Germany OR country:Austria",
    "country:RU country:UA",
    "source:Reuters",
    "source:\"Kestrel Press Service\"",
    "language:de",
    "language:ru война",
    "language:fr accord",
    "date:1987",
    "date:1989-11",
    "date:1989-11-10",
    "date:2020..2025",
    "date:..1979",
    "date:2024..",
    "earthquake",
    "earthquake country:TR",
    "oil prices",
    "space",
    "moon landing",
    "berlin wall",
    "Mauer",
    "Präsident",
    "président",
    "президент",
    "Горбачев",
    "climate agreement",
    "sanctions",
    "negotiators OR negotiations",
];

fn index(threads: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    let sample = sample();
    let ran = sandbox.run(["index", sample.to_str().unwrap(), "--threads", threads, "--today", TODAY]);
    assert_eq!(ran.code, 0, "{ran:?}");
    sandbox
}

fn files(sandbox: &Sandbox) -> BTreeMap<String, Vec<u8>> {
    let generation = sandbox.path().join(".dateline/generations/1");
    std::fs::read_dir(generation)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (name(&path), std::fs::read(&path).unwrap()))
        .collect()
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

#[test]
fn one_thread_and_many_write_the_same_bytes_and_give_the_same_answers() {
    let (one, many) = (index("1"), index("7"));
    let (files_of_one, files_of_many) = (files(&one), files(&many));
    assert_eq!(files_of_one.keys().collect::<Vec<_>>(), files_of_many.keys().collect::<Vec<_>>());
    for (name, bytes) in &files_of_one {
        assert!(files_of_many[name] == *bytes, "{name} differs");
    }
    let numbered = QUERIES.iter().enumerate().map(|(number, query)| format!("{number}	{query}"));
    let lines = numbered.collect::<Vec<_>>().join(
        "
",
    );
    let answers = [&one, &many].map(|sandbox| {
        sandbox.write("queries.tsv", &lines);
        let flags =
            "--format json --limit 20 --facet people --facet leaders --facet countries --facet source --facet year";
        let ran = sandbox.line(&format!("search --queries queries.tsv {flags}"));
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
        let mut answers: Vec<Value> = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        for answer in &mut answers {
            answer.as_object_mut().unwrap().remove("took_ms");
        }
        answers
    });
    assert_eq!(answers[0].len(), QUERIES.len());
    for (first, second) in answers[0].iter().zip(&answers[1]) {
        assert_eq!(first.to_string(), second.to_string());
    }
}

/// Writes so many files, and records, in the order given; what is written where does not depend on it.
fn write_shuffled(sandbox: &Sandbox, folder: &str, files: usize, words: usize, seed: u64) {
    let mut order: Vec<usize> = (0..files).collect();
    let mut dice = Dice(seed);
    for place in (1..files).rev() {
        order.swap(place, dice.roll(place + 1));
    }
    for number in order {
        let mut dice = Dice(number as u64 * 7919);
        let text = (0..words).map(|_| dice.article()).collect::<Vec<_>>().join("\n");
        match number % 10 {
            0 => {
                let lines: Vec<String> = (0..3).map(|id| record(&mut dice, 10 * number + id)).collect();
                sandbox.write(&format!("{folder}/{}/{number}.jsonl", number % 7), lines.join("\n"));
            }
            _ => {
                sandbox.write(&format!("{folder}/{}/{number}.txt", number % 7), text);
            }
        }
    }
}

/// Indexes one archive written in another order, twice, with one, two and eight threads, and from another folder.
fn is_the_same_from_everywhere(files: usize, words: usize, batches: usize) {
    let sandbox = Sandbox::new();
    write_shuffled(&sandbox, "news", files, words, 1);
    write_shuffled(&sandbox, "elsewhere/deep down/news", files, words, 2);
    let index = |name: &str, folder: &str, threads: u32| {
        let line = format!("index '{folder}' --index {name} --threads {threads} --today {TODAY} --json");
        (sandbox.json(&line)["digest"].clone(), segments(&sandbox, name), answered(&sandbox, name))
    };
    let (digest, bytes, answers) = index("first", "news", 2);
    let is_store = |name: &&String| Path::new(name).extension().is_some_and(|ending| ending == "store");
    assert_eq!(bytes.keys().filter(is_store).count(), batches, "segments");
    let more =
        [("again", "news", 2), ("one", "news", 1), ("eight", "news", 8), ("moved", "elsewhere/deep down/news", 2)];
    for (name, folder, threads) in more {
        let (other_digest, other_bytes, other_answers) = index(name, folder, threads);
        assert_eq!(digest, other_digest, "{name}");
        assert!(bytes.keys().eq(other_bytes.keys()), "{name}");
        for (file, hash) in &bytes {
            assert_eq!(*hash, other_bytes[file], "{name}: {file}");
        }
        assert_eq!(answers, other_answers, "{name}");
    }
}

/// The hashes of all files of a generation but the two that say where and when the archive was read.
fn segments(sandbox: &Sandbox, index: &str) -> BTreeMap<String, String> {
    let manifest = sandbox.path().join(index).join("generations/1/manifest.json");
    let manifest: Value = serde_json::from_slice(&std::fs::read(manifest).unwrap()).unwrap();
    let checksums = manifest["checksums"].as_object().unwrap().iter();
    let hashes = checksums.map(|(name, checksum)| (name.clone(), checksum["sha256"].as_str().unwrap().to_owned()));
    let hashes: BTreeMap<String, String> = hashes.filter(|(name, _)| name != "files.bin").collect();
    assert!(hashes.keys().any(|name| name == "meta.json") && hashes.keys().any(|name| name == "meanings.bin"));
    hashes
}

/// What an index answers, and its export.
fn answered(sandbox: &Sandbox, index: &str) -> Vec<String> {
    let lines = "1\tflood\n2\ttreaty OR harv*\n3\tperson:Merkel\n4\t\"the ferry\"\n";
    sandbox.write("queries.tsv", lines);
    let flags = "--format json --limit 30 --facet people --facet countries --facet year";
    let mut answers: Vec<String> = sandbox
        .lines(&format!("search --queries queries.tsv --index {index} {flags}"))
        .into_iter()
        .map(|mut answer| {
            answer.as_object_mut().unwrap().remove("took_ms");
            answer.to_string()
        })
        .collect();
    answers.push(sandbox.stdout(&format!("export '' --index {index}")));
    answers
}

#[test]
fn shuffled_twice_with_any_threads_and_from_another_folder_it_is_the_same_bytes() {
    is_the_same_from_everywhere(150, 1, 1);
}

#[test]
#[ignore = "takes minutes: only a large archive is cut into several segments"]
fn shuffled_twice_with_any_threads_and_from_another_folder_many_segments_are_the_same_bytes() {
    is_the_same_from_everywhere(1000, 300, 3);
}

#[test]
fn the_digest_does_not_depend_on_where_the_archive_lies() {
    let sandbox = Sandbox::new();
    for folder in ["here", "there/and/further"] {
        sandbox
            .write(&format!("{folder}/a.txt"), "A title\n\nA text that says something about a treaty and a summit.\n");
    }
    let digests = ["here", "there/and/further"].map(|folder| {
        let summary = sandbox.json(&format!("index {folder} --index index-{} --json", folder.len()));
        summary["digest"].clone()
    });
    assert_eq!(digests[0], digests[1]);
}
