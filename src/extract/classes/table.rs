//! Tables that are lines with tabs, as pages and word processors give them.

use std::ops::Range;

use memchr::memmem;

use crate::extract::record;

/// Bytes of a line of headings.
const LONGEST: usize = 4 << 10;
/// Lines that can stand above the headings: a caption.
const ABOVE: usize = 2;

/// Knows in which block of lines the last line stood that was looked at.
#[derive(Default)]
pub(super) struct Tables {
    /// Where the block begins, and up to where it was looked at.
    block: Option<Range<usize>>,
}

impl Tables {
    /// Another text comes.
    pub(super) fn clear(&mut self) {
        self.block = None;
    }

    /// The headings that `line` stands under: the first line of its block with as
    /// many tabs, if it is another one.
    pub(super) fn headings<'t>(&mut self, text: &'t str, line: &Range<usize>) -> Option<&'t str> {
        let tabs = tabs(text.get(line.clone())?);
        if tabs == 0 {
            return None;
        }
        let start = self.block_of(text, line.start);
        let mut first = record::line(text, start);
        for _ in 0..=ABOVE {
            if first.start >= line.start {
                return None;
            }
            let headings = text.get(first.clone())?;
            if headings.len() <= LONGEST && self::tabs(headings) == tabs {
                return Some(headings);
            }
            first = record::line(text, first.end + 1);
        }
        None
    }

    /// Where the block of lines around `at` begins, behind a blank line.
    fn block_of(&mut self, text: &str, at: usize) -> usize {
        // Lines come in order, mostly: what was searched is not searched again.
        let known = self.block.clone().filter(|block| block.end <= at);
        let from = known
            .as_ref()
            .map_or(0, |block| block.end.saturating_sub(1));
        let between = text.as_bytes().get(from..at).unwrap_or_default();
        let blank = memmem::rfind(between, b"\n\n").map(|place| from + place + 2);
        let start = blank.or(known.map(|block| block.start)).unwrap_or(0);
        self.block = Some(start..at);
        start
    }
}

fn tabs(line: &str) -> usize {
    memchr::memchr_iter(b'\t', line.as_bytes()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_of_the_block_has_the_headings() {
        let text = "x\ty\n\nPeople\nname\tmail\nAnna\ta@b.fi\nBo\tb@b.fi\n\nc\td\te\n1\t2\n";
        let mut tables = Tables::default();
        let mut headings = |line: &str| {
            let start = text.find(line).unwrap();
            tables.headings(text, &(start..start + line.len()))
        };
        assert_eq!(headings("Anna\ta@b.fi"), Some("name\tmail"));
        assert_eq!(headings("Bo\tb@b.fi"), Some("name\tmail"));
        assert_eq!(headings("name\tmail"), None);
        assert_eq!(headings("1\t2"), None);
        assert_eq!(headings("x\ty"), None);
        assert_eq!(headings("People"), None);
    }
}
