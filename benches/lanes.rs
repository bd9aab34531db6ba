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
use blindsift::base::{Blocks, Hasher, Mac};

/// Bytes that stay in the second cache.
const SOME: usize = 256 * 1024;

fn main() {
    // `cargo test --benches` only wants to know that it builds.
    if !env::args().any(|argument| argument == "--bench") {
        return;
    }
    agree();
    for features in Features::choices() {
        marks(features);
        codes(features);
    }
    digest();
}

/// Stops unless every set of instructions gives what plain code gives: on half of
/// 10^8 bytes at random, and on half of them rows with some bytes changed.
fn agree() {
    let row = b"4711;Anna Example;anna@example.fi;+358 40 123 4567;131052-308T\r\n";
    let classes = [Class::DIGITS, Class::byte(b'@'), Class::range(0x80, 0xff)];
    let key = Mac::new(&[7; 32]);
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    let mut looked_at = 0;
    while looked_at < 100_000_000 {
        let length = usize::try_from(next() % 5000).unwrap_or_default();
        let mut text: Vec<u8> = row.iter().copied().cycle().take(length).collect();
        let is_random = next() % 2 == 0;
        for byte in &mut text {
            let [value, chance, ..] = next().to_le_bytes();
            if is_random || chance < 8 {
                *byte = value;
            }
        }
        looked_at += length;
        let mut expected = vec![[0; 3]; length.div_ceil(64)];
        for (words, bytes) in expected.iter_mut().zip(text.chunks(64)) {
            for (word, class) in words.iter_mut().zip(classes) {
                for (at, byte) in bytes.iter().enumerate() {
                    *word |= u64::from(class.holds(*byte)) << at;
                }
            }
        }
        let messages: Vec<&[u8]> = text.chunks(40).take(40).collect();
        for features in Features::choices() {
            let mut marks = Vec::new();
            mark_with(features, &text, classes, &mut marks);
            assert!(marks == expected, "marks by {features:?}");
            let mut blocks = Blocks::with(features);
            for message in &messages {
                blocks.add(&key, message);
            }
            blocks.choose(&key, |_, _| true);
            let mut codes = Vec::new();
            blocks.finish(&key, |_, code| codes.push(code));
            let same = messages.iter().zip(codes);
            for (message, code) in same {
                assert!(
                    key.of(&[message]).starts_with(&code),
                    "codes by {features:?}"
                );
            }
        }
    }
    println!("all agree on {looked_at} bytes");
}

/// Seconds of the best of many turns: short ones escape the scheduler.
fn best(mut turn: impl FnMut()) -> f64 {
    (0..100)
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
    let turns = 20;
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

/// Codes of canonical forms of 8 to 40 bytes behind the label of their kind.
fn codes(features: Features) {
    let key = Mac::new(&[7; 32]);
    let mac = key.with(b"email/1\0");
    let forms: Vec<Vec<u8>> = (0..1024_usize)
        .map(|number| vec![b'a'; 8 + number * number % 33])
        .collect();
    let turns = 4;
    let count = turns * forms.len();
    let mut blocks = Blocks::with(features);
    for (name, is_wanted) in [("hints", false), ("codes", true)] {
        let seconds = best(|| {
            for form in (0..turns).flat_map(|_| &forms) {
                blocks.add(&mac, black_box(form));
                if blocks.is_full() {
                    blocks.choose(&key, |_, hint| {
                        black_box(hint);
                        is_wanted
                    });
                    blocks.finish(&key, |_, code| {
                        black_box(code);
                    });
                }
            }
        });
        let each = seconds * 1e9 / count as f64;
        println!("{name}, {features:?}: {each:.1} ns each");
    }
}

fn digest() {
    let bytes = vec![b'x'; SOME];
    let turns = 8;
    let gigabytes = (turns * SOME) as f64 / 1e9;
    let seconds = best(|| {
        let mut hasher = Hasher::default();
        for _ in 0..turns {
            hasher.update(black_box(&bytes));
        }
        black_box(hasher.finish());
    });
    println!("SHA-256 of one stream: {:.2} GB/s", gigabytes / seconds);
}
