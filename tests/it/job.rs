//! Jobs from end to end, through the command line.

use std::fmt::Write as _;
use std::fs;
use std::io::Read;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::command::Desk;

const CONFIG: &str = "[job.patients]\nwatchlist = \"list.bsw\"\nkey = \"key\"\nsources = [\"drop\"]\nout = \"reports\"\n\
    [source.drop]\npath = \"leak\"\n[state]\nurl = \"sqlite:c.db\"\n";

fn kinds(report: &Value) -> Vec<&str> {
    let mut kinds: Vec<&str> = report["matches"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["kind"].as_str().unwrap())
        .collect();
    kinds.sort_unstable();
    kinds
}

#[test]
fn a_scan_finds_every_kind_and_leaves_every_file() {
    let desk = Desk::new();
    desk.write(
        "leak/a.txt",
        "Rautio Aino, s. 13.10.1952, +358 40 7654321, AINO.RAUTIO@EXAMPLE.ORG, 131052-9063, FI20 9000 0000 0000 01\n",
    );
    desk.scan("leak").succeeds();
    let report = desk.json("out/report.json");
    assert_eq!(
        kinds(&report),
        ["email", "fi-hetu", "iban", "person", "phone"]
    );
    assert_eq!(report["run"]["outcome"], "complete");
    let exposed: Vec<&str> = report["matches"][0]["exposures"][0]["exposed_with"]
        .as_array()
        .unwrap()
        .iter()
        .map(|kind| kind.as_str().unwrap())
        .collect();
    assert_eq!(
        exposed,
        ["date-of-birth", "fi-hetu", "iban", "person", "phone"]
    );
    for name in [
        "report.html",
        "matches.csv",
        "evidence.jsonl",
        "evidence.sig",
        "evidence.pub",
    ] {
        assert!(desk.path("out").join(name).is_file(), "{name}");
    }
    desk.run(["evidence", "verify", "out"]).succeeds();
    desk.run([
        "resolve",
        "out/report.json",
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
    let affected = desk.read("affected.csv");
    let rows: Vec<&str> = affected
        .lines()
        .skip(1)
        .map(|row| &row[..row.match_indices(',').nth(1).unwrap().0])
        .collect();
    assert_eq!(
        rows,
        ["p1,email", "p1,fi-hetu", "p1,iban", "p1,person", "p1,phone"]
    );
    assert_eq!(
        affected.lines().next().unwrap(),
        "ref,kind,variant,strength,sources,occurrences,first_seen,last_seen,exposed_with,new"
    );
}

#[test]
fn evidence_is_verified_by_minisign_itself() {
    let desk = Desk::new();
    desk.write("leak/a.txt", "x");
    desk.scan("leak").succeeds();
    let verified = std::process::Command::new("minisign")
        .args([
            "-V",
            "-p",
            "evidence.pub",
            "-m",
            "evidence.jsonl",
            "-x",
            "evidence.sig",
        ])
        .current_dir(desk.path("out"))
        .output()
        .expect("minisign is installed by `make install-deps`");
    assert!(
        verified.status.success(),
        "{}",
        String::from_utf8_lossy(&verified.stderr)
    );
}

#[test]
fn standard_input_is_examined() {
    let desk = Desk::new();
    let done = desk.run_with(
        [
            "scan",
            "-",
            "--watchlist",
            "list.bsw",
            "--key",
            "key",
            "--exit-code",
            "9",
        ],
        &[],
        b"x aino.rautio@example.org y",
    );
    let done = done.exits(9);
    assert!(done.stdout.contains("email"), "{}", done.stdout);
}

#[test]
fn a_second_run_examines_what_changed_and_marks_only_new_matches() {
    let desk = Desk::new();
    desk.write("b.toml", CONFIG);
    desk.write("leak/a.txt", "aino.rautio@example.org");
    desk.write("leak/b.txt", "nobody");
    desk.run(["crawl", "--config", "b.toml", "--exit-code", "10"])
        .exits(10);
    let first = desk.json("reports/patients/latest/report.json");
    assert_eq!(first["summary"]["new"], 1);
    assert_eq!(first["coverage"]["artefacts"]["examined"], 2);

    desk.write("leak/b.txt", "now with a number: 040 765 4321");
    desk.run(["crawl", "--config", "b.toml", "--exit-code", "10"])
        .exits(10);
    let second = desk.json("reports/patients/latest/report.json");
    assert_eq!(second["coverage"]["artefacts"]["examined"], 1);
    assert_eq!(second["coverage"]["artefacts"]["unchanged"], 1);
    let new: Vec<(&str, bool)> = second["matches"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| (m["kind"].as_str().unwrap(), m["new"].as_bool().unwrap()))
        .collect();
    assert_eq!(new, [("email", false), ("phone", true)]);

    fs::remove_file(desk.path("leak/a.txt")).unwrap();
    desk.run(["crawl", "--config", "b.toml", "--exit-code", "10"])
        .exits(0);
    let third = desk.json("reports/patients/latest/report.json");
    assert_eq!(third["coverage"]["artefacts"]["gone"], 1);
    assert_eq!(kinds(&third), ["email", "phone"]);
    assert_eq!(third["matches"][0]["exposures"][0]["gone"], true);
    assert_eq!(
        third["matches"][0]["first_seen"],
        first["matches"][0]["first_seen"]
    );
}

#[test]
fn a_new_list_examines_everything_again() {
    let desk = Desk::new();
    desk.write("b.toml", CONFIG);
    desk.write("leak/a.txt", "second@example.org");
    desk.run(["crawl", "--config", "b.toml"]).succeeds();
    desk.write("people.csv", "ref,email\np2,second@example.org\n");
    desk.build("people.csv").succeeds();
    desk.run(["crawl", "--config", "b.toml"]).succeeds();
    let report = desk.json("reports/patients/latest/report.json");
    assert_eq!(report["coverage"]["artefacts"]["examined"], 1);
    assert_eq!(report["summary"]["new"], 1);
}

#[test]
fn the_report_is_the_same_with_one_worker_and_with_four() {
    let desk = Desk::new();
    for number in 0..40 {
        desk.write(
            &format!("leak/{number}.txt"),
            format!("{number} aino.rautio@example.org 131052-9063"),
        );
    }
    // Long enough that its pieces go to all workers.
    let mut rows = "id,name,born,email,note\n".to_owned();
    for number in 0..30_000 {
        let (name, contact) = match number % 1000 {
            7 => ("Rautio Aino", "aino.rautio@example.org,040 765 4321"),
            _ => ("Somebody Else", "somebody.else@example.org,a note"),
        };
        let _ = writeln!(rows, "{number},{name},1952-10-13,{contact}");
    }
    desk.write("leak/rows.gz", crate::leak::gzip(rows.as_bytes()));
    desk.write("leak/rows.csv", rows);
    let mut reports = Vec::new();
    for workers in ["1", "4"] {
        desk.run([
            "scan",
            "leak",
            "--watchlist",
            "list.bsw",
            "--key",
            "key",
            "--out",
            "out",
            "--workers",
            workers,
        ])
        .succeeds();
        let mut report = desk.json("out/report.json");
        for time in ["id", "started", "finished"] {
            report["run"][time] = Value::Null;
        }
        for found in report["matches"].as_array_mut().unwrap() {
            found["first_seen"] = Value::Null;
            found["last_seen"] = Value::Null;
        }
        // More than are listed one by one.
        assert_eq!(report["coverage"]["limits_met"][0]["limit"], "exposures");
        reports.push(report);
    }
    assert_eq!(reports[0], reports[1]);
}

#[test]
fn a_signal_ends_a_run_as_incomplete_with_a_whole_report() {
    let desk = Desk::new();
    desk.write("b.toml", CONFIG);
    desk.write("leak/a.txt", "aino.rautio@example.org");
    let mut child = desk
        .command([
            "scan",
            "leak",
            "-",
            "--watchlist",
            "list.bsw",
            "--key",
            "key",
            "--out",
            "out",
            "-v",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut stdin, b"131052-9063\n").unwrap();
    // The folder is examined beside it; its event says so.
    let mut stderr = child.stderr.take().unwrap();
    let mut seen = String::new();
    let begun = Instant::now();
    while !seen.contains("examined") {
        let mut bytes = [0; 256];
        let count = stderr.read(&mut bytes).unwrap();
        seen.push_str(&String::from_utf8_lossy(&bytes[..count]));
        assert!(begun.elapsed() < Duration::from_mins(1), "{seen}");
    }
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    // The request has arrived when the program says so.
    while !seen.contains("stopping") {
        let mut bytes = [0; 256];
        let count = stderr.read(&mut bytes).unwrap();
        assert!(count > 0, "{seen}");
        seen.push_str(&String::from_utf8_lossy(&bytes[..count]));
    }
    // A read that waits for stdin ends when its writer goes away.
    drop(stdin);
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(3));
    let report = desk.json("out/report.json");
    assert_eq!(report["run"]["outcome"], "incomplete");
    assert!(kinds(&report).contains(&"email"));
    desk.run(["evidence", "verify", "out"]).succeeds();
}

#[test]
fn a_run_that_was_killed_is_continued_and_reports_the_same() {
    let desk = Desk::new();
    desk.write("b.toml", CONFIG);
    for number in 0..300 {
        let person = if number % 50 == 0 {
            "aino.rautio@example.org"
        } else {
            "nobody"
        };
        desk.write(
            &format!("leak/{number:03}.txt"),
            format!("{number} {person}\n").repeat(200),
        );
    }
    let mut kills = 0;
    // Killed a little later each time, until one run comes to its end.
    for wait in 1..200_u32 {
        let mut child = desk
            .command(["crawl", "--config", "b.toml", "--workers", "1"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let deadline = Instant::now() + Duration::from_millis(5) * wait;
        let ended = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break Some(status);
            }
            if Instant::now() >= deadline {
                child.kill().unwrap();
                child.wait().unwrap();
                break None;
            }
            std::thread::yield_now();
        };
        if let Some(status) = ended {
            assert!(status.success());
            break;
        }
        kills += 1;
    }
    assert!(kills > 2, "only {kills} runs were killed");
    // A run that was killed after its report was in place is followed by another.
    let mut runs: Vec<String> = fs::read_dir(desk.path("reports/patients"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "latest")
        .collect();
    runs.sort();
    assert!(runs.iter().all(|name| !name.starts_with('.')), "{runs:?}");
    for (number, run) in runs.iter().enumerate() {
        let report = desk.json(&format!("reports/patients/{run}/report.json"));
        let is_first = u64::from(number == 0);
        assert_eq!(report["coverage"]["artefacts"]["examined"], 300 * is_first);
        assert_eq!(
            report["coverage"]["artefacts"]["unchanged"],
            300 * (1 - is_first)
        );
        assert_eq!(report["summary"]["new"], is_first);
        assert_eq!(report["matches"][0]["occurrences"], 6 * 200);
    }
}

#[test]
fn two_runs_of_one_job_do_not_overlap() {
    let desk = Desk::new();
    desk.write("b.toml", CONFIG);
    desk.write("leak/a.txt", "x");
    let lock = fs::File::create(desk.path("c.db.patients.lock")).unwrap();
    lock.lock().unwrap();
    desk.run(["crawl", "--config", "b.toml"])
        .exits(1)
        .complains_of(&["running already"]);
}

#[test]
fn people_whose_identifiers_are_the_documented_examples_are_found() {
    let desk = Desk::empty();
    desk.run(["key", "new", "key"]).succeeds();
    // The examples of `kinds` are every run's canaries, too.
    desk.write(
        "people.csv",
        "name,date_of_birth,email,phone,hetu,iban\n\
         Anna Virtanen,1952-10-13,anna@example.fi,0401234567,131052-308T,FI2112345600000785\n",
    );
    desk.build("people.csv").succeeds();
    desk.write(
        "leak.txt",
        "anna@example.fi 040 123 4567 131052-308T FI2112345600000785 Anna Virtanen 13.10.1952\n",
    );
    desk.scan("leak.txt").succeeds();
    let report = desk.json("out/report.json");
    assert_eq!(report["summary"]["matched"], 5);
    assert_eq!(report["run"]["outcome"], "complete");
    // And a leak without them is one without matches.
    desk.write("other.txt", "nobody");
    desk.scan("other.txt").succeeds();
    assert_eq!(desk.json("out/report.json")["summary"]["matched"], 0);
}
