//! A source in, byte streams out. The only stage with a network.
//!
//! | in  | sources, limits, and what earlier runs know of each place            |
//! |-----|----------------------------------------------------------------------|
//! | out | events: artefacts with their bytes, and what was not fetched and why  |
//! | not | anything but GET, any way out but the proxy, any step out of scope    |
//!
//! Servers are hostile. Nothing but HTTP heads and the links of pages is parsed
//! here; addresses stay in memory and reach neither an event nor an error. The
//! async part lives on threads of its own: whoever calls [`Crawl::next`] and reads
//! a [`Body`] blocks, and the network waits for slow readers.

mod artefact;
mod failure;
mod folder;
mod validator;
mod web;

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::sync::{Semaphore, mpsc, watch};

pub use artefact::{Artefact, Body, BodyState, Outcome};
pub use failure::Failure;
pub use validator::Validator;

use crate::base::{Limit, Origin, OriginKey, Reason, Stop};
use crate::config::{Limits, Place, Source};

/// Events that may wait for a worker. Artefacts among them are bounded further, by
/// the bodies that may be open.
const EVENTS: usize = 64;
/// Bodies that are opened ahead of the readers.
const AHEAD: usize = 2;
/// How often the wish to stop is looked at.
const STOP_TICK: Duration = Duration::from_millis(25);

/// What to crawl.
pub struct Plan {
    /// Where; all at once.
    pub sources: Vec<Source>,
    /// What pages and sources may cost.
    pub limits: Limits,
    /// The checker's key for opaque names.
    pub origins: OriginKey,
    /// Bodies that the workers read at once.
    pub readers: usize,
    /// Ends everything early.
    pub stop: Stop,
}

/// What earlier runs know of a place; asked before it is fetched.
pub trait Memory: Send + Sync {
    /// What is known of `origin` in the source of that name.
    fn recall(&self, source: &str, origin: Origin) -> Option<Recollection>;
}

/// What an earlier run kept of a place.
pub struct Recollection {
    /// What to ask the server with.
    pub validator: Validator,
    /// Whether it was a page. Pages are always fetched again: their links are kept
    /// nowhere.
    pub page: bool,
    /// Whether all of it was examined. If not, it is fetched again.
    pub examined: bool,
}

/// What came of one place, or of a source.
#[expect(
    clippy::large_enum_variant,
    reason = "few wait at a time, and most are artefacts"
)]
pub enum Event {
    /// It was found; its bytes are coming.
    Artefact(Artefact),
    /// It is as it was when it was examined.
    Unchanged {
        /// The source's place in [`Plan::sources`].
        source: usize,
        /// Its opaque name.
        origin: Origin,
    },
    /// It could not be fetched.
    Failed {
        /// The source's place in [`Plan::sources`].
        source: usize,
        /// Its opaque name.
        origin: Origin,
        /// Why.
        failure: Failure,
        /// Bytes, where that was still announced.
        known_length: Option<u64>,
        /// The status of the answer, if there was one.
        status: Option<u16>,
    },
    /// It was not asked for.
    Skipped {
        /// The source's place in [`Plan::sources`].
        source: usize,
        /// Its opaque name, if it is one place.
        origin: Option<Origin>,
        /// Why.
        reason: Reason,
        /// How many places.
        count: u64,
    },
    /// A limit cut the source short.
    LimitMet {
        /// The source's place in [`Plan::sources`].
        source: usize,
        /// Which.
        limit: Limit,
    },
    /// The source's last event.
    Done {
        /// The source's place in [`Plan::sources`].
        source: usize,
        /// Why not even its front could be read; it had a [`Event::Failed`], too.
        failure: Option<Failure>,
    },
}

/// Why a crawl could not begin.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system gave no thread or no event loop.
    #[error("no thread for the network")]
    Threads(#[source] io::Error),
    /// A source's url is no plain web address.
    #[error("the url of source number {} is no web address without a login", source_index + 1)]
    Address {
        /// The source's place in [`Plan::sources`].
        source_index: usize,
    },
    /// A source's proxy is no `socks5h://host:port`.
    #[error("the proxy of source number {} is not of the form socks5h://host:port", source_index + 1)]
    Proxy {
        /// The source's place in [`Plan::sources`].
        source_index: usize,
    },
    /// A source's file of certificate authorities could not be read.
    #[error("the file `ca` of source number {} cannot be read", source_index + 1)]
    CaFile {
        /// The source's place in [`Plan::sources`].
        source_index: usize,
        /// What the system says.
        source: io::Error,
    },
    /// A source's file of certificate authorities holds none.
    #[error("the file `ca` of source number {} holds no certificate in PEM", source_index + 1)]
    CaEmpty {
        /// The source's place in [`Plan::sources`].
        source_index: usize,
    },
    /// The HTTP client could not be built.
    #[error("no HTTP client for source number {}", source_index + 1)]
    Client {
        /// The source's place in [`Plan::sources`].
        source_index: usize,
    },
}

impl Error {
    /// What the user can do about it.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Threads(_) => "free some of the machine's memory or raise its limit of threads",
            Self::Address { .. } => "write the url as http://host/path or https://host/path",
            Self::Proxy { .. } => "Tor listens at socks5h://127.0.0.1:9050",
            Self::CaFile { .. } | Self::CaEmpty { .. } => {
                "name a readable PEM file with at least one BEGIN CERTIFICATE"
            }
            Self::Client { .. } => "check the source's user_agent: it must be plain ASCII",
        }
    }
}

/// What the sources of one crawl share.
struct Shared {
    events: mpsc::Sender<Event>,
    /// One for each body that may be open, of any length.
    bodies: Arc<Semaphore>,
    /// One for each reader, for bodies that are not taken in at once. More of them
    /// would wait for as long as a reader takes for a long one, and servers drop
    /// those who wait.
    long_bodies: Arc<Semaphore>,
    origins: OriginKey,
    limits: Limits,
    memory: Arc<dyn Memory>,
    stop: Stop,
    /// True when the run is to stop, or nobody listens any more.
    stopped: watch::Receiver<bool>,
}

/// A crawl under way. Dropped, it ends.
pub struct Crawl {
    events: Mutex<mpsc::Receiver<Event>>,
    dropped: Arc<AtomicBool>,
}

impl Crawl {
    /// The next event, or `None` after the last one. Blocks; may be called from
    /// several threads, not from an async one.
    pub fn next(&self) -> Option<Event> {
        self.events
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .blocking_recv()
    }
}

impl Drop for Crawl {
    fn drop(&mut self) {
        self.dropped.store(true, Ordering::Relaxed);
    }
}

/// Begins to crawl all of `plan`'s sources, on threads of its own.
///
/// # Errors
///
/// [`Error`] when a source cannot be crawled as it is configured; nothing was sent then.
pub fn start(plan: Plan, memory: Arc<dyn Memory>) -> Result<Crawl, Error> {
    let (to, events) = mpsc::channel(EVENTS);
    let (stopping, stopped) = watch::channel(false);
    let dropped = Arc::new(AtomicBool::new(false));
    let shared = Arc::new(Shared {
        events: to,
        bodies: Arc::new(Semaphore::new(plan.readers.max(1) + AHEAD)),
        long_bodies: Arc::new(Semaphore::new(plan.readers.max(1))),
        origins: plan.origins,
        limits: plan.limits,
        memory,
        stop: plan.stop,
        stopped,
    });
    let jobs = jobs(plan.sources, &shared)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("crawl")
        .enable_all()
        .build()
        .map_err(Error::Threads)?;
    let stop = shared.stop.clone();
    // The sources' copies are the last ones, so that the events end with them.
    drop(shared);
    let gone = dropped.clone();
    thread::Builder::new()
        .name("crawl".to_owned())
        .spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = all(jobs) => {}
                    () = tick(&stop, &gone, &stopping) => {}
                }
            });
            // A resolver that hangs must not keep the thread.
            runtime.shutdown_background();
        })
        .map_err(Error::Threads)?;
    let events = Mutex::new(events);
    Ok(Crawl { events, dropped })
}

/// A source that is ready to go.
enum Job {
    Web(Box<web::Site>),
    Path {
        source: usize,
        name: String,
        root: std::path::PathBuf,
        shared: Arc<Shared>,
    },
}

fn jobs(sources: Vec<Source>, shared: &Arc<Shared>) -> Result<Vec<Job>, Error> {
    sources
        .into_iter()
        .enumerate()
        .map(|(index, source)| match source.place {
            Place::Web(config) => web::Site::new(index, source.name, config, shared.clone())
                .map(|site| Job::Web(Box::new(site))),
            Place::Path(root) => Ok(Job::Path {
                source: index,
                name: source.name,
                root,
                shared: shared.clone(),
            }),
        })
        .collect()
}

async fn all(jobs: Vec<Job>) {
    let mut running = tokio::task::JoinSet::new();
    for job in jobs {
        match job {
            Job::Web(site) => {
                running.spawn(web::crawl(*site));
            }
            Job::Path {
                source,
                name,
                root,
                shared,
            } => {
                running.spawn_blocking(move || folder::walk(source, name, root, shared));
            }
        }
    }
    while running.join_next().await.is_some() {}
}

/// Turns the wish to stop, which is looked at, into one that wakes. Never ends.
async fn tick(stop: &Stop, dropped: &AtomicBool, stopping: &watch::Sender<bool>) {
    loop {
        if stop.is_asked() || dropped.load(Ordering::Relaxed) {
            stopping.send_replace(true);
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(STOP_TICK).await;
    }
}
