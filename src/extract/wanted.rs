//! The pass over the text.

use std::ops::Range;

use super::anchor::{Anchors, before, run_end};
use super::code::{self, Code};
use super::mailbox;
use super::telephone::Telephone;
use crate::base::{Kind, Regions, Shape, Variant, is_word};

/// Takes a kind, a canonical form, and where it stands.
pub(super) type Found<'a> = &'a mut dyn FnMut(&'static Kind, Variant, &str, Range<usize>);

/// Finders for the kinds that are wanted; people are found elsewhere.
pub(super) struct Wanted {
    anchors: Anchors,
    mailboxes: Vec<&'static Kind>,
    telephones: Vec<Telephone>,
    codes: Vec<Code>,
}

impl Wanted {
    pub(super) fn of(kinds: &[&'static Kind], regions: &Regions) -> Self {
        let mailboxes: Vec<_> = kinds
            .iter()
            .copied()
            .filter(|kind| matches!(kind.shape, Shape::Mailbox))
            .collect();
        let telephones: Vec<_> = kinds
            .iter()
            .filter_map(|kind| match kind.shape {
                Shape::Telephone { plans } => Some(Telephone::new(kind, plans(regions))),
                _ => None,
            })
            .collect();
        let codes: Vec<_> = kinds.iter().filter_map(|kind| Code::of(kind)).collect();
        let digits = !telephones.is_empty() || !codes.is_empty();
        Self {
            anchors: Anchors::of(!mailboxes.is_empty(), digits),
            mailboxes,
            telephones,
            codes,
        }
    }

    pub(super) fn codes(&self) -> Vec<Code> {
        self.codes.clone()
    }

    /// Hands everything whose anchor stands in `range` to `found`.
    pub(super) fn walk(
        &mut self,
        text: &str,
        range: Range<usize>,
        regions: &Regions,
        found: Found<'_>,
    ) {
        for telephone in &mut self.telephones {
            telephone.reset();
        }
        let bytes = text.as_bytes();
        let mut at = first_run(bytes, range.start);
        while let Some(anchor) = self.anchors.next(bytes, at, range.end) {
            if bytes.get(anchor) == Some(&b'@') {
                self.mailbox(text, anchor, regions, found);
                at = anchor + 1;
            } else {
                self.digits(text, anchor, regions, found);
                at = run_end(bytes, anchor);
            }
        }
    }

    /// Whether a valid code stands on some of the bytes of `span`.
    pub(super) fn claims(&self, text: &str, span: &Range<usize>, regions: &Regions) -> bool {
        let bytes = text.as_bytes();
        let mut at = first_run(bytes, span.start.saturating_sub(code::REACH));
        let mut claimed = false;
        while let Some(start) = Anchors::Digits.next(bytes, at, span.end) {
            for code in &self.codes {
                code.find(text, start, regions, &mut |_, _, code| {
                    claimed |= code.start < span.end && span.start < code.end;
                });
            }
            at = run_end(bytes, start);
        }
        claimed
    }

    fn mailbox(&self, text: &str, at: usize, regions: &Regions, found: Found<'_>) {
        mailbox::find(text, at, |span| {
            let address = text.get(span.clone()).unwrap_or_default();
            for kind in &self.mailboxes {
                let canonical = kind.canonical;
                // Unusable is no candidate, and no news.
                let _ = canonical(address, regions, &mut |form, variant| {
                    found(kind, variant, form, span.clone());
                });
            }
        });
    }

    fn digits(&mut self, text: &str, start: usize, regions: &Regions, found: Found<'_>) {
        for code in &self.codes {
            code.find(text, start, regions, &mut |form, variant, span| {
                found(code.kind, variant, form, span);
            });
        }
        if before(text, start).is_some_and(is_word) {
            return;
        }
        for telephone in &mut self.telephones {
            let kind = telephone.kind;
            telephone.find(text, start, regions, &mut |form, span| {
                found(kind, Variant::Exact, form, span);
            });
        }
    }
}

/// `from`, or the end of the run of digits that it stands within.
pub(super) fn first_run(bytes: &[u8], from: usize) -> usize {
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    if from > 0 && is_digit(from - 1) {
        run_end(bytes, from)
    } else {
        from
    }
}
