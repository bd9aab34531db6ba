//! One thing fetched, and its bytes as they come in.

use std::fs::File;
use std::io::{self, Read, Stdin};
use std::os::unix::fs::FileExt;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use super::{Failure, Validator};
use crate::base::{Origin, Stop};

/// Bytes of one part on the way from the network to the reader.
const PART: usize = 64 << 10;
/// Parts that may wait.
const PARTS: usize = 16;
/// Bytes that may wait for the reader of a body. What is not longer is taken off
/// the server's hands at once.
pub(super) const AHEAD: u64 = (PARTS * PART) as u64;

/// The right to have a body open; see [`Shared`](super::Shared).
pub(super) struct Slot {
    /// Held, not looked at.
    pub(super) _body: OwnedSemaphorePermit,
    /// For bodies that are longer than [`AHEAD`].
    pub(super) long: Option<OwnedSemaphorePermit>,
}

/// One thing fetched. It has no `Debug`, and nothing in it says where it lies.
pub struct Artefact {
    /// The source's place in [`Plan::sources`](super::Plan).
    pub source: usize,
    /// Its opaque name.
    pub origin: Origin,
    /// The status of the answer; `None` for local files.
    pub status: Option<u16>,
    /// When the answer began.
    pub fetched_at: Timestamp,
    /// Bytes that were announced.
    pub length: Option<u64>,
    /// What to ask with the next time.
    pub validator: Validator,
    /// Whether it is a page whose links are followed.
    pub page: bool,
    /// The character set that the server names, as the WHATWG Encoding Standard
    /// spells it.
    pub charset: Option<String>,
    /// Its bytes.
    pub body: Body,
    /// The same bytes for random access, where they are a local file. Reading
    /// the body does not move its position.
    pub file: Option<File>,
}

impl Artefact {
    /// What comes in on the standard input.
    pub fn stdin(source: usize, origin: Origin) -> Self {
        Self {
            source,
            origin,
            status: None,
            fetched_at: Timestamp::now(),
            length: None,
            validator: Validator::default(),
            page: false,
            charset: None,
            body: Body::new(Inner::Stdin(io::stdin()), None, Stop::default()),
            file: None,
        }
    }

    /// An open local file.
    pub(super) fn local(
        source: usize,
        origin: Origin,
        file: File,
        validator: Validator,
        stop: Stop,
    ) -> io::Result<Self> {
        let length = validator.length;
        let inner = Inner::File {
            file: file.try_clone()?,
            offset: 0,
        };
        Ok(Self {
            source,
            origin,
            status: None,
            fetched_at: Timestamp::now(),
            length,
            validator,
            page: false,
            charset: None,
            body: Body::new(inner, length, stop),
            file: Some(file),
        })
    }
}

/// How reading a body went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It has not ended yet.
    Open,
    /// It ended as announced.
    Complete,
    /// It ended too early.
    Broken(Failure),
    /// It was cut off because the run was asked to stop.
    Stopped,
}

/// A handle on a body's outcome that outlives the body.
#[derive(Debug, Clone)]
pub struct BodyState(Arc<Mutex<Outcome>>);

impl BodyState {
    fn open() -> Self {
        Self(Arc::new(Mutex::new(Outcome::Open)))
    }

    /// How it went so far. Final once the body has been read to its end or error.
    pub fn now(&self) -> Outcome {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets the outcome, unless there already is one; gives back the one that holds.
    fn settle(&self, outcome: Outcome) -> Outcome {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if *state == Outcome::Open {
            *state = outcome;
        }
        *state
    }
}

enum Inner {
    Parts {
        parts: mpsc::Receiver<Vec<u8>>,
        part: Vec<u8>,
        taken: usize,
        /// Counts this body among those that are open at once.
        slot: Option<Slot>,
    },
    File {
        file: File,
        offset: u64,
    },
    Stdin(Stdin),
}

/// The bytes of an artefact, read as they come in.
///
/// Reading blocks, so it must not be done on a thread of an async runtime. A body
/// that ends too early ends with an error, never as if it were whole.
pub struct Body {
    inner: Inner,
    length: Option<u64>,
    state: BodyState,
    stop: Stop,
}

impl Body {
    fn new(inner: Inner, length: Option<u64>, stop: Stop) -> Self {
        Self {
            inner,
            length,
            state: BodyState::open(),
            stop,
        }
    }

    /// A handle that tells, also after the body is gone, how reading it went.
    pub fn outcome(&self) -> BodyState {
        self.state.clone()
    }

    /// A body, and the end that it is fed from.
    pub(super) fn fed(slot: Slot, stop: Stop) -> (Feed, Self) {
        let (to, parts) = mpsc::channel(PARTS);
        let inner = Inner::Parts {
            parts,
            part: Vec::new(),
            taken: 0,
            slot: Some(slot),
        };
        let body = Self::new(inner, None, stop);
        let feed = Feed {
            parts: Some(to),
            state: body.outcome(),
            finished: false,
        };
        (feed, body)
    }
}

impl Read for Body {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        if self.stop.is_asked() && self.state.settle(Outcome::Stopped) == Outcome::Stopped {
            return Err(Failure::Stopped.into());
        }
        let (read, end) = match &mut self.inner {
            Inner::Parts {
                parts,
                part,
                taken,
                slot,
            } => {
                while *taken >= part.len() {
                    let Some(next) = parts.blocking_recv() else {
                        *slot = None;
                        return self.finish(Outcome::Complete);
                    };
                    (*part, *taken) = (next, 0);
                }
                let mut rest = part.get(*taken..).unwrap_or_default();
                let read = rest.read(into)?;
                *taken += read;
                (read, Outcome::Open)
            }
            Inner::File { file, offset } => {
                let read = file
                    .read_at(into, *offset)
                    .map_err(|error| unreadable(&self.state, error))?;
                *offset += read as u64;
                let short = self.length.is_some_and(|length| *offset < length);
                (
                    read,
                    if short {
                        Outcome::Broken(Failure::BodyShort)
                    } else {
                        Outcome::Complete
                    },
                )
            }
            Inner::Stdin(stdin) => {
                let read = stdin
                    .read(into)
                    .map_err(|error| unreadable(&self.state, error))?;
                (read, Outcome::Complete)
            }
        };
        if read > 0 {
            return Ok(read);
        }
        self.finish(end)
    }
}

/// Settles `state` for an `error` of the system, unless it is one to try again after.
fn unreadable(state: &BodyState, error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::Interrupted {
        return error;
    }
    let failure = Failure::LocalIo(error.kind());
    state.settle(Outcome::Broken(failure));
    failure.into()
}

impl Body {
    /// The end was reached: as an end, or as an error.
    fn finish(&mut self, end: Outcome) -> io::Result<usize> {
        match self.state.settle(end) {
            Outcome::Open | Outcome::Complete => Ok(0),
            Outcome::Broken(failure) => Err(failure.into()),
            Outcome::Stopped => Err(Failure::Stopped.into()),
        }
    }
}

/// The end of a body on the side of the network.
///
/// Dropped before [`Feed::finish`], it leaves a body that was stopped.
pub(super) struct Feed {
    parts: Option<mpsc::Sender<Vec<u8>>>,
    state: BodyState,
    finished: bool,
}

impl Feed {
    /// Hands `bytes` on, waiting while the reader is busy.
    ///
    /// False when nobody reads any more.
    pub(super) async fn push(&mut self, bytes: &[u8]) -> bool {
        let Some(parts) = &self.parts else {
            return false;
        };
        for part in bytes.chunks(PART) {
            if parts.send(part.to_vec()).await.is_err() {
                self.parts = None;
                return false;
            }
        }
        true
    }

    /// Ends the body; with `None` because nobody reads it any more.
    pub(super) fn finish(mut self, end: Option<Result<(), Failure>>) {
        self.finished = true;
        self.state.settle(match end {
            None => Outcome::Open,
            Some(Ok(())) => Outcome::Complete,
            Some(Err(failure)) => Outcome::Broken(failure),
        });
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        // The outcome first, then the channel: the reader looks at it when the
        // channel has ended.
        if !self.finished {
            self.state.settle(Outcome::Stopped);
        }
    }
}
