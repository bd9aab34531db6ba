//! Finds the places around which it is worth looking.
//!
//! Every shape has an `@` or digits in it. Bytes are marked by their class for the
//! whole text at once, with vector instructions, and a few operations on the marks
//! of 64 bytes rule out most runs of digits: too long or too short, glued to a
//! letter, without the sign or the digit that a number begins with. What is handed
//! on may still be nothing; what is not cannot be anything.

use std::ops::Range;

use crate::base::Runs;
use crate::base::vector::{self, Class, WORD};

/// What the marks are about, but for the last two: the digits that a telephone
/// number begins with.
const CLASSES: [Class; 10] = [
    Class::DIGITS,
    Class::byte(b'@'),
    Class::range(b'A', b'Z'),
    Class::range(b'a', b'z'),
    // `(`, `+`, and two that do not matter.
    Class::range(b'(', b'+'),
    // It is not known here what a character beyond ASCII is.
    Class::range(0x80, 0xff),
    // Brackets that can hold what stands for an `@`: `[at]`, `{A}`.
    Class::byte(b'['),
    Class::byte(b'{'),
    Class::DIGITS,
    Class::DIGITS,
];

/// Words that are marked at once: their marks stay in the first cache.
const WORDS: usize = 32;

/// The marks of 64 bytes.
type Marks = [u64; CLASSES.len()];
const NONE: Marks = [0; CLASSES.len()];

/// Something to look around.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Anchor {
    /// An `@`.
    At(usize),
    /// A bracket, perhaps with a word for an `@` in it.
    Bracket(usize),
    /// Digits, all that stand together.
    Digits(Range<usize>),
}

/// Which anchors are wanted. Owns the marks.
#[derive(Debug)]
pub(super) struct Anchors {
    ats: bool,
    /// Runs that no letter stands before.
    runs: Runs,
    /// Runs that two letters stand before.
    lettered: Runs,
    /// Runs that any letters stand before.
    glued: Runs,
    /// Whether runs are wanted that a telephone number begins with.
    numbers: bool,
    classes: [Class; CLASSES.len()],
    marks: Vec<Marks>,
}

impl Anchors {
    /// None.
    pub(super) fn none() -> Self {
        Self {
            ats: false,
            runs: Runs::NONE,
            lettered: Runs::NONE,
            glued: Runs::NONE,
            numbers: false,
            classes: CLASSES,
            marks: Vec::new(),
        }
    }

    /// Every `@`, too, and every bracket that may stand for one.
    pub(super) fn and_ats(mut self) -> Self {
        self.ats = true;
        self
    }

    /// These runs of digits, too, where no letter stands before them.
    pub(super) fn and_runs(mut self, runs: Runs) -> Self {
        self.runs = self.runs.and(runs);
        self
    }

    /// These runs of digits, too, where two letters stand before them.
    pub(super) fn and_lettered(mut self, runs: Runs) -> Self {
        self.lettered = self.lettered.and(runs);
        self
    }

    /// These runs of digits, too, where a letter stands before them.
    pub(super) fn and_glued(mut self, runs: Runs) -> Self {
        self.glued = self.glued.and(runs);
        self
    }

    /// Every run, too, that no letter stands before and that begins behind a sign
    /// or with one of the digits for which `first` is true.
    pub(super) fn and_numbers(mut self, first: &[bool; 10]) -> Self {
        // Zero is nearly always among them; one range covers the others.
        let mut others = (b'1'..=b'9').zip(first.iter().skip(1));
        let mut others = std::iter::from_fn(|| others.find(|(_, is)| **is)).map(|(digit, _)| digit);
        let zero = Class::byte(b'0');
        let others = others
            .next()
            .map(|low| Class::range(low, others.last().unwrap_or(low)));
        let [.., one, other] = &mut self.classes;
        if self.numbers {
            (*one, *other) = (Class::DIGITS, Class::DIGITS);
        } else {
            *one = zero;
            *other = others.unwrap_or(zero);
        }
        self.numbers = true;
        self
    }

    /// The anchors that begin in `range`, in order. A run of digits that begins
    /// before is none.
    pub(super) fn within<'a>(&'a mut self, text: &'a [u8], range: Range<usize>) -> Walk<'a> {
        let end = range.end.min(text.len());
        let start = range.start.min(end);
        // What stands before tells whether a run begins.
        let next = start.saturating_sub(WORD);
        Walk {
            anchors: self,
            text,
            range: start..end,
            next,
            word: WORDS,
            left: 0,
        }
    }

    /// Marks the words of `text` that begin at `from`, one before them and one
    /// behind.
    fn mark(&mut self, text: &[u8], from: usize) {
        let before = from.checked_sub(WORD);
        let start = before.unwrap_or(from);
        let end = from.saturating_add((WORDS + 1) * WORD).min(text.len());
        let some = text.get(start..end).unwrap_or_default();
        vector::mark(some, self.classes, &mut self.marks);
        if before.is_none() {
            self.marks.insert(0, NONE);
        }
    }

    /// The anchors in the middle one of three words.
    #[inline]
    fn among(&self, before: &Marks, here: &Marks, behind: &Marks) -> u64 {
        let [
            digits,
            ats,
            upper,
            lower,
            rounds,
            foreign,
            squares,
            curlies,
            one,
            other,
        ] = *here;
        let letters = upper | lower;
        let letters_before = before[2] | before[3];
        let starts = digits & !behind_by(before[0], digits, 1);
        let openings = rounds | squares | curlies;
        if starts | ats | openings == 0 {
            return 0;
        }
        let glued = behind_by(letters_before, letters, 1);
        let free = starts & !glued;
        let mut found = 0;
        if self.ats {
            let word = behind[2] | behind[3] | behind[5];
            let words = (letters | foreign) >> 1 | word << (u64::BITS - 1);
            found = ats | openings & words;
        }
        if self.numbers {
            let signs = behind_by(before[4] | before[5], here[4] | here[5], 1);
            found |= free & (signs | one | other);
        }
        found |= of_lengths(self.runs, free, digits, behind[0]);
        if self.glued != Runs::NONE {
            found |= of_lengths(self.glued, starts & glued, digits, behind[0]);
        }
        if self.lettered != Runs::NONE {
            let words = letters | digits;
            let twice = glued & behind_by(letters_before, letters, 2);
            let more = behind_by(letters_before | before[0], words, 3);
            found |= of_lengths(self.lettered, starts & twice & !more, digits, behind[0]);
        }
        found
    }
}

/// The marks, each at the place that stands `by` bytes behind its own.
#[inline]
fn behind_by(before: u64, here: u64, by: u32) -> u64 {
    here << by | before >> (u64::BITS - by)
}

/// Those of `starts` whose runs of digits have one of these lengths.
#[inline]
fn of_lengths(lengths: Runs, starts: u64, digits: u64, behind: u64) -> u64 {
    let mut found = 0;
    // Runs of at least so many digits, and the marks that many places further on.
    let mut long = starts;
    let (mut here, mut behind) = (digits, behind);
    for length in 1..=lengths.told_apart() {
        if long == 0 {
            return found;
        }
        here = here >> 1 | behind << (u64::BITS - 1);
        behind >>= 1;
        let longer = long & here;
        if lengths.hold(length) {
            found |= long & !longer;
        }
        long = longer;
    }
    if lengths.hold(Runs::MOST) {
        found |= long;
    }
    found
}

/// Goes from anchor to anchor.
pub(super) struct Walk<'a> {
    anchors: &'a mut Anchors,
    text: &'a [u8],
    range: Range<usize>,
    /// Where the word to come begins, and which of those that are marked it is.
    next: usize,
    word: usize,
    /// The anchors of the last one that are left.
    left: u64,
}

impl Walk<'_> {
    /// Finds the next word with anchors in it; `None` when there is none.
    #[inline]
    fn next_word(&mut self) -> Option<()> {
        while self.left == 0 {
            if self.next >= self.range.end {
                return None;
            }
            if self.word == WORDS {
                self.anchors.mark(self.text, self.next);
                self.word = 0;
            }
            self.word += 1;
            let marks = &self.anchors.marks;
            let [before, here] = marks.get(self.word - 1..)?.first_chunk()?;
            let behind = marks.get(self.word + 1).unwrap_or(&NONE);
            self.left = self.anchors.among(before, here, behind);
            self.next += WORD;
        }
        Some(())
    }

    /// Where the run of digits that begins at `at`, bit `bit` of `digits`, ends.
    #[inline]
    fn run_end(&self, at: usize, bit: u32, digits: u64) -> usize {
        let length = (!(digits >> bit)).trailing_zeros();
        let end = at + length as usize;
        if bit + length < u64::BITS {
            return end;
        }
        run_end(self.text, end)
    }
}

impl Iterator for Walk<'_> {
    type Item = Anchor;

    #[inline]
    fn next(&mut self) -> Option<Anchor> {
        loop {
            self.next_word()?;
            let bit = self.left.trailing_zeros();
            self.left &= self.left - 1;
            let at = self.next - WORD + bit as usize;
            if !self.range.contains(&at) {
                continue;
            }
            let [digits, ats, ..] = *self.anchors.marks.get(self.word)?;
            return Some(if digits >> bit & 1 == 1 {
                Anchor::Digits(at..self.run_end(at, bit, digits))
            } else if ats >> bit & 1 == 1 {
                Anchor::At(at)
            } else {
                Anchor::Bracket(at)
            });
        }
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

    fn found(anchors: Anchors, text: &str, range: Range<usize>) -> Vec<Anchor> {
        let mut anchors = anchors;
        anchors.within(text.as_bytes(), range).collect()
    }

    fn all() -> Anchors {
        Anchors::none().and_ats().and_runs(Runs::from(1))
    }

    /// The same, one byte after the other.
    fn plainly(anchors: &Anchors, text: &str, range: Range<usize>) -> Vec<Anchor> {
        let bytes = text.as_bytes();
        let byte = |at: usize| bytes.get(at).copied().unwrap_or(b' ');
        let before = |at: usize, by| at.checked_sub(by).map_or(b' ', byte);
        let mut found = Vec::new();
        for at in range.start..range.end.min(bytes.len()) {
            if byte(at) == b'@' && anchors.ats {
                found.push(Anchor::At(at));
            }
            let may_open = matches!(byte(at), b'('..=b'+' | b'[' | b'{');
            if may_open && matches!(byte(at + 1), b'a'..=b'z' | b'A'..=b'Z' | 0x80..) && anchors.ats
            {
                found.push(Anchor::Bracket(at));
            }
            if !byte(at).is_ascii_digit() || before(at, 1).is_ascii_digit() {
                continue;
            }
            let rest = &bytes[at..];
            let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let [.., one, other] = anchors.classes;
            let letters = [1, 2].map(|by| before(at, by).is_ascii_alphabetic());
            let is_number = matches!(before(at, 1), b'('..=b'+' | 0x80..)
                || one.holds(byte(at))
                || other.holds(byte(at));
            let is_wanted = !letters[0] && anchors.runs.hold(length)
                || !letters[0] && anchors.numbers && is_number
                || letters[0] && anchors.glued.hold(length)
                || letters == [true; 2]
                    && !before(at, 3).is_ascii_alphanumeric()
                    && anchors.lettered.hold(length);
            if is_wanted {
                found.push(Anchor::Digits(at..at + length));
            }
        }
        found
    }

    #[test]
    fn a_run_that_fills_many_words_is_one_anchor() {
        let text = format!("x {}@", "7".repeat(1000));
        let long = Anchor::Digits(2..1002);
        assert_eq!(
            found(all(), &text, 0..2000),
            [long.clone(), Anchor::At(1002)]
        );
        assert_eq!(found(all(), &text, 2..3), [long]);
        assert_eq!(found(all(), &text, 3..1002), []);
    }

    #[test]
    fn only_what_is_wanted_is_an_anchor() {
        let text = "a@b 12 x345 FI67 +8 09";
        let digits = |range| Anchor::Digits(range);
        let first = [
            true, false, false, false, false, false, false, false, false, false,
        ];
        assert_eq!(found(Anchors::none(), text, 0..99), []);
        assert_eq!(
            found(Anchors::none().and_ats(), text, 0..99),
            [Anchor::At(1)]
        );
        let two = Anchors::none().and_runs(Runs::of(&[2]));
        assert_eq!(found(two, text, 0..99), [digits(4..6), digits(20..22)]);
        let lettered = Anchors::none().and_lettered(Runs::from(2));
        assert_eq!(found(lettered, text, 0..99), [digits(14..16)]);
        let numbers = Anchors::none().and_numbers(&first);
        assert_eq!(
            found(numbers, text, 0..99),
            [digits(18..19), digits(20..22)]
        );
    }

    proptest! {
        #[test]
        fn anchors_are_those_that_a_walk_byte_by_byte_finds(
            text in "([0-9]{1,40}|[0-9]{1,4}[-. +(]|[a-zA-Z@ ä+(]{1,40}|[(\\[{aAäb]{1,9}| [A-Z]{1,3}[0-9]{1,9}){0,16}",
            start in 0_usize..300,
            length in 0_usize..400,
            wanted in any::<[u32; 3]>(),
            first in any::<[bool; 10]>(),
            sorts in any::<[bool; 2]>(),
        ) {
            let [runs, lettered, glued] = wanted.map(|bits| {
                let lengths: Vec<u32> = (1..31).filter(|length| bits >> length & 1 == 1).collect();
                if bits & 1 == 1 { Runs::from(bits >> 27) } else { Runs::of(&lengths) }
            });
            let mut anchors = Anchors::none()
                .and_runs(runs)
                .and_lettered(lettered)
                .and_glued(glued);
            if sorts[0] {
                anchors = anchors.and_ats();
            }
            if sorts[1] {
                anchors = anchors.and_numbers(&first);
            }
            let range = start..start + length;
            let expected = plainly(&anchors, &text, range.clone());
            prop_assert_eq!(found(anchors, &text, range), expected);
        }
    }
}
