//! Writes a `.bsw` file.

use std::io::{self, Write};
use std::path::Path;

use jiff::Timestamp;

use super::entries::{Entries, SHARED, Section};
use super::header::{HINTS, check_name, is_word};
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

/// An identifier of more people than this is shared: a match on it tells of none of
/// them. Parents and children who have one telephone are fewer.
pub const SHARED_BY: usize = 5;
/// Shared identifiers that are told of one by one, and lines of each.
const TOLD: usize = 20;

/// Whose an entry is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holder {
    /// Tells people apart; no more of them than there are numbers.
    pub person: u32,
    /// A line of theirs.
    pub line: u32,
}

/// An identifier that is shared: how widely, never which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// Its kind.
    pub kind: &'static Kind,
    /// How many people have it.
    pub people: u64,
    /// Where it stands: the first 20 lines, one for each of the people.
    pub lines: Vec<u32>,
}

/// What a list holds once it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    /// Its entries.
    pub entries: Entries,
    /// Those that are shared, the most widely first, 20 at most.
    pub shared: Vec<Shared>,
}

/// Collects entries in any order and writes them sorted and once each; those that
/// more than [`SHARED_BY`] people have apart from the others.
///
/// Takes 28 bytes of memory for every entry added, and as much again while it
/// grows.
#[derive(Debug)]
pub struct Builder {
    header: Header,
    kinds: Vec<(&'static Kind, Vec<Entry>)>,
}

/// Sorts by fingerprint, then by person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    fingerprint: Fingerprint,
    holder: Holder,
    hint: Hint,
}

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
        self.add_of(kind, fingerprint, hint, Holder::default());
    }

    /// Adds an entry of `holder`; one that is there already and theirs changes nothing.
    pub fn add_of(
        &mut self,
        kind: &'static Kind,
        fingerprint: Fingerprint,
        hint: Hint,
        holder: Holder,
    ) {
        let entry = Entry {
            fingerprint,
            holder,
            hint,
        };
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
    pub fn finish(mut self, place: &Path) -> Result<Built, Error> {
        if self.kinds.is_empty() {
            return Err(Error::Empty);
        }
        self.kinds.sort_by_key(|(kind, _)| kind.label());
        let mut shared = Vec::new();
        let mut sections = Vec::new();
        for (kind, mut entries) in std::mem::take(&mut self.kinds) {
            entries.sort_unstable();
            let apart = take_shared(kind, &mut entries, &mut shared);
            for (entries, is_shared) in [(entries, false), (apart, true)] {
                let count = entries.len() as u64;
                let section = Section {
                    kind,
                    is_shared,
                    count,
                    hinted: count,
                };
                if count > 0 {
                    sections.push((section, entries));
                }
            }
        }
        self.write(&sections, place).map_err(Error::Write)?;
        Ok(Built {
            entries: Entries(sections.into_iter().map(|(section, _)| section).collect()),
            shared,
        })
    }

    fn write(&self, sections: &[(Section, Vec<Entry>)], place: &Path) -> io::Result<()> {
        let total: u64 = sections.iter().map(|(section, _)| section.count).sum();
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
        let own = sections
            .iter()
            .filter(|(section, _)| !section.is_shared)
            .filter_map(|(section, _)| section.kind.definition());
        for definition in own {
            writeln!(file, "kind: {definition}")?;
        }
        writeln!(file, "hint: {HINTS}")?;
        writeln!(file, "entries: {total}\n")?;
        let mut line = Vec::new();
        for (section, entries) in sections {
            let label = section.label();
            for entry in entries {
                line.clear();
                line.extend_from_slice(label.as_bytes());
                line.push(b' ');
                digits::encode(&entry.fingerprint.0, &mut line);
                line.push(b' ');
                digits::encode(&entry.hint.0, &mut line);
                line.push(b'\n');
                file.write_all(&line)?;
            }
        }
        file.finish()
    }
}

/// Leaves one of each in the sorted `entries`, and gives back those that are shared,
/// which are noted in `told`.
fn take_shared(
    kind: &'static Kind,
    entries: &mut Vec<Entry>,
    told: &mut Vec<Shared>,
) -> Vec<Entry> {
    let mut apart: Vec<Entry> = Vec::new();
    // A kind of the organisation's own may have a name that leaves no room.
    let has_room = is_word(&[kind.label().as_str(), SHARED].concat());
    for same in entries.chunk_by(|one, other| one.fingerprint == other.fingerprint) {
        let holders = || same.chunk_by(|one, other| one.holder.person == other.holder.person);
        // Nearly all have one holder.
        if same.len() <= SHARED_BY || !has_room || holders().count() <= SHARED_BY {
            continue;
        }
        apart.extend(same.first());
        let mut lines: Vec<u32> = holders()
            .filter_map(|of_one| of_one.first().map(|entry| entry.holder.line))
            .collect();
        lines.sort_unstable();
        let people = lines.len() as u64;
        lines.truncate(TOLD);
        told.push(Shared {
            kind,
            people,
            lines,
        });
        if told.len() > 2 * TOLD {
            keep_widest(told);
        }
    }
    keep_widest(told);
    entries.dedup_by_key(|entry| entry.fingerprint);
    if !apart.is_empty() {
        let is_apart = |entry: &Entry| {
            let place = apart.binary_search_by_key(&entry.fingerprint, |one| one.fingerprint);
            place.is_ok()
        };
        entries.retain(|entry| !is_apart(entry));
    }
    apart
}

/// The most widely shared first, and not many.
fn keep_widest(told: &mut Vec<Shared>) {
    told.sort_by_key(|shared| std::cmp::Reverse(shared.people));
    told.truncate(TOLD);
}

/// `time` without the fraction of its second.
fn seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}
