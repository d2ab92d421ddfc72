//! Bytes to text, in the encodings archives really use: byte order mark, valid UTF-8, the declared charset, a guess.
//!
//! Text comes out with `\n` line ends and without control characters, so that no later step meets any.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Bytes of a document looked at for a declaration, as browsers do, with room for long comments.
const DECLARATION: usize = 4096;
/// Bytes enough to guess an encoding by.
const GUESS: usize = 64 << 10;

/// Text and how well it could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// Clean text; borrowed if the bytes were clean already.
    pub text: Cow<'a, str>,
    /// Places where U+FFFD stands for bytes that mean nothing in the encoding.
    pub replaced: usize,
}

/// Decodes text. `declared` is what an envelope or the text itself says of its charset; valid UTF-8 wins over it, since
/// such declarations are often wrong.
pub fn decode<'a>(bytes: &'a [u8], declared: Option<&str>) -> Decoded<'a> {
    if let Some(text) = utf_32(bytes) {
        return cleaned(Cow::Owned(text.0), text.1);
    }
    if let Some((encoding, skip)) = utf_16(bytes) {
        return decoded(encoding, &bytes[skip..]);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => cleaned(Cow::Borrowed(text), 0),
        Err(_) if is_mostly_utf_8(bytes) => decoded(UTF_8, bytes),
        Err(_) => decoded(declared.and_then(named).unwrap_or_else(|| guess(bytes)), bytes),
    }
}

/// The charset of a file read in pieces, when it is neither UTF-8 nor declared: guessed once, from its beginning.
pub fn guessed(head: &[u8]) -> Option<String> {
    let text = &head[..head.len().min(GUESS)];
    let valid = match std::str::from_utf8(text) {
        Ok(_) => true,
        // a character cut by the end of the head
        Err(error) => error.error_len().is_none() && text.len() - error.valid_up_to() < 4,
    };
    (!valid && !is_mostly_utf_8(text)).then(|| guess(text).name().to_owned())
}

/// The charset an HTML or XML document declares: `<meta charset=…>`, `<meta … content="…; charset=…">`,
/// `<?xml encoding=…?>`.
pub fn declared(bytes: &[u8]) -> Option<String> {
    let head = bytes[..bytes.len().min(DECLARATION)].to_ascii_lowercase();
    for key in [&b"charset"[..], b"encoding"] {
        for at in memchr::memmem::find_iter(&head, key) {
            let rest = head[at + key.len()..].trim_ascii_start();
            let Some(rest) = rest.strip_prefix(b"=") else { continue };
            let rest = rest.trim_ascii_start();
            let rest = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest);
            let end = rest.iter().position(|byte| !(byte.is_ascii_alphanumeric() || b"-_:.".contains(byte)));
            let name = String::from_utf8_lossy(&rest[..end.unwrap_or(rest.len())]).into_owned();
            if named(&name).is_some() {
                return Some(name);
            }
        }
    }
    None
}

/// The charset an XML declaration names.
pub fn in_xml(head: &[u8]) -> Option<String> {
    let head = head.trim_ascii_start();
    let end = memchr::memmem::find(head, b"?>").filter(|_| head.starts_with(b"<?xml"))?;
    declared(&head[..end])
}

/// Removes control characters (tab and newline stay) and makes every line end `\n`.
pub fn clean(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    if is_clean(text.as_bytes()) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '\r' => {
                if chars.peek() != Some(&'\n') {
                    clean.push('\n');
                }
            }
            // form feeds and next-line characters part lines in old wire files
            '\u{C}' | '\u{85}' => clean.push('\n'),
            '\t' | '\n' => clean.push(char),
            _ if char.is_control() => {}
            _ => clean.push(char),
        }
    }
    Cow::Owned(clean)
}

/// Whether bytes are no text in any encoding: many NULs without the pattern of UTF-16, or many other controls.
pub fn is_binary(head: &[u8]) -> bool {
    if head.is_empty() || utf_32_order(head).is_some() || utf_16(head).is_some() {
        return false;
    }
    let nul = memchr::memchr_iter(0, head).count();
    let control = head.iter().filter(|byte| matches!(byte, 1..=8 | 14..=26 | 28..=31)).count();
    nul * 10 > head.len() || control * 20 > head.len()
}

/// Whether the file must be recoded before it can be cut at line ends.
pub fn is_wide(head: &[u8]) -> bool {
    utf_32_order(head).is_none() && utf_16(head).is_some()
}

fn is_clean(bytes: &[u8]) -> bool {
    // nearly all text holds neither controls nor what C1 controls begin with, which a loop without branches tells soonest
    let suspect = |byte: &u8| (*byte < 0x20 && *byte != b'\n' && *byte != b'\t') || *byte == 0x7F || *byte == 0xC2;
    if !bytes.iter().fold(false, |found, byte| found | suspect(byte)) {
        return true;
    }
    let mut before = 0;
    for &byte in bytes {
        let control = byte < 0x20 && byte != b'\n' && byte != b'\t';
        if control || byte == 0x7F || (before == 0xC2 && byte < 0xA0) {
            return false;
        }
        before = byte;
    }
    true
}

fn cleaned(text: Cow<'_, str>, replaced: usize) -> Decoded<'_> {
    let text = match text {
        Cow::Borrowed(text) => clean(text),
        Cow::Owned(text) => match clean(&text) {
            Cow::Borrowed(same) if same.len() == text.len() => Cow::Owned(text),
            other => Cow::Owned(other.into_owned()),
        },
    };
    Decoded { text, replaced }
}

fn decoded<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Decoded<'a> {
    let (text, bad) = encoding.decode_without_bom_handling(bytes);
    let replaced = if bad { text.chars().filter(|char| *char == '\u{FFFD}').count() } else { 0 };
    cleaned(text, replaced)
}

fn named(label: &str) -> Option<&'static Encoding> {
    // what names itself UTF-16 and is not was recoded without changing its declaration
    Encoding::for_label_no_replacement(label.as_bytes())
        .filter(|encoding| *encoding != UTF_8 && *encoding != UTF_16LE && *encoding != UTF_16BE)
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    // begin where it stops being ASCII, so that a long English head does not hide the rest
    let start = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(0).saturating_sub(100);
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(&bytes[start..bytes.len().min(start + GUESS)], true);
    detector.guess(None, Utf8Detection::Deny)
}

/// Broken UTF-8 is still UTF-8 if nearly all that is not ASCII is valid: other encodings hardly ever look like it.
fn is_mostly_utf_8(bytes: &[u8]) -> bool {
    let (mut wide, mut broken) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        wide += chunk.valid().bytes().filter(|byte| *byte >= 0xC0).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    wide >= broken * 10
}

/// UTF-16 by its mark, or by NULs in every second byte; with the length of the mark.
fn utf_16(bytes: &[u8]) -> Option<(&'static Encoding, usize)> {
    match bytes {
        [0xFF, 0xFE, ..] => return Some((UTF_16LE, 2)),
        [0xFE, 0xFF, ..] => return Some((UTF_16BE, 2)),
        _ => {}
    }
    let sample = &bytes[..bytes.len().min(1024) & !1];
    let nul = |odd: usize| sample.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let pairs = sample.len() / 2;
    if pairs < 4 {
        return None;
    }
    let (even, odd) = (nul(0), nul(1));
    // text in Latin letters is nearly all such pairs; text in others has at least its spaces and digits
    match (even * 10 > pairs, odd * 10 > pairs) {
        (false, true) if odd > 2 && even * 20 <= odd => Some((UTF_16LE, 0)),
        (true, false) if even > 2 && odd * 20 <= even => Some((UTF_16BE, 0)),
        _ => None,
    }
}

fn utf_32_order(bytes: &[u8]) -> Option<fn([u8; 4]) -> u32> {
    match bytes {
        [0xFF, 0xFE, 0, 0, ..] => Some(u32::from_le_bytes),
        [0, 0, 0xFE, 0xFF, ..] => Some(u32::from_be_bytes),
        _ => None,
    }
}

/// UTF-32 by its mark; `encoding_rs` does not know it, since the web does not.
fn utf_32(bytes: &[u8]) -> Option<(String, usize)> {
    let order = utf_32_order(bytes)?;
    let mut replaced = 0;
    let units = bytes[4..].chunks(4).map(|unit| unit.try_into().ok().and_then(|unit| char::from_u32(order(unit))));
    let text = units
        .map(|char| {
            char.unwrap_or_else(|| {
                replaced += 1;
                '\u{FFFD}'
            })
        })
        .collect();
    Some((text, replaced))
}

/// A UTF-16 stream read as UTF-8, so that it can be cut at line ends.
pub struct Recoded<R> {
    read: R,
    decoder: Decoder,
    output: Vec<u8>,
    at: usize,
    ended: bool,
}

impl<R: BufRead> Recoded<R> {
    /// Recodes `read`, whose beginning is `head`.
    pub fn new(read: R, head: &[u8]) -> Self {
        let encoding = utf_16(head).map_or(UTF_16LE, |(encoding, _)| encoding);
        Self { read, decoder: encoding.new_decoder_with_bom_removal(), output: Vec::new(), at: 0, ended: false }
    }
}

impl<R: BufRead> Read for Recoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let taken = available.len().min(buffer.len());
        buffer[..taken].copy_from_slice(&available[..taken]);
        self.consume(taken);
        Ok(taken)
    }
}

impl<R: BufRead> BufRead for Recoded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at == self.output.len() && !self.ended {
            let input = self.read.fill_buf()?;
            let last = input.is_empty();
            self.output.resize(64 << 10, 0);
            let (result, taken, written, _) = self.decoder.decode_to_utf8(input, &mut self.output, last);
            self.output.truncate(written);
            self.at = 0;
            self.read.consume(taken);
            self.ended = last && result == CoderResult::InputEmpty;
        }
        Ok(&self.output[self.at..])
    }

    fn consume(&mut self, amount: usize) {
        self.at = (self.at + amount).min(self.output.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8], declared: Option<&str>) -> String {
        decode(bytes, declared).text.into_owned()
    }

    fn wide(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(order).collect()
    }

    #[test]
    fn clean_utf_8_is_not_copied() {
        assert!(matches!(decode("Ministra odstoupila.\n".as_bytes(), None).text, Cow::Borrowed(_)));
    }

    #[test]
    fn a_byte_order_mark_tells_the_encoding() {
        let said = "Été à Paris";
        assert_eq!(text(&[b"\xEF\xBB\xBF", said.as_bytes()].concat(), Some("windows-1251")), said);
        assert_eq!(text(&wide(&format!("\u{FEFF}{said}"), u16::to_le_bytes), None), said);
        assert_eq!(text(&wide(&format!("\u{FEFF}{said}"), u16::to_be_bytes), None), said);
        let four: Vec<u8> = format!("\u{FEFF}{said}").chars().flat_map(|char| u32::from(char).to_be_bytes()).collect();
        assert_eq!(text(&four, None), said);
    }

    #[test]
    fn utf_16_without_a_mark_is_known_by_its_zeros() {
        let said = "Parliament met on 4 May. Парламент собрался.";
        assert_eq!(text(&wide(said, u16::to_le_bytes), None), said);
        assert_eq!(text(&wide(said, u16::to_be_bytes), None), said);
    }

    #[test]
    fn valid_utf_8_wins_over_a_declaration() {
        assert_eq!(text("Größe".as_bytes(), Some("iso-8859-1")), "Größe");
    }

    #[test]
    fn a_declaration_wins_over_a_guess() {
        let (bytes, _, _) = encoding_rs::KOI8_R.encode("Правительство приняло решение");
        assert_eq!(text(&bytes, Some("koi8-r")), "Правительство приняло решение");
    }

    #[test]
    fn an_undeclared_encoding_is_guessed() {
        for (encoding, said) in [
            (encoding_rs::WINDOWS_1251, "Президент подписал указ о новых мерах поддержки семей"),
            (encoding_rs::WINDOWS_1252, "Der Minister erklärte, die Maßnahmen würden überprüft"),
            (encoding_rs::GBK, "总统在新闻发布会上宣布了新的经济政策"),
        ] {
            let (bytes, _, _) = encoding.encode(said);
            assert_eq!(text(&bytes, None), said);
            assert_eq!(guessed(&bytes).as_deref(), Some(encoding.name()));
        }
        assert_eq!(guessed("Größe".as_bytes()), None);
        assert_eq!(guessed(&"Größe".as_bytes()[..3]), None);
    }

    #[test]
    fn a_few_broken_bytes_in_utf_8_are_replaced_and_counted() {
        let mut bytes = "Žluťoučký kůň úpěl ďábelské ódy. ".repeat(3).into_bytes();
        bytes.push(0xC5);
        bytes.extend(b" end");
        let decoded = decode(&bytes, None);
        assert_eq!(decoded.replaced, 1);
        assert!(decoded.text.starts_with("Žluťoučký") && decoded.text.ends_with("\u{FFFD} end"));
    }

    #[test]
    fn control_characters_go_and_line_ends_are_one_kind() {
        assert_eq!(text(b"a\0b\x1b[1mc\td\r\ne\rf\x7f", None), "ab[1mc\td\ne\nf");
        assert_eq!(clean("a\u{85}b\u{9b}c"), "a\nbc");
    }

    #[test]
    fn declarations_are_found_in_html_and_xml() {
        for (html, charset) in [
            ("<meta charset=utf-8><meta charset=\"Windows-1251\">", Some("windows-1251")),
            ("<meta http-equiv=Content-Type content=\"text/html; charset=iso-8859-2\">", Some("iso-8859-2")),
            ("<?xml version='1.0' encoding='koi8-r'?>", Some("koi8-r")),
            ("<meta charset=nonsense>", None),
        ] {
            assert_eq!(declared(html.as_bytes()).as_deref(), charset);
        }
    }

    #[test]
    fn many_zeros_without_a_pattern_are_binary() {
        assert!(is_binary(&[0, 1, 0, 0, 65, 66, 67, 0, 0, 0, 1, 2]));
        assert!(!is_binary(b"plain text\n"));
        assert!(!is_binary(&wide("plain text", u16::to_le_bytes)));
    }

    #[test]
    fn a_wide_stream_is_recoded_while_read() {
        let said = "Zeile eins\nСтрока два\n".repeat(5000);
        let bytes = wide(&format!("\u{FEFF}{said}"), u16::to_be_bytes);
        let mut recoded = String::new();
        Recoded::new(io::BufReader::with_capacity(7, &bytes[..]), &bytes).read_to_string(&mut recoded).unwrap();
        assert_eq!(recoded, said);
    }
}
