//! Files that are whole or absent.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// A file that appears under its name only when all of it is on the disk.
///
/// It is written beside its place under a temporary name, synced and renamed by
/// [`Whole::finish`]. Dropped before that, it leaves nothing behind.
#[derive(Debug)]
pub struct Whole {
    out: Option<BufWriter<File>>,
    temporary: PathBuf,
    place: PathBuf,
}

impl Whole {
    /// Begins the file that will stand at `place`, replacing what is there.
    ///
    /// # Errors
    ///
    /// Those of creating a file in `place`'s folder.
    pub fn create(place: &Path) -> io::Result<Self> {
        Self::with_mode(place, 0o644)
    }

    /// The same, readable by its owner only.
    ///
    /// # Errors
    ///
    /// Those of creating a file in `place`'s folder.
    pub fn create_private(place: &Path) -> io::Result<Self> {
        Self::with_mode(place, 0o600)
    }

    fn with_mode(place: &Path, mode: u32) -> io::Result<Self> {
        let name = place
            .file_name()
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the path names no file"))?;
        let mut temporary_name = std::ffi::OsString::from(".");
        temporary_name.push(name);
        temporary_name.push(format!(".{}.part", std::process::id()));
        let temporary = place.with_file_name(temporary_name);
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(mode)
            .open(&temporary)?;
        Ok(Self {
            out: Some(BufWriter::with_capacity(1 << 16, file)),
            temporary,
            place: place.to_owned(),
        })
    }

    /// Puts the finished file in its place.
    ///
    /// # Errors
    ///
    /// Those of writing, syncing and renaming; the old file is untouched then.
    pub fn finish(self) -> io::Result<()> {
        let place = self.place.clone();
        self.finish_as(&place)
    }

    /// Puts the finished file at `place`, of the same folder: for a file whose
    /// name is known only when it is written.
    ///
    /// # Errors
    ///
    /// Those of [`Whole::finish`].
    pub fn finish_as(mut self, place: &Path) -> io::Result<()> {
        if let Some(out) = self.out.take() {
            let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.sync_all()?;
        }
        fs::rename(&self.temporary, place)?;
        sync_folder(place)
    }
}

impl Write for Whole {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.out {
            Some(out) => out.write(bytes),
            None => Err(io::Error::other("the file is finished")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.out {
            Some(out) => out.flush(),
            None => Ok(()),
        }
    }
}

impl Drop for Whole {
    fn drop(&mut self) {
        // After `finish` there is nothing under this name any more.
        let _ = fs::remove_file(&self.temporary);
    }
}

/// Creates a new file with mode 0600.
///
/// # Errors
///
/// `AlreadyExists` when something has that name: a key is never overwritten.
pub fn private_file(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

fn sync_folder(file: &Path) -> io::Result<()> {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
        _ => File::open(".")?.sync_all(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unfinished_file_leaves_the_old_one_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("list");
        fs::write(&place, "old").unwrap();
        let mut file = Whole::create(&place).unwrap();
        file.write_all(b"new").unwrap();
        drop(file);
        assert_eq!(fs::read_to_string(&place).unwrap(), "old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_key_file_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("key");
        private_file(&place).unwrap();
        assert_eq!(
            private_file(&place).unwrap_err().kind(),
            io::ErrorKind::AlreadyExists
        );
    }
}
