//! gzip (RFC 1952): one member after the other.
//!
//! | in  | a stream that begins with a gzip member                       |
//! |-----|---------------------------------------------------------------|
//! | out | what the members unpack to, as one stream                     |
//! | not | the name and the comment in the header, which are skipped     |
//!
//! What follows the last member is padding when it is zeros. Anything else is
//! read as a thing of its own, because `cat a.gz b.txt` loses nothing either.

use std::io::{self, BufRead, Read};

use flate2::Crc;

use crate::base::Origin;

use super::ahead::{self, Packing, Unpack};
use super::inflate::Inflate;
use super::metered::Metered;
use super::source::Source;
use super::tally::Tally;
use super::{Context, Out, fault, open};

/// RFC 1952, section 2.3.1: two bytes of identification, then method 8.
pub(super) const MAGIC: &[u8] = &[0x1f, 0x8b, 8];

// Section 2.3.1, the bits of FLG.
const HEADER_CRC: u8 = 2;
const EXTRA: u8 = 4;
const NAME: u8 = 8;
const COMMENT: u8 = 16;
const RESERVED: u8 = 0xe0;

/// Reads the members of `source` as one stream, and what is behind them.
pub(super) fn read(
    source: &mut Source<'_>,
    origin: Origin,
    context: Context<'_>,
    out: &mut dyn Out,
) -> Tally {
    let start = source.position();
    let member = context.origins.member(origin, 0, b"");
    let inside = Context {
        ahead: false,
        ..context
    };
    let ((tally, failure), _) = ahead::read(source, Gzip, context.ahead, |unpacked| {
        let mut unpacked = Metered::new(unpacked, context.budget);
        let mut inner = Source::new(&mut unpacked);
        let tally = open(&mut inner, None, member, inside, out);
        (tally, inner.error().map(fault::copy))
    });
    let mut tally = tally.scaled_to(source.position() - start);
    if let Some(error) = failure {
        let left = source.drain();
        // An error from above comes only when everything was taken.
        if left > 0 || source.error().is_none() {
            let reason = fault::report(&error, origin, out);
            tally.add(&Tally::missed(left, reason));
        }
        return tally;
    }
    tally.add(&Tally::examined(skip_zeros(source)));
    if !source.peek(1).is_empty() {
        let behind = context.origins.member(origin, 1, b"");
        tally.add(&open(source, None, behind, context, out));
    }
    tally
}

/// What gzip knows of its packing before it reads: nothing.
#[derive(Clone, Copy)]
struct Gzip;

impl Packing for Gzip {
    fn open<'a>(self, source: &'a mut Source<'_>) -> Box<dyn Unpack + 'a> {
        Box::new(Members::new(source))
    }
}

impl Unpack for Members<'_, '_> {
    fn taken(&self) -> u64 {
        self.source.position()
    }

    /// Trailers are compared in here.
    fn crc(&self) -> u32 {
        0
    }
}

/// The contents of all members, one behind the other.
struct Members<'a, 's> {
    source: &'a mut Source<'s>,
    inflate: Inflate,
    crc: Crc,
    at: At,
}

enum At {
    Header,
    Body,
    End,
}

impl<'a, 's> Members<'a, 's> {
    fn new(source: &'a mut Source<'s>) -> Self {
        Self {
            source,
            inflate: Inflate::new(),
            crc: Crc::new(),
            at: At::Header,
        }
    }
}

impl Read for Members<'_, '_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        loop {
            match self.at {
                At::Header if self.source.peek(MAGIC.len()) == MAGIC => {
                    skip_header(self.source)?;
                    self.inflate.reset();
                    self.crc.reset();
                    self.at = At::Body;
                }
                At::Header => self.at = At::End,
                At::Body => {
                    let count = self.inflate.read(self.source, into)?;
                    if let Some(part) = into.get(..count).filter(|part| !part.is_empty()) {
                        self.crc.update(part);
                        return Ok(count);
                    }
                    check_trailer(self.source, &self.crc)?;
                    self.at = At::Header;
                }
                At::End => return Ok(0),
            }
        }
    }
}

/// RFC 1952, section 2.3. Nothing of it is kept.
fn skip_header(source: &mut Source<'_>) -> io::Result<()> {
    let [_, _, _, flags, ..] = take::<10>(source)?;
    if flags & RESERVED != 0 {
        return Err(fault::corrupt());
    }
    if flags & EXTRA != 0 {
        let length = u64::from(u16::from_le_bytes(take(source)?));
        if source.skip(length) < length {
            return Err(end_of(source));
        }
    }
    for field in [NAME, COMMENT] {
        if flags & field != 0 {
            skip_text(source)?;
        }
    }
    if flags & HEADER_CRC != 0 {
        take::<2>(source)?;
    }
    Ok(())
}

/// Section 2.3.1: the CRC-32 and the length modulo 2^32 of what was unpacked.
fn check_trailer(source: &mut Source<'_>, crc: &Crc) -> io::Result<()> {
    let sum = u32::from_le_bytes(take(source)?);
    let length = u32::from_le_bytes(take(source)?);
    if sum == crc.sum() && length == crc.amount() {
        Ok(())
    } else {
        Err(fault::corrupt())
    }
}

fn skip_text(source: &mut Source<'_>) -> io::Result<()> {
    loop {
        let buffered = source.fill_buf()?;
        let length = buffered.len();
        if length == 0 {
            return Err(fault::truncated());
        }
        if let Some(end) = memchr::memchr(0, buffered) {
            source.consume(end + 1);
            return Ok(());
        }
        source.consume(length);
    }
}

fn skip_zeros(source: &mut Source<'_>) -> u64 {
    let before = source.position();
    while let Ok(buffered) = source.fill_buf() {
        let zeros = buffered.iter().take_while(|byte| **byte == 0).count();
        if zeros == 0 {
            break;
        }
        source.consume(zeros);
    }
    source.position() - before
}

fn take<const N: usize>(source: &mut Source<'_>) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    source.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn end_of(source: &Source<'_>) -> io::Error {
    source.error().map_or_else(fault::truncated, fault::copy)
}
