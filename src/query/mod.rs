//! From what a person types to what the engine runs: text to tree to tantivy query.

mod ast;
mod error;
mod filters;
mod outline;
mod parse;
mod print;
mod reference;

pub use ast::{Kind, Node, Part, Presence};
pub use error::QueryError;
pub use filters::{column_named, dates_between};
pub use outline::{outline, outline_with};
pub use parse::{Parsed, parse, parse_any};
pub use reference::REFERENCE;
