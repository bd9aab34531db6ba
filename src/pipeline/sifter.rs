//! Takes decoded text, shares the work, and takes the results down in order.
//!
//! | in  | what a decoder finds, in the order of the artefact                     |
//! |-----|------------------------------------------------------------------------|
//! | out | the same, with what the sieve says of each piece, in the same order    |
//! | not | more than [`STEPS`] results that wait for an earlier one               |

use std::collections::VecDeque;
use std::panic::resume_unwind;
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::{Receiver, Sender, channel};

use super::bundle::Bundle;
use super::canary::Canary;
use super::crew::{Crew, Sifted, Sifting};
use super::ledger::Ledger;
use super::sieve::{Haul, Hit, Sieve};
use super::verdict::Verdict;
use super::witness::Seen;
use crate::base::{Format, Limit, Origin, Piece, Reason};
use crate::decode::{Out, Tally};

/// Steps that may wait for an earlier one.
const STEPS: usize = 4096;
/// Bundles that may wait for an earlier one, or be under way, for each worker.
const BUNDLES: usize = 6;

/// Takes decoded text, keeps findings.
pub(super) struct Sifter<'e> {
    crew: &'e Crew<'e>,
    sieve: Sieve<'e>,
    ledger: Ledger<'e>,
    /// What a piece has given that is taken down at once.
    haul: Haul,
    /// Bytes of the artefact's text so far.
    text: usize,
    /// What is not taken down yet, in order.
    steps: VecDeque<Step>,
    /// The results of bundles, from the one numbered `first` on.
    results: VecDeque<Option<Given>>,
    first: u64,
    /// The bundle that is being filled; the last one of `results`.
    open: Option<Bundle>,
    to: Sender<Sifted>,
    from: Receiver<Sifted>,
    /// Whether a finder crashed in what was to be taken down next.
    crashed: bool,
}

/// What a decoder has found.
enum Step {
    Begin(Origin, Format),
    /// A piece: its bundle, and its number there.
    Piece(u64, usize),
    End(u64),
    Container(Format),
    Missed(Origin, Reason),
    Limit(Limit),
}

/// What a bundle has given, as far as it is not taken down.
struct Given {
    /// All but the hits; `None` once it is taken down.
    sums: Option<Haul>,
    hits: std::iter::Peekable<std::vec::IntoIter<Hit>>,
    crashed_at: Option<usize>,
}

impl<'e> Sifter<'e> {
    pub(super) fn new(crew: &'e Crew<'e>, matches: &'e AtomicU64) -> Self {
        let (to, from) = channel();
        Self {
            sieve: Sieve::new(crew.engine),
            ledger: Ledger::new(crew.engine, matches),
            haul: Haul::default(),
            text: 0,
            steps: VecDeque::new(),
            results: VecDeque::new(),
            first: 0,
            open: None,
            to,
            from,
            crashed: false,
            crew,
        }
    }

    /// Forgets the last artefact.
    pub(super) fn restart(&mut self) {
        self.ledger.restart();
        self.text = 0;
        self.crashed = false;
        if !self.steps.is_empty() {
            self.forget();
        }
    }

    /// A panic has gone through: what was being sifted is lost.
    pub(super) fn renew(&mut self) {
        self.sieve = Sieve::new(self.crew.engine);
    }

    /// Waits for what is under way and takes it down. False when a finder crashed
    /// at some of it: nothing behind that counts.
    pub(super) fn settle(&mut self) -> bool {
        self.close();
        self.catch_up(0, 0);
        !self.crashed
    }

    /// Notes that the artefact's decoder or a finder crashed.
    pub(super) fn note_crash(&mut self, origin: Origin) {
        self.ledger.missed(origin, Reason::DecoderCrashed);
    }

    /// How many of `canaries` of a list were found in the last artefact.
    pub(super) fn found(&self, list: usize, canaries: &[Canary]) -> u64 {
        self.ledger.found(list, canaries)
    }

    /// What there is to say of the artefact, for each list.
    pub(super) fn verdicts(&mut self, seen: &Seen, tally: &Tally) -> Vec<Verdict> {
        self.ledger.verdicts(seen, tally)
    }

    /// Adds `piece` to the bundle that is being filled.
    fn bundle(&mut self, piece: &Piece<'_>) {
        if self.open.is_none() {
            self.results.push_back(None);
        }
        let open = self.open.take();
        let mut bundle = open.unwrap_or_else(|| self.crew.bundle());
        let number = self.last();
        self.steps.push_back(Step::Piece(number, bundle.add(piece)));
        let is_full = bundle.bytes() >= self.crew.engine.sizes.bundle;
        self.open = Some(bundle);
        if is_full {
            self.close();
        }
    }

    /// Sends the bundle that is being filled on its way.
    fn close(&mut self) {
        let Some(bundle) = self.open.take() else {
            return;
        };
        let number = self.last();
        if self.crew.wants_bundles() {
            self.crew.leave(Sifting {
                number,
                bundle,
                to: self.to.clone(),
            });
        } else {
            let sifted = self.crew.sift(number, bundle, &mut self.sieve);
            self.receive(sifted);
        }
    }

    /// The number of the newest bundle.
    fn last(&self) -> u64 {
        (self.first + self.results.len() as u64).saturating_sub(1)
    }

    fn receive(&mut self, sifted: Sifted) {
        let at = usize::try_from(sifted.number.wrapping_sub(self.first)).unwrap_or(usize::MAX);
        if let Some(place) = self.results.get_mut(at) {
            let mut haul = sifted.haul;
            *place = Some(Given {
                hits: std::mem::take(&mut haul.hits).into_iter().peekable(),
                sums: Some(haul),
                crashed_at: sifted.crashed_at,
            });
        }
    }

    /// Takes down what can be, and waits while more than so many steps or bundles
    /// are left; does itself what nobody has begun.
    fn catch_up(&mut self, steps: usize, bundles: usize) {
        loop {
            while let Ok(sifted) = self.from.try_recv() {
                self.receive(sifted);
            }
            self.take_down();
            if self.steps.len() <= steps && self.results.len() <= bundles {
                return;
            }
            if self.open.is_some() && self.results.len() == 1 {
                // The only thing to wait for has not been sent.
                self.close();
                continue;
            }
            if !self.crew.lend_a_hand(&mut self.sieve)
                && let Ok(sifted) = self.from.recv()
            {
                self.receive(sifted);
            }
        }
    }

    /// Takes down the steps up to the first whose result is not there.
    fn take_down(&mut self) {
        while let Some(step) = self.steps.front() {
            if let Step::Piece(bundle, part) = *step {
                while self.first < bundle {
                    self.first += 1;
                    self.results.pop_front();
                }
                let Some(Some(given)) = self.results.front_mut() else {
                    return;
                };
                if let Some(sums) = given.sums.take() {
                    self.ledger.sums(&sums);
                }
                while let Some(hit) = given.hits.next_if(|hit| hit.part == part) {
                    self.ledger.hit(hit);
                }
                if given.crashed_at == Some(part) {
                    self.crashed = true;
                    self.forget();
                    return;
                }
            }
            if let Some(step) = self.steps.pop_front() {
                self.note(&step);
            }
        }
        // All pieces are taken down, and so all bundles but one that has none yet.
        self.first += self.results.len() as u64;
        self.results.clear();
    }

    /// Lets everything go that was not taken down.
    fn forget(&mut self) {
        self.steps.clear();
        self.first += self.results.len() as u64;
        self.results.clear();
        self.open = None;
        // What still comes in comes to nobody.
        (self.to, self.from) = channel();
    }

    fn note(&mut self, step: &Step) {
        match *step {
            Step::Begin(origin, format) => self.ledger.begin(origin, format),
            Step::Piece(..) => {}
            Step::End(bytes) => self.ledger.end(bytes),
            Step::Container(format) => self.ledger.container(format),
            Step::Missed(origin, reason) => self.ledger.missed(origin, reason),
            Step::Limit(limit) => self.ledger.limit(limit),
        }
    }

    /// Takes a step down, now or when all before it are.
    fn step(&mut self, step: Step) {
        if self.steps.is_empty() {
            self.note(&step);
            return;
        }
        self.steps.push_back(step);
        self.catch_up(STEPS, BUNDLES * self.crew.workers);
        self.end_at_a_crash();
    }

    /// Ends the decoder, too, when a finder has crashed on another thread, as if it
    /// had crashed here.
    fn end_at_a_crash(&self) {
        if self.crashed {
            resume_unwind(Box::new("a finder crashed on another thread"));
        }
    }
}

impl Out for Sifter<'_> {
    fn wants_cells(&self) -> bool {
        // Finders look at text and records.
        false
    }

    fn begin(&mut self, origin: Origin, format: Format) {
        self.step(Step::Begin(origin, format));
    }

    fn piece(&mut self, piece: &Piece<'_>) {
        self.text = self.text.saturating_add(piece.own.len());
        let is_alone = self.text <= self.crew.engine.sizes.alone || !self.crew.wants_bundles();
        if is_alone && self.steps.is_empty() {
            self.haul.clear(self.crew.engine.slots.len());
            self.sieve.sift(0, piece, &mut self.haul);
            self.ledger.sums(&self.haul);
            for hit in self.haul.hits.drain(..) {
                self.ledger.hit(hit);
            }
            return;
        }
        self.bundle(piece);
        self.catch_up(STEPS, BUNDLES * self.crew.workers);
        self.end_at_a_crash();
    }

    fn end(&mut self, bytes: u64) {
        self.step(Step::End(bytes));
    }

    fn container(&mut self, _: Origin, format: Format) {
        self.step(Step::Container(format));
    }

    fn missed(&mut self, origin: Origin, reason: Reason) {
        self.step(Step::Missed(origin, reason));
    }

    fn limit(&mut self, limit: Limit) {
        self.step(Step::Limit(limit));
    }
}
