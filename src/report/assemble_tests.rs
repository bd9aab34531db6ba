use super::*;
use crate::base::{Format, OriginKey, Sha256, Variant};
use crate::pipeline::Place;
use crate::report::sample;

/// An artefact in which `phones` of as many candidates are listed.
fn verdict(candidates: u64, phones: std::ops::Range<u8>) -> Verdict {
    let finding = |byte| Finding {
        kind: "phone".to_owned(),
        fingerprint: Fingerprint([byte; 16]),
        variant: Variant::Exact,
        occurrences: 1,
        places: vec![Place {
            origin: OriginKey::new(&[0; 32]).place("blog", b"a"),
            format: Format::Text,
            record: 1,
            exposed_with: Vec::new(),
        }],
    };
    Verdict {
        sha256: Sha256([0; 32]),
        length: 1000,
        whole: true,
        missed: Vec::new(),
        limits_met: BTreeMap::new(),
        by_format: BTreeMap::new(),
        candidates: [("phone".to_owned(), candidates)].into(),
        refused: [].into(),
        findings: phones.map(finding).collect(),
    }
}

/// The report on artefacts that were left so, for a list of 1,000 telephone numbers.
fn report(artefacts: &[(Standing, bool, Verdict)], shared: Option<u8>) -> Report {
    let time = sample::at("2026-11-21T10:00:00Z");
    let mut assembler = Assembler::default();
    for (standing, is_stale, verdict) in artefacts {
        let known = Known {
            source: "blog",
            origin: OriginKey::new(&[0; 32]).place("blog", b"a"),
            standing: *standing,
            verdict: Some(verdict),
            is_stale: *is_stale,
            missing: None,
            first_seen: time,
            last_seen: time,
            status: None,
            fetched: time,
        };
        assembler.add(&known, &|_, _| true);
    }
    let empty = sample::empty();
    let mut list = empty.watchlist;
    list.entries = [("phone".to_owned(), 1000), ("person".to_owned(), 9)].into();
    assembler.finish(&Frame {
        job: "scan",
        id: "1",
        started: time,
        finished: time,
        canaries: empty.run.canaries,
        list: &list,
        sources: &[],
        is_stopped: false,
        is_shared: &|_, fingerprint| shared == Some(fingerprint.0[0]),
        is_new: &|_, _| false,
    })
}

fn strengths(report: &Report) -> Vec<(Strength, Option<Weakness>)> {
    let matches = report.matches.iter();
    matches
        .map(|one| (one.strength, one.weak_because))
        .collect()
}

#[test]
fn all_that_matches_come_from_counts_in_what_chance_gives() {
    use Standing::{Examined, Failed, Gone, NotSeen, Past, Unchanged};
    let artefacts = [
        (Examined, false, verdict(1, 0..0)),
        (Unchanged, false, verdict(20, 0..0)),
        (Failed, false, verdict(300, 0..0)),
        (Failed, true, verdict(4_000, 0..0)),
        (Gone, false, verdict(50_000, 0..0)),
        (Past, false, verdict(600_000, 0..0)),
        (NotSeen, false, verdict(7_000_000, 0..0)),
    ];
    let report = report(&artefacts, None);
    let chance = report.coverage.chance["phone"];
    assert_eq!((chance.candidates, chance.entries), (7_654_321, 1000));
    // 7,654,321 x 1,000 / 2 x 10^8 = 38.27.
    assert_eq!((chance.space, chance.expected), (2e8, 38.27));
    // What is covered is what is there now.
    assert_eq!(report.coverage.candidates["phone"], 321);
    assert_eq!(report.coverage.chance.len(), 1, "no figure for people");
}

#[test]
fn matches_are_weak_where_chance_gives_too_large_a_part_of_them() {
    // 60,000 x 1,000 / 2 x 10^8 = 0.3.
    let one = report(&[(Standing::Examined, false, verdict(60_000, 0..1))], None);
    assert_eq!(strengths(&one), [(Strength::Weak, Some(Weakness::Chance))]);
    let many = report(
        &[(Standing::Examined, false, verdict(60_000, 0..100))],
        None,
    );
    assert!(
        strengths(&many)
            .iter()
            .all(|of| *of == (Strength::Strong, None))
    );
    let few = report(&[(Standing::Examined, false, verdict(1_000, 0..1))], None);
    assert_eq!(strengths(&few), [(Strength::Strong, None)]);
}

#[test]
fn what_many_people_share_is_weak_and_the_others_are_not() {
    let report = report(&[(Standing::Examined, false, verdict(10, 0..3))], Some(1));
    assert_eq!(
        strengths(&report),
        [
            (Strength::Strong, None),
            (Strength::Weak, Some(Weakness::Shared)),
            (Strength::Strong, None),
        ]
    );
}
