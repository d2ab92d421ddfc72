//! What the archive teaches about names: which full name a surname stands for, in which years, which spellings are one
//! person's, and what is a firm or a place after all. What the user says of names goes above it.
//!
//! Articles keep what they themselves support. What they say of names is added up; at every publish the table is made anew
//! from the sums, and it is applied to values when facets are counted, names searched and articles printed.

mod aliases;
mod evidence;
mod learn;
mod meanings;
mod names;
mod packed;
mod spelling;
mod suggest;
mod table;

pub use aliases::{ALIASES, Aliases};
pub use evidence::Evidence;
pub use names::{Names, USES};
pub use suggest::{Bearer, Merge, Suggestions, Unresolved, suggest};
pub use table::{MEANINGS, NameTable};
