//! tar: v7, ustar, GNU and pax archives.
//!
//! | in  | a stream that begins with a tar header                        |
//! |-----|---------------------------------------------------------------|
//! | out | every member with data, each read for what it is              |
//! | not | no links followed, no names kept, no holes filled             |
//!
//! The headers are walked here, because the iterator of the `tar` crate reads
//! long names and pax properties of any claimed size into memory, keeps the
//! whole map of a file with holes, and gives up at the first damaged header.
//!
//! Of a file with holes the data is read and the holes are left out: a hole is
//! whole blocks of zeros, so a petabyte of it costs nothing and says nothing.
//!
//! After a damaged header, the blocks up to the next good one are read as a
//! member without a name: what was its data is examined after all.

mod header;

use std::io::{self, BufRead as _, Read};

use crate::base::{LimitMet, Origin, Reason};

use super::source::{Limited, Source};
use super::tally::Tally;
use super::{Context, Out, fault, open};
use header::{BLOCK_BYTES, Block, Kind};

/// The most of a long name or of a member's pax properties that is read.
const PROPERTIES_BYTES: u64 = 1 << 20;

/// Whether `head` begins a tar archive.
pub(super) fn begins(head: &[u8]) -> bool {
    let block = head.get(..BLOCK_BYTES).unwrap_or(head);
    header::is_valid(block) || header::has_magic(block)
}

/// Reads the members of `source`. What follows the end of an archive is read as
/// another one, because tape archives are joined by putting them side by side.
pub(super) fn read(
    source: &mut Source<'_>,
    origin: Origin,
    context: Context<'_>,
    out: &mut dyn Out,
) -> Tally {
    let start = source.position();
    let mut walk = Walk {
        source,
        origin,
        context,
        out,
        tally: Tally::default(),
        index: 0,
        next: Next::default(),
    };
    while let Step::Go = walk.step() {}
    let mut tally = walk.tally;
    // Headers and padding: read, and nothing in them.
    let framing = (source.position() - start).saturating_sub(tally.bytes);
    tally.add(&Tally::examined(framing));
    tally
}

struct Walk<'a, 's> {
    source: &'a mut Source<'s>,
    origin: Origin,
    context: Context<'a>,
    out: &'a mut dyn Out,
    /// The members, and what was missed between them.
    tally: Tally,
    index: u64,
    next: Next,
}

/// What extension headers said about the next member.
#[derive(Default)]
struct Next {
    name: Option<Vec<u8>>,
    size: Option<u64>,
    /// The data begins with a map of holes (GNU's pax format 1.0).
    has_map: bool,
}

enum Step {
    Go,
    Stop,
}

impl Walk<'_, '_> {
    /// Reads one header and what belongs to it.
    fn step(&mut self) -> Step {
        let peeked = self.source.peek(BLOCK_BYTES);
        let Ok(block) = Block::try_from(peeked) else {
            let length = peeked.len();
            return self.end(length);
        };
        if !header::is_used(&block) {
            self.source.consume(BLOCK_BYTES);
            return Step::Go;
        }
        let header = header::parse(&block).filter(|_| header::is_valid(&block));
        let Some((header, size)) = header.and_then(|header| {
            let size = header::size(&header)?;
            Some((header, size))
        }) else {
            return self.damaged(&block);
        };
        self.source.consume(BLOCK_BYTES);
        match header::kind(&header) {
            Kind::LongName => self.long_name(size),
            Kind::Properties => self.properties(size),
            Kind::Ignored => self.skip(size),
            kind => return self.member(&header, kind, size),
        }
        Step::Go
    }

    /// Fewer bytes than a block are left.
    fn end(&mut self, length: usize) -> Step {
        let left = self.source.skip(length as u64);
        if left > 0 && self.source.error().is_none() {
            self.tally.add(&Tally::missed(left, Reason::Truncated));
            self.out.missed(self.origin, Reason::Truncated);
        }
        Step::Stop
    }

    /// The next block should be a header and is none.
    fn damaged(&mut self, block: &[u8]) -> Step {
        self.next = Next::default();
        self.tally.miss(Reason::Corrupt, 1, 0);
        self.out.missed(self.origin, Reason::Corrupt);
        // A damaged header most likely still has its size right.
        let mut size = u64::MAX;
        // One with a good checksum ends every member: it must be taken here.
        if header::was_header(block) || header::is_valid(block) {
            self.source.consume(BLOCK_BYTES);
            self.tally.bytes += BLOCK_BYTES as u64;
            self.tally.miss(Reason::Corrupt, 0, BLOCK_BYTES as u64);
            let stated = header::parse(block).and_then(|header| header::size(&header));
            size = stated.unwrap_or(size);
            if size == 0 || self.is_at_header() {
                return Step::Go;
            }
        }
        let before = self.source.position();
        let step = self.read_member(b"", |walk, origin| {
            let mut blocks = UntilHeader::new(walk.source, size);
            let mut inner = Source::new(&mut blocks);
            let tally = open(&mut inner, None, origin, walk.context, walk.out);
            (tally, None)
        });
        self.source.skip(padding(self.source.position() - before));
        step
    }

    fn member(&mut self, header: &tar::Header, kind: Kind, size: u64) -> Step {
        let next = std::mem::take(&mut self.next);
        let name = next
            .name
            .unwrap_or_else(|| header.path_bytes().into_owned());
        if kind == Kind::Sparse {
            self.skip_map_of_holes(header);
        }
        let size = next.size.unwrap_or(size);
        // Some writers state the size of what a link points to. Data is there
        // only when no header follows.
        let is_file = matches!(kind, Kind::File | Kind::Sparse);
        if !is_file && (size == 0 || self.is_at_header()) {
            if kind == Kind::NotAFile {
                let origin = self.member_origin(&name);
                self.tally.miss(Reason::NotAFile, 1, 0);
                self.out.missed(origin, Reason::NotAFile);
            }
            return Step::Go;
        }
        let step = self.read_member(&name, |walk, origin| {
            let mut data = Limited::new(walk.source, size);
            if next.has_map {
                // An error comes again when the data is read.
                let _ = skip_written_map(&mut data);
            }
            let mut inner = Source::new(&mut data);
            let tally = open(&mut inner, None, origin, walk.context, walk.out);
            (tally, inner.error().map(fault::copy))
        });
        self.source.skip(padding(size));
        step
    }

    /// Pays for a member, reads it, and accounts for it.
    fn read_member(
        &mut self,
        name: &[u8],
        read: impl FnOnce(&mut Self, Origin) -> (Tally, Option<io::Error>),
    ) -> Step {
        let budget = self.context.budget;
        let paid = budget.check_time().and_then(|()| budget.member());
        if let Err(LimitMet(limit)) = paid {
            let reason = fault::reason_of_limit(limit);
            self.out.limit(limit);
            self.out.missed(self.origin, reason);
            let left = self.source.drain();
            self.tally.add(&Tally::missed(left, reason));
            return Step::Stop;
        }
        let origin = self.member_origin(name);
        let (tally, failure) = read(self, origin);
        self.tally.add(&tally);
        if let Some(error) = failure.filter(|_| self.source.error().is_none()) {
            let reason = fault::report(&error, origin, self.out);
            self.tally.miss(reason, 1, 0);
        }
        Step::Go
    }

    fn member_origin(&mut self, name: &[u8]) -> Origin {
        let origin = self.context.origins.member(self.origin, self.index, name);
        self.index += 1;
        origin
    }

    fn is_at_header(&mut self) -> bool {
        is_end(self.source.peek(BLOCK_BYTES))
    }

    fn long_name(&mut self, size: u64) {
        let mut name = self.take(size);
        // The name ends with a zero byte.
        name.truncate(memchr::memchr(0, &name).unwrap_or(name.len()));
        self.next.name = Some(name);
    }

    fn properties(&mut self, size: u64) {
        let bytes = self.take(size);
        for property in tar::PaxExtensions::new(&bytes).map_while(Result::ok) {
            let value = property.value_bytes();
            match property.key_bytes() {
                b"path" | b"GNU.sparse.name" => self.next.name = Some(value.to_vec()),
                b"size" => self.next.size = property.value().ok().and_then(|v| v.parse().ok()),
                b"GNU.sparse.major" => self.next.has_map = value == b"1",
                _ => {}
            }
        }
    }

    /// Takes `size` bytes with their padding; gives back the first of them.
    fn take(&mut self, size: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        // What is missing at the end of the source is noticed at the next header.
        let _ = Limited::new(self.source, size.min(PROPERTIES_BYTES)).read_to_end(&mut bytes);
        let mut there = bytes.len() as u64;
        if size > PROPERTIES_BYTES {
            let skipped = self.source.skip(size - PROPERTIES_BYTES);
            there += skipped;
            self.tally.add(&Tally::missed(skipped, Reason::Corrupt));
            self.out.missed(self.origin, Reason::Corrupt);
        }
        self.source.skip(padding(size));
        self.truncated_within(size, there);
        bytes
    }

    fn skip(&mut self, size: u64) {
        let skipped = self.source.skip(size);
        self.source.skip(padding(size));
        self.truncated_within(size, skipped);
    }

    fn truncated_within(&mut self, size: u64, there: u64) {
        if there < size && self.source.error().is_none() {
            self.tally.miss(Reason::Truncated, 1, 0);
            self.out.missed(self.origin, Reason::Truncated);
        }
    }

    /// GNU tar manual, "Storing Sparse Files", the old format.
    fn skip_map_of_holes(&mut self, header: &tar::Header) {
        let mut is_continued = header::is_continued(header.as_bytes(), 482);
        while is_continued {
            let block = self.source.peek(BLOCK_BYTES);
            is_continued = block.len() == BLOCK_BYTES && header::is_continued(block, 504);
            self.source.consume(BLOCK_BYTES);
        }
    }
}

/// GNU tar manual, "PAX Format, Version 1.0": a count, then an offset and a
/// length for each, every number on a line, filled up to whole blocks.
fn skip_written_map(data: &mut dyn Read) -> io::Result<()> {
    let mut count: u64 = 0;
    let mut lines_left: Option<u64> = None;
    while lines_left != Some(0) {
        let mut block: Block = [0; BLOCK_BYTES];
        data.read_exact(&mut block)?;
        for byte in block {
            lines_left = match (byte, lines_left) {
                (_, Some(0)) => break,
                (b'\n', None) => Some(count.saturating_mul(2)),
                (b'\n', Some(lines)) => Some(lines - 1),
                (b'0'..=b'9', None) => {
                    count = count
                        .saturating_mul(10)
                        .saturating_add(u64::from(byte - b'0'));
                    None
                }
                (b'0'..=b'9', lines) => lines,
                // This is no map: what was taken of it is lost.
                _ => return Ok(()),
            };
        }
    }
    Ok(())
}

/// The bytes between data of `size` and the next block.
fn padding(size: u64) -> u64 {
    let block = BLOCK_BYTES as u64;
    (block - size % block) % block
}

/// The data behind a damaged header: blocks, up to one that is a header or
/// empty, and no more than the damaged header says.
///
/// When a header follows earlier than it says, the size is wrong, and the zeros
/// that fill up the last block are left out.
struct UntilHeader<'a, 's> {
    source: &'a mut Source<'s>,
    stated: u64,
    left_of_block: usize,
}

impl<'a, 's> UntilHeader<'a, 's> {
    fn new(source: &'a mut Source<'s>, stated: u64) -> Self {
        Self {
            source,
            stated,
            left_of_block: 0,
        }
    }

    /// How much of the next block is data.
    fn next_block(&mut self) -> usize {
        let two = self.source.peek(2 * BLOCK_BYTES);
        let (block, next) = two.split_at_checked(BLOCK_BYTES).unwrap_or((two, &[]));
        if is_end(block) {
            return 0;
        }
        match usize::try_from(self.stated) {
            Ok(stated) if stated <= block.len() => stated,
            _ if is_end(next) => {
                self.stated = 0;
                block
                    .iter()
                    .rposition(|byte| *byte != 0)
                    .map_or(0, |at| at + 1)
            }
            _ => block.len(),
        }
    }
}

fn is_end(block: &[u8]) -> bool {
    !header::is_used(block) || header::is_valid(block)
}

impl Read for UntilHeader<'_, '_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.left_of_block == 0 {
            if self.stated == 0 {
                return Ok(0);
            }
            self.left_of_block = self.next_block();
            self.stated = self.stated.saturating_sub(self.left_of_block as u64);
        }
        let most = self.left_of_block.min(into.len());
        let count = self.source.read(into.get_mut(..most).unwrap_or_default())?;
        self.left_of_block -= count.min(self.left_of_block);
        Ok(count)
    }
}
