//! From what a person types to what the engine runs: text to tree to tantivy query.

mod ast;
mod compile;
mod expand;
mod names;
mod span;
mod text;

pub use ast::{Kind, Node, Part, Presence};
pub use compile::{Compiler, compile};
pub use expand::{fits_pattern, fold_pattern};
pub use names::NamedValues;
