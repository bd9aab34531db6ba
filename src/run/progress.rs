//! How far a run is, for those who wait for it.

use std::io::{self, Read};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::base::{Limit, Origin, Reason};

/// Counters that a run moves on; read them at any time.
#[derive(Debug, Default)]
pub struct Progress {
    artefacts: AtomicU64,
    bytes: AtomicU64,
    matches: AtomicU64,
}

impl Progress {
    /// Artefacts that are done with.
    pub fn artefacts(&self) -> u64 {
        self.artefacts.load(Ordering::Relaxed)
    }

    /// Bytes that were read.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Matches, one counted for each artefact it stands in.
    pub fn matches(&self) -> u64 {
        self.matches.load(Ordering::Relaxed)
    }

    pub(super) fn artefact_done(&self) {
        self.artefacts.fetch_add(1, Ordering::Relaxed);
    }

    /// The counter of matches.
    pub(super) fn found(&self) -> &AtomicU64 {
        &self.matches
    }

    /// A reader that moves the byte counter on.
    pub(super) fn counting<'a>(&'a self, stream: impl Read + 'a) -> impl Read + 'a {
        Counting {
            stream,
            bytes: &self.bytes,
        }
    }
}

struct Counting<'a, R> {
    stream: R,
    bytes: &'a AtomicU64,
}

impl<R: Read> Read for Counting<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.stream.read(buffer)?;
        self.bytes.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// Something that happened in a run. Nothing in it comes from the leak.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A large list is made ready for looking up, which takes a while, once.
    Indexing {
        /// How many entries it has.
        entries: u64,
    },
    /// A run began, or went on where it was killed.
    Begun {
        /// The job's name.
        job: String,
        /// The run's id.
        run: String,
        /// Whether an earlier process began it.
        resumed: bool,
    },
    /// An artefact was examined.
    Examined {
        /// Its source.
        source: String,
        /// Its place.
        origin: Origin,
        /// Bytes that came.
        bytes: u64,
        /// Entries found in it.
        matches: usize,
        /// Why something of it was not examined.
        missed: Vec<Reason>,
    },
    /// A place is as an earlier run left it.
    Unchanged {
        /// Its source.
        source: String,
        /// Its place.
        origin: Origin,
    },
    /// A place could not be fetched.
    Failed {
        /// Its source.
        source: String,
        /// Its place.
        origin: Origin,
        /// What went wrong, and what to do about it.
        why: String,
    },
    /// A limit of the crawl was met.
    LimitMet {
        /// The source.
        source: String,
        /// The limit.
        limit: Limit,
    },
    /// A source is done with.
    SourceDone {
        /// Its name.
        source: String,
        /// Why it was not read to its end.
        error: Option<String>,
    },
}
