//! Rows with a delimiter: CSV, TSV and their cousins.
//!
//! | in  | lines of cells between `,`, `;`, tabs or `|`                        |
//! |-----|---------------------------------------------------------------------|
//! | out | a record per row, numbered from 1; a header row is record 0         |
//! | not | a stray quote that swallows the file: see [`Csv`]                   |
//!
//! Rules: RFC 4180, and what real exports do beside it (other delimiters, `\"`,
//! white space before a quote, rows of different length).

use memchr::{memchr, memchr2};

use super::builder::Builder;
use super::bytes::{at, from, skip_space, span};
use super::rows::Rows;
use super::{Parser, TOKEN};

/// Rows that are looked at to learn the dialect.
const ROWS: usize = 200;
/// Cells that are looked at in a row.
const CELLS: usize = 4096;

/// How a file writes its cells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Dialect {
    delimiter: u8,
    /// A quote inside a quoted cell is written `\"`.
    backslash: bool,
}

impl Dialect {
    /// The dialect of `sample`; `None` when these are no rows. `whole` when the
    /// sample does not end in the middle of a row.
    pub(super) fn detect(sample: &[u8], whole: bool) -> Option<Self> {
        // In order of preference: a decimal comma is no delimiter where a tab is.
        let delimiters = [b'\t', b';', b'|', b','];
        let mut best: Option<(usize, Dialect)> = None;
        for delimiter in delimiters {
            let dialect = Self {
                delimiter,
                backslash: writes_backslash(sample, delimiter),
            };
            if let Some(percent) = dialect.consistency(sample, whole)
                && best.is_none_or(|(most, _)| percent > most)
            {
                best = Some((percent, dialect));
            }
        }
        best.map(|(_, dialect)| dialect)
            .filter(|dialect| !dialect.is_form(sample, whole))
    }

    /// Whether there are two columns, of labels and of what they label: then a row
    /// is no record, and all rows are about one thing, or one after the other.
    fn is_form(self, sample: &[u8], whole: bool) -> bool {
        let (mut rows, mut labels) = (0_usize, Vec::new());
        let (mut words, mut values, mut addresses) = (0, 0, 0);
        self.rows(sample, whole, &mut |cells| {
            if let [label, value] = cells
                && !skip_blanks(label).is_empty()
            {
                let (label, value) = (skip_blanks(label), skip_blanks(value));
                // The first row can be a header, of one word each.
                let is_header = rows == 0 && memchr(b' ', value).is_none();
                words += usize::from(!is_header && !value.is_empty() && !is_value(value));
                addresses += usize::from(memchr(b'@', value).is_some());
                values += usize::from(memchr(b'@', value).is_none() && is_value(value));
                labels.push(label.to_vec());
                rows += 1;
            } else {
                rows += usize::from(cells.len() > 2) * ROWS;
            }
            rows < ROWS
        });
        let count = labels.len();
        let are_labels = count > 1 && labels.iter().all(|label| is_heading(label));
        labels.sort_unstable();
        labels.dedup();
        let is_repeated = count >= 4 && labels.len() * 2 <= count;
        let is_mixed = values > 0 && (addresses > 0 || (words > 0 && count <= 32));
        rows <= ROWS && are_labels && (is_repeated || is_mixed)
    }

    /// How many percent of the rows have the usual number of cells, if that makes
    /// them a table.
    fn consistency(self, sample: &[u8], whole: bool) -> Option<usize> {
        let mut counts: Vec<usize> = Vec::new();
        self.rows(sample, whole, &mut |cells| {
            if cells.len() > 1 || cells.first().is_some_and(|c| !c.is_empty()) {
                counts.push(cells.len());
            }
            counts.len() < ROWS
        });
        let mut sorted = counts.clone();
        sorted.sort_unstable();
        let usual = sorted.get(sorted.len() / 2).copied()?;
        let fitting = counts.iter().filter(|n| **n == usual).count();
        // A comma and a space, now and then one to a line, is prose.
        let prose = self.delimiter == b',' && usual < 4 && {
            let (mut spaced, mut commas) = (0_usize, 0);
            for comma in memchr::memchr_iter(b',', sample) {
                commas += 1;
                spaced += usize::from(at(sample, comma + 1) == b' ');
            }
            spaced * 2 > commas
        };
        let enough = if prose { 5 } else { 2 };
        let table = usual >= 2 && counts.len() >= enough && fitting * 10 >= counts.len() * 8;
        table.then(|| fitting * 100 / counts.len())
    }

    /// Hands each row to `each`, until that has enough.
    fn rows(self, text: &[u8], whole: bool, each: &mut dyn FnMut(&[&[u8]]) -> bool) {
        let mut row: Vec<&[u8]> = Vec::new();
        let mut place = 0;
        let mut all_literal = false;
        while place < text.len() {
            let quote = quote_at(text, place).filter(|_| !all_literal);
            let mut end = None;
            if let Some(quote) = quote {
                match self.end_of_quoted(text, quote + 1, usize::MAX, true) {
                    End::At(close, next) => {
                        row.push(span(text, quote + 1..close));
                        end = Some(next);
                    }
                    _ => all_literal = true,
                }
            }
            let end = end.unwrap_or_else(|| {
                let length = memchr2(self.delimiter, b'\n', from(text, place));
                let end = length.map_or(text.len(), |n| place + n);
                row.push(span(text, place..end));
                end
            });
            row.truncate(CELLS);
            if at(text, end) == b'\n' || (end >= text.len() && whole) {
                if !each(&row) {
                    return;
                }
                row.clear();
            }
            place = end + 1;
        }
    }

    /// Looks from `start` to `limit` for the quote that ends a cell.
    fn end_of_quoted(self, text: &[u8], start: usize, limit: usize, last: bool) -> End {
        let mut place = start;
        while let Some(found) = memchr(b'"', from(text, place)).map(|n| place + n) {
            if found >= limit {
                return End::None;
            }
            let next = at(text, found + 1);
            if self.backslash && is_escaped(text, found) {
                place = found + 1;
            } else if next == b'"' {
                place = found + 2;
            } else {
                let behind = self.skip_blanks(text, found + 1);
                if behind >= text.len() && !last {
                    return if behind - found > TOKEN {
                        End::None
                    } else {
                        End::Unknown
                    };
                }
                let byte = at(text, behind);
                if byte == self.delimiter || byte == b'\n' || behind >= text.len() {
                    return End::At(found, behind);
                }
                // A quote in the middle is text.
                place = behind;
            }
        }
        if last || text.len() > limit {
            End::None
        } else {
            End::Unknown
        }
    }

    fn skip_blanks(self, text: &[u8], start: usize) -> usize {
        let blank = |b: &&u8| matches!(**b, b' ' | b'\t') && **b != self.delimiter;
        start + from(text, start).iter().take_while(blank).count()
    }
}

/// Where a quoted cell ends.
enum End {
    /// The closing quote, and the delimiter behind it.
    At(usize, usize),
    /// Nowhere near.
    None,
    /// Behind what is known.
    Unknown,
}

/// Where the quote stands, if the cell at `place` begins with one.
fn quote_at(text: &[u8], place: usize) -> Option<usize> {
    let spaces = from(text, place)
        .iter()
        .take_while(|b| **b == b' ')
        .take(16);
    let quote = place + spaces.count();
    (at(text, quote) == b'"').then_some(quote)
}

/// Whether an odd number of backslashes stands before `place`.
fn is_escaped(text: &[u8], place: usize) -> bool {
    let before = span(text, 0..place).iter().rev().take(64);
    before.take_while(|b| **b == b'\\').count() % 2 == 1
}

/// Whether `\"` stands where no cell can end, and `""` inside no cell.
fn writes_backslash(sample: &[u8], delimiter: u8) -> bool {
    let mut found = false;
    for (place, pair) in sample.windows(2).enumerate() {
        let ends = |b: u8| b == delimiter || matches!(b, b'\n' | 0 | b'"');
        match pair {
            b"\\\"" => found |= !ends(at(sample, place + 2)),
            b"\"\"" => {
                let before = place.checked_sub(1).map_or(b'\n', |p| at(sample, p));
                if !ends(before) && before != b'\\' && !ends(at(sample, place + 2)) {
                    return false;
                }
            }
            _ => {}
        }
    }
    found
}

/// Reads rows.
///
/// A quoted cell that does not end within 64 KiB is read as if its quote were a
/// letter. How far no closing quote stands is remembered, so a flood of opening
/// quotes is searched once, not once for each.
pub(super) struct Csv {
    dialect: Dialect,
    /// The row to come is the header.
    header: bool,
    in_row: bool,
    /// The number of the cell to come, from 0.
    index: u16,
    /// Columns of the header.
    columns: u16,
    /// An unquoted cell is open that is longer than what is kept.
    long: bool,
    /// Up to here, counted from the start of the window, no quote ends a cell.
    unclosed: usize,
    /// Reads most rows, where nobody wants cells.
    rows: Rows,
}

impl Csv {
    /// Learns from the start of the text.
    pub(super) fn new(sample: &[u8]) -> Self {
        let dialect = Dialect::detect(sample, true).unwrap_or(Dialect {
            delimiter: b',',
            backslash: false,
        });
        Self {
            dialect,
            header: has_header(dialect, sample),
            in_row: false,
            index: 0,
            columns: 0,
            long: false,
            unclosed: 0,
            rows: Rows::new(dialect.delimiter, dialect.backslash),
        }
    }

    /// Reads the cell at `place`; where the next one begins, `None` for "later".
    fn step(
        &mut self,
        text: &[u8],
        place: usize,
        last: bool,
        to: &mut Builder<'_>,
    ) -> Option<usize> {
        if !self.long
            && let Some(quote) = quote_at(text, place)
        {
            let start = self.unclosed.max(quote + 1);
            let limit = quote + TOKEN;
            match self.dialect.end_of_quoted(text, start, limit, last) {
                End::At(close, next) => {
                    self.quoted(span(text, quote + 1..close), to);
                    return Some(self.end_cell(text, next, to));
                }
                End::Unknown => return None,
                End::None => self.unclosed = limit.min(text.len()).max(self.unclosed),
            }
        }
        let rest = from(text, place);
        let found = memchr2(self.dialect.delimiter, b'\n', rest);
        if found.is_none() && !last && rest.len() < TOKEN && !self.long {
            return None;
        }
        let end = found.map_or(text.len(), |n| place + n);
        let cell = span(text, place..end);
        let whole = found.is_some() || last;
        match (self.long, whole) {
            (false, true) => {
                if !cell.is_empty() {
                    let column = self.begin(cell, to);
                    to.cell(cell, column);
                }
            }
            (long, _) => {
                if !long {
                    let column = self.begin(b"", to);
                    to.begin_cell(column);
                }
                to.push(cell);
                if whole {
                    to.end_cell();
                }
                self.long = !whole;
            }
        }
        if whole {
            return Some(self.end_cell(text, end, to));
        }
        Some(end)
    }

    fn quoted(&mut self, cell: &[u8], to: &mut Builder<'_>) {
        if cell.is_empty() {
            return;
        }
        let column = self.begin(cell, to);
        to.begin_cell(column);
        let mut rest = cell;
        while let Some(quote) = memchr(b'"', rest) {
            let escaped = self.dialect.backslash && is_escaped(rest, quote);
            let end = if escaped { quote - 1 } else { quote };
            to.push(span(rest, 0..end));
            to.push(b"\"");
            rest = from(rest, quote + 1);
            if !escaped && at(rest, 0) == b'"' {
                rest = from(rest, 1);
            }
        }
        to.push(rest);
        to.end_cell();
    }

    /// Begins the row if need be; the column of the cell to come.
    fn begin(&mut self, cell: &[u8], to: &mut Builder<'_>) -> Option<u16> {
        if !self.in_row {
            self.in_row = true;
            let number = if self.header { 0 } else { to.next_number() };
            to.begin_record(number);
        }
        if self.header {
            // Empty headings before this one count, too.
            while self.columns < self.index && to.columns.add(b"").is_some() {
                self.columns += 1;
            }
            if to
                .columns
                .add(skip_blanks(cell))
                .or_else(|| to.columns.add(b""))
                .is_some()
            {
                self.columns += 1;
            }
        }
        (self.index < self.columns).then_some(self.index)
    }

    /// Ends the cell, and the row if a line feed stands at `place`.
    fn end_cell(&mut self, text: &[u8], place: usize, to: &mut Builder<'_>) -> usize {
        if at(text, place) == b'\n' {
            self.end_row(to);
        } else {
            self.index = self.index.saturating_add(1);
        }
        (place + 1).min(text.len())
    }

    /// Whether a row begins at `place`, and nothing before it says how to read it.
    fn begins_row(&self, place: usize) -> bool {
        let is_first = self.index == 0 && !self.in_row && !self.long;
        is_first && !self.header && place >= self.unclosed
    }

    fn end_row(&mut self, to: &mut Builder<'_>) {
        if self.in_row {
            to.end_record();
            self.header = false;
        }
        self.in_row = false;
        self.index = 0;
    }
}

impl Parser for Csv {
    fn feed(&mut self, text: &[u8], last: bool, to: &mut Builder<'_>) -> usize {
        let mut place = 0;
        self.rows.clear();
        while place < text.len() {
            if self.begins_row(place) && !to.wants_cells {
                let next = self.rows.read(text, place, to);
                if next > place {
                    place = next;
                    continue;
                }
            }
            match self.step(text, place, last, to) {
                Some(next) => place = next,
                None => break,
            }
        }
        if last {
            to.end_cell();
            self.end_row(to);
        }
        self.unclosed = self.unclosed.saturating_sub(place);
        place
    }
}

fn skip_blanks(cell: &[u8]) -> &[u8] {
    from(cell, skip_space(cell, 0)).trim_ascii_end()
}

/// Whether the first row names the columns: words of its own, and either one that
/// is known as a heading or one above numbers or addresses.
fn has_header(dialect: Dialect, sample: &[u8]) -> bool {
    const KNOWN: [&str; 24] = [
        "id",
        "email",
        "e-mail",
        "mail",
        "name",
        "username",
        "user",
        "password",
        "phone",
        "mobile",
        "address",
        "firstname",
        "first_name",
        "lastname",
        "last_name",
        "dob",
        "birthdate",
        "city",
        "nimi",
        "etunimi",
        "sukunimi",
        "namn",
        "fornamn",
        "efternamn",
    ];
    let mut first: Vec<Vec<u8>> = Vec::new();
    let mut header = false;
    let mut rows = 0;
    dialect.rows(sample, true, &mut |cells| {
        rows += 1;
        if rows == 1 {
            first = cells
                .iter()
                .map(|c| skip_blanks(c).to_ascii_lowercase())
                .collect();
            let mut sorted: Vec<_> = first.iter().filter(|c| !c.is_empty()).collect();
            let count = sorted.len();
            sorted.sort_unstable();
            sorted.dedup();
            let words = sorted.len() == count && count > 0 && first.iter().all(|c| is_heading(c));
            header = words
                && first
                    .iter()
                    .any(|c| KNOWN.iter().any(|k| k.as_bytes() == c));
            return words && !header;
        }
        let pairs = cells.iter().zip(&first);
        header |= pairs
            .filter(|(_, heading)| !heading.is_empty())
            .any(|(cell, _)| is_value(cell));
        !header && rows < 20
    });
    header
}

fn is_heading(cell: &[u8]) -> bool {
    let digits = cell.iter().filter(|b| b.is_ascii_digit()).count();
    cell.is_empty()
        || (cell.len() <= 64
            && digits <= 2
            && cell.iter().any(|b| b.is_ascii_alphabetic() || *b >= 0x80)
            && memchr(b'@', cell).is_none())
}

/// Whether `cell` is what no heading looks like.
fn is_value(cell: &[u8]) -> bool {
    let digits = cell.iter().filter(|b| b.is_ascii_digit()).count();
    memchr(b'@', cell).is_some() || (digits > 0 && (digits > 2 || digits == cell.len()))
}
