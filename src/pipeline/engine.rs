//! What all threads of a run share: the lists, their keys, the limits.

use std::fmt;
use std::panic::resume_unwind;
use std::sync::atomic::AtomicU64;
use std::thread::{self, ScopedJoinHandle};

use super::canary::{self, Canary};
use super::crew::Crew;
use super::worker::Worker;
use crate::base::{Kind, OriginKey, Regions, Shape};
use crate::config::Limits;
use crate::decode::text::PIECE;
use crate::fingerprint::{Fingerprint, Fingerprinter, Key, KindFingerprinter};
use crate::matching::{self, Index, Watchlist};

/// The lists, their keys and the limits; made once and shared by all workers.
///
/// Text is decoded once for all lists, and searched once for all of them that
/// read the same national notations. What is found for one list says nothing of
/// another.
pub struct Engine {
    pub(super) lists: Vec<List>,
    pub(super) slots: Vec<Slot>,
    pub(super) groups: Vec<Group>,
    pub(super) limits: Limits,
    pub(super) origins: OriginKey,
    pub(super) sizes: Sizes,
}

/// How text is shared out, in bytes. No verdict depends on it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    /// A piece owns at most so much.
    pub(super) piece: usize,
    /// What of an artefact is sifted where it is decoded: most artefacts are not
    /// longer, and others wait for none of it.
    pub(super) alone: usize,
    /// What is worth a trip to another thread: some 100 µs of work, and the trip
    /// costs about 10.
    pub(super) bundle: usize,
}

impl Default for Sizes {
    fn default() -> Self {
        Self {
            piece: PIECE,
            alone: 256 << 10,
            bundle: 128 << 10,
        }
    }
}

/// One list under its key.
pub(super) struct List {
    pub(super) fingerprinter: Fingerprinter,
    pub(super) index: Index,
    pub(super) canaries: Vec<Canary>,
    /// Whether people are on it.
    pub(super) has_people: bool,
}

/// A kind of one list.
pub(super) struct Slot {
    pub(super) list: usize,
    pub(super) kind: &'static Kind,
    /// Where the list's index keeps them.
    pub(super) place: matching::Slot,
    pub(super) by: KindFingerprinter,
}

/// Lists that agree on how text is to be read.
pub(super) struct Group {
    pub(super) regions: Regions,
    pub(super) lists: Vec<usize>,
    /// The kinds of all of them, each with the slots that want its candidates.
    pub(super) kinds: Vec<(&'static Kind, Vec<usize>)>,
    /// Their own kinds.
    pub(super) own: Vec<&'static Kind>,
}

impl Engine {
    /// Prepares to look for the entries of `lists`, each beside the index that it is
    /// looked up in and the key that it was made with. Verdicts come in their order.
    pub fn new<'l>(
        lists: impl IntoIterator<Item = (&'l Watchlist, Index, &'l Key)>,
        limits: Limits,
        origins: OriginKey,
    ) -> Self {
        let mut engine = Self {
            lists: Vec::new(),
            slots: Vec::new(),
            groups: Vec::new(),
            limits,
            origins,
            sizes: Sizes::default(),
        };
        for (list, index, key) in lists {
            engine.add(list, index, key);
        }
        engine
    }

    /// The same with text shared out in another way.
    #[cfg(test)]
    pub(super) fn with_sizes(mut self, sizes: Sizes) -> Self {
        self.sizes = sizes;
        self
    }

    fn add(&mut self, list: &Watchlist, index: Index, key: &Key) {
        let fingerprinter = Fingerprinter::new(key);
        let kinds = list.kinds();
        let canaries = canary::canaries(&kinds, &fingerprinter);
        let planted = canaries.iter().map(|c| (c.kind, c.fingerprint, c.hint));
        let index = index.with_canaries(planted);
        let number = self.lists.len();
        let mut own = kinds.clone();
        own.retain(|kind| kind.definition().is_some());
        // A list's verdict must not depend on what another one calls a kind.
        let is_same = |(one, other): (&&'static Kind, &&'static Kind)| std::ptr::eq(*one, *other);
        let same = |group: &Group| {
            group.regions == list.regions
                && group.own.len() == own.len()
                && group.own.iter().zip(&own).all(is_same)
        };
        let group = self.groups.iter().position(same).unwrap_or_else(|| {
            self.groups.push(Group {
                regions: list.regions.clone(),
                lists: Vec::new(),
                kinds: Vec::new(),
                own: own.clone(),
            });
            self.groups.len() - 1
        });
        for kind in &kinds {
            let Some(place) = index.slot_of(kind) else {
                continue;
            };
            self.slots.push(Slot {
                list: number,
                kind,
                place,
                by: fingerprinter.for_kind(kind),
            });
            if let Some(group) = self.groups.get_mut(group) {
                group.want(kind, self.slots.len() - 1);
            }
        }
        if let Some(group) = self.groups.get_mut(group) {
            group.lists.push(number);
        }
        self.lists.push(List {
            index,
            canaries,
            has_people: kinds
                .iter()
                .any(|kind| matches!(kind.shape, Shape::Person | Shape::Address)),
            fingerprinter,
        });
    }

    /// Whether an entry is on the list of that number.
    pub fn lists(&self, number: usize, kind: &str, fingerprint: &Fingerprint) -> bool {
        let list = self.lists.get(number);
        list.is_some_and(|list| list.index.lists(kind, fingerprint))
    }

    /// Whether an entry of the list of that number is shared by more people than a
    /// family.
    pub fn is_shared(&self, number: usize, kind: &str, fingerprint: &Fingerprint) -> bool {
        let list = self.lists.get(number);
        list.is_some_and(|list| list.index.is_shared(kind, fingerprint))
    }

    /// Checks that nothing on the list of that number was overlooked for want of an
    /// index that can be read.
    ///
    /// # Errors
    ///
    /// [`matching::Error::Index`]: no verdict since the last check can be trusted.
    pub fn check(&self, number: usize) -> Result<(), matching::Error> {
        let list = self.lists.get(number);
        list.map_or(Ok(()), |list| list.index.check())
    }

    /// Lets `workers` threads do `work`, each with its number and a worker of its
    /// own, and waits for them. As many threads more help those workers that are
    /// at something long while others have nothing to do.
    ///
    /// Workers add what they find to `matches`, an entry once for each artefact,
    /// as they find it.
    pub fn work(
        &self,
        workers: usize,
        matches: &AtomicU64,
        work: &(dyn Fn(usize, &mut Worker<'_>) + Sync),
    ) {
        let workers = workers.max(1);
        let crew = Crew::new(self, workers);
        thread::scope(|scope| {
            for _ in 1..workers {
                scope.spawn(|| crew.help());
            }
            let crew = &crew;
            // Also when a worker panics: the scope waits for the helpers.
            let over = crew.over();
            let threads: Vec<_> = (0..workers)
                .map(|number| scope.spawn(move || work(number, &mut Worker::new(crew, matches))))
                .collect();
            let ended: Vec<_> = threads.into_iter().map(ScopedJoinHandle::join).collect();
            drop(over);
            if let Some(panic) = ended.into_iter().find_map(Result::err) {
                resume_unwind(panic);
            }
        });
    }
}

impl Group {
    fn want(&mut self, kind: &'static Kind, slot: usize) {
        let mut kinds = self.kinds.iter_mut();
        match kinds.find(|(wanted, _)| std::ptr::eq(*wanted, kind)) {
            Some((_, slots)) => slots.push(slot),
            None => self.kinds.push((kind, vec![slot])),
        }
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("lists", &self.lists.len())
            .finish_non_exhaustive()
    }
}
