//! What a visit owes to the walk, however it ends.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::frontier::{Frontier, Visit};

/// Says, when it is dropped, that the links of a visit are known.
pub(super) struct Ticket {
    frontier: Arc<Mutex<Frontier>>,
    changed: Arc<Notify>,
    round: u64,
    told: Told,
}

/// Whether the outcome of a visit was reported.
#[derive(Clone, Default)]
pub(super) struct Told(Arc<AtomicBool>);

impl Told {
    pub(super) fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Ticket {
    pub(super) fn new(
        frontier: &Arc<Mutex<Frontier>>,
        changed: &Arc<Notify>,
        visit: &Visit,
    ) -> Self {
        Self {
            frontier: frontier.clone(),
            changed: changed.clone(),
            round: visit.round(),
            told: Told::default(),
        }
    }

    pub(super) fn told(&self) -> Told {
        self.told.clone()
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        lock(&self.frontier).links_known(self.round);
        self.changed.notify_one();
    }
}

/// The addresses, also after a panic of somebody who held them: they stay usable.
pub(super) fn lock(frontier: &Mutex<Frontier>) -> MutexGuard<'_, Frontier> {
    frontier.lock().unwrap_or_else(PoisonError::into_inner)
}
