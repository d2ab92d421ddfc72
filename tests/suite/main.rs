//! The one integration binary: drives `dateline` as a person would. Table of contents:
//!
//! * `sandbox`: a folder to play in, and how the binary is run
//! * `indexing`: what `index` and `extract` do with files, and what they say
//! * `searching`: what the search verbs answer on the sample archive
//! * `server`, `payloads`: a server and hostile text to test with
//! * `serving`: pages, the API and feeds over a socket
//! * `webdriver`, `browsing`: the pages in a real browser
//! * `rules`: every page against the rules of accessibility and of HTML
//! * `inert`: archives written to harm whoever reads them
//! * `asking`: every address of the API's description, with what nobody would ask
//! * `agents`: the archive for agents, over standard input and output
//! * `taking`: citations, related articles: what people take along
//! * `timing`: timelines, their gaps and comparisons
//! * `explaining`: how queries were understood, limits, scores
//! * `finding`: which articles queries find, and what holds for any query
//! * `naming`: whom names mean: spellings, words that are names, reasons, suggestions, the user's aliases
//! * `gazetteers`: every line of `schema/` is well formed, unique and consistent
//! * `ranking`: what judged queries put first
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
//! * `hostile`: every kind of broken and malicious input, and what must become of it
//! * `issues`: scanned issues, put together from METS and the pages it names
//! * `columns`: Parquet, in builds with it and without
//! * `formats`: fixture twins, input and expected articles
//! * `readme`: the console blocks of README.md run
//! * `fuzzing`: fixtures mutated by the thousand, through the whole path from file to article
//! * `mistyping`: typed queries broken by the thousand, from text to answer
//! * `corpora`: real archives, where they are at hand
//! * `accounting`: how many articles each of them must give, the same on every run

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test may fail, and says what it skips")]

mod accounting;
mod agents;
mod asking;
mod browsing;
mod checking;
mod columns;
mod comparing;
mod corpora;
mod counting;
mod explaining;
mod failing;
mod finding;
mod formats;
mod fuzzing;
mod gating;
mod gazetteers;
mod hostile;
mod indexing;
mod inert;
mod issues;
mod killing;
mod mistyping;
mod naming;
mod payloads;
mod printing;
mod ranking;
mod readme;
mod recipes;
mod refreshing;
mod rules;
mod sameness;
mod sandbox;
mod searching;
mod server;
mod serving;
mod taking;
mod timing;
mod verifying;
mod webdriver;
