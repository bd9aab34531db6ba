//! The engine: bytes in, findings out.
//!
//! | in  | an artefact's bytes, as a stream                                    |
//! |-----|----------------------------------------------------------------------|
//! | out | a [`Verdict`]: what was found, what was read, what was not and why   |
//! | not | content: a finding holds fingerprints, kinds, counts, opaque places  |
//!
//! Hostile bytes are parsed here and nowhere else, without a network or files.
//! The border is a function: bytes and an origin in, a verdict out.

mod canary;
mod cores;
mod sifter;
mod verdict;
mod witness;

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::AtomicU64;

use crate::base::{Kind, Origin, OriginKey, Reason, Regions};
use crate::config::Limits;
use crate::decode::{self, Context, Input, Tally};
use crate::fingerprint::{Fingerprint, Fingerprinter, Key};
use crate::matching::{Entries, Index, Watchlist};

pub use canary::{Canary, Planted};
pub use verdict::{Extent, Finding, FormatTally, MissedReason, Place, Verdict};

use cores::Cores;
use sifter::Sifter;
use witness::Witness;

/// Changes whenever a decoder or a finder learns something, so that what an older
/// engine examined is examined again.
pub const REVISION: u32 = 1;

/// What all workers share: the list, its key, the limits.
pub struct Engine {
    kinds: Vec<&'static Kind>,
    regions: Regions,
    fingerprinter: Fingerprinter,
    index: Index,
    entries: Entries,
    canaries: Vec<Canary>,
    limits: Limits,
    origins: OriginKey,
    cores: Cores,
}

impl Engine {
    /// Prepares to look for the entries of `list`, which was made with `key`.
    pub fn new(list: &Watchlist, key: &Key, limits: Limits, origins: OriginKey) -> Self {
        let fingerprinter = Fingerprinter::new(key);
        let kinds = list.kinds();
        let canaries = canary::canaries(&kinds, &fingerprinter);
        let entries: Vec<_> = canaries.iter().map(|c| (c.kind, c.fingerprint)).collect();
        Self {
            index: Index::new(&list.entries, &entries),
            entries: list.entries.clone(),
            regions: list.regions.clone(),
            kinds,
            fingerprinter,
            canaries,
            limits,
            origins,
            cores: Cores::default(),
        }
    }

    /// Whether an entry is on the list.
    pub fn lists(&self, kind: &str, fingerprint: &Fingerprint) -> bool {
        self.kinds.iter().any(|listed| {
            listed.name == kind && self.entries.of(listed).binary_search(fingerprint).is_ok()
        })
    }

    /// A worker; there is one for each thread. It adds what it finds to `matches`,
    /// an entry once for each artefact, as it finds it.
    pub fn worker<'e>(&'e self, matches: &'e AtomicU64) -> Worker<'e> {
        self.cores.add();
        Worker {
            engine: self,
            sifter: Sifter::new(self, matches),
        }
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("kinds", &self.kinds)
            .finish_non_exhaustive()
    }
}

/// One artefact to examine.
pub struct Bytes<'a> {
    /// All of it, in order.
    pub stream: Box<dyn Read + 'a>,
    /// The same as a file, where it is one.
    pub random: Option<File>,
    /// The character set that its server declared.
    pub charset: Option<String>,
}

/// Examines one artefact after the other, with buffers of its own.
pub struct Worker<'e> {
    engine: &'e Engine,
    sifter: Sifter<'e>,
}

impl Drop for Worker<'_> {
    fn drop(&mut self) {
        self.engine.cores.remove();
    }
}

impl Worker<'_> {
    /// Reads `bytes` to their end and reports on them.
    ///
    /// Never fails. A decoder that panics costs its artefact and nothing else.
    pub fn examine(&mut self, bytes: Bytes<'_>, origin: Origin) -> Verdict {
        self.sifter.restart();
        let cores = self.engine.cores.take();
        let mut witness = Witness::new(bytes.stream);
        let budget = self.engine.limits.budget();
        let context = Context {
            budget: &budget,
            origins: &self.engine.origins,
            spool_memory: self.engine.limits.spool_memory,
            spool_bytes: self.engine.limits.spool,
            ahead: cores.is_spare(),
        };
        let sifter = &mut self.sifter;
        let read = catch_unwind(AssertUnwindSafe(|| {
            let input = Input {
                stream: Box::new(&mut witness),
                random: bytes.random,
                charset: bytes.charset,
            };
            decode::read(input, origin, context, sifter)
        }));
        let tally = read.ok();
        if tally.is_none() {
            self.sifter = self.sifter.renewed();
            decode::Out::missed(&mut self.sifter, origin, Reason::DecoderCrashed);
        }
        // What a decoder leaves behind still belongs to the artefact's digest.
        witness.drain(&budget);
        let mut tally = account(tally, witness.length());
        if witness.has_failed() {
            blame_the_stream(&mut tally);
        }
        self.sifter.verdict(&witness, &tally)
    }

    /// Examines people who do not exist, planted in every format, and counts how
    /// many of them are found.
    pub fn examine_canaries(&self) -> Planted {
        canary::examine(self)
    }
}

impl fmt::Debug for Worker<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Worker")
    }
}

/// Fits a decoder's account to the bytes that really came: all in one bin each.
fn account(tally: Option<Tally>, bytes: u64) -> Tally {
    match tally {
        None => Tally::missed(bytes, Reason::DecoderCrashed),
        Some(tally) if tally.bytes > bytes => tally.scaled_to(bytes),
        Some(mut tally) => {
            // Padding and other bytes behind the end that the format declares.
            tally.bytes = bytes;
            tally
        }
    }
}

/// What looks truncated to a decoder was not fetched, when it is the stream that
/// broke off; whoever made the stream counts it.
fn blame_the_stream(tally: &mut Tally) {
    for missed in &mut tally.missed {
        if missed.reason == Reason::Truncated {
            missed.reason = Reason::FetchFailed;
            missed.count = 0;
        }
    }
    tally
        .missed
        .retain(|missed| missed.count > 0 || missed.bytes > 0);
}
