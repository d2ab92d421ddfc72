//! One article and where it came from: the shape everything else reads or fills in.
//!
//! JSON keys, index fields, flags, columns and facets are the names of these fields; `schema/article.schema.json`
//! describes the same shape for other programs.

use serde::{Deserialize, Serialize};

use crate::archive::Warning;
use crate::date::{Date, DateFrom};

/// An article with everything known about it. A missing fact is `None` or an empty list, never a guess.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Article {
    /// Stable across runs and machines: the archive's own id, else a hash of the url, else of the origin.
    pub id: String,
    /// Headline, clean text on one line; empty if the archive gives none.
    pub title: String,
    /// Clean text without boilerplate, paragraphs separated by a blank line.
    pub body: String,
    /// Who published it: `Reuters`, `Orda.kz`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Byline as printed: people, else the desk or agency it names.
    #[serde(default)]
    pub authors: Vec<String>,
    /// When it was published, as precisely as known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// Where the date was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_from: Option<DateFrom>,
    /// Section or rubric as the archive gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// Address of the article.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Keywords and subject codes as the archive gives them.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Place and country read off the dateline: `BEIRUT, June 2 (Reuters) -`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filed_from: Option<FiledFrom>,
    /// News agency credited: `Reuters`, `AP`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wire: Option<String>,
    /// BCP 47 tag: `en`, `zh-Hant`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Canonical names of those the article is about: in the title, named twice, or with a title. A name of one word
    /// is a surname the article never explains.
    #[serde(default)]
    pub people: Vec<String>,
    /// Everyone else it names.
    #[serde(default)]
    pub mentioned: Vec<String>,
    /// Those of `people` in office at the article's date (ever, if undated).
    #[serde(default)]
    pub leaders: Vec<String>,
    /// ISO 3166-1 alpha-2 of the countries written about; historic states as `SU`, `YU`, `DD`.
    #[serde(default)]
    pub countries: Vec<String>,
    /// The file and record it was read from.
    pub origin: Origin,
    /// For the archive to learn from.
    #[serde(skip)]
    pub hints: Hints,
}

/// What an article says of names that only its archive can settle; no part of the article as others see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// Surnames the article neither explains nor makes sure of, as prominent as `people`.
    pub subjects: Vec<String>,
    /// Other such surnames.
    pub mentioned: Vec<String>,
    /// Those of `people` and `mentioned` who have a title or act as only people do.
    pub sure: Vec<String>,
    /// Names like people's that stand here for firms, places and other things.
    pub things: Vec<String>,
}

/// Where an article was filed from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiledFrom {
    /// Place as usually spelled: `Beirut`.
    pub place: String,
    /// ISO 3166-1 alpha-2, if the place is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

/// The archive file and record number an article was read from; ordered by path, then record.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Origin {
    /// Relative to the root given, `/` on every system; members of containers after `!/`.
    pub path: String,
    /// From 1, in file order.
    pub record: u64,
}

/// What a format read from one record, before enrichment.
///
/// `article.people`, `article.countries` stay empty here: tags an archive carries go to `people_tags` and
/// `country_tags`, and enrichment resolves them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// The facts the record states. `id` is the archive's own id, or empty.
    pub article: Article,
    /// The dateline where the format keeps it apart from the body: `SALVADOR, Feb 26 -`.
    pub dateline: Option<String>,
    /// People as the archive tags them: names or slugs such as `james-baker`.
    pub people_tags: Vec<String>,
    /// Countries as the archive tags them: names, codes or slugs such as `west-germany`.
    pub country_tags: Vec<String>,
    /// A date whose day and month could be either, such as `03/04/2024`: enrichment reads it once it knows the language.
    pub unclear_date: Option<String>,
    /// What was refused or repaired while reading, each counted in the summary.
    pub warnings: Vec<Warning>,
}
