//! Puts a report in its place: whole or not at all, once and not twice.
//!
//! The files are written and synced in a folder beside their place, under a name
//! made from the run's id. Then one transaction of the catalog notes what the
//! report names, and only then the folder gets its name. A process that is killed
//! between the two leaves a sealed run, which [`recover`] puts in its place.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Checker, Error, Job, now};
use crate::base::{Sha256, Whole};
use crate::catalog::{Reported, Run, State};
use crate::pipeline;
use crate::report::evidence::{self, Extent};
use crate::report::{self, Known, Rendering, Report, Standing};

/// Where a report goes.
#[derive(Debug, Clone, Copy)]
pub enum Destination<'a> {
    /// `FOLDER/<job>/<run id>/`, and `FOLDER/<job>/latest` points there.
    Job(&'a Path),
    /// Straight into this folder.
    Folder(&'a Path),
    /// `FOLDER/<list>/`: a folder for each of several lists, called by the name that
    /// its maker gave it, made safe; `list-N` by its place among the jobs where it has
    /// none.
    List(&'a Path),
}

/// A destination whose folder is settled.
#[derive(Debug)]
pub(super) struct Place {
    folder: PathBuf,
    /// Whether runs get a folder each.
    is_by_run: bool,
}

impl Place {
    /// The place of the list called `list`, which is the `number`th from 1; no other
    /// list has the same one if they share `taken`.
    pub(super) fn new(
        destination: Destination<'_>,
        job: &str,
        (list, number): (&str, usize),
        taken: &mut BTreeSet<String>,
    ) -> Self {
        let (folder, is_by_run) = match destination {
            Destination::Job(out) => (out.join(job), true),
            Destination::Folder(folder) => (folder.to_path_buf(), false),
            Destination::List(out) => (out.join(free_name(list, number, taken)), false),
        };
        Self { folder, is_by_run }
    }
}

/// A file's name made of a list's, and not yet taken.
fn free_name(list: &str, number: usize, taken: &mut BTreeSet<String>) -> String {
    let is_safe = |c: char| c.is_alphanumeric() || "._-".contains(c);
    let safe: String = list
        .chars()
        .map(|c| if is_safe(c) { c } else { '-' })
        .collect();
    let safe = match safe.trim_matches(['.', '-']) {
        "" => format!("list-{number}"),
        safe => safe.to_owned(),
    };
    let numbered = (2..).map(|number| format!("{safe}-{number}"));
    // Some file systems know no case.
    std::iter::once(safe.clone())
        .chain(numbered)
        .find(|name| taken.insert(name.to_lowercase()))
        .unwrap_or(safe)
}

fn staging(folder: &Path, run: &str) -> PathBuf {
    folder.join(format!(".{run}.part"))
}

/// The files of a report; `report.json` last, so that whoever waits for it finds
/// the others.
const FILES: [&str; 6] = [
    "evidence.pub",
    "evidence.jsonl",
    "evidence.sig",
    "matches.csv",
    "report.html",
    "report.json",
];

/// Puts a sealed run in its place whose process was killed before it could.
pub(super) fn recover(job: &Job<'_>, place: Option<&Place>) -> Result<(), Error> {
    let Some(destination) = place else {
        return Ok(());
    };
    let folder = &destination.folder;
    let failed = publish_error(folder);
    while let Some(run) = job.catalog.unfinished(job.name)? {
        if run.state != State::Sealed {
            return Ok(());
        }
        let staged = staging(folder, &run.id);
        let place = folder.join(&run.id);
        if staged.is_dir() {
            put(destination, &staged, &run.id).map_err(&failed)?;
        } else if !place.join("report.json").is_file() {
            // Somebody removed it: report again.
            job.catalog.unseal(&run.id)?;
            return Ok(());
        }
        point_to(destination, &run.id).map_err(&failed)?;
        job.catalog.finish(&run.id)?;
    }
    Ok(())
}

/// Writes the report's files, seals the run, and puts the files in their place.
pub(super) fn publish(
    (job, place): (&Job<'_>, Option<&Place>),
    checker: &Checker,
    run: &Run,
    report: &Report,
    lines: Vec<evidence::Artefact>,
) -> Result<Option<PathBuf>, Error> {
    let new: Vec<Reported> = report
        .matches
        .iter()
        .filter(|found| found.new)
        .map(|found| Reported {
            kind: found.kind.clone(),
            fingerprint: found.fingerprint.to_string(),
        })
        .collect();
    let Some(destination) = place else {
        job.catalog.seal(job.name, &run.id, &new, now())?;
        job.catalog.finish(&run.id)?;
        return Ok(None);
    };
    let folder = &destination.folder;
    let failed = publish_error(folder);
    let staged = staging(folder, &run.id);
    let written = fs::create_dir_all(folder)
        .and_then(|()| sweep_old_parts(folder))
        .and_then(|()| fs::create_dir(&staged))
        .and_then(|()| write_files(checker, run, report, lines, &staged));
    if let Err(error) = written {
        // Half a report helps nobody; the next run writes it again.
        let _ = fs::remove_dir_all(&staged);
        return Err(failed(error));
    }
    job.catalog.seal(job.name, &run.id, &new, now())?;
    let place = put(destination, &staged, &run.id).map_err(&failed)?;
    point_to(destination, &run.id).map_err(&failed)?;
    job.catalog.finish(&run.id)?;
    Ok(Some(place))
}

fn publish_error(folder: &Path) -> impl Fn(io::Error) -> Error {
    let folder = folder.display().to_string();
    move |source| Error::Publish {
        folder: folder.clone(),
        source,
    }
}

/// Removes what a killed process left half-written.
fn sweep_old_parts(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with('.') && name.ends_with(".part") && entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

fn write_files(
    checker: &Checker,
    run: &Run,
    report: &Report,
    lines: Vec<evidence::Artefact>,
    staged: &Path,
) -> io::Result<()> {
    write(staged, "report.json", &mut |out| {
        report::write_json(report, out)
    })?;
    for (name, rendering) in [
        ("matches.csv", Rendering::Csv),
        ("report.html", Rendering::Html),
    ] {
        write(staged, name, &mut |out| {
            report::render(report, rendering, out).map_err(io::Error::other)
        })?;
    }
    let mut lines = Some(lines);
    write(staged, evidence::LINES, &mut |out| {
        evidence::write(&run.id, lines.take().unwrap_or_default(), out).map(drop)
    })?;
    evidence::seal(staged, &run.id, &checker.signer()).map_err(io::Error::other)?;
    File::open(staged)?.sync_all()
}

fn write(
    folder: &Path,
    name: &str,
    content: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut out = Whole::create(&folder.join(name))?;
    content(&mut out)?;
    out.finish()
}

/// The line of evidence for an artefact, if the run has seen it.
pub(super) fn line(known: &Known<'_>) -> Option<evidence::Artefact> {
    if matches!(
        known.standing,
        Standing::Gone | Standing::Past | Standing::NotSeen
    ) {
        return None;
    }
    // Of what did not come there are no bytes: the line says so.
    let came = known.verdict.filter(|_| !known.is_stale);
    Some(evidence::Artefact {
        origin: known.origin,
        source: known.source.to_owned(),
        fetched_at: known.fetched,
        status: known.status,
        length: came.map_or(0, |verdict| verdict.length),
        sha256: came.map_or_else(|| Sha256::of(b""), |verdict| verdict.sha256),
        read: match came.map(pipeline::Verdict::extent) {
            Some(pipeline::Extent::Whole) if known.missing.is_none() => Extent::Whole,
            Some(pipeline::Extent::Whole | pipeline::Extent::Partly) => Extent::Partly,
            Some(pipeline::Extent::Not) | None => Extent::Not,
        },
    })
}

/// Gives the staged files their names.
fn put(destination: &Place, staged: &Path, run: &str) -> io::Result<PathBuf> {
    let folder = &destination.folder;
    if destination.is_by_run {
        let place = folder.join(run);
        fs::rename(staged, &place)?;
        File::open(folder)?.sync_all()?;
        return Ok(place);
    }
    for name in FILES {
        let from = staged.join(name);
        // A process that was killed here has renamed the first ones.
        if from.exists() {
            fs::rename(from, folder.join(name))?;
        }
    }
    fs::remove_dir(staged)?;
    File::open(folder)?.sync_all()?;
    Ok(folder.clone())
}

/// Lets `latest` point to the newest finished run.
fn point_to(destination: &Place, run: &str) -> io::Result<()> {
    if !destination.is_by_run {
        return Ok(());
    }
    let folder = &destination.folder;
    let link = folder.join(format!(".latest.{run}"));
    let _ = fs::remove_file(&link);
    std::os::unix::fs::symlink(run, &link)?;
    fs::rename(&link, folder.join("latest")).map_err(|error| {
        let _ = fs::remove_file(&link);
        io::Error::new(
            error.kind(),
            format!("`latest` there cannot be replaced: {error}"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_has_a_folder_of_its_own_and_none_outside() {
        let mut taken = BTreeSet::new();
        let mut names = Vec::new();
        let lists = [
            "patients",
            "",
            "../../etc",
            "Patients",
            "a/b c",
            "..",
            "a-b-c",
            "äö",
        ];
        for (number, list) in (1..).zip(lists) {
            names.push(free_name(list, number, &mut taken));
        }
        assert_eq!(
            names,
            [
                "patients",
                "list-2",
                "etc",
                "Patients-2",
                "a-b-c",
                "list-6",
                "a-b-c-2",
                "äö"
            ]
        );
    }
}
