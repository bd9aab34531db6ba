//! How many instructions the engine takes for small leaks, and its inner stages for
//! some thousand candidates: figures that a busy machine does not change.
//!
//! Runs itself under callgrind, which counts while [`counted`] is on the stack, and
//! holds the counts against `benches/baseline.tsv`. More than 5 in 100 above it
//! fails. `--baseline` writes the baseline anew; `benches/README.md` says when.
//!
//! Valgrind knows neither AVX-512 nor the SHA instructions, so that the paths for
//! AVX2 are counted. Counts of another compiler are compared with more tolerance,
//! those of a processor without AVX2 are shown and not compared.
#![expect(clippy::print_stdout, reason = "this is its report")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "a benchmark that meets the unexpected should stop"
)]

#[allow(dead_code, reason = "each bench takes what it needs")]
mod common;

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use blindsift::base::Sha256;
use blindsift::base::vector::Features;
use blindsift::fingerprint::{Batch, Fingerprint, Fingerprinter, Hint, Key, kinds};
use common::data::{Data, Size};
use common::dice::Dice;
use common::engine::{self, Counting, Prober};
use common::machine;

/// Bytes of each leak: enough that what a leak costs by being one does not hide
/// what its bytes cost.
const BYTES: u64 = 1 << 20;
/// Candidates of each loop.
const CANDIDATES: usize = 4096;
const BASELINE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/baseline.tsv");
/// Two patterns for [`counted`]: callgrind forgets one of two options that have the
/// same (3.19).
const TOGGLE: &str = "*instructions*counted*";
const DUMP: &str = "instructions::counted*";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().collect();
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("instructions");
    if has("--count") {
        count(&folder);
        return ExitCode::SUCCESS;
    }
    // `cargo test --benches` only wants to know that it builds.
    if !has("--bench") {
        return ExitCode::SUCCESS;
    }
    if !machine::has("valgrind") {
        println!("valgrind is not there: nothing was counted (Debian: apt-get install valgrind)");
        return ExitCode::SUCCESS;
    }
    // So that it is there already, and nothing of it is simulated.
    data(&folder);
    let counts = under_callgrind(&folder);
    if has("--baseline") {
        fs::write(BASELINE, counts.text()).unwrap();
        println!("{BASELINE} was written:\n\n{}", counts.text());
        return ExitCode::SUCCESS;
    }
    compare(
        &Counts::read(&fs::read_to_string(BASELINE).unwrap()),
        &counts,
    )
}

/// Callgrind counts from the call of this to its end.
#[inline(never)]
fn counted(work: &mut dyn FnMut()) {
    work();
    // Without this the call above would be a jump, and this function over before it.
    black_box(());
}

fn data(folder: &Path) -> Data {
    let size = Size {
        bytes: BYTES,
        people: 2_000,
        planted: 40,
    };
    Data::make(folder, &size)
}

/// Does all there is to count, and prints the name of each before.
fn count(folder: &Path) {
    let data = data(folder);
    println!("# {:?}", Features::found());
    for leak in &data.leaks {
        println!("digest {}", leak.shape.words());
        let bytes = fs::read(&leak.path).unwrap();
        counted(&mut || {
            black_box(Sha256::of(black_box(&bytes)));
        });
    }
    for list in &data.lists {
        for leak in &data.leaks {
            let hints = if list.has_hints { ", hints" } else { "" };
            println!("scan {}{hints}", leak.shape.words());
            let bytes = fs::read(&leak.path).unwrap();
            let found = engine::scan(&list.path, &data.key, &bytes, counted);
            assert_eq!(found, data.truth(leak).len(), "planted identifiers");
        }
    }
    for leak in &data.leaks {
        println!("decode {}", leak.shape.words());
        let bytes = fs::read(&leak.path).unwrap();
        engine::decode(&bytes, &mut Counting::default());
        counted(&mut || engine::decode(black_box(&bytes), &mut Counting::default()));
    }
    let key = Key::from_bytes(&mut [7; 32]);
    for (name, passes) in [("fingerprint", true), ("hint", false)] {
        println!("{name} of {CANDIDATES} e-mails");
        fingerprints(&key, passes);
    }
    let list = data.lists.last().unwrap();
    let prober = Prober::open(&list.path, kinds::named("email").unwrap());
    let mut dice = Dice::new(1);
    let strangers: Vec<_> = (0..CANDIDATES)
        .map(|_| u128::from(dice.bits()) << 64 | u128::from(dice.bits()))
        .map(|bits| Fingerprint(bits.to_be_bytes()))
        .collect();
    println!("probe of {CANDIDATES} strangers");
    let mut found = 0;
    counted(&mut || found = strangers.iter().filter(|one| prober.holds(one)).count());
    assert_eq!(found, 0);
    let hints: Vec<_> = strangers.iter().map(|one| Hint(first(one))).collect();
    println!("probe of {CANDIDATES} hints");
    counted(&mut || found = hints.iter().filter(|one| prober.may_hold(**one)).count());
    assert!(!list.has_hints || found < CANDIDATES / 10);
}

/// The first bytes, which are as good as a hint's.
fn first(fingerprint: &Fingerprint) -> [u8; 4] {
    let [a, b, c, d, ..] = fingerprint.0;
    [a, b, c, d]
}

fn fingerprints(key: &Key, passes: bool) {
    let fingerprinter = Fingerprinter::new(key);
    let by = fingerprinter.for_kind(kinds::named("email").unwrap());
    let mut batch = Batch::new(&fingerprinter);
    let forms: Vec<String> = (0..CANDIDATES)
        .map(|number| format!("somebody.{number:05}@mail.example.org"))
        .collect();
    let (mut may, mut given) = (|_: &usize, _| passes, 0);
    counted(&mut || {
        let mut each = |_, fingerprint| {
            black_box(fingerprint);
            given += 1;
        };
        for (at, form) in forms.iter().enumerate() {
            batch.add(&by, form, at, &mut may, &mut each);
        }
        batch.finish(&mut may, &mut each);
    });
    assert_eq!(given, if passes { CANDIDATES } else { 0 });
}

/// What was counted, and by what.
struct Counts {
    compiler: String,
    features: String,
    cases: BTreeMap<String, u64>,
}

impl Counts {
    fn text(&self) -> String {
        let mut text = format!("# {}\n# {}\n", self.compiler, self.features);
        for (case, count) in &self.cases {
            let _ = writeln!(text, "{case}\t{count}");
        }
        text
    }

    /// Takes the artefact's SHA-256 out of each scan. Without the SHA instructions,
    /// which any processor of today has, it takes more than all the rest, and would
    /// hide what that does.
    fn forget_digests(&mut self) {
        let digests = self.cases.clone();
        for (case, count) in &mut self.cases {
            let leak = case
                .strip_prefix("scan ")
                .map(|leak| leak.replace(", hints", ""));
            let digest = leak.and_then(|leak| digests.get(&format!("digest {leak}")));
            *count -= digest.copied().unwrap_or(0);
        }
        self.cases.retain(|case, _| !case.starts_with("digest "));
    }

    fn read(text: &str) -> Self {
        let mut facts = text.lines().filter_map(|line| line.strip_prefix("# "));
        let mut fact = || facts.next().unwrap_or_default().to_owned();
        let cases = text.lines().filter_map(|line| line.split_once('\t'));
        Self {
            compiler: fact(),
            features: fact(),
            cases: cases
                .map(|(case, count)| (case.to_owned(), count.parse().unwrap()))
                .collect(),
        }
    }
}

/// Runs `count` under callgrind, which writes a file each time `counted` ends.
fn under_callgrind(folder: &Path) -> Counts {
    let place = PathBuf::from(format!("{}-callgrind", folder.display()));
    let _ = fs::remove_dir_all(&place);
    fs::create_dir_all(&place).unwrap();
    let file = place.join("out");
    let output = Command::new("valgrind")
        .args(["--quiet", "--tool=callgrind", "--collect-atstart=no"])
        .arg(format!("--toggle-collect={TOGGLE}"))
        .arg(format!("--dump-after={DUMP}"))
        .arg(format!("--callgrind-out-file={}", file.display()))
        .arg(env::current_exe().unwrap())
        .arg("--count")
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "counting failed: {}",
        output.status
    );
    let printed = String::from_utf8(output.stdout).unwrap();
    let (features, cases) = printed.split_once('\n').unwrap();
    let counts = cases.lines().zip(1..).map(|(case, number)| {
        let part = fs::read_to_string(format!("{}.{number}", file.display())).unwrap();
        let total = part.lines().find_map(|line| line.strip_prefix("totals: "));
        (case.to_owned(), total.unwrap().trim().parse().unwrap())
    });
    let mut counts = Counts {
        compiler: machine::compiler(),
        features: features.trim_start_matches("# ").to_owned(),
        cases: counts.collect(),
    };
    counts.forget_digests();
    counts
}

/// Shows both, and fails where there is more than there may be.
fn compare(baseline: &Counts, counts: &Counts) -> ExitCode {
    let mut percent = 5.0;
    if baseline.compiler != counts.compiler {
        percent = 15.0;
        println!(
            "warning: the baseline is of {}, this is {}: up to {percent} % more passes",
            baseline.compiler, counts.compiler
        );
    }
    let is_comparable = baseline.features == counts.features;
    let mut is_worse = false;
    let names = baseline.cases.keys().chain(counts.cases.keys());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names.dedup();
    println!("| instructions | baseline | now | change |\n|---|---|---|---|");
    for name in names {
        let (Some(before), Some(now)) = (baseline.cases.get(name), counts.cases.get(name)) else {
            println!("| {name} | | | in one of both only |");
            is_worse = true;
            continue;
        };
        let change = (*now as f64 / *before as f64 - 1.0) * 100.0;
        let is_bad = change > percent;
        is_worse |= is_bad;
        let remark = if is_bad { " TOO MUCH" } else { "" };
        println!("| {name} | {before} | {now} | {change:+.1} %{remark} |");
    }
    if !is_comparable {
        println!(
            "warning: the baseline is of a processor with {}, this has {}: not compared",
            baseline.features, counts.features
        );
        return ExitCode::SUCCESS;
    }
    if is_worse {
        println!(
            "\nSome take over {percent} % more instructions than benches/baseline.tsv says, or are not in it.\n\
             If that is the price of something worth it, run `make instructions-baseline`, and say in\n\
             the commit what it buys; otherwise `cargo bench --bench stages` tells where it is lost."
        );
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
