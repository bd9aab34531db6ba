//! Holds a stream for formats that need to be read out of order.
//!
//! | in  | a stream                                                      |
//! |-----|---------------------------------------------------------------|
//! | out | the same bytes, at any position                               |
//! | not | no byte of it on a disk in the clear, no name on a disk       |
//!
//! The first bytes are held in memory. What does not fit goes to a file that
//! has no name any more when the first byte is written, encrypted with ChaCha20
//! (RFC 8439) under a key that is made for it and lives only in memory. There is
//! no authentication: whoever can write to that file owns this process already.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead as _, Read, Seek, SeekFrom};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use chacha20::ChaCha20;
use chacha20::cipher::{KeyIvInit as _, StreamCipher as _, StreamCipherSeek as _};

use crate::base::{Limit, LimitMet, SecretBytes, hex};

use super::Context;
use super::source::{BUFFER_BYTES, Source};

/// Bytes that are held in memory in one piece.
const CHUNK_BYTES: usize = 1 << 20;

/// RFC 8439, section 2.4: a 32-bit counter of 64-byte blocks ends here.
const KEYSTREAM_BYTES: u64 = 1 << 38;

/// Bytes at any position.
pub(super) struct Spool {
    chunks: Vec<Vec<u8>>,
    in_memory: u64,
    sealed: Option<Sealed>,
    length: u64,
    position: u64,
}

/// A nameless encrypted file.
struct Sealed {
    file: File,
    key: SecretBytes<32>,
}

impl Spool {
    /// Takes in all of `source`, as far as the limits allow. With a limit met,
    /// what was taken before it is held.
    pub(super) fn fill(
        source: &mut Source<'_>,
        context: Context<'_>,
    ) -> (Self, Result<(), LimitMet>) {
        let mut spool = Self {
            chunks: Vec::new(),
            in_memory: 0,
            sealed: None,
            length: 0,
            position: 0,
        };
        let taken = spool.take_in(source, context);
        (spool, taken)
    }

    /// How many bytes are held.
    pub(super) fn len(&self) -> u64 {
        self.length
    }

    /// How many of them are held in memory.
    pub(super) fn in_memory(&self) -> u64 {
        self.in_memory
    }

    fn take_in(&mut self, source: &mut Source<'_>, context: Context<'_>) -> Result<(), LimitMet> {
        // An error of the source ends it; its maker reports it.
        while let Ok(buffered) = source.fill_buf() {
            if buffered.is_empty() {
                break;
            }
            context.budget.check_time()?;
            let room = context.spool_bytes.saturating_sub(self.length);
            let part = first(buffered, room);
            if part.is_empty() {
                return Err(LimitMet(Limit::Spool));
            }
            let count = self.push(part, context.spool_memory)?;
            source.consume(count);
        }
        Ok(())
    }

    /// Holds the first bytes of `part` and says how many.
    fn push(&mut self, part: &[u8], memory: u64) -> Result<usize, LimitMet> {
        let count = if self.sealed.is_none() && self.in_memory < memory {
            let part = first(part, memory - self.in_memory);
            let used = usize::try_from(self.in_memory).unwrap_or(0) % CHUNK_BYTES;
            if used == 0 {
                self.chunks.push(Vec::new());
            }
            let part = part.get(..CHUNK_BYTES - used).unwrap_or(part);
            if let Some(chunk) = self.chunks.last_mut() {
                chunk.extend_from_slice(part);
            }
            self.in_memory += part.len() as u64;
            part.len()
        } else {
            // A disk that is full leaves no more room than a limit does.
            self.seal(part).map_err(|_| LimitMet(Limit::Spool))?;
            part.len()
        };
        self.length += count as u64;
        Ok(count)
    }

    fn seal(&mut self, part: &[u8]) -> io::Result<()> {
        if self.sealed.is_none() {
            self.sealed = Some(Sealed {
                file: nameless_file(&folder())?,
                key: SecretBytes::random()?,
            });
        }
        let at = self.length - self.in_memory;
        match &self.sealed {
            Some(sealed) => sealed.write(part, at),
            None => Ok(()),
        }
    }
}

impl Sealed {
    fn write(&self, part: &[u8], at: u64) -> io::Result<()> {
        let mut bytes = part.to_vec();
        self.apply_keystream(&mut bytes, at)?;
        self.file.write_all_at(&bytes, at)
    }

    fn read(&self, into: &mut [u8], at: u64) -> io::Result<usize> {
        let count = self.file.read_at(into, at)?;
        self.apply_keystream(into.get_mut(..count).unwrap_or_default(), at)?;
        Ok(count)
    }

    fn apply_keystream(&self, bytes: &mut [u8], at: u64) -> io::Result<()> {
        if at.saturating_add(bytes.len() as u64) > KEYSTREAM_BYTES {
            return Err(LimitMet(Limit::Spool).into());
        }
        // The nonce may be zero: no other file has this key.
        let mut cipher = ChaCha20::new(self.key.expose().into(), &[0; 12].into());
        cipher.try_seek(at).map_err(io::Error::other)?;
        cipher.try_apply_keystream(bytes).map_err(io::Error::other)
    }
}

impl Read for Spool {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = self.length.saturating_sub(self.position);
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(into.len());
        let into = into.get_mut(..most).unwrap_or_default();
        let count = if let Some(behind) = self.position.checked_sub(self.in_memory) {
            match &self.sealed {
                Some(sealed) => sealed.read(into, behind)?,
                None => 0,
            }
        } else {
            let at = usize::try_from(self.position).unwrap_or(usize::MAX);
            let chunk = self.chunks.get(at / CHUNK_BYTES);
            let mut bytes = chunk
                .and_then(|chunk| chunk.get(at % CHUNK_BYTES..))
                .unwrap_or_default();
            bytes.read(into)?
        };
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for Spool {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

/// The first `most` bytes of `bytes`.
fn first(bytes: &[u8], most: u64) -> &[u8] {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    bytes.get(..most).unwrap_or(bytes)
}

/// Where the file lies: where the user says, else not in a folder that is
/// often kept in memory.
fn folder() -> PathBuf {
    let on_disk = Path::new("/var/tmp");
    if std::env::var_os("TMPDIR").is_none() && on_disk.is_dir() {
        return on_disk.to_owned();
    }
    std::env::temp_dir()
}

/// A file that only this process can open, gone when it is closed.
fn nameless_file(folder: &Path) -> io::Result<File> {
    let mut name = [0; 16];
    getrandom::fill(&mut name).map_err(io::Error::other)?;
    let path = folder.join(format!(".blindsift-{}", hex::encode(&name)));
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)?;
    fs::remove_file(&path)?;
    Ok(file)
}

// What is read from the spool at once is what a source asks for at once.
const _: () = assert!(CHUNK_BYTES.is_multiple_of(BUFFER_BYTES));

#[cfg(test)]
mod tests {
    use std::os::fd::AsRawFd as _;

    use crate::base::{Budget, OriginKey};

    use super::*;

    const CANARY: &[u8] = b"anna.canary@example.com";

    fn filled(bytes: &[u8], memory: u64, most: u64) -> (Spool, Result<(), LimitMet>) {
        let budget = Budget::new(0, 0, 0, None);
        let origins = OriginKey::new(&[1; 32]);
        let context = Context {
            budget: &budget,
            origins: &origins,
            spool_memory: memory,
            spool_bytes: most,
            piece_bytes: crate::decode::text::PIECE,
            ahead: false,
        };
        let mut stream = bytes;
        Spool::fill(&mut Source::new(&mut stream), context)
    }

    fn sample() -> Vec<u8> {
        let mut bytes: Vec<u8> = (0..300_000_u32).flat_map(u32::to_le_bytes).collect();
        bytes.splice(700_000..700_000, CANARY.iter().copied());
        bytes
    }

    #[test]
    fn bytes_come_back_from_any_position_in_memory_and_in_the_file() {
        let bytes = sample();
        for memory in [0, 1, 100_000, 1 << 20, 1 << 30] {
            let (mut spool, taken) = filled(&bytes, memory, u64::MAX);
            taken.unwrap();
            assert_eq!(spool.len(), bytes.len() as u64);
            assert_eq!(spool.in_memory(), memory.min(bytes.len() as u64));
            for at in [0_usize, 1, 63, 64, 99_999, 100_001, 1_048_575, 1_199_000] {
                spool.seek(SeekFrom::Start(at as u64)).unwrap();
                let mut part = Vec::new();
                spool.by_ref().take(1000).read_to_end(&mut part).unwrap();
                assert_eq!(part, bytes[at..at + 1000], "{memory} {at}");
            }
            spool.rewind().unwrap();
            let mut all = Vec::new();
            spool.read_to_end(&mut all).unwrap();
            assert!(all == bytes);
        }
    }

    #[test]
    fn the_file_has_no_name_and_does_not_hold_what_was_put_in() {
        let bytes = sample();
        let (spool, taken) = filled(&bytes, 1000, u64::MAX);
        taken.unwrap();
        let fd = spool.sealed.as_ref().unwrap().file.as_raw_fd();
        let link = format!("/proc/self/fd/{fd}");
        let target = fs::read_link(&link).unwrap();
        assert!(target.to_string_lossy().ends_with(" (deleted)"));
        let on_disk = fs::read(&link).unwrap();
        assert_eq!(on_disk.len(), bytes.len() - 1000);
        let holds = |bytes: &[u8]| memchr::memmem::find(bytes, CANARY).is_some();
        assert!(holds(&bytes) && !holds(&on_disk));
    }

    #[test]
    fn the_keystream_is_that_of_rfc_8439() {
        // RFC 8439, appendix A.1, test vector 1: key, nonce and counter are zero.
        let sealed = Sealed {
            file: nameless_file(&folder()).unwrap(),
            key: SecretBytes::take(&mut [0; 32]),
        };
        sealed.write(&[0; 16], 0).unwrap();
        let mut on_disk = [0; 16];
        sealed.file.read_exact_at(&mut on_disk, 0).unwrap();
        assert_eq!(hex::encode(&on_disk), "76b8e0ada0f13d90405d6ae55386bd28");
    }

    #[test]
    fn more_than_the_limit_is_not_held() {
        let bytes = sample();
        let (spool, taken) = filled(&bytes, 10_000, 50_000);
        assert_eq!(taken, Err(LimitMet(Limit::Spool)));
        assert_eq!(spool.len(), 50_000);
    }
}
