//! `report.json`, schema `blindsift.report/1`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::base::{Definition, Origin, Reason, Sha256, Strength, Variant};
use crate::fingerprint::Fingerprint;

/// The schema's name and version.
pub const SCHEMA: &str = "blindsift.report/1";

/// Numbers by name, in the order of the names.
pub type Count = BTreeMap<String, u64>;

/// What one run can say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: String,
    /// What wrote it.
    pub tool: Tool,
    /// The run.
    pub run: Run,
    /// The list that was looked for.
    pub watchlist: List,
    /// What was examined, and what was not.
    pub coverage: Coverage,
    /// What was found, by kind and fingerprint.
    pub matches: Vec<Match>,
    /// The matches in numbers.
    pub summary: Summary,
}

/// What wrote the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// `blindsift`.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// The run that a report is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The job's name in the configuration, `scan` for a scan.
    pub job: String,
    /// Unique among the runs of one checker; sorts by time.
    pub id: String,
    /// When it began.
    pub started: Timestamp,
    /// When it was over.
    pub finished: Timestamp,
    /// How it ended.
    pub outcome: Outcome,
    /// Whether the engine was awake.
    pub canaries: Canaries,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Everything that can be read was read.
    Complete,
    /// Something that could be retried was not read.
    Incomplete,
    /// The run cannot be relied on: canaries were missed.
    Failed,
}

/// People who do not exist, planted in every format, which must be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Canaries {
    /// How many were planted.
    pub planted: u64,
    /// How many were found.
    pub found: u64,
}

/// The list that was looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// Its name, as its maker gave it.
    pub name: String,
    /// SHA-256 of its file.
    pub sha256: Sha256,
    /// The key it was made with.
    pub key_id: String,
    /// Entries by kind.
    pub entries: Count,
    /// Countries whose national notations it was made with, the preferred one
    /// first: `resolve` reads the people in the same way.
    pub regions: Vec<String>,
    /// The kinds that it defines itself, as its header does: `resolve` reads the
    /// people in the same way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<String>,
}

impl List {
    /// What a match on a kind of the list's own is worth; `None` if it is none.
    pub fn strength_of(&self, kind: &str) -> Option<Strength> {
        let mut own = self
            .kinds
            .iter()
            .filter_map(|line| Definition::parse(line).ok());
        own.find(|own| own.name == kind)?.strength
    }
}

/// What was examined, and what was not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    /// Artefacts: pages, files.
    pub artefacts: Artefacts,
    /// Bytes of artefacts, as they were fetched.
    pub bytes: Bytes,
    /// By reason; `bytes` of all of them and `bytes.examined` add up to
    /// `bytes.fetched`, but for `fetch-failed`, whose bytes never arrived.
    pub not_examined: Vec<NotExamined>,
    /// The limits that were met.
    pub limits_met: Vec<LimitCount>,
    /// What was opened, by format.
    pub by_format: BTreeMap<String, FormatCount>,
    /// Candidates that were looked up, by kind.
    pub candidates: Count,
    /// How many matches chance alone would give, by kind; kinds that chance cannot
    /// meet, or of which nobody can say, are not among them.
    #[serde(default)]
    pub chance: BTreeMap<String, Chance>,
    /// The sources, in the configuration's order.
    pub sources: Vec<Source>,
}

/// How many matches of one kind chance alone would give, if everything that was
/// compared were random: `candidates` times `entries` by `space`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Chance {
    /// Candidates in all that matches come from, in what is gone, too.
    pub candidates: u64,
    /// Texts of the same layout that did not pass the kind's check, where it has one.
    #[serde(default)]
    pub refused: u64,
    /// Listed entries.
    pub entries: u64,
    /// How many different identifiers there can be.
    pub space: f64,
    /// Matches to be expected, to four digits.
    pub expected: f64,
}

/// Artefacts in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Artefacts {
    /// All that were found in this run: the sum of the next three.
    pub found: u64,
    /// Fetched and examined in this run.
    pub examined: u64,
    /// As they were when an earlier run examined them.
    pub unchanged: u64,
    /// Not fetched, or not to the end.
    pub failed: u64,
    /// Examined by an earlier run and no longer there.
    pub gone: u64,
}

/// Bytes of the artefacts that are there now, whether this run or an earlier one
/// fetched them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bytes {
    /// Fetched.
    pub fetched: u64,
    /// Examined.
    pub examined: u64,
    /// Fetched in this run.
    pub fetched_now: u64,
}

/// What was not examined for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotExamined {
    /// Why.
    pub reason: Reason,
    /// How many things.
    pub count: u64,
    /// How many bytes of what was fetched; of a broken download, those missing.
    pub bytes: u64,
    /// Some of their places.
    pub examples: Vec<Origin>,
}

/// A limit that was met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitCount {
    /// Its name under `[limits]`.
    pub limit: String,
    /// How often.
    pub count: u64,
}

/// What was opened of one format.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormatCount {
    /// How many.
    pub count: u64,
    /// Bytes of text, before it was decoded; 0 for containers.
    pub bytes: u64,
}

/// One source in one run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Its name in the configuration.
    pub name: String,
    /// How it went.
    pub outcome: SourceOutcome,
    /// Artefacts found there.
    pub artefacts: u64,
    /// Why it was not read to its end; never content, never an address.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub error: Option<String>,
}

/// How it went with a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceOutcome {
    /// All of it was fetched.
    Complete,
    /// Something was not.
    Incomplete,
    /// It did not answer.
    Failed,
}

/// An entry of the list that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Match {
    /// The entry.
    pub fingerprint: Fingerprint,
    /// Its kind.
    pub kind: String,
    /// The closest way in which it was found.
    pub variant: Variant,
    /// What it is worth alone.
    pub strength: Strength,
    /// Why it is weak although its kind is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weak_because: Option<Weakness>,
    /// No earlier report of this job had it.
    pub new: bool,
    /// When a run of this job first found it.
    pub first_seen: Timestamp,
    /// When a run of this job last found it, or found its place unchanged.
    pub last_seen: Timestamp,
    /// How often it stands in everything that was examined.
    pub occurrences: u64,
    /// Where, up to the limit `exposures` for each artefact.
    pub exposures: Vec<Exposure>,
}

/// Why a match is worth less than its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Weakness {
    /// Too many of the matches of its kind may be chance; see [`Coverage::chance`].
    Chance,
    /// More people than a family have the identifier.
    Shared,
}

/// One place where an entry was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Exposure {
    /// The source's name in the configuration.
    pub source: String,
    /// The place, opaque.
    pub origin: Origin,
    /// What stands there.
    pub format: String,
    /// Number of the record, counted from 1.
    pub record: u64,
    /// What else the record held: kinds, data classes.
    pub exposed_with: Vec<String>,
    /// SHA-256 of the artefact.
    pub verdict_of: Sha256,
    /// The artefact is no longer there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub gone: bool,
}

/// The matches in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Entries found.
    pub matched: u64,
    /// Entries found for the first time.
    pub new: u64,
    /// Entries found, by kind.
    pub by_kind: Count,
    /// Entries found, by source; one that is in two counts twice.
    pub by_source: Count,
}
