//! What a page says of itself outside its text: title, meta elements, links, JSON-LD, microdata.

use super::hints::{self, Fact};
use super::linked_data::LinkedData;
use super::tag::Tag;
use super::tree::{Name, NodeId, Tree, decode};

/// A page's own words about its article, as written.
#[derive(Debug, Default)]
pub struct Page {
    /// The `title` element.
    pub title: String,
    /// Facts of meta elements: what, trust (0 is best), value; sorted by trust.
    pub metas: Vec<(Fact, u8, String)>,
    /// JSON-LD.
    pub linked: LinkedData,
    /// `link rel=canonical`, else `og:url`.
    pub canonical: Option<String>,
    /// `html lang`.
    pub language: Option<String>,
    /// Where a refresh leads at once.
    pub refresh: Option<String>,
    /// Frames instead of content.
    pub frames: bool,
    /// `h1` elements.
    pub headings: Vec<NodeId>,
}

impl Page {
    /// Reads it in one pass.
    pub fn read(tree: &Tree<'_>) -> Self {
        let mut page = Self::default();
        let mut og_url = None;
        for id in 0..tree.nodes.len() as NodeId {
            let Some(tag) = tree.tag(id) else { continue };
            match tag {
                Tag::Html => page.language = tree.attribute(id, Name::Lang).map(|lang| lang.trim().to_owned()),
                Tag::Title if page.title.is_empty() => page.title = squeeze(&decode(tree.node(id).text)),
                Tag::Meta => page.meta(tree, id, &mut og_url),
                Tag::Link => {
                    let canonical =
                        tree.raw_attribute(id, Name::Rel).is_some_and(|rel| rel.eq_ignore_ascii_case("canonical"));
                    if canonical && page.canonical.is_none() {
                        page.canonical = tree.attribute(id, Name::Href).map(|href| href.trim().to_owned());
                    }
                }
                Tag::Script => {
                    let linked = tree.raw_attribute(id, Name::Type).is_some_and(|kind| {
                        kind.get(..19).is_some_and(|kind| kind.eq_ignore_ascii_case("application/ld+json"))
                    });
                    if linked {
                        page.linked.add(tree.node(id).text);
                    }
                }
                Tag::H1 => page.headings.push(id),
                Tag::Frameset => page.frames = true,
                _ => {}
            }
        }
        if !page.canonical.as_ref().is_some_and(|url| url.starts_with("http")) {
            page.canonical = og_url.or(page.canonical);
        }
        page.metas.sort_by_key(|(_, trust, _)| *trust);
        page
    }

    fn meta(&mut self, tree: &Tree<'_>, id: NodeId, og_url: &mut Option<String>) {
        let Some(content) = tree.attribute(id, Name::Content) else { return };
        let content = squeeze(&content);
        if content.is_empty() || content.len() > 4000 {
            return;
        }
        if tree.raw_attribute(id, Name::HttpEquiv).is_some_and(|kind| kind.eq_ignore_ascii_case("refresh")) {
            self.refresh = refresh_target(&content);
            return;
        }
        for name in [Name::Property, Name::MetaName, Name::Itemprop, Name::HttpEquiv] {
            let Some(key) = tree.raw_attribute(id, name) else { continue };
            if key.eq_ignore_ascii_case("og:url") {
                og_url.get_or_insert_with(|| content.clone());
            }
            if let Some((fact, trust)) = hints::fact(key) {
                self.metas.push((fact, trust, content.clone()));
                return;
            }
        }
    }

    /// The values of one fact, the most trusted first.
    pub fn values(&self, fact: Fact) -> impl Iterator<Item = &str> {
        self.metas.iter().filter(move |(kind, ..)| *kind == fact).map(|(.., value)| value.as_str())
    }
}

/// `0; url=/there` with a short delay.
fn refresh_target(content: &str) -> Option<String> {
    let (delay, rest) = content.split_once([';', ','])?;
    let delay: f32 = delay.trim().parse().ok()?;
    let rest = rest.trim();
    let target = rest.get(..3).filter(|key| key.eq_ignore_ascii_case("url")).map(|_| rest[3..].trim_start())?;
    let target = target.strip_prefix('=')?.trim().trim_matches(['\'', '"']);
    (delay <= 10.0 && !target.is_empty()).then(|| target.to_owned())
}

/// Text on one line, white space collapsed, soft hyphens and marks of zero width gone.
pub fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut space = false;
    for char in text.chars() {
        if char.is_whitespace() {
            space = !out.is_empty();
        } else if !matches!(
            char,
            '\u{ad}' | '\u{200b}' | '\u{feff}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        ) && !char.is_control()
        {
            if space {
                out.push(' ');
                space = false;
            }
            out.push(char);
        }
    }
    out
}
