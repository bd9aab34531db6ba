//! Verdicts do not depend on threads, on where the text is cut, or on other lists.

use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::AtomicU64;

use proptest::prelude::*;

use super::engine::Sizes;
use super::*;
use crate::base::{Family, Kind, OriginKey, Reason, Regions, Shape, Strength, Unusable, Variant};
use crate::config::Limits;
use crate::fingerprint::{Fingerprinter, Key, kinds};
use crate::matching::{self, Header, Index, Watchlist};

/// Somebody; every third one is on the lists.
struct Person {
    name: String,
    born: String,
    email: String,
    phone: String,
    iban: &'static str,
}

fn person(number: u64) -> Person {
    // Letters only: a digit would end a name.
    let letter = |by: u64| char::from(b'a' + u8::try_from(number / by % 26).unwrap());
    let tail = format!("{}{}", letter(26), letter(1));
    Person {
        name: format!("Aino{tail} Rautio{tail}"),
        born: format!(
            "{}.{}.19{}",
            1 + number % 28,
            1 + number % 12,
            50 + number % 40
        ),
        email: format!("aino.{tail}@example.org"),
        phone: format!("+358 40 76{:05}", number % 100_000),
        iban: "FI2112345600000785",
    }
}

/// A list's file and its key.
struct Listed {
    file: tempfile::NamedTempFile,
    key: Key,
    registry: &'static [&'static Kind],
}

/// A list under a key of its own with the kinds that are `wanted`.
fn list(key: u8, region: &str, wanted: impl Fn(&Kind) -> bool) -> Listed {
    let key = Key::from_bytes(&mut [key; 32]);
    let fingerprinter = Fingerprinter::new(&key);
    let regions = Regions::parse([region]).unwrap();
    let mut builder = matching::Builder::new(Header {
        name: "people".to_owned(),
        key_id: key.id(),
        regions: regions.clone(),
        created: jiff::Timestamp::UNIX_EPOCH,
        expires: None,
    })
    .unwrap();
    for number in (0..120).step_by(3) {
        let who = person(number);
        let (given, family) = who.name.split_once(' ').unwrap();
        let names = format!("{given} {family} {}", who.born);
        for (kind, text) in [
            ("email", who.email.as_str()),
            ("phone", &who.phone),
            ("iban", who.iban),
            ("person", &names),
        ] {
            let kind = kinds::named(kind).unwrap();
            if wanted(kind) {
                (kind.canonical)(text, &regions, &mut |form, _| {
                    let by = fingerprinter.for_kind(kind);
                    builder.add(kind, by.of(form), by.hint_of(form));
                })
                .unwrap();
            }
        }
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    builder.finish(file.path()).unwrap();
    Listed {
        file,
        key,
        registry: kinds::ALL,
    }
}

fn engine_of(lists: &[Listed], sizes: Sizes) -> Engine {
    let open = |list: &Listed| {
        let opened = Index::open_with(list.file.path(), None, &|_| (), list.registry);
        opened.unwrap()
    };
    let opened: Vec<_> = lists.iter().map(open).collect();
    let (watchlists, indexes): (Vec<Watchlist>, Vec<Index>) = opened.into_iter().unzip();
    let keys = lists.iter().map(|list| &list.key);
    let lists = watchlists
        .iter()
        .zip(indexes)
        .zip(keys)
        .map(|((list, index), key)| (list, index, key));
    let limits = Limits {
        exposures: 3,
        names: 40,
        ..Limits::default()
    };
    Engine::new(lists, limits, OriginKey::new(&[5; 32])).with_sizes(sizes)
}

/// An engine of one list with a little of every kind.
pub(super) fn engine() -> Engine {
    engine_of(&[list(1, "FI", |_| true)], Sizes::default())
}

/// What an engine says of `bytes`, one of its workers at them and the others free.
fn verdicts(engine: &Engine, workers: usize, bytes: &[u8]) -> Vec<Verdict> {
    verdicts_of_all(engine, workers, &[bytes]).remove(0)
}

/// What it says of one after the other.
fn verdicts_of_all(
    engine: &Engine,
    workers: usize,
    artefacts: &[impl AsRef<[u8]> + Sync],
) -> Vec<Vec<Verdict>> {
    let said = Mutex::new(Vec::new());
    let matches = AtomicU64::new(0);
    engine.work(workers, &matches, &|number, worker| {
        if number == 0 {
            let origin = OriginKey::new(&[6; 32]).place("test", b"");
            let all = artefacts.iter().map(|artefact| {
                let bytes = Bytes {
                    stream: Box::new(artefact.as_ref()),
                    random: None,
                    charset: None,
                };
                worker.examine(bytes, origin)
            });
            *said.lock().unwrap() = all.collect();
        }
    });
    let said = said.into_inner().unwrap();
    let found: usize = said.iter().flatten().map(|v| v.findings.len()).sum();
    assert_eq!(matches.into_inner(), found as u64);
    said
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Form {
    Csv,
    Json,
    Sql,
    Plain,
}

const FORMS: [Form; 4] = [Form::Csv, Form::Json, Form::Sql, Form::Plain];

/// Rows about these people; the `odd` ones with more in them than is good.
fn text(form: Form, people: &[(u64, bool)]) -> String {
    let mut text = match form {
        Form::Csv => "id,name,born,email,phone,account,note\n".to_owned(),
        Form::Sql => "INSERT INTO p (id,name,born,email,phone,account,note) VALUES\n".to_owned(),
        Form::Json | Form::Plain => String::new(),
    };
    for (row, (number, odd)) in people.iter().enumerate() {
        let Person {
            name,
            born,
            email,
            phone,
            iban,
        } = person(*number);
        let note = if *odd {
            format!("{} {email}", "Maija Meikäläinen Mäki ".repeat(40))
        } else {
            "x".repeat(row % 50)
        };
        let _ = match form {
            Form::Csv => writeln!(
                text,
                "{row},{name},{born},{email},{phone},{iban},\"{note}\""
            ),
            Form::Json => writeln!(
                text,
                r#"{{"id":{row},"name":"{name}","born":"{born}","email":"{email}","phone":"{phone}","account":"{iban}","note":"{note}"}}"#
            ),
            Form::Sql => writeln!(
                text,
                "({row},'{name}','{born}','{email}','{phone}','{iban}','{note}'),"
            ),
            Form::Plain => writeln!(
                text,
                "{name}, s. {born}, {email}, {phone}\n{iban} {email} {note}\n"
            ),
        };
    }
    if form == Form::Sql {
        text.truncate(text.trim_end_matches(",\n").len());
        text.push_str(";\n");
    }
    text
}

/// A tar archive of these files, packed.
fn packed(files: &[String]) -> Vec<u8> {
    let packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut archive = tar::Builder::new(packed);
    for (number, file) in files.iter().enumerate() {
        let mut header = tar::Header::new_ustar();
        header.set_size(file.len() as u64);
        header.set_mode(0o600);
        archive
            .append_data(&mut header, format!("{number}"), file.as_bytes())
            .unwrap();
    }
    archive.into_inner().unwrap().finish().unwrap()
}

fn people() -> impl Strategy<Value = Vec<(u64, bool)>> {
    let odd = proptest::bool::weighted(0.02);
    proptest::collection::vec((0_u64..120, odd), 0..400)
}

fn sizes(pieces: std::ops::Range<usize>) -> impl Strategy<Value = Sizes> {
    (pieces, 0_usize..20_000, 1_usize..40_000).prop_map(|(piece, alone, bundle)| Sizes {
        piece,
        alone,
        bundle,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn a_verdict_is_the_same_whatever_the_threads_and_the_size_of_pieces(
        people in people(), sizes in sizes(4 << 10..60 << 10), workers in 2_usize..5,
    ) {
        let lists = [list(1, "FI", |_| true)];
        let plain = engine_of(&lists, Sizes::default());
        for form in FORMS {
            // A page of 16 KiB is seen as a whole, or is none.
            let page = if form == Form::Plain { 20 << 10 } else { 0 };
            let shared = engine_of(&lists, Sizes { piece: sizes.piece.max(page), ..sizes });
            let text = text(form, &people);
            let expected = verdicts(&plain, 1, text.as_bytes());
            let some = people.iter().any(|(number, _)| number % 3 == 0);
            prop_assert_eq!(expected[0].findings.len() >= 3, some);
            prop_assert_eq!(&verdicts(&shared, 1, text.as_bytes()), &expected);
            prop_assert_eq!(&verdicts(&shared, workers, text.as_bytes()), &expected);
        }
    }

    #[test]
    fn a_verdict_on_an_archive_is_the_same_whatever_the_threads(
        people in people(), sizes in sizes(20 << 10..60 << 10), workers in 2_usize..5,
    ) {
        let lists = [list(1, "FI", |_| true)];
        let engine = engine_of(&lists, sizes);
        let mut files: Vec<String> = FORMS.iter().map(|form| text(*form, &people)).collect();
        files.extend(people.chunks(3).map(|few| text(Form::Plain, few)));
        let archive = packed(&files);
        let expected = verdicts(&engine, 1, &archive);
        prop_assert_eq!(&verdicts(&engine, workers, &archive), &expected);
        // Cut in the middle, and with garbage in it.
        let mut damaged = archive.clone();
        damaged.truncate(archive.len() * 2 / 3);
        let expected = verdicts(&engine, 1, &damaged);
        prop_assert_eq!(&verdicts(&engine, workers, &damaged), &expected);
    }

    #[test]
    fn a_list_gets_the_same_verdict_alone_and_among_others(
        people in people(), sizes in sizes(4 << 10..60 << 10), workers in 1_usize..4,
    ) {
        let is = |name: &'static str| move |kind: &Kind| kind.name == name;
        let lists = [
            list(1, "FI", |_| true),
            list(2, "SE", |_| true),
            list(3, "FI", is("email")),
            list(4, "FI", is("person")),
            list(1, "FI", is("phone")),
        ];
        let together = engine_of(&lists, sizes);
        for form in FORMS {
            let text = text(form, &people);
            let found = verdicts(&together, workers, text.as_bytes());
            prop_assert_eq!(found.len(), lists.len());
            for (list, found) in lists.iter().zip(found) {
                let alone = engine_of(std::slice::from_ref(list), sizes);
                prop_assert_eq!(&verdicts(&alone, 1, text.as_bytes()), &[found]);
            }
        }
    }
}

#[test]
fn everybody_on_the_list_is_found_by_every_identifier() {
    let engine = engine();
    let people: Vec<_> = (0..120).map(|number| (number, false)).collect();
    for form in FORMS {
        let found = verdicts(&engine, 2, text(form, &people).as_bytes()).remove(0);
        // 40 of 120 are listed, with three identifiers of their own, and an account
        // that all share.
        assert_eq!(found.findings.len(), 40 * 3 + 1, "{form:?}");
        assert_eq!(found.limits_met["exposures"], 1);
    }
}

#[test]
fn what_stands_at_the_border_of_two_pieces_is_found_once() {
    let lists = [list(1, "FI", |_| true)];
    let piece = 4 << 10;
    let engine = engine_of(
        &lists,
        Sizes {
            piece,
            alone: 0,
            bundle: 1,
        },
    );
    for who in [
        "aino.aa@example.org",
        "+358 40 7600000",
        "FI2112345600000785",
    ] {
        let artefacts: Vec<String> = (piece - 40..piece + 40)
            .flat_map(|at| {
                let mut text = "ab ".repeat(piece / 2);
                text.replace_range(at..at + who.len() + 2, &format!(" {who} "));
                let row = format!("a,b\n1,\"{text}\"\n2,x\n3,y\n");
                [text, row]
            })
            .collect();
        for (at, found) in verdicts_of_all(&engine, 2, &artefacts).iter().enumerate() {
            let counts: Vec<u64> = found[0].findings.iter().map(|f| f.occurrences).collect();
            assert_eq!(counts, [1], "{who} at {at}");
        }
    }
}

static FRAGILE: Kind = Kind {
    name: "fragile",
    profile: 1,
    family: Family::Contact,
    strength: Strength::Weak,
    canonical_form: "",
    check: "",
    source: "",
    example: "a@b.example",
    headings: &[],
    shape: Shape::Mailbox,
    space: None,
    rate: None,
    born: None,
    canonical: |text, _, emit| {
        assert!(!text.starts_with("boom"));
        emit(text, Variant::Exact);
        if text.starts_with('x') {
            return Err(Unusable("x"));
        }
        Ok(())
    },
};

static FRAGILE_ONLY: &[&Kind] = &[&FRAGILE];

#[test]
fn a_finder_that_crashes_costs_its_artefact_and_says_the_same_on_any_thread() {
    let key = Key::from_bytes(&mut [1; 32]);
    let print = Fingerprinter::new(&key).of(&FRAGILE, "listed@example.org");
    let file = tempfile::NamedTempFile::new().unwrap();
    let text = format!(
        "blindsift-watchlist 1\nmode: keyed\nkey-id: {}\nname: x\nentries: 1\n\nfragile/1 {print}\n",
        key.id()
    );
    std::fs::write(file.path(), text).unwrap();
    let lists = [Listed {
        file,
        key,
        registry: FRAGILE_ONLY,
    }];
    let row = "1,listed@example.org,other@example.org\n";
    for (before, bundle) in [(0, 1), (300, 1), (3000, 1), (3000, 30_000), (6000, 200_000)] {
        let text = format!(
            "a,b,c\n{}1,boom@example.org,2\n{}",
            row.repeat(before),
            row.repeat(9000 - before)
        );
        let engine = engine_of(
            &lists,
            Sizes {
                piece: 8 << 10,
                alone: 0,
                bundle,
            },
        );
        let alone = verdicts(&engine, 1, text.as_bytes());
        assert_eq!(alone[0].missed[0].reason, Reason::DecoderCrashed);
        assert_eq!(alone[0].length, text.len() as u64);
        for workers in 2..5 {
            assert_eq!(verdicts(&engine, workers, text.as_bytes()), alone);
        }
        let matches = AtomicU64::new(0);
        engine.work(3, &matches, &|_, worker| {
            for bytes in [text.as_bytes(), row.as_bytes()] {
                let bytes = Bytes {
                    stream: Box::new(bytes),
                    random: None,
                    charset: None,
                };
                let origin = OriginKey::new(&[6; 32]).place("test", b"");
                let verdict = worker.examine(bytes, origin).remove(0);
                assert_eq!(verdict.missed.len(), usize::from(verdict.length > 100));
            }
        });
    }
}

#[test]
fn canaries_of_all_lists_are_found() {
    let lists = [
        list(1, "FI", |_| true),
        list(2, "SE", |kind| kind.name == "email"),
    ];
    let engine = engine_of(&lists, Sizes::default());
    let planted = canary::examine(&engine);
    assert_eq!(planted.len(), 2);
    for planted in planted {
        assert!(planted.planted >= 11);
        assert_eq!(planted.found, planted.planted);
    }
}
