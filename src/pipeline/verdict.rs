//! What can be said of one artefact: the only thing that leaves the engine.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::base::{Format, Origin, Reason, Sha256, Variant};
use crate::fingerprint::Fingerprint;

/// What was found in one artefact, and how much of it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// SHA-256 of the bytes that came.
    pub sha256: Sha256,
    /// How many came.
    pub length: u64,
    /// Whether the stream came to its own end.
    pub whole: bool,
    /// What was not examined; the bytes are those of the artefact as it came.
    pub missed: Vec<MissedReason>,
    /// Limits that were met, and how often.
    pub limits_met: BTreeMap<String, u64>,
    /// What was opened.
    pub by_format: BTreeMap<Format, FormatTally>,
    /// Candidates that were looked up, by kind.
    pub candidates: BTreeMap<String, u64>,
    /// Texts with the layout of a kind that did not pass its check, by kind.
    #[serde(default)]
    pub refused: BTreeMap<String, u64>,
    /// Listed entries that were found, by kind and fingerprint.
    pub findings: Vec<Finding>,
}

impl Verdict {
    /// Bytes that were examined.
    pub fn bytes_examined(&self) -> u64 {
        let missed: u64 = self.missed.iter().map(|missed| missed.bytes).sum();
        self.length.saturating_sub(missed)
    }

    /// How far the artefact was read.
    pub fn extent(&self) -> Extent {
        if self.missed.is_empty() && self.whole {
            Extent::Whole
        } else if self.length > 0 && self.bytes_examined() == 0 {
            Extent::Not
        } else {
            Extent::Partly
        }
    }
}

/// How far an artefact was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Extent {
    /// All of it was examined.
    Whole,
    /// Some of it was.
    Partly,
    /// None of it was.
    Not,
}

/// What was not examined for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissedReason {
    /// Why.
    pub reason: Reason,
    /// How many things.
    pub count: u64,
    /// How many bytes of the artefact.
    pub bytes: u64,
    /// Some of the places, at most [`MissedReason::EXAMPLES`].
    pub examples: Vec<Origin>,
}

impl MissedReason {
    /// How many places are kept as examples.
    pub const EXAMPLES: usize = 5;
}

/// What was opened of one format.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormatTally {
    /// How many.
    pub count: u64,
    /// Bytes of text before decoding.
    pub bytes: u64,
}

/// A listed entry that was found in an artefact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The entry's kind.
    pub kind: String,
    /// The entry.
    pub fingerprint: Fingerprint,
    /// The closest way in which it was found.
    pub variant: Variant,
    /// How often.
    pub occurrences: u64,
    /// Where, up to the limit `exposures`.
    pub places: Vec<Place>,
}

/// One record in which an entry was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The artefact, or the member of it.
    pub origin: Origin,
    /// What it is.
    pub format: Format,
    /// Number of the record in it, counted from 1; 0 is a row of headings.
    pub record: u64,
    /// What else stands in the record.
    pub exposed_with: Vec<String>,
}
