//! Finds the rows of an organisation's list that a report's matches belong to.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::build::registry;
use super::column::Naming;
use super::identifiers::{Names, Rules, Sink};
use super::people::{Next, People, Rejects};
use super::{Error, ROWS_A_TICK, refuse_same_file};
use crate::base::{Kind, Regions, Strength, Variant, Whole};
use crate::fingerprint::kinds::custom;
use crate::fingerprint::{Fingerprint, Fingerprinter, Key, KeyId, kinds};
use crate::report::{Match, Report};

/// The heading of `AFFECTED.csv`.
const HEADING: [&str; 10] = [
    "ref",
    "kind",
    "variant",
    "strength",
    "sources",
    "occurrences",
    "first_seen",
    "last_seen",
    "exposed_with",
    "new",
];

/// What of one person, by one kind, was found: a row of `AFFECTED.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Affected {
    /// The row's key in the organisation's list.
    pub reference: String,
    /// The kind.
    pub kind: &'static Kind,
    /// The closest way in which it was found.
    pub variant: Variant,
    /// The strongest.
    pub strength: Strength,
    /// The sources' names.
    pub sources: BTreeSet<String>,
    /// How often, all identifiers of this kind together.
    pub occurrences: u64,
    /// When it was first found.
    pub first_seen: Timestamp,
    /// When it was last found.
    pub last_seen: Timestamp,
    /// What else stood in the same records.
    pub exposed_with: BTreeSet<String>,
    /// Whether some of it is in no earlier report.
    pub is_new: bool,
}

/// Whom a report is about.
#[derive(Debug)]
pub struct Resolved {
    /// By the people's order in the list, then by kind.
    pub affected: Vec<Affected>,
    /// People, told apart by their keys, with a match that is not weak.
    pub people: u64,
    /// Matches that belong to no row: the list was made from another file, or with
    /// other columns or regions.
    pub unresolved: u64,
    /// Rows below the header.
    pub rows: u64,
    /// What could not be read, where a match may have been missed.
    pub rejects: Rejects,
    /// The people file, which is never written over.
    people_file: PathBuf,
}

/// How a people file is read; the same as when the list was made.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// What columns hold whose heading does not say it.
    pub columns: Vec<Naming>,
    /// Whose national notations the file has, in the order that `build` was given.
    pub regions: Regions,
}

/// Finds the rows of the file at `people` that the matches of `report` belong to.
///
/// Each row's fingerprints are computed again and looked up among the matches, so
/// that memory is that of the report; the file is streamed. `progress` is told now
/// and then how many bytes of it were read.
///
/// # Errors
///
/// [`Error::WrongKey`] when the report's list was made with another key, and
/// [`Error`] when the file is no list of people.
pub fn resolve(
    report: &Report,
    people: &Path,
    reading: &Reading,
    key: &Key,
    progress: &mut dyn FnMut(u64),
) -> Result<Resolved, Error> {
    let known = [kinds::ALL, &own_kinds(report)?].concat();
    resolve_with(report, people, reading, key, &known, progress)
}

/// The kinds that the list of `report` defines itself.
///
/// # Errors
///
/// [`Error::OwnKind`] when one cannot be used.
pub fn own_kinds(report: &Report) -> Result<Vec<&'static Kind>, Error> {
    let lines = report.watchlist.kinds.iter().map(String::as_str);
    custom::of_lines(lines).map_err(|unusable| Error::OwnKind { what: unusable.0 })
}

fn resolve_with(
    report: &Report,
    file: &Path,
    reading: &Reading,
    key: &Key,
    known: &[&'static Kind],
    progress: &mut dyn FnMut(u64),
) -> Result<Resolved, Error> {
    check_key(report, key)?;
    let mut people = People::open(file, &reading.columns, &registry(known))?;
    let is_matched = |kind: &&'static Kind| report.matches.iter().any(|of| of.kind == kind.name);
    let kinds: Vec<&'static Kind> = known.iter().copied().filter(is_matched).collect();
    let rules = Rules {
        kinds: &kinds,
        regions: &reading.regions,
        names: Names::Sought,
    };
    let mut search = Search::new(report, key);
    while let Some(next) = people.next()? {
        match next {
            Next::Misfit { line, reason } => search.rejects.add_misfit(line, reason),
            Next::Row(row) => {
                search.line = row.line;
                rules.read(&row, &mut search);
                if !search.found.is_empty() {
                    search.end_row(&row.reference());
                }
            }
        }
        if people.rows().is_multiple_of(ROWS_A_TICK) {
            progress(people.bytes_read());
        }
    }
    progress(people.bytes_read());
    Ok(search.finish(people.rows(), file))
}

fn check_key(report: &Report, key: &Key) -> Result<(), Error> {
    let of_report = KeyId::parse(&report.watchlist.key_id).ok_or(Error::KeyId)?;
    if of_report == key.id() {
        return Ok(());
    }
    Err(Error::WrongKey {
        report: of_report,
        key: key.id(),
    })
}

/// The matches of a report, and the rows that were found for them so far.
struct Search<'a> {
    fingerprinter: Fingerprinter,
    matches: HashMap<Fingerprint, &'a Match>,
    /// Matches for which a row was found.
    resolved: BTreeSet<Fingerprint>,
    /// The numbers of the people that were found, by key, in the file's order.
    people: HashMap<String, usize>,
    /// What was found of each: by the person's number and the kind.
    groups: BTreeMap<(usize, &'static str), Group>,
    rejects: Rejects,
    /// Of the row that is being read.
    line: u64,
    /// What that row holds that matched.
    found: Vec<(&'static Kind, Fingerprint)>,
}

/// What was found of one person by one kind.
struct Group {
    reference: String,
    kind: &'static Kind,
    matches: BTreeSet<Fingerprint>,
}

impl Sink for Search<'_> {
    fn identifier(&mut self, kind: &'static Kind, canonical: &str) {
        let fingerprint = self.fingerprinter.of(kind, canonical);
        let matched = self.matches.get(&fingerprint);
        if matched.is_some_and(|matched| matched.kind == kind.name) {
            self.found.push((kind, fingerprint));
        }
    }

    fn reject(&mut self, heading: &str, reason: &'static str) {
        self.rejects.add(self.line, Some(heading), reason);
    }

    fn ambiguous_date(&mut self) {}
}

impl<'a> Search<'a> {
    fn new(report: &'a Report, key: &Key) -> Self {
        let by_fingerprint = |found: &'a Match| (found.fingerprint, found);
        Self {
            fingerprinter: Fingerprinter::new(key),
            matches: report.matches.iter().map(by_fingerprint).collect(),
            resolved: BTreeSet::new(),
            people: HashMap::new(),
            groups: BTreeMap::new(),
            rejects: Rejects::default(),
            line: 0,
            found: Vec::new(),
        }
    }

    /// Puts down what the row of the key `reference` was found by.
    fn end_row(&mut self, reference: &str) {
        let next = self.people.len();
        let person = *self.people.entry(reference.to_owned()).or_insert(next);
        for (kind, fingerprint) in self.found.drain(..) {
            self.resolved.insert(fingerprint);
            let group = self
                .groups
                .entry((person, kind.name))
                .or_insert_with(|| Group {
                    reference: reference.to_owned(),
                    kind,
                    matches: BTreeSet::new(),
                });
            group.matches.insert(fingerprint);
        }
    }

    fn finish(self, rows: u64, people_file: &Path) -> Resolved {
        let mut affected = Vec::new();
        let mut people = BTreeSet::new();
        for ((person, _), group) in &self.groups {
            let matches = group
                .matches
                .iter()
                .filter_map(|fingerprint| self.matches.get(fingerprint).copied());
            let Some(row) = gather(group, matches) else {
                continue;
            };
            if row.strength > Strength::Weak {
                people.insert(*person);
            }
            affected.push(row);
        }
        Resolved {
            affected,
            people: people.len() as u64,
            unresolved: (self.matches.len() - self.resolved.len()) as u64,
            rows,
            rejects: self.rejects,
            people_file: people_file.to_owned(),
        }
    }
}

/// One row of what `group` was found by; `None` when that is nothing.
fn gather<'a>(group: &Group, mut matches: impl Iterator<Item = &'a Match>) -> Option<Affected> {
    let first = matches.next()?;
    let mut row = Affected {
        reference: group.reference.clone(),
        kind: group.kind,
        variant: first.variant,
        strength: first.strength,
        sources: BTreeSet::new(),
        occurrences: 0,
        first_seen: first.first_seen,
        last_seen: first.last_seen,
        exposed_with: BTreeSet::new(),
        is_new: false,
    };
    for found in std::iter::once(first).chain(matches) {
        row.variant = row.variant.min(found.variant);
        row.strength = row.strength.max(found.strength);
        row.occurrences = row.occurrences.saturating_add(found.occurrences);
        row.first_seen = row.first_seen.min(found.first_seen);
        row.last_seen = row.last_seen.max(found.last_seen);
        row.is_new |= found.new;
        for exposure in &found.exposures {
            row.sources.insert(exposure.source.clone());
            row.exposed_with
                .extend(exposure.exposed_with.iter().cloned());
        }
    }
    Some(row)
}

impl Resolved {
    /// Writes `AFFECTED.csv` to `out`, readable by its owner only, whole or not at
    /// all. Within a cell, values are joined by `;`.
    ///
    /// A key or a source's name that a spreadsheet would take for a formula (it
    /// begins with `=`, `+`, `-`, `@`, a tab or a carriage return) gets an
    /// apostrophe in front.
    ///
    /// # Errors
    ///
    /// [`Error::Write`], or [`Error::SameFile`] when `out` is the people file.
    pub fn write(&self, out: &Path) -> Result<(), Error> {
        refuse_same_file(&self.people_file, out)?;
        self.write_to(out).map_err(Error::Write)
    }

    fn write_to(&self, out: &Path) -> io::Result<()> {
        let mut file = Whole::create_private(out)?;
        let mut csv = csv::Writer::from_writer(&mut file);
        csv.write_record(HEADING)?;
        for row in &self.affected {
            csv.write_record([
                harmless(row.reference.clone()),
                row.kind.name.to_owned(),
                row.variant.name().to_owned(),
                strength(row.strength).to_owned(),
                harmless(join(&row.sources)),
                row.occurrences.to_string(),
                row.first_seen.to_string(),
                row.last_seen.to_string(),
                join(&row.exposed_with),
                row.is_new.to_string(),
            ])?;
        }
        csv.flush()?;
        drop(csv);
        file.finish()
    }
}

fn join(values: &BTreeSet<String>) -> String {
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    values.join(";")
}

fn strength(strength: Strength) -> &'static str {
    match strength {
        Strength::Weak => "weak",
        Strength::Compound => "compound",
        Strength::Strong => "strong",
    }
}

// OWASP, "CSV Injection": these characters begin a formula.
fn harmless(mut cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        cell.insert(0, '\'');
    }
    cell
}

#[cfg(test)]
#[path = "affected_tests.rs"]
mod tests;
