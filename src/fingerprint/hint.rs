//! Hints: the beginning of a fingerprint's inner hash.

use std::fmt;

use super::KindFingerprinter;
use crate::base::hex;

/// The first 4 bytes of the inner hash of a canonical form's HMAC:
/// SHA-256((key xor ipad) || message), RFC 2104.
///
/// A candidate whose hint is not among those of a list is not on it, at half the
/// price of a fingerprint. A hint takes the key to make, as a fingerprint does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Hint(pub [u8; 4]);

impl Hint {
    /// Reads 8 lower-case hex digits.
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

impl KindFingerprinter {
    /// The hint of `canonical`.
    pub fn hint(&self, canonical: &str) -> Hint {
        let [a, b, c, d, ..] = self.0.inner(&[canonical.as_bytes()]);
        Hint([a, b, c, d])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fingerprint::{Fingerprinter, Key, kinds};

    #[test]
    fn hint_is_what_formats_md_says() {
        // hashlib.sha256(b"6" * 64 + b"email/1\0anna@example.fi").hexdigest()[:8],
        // for a key of zeros: ipad is 64 bytes of 0x36, the digit 6.
        let email = kinds::named("email").unwrap();
        let by = Fingerprinter::new(&Key::from_bytes(&mut [0; 32])).for_kind(email);
        let hint = by.hint("anna@example.fi");
        assert_eq!(hint.to_string(), "6ad0cc78");
        assert_eq!(Hint::parse(&hint.to_string()), Some(hint));
        assert_eq!(Hint::parse("0123456"), None);
    }
}
