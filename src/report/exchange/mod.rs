//! Reports for the exchanges of incident responders: STIX 2.1 and MISP.
//!
//! Only counts and the SHA-256 of artefacts leave this way. Fingerprints stay
//! behind: they would tell other holders of the list who was found.

mod misp;
mod stix;
mod uuid;

use std::collections::{BTreeMap, BTreeSet};

use super::Report;
use crate::base::Sha256;

pub(super) use misp::misp;
pub(super) use stix::stix;

/// The artefacts that hold listed identifiers, each once.
fn artefacts(report: &Report) -> BTreeSet<Sha256> {
    let exposures = report.matches.iter().flat_map(|found| &found.exposures);
    exposures.map(|exposure| exposure.verdict_of).collect()
}

/// What stood beside listed identifiers, and beside how many of them.
fn exposed_with(report: &Report) -> BTreeMap<&str, u64> {
    let mut counts = BTreeMap::new();
    for found in &report.matches {
        let exposures = found.exposures.iter();
        let names: BTreeSet<&str> = exposures
            .flat_map(|exposure| exposure.exposed_with.iter().map(String::as_str))
            .collect();
        for name in names {
            *counts.entry(name).or_default() += 1;
        }
    }
    counts
}

/// What tells this run's objects from those of every other run of any checker.
fn run_name(report: &Report, object: &str) -> String {
    let (run, list) = (&report.run, &report.watchlist);
    // A NUL stands in none of them, so none can be shifted into another.
    [
        object,
        &run.id,
        &run.started.to_string(),
        &list.sha256.to_string(),
    ]
    .join("\0")
}
