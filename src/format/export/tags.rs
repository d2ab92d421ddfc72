//! The tags and texts of an export's HTML in order. Its pages are made by one program each and read by position, so no
//! tree is built.

use crate::format::markup;

/// Bytes of a tag in which quotes are looked at.
const LONGEST_TAG: usize = 4096;
/// Elements whose content is not text.
const SILENT: [&str; 5] = ["script", "style", "noscript", "head", "select"];
/// Elements that stand on lines of their own.
const BLOCKS: [&str; 34] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tbody",
    "td",
    "tr",
    "ul",
];

/// A piece of HTML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// A start tag: its name and the rest of it.
    Open(&'a str, &'a str),
    /// An end tag.
    Close(&'a str),
    /// Text, as written.
    Text(&'a str),
}

/// The tokens of HTML; comments and what is never text are passed over.
pub struct Tokens<'a> {
    rest: &'a str,
    /// Elements of `SILENT` that no end is left for.
    endless: [bool; SILENT.len()],
}

impl<'a> Tokens<'a> {
    /// From the first byte on.
    pub fn new(html: &'a str) -> Self {
        Self { rest: html, endless: [false; SILENT.len()] }
    }

    fn tag(&mut self) -> Option<Token<'a>> {
        let inside = self.rest.strip_prefix('<')?;
        let (closing, inside) = inside.strip_prefix('/').map_or((false, inside), |inside| (true, inside));
        if !inside.starts_with(|char: char| char.is_ascii_alphabetic()) {
            return None;
        }
        let end = tag_end(inside);
        let tag = &inside[..end];
        self.rest = inside[end..].strip_prefix('>').unwrap_or(&inside[end..]);
        let name_end = tag.find(|char: char| !char.is_ascii_alphanumeric() && char != ':').unwrap_or(tag.len());
        let (name, attributes) = tag.split_at(name_end);
        let silent = SILENT.iter().position(|silent| silent.eq_ignore_ascii_case(name));
        if let Some(silent) = silent.filter(|silent| !closing && !self.endless[*silent] && !attributes.ends_with('/')) {
            self.skip_to_end(silent);
        }
        Some(if closing { Token::Close(name) } else { Token::Open(name, attributes) })
    }

    fn skip_to_end(&mut self, silent: usize) {
        let name = SILENT[silent];
        let end = memchr::memmem::find_iter(self.rest.as_bytes(), b"</").find(|at| {
            self.rest.get(at + 2..at + 2 + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name))
        });
        // one that never ends hides nothing
        self.endless[silent] = end.is_none();
        self.rest = &self.rest[end.unwrap_or(0)..];
    }
}

/// Where a tag's `>` is; one inside quotes does not end it, and a quote that never ends is none.
fn tag_end(inside: &str) -> usize {
    let mut quote = None;
    for (at, byte) in inside.bytes().enumerate().take(LONGEST_TAG) {
        match (quote, byte) {
            (None, b'>') => return at,
            (None, b'"' | b'\'') if at > 0 && inside.as_bytes()[at - 1] == b'=' => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    memchr::memchr(b'>', inside.as_bytes()).unwrap_or(inside.len())
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            if let Some(comment) = self.rest.strip_prefix("<!--") {
                self.rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
                continue;
            }
            if self.rest.starts_with("<!") || self.rest.starts_with("<?") {
                self.rest = self.rest.find('>').map_or("", |end| &self.rest[end + 1..]);
                continue;
            }
            if let Some(tag) = self.tag() {
                return Some(tag);
            }
            // a `<` that opens no tag is text
            let end = memchr::memchr(b'<', &self.rest.as_bytes()[1..]).map_or(self.rest.len(), |at| at + 1);
            let end = (end..=self.rest.len()).find(|at| self.rest.is_char_boundary(*at)).unwrap_or(self.rest.len());
            let (text, rest) = self.rest.split_at(end);
            self.rest = rest;
            return Some(Token::Text(text));
        }
    }
}

/// The value of an attribute of a start tag, as written.
pub fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = attributes;
    loop {
        rest = rest.trim_start_matches(|char: char| char.is_whitespace() || char == '/');
        let end = rest.find(|char: char| char.is_whitespace() || char == '=')?;
        let (found, after) = rest.split_at(end);
        let after = after.trim_start();
        let Some(value) = after.strip_prefix('=') else {
            rest = after;
            continue;
        };
        let value = value.trim_start();
        let (value, after) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            _ => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        if found.eq_ignore_ascii_case(name) {
            return Some(value);
        }
        rest = after;
    }
}

/// A stretch of text on lines of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// Class and id of the elements it is in, innermost last, and of those inside it; a blank before and behind each.
    pub class: String,
    /// The element it lies in directly.
    pub element: String,
    /// Decoded, with `\n` for `br`.
    pub text: String,
}

impl Block {
    /// Whether it is in an element of this class or id, or holds one.
    pub fn has(&self, class: &str) -> bool {
        self.class.split(' ').any(|found| found == class)
    }
}

/// Open elements at a time.
const DEPTH: usize = 128;
/// Bytes of a block's classes that are kept.
const CLASSES: usize = 2000;
/// Blocks of one document; further text is joined to the last.
const MOST: usize = 1 << 15;

/// An element that was opened: its name, its class and id, and whether it stands on lines of its own.
type Open = (String, String, bool);

/// The blocks of HTML. Inline elements of a class or id that `apart` names are blocks too.
pub fn blocks(html: &str, apart: &dyn Fn(&str) -> bool) -> Vec<Block> {
    let mut open: Vec<Open> = Vec::new();
    let mut blocks = Vec::new();
    let mut block = Block::default();
    let mut flush = |block: &mut Block, open: &[Open]| add(&mut blocks, std::mem::take(block), open);
    for token in Tokens::new(html) {
        match token {
            Token::Text(text) => {
                for char in markup::entities(text).chars() {
                    let blank = char.is_whitespace() && char != '\u{A0}' && char != '\u{202F}';
                    if !blank {
                        block.text.push(char);
                    } else if !block.text.ends_with([' ', '\n']) && !block.text.is_empty() {
                        block.text.push(' ');
                    }
                }
            }
            Token::Open(name, attributes) => {
                let name = name.to_ascii_lowercase();
                let value = |key| attribute(attributes, key).unwrap_or_default();
                let class = format!("{} {}", value("class"), value("id"));
                let class = class.trim();
                let class = class[..class.floor_char_boundary(CLASSES)].to_owned();
                if name == "br" {
                    block.text.push('\n');
                    continue;
                }
                let own = BLOCKS.contains(&name.as_str()) || (!class.is_empty() && class.split(' ').any(apart));
                if own {
                    flush(&mut block, &open);
                } else if !class.is_empty() && block.class.len() < CLASSES {
                    block.class.push(' ');
                    block.class.push_str(&class);
                }
                let void = matches!(name.as_str(), "img" | "hr" | "input" | "meta" | "link" | "wbr" | "col");
                if void || attributes.ends_with('/') {
                    continue;
                }
                // a paragraph ends where the next begins
                if own && open.last().is_some_and(|(last, _, _)| last == "p") {
                    open.pop();
                }
                if open.len() < DEPTH {
                    open.push((name, class, own));
                }
            }
            Token::Close(name) => {
                let found = open.iter().rposition(|(open, _, _)| open.eq_ignore_ascii_case(name));
                let Some(at) = found else {
                    if BLOCKS.iter().any(|block| block.eq_ignore_ascii_case(name)) {
                        flush(&mut block, &open);
                    }
                    continue;
                };
                if open[at..].iter().any(|(_, _, own)| *own) {
                    flush(&mut block, &open);
                }
                open.truncate(at);
            }
        }
    }
    flush(&mut block, &open);
    blocks
}

/// Adds a block that has text.
fn add(blocks: &mut Vec<Block>, mut done: Block, open: &[Open]) {
    let text = done.text.trim().to_owned();
    if text.is_empty() {
        return;
    }
    let is_full = blocks.len() >= MOST;
    if let Some(last) = blocks.last_mut().filter(|_| is_full) {
        last.text.extend(["\n", &text]);
        return;
    }
    done.text = text;
    done.class = format!("{} {}", classes(open), done.class);
    done.element = open.iter().rev().find(|(_, _, own)| *own).map(|(name, _, _)| name.clone()).unwrap_or_default();
    blocks.push(done);
}

/// The classes of open elements, the innermost last; of too many the outermost are left out.
fn classes(open: &[Open]) -> String {
    let mut length = 0;
    let mut classes: Vec<&str> = open
        .iter()
        .rev()
        .map(|(_, class, _)| class.as_str())
        .take_while(|class| {
            length += class.len() + 1;
            length <= CLASSES
        })
        .collect();
    classes.reverse();
    classes.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_found_by_name() {
        let tag = " hidden CLASS=\"article enArticle\" id='x' width=3/";
        assert_eq!(attribute(tag, "class"), Some("article enArticle"));
        assert_eq!(attribute(tag, "id"), Some("x"));
        assert_eq!(attribute(tag, "style"), None);
    }

    #[test]
    fn blocks_know_where_they_stand() {
        let html = "<div id=hd><span class=\"t\">A &amp; <b>B</b></span></div><p>One<br>two<p>th<mark>re</mark>e <span class=s>four</span> 5 < 6";
        let blocks = blocks(html, &|class| class == "s");
        let texts: Vec<&str> = blocks.iter().map(|block| block.text.as_str()).collect();
        assert_eq!(texts, ["A & B", "One\ntwo", "three", "four", "5 < 6"]);
        assert!(blocks[0].has("hd") && blocks[0].has("t") && blocks[3].has("s") && !blocks[4].has("s"));
        assert_eq!((blocks[0].element.as_str(), blocks[1].element.as_str()), ("div", "p"));
    }

    #[test]
    fn hostile_markup_ends_in_time() {
        for html in [
            "<div>".repeat(50_000),
            "<a b=\"".repeat(50_000),
            "<".repeat(200_000),
            "<script>".repeat(50_000),
            "</p>".repeat(50_000),
        ] {
            blocks(&html, &|_| false);
        }
    }
}
