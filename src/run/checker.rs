//! The checker's own secret: names places, signs evidence.

use std::path::Path;

use crate::base::{Mac, OriginKey};
use crate::fingerprint::{self, Key};
use crate::report::minisign::Signer;

/// What one checker keeps from run to run.
pub struct Checker(Key);

impl Checker {
    /// Reads the checker's key, or makes it where there is none yet.
    ///
    /// # Errors
    ///
    /// Those of reading and writing a key.
    pub fn open(path: &Path) -> Result<Self, fingerprint::Error> {
        match Key::read(path) {
            Err(fingerprint::Error::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => {
                let key = Key::random()?;
                match key.write(path) {
                    Ok(()) => Ok(Self(key)),
                    // Another process made it in the meantime.
                    Err(fingerprint::Error::Exists) => Key::read(path).map(Self),
                    Err(error) => Err(error),
                }
            }
            read => read.map(Self),
        }
    }

    /// A checker that is forgotten when its process ends.
    ///
    /// # Errors
    ///
    /// When the system has no random numbers to give.
    pub fn passing() -> Result<Self, fingerprint::Error> {
        Key::random().map(Self)
    }

    pub(super) fn origins(&self) -> OriginKey {
        OriginKey::new(&self.derive(b"blindsift origins"))
    }

    pub(super) fn signer(&self) -> Signer {
        Signer::new(&self.derive(b"blindsift evidence signing seed"))
    }

    // HMAC as a key derivation function, one label for each use (NIST SP 800-108r1).
    fn derive(&self, label: &[u8]) -> [u8; 32] {
        Mac::new(self.0.expose()).of(&[label])
    }
}

impl std::fmt::Debug for Checker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Checker")
    }
}
