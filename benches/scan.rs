//! `blindsift scan` beside `cat` and `grep -F -f`, on the same files in one run.
//!
//! Makes its own data from a seed: rows dense with identifiers, and prose with one
//! identifier in many pages. Every command runs several times, in turns, and what
//! is shown is megabytes for each second of processor time (user and system): the
//! figure that survives a noisy machine. Peak memory is read from /proc.
//!
//! `BENCH_MIB` sets the size of each file (256), `BENCH_RUNS` the number of turns (3).
#![expect(clippy::print_stdout, reason = "this is its report")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::cast_precision_loss,
    reason = "a benchmark that meets the unexpected should stop, and its figures are rough"
)]

use std::env;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

const BLINDSIFT: &str = env!("CARGO_BIN_EXE_blindsift");
/// People on the list; one in twenty of them is in the files.
const LISTED: u64 = 40_000;

fn main() {
    // `cargo test --benches` only wants to know that it builds.
    if !env::args().any(|argument| argument == "--bench") {
        return;
    }
    let mib = number("BENCH_MIB", 256);
    let runs = number("BENCH_RUNS", 3);
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-{mib}"));
    let data = Data::make(&folder, mib);
    println!("{mib} MiB each, {LISTED} people listed, one core, best of {runs} turns\n");
    println!("| file | command | MB/s | peak MB | blindsift is so many times as fast | finds |");
    println!("|---|---|---|---|---|---|");
    for file in [&data.dense, &data.prose] {
        measure(file, &data, runs);
    }
}

fn measure(file: &Path, data: &Data, runs: u64) {
    let one = |name, program: &str, arguments: &[&Path], finds| Peer {
        name,
        finds,
        program: program.to_owned(),
        arguments: arguments.iter().map(|a| a.display().to_string()).collect(),
        best: f64::MAX,
        peak: 0,
    };
    let mut peers = [
        Peer {
            name: "blindsift scan",
            finds: "e-mail, phone, hetu, IBAN: every spelling, checked; records, coverage, canaries",
            program: BLINDSIFT.to_owned(),
            arguments: [
                "scan",
                &file.display().to_string(),
                "--quiet",
                "--workers",
                "1",
                "--watchlist",
                &data.list.display().to_string(),
                "--key",
                &data.key.display().to_string(),
            ]
            .map(str::to_owned)
            .to_vec(),
            best: f64::MAX,
            peak: 0,
        },
        one("cat", "cat", &[file], "nothing"),
        one(
            "grep -F -f raw e-mails",
            "grep",
            &[Path::new("-F"), Path::new("-f"), &data.raw, file],
            "e-mail, exact spelling, the list in clear",
        ),
    ];
    for _ in 0..runs {
        for peer in &mut peers {
            let (seconds, peak) = run(peer);
            peer.best = peer.best.min(seconds);
            peer.peak = peer.peak.max(peak);
        }
    }
    let megabytes = fs::metadata(file).unwrap().len() as f64 / 1e6;
    let ours = megabytes / peers[0].best;
    for peer in &peers {
        let rate = megabytes / peer.best;
        println!(
            "| {} | {} | {rate:.0} | {} | {:.2} | {} |",
            file.file_name().unwrap().to_string_lossy(),
            peer.name,
            peer.peak / 1024,
            ours / rate,
            peer.finds
        );
    }
}

struct Peer {
    name: &'static str,
    finds: &'static str,
    program: String,
    arguments: Vec<String>,
    best: f64,
    peak: u64,
}

/// Seconds of processor time and peak KiB of one run.
fn run(peer: &Peer) -> (f64, u64) {
    // A file, not /dev/null: grep stops at the first match when it sees that.
    let sink = File::create(Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-output")).unwrap();
    let mut child = Command::new(&peer.program)
        .args(&peer.arguments)
        .stdout(sink)
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let process = PathBuf::from(format!("/proc/{}", child.id()));
    let pid = Pid::from_child(&child);
    let mut peak = 0;
    loop {
        peak = peak.max(status(&process, "VmHWM:"));
        // Leaves the dead process in /proc, where its times stand.
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
        if waitid(WaitId::Pid(pid), options).unwrap().is_some() {
            break;
        }
        thread::sleep(Duration::from_millis(2));
    }
    let stat = fs::read_to_string(process.join("stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit_once(") ").unwrap().1.split(' ').collect();
    let ticks: u64 = [11, 12]
        .map(|at: usize| fields[at].parse::<u64>().unwrap())
        .iter()
        .sum();
    child.wait().unwrap();
    // USER_HZ is 100 on every architecture that Linux runs on today (proc(5)).
    (ticks.max(1) as f64 / 100.0, peak)
}

fn status(process: &Path, name: &str) -> u64 {
    let status = fs::read_to_string(process.join("status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok())
        .unwrap_or(0)
}

fn number(name: &str, default: u64) -> u64 {
    env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

/// The files of a comparison.
struct Data {
    dense: PathBuf,
    prose: PathBuf,
    raw: PathBuf,
    key: PathBuf,
    list: PathBuf,
}

impl Data {
    /// Makes what is not there yet.
    fn make(folder: &Path, mib: u64) -> Self {
        let data = Self {
            dense: folder.join("dense.csv"),
            prose: folder.join("prose.txt"),
            raw: folder.join("emails.txt"),
            key: folder.join("key"),
            list: folder.join("list.bsw"),
        };
        if data.list.exists() {
            return data;
        }
        fs::create_dir_all(folder).unwrap();
        fill(&data.dense, mib, &mut |dice, number, out| {
            row(dice, person(number), out);
        });
        fill(&data.prose, mib, &mut prose);
        let mut people = String::from("ref,email,phone,hetu,iban\n");
        let mut raw = String::new();
        for number in 0..LISTED {
            // One in twenty has a number that the files reach.
            let number = if number % 20 == 0 {
                number
            } else {
                number + (1 << 40)
            };
            let who = person(number);
            let _ = writeln!(
                people,
                "{number},{},{},{},{}",
                who[0], who[1], who[2], who[3]
            );
            let _ = writeln!(raw, "{}", who[0]);
        }
        let csv = folder.join("people.csv");
        fs::write(&csv, people).unwrap();
        fs::write(&data.raw, raw).unwrap();
        let _ = fs::remove_file(&data.key);
        blindsift(&["key", "new", data.key.to_str().unwrap()]);
        blindsift(&[
            "watchlist",
            "build",
            csv.to_str().unwrap(),
            "--quiet",
            "--region",
            "FI",
            "--key",
            data.key.to_str().unwrap(),
            "--out",
            data.list.to_str().unwrap(),
        ]);
        data
    }
}

fn blindsift(arguments: &[&str]) {
    let status = Command::new(BLINDSIFT)
        .args(arguments)
        .stdout(Stdio::null())
        .status();
    assert!(status.unwrap().success());
}

fn fill(path: &Path, mib: u64, next: &mut dyn FnMut(&mut Dice, u64, &mut String)) {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path).unwrap());
    let (mut dice, mut text, mut written, mut number) = (Dice(42), String::new(), 0, 0);
    while written < mib << 20 {
        text.clear();
        next(&mut dice, number, &mut text);
        out.write_all(text.as_bytes()).unwrap();
        written += text.len() as u64;
        number += 1;
    }
    out.flush().unwrap();
}

/// E-mail, phone, personal identity code, IBAN of nobody.
fn person(number: u64) -> [String; 4] {
    let mut dice = Dice(number.wrapping_mul(0x9e37_79b9));
    let (year, month, day) = (dice.roll(100), 1 + dice.roll(12), 1 + dice.roll(28));
    let digits = format!("{day:02}{month:02}{year:02}{:03}", 900 + dice.roll(100));
    let check = usize::try_from(digits.parse::<u64>().unwrap() % 31).unwrap();
    let check = char::from(b"0123456789ABCDEFHJKLMNPRSTUVWXY"[check]);
    // All the signs, or there are too few codes for so many people.
    let sign = char::from(b"-YXWVUABCDEF"[usize::try_from(dice.roll(12)).unwrap()]);
    let account = format!("9{:013}", dice.roll(10_000_000_000_000));
    let rest = format!("{account}151800")
        .bytes()
        .fold(0_u64, |rest, digit| {
            (rest * 10 + u64::from(digit - b'0')) % 97
        });
    [
        format!(
            "{}.{}{}@{}.example.org",
            word(&mut dice, 2),
            word(&mut dice, 3),
            number % 10_000,
            word(&mut dice, 2)
        ),
        format!("04{}{:07}", dice.roll(6), 2_000_000 + dice.roll(7_000_000)),
        format!("{}{sign}{}{check}", &digits[..6], &digits[6..]),
        format!("FI{:02}{account}", 98 - rest),
    ]
}

fn row(dice: &mut Dice, [email, phone, hetu, iban]: [String; 4], out: &mut String) {
    let phone = match dice.roll(3) {
        0 => phone,
        1 => format!("{} {} {}", &phone[..3], &phone[3..6], &phone[6..]),
        _ => format!("+358{}", &phone[1..]),
    };
    let id = dice.roll(1_000_000);
    let _ = writeln!(
        out,
        "{id},{email},{phone},{hetu},{iban},Katu {},{:05},käynti",
        id % 99,
        id % 99_999
    );
}

const SYLLABLES: [&str; 12] = [
    "ka", "lo", "mi", "se", "nen", "tuu", "ris", "vä", "hy", "pol", "ja", "on",
];

fn word(dice: &mut Dice, syllables: usize) -> String {
    (0..syllables)
        .map(|_| SYLLABLES[usize::try_from(dice.roll(12)).unwrap()].replace('ä', "a"))
        .collect()
}

fn prose(dice: &mut Dice, number: u64, out: &mut String) {
    for word in 0..2500 {
        for _ in 0..=dice.roll(4) {
            let at = usize::try_from(dice.roll(12)).unwrap();
            out.push_str(SYLLABLES[at]);
        }
        out.push_str(match word % 17 {
            0 => ".\n",
            5 => ", ",
            _ => " ",
        });
    }
    let [email, phone, ..] = person(number);
    let _ = writeln!(out, "{email} {phone}\n");
}

/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }
}
