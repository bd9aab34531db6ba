use std::collections::BTreeSet;
use std::path::PathBuf;

use super::*;
use crate::fingerprint::Fingerprint;
use crate::matching::{All, Watchlist};
use crate::resolve::column::Columns;
use crate::resolve::people::Reject;
use crate::resolve::survey::Warning;
use crate::resolve::{person, sample};

fn key() -> Key {
    Key::from_bytes(&mut [0; 32])
}

fn options() -> Options {
    Options {
        regions: Regions::parse(["FI", "SE"]).unwrap(),
        kinds: sample::kinds(),
        ..Options::new("people", "2026-11-21T10:00:00Z".parse().unwrap())
    }
}

fn fixture(case: &str) -> PathBuf {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.join("fixtures/resolve").join(case).join("input.csv")
}

fn build_with(
    people: &Path,
    options: &Options,
) -> (Result<Summary, Error>, Option<(Watchlist, All)>) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("list.bsw");
    let summary = build(people, options, &key(), &out, &mut |_| {});
    let left = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(left, usize::from(summary.is_ok()), "whole or absent");
    let list = All::read(&out, &sample::kinds());
    (summary, list.ok())
}

fn build_text(text: &str, options: &Options) -> (Result<Summary, Error>, Option<(Watchlist, All)>) {
    let folder = tempfile::tempdir().unwrap();
    let people = folder.path().join("people.csv");
    std::fs::write(&people, text).unwrap();
    build_with(&people, options)
}

fn expected(entries: &[(&str, &str)]) -> BTreeSet<Fingerprint> {
    let fingerprinter = Fingerprinter::new(&key());
    let kinds = sample::kinds();
    let of = |name: &str| *kinds.iter().find(|kind| kind.name == name).unwrap();
    entries
        .iter()
        .map(|(kind, form)| fingerprinter.of(of(kind), form))
        .collect()
}

fn listed((_, list): &(Watchlist, All)) -> BTreeSet<Fingerprint> {
    list.entries.iter().map(|(_, entry, _)| *entry).collect()
}

#[test]
fn a_built_list_holds_every_identifier_of_every_row_once() {
    let text = "ref,first_name,last_name,date_of_birth,email,email2,phone,hetu\n\
        1,Anna,Virtanen,1952-10-13,Anna@Example.com,a2@example.com,040,\n\
        2,Bo,Ek,,anna@example.com,,+4670,131052-308T\n";
    let (summary, list) = build_text(text, &options());
    let (summary, list) = (summary.unwrap(), list.unwrap());
    assert_eq!(
        listed(&list),
        expected(&[
            ("email", "anna@example.com"),
            ("email", "a2@example.com"),
            ("phone", "+35840"),
            ("phone", "+4670"),
            ("fi-hetu", "131052-308T"),
            ("person", "anna virtanen 1952-10-13"),
            // The date comes from the identity code.
            ("person", "bo ek 1952-10-13"),
        ])
    );
    let counts = [("email", 2), ("fi-hetu", 1), ("person", 2), ("phone", 2)];
    let counts = counts.map(|(kind, count)| (kind.to_owned(), count));
    assert_eq!(summary.entries, counts.into());
    assert_eq!(summary.rejects, Rejects::default());
    assert_eq!((summary.rows, summary.rows_without_entry), (2, 0));
    assert_eq!(list.0.name, "people");
    assert_eq!(list.0.key_id, key().id());
    assert_eq!(list.0.regions, options().regions);
}

#[test]
fn a_national_number_is_listed_for_the_first_region_that_reads_it() {
    let text = "phone\n040\n070\n";
    let (_, list) = build_text(text, &options());
    assert_eq!(
        listed(&list.unwrap()),
        expected(&[("phone", "+35840"), ("phone", "+4670")])
    );
}

#[test]
fn other_encodings_give_the_same_list() {
    // How names are folded is the kind's affair; here they only have to arrive.
    let ake = person::pairs("Åke", "Hämäläinen", "1952-10-13");
    let anne = person::pairs("Änne", "Öberg", "1980-02-01");
    let people = ake
        .iter()
        .chain(&anne)
        .map(|form| ("person", form.as_str()));
    let emails = ["ake@example.com", "anne@example.org"].map(|form| ("email", form));
    let entries: Vec<_> = emails.into_iter().chain(people).collect();
    let entries = expected(&entries);
    for (case, encoding, delimiter) in [
        ("windows_1252", "windows-1252", ';'),
        ("utf_16", "UTF-16LE", '\t'),
    ] {
        let (summary, list) = build_with(&fixture(case), &options());
        let summary = summary.unwrap();
        assert_eq!(listed(&list.unwrap()), entries, "{case}");
        assert_eq!((summary.encoding, summary.delimiter), (encoding, delimiter));
        assert_eq!(summary.ignored, ["Huom"]);
        assert_eq!(summary.rejects.total, 0);
    }
}

#[test]
fn rejects_name_line_column_and_reason() {
    let (summary, list) = build_with(&fixture("rejects"), &options());
    let summary = summary.unwrap();
    let found: Vec<(u64, Option<&str>)> = summary
        .rejects
        .listed
        .iter()
        .map(|reject| (reject.line, reject.column.as_deref()))
        .collect();
    assert_eq!(
        found,
        [
            (3, Some("date_of_birth")),
            (3, Some("email")),
            (4, Some("email2")),
            (4, Some("name")),
            (5, Some("email")),
            (5, Some("phone")),
            (5, Some("hetu")),
            (7, None),
            (9, Some("email")),
        ]
    );
    assert_eq!(summary.rejects.total, 9);
    assert_eq!((summary.rows, summary.rows_without_entry), (7, 3));
    // 3/4/1980 is the third of April here.
    assert_eq!(summary.ambiguous_dates, 1);
    let bo = expected(&[("person", "bo ek 1980-04-03")]);
    assert!(listed(&list.unwrap()).is_superset(&bo));
}

#[test]
fn nothing_that_is_shown_holds_a_value() {
    let (summary, list) = build_with(&fixture("rejects"), &options());
    let shown = format!("{summary:?} {list:?}").to_lowercase();
    assert!(!shown.contains("canary"), "{shown}");
    let only_rejects = "email\ncanary\n";
    let (summary, _) = build_text(only_rejects, &options());
    let error = summary.unwrap_err();
    let shown = format!("{error} {error:?} {}", error.advice());
    assert!(!shown.contains("canary"), "{shown}");
}

#[test]
fn a_list_of_rejects_only_is_not_written() {
    let (summary, list) = build_text("email\nno address\nnor this\n", &options());
    let Err(Error::NobodyListed(summary)) = summary else {
        panic!("{summary:?}");
    };
    assert_eq!(summary.rejects.total, 2);
    let reject = Reject {
        line: 2,
        column: Some("email".to_owned()),
        reason: summary.rejects.listed[0].reason,
    };
    assert_eq!(summary.rejects.listed[0], reject);
    assert!(list.is_none());
    let (summary, _) = build_text("email,note\n,\n", &options());
    assert!(matches!(summary, Err(Error::NobodyListed(_))));
    let (summary, _) = build_text("email\n", &options());
    assert!(matches!(summary, Err(Error::NobodyListed(_))));
}

#[test]
fn only_the_chosen_kinds_are_listed_and_a_hetu_still_gives_the_date() {
    let mut options = options();
    options.kinds.retain(|kind| kind.name == "person");
    options.columns = vec![Naming {
        heading: "tunnus".to_owned(),
        role: Role::Kind(&sample::HETU),
    }];
    let text = "name,email,tunnus\nBo Ek,bo@example.com,131052-308T\n";
    let (_, list) = build_text(text, &options);
    assert_eq!(
        listed(&list.unwrap()),
        expected(&[("person", "bo ek 1952-10-13")])
    );
}

#[test]
fn columns_that_are_named_are_read() {
    let mut options = options();
    options.columns = vec![
        "Yhteystieto=email".parse().unwrap(),
        "note=ignore".parse().unwrap(),
    ];
    let text = "note;Yhteystieto\nx;anna@example.com\n";
    let (summary, list) = build_text(text, &options);
    let summary = summary.unwrap();
    assert_eq!(
        listed(&list.unwrap()),
        expected(&[("email", "anna@example.com")])
    );
    assert_eq!(summary.recognised, [("Yhteystieto".to_owned(), "email")]);
    assert_eq!(summary.ignored, ["note"]);
}

#[test]
fn files_that_are_no_list_are_refused_for_what_they_are() {
    let refused = |text: &str| build_text(text, &options()).0.unwrap_err();
    assert!(matches!(refused(""), Error::Empty));
    assert!(matches!(refused("PK\u{3}\u{4}"), Error::Binary { .. }));
    assert!(matches!(
        refused("id,colour\n1,red\n"),
        Error::NoColumn { .. }
    ));
    assert!(matches!(refused("a@example.com,x\n"), Error::NoHeader));
    let gone = build_with(Path::new("/nonexistent/people.csv"), &options()).0;
    assert!(matches!(gone, Err(Error::Read(_))));
}

#[test]
fn the_people_file_is_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let people = folder.path().join("people.csv");
    let text = "email\nanna@example.com\n";
    std::fs::write(&people, text).unwrap();
    let built = build(&people, &options(), &key(), &people, &mut |_| {});
    assert!(matches!(built, Err(Error::SameFile)));
    assert_eq!(std::fs::read_to_string(&people).unwrap(), text);
}

#[test]
fn an_output_that_cannot_be_written_is_an_error_with_its_cause() {
    let folder = tempfile::tempdir().unwrap();
    let people = folder.path().join("people.csv");
    std::fs::write(&people, "email\nanna@example.com\n").unwrap();
    let out = folder.path().join("nowhere/list.bsw");
    let error = build(&people, &options(), &key(), &out, &mut |_| {}).unwrap_err();
    assert!(matches!(
        error,
        Error::List(crate::matching::Error::Write(_))
    ));
}

/// The warnings of a list with real kinds.
fn warnings(text: &str) -> (Vec<Warning>, Summary) {
    let options = Options {
        regions: Regions::parse(["FI"]).unwrap(),
        ..Options::new("people", "2026-11-21T10:00:00Z".parse().unwrap())
    };
    let summary = build_text(text, &options).0.unwrap();
    (summary.warnings.clone(), summary)
}

/// So many rows of `row`, in which `#` is the row's number, two digits.
fn table(heading: &str, rows: u32, row: &str) -> String {
    let rows = (1..=rows).map(|number| row.replace('#', &format!("{number:02}")) + "\n");
    format!("{heading}\n{}", rows.collect::<String>())
}

#[test]
fn a_column_that_looks_like_a_kind_and_is_not_read_is_named() {
    let text = table(
        "email,Contact,note,Yhteys",
        20,
        "a#@example.com,b#@example.com,call #,040 12345#",
    );
    // 040 1234501 to 040 1234520.
    let (warnings, _) = warnings(&text);
    let named: Vec<(usize, &str, [u64; 2])> = warnings
        .iter()
        .map(|warning| match warning {
            Warning::Unread {
                column,
                kind,
                cells,
                ..
            } => (*column, *kind, *cells),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(named, [(2, "email", [20, 20]), (4, "phone", [20, 20])]);
    assert_eq!(
        warnings[0].to_string(),
        "column 2 `Contact` is not read, and looks like email (20 of 20 values): name it with \
         --column \"Contact=email\", or \"Contact=ignore\""
    );
}

#[test]
fn a_column_of_something_else_is_not_named() {
    let text = table(
        "email,note,number,Day",
        20,
        "a#@example.com,see #,1234567890#,20#-01-02",
    );
    assert_eq!(warnings(&text).0, []);
}

#[test]
fn many_rejects_of_a_column_are_suspicious_and_few_are_not() {
    let rejects = |bad: usize| {
        let text = table("email", 60, "a#@example.com");
        warnings(&text.replacen("@example.com", "", bad)).0
    };
    // 3 of 60 are 5 %.
    assert_eq!(rejects(3), []);
    let cells = [4, 60];
    let found = rejects(4);
    assert!(
        matches!(&found[..], [Warning::Rejects { column: 1, cells: c, .. }] if *c == cells),
        "{found:?}"
    );
    let text = table("email", 6, "a#@example.com") + "x\ny\nz\n";
    assert_eq!(warnings(&text).0, [], "three are too few to tell");
}

#[test]
fn numbers_that_a_spreadsheet_has_rounded_are_said_to_be_lost() {
    let text = table("email,phone", 2, "a#@example.com,3.58401E+11");
    let (found, summary) = warnings(&text);
    assert!(
        matches!(
            &found[..],
            [Warning::Rounded {
                column: 2,
                cells: [2, 2],
                ..
            }]
        ),
        "{found:?}"
    );
    assert_eq!(summary.rejects.total, 2);
    // With all its digits it is a number.
    let text = table("email,phone", 2, "a#@example.com,3.58401234567E+11");
    assert_eq!(warnings(&text).0, []);
}

#[test]
fn rows_with_one_key_are_told_of() {
    let text = "ref,email\n1,a@example.com\n2,b@example.com\n1,c@example.com\n1,d@example.com\n";
    let (found, _) = warnings(text);
    let again = Warning::RepeatedKeys {
        rows: 2,
        lines: vec![4, 5],
    };
    assert_eq!(found, [again]);
    assert!(found[0].to_string().ends_with("lines 4, 5"), "{}", found[0]);
}

#[test]
fn people_without_anything_strong_are_counted() {
    let text =
        "name,date_of_birth,email\nAnna Virtanen,1952-10-13,\nBo Ek,1960-01-02,b@example.com\n";
    assert_eq!(warnings(text).0, [Warning::NothingStrong { rows: 1 }]);
}

#[test]
fn what_many_people_share_is_told_by_line_and_never_by_value() {
    let text = table("ref,email,phone", 40, "k#,a#@example.com,0401234567");
    let (found, summary) = warnings(&text);
    assert_eq!(summary.shared, [("phone".to_owned(), 1)].into());
    assert_eq!(summary.entries["phone"], 1);
    assert_eq!(
        found[0].to_string(),
        "one phone is shared by 40 people, so a match on it alone is weak: lines 2, 3, 4, 5, 6, \
         7, 8, 9, 10, 11 and 30 more"
    );
    assert_eq!(found.len(), 1);
}

#[test]
fn a_family_shares_and_a_person_with_many_rows_does_not() {
    for text in [
        // Five people.
        table("ref,email,phone", 5, "k#,a#@example.com,0401234567"),
        // One person: by key, by code, by name and date of birth, by all that is there.
        table("ref,email,phone", 40, "k1,a#@example.com,0401234567"),
        table(
            "hetu,email,phone",
            40,
            "131052-308T,a#@example.com,0401234567",
        ),
        table(
            "name,dob,email",
            40,
            "Anna Virtanen,1952-10-13,a@example.com",
        ),
        table("email", 40, "a@example.com"),
    ] {
        let (_, summary) = warnings(&text);
        assert_eq!(summary.shared, BTreeMap::new(), "{text:.80}");
    }
    // Names alone tell people apart, too.
    let text = table("name,phone", 40, "Anna Virtanen#,0401234567");
    assert_eq!(warnings(&text).1.shared["phone"], 1);
}

#[test]
fn a_national_number_is_that_of_the_region() {
    for (region, heading, kind) in [
        ("SE", "personnummer", "se-pnr"),
        ("FI", "ssn", "fi-hetu"),
        ("US", "SSN", "us-ssn"),
        ("NO", "Personnummer", "no-fnr"),
    ] {
        let regions = Regions::parse([region]).unwrap();
        let registry = super::registry(kinds::ALL, &regions);
        let headings = [heading.to_owned()];
        let columns = Columns::find(&headings, &[], &registry).unwrap();
        let roles: Vec<_> = columns
            .iter()
            .map(|(_, role)| role.unwrap().name())
            .collect();
        assert_eq!(roles, [kind], "{region}");
    }
}

#[test]
fn an_address_beside_a_postcode_need_not_be_whole() {
    let headings = ["Osoite", "postinumero"].map(str::to_owned);
    let columns = Columns::find(&headings, &[], kinds::ALL).unwrap();
    let roles: Vec<_> = columns
        .iter()
        .map(|(_, role)| role.unwrap().name())
        .collect();
    assert_eq!(roles, ["street", "postcode"]);
    let columns = Columns::find(&headings[..1], &[], kinds::ALL).unwrap();
    let roles: Vec<_> = columns
        .iter()
        .map(|(_, role)| role.unwrap().name())
        .collect();
    assert_eq!(roles, ["address"]);
}
