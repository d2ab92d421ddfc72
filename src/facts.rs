//! The files of `schema/`, embedded once. Whoever needs one parses it from here; their hashes are part of an index's rules.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

/// Fields of the index, in tantivy's schema format.
pub const INDEX: &str = include_str!("../schema/index.json");

/// Every file with its name.
const ALL: [(&str, &str); 1] = [("index.json", INDEX)];

/// SHA-256 of every file, in lower-case hexadecimal.
pub fn checksums() -> BTreeMap<String, String> {
    let hexadecimal = |digest: &[u8]| digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    ALL.iter().map(|(name, text)| ((*name).to_owned(), hexadecimal(&Sha256::digest(text)))).collect()
}
