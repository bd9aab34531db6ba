//! The statements of a dump that name tables and columns.
//!
//! Only as much of SQL's grammar as dumps use: `CREATE TABLE t (a int, …)`,
//! `INSERT INTO t (a, b) VALUES`, `COPY t (a, b) FROM stdin;`.

use std::collections::HashMap;

use super::bytes::{at, begins_with, from, skip_space, span};
use super::columns::Columns;

/// Bytes of a name.
const NAME: usize = 256;
/// Columns of all tables that are remembered.
const COLUMNS: usize = 1 << 16;

/// The columns of one table, in order.
pub(super) type Row = Vec<Option<u16>>;

/// What the names in front of rows say.
pub(super) enum Names {
    /// Rows follow after so many bytes, with these columns.
    Rows(usize, Row),
    /// This is another statement.
    Other,
    /// It does not end here.
    Unfinished,
}

impl Names {
    /// No rows follow, found out at `place` of `text`.
    fn not_at(place: usize, text: &[u8]) -> Self {
        if place >= text.len() {
            Self::Unfinished
        } else {
            Self::Other
        }
    }
}

/// Tables by their names, without schema, in lower case.
#[derive(Default)]
pub(super) struct Tables {
    rows: HashMap<Vec<u8>, Row>,
    columns: usize,
}

impl Tables {
    /// Reads `INSERT … VALUES` at the start of `text`.
    pub(super) fn insert(&self, text: &[u8], columns: &mut Columns) -> Names {
        let mut place = 0;
        for _ in 0..6 {
            let word = word(text, place);
            let known: [&[u8]; 13] = [
                b"insert",
                b"replace",
                b"into",
                b"ignore",
                b"or",
                b"low_priority",
                b"delayed",
                b"high_priority",
                b"overwrite",
                b"table",
                b"only",
                b"abort",
                b"rollback",
            ];
            if !known.iter().any(|known| word.eq_ignore_ascii_case(known)) {
                break;
            }
            place = skip_space(text, place + word.len());
        }
        let (table, row, place) = match table(text, place, columns) {
            Ok(found) => found,
            Err(place) => return Names::not_at(place, text),
        };
        let mut place = skip_space(text, place);
        // PostgreSQL's OVERRIDING SYSTEM VALUE VALUES.
        if begins_with(from(text, place), b"overriding") {
            for _ in 0..3 {
                place = skip_space(text, place + word(text, place).len());
            }
        }
        let values = word(text, place);
        if !values.eq_ignore_ascii_case(b"values") && !values.eq_ignore_ascii_case(b"value") {
            return Names::not_at(place + values.len(), text);
        }
        let row = row.or_else(|| self.rows.get(&table).cloned());
        Names::Rows(place + values.len(), row.unwrap_or_default())
    }

    /// Reads `COPY … FROM stdin;` with its line feed at the start of `text`.
    pub(super) fn copy(&self, text: &[u8], columns: &mut Columns) -> Names {
        let (table, row, place) = match table(text, skip_space(text, 4), columns) {
            Ok(found) => found,
            Err(place) => return Names::not_at(place, text),
        };
        let mut place = skip_space(text, place);
        for expected in [b"from".as_slice(), b"stdin"] {
            if !begins_with(from(text, place), expected) {
                return Names::not_at(place + expected.len(), text);
            }
            place = skip_space(text, place + expected.len());
        }
        let behind = span(text, place..text.len().min(place + NAME));
        let Some(length) = memchr::memchr(b'\n', behind) else {
            return Names::not_at(place + NAME, text);
        };
        let end = place + length;
        let row = row.or_else(|| self.rows.get(&table).cloned());
        Names::Rows(end + 1, row.unwrap_or_default())
    }

    /// Remembers the columns of a whole `CREATE TABLE` statement.
    pub(super) fn create(&mut self, text: &[u8], columns: &mut Columns) {
        let mut place = 0;
        for skipped in [
            "create",
            "temporary",
            "unlogged",
            "table",
            "if",
            "not",
            "exists",
        ] {
            if word(text, place).eq_ignore_ascii_case(skipped.as_bytes()) {
                place = skip_space(text, place + skipped.len());
            }
        }
        let Ok((table, place)) = dotted_name(text, place) else {
            return;
        };
        let mut place = skip_space(text, place);
        if at(text, place) != b'(' {
            return;
        }
        let mut row = Row::new();
        while at(text, place) != 0 && self.columns + row.len() < COLUMNS {
            place = skip_space(text, place + 1);
            if let Ok((column, _)) = name(text, place)
                && !is_constraint(text, place)
            {
                row.push(columns.number(column));
            }
            place = end_of_definition(text, place);
            if at(text, place) == b')' {
                break;
            }
        }
        self.columns += row.len();
        if !row.is_empty() {
            self.rows.insert(table, row);
        }
    }
}

/// A table's name, the columns in brackets behind it if there are any, and what
/// is behind that; or where it turned out to be something else.
fn table(
    text: &[u8],
    place: usize,
    columns: &mut Columns,
) -> Result<(Vec<u8>, Option<Row>, usize), usize> {
    let (table, behind) = dotted_name(text, place)?;
    let mut place = skip_space(text, behind);
    if at(text, place) != b'(' {
        return Ok((table, None, behind));
    }
    let mut row = Row::new();
    loop {
        let (column, end) = name(text, skip_space(text, place + 1))?;
        row.push(columns.number(column));
        place = skip_space(text, end);
        match at(text, place) {
            b',' => {}
            b')' => return Ok((table, Some(row), place + 1)),
            _ => return Err(place),
        }
    }
}

fn word(text: &[u8], place: usize) -> &[u8] {
    let letters = from(text, place).iter();
    let length = letters
        .take_while(|b| b.is_ascii_alphabetic() || **b == b'_')
        .count();
    span(text, place..place + length)
}

/// `a.b.c`: the last part, in lower case.
fn dotted_name(text: &[u8], start: usize) -> Result<(Vec<u8>, usize), usize> {
    let (mut last, mut place) = name(text, start)?;
    while at(text, place) == b'.' {
        (last, place) = name(text, place + 1)?;
    }
    Ok((last.to_ascii_lowercase(), place))
}

/// A name, quoted in any of the ways of SQL dialects, or not, and what is behind
/// it; or where it turned out to be none.
fn name(text: &[u8], place: usize) -> Result<(&[u8], usize), usize> {
    let near = span(text, place..text.len().min(place + NAME));
    let close = match at(near, 0) {
        b'`' => b'`',
        b'"' => b'"',
        b'[' => b']',
        _ => {
            let bare = |b: &&u8| b.is_ascii_alphanumeric() || b"_$#".contains(b) || **b >= 0x80;
            let length = near.iter().take_while(bare).count();
            let found = span(near, 0..length);
            return if length > 0 {
                Ok((found, place + length))
            } else {
                Err(place)
            };
        }
    };
    match memchr::memchr(close, from(near, 1)) {
        Some(length) => Ok((span(near, 1..1 + length), place + length + 2)),
        None => Err(place + NAME),
    }
}

fn is_constraint(text: &[u8], place: usize) -> bool {
    let words: [&[u8]; 11] = [
        b"primary",
        b"key",
        b"unique",
        b"constraint",
        b"index",
        b"foreign",
        b"check",
        b"fulltext",
        b"spatial",
        b"exclude",
        b"like",
    ];
    let word = word(text, place);
    words.iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// The comma or the bracket that ends a column's definition.
fn end_of_definition(text: &[u8], start: usize) -> usize {
    let mut depth = 0_usize;
    let mut quote = None;
    for (length, byte) in from(text, start).iter().enumerate() {
        match (quote, *byte) {
            (Some(open), byte) if byte == open => quote = None,
            (None, b'\'' | b'"' | b'`') => quote = Some(*byte),
            (None, b'(') => depth += 1,
            (None, b')' | b',') if depth == 0 => return start + length,
            (None, b')') => depth -= 1,
            _ => {}
        }
    }
    text.len()
}
