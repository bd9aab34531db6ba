use std::fmt::Write as _;
use std::path::PathBuf;

use proptest::prelude::*;

use crate::fingerprint::Fingerprinter;
use crate::matching::{Builder, Header, Holder, SHARED_BY, Shared};

use super::*;

const HEADER: &str = "blindsift-watchlist 1
mode: keyed
key-id: e257beeb4d21de50
name: patients
created: 2026-11-21T10:00:00Z
expires: 2027-11-21T00:00:00Z
regions: FI SE
";
const A: &str = "email/1 0162ca8976a69019e7a7e10a5ae57f18\n";
const B: &str = "email/1 9f86d081884c7d659a2feaa0c55ad015\n";

fn list(entries: &str, body: &str) -> String {
    format!("{HEADER}entries: {entries}\n\n{body}")
}

fn parse(text: &str) -> Result<Watchlist, Error> {
    whole(text).map(|(list, _)| list)
}

fn whole(text: &str) -> Result<(Watchlist, All), Error> {
    Watchlist::parse(text.as_bytes(), kinds::ALL, |_| Ok(All::default()))
}

fn hint(digits: &str) -> Hint {
    Hint::parse(digits).unwrap()
}

fn refusal(text: &str) -> String {
    parse(text).unwrap_err().to_string()
}

fn key() -> Key {
    Key::from_bytes(&mut [0; 32])
}

#[test]
fn a_sound_list_is_read_with_all_that_it_says() {
    let text = list("2", &format!("{A}{B}"));
    let read = parse(&text).unwrap();
    assert_eq!(read.name, "patients");
    assert_eq!(read.key_id, key().id());
    assert_eq!(read.regions, Regions::parse(["FI", "SE"]).unwrap());
    assert_eq!(read.created, Some("2026-11-21T10:00:00Z".parse().unwrap()));
    assert_eq!(read.sha256, Sha256::of(text.as_bytes()));
    assert_eq!(read.entries.by_kind(), [("email".to_owned(), 2)].into());
    assert_eq!(read.kinds(), [kinds::named("email").unwrap()]);
}

#[test]
fn a_list_made_with_python_and_sort_is_accepted() {
    let fixture = include_str!("../../fixtures/matching/plain_python/input.bsw");
    let (read, all) = whole(fixture).unwrap();
    read.check_key(&key()).unwrap();
    let email = kinds::named("email").unwrap();
    let ours = Fingerprinter::new(&key());
    let mut expected: Vec<_> = (1..=20)
        .map(|i| ours.of(email, &format!("person{i}@example.com")))
        .collect();
    expected.sort();
    assert_eq!((read.entries.total(), read.entries.hinted()), (20, 10));
    assert!(all.entries.iter().all(|(kind, ..)| *kind == email));
    let read: Vec<_> = all.entries.iter().map(|(_, entry, _)| *entry).collect();
    assert_eq!(read, expected);
}

#[test]
fn what_is_built_is_read_back_sorted_and_once_each() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("list.bsw");
    let email = kinds::named("email").unwrap();
    let header = Header {
        name: "patients of the clinic".to_owned(),
        key_id: key().id(),
        regions: Regions::parse(["SE", "FI"]).unwrap(),
        created: "2026-11-21T10:00:00.25Z".parse().unwrap(),
        expires: Some("2027-11-21T00:00:00Z".parse().unwrap()),
    };
    let mut builder = Builder::new(header).unwrap();
    for byte in [9, 1, 5, 1] {
        builder.add(email, Fingerprint([byte; 16]), Hint([byte, 0, 1, 2]));
    }
    assert_eq!(builder.finish(&path).unwrap().entries.total(), 3);
    let text = std::fs::read_to_string(&path).unwrap();
    let expected = format!(
        "blindsift-watchlist 1\nmode: keyed\nkey-id: e257beeb4d21de50\n\
         name: patients of the clinic\ncreated: 2026-11-21T10:00:00Z\n\
         expires: 2027-11-21T00:00:00Z\nregions: SE FI\n\
         hint: sha256-inner\nentries: 3\n\n\
         email/1 {} 01000102\nemail/1 {} 05000102\nemail/1 {} 09000102\n",
        "01".repeat(16),
        "05".repeat(16),
        "09".repeat(16)
    );
    assert_eq!(text, expected);
    let (read, all) = All::read(&path, kinds::ALL).unwrap();
    assert_eq!(read.entries, Watchlist::read(&path).unwrap().entries);
    assert_eq!(
        all.entries,
        [1, 5, 9].map(|byte| {
            let hint = Some(Hint([byte, 0, 1, 2]));
            (email, Fingerprint([byte; 16]), hint)
        })
    );
}

#[test]
fn what_more_people_share_than_a_family_stands_apart_and_is_found_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("list.bsw");
    let header = Header {
        name: String::new(),
        key_id: key().id(),
        regions: Regions::default(),
        created: Timestamp::UNIX_EPOCH,
        expires: None,
    };
    let mut builder = Builder::new(header).unwrap();
    let named = |name| kinds::named(name).unwrap();
    let family = u32::try_from(SHARED_BY).unwrap();
    for (kind, byte, people, rows) in [
        ("phone", 1, family + 1, 1),
        ("phone", 2, family, 3),
        ("phone", 3, 1, 1),
        ("iban", 4, family + 35, 2),
    ] {
        for person in 1..=people {
            for row in 0..rows {
                let holder = Holder {
                    person,
                    line: 1 + person * rows + row,
                };
                let hint = Hint([byte; 4]);
                builder.add_of(named(kind), Fingerprint([byte; 16]), hint, holder);
            }
        }
    }
    let built = builder.finish(&path).unwrap();
    assert_eq!((built.entries.total(), built.entries.shared()), (4, 2));
    assert_eq!(
        built.shared,
        [
            Shared {
                kind: named("iban"),
                people: 40,
                lines: (0..20).map(|person| 3 + 2 * person).collect(),
            },
            Shared {
                kind: named("phone"),
                people: 6,
                lines: vec![2, 3, 4, 5, 6, 7],
            },
        ]
    );
    let text = std::fs::read_to_string(&path).unwrap();
    let labels: Vec<&str> = text
        .lines()
        .filter_map(|line| Some(line.split_once(' ')?.0))
        .filter(|label| label.contains('/'))
        .collect();
    let sorted = ["iban/1/shared", "phone/1", "phone/1", "phone/1/shared"];
    assert_eq!(labels, sorted);

    let (list, index) = crate::matching::Index::open(&path, None, &|_| ()).unwrap();
    assert_eq!(list.entries, built.entries);
    assert_eq!(list.kinds(), [named("iban"), named("phone")]);
    assert_eq!(list.entries.by_kind()["phone"], 3);
    for (kind, byte, is_shared) in [
        ("phone", 1, true),
        ("phone", 2, false),
        ("phone", 3, false),
        ("iban", 4, true),
    ] {
        let print = Fingerprint([byte; 16]);
        assert!(index.lists(kind, &print), "{byte}");
        assert_eq!(index.is_shared(kind, &print), is_shared, "{byte}");
        assert!(index.may_hint(index.slot_of(named(kind)).unwrap(), Hint([byte; 4])));
    }
    assert!(!index.is_shared("iban", &Fingerprint([1; 16])));
}

#[test]
fn lists_that_were_merged_may_hold_an_entry_as_shared_and_not() {
    let text = list("2", A).replace("hint: sha256-inner\n", "");
    let own = text.lines().last().unwrap().to_owned();
    let shared = own.replacen("email/1", "email/1/shared", 1);
    let read = parse(&format!("{text}{shared}\n")).unwrap();
    assert_eq!((read.entries.total(), read.entries.shared()), (2, 1));
    let unsorted = text.replace(&own, &format!("{shared}\n{own}"));
    assert!(matches!(parse(&unsorted), Err(Error::Unsorted { .. })));
}

#[test]
fn a_list_without_entries_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("list.bsw");
    let header = Header {
        name: String::new(),
        key_id: key().id(),
        regions: Regions::default(),
        created: Timestamp::UNIX_EPOCH,
        expires: None,
    };
    let builder = Builder::new(header.clone()).unwrap();
    assert!(matches!(builder.finish(&path), Err(Error::Empty)));
    assert!(!path.exists());
    let name = "two\nlines".to_owned();
    assert!(matches!(
        Builder::new(Header { name, ..header }),
        Err(Error::Name)
    ));
}

#[test]
fn a_list_that_cannot_be_written_says_so_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let header = Header {
        name: String::new(),
        key_id: key().id(),
        regions: Regions::default(),
        created: Timestamp::UNIX_EPOCH,
        expires: None,
    };
    let mut builder = Builder::new(header).unwrap();
    let email = kinds::named("email").unwrap();
    builder.add(email, Fingerprint([1; 16]), Hint([1; 4]));
    let place = folder.path().join("no such folder/list.bsw");
    assert!(matches!(builder.finish(&place), Err(Error::Write(_))));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_list_of_another_key_is_refused_and_both_are_named() {
    let read = parse(&list("1", A)).unwrap();
    read.check_key(&key()).unwrap();
    let other = Key::from_bytes(&mut [1; 32]);
    assert_eq!(
        read.check_key(&other).unwrap_err().to_string(),
        format!(
            "the watchlist was made with key e257beeb4d21de50, and this is key {}",
            other.id()
        )
    );
}

#[test]
fn a_list_expires_at_its_moment() {
    let read = parse(&list("1", A)).unwrap();
    assert!(!read.is_expired("2027-11-20T23:59:59Z".parse().unwrap()));
    assert!(read.is_expired("2027-11-21T00:00:00Z".parse().unwrap()));
}

#[test]
fn a_newer_list_is_refused_by_its_version() {
    let text = list("1", A).replace("watchlist 1\n", "watchlist 2\n");
    assert!(matches!(parse(&text), Err(Error::Newer { version: 2 })));
}

#[test]
fn hints_are_read_where_they_are_and_only_of_the_kind_that_is_known() {
    let a = A.replace('\n', " 1d2c3b4a\n");
    let text = list("2", &format!("{a}{B}"));
    let known = text.replace("entries:", "hint: sha256-inner\nentries:");
    let (read, all) = whole(&known).unwrap();
    assert_eq!(read.hints, Some(Hints::Inner));
    assert_eq!((read.entries.total(), read.entries.hinted()), (2, 1));
    let hints: Vec<_> = all.entries.iter().map(|(.., hint)| *hint).collect();
    assert_eq!(hints, [Some(hint("1d2c3b4a")), None]);
    let unknown = text.replace("entries:", "hint: siphash-2-4\nentries:");
    let (read, all) = whole(&unknown).unwrap();
    assert_eq!(read.hints, Some(Hints::Unknown));
    assert_eq!((read.entries.total(), read.entries.hinted()), (2, 0));
    assert!(all.entries.iter().all(|(.., hint)| hint.is_none()));
}

/// Gives one byte, then two, then three, and now and then is interrupted.
struct Trickle<'a>(&'a [u8], usize);

impl Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.1 += 1;
        if self.1.is_multiple_of(7) {
            return Err(std::io::ErrorKind::Interrupted.into());
        }
        let limit = (1 + self.1 % 50).min(buffer.len());
        self.0.read(&mut buffer[..limit])
    }
}

#[test]
fn a_list_that_trickles_in_is_the_same() {
    let mut body = String::new();
    for number in 0..9000_u32 {
        let hint = if number % 3 == 0 { " 00c0ffee" } else { "" };
        writeln!(body, "email/1 {number:032x}{hint}").unwrap();
    }
    let text = list("9000", &body).replace("entries:", "hint: sha256-inner\nentries:");
    let (read, all) = whole(&text).unwrap();
    let trickle = Trickle(text.as_bytes(), 0);
    let (other, others) = Watchlist::parse(trickle, kinds::ALL, |_| Ok(All::default())).unwrap();
    assert_eq!(all.entries, others.entries);
    assert_eq!(read.sha256, other.sha256);
    assert_eq!(read.sha256, Sha256::of(text.as_bytes()));
    let numbers = all
        .entries
        .iter()
        .map(|(_, entry, _)| u128::from_be_bytes(entry.0));
    assert!(numbers.eq(0..9000));
    assert_eq!(read.entries.hinted(), 3000);
}

proptest! {
    /// The fast reader of entries and the plain one must refuse the same.
    #[test]
    fn a_changed_byte_in_the_middle_is_refused_as_it_is_at_the_beginning(
        place in 0_usize..50, byte in proptest::sample::select(b"\n\r \x000aAfgz/1".to_vec()),
    ) {
        let entries: Vec<String> = (1..=3)
            .map(|n| format!("email/1 {n:032x} 00c0ffee\n"))
            .collect();
        let mut changed = entries[0].clone().into_bytes();
        changed[place] = byte;
        let changed = String::from_utf8(changed).unwrap();
        let header = |count| HEADER.replace("regions", "hint: sha256-inner\nregions")
            + &format!("entries: {count}\n\n");
        // As the first entry, the plain reader reads it.
        let alone = whole(&(header(1) + &changed));
        let email = "email/1 00000000000000000000000000000000 00c0ffee\n";
        let second = whole(&(header(2) + email + &changed));
        match (alone, second) {
            (Ok((_, alone)), Ok((_, second))) => prop_assert_eq!(alone.entries[0], second.entries[1]),
            (Err(_), Err(_)) => {}
            // Sound, but not behind the other.
            (Ok((_, alone)), Err(Error::Duplicate { line: 12 })) => {
                prop_assert_eq!(alone.entries[0].1, Fingerprint([0; 16]));
            }
            (alone, second) => prop_assert!(false, "{alone:?} {second:?}"),
        }
    }
}

#[test]
fn a_picture_a_table_and_nothing_are_no_watchlists() {
    for text in [
        "\u{89}PNG",
        "email;phone\nanna@example.com;1\n",
        "",
        "blindsift-watchlist x\n",
        "blindsift-watchlist",
    ] {
        assert!(matches!(parse(text), Err(Error::NotAWatchlist)), "{text:?}");
    }
    let not_text = Watchlist::parse(&[0xff; 9000][..], kinds::ALL, |_| Ok(Nothing));
    assert!(matches!(not_text, Err(Error::NotAWatchlist)));
}

#[test]
fn a_wrong_count_is_refused_in_both_directions() {
    assert_eq!(
        refusal(&list("1", &format!("{A}{B}"))),
        "line 11 of the watchlist: the header says 1 entries, this is one more"
    );
    assert_eq!(
        refusal(&list("3", &format!("{A}{B}"))),
        "the watchlist ends at line 11 with 2 of the 3 entries that its header says"
    );
}

#[test]
fn a_count_that_no_memory_holds_reserves_none() {
    let text = list("18446744073709551615", A);
    assert!(matches!(parse(&text), Err(Error::TooFew { found: 1, .. })));
}

#[test]
fn a_list_cut_off_at_any_byte_is_refused() {
    let text = list("2", &format!("{A}{B}"));
    for end in 0..text.len() {
        assert!(parse(&text[..end]).is_err(), "cut at byte {end}");
    }
    let text = list("1", A);
    assert_eq!(
        refusal(text.trim_end()),
        "the watchlist is cut off at line 10"
    );
}

#[test]
fn unsorted_and_repeated_entries_are_refused_with_their_line() {
    assert_eq!(
        refusal(&list("2", &format!("{B}{A}"))),
        "line 11 of the watchlist: the entries are not sorted"
    );
    assert_eq!(
        refusal(&list("2", &format!("{A}{A}"))),
        "line 11 of the watchlist: the same entry as the line above"
    );
    let other_kind_first = "a/1 00000000000000000000000000000000\n";
    assert_eq!(
        refusal(&list("2", &format!("{A}{other_kind_first}"))),
        "line 11 of the watchlist: the entries are not sorted"
    );
}

#[test]
fn an_unknown_kind_profile_or_header_is_refused_by_its_name() {
    assert_eq!(
        refusal(&list("1", &A.replace("email/1", "zodiac/1"))),
        "line 10 of the watchlist: unknown kind `zodiac/1`"
    );
    assert_eq!(
        refusal(&list("1", &A.replace("email/1", "email/9"))),
        "line 10 of the watchlist: unknown kind `email/9`"
    );
    assert_eq!(
        refusal(&list("1", A).replace("regions:", "zones:")),
        "line 7 of the watchlist: unknown header `zones`"
    );
}

#[test]
fn what_is_no_word_is_numbered_and_not_repeated() {
    for text in [
        list("1", &A.replace("email/1", "anna@example.com")),
        list("1", A).replace("regions:", "anna@example.com:"),
        list("1", &A.replace("email/1", &"x".repeat(100))),
    ] {
        let shown = format!("{:?}", parse(&text).unwrap_err());
        assert!(!shown.contains("anna") && !shown.contains("xxx"), "{shown}");
    }
}

#[test]
fn malformed_entries_are_refused_with_their_line() {
    for body in [
        "email/1\n",
        "email/1 0162\n",
        "email/1 0162CA8976A69019E7A7E10A5AE57F18\n",
        "email/1  0162ca8976a69019e7a7e10a5ae57f18\n",
        "email/1 0162ca8976a69019e7a7e10a5ae57f18 \n",
        "email/1 0162ca8976a69019e7a7e10a5ae57f18 1d2c3b4\n",
        "email/1 0162ca8976a69019e7a7e10a5ae57f18 1d2c3b4a\n",
        "email/1 0162ca8976a69019e7a7e10a5ae57f18\r\n",
        "\n",
    ] {
        let error = parse(&list("1", body)).unwrap_err();
        assert!(
            matches!(error, Error::Malformed { line: 10, .. }),
            "{body:?}"
        );
    }
}

#[test]
fn malformed_headers_are_refused_with_their_line() {
    for (from, to) in [
        ("key-id: e257", "key-id: E257"),
        ("created: 2026", "created: yesterday"),
        ("regions: FI", "regions: FIN"),
        ("mode: keyed", "mode: magic"),
        ("entries: 1", "entries: one"),
        ("name: patients", "name patients"),
        ("name: patients", "name: pat\tients"),
    ] {
        let error = parse(&list("1", A).replace(from, to)).unwrap_err();
        assert!(matches!(error, Error::Malformed { .. }), "{to}: {error}");
    }
    assert!(matches!(
        parse(&list("1", A).replace("mode: keyed\n", "")),
        Err(Error::NoHeader { key: "mode" })
    ));
    assert!(matches!(
        parse(&list("1", A).replace("name: patients", "mode: keyed")),
        Err(Error::SecondHeader {
            line: 4,
            key: "mode"
        })
    ));
}

#[test]
fn other_modes_and_custom_kinds_are_refused_for_what_they_are() {
    for mode in ["plain", "blind"] {
        let text = list("1", A).replace("keyed", mode);
        assert_eq!(
            refusal(&text),
            format!("line 2 of the watchlist: the mode `{mode}` is not supported by this version")
        );
    }
    for kind in [
        "patient-number pattern=V*",
        "email pattern=V1",
        "x pattern=V1 y=2",
    ] {
        let text = list("1", A).replace("entries:", &format!("kind: {kind}\nentries:"));
        let refused = parse(&text);
        assert!(
            matches!(refused, Err(Error::CustomKind { line: 8, .. })),
            "{kind}"
        );
    }
}

#[test]
fn a_list_of_nobody_is_refused() {
    assert!(matches!(parse(&list("0", "")), Err(Error::Empty)));
}

#[test]
fn a_list_that_is_not_there_is_an_error_of_reading() {
    let path = PathBuf::from("/nonexistent/list.bsw");
    assert!(matches!(Watchlist::read(&path), Err(Error::Read(_))));
}
