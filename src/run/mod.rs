//! One job, from its sources to a finished report.
//!
//! | in  | a list and its key, sources, what earlier runs saw                    |
//! |-----|------------------------------------------------------------------------|
//! | out | a report in its place, whole; a catalog that knows what was reported   |
//! | not | half a report, a match reported as new twice or never                  |
//!
//! Each artefact is recorded in one transaction when it is done with. A run that
//! was killed is taken up by the next one; what it examined is not examined again.

mod checker;
mod gather;
mod past;
mod progress;
mod publish;

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

use gather::Gatherer;

/// What a run needs to know.
#[derive(Debug)]
pub struct Request<'a> {
    /// The job's name, `scan` for a scan.
    pub job: &'a str,
    /// The list's file.
    pub watchlist: &'a Path,
    /// Where the index of a large list is kept; `None` for nowhere.
    pub indexes: Option<&'a Path>,
    /// The list's key's file.
    pub key: &'a Path,
    /// Where to look. A path of `-` is the standard input.
    pub sources: &'a [Source],
    /// What things may cost.
    pub limits: &'a Limits,
    /// Where the report goes; `None` for nowhere.
    pub destination: Option<Destination<'a>>,
    /// Who is looking.
    pub checker: &'a Checker,
    /// What earlier runs saw.
    pub catalog: &'a Arc<Catalog>,
    /// Threads that examine.
    pub workers: usize,
    /// Set to end the run early.
    pub stop: &'a Stop,
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

/// Runs a job to its end.
///
/// A request to stop ends it early, with a report that says `incomplete`.
///
/// # Errors
///
/// [`Error`] when there is no report. What was examined until then is in the
/// catalog, and the next run goes on from there.
pub fn run(request: &Request<'_>, audience: Audience<'_>) -> Result<Finished, Error> {
    let key = Key::read(request.key).map_err(|source| Error::Key {
        path: request.key.display().to_string(),
        source,
    })?;
    let (list, index) = read_list(request, &key, audience)?;
    let now = now();
    if list.is_expired(now) {
        return Err(list.expires.map_or(Error::Expired(now), Error::Expired));
    }
    publish::recover(request)?;
    let resumed = request.catalog.unfinished(request.job)?.is_some();
    let run = request.catalog.begin(request.job, &run_id(), now)?;
    (audience.tell)(Event::Begun {
        job: request.job.to_owned(),
        run: run.id.clone(),
        resumed,
    });
    let engine = Engine::new(
        [(&list, index, &key)],
        request.limits.clone(),
        request.checker.origins(),
    );
    let canaries = Tallied::default();
    let gatherer = Gatherer::new(
        request,
        audience,
        &run,
        examined_with(&list, request.limits),
    );
    let assembler = gatherer.gather(&engine, &canaries)?;
    tell(request, &list, &run, &engine, assembler, canaries.read())
}

/// Reads the list and checks that the key is its own.
fn read_list(
    request: &Request<'_>,
    key: &Key,
    audience: Audience<'_>,
) -> Result<(Watchlist, Index), Error> {
    let making = |entries| (audience.tell)(Event::Indexing { entries });
    Index::open(request.watchlist, request.indexes, &making)
        .and_then(|(list, index)| list.check_key(key).map(|()| (list, index)))
        .map_err(|source| list_error(request, source))
}

fn list_error(request: &Request<'_>, source: matching::Error) -> Error {
    Error::Watchlist {
        path: request.watchlist.display().to_string(),
        source,
    }
}

/// Builds the report, puts it in its place and notes what it names.
fn tell(
    request: &Request<'_>,
    list: &Watchlist,
    run: &Run,
    engine: &Engine,
    gathered: gather::Gathered,
    canaries: Planted,
) -> Result<Finished, Error> {
    let finished = now();
    let mut assembler = gathered.assembler;
    let is_listed = |kind: &str, fingerprint: &_| engine.lists(0, kind, fingerprint);
    past::known(request, run, &mut |known| assembler.add(known, &is_listed))?;
    engine
        .check()
        .map_err(|source| list_error(request, source))?;
    let reported = request.catalog.reported(request.job)?;
    let report = assembler.finish(&Frame {
        job: request.job,
        id: &run.id,
        started: run.started,
        finished,
        canaries: Canaries {
            planted: canaries.planted,
            found: canaries.found,
        },
        list: &List {
            name: list.name.clone(),
            sha256: list.sha256,
            key_id: list.key_id.to_string(),
            entries: list.entries.by_kind(),
            regions: list.regions.codes().map(str::to_owned).collect(),
        },
        sources: &gathered.sources,
        is_stopped: request.stop.is_asked(),
        is_new: &|kind, fingerprint| {
            !reported.contains(&Reported {
                kind: kind.to_owned(),
                fingerprint: fingerprint.to_string(),
            })
        },
    });
    let place = publish::publish(request, run, &report)?;
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

/// Canaries of all workers: those of one, of which each found at least so many.
#[derive(Debug, Default)]
struct Tallied(Mutex<Option<Planted>>);

impl Tallied {
    fn add(&self, planted: &[Planted]) {
        let Some(planted) = planted.first() else {
            return;
        };
        let mut tallied = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let worst = tallied.get_or_insert(*planted);
        worst.found = worst.found.min(planted.found);
    }

    fn read(&self) -> Planted {
        let tallied = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tallied.unwrap_or(Planted {
            planted: 0,
            found: 0,
        })
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
