//! The organisation's secret key and its file.

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::{Zeroize, Zeroizing};

use super::Error;
use crate::base::{Mac, SecretBytes, hex, private_file};

const PREFIX: &str = "blindsift-key-";
const VERSION: u32 = 1;
/// A key line has 60 bytes; more than this is something else.
const FILE_BYTES: u64 = 4096;

/// A secret key: 32 random bytes, kept out of swap, wiped when dropped.
pub struct Key(SecretBytes<32>);

impl Key {
    /// Makes a new key from the system's random numbers.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] when the system has none to give.
    pub fn random() -> Result<Self, Error> {
        SecretBytes::random().map(Self).map_err(Error::Io)
    }

    /// Takes over `bytes` and wipes them where they were.
    pub fn from_bytes(bytes: &mut [u8; 32]) -> Self {
        Self(SecretBytes::take(bytes))
    }

    /// Writes the key to a new file of mode 0600.
    ///
    /// # Errors
    ///
    /// [`Error::Exists`] when there is a file of that name, [`Error::Io`] when it
    /// cannot be written; a half-written file is removed again.
    pub fn write(&self, path: &Path) -> Result<(), Error> {
        let mut file = private_file(path).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => Error::Exists,
            _ => Error::Io(error),
        })?;
        let mut line = Zeroizing::new(format!("{PREFIX}{VERSION}:"));
        STANDARD.encode_string(self.0.expose(), &mut line);
        line.push('\n');
        let written = file
            .write_all(line.as_bytes())
            .and_then(|()| file.sync_all());
        if let Err(error) = written {
            let _ = std::fs::remove_file(path);
            return Err(Error::Io(error));
        }
        Ok(())
    }

    /// Reads a key file.
    ///
    /// # Errors
    ///
    /// [`Error::Exposed`] when group or others may read it, [`Error::NotAKey`] and
    /// [`Error::Newer`] when it holds something else, [`Error::Io`] when it cannot
    /// be read.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let file = File::open(path).map_err(Error::Io)?;
        let metadata = file.metadata().map_err(Error::Io)?;
        if !metadata.is_file() {
            return Err(Error::NotAKey);
        }
        let mode = metadata.permissions().mode() & 0o7777;
        if mode & 0o077 != 0 {
            return Err(Error::Exposed { mode });
        }
        let mut bytes = Zeroizing::new(Vec::with_capacity(128));
        file.take(FILE_BYTES)
            .read_to_end(&mut bytes)
            .map_err(Error::Io)?;
        let text = std::str::from_utf8(&bytes).map_err(|_| Error::NotAKey)?;
        Self::parse(text.trim_end_matches(['\r', '\n']))
    }

    fn parse(line: &str) -> Result<Self, Error> {
        let (version, secret) = line
            .strip_prefix(PREFIX)
            .and_then(|rest| rest.split_once(':'))
            .ok_or(Error::NotAKey)?;
        match version.parse::<u32>() {
            Ok(VERSION) => {}
            Ok(version) if version > VERSION => return Err(Error::Newer { version }),
            _ => return Err(Error::NotAKey),
        }
        let bytes = Zeroizing::new(STANDARD.decode(secret).map_err(|_| Error::NotAKey)?);
        let mut key: [u8; 32] = bytes.as_slice().try_into().map_err(|_| Error::NotAKey)?;
        let taken = Self::from_bytes(&mut key);
        key.zeroize();
        Ok(taken)
    }

    /// The key's public name: the same for everybody who holds it, and of no help
    /// in finding it.
    pub fn id(&self) -> KeyId {
        let mut id = [0; 8];
        for (to, from) in id
            .iter_mut()
            .zip(Mac::new(self.expose()).of(&[b"blindsift key id"]))
        {
            *to = from;
        }
        KeyId(id)
    }

    /// The bytes themselves.
    pub fn expose(&self) -> &[u8; 32] {
        self.0.expose()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.id())
    }
}

/// The first 8 bytes of HMAC-SHA-256(key, "blindsift key id"), shown in hex.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct KeyId([u8; 8]);

impl KeyId {
    /// Reads 16 lower-case hex digits.
    pub fn parse(text: &str) -> Option<Self> {
        hex::decode(text).map(Self)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};

    use super::*;

    fn key_file(text: &str, mode: u32) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        (folder, path)
    }

    #[test]
    fn a_written_key_is_read_back_and_only_its_owner_can_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let key = Key::random().unwrap();
        key.write(&path).unwrap();
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert_eq!(Key::read(&path).unwrap().expose(), key.expose());
        assert!(matches!(key.write(&path), Err(Error::Exists)));
    }

    #[test]
    fn id_is_what_formats_md_says() {
        // hmac.new(bytes(32), b"blindsift key id", "sha256").hexdigest()[:16]
        assert_eq!(
            Key::from_bytes(&mut [0; 32]).id().to_string(),
            "e257beeb4d21de50"
        );
    }

    #[test]
    fn a_key_that_others_may_read_is_refused() {
        let (_folder, path) = key_file("blindsift-key-1:AAAA\n", 0o640);
        assert!(matches!(
            Key::read(&path),
            Err(Error::Exposed { mode: 0o640 })
        ));
    }

    #[test]
    fn a_newer_key_is_refused_by_its_version() {
        let (_folder, path) = key_file("blindsift-key-2:AAAA\n", 0o600);
        assert!(matches!(Key::read(&path), Err(Error::Newer { version: 2 })));
    }

    #[test]
    fn a_short_key_and_a_picture_are_no_keys() {
        for text in ["blindsift-key-1:AAAA\n", "\u{89}PNG", ""] {
            let (_folder, path) = key_file(text, 0o600);
            assert!(matches!(Key::read(&path), Err(Error::NotAKey)), "{text:?}");
        }
    }
}
