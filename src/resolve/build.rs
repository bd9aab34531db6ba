//! Makes a watchlist of an organisation's list.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use jiff::Timestamp;

use super::column::{Naming, Role};
use super::holder::Identity;
use super::identifiers::{Names, Rules, Sink};
use super::people::{Next, People, Rejects, Row};
use super::survey::{Survey, Warning};
use super::{Error, ROWS_A_TICK, refuse_same_file};
use crate::base::{Kind, Regions, Strength};
use crate::fingerprint::{Fingerprint, Fingerprinter, Hint, Key, kinds};
use crate::matching::{Builder, Header, Holder};

/// How a list is made.
#[derive(Debug, Clone)]
pub struct Options {
    /// What columns hold whose heading does not say it.
    pub columns: Vec<Naming>,
    /// Whose national notations the list has, and is to be searched in.
    pub regions: Regions,
    /// The list's name.
    pub name: String,
    /// When it is made.
    pub created: Timestamp,
    /// When it must no longer be used.
    pub expires: Option<Timestamp>,
    /// The kinds that are put on it.
    pub kinds: Vec<&'static Kind>,
}

impl Options {
    /// A list of all kinds that is called `name` and is made at `created`.
    pub fn new(name: impl Into<String>, created: Timestamp) -> Self {
        Self {
            columns: Vec::new(),
            regions: Regions::default(),
            name: name.into(),
            created,
            expires: None,
            kinds: kinds::ALL.to_vec(),
        }
    }
}

/// What became of a list of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Rows below the header.
    pub rows: u64,
    /// Rows of which nothing was listed: nobody will look for these people.
    pub rows_without_entry: u64,
    /// Entries by kind; the same one from two rows counts once.
    pub entries: BTreeMap<String, u64>,
    /// What could not be read.
    pub rejects: Rejects,
    /// Dates such as 3/4/1980, which were read day first.
    pub ambiguous_dates: u64,
    /// Headings that were recognised or named, and what their columns hold.
    pub recognised: Vec<(String, &'static str)>,
    /// Headings of the other columns, which were not read.
    pub ignored: Vec<String>,
    /// The encoding that was found.
    pub encoding: &'static str,
    /// The delimiter that was found.
    pub delimiter: char,
    /// Identifiers that more people than a family have, by kind.
    pub shared: BTreeMap<String, u64>,
    /// What is odd about it.
    pub warnings: Vec<Warning>,
}

/// Makes the list of the people in the file at `people` and writes it to `out`.
///
/// `progress` is told now and then how many bytes of the file were read. The file
/// is streamed; memory goes to the entries, 28 bytes each, and to
/// the keys of the rows, 16 bytes each.
///
/// # Errors
///
/// [`Error`] when the file is no list of people, when nothing on it can be
/// listed, or when the list cannot be written; `out` is untouched then.
pub fn build(
    people: &Path,
    options: &Options,
    key: &Key,
    out: &Path,
    progress: &mut dyn FnMut(u64),
) -> Result<Summary, Error> {
    refuse_same_file(people, out)?;
    let registry = registry(&options.kinds, &options.regions);
    let mut people = People::open(people, &options.columns, &registry)?;
    let survey = Survey::new(people.columns().iter(), &options.kinds, &options.regions);
    let mut listing = Listing::new(options, key, survey)?;
    listing.read(&mut people, options, progress)?;
    let mut summary = Summary {
        rows: people.rows(),
        rows_without_entry: listing.rows_without_entry,
        entries: BTreeMap::new(),
        rejects: listing.rejects,
        ambiguous_dates: listing.ambiguous_dates,
        recognised: Vec::new(),
        ignored: Vec::new(),
        encoding: people.encoding(),
        delimiter: people.delimiter(),
        shared: BTreeMap::new(),
        warnings: listing.survey.finish(),
    };
    for (heading, role) in people.columns().iter() {
        match role {
            Some(Role::Ignore) | None => summary.ignored.push(heading.to_owned()),
            Some(role) => summary.recognised.push((heading.to_owned(), role.name())),
        }
    }
    if summary.rows == summary.rows_without_entry {
        return Err(Error::NobodyListed(Box::new(summary)));
    }
    let built = listing.builder.finish(out).map_err(Error::List)?;
    summary.entries = built.entries.by_kind();
    summary.shared = built.entries.shared_by_kind();
    let told = built.shared.len() as u64;
    let told_one_by_one = built.shared.into_iter().map(Warning::Shared);
    summary.warnings.extend(told_one_by_one);
    let identifiers = built.entries.shared() - told;
    if identifiers > 0 {
        summary.warnings.push(Warning::MoreShared { identifiers });
    }
    Ok(summary)
}

/// The kinds by which columns are known: `kinds` and all others, the national numbers
/// of the regions first.
pub(super) fn registry(kinds: &[&'static Kind], regions: &Regions) -> Vec<&'static Kind> {
    let mut registry: Vec<_> = kinds.iter().chain(kinds::ALL).copied().collect();
    let place = |kind: &&Kind| {
        let country = kind.country();
        let mut codes = regions.codes().map(str::as_bytes);
        let home = codes.position(|code| country.is_some_and(|country| code == country));
        home.unwrap_or(usize::MAX)
    };
    registry.sort_by_key(place);
    registry
}

/// The list as it grows.
struct Listing<'a> {
    builder: Builder,
    fingerprinter: Fingerprinter,
    rejects: Rejects,
    ambiguous_dates: u64,
    survey: Survey<'a>,
    /// Of the row that is being read.
    line: u64,
    /// Whose that row is.
    identity: Identity,
    /// That row's entries.
    entries: Vec<(&'static Kind, Fingerprint, Hint)>,
    rows_without_entry: u64,
}

impl<'a> Listing<'a> {
    fn new(options: &Options, key: &Key, survey: Survey<'a>) -> Result<Self, Error> {
        let header = Header {
            name: options.name.clone(),
            key_id: key.id(),
            regions: options.regions.clone(),
            created: options.created,
            expires: options.expires,
        };
        Ok(Self {
            builder: Builder::new(header).map_err(Error::List)?,
            fingerprinter: Fingerprinter::new(key),
            rejects: Rejects::default(),
            ambiguous_dates: 0,
            survey,
            line: 0,
            identity: Identity::default(),
            entries: Vec::new(),
            rows_without_entry: 0,
        })
    }

    fn read<R: Read>(
        &mut self,
        people: &mut People<R>,
        options: &Options,
        progress: &mut dyn FnMut(u64),
    ) -> Result<(), Error> {
        let rules = Rules {
            kinds: &options.kinds,
            regions: &options.regions,
            names: Names::Listed,
        };
        while let Some(next) = people.next()? {
            match next {
                Next::Misfit { line, reason } => {
                    self.rejects.add_misfit(line, reason);
                    self.rows_without_entry += 1;
                }
                Next::Row(row) => {
                    self.line = row.line;
                    self.survey.row(&row);
                    rules.read(&row, self);
                    self.end_row(&row);
                }
            }
            if people.rows().is_multiple_of(ROWS_A_TICK) {
                progress(people.bytes_read());
            }
        }
        progress(people.bytes_read());
        Ok(())
    }

    /// Lists what the row holds.
    fn end_row(&mut self, row: &Row<'_>) {
        let holder = Holder {
            person: std::mem::take(&mut self.identity).number(row),
            line: u32::try_from(row.line).unwrap_or(u32::MAX),
        };
        let is_strong = |(kind, ..): &(&'static Kind, _, _)| kind.strength == Strength::Strong;
        if self.entries.is_empty() {
            self.rows_without_entry += 1;
        } else if !self.entries.iter().any(is_strong) {
            self.survey.nothing_strong();
        }
        for (kind, fingerprint, hint) in self.entries.drain(..) {
            self.builder.add_of(kind, fingerprint, hint, holder);
        }
    }
}

impl Sink for Listing<'_> {
    fn identifier(&mut self, kind: &'static Kind, canonical: &str) {
        let by = self.fingerprinter.for_kind(kind);
        self.entries
            .push((kind, by.of(canonical), by.hint_of(canonical)));
        self.identity.add(kind, canonical);
    }

    fn reject(&mut self, heading: &str, reason: &'static str) {
        self.rejects.add(self.line, Some(heading), reason);
        self.survey.reject(heading);
    }

    fn ambiguous_date(&mut self) {
        self.ambiguous_dates += 1;
    }
}

#[cfg(test)]
#[path = "build_tests.rs"]
mod tests;
