//! Looks for listed entries in the text of one artefact.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Engine;
use super::canary::Canary;
use super::verdict::{Finding, FormatTally, MissedReason, Place, Verdict};
use super::witness::Witness;
use crate::base::{Format, Kind, Limit, Origin, Piece, Reason, Shape, Variant};
use crate::decode::{Out, Tally};
use crate::extract::{Extractor, record_at};
use crate::fingerprint::{Batch, Fingerprint, KindFingerprinter, kinds};
use crate::matching::{Listed, Slot};

/// Takes decoded text, keeps findings.
pub(super) struct Sifter<'e> {
    engine: &'e Engine,
    /// Entries found, of all artefacts and workers.
    matches: &'e AtomicU64,
    extractor: Extractor,
    fingerprinters: Vec<(&'static Kind, KindFingerprinter)>,
    /// Where the index keeps the kinds of `fingerprinters`.
    places: Vec<Option<Slot>>,
    batch: Batch<Waiting>,
    hits: Vec<Hit>,
    /// Records of the piece in which listed people stand, and their kind.
    people_in: BTreeMap<usize, &'static str>,
    leaf: Option<(Origin, Format)>,
    collected: Collected,
}

/// What the text of one artefact has given so far.
#[derive(Default)]
struct Collected {
    missed: BTreeMap<Reason, Vec<Origin>>,
    limits: BTreeMap<String, u64>,
    formats: BTreeMap<Format, FormatTally>,
    candidates: Vec<u64>,
    findings: BTreeMap<(&'static str, Fingerprint), Finding>,
    /// Entries with more places than the limit lets list.
    cut: BTreeSet<(&'static str, Fingerprint)>,
    canaries: Vec<(&'static Kind, Fingerprint)>,
}

/// A candidate whose fingerprint is not known yet.
struct Waiting {
    slot: usize,
    variant: Variant,
    span: Range<usize>,
}

/// A candidate whose fingerprint is listed.
struct Hit {
    slot: usize,
    variant: Variant,
    fingerprint: Fingerprint,
    listed: Listed,
    span: Range<usize>,
    record: usize,
}

impl<'e> Sifter<'e> {
    pub(super) fn new(engine: &'e Engine, matches: &'e AtomicU64) -> Self {
        let names = usize::try_from(engine.limits.names).unwrap_or(usize::MAX);
        Self {
            extractor: Extractor::new(&engine.kinds, kinds::ALL, &engine.regions)
                .with_names_limit(names),
            fingerprinters: engine
                .kinds
                .iter()
                .map(|kind| (*kind, engine.fingerprinter.for_kind(kind)))
                .collect(),
            places: engine
                .kinds
                .iter()
                .map(|kind| engine.index.slot_of(kind))
                .collect(),
            batch: Batch::new(&engine.fingerprinter),
            hits: Vec::new(),
            people_in: BTreeMap::new(),
            leaf: None,
            collected: Collected::default(),
            engine,
            matches,
        }
    }

    /// A new sifter that goes on with what this one, which crashed, has collected.
    pub(super) fn renewed(&mut self) -> Self {
        let mut sifter = Self::new(self.engine, self.matches);
        sifter.collected = std::mem::take(&mut self.collected);
        sifter
    }

    /// Forgets the last artefact.
    pub(super) fn restart(&mut self) {
        self.collected = Collected {
            candidates: vec![0; self.fingerprinters.len()],
            ..Collected::default()
        };
        self.leaf = None;
    }

    /// How many of `canaries` were found in the last artefact.
    pub(super) fn found(&self, canaries: &[Canary]) -> u64 {
        let found = canaries.iter().filter(|canary| {
            self.collected
                .canaries
                .contains(&(canary.kind, canary.fingerprint))
        });
        found.count() as u64
    }

    /// What there is to say of the artefact that `witness` saw.
    pub(super) fn verdict(&mut self, witness: &Witness<'_>, tally: &Tally) -> Verdict {
        let collected = std::mem::take(&mut self.collected);
        let canaries = collected.canaries;
        let missed = tally
            .missed
            .iter()
            .map(|missed| MissedReason {
                reason: missed.reason,
                count: missed.count,
                bytes: missed.bytes,
                examples: collected
                    .missed
                    .get(&missed.reason)
                    .cloned()
                    .unwrap_or_default(),
            })
            .collect();
        let candidates = self
            .fingerprinters
            .iter()
            .zip(collected.candidates)
            .map(|((kind, _), count)| (kind.name.to_owned(), count))
            .collect();
        let mut findings: Vec<Finding> = collected.findings.into_values().collect();
        for finding in &mut findings {
            finding.places.sort();
        }
        self.collected.canaries = canaries;
        Verdict {
            sha256: witness.digest(),
            length: witness.length(),
            whole: witness.is_whole(),
            missed,
            limits_met: collected.limits,
            by_format: collected.formats,
            candidates,
            findings,
        }
    }

    fn look_up(&mut self, piece: &Piece<'_>) {
        let fingerprinters = &self.fingerprinters;
        let places = &self.places;
        let counts = &mut self.collected.candidates;
        let (index, hits, batch) = (&self.engine.index, &mut self.hits, &mut self.batch);
        let mut probe = |waiting: Waiting, fingerprint| {
            let place = places.get(waiting.slot).copied().flatten();
            let listed = place.and_then(|place| index.probe(place, &fingerprint));
            if let Some(listed) = listed {
                hits.push(Hit {
                    slot: waiting.slot,
                    variant: waiting.variant,
                    fingerprint,
                    listed,
                    record: record_at(piece.records, waiting.span.start),
                    span: waiting.span,
                });
            }
        };
        self.extractor.candidates(piece, &mut |candidate| {
            let Some((slot, (_, fingerprinter))) = fingerprinters
                .iter()
                .enumerate()
                .find(|(_, (kind, _))| std::ptr::eq(*kind, candidate.kind))
            else {
                return;
            };
            if let Some(count) = counts.get_mut(slot) {
                *count += 1;
            }
            let waiting = Waiting {
                slot,
                variant: candidate.variant,
                span: candidate.span.clone(),
            };
            batch.add(fingerprinter, candidate.canonical, waiting, &mut probe);
        });
        batch.finish(&mut probe);
    }

    fn take(&mut self, piece: &Piece<'_>, hit: &Hit) {
        let Some((kind, _)) = self.fingerprinters.get(hit.slot) else {
            return;
        };
        let kind = *kind;
        if !self.is_confirmed(piece, kind, hit) {
            return;
        }
        let canary = (kind, hit.fingerprint);
        let canaries = &self.engine.canaries;
        if canaries.iter().any(|c| (c.kind, c.fingerprint) == canary)
            && !self.collected.canaries.contains(&canary)
        {
            self.collected.canaries.push(canary);
        }
        if hit.listed == Listed::Entry {
            self.keep(piece, kind, hit);
        }
    }

    /// Finders may offer more than there is; the kind has the last word.
    fn is_confirmed(&self, piece: &Piece<'_>, kind: &'static Kind, hit: &Hit) -> bool {
        if !kind.shape.is_loose() {
            return true;
        }
        let Some(text) = piece.text.get(hit.span.clone()) else {
            return false;
        };
        let Some((_, fingerprinter)) = self.fingerprinters.get(hit.slot) else {
            return false;
        };
        let mut is_same = false;
        let read = (kind.canonical)(text, &self.engine.regions, &mut |form, variant| {
            is_same |= variant == hit.variant && fingerprinter.of(form) == hit.fingerprint;
        });
        read.is_ok() && is_same && !self.extractor.claimed(piece, &hit.span)
    }

    fn keep(&mut self, piece: &Piece<'_>, kind: &'static Kind, hit: &Hit) {
        let Some((origin, format)) = self.leaf else {
            return;
        };
        let record = piece.records.get(hit.record).map_or(0, |r| r.number);
        let limit = usize::try_from(self.engine.limits.exposures).unwrap_or(usize::MAX);
        let finding = match self.collected.findings.entry((kind.name, hit.fingerprint)) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                self.matches.fetch_add(1, Ordering::Relaxed);
                entry.insert(Finding {
                    kind: kind.name.to_owned(),
                    fingerprint: hit.fingerprint,
                    variant: hit.variant,
                    occurrences: 0,
                    places: Vec::new(),
                })
            }
        };
        finding.variant = finding.variant.min(hit.variant);
        finding.occurrences += 1;
        let is_known = |place: &Place| place.origin == origin && place.record == record;
        if finding.places.iter().any(is_known) {
            return;
        }
        if finding.places.len() >= limit {
            if self.collected.cut.insert((kind.name, hit.fingerprint)) {
                self.limit(Limit::Exposures);
            }
            return;
        }
        let mut exposed_with = self.extractor.exposed_with(piece, kind, &hit.span);
        // People are not looked for beside a hit: a listed one is a hit itself.
        if !matches!(kind.shape, Shape::Person) {
            exposed_with.extend(self.people_in.get(&hit.record));
            exposed_with.sort_unstable();
        }
        finding.places.push(Place {
            origin,
            format,
            record,
            exposed_with: exposed_with.into_iter().map(str::to_owned).collect(),
        });
    }
}

impl Out for Sifter<'_> {
    fn begin(&mut self, origin: Origin, format: Format) {
        self.leaf = Some((origin, format));
        self.collected.formats.entry(format).or_default().count += 1;
    }

    fn piece(&mut self, piece: &Piece<'_>) {
        self.look_up(piece);
        let hits = std::mem::take(&mut self.hits);
        self.people_in.clear();
        for hit in &hits {
            if let Some((kind, _)) = self.fingerprinters.get(hit.slot)
                && matches!(kind.shape, Shape::Person)
            {
                self.people_in.insert(hit.record, kind.name);
            }
        }
        for hit in hits {
            self.take(piece, &hit);
        }
        if self.extractor.names_limit_met() {
            self.limit(Limit::Names);
        }
    }

    fn end(&mut self, bytes: u64) {
        if let Some((_, format)) = self.leaf.take() {
            self.collected.formats.entry(format).or_default().bytes += bytes;
        }
    }

    fn container(&mut self, _: Origin, format: Format) {
        self.collected.formats.entry(format).or_default().count += 1;
    }

    fn missed(&mut self, origin: Origin, reason: Reason) {
        let examples = self.collected.missed.entry(reason).or_default();
        if examples.len() < MissedReason::EXAMPLES && !examples.contains(&origin) {
            examples.push(origin);
        }
    }

    fn limit(&mut self, limit: Limit) {
        *self
            .collected
            .limits
            .entry(limit.name().to_owned())
            .or_default() += 1;
    }
}
