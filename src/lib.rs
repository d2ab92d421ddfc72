//! dateline: full-text search for news archives.
//!
//! Two flows:
//!
//! ```text
//! paths -archive-> file -format::records-> Record -format::article-> Draft -enrich-> Article
//!       -index::schema-> tantivy document -> segments -> a new generation, verified, then published   (driven by indexer)
//!
//! text + filters -query::parse-> Ast -query::compile-> tantivy Query -search-> SearchResults -> cli output | HTTP JSON | page
//!                                                                     -scan-> every matching Article -> export
//! ```
//!
//! Imports only point down:
//!
//! ```text
//! main, cli > mcp > serve > audit > export > search > indexer, query > resolve > format, enrich, index (never each other) > article > date, archive > facts, order
//! ```

pub mod archive;
pub mod article;
pub mod audit;
pub mod date;
pub mod enrich;
pub mod export;
pub mod facts;
pub mod format;
pub mod index;
pub mod indexer;
pub mod mcp;
mod order;
pub mod query;
pub mod resolve;
pub mod search;
pub mod serve;
