//! Records inside records: each is kept in one part.
//!
//! A piece holds records one after the other. When a record begins inside another
//! one, what is there of the outer one waits aside until it ends, so that its name
//! and its date meet although a list of visits stands between them.

use std::ops::Range;

use super::builder::{Builder, Held};
use super::bytes::{offset, span};
use crate::base::Cell;

/// Bytes that may wait; beyond, records are shown in parts.
const HELD: usize = 64 << 10;

/// The records that are open, from the outside in.
#[derive(Default)]
pub(super) struct Nest {
    levels: Vec<Level>,
    /// Where an open cell begins in the held text, when it goes there.
    cell: Option<(usize, Option<u16>)>,
    /// Bytes that wait in all levels.
    waiting: usize,
}

struct Level {
    number: u64,
    place: Place,
    held: Held,
}

/// Where the cells of a record go.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// There are none yet.
    Nowhere,
    /// Into the builder; no other record is open there.
    Builder,
    /// Aside: a record was inside this one.
    Aside,
}

impl Nest {
    /// Begins a record, inside the one that is open.
    pub(super) fn open(&mut self, to: &mut Builder<'_>) {
        if let Some(outer) = self.levels.last_mut() {
            if outer.place == Place::Builder {
                to.hold(&mut outer.held);
                self.waiting += outer.held.text.len();
            }
            outer.place = Place::Aside;
        }
        if self.waiting > HELD {
            self.show_waiting(to);
        }
        self.levels.push(Level {
            number: to.next_number(),
            place: Place::Nowhere,
            held: Held::default(),
        });
    }

    /// Ends the innermost record.
    pub(super) fn close(&mut self, to: &mut Builder<'_>) {
        let Some(mut level) = self.levels.pop() else {
            return;
        };
        if level.place == Place::Builder {
            to.end_record();
        } else if !level.held.text.is_empty() {
            self.waiting = self.waiting.saturating_sub(level.held.text.len());
            show(&mut level, to);
            to.end_record();
        }
    }

    /// Ends all records.
    pub(super) fn close_all(&mut self, to: &mut Builder<'_>) {
        while !self.levels.is_empty() {
            self.close(to);
        }
    }

    /// Adds a whole cell, without line feeds; outside of all records it is one of its own.
    pub(super) fn cell(&mut self, text: &[u8], column: Option<u16>, to: &mut Builder<'_>) {
        if text.is_empty() {
            return;
        }
        if let Some(Level {
            place: Place::Builder,
            ..
        }) = self.levels.last()
        {
            return to.cell(text, column);
        }
        self.begin_cell(column, to);
        self.push(text, to);
        self.end_cell(to);
    }

    /// Adds what lies in `range` of `text`, where no line feed is, as a cell.
    #[inline]
    pub(super) fn take_cell(
        &mut self,
        text: &[u8],
        range: Range<usize>,
        column: Option<u16>,
        to: &mut Builder<'_>,
    ) {
        if let Some(Level {
            place: Place::Builder,
            ..
        }) = self.levels.last()
        {
            return to.take_cell(text, range, column);
        }
        self.cell(span(text, range), column, to);
    }

    /// Begins a cell that [`Nest::push`] fills and [`Nest::end_cell`] ends.
    pub(super) fn begin_cell(&mut self, column: Option<u16>, to: &mut Builder<'_>) {
        let Some(level) = self.levels.last_mut() else {
            let number = to.next_number();
            to.begin_record(number);
            return to.begin_cell(column);
        };
        match level.place {
            Place::Nowhere => {
                to.begin_record(level.number);
                level.place = Place::Builder;
                to.begin_cell(column);
            }
            Place::Builder => to.begin_cell(column),
            Place::Aside => self.cell = Some((level.held.text.len(), column)),
        }
    }

    /// Adds text to the cell that is open.
    pub(super) fn push(&mut self, text: &[u8], to: &mut Builder<'_>) {
        let (Some((start, column)), Some(level)) = (self.cell, self.levels.last_mut()) else {
            return to.push(text);
        };
        let held = &mut level.held.text;
        if held.len() + text.len() > HELD {
            // Too long to wait: the rest of this record goes to the builder.
            let begun = held.split_off(start);
            self.waiting = self.waiting.saturating_sub(start);
            self.cell = None;
            show(level, to);
            level.place = Place::Builder;
            to.begin_cell(column);
            to.push(&begun);
            return to.push(text);
        }
        held.extend(text.iter().map(|b| if *b == b'\n' { b' ' } else { *b }));
    }

    /// Ends the cell that is open.
    pub(super) fn end_cell(&mut self, to: &mut Builder<'_>) {
        let Some(level) = self.levels.last_mut() else {
            to.end_cell();
            return to.end_record();
        };
        let Some((start, column)) = self.cell.take() else {
            return to.end_cell();
        };
        let held = &mut level.held;
        if start < held.text.len() {
            held.cells.push(Cell {
                start: offset(start),
                end: offset(held.text.len()),
                column,
            });
            held.text.push(b'\n');
            self.waiting += held.text.len() - start;
        }
    }

    fn show_waiting(&mut self, to: &mut Builder<'_>) {
        for level in &mut self.levels {
            if !level.held.text.is_empty() {
                show(level, to);
                to.end_record();
            }
        }
        self.waiting = 0;
    }
}

/// Moves what waits into the builder, as a record that stays open.
fn show(level: &mut Level, to: &mut Builder<'_>) {
    to.begin_record(level.number);
    to.put(&mut level.held);
}
