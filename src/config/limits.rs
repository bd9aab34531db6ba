//! Every limit, its default and its unit.

use std::time::{Duration, Instant};

use crate::base::Budget;

/// What things may cost. Meeting one is a line in the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// `bytes`: what decompressors may write for one artefact.
    pub bytes: u64,
    /// `depth`: containers inside each other.
    pub depth: u32,
    /// `members`: members of all containers of one artefact.
    pub members: u64,
    /// `time`: for one artefact.
    pub time: Duration,
    /// `spool`: bytes of one artefact that are held for random access.
    pub spool: u64,
    /// `spool-memory`: how much of that is held in memory, not in an encrypted
    /// nameless file. Meeting it changes nothing but speed, so no report says so.
    pub spool_memory: u64,
    /// `exposures`: listed one by one for a match and an artefact.
    pub exposures: u64,
    /// `page`: bytes of a page that are searched for links.
    pub page: u64,
    /// `links`: addresses of one source.
    pub links: u64,
    /// `names`: pairs of names with dates that are tried in one record.
    pub names: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 1 << 40,
            depth: 20,
            members: 5_000_000,
            time: Duration::from_hours(24),
            spool: 64 << 30,
            spool_memory: 64 << 20,
            exposures: 20,
            page: 8 << 20,
            links: 1_000_000,
            names: 4096,
        }
    }
}

impl Limits {
    /// The allowance of one artefact, its clock started.
    pub fn budget(&self) -> Budget {
        Budget::new(
            self.bytes,
            self.depth,
            self.members,
            Instant::now().checked_add(self.time),
        )
    }
}
