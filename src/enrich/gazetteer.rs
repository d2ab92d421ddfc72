//! The facts of `schema/*.tsv`, packed for look-up.

/// Countries, people, places, sources and word lists.
#[derive(Debug)]
pub struct Gazetteer {}
