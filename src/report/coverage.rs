//! How much of what is there was examined, in words that never say too much.

use super::number::{percent, tenths_of_percent};
use super::{Coverage, Report, SourceOutcome};
use crate::base::Reason;

/// What a verdict must say about coverage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Share {
    /// Bytes that were examined.
    pub examined: u64,
    /// Bytes that are there, as far as that is known.
    pub there: u128,
    /// Things that could not be read, or not to their end.
    pub unread: u64,
    /// Sources that did not answer.
    pub silent_sources: u64,
}

impl Share {
    /// That of `report`.
    pub(super) fn of(report: &Report) -> Self {
        let coverage = &report.coverage;
        Self {
            examined: coverage.bytes.examined,
            there: bytes_there(coverage),
            unread: coverage
                .not_examined
                .iter()
                .filter(|gap| is_unread(gap.reason))
                .fold(0, |sum, gap| sum.saturating_add(gap.count)),
            silent_sources: coverage
                .sources
                .iter()
                .filter(|source| source.outcome == SourceOutcome::Failed)
                .count() as u64,
        }
    }

    /// Whether nothing is missing.
    pub(super) fn is_whole(self) -> bool {
        u128::from(self.examined) >= self.there && self.unread == 0 && self.silent_sources == 0
    }

    /// `99.2 %`, rounded down; `100 %` only when nothing is missing.
    pub(super) fn percent(self) -> String {
        if self.is_whole() {
            return percent(1000);
        }
        if self.examined == 0 {
            return "0 %".to_owned();
        }
        match tenths_of_percent(self.examined.into(), self.there) {
            Some(tenths) if tenths < 1000 => percent(tenths),
            // What is missing is of unknown size.
            _ => "less than 100 %".to_owned(),
        }
    }
}

/// Bytes that were fetched, and those that are known to be missing.
pub(super) fn bytes_there(coverage: &Coverage) -> u128 {
    coverage
        .not_examined
        .iter()
        .filter(|gap| gap.reason == Reason::FetchFailed)
        .map(|gap| u128::from(gap.bytes))
        .fold(u128::from(coverage.bytes.fetched), u128::saturating_add)
}

/// Whether something may be hidden there: it was meant to be read.
///
/// What lies out of scope, is empty or is no file was never meant to be.
pub(super) fn is_unread(reason: Reason) -> bool {
    !matches!(
        reason,
        Reason::OutOfScope | Reason::Empty | Reason::NotAFile
    )
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn percent_of(report: &Report) -> String {
        Share::of(report).percent()
    }

    #[test]
    fn a_thousandth_that_is_missing_is_never_rounded_away() {
        // 1,000 bytes were examined; 1 more is encrypted: 1000 / 1001 = 99.90 %.
        let report = sample::with_gap(sample::empty(), Reason::Encrypted, 1, 1);
        assert_eq!(percent_of(&report), "99.9 %");
        // 1000 / 1000 bytes, but something of unknown size is missing.
        let report = sample::with_gap(sample::empty(), Reason::FetchFailed, 1, 0);
        assert_eq!(percent_of(&report), "less than 100 %");
        assert_eq!(percent_of(&sample::empty()), "100 %");
    }

    #[test]
    fn bytes_that_never_arrived_count_as_missing() {
        // 1000 / (1000 + 250) = 80 %.
        let report = sample::with_gap(sample::empty(), Reason::FetchFailed, 1, 250);
        assert_eq!(percent_of(&report), "80.0 %");
    }

    #[test]
    fn links_out_of_scope_are_not_missing() {
        let report = sample::with_gap(sample::empty(), Reason::OutOfScope, 40, 0);
        assert_eq!(percent_of(&report), "100 %");
        assert_eq!(Share::of(&report).unread, 0);
    }
}
