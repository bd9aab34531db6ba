//! What one job takes down of what the crawl and the engine say.
//!
//! Artefacts that follow each other quickly are recorded together: a transaction
//! costs several times as much as a small file.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::past::{Trouble, is_stale};
use super::{Error, Job, now};
use crate::base::{Limit, Origin, Reason};
use crate::catalog::{self, Fate, Past, Run, Together};
use crate::crawl::Failure;
use crate::pipeline::Verdict;
use crate::report::Assembler;

/// What may wait to be recorded after something was: what a process does in so much
/// time is all that it can lose when it is killed.
const PAUSE: Duration = Duration::from_millis(50);
/// An artefact of so many bytes waits for nothing.
const LARGE: u64 = 1 << 20;
/// Artefacts that may wait.
const WAITING: usize = 256;
/// How many places are kept as examples of what was skipped.
const EXAMPLES: usize = 5;

/// What a job has seen when its sources are done.
pub(super) struct Gathered {
    /// Holds what is no artefact.
    pub(super) assembler: Assembler,
    /// The sources, each with why it was not read to its end.
    pub(super) sources: Vec<(String, Option<String>)>,
}

/// Where one job's run takes things down.
pub(super) struct Desk<'a> {
    pub(super) job: &'a Job<'a>,
    run: &'a Run,
    examined_with: &'a str,
    notes: Mutex<Notes>,
    waiting: Mutex<Waiting>,
    error: Mutex<Option<Error>>,
}

#[derive(Default)]
struct Notes {
    /// Why sources were not read to their ends, by their place.
    failures: BTreeMap<usize, String>,
    /// Sources of which not all was seen: what is missing there need not be gone.
    half_seen: BTreeSet<usize>,
    skipped: BTreeMap<(String, Reason), Skipped>,
    limits: Vec<Limit>,
}

/// Things that were not asked for.
#[derive(Default)]
struct Skipped {
    count: u64,
    /// The first ones by name, not by time: the report does not depend on which
    /// thread was first.
    examples: BTreeSet<Origin>,
}

/// What is not recorded yet, in order.
struct Waiting {
    entries: Vec<Entry>,
    since: Instant,
}

enum Entry {
    Examined(Box<(catalog::Artefact, Verdict)>),
    Unchanged(String, Origin),
}

impl<'a> Desk<'a> {
    pub(super) fn new(job: &'a Job<'a>, run: &'a Run, examined_with: &'a str) -> Self {
        Self {
            job,
            run,
            examined_with,
            notes: Mutex::default(),
            waiting: Mutex::new(Waiting {
                entries: Vec::new(),
                since: Instant::now(),
            }),
            error: Mutex::default(),
        }
    }

    /// Does `work`, unless something went wrong before. The first error ends the
    /// job's part of the run.
    pub(super) fn attempt(&self, work: impl FnOnce(&Self) -> Result<(), Error>) {
        if self.has_failed() {
            return;
        }
        if let Err(error) = work(self) {
            lock(&self.error).get_or_insert(error);
        }
    }

    /// Whether something went wrong.
    pub(super) fn has_failed(&self) -> bool {
        lock(&self.error).is_some()
    }

    /// Takes down an artefact that was examined; `row` lacks what is this job's.
    pub(super) fn examined(
        &self,
        mut row: catalog::Artefact,
        verdict: Verdict,
    ) -> Result<(), Error> {
        row.run.clone_from(&self.run.id);
        // What is not whole must be examined again.
        if row.fate != Fate::Failed {
            self.examined_with.clone_into(&mut row.examined_with);
        }
        row.verdict = Some(serde_json::to_string(&verdict)?);
        let is_large = verdict.length >= LARGE;
        self.add(Entry::Examined(Box::new((row, verdict))), is_large)
    }

    /// Takes down that a place is as it was.
    pub(super) fn unchanged(&self, source: &str, origin: Origin) -> Result<(), Error> {
        self.add(Entry::Unchanged(source.to_owned(), origin), false)
    }

    /// Takes down that a place of the source at `place` could not be fetched.
    pub(super) fn failed(
        &self,
        (place, source): (usize, &str),
        origin: Origin,
        failure: Failure,
        known_length: Option<u64>,
        status: Option<u16>,
    ) -> Result<(), Error> {
        self.record_all()?;
        let catalog = self.job.catalog;
        let now = now();
        let before = catalog.recall(self.job.name, source, origin)?;
        if may_hide_others(before.as_ref(), failure, known_length) {
            self.half_seen(place);
        }
        let trouble = Trouble {
            reason: failure.reason(),
            missing: known_length.unwrap_or(0),
            is_stale: true,
        };
        let row = catalog::Artefact {
            source: source.to_owned(),
            origin,
            fate: Fate::Failed,
            run: self.run.id.clone(),
            status,
            failure: Some(serde_json::to_string(&trouble)?),
            page: before.as_ref().is_some_and(|b| b.page),
            validator: before
                .as_ref()
                .map_or_else(|| "{}".to_owned(), |b| b.validator.clone()),
            examined_with: before
                .as_ref()
                .map(|b| b.examined_with.clone())
                .unwrap_or_default(),
            fetched: before.as_ref().map_or(now, |b| b.fetched),
            first_seen: before.as_ref().map_or(now, |b| b.first_seen),
            // It was not seen now: what is known of it is as old as before.
            last_seen: before.as_ref().map_or(now, |b| b.last_seen),
            verdict: before.and_then(|b| b.verdict),
            gone: None,
            current: true,
        };
        Ok(catalog.record(self.job.name, &row, false)?)
    }

    /// Takes down that not all of a source was seen.
    pub(super) fn half_seen(&self, place: usize) {
        lock(&self.notes).half_seen.insert(place);
    }

    /// Takes down what was not asked for.
    pub(super) fn skipped(&self, source: &str, origin: Option<Origin>, reason: Reason, count: u64) {
        let mut notes = lock(&self.notes);
        let skipped = notes
            .skipped
            .entry((source.to_owned(), reason))
            .or_default();
        skipped.count += count;
        skipped.examples.extend(origin);
        if skipped.examples.len() > EXAMPLES {
            skipped.examples.pop_last();
        }
    }

    /// Takes down that a limit of the crawl was met.
    pub(super) fn limit(&self, limit: Limit) {
        lock(&self.notes).limits.push(limit);
    }

    /// Takes down why a source was not read to its end.
    pub(super) fn source_failed(&self, place: usize, error: String) {
        let mut notes = lock(&self.notes);
        notes.half_seen.insert(place);
        notes.failures.insert(place, error);
    }

    /// Records what waits, and, unless the run was stopped, as gone what the sources
    /// that were seen to their end no longer hold.
    pub(super) fn finish(self, sources: &[String], is_stopped: bool) -> Result<Gathered, Error> {
        let recorded = self.record_all();
        if let Some(error) = lock(&self.error).take() {
            return Err(error);
        }
        recorded?;
        let Notes {
            mut failures,
            half_seen,
            skipped,
            limits,
        } = mem::take(&mut *lock(&self.notes));
        for (place, source) in sources.iter().enumerate() {
            if !is_stopped && !half_seen.contains(&place) {
                let catalog = self.job.catalog;
                catalog.sweep(self.job.name, source, &self.run.id, now())?;
            }
        }
        let mut assembler = Assembler::default();
        for ((source, reason), skipped) in skipped {
            let named = skipped.examples.len() as u64;
            for origin in skipped.examples {
                assembler.skip(&source, Some(origin), reason, 1);
            }
            let others = skipped.count.saturating_sub(named);
            if others > 0 {
                assembler.skip(&source, None, reason, others);
            }
        }
        for limit in limits {
            assembler.limit(limit.name());
        }
        let sources = sources.iter().enumerate();
        Ok(Gathered {
            assembler,
            sources: sources
                .map(|(place, name)| (name.clone(), failures.remove(&place)))
                .collect(),
        })
    }

    fn add(&self, entry: Entry, is_urgent: bool) -> Result<(), Error> {
        let mut waiting = lock(&self.waiting);
        waiting.entries.push(entry);
        if is_urgent || waiting.entries.len() >= WAITING || waiting.since.elapsed() >= PAUSE {
            return self.record(&mut waiting);
        }
        Ok(())
    }

    fn record_all(&self) -> Result<(), Error> {
        self.record(&mut lock(&self.waiting))
    }

    fn record(&self, waiting: &mut Waiting) -> Result<(), Error> {
        let entries = mem::take(&mut waiting.entries);
        if !entries.is_empty() {
            let (job, run, now) = (self.job.name, &self.run.id, now());
            self.job.catalog.together(|catalog| {
                for entry in entries {
                    match entry {
                        Entry::Examined(examined) => record(catalog, job, *examined)?,
                        Entry::Unchanged(source, origin) => {
                            catalog.unchanged(job, &source, origin, run, now)?;
                        }
                    }
                }
                Ok::<(), Error>(())
            })?;
        }
        waiting.since = Instant::now();
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Records an artefact beside what is known of its place.
fn record(
    catalog: &Together<'_>,
    job: &str,
    (mut row, verdict): (catalog::Artefact, Verdict),
) -> Result<(), Error> {
    let Some(before) = catalog.recall(job, &row.source, row.origin)? else {
        return Ok(catalog.record(job, &row, Past::Nothing)?);
    };
    let mut past = Past::Same;
    let old: Option<Verdict> = before
        .verdict
        .as_deref()
        .map(serde_json::from_str)
        .transpose()?;
    match old {
        Some(old) if old.sha256 == verdict.sha256 => {
            row.first_seen = before.first_seen;
            // A page is fetched in every run; the same bytes, examined in the same
            // way, are no news.
            if row.fate == Fate::Examined
                && before.examined_with == row.examined_with
                && (before.run != row.run || before.fate == Fate::Unchanged)
            {
                row.fate = Fate::Unchanged;
            }
        }
        Some(old) if before.fate != Fate::Failed || is_stale(before.failure.as_deref())? => {
            // What broke off is no new version as long as it shows nothing new.
            if row.fate == Fate::Failed && has_all(&old, &verdict) {
                let row = broken_off(row, before)?;
                return Ok(catalog.record(job, &row, Past::Same)?);
            }
            past = Past::Other;
        }
        // A download that broke is no version of its own, unless an earlier report
        // names what is found there no more.
        Some(old) if before.run != row.run && !has_all(&verdict, &old) => past = Past::Other,
        Some(_) | None => {}
    }
    Ok(catalog.record(job, &row, past)?)
}

/// Whether a place that was not fetched may lead to others that were not seen.
fn may_hide_others(
    before: Option<&catalog::Artefact>,
    failure: Failure,
    known_length: Option<u64>,
) -> bool {
    // Nothing is behind what is gone itself.
    if matches!(failure, Failure::Status(404 | 410)) {
        return false;
    }
    match before.filter(|before| before.verdict.is_some()) {
        Some(before) => before.page,
        // Never seen: a page or a folder, for all that is known. Files have a length.
        None => {
            known_length.is_none() && (failure.may_pass() || matches!(failure, Failure::LocalIo(_)))
        }
    }
}

/// Whether all that is found in `part` is found in `whole`, too.
fn has_all(whole: &Verdict, part: &Verdict) -> bool {
    let names = |verdict: &Verdict| -> BTreeSet<_> {
        let findings = verdict.findings.iter();
        findings
            .map(|found| (found.kind.clone(), found.fingerprint))
            .collect()
    };
    names(part).is_subset(&names(whole))
}

/// What is known from `before` of the place whose download broke off as `row` says.
fn broken_off(
    row: catalog::Artefact,
    before: catalog::Artefact,
) -> Result<catalog::Artefact, Error> {
    let trouble: Option<Trouble> = row
        .failure
        .as_deref()
        .map(serde_json::from_str)
        .transpose()?;
    let came = row
        .verdict
        .as_deref()
        .map(serde_json::from_str::<Verdict>)
        .transpose()?
        .map_or(0, |verdict| verdict.length);
    let failure = trouble.map(|trouble| Trouble {
        missing: trouble.missing.saturating_add(came),
        is_stale: true,
        ..trouble
    });
    Ok(catalog::Artefact {
        fate: row.fate,
        run: row.run,
        status: row.status,
        failure: failure.as_ref().map(serde_json::to_string).transpose()?,
        gone: None,
        ..before
    })
}
