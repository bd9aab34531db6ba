//! Puts a report together from what is known of each artefact.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::chance;
use super::model::{
    Artefacts, Bytes, Canaries, Chance, Count, Coverage, Exposure, FormatCount, LimitCount, List,
    Match, NotExamined, Outcome, Report, Run, SCHEMA, Source, SourceOutcome, Summary, Tool,
    Weakness,
};
use crate::base::{Origin, Reason, Sha256, Strength};
use crate::fingerprint::{Fingerprint, kinds};
use crate::pipeline::{Finding, Verdict};

/// How many places are named as examples of one reason.
const EXAMPLES: usize = 5;

/// What is known of one content of one place.
#[derive(Debug)]
pub struct Known<'a> {
    /// The source's name.
    pub source: &'a str,
    /// The place.
    pub origin: Origin,
    /// What became of it in the run that is reported on.
    pub standing: Standing,
    /// What was found in it, if it ever came.
    pub verdict: Option<&'a Verdict>,
    /// Whether the verdict is an earlier run's, of a place that this run could not
    /// fetch: its findings count, its coverage does not.
    pub is_stale: bool,
    /// It was not fetched, or not to its end: so many bytes are known to be
    /// missing, for this reason.
    pub missing: Option<(Reason, u64)>,
    /// When a run first saw it.
    pub first_seen: Timestamp,
    /// When a run last saw it.
    pub last_seen: Timestamp,
    /// The status that its server answered with.
    pub status: Option<u16>,
    /// When it was fetched.
    pub fetched: Timestamp,
}

/// What became of a content in the run that is reported on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Fetched and examined.
    Examined,
    /// As an earlier run examined it.
    Unchanged,
    /// Not fetched, or not to its end.
    Failed,
    /// This run did not come to it.
    NotSeen,
    /// It is no longer there.
    Gone,
    /// Its place holds other content now.
    Past,
}

/// Collects what is known, one content after the other.
#[derive(Debug, Default)]
pub struct Assembler {
    artefacts: Artefacts,
    bytes: Bytes,
    missed: BTreeMap<Reason, (u64, u64, Vec<Origin>)>,
    limits: BTreeMap<String, u64>,
    formats: BTreeMap<String, FormatCount>,
    candidates: Count,
    /// Candidates in all that matches come from: what is gone is not covered, and its
    /// matches count.
    compared: Count,
    /// What did not pass the checks in the same.
    refused: Count,
    by_source: BTreeMap<String, u64>,
    answered: BTreeSet<String>,
    incomplete_sources: BTreeSet<String>,
    matches: BTreeMap<(String, Fingerprint), Match>,
}

/// What a report says beside what was collected.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    /// The job's name.
    pub job: &'a str,
    /// The run's id.
    pub id: &'a str,
    /// When it began.
    pub started: Timestamp,
    /// When it was over.
    pub finished: Timestamp,
    /// Canaries planted and found.
    pub canaries: Canaries,
    /// The list that was looked for.
    pub list: &'a List,
    /// The sources in the configuration's order, each with why it was not read to
    /// its end.
    pub sources: &'a [(String, Option<String>)],
    /// Somebody asked the run to stop.
    pub is_stopped: bool,
    /// Whether an entry is one that more people than a family have.
    pub is_shared: &'a dyn Fn(&str, &Fingerprint) -> bool,
    /// Whether no earlier report has named an entry.
    pub is_new: &'a dyn Fn(&str, &Fingerprint) -> bool,
}

impl Assembler {
    /// Takes in one content of one place; entries that are not listed (any more)
    /// are left out.
    pub fn add(&mut self, known: &Known<'_>, is_listed: &dyn Fn(&str, &Fingerprint) -> bool) {
        if let Some(verdict) = known.verdict {
            for (kind, count) in &verdict.candidates {
                let compared = self.compared.entry(kind.clone()).or_default();
                *compared = compared.saturating_add(*count);
            }
            for (kind, count) in &verdict.refused {
                let refused = self.refused.entry(kind.clone()).or_default();
                *refused = refused.saturating_add(*count);
            }
            for finding in &verdict.findings {
                if is_listed(&finding.kind, &finding.fingerprint) {
                    self.found(known, verdict.sha256, finding);
                }
            }
        }
        match known.standing {
            Standing::Gone => self.artefacts.gone += 1,
            Standing::NotSeen | Standing::Past => {}
            Standing::Examined | Standing::Unchanged | Standing::Failed => self.cover(known),
        }
    }

    /// Takes in things that were seen but are no artefacts: links out of scope,
    /// devices, what lies beyond a limit.
    pub fn skip(&mut self, source: &str, origin: Option<Origin>, reason: Reason, count: u64) {
        self.miss(source, reason, count, 0, origin.as_slice());
    }

    /// Takes in a limit that a crawl met.
    pub fn limit(&mut self, name: &str) {
        *self.limits.entry(name.to_owned()).or_default() += 1;
    }

    fn cover(&mut self, known: &Known<'_>) {
        self.artefacts.found += 1;
        *self.by_source.entry(known.source.to_owned()).or_default() += 1;
        match known.standing {
            Standing::Examined => self.artefacts.examined += 1,
            Standing::Unchanged => self.artefacts.unchanged += 1,
            _ => self.artefacts.failed += 1,
        }
        if let Some((reason, bytes)) = known.missing {
            self.miss(known.source, reason, 1, bytes, &[known.origin]);
        }
        let Some(verdict) = known.verdict.filter(|_| !known.is_stale) else {
            return;
        };
        self.answered.insert(known.source.to_owned());
        self.bytes.fetched += verdict.length;
        self.bytes.examined += verdict.bytes_examined();
        if known.standing != Standing::Unchanged {
            self.bytes.fetched_now += verdict.length;
        }
        for missed in &verdict.missed {
            self.miss(
                known.source,
                missed.reason,
                missed.count,
                missed.bytes,
                &missed.examples,
            );
        }
        for (name, count) in &verdict.limits_met {
            *self.limits.entry(name.clone()).or_default() += count;
        }
        for (format, tally) in &verdict.by_format {
            let count = self.formats.entry(format.name().to_owned()).or_default();
            count.count += tally.count;
            count.bytes += tally.bytes;
        }
        for (kind, count) in &verdict.candidates {
            *self.candidates.entry(kind.clone()).or_default() += count;
        }
    }

    fn miss(&mut self, source: &str, reason: Reason, count: u64, bytes: u64, examples: &[Origin]) {
        if reason.can_be_retried() {
            self.incomplete_sources.insert(source.to_owned());
        }
        let entry = self.missed.entry(reason).or_default();
        entry.0 += count;
        entry.1 += bytes;
        for origin in examples {
            if entry.2.len() < EXAMPLES {
                entry.2.push(*origin);
            }
        }
    }

    fn found(&mut self, known: &Known<'_>, sha256: Sha256, finding: &Finding) {
        let entry = self
            .matches
            .entry((finding.kind.clone(), finding.fingerprint))
            .or_insert_with(|| Match {
                fingerprint: finding.fingerprint,
                kind: finding.kind.clone(),
                variant: finding.variant,
                strength: kinds::named(&finding.kind).map_or(Strength::Weak, |kind| kind.strength),
                weak_because: None,
                new: false,
                first_seen: known.first_seen,
                last_seen: known.last_seen,
                occurrences: 0,
                exposures: Vec::new(),
            });
        entry.variant = entry.variant.min(finding.variant);
        entry.first_seen = entry.first_seen.min(known.first_seen);
        entry.last_seen = entry.last_seen.max(known.last_seen);
        entry.occurrences += finding.occurrences;
        entry
            .exposures
            .extend(finding.places.iter().map(|place| Exposure {
                source: known.source.to_owned(),
                origin: place.origin,
                format: place.format.name().to_owned(),
                record: place.record,
                exposed_with: place.exposed_with.clone(),
                verdict_of: sha256,
                gone: matches!(known.standing, Standing::Gone | Standing::Past),
            }));
    }

    /// How it went with each source.
    fn sources(&self, frame: &Frame<'_>) -> Vec<Source> {
        let sources = frame.sources.iter().map(|(name, error)| Source {
            name: name.clone(),
            artefacts: self.by_source.get(name).copied().unwrap_or(0),
            outcome: match error {
                Some(_) if !self.answered.contains(name) => SourceOutcome::Failed,
                Some(_) => SourceOutcome::Incomplete,
                None if self.incomplete_sources.contains(name) => SourceOutcome::Incomplete,
                None => SourceOutcome::Complete,
            },
            error: error.clone(),
        });
        sources.collect()
    }

    /// The finished report.
    pub fn finish(mut self, frame: &Frame<'_>) -> Report {
        let chance = chance::figures(&self.compared, &self.refused, &frame.list.entries);
        let matches = judged(std::mem::take(&mut self.matches), &chance, frame);
        let sources = self.sources(frame);
        let is_complete = !frame.is_stopped
            && sources
                .iter()
                .all(|source| source.outcome == SourceOutcome::Complete);
        let outcome = if frame.canaries.found < frame.canaries.planted {
            Outcome::Failed
        } else if is_complete {
            Outcome::Complete
        } else {
            Outcome::Incomplete
        };
        Report {
            schema: SCHEMA.to_owned(),
            tool: Tool {
                name: env!("CARGO_PKG_NAME").to_owned(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
            },
            run: Run {
                job: frame.job.to_owned(),
                id: frame.id.to_owned(),
                started: frame.started,
                finished: frame.finished,
                outcome,
                canaries: frame.canaries,
            },
            watchlist: frame.list.clone(),
            coverage: Coverage {
                artefacts: self.artefacts,
                bytes: self.bytes,
                not_examined: not_examined(self.missed),
                limits_met: self
                    .limits
                    .into_iter()
                    .map(|(limit, count)| LimitCount { limit, count })
                    .collect(),
                by_format: self.formats,
                candidates: self.candidates,
                chance,
                sources,
            },
            summary: summary(&matches),
            matches,
        }
    }
}

/// The matches with what each of them is worth.
fn judged(
    matches: BTreeMap<(String, Fingerprint), Match>,
    chance: &BTreeMap<String, Chance>,
    frame: &Frame<'_>,
) -> Vec<Match> {
    let mut found_of: BTreeMap<String, u64> = BTreeMap::new();
    for (kind, _) in matches.keys() {
        *found_of.entry(kind.clone()).or_default() += 1;
    }
    let weakness = |found: &Match| {
        if (frame.is_shared)(&found.kind, &found.fingerprint) {
            return Some(Weakness::Shared);
        }
        let number = found_of.get(&found.kind).copied().unwrap_or(0);
        let kind = kinds::named(&found.kind)?;
        let figure = chance.get(&found.kind)?;
        chance::weakens(kind, figure, number).then_some(Weakness::Chance)
    };
    let matches = matches.into_values().map(|mut found| {
        found.new = (frame.is_new)(&found.kind, &found.fingerprint);
        if let Some(strength) = frame.list.strength_of(&found.kind) {
            found.strength = strength;
        }
        found.exposures.sort();
        if found.strength > Strength::Weak {
            found.weak_because = weakness(&found);
        }
        if found.weak_because.is_some() {
            found.strength = Strength::Weak;
        }
        found
    });
    matches.collect()
}

fn not_examined(missed: BTreeMap<Reason, (u64, u64, Vec<Origin>)>) -> Vec<NotExamined> {
    missed
        .into_iter()
        .map(|(reason, (count, bytes, examples))| NotExamined {
            reason,
            count,
            bytes,
            examples,
        })
        .collect()
}

fn summary(matches: &[Match]) -> Summary {
    let mut summary = Summary::default();
    for found in matches {
        summary.matched += 1;
        summary.new += u64::from(found.new);
        *summary.by_kind.entry(found.kind.clone()).or_default() += 1;
        let sources: BTreeSet<&str> = found.exposures.iter().map(|e| e.source.as_str()).collect();
        for source in sources {
            *summary.by_source.entry(source.to_owned()).or_default() += 1;
        }
    }
    summary
}

#[cfg(test)]
#[path = "assemble_tests.rs"]
mod tests;
