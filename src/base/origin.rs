//! Where something came from, without saying where.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::digest::hex;
use super::mac::Mac;

/// An opaque name for a place: 16 bytes of a keyed hash of its address.
///
/// The same place has the same id in every run of one checker; without the
/// checker's key nobody can tell, or try out, which place it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Origin([u8; 16]);

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> Self {
        origin.to_string()
    }
}

impl TryFrom<String> for Origin {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        hex::decode(&text).map(Self).ok_or("not 32 hex digits")
    }
}

/// The checker's key for [`Origin`]s.
#[derive(Clone)]
pub struct OriginKey(Arc<Mac>);

impl OriginKey {
    /// Takes 32 secret bytes.
    pub fn new(key: &[u8; 32]) -> Self {
        Self(Arc::new(Mac::new(key)))
    }

    /// The place `address` (a URL, a path) within the source called `source`.
    pub fn place(&self, source: &str, address: &[u8]) -> Origin {
        let length = (source.len() as u64).to_be_bytes();
        self.cut(&[b"place\0", &length, source.as_bytes(), address])
    }

    /// The member of `container` that is called `name`, the `index`th in it.
    ///
    /// The index keeps members apart that bear the same name.
    pub fn member(&self, container: Origin, index: u64, name: &[u8]) -> Origin {
        self.cut(&[b"member\0", &container.0, &index.to_be_bytes(), name])
    }

    fn cut(&self, parts: &[&[u8]]) -> Origin {
        let mut id = [0; 16];
        for (to, from) in id.iter_mut().zip(self.0.of(parts)) {
            *to = from;
        }
        Origin(id)
    }
}

impl fmt::Debug for OriginKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OriginKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn source_and_address_cannot_be_shifted_into_each_other() {
        let key = OriginKey::new(&[7; 32]);
        assert_ne!(key.place("ab", b"c"), key.place("a", b"bc"));
    }

    #[test]
    fn members_of_the_same_name_are_kept_apart() {
        let key = OriginKey::new(&[7; 32]);
        let zip = key.place("s", b"x.zip");
        assert_ne!(key.member(zip, 0, b"a"), key.member(zip, 1, b"a"));
    }
}
