//! From the text of a page to its tree, in one pass and in time linear in its length, whatever it holds.
//!
//! As lenient as browsers where real pages need it (implied end tags, void and raw text elements, misnested links), and
//! with the limits browsers have: deeper elements become siblings, further attributes are dropped, and past the node budget
//! only text is read. See <https://html.spec.whatwg.org/multipage/parsing.html>.

use memchr::{memchr, memmem};

use super::tag::Tag;
use super::tree::{Name, NodeId, ROOT, Tree};

/// Open elements at a time.
const DEPTH: usize = 512;
/// Attributes read of one tag.
const ATTRIBUTES: usize = 256;
/// Nodes of one page.
const NODES: usize = 500_000;
/// Elements opened again after a link that crosses them ends.
const REOPENED: usize = 8;

/// Parses a page.
pub fn parse(html: &str) -> Tree<'_> {
    let mut parser = Parser {
        html,
        at: 0,
        tree: Tree::with_root(),
        open: vec![Open { id: ROOT, tag: Tag::Document, name: "" }],
        counts: [0; Tag::COUNT],
        beyond: 0,
        unclosed: [false; Tag::COUNT],
        comments_end: true,
    };
    parser.tree.nodes.reserve(html.len() / 40);
    parser.run();
    parser.tree
}

#[derive(Clone, Copy)]
struct Open<'a> {
    id: NodeId,
    tag: Tag,
    /// Of custom elements.
    name: &'a str,
}

struct Parser<'a> {
    html: &'a str,
    at: usize,
    tree: Tree<'a>,
    open: Vec<Open<'a>>,
    /// How many elements of each name are open: an end tag without a start costs nothing.
    counts: [u16; Tag::COUNT],
    /// Elements opened past the depth limit.
    beyond: usize,
    /// Raw text elements whose end tag is known to be missing from here on.
    unclosed: [bool; Tag::COUNT],
    comments_end: bool,
}

impl<'a> Parser<'a> {
    fn run(&mut self) {
        let bytes = self.html.as_bytes();
        while self.at < bytes.len() {
            let mut from = self.at;
            // text up to the next `<` that begins markup
            loop {
                match memchr(b'<', &bytes[from..]) {
                    None => {
                        self.text(self.at, bytes.len());
                        return;
                    }
                    Some(offset) => {
                        let less = from + offset;
                        match bytes.get(less + 1) {
                            Some(next) if next.is_ascii_alphabetic() || matches!(next, b'/' | b'!' | b'?') => {
                                self.text(self.at, less);
                                self.at = less;
                                break;
                            }
                            _ => from = less + 1,
                        }
                    }
                }
            }
            match bytes[self.at + 1] {
                b'/' => self.end_tag(),
                b'!' | b'?' => self.declaration(),
                _ => self.start_tag(),
            }
        }
    }

    fn current(&self) -> Open<'a> {
        self.open[self.open.len() - 1]
    }

    fn text(&mut self, from: usize, to: usize) {
        if from >= to {
            return;
        }
        let text = &self.html[from..to];
        let current = self.current();
        if matches!(current.tag, Tag::Document | Tag::Html | Tag::Head) {
            if text.trim().is_empty() {
                return;
            }
            self.open_body();
        }
        let parent = self.current().id;
        let attributes = self.tree.attribute_count();
        // past the budget only text is kept, and of text only what a page can hold
        if self.tree.nodes.len() < NODES * 2 {
            self.tree.append(parent, None, text, attributes);
        }
    }

    /// Text or an element of the body appeared before `<body>`.
    fn open_body(&mut self) {
        if self.counts[Tag::Head as usize] > 0 {
            self.pop_through(Tag::Head);
        }
        if self.counts[Tag::Body as usize] == 0 && self.counts[Tag::Frameset as usize] == 0 {
            let attributes = self.tree.attribute_count();
            self.push(Tag::Body, "", attributes);
        }
    }

    fn declaration(&mut self) {
        let rest = &self.html.as_bytes()[self.at..];
        if rest.starts_with(b"<!--") {
            let content = &rest[4..];
            if content.starts_with(b">") {
                self.at += 5;
                return;
            }
            if content.starts_with(b"->") {
                self.at += 6;
                return;
            }
            if self.comments_end {
                if let Some(end) = memmem::find(content, b"-->") {
                    self.at += 4 + end + 3;
                    return;
                }
                self.comments_end = false;
            }
        } else if rest.starts_with(b"<![CDATA[")
            && let Some(end) = memmem::find(&rest[..rest.len().min(1 << 20)], b"]]>")
        {
            let from = self.at + 9;
            self.text(from, self.at + end);
            self.at += end + 3;
            return;
        }
        self.at += memchr(b'>', rest).map_or(rest.len(), |end| end + 1);
    }

    fn name_end(&self, from: usize) -> usize {
        let bytes = self.html.as_bytes();
        let mut at = from;
        while at < bytes.len() && !matches!(bytes[at], b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' | b'/' | b'>') {
            at += 1;
        }
        at
    }

    fn end_tag(&mut self) {
        let from = self.at + 2;
        let bytes = self.html.as_bytes();
        if !bytes.get(from).is_some_and(u8::is_ascii_alphabetic) {
            // `</>` and `</ x>`: a comment
            self.at += memchr(b'>', &bytes[self.at..]).map_or(bytes.len() - self.at, |end| end + 1);
            return;
        }
        let to = self.name_end(from);
        let name = &self.html[from..to];
        self.at = memchr(b'>', &bytes[to..]).map_or(bytes.len(), |end| to + end + 1);
        let tag = Tag::read(name);
        if self.beyond > 0 && !matches!(tag, Tag::Body | Tag::Html) {
            self.beyond -= 1;
            return;
        }
        match tag {
            Tag::Br => {
                let attributes = self.tree.attribute_count();
                self.append_leaf(Tag::Br, "", attributes);
            }
            // pages go on after </body>; what follows belongs to it all the same
            Tag::Body | Tag::Html => {}
            Tag::P if self.counts[Tag::P as usize] == 0 => {
                let attributes = self.tree.attribute_count();
                if self.current().tag != Tag::Head {
                    self.append_leaf(Tag::P, "", attributes);
                }
            }
            _ => self.close(tag, name),
        }
    }

    fn close(&mut self, tag: Tag, name: &str) {
        if self.counts[tag as usize] == 0 {
            return;
        }
        let matches = |open: &Open| open.tag == tag && (tag != Tag::Other || open.name.eq_ignore_ascii_case(name));
        let inline = !tag.is_block();
        for depth in (1..self.open.len()).rev() {
            let open = self.open[depth];
            if matches(&open) {
                if tag == Tag::A && self.open[depth + 1..].iter().any(|open| open.tag.is_block()) {
                    self.close_crossing(depth);
                } else {
                    self.pop_to(depth);
                }
                return;
            }
            let heading = tag.is_heading() && open.tag.is_heading();
            if heading {
                self.pop_to(depth);
                return;
            }
            let barrier = match tag {
                Tag::Table | Tag::Template | Tag::Object | Tag::Caption => {
                    matches!(open.tag, Tag::Document | Tag::Html)
                }
                Tag::Td | Tag::Th | Tag::Tr | Tag::Tbody | Tag::Thead | Tag::Tfoot => open.tag == Tag::Table,
                Tag::A => open.tag.is_scope(),
                Tag::Li => open.tag.is_scope() || matches!(open.tag, Tag::Ul | Tag::Ol),
                Tag::P => open.tag.is_scope() || open.tag == Tag::Button,
                _ if inline => open.tag.is_block(),
                _ => open.tag.is_scope(),
            };
            if barrier {
                return;
            }
        }
    }

    /// Ends a link that crosses block elements: they go on after it.
    fn close_crossing(&mut self, depth: usize) {
        let again: Vec<Open<'a>> = self.open[depth + 1..].iter().take(REOPENED).copied().collect();
        self.pop_to(depth);
        for open in again {
            let attributes = self.tree.attribute_count();
            self.push(open.tag, open.name, attributes);
        }
    }

    fn pop_to(&mut self, depth: usize) {
        while self.open.len() > depth.max(1) {
            if let Some(open) = self.open.pop() {
                self.counts[open.tag as usize] -= 1;
            }
        }
    }

    fn pop_through(&mut self, tag: Tag) {
        if let Some(depth) = self.open.iter().rposition(|open| open.tag == tag) {
            self.pop_to(depth);
        }
    }

    fn push(&mut self, tag: Tag, name: &'a str, attributes_from: usize) {
        let parent = self.current().id;
        let id = self.tree.append(parent, Some(tag), name, attributes_from);
        if self.open.len() < DEPTH {
            self.open.push(Open { id, tag, name });
            self.counts[tag as usize] += 1;
        } else {
            self.beyond += 1;
        }
    }

    fn append_leaf(&mut self, tag: Tag, text: &'a str, attributes_from: usize) {
        if matches!(self.current().tag, Tag::Document | Tag::Html) && !tag.is_head_content() {
            self.open_body();
        }
        let parent = self.current().id;
        self.tree.append(parent, Some(tag), text, attributes_from);
    }

    fn start_tag(&mut self) {
        let from = self.at + 1;
        let to = self.name_end(from);
        let name = &self.html[from..to];
        let tag = Tag::read(name);
        let attributes_from = self.tree.attribute_count();
        let keep = self.tree.nodes.len() < NODES;
        let self_closing = self.attributes(to, keep);
        if !keep {
            if tag.is_raw_text() && !self_closing {
                self.raw_text(tag);
            }
            return;
        }
        self.imply(tag);
        if tag.is_void() {
            self.append_leaf(tag, "", attributes_from);
        } else if tag.is_raw_text() {
            // a self-closing <script/> still needs its end tag, <iframe/> and <title/> in XHTML do not
            let content = if self_closing && tag != Tag::Script { "" } else { self.raw_text(tag) };
            self.append_leaf(tag, content, attributes_from);
        } else {
            match tag {
                Tag::Html | Tag::Body if self.counts[tag as usize] > 0 => {}
                Tag::Head if self.counts[Tag::Head as usize] > 0 || self.counts[Tag::Body as usize] > 0 => {}
                // an empty custom or foreign element
                Tag::Other | Tag::Svg | Tag::Math if self_closing => self.append_leaf(tag, name, attributes_from),
                Tag::Other => self.push(tag, name, attributes_from),
                _ => self.push(tag, "", attributes_from),
            }
        }
    }

    /// Ends what a start tag of `tag` ends by implication.
    fn imply(&mut self, tag: Tag) {
        if matches!(tag, Tag::Html | Tag::Head) {
            return;
        }
        if tag == Tag::Body || tag == Tag::Frameset {
            self.pop_through(Tag::Head);
            return;
        }
        let current = self.current().tag;
        if matches!(current, Tag::Document | Tag::Html | Tag::Head) {
            if !tag.is_head_content() {
                self.open_body();
            }
            return;
        }
        if tag.ends_paragraph() && self.counts[Tag::P as usize] > 0 {
            self.end_nearest(|open| open == Tag::P, |open| open.is_scope() || open == Tag::Button);
        }
        match tag {
            Tag::Li if self.counts[Tag::Li as usize] > 0 => self.end_nearest(
                |open| open == Tag::Li,
                |open| open.is_scope() || (open.is_block() && !matches!(open, Tag::Address | Tag::Div | Tag::P)),
            ),
            Tag::Dt | Tag::Dd if self.counts[Tag::Dt as usize] + self.counts[Tag::Dd as usize] > 0 => self.end_nearest(
                |open| matches!(open, Tag::Dt | Tag::Dd),
                |open| open.is_scope() || (open.is_block() && !matches!(open, Tag::Address | Tag::Div | Tag::P)),
            ),
            Tag::Option | Tag::Optgroup if current == Tag::Option => self.pop_to(self.open.len() - 1),
            Tag::Td | Tag::Th => {
                self.end_nearest(|open| matches!(open, Tag::Td | Tag::Th), |open| open == Tag::Table);
            }
            Tag::Tr => self.end_nearest(|open| open == Tag::Tr, |open| open == Tag::Table),
            Tag::Tbody | Tag::Thead | Tag::Tfoot => {
                self.end_nearest(
                    |open| matches!(open, Tag::Tbody | Tag::Thead | Tag::Tfoot | Tag::Caption),
                    |open| open == Tag::Table,
                );
            }
            Tag::A if self.counts[Tag::A as usize] > 0 => self.close(Tag::A, ""),
            _ if tag.is_heading() && current.is_heading() => self.pop_to(self.open.len() - 1),
            _ => {}
        }
    }

    /// Pops through the nearest open element that `is` it, unless a barrier lies nearer.
    fn end_nearest(&mut self, is: impl Fn(Tag) -> bool, barrier: impl Fn(Tag) -> bool) {
        for depth in (1..self.open.len()).rev() {
            let open = self.open[depth].tag;
            if is(open) {
                self.pop_to(depth);
                return;
            }
            if barrier(open) {
                return;
            }
        }
    }

    /// Reads attributes from `at` to the end of the tag; whether it closes itself.
    fn attributes(&mut self, from: usize, keep: bool) -> bool {
        let bytes = self.html.as_bytes();
        let mut at = from;
        let mut read = 0;
        loop {
            while at < bytes.len() && (bytes[at].is_ascii_whitespace() || bytes[at] == b'/') {
                at += 1;
            }
            if at >= bytes.len() {
                self.at = at;
                return false;
            }
            if bytes[at] == b'>' {
                self.at = at + 1;
                return bytes[at - 1] == b'/';
            }
            let name_from = at;
            at += 1;
            while at < bytes.len() && !matches!(bytes[at], b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' | b'/' | b'>' | b'=')
            {
                at += 1;
            }
            let name_to = at;
            while at < bytes.len() && bytes[at].is_ascii_whitespace() {
                at += 1;
            }
            let mut value = (at, at);
            if bytes.get(at) == Some(&b'=') {
                at += 1;
                while at < bytes.len() && bytes[at].is_ascii_whitespace() {
                    at += 1;
                }
                match bytes.get(at) {
                    Some(&quote @ (b'"' | b'\'')) => {
                        let end = memchr(quote, &bytes[at + 1..]).map_or(bytes.len(), |end| at + 1 + end);
                        value = (at + 1, end);
                        at = (end + 1).min(bytes.len());
                    }
                    Some(_) => {
                        let start = at;
                        while at < bytes.len() && !bytes[at].is_ascii_whitespace() && bytes[at] != b'>' {
                            at += 1;
                        }
                        value = (start, at);
                    }
                    None => {}
                }
            }
            read += 1;
            if keep
                && read <= ATTRIBUTES
                && let Some(name) = self.html.get(name_from..name_to).and_then(Name::read)
            {
                self.tree.keep_attribute(name, &self.html[value.0..value.1]);
            }
        }
    }

    /// The content of a raw text element that just began; a missing end tag makes it empty.
    fn raw_text(&mut self, tag: Tag) -> &'a str {
        if self.unclosed[tag as usize] {
            return "";
        }
        let name: &[u8] = match tag {
            Tag::Script => b"script",
            Tag::Style => b"style",
            Tag::Textarea => b"textarea",
            Tag::Title => b"title",
            Tag::Iframe => b"iframe",
            Tag::Xmp => b"xmp",
            _ => b"noembed",
        };
        let bytes = self.html.as_bytes();
        let mut at = self.at;
        while let Some(offset) = memchr(b'<', &bytes[at..]) {
            let less = at + offset;
            let after = less + 2 + name.len();
            let closes = bytes.get(less + 1) == Some(&b'/')
                && bytes.get(less + 2..after).is_some_and(|found| found.eq_ignore_ascii_case(name))
                && bytes
                    .get(after)
                    .is_none_or(|next| matches!(next, b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' | b'/' | b'>'));
            if closes {
                let content = &self.html[self.at..less];
                self.at = memchr(b'>', &bytes[after..]).map_or(bytes.len(), |end| after + end + 1);
                return content;
            }
            at = less + 1;
        }
        self.unclosed[tag as usize] = true;
        ""
    }
}
