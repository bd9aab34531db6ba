//! Lists of other makers, and large ones.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::command::Desk;

const LEAK: &str = "aino.rautio@example.org;+358 40 7654321;131052-9063\nnobody@example.com;1\n";

/// The desk's list, its entries changed by `change`, with that header for hints.
fn change(desk: &Desk, hint: &str, change: impl Fn(usize, &str) -> String) {
    let list = desk.read("list.bsw");
    let (head, body) = list.split_once("\n\n").unwrap();
    let head = head.replace("hint: sha256-inner\n", hint);
    let body: String = body
        .lines()
        .enumerate()
        .map(|(number, line)| change(number, line) + "\n")
        .collect();
    desk.write("list.bsw", format!("{head}\n\n{body}"));
}

/// An entry without its hint.
fn bare(line: &str) -> String {
    line.rsplit_once(' ').unwrap().0.to_owned()
}

fn matches(desk: &Desk) -> Vec<(String, String)> {
    desk.write("leak/a.csv", LEAK);
    desk.scan("leak").succeeds();
    let report = desk.json("out/report.json");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let matches = report["matches"].as_array().unwrap();
    let mut matches: Vec<_> = matches
        .iter()
        .map(|found| (text(&found["kind"]), text(&found["fingerprint"])))
        .collect();
    matches.sort();
    matches
}

fn hinted(desk: &Desk) -> u64 {
    let info = desk.run(["watchlist", "info", "list.bsw", "--json"]);
    let info: Value = serde_json::from_str(&info.succeeds().stdout).unwrap();
    info["hinted"].as_u64().unwrap()
}

#[test]
fn a_list_finds_the_same_with_hints_without_and_with_some() {
    let desk = Desk::new();
    let expected = matches(&desk);
    assert_eq!((expected.len(), hinted(&desk)), (3, 5));

    change(&desk, "hint: sha256-inner\n", |number, line| {
        if number % 2 == 0 {
            bare(line)
        } else {
            line.to_owned()
        }
    });
    assert_eq!((matches(&desk), hinted(&desk)), (expected.clone(), 2));

    let desk_of_other = Desk::empty();
    for name in ["people.csv", "key", "list.bsw"] {
        fs::copy(desk.path(name), desk_of_other.path(name)).unwrap();
    }
    desk_of_other.build("people.csv").succeeds();
    change(&desk_of_other, "hint: of-next-year\n", |_, line| {
        line.to_owned()
    });
    assert_eq!(matches(&desk_of_other), expected);
    assert_eq!(hinted(&desk_of_other), 0);
    let info = desk_of_other
        .run(["watchlist", "info", "list.bsw"])
        .succeeds();
    assert!(info.stdout.contains("does not know"), "{}", info.stdout);

    change(&desk_of_other, "", |_, line| bare(line));
    desk_of_other.write(
        "list.bsw",
        desk_of_other
            .read("list.bsw")
            .replace("hint: of-next-year\n", ""),
    );
    assert_eq!(
        (matches(&desk_of_other), hinted(&desk_of_other)),
        (expected, 0)
    );
}

#[test]
fn hints_that_are_all_wrong_are_survived() {
    let desk = Desk::new();
    change(&desk, "hint: sha256-inner\n", |_, line| {
        bare(line) + " 00000000"
    });
    matches(&desk);
    assert_eq!(hinted(&desk), 5);
    let report = desk.json("out/report.json");
    assert_eq!(report["run"]["outcome"], "complete");
}

#[test]
fn a_large_list_is_compiled_into_the_users_cache_for_its_owner_only() {
    let desk = Desk::new();
    let expected = matches(&desk);
    let list = desk.read("list.bsw");
    let (head, body) = list.split_once("\n\n").unwrap();
    let mut entries: Vec<String> = body.lines().map(str::to_owned).collect();
    let count = 850_000_u128;
    let strangers =
        (0..count).map(|number| format!("email/1 {:032x}", number * (u128::MAX / count)));
    entries.extend(strangers);
    entries.sort_unstable();
    let head = head.replace("entries: 5", &format!("entries: {}", entries.len()));
    desk.write("list.bsw", format!("{head}\n\n{}\n", entries.join("\n")));

    assert_eq!(matches(&desk), expected);
    let cache = desk.path(".cache/blindsift");
    let sha256 = desk.json("out/report.json")["watchlist"]["sha256"].clone();
    let index = cache.join(format!("{}.idx", sha256.as_str().unwrap()));
    for path in [&cache, &index] {
        let mode = fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", path.display());
    }
    assert_eq!(matches(&desk), expected);
    // A cut index is no reason to miss anybody.
    fs::OpenOptions::new()
        .write(true)
        .open(&index)
        .unwrap()
        .set_len(4096 * 1000)
        .unwrap();
    assert_eq!(matches(&desk), expected);
}
