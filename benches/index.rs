//! How opening a list and looking fingerprints up grow with the list.
//!
//! Makes lists of random entries from a seed, 10^3 of them and ten times as many in
//! each step up to `BENCH_ENTRIES` (10^7; 10^8 takes 5 GB of disk for the list and
//! 2 GB for its index), one half e-mail, one half telephone numbers. Each step runs
//! in a process of its own, so that its peak memory can be told.
#![expect(clippy::print_stdout, reason = "this is its report")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a benchmark that meets the unexpected should stop, and its figures are rough"
)]

use std::fs::{self, File};
use std::hint::black_box;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};
use std::{env, iter};

use blindsift::fingerprint::{Early, Fingerprint, Hint, kinds};
use blindsift::matching::{Index, Slot};

const KINDS: [&str; 2] = ["email", "phone"];
/// Looked up at a time, as the engine does it.
const BATCH: usize = 256;

fn main() {
    let arguments: Vec<String> = env::args().collect();
    if let [_, step, list, folder, entries, ..] = &arguments[..] {
        let entries = entries.parse().unwrap();
        return child(step, Path::new(list), Path::new(folder), entries);
    }
    // `cargo test --benches` only wants to know that it builds.
    if !arguments.iter().any(|argument| argument == "--bench") {
        return;
    }
    let most = env::var("BENCH_ENTRIES").map_or(10_000_000, |text| text.parse().unwrap());
    println!(
        "| entries | hints | list MB | index MB | making s | CPU s | peak MB | opening s | resident MB | peak MB | ns a stranger | ns a strange hint | pass | ns an entry |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    let sizes = iter::successors(Some(1000_u64), |size| Some(size * 10));
    for entries in sizes.take_while(|size| *size <= most) {
        for hints in [false, true] {
            measure(entries, hints);
        }
    }
}

fn measure(entries: u64, hints: bool) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("bench-index");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let list = folder.join("list.bsw");
    write_list(&list, entries, hints);
    // An index of a list that was written just now is made anew the next time.
    thread::sleep(Duration::from_secs(4));
    let step = |name: &str| {
        let output = Command::new(env::current_exe().unwrap())
            .args([
                name.as_ref(),
                list.as_os_str(),
                folder.join("cache").as_os_str(),
            ])
            .arg(entries.to_string())
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    let making = step("make");
    let (opening, probing) = (step("open"), step("probe"));
    let index: u64 = fs::read_dir(folder.join("cache"))
        .into_iter()
        .flatten()
        .map(|file| file.unwrap().metadata().unwrap().len())
        .sum();
    println!(
        "| {entries} | {hints} | {} | {} | {making} | {opening} | {probing} |",
        fs::metadata(&list).unwrap().len() / 1_000_000,
        index / 1_000_000,
    );
    fs::remove_dir_all(&folder).unwrap();
}

fn child(step: &str, list: &Path, folder: &Path, entries: u64) {
    let start = Instant::now();
    let (_, index) = Index::open(list, Some(folder), &|_| ()).unwrap();
    let taken = start.elapsed().as_secs_f64();
    match step {
        "make" => print!("{taken:.2} | {:.2} | {}", cpu(), status("VmHWM:")),
        "open" => print!("{taken:.3} | {} | {}", status("VmRSS:"), status("VmHWM:")),
        _ => probe(&index, entries),
    }
    index.check().unwrap();
}

/// Looks strangers up, hints of strangers, and entries.
fn probe(index: &Index, entries: u64) {
    let slots = KINDS.map(|kind| index.slot_of(kinds::named(kind).unwrap()).unwrap());
    let mut random = Random(7);
    let strangers: Vec<(Slot, Fingerprint)> = (0..1 << 20)
        .map(|turn| (slots[turn % 2], Fingerprint(random.bytes())))
        .collect();
    let listed: Vec<(Slot, Fingerprint)> = (0..1 << 18)
        .map(|_| {
            let number = random.next() % entries;
            let half = entries.div_ceil(2);
            let kind = usize::from(number >= half);
            let (of, number) = if kind == 0 {
                (half, number)
            } else {
                (entries - half, number - half)
            };
            (slots[kind], fingerprint(kind, number, of))
        })
        .collect();
    let probes = |these: &[(Slot, Fingerprint)]| {
        best(
            these,
            |(_, entry)| index.touch(Early::Fingerprint(*entry)),
            |(slot, entry)| index.probe(*slot, entry).is_some(),
        )
    };
    let (missing, none) = probes(&strangers);
    let (finding, all) = probes(&listed);
    assert_eq!((none, all), (0, listed.len()));
    let hint = |entry: &Fingerprint| {
        let [a, b, c, d, ..] = entry.0;
        Hint([a, b, c, d])
    };
    let (hinting, pass) = best(
        &strangers,
        |(_, entry)| index.touch(Early::Hint(hint(entry))),
        |(slot, entry)| index.may_hint(*slot, hint(entry)),
    );
    let pass = pass as f64 * 100.0 / strangers.len() as f64;
    print!("{missing:.1} | {hinting:.1} | {pass:.1} % | {finding:.0}");
}

/// Nanoseconds for one of `these` in the fastest of some turns, and for how many
/// `is_so`.
fn best<T>(these: &[T], touch: impl Fn(&T) -> u8, is_so: impl Fn(&T) -> bool) -> (f64, usize) {
    let mut fastest = f64::MAX;
    let mut count = 0;
    for _ in 0..5 {
        let start = Instant::now();
        count = these
            .chunks(BATCH)
            .map(|batch| {
                black_box(batch.iter().fold(0, |sum, one| sum ^ touch(one)));
                batch.iter().filter(|one| is_so(black_box(one))).count()
            })
            .sum();
        let taken = start.elapsed().as_secs_f64() * 1e9 / these.len() as f64;
        fastest = fastest.min(taken);
    }
    (fastest, count)
}

/// The entry number `number` of `of`: in its own part of all numbers, so that they
/// come sorted.
fn fingerprint(kind: usize, number: u64, of: u64) -> Fingerprint {
    let mut random = Random((number * 2 + kind as u64) ^ 0x5eed);
    let part = u128::MAX / u128::from(of);
    let within = u128::from_le_bytes(random.bytes()) % part;
    Fingerprint((part * u128::from(number) + within).to_be_bytes())
}

fn write_list(path: &Path, entries: u64, hints: bool) {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path).unwrap());
    let scheme = if hints { "hint: sha256-inner\n" } else { "" };
    write!(
        out,
        "blindsift-watchlist 1\nmode: keyed\nkey-id: e257beeb4d21de50\nname: bench\n{scheme}\
         entries: {entries}\n\n"
    )
    .unwrap();
    let half = entries.div_ceil(2);
    let mut random = Random(3);
    for (kind, of) in [(0, half), (1, entries - half)] {
        for number in 0..of {
            let mut line = *b"email/1                                           \n";
            line[..5].copy_from_slice(KINDS[kind].as_bytes());
            digits(&fingerprint(kind, number, of).0, &mut line[8..40]);
            if hints {
                digits(&random.bytes()[..4], &mut line[41..49]);
                line[49] = b'\n';
                out.write_all(&line[..50]).unwrap();
            } else {
                line[40] = b'\n';
                out.write_all(&line[..41]).unwrap();
            }
        }
    }
    out.flush().unwrap();
}

fn digits(bytes: &[u8], to: &mut [u8]) {
    for (pair, byte) in to.chunks_exact_mut(2).zip(bytes) {
        pair[0] = b"0123456789abcdef"[usize::from(byte >> 4)];
        pair[1] = b"0123456789abcdef"[usize::from(byte & 15)];
    }
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn bytes(&mut self) -> [u8; 16] {
        (u128::from(self.next()) << 64 | u128::from(self.next())).to_le_bytes()
    }
}

/// A figure of this process, in megabytes.
fn status(name: &str) -> u64 {
    let text = fs::read_to_string("/proc/self/status").unwrap();
    let line = text.lines().find(|line| line.starts_with(name)).unwrap();
    let kilobytes: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kilobytes * 1024 / 1_000_000
}

/// Seconds that this process has computed.
fn cpu() -> f64 {
    let text = fs::read_to_string("/proc/self/schedstat").unwrap();
    let nanoseconds: f64 = text.split_whitespace().next().unwrap().parse().unwrap();
    nanoseconds / 1e9
}
