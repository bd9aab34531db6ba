//! Turns identifiers into fingerprints: keyed hashes of their canonical forms.
//!
//! | in  | one identifier as text, its kind, the organisation's key        |
//! |-----|------------------------------------------------------------------|
//! | out | canonical forms, and 16 bytes for each                           |
//! | not | what fails its kind's check: that has no canonical form          |
//!
//! This is the contract with every list ever made. A kind's canonical form is
//! never changed; a better rule gets a new profile number and stands beside the
//! old one. `fixtures/fingerprint/` holds golden vectors, which are added to and
//! never edited: a changed fingerprint silently empties every match.

mod batch;
mod key;
pub mod kinds;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::base::{Kind, Mac, hex};

pub use batch::{Batch, Early};
pub use key::{Key, KeyId};

/// What went wrong with a key file.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file could not be read or written.
    #[error("the key file could not be opened")]
    Io(#[source] std::io::Error),
    /// Something has that name already.
    #[error("there is a file of that name already")]
    Exists,
    /// Others than its owner may read it.
    #[error("the key file is readable by others than its owner (mode {mode:04o})")]
    Exposed {
        /// The permission bits.
        mode: u32,
    },
    /// It is not a key file.
    #[error("the file is not a blindsift key")]
    NotAKey,
    /// It was written by a newer version.
    #[error("the key file has version {version}; this program reads version 1")]
    Newer {
        /// The version that the file names.
        version: u32,
    },
}

impl Error {
    /// What the user can do about it.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Io(_) => "check the path and the permissions of its folder",
            Self::Exists => {
                "a key is never overwritten: choose another name, or move the old key away"
            }
            Self::Exposed { .. } => {
                "run `chmod 600` on it; if others may have read it, make a new key and a new list"
            }
            Self::NotAKey => "make one with `blindsift key new FILE`",
            Self::Newer { .. } => "use a newer blindsift",
        }
    }
}

/// A keyed hash of one canonical form: the first 16 bytes of an HMAC-SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Fingerprint(pub [u8; 16]);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> Self {
        fingerprint.to_string()
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        hex::decode(&text).map(Self).ok_or("not 32 hex digits")
    }
}

/// The first 4 bytes of the inner hash of a fingerprint's HMAC.
///
/// A list may say for each entry what its hint is. A candidate whose hint no entry
/// has is not listed, and that is known at half the price of a fingerprint. To
/// those without the key a hint tells as little as a fingerprint does: it is a
/// truncated keyed hash in the first half of a cascade (Bellare, Bernstein and
/// Tessaro, "Hash-function based PRFs: AMAC", EUROCRYPT 2016).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hint(pub [u8; 4]);

impl Hint {
    /// The hint that exactly 8 lower-case hex digits spell.
    pub fn parse(text: &str) -> Option<Self> {
        hex::decode(text).map(Self)
    }
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

impl fmt::Debug for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Computes fingerprints under one key, its key schedule computed once.
#[derive(Clone)]
pub struct Fingerprinter(Mac);

impl Fingerprinter {
    /// Prepares `key`.
    pub fn new(key: &Key) -> Self {
        Self(Mac::new(key.expose()))
    }

    /// The fingerprint of `canonical`, which [`Kind::canonical`] of `kind` gave.
    ///
    /// HMAC-SHA-256 (RFC 2104, FIPS 180-4) over the kind's name, `/`, its profile,
    /// a zero byte and the canonical form, cut to 16 bytes; so one string used as
    /// two kinds gives two unrelated fingerprints.
    ///
    /// ```
    /// use blindsift::fingerprint::{Fingerprinter, Key, kinds};
    ///
    /// let key = Key::from_bytes(&mut [0; 32]);
    /// let email = kinds::named("email").expect("it is in the registry");
    /// // hmac.new(bytes(32), b"email/1\0anna@example.fi", "sha256").hexdigest()[:32]
    /// assert_eq!(
    ///     Fingerprinter::new(&key).of(email, "anna@example.fi").to_string(),
    ///     "0162ca8976a69019e7a7e10a5ae57f18",
    /// );
    /// ```
    pub fn of(&self, kind: &Kind, canonical: &str) -> Fingerprint {
        self.for_kind(kind).of(canonical)
    }

    /// The same for many identifiers of one kind.
    pub fn for_kind(&self, kind: &Kind) -> KindFingerprinter {
        let mut label = kind.label().into_bytes();
        label.push(0);
        KindFingerprinter(self.0.with(&label))
    }
}

/// Computes fingerprints of one kind under one key.
#[derive(Clone)]
pub struct KindFingerprinter(Mac);

impl KindFingerprinter {
    /// The fingerprint of `canonical`; see [`Fingerprinter::of`].
    pub fn of(&self, canonical: &str) -> Fingerprint {
        let mut cut = [0; 16];
        for (to, from) in cut.iter_mut().zip(self.0.of(&[canonical.as_bytes()])) {
            *to = from;
        }
        Fingerprint(cut)
    }

    /// The hint of `canonical`: the first 4 bytes of
    /// SHA-256((key xor ipad) || message), over the message of [`Fingerprinter::of`].
    pub fn hint_of(&self, canonical: &str) -> Hint {
        Hint(self.0.hint_of(&[canonical.as_bytes()]))
    }
}

impl fmt::Debug for KindFingerprinter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KindFingerprinter")
    }
}

impl fmt::Debug for Fingerprinter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fingerprinter")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_agree_with_another_implementation() {
        let vectors = include_str!("../../fixtures/fingerprint/hints.tsv");
        let mut count = 0;
        for line in vectors.lines().filter(|line| !line.starts_with('#')) {
            let fields: Vec<&str> = line.split('\t').collect();
            let [key, label, canonical, hint] = fields[..] else {
                panic!("four fields a line");
            };
            let fingerprinter =
                Fingerprinter::new(&Key::from_bytes(&mut hex::decode(key).unwrap()));
            let kind = kinds::ALL
                .iter()
                .find(|kind| kind.label() == label)
                .unwrap();
            let found = fingerprinter.for_kind(kind).hint_of(canonical);
            assert_eq!(found.to_string(), hint, "{label}");
            assert_eq!(Hint::parse(hint), Some(found));
            count += 1;
        }
        assert!(count >= 20);
    }

    #[test]
    fn a_hint_is_eight_lower_case_digits() {
        assert_eq!(
            Hint::parse("0a1b2c3d"),
            Some(Hint([0x0a, 0x1b, 0x2c, 0x3d]))
        );
        for text in ["", "0a1b2c3", "0a1b2c3d4", "0A1b2c3d", "0a1b2c3g"] {
            assert_eq!(Hint::parse(text), None, "{text}");
        }
    }
}
