//! Reads a list line by line, and its SHA-256 on the way.

use std::io::{ErrorKind, Read};
use std::ops::Range;

use super::{Error, digits};
use crate::base::{Hasher, Sha256};
use crate::fingerprint::{Fingerprint, Hint};

/// The longest line of a list; a header with many regions has a few hundred bytes.
const LINE_BYTES: usize = 4096;
/// Read from the disk at once: what the second cache holds twice.
const BUFFER_BYTES: usize = 1 << 18;

/// The lines of a list, one at a time in one buffer.
pub(super) struct Lines<R> {
    input: R,
    hasher: Hasher,
    buffer: Vec<u8>,
    /// What was read and not yet given.
    rest: Range<usize>,
    /// The line given last, without its line feed.
    line: Range<usize>,
    has_ended: bool,
    number: u64,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input,
            hasher: Hasher::default(),
            buffer: vec![0; BUFFER_BYTES],
            rest: 0..0,
            line: 0..0,
            has_ended: false,
            number: 0,
        }
    }

    /// The next line without its line feed, `None` at the end of the file.
    ///
    /// Every line ends in a line feed, the last one too: otherwise a list that was
    /// cut off within the last entry's hint would still look whole.
    pub(super) fn next(&mut self) -> Result<Option<&str>, Error> {
        while self.rest.len() < LINE_BYTES && !self.has_ended {
            self.fill()?;
        }
        let rest = self.buffer.get(self.rest.clone()).unwrap_or_default();
        if rest.is_empty() {
            self.line = 0..0;
            return Ok(None);
        }
        self.number += 1;
        let line = self.number;
        let most = rest.get(..LINE_BYTES).unwrap_or(rest);
        let Some(length) = most.iter().position(|byte| *byte == b'\n') else {
            self.line = self.rest.start..self.rest.start + most.len();
            if most.len() == LINE_BYTES {
                return Err(Error::Malformed {
                    line,
                    what: "it is too long",
                });
            }
            return Err(Error::CutOff { line });
        };
        self.line = self.rest.start..self.rest.start + length;
        self.rest.start += length + 1;
        match std::str::from_utf8(self.line()) {
            Ok(text) if text.ends_with('\r') => Err(Error::Malformed {
                line,
                what: "it ends in CR LF, and a list has LF only",
            }),
            Ok(text) => Ok(Some(text)),
            Err(_) => Err(Error::Malformed {
                line,
                what: "it is not UTF-8",
            }),
        }
    }

    /// The next line, if it is a sound entry that begins with `label` and a space;
    /// if not, [`Lines::next`] gives it and there is more to say about it.
    #[inline]
    pub(super) fn entry(&mut self, label: &[u8]) -> Option<(Fingerprint, Option<Hint>)> {
        let rest = self.buffer.get(self.rest.clone())?;
        let entry = rest.strip_prefix(label)?.strip_prefix(b" ")?;
        let (fingerprint, behind) = entry.split_first_chunk::<32>()?;
        let fingerprint = Fingerprint(digits::decode(fingerprint)?);
        let (hint, behind) = match behind.split_first()? {
            (b'\n', behind) => (None, behind),
            (b' ', behind) => {
                let (hint, behind) = behind.split_first_chunk::<8>()?;
                let hint = Hint(digits::decode(hint)?);
                (Some(hint), behind.strip_prefix(b"\n")?)
            }
            _ => return None,
        };
        self.rest.start = self.rest.end - behind.len();
        self.number += 1;
        Some((fingerprint, hint))
    }

    /// Whether the line read last, sound or not, begins with `prefix`.
    pub(super) fn begins_with(&self, prefix: &str) -> bool {
        self.line().starts_with(prefix.as_bytes())
    }

    /// The number of the line read last, counted from 1.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// The SHA-256 of the file, when its last line was read.
    pub(super) fn sha256(&self) -> Sha256 {
        self.hasher.finish()
    }

    fn line(&self) -> &[u8] {
        self.buffer.get(self.line.clone()).unwrap_or_default()
    }

    /// Reads on behind what is left, which goes to the buffer's beginning.
    fn fill(&mut self) -> Result<(), Error> {
        self.buffer.copy_within(self.rest.clone(), 0);
        self.rest = 0..self.rest.len();
        let room = self.buffer.get_mut(self.rest.end..).unwrap_or_default();
        match self.input.read(room) {
            Ok(0) => self.has_ended = true,
            Ok(count) => {
                self.hasher.update(room.get(..count).unwrap_or_default());
                self.rest.end += count;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(Error::Read(error)),
        }
        Ok(())
    }
}
