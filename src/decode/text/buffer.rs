//! Text that grows by many short parts.
//!
//! | in  | parts of another text, most of them a few bytes long               |
//! |-----|--------------------------------------------------------------------|
//! | out | the parts, one behind the other                                    |
//! | not | a call of `memcpy` for each of them                                |
//!
//! Behind the text lies room that was written already, so that a short part is
//! copied as one block of fixed size, whatever its length: what was copied too
//! much lies in the room, and the next part overwrites it.

use std::ops::Deref;

use super::bytes::{from, span};
use crate::base::vector::{Class, WORD, mark};

/// Bytes of the block that a short part is copied as: one or two registers.
const BLOCK: usize = 32;
/// Bytes in which a blank line is looked for at once.
const LINES: usize = 8 << 10;

/// Text, and room behind it.
#[derive(Default)]
pub(super) struct Text {
    bytes: Vec<u8>,
    used: usize,
}

impl Deref for Text {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        span(&self.bytes, 0..self.used)
    }
}

impl Text {
    /// Adds what lies in `source` from `start` to `end`.
    #[inline]
    pub(super) fn take(&mut self, source: &[u8], start: usize, end: usize) {
        let length = end.saturating_sub(start);
        if length <= BLOCK
            && let Some(block) = from(source, start).first_chunk::<BLOCK>()
            && let Some(room) = self.bytes.get_mut(self.used..)
            && let Some(room) = room.first_chunk_mut::<BLOCK>()
        {
            *room = *block;
            self.used += length;
        } else {
            self.push(span(source, start..end));
        }
    }

    /// Adds a part of any length.
    pub(super) fn push(&mut self, part: &[u8]) {
        self.reserve(part.len());
        if let Some(room) = self.bytes.get_mut(self.used..self.used + part.len()) {
            room.copy_from_slice(part);
            self.used += part.len();
        }
    }

    /// Ends a cell.
    #[inline]
    pub(super) fn line_feed(&mut self) {
        if let Some(room) = self.bytes.get_mut(self.used) {
            *room = b'\n';
            self.used += 1;
        } else {
            self.push(b"\n");
        }
    }

    /// The text from `start` on, to be changed in place.
    pub(super) fn tail(&mut self, start: usize) -> &mut [u8] {
        self.bytes.get_mut(start..self.used).unwrap_or_default()
    }

    /// Room for `length` bytes behind the text; [`Text::grow`] makes them text.
    pub(super) fn room(&mut self, length: usize) -> &mut [u8] {
        self.reserve(length);
        let end = self.used + length;
        self.bytes.get_mut(self.used..end).unwrap_or_default()
    }

    /// Makes the first `length` bytes of the room text.
    pub(super) fn grow(&mut self, length: usize) {
        self.used = (self.used + length).min(self.bytes.len());
    }

    /// Forgets what lies behind `length`.
    pub(super) fn truncate(&mut self, length: usize) {
        self.used = self.used.min(length);
    }

    /// Forgets the first `length` bytes.
    pub(super) fn drop_first(&mut self, length: usize) {
        let length = length.min(self.used);
        self.bytes.copy_within(length..self.used, 0);
        self.used -= length;
    }

    fn reserve(&mut self, length: usize) {
        let wanted = self.used + length + BLOCK;
        if wanted > self.bytes.len() {
            self.bytes.resize(wanted.max(2 * self.bytes.len()), 0);
        }
    }
}

/// The last place from `start` to `end` at which two line feeds stand.
pub(super) fn last_pair(text: &[u8], start: usize, end: usize) -> Option<usize> {
    let mut marks = Vec::new();
    let mut end = end.max(start);
    while end > start {
        let block = start.max(end.saturating_sub(LINES));
        // With the byte behind the block, which may be the second one.
        let part = span(text, block..(end + 1).min(text.len()));
        mark(part, [Class::byte(b'\n')], &mut marks);
        let mut above = 0;
        for (index, [word]) in marks.iter().enumerate().rev() {
            let pairs = word & (word >> 1 | above << 63);
            if pairs != 0 {
                return Some(block + (index + 1) * WORD - 1 - pairs.leading_zeros() as usize);
            }
            above = word & 1;
        }
        end = block;
    }
    None
}

/// Makes line feeds spaces.
pub(super) fn flatten(text: &mut [u8]) {
    for byte in text {
        if *byte == b'\n' {
            *byte = b' ';
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn parts_come_out_as_they_went_in(
            source in prop::collection::vec(any::<u8>(), 0..200),
            parts in prop::collection::vec((0_usize..200, 0_usize..80), 0..50),
            dropped in 0_usize..100,
        ) {
            let (mut text, mut plain) = (Text::default(), Vec::new());
            for (start, length) in parts {
                let start = start.min(source.len());
                let end = (start + length).min(source.len());
                text.take(&source, start, end);
                text.line_feed();
                plain.extend_from_slice(&source[start..end]);
                plain.push(b'\n');
            }
            prop_assert_eq!(&text[..], &plain[..]);
            text.drop_first(dropped);
            prop_assert_eq!(&text[..], &plain[dropped.min(plain.len())..]);
        }
    }
}
