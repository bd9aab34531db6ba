//! Tuples and rows of `COPY` as nearly all of them are written.
//!
//! | in  | `(1,'text',NULL),`, and cells between tabs                          |
//! |-----|---------------------------------------------------------------------|
//! | out | the same text and the same records as [`Sql`] gives step by step     |
//! | not | values that are written in any other way: they are left alone       |

use super::builder::Builder;
use super::bytes::{at, span};
use super::marks::Ends;
use super::sql::{Sql, State};
use crate::base::vector::Class;

/// What ends a string, or goes on behind a backslash.
fn quoted([quoted, _]: &[u64; 2]) -> u64 {
    *quoted
}

/// What ends any other value.
fn bare([_, bare]: &[u64; 2]) -> u64 {
    *bare
}

/// Where the values of tuples end.
pub(super) fn ends() -> Ends<7> {
    let classes = [
        Class::byte(b'\''),
        Class::byte(b'\\'),
        Class::byte(b'\n'),
        Class::byte(b'"'),
        Class::byte(b','),
        Class::range(b'(', b')'),
        Class::byte(b';'),
    ];
    Ends::new(
        classes,
        |[quote, backslash, line_feed, double, comma, round, semicolon]| {
            [
                quote | backslash | line_feed,
                quote | line_feed | double | comma | round | semicolon,
            ]
        },
    )
}

/// Where the cells of `COPY` end, or a backslash stands in them.
pub(super) fn copied_ends() -> Ends<3> {
    let bytes = [b'\t', b'\n', b'\\'];
    Ends::new(bytes.map(Class::byte), |[tab, line_feed, backslash]| {
        [tab | line_feed | backslash, 0]
    })
}

impl Sql {
    /// Reads rows from `place` on as long as they are written in the usual way;
    /// where the first value begins that was left alone.
    pub(super) fn tuples(&mut self, text: &[u8], place: usize, to: &mut Builder<'_>) -> usize {
        let mut place = place;
        if self.long.is_some() {
            return place;
        }
        loop {
            let next = match self.state {
                State::Tuple if self.depth == 0 => self.usual_value(text, place, to),
                State::Values => self.usual_between(text, place, to),
                State::Copy => self.usual_copied(text, place, to),
                _ => None,
            };
            let Some(next) = next else {
                return place;
            };
            place = next;
        }
    }

    /// Reads a value of a tuple, or what stands behind one.
    #[inline]
    fn usual_value(&mut self, text: &[u8], place: usize, to: &mut Builder<'_>) -> Option<usize> {
        match *text.get(place)? {
            b'\'' => self.usual_string(text, place, to),
            b',' => {
                self.index += 1;
                Some(place + 1)
            }
            b')' => {
                to.end_record();
                self.state = State::Values;
                Some(place + 1)
            }
            b' ' | b'\n' | b'\t' | b'(' | b'"' | b';' => None,
            _ => {
                let end = self.ends.next(text, place, place, bare)?;
                let word = span(text, place..end).trim_ascii_end();
                // What a prefix says of a string, and hexadecimal digits.
                if matches!(at(text, end), b'\'' | b'"' | b'(') || word.starts_with(b"0x") {
                    return None;
                }
                if !word.eq_ignore_ascii_case(b"null") {
                    to.take_cell(text, place..place + word.len(), self.column());
                }
                Some(end)
            }
        }
    }

    /// Reads a string without backslashes, doubled quotes and line feeds.
    #[inline]
    fn usual_string(&mut self, text: &[u8], place: usize, to: &mut Builder<'_>) -> Option<usize> {
        let before = place.checked_sub(1).map(|before| at(text, before))?;
        if !matches!(before, b',' | b'(') {
            return None;
        }
        let end = self.ends.next(text, place, place + 1, quoted)?;
        // Near the end, what stands behind the quote is not known.
        if at(text, end) != b'\'' || at(text, end + 1) == b'\'' || end + 2 >= text.len() {
            return None;
        }
        to.take_cell(text, place + 1..end, self.column());
        Some(end + 1)
    }

    /// Reads what stands between tuples.
    #[inline]
    fn usual_between(&mut self, text: &[u8], place: usize, to: &mut Builder<'_>) -> Option<usize> {
        let place = place + usize::from(at(text, place) == b',');
        if at(text, place) != b'(' || place + 1 >= text.len() {
            return None;
        }
        let number = to.next_number();
        to.begin_record(number);
        self.index = 0;
        self.depth = 0;
        self.state = State::Tuple;
        Some(place + 1)
    }

    /// Reads a cell of `COPY`.
    #[inline]
    fn usual_copied(&mut self, text: &[u8], place: usize, to: &mut Builder<'_>) -> Option<usize> {
        let found = self.copied_ends.next(text, place, place, quoted)?;
        let is_null = found == place && at(text, found) == b'\\' && at(text, found + 1) == b'N';
        let end = if is_null { found + 2 } else { found };
        if !matches!(at(text, end), b'\t' | b'\n') {
            return None;
        }
        if self.index == 0 {
            let number = to.next_number();
            to.begin_record(number);
        }
        if !is_null {
            to.take_cell(text, place..end, self.column());
        }
        self.index += 1;
        if at(text, end) == b'\n' {
            to.end_record();
            self.index = 0;
        }
        Some(end + 1)
    }
}
