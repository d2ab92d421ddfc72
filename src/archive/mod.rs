//! From paths to readable streams: walks the archive, opens files and containers, and counts what it must leave out.
//!
//! Nothing here knows what an article is. Nothing is ever written to disk or mapped into memory.

mod container;
mod escape;
mod limits;
mod listing;
mod member;
mod peeked;
mod skip;
mod stream;
mod walk;

pub use limits::{Limits, OverLimit};
pub use member::{Contents, Flow, Member, members, open};
pub use peeked::{HEAD, Peeked};
pub use skip::{Skip, SkipReason, Warning};
pub use stream::reason;
pub use walk::{File, walk};
