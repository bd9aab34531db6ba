//! Reads an organisation's list row by row.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use csv::{ReaderBuilder, StringRecord};

use super::Error;
use super::column::{Columns, Naming, Role, refuse};
use super::text::Text;
use crate::base::Kind;

/// Delimiters that are tried on the header; of equals the first one.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];
/// The most columns that a spreadsheet has (Excel, LibreOffice).
const COLUMNS: usize = 16_384;
/// Rejects that are listed one by one.
const REJECTS_LISTED: usize = 1000;

/// A list of people that is being read.
pub(super) struct People<R> {
    reader: csv::Reader<Text<R>>,
    columns: Columns,
    delimiter: u8,
    record: StringRecord,
    rows: u64,
}

/// The next of a list's rows.
pub(super) enum Next<'a> {
    /// A row with as many cells as there are columns.
    Row(Row<'a>),
    /// One with more or fewer: which cell is which cannot be told.
    Misfit {
        /// The line on which it begins.
        line: u64,
        /// What is wrong with it.
        reason: &'static str,
    },
}

/// A row of a list.
pub(super) struct Row<'a> {
    /// The line of the file on which it begins, counted from 1.
    pub(super) line: u64,
    /// Which row below the header it is, counted from 1.
    pub(super) number: u64,
    columns: &'a Columns,
    record: &'a StringRecord,
}

impl People<File> {
    /// Opens the file at `path`; `registry` are the kinds that a column may hold.
    pub(super) fn open(
        path: &Path,
        naming: &[Naming],
        registry: &[&'static Kind],
    ) -> Result<Self, Error> {
        let file = File::open(path).map_err(Error::Read)?;
        Self::new(file, naming, registry)
    }
}

impl<R: Read> People<R> {
    pub(super) fn new(
        input: R,
        naming: &[Naming],
        registry: &[&'static Kind],
    ) -> Result<Self, Error> {
        let mut text = Text::new(input)?;
        let (separator, header) = text.header()?;
        let (delimiter, columns) = match separator {
            Some(named) => find_columns(&header, &[named], naming, registry)?,
            None => find_columns(&header, &DELIMITERS, naming, registry)?,
        };
        let mut people = Self {
            reader: ReaderBuilder::new()
                .delimiter(delimiter)
                .has_headers(false)
                .flexible(true)
                .from_reader(text),
            columns,
            delimiter,
            record: StringRecord::new(),
            rows: 0,
        };
        if separator.is_some() {
            people.advance()?;
        }
        people.advance()?;
        Ok(people)
    }

    /// The next row, `None` at the end of the file.
    pub(super) fn next(&mut self) -> Result<Option<Next<'_>>, Error> {
        if !self.advance()? {
            return Ok(None);
        }
        self.rows += 1;
        let line = self.line();
        // Empty cells behind the last column are what spreadsheets leave there.
        let width = self.columns.width();
        let is_fit = self.record.len() >= width && self.record.iter().skip(width).all(is_empty);
        if !is_fit && !self.lacks_unnamed_columns() {
            let is_of_lines = self.record.iter().any(|cell| cell.contains('\n'));
            let reason = if is_of_lines {
                "the row has several lines and not as many cells as the header: is a quotation mark not closed?"
            } else {
                "the row has not as many cells as the header"
            };
            return Ok(Some(Next::Misfit { line, reason }));
        }
        Ok(Some(Next::Row(Row {
            line,
            number: self.rows,
            columns: &self.columns,
            record: &self.record,
        })))
    }

    /// Whether the row ends before columns that have no heading, and only these.
    fn lacks_unnamed_columns(&self) -> bool {
        let mut missing = self.columns.iter().skip(self.record.len());
        self.record.len() < self.columns.width() && missing.all(|(heading, _)| heading.is_empty())
    }

    fn advance(&mut self) -> Result<bool, Error> {
        self.reader.get_mut().end_row();
        let begins = self.reader.position().line();
        self.reader.read_record(&mut self.record).map_err(|error| {
            if self.reader.get_ref().row_is_too_long() {
                return Error::RowTooLong { line: begins };
            }
            Error::Read(match error.into_kind() {
                csv::ErrorKind::Io(error) => error,
                _ => io::Error::other("the rows could not be told apart"),
            })
        })
    }

    /// The line on which the row read last begins.
    ///
    /// Counted back from its end, because the parser's position of its beginning
    /// lies before the empty lines that were skipped.
    fn line(&self) -> u64 {
        let inside = |cell: &str| cell.bytes().filter(|byte| *byte == b'\n').count() as u64;
        let inside: u64 = self.record.iter().map(inside).sum();
        self.reader.position().line().saturating_sub(1 + inside)
    }

    pub(super) fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Rows read so far, misfits included.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    pub(super) fn delimiter(&self) -> char {
        char::from(self.delimiter)
    }

    pub(super) fn encoding(&self) -> &'static str {
        self.reader.get_ref().encoding()
    }

    /// Bytes of the file read so far.
    pub(super) fn bytes_read(&self) -> u64 {
        self.reader.get_ref().bytes_read()
    }
}

fn is_empty(cell: &str) -> bool {
    cell.trim().is_empty()
}

/// Splits `header` with the delimiter that gives most known columns, or else most
/// columns.
fn find_columns(
    header: &str,
    delimiters: &[u8],
    naming: &[Naming],
    registry: &[&'static Kind],
) -> Result<(u8, Columns), Error> {
    let mut best: Option<((usize, usize), u8)> = None;
    for &delimiter in delimiters {
        let headings = split(header, delimiter);
        if headings.len() > COLUMNS {
            return Err(Error::TooManyColumns);
        }
        let known = Columns::find(&headings, &[], registry)?.recognised();
        let named = naming
            .iter()
            .filter(|naming| Columns::find(&headings, std::slice::from_ref(naming), &[]).is_ok());
        let rank = (known + named.count(), headings.len());
        if best.is_none_or(|(best, _)| rank > best) {
            best = Some((rank, delimiter));
        }
    }
    let delimiter = best.map_or(b',', |(_, delimiter)| delimiter);
    let headings = split(header, delimiter);
    let columns = Columns::find(&headings, naming, registry)?;
    if !columns.hold_somebody() {
        return Err(refuse(&headings));
    }
    Ok((delimiter, columns))
}

fn split(header: &str, delimiter: u8) -> Vec<String> {
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(header.as_bytes());
    let mut record = StringRecord::new();
    match reader.read_record(&mut record) {
        Ok(true) => record.iter().map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

impl<'a> Row<'a> {
    /// The cells that have a role, trimmed, without the empty ones, each with its
    /// column's heading.
    pub(super) fn cells(&self) -> impl Iterator<Item = (&'a str, Role, &'a str)> {
        self.columns
            .iter()
            .zip(self.record)
            .filter_map(|((heading, role), cell)| Some((heading, role?, cell.trim())))
            .filter(|(_, _, cell)| !cell.is_empty())
    }

    /// The trimmed cells of all columns, each with its role, in the file's order.
    pub(super) fn all_cells(&self) -> impl Iterator<Item = (Option<Role>, &'a str)> {
        let roles = self.columns.iter().map(|(_, role)| role);
        roles.zip(self.record.iter().map(str::trim))
    }

    /// The organisation's own key of the row.
    pub(super) fn key(&self) -> Option<&'a str> {
        let of_ref = |(_, role, cell)| (role == Role::Ref).then_some(cell);
        self.cells().find_map(of_ref)
    }

    /// The row's key: that of the organisation, or the row's number.
    ///
    /// Where the organisation has keys and this row has none, its number stands
    /// behind `row-`, so that it is not taken for another row's key.
    pub(super) fn reference(&self) -> String {
        let has_refs = self.columns.iter().any(|(_, role)| role == Some(Role::Ref));
        match self.key() {
            Some(reference) => reference.to_owned(),
            None if has_refs => format!("row-{}", self.number),
            None => self.number.to_string(),
        }
    }
}

/// A row or a cell that was left out: where and why, never what stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// The line of the file on which its row begins, counted from 1.
    pub line: u64,
    /// The column's heading; `None` when it is the whole row.
    pub column: Option<String>,
    /// Why.
    pub reason: &'static str,
}

/// What was left out: all of it counted, the first thousand listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rejects {
    /// How many there are.
    pub total: u64,
    /// The first of them, in the file's order.
    pub listed: Vec<Reject>,
}

impl Rejects {
    pub(super) fn add(&mut self, line: u64, column: Option<&str>, reason: &'static str) {
        self.total += 1;
        if self.listed.len() < REJECTS_LISTED {
            self.listed.push(Reject {
                line,
                column: column.map(str::to_owned),
                reason,
            });
        }
    }

    pub(super) fn add_misfit(&mut self, line: u64, reason: &'static str) {
        self.add(line, None, reason);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::sample;

    /// Each row as `line number ref: cells`, misfits as `line`.
    fn rows(text: &str) -> Vec<String> {
        let mut people = People::new(text.as_bytes(), &[], &sample::kinds()).unwrap();
        let mut rows = Vec::new();
        while let Some(next) = people.next().unwrap() {
            rows.push(match next {
                Next::Misfit { line, .. } => format!("{line} misfit"),
                Next::Row(row) => {
                    let cells: Vec<&str> = row.cells().map(|(_, _, cell)| cell).collect();
                    let (line, number) = (row.line, row.number);
                    format!("{line} {number} {}: {}", row.reference(), cells.join("|"))
                }
            });
        }
        rows
    }

    #[test]
    fn the_delimiter_is_that_of_the_header() {
        for delimiter in [",", ";", "\t"] {
            let text = "email,phone\na@example.com,1\n".replace(',', delimiter);
            assert_eq!(rows(&text), ["2 1 1: a@example.com|1"], "{delimiter:?}");
        }
        // More commas than semicolons, but these make no column that is known.
        let text = "\"a,b,c,d\";email\n\"x\";a@example.com\n";
        assert_eq!(rows(text), ["2 1 1: a@example.com"]);
        let text = "note, or so, or not;email\nx;a@example.com\n";
        assert_eq!(rows(text), ["2 1 1: a@example.com"]);
    }

    #[test]
    fn lines_are_those_of_the_file_with_quoted_and_empty_ones() {
        for end in ["\n", "\r\n", "\r"] {
            let text = "\nemail,note\na@x,1\n\n\nb@x,\"1\n2\n3\"\nc@x,\"\"\"\"\nd@x\n\ne@x,"
                .replace('\n', end);
            assert_eq!(
                rows(&text),
                [
                    "3 1 1: a@x",
                    "6 2 2: b@x",
                    "9 3 3: c@x",
                    "10 misfit",
                    "12 5 5: e@x"
                ],
                "{end:?}"
            );
        }
    }

    #[test]
    fn empty_cells_beyond_the_header_are_no_misfit() {
        let text = "ref,email\n1,a@x,\n2,b@x,, \n3,c@x,y\n4\n";
        assert_eq!(
            rows(text),
            ["2 1 1: 1|a@x", "3 2 2: 2|b@x", "4 misfit", "5 misfit"]
        );
        // Nor is a row without the cells that the header has no name for.
        assert_eq!(
            rows("ref,email,,\n1,a@x\n2\n"),
            ["2 1 1: 1|a@x", "3 misfit"]
        );
    }

    #[test]
    fn a_line_that_names_the_delimiter_is_not_taken_for_the_header() {
        for (line, delimiter) in [("sep=;", ";"), ("\"SEP=|\"", "|"), ("sep=,", ",")] {
            let text =
                format!("\n{line}\r\n\nref,email\n1,a@x\n").replace("f,", &format!("f{delimiter}"));
            let text = text.replace("1,", &format!("1{delimiter}"));
            assert_eq!(rows(&text), ["5 1 1: 1|a@x"], "{line}");
        }
    }

    #[test]
    fn a_header_of_more_columns_than_a_spreadsheet_has_is_refused() {
        let open = |columns: usize| {
            let header = format!("email{}\n", ",".repeat(columns - 1));
            People::new(header.as_bytes(), &[], &sample::kinds()).map(|_| ())
        };
        assert!(open(16_384).is_ok());
        assert!(matches!(open(16_385), Err(Error::TooManyColumns)));
    }

    #[test]
    fn a_row_without_a_key_among_keys_is_not_taken_for_another() {
        let text = "ref,email\n2,a@x\n,b@x\n";
        assert_eq!(rows(text), ["2 1 2: 2|a@x", "3 2 row-2: b@x"]);
    }

    #[test]
    fn a_file_that_holds_nobody_is_refused_with_its_headings() {
        let refused = |text: &str| {
            let refused = People::new(text.as_bytes(), &[], &sample::kinds());
            refused.err().unwrap().to_string()
        };
        assert_eq!(
            refused("id;colour\n1;red\n"),
            "no column of the file is recognised; the columns are: id, colour"
        );
        // A name alone makes nobody.
        assert_eq!(
            refused("name\nAnna Virtanen\n"),
            "no column of the file is recognised; the columns are: name"
        );
        assert_eq!(
            refused("Anna,anna@example.com\nB,b@example.com\n"),
            "the file does not begin with a line of headings"
        );
    }

    #[test]
    fn a_quotation_mark_that_is_never_closed_does_not_fill_the_memory() {
        let endless = "email\n\"".as_bytes().chain(io::repeat(b'a'));
        let mut people = People::new(endless, &[], &sample::kinds()).unwrap();
        assert!(matches!(people.next(), Err(Error::RowTooLong { line: 2 })));
    }

    #[test]
    fn rejects_beyond_a_thousand_are_counted_only() {
        let mut rejects = Rejects::default();
        for line in 0..1500 {
            rejects.add_misfit(line, "");
        }
        assert_eq!((rejects.total, rejects.listed.len()), (1500, 1000));
    }
}
