//! Several lists under several keys, in one pass.

use std::fmt::Write as _;

use serde_json::Value;

use crate::command::Desk;

/// Somebody on a second list, and on no other.
const OTHERS: &str = "ref,email,phone\nq1,toivo.laine@example.net,040 111 2222\n";

/// A desk with a second list, of another key, and a leak about both.
fn two_lists() -> Desk {
    let desk = Desk::new();
    desk.run(["key", "new", "key2"]).succeeds();
    desk.write("others.csv", OTHERS);
    desk.run([
        "watchlist",
        "build",
        "others.csv",
        "--key",
        "key2",
        "--out",
        "list2.bsw",
        "--region",
        "FI",
        "--name",
        "staff/2",
    ])
    .succeeds();
    let mut rows = "id,name,born,email,phone\n".to_owned();
    for number in 0..20_000 {
        let person = match number % 900 {
            7 => "Rautio Aino,1952-10-13,aino.rautio@example.org,040 765 4321",
            8 => "Laine Toivo,,toivo.laine@example.net,040 111 2222",
            77 => "Else Some,1952-10-13,else77@example.org,-",
            _ => "Else Some,1952-10-13,else@example.org,-",
        };
        let _ = writeln!(rows, "{number},{person}");
    }
    desk.write("leak/rows.csv", rows);
    desk.write("leak/a.txt", "aino.rautio@example.org 131052-9063");
    desk
}

/// A report without what differs from run to run.
fn lasting(desk: &Desk, path: &str) -> Value {
    let mut report = desk.json(path);
    for time in ["id", "started", "finished"] {
        report["run"][time] = Value::Null;
    }
    for found in report["matches"].as_array_mut().unwrap() {
        found["first_seen"] = Value::Null;
        found["last_seen"] = Value::Null;
    }
    report
}

fn scan(desk: &Desk, out: &str, lists: &[(&str, &str)]) {
    let mut arguments = vec!["scan", "leak", "--out", out, "--exit-code", "9"];
    for (list, key) in lists {
        arguments.extend(["--watchlist", list, "--key", key]);
    }
    desk.run(arguments).exits(9);
}

#[test]
fn each_of_several_lists_gets_the_report_that_it_gets_alone() {
    let desk = two_lists();
    scan(&desk, "one", &[("list.bsw", "key")]);
    scan(&desk, "two", &[("list2.bsw", "key2")]);
    let lists = [
        ("list.bsw", "key"),
        ("list2.bsw", "key2"),
        ("list.bsw", "key"),
    ];
    scan(&desk, "all", &lists);
    for (alone, together) in [("one", "list"), ("two", "staff-2"), ("one", "list-2")] {
        let together = format!("all/{together}/report.json");
        assert_eq!(
            lasting(&desk, &together),
            lasting(&desk, &format!("{alone}/report.json"))
        );
    }
    let other = desk.json("two/report.json")["watchlist"]["key_id"].to_string();
    for file in [
        "report.json",
        "report.html",
        "evidence.jsonl",
        "matches.csv",
    ] {
        let text = desk.read(&format!("all/list/{file}"));
        assert!(!text.contains("staff"), "{file} names another list");
        assert!(!text.contains(other.trim_matches('"')), "{file}");
    }
    desk.run(["evidence", "verify", "all/staff-2"]).succeeds();
}

#[test]
fn every_list_needs_a_key() {
    let desk = two_lists();
    desk.run([
        "scan",
        "leak",
        "--watchlist",
        "list.bsw",
        "--key",
        "key",
        "--watchlist",
        "list2.bsw",
    ])
    .exits(2)
    .complains_of(&["2 lists and 1 keys", "--key for each"]);
}

#[test]
fn a_list_that_cannot_be_used_keeps_no_other_back() {
    let desk = two_lists();
    desk.run([
        "scan",
        "leak",
        "--out",
        "out",
        "--watchlist",
        "list.bsw",
        "--key",
        "key2",
        "--watchlist",
        "list2.bsw",
        "--key",
        "key2",
    ])
    .exits(2)
    .complains_of(&["list.bsw cannot be used"]);
    assert_eq!(
        desk.json("out/staff-2/report.json")["summary"]["matched"],
        2
    );
    assert!(!desk.path("out/list").exists());
}

const CONFIG: &str = "[job.patients]\nwatchlist = \"list.bsw\"\nkey = \"key\"\nsources = [\"drop\"]\nout = \"reports\"\n\
    [job.staff]\nwatchlist = \"list2.bsw\"\nkey = \"key2\"\nsources = [\"drop\"]\nout = \"reports\"\n\
    [source.drop]\npath = \"leak\"\n[state]\nurl = \"sqlite:c.db\"\n";

#[test]
fn jobs_with_the_same_sources_share_a_pass_and_nothing_else() {
    let desk = two_lists();
    desk.write("b.toml", CONFIG);
    let crawl = ["crawl", "--config", "b.toml", "--exit-code", "9", "-v"];
    let done = desk.run(crawl).exits(9);
    let passes = done.stderr.matches("examined").count();
    assert_eq!(passes, 2, "each file is read once: {}", done.stderr);
    let first = |job: &str| desk.json(&format!("reports/{job}/latest/report.json"));
    assert_eq!(first("patients")["summary"]["new"], 4);
    assert_eq!(first("staff")["summary"]["new"], 2);
    assert_ne!(first("patients")["run"]["id"], first("staff")["run"]["id"]);

    // Nothing has changed for either.
    desk.run(crawl).exits(0);
    for job in ["patients", "staff"] {
        assert_eq!(first(job)["coverage"]["artefacts"]["unchanged"], 2);
    }
    // A new list is one job's business: the other finds everything unchanged.
    desk.write("others.csv", "ref,email\nq2,else77@example.org\n");
    desk.run([
        "watchlist",
        "build",
        "others.csv",
        "--key",
        "key2",
        "--out",
        "list2.bsw",
    ])
    .succeeds();
    desk.run(crawl).exits(9);
    assert_eq!(first("patients")["coverage"]["artefacts"]["unchanged"], 2);
    assert_eq!(first("patients")["summary"]["matched"], 4);
    assert_eq!(first("staff")["coverage"]["artefacts"]["examined"], 2);
    assert_eq!(first("staff")["summary"]["new"], 1);
    // And a list that cannot be used is one job's trouble.
    desk.write("list2.bsw", "no list");
    desk.run(crawl)
        .exits(2)
        .complains_of(&["the job `staff` failed"]);
    assert_eq!(first("patients")["coverage"]["artefacts"]["unchanged"], 2);
    desk.run(["evidence", "verify", "reports/patients/latest"])
        .succeeds();
}
