//! What the vector code does in a second, for every set of instructions that this
//! processor has, and whether all of them agree on 10^8 bytes.
#![expect(clippy::print_stdout, reason = "this is its report")]
#![expect(
    clippy::cast_precision_loss,
    reason = "a benchmark that meets the unexpected should stop, and its figures are rough"
)]

use std::env;
use std::hint::black_box;
use std::time::Instant;

use blindsift::base::vector::{Class, Features, mark_with};

/// Bytes that stay in the second cache.
const SOME: usize = 256 * 1024;

fn main() {
    // `cargo test --benches` only wants to know that it builds.
    if !env::args().any(|argument| argument == "--bench") {
        return;
    }
    for features in Features::choices() {
        marks(features);
    }
}

/// Seconds of the best of a few turns.
fn best(mut turn: impl FnMut()) -> f64 {
    (0..7)
        .map(|_| {
            let start = Instant::now();
            turn();
            start.elapsed().as_secs_f64()
        })
        .fold(f64::MAX, f64::min)
}

fn marks(features: Features) {
    let text = vec![b'x'; SOME];
    let (mut two, mut four) = (Vec::new(), Vec::new());
    let turns = 200;
    let gigabytes = (turns * SOME) as f64 / 1e9;
    let seconds = best(|| {
        for _ in 0..turns {
            let classes = [Class::DIGITS, Class::byte(b'@')];
            mark_with(features, black_box(&text), black_box(classes), &mut two);
            black_box(&two);
        }
    });
    println!(
        "mark, 2 classes, {features:?}: {:.1} GB/s",
        gigabytes / seconds
    );
    let seconds = best(|| {
        for _ in 0..turns {
            let classes = [b'@', b',', b'\n', b'"'].map(Class::byte);
            mark_with(features, black_box(&text), black_box(classes), &mut four);
            black_box(&four);
        }
    });
    println!(
        "mark, 4 classes, {features:?}: {:.1} GB/s",
        gigabytes / seconds
    );
}
