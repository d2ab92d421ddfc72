//! Saved searches with the answers expected of them: a file people review, and what became of each.

mod file;
mod measures;
mod record;
mod run;

pub use file::{Expectations, Judged, Matching, Saved};
pub use measures::{Qrels, average_precision, ndcg};
pub use record::{Recorded, record};
pub use run::{Case, check};
