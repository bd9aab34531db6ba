//! The two headers of a zip member: the one before its data and the one in the
//! archive's directory.
//!
//! Rules: PKWARE APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12, 4.5.3.

use std::io::{self, Read as _, SeekFrom};

use super::Random;
use super::fields::Fields;

/// Before the data of a member (section 4.3.7).
pub(super) const LOCAL: &[u8; 4] = b"PK\x03\x04";
/// In the directory (section 4.3.12).
pub(super) const CENTRAL: &[u8; 4] = b"PK\x01\x02";

/// The bytes of both headers before the name.
const LOCAL_BYTES: usize = 30;
const CENTRAL_BYTES: usize = 46;

/// What a header says about a member.
pub(super) struct Header {
    /// The raw bytes of the name: only ever hashed.
    pub(super) name: Vec<u8>,
    /// How it is packed: 0 is stored, 8 is deflated.
    pub(super) method: u16,
    pub(super) is_encrypted: bool,
    /// CRC-32 of what it unpacks to.
    pub(super) crc: u32,
    pub(super) packed: u64,
    pub(super) unpacked: u64,
    /// The sizes and the CRC stand behind the data (section 4.3.9), and not here.
    pub(super) is_open: bool,
    /// The type bits of a Unix file mode, 0 if there is none.
    pub(super) file_type: u32,
    /// Where the local header begins.
    pub(super) start: u64,
    /// Where what follows this header begins.
    pub(super) end: u64,
}

impl Header {
    /// Whether it is a folder, which has no data.
    pub(super) fn is_folder(&self) -> bool {
        self.packed == 0 && !self.is_open && self.name.ends_with(b"/")
    }

    /// Whether it is a link, or a device or a pipe without data. What Info-ZIP
    /// reads from its standard input bears the mode of a pipe, and is data.
    pub(super) fn is_not_a_file(&self) -> bool {
        // stat.h: 0o10 is a regular file, 0o04 a folder, 0o12 a symbolic link.
        match self.file_type {
            0 | 0o04 | 0o10 => false,
            0o12 => true,
            _ => self.unpacked == 0,
        }
    }
}

/// Reads the local header at `start`; `None` if there is none.
pub(super) fn local(archive: &mut dyn Random, start: u64) -> io::Result<Option<Header>> {
    let Some(fixed) = read_at::<LOCAL_BYTES>(archive, start)? else {
        return Ok(None);
    };
    let Some((mut header, name, extra)) = parse_local(&fixed, start) else {
        return Ok(None);
    };
    let mut rest = Vec::new();
    let wanted = name + extra;
    archive.take(wanted as u64).read_to_end(&mut rest)?;
    if rest.len() < wanted {
        return Ok(None);
    }
    let extra = rest.split_off(name);
    header.name = rest;
    header.end = start + (LOCAL_BYTES + wanted) as u64;
    let mut sizes = [&mut header.unpacked, &mut header.packed];
    widen(&extra, &mut sizes);
    // Some writers know the sizes and state them at both places. Info-ZIP knows
    // only the unpacked one.
    header.is_open &= header.packed == 0;
    Ok(Some(header))
}

/// Reads the directory's header at `at`; `None` if there is none. `shift` is how
/// far the archive was moved by something that was put before it.
pub(super) fn central(archive: &mut dyn Random, at: u64, shift: u64) -> io::Result<Option<Header>> {
    let Some(fixed) = read_at::<CENTRAL_BYTES>(archive, at)? else {
        return Ok(None);
    };
    let Some((mut header, name, extra, comment)) = parse_central(&fixed) else {
        return Ok(None);
    };
    let mut rest = Vec::new();
    let wanted = name + extra;
    archive.take(wanted as u64).read_to_end(&mut rest)?;
    if rest.len() < wanted {
        return Ok(None);
    }
    let extra = rest.split_off(name);
    header.name = rest;
    header.end = at + (CENTRAL_BYTES + wanted + comment) as u64;
    let mut wide = [&mut header.unpacked, &mut header.packed, &mut header.start];
    widen(&extra, &mut wide);
    header.start = header.start.saturating_add(shift);
    Ok(Some(header))
}

type Lengths = (usize, usize);

fn parse_local(fixed: &[u8], start: u64) -> Option<(Header, usize, usize)> {
    let mut fields = Fields(fixed);
    if fields.bytes(4)? != LOCAL {
        return None;
    }
    fields.u16()?; // the version needed
    let mut header = parse_common(&mut fields)?;
    let (name, extra) = parse_lengths(&mut fields)?;
    header.start = start;
    Some((header, name, extra))
}

fn parse_central(fixed: &[u8]) -> Option<(Header, usize, usize, usize)> {
    let mut fields = Fields(fixed);
    if fields.bytes(4)? != CENTRAL {
        return None;
    }
    let [_, system] = fields.u16()?.to_le_bytes();
    fields.u16()?; // the version needed
    let mut header = parse_common(&mut fields)?;
    header.is_open = false;
    let (name, extra) = parse_lengths(&mut fields)?;
    let comment = usize::from(fields.u16()?);
    fields.bytes(4)?; // the disk, what the data looks like
    let attributes = fields.u32()?;
    // Section 4.4.2.2: 3 is Unix, 19 is OS X. Both keep the file mode in the
    // upper half.
    if matches!(system, 3 | 19) {
        header.file_type = attributes >> 28;
    }
    header.start = u64::from(fields.u32()?);
    Some((header, name, extra, comment))
}

/// The fields that both headers have, in the same order.
fn parse_common(fields: &mut Fields<'_>) -> Option<Header> {
    let flags = fields.u16()?;
    let method = fields.u16()?;
    fields.u32()?; // time and date
    Some(Header {
        name: Vec::new(),
        method,
        is_encrypted: flags & 1 != 0,
        crc: fields.u32()?,
        packed: u64::from(fields.u32()?),
        unpacked: u64::from(fields.u32()?),
        is_open: flags & 8 != 0,
        file_type: 0,
        start: 0,
        end: 0,
    })
}

fn parse_lengths(fields: &mut Fields<'_>) -> Option<Lengths> {
    Some((usize::from(fields.u16()?), usize::from(fields.u16()?)))
}

/// Section 4.5.3: of the `values`, those that do not fit 32 bits stand in the
/// extra field 1, in this order.
fn widen(extra: &[u8], values: &mut [&mut u64]) {
    let mut fields = Fields(extra);
    while let (Some(id), Some(length)) = (fields.u16(), fields.u16()) {
        let Some(content) = fields.bytes(usize::from(length)) else {
            return;
        };
        if id != 1 {
            continue;
        }
        let mut content = Fields(content);
        for value in values {
            if **value == u64::from(u32::MAX)
                && let Some(wide) = content.u64()
            {
                **value = wide;
            }
        }
        return;
    }
}

/// The `N` bytes at `at`; `None` if there are fewer.
pub(super) fn read_at<const N: usize>(
    archive: &mut dyn Random,
    at: u64,
) -> io::Result<Option<[u8; N]>> {
    archive.seek(SeekFrom::Start(at))?;
    let mut bytes = [0; N];
    match archive.read_exact(&mut bytes) {
        Ok(()) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}
