//! The entries of a list: every line below the header, checked.

use std::io::Read;

use super::Error;
use super::entries::{Entries, SHARED, Section};
use super::header::{Head, is_word};
use super::lines::Lines;
use crate::base::{Kind, hex};
use crate::fingerprint::{Fingerprint, Hint};

/// Takes the entries of a list, in their order.
pub(super) trait Sink {
    /// The entries from now on are of `kind`.
    fn begin(&mut self, kind: &'static Kind) -> Result<(), Error>;
    /// One entry.
    fn entry(&mut self, fingerprint: Fingerprint, hint: Option<Hint>) -> Result<(), Error>;
}

/// Reads what is left of `lines`, a list whose header is `head`.
pub(super) fn read<R: Read, S: Sink>(
    lines: &mut Lines<R>,
    head: &Head,
    registry: &[&'static Kind],
    sink: S,
) -> Result<(Entries, S), Error> {
    let mut body = Body {
        registry,
        head,
        found: 0,
        label: None,
        last: None,
        sections: Vec::new(),
        sink,
    };
    loop {
        // Nearly all lines are as sound as the one above, and of its kind.
        while let Some(label) = &body.label
            && let Some((fingerprint, hint)) = lines.entry(label.text().as_bytes())
        {
            body.take(lines.number(), fingerprint, hint)?;
        }
        let Some(text) = lines.next()? else { break };
        let entry = Entry::parse(text);
        let line = lines.number();
        let entry = entry.map_err(|what| Error::Malformed { line, what })?;
        body.take_first(line, &entry)?;
    }
    body.finish(lines.number())
}

/// One line below the header.
struct Entry {
    label: Label,
    fingerprint: Fingerprint,
    hint: Option<Hint>,
}

/// A kind's name and profile as they stand in the list.
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
        let hint = hint
            .map(|hint| hex::decode(hint).ok_or("a hint is 8 lower-case hex digits"))
            .transpose()?;
        Ok(Self {
            label,
            fingerprint: Fingerprint(bytes),
            hint: hint.map(Hint),
        })
    }
}

/// What was read so far.
struct Body<'a, S> {
    registry: &'a [&'static Kind],
    head: &'a Head,
    found: u64,
    label: Option<Label>,
    last: Option<u128>,
    sections: Vec<Section>,
    sink: S,
}

impl<S: Sink> Body<'_, S> {
    /// Takes an entry that may be the first one of its kind.
    fn take_first(&mut self, line: u64, entry: &Entry) -> Result<(), Error> {
        self.check_room(line, entry.hint)?;
        if self.label.is_none_or(|label| label != entry.label) {
            self.begin(line, entry.label)?;
        }
        self.take(line, entry.fingerprint, entry.hint)
    }

    /// Takes an entry of the same kind as the one above.
    fn take(
        &mut self,
        line: u64,
        fingerprint: Fingerprint,
        hint: Option<Hint>,
    ) -> Result<(), Error> {
        self.check_room(line, hint)?;
        let number = u128::from_be_bytes(fingerprint.0);
        match self.last.map(|last| last.cmp(&number)) {
            None | Some(std::cmp::Ordering::Less) => {}
            Some(std::cmp::Ordering::Equal) => return Err(Error::Duplicate { line }),
            Some(std::cmp::Ordering::Greater) => return Err(Error::Unsorted { line }),
        }
        self.last = Some(number);
        self.found += 1;
        let hint = hint.filter(|_| self.head.hints == Some(super::Hints::Inner));
        if let Some(section) = self.sections.last_mut() {
            section.count += 1;
            section.hinted += u64::from(hint.is_some());
        }
        self.sink.entry(fingerprint, hint)
    }

    fn check_room(&self, line: u64, hint: Option<Hint>) -> Result<(), Error> {
        if hint.is_some() && self.head.hints.is_none() {
            return Err(Error::Malformed {
                line,
                what: "there is a hint, and no header `hint`",
            });
        }
        if self.found == self.head.entries {
            return Err(Error::TooMany {
                line,
                declared: self.head.entries,
            });
        }
        Ok(())
    }

    /// Begins the entries of the next kind.
    fn begin(&mut self, line: u64, label: Label) -> Result<(), Error> {
        // A space sorts before every character of a label, so comparing labels and
        // then fingerprints is the same as comparing lines byte by byte.
        if self.label.is_some_and(|last| last.text() > label.text()) {
            return Err(Error::Unsorted { line });
        }
        let (name, is_shared) = match label.text().strip_suffix(SHARED) {
            Some(name) => (name, true),
            None => (label.text(), false),
        };
        let kind = self.registry.iter().find(|kind| kind.label() == name);
        let kind = *kind.ok_or_else(|| Error::UnknownKind {
            line,
            label: label.text().to_owned(),
        })?;
        self.label = Some(label);
        self.last = None;
        self.sections.push(Section {
            kind,
            is_shared,
            count: 0,
            hinted: 0,
        });
        self.sink.begin(kind)
    }

    fn finish(self, line: u64) -> Result<(Entries, S), Error> {
        if self.found < self.head.entries {
            return Err(Error::TooFew {
                line,
                declared: self.head.entries,
                found: self.found,
            });
        }
        if self.found == 0 {
            return Err(Error::Empty);
        }
        Ok((Entries(self.sections), self.sink))
    }
}
