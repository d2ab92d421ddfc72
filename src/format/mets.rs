//! METS: what a scanned issue is made of. Its text lies in ALTO files beside it; here is which parts of them are an
//! article, and what the issue is called and when it came out.
//!
//! Articles point at their text themselves, or through links to areas of pages. An issue without articles is read page by
//! page. Layout: <https://www.loc.gov/standards/mets/>

mod facts;
mod issue;
mod issues;
mod links;
mod piece;
pub mod place;

pub use issue::text_files;
pub use issues::Issues;
pub use piece::article;
