//! Recognises formats: by what is in the file first, by its name second.

use std::borrow::Cow;

use crate::archive::SkipReason;
use crate::format::{Format, alto, charset, export, field, mail, markdown, newsml_g2, warc, wire};

/// Beginnings of files that are no text.
const MAGIC: [&[u8]; 21] = [
    b"\x89PNG",
    b"\xFF\xD8\xFF",
    b"GIF8",
    b"%PDF-",
    b"RIFF",
    b"\x7FELF",
    b"SQLite format 3",
    b"\xCA\xFE\xBA\xBE",
    b"\0asm",
    b"\xD0\xCF\x11\xE0",
    b"wOFF",
    b"wOF2",
    b"OggS",
    b"ID3",
    b"fLaC",
    b"7z\xBC\xAF",
    b"Rar!",
    b"BZh",
    b"\xFD7zXZ",
    b"\x1F\x8B",
    b"\x28\xB5\x2F\xFD",
];
/// Ends of names of program text and settings, which is text but never news.
const CODE: [&str; 44] = [
    "bash", "bat", "bib", "c", "cfg", "cpp", "cs", "css", "dtd", "go", "h", "hpp", "ini", "ipynb", "java", "js", "jsx",
    "kt", "less", "lock", "lua", "map", "mjs", "php", "pl", "ps1", "py", "r", "rb", "rs", "rtf", "scss", "sh", "sql",
    "svg", "swift", "tex", "toml", "ts", "tsx", "xsd", "xsl", "yaml", "yml",
];
/// Elements a fragment of HTML begins with.
const HTML: [&str; 44] = [
    "!doctype",
    "a",
    "article",
    "aside",
    "b",
    "base",
    "blockquote",
    "body",
    "br",
    "center",
    "dir",
    "div",
    "dl",
    "em",
    "font",
    "footer",
    "form",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "head",
    "header",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "link",
    "main",
    "meta",
    "nav",
    "noscript",
    "ol",
    "p",
    "script",
    "section",
    "span",
    "strong",
    "style",
    "table",
    "title",
    "ul",
];

/// Recognises a format by its first bytes (up to 64 KiB), then by its name.
///
/// # Errors
/// Says why a file is none we read: empty, binary, unknown.
pub fn detect(head: &[u8], name: &str) -> Result<Format, SkipReason> {
    if head.trim_ascii().is_empty() {
        return Err(SkipReason::Empty);
    }
    if head.trim_ascii_start().starts_with(warc::OPENING) {
        return Ok(Format::Warc);
    }
    if wire::is_message(head) {
        return Ok(Format::Wire);
    }
    if head.starts_with(b"PK\x03\x04") {
        // one document in a zip: office files, books
        return export::office(head, &extension(name)).ok_or(SkipReason::UnknownFormat);
    }
    if head.starts_with(b"PAR1") || head.starts_with(b"PARE") {
        return Ok(Format::Parquet);
    }
    if MAGIC.iter().any(|magic| head.starts_with(magic)) || charset::is_binary(head) {
        return Err(SkipReason::Binary);
    }
    let text = charset::decode(head, None).text;
    let text = text.trim_start();
    if text.is_empty() {
        return Err(SkipReason::Empty);
    }
    if text.starts_with("filedesc://") {
        // ARC, which came before WARC
        return Err(SkipReason::UnknownFormat);
    }
    let extension = extension(name);
    match mail::detect(text) {
        Some(mail::Kind::Message) => return Ok(Format::Mail),
        Some(mail::Kind::Mailbox) => return Ok(Format::Mailbox),
        None => {}
    }
    if let Some(format) = export::detect(text) {
        return Ok(format);
    }
    match text.as_bytes()[0] {
        b'{' | b'[' => {
            if let Some(format) = json(text, &extension) {
                return Ok(format);
            }
        }
        b'<' => {
            if let Some(format) = markup(text) {
                return format;
            }
        }
        _ => {}
    }
    if markdown::has_front_matter(text) {
        return Ok(Format::Markdown);
    }
    match extension.as_ref() {
        "md" | "markdown" | "mdx" => return Ok(Format::Markdown),
        "json" => return Ok(Format::Json),
        "jsonl" | "ndjson" | "jl" => return Ok(Format::JsonLines),
        "csv" | "tsv" | "tab" | "psv" => return Ok(Format::Table),
        "xml" | "sgm" | "sgml" => return Err(SkipReason::UnknownFormat),
        code if CODE.contains(&code) => return Err(SkipReason::UnknownFormat),
        _ => {}
    }
    if contains(&text[..floor(text, 4096)], &["<!doctype html", "<html"]) {
        return Ok(Format::Html);
    }
    if has_header(text) {
        return Ok(Format::Table);
    }
    if text.starts_with("{\\rtf")
        || text.starts_with("filedesc://")
        || text.starts_with("%!PS")
        || text.starts_with("#!")
    {
        return Err(SkipReason::UnknownFormat);
    }
    Ok(Format::Text)
}

/// What follows the last dot of the last part of the path, in lower case, without endings of compressed files.
fn extension(name: &str) -> Cow<'static, str> {
    let name = name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase();
    let packed = [".gz", ".zst", ".bz2", ".xz"].iter().find_map(|ending| name.strip_suffix(ending));
    let name = packed.unwrap_or(&name);
    name.rsplit_once('.').map_or(Cow::Borrowed(""), |(_, extension)| Cow::Owned(extension.to_owned()))
}

/// JSON in one piece or by lines; `None` if it only begins like JSON.
fn json(text: &str, extension: &str) -> Option<Format> {
    let rest = text[1..].trim_start();
    let named_lines = matches!(extension, "jsonl" | "ndjson" | "jl");
    if text.starts_with('[') {
        let array = rest.starts_with(['{', ']']) || (extension == "json" && !rest.is_empty());
        return array.then_some(Format::Json);
    }
    if !rest.starts_with(['"', '}']) {
        return None;
    }
    if contains(&text[..floor(text, 4096)], &["//jsonfeed.org/version/"]) {
        return Some(Format::JsonFeed);
    }
    let mut starts = text.lines().filter(|line| line.starts_with("{\"") || line.starts_with("{ \"") || *line == "{}");
    if starts.nth(1).is_some() {
        return Some(Format::JsonLines);
    }
    let one_line = !text.trim_end().contains('\n');
    Some(if named_lines && (one_line || text.lines().next().is_some_and(|line| line.trim_end().ends_with('}'))) {
        Format::JsonLines
    } else {
        Format::Json
    })
}

/// What begins with a tag; `None` if it only looks like one.
fn markup(text: &str) -> Option<Result<Format, SkipReason>> {
    let mut rest = text;
    // declarations and comments come before the first element
    loop {
        rest = rest.trim_start();
        if let Some(comment) = rest.strip_prefix("<!--") {
            let Some(end) = comment.find("-->") else { break };
            rest = &comment[end + 3..];
        } else if rest.starts_with("<?") {
            let Some(end) = rest.find('>') else { break };
            rest = &rest[end + 1..];
        } else {
            break;
        }
    }
    if rest.starts_with("<REUTERS") || (rest.starts_with("<!DOCTYPE lewis") && text.contains("<REUTERS")) {
        return Some(Ok(Format::Reuters));
    }
    if let Some(format) = by_root(rest) {
        return Some(Ok(format));
    }
    let name = rest.strip_prefix('<').unwrap_or(rest);
    let end = name.find(|char: char| !char.is_ascii_alphanumeric() && char != '!' && char != '-' && char != ':');
    let element = name[..end.unwrap_or(name.len())].to_ascii_lowercase();
    if element == "!doctype" {
        let declared = contains(&name[..floor(name, 200)], &["doctype html", "//dtd html", "//dtd xhtml"]);
        // other types of documents are not HTML, whatever they hold
        return Some(if declared { Ok(Format::Html) } else { Err(SkipReason::UnknownFormat) });
    }
    if HTML.contains(&element.as_str()) {
        return Some(Ok(Format::Html));
    }
    let after = name[end.unwrap_or(name.len())..].chars().next();
    let is_element = element.starts_with(|char: char| char.is_ascii_alphabetic())
        && matches!(after, Some('>' | ' ' | '/' | '\n' | '\t'));
    if is_element || text.starts_with("<?xml") {
        let is_html = contains(&text[..floor(text, 4096)], &["<!doctype html", "<html"]);
        return Some(if is_html { Ok(Format::Html) } else { Err(SkipReason::UnknownFormat) });
    }
    None
}

/// The format of XML whose root element is known, past its document type.
fn by_root(text: &str) -> Option<Format> {
    let mut rest = text;
    if rest.starts_with("<!DOCTYPE") {
        // an internal subset stands in brackets
        let end = rest.find(['>', '['])?;
        let end = if rest[end..].starts_with('[') { rest.find("]>")? + 1 } else { end };
        rest = rest[end + 1..].trim_start();
    }
    while let Some(comment) = rest.strip_prefix("<!--") {
        rest = comment[comment.find("-->")? + 3..].trim_start();
    }
    let name = rest.strip_prefix('<')?;
    let name = &name[..name.find(|char: char| char == '>' || char == '/' || char.is_ascii_whitespace())?];
    match name.rsplit(':').next()? {
        "rss" | "RDF" | "feed" | "channel" | "entry" => Some(Format::Feed),
        "DOC" => Some(Format::Trec),
        "alto" | alto::DESCRIPTION => Some(Format::Alto),
        "mets" => Some(Format::Mets),
        "text" if rest.contains("<p>") || rest.contains("<title>") => Some(Format::Alto),
        "nitf" => Some(Format::Nitf),
        "NewsML" | "NewsItem" => Some(Format::NewsMl),
        "newsMessage" => Some(Format::NewsMlG2),
        item if newsml_g2::ITEMS.contains(&item) => Some(Format::NewsMlG2),
        _ => None,
    }
}

fn contains(text: &str, needles: &[&str]) -> bool {
    let lower = text.to_ascii_lowercase();
    needles.iter().any(|needle| lower.contains(needle))
}

/// The last place for a cut at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    if text.len() <= at { text.len() } else { (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0) }
}

/// Whether the first line names columns of articles, one of them a title or text, and the next has as many fields.
fn has_header(text: &str) -> bool {
    let mut lines = text.lines();
    let (Some(first), Some(second)) = (lines.next(), lines.next()) else { return false };
    if first.len() > 1000 {
        return false;
    }
    ['\t', ',', ';', '|'].into_iter().any(|delimiter| {
        let known =
            first.split(delimiter).filter_map(|name| field::known(name.trim_matches(|char| "\"' ".contains(char))));
        let (mut all, mut texts) = (0, 0);
        for alias in known {
            all += 1;
            texts += usize::from(alias.is_text() && !alias.weak);
        }
        let columns = first.matches(delimiter).count() + 1;
        all >= 2 && texts >= 1 && all * 3 >= columns && second.contains(delimiter)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_known_by_content() {
        for (head, format) in [
            ("{\"title\": \"One\"}\n{\"title\": \"Two\"}\n", Ok(Format::JsonLines)),
            ("{\"title\": \"On\n{\"title\": \"Two\"}\n", Ok(Format::JsonLines)),
            ("{\"title\": \"One\"}", Ok(Format::Json)),
            ("{\n  \"title\": \"One\"\n}\n", Ok(Format::Json)),
            ("[\n {\"title\": \"One\"},\n {\"title\": \"Two\"}]", Ok(Format::Json)),
            ("[Photo] A bridge opened on Monday.", Ok(Format::Text)),
            ("<!DOCTYPE html><html><p>One", Ok(Format::Html)),
            ("\n\u{FEFF}<!-- saved --><HTML lang=de>", Ok(Format::Html)),
            ("<?xml version=\"1.0\"?>\n<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0\">", Ok(Format::Html)),
            ("<p>A fragment.</p>", Ok(Format::Html)),
            ("<!DOCTYPE lewis SYSTEM \"lewis.dtd\">\n<REUTERS NEWID=\"1\">", Ok(Format::Reuters)),
            ("<?xml version=\"1.0\"?><rss><channel>", Ok(Format::Feed)),
            ("<!DOCTYPE x [<!ENTITY a \"b>\">]>\n<!-- c --><rdf:RDF>", Ok(Format::Feed)),
            ("<?xml version=\"1.0\"?><plist><dict>", Err(SkipReason::UnknownFormat)),
            ("<3 is not a tag", Ok(Format::Text)),
            ("title,date,text\nOne,2024-05-01,Rain fell.\n", Ok(Format::Table)),
            ("Text, date and title were lost.\nThe rest, too.\n", Ok(Format::Text)),
            ("Bridge opens\n\nThe bridge opened.", Ok(Format::Text)),
            ("", Err(SkipReason::Empty)),
            (" \n\t ", Err(SkipReason::Empty)),
            ("%PDF-1.4", Err(SkipReason::Binary)),
            ("ab\0\0\0\0\u{1}cd", Err(SkipReason::Binary)),
            ("{\\rtf1\\ansi", Err(SkipReason::UnknownFormat)),
        ] {
            assert_eq!(detect(head.as_bytes(), "file"), format, "{head:?}");
        }
    }

    #[test]
    fn names_decide_where_content_does_not() {
        for (name, format) in [
            ("a.csv", Ok(Format::Table)),
            ("folder.csv/a", Ok(Format::Text)),
            ("a.TSV.gz", Ok(Format::Table)),
            ("a.py", Err(SkipReason::UnknownFormat)),
            ("a.txt", Ok(Format::Text)),
        ] {
            assert_eq!(detect(b"one two three", name), format, "{name}");
        }
        assert_eq!(detect(b"{\"title\": \"One\"}", "a.jsonl"), Ok(Format::JsonLines));
    }

    #[test]
    fn wide_text_is_no_binary() {
        let wide: Vec<u8> = "{\"title\": \"One\"}".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(detect(&wide, "a"), Ok(Format::Json));
    }
}
