//! Reads a list line by line, and its SHA-256 on the way.

use std::io::{BufRead, BufReader, Read};

use super::Error;
use crate::base::{Hasher, Sha256};

/// The longest line of a list; a header with many regions has a few hundred bytes.
const LINE_BYTES: u64 = 4096;
/// Read from the disk at once.
const BUFFER_BYTES: usize = 1 << 17;

/// The lines of a list, one at a time in one buffer.
pub(super) struct Lines<R> {
    input: BufReader<R>,
    hasher: Hasher,
    line: Vec<u8>,
    number: u64,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input: BufReader::with_capacity(BUFFER_BYTES, input),
            hasher: Hasher::default(),
            line: Vec::new(),
            number: 0,
        }
    }

    /// The next line without its line feed, `None` at the end of the file.
    ///
    /// Every line ends in a line feed, the last one too: otherwise a list that was
    /// cut off within the last entry's hint would still look whole.
    pub(super) fn next(&mut self) -> Result<Option<&str>, Error> {
        self.line.clear();
        let read = (&mut self.input)
            .take(LINE_BYTES)
            .read_until(b'\n', &mut self.line)
            .map_err(Error::Read)?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        self.hasher.update(&self.line);
        let line = self.number;
        match self.line.pop() {
            Some(b'\n') => {}
            _ if read as u64 == LINE_BYTES => {
                return Err(Error::Malformed {
                    line,
                    what: "it is too long",
                });
            }
            _ => return Err(Error::CutOff { line }),
        }
        match std::str::from_utf8(&self.line) {
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

    /// Whether the line read last, sound or not, begins with `prefix`.
    pub(super) fn begins_with(&self, prefix: &str) -> bool {
        self.line.starts_with(prefix.as_bytes())
    }

    /// The number of the line read last, counted from 1.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// The SHA-256 of everything read so far.
    pub(super) fn sha256(&self) -> Sha256 {
        self.hasher.finish()
    }
}
