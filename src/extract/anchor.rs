//! Finds the bytes around which it is worth looking.
//!
//! Every shape has an `@` or a digit in it. Nothing else is looked at, so text
//! without them costs one comparison a byte, sixty-four at a time. A pass with
//! vector instructions can replace [`Anchors::next`] and nothing else.

/// Bytes that are compared at once.
const BLOCK: usize = 64;

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
            Self::Digits => first(rest, |byte| byte.is_ascii_digit()),
            Self::Both => first(rest, |byte| byte.is_ascii_digit() || byte == b'@'),
        };
        found.map(|at| from + at)
    }
}

/// Where the first byte stands that `is` true of.
fn first(bytes: &[u8], is: impl Fn(u8) -> bool) -> Option<usize> {
    // Near anchors are the rule in dense data.
    let (near, far) = bytes.split_at(bytes.len().min(16));
    if let Some(at) = near.iter().position(|byte| is(*byte)) {
        return Some(at);
    }
    // No early exit inside a block: so the compiler compares all of it at once.
    let mut skipped = near.len();
    for block in far.chunks(BLOCK) {
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
