//! Writes a `.bsw` file.

use std::io::{self, Write};
use std::path::Path;

use jiff::Timestamp;

use super::entries::{Entries, Section};
use super::header::{HINTS, check_name};
use super::{Error, PREFIX, VERSION, digits};
use crate::base::{Kind, Regions, Whole};
use crate::fingerprint::{Fingerprint, Hint, KeyId};

/// What a list says about itself.
#[derive(Debug, Clone)]
pub struct Header {
    /// Its name: one line, at most 200 bytes.
    pub name: String,
    /// The key that its fingerprints are made with.
    pub key_id: KeyId,
    /// Whose national notations are to be read in the leak.
    pub regions: Regions,
    /// When it is made; written in whole seconds.
    pub created: Timestamp,
    /// When it must no longer be used; written in whole seconds.
    pub expires: Option<Timestamp>,
}

/// Collects entries in any order and writes them sorted and once each.
///
/// Takes 20 bytes of memory for every entry added, and as much again while it
/// grows.
#[derive(Debug)]
pub struct Builder {
    header: Header,
    kinds: Vec<(&'static Kind, Vec<Entry>)>,
}

type Entry = (Fingerprint, Hint);

impl Builder {
    /// Begins a list.
    ///
    /// # Errors
    ///
    /// [`Error::Name`] when the name does not fit on a line of the header.
    pub fn new(header: Header) -> Result<Self, Error> {
        check_name(&header.name)?;
        Ok(Self {
            header,
            kinds: Vec::new(),
        })
    }

    /// Adds an entry; one that is there already changes nothing.
    pub fn add(&mut self, kind: &'static Kind, fingerprint: Fingerprint, hint: Hint) {
        let entry = (fingerprint, hint);
        if let Some((_, entries)) = self.kinds.iter_mut().find(|(known, _)| *known == kind) {
            entries.push(entry);
        } else {
            self.kinds.push((kind, vec![entry]));
        }
    }

    /// Writes the list to `place`, whole or not at all, and gives back what is on
    /// it.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] when nothing was added, [`Error::Write`] when it cannot be
    /// written; what stood at `place` is untouched then.
    pub fn finish(mut self, place: &Path) -> Result<Entries, Error> {
        if self.kinds.is_empty() {
            return Err(Error::Empty);
        }
        self.kinds.sort_by_key(|(kind, _)| kind.label());
        let mut sections = Vec::new();
        for (kind, entries) in &mut self.kinds {
            entries.sort_unstable_by_key(|(fingerprint, _)| *fingerprint);
            entries.dedup_by_key(|(fingerprint, _)| *fingerprint);
            let count = entries.len() as u64;
            sections.push(Section {
                kind,
                count,
                hinted: count,
            });
        }
        let entries = Entries(sections);
        self.write(entries.total(), place).map_err(Error::Write)?;
        Ok(entries)
    }

    fn write(&self, total: u64, place: &Path) -> io::Result<()> {
        let mut file = Whole::create(place)?;
        let header = &self.header;
        writeln!(file, "{PREFIX}{VERSION}")?;
        writeln!(file, "mode: keyed")?;
        writeln!(file, "key-id: {}", header.key_id)?;
        writeln!(file, "name: {}", header.name)?;
        writeln!(file, "created: {}", seconds(header.created))?;
        if let Some(expires) = header.expires {
            writeln!(file, "expires: {}", seconds(expires))?;
        }
        if !header.regions.is_empty() {
            let codes: Vec<&str> = header.regions.codes().collect();
            writeln!(file, "regions: {}", codes.join(" "))?;
        }
        for definition in self.kinds.iter().filter_map(|(kind, _)| kind.definition()) {
            writeln!(file, "kind: {definition}")?;
        }
        writeln!(file, "hint: {HINTS}")?;
        writeln!(file, "entries: {total}\n")?;
        let mut line = Vec::new();
        for (kind, entries) in &self.kinds {
            let label = kind.label();
            for (fingerprint, hint) in entries {
                line.clear();
                line.extend_from_slice(label.as_bytes());
                line.push(b' ');
                digits::encode(&fingerprint.0, &mut line);
                line.push(b' ');
                digits::encode(&hint.0, &mut line);
                line.push(b'\n');
                file.write_all(&line)?;
            }
        }
        file.finish()
    }
}

/// `time` without the fraction of its second.
fn seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}
