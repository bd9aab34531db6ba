//! A stage uses only the stages that the architecture lets it use.
//!
//! The stages are named so that the alphabet is the order of the flow, so there
//! can be no cycle.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Each stage, the stages that it may use, and the packages that live only there.
const STAGES: [(&str, &[&str], &[&str]); 12] = [
    ("base", &[], &["hmac", "sha2", "zeroize", "region"]),
    ("catalog", &["base"], &["rusqlite"]),
    ("config", &["base"], &["toml"]),
    (
        "crawl",
        &["base", "catalog", "config"],
        &["reqwest", "scraper", "tokio", "url", "rustls"],
    ),
    (
        "decode",
        &["base", "config"],
        &["flate2", "tar", "zip", "chacha20"],
    ),
    ("extract", &["base", "config"], &[]),
    ("fingerprint", &["base"], &["idna", "rlibphonenumber"]),
    ("matching", &["base", "fingerprint"], &["memmap2"]),
    (
        "pipeline",
        &[
            "base",
            "config",
            "decode",
            "extract",
            "fingerprint",
            "matching",
        ],
        &[],
    ),
    (
        "report",
        &["base", "config", "fingerprint", "matching", "pipeline"],
        &["minijinja", "ed25519_dalek", "blake2"],
    ),
    (
        "resolve",
        &[
            "base",
            "config",
            "extract",
            "fingerprint",
            "matching",
            "report",
        ],
        &["csv"],
    ),
    (
        "run",
        &[
            "base",
            "catalog",
            "config",
            "crawl",
            "decode",
            "extract",
            "fingerprint",
            "matching",
            "pipeline",
            "report",
        ],
        &[],
    ),
];

/// A key package may be wiped anywhere; the stage that owns it is only its home.
const EVERYWHERE: [&str; 1] = ["zeroize"];

/// Every use of a stage or of a stage's package that the table does not allow.
fn violations(sources: &BTreeMap<String, String>) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in sources {
        let stage = path.split('/').next().unwrap_or_default();
        let Some((_, allowed, _)) = STAGES.iter().find(|(name, _, _)| *name == stage) else {
            continue;
        };
        let code: String = text
            .lines()
            .take_while(|line| line.trim() != "mod tests {")
            .filter(|line| !line.trim_start().starts_with("//"))
            .flat_map(|line| [line, "\n"])
            .collect();
        for (other, _, packages) in &STAGES {
            if *other == stage {
                continue;
            }
            if mentions_stage(&code, other) && !allowed.contains(other) {
                found.push(format!("{path} uses {other}"));
            }
            for package in *packages {
                // A module may bear a package's name: decode's `csv`.
                let module = format!("/{package}.rs");
                if sources
                    .keys()
                    .any(|file| file.starts_with(stage) && file.ends_with(&module))
                {
                    continue;
                }
                let is_used = code.contains(&format!("use {package}::"))
                    || code.contains(&format!(" {package}::"))
                    || code.contains(&format!("({package}::"));
                if is_used && !EVERYWHERE.contains(package) {
                    found.push(format!("{path} uses {other}'s package {package}"));
                }
            }
        }
    }
    found
}

/// Whether `code` names the stage by `crate::stage` or in `use crate::{…}`.
fn mentions_stage(code: &str, stage: &str) -> bool {
    let is_word_end = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    let path = format!("crate::{stage}");
    if code
        .match_indices(&path)
        .any(|(at, _)| is_word_end(&code[at + path.len()..]))
    {
        return true;
    }
    code.match_indices("crate::{").any(|(at, group)| {
        let rest = &code[at + group.len()..];
        let mut depth = 0;
        let mut item = String::new();
        for c in rest.chars() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => item.clear(),
                c if depth == 0 && !c.is_whitespace() => item.push(c),
                _ => {}
            }
            if depth == 0
                && item.strip_prefix(stage).is_some_and(is_word_end)
                && item.len() > stage.len()
            {
                return true;
            }
        }
        item == stage
    })
}

fn read_sources(folder: &Path, prefix: &str, sources: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = format!("{prefix}{name}");
        if entry.file_type().unwrap().is_dir() {
            read_sources(&entry.path(), &format!("{path}/"), sources);
        } else if Path::new(&name).extension().is_some_and(|e| e == "rs") && name != "tests.rs" {
            sources.insert(path, fs::read_to_string(entry.path()).unwrap());
        }
    }
}

#[test]
fn no_stage_uses_one_below_it() {
    let mut sources = BTreeMap::new();
    read_sources(Path::new("src"), "", &mut sources);
    assert!(sources.len() > 50, "the sources were not found");
    assert_eq!(violations(&sources), Vec::<String>::new());
}

#[test]
fn every_stage_is_in_the_table_and_only_stages_have_folders() {
    let folders: Vec<String> = fs::read_dir("src")
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .filter(|name| name != "cli")
        .collect();
    let mut expected: Vec<&str> = STAGES.iter().map(|(name, _, _)| *name).collect();
    let mut folders: Vec<&str> = folders.iter().map(String::as_str).collect();
    folders.sort_unstable();
    expected.sort_unstable();
    assert_eq!(folders, expected);
}

#[test]
fn what_a_stage_may_use_stands_above_it() {
    for (stage, allowed, _) in STAGES {
        for other in allowed {
            assert!(
                *other < stage,
                "{stage} may use {other}, which stands below it"
            );
        }
    }
}

#[test]
fn a_stage_that_uses_one_below_it_is_caught() {
    let cases = [
        (
            "extract/a.rs",
            "use crate::matching::Index;\n",
            "extract/a.rs uses matching",
        ),
        (
            "base/a.rs",
            "fn f(_: crate::run::Request) {}\n",
            "base/a.rs uses run",
        ),
        (
            "decode/a/b.rs",
            "use crate::{base::Budget, pipeline::{Engine, Worker}};\n",
            "decode/a/b.rs uses pipeline",
        ),
        (
            "decode/a.rs",
            "use crate::{base::Budget, crawl};\n",
            "decode/a.rs uses crawl",
        ),
        (
            "matching/a.rs",
            "use reqwest::Client;\n",
            "matching/a.rs uses crawl's package reqwest",
        ),
    ];
    for (path, text, expected) in cases {
        let sources = BTreeMap::from([(path.to_owned(), text.to_owned())]);
        assert_eq!(violations(&sources), [expected]);
    }
}

#[test]
fn what_is_allowed_is_not_caught() {
    let cases = [
        (
            "extract/a.rs",
            "//! See [x](crate::matching).\nuse crate::base::Kind;\n",
        ),
        (
            "decode/a.rs",
            "use crate::{base::Budget, config::Limits};\n",
        ),
        ("run/a.rs", "use crate::report::Report;\n"),
    ];
    for (path, text) in cases {
        let sources = BTreeMap::from([(path.to_owned(), text.to_owned())]);
        assert_eq!(violations(&sources), Vec::<String>::new());
    }
}
