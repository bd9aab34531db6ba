//! SHA-256 of a long artefact, beside the work on its text.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::crew::Crew;
use crate::base::{Hasher, Sha256};

/// What an artefact's first bytes cost is not worth a trip.
const ALONE: u64 = 1 << 20;
/// Bytes that go to the other thread at once.
const BLOCK: usize = 256 << 10;
/// Blocks that may wait for it.
const WAITING: usize = 4;

/// Hashes here, or on another thread while there is one that has nothing to do.
pub(super) struct Digester<'c> {
    crew: &'c Crew<'c>,
    hashing: Arc<Hashing>,
    /// Bytes that wait to become a block.
    block: Vec<u8>,
    bytes: u64,
}

/// The hasher, and the blocks that wait for it, in order.
#[derive(Default)]
pub(super) struct Hashing {
    state: Mutex<State>,
    done: Condvar,
}

struct State {
    /// `None` while a thread is at a block.
    hasher: Option<Hasher>,
    waiting: VecDeque<Vec<u8>>,
    /// Buffers, to be used again.
    empty: Vec<Vec<u8>>,
    /// Whether a thread was asked to catch up, and has not done it.
    is_left: bool,
}

impl Default for State {
    fn default() -> Self {
        Self {
            hasher: Some(Hasher::default()),
            waiting: VecDeque::new(),
            empty: Vec::new(),
            is_left: false,
        }
    }
}

impl<'c> Digester<'c> {
    pub(super) fn new(crew: &'c Crew<'c>) -> Self {
        Self {
            crew,
            hashing: Arc::default(),
            block: Vec::new(),
            bytes: 0,
        }
    }

    /// Takes in the next bytes.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        let is_alone = self.bytes < ALONE || !self.crew.wants_bytes();
        if self.block.is_empty() && is_alone {
            self.hashing.up_to_date(|hasher| hasher.update(bytes));
            return;
        }
        self.block.extend_from_slice(bytes);
        if self.block.len() >= BLOCK {
            let block = std::mem::take(&mut self.block);
            let (block, is_new) = self.hashing.add(block);
            self.block = block;
            if is_new {
                self.crew.leave_hashing(Arc::clone(&self.hashing));
            }
        }
    }

    /// The digest of all bytes so far.
    pub(super) fn finish(&mut self) -> Sha256 {
        let digest = self.hashing.up_to_date(|hasher| {
            hasher.update(&self.block);
            hasher.finish()
        });
        self.block.clear();
        digest
    }
}

impl Hashing {
    /// Adds a block; gives an empty one back, and whether somebody must be asked to
    /// catch up.
    fn add(&self, block: Vec<u8>) -> (Vec<u8>, bool) {
        let mut state = self.lock();
        if state.waiting.len() >= WAITING {
            drop(state);
            self.up_to_date(|_| ());
            state = self.lock();
        }
        state.waiting.push_back(block);
        let is_new = !state.is_left;
        state.is_left = true;
        (state.empty.pop().unwrap_or_default(), is_new)
    }

    /// Hashes the blocks that wait, unless somebody is at it.
    pub(super) fn catch_up(&self) {
        let mut state = self.lock();
        while let Some(mut hasher) = state.hasher.take() {
            let Some(mut block) = state.waiting.pop_front() else {
                state.hasher = Some(hasher);
                break;
            };
            drop(state);
            hasher.update(&block);
            block.clear();
            state = self.lock();
            state.hasher = Some(hasher);
            state.empty.push(block);
            self.done.notify_all();
        }
        state.is_left = false;
        self.done.notify_all();
    }

    /// Uses the hasher when nothing waits and nobody hashes; does itself what nobody
    /// has begun.
    fn up_to_date<T>(&self, work: impl FnOnce(&mut Hasher) -> T) -> T {
        let mut guard = self.lock();
        loop {
            let state = &mut *guard;
            if let Some(hasher) = &mut state.hasher {
                for mut block in state.waiting.drain(..) {
                    hasher.update(&block);
                    block.clear();
                    state.empty.push(block);
                }
                return work(hasher);
            }
            guard = self
                .done
                .wait(guard)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::tests::engine;

    #[test]
    fn the_digest_is_that_of_all_bytes_whoever_hashes_them() {
        let bytes: Vec<u8> = (0..900_000_u32).flat_map(u32::to_le_bytes).collect();
        let engine = engine();
        for (workers, step) in [(1, 1000), (2, 70_001), (3, 1 << 20), (4, 300_000)] {
            let crew = Crew::new(&engine, workers);
            std::thread::scope(|scope| {
                for _ in 1..workers {
                    scope.spawn(|| crew.help());
                }
                let over = crew.over();
                let mut digester = Digester::new(&crew);
                for part in bytes.chunks(step) {
                    digester.update(part);
                }
                assert_eq!(digester.finish(), Sha256::of(&bytes), "{workers} {step}");
                drop(over);
            });
        }
    }

    #[test]
    fn what_nobody_hashes_is_hashed_by_its_owner() {
        let engine = engine();
        // Somebody is free, and never comes.
        let crew = Crew::new(&engine, 2);
        let bytes = vec![7; 8 << 20];
        let mut digester = Digester::new(&crew);
        for part in bytes.chunks(100_000) {
            digester.update(part);
        }
        assert_eq!(digester.finish(), Sha256::of(&bytes));
    }
}
