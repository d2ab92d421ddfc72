//! Every format we read: how it is recognised, cut into records, and turned into articles.
//!
//! Formats are known at compile time: one enum, and here the only three matches over it. A new format is one file
//! beside this one and one arm in each.

mod alto;
mod boilerplate;
mod bounds;
mod charset;
mod detect;
mod export;
mod feed;
mod field;
mod frame;
mod html;
mod http;
mod json;
mod mail;
mod markdown;
mod markup;
pub mod mets;
mod newsml;
mod newsml_g2;
mod ninjs;
mod nitf;
mod paragraph;
#[cfg(feature = "parquet")]
mod parquet;
mod reuters;
mod row;
mod stamp;
mod table;
mod text;
mod trec;
mod warc;
mod wire;
mod workbook;
mod xml;

use std::io::{BufRead, Read};
use std::path::PathBuf;
use std::sync::Arc;

use crate::archive::{HEAD, Limits, Peeked, Skip, SkipReason, Warning, reason};
use crate::article::{Draft, Origin};
use crate::date::Date;
use crate::format::frame::Piece;

pub use detect::detect;
pub use field::{Field, FieldMap, mapping};
pub use table::{Dialect, Layout};

/// A format an article can come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Plain text, one article a file.
    Text,
    /// A web page, one article a file.
    Html,
    /// One JSON object, or an array of them.
    Json,
    /// One JSON object a line.
    JsonLines,
    /// Comma, semicolon or tab separated values with a header.
    Table,
    /// The SGML of the Reuters-21578 collection.
    Reuters,
    /// RSS or Atom.
    Feed,
    /// JSON Feed.
    JsonFeed,
    /// NITF: one article.
    Nitf,
    /// `NewsML` 1.2.
    NewsMl,
    /// `NewsML-G2`.
    NewsMlG2,
    /// IPTC 7901 or ANPA 1312.
    Wire,
    /// TREC documents.
    Trec,
    /// Markdown, or text with front matter.
    Markdown,
    /// ALTO: a scanned page.
    Alto,
    /// METS: a scanned issue, whose pages lie beside it. Its records are put together by [`mets::Issues`].
    Mets,
    /// WARC and WET: captured pages.
    Warc,
    /// Classic `LexisNexis` text, many documents a file.
    NexisText,
    /// Classic `LexisNexis` HTML, many documents a file.
    NexisHtml,
    /// A Word document; Nexis Uni puts many articles in one.
    Docx,
    /// Pages of Factiva, many articles each.
    FactivaHtml,
    /// Text of Factiva with its two-letter codes.
    FactivaText,
    /// XML of Factiva.
    FactivaXml,
    /// Pages of Europresse, many articles each.
    EuropresseHtml,
    /// Text of `ProQuest`, many documents a file.
    ProquestText,
    /// A spreadsheet, one article a row.
    Workbook,
    /// A table kept by columns, one article a row.
    Parquet,
    /// One message, or a page saved as one (MHTML).
    Mail,
    /// Messages one after the other.
    Mailbox,
}

impl Format {
    /// Whether its files are not text: their records are, in UTF-8.
    fn is_packed(self) -> bool {
        matches!(self, Self::Docx | Self::Workbook | Self::Parquet)
    }

    /// Whether its files are pages that declare their charset once, for all records.
    fn is_page(self) -> bool {
        matches!(self, Self::NexisHtml | Self::FactivaHtml | Self::FactivaXml | Self::EuropresseHtml)
    }
}

/// What a record's file says about all its records.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// `origin.path` of the file or member.
    pub path: String,
    /// Where it lies on disk as it is, for formats that are read from their end.
    pub location: Option<PathBuf>,
    /// How a table is to be read; set by [`records`].
    pub table: Option<Layout>,
    /// Charset named by the envelope (a header, a declaration), if any.
    pub charset: Option<String>,
    /// Facts true for every record, e.g. the title of a feed.
    pub source: Option<String>,
    /// Address named by the envelope, if any.
    pub url: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// Field mapping given by the user.
    pub map: Arc<FieldMap>,
    /// How long a record may be.
    pub limits: Limits,
    /// The day dates are measured against, where a format must choose among several.
    pub today: Option<Date>,
}

/// One record as framed: its bytes, not yet decoded.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its format.
    pub format: Format,
    /// From 1, in file order.
    pub number: u64,
    /// The record's own bytes, undecoded.
    pub bytes: Vec<u8>,
    /// What its file says about it.
    pub context: Arc<Context>,
}

/// Cuts a file into records: cheap and sequential. `emit` returns false to stop early.
///
/// # Errors
/// What stopped it before the end of the file; the records before it were emitted.
pub fn records(
    format: Format,
    read: &mut dyn BufRead,
    mut context: Context,
    emit: &mut dyn FnMut(Result<Record, Skip>) -> bool,
) -> Result<(), Skip> {
    let path = context.path.clone();
    let mut peeked = Peeked::new(read, HEAD);
    let is_whole = peeked.is_whole();
    let head = peeked.head().to_vec();
    let mut number = 0;
    let is_stream = matches!(format, Format::Text | Format::Html | Format::Warc) || format.is_packed();
    let result = if is_stream || !charset::is_wide(&head) {
        if context.charset.is_none() && !matches!(format, Format::Html | Format::Warc) && !format.is_packed() {
            let declared = if format.is_page() { charset::declared(&head) } else { charset::in_xml(&head) };
            context.charset = declared.or_else(|| charset::guessed(&head));
        }
        cut(format, &mut peeked, &head, is_whole, context, &mut number, emit)?
    } else {
        // line ends of UTF-16 are not those of bytes
        let mut recoded = Peeked::new(charset::Recoded::new(peeked, &head), HEAD);
        let is_whole = recoded.is_whole();
        let head = recoded.head().to_vec();
        cut(format, &mut recoded, &head, is_whole, context, &mut number, emit)?
    };
    result.map_err(|error| {
        let detail = format!("after record {number}: {error}");
        Skip { reason: reason(&error), path, record: 0, detail }
    })
}

fn cut(
    format: Format,
    read: &mut dyn BufRead,
    head: &[u8],
    is_whole: bool,
    mut context: Context,
    number: &mut u64,
    emit: &mut dyn FnMut(Result<Record, Skip>) -> bool,
) -> Result<std::io::Result<()>, Skip> {
    if format == Format::Workbook {
        return workbook::rows(read, &context, number, emit);
    }
    if format == Format::Table {
        context.table = Some(table::layout(head, is_whole, &context)?);
    }
    match format {
        Format::Feed => feed::describe(&charset::decode(head, context.charset.as_deref()).text, &mut context),
        Format::JsonFeed => feed::describe_json(&charset::decode(head, None).text, &mut context),
        _ => {}
    }
    let context = Arc::new(context);
    let mut cutter = Cutter { format, number, context: Arc::clone(&context), emit };
    Ok(match format {
        Format::Text | Format::Markdown | Format::Html | Format::Nitf | Format::Alto | Format::Mets | Format::Mail => {
            whole(read, &mut cutter)
        }
        Format::NewsMl => newsml::items(read, &["NewsItem"], &mut cutter),
        Format::NewsMlG2 => newsml::items(read, &newsml_g2::ITEMS, &mut cutter),
        Format::JsonLines => json::lines(read, &mut cutter),
        Format::Json | Format::JsonFeed => json::values(read, &mut cutter),
        Format::Feed => feed::entries(read, head, &mut cutter),
        Format::Table => match &context.table {
            Some(layout) => table::rows(read, layout, &mut cutter),
            None => Ok(()),
        },
        Format::Wire => wire::messages(read, &mut cutter),
        Format::Trec => {
            let limit = cutter.limit();
            frame::tagged_element(read, "DOC", limit, &mut |piece| cutter.piece(piece))
        }
        Format::Warc => warc::records(read, &mut cutter),
        Format::Reuters => {
            let limit = cutter.limit();
            frame::tagged(read, b"<REUTERS", b"</REUTERS>", limit, &mut |piece| cutter.piece(piece))
        }
        Format::NexisText => export::nexis_texts(read, &mut cutter),
        Format::NexisHtml => export::nexis_pages(read, &mut cutter),
        Format::Docx => export::docx::documents(read, &mut cutter),
        Format::FactivaHtml => export::factiva_pages(read, &mut cutter),
        Format::FactivaText => export::factiva_texts(read, &mut cutter),
        Format::FactivaXml => export::factiva_xml(read, &mut cutter),
        Format::EuropresseHtml => export::europresse_pages(read, &mut cutter),
        Format::ProquestText => export::proquest_texts(read, &mut cutter),
        Format::Mailbox => mail::mailbox(read, &mut cutter),
        #[cfg(feature = "parquet")]
        Format::Parquet => parquet::rows(read, &mut cutter),
        #[cfg(not(feature = "parquet"))]
        Format::Parquet => {
            cutter.skip(SkipReason::NotBuiltIn, "Parquet, which `cargo build --release --features parquet` reads");
            Ok(())
        }
        // its sheets were cut already
        Format::Workbook => Ok(()),
    })
}

/// A file that is one record.
fn whole(read: &mut dyn BufRead, cutter: &mut Cutter<'_>) -> std::io::Result<()> {
    if let Some(bytes) = cutter.read_whole(read)? {
        cutter.piece(Piece::Bytes(bytes));
    }
    Ok(())
}

/// Numbers the pieces of a file and gives them out as records.
struct Cutter<'a> {
    format: Format,
    number: &'a mut u64,
    context: Arc<Context>,
    emit: &'a mut dyn FnMut(Result<Record, Skip>) -> bool,
}

impl Cutter<'_> {
    /// Bytes a record may have.
    fn limit(&self) -> usize {
        self.context.limits.record_bytes
    }

    /// The bytes of a file that can only be cut as a whole; `None` if it is longer than a record may be, which is reported.
    fn read_whole(&mut self, read: &mut dyn BufRead) -> std::io::Result<Option<Vec<u8>>> {
        let limit = self.limit();
        let mut bytes = Vec::new();
        read.take(limit as u64 + 1).read_to_end(&mut bytes)?;
        if bytes.len() > limit {
            self.piece(Piece::TooLong(0));
            return Ok(None);
        }
        Ok(Some(bytes))
    }

    /// Reports something that is no record.
    fn skip(&mut self, reason: SkipReason, detail: &str) -> bool {
        (self.emit)(Err(Skip { reason, path: self.context.path.clone(), record: 0, detail: detail.to_owned() }))
    }

    /// Emits a piece as the next record; false to stop.
    fn piece(&mut self, piece: Piece) -> bool {
        *self.number += 1;
        let (format, number, limit) = (self.format, *self.number, self.limit());
        let context = Arc::clone(&self.context);
        (self.emit)(match piece {
            Piece::Bytes(bytes) => Ok(Record { format, number, bytes, context }),
            Piece::TooLong(start) => {
                let detail = format!("record at byte {start} is over {limit} bytes, see --max-record-size");
                Err(Skip { reason: SkipReason::TooLarge, path: context.path.clone(), record: number, detail })
            }
        })
    }
}

/// Reads one record: costly, and independent of every other record.
///
/// The origin is filled in; the id only if the archive has one.
///
/// # Errors
/// Why it is no article.
pub fn article(record: &Record) -> Result<Draft, Skip> {
    let Record { format, number, bytes, context } = record;
    if *format != Format::Warc {
        return read(*format, bytes, context, *number);
    }
    let warc::Capture { format, bytes, context, fetched } = warc::capture(bytes, context, *number)?;
    let mut draft = read(format, &bytes, &context, *number)?;
    // a day apart may be a matter of time zones
    let after = |date: &Date| fetched.is_some_and(|fetched| date.first_day() > fetched.last_day() + 1);
    if draft.article.date.take_if(|date| after(date)).is_some() {
        draft.article.date_from = None;
        draft.warnings.push(Warning::DateRefused);
    }
    Ok(draft)
}

/// Reads the text of one record.
fn read(format: Format, bytes: &[u8], context: &Context, number: u64) -> Result<Draft, Skip> {
    let declared = match (format, &context.charset) {
        (_, Some(charset)) => Some(charset.clone()),
        (Format::Html, None) => charset::declared(bytes),
        _ => None,
    };
    // each part of a message has a charset of its own
    let whole = if matches!(format, Format::Mail | Format::Mailbox) { &[][..] } else { bytes };
    let decoded = charset::decode(whole, declared.as_deref());
    let mut draft = match format {
        // what a crawl captured comes here as what it is
        Format::Text | Format::Warc => text::article(&decoded.text, context, number),
        Format::Html => html::article(&decoded.text, context, number),
        Format::Json | Format::JsonLines | Format::Parquet => json::article(&decoded.text, context, number),
        Format::Feed => feed::article(&decoded.text, context, number),
        Format::JsonFeed => feed::json_article(&decoded.text, context, number),
        Format::Nitf => nitf::article(&decoded.text, context, number),
        Format::NewsMl => newsml::article(&decoded.text, context, number),
        Format::NewsMlG2 => newsml_g2::article(&decoded.text, context, number),
        Format::Wire => wire::article(&decoded.text, context, number),
        Format::Markdown => markdown::article(&decoded.text, context, number),
        Format::Alto => alto::article(&decoded.text, context, number),
        Format::Mets => mets::article(&decoded.text, context, number),
        Format::Trec => trec::article(&decoded.text, context, number),
        Format::Table | Format::Workbook => table::article(&decoded.text, context, number),
        Format::Reuters => reuters::article(&decoded.text, context, number),
        Format::NexisText => export::nexis::text(&decoded.text, context, number),
        Format::NexisHtml => export::nexis::html(&decoded.text, context, number),
        Format::Docx => export::docx::article(&decoded.text, context, number),
        Format::FactivaHtml => export::factiva::html(&decoded.text, context, number),
        Format::FactivaText => export::factiva::text(&decoded.text, context, number),
        Format::FactivaXml => export::factiva::xml(&decoded.text, context, number),
        Format::Mail | Format::Mailbox => mail::article(bytes, context, number),
        Format::EuropresseHtml => export::europresse::html(&decoded.text, context, number),
        Format::ProquestText => export::proquest::text(&decoded.text, context, number),
    }?;
    if decoded.replaced > 0 {
        draft.warnings.push(Warning::BadEncoding);
    }
    let article = &mut draft.article;
    if article.source.is_none() {
        article.source.clone_from(&context.source);
    }
    if article.language.is_none() {
        article.language.clone_from(&context.language);
    }
    if article.url.is_none() {
        article.url.clone_from(&context.url);
    }
    article.origin = Origin { path: context.path.clone(), record: number };
    bounds::keep(&mut draft);
    Ok(draft)
}
