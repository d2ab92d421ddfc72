//! A page as a tree in one vector: nodes in document order, children linked, text and attributes borrowed.
//!
//! A child's number is always above its parent's, so sums over subtrees are one pass backwards.

use std::borrow::Cow;

use super::tag::Tag;

/// A node's place in the tree.
pub type NodeId = u32;

/// "No node" in a link.
pub const NONE: NodeId = u32::MAX;

/// The root.
pub const ROOT: NodeId = 0;

/// The attributes a reader of pages looks at; others are not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the attribute of its name")]
pub enum Name {
    AriaHidden,
    AriaLabel,
    Class,
    Content,
    Data,
    Datetime,
    Hidden,
    Href,
    HttpEquiv,
    Id,
    Itemprop,
    Itemtype,
    Lang,
    Key,
    Property,
    Rel,
    Role,
    Src,
    Stamp,
    Style,
    Title,
    Type,
}

impl Name {
    /// By name in any case.
    pub fn read(name: &str) -> Option<Self> {
        let mut lower = [0; 14];
        let lower = lower.get_mut(..name.len())?;
        lower.copy_from_slice(name.as_bytes());
        lower.make_ascii_lowercase();
        Some(match &*lower {
            b"aria-hidden" => Self::AriaHidden,
            b"aria-label" => Self::AriaLabel,
            b"class" => Self::Class,
            b"content" => Self::Content,
            b"data-component" | b"data-testid" | b"data-gu-name" => Self::Data,
            b"data-date" | b"data-datetime" | b"data-time" | b"data-timestamp" => Self::Stamp,
            b"datetime" => Self::Datetime,
            b"hidden" => Self::Hidden,
            b"href" => Self::Href,
            b"http-equiv" => Self::HttpEquiv,
            b"id" => Self::Id,
            b"itemprop" => Self::Itemprop,
            b"itemtype" => Self::Itemtype,
            b"lang" | b"xml:lang" => Self::Lang,
            b"name" => Self::Key,
            b"property" => Self::Property,
            b"rel" => Self::Rel,
            b"role" => Self::Role,
            b"src" => Self::Src,
            b"style" => Self::Style,
            b"title" => Self::Title,
            b"type" => Self::Type,
            _ => return None,
        })
    }
}

/// An element, or a piece of text (`tag` is then `None`).
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    /// The element's name; `None` for text.
    pub tag: Option<Tag>,
    /// [`NONE`] for the root.
    pub parent: NodeId,
    /// First child, or [`NONE`].
    pub first: NodeId,
    /// Last child, or [`NONE`].
    pub last: NodeId,
    /// Next sibling, or [`NONE`].
    pub next: NodeId,
    /// Of text, the text; of a raw text element, its content; of a custom element, its name. Character references are
    /// not yet decoded.
    pub text: &'a str,
    attributes: (u32, u16),
}

/// A parsed page.
#[derive(Debug, Default)]
pub struct Tree<'a> {
    /// In document order; the root is first.
    pub nodes: Vec<Node<'a>>,
    attributes: Vec<(Name, &'a str)>,
}

impl<'a> Tree<'a> {
    /// A tree of only a root.
    pub fn with_root() -> Self {
        let root = Node {
            tag: Some(Tag::Document),
            parent: NONE,
            first: NONE,
            last: NONE,
            next: NONE,
            text: "",
            attributes: (0, 0),
        };
        Self { nodes: vec![root], attributes: Vec::new() }
    }

    /// Adds a node as the last child of `parent`, with the attributes kept since `attributes_from`.
    pub fn append(&mut self, parent: NodeId, tag: Option<Tag>, text: &'a str, attributes_from: usize) -> NodeId {
        let id = self.nodes.len() as NodeId;
        let count = self.attributes.len() - attributes_from;
        self.nodes.push(Node {
            tag,
            parent,
            first: NONE,
            last: NONE,
            next: NONE,
            text,
            attributes: (attributes_from as u32, count as u16),
        });
        let before = self.nodes[parent as usize].last;
        if before == NONE {
            self.nodes[parent as usize].first = id;
        } else {
            self.nodes[before as usize].next = id;
        }
        self.nodes[parent as usize].last = id;
        id
    }

    /// Keeps an attribute for the next node appended.
    pub fn keep_attribute(&mut self, name: Name, value: &'a str) {
        self.attributes.push((name, value));
    }

    /// How many attributes are kept so far.
    pub fn attribute_count(&self) -> usize {
        self.attributes.len()
    }

    /// The node of a number.
    pub fn node(&self, id: NodeId) -> &Node<'a> {
        &self.nodes[id as usize]
    }

    /// An element's name; `None` for text.
    pub fn tag(&self, id: NodeId) -> Option<Tag> {
        self.nodes[id as usize].tag
    }

    /// All attributes kept of an element, as written.
    pub fn attributes(&self, id: NodeId) -> &[(Name, &'a str)] {
        let (from, count) = self.nodes[id as usize].attributes;
        &self.attributes[from as usize..from as usize + usize::from(count)]
    }

    /// The first attribute of that name, as written.
    pub fn raw_attribute(&self, id: NodeId, name: Name) -> Option<&'a str> {
        self.attributes(id).iter().find(|(kept, _)| *kept == name).map(|(_, value)| *value)
    }

    /// The first attribute of that name, character references decoded.
    pub fn attribute(&self, id: NodeId, name: Name) -> Option<Cow<'a, str>> {
        self.raw_attribute(id, name).map(decode_attribute)
    }

    /// An element's children in order.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let mut next = self.nodes[id as usize].first;
        std::iter::from_fn(move || {
            let id = next;
            (id != NONE).then(|| {
                next = self.nodes[id as usize].next;
                id
            })
        })
    }

    /// A node's ancestors, its parent first.
    pub fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let mut next = self.nodes[id as usize].parent;
        std::iter::from_fn(move || {
            let id = next;
            (id != NONE).then(|| {
                next = self.nodes[id as usize].parent;
                id
            })
        })
    }

    /// The number after the last node inside `id`: its subtree is `id..end`. Nodes are in document order.
    pub fn end(&self, id: NodeId) -> NodeId {
        let mut at = id;
        loop {
            let node = self.node(at);
            if node.next != NONE {
                return node.next;
            }
            if node.parent == NONE {
                return self.nodes.len() as NodeId;
            }
            at = node.parent;
        }
    }
}

/// Decodes the character references of text.
pub fn decode(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'&', text.as_bytes()).is_none() { Cow::Borrowed(text) } else { htmlize::unescape(text) }
}

fn decode_attribute(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'&', text.as_bytes()).is_none() {
        Cow::Borrowed(text)
    } else {
        htmlize::unescape_attribute(text)
    }
}
