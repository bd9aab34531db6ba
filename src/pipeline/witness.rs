//! Sees every byte of an artefact as it passes.

use std::io::{self, Read};

use super::crew::Crew;
use super::hashing::Digester;
use crate::base::{Budget, Sha256};

/// A reader that counts and hashes what passes, and remembers a failure.
pub(super) struct Witness<'a> {
    stream: Box<dyn Read + 'a>,
    digester: Digester<'a>,
    bytes: u64,
    ended: bool,
    failed: bool,
}

/// What passed.
pub(super) struct Seen {
    /// The digest of the bytes.
    pub(super) sha256: Sha256,
    /// How many there were.
    pub(super) length: u64,
    /// Whether the stream came to its own end.
    pub(super) whole: bool,
}

impl<'a> Witness<'a> {
    pub(super) fn new(stream: Box<dyn Read + 'a>, crew: &'a Crew<'_>) -> Self {
        Self {
            stream,
            digester: Digester::new(crew),
            bytes: 0,
            ended: false,
            failed: false,
        }
    }

    /// Reads on to the end, or until the time is up or the stream fails.
    pub(super) fn drain(&mut self, budget: &Budget) {
        if self.ended || self.failed {
            return;
        }
        let mut buffer = vec![0; 1 << 16];
        while !self.ended && !self.failed && budget.check_time().is_ok() {
            match self.read(&mut buffer) {
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
    }

    /// Bytes that passed.
    pub(super) fn length(&self) -> u64 {
        self.bytes
    }

    /// Whether the stream broke off.
    pub(super) fn has_failed(&self) -> bool {
        self.failed
    }

    /// What passed.
    pub(super) fn seen(mut self) -> Seen {
        Seen {
            sha256: self.digester.finish(),
            length: self.bytes,
            whole: self.ended && !self.failed,
        }
    }
}

impl Read for Witness<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.stream.read(buffer) {
            Ok(0) => {
                self.ended |= !buffer.is_empty();
                Ok(0)
            }
            Ok(count) => {
                self.digester
                    .update(buffer.get(..count).unwrap_or_default());
                self.bytes += count as u64;
                Ok(count)
            }
            Err(error) => {
                self.failed |= error.kind() != io::ErrorKind::Interrupted;
                Err(error)
            }
        }
    }
}
