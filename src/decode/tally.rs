//! Which of the bytes that went in were examined.

use crate::base::Reason;

/// An account of the bytes that a decoder took in.
///
/// Every one of them was examined or missed for exactly one reason:
/// `examined + missed = bytes`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Bytes that were read from the input.
    pub bytes: u64,
    /// What was not examined, by reason.
    pub missed: Vec<Missed>,
}

/// What was not examined for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missed {
    /// Why.
    pub reason: Reason,
    /// How many things.
    pub count: u64,
    /// How many bytes of the input; 0 where nobody can tell.
    pub bytes: u64,
}

impl Tally {
    /// An input of `bytes`, all examined.
    pub fn examined(bytes: u64) -> Self {
        Self {
            bytes,
            missed: Vec::new(),
        }
    }

    /// An input of `bytes`, not examined for one `reason`.
    pub fn missed(bytes: u64, reason: Reason) -> Self {
        let mut tally = Self::examined(bytes);
        tally.miss(reason, 1, bytes);
        tally
    }

    /// Moves `bytes` of those taken in from examined to missed.
    pub fn miss(&mut self, reason: Reason, count: u64, bytes: u64) {
        let bytes = bytes.min(self.bytes_examined());
        if let Some(missed) = self.missed.iter_mut().find(|m| m.reason == reason) {
            missed.count += count;
            missed.bytes += bytes;
            return;
        }
        self.missed.push(Missed {
            reason,
            count,
            bytes,
        });
        self.missed.sort_by_key(|missed| missed.reason);
    }

    /// Bytes that were examined.
    pub fn bytes_examined(&self) -> u64 {
        let missed: u64 = self.missed.iter().map(|missed| missed.bytes).sum();
        self.bytes.saturating_sub(missed)
    }

    /// Takes in the account of a part of the input.
    pub fn add(&mut self, part: &Self) {
        self.bytes += part.bytes;
        for missed in &part.missed {
            self.miss(missed.reason, missed.count, missed.bytes);
        }
    }

    /// The same account as shares of `bytes`: what a packed input of that size
    /// holds when this is the account of what it unpacks to.
    #[must_use]
    pub fn scaled_to(&self, bytes: u64) -> Self {
        let mut scaled = Self::examined(bytes);
        for missed in &self.missed {
            let share = match self.bytes {
                0 => 0,
                // When nothing was examined, rounding must not say otherwise.
                _ if missed.bytes == self.bytes => u128::from(bytes),
                all => u128::from(missed.bytes) * u128::from(bytes) / u128::from(all),
            };
            scaled.miss(
                missed.reason,
                missed.count,
                u64::try_from(share).unwrap_or(u64::MAX),
            );
        }
        scaled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_in_exactly_one_bin_after_scaling() {
        let mut tally = Tally::examined(7);
        tally.miss(Reason::Encrypted, 1, 2);
        tally.miss(Reason::Corrupt, 1, 4);
        let scaled = tally.scaled_to(1000);
        let missed: u64 = scaled.missed.iter().map(|m| m.bytes).sum();
        assert_eq!(scaled.bytes_examined() + missed, 1000);
        assert_eq!(
            scaled.missed.iter().map(|m| m.bytes).collect::<Vec<_>>(),
            [285, 571]
        );
    }

    #[test]
    fn more_than_was_taken_in_cannot_be_missed() {
        let mut tally = Tally::examined(5);
        tally.miss(Reason::Truncated, 1, 9);
        assert_eq!(tally.bytes_examined(), 0);
        assert_eq!(tally.missed[0].bytes, 5);
    }
}
