//! People who do not exist, whom every run must find.
//!
//! A canary is a kind's own example. One of each kind that the list holds is
//! planted in a small artefact of every format; a run that misses one is asleep,
//! whatever else it found.

use std::sync::atomic::AtomicU64;

use super::{Bytes, Worker};
use crate::base::{Kind, OriginKey};
use crate::decode;
use crate::fingerprint::{Fingerprint, Fingerprinter, Hint};

/// One canary.
#[derive(Debug, Clone, Copy)]
pub struct Canary {
    /// Its kind.
    pub kind: &'static Kind,
    /// The fingerprint of its kind's example.
    pub fingerprint: Fingerprint,
    /// The hint of the same.
    pub hint: Hint,
}

/// How many canaries there were, and how many of them were seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planted {
    /// Planted.
    pub planted: u64,
    /// Found.
    pub found: u64,
}

pub(super) fn canaries(kinds: &[&'static Kind], fingerprinter: &Fingerprinter) -> Vec<Canary> {
    kinds
        .iter()
        .map(|kind| {
            let by = fingerprinter.for_kind(kind);
            Canary {
                kind,
                fingerprint: by.of(kind.example),
                hint: by.hint(kind.example),
            }
        })
        .collect()
}

pub(super) fn examine(worker: &Worker<'_>) -> Planted {
    let canaries = &worker.engine.canaries;
    let examples: Vec<&str> = canaries.iter().map(|canary| canary.kind.example).collect();
    let mut planted = Planted {
        planted: 0,
        found: 0,
    };
    // An example that is on the list, too, is no match in the leak.
    let matches = AtomicU64::new(0);
    let mut worker = worker.engine.worker(&matches);
    let origin = OriginKey::new(&[0; 32]).place("canary", b"");
    for artefact in decode::canary::artefacts(&examples) {
        let bytes = Bytes {
            stream: Box::new(artefact.as_slice()),
            random: None,
            charset: None,
        };
        worker.examine(bytes, origin);
        planted.planted += canaries.len() as u64;
        planted.found += worker.sifter.found(canaries);
    }
    planted
}
