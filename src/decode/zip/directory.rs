//! Finds the directory at the end of a zip archive.
//!
//! Rules: PKWARE APPNOTE.TXT 6.3.10, sections 4.3.14 to 4.3.16. The counts that
//! stand there are not believed: the directory is read until it ends.

use std::io::{self, Read as _, SeekFrom};

use super::Random;
use super::fields::Fields;
use super::header::{self, CENTRAL, read_at};

/// End of central directory record (section 4.3.16), without its comment.
pub(super) const END: &[u8; 4] = b"PK\x05\x06";
const END_BYTES: u64 = 22;
/// The same for zip64 (sections 4.3.14, 4.3.15).
pub(super) const END_64: &[u8; 4] = b"PK\x06\x06";
const LOCATOR: &[u8; 4] = b"PK\x06\x07";
const LOCATOR_BYTES: u64 = 20;
const END_64_BYTES: u64 = 56;

/// The comment is as long as 16 bits can say.
const TAIL_BYTES: u64 = END_BYTES + 0xffff;

/// A comment can hold what looks like an end record; real ones have few.
const TRIES: usize = 16;

/// Where the directory lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Directory {
    pub(super) start: u64,
    pub(super) end: u64,
    /// How far everything was moved by what was put before the archive.
    pub(super) shift: u64,
    /// Where the archive ends.
    pub(super) behind: u64,
}

/// What there is at the end of an archive.
pub(super) enum End {
    /// A directory that can be read.
    Directory(Directory),
    /// A record that points nowhere.
    Damaged,
    /// Nothing: the archive is cut off.
    Missing,
}

/// Looks for the directory of an archive of `length` bytes.
pub(super) fn find(archive: &mut dyn Random, length: u64) -> io::Result<End> {
    let tail_start = length.saturating_sub(TAIL_BYTES);
    archive.seek(SeekFrom::Start(tail_start))?;
    let mut tail = Vec::new();
    archive.take(TAIL_BYTES).read_to_end(&mut tail)?;
    let mut found = End::Missing;
    for at in memchr::memmem::rfind_iter(&tail, END).take(TRIES) {
        let record = Fields(tail.get(at..).unwrap_or_default());
        if let Some(directory) = parse(archive, record, tail_start + at as u64)? {
            return Ok(End::Directory(directory));
        }
        found = End::Damaged;
    }
    Ok(found)
}

/// The directory that the end record at `at` points to.
fn parse(
    archive: &mut dyn Random,
    mut record: Fields<'_>,
    at: u64,
) -> io::Result<Option<Directory>> {
    record.bytes(12); // the signature, disks, counts
    let (Some(size), Some(start), Some(comment)) = (record.u32(), record.u32(), record.u16())
    else {
        return Ok(None);
    };
    let (mut size, mut start) = (u64::from(size), u64::from(start));
    let mut end = at;
    if let Some((wide_size, wide_start, wide_end)) = wide(archive, at)? {
        (size, start, end) = (wide_size, wide_start, wide_end);
    }
    // The directory ends where the end records begin.
    let Some(real_start) = end.checked_sub(size) else {
        return Ok(None);
    };
    let Some(shift) = real_start.checked_sub(start) else {
        return Ok(None);
    };
    let is_there = size == 0 || read_at(archive, real_start)?.as_ref() == Some(CENTRAL);
    Ok(is_there.then_some(Directory {
        start: real_start,
        end,
        shift,
        behind: at + END_BYTES + u64::from(comment),
    }))
}

/// Size and start of the directory and the end of it, from the zip64 records
/// before the end record at `at`.
fn wide(archive: &mut dyn Random, at: u64) -> io::Result<Option<(u64, u64, u64)>> {
    let Some(locator_at) = at.checked_sub(LOCATOR_BYTES) else {
        return Ok(None);
    };
    let Some(locator) = read_at::<16>(archive, locator_at)? else {
        return Ok(None);
    };
    let mut fields = Fields(&locator);
    if fields.bytes(4) != Some(LOCATOR) {
        return Ok(None);
    }
    fields.u32(); // the disk
    // The record is where the locator says, or, in a moved archive, before it.
    let places = [fields.u64(), locator_at.checked_sub(END_64_BYTES)];
    for place in places.into_iter().flatten() {
        let Some(record) = read_at::<56>(archive, place)? else {
            continue;
        };
        let mut fields = Fields(&record);
        if fields.bytes(4) != Some(END_64) {
            continue;
        }
        fields.bytes(36); // its size, versions, disks, counts
        if let (Some(size), Some(start)) = (fields.u64(), fields.u64()) {
            return Ok(Some((size, start, place)));
        }
    }
    Ok(None)
}

/// Where the record of the directory that begins at `at` ends; `None` if there
/// is none.
pub(super) fn end_of_record(archive: &mut dyn Random, at: u64) -> io::Result<Option<u64>> {
    let Some(signature) = read_at::<4>(archive, at)? else {
        return Ok(None);
    };
    Ok(match &signature {
        CENTRAL => header::central(archive, at, 0)?.map(|header| header.end),
        LOCATOR => Some(at.saturating_add(LOCATOR_BYTES)),
        END_64 => read_at::<12>(archive, at)?.and_then(|record| {
            // The size counts what follows it.
            let size = Fields(record.get(4..)?).u64()?;
            at.checked_add(12)?.checked_add(size)
        }),
        END => read_at::<22>(archive, at)?.and_then(|record| {
            let comment = Fields(record.get(20..)?).u16()?;
            Some(at + END_BYTES + u64::from(comment))
        }),
        _ => None,
    })
}
