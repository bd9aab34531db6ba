//! Reports about nobody, for the tests of this stage.

use jiff::Timestamp;

use super::{
    Artefacts, Bytes, Canaries, Coverage, Exposure, List, Match, NotExamined, Outcome, Report, Run,
    SCHEMA, Summary, Tool,
};
use crate::base::{OriginKey, Reason, Sha256, Strength, Variant};
use crate::fingerprint::Fingerprint;

/// The sample among the fixtures.
pub(super) const JSON: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/fixtures/report/sample/report.json"
));

/// 16 entries of 1,000, five of them new, in a complete run.
pub(super) fn report() -> Report {
    serde_json::from_str(JSON).unwrap()
}

/// A complete run that found nothing and left nothing unread.
pub(super) fn empty() -> Report {
    Report {
        schema: SCHEMA.into(),
        tool: Tool {
            name: "blindsift".into(),
            version: "0.1.0".into(),
        },
        run: Run {
            job: "scan".into(),
            id: "20261121T100000Z-0a1b2c3d".into(),
            started: at("2026-11-21T10:00:00Z"),
            finished: at("2026-11-21T10:00:01Z"),
            outcome: Outcome::Complete,
            canaries: Canaries {
                planted: 14,
                found: 14,
            },
        },
        watchlist: List {
            name: "patients".into(),
            sha256: Sha256([1; 32]),
            key_id: "3f9a0c1122334455".into(),
            regions: vec!["FI".to_owned()],
            kinds: Vec::new(),
            entries: [("email".to_owned(), 1000)].into(),
        },
        coverage: Coverage {
            artefacts: Artefacts {
                found: 1,
                examined: 1,
                ..Artefacts::default()
            },
            bytes: Bytes {
                fetched: 1000,
                examined: 1000,
                fetched_now: 1000,
            },
            not_examined: Vec::new(),
            limits_met: Vec::new(),
            by_format: [].into(),
            candidates: [].into(),
            chance: [].into(),
            sources: Vec::new(),
        },
        matches: Vec::new(),
        summary: Summary::default(),
    }
}

/// The moment that `text` names.
pub(super) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A match that was first seen at `first_seen`.
pub(super) fn found(number: u8, new: bool, first_seen: &str) -> Match {
    Match {
        fingerprint: Fingerprint([number; 16]),
        kind: "email".into(),
        variant: Variant::Exact,
        strength: Strength::Strong,
        weak_because: None,
        new,
        first_seen: at(first_seen),
        last_seen: at("2026-11-21T10:00:00Z"),
        occurrences: 1,
        exposures: vec![exposure("blog", number)],
    }
}

/// A place in `source`.
pub(super) fn exposure(source: &str, number: u8) -> Exposure {
    Exposure {
        source: source.into(),
        origin: OriginKey::new(&[0; 32]).place(source, &[number]),
        format: "text".into(),
        record: 1,
        exposed_with: vec!["person".into()],
        verdict_of: Sha256([number; 32]),
        gone: false,
    }
}

/// Makes `report` one with these matches.
pub(super) fn with_matches(mut report: Report, matches: Vec<Match>) -> Report {
    report.summary.matched = matches.len() as u64;
    report.summary.new = matches.iter().filter(|found| found.new).count() as u64;
    for one in &matches {
        *report.summary.by_kind.entry(one.kind.clone()).or_default() += 1;
    }
    report.matches = matches;
    report
}

/// Makes `report` one that left `count` things of `bytes` in all unread.
pub(super) fn with_gap(mut report: Report, reason: Reason, count: u64, bytes: u64) -> Report {
    report.coverage.not_examined.push(NotExamined {
        reason,
        count,
        bytes,
        examples: vec![OriginKey::new(&[0; 32]).place("blog", b"gap")],
    });
    if reason != Reason::FetchFailed {
        report.coverage.bytes.fetched += bytes;
    }
    report
}
