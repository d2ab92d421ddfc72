//! Articles as Parquet, for pandas, `DuckDB` and the like: a column a field, lists as lists. What is written here is read
//! back as it was.

use std::io::Write;
use std::sync::Arc;

use ::parquet::basic::{Compression, ZstdLevel};
use ::parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use ::parquet::errors::Result;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use ::parquet::schema::parser::parse_message_type;

use crate::article::Article;

/// Bytes of text after which a group of rows is written: what is held in memory.
const GROUP: usize = 16 << 20;
/// The columns; each is written below in this order.
const SCHEMA: &str = "
message article {
  required binary id (STRING);
  required binary title (STRING);
  optional binary source (STRING);
  required group authors (LIST) { repeated group list { required binary element (STRING); } }
  optional binary date (STRING);
  optional binary date_from (STRING);
  optional binary section (STRING);
  optional binary url (STRING);
  required group tags (LIST) { repeated group list { required binary element (STRING); } }
  optional group filed_from { required binary place (STRING); optional binary country (STRING); }
  optional binary wire (STRING);
  optional binary language (STRING);
  required group people (LIST) { repeated group list { required binary element (STRING); } }
  required group mentioned (LIST) { repeated group list { required binary element (STRING); } }
  required group leaders (LIST) { repeated group list { required binary element (STRING); } }
  required group countries (LIST) { repeated group list { required binary element (STRING); } }
  required group origin { required binary path (STRING); required int64 record; }
  required binary body (STRING);
}";

/// Writes articles to a file.
pub struct ParquetWriter<W: Write + Send> {
    file: SerializedFileWriter<W>,
    articles: Vec<Article>,
    bytes: usize,
}

impl<W: Write + Send> ParquetWriter<W> {
    /// Begins a file.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn new(out: W) -> anyhow::Result<Self> {
        let properties = WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default()));
        let schema = Arc::new(parse_message_type(SCHEMA)?);
        let file = SerializedFileWriter::new(out, schema, Arc::new(properties.build()))?;
        Ok(Self { file, articles: Vec::new(), bytes: 0 })
    }

    /// Adds an article.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn add(&mut self, article: Article) -> anyhow::Result<()> {
        self.bytes += article.body.len() + article.title.len();
        self.articles.push(article);
        if self.bytes >= GROUP {
            self.group()?;
        }
        Ok(())
    }

    /// Writes what is left, and the description at the end without which the file is nothing.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn finish(mut self) -> anyhow::Result<()> {
        if !self.articles.is_empty() {
            self.group()?;
        }
        self.file.close()?;
        Ok(())
    }

    fn group(&mut self) -> anyhow::Result<()> {
        let articles = std::mem::take(&mut self.articles);
        self.bytes = 0;
        let dates: Vec<Option<String>> =
            articles.iter().map(|article| article.date.map(|date| date.to_string())).collect();
        let mut dates_from = Vec::with_capacity(articles.len());
        for article in &articles {
            let written = article.date_from.map(serde_json::to_value).transpose()?;
            dates_from.push(written.and_then(|value| value.as_str().map(str::to_owned)));
        }
        let mut columns = Columns { group: self.file.next_row_group()?, articles: &articles };
        columns.texts(|article| &article.id)?;
        columns.texts(|article| &article.title)?;
        columns.optional(|article| article.source.as_deref())?;
        columns.lists(|article| &article.authors)?;
        columns.column(&dates.iter().map(|date| level(date.as_deref(), 0, 1)).collect::<Vec<_>>())?;
        columns.column(&dates_from.iter().map(|from| level(from.as_deref(), 0, 1)).collect::<Vec<_>>())?;
        columns.optional(|article| article.section.as_deref())?;
        columns.optional(|article| article.url.as_deref())?;
        columns.lists(|article| &article.tags)?;
        columns.optional(|article| article.filed_from.as_ref().map(|from| from.place.as_str()))?;
        let countries = articles.iter().map(|article| article.filed_from.as_ref().map(|from| from.country.as_deref()));
        columns.column(
            &countries.map(|country| level(country.flatten(), i16::from(country.is_some()), 2)).collect::<Vec<_>>(),
        )?;
        columns.optional(|article| article.wire.as_deref())?;
        columns.optional(|article| article.language.as_deref())?;
        columns.lists(|article| &article.people)?;
        columns.lists(|article| &article.mentioned)?;
        columns.lists(|article| &article.leaders)?;
        columns.lists(|article| &article.countries)?;
        columns.texts(|article| &article.origin.path)?;
        columns.records()?;
        columns.texts(|article| &article.body)?;
        columns.group.close()?;
        Ok(())
    }
}

/// A cell of a column: its text, how much of its path is there, and whether it goes on a list.
struct Cell<'a> {
    text: Option<&'a str>,
    definition: i16,
    repetition: i16,
}

fn level(text: Option<&str>, absent: i16, present: i16) -> Cell<'_> {
    Cell { text, definition: if text.is_some() { present } else { absent }, repetition: 0 }
}

/// The columns of a group of rows, written one after the other.
struct Columns<'a, 'w, W: Write + Send> {
    group: SerializedRowGroupWriter<'w, W>,
    articles: &'a [Article],
}

impl<'a, W: Write + Send> Columns<'a, '_, W> {
    fn texts(&mut self, field: impl Fn(&'a Article) -> &'a String) -> Result<()> {
        let cells: Vec<Cell<'_>> = self.articles.iter().map(|article| level(Some(field(article)), 0, 0)).collect();
        self.column(&cells)
    }

    fn optional(&mut self, field: impl Fn(&'a Article) -> Option<&'a str>) -> Result<()> {
        let cells: Vec<Cell<'_>> = self.articles.iter().map(|article| level(field(article), 0, 1)).collect();
        self.column(&cells)
    }

    fn lists(&mut self, field: impl Fn(&'a Article) -> &'a [String]) -> Result<()> {
        let mut cells = Vec::with_capacity(self.articles.len());
        for article in self.articles {
            let values = field(article);
            if values.is_empty() {
                cells.push(level(None, 0, 1));
            }
            for (place, value) in values.iter().enumerate() {
                cells.push(Cell { repetition: i16::from(place > 0), ..level(Some(value), 0, 1) });
            }
        }
        self.column(&cells)
    }

    fn records(&mut self) -> Result<()> {
        let values: Vec<i64> =
            self.articles.iter().map(|article| i64::try_from(article.origin.record).unwrap_or(i64::MAX)).collect();
        let Some(mut column) = self.group.next_column()? else { return Ok(()) };
        column.typed::<Int64Type>().write_batch(&values, None, None)?;
        column.close()
    }

    fn column(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        let values: Vec<ByteArray> = cells.iter().filter_map(|cell| cell.text.map(ByteArray::from)).collect();
        let definitions: Vec<i16> = cells.iter().map(|cell| cell.definition).collect();
        let repetitions: Vec<i16> = cells.iter().map(|cell| cell.repetition).collect();
        let Some(mut column) = self.group.next_column()? else { return Ok(()) };
        column.typed::<ByteArrayType>().write_batch(&values, Some(&definitions), Some(&repetitions))?;
        column.close()
    }
}
