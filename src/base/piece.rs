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
    /// The cells of all records, in order; empty for [`Layout::Lines`].
    pub cells: &'a [Cell],
    /// Headings that the cells refer to. They come from the leak: see
    /// [`Secret`](super::Secret).
    pub columns: &'a [String],
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
