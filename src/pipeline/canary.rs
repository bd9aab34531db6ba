//! People who do not exist, whom every run must find.
//!
//! A canary is a kind's own example, as it stands in text. One of each kind that the list holds is
//! planted in a small artefact of every format; a run that misses one is asleep,
//! whatever else it found.

use std::sync::atomic::AtomicU64;

use super::crew::Crew;
use super::engine::Engine;
use super::worker::{Bytes, Worker};
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
                hint: by.hint_of(kind.example),
            }
        })
        .collect()
}

/// Plants canaries of all lists and counts, list by list, how many are found.
pub(super) fn examine(engine: &Engine) -> Vec<Planted> {
    let mut kinds: Vec<&Kind> = engine.slots.iter().map(|slot| slot.kind).collect();
    kinds.sort_unstable_by_key(|kind| kind.name);
    kinds.dedup_by_key(|kind| kind.sample());
    let examples: Vec<&str> = kinds.iter().map(|kind| kind.sample()).collect();
    let mut planted = vec![
        Planted {
            planted: 0,
            found: 0,
        };
        engine.lists.len()
    ];
    // An example that is on a list, too, is no match in the leak.
    let matches = AtomicU64::new(0);
    let crew = Crew::alone(engine);
    let mut worker = Worker::new(&crew, &matches);
    let origin = OriginKey::new(&[0; 32]).place("canary", b"");
    for artefact in decode::canary::artefacts(&examples) {
        let bytes = Bytes {
            stream: Box::new(artefact.as_slice()),
            random: None,
            charset: None,
        };
        worker.examine(bytes, origin);
        for (number, (planted, list)) in planted.iter_mut().zip(&engine.lists).enumerate() {
            planted.planted += list.canaries.len() as u64;
            planted.found += worker.sifter.found(number, &list.canaries);
        }
    }
    planted
}
