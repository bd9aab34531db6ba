//! Inside the organisation: people into a watchlist, matches into people.
//!
//! | in  | the organisation's list of people, its key, a report               |
//! |-----|--------------------------------------------------------------------|
//! | out | a watchlist; the rows of those who are in the leak                 |
//! | not | cells that fail their kind's check: rejects, with line and reason  |
//!
//! This is the only stage that sees a raw list, and it runs where that list already
//! is. Messages name lines and headings, never what stands in a cell.

mod affected;
mod build;
mod column;
mod date;
mod error;
mod headings;
mod holder;
mod identifiers;
mod people;
mod records;
#[cfg(test)]
mod sample;
mod survey;
mod text;

use std::path::Path;

use crate::fingerprint::kinds::person;

pub use affected::{Affected, Conflict, Reading, Resolved, conflicts_file, own_kinds, resolve};
pub use build::{Options, Summary, build};
pub use column::{Headings, Naming, Role};
pub use error::Error;
pub use people::{Reject, Rejects};
pub use survey::Warning;

/// Rows between two reports of progress.
const ROWS_A_TICK: u64 = 1000;

/// Refuses to write over the people file.
fn refuse_same_file(people: &Path, out: &Path) -> Result<(), Error> {
    match (people.canonicalize(), out.canonicalize()) {
        (Ok(people), Ok(out)) if people == out => Err(Error::SameFile),
        _ => Ok(()),
    }
}
