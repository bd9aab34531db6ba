//! Marks without any instructions that a processor may lack: 8 bytes in a word.

use super::{Class, WORD};

/// The highest bit of each byte.
const HIGH: u64 = 0x8080_8080_8080_8080;

pub(super) fn mark<const N: usize>(
    blocks: &[[u8; WORD]],
    classes: &[Class; N],
    marks: &mut [[u64; N]],
) {
    let bounds = classes.map(|class| (repeat(class.first), repeat(class.last - class.first)));
    for (block, words) in blocks.iter().zip(marks) {
        *words = [0; N];
        for (at, bytes) in block.as_chunks().0.iter().enumerate() {
            let bytes = u64::from_le_bytes(*bytes);
            for (word, (first, span)) in words.iter_mut().zip(bounds) {
                *word |= gather(at_most(minus(bytes, first), span)) << (8 * at);
            }
        }
    }
}

fn repeat(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// `a - b` in each byte, without borrowing from the next.
fn minus(a: u64, b: u64) -> u64 {
    ((a | HIGH) - (b & !HIGH)) ^ ((a ^ !b) & HIGH)
}

/// The highest bit of each byte of `a` that is not greater than that of `b`.
fn at_most(a: u64, b: u64) -> u64 {
    let low = (b | HIGH) - (a & !HIGH);
    ((!a & b) | (!(a ^ b) & low)) & HIGH
}

/// The highest bits of the eight bytes, side by side.
fn gather(high: u64) -> u64 {
    // Moves bit 8i to 56 + i; no two products share a bit, so nothing carries.
    (high >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}
