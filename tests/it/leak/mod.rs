//! A leak of our own making in every format, on a real server, from end to end.
//!
//! Each file holds listed people of its own, and others. People who are on the
//! list but in no file have near misses planted: wrong check characters, longer
//! strings around what is theirs. Whoever is planted must be found by every
//! identifier, and nobody else by any.

mod formats;
mod people;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::Value;

use crate::command::Desk;
use crate::support::real::Real;
use formats::FORMATS;
pub(crate) use formats::gzip;
use people::{Dice, Person, hetu, people};

/// People planted in each file.
const PLANTED: usize = 7;

/// What is in the leak.
struct Leak {
    listed: Vec<Person>,
    /// Files by name, with the people in each.
    planted: BTreeMap<&'static str, Vec<Person>>,
}

fn make(desk: &Desk, seed: u64) -> Leak {
    let mut dice = Dice(seed);
    let mut leak = Leak {
        listed: Vec::new(),
        planted: BTreeMap::new(),
    };
    for (number, (name, write)) in FORMATS.iter().enumerate() {
        let mut planted = people(&mut dice, &format!("in{number}"), PLANTED);
        if name.starts_with("cp1252") || name.starts_with("latin9") {
            // The characters in which these differ from ISO-8859-1.
            "Šimek".clone_into(&mut planted[0].family);
            "Rožek".clone_into(&mut planted[1].family);
        }
        let others = people(&mut dice, &format!("other{number}"), 3);
        let all = [planted.as_slice(), others.as_slice()].concat();
        desk.write(&format!("leak/{number} {name}"), write(&all));
        leak.listed.extend(planted.iter().cloned());
        leak.planted.insert(name, planted);
    }
    let absent = people(&mut dice, "absent", 40);
    desk.write("leak/decoys/near misses.txt", decoys(&absent));
    desk.write("leak/decoys/near.csv", decoy_rows(&absent));
    leak.listed.extend(absent);
    desk.write("people.csv", list(&leak.listed));
    leak
}

fn list(listed: &[Person]) -> String {
    let mut text = "ref,first name,last name,date of birth,email,phone,hetu,iban\n".to_owned();
    for p in listed {
        let _ = writeln!(
            text,
            "{},{},{},{},{},{},{},{}",
            p.reference,
            p.given,
            p.family,
            p.born_iso(),
            p.email,
            p.phone,
            p.hetu,
            p.iban
        );
    }
    text
}

/// Text that looks like the people's identifiers and is not.
fn decoys(absent: &[Person]) -> String {
    let mut text = String::new();
    for p in absent {
        let wrong = if p.hetu.ends_with('A') { 'B' } else { 'A' };
        let (year, month, day) = p.born;
        for line in [
            format!("x{} {}x y@{} {}.com", p.email, p.email, p.email, p.email),
            format!("{}@example.org", p.email),
            format!("{}{wrong}", &p.hetu[..10]),
            format!("7{} {}7", p.hetu, p.hetu),
            hetu(
                (year, month, day),
                100 + p.hetu[7..10].parse::<u64>().unwrap() % 800,
            ),
            format!("{}00 1{}", p.phone, p.phone),
            format!(
                "FI{:02}{}",
                (p.iban[2..4].parse::<u64>().unwrap() + 1) % 97,
                &p.iban[4..]
            ),
            format!("{}0", p.iban),
            format!("{} {} {}.{}.{}", p.given, p.family, day, month, year + 1),
            format!(
                "{}. {} {day}.{month}.{year}",
                p.given.chars().next().unwrap(),
                p.family
            ),
        ] {
            // The last ones must not meet a neighbour's date or name.
            text += &line;
            text += "\n\n";
        }
    }
    text
}

/// Rows whose parts belong to somebody, but not to the same one.
fn decoy_rows(absent: &[Person]) -> String {
    let mut text = "given,family,born,ssn\n".to_owned();
    for pair in absent.windows(2) {
        let stranger = "Nobody";
        let _ = writeln!(text, "{},{stranger},{},", pair[0].given, pair[0].born_iso());
        let _ = writeln!(
            text,
            "{stranger},{},{},",
            pair[1].family,
            pair[1].born_iso()
        );
    }
    text
}

/// What cannot be read, by the reason that coverage must name.
fn add_unreadable(desk: &Desk) {
    let hidden = b"nothing to see".repeat(500);
    let cut = gzip(
        &people(&mut Dice(3), "cut", 200)
            .iter()
            .flat_map(|p| p.email.bytes())
            .collect::<Vec<u8>>(),
    );
    desk.write(
        "leak/locked.zip",
        include_bytes!("../../../fixtures/demo/site/day4/private.zip"),
    );
    desk.write("leak/cut.gz", &cut[..cut.len() / 2]);
    desk.write(
        "leak/film.mp4",
        [
            b"\0\0\0\x20ftypisom\0\0\x02\0".as_slice(),
            &[0, 255, 1, 254].repeat(800),
        ]
        .concat(),
    );
    desk.write("leak/empty.txt", "");
    let mut damaged = gzip(&hidden);
    let at = damaged.len() - 6;
    damaged[at] ^= 0x55;
    desk.write("leak/damaged.gz", damaged);
}

fn crawl(desk: &Desk, url: &str) -> Value {
    desk.write(
        "b.toml",
        format!(
            "[job.patients]\nwatchlist = \"list.bsw\"\nkey = \"key\"\nsources = [\"site\"]\nout = \"reports\"\n\
             [source.site]\nurl = \"{url}\"\nrate = \"1000/s\"\n[state]\nurl = \"sqlite:c.db\"\n"
        ),
    );
    desk.run(["crawl", "--config", "b.toml"]).succeeds();
    desk.json("reports/patients/latest/report.json")
}

fn affected(desk: &Desk) -> BTreeSet<(String, String)> {
    desk.run([
        "resolve",
        "reports/patients/latest/report.json",
        "--people",
        "people.csv",
        "--key",
        "key",
        "--out",
        "affected.csv",
        "--region",
        "FI",
    ])
    .succeeds();
    desk.read("affected.csv")
        .lines()
        .skip(1)
        .map(|row| {
            let mut cells = row.split(',').map(str::to_owned);
            (cells.next().unwrap(), cells.next().unwrap())
        })
        .collect()
}

#[test]
fn everybody_planted_is_found_by_every_identifier_and_nobody_else_by_any() {
    let desk = Desk::empty();
    let leak = make(&desk, 20_201_021);
    add_unreadable(&desk);
    desk.run(["key", "new", "key"]).succeeds();
    desk.build("people.csv").succeeds();
    let server = Real::nginx(&desk.path("leak"), &desk.temporary());
    let report = crawl(&desk, &server.url());
    let found = affected(&desk);

    let mut expected = BTreeSet::new();
    let mut table = String::new();
    for (name, planted) in &leak.planted {
        let mut missed = Vec::new();
        for person in planted {
            for kind in ["email", "fi-hetu", "iban", "person", "phone"] {
                let pair = (person.reference.clone(), kind.to_owned());
                if !found.contains(&pair) {
                    missed.push(format!("{} {kind}", person.reference));
                }
                expected.insert(pair);
            }
        }
        let _ = writeln!(
            table,
            "{name:<18} {:>3} of {:>3}  {}",
            5 * PLANTED - missed.len(),
            5 * PLANTED,
            missed.join(", ")
        );
    }
    #[expect(
        clippy::print_stdout,
        reason = "the table is the result; `--nocapture` shows it"
    )]
    {
        println!("recall by format:\n{table}");
    }
    let wrong: Vec<_> = found.difference(&expected).collect();
    assert!(wrong.is_empty(), "nobody planted these: {wrong:?}");
    assert_eq!(found, expected, "recall by format:\n{table}");

    let reasons: BTreeMap<&str, u64> = report["coverage"]["not_examined"]
        .as_array()
        .unwrap()
        .iter()
        .map(|gap| {
            (
                gap["reason"].as_str().unwrap(),
                gap["count"].as_u64().unwrap(),
            )
        })
        .collect();
    for reason in [
        "encrypted",
        "truncated",
        "unsupported-format",
        "empty",
        "corrupt",
    ] {
        assert_eq!(reasons.get(reason), Some(&1), "{reason} in {reasons:?}");
    }
    assert_eq!(report["run"]["outcome"], "complete");
    adds_up(&report);
}

/// Every byte that was fetched is in exactly one bin.
fn adds_up(report: &Value) {
    let bytes = &report["coverage"]["bytes"];
    let missed: u64 = report["coverage"]["not_examined"]
        .as_array()
        .unwrap()
        .iter()
        .map(|gap| gap["bytes"].as_u64().unwrap())
        .sum();
    assert_eq!(
        bytes["fetched"].as_u64().unwrap(),
        bytes["examined"].as_u64().unwrap() + missed
    );
}
