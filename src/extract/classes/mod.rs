//! What else a record holds besides identifiers: data classes, without content.
//!
//! | in  | the record, line, paragraph or page in which an entry was found     |
//! |-----|---------------------------------------------------------------------|
//! | out | classes: words of `data/classes.tsv`, never a word of the text      |
//! | not | texts in which nobody was found: all of this costs hits only        |
//!
//! A class is known by the heading that a value stands under (columns, keys,
//! elements, labels before a colon), by words of the text, and by the looks of
//! secrets and codes. A heading without a value says nothing.

mod dictionary;
mod label;
mod shape;
mod table;
mod text;

pub(in crate::extract) use dictionary::ClassSet;

use std::ops::Range;

use crate::base::{Piece, Record};
use dictionary::{Dictionary, HeadingParts};
use shape::Shape;
use table::Tables;
use text::{Ends, Reader};

/// Bytes of a unit that are looked at.
const MOST: usize = 64 << 10;

/// Tells what stands in units. One for each extractor: it owns buffers.
pub(super) struct Classes {
    dictionary: &'static Dictionary,
    reader: Reader,
    parts: HeadingParts,
    tables: Tables,
    /// The headings of the piece, and what stands under each.
    headings: Vec<String>,
    under: Vec<ClassSet>,
    /// Whether these are the headings of this piece.
    is_current: bool,
}

impl Classes {
    pub(super) fn new() -> Self {
        Self {
            dictionary: Dictionary::built_in(),
            reader: Reader::default(),
            parts: HeadingParts::default(),
            tables: Tables::default(),
            headings: Vec::new(),
            under: Vec::new(),
            is_current: false,
        }
    }

    /// Another piece comes.
    pub(super) fn turn(&mut self) {
        self.is_current = false;
        self.tables.clear();
    }

    /// What the record holds that is a row of `piece`.
    pub(super) fn of_row(&mut self, piece: &Piece<'_>, record: &Record) -> ClassSet {
        let start = record.start as usize;
        let end = piece
            .text
            .floor_char_boundary((record.end as usize).min(start + MOST));
        let text = piece.text.get(start..end).unwrap_or_default();
        // A row of headings has no values.
        if piece.columns.is_empty() || record.number == 0 {
            return self.reader.classes(self.dictionary, text, Ends::Cell);
        }
        self.learn(piece.columns);
        let mut found = self.reader.classes(self.dictionary, text, Ends::HeadedCell);
        for (cell, column) in piece.cells_of(record) {
            let under = column.and_then(|column| self.under.get(usize::from(column)));
            if let Some(under) = under
                && !under.is_empty()
            {
                let value = piece.text.get(cell).unwrap_or_default();
                found = found.and(self.of_value(*under, value));
            }
        }
        found
    }

    /// What the lines of `unit` hold.
    pub(super) fn of_lines(&mut self, text: &str, unit: &Range<usize>) -> ClassSet {
        let end = text.floor_char_boundary(unit.end.min(unit.start + MOST));
        let lines = text.get(unit.start..end).unwrap_or_default();
        let mut found = self.reader.classes(self.dictionary, lines, Ends::Line);
        label::each(lines, &mut |label, value| {
            let under = self.dictionary.of_heading(label, &mut self.parts);
            found = found.and(of_value(self.dictionary, under, value));
        });
        found
    }

    /// What the line at `line` holds as a row of a table of lines.
    pub(super) fn of_table(&mut self, text: &str, line: &Range<usize>) -> ClassSet {
        let mut found = ClassSet::NONE;
        let Some(headings) = self.tables.headings(text, line) else {
            return found;
        };
        let values = text.get(line.clone()).unwrap_or_default().split('\t');
        for (heading, value) in headings.split('\t').zip(values) {
            let under = self.dictionary.of_heading(heading, &mut self.parts);
            found = found.and(of_value(self.dictionary, under, value));
        }
        found
    }

    /// The names of `classes`.
    pub(super) fn names(&self, classes: ClassSet) -> impl Iterator<Item = &'static str> {
        self.dictionary.names(classes)
    }

    fn of_value(&self, under: ClassSet, value: &str) -> ClassSet {
        of_value(self.dictionary, under, value)
    }

    /// Makes `under` that of `columns`, of which there are more and more in a leaf.
    fn learn(&mut self, columns: &[String]) {
        if self.is_current {
            return;
        }
        self.is_current = true;
        if columns.get(..self.headings.len()) != Some(&self.headings) {
            self.headings.clear();
            self.under.clear();
        }
        for heading in columns.iter().skip(self.headings.len()) {
            let under = self.dictionary.of_heading(heading, &mut self.parts);
            self.under.push(under);
        }
        let new = columns.iter().skip(self.headings.len()).cloned();
        self.headings.extend(new.collect::<Vec<_>>());
    }
}

/// What `value` is that stands under a heading of such classes.
fn of_value(dictionary: &Dictionary, under: ClassSet, value: &str) -> ClassSet {
    let value = value.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\''));
    if under.is_empty() || is_nothing(value) {
        return ClassSet::NONE;
    }
    let password = dictionary.of_shape(Shape::Login);
    let hash = dictionary.of_shape(Shape::Crypt);
    if under.meets(password) && (shape::is_crypt(value) || shape::is_digest(value)) {
        return under.without(password).and(hash);
    }
    under
}

/// Whether `value` is what programs and people write where there is none.
fn is_nothing(value: &str) -> bool {
    const NONE: [&str; 12] = [
        "null",
        "none",
        "nil",
        "nan",
        "n/a",
        "na",
        "undefined",
        "false",
        "[]",
        "{}",
        "\\N",
        "(null)",
    ];
    let is_mark = |c: char| matches!(c, '-' | '\u{2013}' | '\u{2014}' | '.' | '_' | '?' | '*');
    value.chars().all(is_mark) || NONE.iter().any(|none| value.eq_ignore_ascii_case(none))
}
