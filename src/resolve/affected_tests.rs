use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::resolve::sample;

fn key() -> Key {
    Key::from_bytes(&mut [0; 32])
}

/// A match of `form` in each of `sources`.
pub(crate) fn found(kind: &str, form: &str, sources: &[&str]) -> serde_json::Value {
    let of = sample::kinds();
    let of = of.iter().find(|known| known.name == kind).unwrap();
    let exposures: Vec<_> = sources
        .iter()
        .map(|source| {
            serde_json::json!({
                "source": source, "origin": "00".repeat(16), "format": "csv", "record": 1,
                "exposed_with": ["phone", "iban"], "verdict_of": "00".repeat(32)
            })
        })
        .collect();
    serde_json::json!({
        "fingerprint": Fingerprinter::new(&key()).of(of, form), "kind": kind,
        "variant": "exact", "strength": "strong", "new": false,
        "first_seen": "2026-11-21T10:00:00Z", "last_seen": "2026-11-22T10:00:00Z",
        "occurrences": 2, "exposures": exposures
    })
}

pub(crate) fn report(matches: &[serde_json::Value]) -> Report {
    let json = serde_json::json!({
        "schema": "blindsift.report/1",
        "tool": {"name": "blindsift", "version": "0"},
        "run": {
            "job": "scan", "id": "1", "started": "2026-11-21T10:00:00Z",
            "finished": "2026-11-21T10:00:00Z", "outcome": "complete",
            "canaries": {"planted": 0, "found": 0}
        },
        "watchlist": {
            "name": "people", "sha256": "00".repeat(32),
            "key_id": key().id().to_string(), "entries": {}, "regions": []
        },
        "coverage": {
            "artefacts": {"found": 0, "examined": 0, "unchanged": 0, "failed": 0, "gone": 0},
            "bytes": {"fetched": 0, "examined": 0, "fetched_now": 0},
            "not_examined": [], "limits_met": [], "by_format": {}, "candidates": {},
            "sources": []
        },
        "matches": matches,
        "summary": {"matched": 0, "new": 0, "by_kind": {}, "by_source": {}}
    });
    serde_json::from_value(json).unwrap()
}

pub(crate) fn resolve_text(report: &Report, text: &str) -> Result<Resolved, Error> {
    let folder = tempfile::tempdir().unwrap();
    let people = folder.path().join("people.csv");
    std::fs::write(&people, text).unwrap();
    let reading = Reading {
        columns: Vec::new(),
        regions: Regions::parse(["FI"]).unwrap(),
    };
    let kinds = sample::kinds();
    resolve_with(report, &people, &reading, &key(), &kinds, &mut |_| {})
}

pub(crate) fn csv_of(resolved: &Resolved) -> String {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("AFFECTED.csv");
    resolved.write(&out).unwrap();
    let mode = std::fs::metadata(&out).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "it names people");
    std::fs::read_to_string(&out).unwrap()
}

#[test]
fn each_row_of_the_people_that_matched_is_written_by_kind() {
    let mut second = found("email", "a2@example.com", &["mirror"]);
    second["variant"] = "subaddress".into();
    second["new"] = true.into();
    second["occurrences"] = 5.into();
    second["first_seen"] = "2026-11-20T10:00:00Z".into();
    let report = report(&[
        found("email", "anna@example.com", &["blog", "mirror"]),
        second,
        found("person", "anna virtanen 1952-10-13", &["blog"]),
        found("phone", "+35840", &["blog"]),
    ]);
    let text = "ref,name,date_of_birth,email,email2,phone\n\
        k9,Bo Ek,1980-01-01,bo@example.com,,\n\
        k7,Anna Virtanen,13.10.1952,Anna@example.com,a2@example.com,040\n";
    let resolved = resolve_text(&report, text).unwrap();
    assert_eq!(
        csv_of(&resolved),
        "ref,kind,variant,strength,sources,occurrences,first_seen,last_seen,exposed_with,new\n\
         k7,email,exact,strong,blog;mirror,7,2026-11-20T10:00:00Z,2026-11-22T10:00:00Z,iban;phone,true\n\
         k7,person,exact,strong,blog,2,2026-11-21T10:00:00Z,2026-11-22T10:00:00Z,iban;phone,false\n\
         k7,phone,exact,strong,blog,2,2026-11-21T10:00:00Z,2026-11-22T10:00:00Z,iban;phone,false\n"
    );
    assert_eq!((resolved.people, resolved.unresolved), (1, 0));
    assert_eq!((resolved.rows, resolved.rejects.total), (2, 0));
}

#[test]
fn people_come_in_the_order_of_their_file_and_each_once_a_kind() {
    let report = report(&[
        found("email", "a@example.com", &["s"]),
        found("email", "b@example.com", &["s"]),
    ]);
    let text = "ref,email\nz,b@example.com\na,a@example.com\nz,a@example.com\n";
    let resolved = resolve_text(&report, text).unwrap();
    let rows: Vec<_> = resolved
        .affected
        .iter()
        .map(|row| (row.reference.as_str(), row.occurrences))
        .collect();
    assert_eq!(rows, [("z", 4), ("a", 2)]);
    assert_eq!(resolved.people, 2);
}

#[test]
fn a_row_without_a_key_column_is_known_by_its_number() {
    let report = report(&[found("email", "b@example.com", &["s"])]);
    let resolved = resolve_text(&report, "email\na@example.com\nb@example.com\n").unwrap();
    assert_eq!(resolved.affected[0].reference, "2");
}

#[test]
fn weak_matches_alone_affect_nobody_but_are_listed() {
    let mut weak = found("phone", "+35840", &["s"]);
    weak["strength"] = "weak".into();
    let resolved = resolve_text(&report(&[weak]), "phone\n040\n").unwrap();
    assert_eq!((resolved.affected.len(), resolved.people), (1, 0));
}

#[test]
fn matches_of_nobody_in_the_file_are_counted() {
    let report = report(&[
        found("email", "a@example.com", &["s"]),
        found("email", "gone@example.com", &["s"]),
    ]);
    let resolved = resolve_text(&report, "email\na@example.com\n").unwrap();
    assert_eq!((resolved.people, resolved.unresolved), (1, 1));
}

#[test]
fn a_report_without_matches_gives_a_file_with_its_header_only() {
    let resolved = resolve_text(&report(&[]), "email\na@example.com\n").unwrap();
    assert_eq!(csv_of(&resolved).lines().count(), 1);
}

#[test]
fn a_report_of_another_key_is_refused() {
    let mut report = report(&[]);
    report.watchlist.key_id = "0011223344556677".to_owned();
    let refused = resolve_text(&report, "email\na@example.com\n").unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the report is about a list of key 0011223344556677, and this is key e257beeb4d21de50"
    );
    report.watchlist.key_id = String::new();
    let refused = resolve_text(&report, "email\na@example.com\n");
    assert!(matches!(refused, Err(Error::KeyId)));
}

#[test]
fn a_key_that_would_be_a_formula_is_made_harmless() {
    let report = report(&[found("email", "a@example.com", &["=s"])]);
    let text = "ref,email\n\"=HYPERLINK(\"\"x\"\")\",a@example.com\n";
    let resolved = resolve_text(&report, text).unwrap();
    assert_eq!(resolved.affected[0].reference, "=HYPERLINK(\"x\")");
    let row = csv_of(&resolved).lines().nth(1).unwrap().to_owned();
    assert!(row.starts_with("\"'=HYPERLINK(\"\"x\"\")\",email,exact,strong,'=s,"));
}

#[test]
fn the_people_file_is_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let people = folder.path().join("people.csv");
    std::fs::write(&people, "email\na@example.com\n").unwrap();
    let report = report(&[]);
    let resolved = resolve(&report, &people, &Reading::default(), &key(), &mut |_| {});
    let written = resolved.unwrap().write(&people);
    assert!(matches!(written, Err(Error::SameFile)));
}

#[test]
fn rows_that_cannot_be_read_are_counted() {
    let report = report(&[found("email", "a@example.com", &["s"])]);
    let text = "email,x\na@example.com,\nb@example.com\nno address,\n";
    assert_eq!(resolve_text(&report, text).unwrap().rejects.total, 2);
}
