//! Looks fingerprints up: a filter first, then one page of a sorted table.
//!
//! Most candidates of a leak are strangers. The filter for hints answers for 97 of
//! 100 before they have a fingerprint, where the list has hints; the filter for
//! fingerprints for 199 of 200 of the others. What is left costs a search among the
//! first entries of the pages, and one page: of memory where the list is small, of
//! the index's file where it is large, so that a list of any size takes no more
//! memory than its filters.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::OnceLock;

use super::Error;
use super::compiled::Resident;
use super::entries::Entries;
use super::filter::{Filter, Spot};
use super::pages::{Pages, Unit};
use crate::base::Kind;
use crate::fingerprint::{Early, Fingerprint, Hint};

/// What a fingerprint that was found is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// An entry of the watchlist.
    Entry,
    /// One of nobody, planted to see whether the engine is awake.
    Canary,
}

/// Where an index keeps the entries of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot(usize);

/// What a list holds, made for looking up; shared by all workers of a run.
pub struct Index {
    filter: Filter,
    hints: Filter,
    tables: Vec<Table>,
    /// The first entry of each page.
    fences: Vec<Unit>,
    pages: Pages,
    canaries: Vec<(Slot, Fingerprint)>,
    /// The file of the index, where it has a name.
    place: Option<PathBuf>,
    fault: OnceLock<io::ErrorKind>,
}

/// The entries of one kind.
struct Table {
    kind: &'static Kind,
    /// Those of few people, then those that more share.
    own: Part,
    shared: Part,
    is_hinted: bool,
}

/// Entries on pages of their own.
#[derive(Default)]
struct Part {
    count: usize,
    pages: Range<usize>,
}

impl Index {
    pub(super) fn new(resident: Resident, pages: Pages, place: Option<PathBuf>) -> Self {
        Self {
            tables: tables(&resident.entries),
            filter: resident.filter,
            hints: resident.hints,
            fences: resident.fences,
            pages,
            canaries: Vec::new(),
            place,
            fault: OnceLock::new(),
        }
    }

    /// The same index with a run's canaries; those of kinds that are not listed add
    /// none.
    #[must_use]
    pub fn with_canaries<'c>(
        mut self,
        canaries: impl IntoIterator<Item = (&'c Kind, Fingerprint, Hint)>,
    ) -> Self {
        for (kind, fingerprint, hint) in canaries {
            if let Some(slot) = self.slot_of(kind) {
                self.filter.add(Spot::of(&fingerprint));
                self.hints.add(Spot::of_hint(hint));
                self.canaries.push((slot, fingerprint));
            }
        }
        self
    }

    /// Where the entries of `kind` are; `None` when it is not listed.
    pub fn slot_of(&self, kind: &Kind) -> Option<Slot> {
        // Two profiles of one kind are two tables.
        let is_same = |table: &Table| table.kind == kind && table.kind.profile == kind.profile;
        self.tables.iter().position(is_same).map(Slot)
    }

    /// Whether [`Index::may_hint`] tells any strangers.
    pub fn has_hints(&self) -> bool {
        self.tables.iter().any(|table| table.is_hinted)
    }

    /// Whether an identifier of that kind with that hint may be listed; `false` is
    /// certain. Always true of a kind of which an entry has no hint.
    #[inline]
    pub fn may_hint(&self, slot: Slot, hint: Hint) -> bool {
        let is_hinted = self.tables.get(slot.0).is_some_and(|table| table.is_hinted);
        !is_hinted || self.hints.may_hold(Spot::of_hint(hint))
    }

    /// A byte of what [`Index::may_hint`] and [`Index::probe`] will look at: to be
    /// asked for many identifiers before either is, so that memory brings what they
    /// need together. What the byte is says nothing.
    #[inline]
    pub fn touch(&self, early: Early) -> u8 {
        match early {
            Early::Hint(hint) => self.hints.touch(Spot::of_hint(hint)),
            Early::Fingerprint(fingerprint) => self.filter.touch(Spot::of(&fingerprint)),
        }
    }

    /// What `fingerprint`, of an identifier of that kind, is; `None` for a stranger.
    ///
    /// A canary that is on the list is an entry: somebody has that name or number.
    #[inline]
    pub fn probe(&self, slot: Slot, fingerprint: &Fingerprint) -> Option<Listed> {
        if self.filter.may_hold(Spot::of(fingerprint)) {
            self.find(slot, fingerprint)
        } else {
            None
        }
    }

    /// Whether an identifier of a kind of that name, whatever its profile, is an
    /// entry.
    pub fn lists(&self, kind: &str, fingerprint: &Fingerprint) -> bool {
        (0..).zip(&self.tables).any(|(slot, table)| {
            table.kind.name == kind && self.probe(Slot(slot), fingerprint) == Some(Listed::Entry)
        })
    }

    /// Whether an identifier of a kind of that name is an entry that more people than a
    /// family share.
    pub fn is_shared(&self, kind: &str, fingerprint: &Fingerprint) -> bool {
        self.filter.may_hold(Spot::of(fingerprint))
            && self.tables.iter().any(|table| {
                table.kind.name == kind && self.holds_or_fails(&table.shared, fingerprint)
            })
    }

    /// The kinds that are listed.
    pub fn kinds(&self) -> Vec<&'static Kind> {
        self.tables.iter().map(|table| table.kind).collect()
    }

    /// Checks that all answers so far are right.
    ///
    /// # Errors
    ///
    /// [`Error::Index`] when the index's file could not be read or was found
    /// damaged. It is removed then, and whatever was looked up since the last
    /// check must be looked up again, in an index that is made anew.
    pub fn check(&self) -> Result<(), Error> {
        match self.fault.get() {
            None => Ok(()),
            Some(kind) => Err(Error::Index((*kind).into())),
        }
    }

    /// What the filter let pass.
    #[inline(never)]
    fn find(&self, slot: Slot, fingerprint: &Fingerprint) -> Option<Listed> {
        let table = self.tables.get(slot.0)?;
        let parts = [&table.own, &table.shared];
        if parts
            .iter()
            .any(|part| self.holds_or_fails(part, fingerprint))
        {
            return Some(Listed::Entry);
        }
        // Canaries are a few dozen, and one stranger in two hundred comes here.
        let canary = (slot, *fingerprint);
        self.canaries.contains(&canary).then_some(Listed::Canary)
    }

    fn holds_or_fails(&self, part: &Part, fingerprint: &Fingerprint) -> bool {
        self.holds(part, &fingerprint.0).unwrap_or_else(|error| {
            self.fail(&error);
            false
        })
    }

    fn holds(&self, part: &Part, entry: &Unit) -> io::Result<bool> {
        let fences = self.fences.get(part.pages.clone()).unwrap_or_default();
        let Some(page) = begun(fences, entry).checked_sub(1) else {
            return Ok(false);
        };
        // The last page of a kind has fewer entries.
        let entries = part.count - page * super::pages::UNITS;
        let number = (part.pages.start + page) as u64;
        self.pages.look(number, |units| {
            let units = units.get(..entries).unwrap_or(units);
            units.binary_search(entry).is_ok()
        })
    }

    fn fail(&self, error: &io::Error) {
        let is_first = self.fault.set(error.kind()).is_ok();
        if let Some(place) = self.place.as_ref().filter(|_| is_first) {
            let _ = std::fs::remove_file(place);
        }
    }
}

/// The tables of `entries`, whose sections stand one behind the other.
fn tables(entries: &Entries) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    let mut end = 0;
    for section in &entries.0 {
        let begin = end;
        end += usize::try_from(section.pages()).unwrap_or(0);
        let part = Part {
            count: usize::try_from(section.count).unwrap_or(0),
            pages: begin..end,
        };
        let (kind, is_hinted) = (section.kind, section.is_hinted());
        let (own, shared) = if section.is_shared {
            (Part::default(), part)
        } else {
            (part, Part::default())
        };
        // Those that are shared stand behind the others of their kind.
        match tables.last_mut() {
            Some(last) if section.is_shared && last.kind.label() == kind.label() => {
                last.shared = shared;
                last.is_hinted &= is_hinted;
            }
            _ => tables.push(Table {
                kind,
                own,
                shared,
                is_hinted,
            }),
        }
    }
    tables
}

/// How many of the sorted `fences` are not above `entry`.
///
/// Entries are outputs of a hash, so where one stands can be guessed to some twenty
/// pages among 400,000; halving all of them would wait for memory 18 times. Entries
/// that are no such outputs take more steps, as many as there are digits in the
/// number of pages.
fn begun(fences: &[Unit], entry: &Unit) -> usize {
    let is_begun = |place: usize| fences.get(place).is_some_and(|first| first <= entry);
    let mut reach = 16;
    let mut from = Spot::of(&Fingerprint(*entry)).place_in(fences.len());
    while from > 0 && !is_begun(from) {
        from = from.saturating_sub(reach);
        reach *= 2;
    }
    let mut to = from + reach;
    while is_begun(to) {
        from = to;
        reach *= 2;
        to += reach;
    }
    let shelf = fences.get(from..to.min(fences.len())).unwrap_or_default();
    from + shelf.partition_point(|first| first <= entry)
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds = self.tables.iter().map(|table| table.kind);
        f.debug_list().entries(kinds).finish()
    }
}

#[cfg(test)]
#[path = "index_tests.rs"]
mod tests;
