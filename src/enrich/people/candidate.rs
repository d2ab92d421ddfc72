//! A run of words that may be a name.

/// A run of words that may be a name, and what speaks for it.
#[expect(clippy::struct_excessive_bools, reason = "each is evidence of its own")]
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Its first word.
    pub first: usize,
    /// One past its last word.
    pub past: usize,
    /// Weight of the evidence, see `weight`; what the gazetteer knows by its full name weighs most.
    pub weight: i32,
    /// A title or honorific stands before it.
    pub has_title: bool,
    /// The title names an office: as in `offices.tsv`, else empty.
    pub office: &'static str,
    /// Speaks, or is described as a person is.
    pub acts: bool,
    /// Is described as only a person is: by a title, an occupation, an age.
    pub is_sure: bool,
    /// Is, or begins, the name of a company or body.
    pub is_company: bool,
    /// Stands where firms and places stand: `analyst at`, `the`.
    pub is_thing: bool,
    /// Begins a sentence, so that its capital says nothing.
    pub begins_sentence: bool,
    /// Key of all its words.
    pub key: u64,
    /// Key of its words but initials and suffixes.
    pub plain_key: u64,
    /// Key of its first word.
    pub first_key: u64,
    /// Key of its last word but a suffix.
    pub last_key: u64,
    /// Number of its words but initials and suffixes.
    pub words: usize,
}

/// Weight from which a run of several words is a person.
pub const ENOUGH: i32 = 3;

/// Weight of a full name of the gazetteer.
pub const KNOWN: i32 = 20;
