//! Marks without any instructions that a processor may lack.
//!
//! The compiler makes vector code of the comparisons for every processor that has
//! some (SSE2 on each x86-64, NEON on each ARM of 64 bits).

use super::{Class, WORD};

pub(super) fn mark<const N: usize>(
    blocks: &[[u8; WORD]],
    classes: &[Class; N],
    marks: &mut [[u64; N]],
) {
    for (block, words) in blocks.iter().zip(marks) {
        for (word, class) in words.iter_mut().zip(classes) {
            // Not `map`: that is only sometimes made into vector code.
            let mut held = [0; WORD];
            for (held, byte) in held.iter_mut().zip(block) {
                *held = u8::from(class.holds(*byte));
            }
            *word = gather(held);
        }
    }
}

/// The lowest bits of the bytes, side by side.
#[inline]
fn gather(held: [u8; WORD]) -> u64 {
    let mut word = 0;
    for eight in held.as_chunks().0.iter().rev() {
        // Moves bit 8i to 56 + i; no two products share a bit, so nothing carries.
        let bits = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        word = (word << 8) | bits;
    }
    word
}
