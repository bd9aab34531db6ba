//! Looks at many bytes at once.
//!
//! | in  | bytes, and which of them matter                                   |
//! |-----|--------------------------------------------------------------------|
//! | out | a bit for each byte, 64 to a word, the first byte lowest           |
//! | not | meaning: what stands around a set bit is for the caller to look at |

mod portable;

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
    pub const fn holds(self, byte: u8) -> bool {
        byte.wrapping_sub(self.first) <= self.last - self.first
    }
}

/// Marks the bytes of `text` that are of each class: `marks` becomes one word a
/// class for every 64 bytes, the last of them filled up with zeros.
///
/// The same on every machine; how many bytes are looked at at once is not.
pub fn mark<const N: usize>(text: &[u8], classes: [Class; N], marks: &mut Vec<[u64; N]>) {
    marks.clear();
    portable::mark(text, classes, marks);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_bit_is_set_where_a_byte_of_the_class_stands(
            text in proptest::collection::vec(any::<u8>(), 0..300),
        ) {
            let classes = [Class::DIGITS, Class::byte(b'@'), Class::range(0x80, 0xff)];
            let mut marks = Vec::new();
            mark(&text, classes, &mut marks);
            prop_assert_eq!(marks.len(), text.len().div_ceil(WORD));
            for (at, bit) in (0..marks.len() * WORD).map(|at| (at, 1_u64 << (at % WORD))) {
                for (slot, class) in classes.iter().enumerate() {
                    let expected = text.get(at).is_some_and(|byte| class.holds(*byte));
                    prop_assert_eq!(marks[at / WORD][slot] & bit != 0, expected);
                }
            }
        }
    }
}
