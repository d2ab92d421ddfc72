//! From what a person types to what the engine runs: text to tree to tantivy query.

mod ast;
mod beginning;
mod best_picked;
mod compile;
mod dated;
mod days;
mod error;
mod excluded;
mod expand;
mod folded;
mod holding;
mod names;
mod notes;
mod outline;
mod parse;
mod picked;
mod print;
mod raise;
mod reference;
mod somebody;
mod span;
mod text;
mod within_days;

pub use ast::{Kind, Node, Part, Presence};
pub use compile::{Compiler, compile, compile_apart, stem_languages};
pub use error::QueryError;
pub use expand::{fits_pattern, fold_pattern, near_word};
pub use folded::FoldedValues;
pub use names::NamedValues;
pub use notes::notes;
pub use outline::{outline, outline_with};
pub use parse::{Parsed, nearest, parse, parse_any};
pub use raise::{Raises, ScoredRaises, SegmentRaises};
pub use reference::REFERENCE;
pub use span::Effort;
pub use text::LEAD_WORDS;
