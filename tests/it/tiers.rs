//! What a match is worth, from the list to the affected.

use std::fmt::Write as _;

use serde_json::Value;

use crate::command::Desk;

/// Forty people of a clinic with one telephone, one of whom has her own, too.
fn clinic() -> Desk {
    let desk = Desk::empty();
    let mut people = "ref,email,phone,phone2\n".to_owned();
    for number in 1..=40 {
        let own = if number == 7 { "040 7654321" } else { "" };
        let _ = writeln!(
            people,
            "p{number},someone{number}@example.org,09 1234567,{own}"
        );
    }
    desk.write("people.csv", people);
    desk.run(["key", "new", "key"]).succeeds();
    desk
}

fn resolve(desk: &Desk) -> crate::command::Done {
    let line = "resolve out/report.json --people people.csv --key key --out affected.csv";
    desk.run(line.split(' ')).succeeds()
}

/// The `strength` and `weak_because` of each match of that kind.
fn strengths(report: &Value, kind: &str) -> Vec<(String, Value)> {
    let matches = report["matches"].as_array().unwrap().iter();
    let of_kind = matches.filter(|found| found["kind"] == kind);
    let strength = |found: &Value| found["strength"].as_str().unwrap().to_owned();
    of_kind
        .map(|found| (strength(found), found["weak_because"].clone()))
        .collect()
}

#[test]
fn a_telephone_of_forty_people_is_weak_from_list_to_affected() {
    let desk = clinic();
    let built = desk.build("people.csv").succeeds();
    let built = built.complains_of(&["one phone is shared by 40 people", "lines 2, 3, 4"]);
    for value in ["1234567", "example.org", "+358"] {
        assert!(!built.stderr.contains(value), "{}", built.stderr);
    }
    let list = desk.read("list.bsw");
    assert_eq!(list.matches("\nphone/1/shared ").count(), 1);
    assert_eq!(list.matches("\nphone/1 ").count(), 1);

    desk.write("leak/a.csv", "x;+358 9 1234567\nx;+358 40 7654321\n");
    desk.scan("leak").succeeds();
    let mut found = strengths(&desk.json("out/report.json"), "phone");
    found.sort_by_key(|(strength, _)| strength.clone());
    assert_eq!(
        found,
        [
            ("strong".to_owned(), Value::Null),
            ("weak".to_owned(), "shared".into())
        ]
    );
    let csv = desk.read("out/matches.csv");
    assert!(csv.lines().next().unwrap().ends_with(",weak_because"));
    assert!(csv.contains(",phone,exact,weak,") && csv.contains(",shared\n"));

    let resolved = resolve(&desk);
    assert!(
        resolved.stdout.starts_with("1 of 40"),
        "{}",
        resolved.stdout
    );
    let affected = desk.read("affected.csv");
    assert!(affected.contains("p7,phone,exact,strong,"));
    assert_eq!(affected.matches(",phone,exact,weak,").count(), 39);
}

#[test]
fn two_people_in_one_record_are_told_apart_and_of() {
    let desk = clinic();
    desk.build("people.csv").succeeds();
    desk.write(
        "leak/a.csv",
        "a;b\nsomeone1@example.org;someone2@example.org\nsomeone3@example.org;\n",
    );
    desk.scan("leak").succeeds();
    let resolved = resolve(&desk).complains_of(&["1 pair of people", "affected.conflicts.csv"]);
    assert!(
        resolved.stdout.starts_with("3 of 40"),
        "{}",
        resolved.stdout
    );
    let conflicts = desk.read("affected.conflicts.csv");
    let rows: Vec<&str> = conflicts.lines().collect();
    assert_eq!(rows[0], "source,origin,record,ref_a,kind_a,ref_b,kind_b");
    assert!(rows[1].ends_with(",p1,email,p2,email"), "{}", rows[1]);
    assert_eq!(rows.len(), 2);

    desk.write("leak/a.csv", "a;b\nsomeone1@example.org;\n");
    desk.scan("leak").succeeds();
    resolve(&desk);
    assert!(!desk.path("affected.conflicts.csv").exists());
}

#[test]
fn what_is_expected_by_chance_stands_in_the_report_and_on_the_page() {
    let desk = Desk::empty();
    let mut people = "ref,phone\n".to_owned();
    for number in 0..1_000 {
        let _ = writeln!(people, "p{number},040 7{number:06}");
    }
    desk.write("people.csv", people);
    desk.run(["key", "new", "key"]).succeeds();
    desk.build("people.csv").succeeds();
    let mut leak = String::from("n;phone\n0;+358 40 7000999\n");
    for number in 0..20_000 {
        let _ = writeln!(leak, "{number};+358 44 8{number:06}");
    }
    desk.write("leak/a.csv", leak);
    desk.scan("leak").succeeds();
    let report = desk.json("out/report.json");
    let chance = &report["coverage"]["chance"]["phone"];
    let number = |name: &str| chance[name].as_f64().unwrap();
    assert_eq!(
        chance["candidates"],
        report["coverage"]["candidates"]["phone"]
    );
    assert!(number("candidates") >= 20_001.0);
    assert_eq!(chance["entries"], 1_000);
    let expected = number("candidates") * number("entries") / number("space");
    assert!((number("expected") / expected - 1.0).abs() < 0.001);
    // At least 20,001 x 1,000 / 2 x 10^8 = 0.1, and one was found.
    let weak = ("weak".to_owned(), "chance".into());
    assert_eq!(strengths(&report, "phone"), [weak]);
    let page = desk.read("out/report.html");
    assert!(page.contains("matches of this kind are expected by chance"));
    assert!(page.contains("Only 1 was found, so it is weak."));
    assert!(resolve(&desk).stdout.starts_with("0 of 1,000"));

    // What is unchanged counts as it did.
    let candidates = number("candidates");
    desk.write(
        "job.toml",
        "[job.j]\nwatchlist = \"list.bsw\"\nkey = \"key\"\nsources = [\"drop\"]\nout = \"reports\"\n\
         [source.drop]\npath = \"leak\"\n[state]\nurl = \"sqlite:c.db\"\n",
    );
    for _ in 0..2 {
        desk.run(["crawl", "--config", "job.toml"]).succeeds();
        let report = desk.json("reports/j/latest/report.json");
        let again = report["coverage"]["chance"]["phone"]["candidates"].as_f64();
        assert_eq!(again, Some(candidates));
    }
}

#[test]
fn the_table_of_kinds_is_grouped_and_has_every_kind_and_figure() {
    let desk = Desk::empty();
    let table = desk.run(["kinds"]).succeeds().stdout;
    let all = desk.run(["kinds", "--json"]).succeeds().stdout;
    let all: Vec<Value> = serde_json::from_str(&all).unwrap();
    let mut families = Vec::new();
    for kind in &all {
        for field in [
            "kind",
            "strength",
            "canonical_form",
            "check",
            "source",
            "example",
        ] {
            let value = kind[field].as_str().unwrap();
            assert!(table.contains(value), "{field}: {value}");
        }
        families.push(kind["family"].as_str().unwrap());
        assert!(kind["profile"] == 1);
        let figures = ["space", "chance"].map(|field| kind.get(field).is_some());
        assert_eq!(figures, [true, true]);
    }
    families.dedup();
    let headings = table
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_uppercase()));
    assert_eq!(headings.count(), families.len(), "{table}");
    let hetu = all.iter().find(|kind| kind["kind"] == "fi-hetu").unwrap();
    assert_eq!(hetu["family"], "national");
    assert_eq!(hetu["space"], 473_875_350.0);
}
