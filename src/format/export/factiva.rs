//! Factiva in its shapes: pages with two-letter codes before the values, pages without, text with the codes, XML.
//!
//! The language of the interface leaks into the values (`877 Wörter`, `9 Januar 1993`, `Englisch` round an English
//! article), so dates are read in every language and an article's own is read off its class: `enArticle`.

use crate::archive::Skip;
use crate::article::Draft;
use crate::format::Context;
use crate::format::export::cut;
use crate::format::export::facts::{self, Facts};
use crate::format::export::keys::{self, Database, Fact};
use crate::format::export::tags::{self, Block, Token, Tokens};

const FACTIVA: Database = Database::Factiva;
/// The code that ends a document.
const LAST: &str = "AN";
/// Codes that text must have to be an export.
const SIGNS: [&str; 3] = ["HD", "PD", "SN"];
/// Letters and digits of an accession number at least.
const ACCESSION: usize = 16;

/// Finds the tags at which documents begin: article elements, or where there are none the first code after the last one.
pub struct PageStarts {
    articles: bool,
    ended: bool,
}

impl Default for PageStarts {
    fn default() -> Self {
        Self { articles: false, ended: true }
    }
}

impl PageStarts {
    /// Where a document begins in text that ends with a tag.
    pub fn at(&mut self, unit: &[u8]) -> Option<usize> {
        let (at, tag) = cut::last_tag(unit)?;
        let tag = std::str::from_utf8(tag).ok()?.trim_start_matches('<').trim_end_matches('>');
        if let Some(attributes) = tag.strip_prefix("div").or_else(|| tag.strip_prefix("article"))
            && is_article(tags::attribute(attributes, "class").unwrap_or_default())
        {
            self.articles = true;
            return Some(at);
        }
        let text = unit[..at].trim_ascii();
        if self.articles || tag != "/b" || text.len() > 3 {
            return None;
        }
        let name = std::str::from_utf8(text).ok().filter(|name| code(name).is_some())?;
        let starts = std::mem::replace(&mut self.ended, name == LAST);
        (starts && name != LAST).then_some(0)
    }
}

/// The language in `article enArticle`.
fn language(class: &str) -> Option<&str> {
    let mut names = class.split_ascii_whitespace();
    if names.next() != Some("article") {
        return None;
    }
    let code = names.find_map(|name| name.strip_suffix("Article"))?;
    let known = code.len() == 2 || code.starts_with("zh");
    (known && code.bytes().all(|byte| byte.is_ascii_lowercase())).then_some(code)
}

fn is_article(class: &str) -> bool {
    language(class).is_some()
}

/// Whether a page is an export, by its beginning.
pub fn is_page(head: &str) -> bool {
    let has = |sign: &str| memchr::memmem::find(head.as_bytes(), sign.as_bytes()).is_some();
    if has("<b>HD</b>") && (has("<b>WC</b>") || has("<b>PD</b>") || has("<b>SN</b>")) {
        return true;
    }
    // other pages have articles too, but not headlines in the same language
    let code = memchr::memmem::find_iter(head.as_bytes(), b"class=\"article ").find_map(|at| {
        let class = head[at + 7..].split('"').next().unwrap_or_default();
        if class.len() < 40 { language(class) } else { None }
    });
    if code.is_some_and(|code| has(&format!("{code}Headline")) || has(&format!("{code}articleParagraph"))) {
        return true;
    }
    // the name of the database alone, as its pages are saved
    let title = memchr::memmem::find(head.as_bytes(), b"<title>").map_or("", |at| &head[at + 7..]);
    let title = title.split('<').next().unwrap_or_default().trim();
    title.len() < 20 && matches!(title.to_ascii_lowercase().as_str(), "factiva" | "dow jones factiva")
}

/// Reads a document of a page.
///
/// # Errors
/// As [`Facts::finish`].
pub fn html(record: &str, context: &Context, number: u64) -> Result<Draft, Skip> {
    let blocks = tags::blocks(record, &|class| class.ends_with("Headline") || class.ends_with("articleParagraph"));
    let mut facts = Facts::of(FACTIVA);
    let language =
        blocks.first().and_then(|block| block.class.split(' ').find_map(|name| name.strip_suffix("Article")));
    if let Some(code) = language.filter(|code| code.len() >= 2 && code.is_ascii()) {
        facts.put(Fact::Language, if code == "zhtw" { "zh-Hant" } else { &code[..2] });
    }
    let coded = blocks.iter().filter(|block| code(&block.text).is_some()).count();
    if coded >= 3 {
        coded_page(&blocks, &mut facts);
    } else {
        plain_page(&blocks, &mut facts);
    }
    facts.finish(context, number)
}

/// The fact a two-letter code stands for.
fn code(text: &str) -> Option<Fact> {
    let is_code = (2..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_uppercase());
    if is_code { keys::key(FACTIVA, text).map(|(_, fact)| fact) } else { None }
}

fn coded_page(blocks: &[Block], facts: &mut Facts) {
    let mut open: Option<(&str, Fact)> = None;
    for block in blocks {
        if let Some(fact) = code(&block.text) {
            if open.is_some_and(|(code, _)| code == LAST) {
                break;
            }
            open = Some((&block.text, fact));
            continue;
        }
        let Some((code, fact)) = open else { continue };
        put(facts, fact, &block.text);
        if code == LAST {
            break;
        }
    }
    facts.lead_is_text();
}

fn put(facts: &mut Facts, fact: Fact, value: &str) {
    match fact {
        // what it is called comes first: `Document NYTF0000…`
        Fact::Id => facts.put(fact, value.split_whitespace().last().unwrap_or_default()),
        Fact::Title => facts.put(fact, uncounted(value)),
        _ => facts.put(fact, value),
    }
}

/// A title without its number on the page: `1) Title`.
fn uncounted(title: &str) -> &str {
    let rest = title.trim_start_matches(|char: char| char.is_ascii_digit());
    if rest.len() < title.len() { rest.strip_prefix(") ").map_or(title, str::trim) } else { title }
}

/// Facts known by their order: word count, date, time, source, its code, edition, page, language, rights.
fn plain_page(blocks: &[Block], facts: &mut Facts) {
    let is_title = |block: &Block| block.has("hd") || block.class.split(' ').any(|class| class.ends_with("Headline"));
    let is_text = |block: &Block| block.class.split(' ').any(|class| class.ends_with("articleParagraph"));
    let title = blocks.iter().position(is_title);
    let first = blocks.iter().position(is_text).unwrap_or(blocks.len());
    for block in &blocks[..title.unwrap_or(0)] {
        facts.put(Fact::Section, &block.text);
    }
    if let Some(at) = title {
        facts.put(Fact::Title, uncounted(&blocks[at].text));
    }
    let head: Vec<&Block> =
        blocks.iter().take(first).skip(title.map_or(0, |at| at + 1)).filter(|block| !is_title(block)).collect();
    for block in &head {
        if block.has("author") {
            facts.put(Fact::Authors, &block.text);
        }
    }
    let bare: Vec<&str> = head.iter().filter(|block| !block.has("author")).map(|block| block.text.as_str()).collect();
    // a count of words may look like a year
    let is_date = |text: &str| text.len() < 60 && facts::date(text).is_some_and(|date| date.month().is_some());
    if let Some(at) = bare.iter().position(|text| is_date(text)) {
        facts.put(Fact::Date, bare[at]);
        let rest = &bare[at + 1..];
        let is_time =
            |text: &str| text.len() < 20 && text.contains(':') && text.starts_with(|char: char| char.is_ascii_digit());
        let timed = usize::from(rest.first().is_some_and(|text| is_time(text)));
        if timed == 1 {
            facts.put(Fact::Time, rest[0]);
        }
        facts.put(Fact::Source, rest.get(timed).unwrap_or(&""));
        // before the rights stands the language
        let rights = rest.iter().position(|text| text.contains('©') || text.starts_with("Copyright"));
        if let Some(language) = rights.and_then(|at| at.checked_sub(1)).filter(|at| *at > timed) {
            facts.put(Fact::Language, rest[language]);
        }
    }
    for block in blocks.iter().skip(first) {
        if is_text(block) {
            facts.put(Fact::Text, &block.text);
        } else if let Some(id) = accession(&block.text) {
            facts.put(Fact::Id, id);
            break;
        }
    }
    if !facts.has_text()
        && let Some(block) = blocks.iter().rev().find(|block| accession(&block.text).is_some())
    {
        facts.put(Fact::Id, accession(&block.text).unwrap_or_default());
    }
}

/// `Document NYTF000020050408dp1900j9s`, in any language.
fn accession(text: &str) -> Option<&str> {
    let mut words = text.split_whitespace().rev();
    let id = words.next()?;
    let is_id = id.len() >= ACCESSION
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && id.starts_with(|char: char| char.is_ascii_uppercase())
        && id.bytes().filter(u8::is_ascii_digit).count() >= 8;
    (is_id && words.count() <= 2).then_some(id)
}

/// The code a line of text begins with, and what stands behind it.
fn coded(line: &str, in_text: bool) -> Option<(&str, Fact, &str)> {
    let end = line.find(|char: char| !char.is_ascii_uppercase()).unwrap_or(line.len());
    let (name, rest) = line.split_at(end);
    let fact = code(name)?;
    let apart = rest.trim().is_empty() || rest.starts_with('\t') || rest.starts_with("  ");
    // in running text `IN` may be a word
    (apart || (!in_text && rest.starts_with(' '))).then(|| (name, fact, rest.trim()))
}

/// Whether text is an export, by its beginning.
pub fn is_text(head: &str) -> bool {
    let mut seen = [false; SIGNS.len()];
    for line in head.lines() {
        if let Some((name, _, _)) = coded(line, true).or_else(|| coded(line, false)) {
            for (sign, seen) in SIGNS.iter().zip(&mut seen) {
                *seen |= *sign == name;
            }
        }
    }
    seen == [true; SIGNS.len()]
}

/// Finds the lines at which documents begin: the first code after the last one.
pub struct TextStarts {
    ended: bool,
}

impl Default for TextStarts {
    fn default() -> Self {
        Self { ended: true }
    }
}

impl TextStarts {
    /// Whether a document begins with this line.
    pub fn at(&mut self, line: &[u8]) -> Option<usize> {
        let end = line.iter().position(|byte| !byte.is_ascii_uppercase()).unwrap_or(line.len());
        let start = line.len().min(end + 4);
        let line = String::from_utf8_lossy(&line[..start]);
        let (name, _, _) = coded(line.trim_end_matches(['\r', '\n']), !self.ended)?;
        let starts = std::mem::replace(&mut self.ended, name == LAST);
        (starts && name != LAST).then_some(0)
    }
}

/// Reads a document of text with codes.
///
/// # Errors
/// As [`Facts::finish`].
pub fn text(record: &str, context: &Context, number: u64) -> Result<Draft, Skip> {
    let mut facts = Facts::of(FACTIVA);
    let mut open: Option<(&str, Fact)> = None;
    let mut value = String::new();
    let mut close = |open: Option<(&str, Fact)>, value: &mut String| {
        if let Some((_, fact)) = open {
            put(&mut facts, fact, value);
        }
        value.clear();
    };
    for line in record.lines() {
        let is_running = open.is_some_and(|(_, fact)| matches!(fact, Fact::Lead | Fact::Text));
        if let Some((name, fact, rest)) = coded(line, is_running) {
            close(open, &mut value);
            open = Some((name, fact));
            value.push_str(rest);
        } else if line.trim().is_empty() {
            if is_running {
                close(open, &mut value);
            } else if open.is_some_and(|(name, _)| name == LAST) && !value.is_empty() {
                // what follows is the page's
                break;
            }
        } else {
            value.push(' ');
            value.push_str(line.trim());
        }
    }
    close(open, &mut value);
    facts.lead_is_text();
    facts.finish(context, number)
}

/// Reads an `<article>` element.
///
/// # Errors
/// As [`Facts::finish`].
pub fn xml(record: &str, context: &Context, number: u64) -> Result<Draft, Skip> {
    let mut facts = Facts::of(FACTIVA);
    // open elements with the value of their code
    let mut open: Vec<(&str, &str)> = Vec::new();
    let mut value = String::new();
    for token in Tokens::new(record) {
        match token {
            // marks of the search, inside words
            Token::Open("hlt" | "en" | "ELink" | "emph", _) | Token::Close("hlt" | "en" | "ELink" | "emph") => {}
            Token::Text(text) => value.push_str(text),
            Token::Open(name, attributes) => {
                put_element(&mut facts, &open, &mut value);
                let code = tags::attribute(attributes, "code").unwrap_or_default();
                if !attributes.ends_with('/') && open.len() < 64 {
                    open.push((name, code));
                }
            }
            Token::Close(name) => {
                put_element(&mut facts, &open, &mut value);
                if let Some(at) = open.iter().rposition(|(open, _)| *open == name) {
                    open.truncate(at);
                }
                if name == "article" {
                    break;
                }
            }
        }
    }
    facts.finish(context, number)
}

fn put_element(facts: &mut Facts, open: &[(&str, &str)], value: &mut String) {
    let text = std::mem::take(value);
    if text.trim().is_empty() {
        return;
    }
    let inside = |name: &str| open.iter().any(|(open, _)| *open == name);
    let fact = match open.last().map_or("", |(name, _)| name) {
        "accessionNo" => Fact::Id,
        "baseLanguage" => Fact::Language,
        "sourceName" => Fact::Source,
        "columnName" | "sectionName" => Fact::Section,
        "date" | "dateTime" | "publicationDate" if inside("publicationDate") => Fact::Date,
        "publicationTime" | "time" => Fact::Time,
        _ if inside("byline") => Fact::Authors,
        _ if inside("headline") => Fact::Title,
        _ if inside("leadParagraph") || inside("tailParagraphs") || inside("corrections") => Fact::Text,
        _ if inside("region") => Fact::Countries,
        _ if inside("company") || inside("industry") || inside("newsSubject") => Fact::Tags,
        _ => return,
    };
    facts.put(fact, &text);
}
