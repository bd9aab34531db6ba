//! Reads a `.bsw` file.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use super::Error;
use super::entries::{Entries, Section};
use super::header::{Head, is_word};
use super::lines::Lines;
use crate::base::{Kind, Regions, Sha256, hex};
use crate::fingerprint::{Fingerprint, Key, KeyId, kinds};

/// Room that is made before an entry was seen, whatever the header says.
const ROOM_AT_FIRST: u64 = 1 << 16;

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
    /// What is on it.
    pub entries: Entries,
}

impl Watchlist {
    /// Reads the list at `path`, in one pass, with 16 bytes of memory an entry.
    ///
    /// Hints are checked for their form and otherwise left aside.
    ///
    /// # Errors
    ///
    /// [`Error`], with the line, when anything about it is not as it should be;
    /// a list is never used in part.
    pub fn read(path: &Path) -> Result<Self, Error> {
        Self::read_with(path, kinds::ALL)
    }

    /// The same with other kinds than the registry's.
    pub(crate) fn read_with(path: &Path, registry: &[&'static Kind]) -> Result<Self, Error> {
        let file = File::open(path).map_err(Error::Read)?;
        Self::parse(file, registry)
    }

    fn parse(input: impl Read, registry: &[&'static Kind]) -> Result<Self, Error> {
        let mut lines = Lines::new(input);
        let head = Head::read(&mut lines)?;
        let mut body = Body::new(registry, &head);
        while let Some(text) = lines.next()? {
            let entry = Entry::parse(text);
            let line = lines.number();
            let entry = entry.map_err(|what| Error::Malformed { line, what })?;
            if entry.has_hint && !head.has_hints {
                return Err(Error::Malformed {
                    line,
                    what: "there is a hint, and no header `hint`",
                });
            }
            body.take(line, &entry)?;
        }
        let entries = body.finish(lines.number())?;
        Ok(Self {
            name: head.name,
            key_id: head.key_id,
            regions: head.regions,
            created: head.created,
            expires: head.expires,
            sha256: lines.sha256(),
            entries,
        })
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

/// One line below the header.
struct Entry {
    label: Label,
    fingerprint: Fingerprint,
    has_hint: bool,
}

/// A kind's name and profile as they stand in the list.
///
/// Copied out of the line into a few bytes on the stack, so that reading ten
/// million entries allocates nothing for any of them.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Label {
    bytes: [u8; 40],
    length: usize,
}

impl Label {
    fn new(text: &str) -> Option<Self> {
        let mut bytes = [0; 40];
        bytes
            .get_mut(..text.len())?
            .copy_from_slice(text.as_bytes());
        is_word(text).then_some(Self {
            bytes,
            length: text.len(),
        })
    }

    fn text(&self) -> &str {
        self.bytes
            .get(..self.length)
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .unwrap_or_default()
    }
}

impl Entry {
    fn parse(text: &str) -> Result<Self, &'static str> {
        let (label, rest) = text
            .split_once(' ')
            .ok_or("an entry is a kind, a space and 32 hex digits")?;
        let (digits, hint) = match rest.split_once(' ') {
            Some((digits, hint)) => (digits, Some(hint)),
            None => (rest, None),
        };
        let label = Label::new(label).ok_or("the kind is no word such as email/1")?;
        let bytes = hex::decode(digits).ok_or("a fingerprint is 32 lower-case hex digits")?;
        if hint.is_some_and(|hint| hex::decode::<4>(hint).is_none()) {
            return Err("a hint is 8 lower-case hex digits");
        }
        Ok(Self {
            label,
            fingerprint: Fingerprint(bytes),
            has_hint: hint.is_some(),
        })
    }
}

/// The entries read so far.
struct Body<'a> {
    registry: &'a [&'static Kind],
    declared: u64,
    found: u64,
    label: Option<Label>,
    finished: Vec<Section>,
    kind: Option<&'static Kind>,
    sorted: Vec<Fingerprint>,
}

impl<'a> Body<'a> {
    fn new(registry: &'a [&'static Kind], head: &Head) -> Self {
        let room = usize::try_from(head.entries.min(ROOM_AT_FIRST)).unwrap_or(0);
        Self {
            registry,
            declared: head.entries,
            found: 0,
            label: None,
            finished: Vec::new(),
            kind: None,
            sorted: Vec::with_capacity(room),
        }
    }

    fn take(&mut self, line: u64, entry: &Entry) -> Result<(), Error> {
        if self.found == self.declared {
            return Err(Error::TooMany {
                line,
                declared: self.declared,
            });
        }
        self.found += 1;
        if self.label.is_none_or(|label| label != entry.label) {
            self.begin(line, entry.label)?;
        } else if let Some(last) = self.sorted.last() {
            match last.cmp(&entry.fingerprint) {
                std::cmp::Ordering::Less => {}
                std::cmp::Ordering::Equal => return Err(Error::Duplicate { line }),
                std::cmp::Ordering::Greater => return Err(Error::Unsorted { line }),
            }
        }
        self.sorted.push(entry.fingerprint);
        Ok(())
    }

    /// Begins the entries of the next kind.
    fn begin(&mut self, line: u64, label: Label) -> Result<(), Error> {
        // A space sorts before every character of a label, so comparing labels and
        // then fingerprints is the same as comparing lines byte by byte.
        if self.label.is_some_and(|last| last.text() > label.text()) {
            return Err(Error::Unsorted { line });
        }
        self.end();
        let kind = self
            .registry
            .iter()
            .find(|kind| kind.label() == label.text());
        self.kind = Some(*kind.ok_or_else(|| Error::UnknownKind {
            line,
            label: label.text().to_owned(),
        })?);
        self.label = Some(label);
        Ok(())
    }

    fn end(&mut self) {
        if let Some(kind) = self.kind.take() {
            let mut sorted = std::mem::take(&mut self.sorted);
            sorted.shrink_to_fit();
            self.finished.push(Section {
                kind,
                sorted: Arc::new(sorted),
            });
        }
    }

    fn finish(mut self, line: u64) -> Result<Entries, Error> {
        if self.found < self.declared {
            return Err(Error::TooFew {
                line,
                declared: self.declared,
                found: self.found,
            });
        }
        if self.found == 0 {
            return Err(Error::Empty);
        }
        self.end();
        Ok(Entries::new(self.finished))
    }
}

#[cfg(test)]
#[path = "watchlist_tests.rs"]
mod tests;
