//! Examines one artefact after the other.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::AtomicU64;

use super::canary::{self, Planted};
use super::crew::Crew;
use super::sifter::Sifter;
use super::verdict::Verdict;
use super::witness::Witness;
use crate::base::{Origin, Reason};
use crate::decode::{self, Context, Input, Tally};
use crate::matching;

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
    pub(super) crew: &'e Crew<'e>,
    pub(super) sifter: Sifter<'e>,
}

impl<'e> Worker<'e> {
    pub(super) fn new(crew: &'e Crew<'e>, matches: &'e AtomicU64) -> Self {
        Self {
            sifter: Sifter::new(crew, matches),
            crew,
        }
    }

    /// Reads `bytes` to their end and reports on them, for each list in the engine's
    /// order.
    ///
    /// Never fails. A decoder that panics costs its artefact and nothing else.
    pub fn examine(&mut self, bytes: Bytes<'_>, origin: Origin) -> Vec<Verdict> {
        let engine = self.crew.engine;
        let _busy = self.crew.busy();
        self.sifter.restart();
        let mut witness = Witness::new(bytes.stream, self.crew);
        let budget = engine.limits.budget();
        let context = Context {
            budget: &budget,
            origins: &engine.origins,
            spool_memory: engine.limits.spool_memory,
            spool_bytes: engine.limits.spool,
            piece_bytes: engine.sizes.piece,
            ahead: self.crew.wants_bytes(),
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
        let mut tally = read.ok();
        if tally.is_none() {
            self.sifter.renew();
        }
        if !self.sifter.settle() {
            tally = None;
        }
        if tally.is_none() {
            self.sifter.note_crash(origin);
        }
        // What a decoder leaves behind still belongs to the artefact's digest.
        witness.drain(&budget);
        let mut tally = account(tally, witness.length());
        if witness.has_failed() {
            blame_the_stream(&mut tally);
        }
        self.sifter.verdicts(&witness.seen(), &tally)
    }

    /// The same as [`Engine::check`](super::Engine::check).
    ///
    /// # Errors
    ///
    /// Those of [`Engine::check`](super::Engine::check).
    pub fn check(&self, number: usize) -> Result<(), matching::Error> {
        self.crew.engine.check(number)
    }

    /// Examines people who do not exist, planted in every format, and counts how
    /// many of them are found, for each list in the engine's order.
    pub fn examine_canaries(&self) -> Vec<Planted> {
        canary::examine(self.crew.engine)
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
