//! Opens a list for a run: checked, and made for looking up.
//!
//! A small list is read anew each time, which takes less than a tenth of a second,
//! and leaves no file. Of a large one an index is kept; without a folder for it,
//! the index goes to a file without a name, and without that to memory.

use std::env;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::compiled::{Compiler, Resident};
use super::header::Head;
use super::lines::Lines;
use super::pages::{Out, Pages};
use super::shelf::{SETTLED, Seen, Shelf};
use super::{Error, Index, Watchlist};
use crate::base::Kind;
use crate::fingerprint::kinds;

/// A list of more bytes gets an index that is kept: some 800,000 entries.
const SMALL_BYTES: u64 = 32 << 20;
/// An index of more bytes stays in its file: some 3 million entries.
const IN_MEMORY_BYTES: u64 = 64 << 20;
/// Bytes that an entry has at least: a letter, a space, 32 digits, a line feed.
const ENTRY_BYTES: u64 = 35;
/// Entries for which a filter is made when a list comes through a pipe, at most;
/// with more, it lets more strangers pass.
const PIPED: u64 = 1 << 28;

impl Index {
    /// Reads the list at `path` and checks all of it, or finds the index in `folder`
    /// that was made when it was checked before.
    ///
    /// `making` is told how many entries there are when an index is made that takes
    /// time: some 20 seconds for 100 million. The folder's files are this program's;
    /// the folder may be emptied at any time.
    ///
    /// # Errors
    ///
    /// Those of [`Watchlist::read`]. What is wrong with the folder or an index in it
    /// is no error: another is made, elsewhere if need be.
    pub fn open(
        path: &Path,
        folder: Option<&Path>,
        making: &dyn Fn(u64),
    ) -> Result<(Watchlist, Self), Error> {
        Self::open_with(path, folder, making, kinds::ALL)
    }

    /// The same with other kinds than the registry's.
    pub(crate) fn open_with(
        path: &Path,
        folder: Option<&Path>,
        making: &dyn Fn(u64),
        registry: &[&'static Kind],
    ) -> Result<(Watchlist, Self), Error> {
        let opening = Opening {
            path,
            folder,
            making,
            registry,
            small: SMALL_BYTES,
            in_memory: IN_MEMORY_BYTES,
            settled: SETTLED,
        };
        opening.open()
    }
}

struct Opening<'a> {
    path: &'a Path,
    folder: Option<&'a Path>,
    making: &'a dyn Fn(u64),
    registry: &'a [&'static Kind],
    small: u64,
    in_memory: u64,
    settled: Duration,
}

impl Opening<'_> {
    fn open(&self) -> Result<(Watchlist, Index), Error> {
        let file = File::open(self.path).map_err(Error::Read)?;
        let metadata = file.metadata().map_err(Error::Read)?;
        if !metadata.is_file() {
            return self.in_memory(&file, PIPED);
        }
        let most = metadata.len() / ENTRY_BYTES;
        if metadata.len() <= self.small {
            return self.in_memory(&file, most);
        }
        if let Some(folder) = self.folder
            && let Ok(shelf) = Shelf::open(folder, self.settled)
            && let Ok(seen) = Seen::now(self.path, &file)
        {
            if let Some(found) = self.find(&file, &shelf, &seen) {
                return Ok(found);
            }
            match self.keep(&file, most, &shelf, &seen) {
                Err(Error::Index(_)) => {}
                made => return made,
            }
        }
        match self.nameless(&file, most) {
            Err(Error::Index(_)) => self.in_memory(&file, most),
            made => made,
        }
    }

    /// The index on the shelf, if it is there and sound.
    fn find(&self, text: &File, folder: &Shelf<'_>, seen: &Seen) -> Option<(Watchlist, Index)> {
        let digest = folder.digest_of(seen)?;
        let (file, place) = folder.index(digest)?;
        let pages = Pages::open(file, self.in_memory).ok()?;
        let head = Head::read(&mut Lines::new(text)).ok()?;
        let registry = [self.registry, &head.own].concat();
        let resident = Resident::read(&pages, digest, &registry).ok()?;
        if head.entries != resident.entries.total() {
            return None;
        }
        let list = Watchlist::new(head, digest, resident.entries.clone());
        Some((list, Index::new(resident, pages, Some(place))))
    }

    /// Makes an index and puts it on the shelf.
    fn keep(
        &self,
        text: &File,
        most: u64,
        folder: &Shelf<'_>,
        seen: &Seen,
    ) -> Result<(Watchlist, Index), Error> {
        let out = Out::Whole(folder.begin(seen).map_err(Error::Index)?);
        let (read, resident, out) = self.compile(text, most, out, self.making)?;
        let opened = || -> io::Result<(Pages, Option<PathBuf>)> {
            let Out::Whole(index) = out else {
                return Err(io::ErrorKind::Unsupported.into());
            };
            folder.finish(index, seen, &Seen::now(self.path, text)?, read.sha256)?;
            let (file, place) = folder
                .index(read.sha256)
                .ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
            Ok((Pages::open(file, self.in_memory)?, Some(place)))
        };
        let (pages, place) = opened().map_err(Error::Index)?;
        Ok((read, Index::new(resident, pages, place)))
    }

    /// Makes an index in a file that is gone when the process ends.
    fn nameless(&self, text: &File, most: u64) -> Result<(Watchlist, Index), Error> {
        let file = nameless_file().map_err(Error::Index)?;
        let kept = file.try_clone().map_err(Error::Index)?;
        let out = Out::Nameless(io::BufWriter::with_capacity(1 << 18, file));
        let (read, resident, _) = self.compile(text, most, out, self.making)?;
        let pages = Pages::open(kept, self.in_memory).map_err(Error::Index)?;
        Ok((read, Index::new(resident, pages, None)))
    }

    fn in_memory(&self, text: &File, most: u64) -> Result<(Watchlist, Index), Error> {
        let out = Out::Memory(Vec::new());
        let (read, resident, out) = self.compile(text, most, out, &|_| ())?;
        let Out::Memory(pages) = out else {
            return Err(Error::Index(io::ErrorKind::Unsupported.into()));
        };
        let pages = Pages::Memory(pages);
        Ok((read, Index::new(resident, pages, None)))
    }

    fn compile(
        &self,
        mut text: &File,
        most: u64,
        out: Out,
        making: &dyn Fn(u64),
    ) -> Result<(Watchlist, Resident, Out), Error> {
        // What comes through a pipe is at its beginning, and cannot be sent there.
        let _ = text.rewind();
        let (read, compiler) = Watchlist::parse(text, self.registry, |head| {
            making(head.entries);
            Compiler::new(head, most, out).map_err(Error::Index)
        })?;
        let finished = compiler.finish(read.entries.clone(), read.sha256);
        let (resident, out) = finished.map_err(Error::Index)?;
        Ok((read, resident, out))
    }
}

/// A new file, its name already gone.
fn nameless_file() -> io::Result<File> {
    let mut tail = [0; 8];
    getrandom::fill(&mut tail).map_err(|_| io::Error::from(io::ErrorKind::Other))?;
    let name = format!("blindsift-{}.idx", crate::base::hex::encode(&tail));
    let place = env::temp_dir().join(name);
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&place)?;
    fs::remove_file(&place)?;
    Ok(file)
}

#[cfg(test)]
#[path = "open_tests.rs"]
mod tests;
