//! Who wrote it: JSON-LD, meta elements, elements named for the author, the line under the headline.

use super::block::{Blocks, Kind};
use super::flag;
use super::hints::{self, Fact};
use super::labels;
use super::linked_data::LinkedArticle;
use super::page::{Page, squeeze};
use super::tag::Tag;
use super::title::plain;
use super::tree::{NodeId, Tree, decode};

/// Names listed at most.
const MOST: usize = 40;
/// Characters of an author's line.
const LONGEST: usize = 160;

/// Where on the page to look and what to leave out.
pub struct Place<'a> {
    /// First and last node of the article with its headline.
    pub nodes: (NodeId, NodeId),
    /// Indexes of blocks from the headline to the first paragraph.
    pub blocks: (usize, usize),
    /// BCP 47.
    pub language: Option<&'a str>,
    /// Names the site goes by.
    pub sites: &'a [String],
    /// Per node: cut out of the article.
    pub cut: &'a [bool],
}

/// The authors as printed.
pub fn find(
    tree: &Tree<'_>,
    page: &Page,
    blocks: &Blocks,
    linked: Option<&LinkedArticle>,
    place: &Place<'_>,
) -> Vec<String> {
    let is_site = |raw: &str| {
        let name = plain(raw);
        place.sites.iter().any(|site| plain(site) == name) || labels::is_credit(raw)
    };
    let sources: [&dyn Fn() -> Vec<String>; 5] = [
        &|| linked.map(|linked| names(linked.authors.iter().map(String::as_str), place.language)).unwrap_or_default(),
        &|| names(page.values(Fact::Author).take(20), place.language),
        &|| in_elements(tree, blocks, place),
        &|| in_text(blocks, place),
        &|| alone(blocks, place),
    ];
    let mut first = Vec::new();
    for read in sources {
        let mut found = read();
        if found.iter().any(|name| !is_site(name)) {
            // the site beside a person says nothing
            found.retain(|name| !place.sites.iter().any(|site| plain(site) == plain(name)));
            return found;
        }
        if first.is_empty() {
            first = found;
        }
    }
    first
}

/// Names out of lists of names, each once.
fn names<'t>(lines: impl Iterator<Item = &'t str>, language: Option<&str>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for line in lines {
        for name in split(line, language) {
            if names.len() < MOST && !names.iter().any(|known| plain(known) == plain(&name)) {
                names.push(name);
            }
        }
    }
    names
}

/// Cuts `By A. Author and B. Author, Agency` into names.
fn split(line: &str, language: Option<&str>) -> Vec<String> {
    let line = squeeze(&decode(line));
    let mut line = line.as_str();
    if line.contains("://") {
        return Vec::new();
    }
    for _ in 0..2 {
        line = labels::after_byline(line, language).unwrap_or(line);
    }
    let mut names = Vec::new();
    let parts = || line.split([';', '|', '•', '·', '\n']);
    // among labelled parts only those of the author count: `Source: AP | Author: Jane Doe`
    let labelled = parts().any(|part| labels::after_byline(part.trim(), language).is_some());
    for part in parts() {
        let part = match labels::after_byline(part.trim(), language) {
            Some(rest) => rest,
            None if labelled => continue,
            None => part,
        };
        // commas part names only where each side is one
        let pieces: Vec<&str> = part.split([',', '，', '、']).map(str::trim).collect();
        let all = pieces.iter().all(|piece| piece.split(' ').count() >= 2 || piece.is_empty());
        if all {
            for piece in pieces {
                split_and(piece, &mut names);
            }
        } else {
            split_and(pieces[0], &mut names);
        }
    }
    names.into_iter().filter_map(|name| tidy(&name)).collect()
}

fn split_and(part: &str, names: &mut Vec<String>) {
    let words: Vec<&str> = part.split(' ').filter(|word| !word.is_empty()).collect();
    let mut from = 0;
    for (at, word) in words.iter().enumerate() {
        let joins = *word == "&" || hints::joins_names(word);
        // two words on each side, so that a name's own particle stays
        if joins && at >= from + 2 && at + 2 < words.len() + usize::from(*word == "&") {
            names.push(words[from..at].join(" "));
            from = at + 1;
        }
    }
    names.push(words[from..].join(" "));
}

/// A name without what stands round it; `None` if it cannot be one.
fn tidy(name: &str) -> Option<String> {
    let name = match name.find('(') {
        Some(at) if at > 2 => &name[..at],
        _ => name,
    };
    let name = name.trim_matches(|char: char| {
        char.is_whitespace() || matches!(char, ',' | ':' | '-' | '–' | '—' | '|' | '*' | '"' | '“' | '”' | '@')
    });
    let words = name.split_whitespace().count();
    // `Jane Doe Jane Doe`: a picture's text and the link beside it
    let halves: Vec<&str> = name.split_whitespace().collect();
    let (front, back) = halves.split_at(halves.len() / 2);
    let name = if !front.is_empty() && front == back { name[..name.len() / 2].trim() } else { name };
    let wrong = name.is_empty()
        || hints::is_nobody(name)
        || words > 8
        || name.chars().count() > 80
        || name.contains("://")
        || name.contains("www.")
        || name.contains('@')
        || name.contains(['<', '>', '{', '}', '='])
        || !name.chars().any(char::is_alphabetic)
        || name.chars().filter(char::is_ascii_digit).count() > 4;
    (!wrong).then(|| name.to_owned())
}

/// Elements of a class, rel or itemprop that names the author.
fn in_elements(tree: &Tree<'_>, blocks: &Blocks, place: &Place<'_>) -> Vec<String> {
    let mut lines: Vec<(NodeId, String)> = Vec::new();
    let mut id = place.nodes.0;
    let never = flag::NEVER | flag::NAV | flag::ASIDE;
    let outside = |id: NodeId| {
        let flags = blocks.flags[id as usize];
        // a footer of the article itself names its author
        flags & never != 0
            || (flags & flag::FOOTER != 0 && flags & flag::ARTICLE == 0)
            || (place.cut[id as usize] && flags & (flag::HARD | flag::FORM) != 0)
    };
    while id < place.nodes.1.min(tree.nodes.len() as NodeId) && lines.len() < 8 {
        if blocks.own[id as usize] & flag::BYLINE == 0 || outside(id) {
            id += 1;
            continue;
        }
        let end = tree.end(id);
        // the links in it are the names, where they can be
        let linked = (id..end.min(id + 200)).filter(|inner| tree.tag(*inner) == Some(Tag::A)).take(12);
        let mut some = false;
        for link in linked {
            let text = text_of(tree, blocks, link, LONGEST);
            if text.split_whitespace().count() >= 2 && text.chars().count() <= 60 && is_name(&text) {
                lines.push((link, text));
                some = true;
            }
        }
        if !some {
            let text = text_of(tree, blocks, id, LONGEST * 2);
            if !text.is_empty() && text.chars().count() <= LONGEST {
                lines.push((id, text));
            }
        }
        id = end.max(id + 1);
    }
    let Some((first, _)) = lines.first() else { return Vec::new() };
    let first = *first;
    // further ones right beside the first are co-authors
    let near = lines.iter().filter(|(id, _)| *id < first + 60).map(|(_, text)| text.as_str());
    let found = names(near.filter(|text| names_someone(text, place.language)), place.language);
    // a user's name is one word, with or without capitals and digits
    let is_user = |name: &str| !name.contains(' ') && name.chars().count() > 2 && !labels::is_label(name);
    found.into_iter().filter(|name| is_name(name) || is_user(name)).collect()
}

fn names_someone(text: &str, language: Option<&str>) -> bool {
    let text = labels::after_byline(text, language).unwrap_or(text);
    text.split_whitespace().count() <= 14
}

/// Whether a text can be a person or a desk: no sentence, no label.
fn is_name(name: &str) -> bool {
    let words = name.split_whitespace().count();
    words <= 6
        && !name.chars().any(|char| char.is_ascii_digit())
        && name.chars().next().is_some_and(|first| first.is_uppercase() || !first.is_lowercase())
        && !labels::is_label(name)
}

/// A line `By Jane Doe` between the headline and the text.
fn in_text(blocks: &Blocks, place: &Place<'_>) -> Vec<String> {
    let (from, to) = place.blocks;
    for block in blocks.list.iter().take(to).skip(from) {
        if block.chars as usize > LONGEST || block.flags & flag::NEVER != 0 {
            continue;
        }
        let text = blocks.text(block);
        for line in text.lines() {
            let Some(rest) = labels::after_byline(line, place.language) else { continue };
            let found: Vec<String> = split(rest, place.language).into_iter().filter(|name| is_name(name)).collect();
            let capital = rest.chars().next().is_some_and(|first| !first.is_lowercase());
            if capital && !found.is_empty() && !labels::ends_sentence(rest) {
                return found;
            }
        }
    }
    Vec::new()
}

/// A bold name as the first line of the text.
fn alone(blocks: &Blocks, place: &Place<'_>) -> Vec<String> {
    let (heading, to) = place.blocks;
    let mut lines = blocks.list.iter().take(to + 1).skip((heading + 1).max(to.saturating_sub(4)));
    let found = lines.find_map(|block| {
        let text = blocks.text(block);
        let words = || text.split(' ');
        let named = block.bold_chars == block.chars
            && block.link_chars == 0
            && (2..=4).contains(&words().count())
            && words().all(|word| word.chars().count() > 1 && word.chars().next().is_some_and(char::is_uppercase))
            && words()
                .all(|word| word.chars().all(|char| char.is_alphabetic() || matches!(char, '-' | '\'' | '’' | '.')));
        (named && !matches!(block.kind, Kind::Heading(_)) && is_name(text)).then(|| text.to_owned())
    });
    found.into_iter().collect()
}

/// The text inside an element, up to a limit.
pub fn text_of(tree: &Tree<'_>, blocks: &Blocks, id: NodeId, most: usize) -> String {
    let mut text = String::new();
    for inner in id..tree.end(id) {
        let node = tree.node(inner);
        if node.tag.is_none() && blocks.flags[inner as usize] & flag::NEVER == 0 {
            text.push_str(&decode(node.text));
            if text.len() > most * 4 {
                break;
            }
        } else if node.tag.is_some_and(|tag| tag.is_block() || tag == Tag::Br) {
            text.push_str(" | ");
        } else if node.tag.is_some() {
            text.push(' ');
        }
    }
    squeeze(&text).trim_matches([' ', '|']).to_owned()
}
