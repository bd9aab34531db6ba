//! Searches an archive for a signature, from a position on.

use std::io::{self, Read as _, SeekFrom};

use crate::base::Budget;

use super::Random;
use super::fields::Fields;
use super::header::LOCAL;

const WINDOW_BYTES: usize = 64 << 10;

/// Optional, but written by everybody (APPNOTE, section 4.3.9.3).
pub(super) const DESCRIPTOR: &[u8; 4] = b"PK\x07\x08";
/// A signature, a CRC and two sizes of 8 bytes.
const DESCRIPTOR_BYTES: usize = 24;

/// Where the next local header begins in `start..end`.
pub(super) fn local_header(
    archive: &mut dyn Random,
    start: u64,
    end: u64,
    budget: &Budget,
) -> io::Result<Option<u64>> {
    search(archive, start, end, budget, LOCAL.len(), |window, _| {
        memchr::memmem::find(window, LOCAL)
    })
}

/// Where the data that begins at `start` ends, if a descriptor behind it says
/// that it is as long as it is.
pub(super) fn descriptor_of(
    archive: &mut dyn Random,
    start: u64,
    end: u64,
    budget: &Budget,
) -> io::Result<Option<u64>> {
    search(
        archive,
        start,
        end,
        budget,
        DESCRIPTOR_BYTES,
        |window, at| {
            let fits = |found: &usize| {
                let mut fields = Fields(window.get(*found..).unwrap_or_default());
                fields.bytes(8);
                let length = at + *found as u64 - start;
                let mut narrow = fields;
                narrow.u32().map(u64::from) == Some(length) || fields.u64() == Some(length)
            };
            memchr::memmem::find_iter(window, DESCRIPTOR).find(fits)
        },
    )
}

/// Looks at `start..end` through a window that moves on by all but `overlap`
/// bytes; `find` gets the window and where it begins.
fn search(
    archive: &mut dyn Random,
    start: u64,
    end: u64,
    budget: &Budget,
    overlap: usize,
    find: impl Fn(&[u8], u64) -> Option<usize>,
) -> io::Result<Option<u64>> {
    let mut at = start;
    let mut window = Vec::with_capacity(WINDOW_BYTES);
    while at < end {
        budget.check_time()?;
        let most = (end - at).min(WINDOW_BYTES as u64);
        archive.seek(SeekFrom::Start(at))?;
        window.clear();
        archive.take(most).read_to_end(&mut window)?;
        if let Some(found) = find(&window, at) {
            return Ok(Some(at + found as u64));
        }
        if (window.len() as u64) < most || most == end - at {
            break;
        }
        at += (window.len() - overlap) as u64;
    }
    Ok(None)
}
