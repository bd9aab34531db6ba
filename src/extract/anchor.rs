//! Finds the bytes around which it is worth looking.
//!
//! Every shape has an `@` or a digit in it. Their places are marked for the whole
//! text at once, with vector instructions; what is walked then are the marks.

use std::ops::Range;

use crate::base::vector::{self, Class, WORD};

/// Bytes behind the range whose marks tell where a run of digits ends.
const BEHIND: usize = WORD;

/// Something to look around.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Anchor {
    /// An `@`.
    At(usize),
    /// Digits, all that stand together.
    Digits(Range<usize>),
}

/// Marks the anchors of a text. Owns the marks.
#[derive(Debug)]
pub(super) struct Anchors {
    /// All ones where `@` is wanted, and where digits are.
    ats: u64,
    digits: u64,
    marks: Vec<[u64; 2]>,
}

impl Anchors {
    /// Anchors of the sorts that are wanted.
    pub(super) fn of(ats: bool, digits: bool) -> Self {
        let all = |wanted: bool| if wanted { u64::MAX } else { 0 };
        Self {
            ats: all(ats),
            digits: all(digits),
            marks: Vec::new(),
        }
    }

    /// The anchors that begin in `range`, in order. A run of digits that begins
    /// before is none.
    pub(super) fn within<'a>(&'a mut self, text: &'a [u8], range: Range<usize>) -> Walk<'a> {
        let end = range.end.min(text.len());
        let start = range.start.min(end);
        let behind = end.saturating_add(BEHIND).min(text.len());
        let marked = text.get(start..behind).unwrap_or_default();
        vector::mark(marked, [Class::DIGITS, Class::byte(b'@')], &mut self.marks);
        let before = start.checked_sub(1).and_then(|at| text.get(at));
        Walk {
            text,
            wanted: [self.digits, self.ats],
            marks: &self.marks,
            start,
            end,
            word: 0,
            left: 0,
            carry: before.is_some_and(u8::is_ascii_digit),
            digits: 0,
            ats: 0,
        }
    }
}

/// Goes from anchor to anchor.
pub(super) struct Walk<'a> {
    text: &'a [u8],
    wanted: [u64; 2],
    marks: &'a [[u64; 2]],
    start: usize,
    end: usize,
    /// The word behind the one that is being walked.
    word: usize,
    /// The anchors in this one that are left, its digits, and its `@`.
    left: u64,
    digits: u64,
    ats: u64,
    /// Whether the byte before the word to come is a digit.
    carry: bool,
}

impl Walk<'_> {
    /// Where the run of digits that begins with bit `bit` of the word ends.
    #[inline]
    fn run_end(&self, at: usize, bit: u32) -> usize {
        let length = (!(self.digits >> bit)).trailing_zeros();
        let end = at + length as usize;
        if bit + length < u64::BITS {
            return end;
        }
        let mut end = end;
        for [digits, _] in self.marks.iter().skip(self.word) {
            let more = (!digits).trailing_zeros();
            end += more as usize;
            if more < u64::BITS {
                break;
            }
        }
        run_end(self.text, end)
    }
}

impl Iterator for Walk<'_> {
    type Item = Anchor;

    #[inline]
    fn next(&mut self) -> Option<Anchor> {
        while self.left == 0 {
            let [digits, ats] = *self.marks.get(self.word)?;
            let starts = digits & !(digits << 1 | u64::from(self.carry));
            (self.digits, self.ats) = (digits, ats);
            self.carry = digits >> (u64::BITS - 1) == 1;
            let [wanted_digits, wanted_ats] = self.wanted;
            self.left = starts & wanted_digits | ats & wanted_ats;
            self.word += 1;
        }
        let bit = self.left.trailing_zeros();
        self.left &= self.left - 1;
        let at = self.start + (self.word - 1) * WORD + bit as usize;
        if at >= self.end {
            self.word = self.marks.len();
            self.left = 0;
            return None;
        }
        if self.ats >> bit & 1 == 1 {
            return Some(Anchor::At(at));
        }
        Some(Anchor::Digits(at..self.run_end(at, bit)))
    }
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
    use proptest::prelude::*;

    fn found(text: &str, range: Range<usize>) -> Vec<Anchor> {
        Anchors::of(true, true)
            .within(text.as_bytes(), range)
            .collect()
    }

    /// The same, one byte after the other.
    fn plainly(text: &str, range: Range<usize>) -> Vec<Anchor> {
        let bytes = text.as_bytes();
        let mut anchors = Vec::new();
        for at in range.start..range.end.min(bytes.len()) {
            let follows = at > 0 && bytes[at - 1].is_ascii_digit();
            if bytes[at] == b'@' {
                anchors.push(Anchor::At(at));
            } else if bytes[at].is_ascii_digit() && !follows {
                let rest = &bytes[at..];
                let length = rest.iter().take_while(|byte| byte.is_ascii_digit());
                anchors.push(Anchor::Digits(at..at + length.count()));
            }
        }
        anchors
    }

    #[test]
    fn a_run_that_fills_many_words_is_one_anchor() {
        let text = format!("x{}@", "7".repeat(1000));
        assert_eq!(
            found(&text, 0..2000),
            [Anchor::Digits(1..1001), Anchor::At(1001)]
        );
        assert_eq!(found(&text, 1..2), [Anchor::Digits(1..1001)]);
        assert_eq!(found(&text, 2..1001), []);
    }

    proptest! {
        #[test]
        fn anchors_are_those_that_a_walk_byte_by_byte_finds(
            text in "([0-9]{1,80}|[a-z@ ä]{1,80}){0,8}",
            start in 0_usize..300,
            length in 0_usize..400,
        ) {
            let range = start..start + length;
            prop_assert_eq!(found(&text, range.clone()), plainly(&text, range));
        }
    }
}
