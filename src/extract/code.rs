//! Codes: groups of digits and letters in a known layout.
//!
//! A text's *signature* says how its characters stand together: runs of digits and
//! of letters, their lengths, and whether a separator stands between two. The
//! layouts of all kinds are in one table of signatures and of what they begin
//! with, so a place in the text costs one look for each run, however many kinds
//! are wanted, and most places end at the first.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::Range;

use super::anchor::{Anchors, after, before, run_end};
use super::wanted::Found;
use crate::base::{Date, Kind, Regions, Runs, Shape, Variant, is_word};

/// Bytes that a code may be long at most, with blanks around its separators.
pub(super) const REACH: usize = 34 * 4;

/// Runs of a layout, at most; an Italian tax code can have nine.
const RUNS: u32 = 9;
/// Bits of a run in a signature.
const BITS: u32 = 7;
/// Characters of a run, at most.
const LENGTH: usize = 31;
/// Marks a run of letters in a signature.
const LETTERS: u64 = 1 << 5;
/// Marks a separator before a run.
const APART: u64 = 1 << 6;

/// What stands in a text, from a beginning on: seven bits for each run, the last
/// one lowest. A run has a length, so that its bits are never all zero.
type Signature = u64;

/// Looks for codes of several kinds.
#[derive(Debug, Clone, Default)]
pub(super) struct Codes {
    nodes: Table,
    kinds: Vec<&'static Kind>,
    /// How many texts that begin in `own` each of them has refused.
    refused: Vec<Cell<u64>>,
    own: Range<usize>,
    /// Lengths of first runs of digits that codes begin with.
    first: Runs,
    /// Those with a run of letters before them, glued or apart.
    glued: Runs,
    apart: Runs,
    /// The longest such run of letters.
    letters: usize,
}

/// What a signature leads to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Node {
    /// The kinds that have it as a layout, bit by bit.
    kinds: u128,
    /// Whether a longer one begins with it.
    goes_on: bool,
}

impl FromIterator<&'static Kind> for Codes {
    fn from_iter<T: IntoIterator<Item = &'static Kind>>(kinds: T) -> Self {
        let mut codes = Self::default();
        let mut nodes: BTreeMap<Signature, Node> = BTreeMap::new();
        for kind in kinds {
            let Shape::Code { layouts } = kind.shape else {
                continue;
            };
            let bit = 1_u128 << codes.kinds.len();
            codes.kinds.push(kind);
            codes.refused.push(Cell::default());
            for signature in layouts.iter().flat_map(|layout| signatures(layout)) {
                codes.note_anchor(signature);
                let mut begun = signature;
                nodes.entry(begun).or_default().kinds |= bit;
                loop {
                    begun >>= BITS;
                    if begun == 0 {
                        break;
                    }
                    nodes.entry(begun).or_default().goes_on = true;
                }
            }
        }
        codes.nodes = Table::of(&nodes);
        codes
    }
}

/// The signatures of what is written in `layout`: several where a place takes a
/// digit or a letter.
fn signatures(layout: &str) -> Vec<Signature> {
    let mut all = vec![(0_u64, false)];
    for class in layout.bytes() {
        if class == b'-' {
            for (_, is_apart) in &mut all {
                *is_apart = true;
            }
            continue;
        }
        let classes: &[u64] = match class {
            b'9' => &[0],
            b'A' => &[LETTERS],
            _ => &[0, LETTERS],
        };
        let grown = |(signature, is_apart): &(u64, bool)| {
            let (signature, is_apart) = (*signature, *is_apart);
            classes.iter().map(move |class| {
                let goes_on = signature != 0 && !is_apart && signature & LETTERS == *class;
                let grown = if goes_on {
                    signature + 1
                } else {
                    signature << BITS | class | 1 | if is_apart { APART } else { 0 }
                };
                (grown, false)
            })
        };
        all = all.iter().flat_map(grown).collect();
    }
    let has_digits = |signature: &u64| {
        (0..RUNS)
            .filter_map(|run| run_of(*signature, run))
            .any(|(is_letters, ..)| !is_letters)
    };
    // What has no digit has no anchor.
    let all = all.into_iter().map(|(signature, _)| signature);
    all.filter(has_digits).collect()
}

/// One run of a signature: whether it is of letters, whether a separator stands
/// before it, and its length.
fn run_of(signature: Signature, at: u32) -> Option<(bool, bool, u32)> {
    let run = signature >> (BITS * at) & ((1 << BITS) - 1);
    let length = u32::try_from(run & 31).ok()?;
    (length != 0).then_some((run & LETTERS != 0, run & APART != 0, length))
}

impl Codes {
    fn note_anchor(&mut self, signature: Signature) {
        let runs: Vec<_> = (0..RUNS)
            .rev()
            .filter_map(|at| run_of(signature, at))
            .collect();
        match runs[..] {
            [(false, _, length), ..] => self.first = self.first.and(Runs::of(&[length])),
            [(true, _, letters), (false, is_apart, length), ..] => {
                let runs = Runs::of(&[length]);
                if is_apart {
                    self.apart = self.apart.and(runs);
                } else {
                    self.glued = self.glued.and(runs);
                }
                self.letters = self.letters.max(letters as usize);
            }
            _ => {}
        }
    }

    /// Counts what is refused of the texts that begin in `own`.
    pub(super) fn count_in(&mut self, own: Range<usize>) {
        self.own = own;
    }

    /// Hands the kinds that have refused texts, and how many, to `each`, and begins
    /// to count anew.
    pub(super) fn take_refused(&self, each: &mut dyn FnMut(&'static Kind, u64)) {
        for (kind, refused) in self.kinds.iter().zip(&self.refused) {
            match refused.take() {
                0 => {}
                count => each(kind, count),
            }
        }
    }

    /// The anchors of them all.
    pub(super) fn anchors(&self) -> Anchors {
        Anchors::none()
            .and_runs(self.first.and(self.apart))
            .and_glued(self.glued)
    }

    /// Hands the canonical forms of all valid codes whose first digits stand at
    /// `run` to `found`.
    #[inline]
    pub(super) fn find(&self, text: &str, run: &Range<usize>, regions: &Regions, found: Found<'_>) {
        if run.len() > LENGTH {
            return;
        }
        let digits = run.len() as u64;
        let previous = run
            .start
            .checked_sub(1)
            .and_then(|at| text.as_bytes().get(at));
        match previous {
            Some(letter) if letter.is_ascii_alphabetic() => {
                if self.glued.hold(run.len())
                    && let Some((start, letters)) = self.letters_before(text, run.start)
                {
                    let signature = letters << BITS | digits;
                    self.go(text, start, run.end, signature, regions, found);
                }
            }
            Some(byte) if !byte.is_ascii() && before(text, run.start).is_some_and(is_word) => {}
            _ => {
                if self.first.hold(run.len()) {
                    self.go(text, run.start, run.end, digits, regions, found);
                }
                if self.apart.hold(run.len())
                    && let Some(end) = before_separator(text.as_bytes(), run.start)
                    && let Some((start, letters)) = self.letters_before(text, end)
                {
                    let signature = letters << BITS | digits | APART;
                    self.go(text, start, run.end, signature, regions, found);
                }
            }
        }
    }

    /// The run of letters that ends at `end`, where a word begins with it.
    fn letters_before(&self, text: &str, end: usize) -> Option<(usize, Signature)> {
        let head = text.as_bytes().get(..end)?;
        let letters = head.iter().rev().take(self.letters + 1);
        let count = letters
            .take_while(|byte| byte.is_ascii_alphabetic())
            .count();
        let start = end - count;
        let is_whole =
            (1..=self.letters).contains(&count) && !before(text, start).is_some_and(is_word);
        is_whole.then_some((start, LETTERS | count as u64))
    }

    /// Goes from run to run, as long as a layout does.
    fn go(
        &self,
        text: &str,
        start: usize,
        mut end: usize,
        mut signature: Signature,
        regions: &Regions,
        found: Found<'_>,
    ) {
        let bytes = text.as_bytes();
        loop {
            let Some(node) = self.nodes.find(signature) else {
                return;
            };
            let next = bytes.get(end).copied().unwrap_or(b'\n');
            if node.kinds != 0 && !next.is_ascii_alphanumeric() {
                self.read(text, start..end, node.kinds, regions, found);
            }
            if !node.goes_on || signature >> (BITS * (RUNS - 1)) != 0 {
                return;
            }
            let (at, is_apart) = if next.is_ascii_alphanumeric() {
                (end, 0)
            } else {
                match behind_separator(bytes, end) {
                    Some(at) => (at, APART),
                    None => return,
                }
            };
            let (run, class) = match bytes.get(at) {
                Some(byte) if byte.is_ascii_digit() => (run_end(bytes, at), 0),
                Some(byte) if byte.is_ascii_alphabetic() => (letters_end(bytes, at), LETTERS),
                _ => return,
            };
            if run - at > LENGTH {
                return;
            }
            signature = signature << BITS | is_apart | class | (run - at) as u64;
            end = run;
        }
    }

    /// Reads the code at `span` as each of `kinds`.
    fn read(
        &self,
        text: &str,
        span: Range<usize>,
        kinds: u128,
        regions: &Regions,
        found: Found<'_>,
    ) {
        // What stands behind is no ASCII letter or digit.
        if after(text, span.end).is_some_and(is_word) {
            return;
        }
        let code = text.get(span.clone()).unwrap_or_default();
        let mut left = kinds;
        while left != 0 {
            let at = left.trailing_zeros() as usize;
            let (Some(kind), Some(refused)) = (self.kinds.get(at), self.refused.get(at)) else {
                return;
            };
            left &= left - 1;
            let canonical = kind.canonical;
            let read = canonical(code, regions, &mut |form, variant| {
                found(kind, variant, form, span.clone());
            });
            // Unusable is no candidate, but how many there are tells how much of what
            // passes is chance.
            if read.is_err() && self.own.contains(&span.start) {
                refused.set(refused.get() + 1);
            }
        }
    }

    /// The date of birth in the first valid code whose first digits stand at `run`,
    /// and where the code stands.
    pub(super) fn born(
        &self,
        text: &str,
        run: &Range<usize>,
        regions: &Regions,
    ) -> Option<(Range<usize>, Date)> {
        let mut first = None;
        self.find(text, run, regions, &mut |kind, variant, form, span| {
            if first.is_none()
                && variant == Variant::Exact
                && let Some(date) = kind.born.and_then(|born| born(form))
            {
                first = Some((span, date));
            }
        });
        first
    }
}

/// Where the letters that `from` stands in end.
fn letters_end(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    let length = rest.iter().position(|byte| !byte.is_ascii_alphabetic());
    from + length.unwrap_or(rest.len())
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b'-' | b'.' | b'/' | b'+')
}

/// Where the separator that begins at `at` ends: a mark, a blank, or a mark with a
/// blank on one or both sides.
fn behind_separator(bytes: &[u8], at: usize) -> Option<usize> {
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(b'\n');
    let mark = at + usize::from(byte(at) == b' ');
    if !is_separator(byte(mark)) {
        return (mark > at).then_some(mark);
    }
    Some(mark + 1 + usize::from(byte(mark + 1) == b' '))
}

/// Where the separator that ends at `at` begins.
fn before_separator(bytes: &[u8], at: usize) -> Option<usize> {
    let byte = |at: Option<usize>| at.and_then(|at| bytes.get(at)).copied().unwrap_or(b'\n');
    let previous = |at: usize| byte(at.checked_sub(1));
    let mark = at - usize::from(previous(at) == b' ');
    if !is_separator(previous(mark)) {
        return (mark < at).then_some(mark);
    }
    let mark = mark - 1;
    Some(mark - usize::from(previous(mark) == b' '))
}

/// Signatures and their nodes, found with one multiplication.
#[derive(Debug, Clone)]
struct Table {
    /// A power of two of places, at most a quarter of them taken.
    places: Vec<(Signature, Node)>,
    shift: u32,
}

impl Default for Table {
    fn default() -> Self {
        Self::of(&BTreeMap::new())
    }
}

impl Table {
    fn of(nodes: &BTreeMap<Signature, Node>) -> Self {
        let size = (nodes.len() * 4).max(2).next_power_of_two();
        let mut table = Self {
            places: vec![(0, Node::default()); size],
            shift: u64::BITS - size.trailing_zeros(),
        };
        for (signature, node) in nodes {
            let mut at = table.home(*signature);
            while table.places.get(at).is_some_and(|place| place.0 != 0) {
                at = (at + 1) & (size - 1);
            }
            if let Some(place) = table.places.get_mut(at) {
                *place = (*signature, *node);
            }
        }
        table
    }

    /// Fibonacci hashing: Knuth, "The Art of Computer Programming", volume 3, 6.4.
    #[inline]
    fn home(&self, signature: Signature) -> usize {
        usize::try_from(signature.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift)
            .unwrap_or_default()
    }

    #[inline]
    fn find(&self, signature: Signature) -> Option<Node> {
        let mut at = self.home(signature);
        loop {
            let (found, node) = self.places.get(at)?;
            if *found == signature {
                return Some(*node);
            }
            if *found == 0 {
                return None;
            }
            at = (at + 1) & (self.places.len() - 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layout_has_a_signature_for_each_way_to_fill_it() {
        let run = |length: u64, marks: u64| marks | length;
        assert_eq!(
            signatures("9999-AA9"),
            [run(4, 0) << 14 | run(2, LETTERS | APART) << 7 | run(1, 0)]
        );
        assert_eq!(
            signatures("9*9"),
            [
                run(3, 0),
                run(1, 0) << 14 | run(1, LETTERS) << 7 | run(1, 0)
            ]
        );
        // A place that takes a letter is not found where no digit is left.
        assert_eq!(signatures("A*").len(), 1);
    }

    #[test]
    fn nine_runs_are_in_a_signature() {
        // An Italian tax code of which one digit was replaced: RSSMRA45C12F2L5N.
        let signatures = signatures("AAAAAA99A99A9A9A");
        let lengths: Vec<u32> = (0..RUNS)
            .rev()
            .filter_map(|at| Some(run_of(signatures[0], at)?.2))
            .collect();
        assert_eq!(lengths, [6, 2, 1, 2, 1, 1, 1, 1, 1]);
    }

    #[test]
    fn separators_are_marks_and_blanks() {
        for (text, expected) in [
            ("-1", Some(1)),
            (" 1", Some(1)),
            (" - 1", Some(3)),
            (". 1", Some(2)),
            ("  1", Some(1)),
            (",1", None),
            ("1", None),
        ] {
            assert_eq!(behind_separator(text.as_bytes(), 0), expected, "{text}");
        }
        for (text, expected) in [
            ("1-", Some(1)),
            ("1 ", Some(1)),
            ("1 - ", Some(1)),
            ("1. ", Some(1)),
            ("1,", None),
            ("1", None),
        ] {
            assert_eq!(
                before_separator(text.as_bytes(), text.len()),
                expected,
                "{text}"
            );
        }
    }
}
