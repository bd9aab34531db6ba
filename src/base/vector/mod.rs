//! Looks at many bytes at once.
//!
//! | in  | bytes, and which of them matter                                   |
//! |-----|--------------------------------------------------------------------|
//! | out | a bit for each byte, 64 to a word, the first byte lowest           |
//! | not | meaning: what stands around a set bit is for the caller to look at |
//!
//! The same on every machine; how many bytes are looked at at once is not. This
//! is the only place of the crate with unsafe code: calls of instructions that
//! [`Features`] found, and loads from borrowed arrays.
#![cfg_attr(
    target_arch = "x86_64",
    expect(
        unsafe_code,
        reason = "vector instructions that are found while running"
    )
)]

mod features;
mod portable;
pub(in crate::base) mod sha256;
#[cfg(target_arch = "x86_64")]
mod x86;

pub use features::Features;

/// Bytes that one word of marks is about.
pub const WORD: usize = 64;

/// The bytes from `first` to `last`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Class {
    first: u8,
    last: u8,
}

impl Class {
    /// ASCII digits.
    pub const DIGITS: Self = Self::range(b'0', b'9');

    /// One byte.
    pub const fn byte(byte: u8) -> Self {
        Self::range(byte, byte)
    }

    /// The bytes from `first` to `last`, which is not less.
    pub const fn range(first: u8, last: u8) -> Self {
        Self { first, last }
    }

    /// Whether `byte` is one of them.
    #[inline]
    pub const fn holds(self, byte: u8) -> bool {
        byte.wrapping_sub(self.first) <= self.last - self.first
    }
}

/// Marks the bytes of `text` that are of each class: `marks` becomes one word a
/// class for every 64 bytes, the last of them filled up with zeros.
pub fn mark<const N: usize>(text: &[u8], classes: [Class; N], marks: &mut Vec<[u64; N]>) {
    mark_with(Features::found(), text, classes, marks);
}

/// The marks of one block: what looks at a few bytes here and there needs no more.
#[inline]
pub fn mark_block<const N: usize>(block: &[u8; WORD], classes: &[Class; N]) -> [u64; N] {
    let mut marks = [0; N];
    mark_blocks(
        Features::found(),
        std::slice::from_ref(block),
        classes,
        std::slice::from_mut(&mut marks),
    );
    marks
}

/// The same by nothing but `features`: what tests compare.
pub fn mark_with<const N: usize>(
    features: Features,
    text: &[u8],
    classes: [Class; N],
    marks: &mut Vec<[u64; N]>,
) {
    // Every word is written below, so those of an earlier text may stay.
    marks.resize(text.len().div_ceil(WORD), [0; N]);
    let (blocks, rest) = text.as_chunks();
    mark_blocks(features, blocks, &classes, marks);
    if let Some(words) = marks.last_mut().filter(|_| !rest.is_empty()) {
        let mut block = [0; WORD];
        for (to, from) in block.iter_mut().zip(rest) {
            *to = *from;
        }
        mark_blocks(features, &[block], &classes, std::slice::from_mut(words));
        // A class may hold the zeros behind the text.
        let within = (1 << rest.len()) - 1;
        for word in words {
            *word &= within;
        }
    }
}

fn mark_blocks<const N: usize>(
    features: Features,
    blocks: &[[u8; WORD]],
    classes: &[Class; N],
    marks: &mut [[u64; N]],
) {
    #[cfg(target_arch = "x86_64")]
    {
        if features.has_avx512() {
            // SAFETY: the processor has AVX-512F and AVX-512BW.
            return unsafe { x86::mark_512(blocks, classes, marks) };
        }
        if features.has_avx2() {
            // SAFETY: the processor has AVX2.
            return unsafe { x86::mark_256(blocks, classes, marks) };
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = features;
    portable::mark(blocks, classes, marks);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CLASSES: [Class; 5] = [
        Class::DIGITS,
        Class::byte(b'@'),
        Class::range(0x80, 0xff),
        Class::range(0, 0x7f),
        Class::range(0x61, 0xc3),
    ];

    /// Panics unless every choice of instructions marks `text` as `Class::holds` says.
    fn check(text: &[u8]) {
        let mut expected = vec![[0; 5]; text.len().div_ceil(WORD)];
        for (at, byte) in text.iter().enumerate() {
            for (word, class) in expected[at / WORD].iter_mut().zip(CLASSES) {
                *word |= u64::from(class.holds(*byte)) << (at % WORD);
            }
        }
        for features in Features::choices() {
            // Words of an earlier text must not show.
            let mut marks = vec![[u64::MAX; 5]; 3];
            mark_with(features, text, CLASSES, &mut marks);
            assert_eq!(marks, expected, "{features:?}");
        }
        let mut marks = Vec::new();
        mark(text, CLASSES, &mut marks);
        assert_eq!(marks, expected);
    }

    #[test]
    fn every_byte_of_every_class_is_marked_and_no_other() {
        let bytes: Vec<u8> = (0..=255).collect();
        for first in 0..=255 {
            for last in (first..=255).step_by(7).chain([255]) {
                let class = Class::range(first, last);
                for features in Features::choices() {
                    let mut marks = Vec::new();
                    mark_with(features, &bytes, [class], &mut marks);
                    for (at, byte) in bytes.iter().enumerate() {
                        let is_set = marks[at / WORD][0] >> (at % WORD) & 1 != 0;
                        assert_eq!(is_set, class.holds(*byte), "{class:?} {byte} {features:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn every_length_and_alignment_gives_the_same() {
        let text: Vec<u8> = (0..300_u32)
            .map(|at| ((at * at * 31) >> 3).to_le_bytes()[0])
            .collect();
        for start in 0..64 {
            for length in (0..=130).chain([191, 192, 193, 236]) {
                check(&text[start..start + length]);
            }
        }
    }

    proptest! {
        #[test]
        fn a_bit_is_set_where_a_byte_of_the_class_stands(
            text in proptest::collection::vec(any::<u8>(), 0..300),
        ) {
            check(&text);
        }
    }
}
