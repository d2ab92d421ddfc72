//! The element names that matter to a reader of pages, and what the HTML parser must know about each.
//!
//! Every other name is [`Tag::Other`] and behaves like `span`.

macro_rules! tags {
    ($($variant:ident $name:literal)*) => {
        /// An element's name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Tag {
            /// The root of the tree.
            Document,
            /// Any name not listed, custom elements among them.
            Other,
            $(#[doc = $name] $variant,)*
        }

        impl Tag {
            /// Names known.
            pub const COUNT: usize = [Self::Document, Self::Other, $(Self::$variant),*].len();

            /// By lower-case name.
            pub fn named(name: &[u8]) -> Self {
                $(const $variant: &[u8] = $name.as_bytes();)*
                #[allow(non_upper_case_globals, reason = "the constants carry the variants' names")]
                match name {
                    $($variant => Self::$variant,)*
                    _ => Self::Other,
                }
            }
        }
    };
}

mod names {
    #![allow(non_upper_case_globals, reason = "the constants carry the variants' names")]
    tags! {
        A "a" Abbr "abbr" Address "address" Article "article" Aside "aside" Audio "audio" B "b" Base "base" Big "big"
        Blockquote "blockquote" Body "body" Br "br" Button "button" Canvas "canvas" Caption "caption" Center "center"
        Cite "cite" Code "code" Col "col" Colgroup "colgroup" Dd "dd" Del "del" Details "details" Dialog "dialog" Div "div"
        Dl "dl" Dt "dt" Em "em" Embed "embed" Fieldset "fieldset" Figcaption "figcaption" Figure "figure" Font "font"
        Footer "footer" Form "form" Frame "frame" Frameset "frameset" H1 "h1" H2 "h2" H3 "h3" H4 "h4" H5 "h5" H6 "h6"
        Head "head" Header "header" Hgroup "hgroup" Hr "hr" Html "html" I "i" Iframe "iframe" Img "img" Input "input"
        Ins "ins" Label "label" Legend "legend" Li "li" Link "link" Main "main" Map "map" Math "math" Menu "menu"
        Meta "meta" Nav "nav" Noembed "noembed" Noframes "noframes" Noscript "noscript" Object "object" Ol "ol"
        Optgroup "optgroup" Option "option" P "p" Param "param" Picture "picture" Pre "pre" Q "q" S "s" Script "script"
        Section "section" Select "select" Small "small" Source "source" Span "span" Strike "strike" Strong "strong"
        Style "style" Sub "sub" Summary "summary" Sup "sup" Svg "svg" Table "table" Tbody "tbody" Td "td"
        Template "template" Textarea "textarea" Tfoot "tfoot" Th "th" Thead "thead" Time "time" Title "title" Tr "tr"
        Track "track" Tt "tt" U "u" Ul "ul" Var "var" Video "video" Wbr "wbr" Xmp "xmp" Area "area"
    }
}

pub use names::Tag;

impl Tag {
    /// By name in any case.
    pub fn read(name: &str) -> Self {
        let mut lower = [0; 12];
        let Some(lower) = lower.get_mut(..name.len()) else { return Self::Other };
        lower.copy_from_slice(name.as_bytes());
        lower.make_ascii_lowercase();
        Self::named(lower)
    }

    /// Never has content.
    pub fn is_void(self) -> bool {
        matches!(
            self,
            Self::Area
                | Self::Base
                | Self::Br
                | Self::Col
                | Self::Embed
                | Self::Frame
                | Self::Hr
                | Self::Img
                | Self::Input
                | Self::Link
                | Self::Meta
                | Self::Param
                | Self::Source
                | Self::Track
                | Self::Wbr
        )
    }

    /// Content is text up to the end tag, whatever it looks like.
    pub fn is_raw_text(self) -> bool {
        matches!(
            self,
            Self::Script | Self::Style | Self::Textarea | Self::Title | Self::Iframe | Self::Xmp | Self::Noembed
        )
    }

    /// Starts and ends a line of text.
    pub fn is_block(self) -> bool {
        matches!(
            self,
            Self::Document
                | Self::Address
                | Self::Article
                | Self::Aside
                | Self::Blockquote
                | Self::Body
                | Self::Caption
                | Self::Center
                | Self::Dd
                | Self::Details
                | Self::Dialog
                | Self::Div
                | Self::Dl
                | Self::Dt
                | Self::Fieldset
                | Self::Figcaption
                | Self::Figure
                | Self::Footer
                | Self::Form
                | Self::H1
                | Self::H2
                | Self::H3
                | Self::H4
                | Self::H5
                | Self::H6
                | Self::Head
                | Self::Header
                | Self::Hgroup
                | Self::Hr
                | Self::Html
                | Self::Legend
                | Self::Li
                | Self::Main
                | Self::Menu
                | Self::Nav
                | Self::Ol
                | Self::Optgroup
                | Self::Option
                | Self::P
                | Self::Pre
                | Self::Section
                | Self::Summary
                | Self::Table
                | Self::Tbody
                | Self::Td
                | Self::Tfoot
                | Self::Th
                | Self::Thead
                | Self::Tr
                | Self::Ul
                | Self::Xmp
        )
    }

    /// A start tag of it ends an open paragraph.
    pub fn ends_paragraph(self) -> bool {
        self.is_block()
            && !matches!(
                self,
                Self::Td
                    | Self::Th
                    | Self::Tr
                    | Self::Tbody
                    | Self::Thead
                    | Self::Tfoot
                    | Self::Caption
                    | Self::Legend
                    | Self::Option
                    | Self::Optgroup
                    | Self::Head
                    | Self::Html
                    | Self::Body
            )
    }

    /// Bounds what an end tag or an implied end can reach.
    pub fn is_scope(self) -> bool {
        matches!(
            self,
            Self::Document
                | Self::Html
                | Self::Table
                | Self::Td
                | Self::Th
                | Self::Caption
                | Self::Template
                | Self::Object
        )
    }

    /// `h1` to `h6`.
    pub fn is_heading(self) -> bool {
        matches!(self, Self::H1 | Self::H2 | Self::H3 | Self::H4 | Self::H5 | Self::H6)
    }

    /// Belongs in `head`, and does not end it.
    pub fn is_head_content(self) -> bool {
        matches!(
            self,
            Self::Base
                | Self::Link
                | Self::Meta
                | Self::Noscript
                | Self::Script
                | Self::Style
                | Self::Template
                | Self::Title
        )
    }
}
