//! Finds the bytes around which it is worth looking.
//!
//! Every shape has an `@` or a digit in it. Nothing else is looked at, so text
//! without them costs one comparison a byte, sixty-four at a time. A pass with
//! vector instructions can replace [`Anchors::next`] and nothing else.

/// Bytes that are compared at once where there is nothing for a while.
const BLOCK: usize = 64;
/// Words of eight bytes that are looked at before that: in dense data an anchor
/// stands in one of them.
const NEAR: usize = 4;

/// Which anchors are wanted.
#[derive(Debug, Clone, Copy)]
pub(super) enum Anchors {
    /// None: there is nothing to find.
    None,
    /// `@` only.
    At,
    /// Digits only.
    Digits,
    /// Both.
    Both,
}

impl Anchors {
    /// The anchors of those shapes.
    pub(super) fn of(mailboxes: bool, digits: bool) -> Self {
        match (mailboxes, digits) {
            (false, false) => Self::None,
            (true, false) => Self::At,
            (false, true) => Self::Digits,
            (true, true) => Self::Both,
        }
    }

    /// The first anchor from `from` on and before `end`.
    pub(super) fn next(self, bytes: &[u8], from: usize, end: usize) -> Option<usize> {
        let rest = bytes.get(from..end.min(bytes.len()))?;
        let found = match self {
            Self::None => None,
            Self::At => memchr::memchr(b'@', rest),
            Self::Digits => first(rest, digits, |byte| byte.is_ascii_digit()),
            Self::Both => first(
                rest,
                |word| digits(word) | at_signs(word),
                |byte| byte.is_ascii_digit() || byte == b'@',
            ),
        };
        found.map(|at| from + at)
    }
}

/// Where the first byte stands that `is` true of; `among` sets the high bit of
/// every such byte in a word.
fn first(bytes: &[u8], among: impl Fn(u64) -> u64, is: impl Fn(u8) -> bool) -> Option<usize> {
    let mut skipped = 0;
    let (words, _) = bytes.as_chunks::<8>();
    for word in words.iter().take(NEAR) {
        let found = among(u64::from_le_bytes(*word));
        if found != 0 {
            return Some(skipped + place(found));
        }
        skipped += word.len();
    }
    // No early exit inside a block: so the compiler compares all of it at once.
    for block in bytes.get(skipped..)?.chunks(BLOCK) {
        if block.iter().fold(false, |any, byte| any | is(*byte)) {
            return block
                .iter()
                .position(|byte| is(*byte))
                .map(|at| skipped + at);
        }
        skipped += block.len();
    }
    None
}

/// Every bit pattern eight times.
const fn all(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The high bit of every byte of `word` that is a digit.
fn digits(word: u64) -> u64 {
    // A digit, and nothing else below 128, is less than ten then.
    let values = word ^ all(b'0');
    let sums = (values & all(0x7f)) + all(0x80 - 10);
    !(sums | values) & all(0x80)
}

/// The high bit of every byte of `word` that is an `@`.
fn at_signs(word: u64) -> u64 {
    let values = word ^ all(b'@');
    let sums = (values & all(0x7f)) + all(0x7f);
    !(sums | values) & all(0x80)
}

/// Which byte the lowest of those high bits is of.
fn place(high_bits: u64) -> usize {
    usize::try_from(high_bits.trailing_zeros() / 8).unwrap_or_default()
}

/// Where the run of digits that `from` stands in ends.
pub(super) fn run_end(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    let length = rest.iter().position(|byte| !byte.is_ascii_digit());
    from + length.unwrap_or(rest.len())
}

/// The character before `at`.
pub(super) fn before(text: &str, at: usize) -> Option<char> {
    match at.checked_sub(1).and_then(|at| text.as_bytes().get(at)) {
        Some(byte) if byte.is_ascii() => Some(char::from(*byte)),
        _ => text.get(..at)?.chars().next_back(),
    }
}

/// The character at `at`.
pub(super) fn after(text: &str, at: usize) -> Option<char> {
    match text.as_bytes().get(at) {
        Some(byte) if byte.is_ascii() => Some(char::from(*byte)),
        _ => text.get(at..)?.chars().next(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_tell_digits_and_at_signs_from_every_other_byte() {
        for byte in 0..=u8::MAX {
            for at in 0..8 {
                for other in [b'0' - 1, b'9' + 1, b'@' - 1, b'@' + 1, 0, 0x7f, 0x80, 0xff] {
                    let mut bytes = [other; 8];
                    bytes[at] = byte;
                    let word = u64::from_le_bytes(bytes);
                    let found = |is: bool| if is { 0x80_u64 << (at * 8) } else { 0 };
                    assert_eq!(digits(word), found(byte.is_ascii_digit()), "{byte}");
                    assert_eq!(at_signs(word), found(byte == b'@'), "{byte}");
                }
            }
        }
    }

    #[test]
    fn anchors_are_found_wherever_they_stand() {
        for at in 0..200 {
            let mut text = vec![b'x'; 200];
            text[at] = b'7';
            assert_eq!(Anchors::Both.next(&text, 0, 200), Some(at));
            assert_eq!(Anchors::Digits.next(&text, at, 200), Some(at));
            assert_eq!(Anchors::At.next(&text, 0, 200), None);
            assert_eq!(Anchors::Both.next(&text, 0, at), None);
            text[at] = b'@';
            assert_eq!(Anchors::At.next(&text, 0, 200), Some(at));
            assert_eq!(Anchors::Digits.next(&text, 0, 200), None);
        }
    }
}
