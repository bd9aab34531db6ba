//! What a person, and a program that reads along, see.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::command::Desk;

/// Runs a command line on a terminal of its own and returns all that it showed.
fn on_a_terminal(desk: &Desk, line: &str, environment: &[(&str, &str)]) -> String {
    let program = env!("CARGO_BIN_EXE_blindsift");
    let output = Command::new("script")
        .args(["-qec", &format!("{program} {line}"), "/dev/null"])
        .current_dir(desk.folder())
        .env("HOME", desk.folder())
        .env("TERM", "xterm")
        .env_remove("NO_COLOR")
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

const SCAN: &str = "scan leak --watchlist list.bsw --key key --out out";

#[test]
fn a_long_scan_shows_bytes_rate_time_left_documents_and_matches_on_a_terminal() {
    let desk = Desk::new();
    let text = "aino.rautio@example.org 131052-9063 some words around them\n".repeat(40_000);
    desk.write("leak/a.txt", &text);
    desk.write("leak/b.txt", &text);
    let shown = on_a_terminal(&desk, SCAN, &[]);
    for word in [" of ", "MiB/s", "left", "documents", "matches"] {
        assert!(shown.contains(word), "no `{word}` in {shown}");
    }
    let quiet = on_a_terminal(&desk, &format!("{SCAN} --quiet"), &[]);
    assert!(!quiet.contains("MiB/s"), "{quiet}");
}

#[test]
fn colours_are_for_terminals_and_respect_no_color() {
    let desk = Desk::new();
    desk.write("leak/a.txt", "aino.rautio@example.org");
    assert!(on_a_terminal(&desk, SCAN, &[]).contains("\u{1b}[1m"));
    let plain = on_a_terminal(&desk, SCAN, &[("NO_COLOR", "1")]);
    assert!(
        !plain.contains("\u{1b}[1m") && !plain.contains("\u{1b}[32m"),
        "{plain:?}"
    );
    let piped = desk.scan("leak").succeeds();
    assert!(!piped.stdout.contains('\u{1b}') && !piped.stderr.contains('\u{1b}'));
}

#[test]
fn every_line_of_a_json_log_is_an_object_with_a_level() {
    let desk = Desk::new();
    desk.write("leak/a.txt", "aino.rautio@example.org");
    desk.write("leak/b.gz", b"\x1f\x8b\x08");
    let done = desk
        .run([
            "scan",
            "leak",
            "--watchlist",
            "list.bsw",
            "--key",
            "key",
            "--out",
            "out",
            "-v",
            "--log-format",
            "json",
        ])
        .succeeds();
    let lines: Vec<Value> = done
        .stderr
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(lines.iter().all(|line| line["level"].is_string()));
    let examined = lines
        .iter()
        .filter(|line| line["event"] == "examined")
        .count();
    assert_eq!(examined, 2);
    let failed = desk
        .run(["key", "id", "nowhere", "--log-format", "json"])
        .exits(2);
    let error: Value = serde_json::from_str(failed.stderr.trim()).unwrap();
    assert_eq!(error["level"], "error");
    assert!(error["advice"].is_string());
}

#[test]
fn quiet_says_nothing_but_results() {
    let desk = Desk::new();
    desk.write("leak/a.txt", "x");
    let done = desk
        .run([
            "scan",
            "leak",
            "--watchlist",
            "list.bsw",
            "--key",
            "key",
            "--out",
            "out",
            "--quiet",
        ])
        .succeeds();
    assert_eq!(done.stderr, "");
}

#[test]
fn real_reports_follow_the_printed_schema() {
    let desk = Desk::new();
    desk.write("leak/a.txt", "aino.rautio@example.org 131052-9063");
    desk.write("leak/b.gz", b"\x1f\x8b\x08");
    desk.scan("leak").succeeds();
    let schema = desk.run(["report", "schema"]).succeeds().stdout;
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    compiler
        .add_resource("schema.json", serde_json::from_str(&schema).unwrap())
        .unwrap();
    let root = compiler.compile("schema.json", &mut schemas).unwrap();
    schemas
        .validate(&desk.json("out/report.json"), root)
        .unwrap();
}

#[test]
fn every_rendering_is_written_from_the_report_alone() {
    let desk = Desk::new();
    desk.write("leak/a.txt", "aino.rautio@example.org 131052-9063");
    desk.scan("leak").succeeds();
    for format in ["html", "csv", "jsonl", "stix", "misp"] {
        desk.run([
            "report",
            "render",
            "out/report.json",
            "--format",
            format,
            "--out",
            format,
        ])
        .succeeds();
        assert!(!desk.read(format).is_empty(), "{format}");
    }
    assert_eq!(desk.read("html"), desk.read("out/report.html"));
    assert_eq!(desk.read("csv"), desk.read("out/matches.csv"));
}

#[test]
fn every_command_has_a_man_page_and_every_shell_its_completions() {
    let desk = Desk::empty();
    desk.run(["man", "pages"]).succeeds();
    let pages: Vec<String> = fs::read_dir(desk.path("pages"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    for page in [
        "blindsift.1",
        "blindsift-scan.1",
        "blindsift-watchlist-build.1",
        "blindsift-evidence-verify.1",
    ] {
        assert!(pages.iter().any(|name| name == page), "{page} in {pages:?}");
    }
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let text = desk.run(["completions", shell]).succeeds().stdout;
        assert!(text.contains("watchlist"), "{shell}");
    }
}

#[test]
fn normalize_gives_the_canonical_form_or_the_reason_for_every_line() {
    let desk = Desk::empty();
    let done = desk.run_with(
        ["normalize", "--kind", "fi-hetu"],
        &[],
        "131052-308t\n131052-308U\n\nhenkilö\n".as_bytes(),
    );
    let lines: Vec<Value> = done
        .succeeds()
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[0]["canonical"], "131052-308T");
    for line in &lines[1..] {
        assert!(
            line["canonical"].is_null() && line["reason"].is_string(),
            "{line}"
        );
    }
    let email = desk
        .run_with(["normalize"], &[], b"mailto:Anna+Shop@Example.FI\n")
        .succeeds();
    let line: Value = serde_json::from_str(email.stdout.trim()).unwrap();
    assert_eq!(line["canonical"], "anna+shop@example.fi");
    assert_eq!(line["also"][0]["canonical"], "anna@example.fi");
    assert_eq!(line["also"][0]["variant"], "subaddress");
}

#[test]
fn a_command_whose_output_nobody_reads_does_not_fail() {
    let desk = Desk::new();
    desk.write("leak/a.txt", "aino.rautio@example.org");
    for line in [
        "key id key",
        "kinds",
        "watchlist info list.bsw",
        "watchlist info list.bsw --json",
        "watchlist build people.csv --key key --region FI --out other.bsw",
        SCAN,
        "resolve out/report.json --people people.csv --key key --out affected.csv",
        "evidence verify out",
        "demo --out demo",
    ] {
        // As for `| head` when it has seen enough.
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let status = desk.command(line.split(' ')).stdout(writer).status();
        assert_eq!(status.unwrap().code(), Some(0), "{line}");
    }
}

#[test]
fn a_full_disk_behind_stdout_or_stderr_ends_no_run() {
    let desk = Desk::new();
    desk.write("leak/a.txt", "aino.rautio@example.org");
    let full = || {
        fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap()
    };
    let arguments = || SCAN.split(' ').chain(["-v"]);
    let silent = desk
        .command(arguments())
        .stdout(full())
        .stderr(full())
        .status()
        .unwrap();
    assert_eq!(silent.code(), Some(0));
    let told = desk.command(arguments()).stdout(full()).output().unwrap();
    assert_eq!(told.status.code(), Some(0));
    let said = String::from_utf8(told.stderr).unwrap();
    assert!(said.contains("the result could not be printed"), "{said}");
}

#[test]
fn a_signal_leaves_a_json_log_a_json_log() {
    let desk = Desk::new();
    let mut program = desk
        .command(SCAN.replace("leak", "-").split(' '))
        .args(["--log-format", "json"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(program.stderr.take().unwrap()).lines();
    let first = log.next().unwrap().unwrap();
    assert!(first.contains("begun"), "{first}");
    let pid = rustix::process::Pid::from_child(&program);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let next: Value = serde_json::from_str(&log.next().unwrap().unwrap()).unwrap();
    assert!(next["message"].as_str().unwrap().starts_with("stopping"));
    drop(program.stdin.take());
    for line in log {
        let _: Value = serde_json::from_str(&line.unwrap()).unwrap();
    }
    program.wait().unwrap();
}
