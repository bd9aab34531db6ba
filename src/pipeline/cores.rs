//! How many cores workers stand for, and how many of them are at work.
//!
//! | in  | workers that come and go, artefacts that are begun and done         |
//! |-----|---------------------------------------------------------------------|
//! | out | whether one worker may use the core of another one that is idle     |
//! | not | the machine: who starts the workers decides how many cores there are |

use std::sync::atomic::{AtomicUsize, Ordering};

/// The cores of all workers of one engine.
#[derive(Debug, Default)]
pub(super) struct Cores {
    all: AtomicUsize,
    busy: AtomicUsize,
}

/// The cores that an artefact is examined on.
pub(super) struct Taken<'a> {
    cores: &'a Cores,
    count: usize,
}

impl Cores {
    /// A worker comes.
    pub(super) fn add(&self) {
        self.all.fetch_add(1, Ordering::Relaxed);
    }

    /// A worker goes.
    pub(super) fn remove(&self) {
        self.all.fetch_sub(1, Ordering::Relaxed);
    }

    /// A worker begins with an artefact: it takes its own core, and the one of an
    /// idle worker if there is one.
    pub(super) fn take(&self) -> Taken<'_> {
        let all = self.all.load(Ordering::Relaxed);
        let busy = self.busy.fetch_add(2, Ordering::Relaxed);
        let is_spare = busy + 2 <= all;
        if !is_spare {
            self.busy.fetch_sub(1, Ordering::Relaxed);
        }
        Taken {
            cores: self,
            count: 1 + usize::from(is_spare),
        }
    }
}

impl Taken<'_> {
    /// Whether there is a second one.
    pub(super) fn is_spare(&self) -> bool {
        self.count > 1
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.cores.busy.fetch_sub(self.count, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_core_is_spare_while_a_worker_is_idle() {
        let cores = Cores::default();
        cores.add();
        assert!(!cores.take().is_spare());
        cores.add();
        let both = cores.take();
        assert!(both.is_spare());
        assert!(!cores.take().is_spare());
        drop(both);
        let one = cores.take();
        assert!(one.is_spare());
        drop(one);
        cores.remove();
        assert!(!cores.take().is_spare());
    }
}
