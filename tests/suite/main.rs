//! The one integration binary: drives `dateline` as a person would. Table of contents:
//!
//! * `sandbox`: a folder to play in, and how the binary is run
//! * `indexing`: what `index` and `extract` do with files, and what they say
//! * `searching`: what the search verbs answer on the sample archive
//! * `serving`: pages, the API and feeds over a socket
//! * `taking`: citations, related articles: what people take along
//! * `timing`: timelines, their gaps and comparisons
//! * `explaining`: how queries were understood, limits, scores
//! * `finding`: which articles queries find, and what holds for any query
//! * `counting`: facets against a count made by hand
//! * `refreshing`: a refresh reads only what changed and answers as a rebuild; kept generations
//! * `killing`: killed, out of space, without permission, beside readers
//! * `gating`: what `index` refuses to publish, and its report
//! * `verifying`: every flipped byte is found, and no search panics over one
//! * `comparing`: what `diff` names, and its thresholds
//! * `checking`: saved searches and what is expected of them
//! * `recipes`: the CI recipes of README.md run
//! * `sameness`: the same index and answers whatever the number of threads
//! * `printing`: formats, schemas, colour, pipes
//! * `failing`: every error in one clear line, with its exit code
//! * `formats`: fixture twins, input and expected articles
//! * `readme`: the console blocks of README.md run
//! * `corpora`: real archives, where they are at hand

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test may fail, and says what it skips")]

mod checking;
mod comparing;
mod corpora;
mod counting;
mod explaining;
mod failing;
mod finding;
mod formats;
mod gating;
mod indexing;
mod killing;
mod printing;
mod readme;
mod recipes;
mod refreshing;
mod sameness;
mod sandbox;
mod searching;
mod serving;
mod taking;
mod timing;
mod verifying;
