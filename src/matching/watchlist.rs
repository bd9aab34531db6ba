//! Reads a `.bsw` file.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use jiff::Timestamp;

use super::Error;
use super::body::{self, Sink};
use super::entries::Entries;
use super::header::{Head, Hints};
use super::lines::Lines;
use crate::base::{Kind, Regions, Sha256};
use crate::fingerprint::{Fingerprint, Hint, Key, KeyId, kinds};

/// A list that was read to its end and found sound.
#[derive(Debug, Clone)]
pub struct Watchlist {
    /// The name that its maker gave it; may be empty.
    pub name: String,
    /// The key that it was made with.
    pub key_id: KeyId,
    /// Whose national notations are to be read in the leak.
    pub regions: Regions,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// When it must no longer be used.
    pub expires: Option<Timestamp>,
    /// SHA-256 of the file.
    pub sha256: Sha256,
    /// How its hints are made; `None` when there are none.
    pub hints: Option<Hints>,
    /// Kinds that it defines itself, whether or not it has entries of them.
    pub own: Vec<&'static Kind>,
    /// How much is on it.
    pub entries: Entries,
}

impl Watchlist {
    /// Reads the list at `path`, in one pass, and keeps what it says of itself.
    ///
    /// # Errors
    ///
    /// [`Error`], with the line, when anything about it is not as it should be;
    /// a list is never used in part.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let file = File::open(path).map_err(Error::Read)?;
        Self::parse(file, kinds::ALL, |_| Ok(Nothing)).map(|(list, _)| list)
    }

    /// Reads a list of kinds of `registry` and hands its entries to the sink that
    /// `sink` makes when the header is known.
    pub(super) fn parse<S: Sink>(
        input: impl Read,
        registry: &[&'static Kind],
        sink: impl FnOnce(&Head) -> Result<S, Error>,
    ) -> Result<(Self, S), Error> {
        let mut lines = Lines::new(input);
        let head = Head::read(&mut lines)?;
        let sink = sink(&head)?;
        let registry = [registry, &head.own].concat();
        let (entries, sink) = body::read(&mut lines, &head, &registry, sink)?;
        Ok((Self::new(head, lines.sha256(), entries), sink))
    }

    pub(super) fn new(head: Head, sha256: Sha256, entries: Entries) -> Self {
        Self {
            name: head.name,
            key_id: head.key_id,
            regions: head.regions,
            created: head.created,
            expires: head.expires,
            sha256,
            hints: head.hints,
            own: head.own,
            entries,
        }
    }

    /// Checks that the list was made with `key`.
    ///
    /// # Errors
    ///
    /// [`Error::WrongKey`]: with another key, nothing would ever match.
    pub fn check_key(&self, key: &Key) -> Result<(), Error> {
        let id = key.id();
        if id == self.key_id {
            return Ok(());
        }
        Err(Error::WrongKey {
            list: self.key_id,
            key: id,
        })
    }

    /// Whether the list must no longer be used at `now`.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }

    /// The kinds that are to be looked for.
    pub fn kinds(&self) -> Vec<&'static Kind> {
        self.entries.kinds()
    }
}

/// Where entries go that are only counted.
struct Nothing;

impl Sink for Nothing {
    fn begin(&mut self, _: &'static Kind) -> Result<(), Error> {
        Ok(())
    }

    fn entry(&mut self, _: Fingerprint, _: Option<Hint>) -> Result<(), Error> {
        Ok(())
    }
}

/// All entries of a list, for tests of those who write one.
#[cfg(test)]
#[derive(Debug, Default)]
pub(crate) struct All {
    kind: Option<&'static Kind>,
    pub(crate) entries: Vec<(&'static Kind, Fingerprint, Option<Hint>)>,
}

#[cfg(test)]
impl All {
    pub(crate) fn read(
        path: &Path,
        registry: &[&'static Kind],
    ) -> Result<(Watchlist, Self), Error> {
        let file = File::open(path).map_err(Error::Read)?;
        Watchlist::parse(file, registry, |_| Ok(Self::default()))
    }
}

#[cfg(test)]
impl Sink for All {
    fn begin(&mut self, kind: &'static Kind) -> Result<(), Error> {
        self.kind = Some(kind);
        Ok(())
    }

    fn entry(&mut self, fingerprint: Fingerprint, hint: Option<Hint>) -> Result<(), Error> {
        self.entries
            .extend(self.kind.map(|kind| (kind, fingerprint, hint)));
        Ok(())
    }
}

#[cfg(test)]
#[path = "watchlist_tests.rs"]
mod tests;
