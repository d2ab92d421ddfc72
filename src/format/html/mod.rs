//! Web pages: one article a page, found among menus, teasers and comments.
//!
//! ```text
//! text -parse-> Tree -block-> Blocks -body-> the article's text
//!                    -page-> what head, JSON-LD and microdata say -title, byline, published-> its facts
//! ```

mod block;
mod body;
mod byline;
mod flag;
mod hints;
mod labels;
mod linked_data;
mod page;
mod parse;
mod published;
mod tag;
mod title;
mod tree;
mod words;

use crate::archive::{Skip, SkipReason, Warning};
use crate::article::{Article, Draft, Origin};
use crate::date::Order;
use crate::format::Context;

use linked_data::LinkedArticle;

/// Reads the article of a page, already decoded.
///
/// # Errors
/// A page without an article's text, or one that only points to another.
pub fn article(html: &str, context: &Context, number: u64) -> Result<Draft, Skip> {
    let skip =
        |reason, detail: &str| Skip { reason, path: context.path.clone(), record: number, detail: detail.to_owned() };
    let tree = parse::parse(html);
    let page = page::Page::read(&tree);
    let blocks = block::Blocks::read(&tree);
    let url = page.url().or_else(|| context.url.clone());
    let sites = page.sites(url.as_deref());
    let headings = page.visible_headings(&tree, &blocks);
    let linked = own_article(&page, url.as_deref(), &headings);
    let title = title::choose(&page, linked, &headings, &sites, |line| blocks.shows(line));
    let lead = page.values(hints::Fact::Lead).next().unwrap_or("");
    let mut body = body::find(&tree, &blocks, body::Known { title: &title, lead });
    if let Some(told) = linked.and_then(|linked| linked.body.as_deref()) {
        body.check(told);
    }
    if body.text.is_empty() {
        return Err(match &page.refresh {
            Some(target) => skip(SkipReason::NotAnArticle, &format!("redirects to {target}")),
            None if page.frames => skip(SkipReason::NotAnArticle, "a page of frames"),
            None => skip(SkipReason::NoText, "a page without running text"),
        });
    }
    let language = page.language(linked).or_else(|| context.language.clone());
    let heading = blocks.heading(&page.headings, &title, body.first);
    let from = blocks.list.get(heading).map_or(0, |block| block.node);
    let nodes = (from.min(body.container).saturating_sub(200), tree.end(body.container).max(from) + 400);
    let place = byline::Place {
        nodes,
        blocks: (heading, body.first + 2),
        language: language.as_deref(),
        sites: &sites,
        cut: &body.cut,
    };
    let authors = byline::find(&tree, &page, &blocks, linked, &place);
    let order = Order::of(language.as_deref());
    let place = published::Place {
        today: context.today,
        blocks: (heading, body.first, body.end),
        nodes,
        order,
        url: url.as_deref(),
        title: &page.title,
        headline: &title,
        cut: &body.cut,
    };
    let (date, refused) = published::find(&tree, &page, &blocks, linked, &place);
    let mut warnings = Vec::new();
    if refused {
        warnings.push(Warning::DateRefused);
    }
    if blocks.cut {
        warnings.push(Warning::TextCut);
    }
    Ok(Draft {
        article: Article {
            title,
            body: body.text,
            source: page.source(linked, url.as_deref()).or_else(|| context.source.clone()),
            authors,
            date: date.map(|(date, _)| date),
            date_from: date.map(|(_, from)| from),
            section: page.section(linked),
            tags: page.tags(linked),
            url,
            language,
            origin: Origin { path: context.path.clone(), record: number },
            ..Article::default()
        },
        warnings,
        ..Draft::default()
    })
}

/// The JSON-LD object of the page's own article: its address or its headline is the page's.
fn own_article<'p>(page: &'p page::Page, url: Option<&str>, headings: &[String]) -> Option<&'p LinkedArticle> {
    let titles: Vec<&str> = headings
        .iter()
        .map(String::as_str)
        .chain(page.values(hints::Fact::Title).take(1))
        .chain([page.title.as_str()])
        .collect();
    page.linked.article(|linked| {
        let same_url = linked.url.as_deref().is_some_and(|told| url == Some(told));
        let headline = linked.headline.as_deref().unwrap_or("");
        same_url || titles.iter().any(|title| title::agreement(title, headline) >= 0.5)
    })
}

#[cfg(test)]
mod tests;
