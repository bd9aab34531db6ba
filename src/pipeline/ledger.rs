//! What one artefact has given so far, taken down in the order of its text.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};

use super::canary::Canary;
use super::engine::{Engine, Slot};
use super::sieve::{Haul, Hit};
use super::verdict::{Finding, FormatTally, MissedReason, Place, Verdict};
use super::witness::Seen;
use crate::base::{Format, Kind, Limit, Origin, Reason};
use crate::decode::Tally;
use crate::fingerprint::Fingerprint;
use crate::matching::Listed;

/// Adds everything up. Knows no threads: whoever fills it keeps the order.
pub(super) struct Ledger<'e> {
    engine: &'e Engine,
    /// Entries found, of all artefacts and workers.
    matches: &'e AtomicU64,
    leaf: Option<(Origin, Format)>,
    missed: BTreeMap<Reason, Vec<Origin>>,
    limits: BTreeMap<String, u64>,
    formats: BTreeMap<Format, FormatTally>,
    /// By slot.
    candidates: Vec<u64>,
    refused: Vec<u64>,
    /// Groups in which the limit of names was met.
    names_met: BTreeSet<usize>,
    /// One for each list.
    pages: Vec<Page>,
}

/// What was found for one list.
#[derive(Default)]
struct Page {
    findings: BTreeMap<(&'static str, Fingerprint), Finding>,
    /// Entries with more places than the limit lets list.
    cut: BTreeSet<(&'static str, Fingerprint)>,
    canaries: Vec<(&'static Kind, Fingerprint)>,
}

impl<'e> Ledger<'e> {
    pub(super) fn new(engine: &'e Engine, matches: &'e AtomicU64) -> Self {
        Self {
            matches,
            leaf: None,
            missed: BTreeMap::new(),
            limits: BTreeMap::new(),
            formats: BTreeMap::new(),
            candidates: vec![0; engine.slots.len()],
            refused: vec![0; engine.slots.len()],
            names_met: BTreeSet::new(),
            pages: engine.lists.iter().map(|_| Page::default()).collect(),
            engine,
        }
    }

    /// Forgets the last artefact.
    pub(super) fn restart(&mut self) {
        *self = Self::new(self.engine, self.matches);
    }

    pub(super) fn begin(&mut self, origin: Origin, format: Format) {
        self.leaf = Some((origin, format));
        self.formats.entry(format).or_default().count += 1;
    }

    pub(super) fn end(&mut self, bytes: u64) {
        if let Some((_, format)) = self.leaf.take() {
            self.formats.entry(format).or_default().bytes += bytes;
        }
    }

    pub(super) fn container(&mut self, format: Format) {
        self.formats.entry(format).or_default().count += 1;
    }

    pub(super) fn missed(&mut self, origin: Origin, reason: Reason) {
        let examples = self.missed.entry(reason).or_default();
        if examples.len() < MissedReason::EXAMPLES && !examples.contains(&origin) {
            examples.push(origin);
        }
    }

    pub(super) fn limit(&mut self, limit: Limit) {
        *self.limits.entry(limit.name().to_owned()).or_default() += 1;
    }

    /// Takes in what is the same for all pieces of a haul.
    pub(super) fn sums(&mut self, haul: &Haul) {
        for (sum, count) in self.candidates.iter_mut().zip(&haul.candidates) {
            *sum += count;
        }
        for (sum, count) in self.refused.iter_mut().zip(&haul.refused) {
            *sum += count;
        }
        self.names_met.extend(&haul.names_met);
    }

    /// Takes in the next hit of the leaf.
    pub(super) fn hit(&mut self, hit: Hit) {
        let Some(slot) = self.engine.slots.get(hit.slot) else {
            return;
        };
        let (Some(list), Some(page)) = (
            self.engine.lists.get(slot.list),
            self.pages.get_mut(slot.list),
        ) else {
            return;
        };
        let canary = (slot.kind, hit.fingerprint);
        if list
            .canaries
            .iter()
            .any(|c| (c.kind, c.fingerprint) == canary)
            && !page.canaries.contains(&canary)
        {
            page.canaries.push(canary);
        }
        if hit.listed == Listed::Entry
            && let Some(leaf) = self.leaf
            && page.keep(slot, leaf, hit, self.engine.limits.exposures)
        {
            self.matches.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many of `canaries` of the list of that number were found.
    pub(super) fn found(&self, list: usize, canaries: &[Canary]) -> u64 {
        let Some(page) = self.pages.get(list) else {
            return 0;
        };
        let found = canaries
            .iter()
            .filter(|canary| page.canaries.contains(&(canary.kind, canary.fingerprint)));
        found.count() as u64
    }

    /// What there is to say of the artefact whose bytes were `seen`, list by list.
    pub(super) fn verdicts(&mut self, seen: &Seen, tally: &Tally) -> Vec<Verdict> {
        (0..self.pages.len())
            .map(|list| self.verdict(list, seen, tally))
            .collect()
    }

    fn verdict(&mut self, list: usize, seen: &Seen, tally: &Tally) -> Verdict {
        let missed = tally
            .missed
            .iter()
            .map(|missed| MissedReason {
                reason: missed.reason,
                count: missed.count,
                bytes: missed.bytes,
                examples: self.missed.get(&missed.reason).cloned().unwrap_or_default(),
            })
            .collect();
        let candidates = self.by_kind(list, &self.candidates);
        let refused = self.by_kind(list, &self.refused);
        let limits_met = self.limits_of(list);
        let page = self.pages.get_mut(list).map(|page| &mut page.findings);
        let mut findings: Vec<Finding> = page
            .map(std::mem::take)
            .unwrap_or_default()
            .into_values()
            .collect();
        for finding in &mut findings {
            finding.places.sort();
        }
        Verdict {
            sha256: seen.sha256,
            length: seen.length,
            whole: seen.whole,
            missed,
            limits_met,
            by_format: self.formats.clone(),
            candidates,
            refused,
            findings,
        }
    }

    /// Those of `counts` that are of one list, by the names of their kinds.
    fn by_kind(&self, list: usize, counts: &[u64]) -> BTreeMap<String, u64> {
        let slots = self.engine.slots.iter().zip(counts);
        slots
            .filter(|(slot, _)| slot.list == list)
            .map(|(slot, count)| (slot.kind.name.to_owned(), *count))
            .collect()
    }

    /// The limits that were met in decoding, and those that concern one list.
    fn limits_of(&self, number: usize) -> BTreeMap<String, u64> {
        let mut limits = self.limits.clone();
        let (Some(list), Some(page)) = (self.engine.lists.get(number), self.pages.get(number))
        else {
            return limits;
        };
        let mut groups = self.engine.groups.iter().enumerate();
        let names_met = list.has_people
            && groups
                .any(|(at, group)| self.names_met.contains(&at) && group.lists.contains(&number));
        // Names once an artefact: how often depends on how the text was cut.
        for (limit, count) in [
            (Limit::Names, u64::from(names_met)),
            (Limit::Exposures, page.cut.len() as u64),
        ] {
            if count > 0 {
                *limits.entry(limit.name().to_owned()).or_default() += count;
            }
        }
        limits
    }
}

impl Page {
    /// Takes down an entry; whether it is the first time in this artefact.
    fn keep(
        &mut self,
        slot: &Slot,
        (origin, format): (Origin, Format),
        hit: Hit,
        limit: u64,
    ) -> bool {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let name = (slot.kind.name, hit.fingerprint);
        let (is_first, finding) = match self.findings.entry(name) {
            Entry::Occupied(entry) => (false, entry.into_mut()),
            Entry::Vacant(entry) => (
                true,
                entry.insert(Finding {
                    kind: slot.kind.name.to_owned(),
                    fingerprint: hit.fingerprint,
                    variant: hit.variant,
                    occurrences: 0,
                    places: Vec::new(),
                }),
            ),
        };
        finding.variant = finding.variant.min(hit.variant);
        finding.occurrences += 1;
        let is_known = |place: &Place| place.origin == origin && place.record == hit.record;
        if finding.places.iter().any(is_known) {
            return is_first;
        }
        if finding.places.len() >= limit {
            self.cut.insert(name);
            return is_first;
        }
        let exposed_with = hit.exposed_with.unwrap_or_default();
        finding.places.push(Place {
            origin,
            format,
            record: hit.record,
            exposed_with: exposed_with.into_iter().map(str::to_owned).collect(),
        });
        is_first
    }
}
