//! Each kind of bad input gets a clear error, the documented exit code, and costs
//! nothing that was there.

use std::fs::{self, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use crate::command::{Desk, PEOPLE};

#[test]
fn a_header_without_a_known_column_is_refused_with_its_headings() {
    let desk = Desk::new();
    let before = desk.read("list.bsw");
    desk.write("odd.csv", "alpha,beta\nx,y\n");
    desk.build("odd.csv")
        .exits(2)
        .complains_of(&["alpha", "beta", "--column"]);
    assert_eq!(desk.read("list.bsw"), before);
}

#[test]
fn a_column_that_is_not_there_is_named() {
    let desk = Desk::new();
    desk.run([
        "watchlist",
        "build",
        "people.csv",
        "--key",
        "key",
        "--out",
        "l",
        "--column",
        "Mail=email",
    ])
    .exits(2)
    .complains_of(&["Mail"]);
    assert!(!desk.path("l").exists());
}

#[test]
fn a_region_without_telephones_is_refused() {
    let desk = Desk::new();
    // The country's code is GB.
    desk.run(["normalize", "--kind", "phone", "--region", "uk"])
        .exits(2)
        .complains_of(&["`UK`", "ISO 3166"]);
}

#[test]
fn a_result_is_not_written_over_what_it_is_made_with() {
    let desk = Desk::new();
    desk.write("leak.txt", "nothing");
    desk.scan("leak.txt").succeeds();
    for (line, kept) in [
        ("watchlist build people.csv --key key --out key", "key"),
        (
            "resolve out/report.json --people people.csv --key key --out ./key",
            "key",
        ),
        (
            "resolve out/report.json --people people.csv --key key --out out/report.json",
            "out/report.json",
        ),
        (
            "report render out/report.json --format csv --out out/report.json",
            "out/report.json",
        ),
    ] {
        let before = desk.read(kept);
        desk.run(line.split(' '))
            .exits(2)
            .complains_of(&["written over", kept]);
        assert_eq!(desk.read(kept), before, "{line}");
    }
}

#[test]
fn a_picture_is_no_list_of_people() {
    let desk = Desk::new();
    desk.write("people.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01");
    desk.build("people.png")
        .exits(2)
        .complains_of(&["not a CSV file"]);
}

#[test]
fn rejects_are_told_by_line_and_reason_and_never_by_value() {
    let desk = Desk::new();
    desk.write(
        "people.csv",
        format!("{PEOPLE}p2,,,not-an-address,12,131052-9062,FI2190000000000001\n"),
    );
    let done = desk.build("people.csv").succeeds();
    for reason in [
        "line 3, column `email`",
        "line 3, column `phone`",
        "line 3, column `hetu`",
        "line 3, column `iban`",
    ] {
        assert!(done.stderr.contains(reason), "{reason}: {}", done.stderr);
    }
    for value in ["not-an-address", "131052-9062", "FI21"] {
        assert!(
            !done.stderr.contains(value) && !done.stdout.contains(value),
            "{value}"
        );
    }
}

#[test]
fn a_list_and_a_key_that_do_not_belong_together_are_refused() {
    let desk = Desk::new();
    desk.write("leak.txt", "x");
    desk.run(["key", "new", "other"]).succeeds();
    desk.run([
        "scan",
        "leak.txt",
        "--watchlist",
        "list.bsw",
        "--key",
        "other",
        "--out",
        "out",
    ])
    .exits(2)
    .complains_of(&["key", "what to do"]);
    assert!(!desk.path("out").exists());
}

#[test]
fn a_list_that_was_tampered_with_is_refused_by_its_line() {
    let desk = Desk::new();
    desk.write("leak.txt", "x");
    let list = desk.read("list.bsw");
    let mut lines: Vec<&str> = list.lines().collect();
    let entries = lines.iter().position(|line| line.is_empty()).unwrap() + 1;
    lines.swap(entries, entries + 1);
    let unsorted = lines.join("\n") + "\n";
    let cases = [
        (list.replace("entries: ", "entries: 1"), "entries"),
        (
            list.replace("blindsift-watchlist 1", "blindsift-watchlist 2"),
            "2",
        ),
        (unsorted, "line"),
        (list[..list.len() - 9].to_owned(), "cut"),
        (list.replace("email/1 ", "email/1 zz"), "line"),
    ];
    for (text, word) in cases {
        desk.write("list.bsw", &text);
        desk.scan("leak.txt")
            .exits(2)
            .complains_of(&[word, "what to do"]);
        desk.run(["watchlist", "info", "list.bsw"])
            .exits(2)
            .complains_of(&[word]);
        assert!(!desk.path("out").exists());
    }
}

#[test]
fn an_expired_list_is_refused() {
    let desk = Desk::new();
    desk.write("leak.txt", "x");
    desk.run([
        "watchlist",
        "build",
        "people.csv",
        "--key",
        "key",
        "--out",
        "list.bsw",
        "--expires",
        "2020-01-01",
    ])
    .succeeds();
    desk.scan("leak.txt").exits(2).complains_of(&["expired"]);
}

#[test]
fn a_key_that_others_may_read_is_refused_and_a_key_is_never_overwritten() {
    let desk = Desk::new();
    desk.write("leak.txt", "x");
    let before = desk.read("key");
    desk.run(["key", "new", "key"])
        .exits(2)
        .complains_of(&["already"]);
    assert_eq!(desk.read("key"), before);
    fs::set_permissions(desk.path("key"), Permissions::from_mode(0o644)).unwrap();
    desk.scan("leak.txt").exits(2).complains_of(&["chmod 600"]);
}

#[test]
fn an_unknown_key_in_the_configuration_is_shown_with_its_line_and_the_nearest_one() {
    let desk = Desk::new();
    desk.write(
        "b.toml",
        "[job.a]\nwatchlst = \"list.bsw\"\nkey = \"key\"\nsources = []\n",
    );
    desk.run(["crawl", "--config", "b.toml"])
        .exits(2)
        .complains_of(&["watchlst", "watchlist", "line 2"]);
}

#[test]
fn a_job_that_does_not_exist_is_refused_with_those_that_do() {
    let desk = Desk::new();
    desk.write("leak/a.txt", "x");
    desk.write("b.toml", folder_job("leak"));
    desk.run(["crawl", "--config", "b.toml", "--job", "patient"])
        .exits(2)
        .complains_of(&["patient", "patients"]);
}

#[test]
fn a_job_that_cannot_run_does_not_keep_the_next_one_from_running() {
    let desk = Desk::new();
    desk.write("leak/a.txt", "aino.rautio@example.org");
    let broken = "[job.broken]\nwatchlist = \"nowhere\"\nkey = \"key\"\nsources = [\"drop\"]\n";
    desk.write("b.toml", format!("{broken}{}", folder_job("leak")));
    desk.run(["crawl", "--config", "b.toml"])
        .exits(2)
        .complains_of(&["broken", "nowhere"]);
    assert_eq!(
        desk.json("reports/patients/latest/report.json")["summary"]["new"],
        1
    );
}

/// The configuration of a job over a folder.
fn folder_job(folder: &str) -> String {
    format!(
        "[job.patients]\nwatchlist = \"list.bsw\"\nkey = \"key\"\nsources = [\"drop\"]\nout = \"reports\"\n\
         [source.drop]\npath = \"{folder}\"\n[state]\nurl = \"sqlite:c.db\"\n"
    )
}

#[test]
fn a_source_that_does_not_answer_makes_the_run_incomplete() {
    let desk = Desk::new();
    // A port that was free a moment ago, and nobody listens on.
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    desk.write(
        "b.toml",
        format!(
            "[job.patients]\nwatchlist = \"list.bsw\"\nkey = \"key\"\nsources = [\"blog\"]\nout = \"reports\"\n\
             [source.blog]\nurl = \"http://127.0.0.1:{port}/\"\nretries = 0\n[state]\nurl = \"sqlite:c.db\"\n"
        ),
    );
    desk.run(["crawl", "--config", "b.toml"]).exits(3);
    let report = desk.json("reports/patients/latest/report.json");
    assert_eq!(report["run"]["outcome"], "incomplete");
    assert_eq!(report["coverage"]["sources"][0]["outcome"], "failed");
    assert_eq!(
        report["coverage"]["not_examined"][0]["reason"],
        "fetch-failed"
    );
}

#[test]
fn a_path_that_is_not_there_is_refused_before_anything_is_written() {
    let desk = Desk::new();
    desk.scan("nowhere").exits(2).complains_of(&["nowhere"]);
    assert!(!desk.path("out").exists());
}

#[test]
fn an_output_folder_that_cannot_be_made_is_an_error() {
    let desk = Desk::new();
    desk.write("leak.txt", "aino.rautio@example.org");
    // A file stands where the folder should be: refused to root, too.
    desk.write("out", "in the way");
    desk.scan("leak.txt")
        .exits(1)
        .complains_of(&["out", "what to do"]);
    assert_eq!(desk.read("out"), "in the way");
}

#[test]
fn a_disk_that_fills_up_loses_neither_the_old_report_nor_the_new_matches() {
    let desk = Desk::new();
    desk.write("leak/a.txt", "nobody");
    desk.write("b.toml", folder_job("leak"));
    desk.run(["crawl", "--config", "b.toml"]).succeeds();
    let before = desk.read("reports/patients/latest/report.json");
    desk.write("leak/b.txt", "aino.rautio@example.org");
    // A limit on the size of files acts as a full disk does: writing fails half-way.
    let limited = desk
        .command(["crawl", "--config", "b.toml"])
        .get_program()
        .to_owned();
    let full = std::process::Command::new("bash")
        .args([
            "-c",
            "trap '' XFSZ; ulimit -f 20; exec \"$0\" crawl --config b.toml",
        ])
        .arg(limited)
        .current_dir(desk.folder())
        .env("HOME", desk.folder())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let full: crate::command::Done = full.into();
    // The catalog's own files may be what meets the limit first, or the report.
    full.exits(1).complains_of(&["error", "what to do"]);
    assert_eq!(desk.read("reports/patients/latest/report.json"), before);
    desk.run(["crawl", "--config", "b.toml"]).succeeds();
    let report = desk.json("reports/patients/latest/report.json");
    assert_eq!(report["summary"]["new"], 1);
}

#[test]
fn a_report_that_cannot_be_written_to_its_end_leaves_nothing() {
    let desk = Desk::new();
    desk.write("leak.txt", "aino.rautio@example.org");
    let full = std::process::Command::new("bash")
        .args([
            "-c",
            "trap '' XFSZ; ulimit -f 2; exec \"$0\" scan leak.txt --watchlist list.bsw --key key --out out",
        ])
        .arg(env!("CARGO_BIN_EXE_blindsift"))
        .current_dir(desk.folder())
        .env("HOME", desk.folder())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let full: crate::command::Done = full.into();
    full.exits(1).complains_of(&["out", "what to do"]);
    assert_eq!(fs::read_dir(desk.path("out")).unwrap().count(), 0);
}

#[test]
fn newer_reports_and_other_files_are_no_reports() {
    let desk = Desk::new();
    desk.write("leak.txt", "x");
    desk.scan("leak.txt").succeeds();
    let report = desk.read("out/report.json");
    desk.write(
        "newer.json",
        report.replace("blindsift.report/1", "blindsift.report/2"),
    );
    desk.write("other.json", "{}");
    for (file, word) in [
        ("newer.json", "blindsift.report/2"),
        ("other.json", "report"),
        ("key", "report"),
    ] {
        desk.run([
            "report", "render", file, "--format", "html", "--out", "x.html",
        ])
        .exits(2)
        .complains_of(&[word]);
    }
}

#[test]
fn wrong_usage_is_exit_code_2() {
    let desk = Desk::empty();
    desk.run(["scan"]).exits(2);
    desk.run(["normalize", "--kind", "emial"])
        .exits(2)
        .complains_of(&["emial", "email"]);
    desk.run(["normalize", "--region", "FIN"])
        .exits(2)
        .complains_of(&["two letters"]);
}

const JOB: &str = "[job.patients]\nwatchlist = \"list.bsw\"\nkey = \"key\"\nsources = [\"s\"]\nout = \"reports\"\n\
    [state]\nurl = \"sqlite:c.db\"\n[source.s]\n";

#[test]
fn a_certificate_file_that_is_none_is_a_wrong_configuration() {
    let desk = Desk::new();
    for file in ["nowhere.pem", "people.csv"] {
        desk.write(
            "b.toml",
            format!("{JOB}url = \"https://example.org/\"\nca = \"{file}\"\n"),
        );
        desk.run(["crawl", "--config", "b.toml"])
            .exits(2)
            .complains_of(&["`ca`", "BEGIN CERTIFICATE"]);
    }
}

#[test]
fn a_folder_in_the_place_of_latest_is_named_and_nothing_is_lost() {
    let desk = Desk::new();
    desk.write("leak/a.txt", "aino.rautio@example.org");
    desk.write("b.toml", format!("{JOB}path = \"leak\"\n"));
    desk.write("reports/patients/latest/keep", "x");
    desk.run(["crawl", "--config", "b.toml"])
        .exits(1)
        .complains_of(&["`latest`", "move the folder away"]);
    fs::rename(desk.path("reports/patients/latest"), desk.path("kept")).unwrap();
    desk.run(["crawl", "--config", "b.toml"]).succeeds();
    let names = fs::read_dir(desk.path("reports/patients")).unwrap();
    // Two runs, and the link.
    assert_eq!(names.count(), 3);
}
