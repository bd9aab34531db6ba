//! Fingerprints of many candidates at once.

use std::fmt;

use super::{Fingerprint, Fingerprinter, Hint, KindFingerprinter};
use crate::base::{Blocks, Mac};

/// Canonical forms that wait for their fingerprints, each with what its owner
/// wants to know of it then.
///
/// Most canonical forms fit in one block of SHA-256, and hashes of such blocks
/// take a fraction of the time when many are under way.
///
/// Two functions go with every call that may compute: `may` is asked with each
/// form's [`Hint`], which costs half of a fingerprint, and only the forms that it
/// answers with true are handed to `each`, in the order in which they came. Where
/// no list has hints, `may` is `&mut |_, _| true` and costs nothing. All of a
/// batch's hints are asked for before its first fingerprint is handed over.
///
/// Where `may` or `each` looks at more memory than the caches hold, a third
/// function, `touch`, gives a byte of what they will look at. It is asked for many
/// forms in a row, so that their places come from memory together.
pub struct Batch<T> {
    mac: Mac,
    blocks: Blocks,
    waiting: Vec<T>,
}

/// What is known of a form before it is decided upon.
#[derive(Debug, Clone, Copy)]
pub enum Early {
    /// Its hint, which `may` will be asked with.
    Hint(Hint),
    /// Its fingerprint, which `each` will be given.
    Fingerprint(Fingerprint),
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

    /// Adds `canonical`, which is `about` something. Finishes the batch when there
    /// is no room for more.
    ///
    /// `by` must be of the key that the batch was made for.
    #[inline]
    pub fn add(
        &mut self,
        by: &KindFingerprinter,
        canonical: &str,
        about: T,
        may: &mut impl FnMut(&T, Hint) -> bool,
        each: &mut impl FnMut(T, Fingerprint),
    ) {
        self.add_touching(by, canonical, about, &mut |_| 0, may, each);
    }

    /// The same with `touch`.
    #[inline]
    pub fn add_touching(
        &mut self,
        by: &KindFingerprinter,
        canonical: &str,
        about: T,
        touch: &mut impl FnMut(Early) -> u8,
        may: &mut impl FnMut(&T, Hint) -> bool,
        each: &mut impl FnMut(T, Fingerprint),
    ) {
        self.blocks.add(&by.0, canonical.as_bytes());
        self.waiting.push(about);
        if self.blocks.is_full() {
            self.finish_touching(touch, may, each);
        }
    }

    /// Computes what waits: asks `may` and hands the fingerprints to `each`.
    pub fn finish(
        &mut self,
        may: &mut impl FnMut(&T, Hint) -> bool,
        each: &mut impl FnMut(T, Fingerprint),
    ) {
        self.finish_touching(&mut |_| 0, may, each);
    }

    /// The same with `touch`.
    pub fn finish_touching(
        &mut self,
        touch: &mut impl FnMut(Early) -> u8,
        may: &mut impl FnMut(&T, Hint) -> bool,
        each: &mut impl FnMut(T, Fingerprint),
    ) {
        let waiting = &self.waiting;
        self.blocks.choose_touching(
            &self.mac,
            |hint| touch(Early::Hint(Hint(hint))),
            |at, hint| waiting.get(at).is_some_and(|about| may(about, Hint(hint))),
        );
        let mut waiting = self.waiting.drain(..);
        let mut passed = 0;
        self.blocks.finish_touching(
            &self.mac,
            |code| touch(Early::Fingerprint(Fingerprint(code))),
            |at, code| {
                if let Some(about) = waiting.nth(at - passed) {
                    each(about, Fingerprint(code));
                }
                passed = at + 1;
            },
        );
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

    /// Every form's length, and a batch that is given all of them in order.
    fn filled(
        fingerprinter: &Fingerprinter,
        may: &mut impl FnMut(&usize, Hint) -> bool,
        each: &mut impl FnMut(usize, Fingerprint),
    ) -> Vec<(usize, Hint, Fingerprint)> {
        let kinds = kinds::ALL.iter().cycle();
        let mut batch = Batch::new(fingerprinter);
        let mut expected = Vec::new();
        for (length, kind) in (0..1000_usize).zip(kinds) {
            // Every tenth one or so is longer than a block.
            let form = "a".repeat(length % 59);
            let by = fingerprinter.for_kind(kind);
            expected.push((length, by.hint_of(&form), by.of(&form)));
            batch.add(&by, &form, length, may, each);
        }
        batch.finish(may, each);
        batch.finish(may, each);
        expected
    }

    #[test]
    fn a_batch_gives_what_one_by_one_gives_in_the_same_order() {
        let fingerprinter = Fingerprinter::new(&Key::from_bytes(&mut [3; 32]));
        let mut hints = Vec::new();
        let mut given = Vec::new();
        let mut may = |about: &usize, hint| {
            hints.push((*about, hint));
            true
        };
        let expected = filled(&fingerprinter, &mut may, &mut |about, fingerprint| {
            given.push((about, fingerprint));
        });
        let both = |(about, hint, fingerprint)| ((about, hint), (about, fingerprint));
        assert_eq!((hints, given), expected.into_iter().map(both).unzip());
    }

    #[test]
    fn only_forms_whose_hint_passes_get_a_fingerprint() {
        let fingerprinter = Fingerprinter::new(&Key::from_bytes(&mut [3; 32]));
        let passes = |hint: Hint| hint.0[0].is_multiple_of(5);
        let mut given = Vec::new();
        let mut may = |_: &usize, hint| passes(hint);
        let all = filled(&fingerprinter, &mut may, &mut |about, fingerprint| {
            given.push((about, fingerprint));
        });
        let expected: Vec<_> = all
            .into_iter()
            .filter(|(_, hint, _)| passes(*hint))
            .map(|(about, _, fingerprint)| (about, fingerprint))
            .collect();
        assert_eq!(given, expected);
    }

    #[test]
    fn whatever_is_asked_or_given_was_touched_before_and_all_else_is_the_same() {
        let fingerprinter = Fingerprinter::new(&Key::from_bytes(&mut [3; 32]));
        let by = fingerprinter.for_kind(kinds::ALL[0]);
        let touched = std::cell::RefCell::new((Vec::new(), Vec::new()));
        let (mut asked, mut given) = (Vec::new(), Vec::new());
        let mut touch = |early| {
            let (hints, codes) = &mut *touched.borrow_mut();
            match early {
                Early::Hint(hint) => hints.push(hint),
                Early::Fingerprint(code) => codes.push(code),
            }
            1
        };
        let mut may = |about: &usize, hint| {
            assert!(touched.borrow().0.contains(&hint));
            asked.push(hint);
            !about.is_multiple_of(3)
        };
        let mut each = |about: usize, code| {
            assert!(touched.borrow().1.contains(&code));
            given.push((about, code));
        };
        let mut batch = Batch::new(&fingerprinter);
        let form = |number: usize| format!("{number}{}", "a".repeat(number % 70));
        for number in 0..1000 {
            let form = form(number);
            batch.add_touching(&by, &form, number, &mut touch, &mut may, &mut each);
        }
        batch.finish_touching(&mut touch, &mut may, &mut each);
        let expected = (0..1000).filter(|number| number % 3 > 0);
        assert!(
            given
                .into_iter()
                .eq(expected.map(|number| (number, by.of(&form(number)))))
        );
        assert_eq!(touched.into_inner().0, asked);
    }
}
