//! Jobs, from their sources to finished reports.
//!
//! | in  | lists and their keys, sources, what earlier runs saw                  |
//! |-----|------------------------------------------------------------------------|
//! | out | a report in its place, whole; a catalog that knows what was reported   |
//! | not | half a report, a match reported as new twice or never                  |
//!
//! Each artefact is recorded when it is done with, or a few of them together (see
//! `desk`). A run that was killed is taken up by the next one; what was recorded is
//! not examined again.

mod checker;
mod desk;
mod gather;
mod past;
mod progress;
mod publish;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use crate::base::{Sha256, Stop, hex};
use crate::catalog::{self, Catalog, Reported, Run, State};
use crate::config::{Limits, Source};
use crate::crawl;
use crate::fingerprint::{self, Key};
use crate::matching::{self, Index, Watchlist};
use crate::pipeline::{self, Engine, Planted};
use crate::report::{Canaries, Frame, List, Report};

pub use checker::Checker;
pub use progress::{Event, Progress};
pub use publish::Destination;

use desk::{Desk, Gathered};
use gather::Gatherer;
use past::{CatalogMemory, JobMemory};

/// What a pass over some sources needs to know.
#[derive(Debug)]
pub struct Request<'a> {
    /// The jobs that share the pass: what is fetched is decoded once for all of
    /// them.
    pub jobs: &'a [Job<'a>],
    /// Where the indexes of large lists are kept; `None` for nowhere.
    pub indexes: Option<&'a Path>,
    /// Where to look. A path of `-` is the standard input.
    pub sources: &'a [Source],
    /// What things may cost.
    pub limits: &'a Limits,
    /// Who is looking.
    pub checker: &'a Checker,
    /// Threads that examine.
    pub workers: usize,
    /// Set to end the run early.
    pub stop: &'a Stop,
}

/// A list, and who wants to know about it. Nothing of it shows in what another job
/// of the same pass reports.
#[derive(Debug, Clone, Copy)]
pub struct Job<'a> {
    /// The job's name, `scan` for a scan.
    pub name: &'a str,
    /// The list's file.
    pub watchlist: &'a Path,
    /// The list's key's file.
    pub key: &'a Path,
    /// Where the report goes; `None` for nowhere.
    pub destination: Option<Destination<'a>>,
    /// What earlier runs saw. Jobs of one name need a catalog each.
    pub catalog: &'a Arc<Catalog>,
}

/// Who is told of a run's events and progress.
#[derive(Clone, Copy)]
pub struct Audience<'a> {
    /// Counters.
    pub progress: &'a Progress,
    /// Called from several threads.
    pub tell: &'a (dyn Fn(Event) + Sync),
}

/// What a run leaves.
#[derive(Debug)]
pub struct Finished {
    /// What it can say.
    pub report: Report,
    /// Where the files stand.
    pub place: Option<PathBuf>,
}

/// Why a run has no report.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The list cannot be used.
    #[error("the watchlist {path} cannot be used")]
    Watchlist {
        /// Its file.
        path: String,
        /// Why.
        source: matching::Error,
    },
    /// The key cannot be used.
    #[error("the key {path} cannot be used")]
    Key {
        /// Its file.
        path: String,
        /// Why.
        source: fingerprint::Error,
    },
    /// The list has expired.
    #[error("the watchlist expired at {0}")]
    Expired(Timestamp),
    /// The catalog cannot be used.
    #[error(transparent)]
    Catalog(#[from] catalog::Error),
    /// The crawl cannot begin.
    #[error("the crawl cannot begin")]
    Crawl(#[from] crawl::Error),
    /// The report cannot be written.
    #[error("the report cannot be written to {folder}")]
    Publish {
        /// Where to.
        folder: String,
        /// Why.
        source: std::io::Error,
    },
    /// What the catalog holds of an artefact cannot be read.
    #[error("the catalog holds a verdict that cannot be read")]
    Verdict(#[from] serde_json::Error),
}

impl Error {
    /// What the user can do about it.
    pub fn advice(&self) -> String {
        match self {
            Self::Watchlist { source, .. } => source.advice().to_string(),
            Self::Key { source, .. } => source.advice().to_string(),
            Self::Expired(_) => "ask the organisation for a new list; an old one may hold people who asked to be removed".into(),
            Self::Catalog(error) => error.advice().to_string(),
            Self::Publish { source, .. } if source.kind() == std::io::ErrorKind::IsADirectory => "move the folder away; nothing was lost, the next run goes on from here".into(),
            Self::Crawl(error) => error.advice().to_string(),
            Self::Publish { .. } => "check that the folder can be written and that the disk is not full; nothing was lost, the next run reports it".into(),
            Self::Verdict(_) => "it was written by another version: begin a new catalog with another `state.url`".into(),
        }
    }
}

/// Runs jobs to their end, in one pass over their sources.
///
/// What comes of each stands in the place of the job. A job that cannot begin, or
/// goes on no longer, does not keep the others back. A request to stop ends the
/// run early, with reports that say `incomplete`.
///
/// # Errors
///
/// [`Error`] when the pass cannot begin. In the place of a job, when it has no
/// report: what was examined until then is in the catalog, and the next run goes
/// on from there.
pub fn run(
    request: &Request<'_>,
    audience: Audience<'_>,
) -> Result<Vec<Result<Finished, Error>>, Error> {
    let mut running = Vec::new();
    let mut indexes = Vec::new();
    let mut errors = Vec::new();
    let mut taken = BTreeSet::new();
    for (number, job) in (1..).zip(request.jobs) {
        let begun = Begun::new((job, number), request, &mut taken, audience);
        let begun = begun.map(|(begun, index)| {
            running.push(begun);
            indexes.push(index);
        });
        errors.push(begun.err());
    }
    let mut finished = if running.is_empty() {
        Vec::new().into_iter()
    } else {
        pass(request, audience, &running, indexes)?.into_iter()
    };
    Ok(errors
        .into_iter()
        .filter_map(|error| error.map_or_else(|| finished.next(), |error| Some(Err(error))))
        .collect())
}

/// A job whose run has begun.
struct Begun<'a> {
    job: &'a Job<'a>,
    key: Key,
    list: Watchlist,
    run: Run,
    place: Option<publish::Place>,
    examined_with: String,
}

impl<'a> Begun<'a> {
    /// The names of folders that were given to earlier jobs are `taken`.
    fn new(
        (job, number): (&'a Job<'a>, usize),
        request: &Request<'_>,
        taken: &mut BTreeSet<String>,
        audience: Audience<'_>,
    ) -> Result<(Self, Index), Error> {
        let key = Key::read(job.key).map_err(|source| Error::Key {
            path: job.key.display().to_string(),
            source,
        })?;
        let (list, index) = read_list(job, request.indexes, &key, audience)?;
        let now = now();
        if list.is_expired(now) {
            return Err(list.expires.map_or(Error::Expired(now), Error::Expired));
        }
        let place = job
            .destination
            .map(|to| publish::Place::new(to, job.name, (&list.name, number), taken));
        publish::recover(job, place.as_ref())?;
        let resumed = job.catalog.unfinished(job.name)?.is_some();
        let run = job.catalog.begin(job.name, &run_id(), now)?;
        (audience.tell)(Event::Begun {
            job: job.name.to_owned(),
            run: run.id.clone(),
            resumed,
        });
        let begun = Self {
            examined_with: examined_with(&list, request.limits),
            job,
            key,
            list,
            run,
            place,
        };
        Ok((begun, index))
    }
}

/// One pass over the sources, and a report for each job.
fn pass(
    request: &Request<'_>,
    audience: Audience<'_>,
    running: &[Begun<'_>],
    indexes: Vec<Index>,
) -> Result<Vec<Result<Finished, Error>>, Error> {
    let lists = running
        .iter()
        .zip(indexes)
        .map(|(begun, index)| (&begun.list, index, &begun.key));
    let engine = Engine::new(lists, request.limits.clone(), request.checker.origins());
    let memory = running.iter().map(|begun| JobMemory {
        catalog: Arc::clone(begun.job.catalog),
        job: begun.job.name.to_owned(),
        examined_with: begun.examined_with.clone(),
        // What cannot be told now is asked place by place.
        has_past: begun.job.catalog.knows(begun.job.name).unwrap_or(true),
    });
    let memory = CatalogMemory(memory.collect());
    let desks: Vec<_> = running
        .iter()
        .map(|begun| Desk::new(begun.job, &begun.run, &begun.examined_with))
        .collect();
    let canaries = Tallied::default();
    let gatherer = Gatherer {
        request,
        audience,
        desks: &desks,
    };
    gatherer.gather(&engine, memory, &canaries)?;
    let sources: Vec<String> = request.sources.iter().map(|s| s.name.clone()).collect();
    let canaries = canaries.read();
    let jobs = running.iter().zip(desks).enumerate();
    Ok(jobs
        .map(|(number, (begun, desk))| {
            let seen = desk.finish(&sources, request.stop.is_asked())?;
            let planted = canaries.get(number).copied();
            tell(request, begun, (&engine, number), seen, planted)
        })
        .collect())
}

/// Reads the list and checks that the key is its own.
fn read_list(
    job: &Job<'_>,
    indexes: Option<&Path>,
    key: &Key,
    audience: Audience<'_>,
) -> Result<(Watchlist, Index), Error> {
    let making = |entries| (audience.tell)(Event::Indexing { entries });
    Index::open(job.watchlist, indexes, &making)
        .and_then(|(list, index)| list.check_key(key).map(|()| (list, index)))
        .map_err(|source| list_error(job, source))
}

fn list_error(job: &Job<'_>, source: matching::Error) -> Error {
    Error::Watchlist {
        path: job.watchlist.display().to_string(),
        source,
    }
}

/// Builds the report, puts it in its place and notes what it names.
fn tell(
    request: &Request<'_>,
    begun: &Begun<'_>,
    (engine, number): (&Engine, usize),
    gathered: Gathered,
    planted: Option<Planted>,
) -> Result<Finished, Error> {
    let finished = now();
    let Begun { job, list, run, .. } = begun;
    let mut assembler = gathered.assembler;
    let mut lines = Vec::new();
    let is_listed = |kind: &str, fingerprint: &_| engine.lists(number, kind, fingerprint);
    past::known(job, run, &mut |known| {
        assembler.add(known, &is_listed);
        lines.extend(publish::line(known));
    })?;
    let reported = job.catalog.reported(job.name)?;
    let report = assembler.finish(&Frame {
        job: job.name,
        id: &run.id,
        started: run.started,
        finished,
        canaries: Canaries {
            planted: planted.map_or(0, |planted| planted.planted),
            found: planted.map_or(0, |planted| planted.found),
        },
        list: &List {
            name: list.name.clone(),
            sha256: list.sha256,
            key_id: list.key_id.to_string(),
            entries: list.entries.by_kind(),
            regions: list.regions.codes().map(str::to_owned).collect(),
            kinds: list
                .own
                .iter()
                .filter_map(|kind| kind.definition().map(ToString::to_string))
                .collect(),
        },
        sources: &gathered.sources,
        is_stopped: request.stop.is_asked(),
        is_shared: &|kind, fingerprint| engine.is_shared(number, kind, fingerprint),
        is_new: &|kind, fingerprint| {
            !reported.contains(&Reported {
                kind: kind.to_owned(),
                fingerprint: fingerprint.to_string(),
            })
        },
    });
    // What the report was made with, too, was asked of the index.
    engine
        .check(number)
        .map_err(|source| list_error(job, source))?;
    let place = publish::publish(
        (job, begun.place.as_ref()),
        request.checker,
        run,
        &report,
        lines,
    )?;
    Ok(Finished { report, place })
}

/// What decides whether an artefact must be examined again.
fn examined_with(list: &Watchlist, limits: &Limits) -> String {
    let facts = format!("{} {} {limits:?}", list.sha256, pipeline::REVISION);
    Sha256::of(facts.as_bytes()).to_string()
}

/// Sorts by time; the tail keeps runs of one millisecond apart.
fn run_id() -> String {
    let mut tail = [0; 4];
    // Without random numbers the id is still unique to the millisecond.
    let _ = getrandom::fill(&mut tail);
    let time = Timestamp::now().strftime("%Y%m%dT%H%M%S%3fZ");
    format!("{time}-{}", hex::encode(&tail))
}

/// The time, to the second.
fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

/// Canaries, list by list: those of one worker, of which each worker found at least
/// so many.
#[derive(Debug, Default)]
struct Tallied(Mutex<Vec<Planted>>);

impl Tallied {
    fn add(&self, planted: &[Planted]) {
        let mut tallied = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tallied.is_empty() {
            tallied.extend(planted);
        }
        for (worst, planted) in tallied.iter_mut().zip(planted) {
            worst.found = worst.found.min(planted.found);
        }
    }

    fn read(self) -> Vec<Planted> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a run of `job` waits to be taken up or put in its place.
///
/// # Errors
///
/// [`Error::Catalog`].
pub fn is_unfinished(catalog: &Catalog, job: &str) -> Result<bool, Error> {
    Ok(catalog
        .unfinished(job)?
        .is_some_and(|run| run.state != State::Done))
}
