//! Puts a report in its place: whole or not at all, once and not twice.
//!
//! The files are written and synced in a folder beside their place, under a name
//! made from the run's id. Then one transaction of the catalog notes what the
//! report names, and only then the folder gets its name. A process that is killed
//! between the two leaves a sealed run, which [`recover`] puts in its place.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Error, Request, now, past};
use crate::base::{Sha256, Whole};
use crate::catalog::{Reported, Run, State};
use crate::pipeline;
use crate::report::evidence::{self, Extent};
use crate::report::{self, Rendering, Report, Standing};

/// Where a report goes.
#[derive(Debug, Clone, Copy)]
pub enum Destination<'a> {
    /// `FOLDER/<job>/<run id>/`, and `FOLDER/<job>/latest` points there.
    Job(&'a Path),
    /// Straight into this folder.
    Folder(&'a Path),
}

impl Destination<'_> {
    fn folder(&self, job: &str) -> PathBuf {
        match self {
            Self::Job(out) => out.join(job),
            Self::Folder(folder) => folder.to_path_buf(),
        }
    }
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
pub(super) fn recover(request: &Request<'_>) -> Result<(), Error> {
    let Some(destination) = request.destination else {
        return Ok(());
    };
    let folder = destination.folder(request.job);
    let failed = publish_error(&folder);
    while let Some(run) = request.catalog.unfinished(request.job)? {
        if run.state != State::Sealed {
            return Ok(());
        }
        let staged = staging(&folder, &run.id);
        let place = folder.join(&run.id);
        if staged.is_dir() {
            put(destination, &folder, &staged, &run.id).map_err(&failed)?;
        } else if !place.join("report.json").is_file() {
            // Somebody removed it: report again.
            request.catalog.unseal(&run.id)?;
            return Ok(());
        }
        point_to(destination, &folder, &run.id).map_err(&failed)?;
        request.catalog.finish(&run.id)?;
    }
    Ok(())
}

/// Writes the report's files, seals the run, and puts the files in their place.
pub(super) fn publish(
    request: &Request<'_>,
    run: &Run,
    report: &Report,
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
    let Some(destination) = request.destination else {
        request.catalog.seal(request.job, &run.id, &new, now())?;
        request.catalog.finish(&run.id)?;
        return Ok(None);
    };
    let folder = destination.folder(request.job);
    let failed = publish_error(&folder);
    let staged = staging(&folder, &run.id);
    let lines = lines(request, run)?;
    let written = fs::create_dir_all(&folder)
        .and_then(|()| sweep_old_parts(&folder))
        .and_then(|()| fs::create_dir(&staged))
        .and_then(|()| write_files(request, run, report, lines, &staged));
    if let Err(error) = written {
        // Half a report helps nobody; the next run writes it again.
        let _ = fs::remove_dir_all(&staged);
        return Err(failed(error));
    }
    request.catalog.seal(request.job, &run.id, &new, now())?;
    let place = put(destination, &folder, &staged, &run.id).map_err(&failed)?;
    point_to(destination, &folder, &run.id).map_err(&failed)?;
    request.catalog.finish(&run.id)?;
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
    request: &Request<'_>,
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
    evidence::seal(staged, &run.id, &request.checker.signer()).map_err(io::Error::other)?;
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

/// One line for every artefact of the run, in the order of sources and places.
fn lines(request: &Request<'_>, run: &Run) -> Result<Vec<evidence::Artefact>, Error> {
    let mut lines = Vec::new();
    past::known(request, run, &mut |known| {
        if matches!(
            known.standing,
            Standing::Gone | Standing::Past | Standing::NotSeen
        ) {
            return;
        }
        // Of what did not come there are no bytes: the line says so.
        let came = known.verdict.filter(|_| !known.is_stale);
        lines.push(evidence::Artefact {
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
        });
    })?;
    Ok(lines)
}

/// Gives the staged files their names.
fn put(
    destination: Destination<'_>,
    folder: &Path,
    staged: &Path,
    run: &str,
) -> io::Result<PathBuf> {
    match destination {
        Destination::Job(_) => {
            let place = folder.join(run);
            fs::rename(staged, &place)?;
            File::open(folder)?.sync_all()?;
            Ok(place)
        }
        Destination::Folder(_) => {
            for name in FILES {
                let from = staged.join(name);
                // A process that was killed here has renamed the first ones.
                if from.exists() {
                    fs::rename(from, folder.join(name))?;
                }
            }
            fs::remove_dir(staged)?;
            File::open(folder)?.sync_all()?;
            Ok(folder.to_owned())
        }
    }
}

/// Lets `latest` point to the newest finished run.
fn point_to(destination: Destination<'_>, folder: &Path, run: &str) -> io::Result<()> {
    let Destination::Job(_) = destination else {
        return Ok(());
    };
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
