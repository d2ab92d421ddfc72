//! Europresse pages: publication, heading line and title in elements of known classes, then the text, then the number of
//! the document.
//!
//! New pages have an `article` element each; old ones a table cell with bare text between empty paragraphs, and a
//! certificate that names the reader's institution, which is no part of any article.

use crate::archive::Skip;
use crate::article::Draft;
use crate::date::{self, Order};
use crate::format::Context;
use crate::format::export::cut;
use crate::format::export::facts::{self, Facts};
use crate::format::export::keys::{self, Database, Fact, Place};
use crate::format::export::tags::{self, Block};
use crate::format::row;
use crate::format::text::byline;

const EUROPRESSE: Database = Database::Europresse;
/// Class of the publication's name.
const PUBLICATION: &str = "DocPublicationName";
/// The document's number begins so; then day, source and number.
const NUMBER: &str = "news·";

/// Whether a page is an export, by its beginning.
pub fn is_page(head: &str) -> bool {
    let has = |sign: &str| memchr::memmem::find(head.as_bytes(), sign.as_bytes()).is_some();
    has(PUBLICATION) || (has("docOcurrContainer") && has("titreArticle"))
}

/// Finds the tags at which documents begin.
#[derive(Default)]
pub struct Starts {
    articles: bool,
    /// A publication was named and no title came since: another name belongs to the same document.
    untitled: bool,
}

impl Starts {
    /// Where a document begins in text that ends with a tag.
    pub fn at(&mut self, unit: &[u8]) -> Option<usize> {
        let (at, tag) = cut::last_tag(unit)?;
        let tag = std::str::from_utf8(tag).ok()?.trim_start_matches('<').trim_end_matches('>');
        let (name, attributes) =
            tag.split_at(tag.find(|char: char| !char.is_ascii_alphanumeric()).unwrap_or(tag.len()));
        if name.eq_ignore_ascii_case("article") {
            self.articles = true;
            return Some(at);
        }
        if self.articles {
            return None;
        }
        let class = tags::attribute(attributes, "class").unwrap_or_default();
        if is_title(class) {
            self.untitled = false;
        }
        let named = class.split_ascii_whitespace().any(|class| class == PUBLICATION);
        (named && !std::mem::replace(&mut self.untitled, true)).then_some(at)
    }
}

fn is_title(classes: &str) -> bool {
    classes.split(' ').any(|class| class.eq_ignore_ascii_case("titreArticleVisu"))
}

/// Reads a document.
///
/// # Errors
/// As [`Facts::finish`].
pub fn html(record: &str, context: &Context, number: u64) -> Result<Draft, Skip> {
    let apart = |class: &str| class.starts_with("Doc") || is_title(class) || class.starts_with("titreArticle");
    let blocks = tags::blocks(record, &apart);
    let mut facts = Facts::of(EUROPRESSE);
    let has_container = blocks.iter().any(is_container);
    let titled = blocks.iter().position(|block| is_title(&block.class));
    let titled = titled.or_else(|| blocks.iter().position(|block| block.has("titreArticle")));
    let mut over = false;
    for (at, block) in blocks.iter().enumerate() {
        let text = block.text.as_str();
        if let Some(id) = document_number(text) {
            facts.put(Fact::Id, id);
            // the day, where the heading has none
            facts.put(Fact::Date, id.split('·').nth(1).filter(|_| !facts.has_date()).unwrap_or_default());
            over = true;
        } else if block.has(PUBLICATION) {
            facts.put(Fact::Source, &without_pages(text));
        } else if block.has("DocHeader") {
            heading(text, &mut facts);
        } else if Some(at) == titled {
            facts.put(Fact::Title, text);
        } else if text.starts_with('©') || keys::begins(EUROPRESSE, Place::Note, text) {
            over |= !has_container;
        } else if block.has("docAuthors")
            || (titled.is_some_and(|title| at > title && at <= title + 2) && is_byline(text))
        {
            facts.put(Fact::Authors, &text.replace('\n', ";"));
        } else if if has_container { is_container(block) } else { !over && titled.is_some_and(|title| at > title) } {
            for line in text.split('\n') {
                facts.put(Fact::Text, line);
            }
        }
    }
    facts.finish(context, number)
}

fn is_container(block: &Block) -> bool {
    block.has("docOcurrContainer") || block.has("DocText")
}

/// `Numéro de document : news·20060315·LM·0q1503_1256056`
fn document_number(text: &str) -> Option<&str> {
    if text.len() > 300 {
        return None;
    }
    let at = text.find(NUMBER)?;
    text[at..].split_whitespace().next().filter(|id| id.split('·').count() >= 3)
}

/// `Le Monde, no. 19032` without the number.
fn without_pages(text: &str) -> String {
    let parts: Vec<&str> = text.split([',', '\n']).map(str::trim).take_while(|part| !is_page_number(part)).collect();
    parts.join(", ").trim_end_matches([',', ' ']).to_owned()
}

fn is_page_number(part: &str) -> bool {
    keys::begins(EUROPRESSE, Place::Page, part) && part.chars().any(|char| char.is_ascii_digit())
}

/// `Section, mardi 14 mars 2006, p. 16`, in any order.
fn heading(text: &str, facts: &mut Facts) {
    let text = facts::squeezed(text);
    let Some(found) = date::find(&text, Order::DayFirst).into_iter().next() else {
        facts.put(Fact::Section, &without_pages(&text));
        return;
    };
    let before = text[..found.start].trim_end_matches([',', ' ']);
    // a weekday stands before the day
    let (section, weekday) = before.rsplit_once([',', ' ']).unwrap_or(("", before));
    let dated = format!("{weekday} {}", &text[found.start..found.end]);
    let section = if date::read(&dated, Order::DayFirst).is_some() { section } else { before };
    facts.put(Fact::Date, &text[found.start..found.end]);
    facts.put(Fact::Section, section.trim_matches([',', ' ']));
    facts.put(Fact::Section, &without_pages(text[found.end..].trim_start_matches([',', ' ', '-'])));
}

/// Whether a line holds nothing but names.
fn is_byline(text: &str) -> bool {
    text.len() < 160
        && text.split(['\n', ';']).filter(|part| !part.contains('@')).all(|part| {
            let names = row::byline(part.trim());
            !names.is_empty() && names.iter().all(|name| name.contains(' ') && byline::is_name(name))
        })
}
