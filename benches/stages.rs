//! What each stage costs, so that a regression can be placed.
//!
//! Processor time of the thread, best of several turns, over 4 MiB of each kind of
//! leak: nanoseconds for a byte, or for a candidate. All in this process and in
//! memory; what a run adds (reading, the artefact's digest, the report) is not in it.
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

use std::env;
use std::fs;
use std::hint::black_box;
use std::ops::Range;
use std::path::Path;

use blindsift::base::vector::{Class, mark};
use blindsift::base::{Kind, Sha256};
use blindsift::extract::record_at;
use blindsift::fingerprint::{Batch, Fingerprint, Fingerprinter, Hint, Key, kinds};
use common::data::{Data, List, Size};
use common::dice::Dice;
use common::engine::{self, Counting, Keeping, Kept, Prober};
use common::machine;
use common::people::KINDS;
use nix::time::{ClockId, clock_gettime};

const BYTES: u64 = 4 << 20;
const TURNS: u32 = 7;

fn main() {
    // `cargo test --benches` only wants to know that it builds.
    if !env::args().any(|argument| argument == "--bench") {
        return;
    }
    let size = Size {
        bytes: BYTES,
        people: 40_000,
        planted: 200,
    };
    let data = Data::make(
        &Path::new(env!("CARGO_TARGET_TMPDIR")).join("stages"),
        &size,
    );
    println!("{}\n", machine::description().join("\n"));
    println!("| stage | what | ns | for each |");
    println!("|---|---|---|---|");
    let list = data.lists.last().unwrap();
    let everything = KINDS.map(|kind| kinds::named(kind).unwrap());
    for leak in &data.leaks {
        let words = leak.shape.words();
        let bytes = fs::read(&leak.path).unwrap();
        let mut kept = Keeping::default();
        engine::decode(&bytes, &mut kept);
        let pieces = kept.0;
        whole(words, &bytes);
        let found = extract(words, "all kinds", list, &everything, &pieces);
        records(words, &pieces, &found);
        for kind in everything {
            let found = extract(words, kind.name, list, &[kind], &pieces);
            canonical(words, kind, &pieces, &found);
            if words == "dense CSV" && !found.is_empty() {
                fingerprints(&data, list, kind, &found);
            }
        }
    }
}

/// Seconds of processor time of this thread that the fastest turn takes.
fn best(mut turn: impl FnMut()) -> f64 {
    // Unlike getrusage, which knows of a running thread what it was at the last tick.
    let now = || {
        let time = clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).unwrap();
        time.tv_sec() as f64 + time.tv_nsec() as f64 / 1e9
    };
    let turns = (0..TURNS).map(|_| {
        let start = now();
        turn();
        now() - start
    });
    turns.fold(f64::MAX, f64::min)
}

fn show(stage: &str, what: &str, seconds: f64, count: usize, each: &str) {
    if count > 0 {
        let nanoseconds = seconds * 1e9 / count as f64;
        println!("| {stage} | {what} | {nanoseconds:.3} | {each} |");
    }
}

/// What is done with every byte.
fn whole(words: &str, bytes: &[u8]) {
    let digest = best(|| {
        black_box(Sha256::of(black_box(bytes)));
    });
    show(
        "base",
        &format!("digest of {words}"),
        digest,
        bytes.len(),
        "byte",
    );
    let mut marks = Vec::new();
    let classes = [Class::DIGITS, Class::byte(b'@')];
    let seconds = best(|| {
        for part in black_box(bytes).chunks(256 << 10) {
            mark(part, classes, &mut marks);
            black_box(&marks);
        }
    });
    show(
        "base",
        &format!("mark anchors of {words}"),
        seconds,
        bytes.len(),
        "byte",
    );
    let seconds = best(|| engine::decode(black_box(bytes), &mut Counting::default()));
    show("decode", words, seconds, bytes.len(), "byte");
}

/// A candidate that is kept.
struct Found {
    piece: usize,
    span: Range<usize>,
    canonical: String,
}

/// Finding, checking, canonical forms of `wanted`.
fn extract(
    words: &str,
    name: &str,
    list: &List,
    wanted: &[&'static Kind],
    pieces: &[Kept],
) -> Vec<Found> {
    let mut extractor = engine::extractor(&list.path, wanted);
    let mut found = Vec::new();
    for (piece, kept) in pieces.iter().enumerate() {
        extractor.candidates(&kept.piece(), &mut |candidate| {
            found.push(Found {
                piece,
                span: candidate.span.clone(),
                canonical: candidate.canonical.to_owned(),
            });
        });
    }
    let seconds = best(|| {
        for kept in pieces {
            extractor.candidates(&kept.piece(), &mut |candidate| {
                black_box(candidate);
            });
        }
    });
    let bytes: usize = pieces.iter().map(|kept| kept.piece().own.len()).sum();
    let what = format!("{name} in {words}");
    show("extract", &what, seconds, bytes, "byte of text");
    show("extract", &what, seconds, found.len(), "candidate");
    found
}

/// Reading what was found once more, as the kind reads a line by itself: what
/// confirming a hit and `watchlist build` cost.
fn canonical(words: &str, kind: &'static Kind, pieces: &[Kept], found: &[Found]) {
    let regions = blindsift::base::Regions::parse(["FI"]).unwrap();
    // Each is slow where plans of numbers are asked, and hits are few.
    let found = &found[..found.len().min(5_000)];
    let seconds = best(|| {
        for one in found {
            let text = &pieces[one.piece].piece().text[one.span.clone()];
            let read = (kind.canonical)(text, &regions, &mut |form, _| {
                black_box(form);
            });
            let _ = black_box(read);
        }
    });
    let what = format!("canonical {} of {words}", kind.name);
    show("fingerprint", &what, seconds, found.len(), "candidate");
}

/// The record of each candidate.
fn records(words: &str, pieces: &[Kept], found: &[Found]) {
    let seconds = best(|| {
        for one in found {
            let piece = pieces[one.piece].piece();
            black_box(record_at(piece.records, one.span.start));
        }
    });
    show(
        "extract",
        &format!("record in {words}"),
        seconds,
        found.len(),
        "candidate",
    );
}

/// Fingerprints, hints, and looking up, of what a dense leak holds.
fn fingerprints(data: &Data, list: &List, kind: &'static Kind, found: &[Found]) {
    let key = Key::read(&data.key).unwrap();
    let fingerprinter = Fingerprinter::new(&key);
    let by = fingerprinter.for_kind(kind);
    let all: Vec<Fingerprint> = found.iter().map(|one| by.of(&one.canonical)).collect();
    let single = best(|| {
        for one in found {
            black_box(by.of(&one.canonical));
        }
    });
    show(
        "fingerprint",
        &format!("{} one by one", kind.name),
        single,
        found.len(),
        "candidate",
    );
    let mut batch = Batch::new(&fingerprinter);
    for (what, passes) in [("whole", true), ("hint only", false)] {
        let seconds = best(|| {
            let (mut may, mut each) = (
                |_: &usize, _| passes,
                |at, fingerprint| {
                    black_box((at, fingerprint));
                },
            );
            for (at, one) in found.iter().enumerate() {
                batch.add(&by, &one.canonical, at, &mut may, &mut each);
            }
            batch.finish(&mut may, &mut each);
        });
        let what = format!("{} in batches, {what}", kind.name);
        show("fingerprint", &what, seconds, found.len(), "candidate");
    }
    let prober = Prober::open(&list.path, kind);
    let seconds = best(|| {
        black_box(all.iter().filter(|one| prober.holds(one)).count());
    });
    show(
        "matching",
        &format!("probe of {} as found", kind.name),
        seconds,
        all.len(),
        "candidate",
    );
    let mut dice = Dice::new(2);
    let strangers: Vec<_> = (0..1 << 18)
        .map(|_| u128::from(dice.bits()) << 64 | u128::from(dice.bits()))
        .map(|bits| Fingerprint(bits.to_be_bytes()))
        .collect();
    let seconds = best(|| {
        let hints = strangers.iter().map(|one| Hint(first(one)));
        black_box(hints.filter(|hint| prober.may_hold(*hint)).count());
    });
    show(
        "matching",
        &format!("probe of {} hints of strangers", kind.name),
        seconds,
        strangers.len(),
        "candidate",
    );
    let seconds = best(|| {
        black_box(strangers.iter().filter(|one| prober.holds(one)).count());
    });
    show(
        "matching",
        &format!("probe of {} strangers", kind.name),
        seconds,
        strangers.len(),
        "candidate",
    );
}

/// The first bytes, which are as good as a hint's.
fn first(fingerprint: &Fingerprint) -> [u8; 4] {
    let [a, b, c, d, ..] = fingerprint.0;
    [a, b, c, d]
}
