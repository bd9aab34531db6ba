//! Looks for listed entries in one piece of text.
//!
//! | in  | a piece                                                               |
//! |-----|------------------------------------------------------------------------|
//! | out | a [`Haul`]: listed entries in the order of the text, candidates counted |
//! | not | anything that depends on other pieces, or on which thread this is       |

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::engine::Engine;
use crate::base::{Kind, Piece, Shape, Variant};
use crate::extract::{Extractor, record_at};
use crate::fingerprint::{Batch, Early, Fingerprint, Hint, kinds};
use crate::matching::Listed;

/// What pieces have given.
#[derive(Default)]
pub(super) struct Haul {
    /// Candidates that were looked up, by slot.
    pub(super) candidates: Vec<u64>,
    /// Texts that only the check of their kind has kept from being candidates, by slot.
    pub(super) refused: Vec<u64>,
    /// In the order of the pieces, and of the text in each.
    pub(super) hits: Vec<Hit>,
    /// Groups in which the limit of names was met.
    pub(super) names_met: Vec<usize>,
}

/// A listed entry or a canary, and where it stands.
pub(super) struct Hit {
    /// Which of the pieces.
    pub(super) part: usize,
    pub(super) slot: usize,
    pub(super) variant: Variant,
    pub(super) fingerprint: Fingerprint,
    pub(super) listed: Listed,
    /// The number of its record.
    pub(super) record: u64,
    /// What else stands in the record. `None` where the piece alone names as many
    /// records with this entry as are listed, or has named this one.
    pub(super) exposed_with: Option<Vec<&'static str>>,
}

impl Haul {
    /// Makes it empty, for an engine of so many slots.
    pub(super) fn clear(&mut self, slots: usize) {
        self.candidates.clear();
        self.candidates.resize(slots, 0);
        self.refused.clear();
        self.refused.resize(slots, 0);
        self.hits.clear();
        self.names_met.clear();
    }
}

/// Looks for the entries of all lists. One for each thread: it owns buffers.
pub(super) struct Sieve<'e> {
    engine: &'e Engine,
    /// One for each group.
    extractors: Vec<Extractor>,
    /// One for each list.
    batches: Vec<Batch<Waiting>>,
    raw: Vec<Raw>,
    /// Records of the piece in which somebody on the list stands, and their kind.
    people_in: BTreeMap<(usize, usize), &'static str>,
    /// The records of the piece in which an entry stands, as far as they are listed.
    places: BTreeMap<(usize, Fingerprint), BTreeSet<u64>>,
}

/// A candidate whose fingerprint is not known yet.
struct Waiting {
    slot: usize,
    variant: Variant,
    span: Range<usize>,
}

/// A candidate whose fingerprint is listed.
struct Raw {
    slot: usize,
    variant: Variant,
    fingerprint: Fingerprint,
    listed: Listed,
    span: Range<usize>,
    /// Its record's place in the piece.
    record: usize,
}

impl<'e> Sieve<'e> {
    pub(super) fn new(engine: &'e Engine) -> Self {
        let names = usize::try_from(engine.limits.names).unwrap_or(usize::MAX);
        let extractor = |group: &super::engine::Group| {
            let wanted: Vec<_> = group.kinds.iter().map(|(kind, _)| *kind).collect();
            let known = [kinds::ALL, &group.own].concat();
            Extractor::new(&wanted, &known, &group.regions).with_names_limit(names)
        };
        let lists = engine.lists.iter();
        Self {
            extractors: engine.groups.iter().map(extractor).collect(),
            batches: lists.map(|list| Batch::new(&list.fingerprinter)).collect(),
            raw: Vec::new(),
            people_in: BTreeMap::new(),
            places: BTreeMap::new(),
            engine,
        }
    }

    /// Adds what `piece`, which is the `part`th, holds to `haul`.
    pub(super) fn sift(&mut self, part: usize, piece: &Piece<'_>, haul: &mut Haul) {
        for group in 0..self.extractors.len() {
            self.look_up(group, piece, &mut haul.candidates);
            self.refused(group, &mut haul.refused);
            if !self.raw.is_empty() {
                self.judge(group, part, piece, haul);
            }
            let extractor = self.extractors.get_mut(group);
            if extractor.is_some_and(Extractor::names_limit_met) && !haul.names_met.contains(&group)
            {
                haul.names_met.push(group);
            }
        }
    }

    fn look_up(&mut self, number: usize, piece: &Piece<'_>, counts: &mut [u64]) {
        let engine = self.engine;
        let (Some(group), Some(extractor)) =
            (engine.groups.get(number), self.extractors.get_mut(number))
        else {
            return;
        };
        let (batches, raw) = (&mut self.batches, &mut self.raw);
        let touch = |list, early| touch(engine, list, early);
        let mut may = |waiting: &Waiting, hint| may_be_listed(engine, waiting, hint);
        let mut probe = |waiting: Waiting, fingerprint| {
            let Some(slot) = engine.slots.get(waiting.slot) else {
                return;
            };
            let index = engine.lists.get(slot.list).map(|list| &list.index);
            let listed = index.and_then(|index| index.probe(slot.place, &fingerprint));
            if let Some(listed) = listed {
                raw.push(Raw {
                    slot: waiting.slot,
                    variant: waiting.variant,
                    fingerprint,
                    listed,
                    record: record_at(piece.records, waiting.span.start),
                    span: waiting.span,
                });
            }
        };
        // Candidates of one kind often come together.
        let mut last = 0;
        extractor.candidates(piece, &mut |candidate| {
            let is_kind = |(kind, _): &(&Kind, _)| std::ptr::eq(*kind, candidate.kind);
            if !group.kinds.get(last).is_some_and(is_kind) {
                let Some(at) = group.kinds.iter().position(is_kind) else {
                    return;
                };
                last = at;
            }
            let slots = group.kinds.get(last).map_or(&[][..], |(_, slots)| slots);
            for number in slots {
                let Some(slot) = engine.slots.get(*number) else {
                    continue;
                };
                if let Some(count) = counts.get_mut(*number) {
                    *count += 1;
                }
                let waiting = Waiting {
                    slot: *number,
                    variant: candidate.variant,
                    span: candidate.span.clone(),
                };
                let touch = &mut |early| touch(slot.list, early);
                if let Some(batch) = batches.get_mut(slot.list) {
                    let form = candidate.canonical;
                    batch.add_touching(&slot.by, form, waiting, touch, &mut may, &mut probe);
                }
            }
        });
        for list in &group.lists {
            if let Some(batch) = batches.get_mut(*list) {
                batch.finish_touching(&mut |early| touch(*list, early), &mut may, &mut probe);
            }
        }
    }

    /// Adds what the finders have refused.
    fn refused(&mut self, number: usize, counts: &mut [u64]) {
        let engine = self.engine;
        let (Some(group), Some(extractor)) =
            (engine.groups.get(number), self.extractors.get_mut(number))
        else {
            return;
        };
        extractor.take_refused(&mut |kind, refused| {
            let mut kinds = group.kinds.iter();
            let slots = kinds.find(|(one, _)| std::ptr::eq(*one, kind));
            for slot in slots.map_or(&[][..], |(_, slots)| slots) {
                if let Some(count) = counts.get_mut(*slot) {
                    *count += refused;
                }
            }
        });
    }

    /// Turns what is listed into hits.
    fn judge(&mut self, group: usize, part: usize, piece: &Piece<'_>, haul: &mut Haul) {
        // In the order of the text, however they were found: which places are
        // listed must not depend on how the text was cut.
        let order = |raw: &Raw| (raw.span.start, raw.span.end, raw.slot, raw.variant);
        let mut raw = std::mem::take(&mut self.raw);
        raw.sort_unstable_by_key(|raw| (order(raw), raw.fingerprint));
        self.people_in.clear();
        self.places.clear();
        for raw in &raw {
            if let Some(slot) = self.engine.slots.get(raw.slot)
                && matches!(slot.kind.shape, Shape::Person)
            {
                self.people_in
                    .insert((slot.list, raw.record), slot.kind.name);
            }
        }
        for raw in raw.drain(..) {
            let Some(slot) = self.engine.slots.get(raw.slot) else {
                continue;
            };
            if !self.is_confirmed(group, piece, &raw) {
                continue;
            }
            let record = piece.records.get(raw.record).map_or(0, |r| r.number);
            let exposed_with = (raw.listed == Listed::Entry && self.is_new_place(&raw, record))
                .then(|| self.exposed_with(group, piece, slot.kind, slot.list, &raw));
            haul.hits.push(Hit {
                part,
                slot: raw.slot,
                variant: raw.variant,
                fingerprint: raw.fingerprint,
                listed: raw.listed,
                record,
                exposed_with,
            });
        }
        self.raw = raw;
    }

    /// Finders may offer more than there is; the kind has the last word.
    fn is_confirmed(&self, group: usize, piece: &Piece<'_>, raw: &Raw) -> bool {
        let (Some(slot), Some(group), Some(extractor)) = (
            self.engine.slots.get(raw.slot),
            self.engine.groups.get(group),
            self.extractors.get(group),
        ) else {
            return false;
        };
        if !slot.kind.shape.is_loose() {
            return true;
        }
        let Some(text) = piece.text.get(raw.span.clone()) else {
            return false;
        };
        let mut is_same = false;
        let read = (slot.kind.canonical)(text, &group.regions, &mut |form, variant| {
            is_same |= variant == raw.variant && slot.by.of(form) == raw.fingerprint;
        });
        read.is_ok() && is_same && !extractor.claimed(piece, &raw.span)
    }

    fn is_new_place(&mut self, raw: &Raw, record: u64) -> bool {
        let most = usize::try_from(self.engine.limits.exposures).unwrap_or(usize::MAX);
        let places = self.places.entry((raw.slot, raw.fingerprint)).or_default();
        places.len() < most && places.insert(record)
    }

    fn exposed_with(
        &mut self,
        group: usize,
        piece: &Piece<'_>,
        kind: &'static Kind,
        list: usize,
        raw: &Raw,
    ) -> Vec<&'static str> {
        let Some(extractor) = self.extractors.get_mut(group) else {
            return Vec::new();
        };
        let mut exposed_with = extractor.exposed_with(piece, kind, &raw.span);
        // People are not looked for beside a hit: a listed one is a hit itself.
        if !matches!(kind.shape, Shape::Person) {
            exposed_with.extend(self.people_in.get(&(list, raw.record)));
            exposed_with.sort_unstable();
        }
        exposed_with
    }
}

fn may_be_listed(engine: &Engine, waiting: &Waiting, hint: Hint) -> bool {
    let Some(slot) = engine.slots.get(waiting.slot) else {
        return false;
    };
    let list = engine.lists.get(slot.list);
    list.is_some_and(|list| list.index.may_hint(slot.place, hint))
}

/// A byte of what a list's index will look at.
fn touch(engine: &Engine, list: usize, early: Early) -> u8 {
    let list = engine.lists.get(list);
    list.map_or(0, |list| list.index.touch(early))
}
