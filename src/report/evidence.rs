//! What was examined, line by line, so that it can be shown to a court.
//!
//! `evidence.jsonl` has one line for each artefact, and each line holds the
//! SHA-256 of the line before it: none can be changed, dropped or moved without
//! breaking the chain. `evidence.sig` signs the file in minisign's format. Its
//! trusted comment, which is signed too, names the run, the number of lines and
//! the SHA-256 of `report.json`, `matches.csv` and `report.html`:
//!
//! ```text
//! run:<id> report:<sha256> matches:<sha256> html:<sha256> lines:<n>
//! ```
//!
//! `evidence.pub` lies beside it for convenience. It proves nothing by itself:
//! whoever changes the folder can put another key there.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::minisign::{Fault, Hash, PublicKey, Signature, Signer};
use crate::base::{Hasher, Origin, Sha256, Whole};

/// The lines.
pub const LINES: &str = "evidence.jsonl";
/// Their signature.
pub const SIGNATURE: &str = "evidence.sig";
/// The key that it was made with.
pub const PUBLIC_KEY: &str = "evidence.pub";
const REPORT: &str = "report.json";
const MATCHES: &str = "matches.csv";
const HTML: &str = "report.html";

/// What stands before the first line.
const NOTHING: Sha256 = Sha256([0; 32]);
/// A line has about 500 bytes; the source's name is all that can make it longer.
const LINE_BYTES: u64 = 64 << 10;
/// A signature or a key has less than 9 kB, the comment included.
const SMALL_FILE_BYTES: u64 = 16 << 10;

/// How far an artefact was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Extent {
    /// All of it.
    Whole,
    /// Some of it; the report says what was not, and why.
    Partly,
    /// Nothing of it.
    Not,
}

/// One thing that was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artefact {
    /// Its place, opaque.
    pub origin: Origin,
    /// The source's name in the configuration.
    pub source: String,
    /// When.
    pub fetched_at: Timestamp,
    /// The HTTP status; none for a local file.
    pub status: Option<u16>,
    /// Bytes that arrived.
    pub length: u64,
    /// SHA-256 of these bytes.
    pub sha256: Sha256,
    /// How far they were read.
    pub read: Extent,
}

/// One line of `evidence.jsonl`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The run's id.
    pub run: String,
    /// Its number, counted from 1.
    pub sequence: u64,
    /// As [`Artefact::origin`].
    pub origin: Origin,
    /// As [`Artefact::source`].
    pub source: String,
    /// As [`Artefact::fetched_at`].
    pub fetched_at: Timestamp,
    /// As [`Artefact::status`].
    pub status: Option<u16>,
    /// As [`Artefact::length`].
    pub length: u64,
    /// As [`Artefact::sha256`].
    pub sha256: Sha256,
    /// As [`Artefact::read`].
    pub read: Extent,
    /// SHA-256 of the line before, without its line feed; 64 zeros for the first.
    pub previous: Sha256,
}

/// Writes a chained line for each of `artefacts`; how many.
///
/// # Errors
///
/// Those of `out`, and `InvalidInput` for a line longer than 64 KiB.
pub fn write(
    run: &str,
    artefacts: impl IntoIterator<Item = Artefact>,
    out: &mut dyn Write,
) -> io::Result<u64> {
    let mut previous = NOTHING;
    let mut sequence = 0;
    for artefact in artefacts {
        sequence += 1;
        let line = serde_json::to_vec(&Line {
            run: run.to_owned(),
            sequence,
            origin: artefact.origin,
            source: artefact.source,
            fetched_at: artefact.fetched_at,
            status: artefact.status,
            length: artefact.length,
            sha256: artefact.sha256,
            read: artefact.read,
            previous,
        })?;
        if line.len() as u64 >= LINE_BYTES {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "a line of evidence is too long",
            ));
        }
        previous = Sha256::of(&line);
        out.write_all(&line)?;
        out.write_all(b"\n")?;
    }
    Ok(sequence)
}

/// Signs the evidence in `folder`, where `evidence.jsonl`, `report.json`,
/// `matches.csv` and `report.html` of the run `run` lie: writes `evidence.sig` and `evidence.pub`.
///
/// # Errors
///
/// [`Error::Io`]; [`Error::Statement`] when there is a blank in the run's id.
pub fn seal(folder: &Path, run: &str, signer: &Signer) -> Result<(), Error> {
    let statement = Statement {
        run: run.to_owned(),
        report: digest(folder, REPORT)?,
        matches: digest(folder, MATCHES)?,
        html: digest(folder, HTML)?,
        lines: count_lines(folder)?,
    };
    let comment = statement.to_string();
    if Statement::parse(&comment).as_ref() != Some(&statement) {
        return Err(Error::Statement);
    }
    let mut lines = open(folder, LINES)?;
    let signature = signer
        .sign(&mut lines, &comment)
        .map_err(|source| Error::Io {
            file: LINES,
            source,
        })?;
    put(folder, SIGNATURE, &signature)?;
    put(folder, PUBLIC_KEY, &signer.public_key().to_string())
}

/// What [`verify`] found to be true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The run's id.
    pub run: String,
    /// How many artefacts.
    pub lines: u64,
    /// Their bytes.
    pub bytes: u64,
    /// How many were read whole.
    pub whole: u64,
    /// How many were read in part.
    pub partly: u64,
    /// How many were not read.
    pub not: u64,
    /// The number of the key that signed, as minisign shows it.
    pub key_id: String,
    /// The key was given by the caller, not taken from the folder.
    pub key_is_trusted: bool,
}

/// Checks the evidence in `folder`: who signed, that no line was changed, dropped,
/// added or moved, and that `report.json`, `matches.csv` and `report.html` belong
/// to it.
///
/// `trusted` is the text of the checker's public key, got by another way than the
/// folder; without it the key in the folder is taken, which shows only that all
/// was signed together.
///
/// # Errors
///
/// The first thing that is wrong, with the line.
pub fn verify(folder: &Path, trusted: Option<&str>) -> Result<Verified, Error> {
    let key = match trusted {
        Some(key) => key.to_owned(),
        None => small(folder, PUBLIC_KEY)?,
    };
    let key = PublicKey::parse(&key).map_err(Error::Signature)?;
    let signature = Signature::parse(&small(folder, SIGNATURE)?).map_err(Error::Signature)?;
    key.check_comment(&signature).map_err(Error::Signature)?;
    let statement = Statement::parse(signature.trusted_comment()).ok_or(Error::Statement)?;

    let mut verified = Verified {
        run: statement.run.clone(),
        lines: 0,
        bytes: 0,
        whole: 0,
        partly: 0,
        not: 0,
        key_id: key.id(),
        key_is_trusted: trusted.is_some(),
    };
    let hash = walk(folder, &mut verified)?;
    if verified.lines != statement.lines {
        return Err(Error::Count {
            signed: statement.lines,
            found: verified.lines,
        });
    }
    key.check_file(&signature, &hash)
        .map_err(Error::Signature)?;
    check_report(folder, &statement)?;
    Ok(verified)
}

/// Follows the chain, so that an error can name the line; the signature comes after.
fn walk(folder: &Path, verified: &mut Verified) -> Result<Hash, Error> {
    let failed = |source| Error::Io {
        file: LINES,
        source,
    };
    let mut input = BufReader::with_capacity(1 << 16, open(folder, LINES)?);
    let mut hash = Hash::default();
    let mut previous = NOTHING;
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let read = (&mut input).take(LINE_BYTES).read_until(b'\n', &mut bytes);
        if read.map_err(failed)? == 0 {
            return Ok(hash);
        }
        hash.write_all(&bytes).map_err(failed)?;
        let number = verified.lines + 1;
        let fault = |fault| Error::Line {
            line: number,
            fault,
        };
        let text = bytes.strip_suffix(b"\n").ok_or(fault(LineFault::Broken))?;
        let line: Line = serde_json::from_slice(text).map_err(|_| fault(LineFault::Broken))?;
        if line.run != verified.run {
            return Err(fault(LineFault::OtherRun));
        }
        if line.sequence != number {
            return Err(fault(LineFault::Sequence {
                found: line.sequence,
            }));
        }
        if line.previous != previous {
            return Err(fault(LineFault::Chain));
        }
        previous = Sha256::of(text);
        verified.lines = number;
        verified.bytes = verified.bytes.saturating_add(line.length);
        match line.read {
            Extent::Whole => verified.whole += 1,
            Extent::Partly => verified.partly += 1,
            Extent::Not => verified.not += 1,
        }
    }
}

fn check_report(folder: &Path, statement: &Statement) -> Result<(), Error> {
    for (file, signed) in [
        (REPORT, statement.report),
        (MATCHES, statement.matches),
        (HTML, statement.html),
    ] {
        if digest(folder, file)? != signed {
            return Err(Error::Changed { file });
        }
    }
    let report = super::read(&folder.join(REPORT)).map_err(Error::Report)?;
    if report.run.id == statement.run {
        Ok(())
    } else {
        Err(Error::OtherRun)
    }
}

/// What the trusted comment states.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Statement {
    run: String,
    report: Sha256,
    matches: Sha256,
    html: Sha256,
    lines: u64,
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "run:{} report:{} matches:{} html:{} lines:{}",
            self.run, self.report, self.matches, self.html, self.lines
        )
    }
}

impl Statement {
    fn parse(comment: &str) -> Option<Self> {
        let mut fields = comment.split(' ');
        let mut field = |name: &str| fields.next()?.strip_prefix(name)?.strip_prefix(':');
        let statement = Self {
            run: field("run")?.to_owned(),
            report: Sha256::try_from(field("report")?.to_owned()).ok()?,
            matches: Sha256::try_from(field("matches")?.to_owned()).ok()?,
            html: Sha256::try_from(field("html")?.to_owned()).ok()?,
            lines: field("lines")?.parse().ok()?,
        };
        // Whatever is written in another way was not written by `seal`.
        (statement.to_string() == comment).then_some(statement)
    }
}

fn open(folder: &Path, file: &'static str) -> Result<File, Error> {
    File::open(folder.join(file)).map_err(|source| Error::Io { file, source })
}

fn small(folder: &Path, file: &'static str) -> Result<String, Error> {
    let mut text = String::new();
    open(folder, file)?
        .take(SMALL_FILE_BYTES)
        .read_to_string(&mut text)
        .map_err(|source| Error::Io { file, source })?;
    Ok(text)
}

fn put(folder: &Path, file: &'static str, text: &str) -> Result<(), Error> {
    let written = Whole::create(&folder.join(file)).and_then(|mut out| {
        out.write_all(text.as_bytes())?;
        out.finish()
    });
    written.map_err(|source| Error::Io { file, source })
}

fn digest(folder: &Path, file: &'static str) -> Result<Sha256, Error> {
    let mut hasher = Hasher::default();
    each_part(folder, file, |part| hasher.update(part))?;
    Ok(hasher.finish())
}

fn count_lines(folder: &Path) -> Result<u64, Error> {
    let mut lines = 0;
    each_part(folder, LINES, |part| {
        for byte in part {
            lines += u64::from(*byte == b'\n');
        }
    })?;
    Ok(lines)
}

fn each_part(folder: &Path, file: &'static str, mut each: impl FnMut(&[u8])) -> Result<(), Error> {
    let failed = |source| Error::Io { file, source };
    let mut input = BufReader::with_capacity(1 << 16, open(folder, file)?);
    loop {
        let part = input.fill_buf().map_err(failed)?;
        if part.is_empty() {
            return Ok(());
        }
        each(part);
        let length = part.len();
        input.consume(length);
    }
}

/// What is wrong with evidence.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file could not be read or written.
    #[error("{file} could not be read or written")]
    Io {
        /// Its name in the folder.
        file: &'static str,
        /// Why.
        source: io::Error,
    },
    /// The signature does not fit.
    #[error("evidence.sig does not fit")]
    Signature(#[source] Fault),
    /// The signature is good, but not one of evidence.
    #[error("the trusted comment of evidence.sig is not that of a run")]
    Statement,
    /// A line is not what it was.
    #[error("line {line} of evidence.jsonl {fault}")]
    Line {
        /// Its number, counted from 1.
        line: u64,
        /// What is wrong with it.
        fault: LineFault,
    },
    /// Lines are missing at the end, or were added there.
    #[error("evidence.jsonl has {found} lines where {signed} were signed")]
    Count {
        /// As many were signed.
        signed: u64,
        /// As many are there.
        found: u64,
    },
    /// A file is not the one that was signed.
    #[error("{file} is not the file that was signed")]
    Changed {
        /// Its name in the folder.
        file: &'static str,
    },
    /// The report is the one that was signed, but cannot be read.
    #[error("report.json cannot be read")]
    Report(#[source] super::Error),
    /// The report is that of another run.
    #[error("report.json and evidence.jsonl are of two different runs")]
    OtherRun,
}

impl Error {
    /// What the user can do about it.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Io { .. } => {
                "give the folder of one run, with report.json, report.html, matches.csv, \
                 evidence.jsonl, evidence.sig and evidence.pub in it"
            }
            Self::Signature(Fault::Key) => {
                "give the checker's public key as it is: the file evidence.pub or its second line"
            }
            Self::Signature(Fault::OtherKey) => {
                "ask the checker which key signs; if it is this one, do not rely on the folder"
            }
            Self::Report(error) => error.advice(),
            Self::Statement | Self::Signature(Fault::Format) => {
                "check that evidence.sig was copied whole and belongs to a run of blindsift"
            }
            Self::Signature(_)
            | Self::Line { .. }
            | Self::Count { .. }
            | Self::Changed { .. }
            | Self::OtherRun => {
                "do not rely on the folder; get it again from the checker, who has the original"
            }
        }
    }
}

/// What is wrong with one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LineFault {
    /// It is no line of evidence, or it is cut off.
    #[error("is no line of evidence, or it is cut off")]
    Broken,
    /// It is of another run.
    #[error("is of another run than the signature")]
    OtherRun,
    /// It does not have the next number.
    #[error("has the number {found}: lines were dropped, added or moved")]
    Sequence {
        /// Its number.
        found: u64,
    },
    /// It does not continue the line before it.
    #[error("does not continue the line before it, which was changed or replaced")]
    Chain,
}

#[cfg(test)]
mod tests;
