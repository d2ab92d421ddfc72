//! Taking results along: citations of articles for reference managers, and of a whole search for a footnote.

mod bibtex;
mod clean;
mod csl;
#[cfg(feature = "parquet")]
mod parquet;
mod prose;
mod ris;
mod run;

use crate::article::Article;

pub use clean::clean;
#[cfg(feature = "parquet")]
pub use parquet::ParquetWriter;
pub use run::{SearchCitation, cite_search};

/// How a citation is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CitationFormat {
    /// A line for people.
    Text,
    /// RIS, as Zotero and the like read it.
    Ris,
    /// BibTeX, for LaTeX.
    Bibtex,
    /// CSL-JSON, for citeproc and pandoc.
    CslJson,
}

impl CitationFormat {
    /// What stands before the first citation.
    pub fn opening(self) -> &'static str {
        if self == Self::CslJson { "[" } else { "" }
    }

    /// What stands between two citations.
    pub fn between(self) -> &'static str {
        match self {
            Self::CslJson => ",\n",
            Self::Bibtex => "\n",
            Self::Text | Self::Ris => "",
        }
    }

    /// What stands after the last citation.
    pub fn closing(self) -> &'static str {
        if self == Self::CslJson { "]\n" } else { "" }
    }

    /// The media type of a file in this format.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain; charset=utf-8",
            Self::Ris => "application/x-research-info-systems",
            Self::Bibtex => "application/x-bibtex",
            Self::CslJson => "application/vnd.citationstyles.csl+json",
        }
    }
}

/// The citation of one article, with the line break that ends it where the format has one. Several in one file stand between
/// [`CitationFormat::opening`] and [`CitationFormat::closing`].
pub fn citation(article: &Article, format: CitationFormat) -> String {
    match format {
        CitationFormat::Text => prose::citation(article),
        CitationFormat::Ris => ris::citation(article),
        CitationFormat::Bibtex => bibtex::citation(article),
        CitationFormat::CslJson => csl::citation(article),
    }
}

/// Citations of several articles as one file.
pub fn citations<'a>(articles: impl IntoIterator<Item = &'a Article>, format: CitationFormat) -> String {
    let all: Vec<String> = articles.into_iter().map(|article| citation(article, format)).collect();
    format!("{}{}{}", format.opening(), all.join(format.between()), format.closing())
}

/// Text on one line, without characters that would end it or mean something to a terminal.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c.is_control()).collect();
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
