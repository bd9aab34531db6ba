//! SQL dumps: rows of `INSERT` and `COPY`, and everything else as lines.
//!
//! | in  | what mysqldump, pg_dump, SQLite and other tools write               |
//! |-----|---------------------------------------------------------------------|
//! | out | a record per tuple or `COPY` row, cells under the table's columns   |
//! | not | a string that nobody closes and that draws all rows into itself     |
//!
//! What is in no tuple (other statements, comments) is text whose records are
//! lines.

use memchr::{memchr, memchr2, memmem};

use super::builder::Builder;
use super::bytes::{at, begins_with, from, skip_space, span};
use super::columns::Columns;
use super::marks::Ends;
use super::sql_names::{Names, Row, Tables};
use super::sql_strings::{Backslash, End, end_of_string, hex_text, push_string};
use super::tuples;
use super::{Parser, TOKEN};

/// Reads statements.
pub(super) struct Sql {
    pub(super) state: State,
    backslash: Backslash,
    tables: Tables,
    /// A `CREATE TABLE` statement so far.
    create: Option<Vec<u8>>,
    /// Columns of the rows that are read.
    row: Row,
    /// The number of the cell that is read, from 0.
    pub(super) index: usize,
    /// Brackets open inside a tuple.
    pub(super) depth: usize,
    /// What ends the open cell, when it is longer than what is kept: a quote, and
    /// what backslashes mean before it.
    pub(super) long: Option<(u8, Backslash)>,
    /// Where values of tuples end, for most of them.
    pub(super) ends: Ends<7>,
    /// Where cells of `COPY` end, for most of them.
    pub(super) copied_ends: Ends<3>,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum State {
    /// A statement may begin.
    Start,
    /// Text, up to the end of its line or statement.
    Line,
    /// Between tuples.
    Values,
    /// In a tuple.
    Tuple,
    /// In the rows of `COPY`.
    Copy,
}

impl Sql {
    /// Learns from the start of the text.
    pub(super) fn new(sample: &[u8]) -> Self {
        Self {
            state: State::Start,
            backslash: Backslash::learn(sample),
            tables: Tables::default(),
            create: None,
            row: Row::new(),
            index: 0,
            depth: 0,
            long: None,
            ends: tuples::ends(),
            copied_ends: tuples::copied_ends(),
        }
    }

    fn step(
        &mut self,
        text: &[u8],
        place: usize,
        last: bool,
        to: &mut Builder<'_>,
    ) -> Option<usize> {
        match self.state {
            State::Start => self.start(text, place, last, to),
            State::Line => Some(self.line(text, place, to)),
            State::Values => self.between(text, place, last, to),
            State::Tuple => match self.long {
                Some((quote, mode)) => self.long_string(text, place, (quote, mode), last, to),
                None => self.value(text, place, last, to),
            },
            State::Copy => self.copied(text, place, last, to),
        }
    }

    fn start(
        &mut self,
        text: &[u8],
        place: usize,
        last: bool,
        to: &mut Builder<'_>,
    ) -> Option<usize> {
        let word = skip_space(text, place);
        let rest = from(text, word);
        let wait = !last && rest.len() < 16;
        if wait && word == place {
            return None;
        }
        // Blank lines between statements full of rows would only cut pieces short.
        if wait || word > place && to.is_text() {
            if to.is_text() {
                to.text(span(text, place..word));
            }
            return Some(word);
        }
        let names = if begins_with(rest, b"insert ") || begins_with(rest, b"replace ") {
            self.end_create(to);
            self.tables.insert(rest, &mut to.columns)
        } else if begins_with(rest, b"copy ") {
            self.end_create(to);
            self.tables.copy(rest, &mut to.columns)
        } else {
            Names::Other
        };
        match names {
            Names::Unfinished if !last && rest.len() < TOKEN => return None,
            Names::Rows(length, row) => {
                let names = span(rest, 0..length);
                if memchr(b'@', names).is_some() {
                    let number = to.next_number();
                    to.begin_record(number);
                    to.begin_cell(None);
                    to.push(names);
                    to.end_cell();
                    to.end_record();
                }
                self.row = row;
                self.index = 0;
                self.state = if at(rest, 0).eq_ignore_ascii_case(&b'c') {
                    State::Copy
                } else {
                    State::Values
                };
                return Some(word + length);
            }
            _ => {}
        }
        if begins_with(rest, b"create ") {
            self.end_create(to);
            self.create = Some(Vec::new());
        }
        self.state = State::Line;
        Some(word)
    }

    fn line(&mut self, text: &[u8], place: usize, to: &mut Builder<'_>) -> usize {
        let found = memchr2(b'\n', b';', from(text, place));
        let end = found.map_or(text.len(), |n| place + n + 1);
        let part = span(text, place..end);
        to.text(part);
        if let Some(create) = &mut self.create
            && create.len() + part.len() <= TOKEN
        {
            create.extend_from_slice(part);
        }
        match at(text, end - 1) {
            b';' if found.is_some() => {
                self.end_create(to);
                self.state = State::Start;
            }
            b'\n' => self.state = State::Start,
            _ => {}
        }
        end
    }

    fn end_create(&mut self, to: &mut Builder<'_>) {
        if let Some(create) = self.create.take() {
            self.tables.create(&create, &mut to.columns);
        }
    }

    fn between(
        &mut self,
        text: &[u8],
        place: usize,
        last: bool,
        to: &mut Builder<'_>,
    ) -> Option<usize> {
        let place = skip_space(text, place);
        if place + 1 >= text.len() && !last {
            return (place >= text.len()).then_some(place);
        }
        match (at(text, place), at(text, place + 1)) {
            (b'(', _) => {
                let number = to.next_number();
                to.begin_record(number);
                self.index = 0;
                self.depth = 0;
                self.state = State::Tuple;
            }
            (b',', _) => {}
            (b'-', b'-') | (b'#', _) => return self.comment(text, place, b"\n", last, to),
            (b'/', b'*') => return self.comment(text, place, b"*/", last, to),
            (b';', _) => self.state = State::Start,
            _ => {
                self.state = State::Start;
                return Some(place);
            }
        }
        Some((place + 1).min(text.len()))
    }

    /// A comment between tuples is a record of its own.
    fn comment(
        &mut self,
        text: &[u8],
        place: usize,
        end: &[u8],
        last: bool,
        to: &mut Builder<'_>,
    ) -> Option<usize> {
        let rest = from(text, place);
        let Some(length) = memmem::find(rest, end) else {
            if !last && rest.len() < TOKEN {
                return None;
            }
            self.state = State::Line;
            return Some(place);
        };
        let number = to.next_number();
        to.begin_record(number);
        to.begin_cell(None);
        to.push(span(rest, 0..length));
        to.end_cell();
        to.end_record();
        Some(place + length + end.len())
    }

    #[inline]
    pub(super) fn column(&self) -> Option<u16> {
        self.row.get(self.index).copied().flatten()
    }

    /// Reads what stands at `place` in a tuple.
    fn value(
        &mut self,
        text: &[u8],
        place: usize,
        last: bool,
        to: &mut Builder<'_>,
    ) -> Option<usize> {
        match at(text, place) {
            b' ' | b'\n' | b'\t' => return Some(skip_space(text, place)),
            b',' if self.depth == 0 => self.index += 1,
            b',' => {}
            b'(' => self.depth += 1,
            b')' if self.depth > 0 => self.depth -= 1,
            b')' => {
                to.end_record();
                self.state = State::Values;
            }
            // No tuple holds one: it was cut off.
            b';' => {
                to.end_record();
                self.state = State::Start;
            }
            b'\'' | b'"' => return self.string(text, place, last, to),
            _ => return self.bare(text, place, last, to),
        }
        Some(place + 1)
    }

    fn bare(
        &mut self,
        text: &[u8],
        place: usize,
        last: bool,
        to: &mut Builder<'_>,
    ) -> Option<usize> {
        let rest = from(text, place);
        let length = rest.iter().position(|b| b",()'\";\n".contains(b));
        if length.is_none() && !last && rest.len() < TOKEN {
            return None;
        }
        let length = length.unwrap_or(rest.len());
        let word = span(rest, 0..length).trim_ascii();
        // N'…', E'…', _utf8mb4'…', ARRAY['…', CAST(…
        let sign = |b: &u8| b.is_ascii_alphanumeric() || b"_&[ ".contains(b);
        let before = matches!(at(rest, length), b'\'' | b'"' | b'(');
        let prefix = before && word.len() <= 16 && word.iter().all(sign);
        let digits = word.strip_prefix(b"0x").and_then(hex_text);
        if let Some(said) = digits {
            self.hex_cell(&said, to);
        } else if !prefix && !word.eq_ignore_ascii_case(b"null") {
            to.cell(word, self.column());
        }
        Some(place + length)
    }

    fn hex_cell(&self, said: &[u8], to: &mut Builder<'_>) {
        to.begin_cell(self.column());
        to.push(said);
        to.end_cell();
    }

    fn string(
        &mut self,
        text: &[u8],
        place: usize,
        last: bool,
        to: &mut Builder<'_>,
    ) -> Option<usize> {
        let quote = at(text, place);
        let mode = self.mode(text, place);
        let (end, next) = match end_of_string(text, place + 1, quote, mode, last) {
            End::Quote(end) => (end, end + 1),
            End::Statement(end) => {
                self.state = State::Start;
                (end, end)
            }
            End::Unknown(end) if last => (end, end),
            End::Unknown(_) if text.len() - place < TOKEN => return None,
            End::Unknown(_) => {
                self.long = Some((quote, mode));
                to.begin_cell(self.column());
                return Some(place + 1);
            }
        };
        let string = span(text, place + 1..end);
        let is_hex = place.checked_sub(1).is_some_and(|p| at(text, p) == b'X');
        if let Some(said) = is_hex.then(|| hex_text(string)).flatten() {
            self.hex_cell(&said, to);
            return Some(next);
        }
        to.begin_cell(self.column());
        push_string(string, quote, mode, to);
        to.end_cell();
        if self.state == State::Start {
            to.end_record();
        }
        Some(next)
    }

    /// Adds more of a long string.
    fn long_string(
        &mut self,
        text: &[u8],
        place: usize,
        (quote, mode): (u8, Backslash),
        last: bool,
        to: &mut Builder<'_>,
    ) -> Option<usize> {
        let (end, next) = match end_of_string(text, place, quote, mode, last) {
            End::Quote(end) => (end, end + 1),
            End::Statement(end) => {
                self.state = State::Start;
                (end, end)
            }
            End::Unknown(end) => {
                push_string(span(text, place..end), quote, mode, to);
                return (end > place).then_some(end);
            }
        };
        push_string(span(text, place..end), quote, mode, to);
        to.end_cell();
        self.long = None;
        if self.state == State::Start {
            to.end_record();
        }
        Some(next)
    }

    /// What backslashes mean in the string whose quote stands at `place`.
    fn mode(&self, text: &[u8], place: usize) -> Backslash {
        let before = |back: usize| place.checked_sub(back).map_or(0, |p| at(text, p));
        // PostgreSQL's E'…', unless the E ends a word.
        if matches!(before(1), b'E' | b'e') && !before(2).is_ascii_alphanumeric() {
            return Backslash::Escapes;
        }
        self.backslash
    }

    /// Reads a cell of `COPY`, up to its tab or line feed.
    fn copied(
        &mut self,
        text: &[u8],
        place: usize,
        last: bool,
        to: &mut Builder<'_>,
    ) -> Option<usize> {
        let rest = from(text, place);
        let is_long = self.long.is_some();
        let begins_row = self.index == 0 && !is_long;
        if begins_row
            && rest.starts_with(b"\\.")
            && (at(rest, 2) == b'\n' || (last && rest.len() == 2))
        {
            self.state = State::Start;
            return Some((place + 3).min(text.len()));
        }
        let found = memchr2(b'\t', b'\n', rest);
        if found.is_none() && !last && rest.len() < TOKEN && !is_long {
            return None;
        }
        let hold = usize::from(found.is_none() && !last && rest.ends_with(b"\\"));
        let length = found.unwrap_or(rest.len() - hold);
        let cell = span(rest, 0..length);
        if begins_row {
            let number = to.next_number();
            to.begin_record(number);
        }
        if !is_long {
            to.begin_cell(self.column());
        }
        let whole = found.is_some() || last;
        self.long = (!whole).then_some((b'\t', Backslash::Escapes));
        if cell != b"\\N" {
            push_string(cell, b'\t', Backslash::Escapes, to);
        }
        if !whole {
            return (length > 0).then_some(place + length);
        }
        to.end_cell();
        self.index += 1;
        if at(rest, length) == b'\n' || found.is_none() {
            to.end_record();
            self.index = 0;
        }
        Some((place + length + 1).min(text.len()))
    }
}

impl Parser for Sql {
    fn feed(&mut self, text: &[u8], last: bool, to: &mut Builder<'_>) -> usize {
        let mut place = 0;
        self.ends.clear();
        self.copied_ends.clear();
        while place < text.len() {
            if !to.wants_cells {
                place = self.tuples(text, place, to);
                if place >= text.len() {
                    break;
                }
            }
            match self.step(text, place, last, to) {
                Some(next) => place = next,
                None => break,
            }
        }
        place
    }
}

/// Whether `sample` is an SQL dump: it says so, or holds statements of one.
pub(super) fn is_plausible(sample: &[u8]) -> bool {
    let marks: [&[u8]; 6] = [
        b"-- MySQL dump",
        b"-- MariaDB dump",
        b"-- PostgreSQL database dump",
        b"-- phpMyAdmin SQL Dump",
        b"PRAGMA foreign_keys=",
        b"/*!40",
    ];
    let mut rest = sample;
    while !rest.is_empty() {
        let line = from(rest, skip_space(rest, 0));
        let end = memchr(b'\n', line).unwrap_or(line.len());
        if marks.iter().any(|mark| line.starts_with(mark)) || is_statement(line) {
            return true;
        }
        rest = from(line, end);
    }
    false
}

fn is_statement(line: &[u8]) -> bool {
    let near = span(line, 0..line.len().min(TOKEN));
    if begins_with(near, b"insert ") || begins_with(near, b"replace into ") {
        let tables = Tables::default();
        return matches!(
            tables.insert(near, &mut Columns::default()),
            Names::Rows(..)
        );
    }
    if begins_with(near, b"copy ") {
        return matches!(
            Tables::default().copy(near, &mut Columns::default()),
            Names::Rows(..)
        );
    }
    begins_with(near, b"create table ")
        && memchr(b'(', span(near, 0..near.len().min(256))).is_some()
}
