//! What the archive teaches about names: which full name a surname stands for, in which years.
//!
//! Articles keep what they themselves support. Each segment carries its evidence; at every publish the table is made anew
//! from all evidence, and it is applied to values when facets are counted, names searched and articles printed.

mod evidence;
mod table;

pub use evidence::{Evidence, evidence_path};
pub use table::{NAMES, NameTable};
