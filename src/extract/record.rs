//! What belongs together: the row, or the line, paragraph or page.

use std::ops::Range;

use super::classes::ClassSet;
use crate::base::{Family, Kind, Piece, Record, Shape};

/// Bytes of a text that can be about one person. The Finnish therapy notes of
/// 2020 were published a patient a file, a few KiB each.
pub(super) const PAGE: usize = 16 << 10;

/// A range of the text that is looked at as a whole.
pub(super) type Unit = Range<usize>;

/// The index of the record that `at` stands in, or of the next one; of the last
/// one if there is none behind.
pub fn index(records: &[Record], at: usize) -> usize {
    let behind = records.partition_point(|record| record.end as usize <= at);
    behind.min(records.len().saturating_sub(1))
}

/// The record that `at` stands in.
pub(super) fn record<'a>(piece: &Piece<'a>, at: usize) -> Option<&'a Record> {
    let behind = piece
        .records
        .partition_point(|record| record.start as usize <= at);
    piece.records.get(behind.checked_sub(1)?)
}

/// The same as a range of the text.
pub(super) fn row(piece: &Piece<'_>, at: usize) -> Option<Unit> {
    let record = record(piece, at)?;
    let row = record.start as usize..(record.end as usize).min(piece.text.len());
    row.contains(&at).then_some(row)
}

/// The line, the paragraph and the page around `at`; the latter two only if they
/// are no longer than [`PAGE`].
pub(super) fn around(piece: &Piece<'_>, at: usize) -> [Option<Unit>; 3] {
    let text = piece.text;
    let line = line(text, at);
    let paragraph = paragraph(text, line.clone(), PAGE);
    let page = is_page(piece).then_some(0..text.len());
    [
        Some(line.clone()),
        paragraph.filter(|wider| *wider != line),
        page,
    ]
}

/// Whether the piece is a text that can be about one person. What is left at the
/// end of a long one is none, however little that is.
pub(super) fn is_page(piece: &Piece<'_>) -> bool {
    piece.is_whole && piece.text.len() <= PAGE
}

/// The line around `at`, without what ends it.
pub(super) fn line(text: &str, at: usize) -> Unit {
    let bytes = text.as_bytes();
    let head = bytes.get(..at).unwrap_or_default();
    let tail = bytes.get(at..).unwrap_or_default();
    let start = memchr::memrchr(b'\n', head).map_or(0, |at| at + 1);
    let end = memchr::memchr(b'\n', tail).map_or(bytes.len(), |length| at + length);
    start..end
}

/// The lines around `line` up to blank ones, unless these are more than `limit`
/// bytes.
pub(super) fn paragraph(text: &str, line: Unit, limit: usize) -> Option<Unit> {
    let mut unit = line;
    while unit.start > 0 && unit.len() <= limit {
        let above = self::line(text, unit.start - 1);
        if is_blank(text, &above) {
            break;
        }
        unit.start = above.start;
    }
    while unit.end < text.len() && unit.len() <= limit {
        let below = self::line(text, unit.end + 1);
        if is_blank(text, &below) {
            break;
        }
        unit.end = below.end;
    }
    (unit.len() <= limit).then_some(unit)
}

fn is_blank(text: &str, line: &Unit) -> bool {
    text.get(line.clone())
        .is_none_or(|line| line.trim().is_empty())
}

/// Which kinds stand in a unit, and which data classes.
pub(super) struct Seen {
    pub(super) unit: Unit,
    /// Not told before somebody asks.
    pub(super) classes: Option<ClassSet>,
    kinds: Vec<OfKind>,
}

/// Nothing at all.
pub(super) static NOTHING: Seen = Seen {
    unit: 0..0,
    classes: None,
    kinds: Vec::new(),
};

/// What a unit holds of one kind.
struct OfKind {
    kind: &'static Kind,
    /// The first canonical form.
    one: String,
    /// Whether there is another.
    is_many: bool,
    /// Where the last one ends: longer readings of it are no others.
    end: usize,
}

impl Seen {
    pub(super) fn of(unit: Unit) -> Self {
        Self {
            unit,
            classes: None,
            kinds: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, kind: &'static Kind, canonical: &str, span: &Range<usize>) {
        match self.kinds.iter_mut().find(|seen| seen.kind == kind) {
            Some(seen) => {
                seen.is_many |= seen.end != span.end && seen.one != canonical;
                seen.end = span.end;
            }
            None => self.kinds.push(OfKind {
                kind,
                one: canonical.to_owned(),
                is_many: false,
                end: span.end,
            }),
        }
    }

    pub(super) fn has_many(&self, kind: &Kind) -> bool {
        self.kinds
            .iter()
            .any(|seen| seen.kind == kind && seen.is_many)
    }

    /// Whether there is one identifier of `kind` only; for people and addresses,
    /// which are not looked for, one of each kind.
    pub(super) fn is_about_one(&self, kind: &Kind) -> bool {
        let is_person = matches!(kind.shape, Shape::Person | Shape::Address);
        !self
            .kinds
            .iter()
            .any(|seen| seen.is_many && (is_person || seen.kind == kind))
    }

    /// Whether nobody else is named by a national identification number: what a page
    /// with one address and numbers of many says, it says of many.
    pub(super) fn names_nobody_else(&self) -> bool {
        let is_national = |seen: &OfKind| seen.kind.family == Family::National;
        !self
            .kinds
            .iter()
            .any(|seen| seen.is_many && is_national(seen))
    }

    /// The names of the kinds but `kind`, sorted.
    pub(super) fn others(&self, kind: &Kind) -> Vec<&'static str> {
        let others = self.kinds.iter().filter(|seen| seen.kind != kind);
        let mut names: Vec<_> = others.map(|seen| seen.kind.name).collect();
        names.sort_unstable();
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_ends_at_blank_lines() {
        let text = "a\n \nb\nc\n\nd";
        let around = |at| paragraph(text, line(text, at), PAGE).map(|unit| &text[unit]);
        assert_eq!(around(0), Some("a"));
        assert_eq!(around(4), Some("b\nc"));
        assert_eq!(around(6), Some("b\nc"));
        assert_eq!(around(9), Some("d"));
        assert_eq!(paragraph(text, line(text, 4), 2), None);
    }

    #[test]
    fn every_place_has_a_record() {
        let record = |start, end| Record {
            start,
            end,
            number: 1,
        };
        let records = [record(0, 4), record(5, 9), record(9, 20)];
        let found = [0, 3, 4, 5, 8, 9, 25].map(|at| index(&records, at));
        assert_eq!(found, [0, 0, 1, 1, 1, 2, 2]);
        assert_eq!(index(&[], 7), 0);
    }
}
