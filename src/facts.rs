//! The files of `schema/`, embedded once. Whoever needs one parses it from here; their hashes are part of an index's rules.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

/// Fields of the index, in tantivy's schema format.
pub const INDEX: &str = include_str!("../schema/index.json");

/// What surrounds an article: stray lines, footers, bylines, credits, consent banners, labels of teasers.
pub const BOILERPLATE: &str = include_str!("../schema/boilerplate.tsv");

/// What class names and meta names of web pages mean.
pub const HTML: &str = include_str!("../schema/html.tsv");

/// Every file with its name.
const ALL: [(&str, &str); 3] = [("boilerplate.tsv", BOILERPLATE), ("html.tsv", HTML), ("index.json", INDEX)];

/// SHA-256 of every file, in lower-case hexadecimal.
pub fn checksums() -> BTreeMap<String, String> {
    ALL.iter().map(|(name, text)| ((*name).to_owned(), hexadecimal(&Sha256::digest(text)))).collect()
}

/// Lower-case hexadecimal of some bytes.
pub fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string");
        text
    })
}
