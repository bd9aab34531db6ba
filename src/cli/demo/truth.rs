//! Whether the demonstration found what is there, and nothing else.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::Path;

use super::Failure;

/// What was found, held against what was planted.
pub(super) struct Check {
    planted: usize,
    people: usize,
    missed: usize,
    wrong: usize,
}

impl Check {
    /// Whether everything planted was found, and nothing else.
    pub(super) fn is_right(&self) -> bool {
        self.missed == 0 && self.wrong == 0
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.is_right() { "Right" } else { "WRONG" };
        write!(
            f,
            "{verdict}: held against what was planted, {} of {} identifiers of {} people were found, {} that were not planted.",
            self.planted - self.missed,
            self.planted,
            self.people,
            self.wrong
        )
    }
}

/// Compares the rows of `affected` with those of `truth`, by `ref` and kind.
pub(super) fn check(affected: &Path, truth: &[u8]) -> Result<Check, Failure> {
    let found = fs::read(affected).map_err(|error| {
        Failure::failed(error, format!("{} cannot be read", affected.display()))
    })?;
    let (found, planted) = (rows(&found)?, rows(truth)?);
    let people: BTreeSet<&String> = planted.iter().map(|(row, _)| row).collect();
    Ok(Check {
        people: people.len(),
        planted: planted.len(),
        missed: planted.difference(&found).count(),
        wrong: found.difference(&planted).count(),
    })
}

/// The first two columns, `ref` and `kind`.
fn rows(text: &[u8]) -> Result<BTreeSet<(String, String)>, Failure> {
    let mut rows = BTreeSet::new();
    for row in csv::Reader::from_reader(text).into_records() {
        let row = row.map_err(|error| Failure::failed(error, "the rows cannot be compared"))?;
        if let (Some(reference), Some(kind)) = (row.get(0), row.get(1)) {
            rows.insert((reference.to_owned(), kind.to_owned()));
        }
    }
    Ok(rows)
}
