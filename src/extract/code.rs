//! Codes: identifiers that begin at a word's beginning and have a shape.

use std::ops::Range;

use super::anchor::{after, before};
use crate::base::{Anchor, Date, Kind, Regions, Shape, Variant, is_word};

/// Bytes that a code may be long at most: an IBAN of 34 characters with a
/// separator of three bytes between any two.
pub(super) const REACH: usize = 34 * 4;

/// Looks for codes of one kind.
#[derive(Debug, Clone, Copy)]
pub(super) struct Code {
    pub(super) kind: &'static Kind,
    anchor: Anchor,
    span: fn(&str) -> Option<usize>,
    born: Option<fn(&str) -> Option<Date>>,
}

impl Code {
    /// What looks for `kind`, if it is a code.
    pub(super) fn of(kind: &'static Kind) -> Option<Self> {
        let Shape::Code { anchor, span, born } = kind.shape else {
            return None;
        };
        Some(Self {
            kind,
            anchor,
            span,
            born,
        })
    }

    /// The date of birth in the valid code that begins with the run of digits at
    /// `start`, and where the code stands.
    pub(super) fn born(
        &self,
        text: &str,
        start: usize,
        regions: &Regions,
    ) -> Option<(Range<usize>, Date)> {
        let born = self.born?;
        let (mut date, mut place) = (None, 0..0);
        self.find(text, start, regions, &mut |form, _, span| {
            (date, place) = (born(form), span);
        });
        date.map(|date| (place, date))
    }

    /// Hands the canonical forms of the valid code that begins with the run of
    /// digits at `start`, and the letters before it, to `each`.
    pub(super) fn find(
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
