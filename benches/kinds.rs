//! What each kind costs, and how often it meets nobody.
//!
//! *Precision*: a gibibyte of noise, in which nobody is, against a list of 100,000
//! people with an identifier of every kind. *Cost*: processor time of `scan` on one
//! core with a list of addresses, telephones and identity codes, with one more kind,
//! and with all. `NOISE_MIB` and `BENCH_MIB` set the sizes; results are in
//! `benches/results/kinds.tsv`.
#![expect(clippy::print_stdout, reason = "this is its report")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "a benchmark that meets the unexpected should stop, and its figures are rough"
)]

#[allow(dead_code, reason = "each bench takes what it needs")]
mod common;

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use blindsift::fingerprint::{Key, kinds};
use common::data::{BLINDSIFT, Data, Size};
use common::everybody;
use common::machine;
use common::meter::{self, Series};
use common::noise::Noise;

/// On everybody's list.
const PEOPLE: usize = 100_000;
/// Of whom one in so many is on the lists by which cost is measured: reading a list
/// of millions would take longer than the leak.
const FEW: usize = 25;
/// What others are compared with.
const COMMON: [&str; 3] = ["email", "phone", "fi-hetu"];

fn main() {
    if meter::has_metered() || !env::args().any(|argument| argument == "--bench") {
        return;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("kinds");
    fs::create_dir_all(&folder).unwrap();
    let list = everybody(&folder);
    let mut results: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    precision(&folder, &list, &mut results);
    cost(&folder, &list, &mut results);
    let head = "kind\tcandidates\tper MB of noise\tmatches\texpected by chance\tdense CSV\tnoise";
    let mut table = format!("# {}\n{head}\n", machine::description().join("\n# "));
    for (kind, cells) in results {
        let _ = writeln!(table, "{kind}\t{}", cells.join("\t"));
    }
    print!("{table}");
    let results = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/results/kinds.tsv");
    fs::write(results, table).unwrap();
}

/// The list of everybody, made once.
fn everybody(folder: &Path) -> PathBuf {
    let (rows, list, key) = (
        folder.join("people.csv"),
        folder.join("everybody.bsw"),
        folder.join("key"),
    );
    if !rows.exists() {
        let _ = Key::from_bytes(&mut [7; 32]).write(&key);
        fs::write(&rows, everybody::rows(PEOPLE)).unwrap();
    }
    let mut build = Series::new(&[BLINDSIFT, "watchlist", "build", "--quiet", "--region", "FI"]);
    for argument in [
        rows.as_os_str(),
        "--key".as_ref(),
        key.as_ref(),
        "--out".as_ref(),
        list.as_ref(),
    ] {
        build.command.push(argument.to_owned());
    }
    build.run(folder);
    println!(
        "a list of {PEOPLE} people made in {:.1} s\n",
        build.runs[0].wall
    );
    list
}

/// `list` with the entries of `wanted` only, and of them one in so many.
fn part(list: &Path, wanted: &dyn Fn(&str) -> bool, to: &Path) {
    let text = fs::read_to_string(list).unwrap();
    let (head, entries) = text.split_once("\n\n").unwrap();
    let is_wanted = |line: &&str| line.split_once('/').is_some_and(|(kind, _)| wanted(kind));
    let entries: Vec<&str> = entries.lines().step_by(FEW).filter(is_wanted).collect();
    let mut part = String::new();
    for line in head.lines() {
        match line.split_once(": ") {
            Some(("entries", _)) => {
                let _ = writeln!(part, "entries: {}", entries.len());
            }
            _ => {
                let _ = writeln!(part, "{line}");
            }
        }
    }
    fs::write(to, format!("{part}\n{}\n", entries.join("\n"))).unwrap();
}

/// A scan of `leak`, on one worker.
fn scan(folder: &Path, list: &Path, leak: &Path) -> Series {
    let out = folder.join("out");
    let mut series = Series::new(&[BLINDSIFT, "scan", "--quiet", "--workers", "1"]);
    let key = folder.join("key");
    for argument in [
        leak.as_os_str(),
        "--watchlist".as_ref(),
        list.as_ref(),
        "--key".as_ref(),
        key.as_ref(),
        "--out".as_ref(),
        out.as_ref(),
    ] {
        series.command.push(argument.to_owned());
    }
    series.allowed = &[0, 3];
    series.fresh = Some(out);
    series
}

fn noise(path: &Path, mebibytes: u64) {
    let bytes = mebibytes << 20;
    if fs::metadata(path).is_ok_and(|file| file.len() >= bytes) {
        return;
    }
    let mut noise = Noise::new(mebibytes);
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path).unwrap());
    let (mut written, mut block) = (0, String::new());
    while written < bytes {
        block.clear();
        noise.block(&mut block);
        out.write_all(block.as_bytes()).unwrap();
        written += block.len() as u64;
    }
    out.flush().unwrap();
}

fn precision(folder: &Path, list: &Path, results: &mut BTreeMap<&str, Vec<String>>) {
    let mebibytes = machine::number("NOISE_MIB", 1024);
    let leak = folder.join("noise.txt");
    noise(&leak, mebibytes);
    let mut series = scan(folder, list, &leak);
    // The last one, of another size.
    series.run(folder);
    let report = fs::read_to_string(folder.join("out/report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let entries = &report["watchlist"]["entries"];
    let mut matches: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
    for found in report["matches"].as_array().unwrap() {
        let strengths = matches.entry(found["kind"].as_str().unwrap()).or_default();
        *strengths
            .entry(found["strength"].as_str().unwrap())
            .or_default() += 1;
    }
    println!(
        "noise: {mebibytes} MiB in {:.1} s of processor time",
        series.runs[0].cpu
    );
    for kind in kinds::ALL {
        let candidates = report["coverage"]["candidates"][kind.name]
            .as_u64()
            .unwrap_or(0) as f64;
        let listed = entries[kind.name].as_u64().unwrap_or(0) as f64;
        let expected = kind.space.map_or(0.0, |space| candidates * listed / space);
        let found = matches.get(kind.name).map_or_else(
            || "0".to_owned(),
            |strengths| {
                let each = strengths
                    .iter()
                    .map(|(strength, count)| format!("{count} {strength}"));
                each.collect::<Vec<_>>().join(", ")
            },
        );
        results.insert(
            kind.name,
            vec![
                format!("{candidates:.0}"),
                format!("{:.2}", candidates / (mebibytes as f64 * 1.048_576)),
                found,
                format!("{expected:.2}"),
            ],
        );
    }
}

fn cost(folder: &Path, list: &Path, results: &mut BTreeMap<&str, Vec<String>>) {
    let mebibytes = machine::number("BENCH_MIB", 64);
    let runs = machine::number("BENCH_RUNS", 3);
    let size = Size {
        bytes: mebibytes << 20,
        people: 40_000,
        planted: 200,
    };
    let data = Data::make(&folder.join("leaks"), &size);
    let quiet = folder.join("noise-small.txt");
    noise(&quiet, mebibytes);
    let leaks = [data.leaks[0].path.clone(), quiet];
    let mut lists: Vec<(&str, PathBuf)> = Vec::new();
    let mut add = |name: &'static str, wanted: &dyn Fn(&str) -> bool| {
        let path = folder.join(format!("{name}.bsw"));
        part(list, wanted, &path);
        lists.push((name, path));
    };
    add("(common)", &|kind| COMMON.contains(&kind));
    add("(all)", &|_| true);
    add("(all but person and address)", &|kind| {
        !["person", "address"].contains(&kind)
    });
    for kind in kinds::ALL
        .iter()
        .filter(|kind| !COMMON.contains(&kind.name))
    {
        add(kind.name, &|one| one == kind.name || COMMON.contains(&one));
    }
    let mut series: Vec<Vec<Series>> = lists
        .iter()
        .map(|(_, list)| leaks.iter().map(|leak| scan(folder, list, leak)).collect())
        .collect();
    for _ in 0..runs {
        for of_list in &mut series {
            for one in of_list {
                one.run(folder);
            }
        }
    }
    let least = |one: &Series| one.spread(|cost| cost.cpu)[0];
    let common: Vec<f64> = series[0].iter().map(least).collect();
    for ((name, _), of_list) in lists.iter().zip(&series) {
        let cells = results
            .entry(name)
            .or_insert_with(|| vec!["-".to_owned(); 4]);
        for (one, common) in of_list.iter().zip(&common) {
            cells.push(format!("{:.2}", common / least(one)));
        }
    }
}
