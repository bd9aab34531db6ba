//! Pieces on their way to another thread.

use std::ops::Range;
use std::sync::Arc;

use crate::base::{Cell, Layout, Piece, Record};

/// What the buffers of a bundle that is kept may hold, in bytes.
const KEPT: usize = 4 << 20;

/// Copies of pieces that follow each other, in buffers that are used again.
#[derive(Default)]
pub(super) struct Bundle {
    text: String,
    records: Vec<Record>,
    cells: Vec<Cell>,
    parts: Vec<Part>,
    columns: Arc<Vec<String>>,
}

/// Where one piece lies in the bundle's buffers.
struct Part {
    text: Range<usize>,
    records: Range<usize>,
    cells: Range<usize>,
    own: Range<usize>,
    is_whole: bool,
    layout: Layout,
    columns: Arc<Vec<String>>,
}

impl Bundle {
    /// Adds a copy of `piece` and tells which number it has.
    pub(super) fn add(&mut self, piece: &Piece<'_>) -> usize {
        let (text, records, cells) = (self.text.len(), self.records.len(), self.cells.len());
        self.text.push_str(piece.text);
        self.records.extend_from_slice(piece.records);
        self.cells.extend_from_slice(piece.cells);
        // All rows of a table have the same headings.
        if *self.columns != piece.columns {
            self.columns = Arc::new(piece.columns.to_vec());
        }
        self.parts.push(Part {
            text: text..self.text.len(),
            records: records..self.records.len(),
            cells: cells..self.cells.len(),
            own: piece.own.clone(),
            is_whole: piece.is_whole,
            layout: piece.layout,
            columns: Arc::clone(&self.columns),
        });
        self.parts.len() - 1
    }

    /// How many pieces there are.
    pub(super) fn len(&self) -> usize {
        self.parts.len()
    }

    /// The piece of that number.
    pub(super) fn piece(&self, number: usize) -> Option<Piece<'_>> {
        let part = self.parts.get(number)?;
        Some(Piece {
            text: self.text.get(part.text.clone())?,
            own: part.own.clone(),
            is_whole: part.is_whole,
            layout: part.layout,
            records: self.records.get(part.records.clone())?,
            cells: self.cells.get(part.cells.clone())?,
            columns: &part.columns,
        })
    }

    /// Bytes in use.
    pub(super) fn bytes(&self) -> usize {
        self.text.len() + size_of_val(self.records.as_slice()) + size_of_val(self.cells.as_slice())
    }

    /// Empties it; whether its buffers are worth keeping.
    pub(super) fn clear(&mut self) -> bool {
        self.text.clear();
        self.records.clear();
        self.cells.clear();
        self.parts.clear();
        let records = self.records.capacity() * size_of::<Record>();
        let cells = self.cells.capacity() * size_of::<Cell>();
        self.text.capacity() + records + cells <= KEPT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_come_out_as_they_went_in() {
        let columns = [String::from("a"), String::from("b")];
        let records = [
            Record {
                start: 0,
                end: 3,
                number: 7,
            },
            Record {
                start: 4,
                end: 5,
                number: 8,
            },
        ];
        let cells = [Cell {
            start: 0,
            end: 3,
            column: Some(1),
        }];
        let rows = Piece {
            text: "x y\nz\n",
            own: 2..6,
            is_whole: false,
            layout: Layout::Rows,
            records: &records,
            cells: &cells,
            columns: &columns,
        };
        let lines = Piece {
            text: "å",
            own: 0..2,
            is_whole: true,
            layout: Layout::Lines,
            records: &[],
            cells: &[],
            columns: &[],
        };
        let mut bundle = Bundle::default();
        for _ in 0..2 {
            for (number, piece) in [&rows, &lines, &rows].into_iter().enumerate() {
                assert_eq!(bundle.add(piece), number);
            }
            assert_eq!(bundle.len(), 3);
            for (number, piece) in [&rows, &lines, &rows].into_iter().enumerate() {
                let copy = bundle.piece(number).unwrap();
                assert_eq!(format!("{copy:?}"), format!("{piece:?}"));
            }
            assert!(bundle.piece(3).is_none());
            assert!(bundle.clear());
        }
    }
}
