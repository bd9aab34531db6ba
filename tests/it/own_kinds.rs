//! An organisation's own kinds and passports, from its list to its affected people.

use serde_json::Value;

use crate::command::Desk;

const KINDS: &str = r#"
[kind.patient-number]
pattern  = 'V[- ]?\d{6}'
fold     = "upper"
headings = ["Potilasnumero"]

[kind.case-id]
pattern = '\d{4}/\d{5}'
check   = "luhn"
"#;

// 2026/00019: 2 0 2 6 0 0 0 1 9, doubled from the right but one: 2+0+2+3+0+0+0+2+9.
// It adds up to 18, so the last digit must be 1 for 10: 2026/00011.
const PEOPLE: &str = "\
ref,email,Potilasnumero,case,passport
p1,,v-493817,2026/00011,UTO L898902C3
p2,bo@example.org,V 120034,,
p3,,V 777777,2026/00012,L898902C3
";

const LEAK: &str = "\
Kirje: potilas V-493817 (asia 2026/00011).
xV-120034 V-1200345 2026/00012
bo@example.org, V120034
P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<
L898902C36UTO7408122F1204159ZE184226B<<<<<10
";

fn desk() -> Desk {
    let desk = Desk::empty();
    desk.write("people.csv", PEOPLE);
    desk.write("kinds.toml", KINDS);
    desk.write("leak/a.txt", LEAK);
    desk.run(["key", "new", "key"]).succeeds();
    let built = desk.run(
        "watchlist build people.csv --key key --out list.bsw --kind-config kinds.toml \
         --column case=case-id"
            .split_whitespace(),
    );
    // p3 has a wrong check digit and a passport of no state.
    let built = built.succeeds();
    assert!(
        built.stderr.contains("the check digit does not fit"),
        "{}",
        built.stderr
    );
    assert!(
        built.stderr.contains("nor a state and a number"),
        "{}",
        built.stderr
    );
    desk
}

#[test]
fn people_are_found_by_kinds_that_only_the_list_defines() {
    let desk = desk();
    let info = desk
        .run(["watchlist", "info", "list.bsw", "--json"])
        .succeeds();
    let info: Value = serde_json::from_str(&info.stdout).unwrap();
    assert_eq!(info["entries"]["patient-number"], 3);
    assert_eq!(
        info["kinds"],
        serde_json::json!([
            r"case-id pattern=\d{4}/\d{5} check=luhn strength=strong",
            r#"patient-number pattern="V[- ]?\d{6}" fold=upper strength=strong headings=Potilasnumero"#,
        ])
    );

    desk.scan("leak").succeeds();
    let report = desk.json("out/report.json");
    assert_eq!(report["run"]["outcome"], "complete");
    assert_eq!(
        report["run"]["canaries"]["planted"],
        report["run"]["canaries"]["found"]
    );
    assert_eq!(
        report["summary"]["by_kind"],
        serde_json::json!({"case-id": 1, "email": 1, "passport": 1, "patient-number": 2})
    );
    for found in report["matches"].as_array().unwrap() {
        assert_eq!(found["strength"], "strong");
        let beside = &found["exposures"][0]["exposed_with"];
        match found["kind"].as_str().unwrap() {
            "case-id" | "email" => assert_eq!(*beside, serde_json::json!(["patient-number"])),
            "passport" => {}
            _ => assert!(
                *beside == serde_json::json!(["case-id"])
                    || *beside == serde_json::json!(["email"])
            ),
        }
    }

    // The report says how the people are to be read.
    desk.run(
        "resolve out/report.json --people people.csv --key key --out affected.csv --column case=case-id"
            .split_whitespace(),
    )
    .succeeds();
    let affected = desk.read("affected.csv");
    let mut rows: Vec<&str> = affected
        .lines()
        .skip(1)
        .map(|row| &row[..row.match_indices(',').nth(1).unwrap().0])
        .collect();
    rows.sort_unstable();
    assert_eq!(
        rows,
        [
            "p1,case-id",
            "p1,passport",
            "p1,patient-number",
            "p2,email",
            "p2,patient-number"
        ]
    );
}

#[test]
fn a_kind_of_ones_own_is_normalized_and_printed() {
    let desk = desk();
    let kinds = desk
        .run(["kinds", "--kind-config", "kinds.toml"])
        .succeeds();
    assert!(
        kinds.stdout.contains("\n  patient-number  strong"),
        "{}",
        kinds.stdout
    );
    let refused = desk.run([
        "watchlist",
        "build",
        "people.csv",
        "--key",
        "key",
        "--out",
        "x.bsw",
        "--kind-config",
        "people.csv",
    ]);
    assert_eq!(refused.code, 2);
    for (name, pattern) in [("email", "V1"), ("a", "V*"), ("a", "^V1$")] {
        desk.write(
            "bad.toml",
            format!("\n[kind.{name}]\npattern = '{pattern}'\n"),
        );
        let refused = desk.run(["kinds", "--kind-config", "bad.toml"]);
        assert_eq!(refused.code, 2);
        assert!(refused.stderr.contains("line 2"), "{}", refused.stderr);
    }
}

#[test]
fn a_list_with_a_definition_that_cannot_be_used_is_refused() {
    let desk = desk();
    let list = desk.read("list.bsw");
    for pattern in ["(x+x+)+y", "V*", "(", r"\pL{60}", &"x".repeat(300)] {
        let bad = list.replacen(r"pattern=\d{4}/\d{5}", &format!("pattern={pattern}"), 1);
        assert_ne!(bad, list);
        desk.write("list.bsw", bad);
        let refused = desk.scan("leak");
        assert_eq!(refused.code, 2, "{pattern}");
        assert!(
            refused
                .stderr
                .contains("of the watchlist: the kind that it defines"),
            "{}",
            refused.stderr
        );
    }
}
