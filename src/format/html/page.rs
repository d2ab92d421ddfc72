//! What a page says of itself outside its text: title, meta elements, links, JSON-LD, microdata.

use super::block::Blocks;
use super::flag;
use super::hints::{self, Fact};
use super::linked_data::{LinkedArticle, LinkedData};
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
                Tag::Title if page.title.is_empty() => page.title = squeeze(&decode(cut(tree.node(id).text, 2000))),
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
        for name in [Name::Property, Name::Key, Name::Itemprop, Name::HttpEquiv] {
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

impl Page {
    /// The article's address: canonical, else Open Graph's, else JSON-LD's; absolute or none.
    pub fn url(&self) -> Option<String> {
        let linked =
            self.linked.articles.iter().filter(|article| article.is_article).filter_map(|article| article.url.clone());
        let mut all = self.canonical.iter().cloned().chain(linked);
        all.find(|url| url.starts_with("https://") || url.starts_with("http://")).map(|url| {
            let end = url.find('#').unwrap_or(url.len());
            url[..end].to_owned()
        })
    }

    /// The names the site goes by, its domain among them.
    pub fn sites(&self, url: Option<&str>) -> Vec<String> {
        let linked = self.linked.articles.iter().filter_map(|article| article.publisher.clone());
        let mut sites: Vec<String> =
            self.values(Fact::Site).map(str::to_owned).chain(linked).chain(self.linked.site.clone()).collect();
        if let Some(host) = url.and_then(host) {
            sites.push(host.to_owned());
            if let Some((name, _)) = host.rsplit_once('.') {
                sites.push(name.rsplit('.').next().unwrap_or(name).to_owned());
            }
        }
        sites.truncate(12);
        sites
    }

    /// Who published it.
    pub fn source(&self, linked: Option<&LinkedArticle>, url: Option<&str>) -> Option<String> {
        let publisher = linked.and_then(|linked| linked.publisher.clone());
        let stated = publisher
            .or_else(|| self.values(Fact::Site).next().map(str::to_owned))
            .or_else(|| self.linked.site.clone());
        let stated = stated
            .map(|name| squeeze(&name))
            .filter(|name| !name.is_empty() && name.len() < 100 && !name.contains("://"));
        stated.or_else(|| url.and_then(host).map(str::to_owned))
    }

    /// Section or rubric.
    pub fn section(&self, linked: Option<&LinkedArticle>) -> Option<String> {
        let told = linked.and_then(|linked| linked.sections.first()).map(String::as_str);
        told.or_else(|| self.values(Fact::Section).next())
            .map(squeeze)
            .filter(|text| !text.is_empty() && text.len() < 100)
    }

    /// Keywords, each once.
    pub fn tags(&self, linked: Option<&LinkedArticle>) -> Vec<String> {
        let told = linked.into_iter().flat_map(|linked| linked.keywords.iter().map(String::as_str));
        let mut tags: Vec<String> = Vec::new();
        for list in told.chain(self.values(Fact::Tag)) {
            for tag in list.split([',', ';', '،', '、']).map(squeeze) {
                if tags.len() < 50 && !tag.is_empty() && tag.len() < 100 && !tags.contains(&tag) {
                    tags.push(tag);
                }
            }
        }
        tags
    }

    /// The language stated; none where the page contradicts itself.
    pub fn language(&self, linked: Option<&LinkedArticle>) -> Option<String> {
        let element = self.language.as_deref().and_then(language_tag);
        let told = linked.and_then(|linked| linked.language.as_deref()).and_then(language_tag);
        let base = |tag: &String| tag.split('-').next().map(str::to_owned);
        match (element, told) {
            (Some(element), Some(told)) if base(&element) != base(&told) => None,
            (None, None) => self.values(Fact::Language).find_map(language_tag),
            (element, told) => element.or(told),
        }
    }

    /// The texts of the visible `h1`s.
    pub fn visible_headings(&self, tree: &Tree<'_>, blocks: &Blocks) -> Vec<String> {
        let never = flag::NEVER | flag::NAV | flag::FOOTER;
        let visible = self.headings.iter().filter(|id| blocks.flags[**id as usize] & never == 0);
        visible
            .take(20)
            .map(|id| super::byline::text_of(tree, blocks, *id, 400).replace(" | ", " "))
            .filter(|text| !text.is_empty())
            .collect()
    }
}

/// The domain of an address, without `www.`.
fn host(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    let host = rest.split(['/', '?', '#', ':']).next()?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    (host.contains('.')).then_some(host)
}

/// `en_us` as `en-US`; none if it is no language tag.
fn language_tag(text: &str) -> Option<String> {
    let mut parts = text.trim().split(['-', '_']);
    let base = parts.next()?.to_ascii_lowercase();
    if !(2..=3).contains(&base.len()) || !base.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return None;
    }
    let mut tag = base;
    for part in parts.take(3) {
        if !part.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            break;
        }
        match part.len() {
            2 => tag = format!("{tag}-{}", part.to_ascii_uppercase()),
            4 => tag = format!("{tag}-{}{}", part[..1].to_ascii_uppercase(), part[1..].to_ascii_lowercase()),
            3 if part.bytes().all(|byte| byte.is_ascii_digit()) => tag = format!("{tag}-{part}"),
            _ => break,
        }
    }
    Some(tag)
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

/// The beginning of a text, no longer than `most` bytes.
fn cut(text: &str, most: usize) -> &str {
    if text.len() <= most {
        return text;
    }
    let end = (0..=most).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    &text[..end]
}
