//! Which bytes of an archive belong to a member.

use std::collections::BTreeMap;

/// Between two members there may be a data descriptor: at most 24 bytes, too few
/// for a header.
const SLACK_BYTES: u64 = 24;

/// Ranges that do not overlap. Neighbours are one range, so that an ordinary
/// archive of any number of members costs one entry.
#[derive(Debug, Default)]
pub(super) struct Covered {
    /// From the start of a range to its end.
    ranges: BTreeMap<u64, u64>,
}

impl Covered {
    /// Adds `start..end`; `false`, and nothing is added, if a part of it belongs
    /// to somebody already.
    pub(super) fn add(&mut self, start: u64, end: u64) -> bool {
        let before = self.ranges.range(..=start).next_back();
        let before = before.map(|(start, end)| (*start, *end));
        let after = self.ranges.range(start..).next();
        let after = after.map(|(start, end)| (*start, *end));
        if before.is_some_and(|(_, before_end)| before_end > start)
            || after.is_some_and(|(after_start, _)| after_start < end)
        {
            return false;
        }
        let (mut first, mut last) = (start, end);
        if let Some((before_start, before_end)) = before
            && start - before_end <= SLACK_BYTES
        {
            first = before_start;
        }
        if let Some((after_start, after_end)) = after
            && after_start - end <= SLACK_BYTES
        {
            self.ranges.remove(&after_start);
            last = after_end;
        }
        self.ranges.insert(first, last);
        true
    }

    /// What of `0..end` belongs to nobody and could hold a header.
    pub(super) fn gaps(&self, end: u64) -> Vec<(u64, u64)> {
        let mut gaps = Vec::new();
        let mut at = 0;
        for (start, range_end) in self.ranges.range(..end) {
            gaps.push((at, *start));
            at = at.max(*range_end);
        }
        gaps.push((at, end));
        gaps.retain(|(start, end)| end.saturating_sub(*start) > SLACK_BYTES);
        gaps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_belongs_to_one_member_only() {
        let mut covered = Covered::default();
        assert!(covered.add(100, 200));
        assert!(covered.add(0, 100));
        assert!(covered.add(212, 300));
        for (start, end) in [(50, 60), (199, 250), (150, 400), (290, 310)] {
            assert!(!covered.add(start, end), "{start}..{end}");
        }
        assert_eq!(covered.ranges.len(), 1);
        assert!(covered.add(1000, 1100));
        assert_eq!(covered.gaps(2000), [(300, 1000), (1100, 2000)]);
        assert_eq!(covered.gaps(1110), [(300, 1000)]);
    }
}
