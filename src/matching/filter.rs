//! Says of most fingerprints that they are not listed, in one look at memory.

use crate::fingerprint::Fingerprint;

/// Bits an entry has at least; twice as many at most, for the size is a power of
/// two. With 16, three bits each and all of them in one word, about one stranger in
/// a hundred passes: a word holds 4 entries on average, 12 bits of 64 are set at
/// most, (12/64)^3 = 0.7 %, and somewhat more for the words that hold more.
const BITS: usize = 16;

/// A Bloom filter whose blocks are words.
///
/// Fingerprints are outputs of a hash already, so their own bytes say where to
/// look. Entries that are made by hand to share bytes cost time, not matches.
pub(super) struct Filter {
    words: Vec<u64>,
    mask: u64,
}

impl Filter {
    /// An empty filter with room for `entries`.
    pub(super) fn with_room(entries: usize) -> Self {
        let words = entries
            .saturating_mul(BITS)
            .div_ceil(64)
            .max(1)
            .next_power_of_two();
        Self {
            words: vec![0; words],
            mask: words as u64 - 1,
        }
    }

    pub(super) fn add(&mut self, fingerprint: &Fingerprint) {
        let (place, bits) = self.place(fingerprint);
        if let Some(word) = self.words.get_mut(place) {
            *word |= bits;
        }
    }

    /// Whether it may have been added; `false` is certain.
    #[inline]
    pub(super) fn may_hold(&self, fingerprint: &Fingerprint) -> bool {
        let (place, bits) = self.place(fingerprint);
        self.words
            .get(place)
            .is_some_and(|word| word & bits == bits)
    }

    #[inline]
    fn place(&self, fingerprint: &Fingerprint) -> (usize, u64) {
        let whole = u128::from_be_bytes(fingerprint.0);
        let high = u64::try_from(whole >> 64).unwrap_or(0);
        let low = u64::try_from(whole & u128::from(u64::MAX)).unwrap_or(0);
        let place = usize::try_from(high & self.mask).unwrap_or(0);
        let bits = 1 << (low & 63) | 1 << (low >> 6 & 63) | 1 << (low >> 12 & 63);
        (place, bits)
    }
}
