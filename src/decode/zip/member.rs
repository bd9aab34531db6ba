//! Unpacks one member of a zip archive.

use std::io::{self, Read, SeekFrom};

use flate2::Crc;

use crate::base::{Limit, Origin, Reason};

use super::Random;
use super::fields::Fields;
use super::header::Header;
use super::scan::DESCRIPTOR;
use crate::decode::ahead::{self, Packing, Unpack};
use crate::decode::inflate::Inflate;
use crate::decode::metered::Metered;
use crate::decode::source::{Limited, Source};
use crate::decode::tally::Tally;
use crate::decode::{Context, Out, fault, open};

/// APPNOTE, section 4.4.5.
const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// The signature, the CRC and two sizes of 4 bytes (APPNOTE, section 4.3.9).
pub(super) const DESCRIPTOR_BYTES: u64 = 16;

/// What became of a member.
pub(super) struct Outcome {
    /// An account of the packed bytes.
    pub(super) tally: Tally,
    /// A limit ended it that will end its neighbours as well.
    pub(super) limit: Option<Limit>,
    /// The archive ended before the member did.
    pub(super) is_cut_off: bool,
    /// Where the packed bytes ended, counted from where they began.
    pub(super) taken: u64,
    /// CRC-32 of what it unpacked to.
    crc: u32,
}

/// Whether this version knows how the member is packed.
pub(super) fn is_known(header: &Header) -> bool {
    matches!(header.method, STORED | DEFLATED)
}

/// Whether the packed bytes say themselves where they end.
pub(super) fn ends_itself(header: &Header) -> bool {
    header.method == DEFLATED && !header.is_encrypted
}

/// Reads the member whose data begins at `header.end`, `packed` bytes of it; an
/// open header says neither the size nor the CRC, then it is as long as it is.
pub(super) fn read(
    archive: &mut dyn Random,
    header: &Header,
    packed: u64,
    origin: Origin,
    context: Context<'_>,
    out: &mut dyn Out,
) -> Outcome {
    let mut data = Limited::new(archive, packed);
    let mut source = Source::new(&mut data);
    let packing = Deflated {
        is_stored: header.method != DEFLATED,
        expected: (!header.is_open).then_some((header.crc, header.unpacked)),
    };
    // What is stored needs no thread.
    let ahead = context.ahead && !packing.is_stored;
    let inside = Context {
        ahead: false,
        ..context
    };
    let ((tally, failure), crc) = ahead::read(&mut source, packing, ahead, |unpacked| {
        let mut paid = Metered::new(unpacked, context.budget);
        let mut inner = Source::new(&mut paid);
        let tally = open(&mut inner, None, origin, inside, out);
        (tally, inner.error().map(fault::copy))
    });
    let taken = source.position();
    let mut outcome = Outcome {
        tally: tally.scaled_to(taken),
        limit: None,
        is_cut_off: false,
        taken,
        crc,
    };
    if let Some(error) = failure {
        let reason = fault::report(&error, origin, out);
        let left = if header.is_open { 0 } else { source.drain() };
        outcome.tally.add(&Tally::missed(left, reason));
        outcome.limit = fault::limit(&error).filter(|limit| *limit != Limit::Depth);
        outcome.is_cut_off = reason == Reason::Truncated;
    } else if !header.is_open {
        // Bytes that belong to the member, but not to what it unpacks to.
        let left = source.drain();
        if left > 0 {
            outcome.tally.add(&Tally::missed(left, Reason::Corrupt));
            out.missed(origin, Reason::Corrupt);
        }
    }
    outcome
}

impl Outcome {
    /// Reads the descriptor at `at`, behind a member whose header was open, and
    /// says how long it is; `None` if the CRC is not the one of the data.
    ///
    /// APPNOTE, section 4.3.9: the signature may be missing, and the sizes may
    /// have 4 or 8 bytes. The next signature tells.
    pub(super) fn descriptor(&self, archive: &mut dyn Random, at: u64) -> io::Result<Option<u64>> {
        archive.seek(SeekFrom::Start(at))?;
        let mut bytes = Vec::new();
        archive.take(28).read_to_end(&mut bytes)?;
        let signed = bytes.starts_with(DESCRIPTOR);
        let skipped = if signed { 4 } else { 0 };
        let mut fields = Fields(bytes.get(skipped..).unwrap_or_default());
        if fields.u32() != Some(self.crc) {
            return Ok(None);
        }
        let is_followed = |length: usize| {
            let behind = bytes.get(length..).unwrap_or_default();
            behind.starts_with(b"PK")
        };
        let (narrow, wide) = (skipped + 4 + 8, skipped + 4 + 16);
        let is_wide = is_followed(wide) && !is_followed(narrow);
        Ok(Some(if is_wide { wide } else { narrow } as u64))
    }
}

/// What a header says of the packing of its member.
#[derive(Clone, Copy)]
struct Deflated {
    is_stored: bool,
    /// The CRC and the length of what it unpacks to.
    expected: Option<(u32, u64)>,
}

impl Packing for Deflated {
    fn open<'a>(self, source: &'a mut Source<'_>) -> Box<dyn Unpack + 'a> {
        Box::new(Member {
            inflate: (!self.is_stored).then(Inflate::new),
            source,
            crc: Crc::new(),
            length: 0,
            expected: self.expected,
        })
    }
}

impl Unpack for Member<'_, '_> {
    fn taken(&self) -> u64 {
        self.source.position()
    }

    fn crc(&self) -> u32 {
        self.crc.sum()
    }
}

/// What a member unpacks to, its CRC and its length checked at the end.
struct Member<'a, 's> {
    source: &'a mut Source<'s>,
    /// `None` for what is stored.
    inflate: Option<Inflate>,
    crc: Crc,
    length: u64,
    expected: Option<(u32, u64)>,
}

impl Read for Member<'_, '_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        let count = match &mut self.inflate {
            Some(inflate) => inflate.read(self.source, into)?,
            None => self.source.read(into)?,
        };
        self.crc.update(into.get(..count).unwrap_or_default());
        self.length += count as u64;
        let found = (self.crc.sum(), self.length);
        match self.expected {
            // The data was handed on; that it is damaged is known only now.
            Some(expected) if count == 0 && expected != found => Err(fault::corrupt()),
            _ => Ok(count),
        }
    }
}
