//! The index on disk: its words, its fields, its generations.

pub mod digest;
mod directory;
pub mod files;
mod generation;
mod interner;
mod inverter;
pub mod manifest;
#[cfg(unix)]
mod read_file;
pub mod records;
mod schema;
mod segment;
mod spread;
mod statistics;
mod stem;
mod store_file;
mod store_writer;
pub mod varint;
mod words;

pub use directory::{Opening, ReadOnlyDirectory};
pub use generation::{Building, IndexDirectory, NoIndex, WriterLock};
pub use schema::{
    ArticleDocument, COLUMNS, Column, FieldValue, Fields, StoredDocument, UnreadableArticle, article, fields,
    for_each_value, with_hints,
};
pub use segment::{SegmentBuilder, each_stored, finish, open, open_withdrawn, sizes_of};
pub use spread::{beside, spread, spread_if, summon_helpers};
pub use statistics::Statistics;
pub use stem::{STEMMER_VERSION, StemLanguage};
pub use words::{LONGEST_WORD, Words, fold, fold_into, fold_onto, folded_words, is_unspaced};
