//! Tables: CSV for spreadsheets, TSV for `cut` and `sort`. Columns are the JSON keys, lists are joined by `; `.

use std::io::Write;

use dateline::article::{Article, Origin};
use dateline::search::{Hit, SearchResults};

/// Columns of a table of hits.
const HIT: [&str; 13] = [
    "rank",
    "score",
    "id",
    "title",
    "source",
    "date",
    "people",
    "leaders",
    "countries",
    "language",
    "url",
    "origin",
    "snippet",
];

/// Columns of a table of articles.
const ARTICLE: [&str; 18] = [
    "id",
    "title",
    "source",
    "authors",
    "date",
    "date_from",
    "section",
    "url",
    "tags",
    "filed_from",
    "wire",
    "language",
    "people",
    "mentioned",
    "leaders",
    "countries",
    "origin",
    "body",
];

/// Writes rows.
pub enum Table<W: Write> {
    /// Quoted where needed (RFC 4180, lines end in LF).
    Comma(Box<csv::Writer<W>>),
    /// Never quoted: tabs and line breaks in a cell become spaces.
    Tab(W),
}

impl<W: Write> Table<W> {
    /// A table for spreadsheets.
    pub fn comma(out: W) -> Self {
        Self::Comma(Box::new(csv::Writer::from_writer(out)))
    }

    /// Writes a row.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn row<C: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = C>) -> anyhow::Result<()> {
        match self {
            Self::Comma(writer) => {
                writer.write_record(cells.into_iter().map(|cell| cell.as_ref().as_bytes().to_vec()))?;
            }
            Self::Tab(out) => {
                for (place, cell) in cells.into_iter().enumerate() {
                    if place > 0 {
                        out.write_all(b"\t")?;
                    }
                    out.write_all(cell.as_ref().replace(['\t', '\n', '\r'], " ").as_bytes())?;
                }
                out.write_all(b"\n")?;
            }
        }
        Ok(())
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn finish(self) -> anyhow::Result<()> {
        match self {
            Self::Comma(mut writer) => writer.flush()?,
            Self::Tab(mut out) => out.flush()?,
        }
        Ok(())
    }
}

/// Prints the names of a hit's columns.
///
/// # Errors
/// If the table cannot be written.
pub fn hit_header<W: Write>(table: &mut Table<W>, with_qid: bool) -> anyhow::Result<()> {
    table.row(with_qid.then_some("qid").into_iter().chain(HIT))
}

/// Prints one row per hit.
///
/// # Errors
/// If the table cannot be written.
pub fn hits<W: Write>(table: &mut Table<W>, qid: Option<&str>, results: &SearchResults) -> anyhow::Result<()> {
    for hit in &results.hits {
        let Hit {
            rank,
            score,
            id,
            title,
            source,
            date,
            people,
            leaders,
            countries,
            language,
            url,
            origin,
            snippet,
            ..
        } = hit;
        let cells = [
            rank.to_string(),
            score.map(|score| score.to_string()).unwrap_or_default(),
            id.clone(),
            title.clone(),
            source.clone().unwrap_or_default(),
            date.map(|date| date.to_string()).unwrap_or_default(),
            list(people),
            list(leaders),
            list(countries),
            language.clone().unwrap_or_default(),
            url.clone().unwrap_or_default(),
            place(origin),
            snippet.text.clone(),
        ];
        table.row(qid.map(str::to_owned).into_iter().chain(cells))?;
    }
    Ok(())
}

/// Prints the names of an article's columns.
///
/// # Errors
/// If the table cannot be written.
pub fn article_header<W: Write>(table: &mut Table<W>) -> anyhow::Result<()> {
    table.row(ARTICLE)
}

/// Prints one article as a row.
///
/// # Errors
/// If the table cannot be written.
pub fn article<W: Write>(table: &mut Table<W>, article: &Article) -> anyhow::Result<()> {
    let date_from = match article.date_from {
        Some(date_from) => serde_json::to_value(date_from)?.as_str().unwrap_or_default().to_owned(),
        None => String::new(),
    };
    let filed_from = article.filed_from.as_ref().map_or_else(String::new, |from| match &from.country {
        Some(country) => format!("{}, {country}", from.place),
        None => from.place.clone(),
    });
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    table.row([
        article.id.clone(),
        article.title.clone(),
        text(&article.source),
        list(&article.authors),
        article.date.map(|date| date.to_string()).unwrap_or_default(),
        date_from,
        text(&article.section),
        text(&article.url),
        list(&article.tags),
        filed_from,
        text(&article.wire),
        text(&article.language),
        list(&article.people),
        list(&article.mentioned),
        list(&article.leaders),
        list(&article.countries),
        place(&article.origin),
        article.body.clone(),
    ])
}

fn list(values: &[String]) -> String {
    values.join("; ")
}

/// A file and a record in one cell: `reuters/sample.sgm#3`.
fn place(origin: &Origin) -> String {
    format!("{}#{}", origin.path, origin.record)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_are_quoted_and_tabs_become_spaces() {
        let cells = ["a,b", "c\td", "e\"f"];
        let mut comma = Vec::new();
        let mut table = Table::comma(&mut comma);
        table.row(cells).and_then(|()| table.finish()).expect("a buffer");
        assert_eq!(comma, b"\"a,b\",c\td,\"e\"\"f\"\n");
        let mut tab = Vec::new();
        let mut table = Table::Tab(&mut tab);
        table.row(cells).and_then(|()| table.finish()).expect("a buffer");
        assert_eq!(tab, b"a,b\tc d\te\"f\n");
    }
}
