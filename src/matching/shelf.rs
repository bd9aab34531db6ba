//! The folder of indexes: one file a large list, made once.
//!
//! An index is named by its list's SHA-256: `<64 digits>.idx`. Reading gigabytes to
//! learn that digest would take seconds, so a note beside it, `<32 digits>.seen`,
//! named by the list's path, says what the file looked like when it was hashed: its
//! size, inode, and times of change. A note is believed only if all of it still
//! holds and the list had lain unchanged for a while when it was hashed.
//!
//! The folder's files are only our own, mode 0600, or they are not believed: their
//! checks find damage, not forgery. A list that has changed gets a new index, and
//! its old one is removed. The folder may be emptied at any time.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, File, Metadata};
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::base::{Sha256, Whole, hex};

/// A file that changes twice within this time may bear the time of the first
/// change only; FAT keeps times of two seconds.
pub(super) const SETTLED: Duration = Duration::from_secs(3);
/// What is left of a process that was killed while it made an index.
const ABANDONED: Duration = Duration::from_hours(24);
/// What group and others may do.
const OTHERS: u32 = 0o077;
/// A note has some 200 bytes.
const NOTE_BYTES: u64 = 1024;

/// The folder of indexes.
pub(super) struct Shelf<'a> {
    folder: &'a Path,
    /// How long a list must have lain unchanged.
    settled: Duration,
}

/// What a list's file looked like.
pub(super) struct Seen {
    /// Its place's digest: paths may name clients.
    name: String,
    look: String,
    changed: SystemTime,
    at: SystemTime,
}

impl Seen {
    /// Looks at the open file `file`, which was found at `path`.
    pub(super) fn now(path: &Path, file: &File) -> io::Result<Self> {
        let path = path.canonicalize()?;
        let name = Sha256::of(path.as_os_str().as_bytes());
        let metadata = file.metadata()?;
        let (size, device, inode) = (metadata.len(), metadata.dev(), metadata.ino());
        let (modified, changed) = (metadata.mtime(), metadata.ctime());
        let nanoseconds = (metadata.mtime_nsec(), metadata.ctime_nsec());
        Ok(Self {
            name: hex::encode(name.0.get(..16).unwrap_or_default()),
            look: format!(
                "blindsift-seen 1 {size} {device} {inode} {modified}.{:09} {changed}.{:09} ",
                nanoseconds.0, nanoseconds.1
            ),
            changed: metadata.modified()?.max(inode_changed(&metadata)),
            at: SystemTime::now(),
        })
    }
}

/// When the inode changed last.
fn inode_changed(metadata: &Metadata) -> SystemTime {
    let seconds = u64::try_from(metadata.ctime()).unwrap_or(0);
    let nanoseconds = u32::try_from(metadata.ctime_nsec()).unwrap_or(0);
    SystemTime::UNIX_EPOCH + Duration::new(seconds, nanoseconds)
}

impl<'a> Shelf<'a> {
    /// The shelf in `folder`, which is made, for its owner only, if it is missing.
    pub(super) fn open(folder: &'a Path, settled: Duration) -> io::Result<Self> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
        Ok(Self { folder, settled })
    }

    /// Whether a change of what was seen, after `at`, would show.
    fn is_settled(&self, seen: &Seen, at: SystemTime) -> bool {
        at.duration_since(seen.changed)
            .is_ok_and(|age| age >= self.settled)
    }

    /// The digest of the list that looks like `seen`, if that is known.
    pub(super) fn digest_of(&self, seen: &Seen) -> Option<Sha256> {
        let (note, metadata) = self.note(&seen.name)?;
        let digest = note.strip_prefix(&seen.look)?.strip_suffix('\n')?;
        let written = metadata.modified().ok()?;
        hex::decode(digest)
            .map(Sha256)
            .filter(|_| self.is_settled(seen, written))
    }

    /// The index of the list with that digest, and its name.
    pub(super) fn index(&self, list: Sha256) -> Option<(File, PathBuf)> {
        let place = self.place(list);
        let file = own_file(&place)?;
        Some((file, place))
    }

    /// Begins the index of the list that looks like `seen`.
    pub(super) fn begin(&self, seen: &Seen) -> io::Result<Whole> {
        self.sweep();
        Whole::create_private(&self.folder.join(&seen.name).with_extension("idx"))
    }

    /// Puts an index in its place, and notes whose it is.
    pub(super) fn finish(
        &self,
        index: Whole,
        seen: &Seen,
        now: &Seen,
        list: Sha256,
    ) -> io::Result<()> {
        index.finish_as(&self.place(list))?;
        let old = self.note(&seen.name).and_then(|(note, _)| digest_in(&note));
        if seen.look == now.look && self.is_settled(seen, seen.at) {
            let mut note = Whole::create_private(&self.note_place(&seen.name))?;
            writeln!(note, "{}{list}", seen.look)?;
            note.finish()?;
        }
        if let Some(old) = old.filter(|old| *old != list && !self.is_noted(*old)) {
            let _ = fs::remove_file(self.place(old));
        }
        Ok(())
    }

    /// Whether a note names that list.
    fn is_noted(&self, list: Sha256) -> bool {
        let mut names = self.names(".seen");
        names.any(|path| read_note(&path).is_some_and(|(note, _)| digest_in(&note) == Some(list)))
    }

    /// Removes what killed processes left.
    fn sweep(&self) {
        for path in self.names(".part") {
            let age = fs::symlink_metadata(&path)
                .and_then(|metadata| metadata.modified())
                .ok()
                .and_then(|time| time.elapsed().ok());
            let is_index = path
                .file_name()
                .is_some_and(|name| contains(name, b".idx."));
            if is_index && age.is_some_and(|age| age > ABANDONED) {
                let _ = fs::remove_file(path);
            }
        }
    }

    fn names(&self, end: &'static str) -> impl Iterator<Item = PathBuf> {
        let files = fs::read_dir(self.folder).into_iter().flatten().flatten();
        files
            .map(|file| file.path())
            .filter(move |path| path.as_os_str().as_bytes().ends_with(end.as_bytes()))
    }

    fn note(&self, name: &str) -> Option<(String, Metadata)> {
        read_note(&self.note_place(name))
    }

    fn note_place(&self, name: &str) -> PathBuf {
        self.folder.join(name).with_extension("seen")
    }

    fn place(&self, list: Sha256) -> PathBuf {
        self.folder.join(list.to_string()).with_extension("idx")
    }
}

fn contains(name: &OsStr, part: &[u8]) -> bool {
    name.as_bytes().windows(part.len()).any(|at| at == part)
}

fn read_note(path: &Path) -> Option<(String, Metadata)> {
    let file = own_file(path)?;
    let metadata = file.metadata().ok()?;
    let mut note = String::new();
    file.take(NOTE_BYTES).read_to_string(&mut note).ok()?;
    Some((note, metadata))
}

/// The digest that a note names.
fn digest_in(note: &str) -> Option<Sha256> {
    let (_, digest) = note.strip_suffix('\n')?.rsplit_once(' ')?;
    hex::decode(digest).map(Sha256)
}

/// Opens a file that this user has made and nobody else can read or write.
fn own_file(path: &Path) -> Option<File> {
    let file = File::open(path).ok()?;
    let metadata = file.metadata().ok()?;
    let user = rustix::process::geteuid().as_raw();
    let is_own = metadata.is_file() && metadata.uid() == user && metadata.mode() & OTHERS == 0;
    is_own.then_some(file)
}
