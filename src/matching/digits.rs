//! Hex digits of entries, many at a time.
//!
//! A list of 100 million entries has 3.2 billion digits: these loops have no
//! branches, so that the compiler makes vector code of them.

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// The bytes that `digits`, lower case, spell; twice as many as there are bytes.
#[inline]
pub(super) fn decode<const D: usize, const N: usize>(digits: &[u8; D]) -> Option<[u8; N]> {
    const { assert!(D == 2 * N) };
    let mut wrong = 0;
    let values = digits.map(|digit| {
        let number = digit.wrapping_sub(b'0');
        let letter = digit.wrapping_sub(b'a');
        let value = if letter < 6 { letter + 10 } else { number };
        wrong |= u8::from(number > 9) & u8::from(letter > 5);
        value
    });
    let (pairs, _) = values.as_chunks::<2>();
    let mut bytes = [0; N];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = high << 4 | low;
    }
    (wrong == 0).then_some(bytes)
}

/// Appends two digits for each byte.
pub(super) fn encode(bytes: &[u8], to: &mut Vec<u8>) {
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or(b'0');
    to.extend(
        bytes
            .iter()
            .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]),
    );
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::base::hex;

    proptest! {
        #[test]
        fn digits_are_read_as_the_plain_reader_reads_them(
            digits in proptest::array::uniform32(proptest::sample::select(b"0123456789abcdefA/:`g ".to_vec())),
            bytes: [u8; 16],
        ) {
            let text = str::from_utf8(&digits).unwrap();
            prop_assert_eq!(decode::<32, 16>(&digits), hex::decode(text));
            let mut written = Vec::new();
            encode(&bytes, &mut written);
            prop_assert_eq!(&written, &hex::encode(&bytes).into_bytes());
            prop_assert_eq!(decode::<32, 16>(&written.try_into().unwrap()), Some(bytes));
        }
    }

    #[test]
    fn every_byte_that_is_no_digit_is_refused_in_every_place() {
        for place in 0..8 {
            for byte in 0..=u8::MAX {
                let mut digits = *b"0123cdef";
                digits[place] = byte;
                let is_digit = byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
                assert_eq!(decode::<8, 4>(&digits).is_some(), is_digit, "{byte}");
            }
        }
    }
}
