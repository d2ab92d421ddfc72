//! JSON-LD: what a page tells search engines about its article. The most trusted metadata, and often broken JSON.
//!
//! See <https://schema.org/NewsArticle>. Objects are looked for where pages put the article itself: at the top, in arrays,
//! in `@graph` and `mainEntity`; never among the articles it links to.

use rustc_hash::FxHashMap;
use serde_json::Value;

/// Text of one JSON-LD block that is read at all.
const LONGEST: usize = 2 << 20;
/// Articles looked at on one page.
const MOST: usize = 64;

/// What one JSON-LD object says of an article, texts as written.
#[derive(Clone, Debug, Default)]
pub struct LinkedArticle {
    /// An article, not the page or the video around it.
    pub is_article: bool,
    pub headline: Option<String>,
    pub authors: Vec<String>,
    pub published: Option<String>,
    pub publisher: Option<String>,
    pub sections: Vec<String>,
    pub keywords: Vec<String>,
    pub language: Option<String>,
    pub url: Option<String>,
    pub body: Option<String>,
}

/// Everything the page's JSON-LD blocks say, in order; the publisher of the site for all.
#[derive(Clone, Debug, Default)]
pub struct LinkedData {
    pub articles: Vec<LinkedArticle>,
    pub site: Option<String>,
    names: FxHashMap<String, String>,
    /// When the page round the article was published.
    page_published: Option<String>,
}

impl LinkedData {
    /// Reads the content of one `script` element.
    pub fn add(&mut self, script: &str) {
        let text = script.trim();
        if text.is_empty() || text.len() > LONGEST {
            return;
        }
        let parsed = serde_json::from_str::<Value>(text).ok().map(|value| vec![value]);
        let values = parsed.unwrap_or_else(|| {
            let repaired = repair(text);
            serde_json::Deserializer::from_str(&repaired).into_iter::<Value>().map_while(Result::ok).collect()
        });
        if values.is_empty()
            && let Some(article) = scavenge(text)
        {
            self.articles.push(article);
        }
        for value in &values {
            self.note_names(value, 0);
        }
        for value in &values {
            self.walk(value, 0);
        }
        // the page's date is that of an article on it which states none
        if let Some(published) = &self.page_published {
            for article in self.articles.iter_mut().filter(|found| found.is_article) {
                article.published.get_or_insert_with(|| published.clone());
            }
        }
    }

    /// The object about the page's own article, best first: an article before the page around it, the one whose headline
    /// or address the page repeats before others.
    pub fn article(&self, is_own: impl Fn(&LinkedArticle) -> bool) -> Option<&LinkedArticle> {
        let articles = || self.articles.iter().filter(|found| found.is_article);
        articles().find(|found| is_own(found)).or_else(|| {
            // several that all miss: a page of teasers
            articles().next()
        })
    }

    /// Names given once and pointed to by `@id`.
    fn note_names(&mut self, value: &Value, depth: usize) {
        if depth > 4 || self.names.len() > 1000 {
            return;
        }
        match value {
            Value::Array(items) => items.iter().take(1000).for_each(|item| self.note_names(item, depth + 1)),
            Value::Object(object) => {
                if let (Some(id), Some(name)) = (text_of(object.get("@id")), text_of(object.get("name"))) {
                    self.names.entry(id).or_insert(name);
                }
                for key in ["@graph", "author", "publisher", "mainEntity"] {
                    if let Some(inner) = object.get(key) {
                        self.note_names(inner, depth + 1);
                    }
                }
            }
            _ => {}
        }
    }

    fn walk(&mut self, value: &Value, depth: usize) {
        if depth > 8 || self.articles.len() >= MOST {
            return;
        }
        match value {
            Value::Array(items) => items.iter().take(1000).for_each(|item| self.walk(item, depth + 1)),
            Value::Object(object) => {
                let kind = Kind::of(object.get("@type"));
                match kind {
                    Kind::Article | Kind::Page => {
                        let article = self.read(object, kind == Kind::Article);
                        let is_page = text_of(object.get("@type")).is_some_and(|name| name.ends_with("WebPage"));
                        if is_page && self.page_published.is_none() {
                            self.page_published = text_of(object.get("datePublished"));
                        }
                        self.articles.push(article);
                    }
                    Kind::Site => {
                        if self.site.is_none() {
                            self.site = text_of(object.get("name"));
                        }
                    }
                    Kind::Other => {}
                }
                for key in ["@graph", "mainEntity", "mainEntityOfPage", "item", "about"] {
                    if key == "about" && kind != Kind::Page {
                        continue;
                    }
                    if let Some(inner) = object.get(key) {
                        self.walk(inner, depth + 1);
                    }
                }
            }
            _ => {}
        }
    }

    fn read(&self, object: &serde_json::Map<String, Value>, is_article: bool) -> LinkedArticle {
        let text = |key: &str| text_of(object.get(key));
        let mut authors = self.names_of(object.get("author"));
        if authors.is_empty() {
            authors = self.names_of(object.get("creator"));
        }
        LinkedArticle {
            is_article,
            headline: text("headline").or_else(|| text("name")),
            authors,
            published: text("datePublished").or_else(|| text("dateCreated")).or_else(|| text("uploadDate")),
            publisher: self.names_of(object.get("publisher")).into_iter().next(),
            sections: self.names_of(object.get("articleSection")),
            keywords: self.names_of(object.get("keywords")),
            language: text("inLanguage"),
            url: text("url").or_else(|| text("mainEntityOfPage")).or_else(|| text("@id")),
            body: text("articleBody"),
        }
    }

    /// Names from a string, an object, or a list of either.
    fn names_of(&self, value: Option<&Value>) -> Vec<String> {
        let mut names = Vec::new();
        self.collect_names(value, &mut names, 0);
        names
    }

    fn collect_names(&self, value: Option<&Value>, names: &mut Vec<String>, depth: usize) {
        if names.len() >= 200 || depth > 3 {
            return;
        }
        match value {
            Some(Value::String(name)) if !name.trim().is_empty() && !is_address(name) => names.push(clean(name)),
            Some(Value::Array(items)) => {
                for item in items {
                    self.collect_names(Some(item), names, depth + 1);
                }
            }
            Some(Value::Object(object)) => {
                if object.contains_key("name") {
                    self.collect_names(object.get("name"), names, depth + 1);
                } else if let Some(given) = text_of(object.get("givenName")) {
                    let family = text_of(object.get("familyName")).unwrap_or_default();
                    names.push(format!("{given} {family}").trim().to_owned());
                } else if let Some(name) = text_of(object.get("@id")).and_then(|id| self.names.get(&id)) {
                    names.push(name.clone());
                } else {
                    self.collect_names(object.get("@value").or_else(|| object.get("alternateName")), names, depth + 1);
                }
            }
            _ => {}
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Article,
    Page,
    Site,
    Other,
}

impl Kind {
    fn of(value: Option<&Value>) -> Self {
        match value {
            Some(Value::String(name)) => Self::named(name),
            Some(Value::Array(names)) => {
                let mut kinds = names.iter().filter_map(Value::as_str).map(Self::named);
                kinds.find(|kind| *kind != Self::Other).unwrap_or(Self::Other)
            }
            _ => Self::Other,
        }
    }

    fn named(name: &str) -> Self {
        let name = name.rsplit(['/', ':', '#']).next().unwrap_or(name);
        match name {
            "Report"
            | "BlogPosting"
            | "LiveBlogPosting"
            | "SocialMediaPosting"
            | "DiscussionForumPosting"
            | "Review"
            | "CriticReview"
            | "ClaimReview"
            | "Recipe" => Self::Article,
            _ if name.ends_with("Article") => Self::Article,
            "WebPage" | "ItemPage" | "AboutPage" | "MediaGallery" | "ImageGallery" | "VideoObject" | "CreativeWork" => {
                Self::Page
            }
            "WebSite" | "NewsMediaOrganization" | "Organization" => Self::Site,
            _ => Self::Other,
        }
    }
}

/// A string, or the string inside `{"@value": …}`, `{"@id": …}`, `{"name": …}` or a list's first item.
fn text_of(value: Option<&Value>) -> Option<String> {
    let text = match value? {
        Value::String(text) => text.as_str(),
        Value::Array(items) => return text_of(items.first()),
        Value::Object(object) => {
            let inner = ["@value", "name", "@id", "url", "alternateName"].iter().find_map(|key| object.get(*key));
            return match inner {
                Some(Value::String(text)) => Some(clean(text)),
                _ => None,
            };
        }
        Value::Number(number) => return Some(number.to_string()),
        _ => return None,
    };
    (!text.trim().is_empty()).then(|| clean(text))
}

fn is_address(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with("http://") || text.starts_with("https://") || text.starts_with("//") || text.starts_with("www.")
}

/// Many sites put escaped HTML into JSON.
fn clean(text: &str) -> String {
    super::tree::decode(text.trim()).into_owned()
}

/// Makes JSON of what pages write for it: wrappers of comments and CDATA, raw control characters and line breaks in
/// strings, trailing commas, wrong escapes, a semicolon at the end.
fn repair(text: &str) -> String {
    let decoded;
    let text = if text.contains("{&quot;") {
        decoded = super::tree::decode(text);
        &*decoded
    } else {
        text
    };
    let start = text.find(['{', '[']).unwrap_or(text.len());
    // `//<![CDATA[` and `<![CDATA[` hold a bracket themselves
    let start = match text[..start].rfind("<!") {
        Some(_) if text[start..].starts_with("[CDATA[") => start + 7 + text[start + 7..].find(['{', '[']).unwrap_or(0),
        _ => start,
    };
    let mut out = String::with_capacity(text.len());
    let mut in_string = false;
    let mut chars = text[start..].chars().peekable();
    while let Some(char) = chars.next() {
        if in_string {
            match char {
                '"' => in_string = false,
                '\\' => {
                    match chars.next() {
                        Some(next @ ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' | 'u')) => {
                            out.push('\\');
                            out.push(next);
                        }
                        Some(next) if !next.is_control() => out.push(next),
                        _ => {}
                    }
                    continue;
                }
                _ if char.is_control() => {
                    out.push(' ');
                    continue;
                }
                _ => {}
            }
            out.push(char);
            continue;
        }
        match char {
            '"' => {
                in_string = true;
                out.push(char);
            }
            '}' | ']' => {
                let kept = out.trim_end();
                let kept = kept.strip_suffix(',').unwrap_or(kept).len();
                out.truncate(kept);
                out.push(char);
            }
            ';' => {}
            '<' | '/' => {
                // the end of a wrapper: `//]]>`, `-->`
                out.push(' ');
            }
            _ => out.push(char),
        }
    }
    out
}

/// From JSON beyond repair: the plain values of the keys that matter most.
fn scavenge(text: &str) -> Option<LinkedArticle> {
    let value = |key: &str| -> Option<String> {
        let at = text.find(key)? + key.len();
        let rest = text[at..].trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
        let end = rest.find(['"', '\n'])?;
        let found = rest[..end].trim();
        (!found.is_empty() && found.len() < 300).then(|| clean(found))
    };
    let is_article = text.contains("Article\"") || text.contains("BlogPosting\"");
    let published = value("\"datePublished\"")?;
    let author = text.find("\"author\"").and_then(|at| {
        let rest = &text[at + 8..];
        let at = rest.find("\"name\"").filter(|at| *at < 120)? + 6;
        let rest = rest[at..].trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
        rest.find('"').map(|end| clean(&rest[..end]))
    });
    Some(LinkedArticle {
        is_article,
        headline: value("\"headline\""),
        authors: author.into_iter().collect(),
        published: Some(published),
        ..LinkedArticle::default()
    })
}
