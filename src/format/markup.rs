//! Markup inside a field: fragments of HTML and character references turned into plain text.
//!
//! For whole pages see `html`; this only drops tags, it does not look for the article among them.

use std::borrow::Cow;

/// Elements that end a paragraph.
const BLOCKS: [&str; 30] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "dd",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "li",
    "main",
    "ol",
    "p",
    "section",
    "table",
    "tr",
    "ul",
];
/// Elements whose content is not text.
const SILENT: [&str; 4] = ["script", "style", "noscript", "template"];

/// Bytes of a tag in which quotes are looked at.
const LONGEST_TAG: usize = 1024;

/// Whether a field holds HTML rather than text with a stray `<`.
pub fn is_markup(text: &str) -> bool {
    memchr::memchr_iter(b'<', text.as_bytes()).any(|at| {
        let rest = &text.as_bytes()[at + 1..];
        let (closing, rest) = match rest.strip_prefix(b"/") {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        let length = rest.iter().take(12).position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(0);
        let name = rest[..length].to_ascii_lowercase();
        let name = std::str::from_utf8(&name).unwrap_or_default();
        let inline =
            ["a", "b", "i", "em", "strong", "span", "br", "img", "iframe", "script", "u", "font", "sub", "sup"];
        match rest.get(length) {
            Some(b'>') => BLOCKS.contains(&name) || inline.contains(&name),
            Some(b' ' | b'/') if !closing => BLOCKS.contains(&name) || inline.contains(&name),
            _ => false,
        }
    })
}

/// The text of a fragment: blocks become paragraphs with a blank line between, `br` a new line.
pub fn text(html: &str) -> String {
    let mut out = Text::default();
    let mut rest = html;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        out.push(&rest[..at]);
        rest = &rest[at..];
        let Some((name, after)) = tag(rest) else {
            out.push("<");
            rest = &rest[1..];
            continue;
        };
        let opens = !rest.starts_with("</");
        rest = after;
        if name == "br" {
            out.line();
        } else if BLOCKS.contains(&name.as_str()) {
            out.paragraph();
        } else if opens && SILENT.contains(&name.as_str()) {
            let end = find_closing(rest, &name).unwrap_or(rest.len());
            rest = &rest[end..];
        } else if name == "td" || name == "th" {
            out.push(" ");
        }
    }
    out.push(rest);
    out.text.trim_end().to_owned()
}

/// Replaces character references by their characters, as browsers do; unknown ones stay as they are, control characters
/// do not come in this way.
pub fn entities(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let replaced = htmlize::unescape(text);
    let is_unwanted = |char: char| char.is_control() && !matches!(char, '\t' | '\n');
    if replaced.contains(is_unwanted) { Cow::Owned(replaced.replace(is_unwanted, "")) } else { replaced }
}

/// The lower-case name of the tag `text` begins with, and what follows it; a comment's name is empty.
fn tag(text: &str) -> Option<(String, &str)> {
    if let Some(comment) = text.strip_prefix("<!--") {
        let end = comment.find("-->").map_or(comment.len(), |end| end + 3);
        return Some((String::new(), &comment[end..]));
    }
    let inside = &text[1..];
    let name = inside.strip_prefix('/').unwrap_or(inside);
    if !name.starts_with(|char: char| char.is_ascii_alphabetic() || char == '!' || char == '?') {
        return None;
    }
    let end = name.find(|char: char| !char.is_ascii_alphanumeric() && char != ':' && char != '!' && char != '?');
    let name = name[..end.unwrap_or(name.len())].to_ascii_lowercase();
    // a `>` inside a quoted attribute does not end the tag; a quote that never ends is none
    let mut quote = None;
    for (at, byte) in inside.bytes().enumerate().take(LONGEST_TAG) {
        match (quote, byte) {
            (None, b'>') => return Some((name, &inside[at + 1..])),
            (None, b'"' | b'\'') if at > 0 && inside.as_bytes()[at - 1] == b'=' => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    let end = memchr::memchr(b'>', inside.as_bytes()).unwrap_or(inside.len() - 1);
    Some((name, &inside[end + 1..]))
}

fn find_closing(text: &str, name: &str) -> Option<usize> {
    memchr::memmem::find_iter(text.as_bytes(), b"</")
        .find(|at| text.get(at + 2..at + 2 + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)))
}

/// Text with single blanks, one blank line between paragraphs and none before the first.
#[derive(Default)]
struct Text {
    text: String,
}

impl Text {
    fn push(&mut self, raw: &str) {
        for char in entities(raw).chars() {
            if char != '\u{A0}' && char != '\u{202F}' && char.is_whitespace() {
                if !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
                    self.text.push(' ');
                }
            } else {
                self.text.push(char);
            }
        }
    }

    fn line(&mut self) {
        self.text.truncate(self.text.trim_end_matches(' ').len());
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    fn paragraph(&mut self) {
        self.line();
        self.line();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_become_paragraphs() {
        let html = "<p>The <b>river</b>\n rose.</p><!-- note --><p class=\"a>b\">It fell<br/>on Monday.</p><script>x<y</script></style><p>Then it rained.";
        assert_eq!(text(html), "The river rose.\n\nIt fell\non Monday.\n\nThen it rained.");
    }

    #[test]
    fn character_references_are_read() {
        assert_eq!(
            entities("A &amp; B &#8211; &eacute;&nbsp;&#x41;&#150; &unknown; R&D; 5 & 6"),
            "A & B – é\u{A0}A– &unknown; R&D; 5 & 6"
        );
    }

    #[test]
    fn a_stray_angle_bracket_is_no_markup() {
        assert!(!is_markup("if x < 3 and y > 4, see <redacted>"));
        assert!(is_markup("One.<br>Two."));
        assert!(is_markup("<p>One</p>"));
        assert_eq!(text("2 < 3, 4 > 1"), "2 < 3, 4 > 1");
    }

    #[test]
    fn hostile_markup_ends_in_time() {
        text(&"<a b=\"".repeat(50_000));
        text(&"<".repeat(1_000_000));
        text(&"<script>".repeat(100_000));
        text(&"&".repeat(1_000_000));
    }
}
