//! Codes: identifiers that begin at a word's beginning and have a shape.

use std::ops::Range;

use super::anchor::{after, before};
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
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
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
            code.find(text, run.start, regions, &mut |form, variant, span| {
                found(code.kind, variant, form, span);
            });
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
        self.find(text, start, regions, &mut |form, _, span| {
            (date, place) = (born(form), span);
        });
        date.map(|date| (place, date))
    }

    /// Hands the canonical forms of the valid code that begins with the run of
    /// digits at `start`, and the letters before it, to `each`.
    fn find(
        &self,
        text: &str,
        start: usize,
        regions: &Regions,
        each: &mut dyn FnMut(&str, Variant, Range<usize>),
    ) {
        if let Some(span) = self.candidate(text, start) {
            let code = text.get(span.clone()).unwrap_or_default();
            let canonical = self.kind.canonical;
            // Unusable is no candidate, and no news.
            let _ = canonical(code, regions, &mut |form, variant| {
                each(form, variant, span.clone());
            });
        }
    }

    /// What has the shape of a code and is glued to nothing.
    fn candidate(&self, text: &str, start: usize) -> Option<Range<usize>> {
        let begin = match self.anchor {
            Anchor::Digit => start,
            Anchor::LettersThenDigit => {
                let letters = start.checked_sub(2)?;
                let letters_are = text.as_bytes().get(letters..start)?;
                letters_are
                    .iter()
                    .all(u8::is_ascii_alphabetic)
                    .then_some(letters)?
            }
        };
        if before(text, begin).is_some_and(is_word) {
            return None;
        }
        let end = begin + (self.span)(text.get(begin..)?)?;
        let is_glued = after(text, end).is_some_and(is_word);
        (!is_glued).then_some(begin..end)
    }
}
