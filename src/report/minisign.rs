//! Signatures in minisign's format, so that `minisign -V` checks them without
//! blindsift.
//!
//! The format is that of minisign 0.10 and later, "prehashed": Ed25519 (RFC 8032)
//! over the BLAKE2b-512 (RFC 7693) of the file, then Ed25519 over that signature
//! and the trusted comment. Source: the chapter "Signature format" of minisign's
//! manual. The older form without the hash is refused.

use std::fmt;
use std::io::{self, Read, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use blake2::{Blake2b512, Digest as _};
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};

use crate::base::Sha256;

const UNTRUSTED: &str = "untrusted comment: ";
const TRUSTED: &str = "trusted comment: ";
/// Minisign names the algorithm of a key so.
const KEY_ALGORITHM: &[u8; 2] = b"Ed";
/// Minisign names the algorithm of a prehashed signature so.
const SIGNATURE_ALGORITHM: &[u8; 2] = b"ED";
/// Minisign reads no longer comment.
const COMMENT_BYTES: usize = 8192;

/// What is wrong with a signature or a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The text is no minisign public key.
    #[error("the public key is not in minisign's format")]
    Key,
    /// The text is no prehashed minisign signature.
    #[error("the signature is not in minisign's format")]
    Format,
    /// Another key than this one signed.
    #[error("the signature was made with another key")]
    OtherKey,
    /// The trusted comment is not what was signed.
    #[error("the trusted comment is not what was signed")]
    Comment,
    /// The file is not what was signed.
    #[error("the file is not what was signed")]
    File,
}

/// A checker's signing key; wiped when dropped.
pub struct Signer(SigningKey);

impl Signer {
    /// The key that follows from 32 secret random bytes (RFC 8032, section 5.1.5).
    pub fn new(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// The key by which its signatures are checked.
    pub fn public_key(&self) -> PublicKey {
        PublicKey {
            number: key_number(&self.0.verifying_key()),
            key: self.0.verifying_key(),
        }
    }

    /// Signs what `file` holds; the text of the signature's file.
    ///
    /// # Errors
    ///
    /// Those of reading, and `InvalidInput` when `trusted_comment` is not one
    /// line that minisign can show.
    pub fn sign(&self, file: &mut dyn Read, trusted_comment: &str) -> io::Result<String> {
        if trusted_comment.len() > COMMENT_BYTES || trusted_comment.contains(char::is_control) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "a trusted comment is one line",
            ));
        }
        let mut hash = Hash::default();
        io::copy(file, &mut hash)?;
        let signature = self.0.sign(&hash.finish()).to_bytes();
        let both = [&signature, trusted_comment.as_bytes()].concat();
        let global = self.0.sign(&both).to_bytes();
        let number = key_number(&self.0.verifying_key());
        let first = [&SIGNATURE_ALGORITHM[..], &number, &signature].concat();
        Ok(format!(
            "{UNTRUSTED}signature of a blindsift checker\n{}\n{TRUSTED}{trusted_comment}\n{}\n",
            STANDARD.encode(first),
            STANDARD.encode(global)
        ))
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer")
    }
}

/// A key by which signatures are checked. Shown as the text of its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    number: [u8; 8],
    key: VerifyingKey,
}

impl PublicKey {
    /// Reads the text of a key's file, or its second line alone.
    ///
    /// # Errors
    ///
    /// [`Fault::Key`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::read(text).ok_or(Fault::Key)
    }

    fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines().filter(|line| !line.starts_with(UNTRUSTED));
        let bytes: [u8; 42] = decode(lines.next()?)?;
        let (algorithm, rest) = bytes.split_at_checked(2)?;
        let (number, key) = rest.split_at_checked(8)?;
        if algorithm != KEY_ALGORITHM || lines.any(|line| !line.is_empty()) {
            return None;
        }
        Some(Self {
            number: number.try_into().ok()?,
            key: VerifyingKey::from_bytes(key.try_into().ok()?).ok()?,
        })
    }

    /// The key's number, as minisign shows it.
    pub fn id(&self) -> String {
        format!("{:016X}", u64::from_le_bytes(self.number))
    }

    /// Checks who signed and the trusted comment, but not yet the file.
    ///
    /// # Errors
    ///
    /// [`Fault::OtherKey`], [`Fault::Comment`].
    pub fn check_comment(&self, signature: &Signature) -> Result<(), Fault> {
        if signature.number != self.number {
            return Err(Fault::OtherKey);
        }
        let both = [&signature.file, signature.trusted_comment.as_bytes()].concat();
        self.check(&both, &signature.global, Fault::Comment)
    }

    /// Checks that `hash` is that of the file that was signed.
    ///
    /// # Errors
    ///
    /// [`Fault::OtherKey`], [`Fault::File`].
    pub fn check_file(&self, signature: &Signature, hash: &Hash) -> Result<(), Fault> {
        if signature.number != self.number {
            return Err(Fault::OtherKey);
        }
        self.check(&hash.finish(), &signature.file, Fault::File)
    }

    fn check(&self, message: &[u8], signature: &[u8; 64], fault: Fault) -> Result<(), Fault> {
        let signature = ed25519_dalek::Signature::from_bytes(signature);
        // Strict: a key or signature that fits several messages is refused.
        self.key
            .verify_strict(message, &signature)
            .map_err(|_| fault)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&KEY_ALGORITHM[..], &self.number, self.key.as_bytes()].concat();
        writeln!(f, "{UNTRUSTED}minisign public key {}", self.id())?;
        writeln!(f, "{}", STANDARD.encode(bytes))
    }
}

/// What a signature's file says; nothing of it is checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    number: [u8; 8],
    file: [u8; 64],
    trusted_comment: String,
    global: [u8; 64],
}

impl Signature {
    /// Reads the text of a signature's file.
    ///
    /// # Errors
    ///
    /// [`Fault::Format`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::read(text).ok_or(Fault::Format)
    }

    fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        lines.next()?.strip_prefix(UNTRUSTED)?;
        let bytes: [u8; 74] = decode(lines.next()?)?;
        let (algorithm, rest) = bytes.split_at_checked(2)?;
        let (number, file) = rest.split_at_checked(8)?;
        let trusted_comment = lines.next()?.strip_prefix(TRUSTED)?;
        let global = decode(lines.next()?)?;
        if algorithm != SIGNATURE_ALGORITHM || lines.next().is_some() {
            return None;
        }
        Some(Self {
            number: number.try_into().ok()?,
            file: file.try_into().ok()?,
            trusted_comment: trusted_comment.to_owned(),
            global,
        })
    }

    /// The comment; true only after [`PublicKey::check_comment`].
    pub fn trusted_comment(&self) -> &str {
        &self.trusted_comment
    }
}

/// BLAKE2b-512 of a file that is written to it.
#[derive(Clone, Default)]
pub struct Hash(Blake2b512);

impl Hash {
    fn finish(&self) -> [u8; 64] {
        self.0.clone().finalize().into()
    }
}

impl Write for Hash {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hash")
    }
}

// A key's number is any 8 bytes; these need not be kept beside the seed.
fn key_number(key: &VerifyingKey) -> [u8; 8] {
    let digest = Sha256::of(key.as_bytes()).0;
    digest.first_chunk().copied().unwrap_or_default()
}

fn decode<const N: usize>(line: &str) -> Option<[u8; N]> {
    STANDARD.decode(line).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGE: &[u8] = b"line one\nline two\n";

    fn signer() -> Signer {
        Signer::new(&[42; 32])
    }

    fn signed() -> Signature {
        let text = signer().sign(&mut &MESSAGE[..], "run:x lines:2").unwrap();
        Signature::parse(&text).unwrap()
    }

    fn hash(bytes: &[u8]) -> Hash {
        let mut hash = Hash::default();
        hash.write_all(bytes).unwrap();
        hash
    }

    #[test]
    fn a_second_implementation_accepts_the_signature() {
        let text = signer().sign(&mut &MESSAGE[..], "run:x lines:2").unwrap();
        let key = minisign_verify::PublicKey::decode(&signer().public_key().to_string()).unwrap();
        let signature = minisign_verify::Signature::decode(&text).unwrap();
        assert_eq!(signature.trusted_comment(), "run:x lines:2");
        key.verify(MESSAGE, &signature, false).unwrap();
        assert!(key.verify(b"line one\n", &signature, false).is_err());
    }

    #[test]
    fn a_signature_of_the_minisign_manual_is_accepted() {
        // From the documentation of the crate minisign-verify, made by minisign itself.
        let key = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";
        let text = "untrusted comment: signature from minisign secret key\n\
            RUQf6LRCGA9i559r3g7V1qNyJDApGip8MfqcadIgT9CuhV3EMhHoN1mGTkUidF/z7SrlQgXdy8ofjb7bNJJylDOocrCo8KLzZwo=\n\
            trusted comment: timestamp:1633700835\tfile:test\tprehashed\n\
            wLMDjy9FLAuxZ3q4NlEvkgtyhrr0gtTu6KC4KBJdITbbOeAi1zBIYo0v4iTgt8jJpIidRJnp94ABQkJAgAooBQ==\n";
        let (key, signature) = (
            PublicKey::parse(key).unwrap(),
            Signature::parse(text).unwrap(),
        );
        assert_eq!(key.check_comment(&signature), Ok(()));
        assert_eq!(key.check_file(&signature, &hash(b"test")), Ok(()));
        assert_eq!(key.id(), "E7620F1842B4E81F");
    }

    #[test]
    fn another_file_or_comment_is_refused() {
        let key = signer().public_key();
        let mut signature = signed();
        assert_eq!(key.check_file(&signature, &hash(MESSAGE)), Ok(()));
        assert_eq!(
            key.check_file(&signature, &hash(b"line one\n")),
            Err(Fault::File)
        );
        signature.trusted_comment.push('0');
        assert_eq!(key.check_comment(&signature), Err(Fault::Comment));
    }

    #[test]
    fn the_signature_of_another_key_is_refused_by_name() {
        let other = Signer::new(&[43; 32]).public_key();
        assert_eq!(other.check_comment(&signed()), Err(Fault::OtherKey));
        assert_eq!(
            other.check_file(&signed(), &hash(MESSAGE)),
            Err(Fault::OtherKey)
        );
    }

    #[test]
    fn a_public_key_reads_back_as_it_is_shown() {
        let key = signer().public_key();
        assert_eq!(PublicKey::parse(&key.to_string()), Ok(key));
    }

    #[test]
    fn texts_in_another_format_are_refused() {
        for text in [
            "",
            "x",
            "untrusted comment: x\n",
            "untrusted comment: x\nRWQ\n",
        ] {
            assert_eq!(PublicKey::parse(text), Err(Fault::Key));
            assert_eq!(Signature::parse(text), Err(Fault::Format));
        }
        let whole = signer().sign(&mut &MESSAGE[..], "c").unwrap();
        // "RW" instead of "RU" is the form without the hash.
        let legacy = whole.replacen("\nRU", "\nRW", 1);
        assert_ne!(legacy, whole);
        for text in [legacy, format!("{whole}more\n")] {
            assert_eq!(Signature::parse(&text), Err(Fault::Format));
        }
    }

    #[test]
    fn a_comment_of_two_lines_is_not_signed() {
        let error = signer().sign(&mut &MESSAGE[..], "a\nb").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    }
}
