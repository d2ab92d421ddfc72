//! What an element says of all text inside it, as bits: by its name, its classes, its attributes.

use rustc_hash::FxHashMap;

use super::hints::{self, Hint};
use super::tag::Tag;
use super::tree::{Name, NodeId, Tree};

/// Never visible text: scripts, controls, pictures.
pub const NEVER: u32 = 1;
/// Hidden by an attribute.
pub const HIDDEN: u32 = 1 << 1;
/// A link.
pub const LINK: u32 = 1 << 2;
/// `nav`, a menu, or the like.
pub const NAV: u32 = 1 << 3;
/// `footer`.
pub const FOOTER: u32 = 1 << 4;
/// `header`.
pub const HEADER: u32 = 1 << 5;
/// `aside`.
pub const ASIDE: u32 = 1 << 6;
/// `form`.
pub const FORM: u32 = 1 << 7;
/// A figure or its caption.
pub const FIGURE: u32 = 1 << 8;
/// A class or id says it is not the text.
pub const DROP: u32 = 1 << 9;
/// A class, id or itemprop says it holds the text.
pub const BODY: u32 = 1 << 10;
/// `article`.
pub const ARTICLE: u32 = 1 << 11;
/// `main`.
pub const MAIN: u32 = 1 << 12;
/// A list item or definition.
pub const ITEM: u32 = 1 << 13;
/// A quotation.
pub const QUOTE: u32 = 1 << 14;
/// A table cell.
pub const CELL: u32 = 1 << 15;
/// Names the author.
pub const BYLINE: u32 = 1 << 16;
/// Names the day.
pub const DATE: u32 = 1 << 17;
/// `itemprop="articleBody"`.
pub const ARTICLE_BODY: u32 = 1 << 18;
/// `noscript`.
pub const NOSCRIPT: u32 = 1 << 19;
/// Set in bold or emphasised.
pub const BOLD: u32 = 1 << 20;

/// A class says it is not the text, whatever it holds.
pub const HARD: u32 = 1 << 21;
/// A class says it is the text under the headline.
pub const LEAD: u32 = 1 << 22;
/// A class says it belongs to a picture.
pub const PICTURE: u32 = 1 << 23;
/// Hidden from readers of the screen aloud only: `aria-hidden`.
pub const SILENT: u32 = 1 << 24;

/// Bits of an element that is cut out whole if it does not hold most of the text.
pub const CUT: u32 = NAV | FOOTER | ASIDE | FORM | FIGURE | DROP | HARD | PICTURE;

/// What an element says itself. `classes` remembers what class names say.
pub fn of<'a>(tree: &Tree<'a>, id: NodeId, tag: Tag, classes: &mut FxHashMap<&'a str, Hint>) -> u32 {
    let mut flags = match tag {
        Tag::Script
        | Tag::Style
        | Tag::Head
        | Tag::Template
        | Tag::Iframe
        | Tag::Svg
        | Tag::Math
        | Tag::Button
        | Tag::Select
        | Tag::Textarea
        | Tag::Object
        | Tag::Audio
        | Tag::Video
        | Tag::Canvas
        | Tag::Noembed
        | Tag::Title
        | Tag::Map
        | Tag::Input => NEVER,
        Tag::A => LINK,
        Tag::Nav | Tag::Menu => NAV,
        Tag::Footer => FOOTER,
        Tag::Header => HEADER,
        Tag::Aside | Tag::Dialog => ASIDE,
        Tag::Form | Tag::Fieldset | Tag::Label => FORM,
        Tag::Figure | Tag::Figcaption | Tag::Caption => FIGURE,
        Tag::Article => ARTICLE,
        Tag::Main => MAIN,
        Tag::Li | Tag::Dd | Tag::Dt => ITEM,
        Tag::Blockquote => QUOTE,
        Tag::Td | Tag::Th => CELL,
        Tag::Noscript => NOSCRIPT,
        Tag::Address => BYLINE,
        Tag::Time => DATE,
        Tag::B | Tag::Strong | Tag::Em => BOLD,
        _ => 0,
    };
    if matches!(tag, Tag::Html | Tag::Body) {
        return flags;
    }
    for (name, value) in tree.attributes(id) {
        match name {
            Name::Class | Name::Id | Name::Data => {
                let hint = match classes.get(value) {
                    Some(hint) => *hint,
                    None => {
                        let hint = hints::read(value);
                        classes.insert(value, hint);
                        hint
                    }
                };
                for (said, bit) in [
                    (Hint::DROP, DROP),
                    (Hint::HARD, HARD),
                    (Hint::FIGURE, PICTURE),
                    (Hint::LEAD, LEAD),
                    (Hint::BODY, BODY),
                    (Hint::BYLINE, BYLINE),
                    (Hint::DATE, DATE),
                ] {
                    if hint.has(said) {
                        flags |= bit;
                    }
                }
                if hint.has(Hint::HIDDEN) && *name == Name::Class {
                    flags |= HIDDEN;
                }
            }
            Name::Hidden => flags |= HIDDEN,
            Name::AriaHidden if value.eq_ignore_ascii_case("true") => flags |= SILENT,
            Name::Style if hides(value) => flags |= HIDDEN,
            Name::Role => match value.to_ascii_lowercase().as_str() {
                "navigation" | "menu" | "menubar" | "search" | "tablist" | "toolbar" => flags |= NAV,
                "complementary" | "dialog" | "alert" | "alertdialog" => flags |= ASIDE,
                "contentinfo" => flags |= FOOTER,
                "article" => flags |= ARTICLE,
                "main" => flags |= MAIN,
                _ => {}
            },
            Name::Itemprop => {
                for property in value.split_ascii_whitespace() {
                    match property {
                        "articleBody" => flags |= ARTICLE_BODY | BODY,
                        "author" | "creator" => flags |= BYLINE,
                        "datePublished" | "dateCreated" => flags |= DATE,
                        "comment" => flags |= DROP,
                        _ => {}
                    }
                }
            }
            Name::Rel if value.split_ascii_whitespace().any(|rel| rel == "author") => flags |= BYLINE,
            _ => {}
        }
    }
    flags
}

fn hides(style: &str) -> bool {
    let Some(at) = memchr::memmem::find(style.as_bytes(), b"display") else {
        return style.contains("visibility:hidden") || style.contains("visibility: hidden");
    };
    style[at + 7..].trim_start().strip_prefix(':').is_some_and(|rest| rest.trim_start().starts_with("none"))
}
