//! The pass over the text.

use std::ops::Range;

use super::anchor::{Anchor, Anchors, before};
use super::bespoke::{self, Bespoke};
use super::code::{self, Codes};
use super::pattern::Patterns;
use super::telephone::Telephone;
use super::zone::{self, Zones};
use super::{hidden, mailbox};
use crate::base::{Kind, Regions, Shape, Variant, is_word};

/// Takes a kind, a canonical form, and where it stands.
pub(super) type Found<'a> = &'a mut dyn FnMut(&'static Kind, Variant, &str, Range<usize>);

/// Finders for the kinds that are wanted; people are found elsewhere.
pub(super) struct Wanted {
    anchors: Anchors,
    mailboxes: Vec<&'static Kind>,
    telephones: Vec<Telephone>,
    codes: Codes,
    bespoke: Vec<Bespoke>,
    zones: Zones,
    /// `None` when there are none: then they cost nothing.
    patterns: Option<Patterns>,
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
        let codes: Codes = kinds.iter().copied().collect();
        let bespoke: Vec<_> = kinds.iter().filter_map(|kind| Bespoke::of(kind)).collect();
        let zones: Zones = kinds.iter().copied().collect();
        let mut anchors = code_anchors(&codes, &bespoke, &zones);
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
            bespoke,
            zones,
            patterns: Patterns::of(kinds),
        }
    }

    /// Counts the texts that begin in `own` and are refused by a kind's check.
    pub(super) fn count_in(&mut self, own: Range<usize>) {
        self.codes.count_in(own);
    }

    /// Hands out what was counted.
    pub(super) fn take_refused(&self, each: &mut dyn FnMut(&'static Kind, u64)) {
        self.codes.take_refused(each);
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
            bespoke,
            zones,
            patterns,
        } = self;
        if let Some(patterns) = patterns {
            patterns.find(text, range.clone(), found);
        }
        for anchor in anchors.within(text.as_bytes(), range) {
            match anchor {
                Anchor::At(at) => mailbox(mailboxes, text, at, regions, found),
                Anchor::Bracket(at) => {
                    if let Some(span) = hidden::bracketed(text, at) {
                        address(mailboxes, text, &span, Variant::Obfuscated, regions, found);
                    }
                }
                Anchor::Digits(run) => {
                    codes.find(text, &run, regions, found);
                    for one in bespoke.iter() {
                        one.find(text, &run, regions, found);
                    }
                    zones.find(text, &run, regions, found);
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

    /// Whether a valid code that is no run of digits stands on some of the bytes of
    /// `span`.
    pub(super) fn claims(&self, text: &str, span: &Range<usize>, regions: &Regions) -> bool {
        let reach = code::REACH.max(bespoke::REACH);
        // The anchor of a zone stands behind most of it.
        let near = span.start.saturating_sub(reach)..span.end + zone::REACH;
        let mut claimed = false;
        // Digits that stand together are what telephone numbers are, too, and with a
        // few countries' rules one in a hundred passes as something else: then the
        // list decides. What is grouped as a code is, or has letters, is one.
        let is_bare = |code: &Range<usize>| {
            let written = text.as_bytes().get(code.clone()).unwrap_or_default();
            written.iter().all(u8::is_ascii_digit)
        };
        let mut claim = |_: &'static Kind, _, _: &str, code: Range<usize>| {
            claimed |= code.start < span.end
                && span.start < code.end
                && !is_bare(&code)
                && before(text, code.start) != Some('+');
        };
        if let Some(patterns) = &self.patterns {
            let near = span.start.saturating_sub(patterns.longest())..span.end;
            patterns.find_checked(text, near, &mut claim);
        }
        let mut anchors = code_anchors(&self.codes, &self.bespoke, &self.zones);
        for anchor in anchors.within(text.as_bytes(), near) {
            if let Anchor::Digits(run) = anchor {
                self.codes.find(text, &run, regions, &mut claim);
                for one in &self.bespoke {
                    one.find(text, &run, regions, &mut claim);
                }
                self.zones.find(text, &run, regions, &mut claim);
            }
        }
        claimed
    }
}

/// The anchors of all that has a check of its own.
fn code_anchors(codes: &Codes, bespoke: &[Bespoke], zones: &Zones) -> Anchors {
    let of_codes = zones.anchors(codes.anchors());
    bespoke.iter().fold(of_codes, |all, one| one.anchors(all))
}

/// Hands the addresses around the `@` at `at` to `found`.
fn mailbox(kinds: &[&'static Kind], text: &str, at: usize, regions: &Regions, found: Found<'_>) {
    let mut is_plain = false;
    mailbox::find(text, at, |span| {
        is_plain = true;
        address(kinds, text, &span, Variant::Exact, regions, found);
    });
    if !is_plain && let Some(span) = hidden::around_at(text, at) {
        address(kinds, text, &span, Variant::Obfuscated, regions, found);
    }
}

/// Hands the address at `span`, which is written as `exact` says, to `found`.
fn address(
    kinds: &[&'static Kind],
    text: &str,
    span: &Range<usize>,
    exact: Variant,
    regions: &Regions,
    found: Found<'_>,
) {
    let address = text.get(span.clone()).unwrap_or_default();
    for kind in kinds {
        let canonical = kind.canonical;
        // Unusable is no candidate, and no news.
        let _ = canonical(address, regions, &mut |form, variant| {
            let variant = if variant == Variant::Exact {
                exact
            } else {
                variant
            };
            found(kind, variant, form, span.clone());
        });
    }
}
