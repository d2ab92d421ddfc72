//! From what a person types to what the engine runs: text to tree to tantivy query.

mod ast;
mod compile;
mod names;
mod text;

pub use ast::{Kind, Node, Part, Presence};
pub use compile::{Compiler, compile};
pub use names::NamedValues;
pub use text::matches as fits_pattern;
