//! Finds the rows of an organisation's list that a report's matches belong to.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::build::registry;
use super::column::Naming;
use super::holder::Identity;
use super::identifiers::{Names, Rules, Sink};
use super::people::{Next, People, Rejects};
use super::records::{self, Owners, Records};
use super::{Error, ROWS_A_TICK, refuse_same_file};
use crate::base::{Kind, Origin, Regions, Strength, Variant, Whole};
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

/// The heading of `AFFECTED.conflicts.csv`.
const CONFLICTS_HEADING: [&str; 7] = [
    "source", "origin", "record", "ref_a", "kind_a", "ref_b", "kind_b",
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
    /// People who stand in one record of the leak, each by strong identifiers that the
    /// other does not have: they are not taken for one person.
    pub conflicts: Vec<Conflict>,
    /// Whether there are more such pairs than are listed.
    pub more_conflicts: bool,
    /// What could not be read, where a match may have been missed.
    pub rejects: Rejects,
    /// The people file, which is never written over.
    people_file: PathBuf,
}

/// Two people in one record: a row of `AFFECTED.conflicts.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The source's name.
    pub source: String,
    /// The place.
    pub origin: Origin,
    /// The record's number.
    pub record: u64,
    /// Each one's key, and the kinds by which they stand there.
    pub sides: [(String, BTreeSet<String>); 2],
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
    let mut people = People::open(file, &reading.columns, &registry(known, &reading.regions))?;
    let is_matched = |kind: &&'static Kind| report.matches.iter().any(|of| of.kind == kind.name);
    let kinds: Vec<&'static Kind> = known.iter().copied().filter(is_matched).collect();
    let rules = Rules {
        kinds: &kinds,
        regions: &reading.regions,
        names: Names::Sought,
    };
    let whose = Rules {
        kinds: known,
        regions: &reading.regions,
        names: Names::Listed,
    };
    let mut search = Search::new(report, key);
    while let Some(next) = people.next()? {
        match next {
            Next::Misfit { line, reason } => search.rejects.add_misfit(line, reason),
            Next::Row(row) => {
                search.line = row.line;
                rules.read(&row, &mut search);
                if !search.found.is_empty() {
                    let mut identity = Identity::default();
                    whose.read(&row, &mut identity);
                    search.end_row(&row.reference(), identity.number(&row));
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
    /// Who has what was found.
    owners: Owners,
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
            owners: Owners::default(),
            rejects: Rejects::default(),
            line: 0,
            found: Vec::new(),
        }
    }

    /// Puts down what the row of the key `reference` was found by.
    fn end_row(&mut self, reference: &str, identity: u32) {
        let next = self.people.len();
        let person = *self.people.entry(reference.to_owned()).or_insert(next);
        for (kind, fingerprint) in self.found.drain(..) {
            self.resolved.insert(fingerprint);
            self.owners.add(fingerprint, person, identity);
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
        let records = Records::of(self.matches.values().copied(), &self.owners);
        let together = records.together(&self.owners);
        let mut affected = Vec::new();
        let mut people = BTreeSet::new();
        for ((person, _), group) in &self.groups {
            let matches = group.matches.iter().filter_map(|fingerprint| {
                let found = self.matches.get(fingerprint).copied()?;
                let is_compound = together.contains(&(*person, *fingerprint));
                let strength = self.owners.strength(found);
                Some((
                    found,
                    strength.max(if is_compound {
                        Strength::Compound
                    } else {
                        Strength::Weak
                    }),
                ))
            });
            let Some(row) = gather(group, matches) else {
                continue;
            };
            if row.strength > Strength::Weak {
                people.insert(*person);
            }
            affected.push(row);
        }
        let (conflicts, left_out) = records.conflicts(&self.owners);
        Resolved {
            affected,
            people: people.len() as u64,
            unresolved: (self.matches.len() - self.resolved.len()) as u64,
            rows,
            conflicts: self.named(conflicts),
            more_conflicts: left_out > 0,
            rejects: self.rejects,
            people_file: people_file.to_owned(),
        }
    }

    /// The same with keys for people.
    fn named(&self, conflicts: Vec<records::Conflict<'_>>) -> Vec<Conflict> {
        let keys: BTreeMap<usize, &str> = self
            .groups
            .iter()
            .map(|((person, _), group)| (*person, group.reference.as_str()))
            .collect();
        let conflicts = conflicts.into_iter().map(|conflict| {
            let [one, other] = conflict.people.map(|person| keys.get(&person).copied());
            let [of_one, of_other] = conflict.kinds.map(|kinds| {
                let kinds = kinds.into_iter().map(str::to_owned);
                kinds.collect()
            });
            let (source, origin, record) = conflict.place;
            Conflict {
                source: source.to_owned(),
                origin,
                record,
                sides: [(one, of_one), (other, of_other)]
                    .map(|(key, kinds)| (key.unwrap_or_default().to_owned(), kinds)),
            }
        });
        conflicts.collect()
    }
}

/// One row of what `group` was found by, each match with what it is worth; `None` when
/// that is nothing.
fn gather<'a>(
    group: &Group,
    mut matches: impl Iterator<Item = (&'a Match, Strength)>,
) -> Option<Affected> {
    let first = matches.next()?;
    let mut row = Affected {
        reference: group.reference.clone(),
        kind: group.kind,
        variant: first.0.variant,
        strength: first.1,
        sources: BTreeSet::new(),
        occurrences: 0,
        first_seen: first.0.first_seen,
        last_seen: first.0.last_seen,
        exposed_with: BTreeSet::new(),
        is_new: false,
    };
    for (found, strength) in std::iter::once(first).chain(matches) {
        row.variant = row.variant.min(found.variant);
        row.strength = row.strength.max(strength);
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

/// Where the conflicts of a list of affected people at `out` stand: beside it, as
/// `AFFECTED.conflicts.csv`.
pub fn conflicts_file(out: &Path) -> PathBuf {
    out.with_extension("conflicts.csv")
}

impl Resolved {
    /// Writes `AFFECTED.csv` to `out`, readable by its owner only, whole or not at
    /// all. Within a cell, values are joined by `;`.
    ///
    /// A key or a source's name that a spreadsheet would take for a formula (it
    /// begins with `=`, `+`, `-`, `@`, a tab or a carriage return) gets an
    /// apostrophe in front.
    ///
    /// Conflicts are written to [`conflicts_file`]; where there are none, a file of
    /// earlier ones is removed.
    ///
    /// # Errors
    ///
    /// [`Error::Write`], or [`Error::SameFile`] when `out` or the file beside it is the
    /// people file.
    pub fn write(&self, out: &Path) -> Result<(), Error> {
        let beside = conflicts_file(out);
        refuse_same_file(&self.people_file, out)?;
        refuse_same_file(&self.people_file, &beside)?;
        let conflicts = if self.conflicts.is_empty() {
            remove_earlier(&beside)
        } else {
            self.write_conflicts(&beside)
        };
        conflicts
            .and_then(|()| self.write_to(out))
            .map_err(Error::Write)
    }

    fn write_conflicts(&self, out: &Path) -> io::Result<()> {
        let mut file = Whole::create_private(out)?;
        let mut csv = csv::Writer::from_writer(&mut file);
        csv.write_record(CONFLICTS_HEADING)?;
        for conflict in &self.conflicts {
            let [(one, of_one), (other, of_other)] = &conflict.sides;
            csv.write_record([
                harmless(conflict.source.clone()),
                conflict.origin.to_string(),
                conflict.record.to_string(),
                harmless(one.clone()),
                join(of_one),
                harmless(other.clone()),
                join(of_other),
            ])?;
        }
        csv.flush()?;
        drop(csv);
        file.finish()
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

/// Removes the conflicts of an earlier report, and nothing else that may stand there.
fn remove_earlier(path: &Path) -> io::Result<()> {
    let heading = CONFLICTS_HEADING.join(",");
    let mut begins = vec![0; heading.len()];
    let is_ours = File::open(path)
        .and_then(|mut file| file.read_exact(&mut begins))
        .is_ok_and(|()| begins == heading.as_bytes());
    if is_ours {
        fs::remove_file(path)
    } else {
        Ok(())
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
pub(super) mod tests;
