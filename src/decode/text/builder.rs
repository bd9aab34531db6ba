//! Collects text, records and cells, and hands them on as pieces.
//!
//! | in  | lines, or cells between the begin and the end of a record         |
//! |-----|-------------------------------------------------------------------|
//! | out | [`Piece`]s of about 256 KiB, escapes decoded, to an [`Out`]       |
//! | not | more memory than a piece takes, whatever the size of a record     |
//!
//! A piece is cut between records where that is possible. A record that is longer
//! than a piece comes in parts, under one number, that overlap by a KiB on both
//! sides; each byte is owned by one part.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memrchr};

use super::buffer::{Text, flatten, last_pair};
use super::bytes::{boundary, from, offset, span};
use super::columns::Columns;
use super::escape::Escapes;
use crate::base::vector::{Class, WORD, mark};
use crate::base::{Cell, Layout, Piece, Record};
use crate::decode::Out;

/// Bytes of text that a piece owns at most.
pub const PIECE: usize = 256 << 10;
/// Bytes that the parts of a record show of each other.
const OVERLAP: usize = 1 << 10;
/// Bytes that are taken in at once, so that the buffer stays small.
const BLOCK: usize = 64 << 10;
/// The column of a cell that stands under none.
const NOWHERE: u32 = u32::MAX;
/// No column at all: what comes next is told in any case.
const UNKNOWN: u32 = u32::MAX - 1;

/// Where the pieces of one leaf come together.
pub(super) struct Builder<'o> {
    /// The headings that cells refer to.
    pub(super) columns: Columns,
    /// Whether every cell is to be told, not only those whose column does not follow
    /// from the one before.
    pub(super) wants_cells: bool,
    out: &'o mut dyn Out,
    size: usize,
    layout: Layout,
    text: Text,
    /// Where what the next piece owns begins.
    own: usize,
    /// Whether a piece of this text was shown before.
    is_cut: bool,
    /// Records and cells that are complete.
    records: Vec<Record>,
    cells: Vec<Cell>,
    /// The record that is not: its start and its number.
    open: Option<(usize, u64)>,
    /// The cell that is not: its start and its column.
    cell: Option<(usize, Option<u16>)>,
    /// The column of the next cell, where nothing else is told; see [`follower`].
    next: u32,
    /// The number that was given last.
    number: u64,
    shown: Shown,
    line_feeds: Vec<[u64; 1]>,
}

/// Where whole records go that are read many at a time.
pub(super) struct Sink<'b> {
    /// Room for their text: cells, each with its line feed.
    pub(super) room: &'b mut [u8],
    /// Where the room begins in the text.
    pub(super) start: usize,
    pub(super) records: &'b mut Vec<Record>,
    /// Cells that are empty, unless nothing stands under headings.
    pub(super) empty: Option<&'b mut Vec<Cell>>,
    /// The number that was given last.
    pub(super) number: &'b mut u64,
}

/// What a piece shows: buffers that are used again.
#[derive(Default)]
struct Shown {
    escapes: Escapes,
    patched: String,
    records: Vec<Record>,
    cells: Vec<Cell>,
}

/// The text and the cells of a record that waits until another is complete.
#[derive(Default)]
pub(super) struct Held {
    pub(super) text: Vec<u8>,
    pub(super) cells: Vec<Cell>,
    /// The column of the next cell.
    next: u32,
}

impl<'o> Builder<'o> {
    /// Pieces that own up to `size` bytes each go to `out`.
    pub(super) fn new(out: &'o mut dyn Out, size: usize) -> Self {
        Self {
            columns: Columns::default(),
            wants_cells: out.wants_cells(),
            out,
            size: size.max(4 * OVERLAP),
            layout: Layout::Lines,
            text: Text::default(),
            own: 0,
            is_cut: false,
            records: Vec::new(),
            cells: Vec::new(),
            open: None,
            cell: None,
            next: 0,
            number: 0,
            shown: Shown::default(),
            line_feeds: Vec::new(),
        }
    }

    /// Adds free text. A line feed ends a line, which is a record.
    pub(super) fn text(&mut self, text: &[u8]) {
        self.turn_to(Layout::Lines);
        for block in text.chunks(BLOCK) {
            let base = self.text.len();
            self.text.push(block);
            self.end_lines(base, block);
            self.cut_while_long();
        }
    }

    /// Ends a record at each line feed of `block`, which begins at `base`.
    fn end_lines(&mut self, base: usize, block: &[u8]) {
        let (mut start, mut number) = self.open.take().unwrap_or((base, self.number + 1));
        let records = &mut self.records;
        let mut end_line = |end: usize| {
            if start < end {
                records.push(Record {
                    start: offset(start),
                    end: offset(end),
                    number,
                });
            }
            start = end + 1;
            number += 1;
        };
        if block.len() < 2 * WORD {
            memchr_iter(b'\n', block).for_each(|place| end_line(base + place));
        } else {
            mark(block, [Class::byte(b'\n')], &mut self.line_feeds);
            for (index, [word]) in self.line_feeds.iter().enumerate() {
                let mut word = *word;
                while word != 0 {
                    end_line(base + index * WORD + word.trailing_zeros() as usize);
                    word &= word - 1;
                }
            }
        }
        self.number = number - 1;
        // An empty line after the last line feed is open, too.
        self.open = Some((start, number));
    }

    /// Whether free text is being added, and not rows.
    pub(super) fn is_text(&self) -> bool {
        self.layout == Layout::Lines
    }

    /// The number of the next record.
    pub(super) fn next_number(&mut self) -> u64 {
        self.turn_to(Layout::Rows);
        self.number += 1;
        self.number
    }

    /// Begins the record `number`; [`Builder::end_record`] must follow.
    pub(super) fn begin_record(&mut self, number: u64) {
        self.turn_to(Layout::Rows);
        self.open = Some((self.text.len(), number));
        self.next = 0;
    }

    /// Ends the record that is open. One without cells was none.
    pub(super) fn end_record(&mut self) {
        if let Some((start, number)) = self.open.take() {
            // Without the line feed that ends the last cell.
            self.push_record(start, self.text.len().saturating_sub(1), number);
        }
        self.cut_while_long();
    }

    /// Adds a whole cell, without line feeds, to the record that is open.
    pub(super) fn cell(&mut self, text: &[u8], column: Option<u16>) {
        self.begin_cell(column);
        if text.len() > BLOCK {
            self.push(text);
        } else {
            self.text.push(text);
        }
        self.end_cell();
    }

    /// Adds what lies in `range` of `source`, where no line feed is, as a cell.
    #[inline]
    pub(super) fn take_cell(&mut self, source: &[u8], range: Range<usize>, column: Option<u16>) {
        if range.start < range.end {
            let start = self.text.len();
            let number = column.map_or(NOWHERE, u32::from);
            if number != self.next {
                self.push_cell(start, start + range.len(), column);
            }
            self.next = follower(number);
            self.text.take(source, range.start, range.end);
            self.text.line_feed();
            self.cut_while_long();
        }
    }

    /// Where whole records go that are read many at a time, `length` bytes at
    /// most; [`Builder::take_in`] must follow.
    pub(super) fn sink(&mut self, length: usize) -> Sink<'_> {
        self.turn_to(Layout::Rows);
        Sink {
            start: self.text.len(),
            room: self.text.room(length),
            empty: (!self.columns.names().is_empty()).then_some(&mut self.cells),
            records: &mut self.records,
            number: &mut self.number,
        }
    }

    /// Takes in the first `length` bytes of what a [`Sink`] was filled with.
    pub(super) fn take_in(&mut self, length: usize) {
        self.text.grow(length);
        self.cut_while_long();
    }

    /// Begins a cell; [`Builder::push`] fills it, [`Builder::end_cell`] ends it.
    pub(super) fn begin_cell(&mut self, column: Option<u16>) {
        self.cell = Some((self.text.len(), column));
    }

    /// Adds text to the cell that is open; line feeds become spaces.
    pub(super) fn push(&mut self, text: &[u8]) {
        for block in text.chunks(BLOCK) {
            let start = self.text.len();
            self.text.push(block);
            if memchr(b'\n', block).is_some() {
                flatten(self.text.tail(start));
            }
            self.cut_while_long();
        }
    }

    /// Ends the cell that is open. An empty one was none.
    pub(super) fn end_cell(&mut self) {
        if let Some((start, column)) = self.cell.take()
            && start < self.text.len()
        {
            self.tell(start, self.text.len(), column);
            self.text.line_feed();
            self.cut_while_long();
        }
    }

    /// Tells of a cell, unless it stands where everybody expects it.
    fn tell(&mut self, start: usize, end: usize, column: Option<u16>) {
        let number = column.map_or(NOWHERE, u32::from);
        if number != self.next || self.wants_cells {
            self.push_cell(start, end, column);
        }
        self.next = follower(number);
    }

    #[cold]
    fn push_cell(&mut self, start: usize, end: usize, column: Option<u16>) {
        self.cells.push(Cell {
            start: offset(start),
            end: offset(end),
            column,
        });
    }

    /// Takes the record that is open out again, as far as no piece has shown it.
    pub(super) fn hold(&mut self, held: &mut Held) {
        let Some((start, _)) = self.open else {
            return;
        };
        if start < self.own {
            return self.end_record();
        }
        self.open = None;
        let first = self
            .cells
            .partition_point(|cell| cell.start < offset(start));
        held.text.extend_from_slice(from(&self.text, start));
        held.cells
            .extend(self.cells.drain(first..).map(|cell| moved(cell, start)));
        held.next = self.next;
        self.text.truncate(start);
    }

    /// Adds what was held to the record that is open.
    pub(super) fn put(&mut self, held: &mut Held) {
        let start = offset(self.text.len());
        self.cells.extend(held.cells.drain(..).map(|cell| Cell {
            start: cell.start + start,
            end: cell.end + start,
            column: cell.column,
        }));
        self.text.push(&held.text);
        held.text.clear();
        self.next = held.next;
        self.cut_while_long();
    }

    /// Hands on what is left.
    pub(super) fn finish(&mut self) {
        self.end_cell();
        let end = self.text.len();
        match self.layout {
            Layout::Rows => self.end_record(),
            Layout::Lines => {
                if let Some((start, number)) = self.open.take() {
                    self.push_record(start, end, number);
                    self.number += u64::from(start < end);
                }
            }
        }
        self.emit(self.text.len(), self.text.len(), !self.is_cut);
        self.shift(self.text.len());
        self.own = 0;
        self.is_cut = false;
    }

    fn turn_to(&mut self, layout: Layout) {
        if self.layout != layout {
            self.finish();
            self.layout = layout;
        }
    }

    fn push_record(&mut self, start: usize, end: usize, number: u64) {
        if start < end {
            self.records.push(Record {
                start: offset(start),
                end: offset(end),
                number,
            });
        }
    }

    #[inline]
    fn cut_while_long(&mut self) {
        if self.text.len() > self.size + 2 * OVERLAP {
            self.cut();
        }
    }

    #[inline(never)]
    fn cut(&mut self) {
        self.is_cut |= self.text.len() > self.size + 2 * OVERLAP;
        while self.text.len() > self.size + 2 * OVERLAP {
            if let Some(end) = self.end_of_records() {
                self.emit(end, end, false);
                self.shift(end);
                self.own = 0;
            } else {
                let own_end = boundary(&self.text, self.size);
                let end = boundary(&self.text, self.size + OVERLAP);
                let keep = boundary(&self.text, own_end - OVERLAP);
                self.emit(end, own_end, false);
                self.shift(keep);
                self.own = own_end - keep;
                self.lose_count();
            }
        }
    }

    /// The best place at which to cut between records.
    fn end_of_records(&self) -> Option<usize> {
        let end = match self.layout {
            Layout::Lines => {
                let half = self.own.max(self.size / 2);
                match last_pair(&self.text, half, self.size) {
                    Some(blank) => (blank + 2).min(self.size),
                    None => memrchr(b'\n', span(&self.text, 0..self.size))? + 1,
                }
            }
            Layout::Rows => {
                let size = offset(self.size);
                let count = self.records.partition_point(|record| record.end < size);
                let last = self.records.get(count.checked_sub(1)?)?;
                usize::try_from(last.end).ok()? + 1
            }
        };
        (end > self.own).then_some(end)
    }

    /// Shows the text up to `end` as a piece that owns what lies before `own_end`.
    fn emit(&mut self, end: usize, own_end: usize, is_whole: bool) {
        if self.own >= own_end {
            return;
        }
        let limit = offset(end);
        let open = self.open.map(|(start, number)| Record {
            start: offset(start),
            end: limit,
            number,
        });
        let cell = self.cell.map(|(start, column)| Cell {
            start: offset(start),
            end: limit,
            column,
        });
        self.shown.records.clear();
        self.shown.cells.clear();
        for record in self.records.iter().copied().chain(open) {
            if record.start < limit {
                let end = record.end.min(limit);
                self.shown.records.push(Record { end, ..record });
            }
        }
        for cell in self.cells.iter().copied().chain(cell) {
            if cell.start < limit {
                let end = cell.end.min(limit);
                self.shown.cells.push(Cell { end, ..cell });
            }
        }
        let text = span(&self.text, 0..end);
        let piece = self.shown.piece(text, self.own, own_end, self.layout);
        self.out.piece(&Piece {
            is_whole,
            columns: match self.layout {
                Layout::Lines => &[],
                Layout::Rows => self.columns.names(),
            },
            ..piece
        });
    }

    /// In the rest of a record that was cut, the first cells stand under no column
    /// until one is told.
    fn lose_count(&mut self) {
        if self.layout != Layout::Rows {
            return;
        }
        self.next = UNKNOWN;
        let told = self.cells.first().map(|cell| cell.start);
        let open = self.cell.map(|(start, _)| offset(start));
        if told != Some(0) && open != Some(0) {
            let cell = Cell {
                start: 0,
                end: 1,
                column: None,
            };
            self.cells.insert(0, cell);
        }
    }

    /// Forgets the text before `by`.
    fn shift(&mut self, by: usize) {
        self.text.drop_first(by);
        let done = self
            .records
            .partition_point(|record| record.end <= offset(by));
        self.records.drain(..done);
        for record in &mut self.records {
            record.start = record.start.saturating_sub(offset(by));
            record.end -= offset(by);
        }
        // An empty cell at the cut is the first one of the next record.
        let done = self.cells.partition_point(|cell| cell.end < offset(by));
        self.cells.drain(..done);
        for cell in &mut self.cells {
            *cell = moved(*cell, by);
        }
        if let Some((start, _)) = &mut self.open {
            *start = start.saturating_sub(by);
        }
        if let Some((start, _)) = &mut self.cell {
            *start = start.saturating_sub(by);
        }
    }
}

impl Shown {
    /// The piece of `text`, with its escapes decoded.
    fn piece<'s>(
        &'s mut self,
        text: &'s [u8],
        own: usize,
        own_end: usize,
        layout: Layout,
    ) -> Piece<'s> {
        let text = if let Ok(text) = simdutf8::basic::from_utf8(text) {
            text
        } else {
            // Parsers cut between characters; were one not to, offsets still hold.
            self.patched.clear();
            for chunk in text.utf8_chunks() {
                self.patched.push_str(chunk.valid());
                self.patched.extend(chunk.invalid().iter().map(|_| '?'));
            }
            &self.patched
        };
        let changed = self.escapes.decode(text);
        let mut own = own..own_end;
        if changed {
            let place = |places: &mut super::escape::Places<'_>, at: u32| {
                offset(places.of(usize::try_from(at).unwrap_or(usize::MAX)))
            };
            let mut places = self.escapes.places();
            for record in &mut self.records {
                record.start = place(&mut places, record.start);
                record.end = place(&mut places, record.end);
            }
            let mut places = self.escapes.places();
            for cell in &mut self.cells {
                cell.start = place(&mut places, cell.start);
                cell.end = place(&mut places, cell.end);
            }
            let mut places = self.escapes.places();
            let start = places.of(own.start);
            own = start..places.of(own.end);
        }
        Piece {
            text: if changed { self.escapes.text() } else { text },
            own,
            is_whole: false,
            layout,
            records: &self.records,
            cells: &self.cells,
            columns: &[],
        }
    }
}

/// The column behind `column`; behind none, none is known.
fn follower(column: u32) -> u32 {
    column.saturating_add(1)
}

/// The same cell in text that begins `by` bytes later.
fn moved(cell: Cell, by: usize) -> Cell {
    Cell {
        start: cell.start.saturating_sub(offset(by)),
        end: cell.end.saturating_sub(offset(by)),
        column: cell.column,
    }
}
