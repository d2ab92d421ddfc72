//! Hostile and broken input: each kind is made here, laid between good files, and must end in its demanded outcome while
//! the good files beside it are all indexed.

mod budgets;
mod containers;
pub mod make;
mod pages;
mod places;
mod records;
mod text;

use serde_json::Value;

use crate::sandbox::{Ran, Sandbox, TODAY};

const GOOD: &str = "Ministers meet in Geneva\n\nGENEVA, June 2 - Two delegations met in Geneva on Monday to talk about a \
                    ceasefire. They will meet again on Thursday, a spokeswoman said.\n";
/// What an article's text is here: words enough to be one.
const WORDS: &str =
    "The harbour of the old town was closed on Monday after a storm had torn two ferries from their moorings.";

/// An article that hostile files hold.
const STORY: &str = "Ferries torn from their moorings\n\nThe harbour of the old town was closed on Monday after a storm had \
                     torn two ferries from their moorings. It will open again on Thursday, a spokeswoman said.\n";

/// One hostile file, and all that may become of it: `1 article, 2 malformed, 1 text cut`.
struct Case {
    what: &'static str,
    file: &'static str,
    bytes: Vec<u8>,
    flags: &'static [&'static str],
    outcome: &'static str,
}

fn case(what: &'static str, file: &'static str, bytes: impl Into<Vec<u8>>, outcome: &'static str) -> Case {
    Case { what, file, bytes: bytes.into(), flags: &[], outcome }
}

impl Case {
    fn with(self, flags: &'static [&'static str]) -> Self {
        Self { flags, ..self }
    }
}

/// A folder with a good file before and one after whatever a test lays there.
fn folder() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("news/0-good.txt", GOOD);
    sandbox.write("news/z-good.txt", GOOD.replace("Geneva", "Vienna"));
    sandbox
}

/// Indexes that folder; gives what became of everything but the good files.
fn outcome(sandbox: &Sandbox, flags: &[&str]) -> String {
    let line = ["index", "news", "--json", "--threads", "2", "--today", TODAY];
    let ran: Ran = sandbox.run(line.iter().chain(flags));
    assert_eq!(ran.code, 0, "{ran:?}");
    let summary: Value = serde_json::from_str(&ran.stdout).unwrap();
    let found = sandbox.json("search ceasefire --limit 0 --format json");
    assert_eq!(found["total"], 2, "the good files are found: {summary}");
    let articles = summary["articles"].as_u64().unwrap() - 2;
    let mut parts = vec![format!("{articles} article{}", if articles == 1 { "" } else { "s" })];
    for counts in ["skipped", "warnings"] {
        let counts = summary[counts].as_object().unwrap();
        parts.extend(counts.iter().map(|(reason, count)| format!("{count} {reason}")));
    }
    parts.join(", ")
}

/// Lays each case between good files and compares what becomes of it.
fn hold(cases: Vec<Case>) {
    let mut wrong = Vec::new();
    for case in cases {
        let sandbox = folder();
        sandbox.write(&format!("news/{}", case.file), case.bytes);
        let outcome = outcome(&sandbox, case.flags);
        if outcome != case.outcome {
            wrong.push(format!("{}: {outcome}; demanded is {}", case.what, case.outcome));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
