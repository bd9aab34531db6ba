//! Codes: identifiers that begin at a word's beginning and have a shape.

use std::ops::Range;

use super::anchor::{Anchors, after, before};
use super::wanted::Found;
use crate::base::{Anchor, Date, Kind, Regions, Runs, Shape, Variant, is_word};

/// Bytes that a code may be long at most: an IBAN of 34 characters with a
/// separator of three bytes between any two.
pub(super) const REACH: usize = 34 * 4;

/// Looks for codes of several kinds.
#[derive(Debug, Clone, Default)]
pub(super) struct Codes {
    all: Vec<Code>,
    /// Those that can begin with a run of that many digits; the last one is for
    /// all longer runs.
    by_run: [Vec<Code>; Runs::MOST + 1],
}

impl FromIterator<Code> for Codes {
    fn from_iter<T: IntoIterator<Item = Code>>(codes: T) -> Self {
        let all: Vec<Code> = codes.into_iter().collect();
        let of_length = |length| -> Vec<Code> {
            all.iter()
                .copied()
                .filter(|code| code.runs.hold(length))
                .collect()
        };
        let by_run = std::array::from_fn(of_length);
        Self { all, by_run }
    }
}

impl Codes {
    /// The anchors of them all.
    pub(super) fn anchors(&self) -> Anchors {
        let none = Anchors::none();
        self.all
            .iter()
            .fold(none, |anchors, code| match code.anchor {
                Anchor::Digit => anchors.and_runs(code.runs),
                Anchor::LettersThenDigit => anchors.and_lettered(code.runs),
            })
    }

    /// Those that can begin with `run`.
    #[inline]
    fn of(&self, run: &Range<usize>) -> &[Code] {
        let codes = self.by_run.get(run.len().min(Runs::MOST));
        codes.map_or(&[], Vec::as_slice)
    }

    /// Hands the canonical forms of all valid codes that begin with the digits at
    /// `run`, and the letters before them, to `found`.
    #[inline]
    pub(super) fn find(&self, text: &str, run: &Range<usize>, regions: &Regions, found: Found<'_>) {
        for code in self.of(run) {
            if let Some(begin) = code.begin(text, run.start) {
                code.read(text, begin, regions, &mut |form, variant, span| {
                    found(code.kind, variant, form, span);
                });
            }
        }
    }

    /// The date of birth in the first valid code that begins with the digits at
    /// `run`, and where the code stands.
    pub(super) fn born(
        &self,
        text: &str,
        run: &Range<usize>,
        regions: &Regions,
    ) -> Option<(Range<usize>, Date)> {
        let mut codes = self.of(run).iter();
        codes.find_map(|code| code.born(text, run.start, regions))
    }
}

/// Looks for codes of one kind.
#[derive(Debug, Clone, Copy)]
pub(super) struct Code {
    kind: &'static Kind,
    anchor: Anchor,
    runs: Runs,
    span: fn(&str) -> Option<usize>,
    born: Option<fn(&str) -> Option<Date>>,
}

impl Code {
    /// What looks for `kind`, if it is a code.
    pub(super) fn of(kind: &'static Kind) -> Option<Self> {
        let Shape::Code {
            anchor,
            runs,
            span,
            born,
        } = kind.shape
        else {
            return None;
        };
        Some(Self {
            kind,
            anchor,
            runs,
            span,
            born,
        })
    }

    /// The date of birth in the valid code that begins with the run of digits at
    /// `start`, and where the code stands.
    fn born(&self, text: &str, start: usize, regions: &Regions) -> Option<(Range<usize>, Date)> {
        let born = self.born?;
        let (mut date, mut place) = (None, 0..0);
        self.read(
            text,
            self.begin(text, start)?,
            regions,
            &mut |form, _, span| {
                (date, place) = (born(form), span);
            },
        );
        date.map(|date| (place, date))
    }

    /// Where a code begins whose first digits stand at `start`, if one can.
    #[inline]
    fn begin(&self, text: &str, start: usize) -> Option<usize> {
        match self.anchor {
            Anchor::Digit => Some(start),
            Anchor::LettersThenDigit => {
                let before = text.as_bytes().get(..start)?.last_chunk::<2>()?;
                let are_letters = before.iter().all(u8::is_ascii_alphabetic);
                are_letters.then_some(start - before.len())
            }
        }
    }

    /// Hands the canonical forms of the valid code that begins at `begin` to `each`.
    fn read(
        &self,
        text: &str,
        begin: usize,
        regions: &Regions,
        each: &mut dyn FnMut(&str, Variant, Range<usize>),
    ) {
        if before(text, begin).is_some_and(is_word) {
            return;
        }
        let rest = text.get(begin..).unwrap_or_default();
        let Some(length) = (self.span)(rest) else {
            return;
        };
        if after(rest, length).is_some_and(is_word) {
            return;
        }
        let code = rest.get(..length).unwrap_or_default();
        let canonical = self.kind.canonical;
        // Unusable is no candidate, and no news.
        let _ = canonical(code, regions, &mut |form, variant| {
            each(form, variant, begin..begin + length);
        });
    }
}
