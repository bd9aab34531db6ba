//! Through [`resolve`](super::super::resolve): what stands together in a record.

use serde_json::Value;

use super::*;
use crate::resolve::affected::tests::{csv_of, found, report, resolve_text};
use crate::resolve::{Resolved, conflicts_file};

/// A match that stands in that record of one source, of that strength.
fn at(record: u64, strength: &str, kind: &str, form: &str) -> Value {
    let mut found = found(kind, form, &["s"]);
    found["strength"] = strength.into();
    found["exposures"][0]["record"] = record.into();
    found
}

/// Each row as `key kind strength`.
fn rows(resolved: &Resolved) -> Vec<String> {
    let row = |of: &crate::resolve::Affected| {
        let strength = format!("{:?}", of.strength).to_lowercase();
        format!("{} {} {strength}", of.reference, of.kind.name)
    };
    resolved.affected.iter().map(row).collect()
}

const ANNA: &str = "ref,email,phone,hetu\nk1,a@example.com,+1,010100-1234\nk2,,+2,\n";

#[test]
fn two_weak_matches_of_two_kinds_in_one_record_are_compound() {
    let report = report(&[
        at(7, "weak", "email", "a@example.com"),
        at(7, "weak", "phone", "+1"),
        at(7, "weak", "phone", "+2"),
    ]);
    let resolved = resolve_text(&report, ANNA).unwrap();
    assert_eq!(
        rows(&resolved),
        ["k1 email compound", "k1 phone compound", "k2 phone weak"]
    );
    assert_eq!(resolved.people, 1);
    let written = csv_of(&resolved);
    assert!(written.contains("k1,phone,exact,compound,"), "{written}");
}

#[test]
fn weak_matches_in_two_records_or_of_one_kind_stay_weak() {
    for (second, kind, form) in [(8, "phone", "+1"), (7, "email", "b@example.com")] {
        let report = report(&[
            at(7, "weak", "email", "a@example.com"),
            at(second, "weak", kind, form),
        ]);
        let text = "ref,email,email2,phone\nk1,a@example.com,b@example.com,+1\n";
        let resolved = resolve_text(&report, text).unwrap();
        assert_eq!(resolved.people, 0, "{kind} in record {second}");
        let strongest = resolved.affected.iter().map(|row| row.strength).max();
        assert_eq!(strongest, Some(Strength::Weak));
    }
}

#[test]
fn text_outside_of_records_ties_nothing_together() {
    let matches = ["weak", "strong"].map(|strength| {
        report(&[
            at(0, strength, "email", "a@example.com"),
            at(0, strength, "phone", "+2"),
            at(0, strength, "phone", "+1"),
        ])
    });
    assert_eq!(resolve_text(&matches[0], ANNA).unwrap().people, 0);
    assert_eq!(resolve_text(&matches[1], ANNA).unwrap().conflicts, []);
}

/// Six people who share what `shared` says, and one who does not.
fn house(shared: &str) -> String {
    let mut text = "ref,email,phone\n".to_owned();
    for number in 1..=6 {
        let row = format!("k{number},{shared}\n");
        text.push_str(&row.replace("own", &format!("e{number}@example.com")));
    }
    text + "k7,e7@example.com,+7\n"
}

#[test]
fn what_more_people_share_than_a_family_is_weak_whatever_the_report_says() {
    let report = report(&[at(1, "strong", "phone", "+1")]);
    let text = house("own,+1");
    let resolved = resolve_text(&report, &text).unwrap();
    assert_eq!((resolved.affected.len(), resolved.people), (6, 0));
    assert_eq!(rows(&resolved)[0], "k1 phone weak");
    // Five people are a family: each of them is affected.
    let family = text.replace("k6,e6@example.com,+1\n", "");
    assert_eq!(resolve_text(&report, &family).unwrap().people, 5);
    // One person with six rows is one person.
    let one = text.replace("k2,", "k1,").replace("k3,", "k1,");
    assert_eq!(resolve_text(&report, &one).unwrap().people, 4);
}

#[test]
fn what_an_institution_shares_says_no_more_together_than_alone() {
    let report = report(&[
        at(1, "weak", "phone", "+1"),
        at(1, "weak", "email", "office@example.com"),
    ]);
    let resolved = resolve_text(&report, &house("office@example.com,+1")).unwrap();
    assert_eq!((resolved.affected.len(), resolved.people), (12, 0));
    // One of them alone has both.
    let text = house("own,+1").replace("e3@example.com", "office@example.com");
    let resolved = resolve_text(&report, &text).unwrap();
    assert_eq!(resolved.people, 1);
    assert!(rows(&resolved).contains(&"k3 phone compound".to_owned()));
}

#[test]
fn strong_identifiers_of_two_people_in_one_record_are_a_conflict() {
    let report = report(&[
        at(7, "strong", "fi-hetu", "010100-1234"),
        at(7, "strong", "email", "a@example.com"),
        at(7, "strong", "phone", "+2"),
        at(8, "strong", "phone", "+1"),
    ]);
    let resolved = resolve_text(&report, ANNA).unwrap();
    assert_eq!(resolved.people, 2, "both are affected, and not merged");
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("AFFECTED.csv");
    resolved.write(&out).unwrap();
    let beside = conflicts_file(&out);
    assert_eq!(beside, folder.path().join("AFFECTED.conflicts.csv"));
    let mode = std::os::unix::fs::PermissionsExt::mode(&beside.metadata().unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600, "it names people");
    assert_eq!(
        std::fs::read_to_string(&beside).unwrap(),
        format!(
            "source,origin,record,ref_a,kind_a,ref_b,kind_b\n\
             s,{},7,k1,email;fi-hetu,k2,phone\n",
            "00".repeat(16)
        )
    );
}

#[test]
fn who_shares_what_the_other_has_is_no_conflict() {
    let report = report(&[
        at(7, "strong", "email", "a@example.com"),
        at(7, "strong", "phone", "+1"),
    ]);
    for text in [
        // The mother's number stands in the child's row, too.
        "ref,email,phone\nk1,a@example.com,+1\nk2,,+1\n",
        // Two rows of one person.
        "ref,email,phone\nk1,a@example.com,\nk1,,+1\n",
        "hetu,email,phone\n010100-1234,a@example.com,\n010100-1234,,+1\n",
    ] {
        let resolved = resolve_text(&report, text).unwrap();
        assert_eq!(resolved.conflicts, [], "{text}");
        assert!(resolved.people > 0);
    }
}

#[test]
fn conflicts_of_an_earlier_report_are_removed_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("AFFECTED.csv");
    let nobody = resolve_text(&report(&[]), ANNA).unwrap();
    let beside = conflicts_file(&out);
    std::fs::write(&beside, "my own notes\n").unwrap();
    nobody.write(&out).unwrap();
    assert!(beside.exists());
    let heading = "source,origin,record,ref_a,kind_a,ref_b,kind_b\n";
    std::fs::write(&beside, heading).unwrap();
    nobody.write(&out).unwrap();
    assert!(!beside.exists());
}

#[test]
fn a_record_of_everybody_lists_a_bounded_number_of_pairs() {
    let (mut text, mut matches) = ("ref,email\n".to_owned(), Vec::new());
    for number in 0..40 {
        text.push_str(&"k#,e#@example.com\n".replace('#', &number.to_string()));
        matches.push(at(1, "strong", "email", &format!("e{number}@example.com")));
    }
    let resolved = resolve_text(&report(&matches), &text).unwrap();
    // 40 x 39 / 2 = 780.
    assert_eq!(resolved.conflicts.len(), PAIRS);
    assert!(resolved.more_conflicts);
}
