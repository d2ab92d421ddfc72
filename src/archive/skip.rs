//! Why something in an archive was not indexed: reasons as a type, so that nothing is lost silently.

use std::fmt;

/// Why a file or record was skipped. The text is the key in every summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SkipReason {
    /// A file or record without content.
    Empty,
    /// Not text in any known encoding, and no known container.
    Binary,
    /// Text or data in no format we read.
    UnknownFormat,
    /// The system would not let us read it: permission, I/O error, vanished.
    Unreadable,
    /// Its size or time changed while it was read; what was read was indexed all the same.
    Changed,
    /// Not a regular file: socket, pipe, device.
    NotAFile,
    /// A symbolic link, not followed.
    Symlink,
    /// A name beginning with a dot.
    Hidden,
    /// A folder that is one of our own indexes.
    IndexFolder,
    /// Broken off before its end; what came before was read.
    Truncated,
    /// Over a size limit.
    TooLarge,
    /// Does not parse as the format it claims to be.
    Malformed,
    /// Well formed, but holds no title and no text.
    NoText,
    /// The same record, byte for byte or by id and content, was read before.
    Duplicate,
    /// Not an article: a package, planning item, picture, redirect, request record.
    NotAnArticle,
    /// In a format this build was made without.
    NotBuiltIn,
    /// A page of a scanned issue, read as part of the issue's articles.
    PageOfIssue,
    /// A page that a scanned issue names and that is not there; what is on the others was read.
    PageMissing,
    /// Reading it failed in our own code; a bug to report.
    Panicked,
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "empty",
            Self::Binary => "binary",
            Self::UnknownFormat => "unknown format",
            Self::Unreadable => "unreadable",
            Self::Changed => "changed while reading",
            Self::NotAFile => "not a file",
            Self::Symlink => "symlink",
            Self::Hidden => "hidden",
            Self::IndexFolder => "index folder",
            Self::Truncated => "truncated",
            Self::TooLarge => "too large",
            Self::Malformed => "malformed",
            Self::NoText => "no text",
            Self::Duplicate => "duplicate",
            Self::NotAnArticle => "not an article",
            Self::NotBuiltIn => "not built in",
            Self::PageOfIssue => "page of an issue",
            Self::PageMissing => "page missing",
            Self::Panicked => "panicked",
        })
    }
}

/// Something skipped: why, where, and what was seen there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skip {
    /// The reason, counted in the summary.
    pub reason: SkipReason,
    /// The file or member, as in an article's origin.
    pub path: String,
    /// The record, from 1; 0 is the file as a whole.
    pub record: u64,
    /// What was seen, for the example in the summary: `invalid type: integer at line 3`.
    pub detail: String,
}

/// Something repaired or refused in an article that was indexed all the same. The text is the key in every summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Warning {
    /// A date before 1600, more than two days ahead, or impossible: left out.
    DateRefused,
    /// The archive's id was already taken by another article; a suffix was added.
    IdReused,
    /// Bytes that are not text in the file's encoding became U+FFFD.
    BadEncoding,
    /// Text over the field limit was cut.
    TextCut,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DateRefused => "date refused",
            Self::IdReused => "id reused",
            Self::BadEncoding => "bad encoding",
            Self::TextCut => "text cut",
        })
    }
}
