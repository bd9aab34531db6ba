//! Takes what the crawl brings to the engine, and what the engine says to the jobs.

use std::sync::Arc;

use super::desk::Desk;
use super::past::{CatalogMemory, Trouble};
use super::progress::Event;
use super::{Audience, Error, Request, Tallied, list_error, now};
use crate::base::{Origin, Reason};
use crate::catalog::{self, Fate};
use crate::config::{Place, Source};
use crate::crawl::{self, Artefact, Crawl, Failure, Outcome, Plan};
use crate::pipeline::{Bytes, Engine, Worker};

/// One pass over the sources, for all jobs of a request.
pub(super) struct Gatherer<'a> {
    pub(super) request: &'a Request<'a>,
    pub(super) audience: Audience<'a>,
    /// One for each list of the engine, in its order.
    pub(super) desks: &'a [Desk<'a>],
}

impl Gatherer<'_> {
    /// Fetches and examines everything.
    pub(super) fn gather(
        &self,
        engine: &Engine,
        memory: CatalogMemory,
        canaries: &Tallied,
    ) -> Result<(), crawl::Error> {
        let (sources, stdin) = split(self.request.sources);
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
        Ok(())
    }

    fn work(&self, worker: &mut Worker<'_>, crawl: &Crawl, places: &[usize]) {
        while let Some(event) = crawl.next() {
            self.take(worker, event, places);
        }
    }

    fn stdin(&self, worker: &mut Worker<'_>, place: usize) {
        let name = self.name(place);
        let origin = self.request.checker.origins().place(name, b"-");
        self.examine(worker, place, Artefact::stdin(place, origin));
        self.done(place, None);
    }

    /// Lets every job take something down. When none can any more, the run ends.
    fn each(&self, work: impl Fn(usize, &Desk<'_>) -> Result<(), Error>) {
        for (number, desk) in self.desks.iter().enumerate() {
            desk.attempt(|desk| work(number, desk));
        }
        if self.desks.iter().all(Desk::has_failed) {
            self.request.stop.ask();
        }
    }

    fn take(&self, worker: &mut Worker<'_>, event: crawl::Event, places: &[usize]) {
        // The crawl numbers the sources that it was given.
        let place = |source: usize| places.get(source).copied().unwrap_or(source);
        match event {
            crawl::Event::Artefact(artefact) => {
                let source = place(artefact.source);
                self.examine(worker, source, artefact);
            }
            crawl::Event::Unchanged { source, origin } => {
                let source = self.name(place(source));
                self.each(|_, desk| desk.unchanged(source, origin));
                self.audience.progress.artefact_done();
                let source = source.to_owned();
                (self.audience.tell)(Event::Unchanged { source, origin });
            }
            crawl::Event::Failed {
                source,
                origin,
                failure,
                known_length,
                status,
            } => {
                let source = (place(source), self.name(place(source)));
                self.each(|_, desk| desk.failed(source, origin, failure, known_length, status));
                self.tell_failed(source.1, origin, failure);
            }
            crawl::Event::Skipped {
                source,
                origin,
                reason,
                count,
            } => {
                let name = self.name(place(source));
                for desk in self.desks {
                    if reason.can_be_retried() {
                        desk.half_seen(place(source));
                    }
                    desk.skipped(name, origin, reason, count);
                }
            }
            crawl::Event::LimitMet { source, limit } => {
                for desk in self.desks {
                    desk.half_seen(place(source));
                    desk.limit(limit);
                }
                let source = self.name(place(source)).to_owned();
                (self.audience.tell)(Event::LimitMet { source, limit });
            }
            crawl::Event::Done { source, failure } => self.done(place(source), failure),
        }
    }

    fn examine(&self, worker: &mut Worker<'_>, place: usize, artefact: Artefact) {
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
        let Some(verdict) = verdicts.first() else {
            return;
        };
        let length = verdict.length;
        let missing = artefact.length.map_or(0, |all| all.saturating_sub(length));
        let trouble = match state.now() {
            Outcome::Complete => None,
            Outcome::Stopped => Some(Reason::Interrupted),
            // A worker that met a limit leaves the rest of the body where it is.
            Outcome::Open => (!verdict.whole).then_some(Reason::LimitTime),
            Outcome::Broken(failure) => Some(failure.reason()),
        };
        let event = Event::Examined {
            source: source.to_owned(),
            origin: artefact.origin,
            bytes: length,
            matches: verdicts.iter().map(|verdict| verdict.findings.len()).sum(),
            missed: verdict
                .missed
                .iter()
                .map(|m| m.reason)
                .chain(trouble)
                .collect(),
        };
        let now = now();
        let row = catalog::Artefact {
            source: source.to_owned(),
            origin: artefact.origin,
            fate: if trouble.is_some() {
                Fate::Failed
            } else {
                Fate::Examined
            },
            run: String::new(),
            page: artefact.page,
            status: artefact.status,
            validator: String::new(),
            examined_with: String::new(),
            verdict: None,
            failure: None,
            fetched: artefact.fetched_at,
            first_seen: now,
            last_seen: now,
            gone: None,
            current: true,
        };
        self.each(|number, desk| {
            // Nothing is recorded that an index which cannot be read had a say in.
            let checked = worker.check(number);
            checked.map_err(|source| list_error(desk.job, source))?;
            if artefact.page && trouble.is_some() {
                desk.half_seen(place);
            }
            let Some(verdict) = verdicts.get(number).cloned() else {
                return Ok(());
            };
            let mut row = row.clone();
            row.validator = serde_json::to_string(&artefact.validator)?;
            row.failure = trouble
                .map(|reason| {
                    serde_json::to_string(&Trouble {
                        reason,
                        missing,
                        is_stale: false,
                    })
                })
                .transpose()?;
            desk.examined(row, verdict)
        });
        self.audience.progress.artefact_done();
        (self.audience.tell)(event);
    }

    fn tell_failed(&self, source: &str, origin: Origin, failure: Failure) {
        self.audience.progress.artefact_done();
        (self.audience.tell)(Event::Failed {
            source: source.to_owned(),
            origin,
            why: format!("{failure}; {}", failure.advice()),
        });
    }

    fn done(&self, place: usize, failure: Option<Failure>) {
        if let Some(failure) = failure {
            for desk in self.desks {
                desk.source_failed(place, failure.to_string());
            }
        }
        (self.audience.tell)(Event::SourceDone {
            source: self.name(place).to_owned(),
            error: failure.map(|failure| format!("{failure}; {}", failure.advice())),
        });
    }

    fn name(&self, place: usize) -> &str {
        let source = self.request.sources.get(place);
        source.map_or("", |source| source.name.as_str())
    }
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
