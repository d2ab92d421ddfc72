//! What keeps an archive honest when machines rebuild it at night: is the index whole, what changed, does it still answer as
//! expected, and may it be published at all.

pub mod check;
mod difference;
mod gates;
mod limit;
mod moved;
mod report;
mod rhythm;
mod verify;

pub use difference::{ArticleLine, Difference, Side, difference};
pub use gates::{Gates, Refused};
pub use limit::{Limit, Threshold};
pub use moved::{Moved, Silent};
pub use report::{Outcome, Report};
pub use rhythm::{Gap, gaps};
pub use verify::{Finding, Verified, first_harm, verify};
