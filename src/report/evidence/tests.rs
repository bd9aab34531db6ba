use std::fs;

use tempfile::TempDir;

use super::super::{Rendering, Report, render, sample, write_json};
use super::*;
use crate::base::OriginKey;

fn signer() -> Signer {
    Signer::new(&[42; 32])
}

fn artefact(number: u8) -> Artefact {
    Artefact {
        origin: OriginKey::new(&[0; 32]).place("blog", &[number]),
        source: "blog".into(),
        fetched_at: sample::at("2026-11-21T10:00:00Z"),
        status: (number != 2).then_some(200),
        length: 100,
        sha256: Sha256([number; 32]),
        read: if number == 3 {
            Extent::Partly
        } else {
            Extent::Whole
        },
    }
}

/// A sealed folder with four lines.
fn folder() -> TempDir {
    sealed(&sample::report(), &signer())
}

fn sealed(report: &Report, signer: &Signer) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| File::create(folder.path().join(name)).unwrap();
    write_json(report, &mut file(REPORT)).unwrap();
    render(report, Rendering::Csv, &mut file(MATCHES)).unwrap();
    render(report, Rendering::Html, &mut file(HTML)).unwrap();
    let run = sample::report().run.id;
    assert_eq!(
        write(&run, (1..=4).map(artefact), &mut file(LINES)).unwrap(),
        4
    );
    seal(folder.path(), &run, signer).unwrap();
    folder
}

fn check(folder: &TempDir) -> Result<Verified, Error> {
    verify(folder.path(), Some(&signer().public_key().to_string()))
}

fn message(folder: &TempDir) -> String {
    check(folder).unwrap_err().to_string()
}

/// Rewrites the lines of `folder`.
fn edit(folder: &TempDir, change: impl Fn(&mut Vec<String>)) {
    let path = folder.path().join(LINES);
    let mut lines: Vec<String> = fs::read_to_string(&path)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect();
    change(&mut lines);
    fs::write(path, lines.join("\n") + "\n").unwrap();
}

#[test]
fn a_sealed_folder_is_accepted_with_its_numbers() {
    let verified = check(&folder()).unwrap();
    assert_eq!(
        verified,
        Verified {
            run: sample::report().run.id,
            lines: 4,
            bytes: 400,
            whole: 3,
            partly: 1,
            not: 0,
            key_id: signer().public_key().id(),
            key_is_trusted: true,
        }
    );
}

#[test]
fn the_key_of_the_folder_is_not_called_trusted() {
    let folder = folder();
    assert!(!verify(folder.path(), None).unwrap().key_is_trusted);
}

#[test]
fn a_second_implementation_accepts_what_was_sealed() {
    let folder = folder();
    let text = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let key = minisign_verify::PublicKey::decode(&text(PUBLIC_KEY)).unwrap();
    let signature = minisign_verify::Signature::decode(&text(SIGNATURE)).unwrap();
    key.verify(text(LINES).as_bytes(), &signature, false)
        .unwrap();
    let report = Sha256::of(text(REPORT).as_bytes());
    let matches = Sha256::of(text(MATCHES).as_bytes());
    let html = Sha256::of(text(HTML).as_bytes());
    let run = sample::report().run.id;
    assert_eq!(
        signature.trusted_comment(),
        format!("run:{run} report:{report} matches:{matches} html:{html} lines:4")
    );
}

#[test]
fn the_first_line_follows_on_64_zeros() {
    let mut bytes = Vec::new();
    write("r", [artefact(1)], &mut bytes).unwrap();
    let line = String::from_utf8(bytes).unwrap();
    assert!(line.contains(&format!("\"previous\":\"{}\"", "0".repeat(64))));
    assert!(line.starts_with("{\"run\":\"r\",\"sequence\":1,"));
}

#[test]
fn a_run_without_artefacts_can_be_sealed() {
    let folder = folder();
    fs::write(folder.path().join(LINES), "").unwrap();
    seal(folder.path(), &sample::report().run.id, &signer()).unwrap();
    assert_eq!(check(&folder).unwrap().lines, 0);
}

#[test]
fn a_changed_line_is_named_by_the_one_after_it() {
    let folder = folder();
    edit(&folder, |lines| {
        lines[1] = lines[1].replace("\"length\":100", "\"length\":101");
    });
    assert_eq!(
        message(&folder),
        "line 3 of evidence.jsonl does not continue the line before it, which was changed or replaced"
    );
}

#[test]
fn a_changed_last_line_is_caught_by_the_signature() {
    let folder = folder();
    edit(&folder, |lines| {
        lines[3] = lines[3].replace("\"length\":100", "\"length\":101");
    });
    assert!(matches!(check(&folder), Err(Error::Signature(Fault::File))));
}

#[test]
fn a_dropped_line_is_named() {
    let folder = folder();
    edit(&folder, |lines| drop(lines.remove(1)));
    assert_eq!(
        message(&folder),
        "line 2 of evidence.jsonl has the number 3: lines were dropped, added or moved"
    );
}

#[test]
fn lines_that_changed_places_are_named() {
    let folder = folder();
    edit(&folder, |lines| lines.swap(1, 2));
    assert_eq!(
        message(&folder),
        "line 2 of evidence.jsonl has the number 3: lines were dropped, added or moved"
    );
}

#[test]
fn a_dropped_end_is_counted() {
    let folder = folder();
    edit(&folder, |lines| lines.truncate(2));
    assert_eq!(
        message(&folder),
        "evidence.jsonl has 2 lines where 4 were signed"
    );
}

#[test]
fn a_line_that_is_cut_off_or_long_or_foreign_is_named() {
    for (change, fault) in [
        ("{".to_owned(), LineFault::Broken),
        (" ".repeat(70_000), LineFault::Broken),
    ] {
        let folder = folder();
        edit(&folder, |lines| lines[2].clone_from(&change));
        assert!(matches!(
            check(&folder),
            Err(Error::Line { line: 3, fault: found }) if found == fault
        ));
    }
    let folder = folder();
    edit(&folder, |lines| {
        lines[0] = lines[0].replacen("\"run\":\"", "\"run\":\"x", 1);
    });
    assert!(matches!(
        check(&folder),
        Err(Error::Line {
            line: 1,
            fault: LineFault::OtherRun
        })
    ));
}

#[test]
fn a_chain_that_was_made_anew_is_caught_by_the_signature() {
    let folder = folder();
    let run = sample::report().run.id;
    let mut forged = Vec::new();
    let artefacts = (1..=4).map(|number| Artefact {
        length: 7,
        ..artefact(number)
    });
    write(&run, artefacts, &mut forged).unwrap();
    fs::write(folder.path().join(LINES), forged).unwrap();
    assert!(matches!(check(&folder), Err(Error::Signature(Fault::File))));
}

#[test]
fn a_folder_that_somebody_else_sealed_is_refused() {
    let folder = sealed(&sample::report(), &Signer::new(&[43; 32]));
    assert!(verify(folder.path(), None).is_ok());
    assert!(matches!(
        check(&folder),
        Err(Error::Signature(Fault::OtherKey))
    ));
}

#[test]
fn a_changed_report_or_table_is_named() {
    for file in [REPORT, MATCHES, HTML] {
        let folder = folder();
        let path = folder.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text + " ").unwrap();
        assert_eq!(
            message(&folder),
            format!("{file} is not the file that was signed")
        );
    }
}

#[test]
fn the_report_of_another_run_is_refused_though_it_was_signed() {
    let mut report = sample::report();
    report.run.id = "20200101T000000Z-00000000".into();
    assert!(matches!(
        check(&sealed(&report, &signer())),
        Err(Error::OtherRun)
    ));
}

#[test]
fn a_missing_file_is_named() {
    for file in [LINES, SIGNATURE, REPORT, MATCHES, HTML] {
        let folder = folder();
        fs::remove_file(folder.path().join(file)).unwrap();
        assert_eq!(
            message(&folder),
            format!("{file} could not be read or written")
        );
    }
}

#[test]
fn a_signature_of_something_else_by_the_same_key_is_refused() {
    let folder = folder();
    let mut lines = open(folder.path(), LINES).unwrap();
    let text = signer().sign(&mut lines, "timestamp:1 file:x").unwrap();
    put(folder.path(), SIGNATURE, &text).unwrap();
    assert!(matches!(check(&folder), Err(Error::Statement)));
}

#[test]
fn no_error_repeats_what_stands_in_the_file() {
    let folder = folder();
    edit(&folder, |lines| lines[0] = "anna@example.com".into());
    let error = check(&folder).unwrap_err();
    assert!(!format!("{error} {error:?} {}", error.advice()).contains("anna"));
}
