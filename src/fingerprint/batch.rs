//! Fingerprints of many candidates at once.

use std::fmt;

use super::{Fingerprint, Fingerprinter, KindFingerprinter};
use crate::base::{Blocks, Mac};

/// Canonical forms that wait for their fingerprints, each with what its owner
/// wants to know of it then.
///
/// Most canonical forms fit in one block of SHA-256, and hashes of such blocks
/// take half the time when several are under way.
pub struct Batch<T> {
    mac: Mac,
    blocks: Blocks,
    waiting: Vec<T>,
}

impl<T> Batch<T> {
    /// An empty batch for fingerprints under the key of `fingerprinter`.
    pub fn new(fingerprinter: &Fingerprinter) -> Self {
        Self {
            mac: fingerprinter.0.clone(),
            blocks: Blocks::default(),
            waiting: Vec::new(),
        }
    }

    /// Adds `canonical`, which is `about` something. When there is no room for
    /// more, hands all fingerprints to `each`, in the order of their forms.
    ///
    /// `by` must be of the key that the batch was made for.
    #[inline]
    pub fn add(
        &mut self,
        by: &KindFingerprinter,
        canonical: &str,
        about: T,
        each: &mut impl FnMut(T, Fingerprint),
    ) {
        if self.blocks.add(&by.0, canonical.as_bytes()) {
            self.waiting.push(about);
            if self.blocks.is_full() {
                self.finish(each);
            }
        } else {
            self.finish(each);
            each(about, by.of(canonical));
        }
    }

    /// Hands the fingerprints that wait to `each`.
    pub fn finish(&mut self, each: &mut impl FnMut(T, Fingerprint)) {
        let mut waiting = self.waiting.drain(..);
        self.blocks.finish(&self.mac, |code| {
            if let Some(about) = waiting.next() {
                each(about, Fingerprint(code));
            }
        });
    }
}

impl<T> fmt::Debug for Batch<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Batch")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fingerprint::{Key, kinds};

    #[test]
    fn a_batch_gives_what_one_by_one_gives_in_the_same_order() {
        let fingerprinter = Fingerprinter::new(&Key::from_bytes(&mut [3; 32]));
        let kinds = kinds::ALL.iter().cycle();
        let mut batch = Batch::new(&fingerprinter);
        let (mut given, mut expected) = (Vec::new(), Vec::new());
        for (length, kind) in (0..1000_usize).zip(kinds) {
            // Every tenth one or so is longer than a block.
            let form = "a".repeat(length % 59);
            let by = fingerprinter.for_kind(kind);
            expected.push((length, by.of(&form)));
            batch.add(&by, &form, length, &mut |about, fingerprint| {
                given.push((about, fingerprint));
            });
        }
        batch.finish(&mut |about, fingerprint| given.push((about, fingerprint)));
        assert_eq!(given, expected);
    }
}
