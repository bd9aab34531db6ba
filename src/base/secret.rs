//! What must not be shown.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// Text that must never reach a log, an error message or a terminal.
///
/// `Debug` shows the length only. There is no `Display` and no `Serialize`:
/// leaving this type takes a call to [`Secret::expose`], which can be searched for.
#[derive(Clone, PartialEq, Eq, Hash, Zeroize, ZeroizeOnDrop)]
pub struct Secret(String);

impl Secret {
    /// Takes `text` in.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({} bytes)", self.0.len())
    }
}

/// Key material: kept out of swap where the system allows it, wiped when dropped.
pub struct SecretBytes<const N: usize> {
    // Boxed, so that moving the owner does not leave a copy behind.
    bytes: Box<[u8; N]>,
    // `None` where the system's limit for locked memory is used up.
    _lock: Option<region::LockGuard>,
}

impl<const N: usize> SecretBytes<N> {
    /// Takes over `bytes` and wipes them where they were.
    pub fn take(bytes: &mut [u8; N]) -> Self {
        let kept = Box::new(*bytes);
        bytes.zeroize();
        let lock = region::lock(kept.as_ptr(), N).ok();
        Self {
            bytes: kept,
            _lock: lock,
        }
    }

    /// `N` bytes from the system's random number generator.
    ///
    /// # Errors
    ///
    /// When the system has none to give.
    pub fn random() -> std::io::Result<Self> {
        let mut bytes = [0; N];
        getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
        Ok(Self::take(&mut bytes))
    }

    /// The bytes themselves.
    pub fn expose(&self) -> &[u8; N] {
        &self.bytes
    }
}

impl<const N: usize> Drop for SecretBytes<N> {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}

impl<const N: usize> fmt::Debug for SecretBytes<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretBytes({N} bytes)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_the_length_only() {
        assert_eq!(format!("{:?}", Secret::new("anna")), "Secret(4 bytes)");
        let bytes = SecretBytes::take(&mut [1, 2, 3, 4]);
        assert_eq!(format!("{bytes:?}"), "SecretBytes(4 bytes)");
    }
}
