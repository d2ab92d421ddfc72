//! The same archive gives the same index and the same answers, whatever the number of threads.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

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
