//! Says whether a fingerprint is listed.
//!
//! | in  | a watchlist file, fingerprints                                    |
//! |-----|-------------------------------------------------------------------|
//! | out | for each fingerprint: listed, a canary, or neither                |
//! | not | a list that is damaged, unsorted, of a newer version, or another key's |
//!
//! A list is refused as a whole, with the number of the line: what is silently
//! missing from a list is a person who is never looked for.

mod builder;
mod entries;
mod error;
mod filter;
mod header;
mod index;
mod lines;
mod watchlist;

pub use builder::{Builder, Header};
pub use entries::Entries;
pub use error::Error;
pub use index::{Index, Listed};
pub use watchlist::Watchlist;

/// What the first line of a list begins with; the version follows.
const PREFIX: &str = "blindsift-watchlist ";
/// The version that this program reads and writes.
const VERSION: u32 = 1;
