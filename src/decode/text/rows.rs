//! Rows as nearly all of them are written, 64 bytes at a time.
//!
//! | in  | rows without a quote, or with quotes only around whole cells        |
//! |-----|---------------------------------------------------------------------|
//! | out | the same text and the same records as [`Csv`](super::csv::Csv) gives |
//! | not | rows that are written in any other way: they are left alone         |
//!
//! A word of marks says where delimiters, line feeds and quotes stand. What is to
//! be dropped (quotes, and what ends an empty cell) is told from them by shifts;
//! the rest is copied as blocks, and delimiters become line feeds on the way.

use super::builder::{Builder, Sink};
use super::bytes::{from, offset};
use super::marks::Marks;
use crate::base::vector::{Class, WORD};
use crate::base::{Cell, Record};

/// Bytes of a block that most cells fit in.
const SHORT: usize = 16;

/// Reads rows with one delimiter.
pub(super) struct Rows {
    delimiter: u8,
    /// Quotes may hide behind a backslash: rows with quotes are left alone.
    backslash: bool,
    /// Delimiters, line feeds, quotes.
    marks: Marks<3>,
}

/// What a word of marks must know of the one before it: bits at its first byte,
/// or all bits where that says so.
#[derive(Clone, Copy)]
struct Carry {
    /// A cell begins.
    begins: u64,
    /// All bits: inside of quotes.
    inside: u64,
    /// Behind an opening quote.
    opened: u64,
    /// Behind a closing quote.
    closed: u64,
}

/// What a word of marks says.
struct Word {
    /// Line feeds that end a row.
    ends: u64,
    /// Bytes that are no part of the text. What ends a cell stays, as a line feed:
    /// its closing quote, or what stands behind it.
    dropped: u64,
    /// Bytes at which the row turns out to be written in some other way.
    odd: u64,
    /// Delimiters inside of quotes.
    quoted: u64,
    /// What ends an empty cell, one bit for each.
    empty: u64,
}

/// Where the output of a section stands, counted from its beginning.
#[derive(Default)]
struct Progress {
    /// Bytes that were written.
    written: usize,
    /// Where the open record begins: what lies before is complete.
    record: usize,
}

impl Rows {
    pub(super) fn new(delimiter: u8, backslash: bool) -> Self {
        let bytes = [delimiter, b'\n', b'"'];
        Self {
            delimiter,
            backslash,
            marks: Marks::new(bytes.map(Class::byte)),
        }
    }

    /// Another text comes.
    pub(super) fn clear(&mut self) {
        self.marks.clear();
    }

    /// Reads whole rows of `text` from `place`, where one begins, as far as their
    /// marks go; where the first row begins that was left alone.
    pub(super) fn read(&mut self, text: &[u8], place: usize, to: &mut Builder<'_>) -> usize {
        let is_marked = (self.marks.start()..self.marks.end()).contains(&place);
        if is_marked {
            let (next, is_odd) = self.section(text, place, to);
            if next > place || is_odd || self.marks.end() == text.len() {
                return next;
            }
        }
        self.marks.section(text, place);
        self.section(text, place, to).0
    }

    /// Reads the rows that lie in the section that is marked; whether the row that
    /// was left alone is an odd one.
    fn section(&self, text: &[u8], place: usize, to: &mut Builder<'_>) -> (usize, bool) {
        let start = place - self.marks.start();
        let (mut base, mut bit) = (place - start % WORD, start % WORD);
        let mut sink = to.sink(self.marks.end() - base + 2 * WORD);
        let mut progress = Progress::default();
        let mut carry = Carry::row(bit);
        let mut next = place;
        let mut is_odd = false;
        for marks in self.marks.words_from(place) {
            // Two blocks of the source, so that copies may read too far.
            let Some(source) = from(text, base).first_chunk::<{ 2 * WORD }>() else {
                break;
            };
            let mut word = carry.word(marks.map(|mark| mark & (u64::MAX << bit)));
            if self.backslash {
                word.odd |= marks[2] & (u64::MAX << bit);
            }
            is_odd = word.odd != 0;
            if is_odd {
                word.ends &= (word.odd & word.odd.wrapping_neg()) - 1;
            }
            let before = progress.written;
            self.copy(source, bit, &word, &mut sink, &mut progress.written);
            if word.ends != 0 {
                progress.records(&word, bit, before, &mut sink);
                next = base + WORD - word.ends.leading_zeros() as usize;
            } else if word.empty != 0 {
                word.tell_empty(u64::MAX, bit, before, &mut sink);
            }
            if is_odd {
                break;
            }
            (base, bit) = (base + WORD, 0);
        }
        // What was told of a row that is not complete is told again.
        sink.forget_empty(progress.record);
        to.take_in(progress.record);
        (next, is_odd)
    }

    /// Copies what is kept of the first 64 bytes of `source`, from `bit` on.
    fn copy(
        &self,
        source: &[u8; 2 * WORD],
        bit: usize,
        word: &Word,
        sink: &mut Sink<'_>,
        written: &mut usize,
    ) {
        let first = *written;
        let mut start = bit;
        let mut dropped = word.dropped;
        loop {
            let end = dropped.trailing_zeros() as usize;
            let rest = from(source, start);
            let room = sink.room.get_mut(*written..).unwrap_or_default();
            if end - start <= SHORT {
                self.copy_block::<SHORT>(rest, room);
            } else {
                self.copy_block::<WORD>(rest, room);
            }
            *written += end - start;
            if dropped == 0 {
                break;
            }
            // All that are dropped beside each other.
            let run = (dropped >> end).trailing_ones() as usize;
            start = end + run;
            if start >= WORD {
                break;
            }
            dropped &= u64::MAX << start;
        }
        // Only few rows hold delimiters that are none.
        let mut quoted = word.quoted;
        while quoted != 0 {
            let place = first + word.kept_before(quoted.trailing_zeros(), bit);
            if let Some(byte) = sink.room.get_mut(place) {
                *byte = self.delimiter;
            }
            quoted &= quoted - 1;
        }
    }
}

impl Rows {
    /// Copies a block; delimiters and quotes that are kept end a cell.
    #[inline]
    fn copy_block<const N: usize>(&self, source: &[u8], room: &mut [u8]) {
        let delimiter = self.delimiter;
        if let Some(block) = source.first_chunk::<N>()
            && let Some(room) = room.first_chunk_mut::<N>()
        {
            *room = block.map(|byte| {
                if byte == delimiter || byte == b'"' {
                    b'\n'
                } else {
                    byte
                }
            });
        }
    }
}

impl Carry {
    /// A row begins at `bit`.
    fn row(bit: usize) -> Self {
        Self {
            begins: 1 << bit,
            inside: 0,
            opened: 0,
            closed: 0,
        }
    }

    /// Reads the marks of the next word.
    #[inline]
    fn word(&mut self, [delimiters, line_feeds, quotes]: [u64; 3]) -> Word {
        let separators = delimiters | line_feeds;
        if quotes | self.inside | self.closed == 0 {
            let dropped = separators & (separators << 1 | self.begins);
            self.begins = separators >> 63;
            self.opened = 0;
            return Word {
                ends: line_feeds,
                dropped,
                odd: 0,
                quoted: 0,
                empty: dropped,
            };
        }
        self.quoted(delimiters, line_feeds, quotes)
    }

    fn quoted(&mut self, delimiters: u64, line_feeds: u64, quotes: u64) -> Word {
        // An opening quote is inside, a closing one is not.
        let inside = parity(quotes) ^ self.inside;
        let (opening, closing) = (quotes & inside, quotes & !inside);
        let separators = (delimiters | line_feeds) & !inside;
        let begins = separators << 1 | self.begins;
        let closed = closing << 1 | self.closed;
        let empty = closing & (opening << 1 | self.opened);
        *self = Self {
            begins: separators >> 63,
            inside: (inside >> 63).wrapping_neg(),
            opened: opening >> 63,
            closed: closing >> 63,
        };
        Word {
            ends: line_feeds & !inside,
            dropped: opening | empty | separators & (begins | closed),
            odd: opening & !begins | line_feeds & inside | closed & !separators,
            quoted: delimiters & inside,
            empty: empty | separators & begins,
        }
    }
}

impl Word {
    /// How many bytes are kept from `bit` to `end`.
    fn kept_before(&self, end: u32, bit: usize) -> usize {
        let dropped = self.dropped & ((1_u64 << end) - 1);
        end as usize - bit - dropped.count_ones() as usize
    }

    /// Tells of the empty cells that end at bits of `which`; the text of the word
    /// begins at `before`.
    fn tell_empty(&self, which: u64, bit: usize, before: usize, sink: &mut Sink<'_>) {
        let Some(cells) = &mut sink.empty else {
            return;
        };
        let mut empty = self.empty & which;
        while empty != 0 {
            let at = before + self.kept_before(empty.trailing_zeros(), bit);
            cells.push(Cell {
                start: offset(sink.start + at),
                end: offset(sink.start + at),
                column: None,
            });
            empty &= empty - 1;
        }
    }
}

impl Sink<'_> {
    /// Forgets empty cells at `from` and behind.
    fn forget_empty(&mut self, from: usize) {
        if let Some(cells) = &mut self.empty {
            let from = offset(self.start + from);
            while cells.last().is_some_and(|cell| cell.start >= from) {
                cells.pop();
            }
        }
    }
}

impl Progress {
    /// Adds the records of the rows that end in `word`, whose text begins at
    /// `before`.
    fn records(&mut self, word: &Word, bit: usize, before: usize, sink: &mut Sink<'_>) {
        let mut ends = word.ends;
        let mut rest = u64::MAX;
        while ends != 0 {
            let end = ends.trailing_zeros();
            let is_kept = word.dropped >> end & 1 == 0;
            let behind = before + word.kept_before(end, bit) + usize::from(is_kept);
            if word.empty != 0 {
                word.tell_empty(rest & ((1 << end) - 1), bit, before, sink);
                rest = u64::MAX << end << 1;
            }
            // At its end they would be taken for the first ones of the next row.
            sink.forget_empty(behind);
            // A row of empty cells is none.
            if behind > self.record {
                *sink.number += 1;
                sink.records.push(Record {
                    start: offset(sink.start + self.record),
                    // Without the line feed that ends the last cell.
                    end: offset(sink.start + behind - 1),
                    number: *sink.number,
                });
                self.record = behind;
            }
            ends &= ends - 1;
        }
        word.tell_empty(rest, bit, before, sink);
    }
}

/// For each bit, whether the number of set bits up to it, itself included, is odd.
fn parity(bits: u64) -> u64 {
    [1, 2, 4, 8, 16, 32]
        .iter()
        .fold(bits, |bits, by| bits ^ bits << by)
}
