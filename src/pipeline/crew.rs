//! Work that a thread has left for others.
//!
//! | in  | bundles of pieces, bytes to hash                                       |
//! |-----|------------------------------------------------------------------------|
//! | out | a [`Haul`] to whoever left the bundle                                  |
//! | not | order: that is restored by whoever left it. Waiting for what nobody does |
//!
//! A worker that is at a long artefact leaves work here while other workers have
//! nothing to do. Helpers take it. Nobody ever depends on them: work that nobody
//! has begun is taken back and done by its owner.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::bundle::Bundle;
use super::engine::Engine;
use super::hashing::Hashing;
use super::sieve::{Haul, Sieve};

/// Bundles under way for each worker that has nothing else to do: one that is
/// sifted, and the next ones.
const AHEAD: usize = 3;
/// Bytes of bundles that may be under way in all.
const BYTES: usize = 24 << 20;

/// The threads of a run, and what they leave for each other.
pub(super) struct Crew<'e> {
    pub(super) engine: &'e Engine,
    pub(super) workers: usize,
    /// Workers that are at an artefact.
    busy: AtomicUsize,
    /// Bundles that were left and are not done.
    under_way: AtomicUsize,
    bytes: AtomicUsize,
    shelf: Mutex<Shelf>,
    work: Condvar,
}

#[derive(Default)]
struct Shelf {
    tasks: VecDeque<Task>,
    /// Empty bundles, to be used again.
    bundles: Vec<Bundle>,
    is_over: bool,
}

enum Task {
    Sift(Sifting),
    Hash(Arc<Hashing>),
}

/// A bundle that is to be sifted.
pub(super) struct Sifting {
    /// Its owner's number for it.
    pub(super) number: u64,
    pub(super) bundle: Bundle,
    pub(super) to: Sender<Sifted>,
}

/// What a bundle has given.
pub(super) struct Sifted {
    pub(super) number: u64,
    pub(super) haul: Haul,
    /// The piece at which a finder crashed; nothing behind it was sifted.
    pub(super) crashed_at: Option<usize>,
}

impl<'e> Crew<'e> {
    pub(super) fn new(engine: &'e Engine, workers: usize) -> Self {
        Self {
            engine,
            workers,
            busy: AtomicUsize::new(0),
            under_way: AtomicUsize::new(0),
            bytes: AtomicUsize::new(0),
            shelf: Mutex::default(),
            work: Condvar::new(),
        }
    }

    /// One who works alone.
    pub(super) fn alone(engine: &'e Engine) -> Self {
        Self::new(engine, 1)
    }

    /// Counts a worker as busy until what this gives is dropped.
    pub(super) fn busy(&self) -> Busy<'_> {
        self.busy.fetch_add(1, Ordering::Relaxed);
        Busy(&self.busy)
    }

    /// How many have nothing to do but to help.
    fn free(&self) -> usize {
        self.workers
            .saturating_sub(self.busy.load(Ordering::Relaxed))
    }

    /// Whether a bundle would soon be sifted by somebody else.
    pub(super) fn wants_bundles(&self) -> bool {
        self.under_way.load(Ordering::Relaxed) < AHEAD * self.free()
            && self.bytes.load(Ordering::Relaxed) < BYTES
    }

    /// Whether somebody has the time to hash, or to unpack ahead.
    pub(super) fn wants_bytes(&self) -> bool {
        self.free() > 0
    }

    /// An empty bundle.
    pub(super) fn bundle(&self) -> Bundle {
        self.lock().bundles.pop().unwrap_or_default()
    }

    /// Leaves a bundle for others.
    pub(super) fn leave(&self, sifting: Sifting) {
        self.under_way.fetch_add(1, Ordering::Relaxed);
        self.bytes
            .fetch_add(sifting.bundle.bytes(), Ordering::Relaxed);
        self.lock().tasks.push_back(Task::Sift(sifting));
        self.work.notify_one();
    }

    /// Leaves bytes to be hashed: before all bundles, for their order is fixed.
    pub(super) fn leave_hashing(&self, hashing: Arc<Hashing>) {
        self.lock().tasks.push_front(Task::Hash(hashing));
        self.work.notify_one();
    }

    /// Does what was left and nobody has begun; whether there was anything.
    pub(super) fn lend_a_hand(&self, sieve: &mut Sieve<'e>) -> bool {
        let task = self.lock().tasks.pop_front();
        let is_some = task.is_some();
        if let Some(task) = task {
            self.run(task, sieve);
        }
        is_some
    }

    /// Does what others leave, until the work is over.
    pub(super) fn help(&self) {
        let mut sieve = None;
        while let Some(task) = self.next() {
            self.run(task, sieve.get_or_insert_with(|| Sieve::new(self.engine)));
        }
    }

    /// Ends the work when it is dropped.
    pub(super) fn over(&self) -> Over<'_, 'e> {
        Over(self)
    }

    fn next(&self) -> Option<Task> {
        let mut left = self.lock();
        loop {
            if let Some(task) = left.tasks.pop_front() {
                return Some(task);
            }
            if left.is_over {
                return None;
            }
            left = self.work.wait(left).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn run(&self, task: Task, sieve: &mut Sieve<'e>) {
        match task {
            Task::Hash(hashing) => hashing.catch_up(),
            Task::Sift(sifting) => {
                let bytes = sifting.bundle.bytes();
                let (number, to) = (sifting.number, sifting.to.clone());
                let sifted = self.sift(number, sifting.bundle, sieve);
                self.bytes.fetch_sub(bytes, Ordering::Relaxed);
                self.under_way.fetch_sub(1, Ordering::Relaxed);
                // An owner who was stopped by a crash waits no more.
                let _ = to.send(sifted);
            }
        }
    }

    /// Sifts a bundle and puts it away.
    pub(super) fn sift(&self, number: u64, mut bundle: Bundle, sieve: &mut Sieve<'e>) -> Sifted {
        let mut sifted = Sifted {
            number,
            haul: Haul::default(),
            crashed_at: None,
        };
        sifted.haul.clear(self.engine.slots.len());
        let mut before = Mark::default();
        for part in 0..bundle.len() {
            let Some(piece) = bundle.piece(part) else {
                continue;
            };
            before.set(&sifted.haul);
            let done = catch_unwind(AssertUnwindSafe(|| {
                sieve.sift(part, &piece, &mut sifted.haul);
            }));
            if done.is_err() {
                *sieve = Sieve::new(self.engine);
                before.back(&mut sifted.haul);
                sifted.crashed_at = Some(part);
                break;
            }
        }
        if bundle.clear() {
            let mut left = self.lock();
            if left.bundles.len() < AHEAD * self.workers {
                left.bundles.push(bundle);
            }
        }
        sifted
    }

    fn lock(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How far a haul was before a piece.
#[derive(Default)]
struct Mark {
    candidates: Vec<u64>,
    refused: Vec<u64>,
    hits: usize,
    names_met: usize,
}

impl Mark {
    fn set(&mut self, haul: &Haul) {
        self.candidates.clone_from(&haul.candidates);
        self.refused.clone_from(&haul.refused);
        self.hits = haul.hits.len();
        self.names_met = haul.names_met.len();
    }

    /// What a finder gave before it crashed is not to be relied on.
    fn back(&self, haul: &mut Haul) {
        haul.candidates.clone_from(&self.candidates);
        haul.refused.clone_from(&self.refused);
        haul.hits.truncate(self.hits);
        haul.names_met.truncate(self.names_met);
    }
}

/// A worker is at something.
pub(super) struct Busy<'c>(&'c AtomicUsize);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Sends the helpers home.
pub(super) struct Over<'c, 'e>(&'c Crew<'e>);

impl Drop for Over<'_, '_> {
    fn drop(&mut self) {
        self.0.lock().is_over = true;
        self.0.work.notify_all();
    }
}
