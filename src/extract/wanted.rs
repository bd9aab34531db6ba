//! The pass over the text.

use std::ops::Range;

use super::anchor::{Anchor, Anchors, before};
use super::code::{self, Code, Codes};
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
    codes: Codes,
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
        let codes: Codes = kinds.iter().filter_map(|kind| Code::of(kind)).collect();
        let mut anchors = codes.anchors();
        if !mailboxes.is_empty() {
            anchors = anchors.and_ats();
        }
        for telephone in &telephones {
            anchors = anchors.and_numbers(&telephone.first());
        }
        Self {
            anchors,
            mailboxes,
            telephones,
            codes,
        }
    }

    pub(super) fn codes(&self) -> Codes {
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
        let Self {
            anchors,
            mailboxes,
            telephones,
            codes,
        } = self;
        for anchor in anchors.within(text.as_bytes(), range) {
            match anchor {
                Anchor::At(at) => mailbox(mailboxes, text, at, regions, found),
                Anchor::Digits(run) => {
                    codes.find(text, &run, regions, found);
                    if telephones.is_empty() || before(text, run.start).is_some_and(is_word) {
                        continue;
                    }
                    for telephone in telephones.iter_mut() {
                        let kind = telephone.kind;
                        telephone.find_run(text, run.clone(), regions, &mut |form, span| {
                            found(kind, Variant::Exact, form, span);
                        });
                    }
                }
            }
        }
    }

    /// Whether a valid code stands on some of the bytes of `span`.
    pub(super) fn claims(&self, text: &str, span: &Range<usize>, regions: &Regions) -> bool {
        let near = span.start.saturating_sub(code::REACH)..span.end;
        let mut claimed = false;
        for anchor in self.codes.anchors().within(text.as_bytes(), near) {
            if let Anchor::Digits(run) = anchor {
                self.codes.find(text, &run, regions, &mut |_, _, _, code| {
                    claimed |= code.start < span.end && span.start < code.end;
                });
            }
        }
        claimed
    }
}

/// Hands the addresses around the `@` at `at` to `found`.
fn mailbox(kinds: &[&'static Kind], text: &str, at: usize, regions: &Regions, found: Found<'_>) {
    mailbox::find(text, at, |span| {
        let address = text.get(span.clone()).unwrap_or_default();
        for kind in kinds {
            let canonical = kind.canonical;
            // Unusable is no candidate, and no news.
            let _ = canonical(address, regions, &mut |form, variant| {
                found(kind, variant, form, span.clone());
            });
        }
    });
}
