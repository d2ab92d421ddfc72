//! What people type, and how each is understood: its canonical print, its warnings, or its error.

use proptest::prelude::*;

use super::{Parsed, QueryError, parse, parse_any};
use crate::date::Date;

fn today() -> Date {
    Date::ymd(2024, 5, 31).expect("a day")
}

/// The tree as query text, then `!` and each warning, or `error:` and the message.
fn shown(result: Result<Parsed, QueryError>) -> String {
    match result {
        Ok(parsed) => {
            let warnings: String = parsed.warnings.iter().map(|warning| format!(" ! {warning}")).collect();
            format!("{}{warnings}", parsed.node)
        }
        Err(error) => format!("error: {error}"),
    }
}
#[test]
fn explore() {
    let queries = std::fs::read_to_string("/tmp/queries.txt").expect("file");
    for query in queries.lines() {
        println!("{query}\t{}", shown(parse(query, today())));
    }
}
