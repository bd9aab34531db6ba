//! Tells an organisation which of its people appear in a published leak, while
//! nobody handles the leaked data or the organisation's list.
//!
//! The stages are named so that the alphabet is the order of the flow. A stage
//! uses only stages above it; `tests/it/layering.rs` keeps it so.
//!
//! | stage           | what it does                                                     |
//! |-----------------|------------------------------------------------------------------|
//! | [`base`]        | the words every stage speaks                                     |
//! | [`catalog`]     | what earlier runs saw and reported                               |
//! | [`config`]      | `blindsift.toml` in, a checked configuration out                 |
//! | [`crawl`]       | a source in, byte streams out; the only stage with a network     |
//! | [`decode`]      | a byte stream in, pieces of text out                             |
//! | [`extract`]     | text in, candidates out                                          |
//! | [`fingerprint`] | a candidate in, its canonical form and its keyed hash out        |
//! | [`matching`]    | a fingerprint in: is it listed?                                  |
//! | [`pipeline`]    | the engine: decode, extract, fingerprint, match, on all cores    |
//! | [`report`]      | what a run can say: JSON, HTML, CSV, STIX, MISP, signed evidence |
//! | [`resolve`]     | inside the organisation: people to list, matches to people       |
//! | [`run`]         | one job, from its sources to a finished report                   |
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::panic,
        reason = "a test that meets the unexpected should stop"
    )
)]

pub mod base;
pub mod catalog;
pub mod config;
pub mod crawl;
pub mod decode;
pub mod extract;
pub mod fingerprint;
pub mod matching;
pub mod pipeline;
pub mod report;
pub mod resolve;
pub mod run;
