//! The fields of the index, as `schema/index.json` names them, and an article as the document that fills them.

use std::sync::LazyLock;

use anyhow::Context;
use sha2::{Digest, Sha256};
use tantivy::schema::document::{Document, ReferenceValue, ReferenceValueLeaf, Value};
use tantivy::schema::{Field, Schema, TantivyDocument};

use crate::article::{Article, Hints};
use crate::facts;

use super::digest::ArticleHash;

/// Longest facet value in bytes; longer ones are cut, they are junk in a column.
const LONGEST_VALUE: usize = 512;

/// Handles of the fields, so that a misspelt name fails at the first use of the program, not at a user's query.
#[derive(Clone, Debug)]
pub struct Fields {
    /// The schema they belong to.
    pub schema: Schema,
    /// The article's id; indexed and column.
    pub id: Field,
    /// Folded words with positions.
    pub title: Field,
    /// Folded words with positions.
    pub body: Field,
    /// Stems with frequencies; a term is language code, colon, stem.
    pub title_stem: Field,
    /// Stems with frequencies; a term is language code, colon, stem.
    pub body_stem: Field,
    /// First second in UTC, i64 column; absent without a date.
    pub date: Field,
    /// First local day since 1970 the date can mean, i64 column.
    pub first_day: Field,
    /// Last local day since 1970 the date can mean, i64 column.
    pub last_day: Field,
    /// The whole article as JSON, stored.
    pub article: Field,
    /// What the article says of names, for the evidence to be taken back when it is removed; stored.
    pub hints: Field,
    columns: [Field; COLUMNS.len()],
}

/// A field whose values are facets and filters: indexed as they stand, and a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Column {
    /// Who published it.
    Source,
    /// Byline.
    Authors,
    /// Section.
    Section,
    /// Address.
    Url,
    /// Keywords.
    Tags,
    /// Country code of the dateline's place.
    FiledFrom,
    /// Agency credited.
    Wire,
    /// BCP 47.
    Language,
    /// Those the article is about.
    People,
    /// Everyone else named.
    Mentioned,
    /// People in office at its date.
    Leaders,
    /// Countries written about.
    Countries,
}

/// Every column with its name and, where a list is also named in the singular, that form.
pub const COLUMNS: [(Column, &str, &str); 12] = [
    (Column::Source, "source", "source"),
    (Column::Authors, "authors", "author"),
    (Column::Section, "section", "section"),
    (Column::Url, "url", "url"),
    (Column::Tags, "tags", "tag"),
    (Column::FiledFrom, "filed_from", "filed"),
    (Column::Wire, "wire", "wire"),
    (Column::Language, "language", "language"),
    (Column::People, "people", "person"),
    (Column::Mentioned, "mentioned", "mentioned"),
    (Column::Leaders, "leaders", "leader"),
    (Column::Countries, "countries", "country"),
];

impl Column {
    /// Its field name, which is also its facet, flag and JSON key.
    pub fn name(self) -> &'static str {
        COLUMNS[self as usize].1
    }

    /// The name in the singular, as queries and flags use it.
    pub fn singular(self) -> &'static str {
        COLUMNS[self as usize].2
    }

    /// The column of this name in either form.
    pub fn named(name: &str) -> Option<Self> {
        COLUMNS.iter().find(|(_, plural, singular)| *plural == name || *singular == name).map(|(column, ..)| *column)
    }
}

static FIELDS: LazyLock<Fields> = LazyLock::new(|| {
    let schema: Schema = serde_json::from_str(facts::INDEX).expect("schema/index.json is a tantivy schema");
    let field = |name: &str| schema.get_field(name).expect("schema/index.json has every field the program uses");
    Fields {
        id: field("id"),
        title: field("title"),
        body: field("body"),
        title_stem: field("title_stem"),
        body_stem: field("body_stem"),
        date: field("date"),
        first_day: field("first_day"),
        last_day: field("last_day"),
        article: field("article"),
        hints: field("hints"),
        columns: COLUMNS.map(|(_, name, _)| field(name)),
        schema: schema.clone(),
    }
});

/// The fields of the index this program writes and reads.
pub fn fields() -> &'static Fields {
    &FIELDS
}

impl Fields {
    /// The field of a column.
    pub fn column(&self, column: Column) -> Field {
        self.columns[column as usize]
    }
}

/// An article on its way into the index; borrows its own strings instead of copying them.
pub struct ArticleDocument {
    article: Article,
    json: String,
    hints: Option<String>,
}

/// What is stored of an article, to be read back whole.
pub struct StoredDocument {
    json: String,
    hints: Option<String>,
}

/// One value of a document.
#[derive(Clone, Copy, Debug)]
pub enum FieldValue<'a> {
    /// Text, a term or a stored string.
    Text(&'a str),
    /// A number in a column.
    Number(i64),
}

impl ArticleDocument {
    /// Prepares an article.
    ///
    /// # Errors
    /// If the article cannot be written as JSON, which would be a bug.
    pub fn new(article: Article) -> anyhow::Result<Self> {
        let json = serde_json::to_string(&article).context("writing an article as JSON")?;
        let Hints { sure, things, .. } = &article.hints;
        let hints = match (&sure[..], &things[..]) {
            ([], []) => None,
            hints => Some(serde_json::to_string(&hints).context("writing hints as JSON")?),
        };
        Ok(Self { article, json, hints })
    }

    /// The article's id.
    pub fn id(&self) -> &str {
        &self.article.id
    }

    /// SHA-256 of the article's JSON, all fields included.
    pub fn hash(&self) -> ArticleHash {
        Sha256::digest(&self.json).into()
    }

    /// What is left to store once the article was read into terms and columns.
    pub fn into_stored(self) -> StoredDocument {
        StoredDocument { json: self.json, hints: self.hints }
    }

    /// The article itself.
    pub fn article(&self) -> &Article {
        &self.article
    }

    fn columns(&self) -> Vec<(Field, FieldValue<'_>)> {
        let fields = fields();
        let article = &self.article;
        let mut values = Vec::with_capacity(24);
        values.push((fields.id, FieldValue::Text(&article.id)));
        for (column, ..) in COLUMNS {
            for_each_value(article, column, |value| values.push((fields.column(column), FieldValue::Text(value))));
        }
        if let Some(date) = &article.date {
            for (field, number) in [
                (fields.date, date.first_second()),
                (fields.first_day, date.first_day()),
                (fields.last_day, date.last_day()),
            ] {
                values.push((field, FieldValue::Number(number)));
            }
        }
        values
    }
}

/// Gives each value an article has in a column, in the article's order.
pub fn for_each_value<'a>(article: &'a Article, column: Column, mut give: impl FnMut(&'a str)) {
    let mut one = |value: Option<&'a str>| value.into_iter().for_each(|value| give(cut(value)));
    match column {
        Column::Source => one(article.source.as_deref()),
        Column::Section => one(article.section.as_deref()),
        Column::Url => one(article.url.as_deref()),
        Column::Wire => one(article.wire.as_deref()),
        Column::Language => one(article.language.as_deref()),
        Column::FiledFrom => one(article.filed_from.as_ref().and_then(|place| place.country.as_deref())),
        Column::Authors => article.authors.iter().for_each(|value| give(cut(value))),
        Column::Tags => article.tags.iter().for_each(|value| give(cut(value))),
        Column::People => article.people.iter().for_each(|value| give(cut(value))),
        Column::Mentioned => article.mentioned.iter().for_each(|value| give(cut(value))),
        Column::Leaders => article.leaders.iter().for_each(|value| give(cut(value))),
        Column::Countries => article.countries.iter().for_each(|value| give(cut(value))),
    }
}

fn cut(value: &str) -> &str {
    &value[..value.floor_char_boundary(LONGEST_VALUE)]
}

/// The columns of an article.
impl Document for ArticleDocument {
    type Value<'a> = FieldValue<'a>;
    type FieldsValuesIter<'a> = std::vec::IntoIter<(Field, FieldValue<'a>)>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        self.columns().into_iter()
    }
}

impl Document for StoredDocument {
    type Value<'a> = FieldValue<'a>;
    type FieldsValuesIter<'a> = std::iter::Flatten<std::array::IntoIter<Option<(Field, FieldValue<'a>)>, 2>>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        let article = (fields().article, FieldValue::Text(&self.json));
        let hints = self.hints.as_ref().map(|hints| (fields().hints, FieldValue::Text(hints)));
        [Some(article), hints].into_iter().flatten()
    }
}

impl<'a> Value<'a> for FieldValue<'a> {
    type ArrayIter = std::iter::Empty<Self>;
    type ObjectIter = std::iter::Empty<(&'a str, Self)>;

    fn as_value(&self) -> ReferenceValue<'a, Self> {
        ReferenceValue::Leaf(match self {
            Self::Text(text) => ReferenceValueLeaf::Str(text),
            Self::Number(number) => ReferenceValueLeaf::I64(*number),
        })
    }
}

/// Reads an article back from its document.
///
/// # Errors
/// If the document holds none: the index is damaged or of another version.
pub fn article(document: &TantivyDocument) -> anyhow::Result<Article> {
    let json = document.get_first(fields().article).and_then(|value| value.as_str()).unwrap_or_default();
    serde_json::from_str(json).map_err(|error| UnreadableArticle(error).into())
}

/// An article whose stored form is not what was stored.
#[derive(Debug, thiserror::Error)]
#[error("an article that cannot be read back")]
pub struct UnreadableArticle(#[source] serde_json::Error);

/// Reads an article back with what it says of names, as it was when it was written, and its hash.
///
/// # Errors
/// If the document holds none: the index is damaged or of another version.
pub fn with_hints(document: &TantivyDocument) -> anyhow::Result<(Article, ArticleHash)> {
    let text = |field| document.get_first(field).and_then(|value| value.as_str());
    let mut article = article(document)?;
    if let Some(json) = text(fields().hints) {
        let (sure, things) = serde_json::from_str(json).context("hints that cannot be read back")?;
        article.hints = Hints { sure, things, ..Hints::default() };
    }
    Ok((article, Sha256::digest(text(fields().article).unwrap_or_default()).into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_stands_at_its_own_place() {
        for (column, name, singular) in COLUMNS {
            assert_eq!(column.name(), name);
            assert_eq!(Column::named(singular), Some(column));
            assert!(fields().schema.get_field(name).is_ok());
        }
    }
}
