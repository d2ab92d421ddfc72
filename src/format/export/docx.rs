//! Word documents: Nexis Uni and Lexis+ deliver their articles in one, whatever else is written in one is one article.
//!
//! Only the running text is read: `word/document.xml`, its paragraphs and the bookmarks that part Nexis documents.
//! Layout: ECMA-376, part 1, 17.3.

use std::io::{self, BufRead, Cursor, ErrorKind, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::archive::{OverLimit, Skip, SkipReason};
use crate::article::Draft;
use crate::format::export::nexis;
use crate::format::frame::Piece;
use crate::format::{Context, Cutter, charset, text};

/// Bookmarks of Nexis articles begin so.
const BOOKMARK: &str = "Bookmark_";

/// A paragraph of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Paragraph {
    text: String,
    /// It has a bookmark at which an article begins.
    opens: bool,
}

/// Cuts a Word document into its articles, given on as text, one paragraph a line.
///
/// # Errors
/// If it is no Word document, is broken, or unpacks to more than a record may have.
pub fn documents(read: &mut dyn BufRead, cutter: &mut Cutter<'_>) -> io::Result<()> {
    let xml = part(read, "word/document.xml", cutter.limit())?;
    let xml = charset::decode(&xml, None).text;
    let mut open = Open { record: String::new(), lines: 0, opened: false };
    let mut reader = Reader::from_str(&xml);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    let mut paragraph = Paragraph::default();
    let mut in_text = false;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) if tag.local_name().as_ref() == "bookmarkStart" => {
                paragraph.opens |= bookmark(&tag);
            }
            Ok(Event::Start(tag)) if tag.local_name().as_ref() == "t" => in_text = true,
            Ok(Event::End(tag)) if tag.local_name().as_ref() == "t" => in_text = false,
            Ok(Event::Start(tag) | Event::Empty(tag)) if matches!(tag.local_name().as_ref(), "tab" | "br" | "cr") => {
                paragraph.text.push(' ');
            }
            Ok(Event::Text(text)) if in_text => paragraph.text.push_str(&text),
            Ok(Event::GeneralRef(name)) if in_text => {
                let reference = format!("&{};", &*name);
                paragraph.text.push_str(&crate::format::markup::entities(&reference));
            }
            Ok(Event::End(tag)) if tag.local_name().as_ref() == "p" => {
                if !open.add(&std::mem::take(&mut paragraph), cutter) {
                    return Ok(());
                }
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => {
                open.end(cutter);
                return Err(io::Error::new(ErrorKind::InvalidData, error));
            }
        }
    }
    open.end(cutter);
    Ok(())
}

fn bookmark(tag: &BytesStart<'_>) -> bool {
    tag.attributes()
        .flatten()
        .any(|attribute| attribute.key.local_name().as_ref() == "name" && attribute.value.starts_with(BOOKMARK))
}

/// One part of an office document, unpacked.
fn part(read: &mut dyn BufRead, name: &str, limit: usize) -> io::Result<Vec<u8>> {
    let too_large = || io::Error::from(OverLimit::MemberBytes(limit as u64));
    let mut packed = Vec::new();
    read.take(limit as u64 + 1).read_to_end(&mut packed)?;
    if packed.len() > limit {
        return Err(too_large());
    }
    let broken = |error| io::Error::new(ErrorKind::InvalidData, error);
    let mut archive = zip::ZipArchive::new(Cursor::new(packed)).map_err(broken)?;
    let mut unpacked = Vec::new();
    archive.by_name(name).map_err(broken)?.take(limit as u64 + 1).read_to_end(&mut unpacked)?;
    if unpacked.len() > limit { Err(too_large()) } else { Ok(unpacked) }
}

/// The article being read.
struct Open {
    record: String,
    lines: usize,
    /// An article was opened by a bookmark, so the cover is over.
    opened: bool,
}

impl Open {
    fn add(&mut self, paragraph: &Paragraph, cutter: &mut Cutter<'_>) -> bool {
        if paragraph.opens {
            if !self.opened {
                // what came before the first bookmark is the cover
                (self.record, self.lines) = (String::new(), 0);
            } else if !self.end(cutter) {
                return false;
            }
            self.opened = true;
        }
        let line = paragraph.text.trim_matches(' ');
        if line.is_empty() {
            return true;
        }
        self.record.push_str(&charset::clean(line).replace('\n', " "));
        self.record.push('\n');
        self.lines += 1;
        if nexis::is_over(line) { self.end(cutter) } else { true }
    }

    fn end(&mut self, cutter: &mut Cutter<'_>) -> bool {
        let record = std::mem::take(&mut self.record);
        self.lines = 0;
        record.is_empty() || cutter.piece(Piece::Bytes(record.into_bytes()))
    }
}

/// Reads an article from its paragraphs, one a line.
///
/// # Errors
/// If there is no text.
pub fn article(record: &str, context: &Context, number: u64) -> Result<Draft, Skip> {
    let paragraphs: Vec<&str> = record.lines().collect();
    if paragraphs.is_empty() {
        let (path, detail) = (context.path.clone(), "a document without text".to_owned());
        return Err(Skip { reason: SkipReason::NoText, path, record: number, detail });
    }
    if nexis::is_document(&paragraphs) {
        return nexis::uni(&paragraphs, context, number);
    }
    text::article(&paragraphs.join("\n\n"), context, number)
}
