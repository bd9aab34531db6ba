//! Identifiers of which only their kind knows where they end.

use std::ops::Range;

use super::anchor::{Anchors, after, before};
use super::wanted::Found;
use crate::base::{Anchor, Kind, Regions, Runs, Shape, is_word};

/// Bytes that one may be long at most: an IBAN of 34 characters with a separator
/// of three bytes between any two.
pub(super) const REACH: usize = 34 * 4;

/// Looks for the identifiers of one kind.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bespoke {
    kind: &'static Kind,
    anchor: Anchor,
    runs: Runs,
    span: fn(&str) -> Option<usize>,
}

impl Bespoke {
    /// What looks for `kind`, if it is of this shape.
    pub(super) fn of(kind: &'static Kind) -> Option<Self> {
        let Shape::Bespoke { anchor, runs, span } = kind.shape else {
            return None;
        };
        Some(Self {
            kind,
            anchor,
            runs,
            span,
        })
    }

    /// The anchors, besides `others`.
    pub(super) fn anchors(&self, others: Anchors) -> Anchors {
        match self.anchor {
            Anchor::Digit => others.and_runs(self.runs),
            Anchor::LettersThenDigit => others.and_lettered(self.runs),
        }
    }

    /// Hands the canonical forms of what begins with the digits at `run`, and the
    /// letters before them, to `found`.
    #[inline]
    pub(super) fn find(&self, text: &str, run: &Range<usize>, regions: &Regions, found: Found<'_>) {
        if self.runs.hold(run.len())
            && let Some(begin) = self.begin(text, run.start)
        {
            self.read(text, begin, regions, found);
        }
    }

    /// Where it begins when its first digits stand at `start`, if it can.
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

    fn read(&self, text: &str, begin: usize, regions: &Regions, found: Found<'_>) {
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
        let canonical = self.kind.canonical;
        // Unusable is no candidate, and no news.
        let _ = canonical(
            rest.get(..length).unwrap_or_default(),
            regions,
            &mut |form, variant| found(self.kind, variant, form, begin..begin + length),
        );
    }
}
