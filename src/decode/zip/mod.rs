//! zip archives: stored and deflated members, zip64, data descriptors.
//!
//! | in  | a stream that begins with a zip archive, or the same as a file |
//! |-----|---------------------------------------------------------------|
//! | out | every member, each read for what it is                        |
//! | not | no names kept, no byte unpacked twice, no count believed       |
//!
//! The directory at the end says where the members are. What it does not speak
//! of (all of it, when the archive is cut off) is searched for members by their
//! own headers.
//!
//! The directory is walked here, because the `zip` crate keeps one entry for
//! each name and loses all but one of several members that share it, holds the
//! whole directory in memory, and refuses to read a member from its own header
//! when the sizes stand behind the data, as streaming writers put them.

mod covered;
mod directory;
mod fields;
mod header;
mod member;
mod scan;

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use crate::base::{Limit, LimitMet, Origin, Reason};

use super::source::{Limited, Source};
use super::spool::Spool;
use super::tally::Tally;
use super::{Context, Out, fault, open};
use covered::Covered;
use directory::{Directory, End};
use header::Header;

/// What a zip archive begins with: a member, the end of an empty archive, or the
/// mark of an archive that was, or could have been, split (APPNOTE, section 8.5).
pub(super) const MAGICS: [&[u8]; 5] = [
    header::LOCAL,
    directory::END,
    directory::END_64,
    b"PK\x07\x08PK\x03\x04",
    b"PK00PK\x03\x04",
];

/// Bytes at any position.
trait Random: Read + Seek {}

impl<T: Read + Seek> Random for T {}

/// Reads the members of the archive in `source`; `random` is the same archive as
/// a file.
pub(super) fn read(
    source: &mut Source<'_>,
    random: Option<File>,
    origin: Origin,
    context: Context<'_>,
    out: &mut dyn Out,
) -> Tally {
    let start = source.position();
    if let Some(mut file) = random
        && let Ok(length) = file.seek(SeekFrom::End(0))
    {
        let tally = walk(&mut file, length, None, origin, context, out);
        // The caller wants to see every byte.
        source.drain();
        let streamed = source.position() - start;
        return if streamed == tally.bytes {
            tally
        } else {
            tally.scaled_to(streamed)
        };
    }
    let (mut spool, taken) = Spool::fill(source, context);
    let nested = Context {
        spool_memory: context.spool_memory.saturating_sub(spool.in_memory()),
        spool_bytes: context.spool_bytes.saturating_sub(spool.len()),
        ..context
    };
    let length = spool.len();
    let cut = match taken {
        Err(LimitMet(limit)) => Some(fault::reason_of_limit(limit)),
        Ok(()) => source.error().map(|_| Reason::Truncated),
    };
    let mut tally = walk(&mut spool, length, cut, origin, nested, out);
    if let Err(LimitMet(limit)) = taken {
        let reason = fault::reason_of_limit(limit);
        out.limit(limit);
        out.missed(origin, reason);
        tally.add(&Tally::missed(source.drain(), reason));
    }
    tally
}

/// Reads an archive of `length` bytes; `cut` says why it is known to go on, which
/// the caller reports.
fn walk(
    archive: &mut dyn Random,
    length: u64,
    cut: Option<Reason>,
    origin: Origin,
    context: Context<'_>,
    out: &mut dyn Out,
) -> Tally {
    let mut walk = Walk {
        archive,
        length,
        origin,
        context,
        out,
        tally: Tally::default(),
        covered: Covered::default(),
        index: 0,
        limit: None,
        is_cut_off: cut.is_some(),
    };
    let failure = walk.all(cut.unwrap_or(Reason::Truncated)).err();
    let mut tally = walk.tally;
    let framing = length.saturating_sub(tally.bytes);
    if let Some(error) = failure {
        // The time is up, or the spool or the file cannot be read any more.
        let reason = fault::report(&error, origin, out);
        tally.add(&Tally::missed(framing, reason));
    } else {
        // Headers and the directory: read, and nothing in them.
        tally.add(&Tally::examined(framing));
    }
    tally
}

/// What becomes of bytes that no header leads to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lost {
    /// The archive is whole: they are something else, such as a signature or
    /// what was put behind the archive.
    Stray,
    /// They are what is left of members.
    Because(Reason),
}

struct Walk<'a> {
    archive: &'a mut dyn Random,
    length: u64,
    origin: Origin,
    context: Context<'a>,
    out: &'a mut dyn Out,
    /// The packed bytes of the members, and what was missed between them.
    tally: Tally,
    covered: Covered,
    index: u64,
    /// Was met, and ends everything.
    limit: Option<Limit>,
    is_cut_off: bool,
}

impl Walk<'_> {
    fn all(&mut self, cut: Reason) -> io::Result<()> {
        let (members_end, behind, lost) = match directory::find(self.archive, self.length)? {
            End::Directory(directory) if self.listed(directory)? => {
                let behind = directory.behind.min(self.length);
                (directory.start, behind, Lost::Stray)
            }
            End::Missing => (self.length, self.length, Lost::Because(cut)),
            End::Directory(_) | End::Damaged => {
                self.miss(0, Reason::Corrupt);
                (self.length, self.length, Lost::Because(Reason::Corrupt))
            }
        };
        for (start, end) in self.covered.gaps(members_end) {
            self.unlisted(start, end, lost)?;
        }
        self.unlisted(behind, self.length, lost)?;
        if lost == Lost::Because(cut) && !self.is_cut_off {
            self.miss(0, cut);
        }
        Ok(())
    }

    /// Reads the members that `directory` lists; whether it could be read to its
    /// end.
    fn listed(&mut self, directory: Directory) -> io::Result<bool> {
        let mut at = directory.start;
        while at < directory.end && self.limit.is_none() {
            if !self.is_paid() {
                break;
            }
            let central = header::central(self.archive, at, directory.shift)?;
            let Some(mut member) = central.filter(|header| header.end <= directory.end) else {
                return Ok(false);
            };
            at = member.end;
            let local = header::local(self.archive, member.start)?;
            let (Some(local), true) = (local, member.start < directory.start) else {
                // The bytes are found again, and accounted for, in the gaps.
                self.not_read(&member, 0, Reason::Corrupt);
                continue;
            };
            member.end = local.end;
            let room = directory.start.saturating_sub(member.end);
            let packed = member.packed.min(room);
            let end = member.end.saturating_add(packed);
            // One compressed block listed under many names turns 42 kB into
            // 5.5 GB (Fifield, "A better zip bomb", WOOT 2019).
            if member.end <= directory.start && self.covered.add(member.start, end) {
                self.member(&member, packed);
            } else {
                self.not_read(&member, 0, Reason::Corrupt);
            }
        }
        Ok(true)
    }

    /// Reads the members that begin in `start..end` by their own headers.
    fn unlisted(&mut self, start: u64, end: u64, lost: Lost) -> io::Result<()> {
        let mut at = start;
        while at < end {
            self.check_time();
            if let Some(limit) = self.limit {
                self.miss(end - at, fault::reason_of_limit(limit));
                break;
            }
            let header = header::local(self.archive, at)?;
            if let Some(header) = header.filter(|header| header.end <= end) {
                if self.is_paid() {
                    at = self.unlisted_member(&header, end)?;
                }
                continue;
            }
            // The directory itself, or that of another archive before this one.
            let record = directory::end_of_record(self.archive, at)?;
            if let Some(next) = record.filter(|next| *next <= end) {
                at = next;
                continue;
            }
            let budget = self.context.budget;
            let next = scan::local_header(self.archive, at + 1, end, budget)?;
            // The mark of a split archive leads to the first member.
            if !(at == 0 && next == Some(4)) {
                self.no_member(at, next, end, lost)?;
            }
            at = next.unwrap_or(end);
        }
        Ok(())
    }

    /// Accounts for what no header leads to, before `next` or up to `end`.
    fn no_member(&mut self, at: u64, next: Option<u64>, end: u64, lost: Lost) -> io::Result<()> {
        let length = next.unwrap_or(end) - at;
        match (lost, next) {
            (Lost::Stray, _) if self.is_paid() => self.stray(at, length)?,
            (Lost::Stray, _) => {}
            // Only the end is cut off; what lies before a member is damaged.
            (Lost::Because(_), Some(_)) => self.miss(length, Reason::Corrupt),
            (Lost::Because(reason), None) => {
                self.is_cut_off |= reason != Reason::Corrupt;
                self.miss(length, reason);
            }
        }
        Ok(())
    }

    /// Reads bytes of a whole archive that belong to no member for what they are.
    fn stray(&mut self, at: u64, length: u64) -> io::Result<()> {
        self.archive.seek(SeekFrom::Start(at))?;
        let mut bytes = Limited::new(&mut *self.archive, length);
        let mut source = Source::new(&mut bytes);
        let origin = self.context.origins.member(self.origin, self.index, b"");
        self.index += 1;
        let tally = open(&mut source, None, origin, self.context, self.out);
        self.tally.add(&tally);
        Ok(())
    }

    /// Reads a member that ends before `end`, and says where it ended.
    fn unlisted_member(&mut self, header: &Header, end: u64) -> io::Result<u64> {
        let budget = self.context.budget;
        let room = end - header.end;
        if !header.is_open {
            // Nothing is read that belongs to a listed member.
            let is_last = end == self.length;
            let packed = if is_last {
                header.packed
            } else {
                header.packed.min(room)
            };
            self.member(header, packed);
            return Ok(header.end.saturating_add(packed).min(end));
        }
        if member::ends_itself(header) {
            let Some(outcome) = self.member(header, room) else {
                return Ok(header.end);
            };
            let behind = header.end + outcome.taken;
            return match outcome.descriptor(self.archive, behind)? {
                Some(length) => Ok((behind + length).min(end)),
                None if outcome.is_cut_off || self.limit.is_some() => Ok(behind),
                // The archive ends within the descriptor.
                None if end - behind < member::DESCRIPTOR_BYTES => Ok(behind),
                None => {
                    self.miss(0, Reason::Corrupt);
                    Ok(behind)
                }
            };
        }
        // What is stored does not say where it ends.
        let found = scan::descriptor_of(self.archive, header.end, end, budget)?;
        let next = match found {
            Some(at) => Some(at),
            None => scan::local_header(self.archive, header.end, end, budget)?,
        };
        let data_end = next.unwrap_or(end);
        self.is_cut_off |= next.is_none();
        self.member(header, data_end - header.end);
        Ok(if found.is_some() {
            // The signature, the CRC and two sizes; what is longer is skipped.
            (data_end + member::DESCRIPTOR_BYTES).min(end)
        } else {
            data_end
        })
    }

    /// Reads `packed` bytes of a member, unless there is a reason not to.
    fn member(&mut self, header: &Header, packed: u64) -> Option<member::Outcome> {
        if header.is_folder() {
            return None;
        }
        let there = packed.min(self.length.saturating_sub(header.end));
        if header.is_encrypted {
            self.not_read(header, there, Reason::Encrypted);
            return None;
        }
        if header.is_not_a_file() {
            self.not_read(header, 0, Reason::NotAFile);
            return None;
        }
        if !member::is_known(header) {
            self.not_read(header, there, Reason::UnsupportedFormat);
            return None;
        }
        if self.archive.seek(SeekFrom::Start(header.end)).is_err() {
            self.not_read(header, there, Reason::Corrupt);
            return None;
        }
        let origin = self.member_origin(header);
        let (context, archive) = (self.context, &mut *self.archive);
        let outcome = member::read(archive, header, packed, origin, context, self.out);
        self.tally.add(&outcome.tally);
        self.is_cut_off |= outcome.is_cut_off;
        if let Some(limit) = outcome.limit {
            self.met(limit);
        }
        Some(outcome)
    }

    fn not_read(&mut self, header: &Header, bytes: u64, reason: Reason) {
        let origin = self.member_origin(header);
        self.tally.add(&Tally::missed(bytes, reason));
        self.out.missed(origin, reason);
    }

    fn miss(&mut self, bytes: u64, reason: Reason) {
        self.tally.add(&Tally::missed(bytes, reason));
        self.out.missed(self.origin, reason);
    }

    fn met(&mut self, limit: Limit) {
        self.limit = Some(limit);
        self.out.limit(limit);
    }

    fn check_time(&mut self) {
        if let Err(LimitMet(limit)) = self.context.budget.check_time() {
            self.met(limit);
        }
    }

    /// Pays for a member; whether the budget could.
    fn is_paid(&mut self) -> bool {
        let budget = self.context.budget;
        let paid = budget.check_time().and_then(|()| budget.member());
        if let Err(LimitMet(limit)) = paid {
            self.met(limit);
            self.miss(0, fault::reason_of_limit(limit));
        }
        paid.is_ok()
    }

    fn member_origin(&mut self, header: &Header) -> Origin {
        let origins = self.context.origins;
        let origin = origins.member(self.origin, self.index, &header.name);
        self.index += 1;
        origin
    }
}
