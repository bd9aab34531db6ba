//! A piece of decoded text, as `decode` hands it on and `extract` walks it.

use std::ops::Range;

/// Text, and where its records lie.
///
/// A piece is at most a few hundred KiB. Text that is longer comes as several
/// pieces that overlap: what begins in [`Piece::own`] belongs to this piece, the
/// rest of the text is there so that nothing is lost at a border.
#[derive(Debug, Clone)]
pub struct Piece<'a> {
    /// Decoded text. A line feed ends a cell; no identifier reaches across one.
    pub text: &'a str,
    /// The bytes of `text` whose candidates are this piece's.
    pub own: Range<usize>,
    /// Whether the text was cut neither before nor behind.
    pub is_whole: bool,
    /// What a record is here.
    pub layout: Layout,
    /// The records, in order, not overlapping.
    pub records: &'a [Record],
    /// Cells of the records, in order: at least those that do not stand under the
    /// column behind that of the cell before them, or the first column for the first
    /// one. An empty cell stands here for a column without a value. None for
    /// [`Layout::Lines`]. See [`Piece::cells_of`].
    pub cells: &'a [Cell],
    /// Headings that the cells refer to. They come from the leak: see
    /// [`Secret`](super::Secret).
    pub columns: &'a [String],
}

impl<'a> Piece<'a> {
    /// Where the cells of `record` stand that are not empty, and under which column
    /// each of them does, where that is known.
    pub fn cells_of(
        &self,
        record: &Record,
    ) -> impl Iterator<Item = (Range<usize>, Option<u16>)> + use<'a> {
        let first = self.cells.partition_point(|cell| cell.start < record.start);
        let mut told = self
            .cells
            .get(first..)
            .unwrap_or_default()
            .iter()
            .peekable();
        let mut start = record.start as usize;
        let end = (record.end as usize).min(self.text.len());
        let text = self.text.as_bytes();
        let mut column = Some(0);
        std::iter::from_fn(move || {
            let rest = text.get(start..end).filter(|rest| !rest.is_empty())?;
            let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            while let Some(cell) = told.next_if(|cell| cell.start as usize <= start) {
                column = if cell.start == cell.end {
                    next(column)
                } else {
                    cell.column
                };
            }
            let cell = (start..start + length, column);
            start += length + 1;
            column = next(column);
            Some(cell)
        })
    }
}

fn next(column: Option<u16>) -> Option<u16> {
    column?.checked_add(1)
}

/// What a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Free text: a record is a line, or the paragraph or the page around it
    /// when these are about one person.
    Lines,
    /// Structured: a record is a row, an object, a tuple, and never more.
    Rows,
}

/// One line, row, object or tuple.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record {
    /// Where it begins in the piece's text.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// Its number in the member that it comes from, counted from 1; a row of
    /// headings has the number 0.
    pub number: u64,
}

/// One value of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Where it begins in the piece's text.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// Which of the piece's columns it stands under, where that is known.
    pub column: Option<u16>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stand_under_one_column_after_the_other_unless_it_is_told() {
        let cell = |start, end, column| Cell { start, end, column };
        let record = |start, end| Record {
            start,
            end,
            number: 1,
        };
        // Of the second record the first two columns are empty, of the third one
        // nothing is known behind its first cell.
        let piece = Piece {
            text: "a\nb\nc\nd\ne\nf\ng",
            own: 0..13,
            is_whole: true,
            layout: Layout::Rows,
            records: &[],
            cells: &[
                cell(2, 3, Some(7)),
                cell(6, 6, None),
                cell(6, 6, None),
                cell(12, 13, None),
            ],
            columns: &[],
        };
        let columns = |start, end| -> Vec<(Range<usize>, Option<u16>)> {
            piece.cells_of(&record(start, end)).collect()
        };
        assert_eq!(
            columns(0, 5),
            [(0..1, Some(0)), (2..3, Some(7)), (4..5, Some(8))]
        );
        assert_eq!(columns(6, 9), [(6..7, Some(2)), (8..9, Some(3))]);
        assert_eq!(columns(10, 13), [(10..11, Some(0)), (12..13, None)]);
    }
}
