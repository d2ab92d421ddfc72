//! Queries as people type them, broken by the thousand and run from text to answer on the sample archive: each is refused
//! with a place in it, or answered, and what it answers and what its opposite answers are the whole archive.
//!
//! `DATELINE_FUZZ` is the number of queries (500), `DATELINE_FUZZ_SEED` another beginning.

use std::time::{Duration, Instant};

use dateline::date::Date;
use dateline::index::IndexDirectory;
use dateline::query::{Kind, Node, parse, parse_any};
use dateline::search::{Archive, SearchRequest, SearchResults, search};

use crate::fuzzing::{Dice, setting};
use crate::sandbox::{TODAY, repository, sampled};

/// A query that takes longer is a find: the costliest takes a fraction of it, unoptimised.
const PATIENCE: Duration = Duration::from_secs(20);

/// Pieces of the language, to be put where they do not belong.
const PIECES: [&str; 40] = [
    " AND ",
    " OR ",
    " NOT ",
    "-",
    "+",
    "(",
    ")",
    "\"",
    "“",
    "*",
    "?",
    "~",
    "~2",
    "^3",
    " NEAR/3 ",
    " ADJ/2 ",
    "title:",
    "lead:(",
    "person:",
    "leader:",
    "office:\"",
    "country:",
    "date:",
    "source:",
    "onthisday:04-13",
    "2024..",
    "..1987",
    "last-7d",
    "has:date",
    "country:none",
    "atleast2(",
    "[1987 TO 1990]",
    ":",
    "\\",
    "/",
    "北京",
    "Зеленс*",
    "U.S.",
    " the ",
    "\u{202e}",
];

/// What people type, by the tables of the parser and of the matches.
fn typed() -> Vec<String> {
    let tables = ["src/query/parse/typed.tsv", "tests/fixtures/relevance/matches.tsv"];
    let tables = tables.map(|table| std::fs::read_to_string(repository().join(table)).unwrap());
    let rows = tables.iter().flat_map(|table| table.lines()).filter(|row| !row.starts_with('#'));
    rows.filter_map(|row| row.split('\t').next()).map(|typed| typed.trim_start_matches("any: ").to_owned()).collect()
}

fn mistyped(typed: &[String], dice: &mut Dice) -> String {
    let mut letters: Vec<char> = typed[dice.below(typed.len())].chars().collect();
    for _ in 0..=dice.below(4) {
        let at = dice.below(letters.len() + 1);
        let until = (at + dice.below(8)).min(letters.len());
        match dice.below(6) {
            0 => drop(letters.drain(at..until)),
            1 => letters.truncate(at.max(1)),
            2 => {
                let copy = letters[at..until].to_vec();
                letters.splice(at..at, copy.repeat(1 + dice.below(6)));
            }
            3 => {
                let other: Vec<char> = typed[dice.below(typed.len())].chars().collect();
                letters.splice(at..at, other);
            }
            _ => drop(letters.splice(at..at, PIECES[dice.below(PIECES.len())].chars())),
        }
    }
    letters.into_iter().collect()
}

fn answered(archive: &Archive, query: Node) -> anyhow::Result<SearchResults> {
    search(archive, &SearchRequest { query, limit: 3, ..SearchRequest::default() })
}

/// What is wrong with how a query was taken.
fn complaint(archive: &Archive, typed: &str, today: Date) -> Option<String> {
    let started = Instant::now();
    for parsed in [parse(typed, today), parse_any(typed, today)] {
        let node = match parsed {
            Ok(parsed) => parsed.node,
            Err(error) if typed.get(error.span.clone()).is_none() => return Some(format!("points nowhere: {error:?}")),
            Err(_) => continue,
        };
        let opposite = Node::new(Kind::Not(Box::new(node.clone())), 0..0);
        // what an archive cannot answer exactly is refused or warned about
        let (Ok(with), Ok(without)) = (answered(archive, node), answered(archive, opposite)) else { continue };
        let whole = archive.manifest().counts.articles;
        if with.warnings.is_empty() && with.total + without.total != whole {
            return Some(format!("{} with and {} without are not {whole}", with.total, without.total));
        }
        if with.hits.len() as u64 != with.total.min(3) {
            return Some(format!("{} hits of {}", with.hits.len(), with.total));
        }
    }
    (started.elapsed() > PATIENCE).then(|| format!("took {:?}", started.elapsed()))
}

#[test]
fn mistyped_queries_are_answered_or_refused_and_their_opposites_fill_the_archive() {
    let today: Date = TODAY.parse().unwrap();
    let archive = Archive::open(&IndexDirectory::new(sampled().path().join(".dateline"))).unwrap();
    let (typed, mut dice) = (typed(), Dice(setting("DATELINE_FUZZ_SEED", 1)));
    assert!(typed.len() > 500, "{}", typed.len());
    for _ in 0..setting("DATELINE_FUZZ", 500) {
        let query = mistyped(&typed, &mut dice);
        if let Some(complaint) = complaint(&archive, &query, today) {
            panic!("{query:?}: {complaint}");
        }
    }
}
