//! Looks at a list of people as a whole, and says what is odd about it.
//!
//! A list that lacks a column, or half of one, finds half of the people, and nobody
//! notices: what a cell's reject cannot say is said here. Warnings name columns and
//! lines and count cells; they hold no values.

use std::fmt;

use super::column::Role;
use super::date;
use super::holder::hash_of;
use super::people::Row;
use crate::base::{Family, Kind, Regions, Shape};
use crate::matching::Shared;

/// Rejects of a column are worth a warning when there are more than so many,
const REJECTS: u64 = 3;
/// and more than so many in a hundred of its cells.
const REJECTS_IN_HUNDRED: u64 = 5;
/// Cells of a column that are looked at more closely.
const SAMPLE: u64 = 200;
/// Columns nobody has named that are looked at.
const COLUMNS: usize = 200;
/// So many in a hundred cells of a column must be of a kind to look like it,
const LIKE_IN_HUNDRED: u64 = 80;
/// so many where most random text would be,
const LIKE_WITHOUT_CHECK: u64 = 95;
/// and so many in all.
const LIKE_AT_LEAST: u64 = 3;
/// A kind of which more random texts than that are read has no check to speak of.
const NO_CHECK: f64 = 0.2;
/// How likely a column of random text may be to look like a kind.
const BY_CHANCE: f64 = 1e-4;
/// The longest text that can be an identifier, in bytes.
const LONGEST: usize = 100;
/// Lines that are named.
const LINES: usize = 10;

/// Something odd about a list. Never holds what stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// A column that nobody has named looks like a kind.
    Unread {
        /// The column's number, from 1.
        column: usize,
        /// Its heading.
        heading: String,
        /// What it looks like.
        kind: &'static str,
        /// Cells that can be read so, of those that were looked at.
        cells: [u64; 2],
    },
    /// Many cells of a column cannot be read.
    Rejects {
        /// The column's number, from 1.
        column: usize,
        /// Its heading.
        heading: String,
        /// Rejects, of so many cells.
        cells: [u64; 2],
    },
    /// A spreadsheet has rounded numbers: they are lost.
    Rounded {
        /// The column's number, from 1.
        column: usize,
        /// Its heading.
        heading: String,
        /// Rounded ones, of so many cells.
        cells: [u64; 2],
    },
    /// A spreadsheet has taken zeros away.
    LostZeros {
        /// The column's number, from 1.
        column: usize,
        /// Its heading.
        heading: String,
        /// Such cells, of those that were looked at.
        cells: [u64; 2],
    },
    /// Several rows have one key.
    RepeatedKeys {
        /// Rows whose key stands in an earlier row.
        rows: u64,
        /// The first of them.
        lines: Vec<u32>,
    },
    /// Rows with entries, but none that identifies by itself.
    NothingStrong {
        /// How many.
        rows: u64,
    },
    /// An identifier of many people.
    Shared(Shared),
    /// More such identifiers than are told of one by one.
    MoreShared {
        /// How many more.
        identifiers: u64,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unread {
                column,
                heading,
                kind,
                cells: [like, of],
            } => write!(
                f,
                "column {column} `{heading}` is not read, and looks like {kind} ({like} of {of} \
                 values): name it with --column \"{heading}={kind}\", or \"{heading}=ignore\""
            ),
            Self::Rejects {
                column,
                heading,
                cells: [rejects, of],
            } => write!(
                f,
                "column {column} `{heading}`: {rejects} of {of} values cannot be read; does it \
                 hold something else?"
            ),
            Self::Rounded {
                column,
                heading,
                cells: [rounded, of],
            } => write!(
                f,
                "column {column} `{heading}`: {rounded} of {of} values were rounded by a \
                 spreadsheet (3.58401E+11) and are lost; export the column as text"
            ),
            Self::LostZeros {
                column,
                heading,
                cells: [lost, of],
            } => write!(
                f,
                "column {column} `{heading}`: {lost} of {of} values have lost leading zeros; \
                 export the column as text"
            ),
            Self::RepeatedKeys { rows, lines } => write!(
                f,
                "{rows} rows have the ref of an earlier row and count as the same person: {}",
                Lines(lines, *rows)
            ),
            Self::NothingStrong { rows } => write!(
                f,
                "{rows} rows hold nothing that identifies a person by itself"
            ),
            Self::Shared(shared) => write!(
                f,
                "one {} is shared by {} people, so a match on it alone is weak: {}",
                shared.kind.name,
                shared.people,
                Lines(&shared.lines, shared.people)
            ),
            Self::MoreShared { identifiers } => write!(
                f,
                "{identifiers} more identifiers are shared by many people each"
            ),
        }
    }
}

/// Lines in words: the first ones of so many.
struct Lines<'a>(&'a [u32], u64);

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.0.iter().take(LINES);
        let lines: Vec<String> = shown.map(u32::to_string).collect();
        let word = if self.1 == 1 { "line" } else { "lines" };
        write!(f, "{word} {}", lines.join(", "))?;
        let more = self.1.saturating_sub(lines.len() as u64);
        if more > 0 {
            write!(f, " and {more} more")?;
        }
        Ok(())
    }
}

/// What is counted while the rows go by.
pub(super) struct Survey<'a> {
    regions: &'a Regions,
    /// Kinds that a column may look like.
    kinds: Vec<&'static Kind>,
    columns: Vec<Column>,
    /// Keys that were met, and where.
    keys: Vec<(u64, u32)>,
    nothing_strong: u64,
}

#[derive(Default)]
struct Column {
    heading: String,
    /// Cells that are not empty.
    cells: u64,
    rejects: u64,
    rounded: u64,
    lost_zeros: u64,
    /// By kind, of a column that nobody has named.
    like: Option<Vec<u64>>,
}

impl<'a> Survey<'a> {
    /// Of columns with these headings and roles, and national numbers of `regions`.
    pub(super) fn new<'h>(
        columns: impl Iterator<Item = (&'h str, Option<Role>)>,
        kinds: &[&'static Kind],
        regions: &'a Regions,
    ) -> Self {
        let may_be = |kind: &&&'static Kind| {
            kind.family != Family::Composite && (kind.chance() < NO_CHECK || is_home(kind, regions))
        };
        let kinds: Vec<_> = kinds.iter().filter(may_be).copied().collect();
        let mut unnamed = 0;
        let columns = columns.map(|(heading, role)| {
            unnamed += usize::from(role.is_none());
            Column {
                heading: heading.to_owned(),
                like: (role.is_none() && unnamed <= COLUMNS).then(|| vec![0; kinds.len()]),
                ..Column::default()
            }
        });
        Self {
            regions,
            columns: columns.collect(),
            kinds,
            keys: Vec::new(),
            nothing_strong: 0,
        }
    }

    /// Looks at the cells of a row.
    pub(super) fn row(&mut self, row: &Row<'_>) {
        for (column, (role, cell)) in self.columns.iter_mut().zip(row.all_cells()) {
            if cell.is_empty() {
                continue;
            }
            match role {
                None if column.cells < SAMPLE => {
                    column.cells += 1;
                    let is_date = date::parse(cell).is_ok();
                    let like = column.like.iter_mut().flatten();
                    for (like, kind) in like.zip(&self.kinds) {
                        // A date is a telephone number by its digits.
                        let may_be = !(is_date && kind.shape.is_loose());
                        *like += u64::from(may_be && is_read(kind, cell, self.regions));
                    }
                }
                Some(Role::Kind(kind)) => {
                    column.cells += 1;
                    column.rounded += u64::from(is_rounded(cell));
                    if column.cells <= SAMPLE {
                        column.lost_zeros += u64::from(has_lost_zeros(kind, cell, self.regions));
                    }
                }
                None | Some(_) => column.cells += 1,
            }
        }
        if let Some(key) = row.key() {
            let line = u32::try_from(row.line).unwrap_or(u32::MAX);
            self.keys.push((hash_of(&key), line));
        }
    }

    /// Takes a cell that cannot be read.
    pub(super) fn reject(&mut self, heading: &str) {
        let mut columns = self.columns.iter_mut();
        if let Some(column) = columns.find(|column| column.heading == heading) {
            column.rejects += 1;
        }
    }

    /// Takes a row of which something is listed, but nothing strong.
    pub(super) fn nothing_strong(&mut self) {
        self.nothing_strong += 1;
    }

    /// What is odd.
    pub(super) fn finish(mut self) -> Vec<Warning> {
        let mut warnings = Vec::new();
        for (number, column) in (1..).zip(&self.columns) {
            let heading = &column.heading;
            if let Some((kind, cells)) = self.looks_like(column) {
                warnings.push(Warning::Unread {
                    column: number,
                    heading: heading.clone(),
                    kind,
                    cells,
                });
            }
            if column.rounded > 0 {
                warnings.push(Warning::Rounded {
                    column: number,
                    heading: heading.clone(),
                    cells: [column.rounded, column.cells],
                });
            }
            let sampled = column.cells.min(SAMPLE);
            if is_suspicious(column.lost_zeros, sampled) {
                warnings.push(Warning::LostZeros {
                    column: number,
                    heading: heading.clone(),
                    cells: [column.lost_zeros, sampled],
                });
            }
            if is_suspicious(column.rejects, column.cells) {
                warnings.push(Warning::Rejects {
                    column: number,
                    heading: heading.clone(),
                    cells: [column.rejects, column.cells],
                });
            }
        }
        self.keys.sort_unstable();
        let same = |(one, other): &(&(u64, u32), &(u64, u32))| one.0 == other.0;
        let again = self.keys.iter().zip(self.keys.iter().skip(1)).filter(same);
        let mut lines: Vec<u32> = again.map(|(_, (_, line))| *line).collect();
        if !lines.is_empty() {
            lines.sort_unstable();
            let rows = lines.len() as u64;
            lines.truncate(LINES);
            warnings.push(Warning::RepeatedKeys { rows, lines });
        }
        if self.nothing_strong > 0 {
            let rows = self.nothing_strong;
            warnings.push(Warning::NothingStrong { rows });
        }
        warnings
    }

    /// The kind that a column nobody has named looks like most.
    fn looks_like(&self, column: &Column) -> Option<(&'static str, [u64; 2])> {
        let like = column.like.as_ref()?.iter().zip(&self.kinds);
        let fits = like.filter(|(cells, kind)| {
            let in_hundred = if kind.chance() < NO_CHECK && !kind.shape.is_loose() {
                LIKE_IN_HUNDRED
            } else {
                LIKE_WITHOUT_CHECK
            };
            let power = i32::try_from(**cells).unwrap_or(i32::MAX);
            **cells >= LIKE_AT_LEAST
                && **cells * 100 >= column.cells * in_hundred
                && (kind.chance().powi(power) < BY_CHANCE || kind.chance() >= NO_CHECK)
        });
        // A number with a check digit is no telephone number, unless the check is that
        // of another country.
        let rank = |kind: &Kind| {
            let is_near = kind.country().is_none() || is_home(kind, self.regions);
            (is_near, !kind.shape.is_loose(), is_home(kind, self.regions))
        };
        let best = fits.max_by(|(one, a), (other, b)| {
            let by_chance = || b.chance().total_cmp(&a.chance());
            (rank(a), one).cmp(&(rank(b), other)).then_with(by_chance)
        });
        best.map(|(cells, kind)| (kind.name, [*cells, column.cells]))
    }
}

fn is_suspicious(cells: u64, of: u64) -> bool {
    cells > REJECTS && cells.saturating_mul(100) > of.saturating_mul(REJECTS_IN_HUNDRED)
}

/// Whether these are numbers of one of the regions.
fn is_home(kind: &Kind, regions: &Regions) -> bool {
    let country = kind.country();
    country.is_some_and(|country| regions.codes().any(|code| code.as_bytes() == country))
}

fn is_read(kind: &Kind, cell: &str, regions: &Regions) -> bool {
    cell.len() <= LONGEST && kind.read(cell, regions, &mut |_, _| {}).is_ok()
}

/// Whether `cell` is a number as spreadsheets write long ones: `3.58401E+11`.
fn is_rounded(cell: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let Some((mantissa, exponent)) = cell.split_once(['E', 'e']) else {
        return false;
    };
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    let (whole, decimals) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
    whole.len() == 1
        && is_number(whole)
        && is_number(decimals)
        && is_number(exponent)
        // With all its digits it says what it said.
        && exponent.parse() != Ok(decimals.len())
}

/// Whether `cell` is a number of that kind but for zeros that stood in front.
fn has_lost_zeros(kind: &Kind, cell: &str, regions: &Regions) -> bool {
    let is_code = matches!(kind.shape, Shape::Code { .. });
    if !is_code || cell.len() > LONGEST || !cell.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let mut has_lost = false;
    let read = kind.read(cell, regions, &mut |form, _| {
        let digits: String = form.chars().filter(char::is_ascii_digit).collect();
        let zeros = digits.strip_suffix(cell);
        has_lost |=
            zeros.is_some_and(|zeros| !zeros.is_empty() && zeros.bytes().all(|zero| zero == b'0'));
    });
    if read.is_ok() {
        return has_lost;
    }
    ["0", "00", "000"]
        .iter()
        .any(|zeros| is_read(kind, &format!("{zeros}{cell}"), regions))
}
