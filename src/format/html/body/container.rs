//! Which element holds the article.

use super::super::flag;
use super::super::tag::Tag;
use super::super::tree::{Name, NodeId, ROOT};
use super::Search;

impl Search<'_, '_> {
    /// The element that holds the article: down from the root as long as one child holds nearly all.
    pub(super) fn container(&self) -> NodeId {
        let mut at = self.start();
        loop {
            let total = self.sums[at as usize];
            let mut best: Option<NodeId> = None;
            for child in self.tree.children(at) {
                if best.is_none_or(|best| self.sums[child as usize] > self.sums[best as usize]) {
                    best = Some(child);
                }
            }
            let Some(best) = best else { return at };
            let own = self.blocks.own[best as usize];
            let above = self.blocks.flags[at as usize];
            let share = if self.blocks.own[at as usize] & flag::ARTICLE_BODY != 0 {
                // what stands in the body is the body
                0.97
            } else if own & flag::ARTICLE_BODY != 0 {
                0.4
            } else if own & (flag::BODY | flag::ARTICLE | flag::MAIN) != 0 {
                0.5
            } else if above & (flag::BODY | flag::ARTICLE) != 0 {
                0.85
            } else {
                0.75
            };
            let tag = self.tree.tag(best);
            if total == 0 || (self.sums[best as usize] as f32) < share * total as f32 {
                return at;
            }
            // a paragraph is no container, and one of several of a kind is only a part
            if matches!(tag, Some(Tag::P | Tag::Li | Tag::Blockquote) | None) || self.has_twins(at, best) {
                return at;
            }
            at = best;
        }
    }

    /// Where to begin: the `article` round the headline if it holds a text, else the root.
    pub(super) fn start(&self) -> NodeId {
        let Some(heading) = self.heading else { return ROOT };
        let total = self.sums[ROOT as usize];
        for id in self.tree.ancestors(self.blocks.list[heading].node) {
            let sum = self.sums[id as usize];
            if self.blocks.own[id as usize] & flag::ARTICLE != 0 && (sum >= 600 || sum * 2 >= total) && sum > 0 {
                return id;
            }
        }
        ROOT
    }

    /// Whether a sibling of the same name and first class holds running text too.
    pub(super) fn has_twins(&self, parent: NodeId, child: NodeId) -> bool {
        let class = |id: NodeId| {
            self.tree
                .raw_attribute(id, Name::Class)
                .and_then(|class| class.split_ascii_whitespace().next())
                .unwrap_or("")
        };
        let (tag, name) = (self.tree.tag(child), class(child));
        self.tree.children(parent).any(|other| {
            other != child && self.sums[other as usize] >= 80 && self.tree.tag(other) == tag && class(other) == name
        })
    }
}
