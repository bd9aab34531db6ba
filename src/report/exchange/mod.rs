//! Reports for the exchanges of incident responders: STIX 2.1 and MISP.
//!
//! Only counts and the SHA-256 of artefacts leave this way. Fingerprints stay
//! behind: they would tell other holders of the list who was found.

mod misp;
mod stix;
mod uuid;

use std::collections::BTreeSet;

use super::Report;
use crate::base::Sha256;

pub(super) use misp::misp;
pub(super) use stix::stix;

/// The artefacts that hold listed identifiers, each once.
fn artefacts(report: &Report) -> BTreeSet<Sha256> {
    let exposures = report.matches.iter().flat_map(|found| &found.exposures);
    exposures.map(|exposure| exposure.verdict_of).collect()
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
