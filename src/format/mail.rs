//! Mail: single messages, mailboxes, newsletters, Usenet articles, and web pages saved as MHTML, which is mail too.
//!
//! The subject is the title, the header's date the date. A saved page's headers are the browser's, so the page inside is
//! read as any other. Layouts: RFC 5322, RFC 2045, RFC 2557 (MHTML), RFC 4155 (mbox), RFC 5536 (Usenet).

mod tame;

use std::borrow::Cow;
use std::io::{self, BufRead};

use mail_parser::{Encoding, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders, PartType};

use crate::archive::{Skip, SkipReason, Warning};
use crate::article::Draft;
use crate::date::{DateFrom, Order, read};
use crate::format::export::cut;
use crate::format::text::byline;
use crate::format::{Context, Cutter, charset, html, markup, paragraph, row};

/// Headers one of which a message has, besides others.
const SIGNS: [&str; 8] =
    ["from", "date", "message-id", "mime-version", "received", "return-path", "newsgroups", "content-type"];
/// Characters of a text part that is more than a pointer to the page.
const TEXT: usize = 200;

/// How mail lies in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One message.
    Message,
    /// Many, each after a `From ` line.
    Mailbox,
}

/// Recognises mail by its first lines.
pub fn detect(text: &str) -> Option<Kind> {
    let mut lines = text.lines();
    let (first, mailbox) = match text.lines().next() {
        Some(line) if is_separator(line.as_bytes()) => (lines.nth(1)?, true),
        Some(line) => (line, false),
        None => return None,
    };
    name(first)?;
    let mut signs = 0;
    for line in text.lines().skip(usize::from(mailbox)).take_while(|line| !line.is_empty()).take(200) {
        if line.starts_with([' ', '\t']) {
            continue;
        }
        // every line of a header has a name, but for those that go on
        let name = name(line)?.to_ascii_lowercase();
        signs += usize::from(SIGNS.contains(&name.as_str()));
    }
    (signs >= 2).then_some(if mailbox { Kind::Mailbox } else { Kind::Message })
}

/// The name of the header a line begins with.
fn name(line: &str) -> Option<&str> {
    let (name, _) = line.split_once(':')?;
    let is_name =
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    is_name.then_some(name)
}

/// Whether a line parts messages: `From jane@example.org Mon Mar  9 10:12:00 2004`.
fn is_separator(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    let rest = rest.trim_ascii();
    let clock = rest.windows(6).any(|part| {
        part[0].is_ascii_digit()
            && part[1].is_ascii_digit()
            && part[2] == b':'
            && part[3].is_ascii_digit()
            && part[5] != b'@'
    });
    // the year stands last, or before a zone
    clock
        && rest.len() < 300
        && rest.split(|byte| *byte == b' ').any(|word| word.len() == 4 && word.iter().all(u8::is_ascii_digit))
}

/// Cuts a mailbox into messages, at `From ` lines after a blank one.
///
/// # Errors
/// What the stream meets.
pub fn mailbox(read: &mut dyn BufRead, cutter: &mut Cutter<'_>) -> io::Result<()> {
    let mut blank = true;
    let mut starts = |line: &[u8]| {
        let after = std::mem::replace(&mut blank, line.trim_ascii().is_empty());
        (after && is_separator(line)).then_some(0)
    };
    cut::documents(read, b'\n', cutter.limit(), &mut starts, &mut |piece| cutter.piece(piece))
}

/// Reads one message.
///
/// # Errors
/// `Malformed` if it is none, `NoText` without title and text.
pub fn article(bytes: &[u8], context: &Context, number: u64) -> Result<Draft, Skip> {
    let skip =
        |reason, detail: &str| Skip { reason, path: context.path.clone(), record: number, detail: detail.to_owned() };
    let tamed = tame::tamed(&unquoted(bytes));
    let message =
        MessageParser::default().parse(&tamed).ok_or_else(|| skip(SkipReason::Malformed, "no headers of a message"))?;
    if let Some(page) = saved_page(&message) {
        let mut draft = html::article(&page.text, context, number)?;
        if draft.article.url.is_none() {
            draft.article.url = page.url;
        }
        return Ok(draft);
    }
    let mut draft = Draft::default();
    head(&message, &mut draft);
    draft.article.body = body(&message, context, number);
    if draft.article.body.contains('\u{FFFD}') {
        draft.warnings.push(Warning::BadEncoding);
    }
    if draft.article.title.is_empty() && draft.article.body.is_empty() {
        return Err(skip(SkipReason::NoText, "a message without subject and text"));
    }
    Ok(draft)
}

/// A message out of a mailbox as it was: without the line before it, `>From ` as `From `.
fn unquoted(bytes: &[u8]) -> Cow<'_, [u8]> {
    if !is_separator(bytes.split(|byte| *byte == b'\n').next().unwrap_or_default()) {
        return Cow::Borrowed(bytes);
    }
    let mut message = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|byte| *byte == b'\n').skip(1) {
        let marks = line.iter().take_while(|byte| **byte == b'>').count();
        let quoted = marks > 0 && line[marks..].starts_with(b"From ");
        message.extend_from_slice(if quoted { &line[1..] } else { line });
    }
    Cow::Owned(message)
}

/// A page as a browser saved it.
struct Page {
    text: String,
    url: Option<String>,
}

fn saved_page(message: &Message<'_>) -> Option<Page> {
    let kind = message.content_type()?;
    let related = kind.c_type.eq_ignore_ascii_case("multipart")
        && kind.c_subtype.as_deref().is_some_and(|name| name.eq_ignore_ascii_case("related"));
    let is_page = kind.c_type.eq_ignore_ascii_case("text") && message.content_location().is_some();
    // newsletters with pictures are related parts too, but somebody sent them
    let sent = message
        .from()
        .and_then(|from| from.first())
        .is_some_and(|from| from.address().is_some_and(|address| address.contains('@')))
        && message.to().is_some();
    if !(related || is_page) || sent {
        return None;
    }
    let part = message.parts.iter().find(|part| matches!(part.body, PartType::Html(_)))?;
    let location = part.content_location().or_else(|| message.header_raw("Snapshot-Content-Location"));
    let url = location.map(|url| url.trim().to_owned()).filter(|url| url.starts_with("http"));
    Some(Page { text: text_of(message, part)?, url })
}

fn head(message: &Message<'_>, draft: &mut Draft) {
    let article = &mut draft.article;
    let line = |text: &str| charset::clean(text).split_whitespace().collect::<Vec<_>>().join(" ");
    article.title = message.subject().map(line).unwrap_or_default();
    message.message_id().unwrap_or_default().clone_into(&mut article.id);
    let sender = message.from().and_then(|from| from.first()).and_then(|from| from.name()).map(line);
    let organization = message.header("Organization").and_then(HeaderValue::as_text).map(line);
    let is_letter =
        [message.list_id(), message.list_unsubscribe()].iter().any(|value| !matches!(value, HeaderValue::Empty));
    if let Some(sender) = sender.filter(|name| !name.is_empty()) {
        // a list sends under the name of the paper
        if is_letter && organization.is_none() {
            article.source = Some(sender);
        } else {
            article.authors = row::byline(&sender).iter().map(|name| byline::displayed(name)).collect();
        }
    }
    article.source = article.source.take().or(organization);
    article.language = message.content_language().as_text().map(str::to_owned);
    for header in ["Newsgroups", "Keywords"] {
        let written = message.header_raw(header).unwrap_or_default();
        let tags = written.split([',', ';']).map(line).filter(|tag| !tag.is_empty());
        article.tags.extend(tags);
    }
    if let Some(written) = message.header_raw("Date") {
        let named = read(written.trim(), Order::DayFirst);
        article.date = named.or_else(|| read(&message.date()?.to_rfc3339(), Order::DayFirst));
        article.date_from = article.date.map(|_| DateFrom::Header);
        if article.date.is_none() {
            draft.warnings.push(Warning::DateRefused);
        }
    }
}

/// The text of a message: of its text parts, or of its page where they only point to it.
fn body(message: &Message<'_>, context: &Context, number: u64) -> String {
    let texts: Vec<String> = message
        .text_bodies()
        .filter(|part| matches!(part.body, PartType::Text(_)))
        .filter_map(|part| text_of(message, part))
        .collect();
    let text = plain(&texts.join("\n\n"));
    let page = message.html_bodies().find(|part| matches!(part.body, PartType::Html(_)));
    let page = page.and_then(|part| text_of(message, part));
    match page {
        Some(page) if text.chars().count() < TEXT => {
            let found = html::article(&page, context, number).map(|draft| draft.article.body).unwrap_or_default();
            let all = markup::text(&page);
            // a short letter has no running text a page is known by
            let found = if found.len() * 4 < all.len() && all.len() < 2000 { all } else { found };
            if found.len() > text.len() { found } else { text }
        }
        _ => text,
    }
}

/// Paragraphs of a plain text without the signature.
fn plain(text: &str) -> String {
    let end = text.find("\n-- \n").unwrap_or(text.len());
    paragraph::paragraphs(&text[..end])
}

/// The decoded text of a part; where its charset is not told, it is guessed.
fn text_of(message: &Message<'_>, part: &MessagePart<'_>) -> Option<String> {
    let (PartType::Text(text) | PartType::Html(text)) = &part.body else { return None };
    let told = part.content_type().is_some_and(|kind| kind.attribute("charset").is_some());
    if !told && text.contains('\u{FFFD}') && part.encoding == Encoding::None {
        let raw = message.raw_message().get(part.offset_body as usize..part.offset_end as usize)?;
        return Some(charset::decode(raw, charset::declared(raw).as_deref()).text.into_owned());
    }
    Some(charset::clean(text).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_is_told_from_text_that_looks_like_it() {
        for (text, kind) in [
            (
                "From: Jane <j@example.org>\nSubject: Rain\nDate: Mon, 9 Mar 2004 10:12:00 +0100\n\nIt rained.\n",
                Some(Kind::Message),
            ),
            (
                "From j@example.org Mon Mar  9 10:12:00 2004\nFrom: j@example.org\nDate: x\n\nIt rained.\n",
                Some(Kind::Mailbox),
            ),
            ("From: our correspondent\nDate: Monday\n It rained\nand poured.\n", None),
            ("From Berlin the news is good.\n\nIt rained.", None),
            ("Title: Rain\nAuthor: Jane Roe\n\nIt rained.", None),
        ] {
            assert_eq!(detect(text), kind, "{text}");
        }
    }

    #[test]
    fn quoted_separators_are_unquoted() {
        let mail = b"From j@example.org Mon Mar  9 10:12:00 2004\nSubject: Rain\n\n>From here\n>>From there\n> said\n";
        assert_eq!(*unquoted(mail), b"Subject: Rain\n\nFrom here\n>From there\n> said\n"[..]);
    }

    #[test]
    fn broken_mail_does_not_panic() {
        for mail in [
            "",
            "\n\n",
            "From: \n",
            "Content-Type: multipart/mixed; boundary=x\n\n--x\n--x\n--x--",
            "Subject: =?utf-8?q?=\n\nx",
        ] {
            let _ = article(mail.as_bytes(), &Context::default(), 1);
        }
    }
}
