//! A local file or folder as a source.
//!
//! | in  | a path                                                            |
//! |-----|-------------------------------------------------------------------|
//! | out | every file in it, in the byte order of names, opened for reading  |
//! | not | symbolic links, devices, pipes: reported, never followed          |

use std::ffi::OsString;
use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Artefact, Event, Failure, Shared, Validator};
use crate::base::{Limit, Reason};

/// Folders inside each other; each holds the list of its names while it is walked.
const DEEPEST: usize = 512;

struct Walk {
    source: usize,
    name: String,
    shared: Arc<Shared>,
    root: PathBuf,
    /// Places met so far, against `limits.links`.
    places: u64,
    over_limit: u64,
    too_deep: u64,
    not_files: u64,
    interrupted: u64,
}

/// The crawl was dropped: nobody listens.
struct Gone;

/// Walks `root` and reports all of it. Blocks.
pub(super) fn walk(source: usize, name: String, root: PathBuf, shared: Arc<Shared>) {
    let mut walk = Walk {
        source,
        name,
        shared,
        root,
        places: 0,
        over_limit: 0,
        too_deep: 0,
        not_files: 0,
        interrupted: 0,
    };
    if let Ok(failure) = walk.all() {
        let _ = walk.summary(failure);
    }
}

impl Walk {
    fn all(&mut self) -> Result<Option<Failure>, Gone> {
        let root = self.root.clone();
        // The configured path itself may be a link: somebody chose it.
        let metadata = match fs::metadata(&root) {
            Ok(metadata) => metadata,
            Err(error) => return self.root_failed(&error),
        };
        if metadata.is_file() {
            let name = root.file_name().unwrap_or_default().as_bytes().to_vec();
            self.file(&root, &name, &metadata)?;
        } else if metadata.is_dir() {
            match names(&root) {
                Ok(names) => self.tree(names)?,
                Err(error) => return self.root_failed(&error),
            }
        } else {
            self.not_files += 1;
        }
        Ok(None)
    }

    /// All that is below the root, without recursion: depth is the leak's choice.
    fn tree(&mut self, names: Vec<OsString>) -> Result<(), Gone> {
        let mut folder = PathBuf::new();
        let mut levels = vec![names.into_iter()];
        while let Some(level) = levels.last_mut() {
            let Some(name) = level.next() else {
                levels.pop();
                folder.pop();
                continue;
            };
            if self.shared.stop.is_asked() {
                self.interrupted += 1;
                continue;
            }
            self.places += 1;
            if self.places > self.shared.limits.links {
                self.over_limit += 1;
                continue;
            }
            let relative = folder.join(name);
            let path = self.root.join(&relative);
            match fs::symlink_metadata(&path) {
                Err(error) => self.failed(relative.as_os_str().as_bytes(), &error, None)?,
                Ok(metadata) if metadata.is_file() => {
                    self.file(&path, relative.as_os_str().as_bytes(), &metadata)?;
                }
                Ok(metadata) if metadata.is_dir() && levels.len() >= DEEPEST => self.too_deep += 1,
                Ok(metadata) if metadata.is_dir() => match names_of(&path, &metadata) {
                    Ok(names) => {
                        levels.push(names.into_iter());
                        folder = relative;
                    }
                    Err(error) => self.failed(relative.as_os_str().as_bytes(), &error, None)?,
                },
                Ok(_) => self.not_files += 1,
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &Path, relative: &[u8], metadata: &Metadata) -> Result<(), Gone> {
        let origin = self.shared.origins.place(&self.name, relative);
        let validator = Validator {
            modified: Some(
                i128::from(metadata.mtime()) * 1_000_000_000 + i128::from(metadata.mtime_nsec()),
            ),
            length: Some(metadata.len()),
            ..Validator::default()
        };
        let known = self.shared.memory.recall(&self.name, origin);
        if known.is_some_and(|known| known.examined && known.validator == validator) {
            return self.send(Event::Unchanged {
                source: self.source,
                origin,
            });
        }
        let stop = self.shared.stop.clone();
        let artefact = open_same(path, metadata)
            .and_then(|file| Artefact::local(self.source, origin, file, validator, stop));
        match artefact {
            Ok(artefact) => self.send(Event::Artefact(artefact)),
            Err(error) => self.failed(relative, &error, Some(metadata.len())),
        }
    }

    fn failed(
        &self,
        relative: &[u8],
        error: &io::Error,
        known_length: Option<u64>,
    ) -> Result<(), Gone> {
        self.send(Event::Failed {
            source: self.source,
            origin: self.shared.origins.place(&self.name, relative),
            failure: Failure::LocalIo(error.kind()),
            known_length,
            status: None,
        })
    }

    fn root_failed(&self, error: &io::Error) -> Result<Option<Failure>, Gone> {
        self.failed(b"", error, None)?;
        Ok(Some(Failure::LocalIo(error.kind())))
    }

    fn summary(&self, failure: Option<Failure>) -> Result<(), Gone> {
        for (count, limit) in [
            (self.over_limit, Limit::Links),
            (self.too_deep, Limit::LinkDepth),
        ] {
            if count > 0 {
                self.send(Event::LimitMet {
                    source: self.source,
                    limit,
                })?;
            }
        }
        for (count, reason) in [
            (self.over_limit, Reason::LimitMembers),
            (self.too_deep, Reason::LimitDepth),
            (self.not_files, Reason::NotAFile),
            (self.interrupted, Reason::Interrupted),
        ] {
            if count > 0 {
                self.send(Event::Skipped {
                    source: self.source,
                    origin: None,
                    reason,
                    count,
                })?;
            }
        }
        self.send(Event::Done {
            source: self.source,
            failure,
        })
    }

    fn send(&self, event: Event) -> Result<(), Gone> {
        self.shared.events.blocking_send(event).map_err(|_| Gone)
    }
}

/// The names in a folder, in byte order.
fn names(folder: &Path) -> io::Result<Vec<OsString>> {
    let mut names = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.file_name()))
        .collect::<io::Result<Vec<_>>>()?;
    names.sort_unstable();
    Ok(names)
}

/// The names in the folder that `seen` describes and in no other.
fn names_of(folder: &Path, seen: &Metadata) -> io::Result<Vec<OsString>> {
    // Somebody may have put a link in its place since it was looked at.
    let now = fs::symlink_metadata(folder)?;
    if (now.dev(), now.ino()) != (seen.dev(), seen.ino()) {
        return Err(io::ErrorKind::NotFound.into());
    }
    names(folder)
}

/// Opens the file that `seen` describes and no other.
fn open_same(path: &Path, seen: &Metadata) -> io::Result<File> {
    let file = File::open(path)?;
    let now = file.metadata()?;
    if (now.dev(), now.ino()) != (seen.dev(), seen.ino()) {
        return Err(io::ErrorKind::NotFound.into());
    }
    Ok(file)
}
