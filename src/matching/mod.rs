//! Says whether a fingerprint is listed.
//!
//! | in  | a watchlist file, fingerprints                                    |
//! |-----|-------------------------------------------------------------------|
//! | out | for each fingerprint: listed, a canary, or neither                |
//! | not | a list that is damaged, unsorted, of a newer version, or another key's |
//!
//! A list is refused as a whole, with the number of the line: what is silently
//! missing from a list is a person who is never looked for.
//!
//! A large list is compiled once into an index, which is kept in a folder of the
//! checker's: a list of 100 million people is then ready in well under a second.

mod body;
mod builder;
mod compiled;
mod digits;
mod entries;
mod error;
mod filter;
mod header;
mod index;
mod lines;
mod open;
mod pages;
mod shelf;
mod watchlist;

pub use builder::{Builder, Built, Header, Holder, SHARED_BY, Shared};
pub use entries::Entries;
pub use error::Error;
pub use header::Hints;
pub use index::{Index, Listed, Slot};
pub use watchlist::Watchlist;

#[cfg(test)]
pub(crate) use watchlist::All;

/// What the first line of a list begins with; the version follows.
const PREFIX: &str = "blindsift-watchlist ";
/// The version that this program reads and writes.
const VERSION: u32 = 1;
