//! The engine: bytes in, findings out.
//!
//! | in  | an artefact's bytes, as a stream; lists under their keys             |
//! |-----|----------------------------------------------------------------------|
//! | out | a [`Verdict`] for each list: what was found, what was read, what was not and why |
//! | not | content: a finding holds fingerprints, kinds, counts, opaque places  |
//!
//! Hostile bytes are parsed here and nowhere else, without a network or files.
//! The border is a function: bytes and an origin in, verdicts out.
//!
//! The way through the files: a `worker` decodes an artefact into its `sifter`,
//! which puts each piece through a `sieve`, here or on a thread of the `crew` that
//! has nothing else to do, and enters what it holds into the `ledger`, in order. So
//! a verdict does not depend on how many threads there were, nor on where the
//! text was cut.

mod bundle;
mod canary;
#[cfg(test)]
mod class_tests;
mod crew;
mod engine;
mod hashing;
mod ledger;
mod sieve;
mod sifter;
#[cfg(test)]
mod tests;
mod verdict;
mod witness;
mod worker;

pub use canary::{Canary, Planted};
pub use engine::Engine;
pub use verdict::{Extent, Finding, FormatTally, MissedReason, Place, Verdict};
pub use worker::{Bytes, Worker};

/// Changes whenever a decoder or a finder learns something, so that what an older
/// engine examined is examined again.
pub const REVISION: u32 = 3;
