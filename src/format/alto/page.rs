//! The words of a page in reading order, and which of them each element holds: an article in METS is given by ids of
//! blocks, lines or single words.

use std::fmt::Write;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use rustc_hash::FxHashMap;

use crate::format::markup;

/// Elements in elements; ids of deeper ones are not known.
const DEPTH: usize = 256;

/// A page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    words: Vec<String>,
    /// The first word of each block that has any.
    blocks: Vec<usize>,
    elements: FxHashMap<String, Range<usize>>,
    language: Option<String>,
    bytes: usize,
}

/// An element whose end was not met yet.
struct Open {
    name: String,
    id: Option<String>,
    first: usize,
}

impl Page {
    /// Reads a page as far as it goes.
    pub fn read(text: &str) -> Self {
        let mut page = Self::default();
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        let mut open: Vec<Open> = Vec::new();
        loop {
            match reader.read_event() {
                Ok(Event::Start(start)) => {
                    let element = page.element(&start);
                    if open.len() < DEPTH {
                        open.push(element);
                    }
                }
                Ok(Event::Empty(start)) => {
                    let element = page.element(&start);
                    page.close(element);
                }
                Ok(Event::End(end)) => {
                    let name = end.name();
                    let name = local(name.as_ref());
                    if let Some(depth) = open.iter().rposition(|element| element.name == name) {
                        open.drain(depth..).for_each(|element| page.close(element));
                    }
                }
                Ok(Event::Eof) | Err(_) => break,
                Ok(_) => {}
            }
        }
        for element in open {
            page.close(element);
        }
        page
    }

    /// Takes note of an element, and of its word if it is one.
    fn element(&mut self, start: &BytesStart<'_>) -> Open {
        let name = start.name();
        let name = local(name.as_ref()).to_owned();
        let mut open = Open { id: None, first: self.words.len(), name };
        let (is_block, is_string) = (open.name == "TextBlock", open.name == "String");
        let (mut content, mut whole, mut part) = (None, None, None);
        for attribute in start.attributes().with_checks(false).take(64).filter_map(Result::ok) {
            let key: &str = attribute.key.as_ref();
            match key {
                "ID" | "id" | "xml:id" => open.id = Some(attribute.value.into_owned()),
                "LANG" | "language" if self.language.is_none() => self.language = Some(attribute.value.into_owned()),
                "CONTENT" if is_string => content = Some(markup::entities(&attribute.value).trim().to_owned()),
                "SUBS_CONTENT" if is_string => whole = Some(markup::entities(&attribute.value).trim().to_owned()),
                "SUBS_TYPE" if is_string => part = Some(attribute.value.into_owned()),
                _ => {}
            }
        }
        if is_block && self.blocks.last() != Some(&open.first) {
            self.blocks.push(open.first);
        }
        // a word parted at the end of a line is given whole with its first part
        let whole = whole.filter(|word| !word.is_empty());
        let word = match part.as_deref() {
            Some("HypPart2") if whole.is_some() => None,
            Some("HypPart1") => whole.or(content),
            _ => content,
        };
        if let Some(word) = word.filter(|word| !word.is_empty()) {
            if self.blocks.is_empty() {
                self.blocks.push(0);
            }
            self.bytes += word.len() + 48;
            self.words.push(word);
        }
        open
    }

    fn close(&mut self, Open { id, first, .. }: Open) {
        if let Some(id) = id {
            self.bytes += id.len() + 64;
            self.elements.insert(id, first..self.words.len());
        }
    }

    /// How many words it has.
    pub fn words(&self) -> usize {
        self.words.len()
    }

    /// Whether nothing was recognised on it.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The language it names first.
    pub fn language(&self) -> Option<&str> {
        self.language.as_deref()
    }

    /// About as many bytes as it takes in memory.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The words from the first of one element to the last of another, or of the same; `None` if there is no such element.
    pub fn stretch(&self, begin: &str, end: Option<&str>) -> Option<Range<usize>> {
        let first = self.elements.get(begin)?;
        let last = end.and_then(|end| self.elements.get(end)).unwrap_or(first);
        Some(first.start..last.end.max(first.end))
    }

    /// The words of each block in one paragraph.
    pub fn paragraphs(&self, words: Range<usize>) -> Vec<String> {
        let mut paragraphs = Vec::new();
        let mut at = words.start;
        while at < words.end.min(self.words.len()) {
            let next = self.blocks.partition_point(|first| *first <= at);
            let end = self.blocks.get(next).copied().unwrap_or(self.words.len()).min(words.end);
            paragraphs.push(self.words[at..end].join(" "));
            at = end;
        }
        paragraphs
    }

    /// The words of each block.
    pub fn blocks(&self) -> impl Iterator<Item = Range<usize>> {
        let ends = self.blocks.iter().skip(1).copied().chain([self.words.len()]);
        self.blocks.iter().copied().zip(ends).map(|(first, end)| first..end).filter(|words| !words.is_empty())
    }

    /// The page without the places of its words, which is all that is kept while its issue is waited for.
    pub fn written(&self) -> String {
        let mut out = String::from("<alto>");
        for block in self.blocks() {
            out.push_str("<TextBlock");
            if let Some(language) = &self.language {
                _ = write!(out, " LANG=\"{}\"", language.replace(['"', '<'], ""));
            }
            out.push_str("><String CONTENT=\"");
            for char in self.words[block].join(" ").chars() {
                match char {
                    '&' => out.push_str("&amp;"),
                    '<' => out.push_str("&lt;"),
                    '"' => out.push_str("&quot;"),
                    _ => out.push(char),
                }
            }
            out.push_str("\"/></TextBlock>");
        }
        out.push_str("</alto>");
        out
    }
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<alto><Layout><Page ID='P1'><PrintSpace>\
        <TextBlock ID='b1' LANG='en'><TextLine ID='l1'><String ID='w1' CONTENT='One'/><SP/><String ID='w2' CONTENT='&amp;'/></TextLine>\
        <TextLine ID='l2'><String ID='w3' CONTENT='two.'/></TextLine></TextBlock>\
        <TextBlock ID='b2'><TextLine><String ID='w4' CONTENT='Three.'/></TextLine></TextBlock></PrintSpace></Page></Layout></alto>";

    #[test]
    fn an_element_of_any_size_stands_for_its_words() {
        let page = Page::read(PAGE);
        for (begin, end, paragraphs) in [
            ("P1", None, vec!["One & two.", "Three."]),
            ("b1", None, vec!["One & two."]),
            ("l2", None, vec!["two."]),
            ("w2", Some("w4"), vec!["& two.", "Three."]),
            ("b1", Some("nowhere"), vec!["One & two."]),
        ] {
            assert_eq!(page.paragraphs(page.stretch(begin, end).unwrap()), paragraphs, "{begin}");
        }
        assert_eq!(page.stretch("nowhere", None), None);
    }

    #[test]
    fn a_page_written_down_has_the_same_paragraphs() {
        let page = Page::read(PAGE);
        let again = Page::read(&page.written());
        assert_eq!(again.paragraphs(0..again.words()), page.paragraphs(0..page.words()));
        assert_eq!(again.language(), Some("en"));
    }
}
