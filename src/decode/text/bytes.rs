//! Bytes of text, read without ever being out of bounds.

use std::ops::Range;

/// The byte at `index`, 0 behind the end. Decoded text holds no NUL.
pub(super) fn at(text: &[u8], index: usize) -> u8 {
    text.get(index).copied().unwrap_or(0)
}

/// What lies in `range`, nothing where that is out of bounds.
pub(super) fn span(text: &[u8], range: Range<usize>) -> &[u8] {
    text.get(range).unwrap_or_default()
}

/// What lies from `start` on.
pub(super) fn from(text: &[u8], start: usize) -> &[u8] {
    text.get(start..).unwrap_or_default()
}

/// Whether `text` begins with `word`, whatever the case of ASCII letters.
pub(super) fn begins_with(text: &[u8], word: &[u8]) -> bool {
    text.get(..word.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// Where the first byte from `start` on stands that is not white space.
pub(super) fn skip_space(text: &[u8], start: usize) -> usize {
    let space = from(text, start)
        .iter()
        .take_while(|b| b.is_ascii_whitespace());
    start + space.count()
}

/// An offset as pieces hold it; pieces are far smaller than 4 GiB.
pub(super) fn offset(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// The nearest start of a character at or before `index`.
pub(super) fn boundary(text: &[u8], index: usize) -> usize {
    let mut index = index.min(text.len());
    while index > 0 && at(text, index) & 0xc0 == 0x80 {
        index -= 1;
    }
    index
}

/// The nearest start of a character at or behind `index`.
pub(super) fn next_boundary(text: &[u8], index: usize) -> usize {
    let rest = from(text, index);
    let inside = rest.iter().take_while(|byte| **byte & 0xc0 == 0x80);
    (index + inside.count()).min(text.len())
}
