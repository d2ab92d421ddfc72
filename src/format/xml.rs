//! XML as a small tree: what feeds and the news industry's formats are read from.
//!
//! Documents are often broken, so reading never fails: elements left open are closed, stray ends passed by, and what
//! comes after damage is lost. Entities of a DTD are not expanded; those nobody knows stay as they are written.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::format::markup;

/// Elements in elements; deeper ones are dropped, their text stays.
const DEPTH: usize = 256;
/// Elements, attributes and texts of one record.
const NODES: usize = 1 << 20;
/// Attributes of one element.
const ATTRIBUTES: usize = 256;

/// An element, or text between elements.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// An element.
    Element(Element),
    /// Text, its references replaced.
    Text(String),
}

/// An element and all it holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Element {
    /// Its name as written, with its prefix: `dc:date`.
    pub name: String,
    /// Names as written and values.
    pub attributes: Vec<(String, String)>,
    /// In document order.
    pub children: Vec<Node>,
}

/// Reads a document or a part of one; its elements are the children of the one returned, which has no name.
pub fn parse(text: &str) -> Element {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut open = vec![Element::default()];
    let mut nodes = 0;
    while nodes < NODES {
        let Ok(event) = reader.read_event() else { break };
        nodes += 1;
        match event {
            Event::Start(start) if open.len() <= DEPTH => {
                let element = element(&start);
                nodes += element.attributes.len();
                open.push(element);
            }
            Event::Empty(start) => {
                let element = element(&start);
                nodes += element.attributes.len();
                add(&mut open, Node::Element(element));
            }
            Event::End(end) => {
                let name = end.name();
                let name: &str = name.as_ref();
                if let Some(depth) = open.iter().rposition(|element| element.name == name).filter(|depth| *depth > 0) {
                    close(&mut open, depth);
                }
            }
            Event::Text(text) => add_text(&mut open, &text),
            Event::CData(text) => add_text(&mut open, &text),
            Event::GeneralRef(reference) => {
                let written = format!("&{};", &*reference);
                let text = markup::entities(&written);
                add_text(&mut open, &text);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    close(&mut open, 1);
    open.pop().unwrap_or_default()
}

fn element(start: &BytesStart<'_>) -> Element {
    let name = start.name();
    let name: &str = name.as_ref();
    let attributes = start
        .attributes()
        .with_checks(false)
        .take(ATTRIBUTES)
        .filter_map(Result::ok)
        .map(|attribute| {
            let key: &str = attribute.key.as_ref();
            (key.to_owned(), markup::entities(&attribute.value).trim().to_owned())
        })
        .collect();
    Element { name: name.to_owned(), attributes, children: Vec::new() }
}

/// Closes the elements opened at `depth` and after it.
fn close(open: &mut Vec<Element>, depth: usize) {
    while open.len() > depth.max(1) {
        if let Some(done) = open.pop() {
            add(open, Node::Element(done));
        }
    }
}

fn add(open: &mut [Element], node: Node) {
    if let Some(parent) = open.last_mut() {
        parent.children.push(node);
    }
}

fn add_text(open: &mut [Element], text: &str) {
    let Some(parent) = open.last_mut() else { return };
    match parent.children.last_mut() {
        Some(Node::Text(before)) => before.push_str(text),
        _ => parent.children.push(Node::Text(text.to_owned())),
    }
}

impl Element {
    /// Its name without prefix.
    pub fn local(&self) -> &str {
        self.name.rsplit(':').next().unwrap_or(&self.name)
    }

    /// Whether it goes by a name: one with a prefix is compared whole, one without by what follows the prefix.
    pub fn is(&self, name: &str) -> bool {
        if name.contains(':') { self.name == name } else { self.local() == name }
    }

    /// The value of an attribute, by its name as written, if it is not empty.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let (_, value) = self.attributes.iter().find(|(key, _)| key == name)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    /// The elements directly inside.
    pub fn elements(&self) -> impl DoubleEndedIterator<Item = &Self> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The elements of a name directly inside.
    pub fn all<'a, 'n>(&'a self, name: &'n str) -> impl Iterator<Item = &'a Self> + use<'a, 'n> {
        self.elements().filter(move |element| element.is(name))
    }

    /// The first element reached by going down a path: `head/docdata/doc-id`.
    pub fn at(&self, path: &str) -> Option<&Self> {
        match path.split_once('/') {
            Some((first, rest)) => {
                self.elements().filter(|element| element.is(first)).find_map(|element| element.at(rest))
            }
            None => self.elements().find(|element| element.is(path)),
        }
    }

    /// Every element inside of a name, at any depth, in document order; elements inside a match are not looked at.
    pub fn within<'a>(&'a self, name: &str) -> Vec<&'a Self> {
        let mut found = Vec::new();
        self.collect(name, &mut found);
        found
    }

    fn collect<'a>(&'a self, name: &str, found: &mut Vec<&'a Self>) {
        for element in self.elements() {
            if element.is(name) {
                found.push(element);
            } else {
                element.collect(name, found);
            }
        }
    }

    /// All text inside, as written.
    pub fn text(&self) -> String {
        let mut out = String::new();
        self.write_text(&mut out);
        out
    }

    fn write_text(&self, out: &mut String) {
        for node in &self.children {
            match node {
                Node::Text(text) => out.push_str(text),
                Node::Element(element) => element.write_text(out),
            }
        }
    }

    /// All text inside on one line; `None` if there is none.
    pub fn line(&self) -> Option<String> {
        let text = self.text();
        let line = text.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
        (!line.is_empty()).then_some(line)
    }

    /// What is inside as HTML, names without prefix.
    pub fn html(&self) -> String {
        self.html_as(|name| Some(name))
    }

    /// What is inside as HTML, elements under other names; those without a name are left out.
    pub fn html_as(&self, name: fn(&str) -> Option<&str>) -> String {
        let mut out = String::new();
        self.write_html(&mut out, name);
        out
    }

    fn write_html(&self, out: &mut String, name: fn(&str) -> Option<&str>) {
        for node in &self.children {
            match node {
                Node::Text(text) => {
                    for char in text.chars() {
                        match char {
                            '<' => out.push_str("&lt;"),
                            '&' => out.push_str("&amp;"),
                            _ => out.push(char),
                        }
                    }
                }
                Node::Element(element) => {
                    let Some(shown) = name(element.local()) else { continue };
                    out.extend(["<", shown, ">"]);
                    element.write_html(out, name);
                    out.extend(["</", shown, ">"]);
                }
            }
        }
    }

    /// What is inside as paragraphs of plain text, whether elements or escaped HTML.
    pub fn prose(&self) -> String {
        if self.elements().next().is_some() {
            return markup::text(&self.html());
        }
        let text = self.text();
        if markup::is_markup(&text) {
            markup::text(&text)
        } else {
            crate::format::paragraph::paragraphs(&markup::entities(&text))
        }
    }

    /// What is inside as one line of plain text, whether elements or escaped HTML; `None` if there is none.
    pub fn title(&self) -> Option<String> {
        let text = self.prose();
        let line = text.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
        (!line.is_empty()).then_some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_with_and_without_prefix() {
        let root = parse("<a:x xmlns:a='u'><a:y k=' 1 &amp; 2'>one <b>two</b></a:y><y>three</y></a:x>");
        let x = root.at("x").unwrap();
        assert_eq!(x.at("y").unwrap().line().as_deref(), Some("one two"));
        assert_eq!((x.all("y").count(), x.all("a:y").count()), (2, 1));
        assert_eq!(x.at("y").unwrap().attribute("k"), Some("1 & 2"));
        assert_eq!(root.at("x/y/b").unwrap().text(), "two");
    }

    #[test]
    fn references_are_read_once_and_unknown_ones_stay() {
        let root = parse("<!DOCTYPE a [<!ENTITY lol \"lol\">]><a>&amp;lt; &#8211; &eacute; &lol; A&B &lt;p&gt;</a>");
        assert_eq!(root.at("a").unwrap().text(), "&lt; – é &lol; A&B <p>");
    }

    #[test]
    fn broken_documents_are_read_as_far_as_they_go() {
        let root = parse("<a><t>One</t><d>two<br>three</d><e>four</wrong><f>five</a>");
        let a = root.at("a").unwrap();
        assert_eq!(a.at("t").unwrap().text(), "One");
        assert_eq!(a.at("d").unwrap().text(), "twothree");
        assert_eq!(a.at("e").unwrap().text(), "fourfive");
        assert_eq!(parse("<a><b>one").at("a/b").unwrap().text(), "one");
        assert_eq!(parse("<a>one<").at("a").unwrap().text(), "one");
    }

    #[test]
    fn depth_is_bounded() {
        let deep = format!("{}text", "<a>".repeat(100_000));
        let (mut depth, mut at) = (0, &parse(&deep));
        while let Some(inside) = at.at("a") {
            (depth, at) = (depth + 1, inside);
        }
        assert_eq!((depth, at.text().as_str()), (DEPTH, "text"));
    }

    #[test]
    fn escaped_and_real_markup_give_the_same_text() {
        for xml in [
            "<a>&lt;p&gt;One &amp;amp; two.&lt;/p&gt;&lt;p&gt;Three.&lt;/p&gt;</a>",
            "<a><p>One &amp; two.</p><p>Three.</p></a>",
        ] {
            assert_eq!(parse(xml).at("a").unwrap().prose(), "One & two.\n\nThree.");
        }
    }
}
