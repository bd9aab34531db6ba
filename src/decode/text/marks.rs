//! Where the next byte of some class stands, told from bitmaps.
//!
//! | in  | a text, and the classes of bytes that matter in it                 |
//! |-----|--------------------------------------------------------------------|
//! | out | the next place of a class, a few instructions each                 |
//! | not | the whole text at once: a section of it at a time is marked        |

use crate::base::vector::{Class, WORD, mark};

use super::bytes::span;

/// Bytes that are marked at once: their marks stay in the first cache.
pub(super) const SECTION: usize = 16 << 10;

/// Marks of one section of a text.
pub(super) struct Marks<const N: usize> {
    classes: [Class; N],
    words: Vec<[u64; N]>,
    start: usize,
    end: usize,
}

impl<const N: usize> Marks<N> {
    pub(super) fn new(classes: [Class; N]) -> Self {
        Self {
            classes,
            words: Vec::new(),
            start: 0,
            end: 0,
        }
    }

    /// Forgets the text; another one comes.
    pub(super) fn clear(&mut self) {
        self.start = 0;
        self.end = 0;
        self.words.clear();
    }

    /// Marks the section of `text` that begins at `place`.
    pub(super) fn section(&mut self, text: &[u8], place: usize) {
        self.start = place.min(text.len());
        self.end = (place + SECTION).min(text.len());
        mark(
            span(text, self.start..self.end),
            self.classes,
            &mut self.words,
        );
    }

    /// Where the section begins.
    pub(super) fn start(&self) -> usize {
        self.start
    }

    /// Where it ends.
    pub(super) fn end(&self) -> usize {
        self.end
    }

    /// The words of the section, from the one on that `place` is in.
    pub(super) fn words_from(&self, place: usize) -> &[[u64; N]] {
        let index = place.saturating_sub(self.start) / WORD;
        self.words.get(index..).unwrap_or_default()
    }
}

/// The first place from `place` on whose bit is set in what `pick` takes of `words`,
/// the first of which is about the bytes from `start` on.
#[inline]
fn next_of<const N: usize>(
    words: &[[u64; N]],
    start: usize,
    place: usize,
    pick: impl Fn(&[u64; N]) -> u64,
) -> Option<usize> {
    let offset = place.checked_sub(start)?;
    let mut index = offset / WORD;
    let mut word = pick(words.get(index)?) >> (offset % WORD) << (offset % WORD);
    while word == 0 {
        index += 1;
        word = pick(words.get(index)?);
    }
    Some(start + index * WORD + word.trailing_zeros() as usize)
}

/// Tells where tokens end, of two sorts.
pub(super) struct Ends<const N: usize> {
    marks: Marks<N>,
    /// Puts the marks of classes together to what ends a token of either sort.
    sorts: fn([u64; N]) -> [u64; 2],
    /// These, for the section that is marked.
    words: Vec<[u64; 2]>,
}

impl<const N: usize> Ends<N> {
    pub(super) fn new(classes: [Class; N], sorts: fn([u64; N]) -> [u64; 2]) -> Self {
        Self {
            marks: Marks::new(classes),
            sorts,
            words: Vec::new(),
        }
    }

    /// Forgets the text; another one comes.
    pub(super) fn clear(&mut self) {
        self.marks.clear();
        self.words.clear();
    }

    /// Where the token that begins at `start` ends by the sort that `pick` takes,
    /// seen from `place` in it; `None` where that is far away.
    #[inline]
    pub(super) fn next(
        &mut self,
        text: &[u8],
        start: usize,
        place: usize,
        pick: impl Fn(&[u64; 2]) -> u64 + Copy,
    ) -> Option<usize> {
        let near = next_of(&self.words, self.marks.start, place, pick);
        near.or_else(|| self.next_section(text, start, place, pick))
    }

    #[inline(never)]
    fn next_section(
        &mut self,
        text: &[u8],
        start: usize,
        place: usize,
        pick: impl Fn(&[u64; 2]) -> u64,
    ) -> Option<usize> {
        let marks = &mut self.marks;
        let is_marked = (marks.start..marks.end).contains(&start);
        // Marking it once more would show no more of it.
        if is_marked && (marks.start == start || marks.end == text.len()) {
            return None;
        }
        marks.section(text, start);
        self.words.clear();
        let sorts = marks.words.iter().map(|word| (self.sorts)(*word));
        self.words.extend(sorts);
        next_of(&self.words, self.marks.start, place, pick)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_next_place_is_the_one_that_a_search_finds(
            text in prop::collection::vec(prop::sample::select(b"ab\n,".to_vec()), 0..300),
            start in 0_usize..300,
            place in 0_usize..300,
        ) {
            let mut marks = Marks::new([Class::byte(b'\n'), Class::byte(b',')]);
            marks.section(&text, start);
            let place = place.max(start);
            let expected = text.iter().enumerate().skip(place).find(|(_, b)| **b == b',');
            let next = |pick: fn(&[u64; 2]) -> u64| next_of(&marks.words, start, place, pick);
            prop_assert_eq!(next(|word| word[1]), expected.map(|(at, _)| at));
            let expected = text.iter().enumerate().skip(place).find(|(_, b)| b",\n".contains(b));
            prop_assert_eq!(next(|[a, b]| a | b), expected.map(|(at, _)| at));
        }
    }
}
