//! Takes what the crawl brings to the engine, and what the engine says to the
//! catalog.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use super::past::{CatalogMemory, Trouble, is_stale};
use super::progress::Event;
use super::{Audience, Error, Request, Tallied, list_error, now};
use crate::base::{Origin, Reason};
use crate::catalog::{self, Fate, Run};
use crate::config::{Place, Source};
use crate::crawl::{self, Artefact, Crawl, Failure, Outcome, Plan};
use crate::pipeline::{Bytes, Engine, Verdict, Worker};
use crate::report::Assembler;

/// What a run has seen when its sources are done.
pub(super) struct Gathered {
    /// Holds what is no artefact.
    pub(super) assembler: Assembler,
    /// The sources, each with why it was not read to its end.
    pub(super) sources: Vec<(String, Option<String>)>,
}

pub(super) struct Gatherer<'a> {
    request: &'a Request<'a>,
    audience: Audience<'a>,
    run: &'a Run,
    examined_with: String,
    gathered: Mutex<Gathered>,
    /// Sources of which not all was seen: what is missing there need not be gone.
    half_seen: Mutex<BTreeSet<usize>>,
    error: Mutex<Option<Error>>,
}

impl<'a> Gatherer<'a> {
    pub(super) fn new(
        request: &'a Request<'a>,
        audience: Audience<'a>,
        run: &'a Run,
        examined_with: String,
    ) -> Self {
        let sources = request
            .sources
            .iter()
            .map(|s| (s.name.clone(), None))
            .collect();
        Self {
            request,
            audience,
            run,
            examined_with,
            gathered: Mutex::new(Gathered {
                assembler: Assembler::default(),
                sources,
            }),
            half_seen: Mutex::default(),
            error: Mutex::new(None),
        }
    }

    /// Fetches and examines everything.
    pub(super) fn gather(self, engine: &Engine, canaries: &Tallied) -> Result<Gathered, Error> {
        let (sources, stdin) = split(self.request.sources);
        let memory = CatalogMemory {
            catalog: Arc::clone(self.request.catalog),
            job: self.request.job.to_owned(),
            examined_with: self.examined_with.clone(),
        };
        let crawl = crawl::start(
            Plan {
                sources: sources
                    .iter()
                    .map(|(_, source)| (*source).clone())
                    .collect(),
                limits: self.request.limits.clone(),
                origins: self.request.checker.origins(),
                readers: self.request.workers,
                stop: self.request.stop.clone(),
            },
            Arc::new(memory),
        )?;
        let places: Vec<usize> = sources.iter().map(|(place, _)| *place).collect();
        let found = self.audience.progress.found();
        engine.work(self.request.workers, found, &|number, worker| {
            canaries.add(&worker.examine_canaries());
            if let (0, Some(place)) = (number, stdin) {
                self.stdin(worker, place);
            }
            self.work(worker, &crawl, &places);
        });
        // Only now has each worker recorded what it came to.
        self.sweep()?;
        if let Some(error) = self
            .error
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
        {
            return Err(error);
        }
        Ok(self
            .gathered
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes as gone what the sources that were seen to their end no longer hold.
    fn sweep(&self) -> Result<(), Error> {
        if self.request.stop.is_asked() {
            return Ok(());
        }
        let half_seen = self.half_seen();
        let (catalog, job) = (self.request.catalog, self.request.job);
        for (place, source) in self.request.sources.iter().enumerate() {
            if !half_seen.contains(&place) {
                catalog.sweep(job, &source.name, &self.run.id, now())?;
            }
        }
        Ok(())
    }

    fn work(&self, worker: &mut Worker<'_>, crawl: &Crawl, places: &[usize]) {
        while let Some(event) = crawl.next() {
            if let Err(error) = self.take(worker, event, places) {
                self.fail(error);
            }
        }
    }

    fn stdin(&self, worker: &mut Worker<'_>, place: usize) {
        let name = self.name(place);
        let origin = self.request.checker.origins().place(&name, b"-");
        let done = self
            .examine(worker, place, Artefact::stdin(place, origin))
            .map(|()| self.done(place, None));
        if let Err(error) = done {
            self.fail(error);
        }
    }

    /// Keeps the first error and ends the run.
    fn fail(&self, error: Error) {
        self.error
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert(error);
        self.request.stop.ask();
    }

    fn take(
        &self,
        worker: &mut Worker<'_>,
        event: crawl::Event,
        places: &[usize],
    ) -> Result<(), Error> {
        // The crawl numbers the sources that it was given.
        let place = |source: usize| places.get(source).copied().unwrap_or(source);
        match event {
            crawl::Event::Artefact(artefact) => {
                let source = place(artefact.source);
                self.examine(worker, source, artefact)
            }
            crawl::Event::Unchanged { source, origin } => self.unchanged(place(source), origin),
            crawl::Event::Failed {
                source,
                origin,
                failure,
                known_length,
                status,
            } => self.failed(place(source), origin, failure, known_length, status),
            crawl::Event::Skipped {
                source,
                origin,
                reason,
                count,
            } => {
                if reason.can_be_retried() {
                    self.half_seen().insert(place(source));
                }
                let name = self.name(place(source));
                self.gathered().assembler.skip(&name, origin, reason, count);
                Ok(())
            }
            crawl::Event::LimitMet { source, limit } => {
                self.half_seen().insert(place(source));
                let source = self.name(place(source));
                self.gathered().assembler.limit(limit.name());
                (self.audience.tell)(Event::LimitMet { source, limit });
                Ok(())
            }
            crawl::Event::Done { source, failure } => {
                self.done(place(source), failure);
                Ok(())
            }
        }
    }

    fn examine(
        &self,
        worker: &mut Worker<'_>,
        place: usize,
        artefact: Artefact,
    ) -> Result<(), Error> {
        let source = self.name(place);
        let state = artefact.body.outcome();
        let verdicts = worker.examine(
            Bytes {
                stream: Box::new(self.audience.progress.counting(artefact.body)),
                random: artefact.file,
                charset: artefact.charset,
            },
            artefact.origin,
        );
        let Some(verdict) = verdicts.into_iter().next() else {
            return Ok(());
        };
        // Nothing is recorded that an index which cannot be read had a say in.
        worker
            .check()
            .map_err(|source| list_error(self.request, source))?;
        let length = verdict.length;
        let missing = artefact.length.map_or(0, |all| all.saturating_sub(length));
        let trouble = match state.now() {
            Outcome::Complete => None,
            Outcome::Stopped => Some(Reason::Interrupted),
            // A worker that met a limit leaves the rest of the body where it is.
            Outcome::Open => (!verdict.whole).then_some(Reason::LimitTime),
            Outcome::Broken(failure) => Some(failure.reason()),
        };
        if artefact.page && trouble.is_some() {
            self.half_seen().insert(place);
        }
        let now = now();
        self.audience.progress.artefact_done();
        let event = Event::Examined {
            source: source.clone(),
            origin: artefact.origin,
            bytes: length,
            matches: verdict.findings.len(),
            missed: verdict
                .missed
                .iter()
                .map(|m| m.reason)
                .chain(trouble)
                .collect(),
        };
        let row = catalog::Artefact {
            source,
            origin: artefact.origin,
            fate: if trouble.is_some() {
                Fate::Failed
            } else {
                Fate::Examined
            },
            run: self.run.id.clone(),
            page: artefact.page,
            status: artefact.status,
            validator: serde_json::to_string(&artefact.validator)?,
            examined_with: if trouble.is_some() {
                String::new()
            } else {
                self.examined_with.clone()
            },
            verdict: Some(serde_json::to_string(&verdict)?),
            failure: trouble
                .map(|reason| {
                    serde_json::to_string(&Trouble {
                        reason,
                        missing,
                        is_stale: false,
                    })
                })
                .transpose()?,
            fetched: artefact.fetched_at,
            first_seen: now,
            last_seen: now,
            gone: None,
            current: true,
        };
        self.record(row, &verdict)?;
        (self.audience.tell)(event);
        Ok(())
    }

    /// Records an artefact beside what is known of its place.
    fn record(&self, mut row: catalog::Artefact, verdict: &Verdict) -> Result<(), Error> {
        let (catalog, job) = (self.request.catalog, self.request.job);
        let before = catalog.recall(job, &row.source, row.origin)?;
        let mut replaces = false;
        if let Some(before) = before {
            let old: Option<Verdict> = before
                .verdict
                .as_deref()
                .map(serde_json::from_str)
                .transpose()?;
            match old {
                Some(old) if old.sha256 == verdict.sha256 => {
                    row.first_seen = before.first_seen;
                    // A page is fetched in every run; the same bytes, examined in the
                    // same way, are no news.
                    if row.fate == Fate::Examined
                        && before.examined_with == row.examined_with
                        && (before.run != row.run || before.fate == Fate::Unchanged)
                    {
                        row.fate = Fate::Unchanged;
                    }
                }
                Some(old)
                    if before.fate != Fate::Failed || is_stale(before.failure.as_deref())? =>
                {
                    // What broke off is no new version as long as it shows nothing new.
                    if row.fate == Fate::Failed && has_all(&old, verdict) {
                        return Ok(catalog.record(job, &broken_off(row, before)?, false)?);
                    }
                    replaces = true;
                }
                // A download that broke is no version of its own, unless an earlier
                // report names what is found there no more.
                Some(old) => replaces = before.run != row.run && !has_all(verdict, &old),
                None => {}
            }
        }
        Ok(catalog.record(job, &row, replaces)?)
    }

    fn unchanged(&self, place: usize, origin: Origin) -> Result<(), Error> {
        let source = self.name(place);
        let (catalog, job) = (self.request.catalog, self.request.job);
        catalog.unchanged(job, &source, origin, &self.run.id, now())?;
        self.audience.progress.artefact_done();
        (self.audience.tell)(Event::Unchanged { source, origin });
        Ok(())
    }

    fn failed(
        &self,
        place: usize,
        origin: Origin,
        failure: Failure,
        known_length: Option<u64>,
        status: Option<u16>,
    ) -> Result<(), Error> {
        let source = self.name(place);
        let (catalog, job) = (self.request.catalog, self.request.job);
        let now = now();
        let before = catalog.recall(job, &source, origin)?;
        if may_hide_others(before.as_ref(), failure, known_length) {
            self.half_seen().insert(place);
        }
        let trouble = Trouble {
            reason: failure.reason(),
            missing: known_length.unwrap_or(0),
            is_stale: true,
        };
        let row = catalog::Artefact {
            source: source.clone(),
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
        catalog.record(job, &row, false)?;
        self.audience.progress.artefact_done();
        let why = format!("{failure}; {}", failure.advice());
        (self.audience.tell)(Event::Failed {
            source,
            origin,
            why,
        });
        Ok(())
    }

    fn done(&self, place: usize, failure: Option<Failure>) {
        let source = self.name(place);
        let error = failure.map(|failure| failure.to_string());
        if failure.is_some() {
            self.half_seen().insert(place);
        }
        if let Some((_, slot)) = self.gathered().sources.get_mut(place) {
            slot.clone_from(&error);
        }
        let shown = failure.map(|failure| format!("{failure}; {}", failure.advice()));
        (self.audience.tell)(Event::SourceDone {
            source,
            error: shown,
        });
    }

    fn name(&self, place: usize) -> String {
        self.request
            .sources
            .get(place)
            .map(|source| source.name.clone())
            .unwrap_or_default()
    }

    fn half_seen(&self) -> std::sync::MutexGuard<'_, BTreeSet<usize>> {
        self.half_seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn gathered(&self) -> std::sync::MutexGuard<'_, Gathered> {
        self.gathered.lock().unwrap_or_else(PoisonError::into_inner)
    }
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

/// The sources that the crawl can read, with their numbers, and that of the
/// standard input.
fn split(sources: &[Source]) -> (Vec<(usize, &Source)>, Option<usize>) {
    let is_stdin =
        |source: &Source| matches!(&source.place, Place::Path(path) if path.as_os_str() == "-");
    let stdin = sources.iter().position(is_stdin);
    let others = sources
        .iter()
        .enumerate()
        .filter(|(_, source)| !is_stdin(source))
        .collect();
    (others, stdin)
}
