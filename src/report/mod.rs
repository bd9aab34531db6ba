//! What a run can say: to machines, to people, and to a court.
//!
//! | in  | what a run found and what it did not read                        |
//! |-----|-------------------------------------------------------------------|
//! | out | `report.json`, and from it HTML, CSV, STIX, MISP; signed evidence |
//! | not | content or names from the leak: there is no field for them        |

mod assemble;
mod chance;
mod coverage;
pub mod evidence;
mod exchange;
mod file;
mod html;
pub mod minisign;
mod model;
mod number;
#[cfg(test)]
mod sample;
mod table;
mod verdict;

use std::io::{self, Write};

pub use assemble::{Assembler, Frame, Known, Standing};
pub use file::{read, read_from, schema, write_json};
pub use model::{
    Artefacts, Bytes, Canaries, Chance, Count, Coverage, Exposure, FormatCount, LimitCount, List,
    Match, NotExamined, Outcome, Report, Run, SCHEMA, Source, SourceOutcome, Summary, Tool,
    Weakness,
};
pub use verdict::{Verdict, verdict};

/// A form in which a report can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rendering {
    /// A page for people: `report.html`.
    Html,
    /// One row for each entry and source: `matches.csv`.
    Csv,
    /// One match a line.
    Jsonl,
    /// A STIX 2.1 bundle: counts, and the digests of artefacts.
    Stix,
    /// A MISP event: counts, and the digests of artefacts.
    Misp,
}

impl Rendering {
    /// Every rendering, in the order of the help.
    pub const ALL: [Self; 5] = [Self::Html, Self::Csv, Self::Jsonl, Self::Stix, Self::Misp];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
            Self::Stix => "stix",
            Self::Misp => "misp",
        }
    }

    /// The rendering of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|rendering| rendering.name() == name)
    }
}

/// Writes `report` to `out` as `rendering`. One report always gives the same bytes.
///
/// # Errors
///
/// [`Error::Write`] when `out` fails.
pub fn render(report: &Report, rendering: Rendering, out: &mut dyn Write) -> Result<(), Error> {
    match rendering {
        Rendering::Html => {
            let page = html::page(report).map_err(Error::Template)?;
            out.write_all(page.as_bytes()).map_err(Error::Write)
        }
        Rendering::Csv => table::csv(report, out).map_err(Error::Write),
        Rendering::Jsonl => table::jsonl(report, out).map_err(Error::Write),
        Rendering::Stix => exchange::stix(report, out).map_err(Error::Write),
        Rendering::Misp => exchange::misp(report, out).map_err(Error::Write),
    }
}

/// What went wrong with a report.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file could not be read.
    #[error("the report could not be read")]
    Read(#[source] io::Error),
    /// The rendering could not be written.
    #[error("the report could not be written")]
    Write(#[source] io::Error),
    /// The file is longer than any report.
    #[error("the report is longer than {limit} bytes")]
    TooLong {
        /// The most that is read, in bytes.
        limit: u64,
    },
    /// It is not JSON, or cut off.
    #[error("the file is no JSON, from line {line}, column {column} on")]
    NotJson {
        /// Counted from 1.
        line: usize,
        /// Counted from 1; 0 is the end of the line before.
        column: usize,
    },
    /// It is JSON, but something else.
    #[error("the file is no blindsift report")]
    NotAReport,
    /// It was written by a newer version.
    #[error(
        "the report follows schema blindsift.report/{version}; this program reads blindsift.report/1"
    )]
    Newer {
        /// The version that the file names.
        version: u32,
    },
    /// It says that it is a report, but does not follow the schema.
    #[error("the report breaks its schema in line {line}, column {column}")]
    Malformed {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// Two places of it contradict each other.
    #[error("the report contradicts itself: {field} is not the number of its matches")]
    Contradiction {
        /// The field that is wrong.
        field: &'static str,
    },
    /// The page's template failed; a bug worth reporting.
    #[error("the page could not be put together")]
    Template(#[source] minijinja::Error),
}

impl Error {
    /// What the user can do about it.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Read(_) => "check the path and the permissions",
            Self::Write(_) => "check the folder's permissions and the space that is left",
            Self::TooLong { .. } | Self::NotAReport => {
                "give the file report.json that a run or a scan wrote"
            }
            Self::NotJson { .. } | Self::Malformed { .. } | Self::Contradiction { .. } => {
                "copy report.json again from where the run wrote it; it was cut off or changed"
            }
            Self::Newer { .. } => "use a blindsift at least as new as the one that wrote it",
            Self::Template(_) => "report this to the makers of blindsift",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rendering_is_found_by_its_name() {
        for rendering in Rendering::ALL {
            assert_eq!(Rendering::named(rendering.name()), Some(rendering));
        }
    }

    #[test]
    fn rendering_twice_gives_the_same_bytes() {
        let report = sample::report();
        for rendering in Rendering::ALL {
            let [mut first, mut second] = [Vec::new(), Vec::new()];
            render(&report, rendering, &mut first).unwrap();
            render(&report, rendering, &mut second).unwrap();
            assert_eq!(first, second);
            assert!(!first.is_empty());
        }
    }

    #[test]
    fn an_output_that_fails_is_an_error_of_writing() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        for rendering in Rendering::ALL {
            assert!(matches!(
                render(&sample::report(), rendering, &mut Full),
                Err(Error::Write(_))
            ));
        }
    }
}
