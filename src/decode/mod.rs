//! Opens archives and documents and hands on plain text, piece by piece.
//!
//! | in  | a byte stream and the origin it came from            |
//! |-----|------------------------------------------------------|
//! | out | pieces of UTF-8 text, each with the path to it       |
//! | not | no network, no files but the spool, no trust in names |
//!
//! Input is hostile. Every decoder pays for its output from one shared
//! [`Budget`]; a damaged member is reported and its neighbours are still read.

mod ahead;
pub mod canary;
mod fault;
mod gzip;
mod inflate;
mod metered;
mod sniff;
mod source;
mod spool;
mod tally;
mod tar;
#[cfg(test)]
mod tests;
pub mod text;
mod zip;

use std::fs::File;
use std::io::{BufRead as _, Read};

use crate::base::{Budget, Format, Limit, LimitMet, Origin, OriginKey, Piece, Reason};

pub use tally::{Missed, Tally};

use source::Source;

/// Zeros at the start of a file that make a hole: a block of the smallest disks.
const HOLE_BYTES: usize = 512;

/// What a decoder reads from.
pub struct Input<'a> {
    /// The bytes, in order.
    pub stream: Box<dyn Read + 'a>,
    /// The same bytes as a file, where it is one: saves the spool.
    pub random: Option<File>,
    /// The character set that somebody else (a `Content-Type`) declared.
    pub charset: Option<String>,
}

/// What all decoders of one artefact share.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// What the artefact may still cost.
    pub budget: &'a Budget,
    /// Names members without saying their names.
    pub origins: &'a OriginKey,
    /// Bytes that the spool may hold in memory; beyond, it is an encrypted file.
    pub spool_memory: u64,
    /// Bytes that the spool may hold at all.
    pub spool_bytes: u64,
    /// Bytes of text that a piece owns at most; usually [`text::PIECE`].
    pub piece_bytes: usize,
    /// Whether there is a core to spare: then large packed members are unpacked on
    /// a thread of their own, while those before are read.
    pub ahead: bool,
}

/// Takes what decoders find.
///
/// A decoder calls [`Out::begin`], then [`Out::piece`] for each piece, then
/// [`Out::end`], for one leaf after the other; leaves are never nested. The
/// other two may come at any time.
pub trait Out {
    /// A leaf begins: text that is no container.
    fn begin(&mut self, origin: Origin, format: Format);
    /// The next piece of the leaf.
    fn piece(&mut self, piece: &Piece<'_>);
    /// The leaf ends; `bytes` of it were read, before any decoding.
    fn end(&mut self, bytes: u64);
    /// A container was opened.
    fn container(&mut self, origin: Origin, format: Format);
    /// Something of `origin` was not examined. How many bytes that were stands in
    /// the [`Tally`].
    fn missed(&mut self, origin: Origin, reason: Reason);
    /// A limit was met.
    fn limit(&mut self, limit: Limit);
    /// Whether anybody looks at [`Piece::cells`]. Where nobody does they stay empty,
    /// and decoding is several times as fast; text and records are the same.
    fn wants_cells(&self) -> bool {
        true
    }
}

/// Reads `input` to its end, whatever it is, and everything inside it.
///
/// Never fails: what could not be read is in the tally, with the reason. The
/// tally's bytes are all that the stream gave. A stream that ends with an error
/// is [`Reason::Truncated`]; the caller knows whether it was a broken download.
pub fn read(
    mut input: Input<'_>,
    origin: Origin,
    context: Context<'_>,
    out: &mut dyn Out,
) -> Tally {
    let mut out = Once {
        out,
        limits: Vec::new(),
    };
    let mut source = Source::new(&mut input.stream);
    let hints = Hints {
        random: input.random,
        charset: input.charset.as_deref(),
    };
    let mut tally = open(&mut source, Some(hints), origin, context, &mut out);
    if source.error().is_some() {
        tally.miss(Reason::Truncated, 1, 0);
        out.missed(origin, Reason::Truncated);
    }
    tally
}

/// What is known about a stream from outside of it.
struct Hints<'a> {
    random: Option<File>,
    charset: Option<&'a str>,
}

/// Reads the rest of `source` and everything inside it.
///
/// The tally's bytes are all that it took. An error of `source` is left there:
/// whoever made the stream reports it (see [`fault`]).
fn open(
    source: &mut Source<'_>,
    hints: Option<Hints<'_>>,
    origin: Origin,
    context: Context<'_>,
    out: &mut dyn Out,
) -> Tally {
    let start = source.position();
    let head = source.peek(text::SNIFF_BYTES);
    let mut tally = match (head.is_empty(), sniff::container(head)) {
        (true, _) => nothing(source, origin, out),
        (false, Some(format)) => {
            let random = hints.and_then(|hints| hints.random);
            container(source, format, random, origin, context, out)
        }
        (false, None) => {
            let charset = hints.and_then(|hints| hints.charset);
            leaf(source, charset, origin, context, out)
        }
    };
    // What a decoder left must not go uncounted.
    source.drain();
    let left = (source.position() - start).saturating_sub(tally.bytes);
    if left > 0 {
        tally.add(&Tally::missed(left, Reason::DecoderCrashed));
        out.missed(origin, Reason::DecoderCrashed);
    }
    tally
}

fn nothing(source: &Source<'_>, origin: Origin, out: &mut dyn Out) -> Tally {
    if source.error().is_some() {
        return Tally::default();
    }
    out.missed(origin, Reason::Empty);
    Tally::missed(0, Reason::Empty)
}

fn container(
    source: &mut Source<'_>,
    format: Format,
    random: Option<File>,
    origin: Origin,
    context: Context<'_>,
    out: &mut dyn Out,
) -> Tally {
    if let Err(LimitMet(limit)) = context.budget.enter() {
        let reason = fault::reason_of_limit(limit);
        out.limit(limit);
        out.missed(origin, reason);
        return Tally::missed(source.drain(), reason);
    }
    out.container(origin, format);
    let tally = match format {
        Format::Gzip => gzip::read(source, origin, context, out),
        Format::Tar => tar::read(source, origin, context, out),
        _ => zip::read(source, random, origin, context, out),
    };
    context.budget.leave();
    tally
}

fn leaf(
    source: &mut Source<'_>,
    charset: Option<&str>,
    origin: Origin,
    context: Context<'_>,
    out: &mut dyn Out,
) -> Tally {
    let zeros = skip_zeros(source);
    let head = source.peek(text::SNIFF_BYTES).to_vec();
    let Some(format) = text::sniff(&head, source.is_last_buffer()).filter(|_| !head.is_empty())
    else {
        out.missed(origin, Reason::UnsupportedFormat);
        return Tally::missed(zeros + source.drain(), Reason::UnsupportedFormat);
    };
    source.consume(head.len());
    let mut tally = text::read(&head, source, charset, format, origin, context, out).0;
    tally.add(&Tally::examined(zeros));
    tally
}

/// Takes the zeros that a file begins with, if they are many: a log that is cut
/// off while its program goes on writing has a hole there. How many they were.
fn skip_zeros(source: &mut Source<'_>) -> u64 {
    let start = source.position();
    let leading = |head: &[u8]| head.iter().take_while(|byte| **byte == 0).count();
    if leading(source.peek(HOLE_BYTES)) == HOLE_BYTES {
        loop {
            let head = source.peek(text::SNIFF_BYTES);
            let (zeros, length) = (leading(head), head.len());
            source.consume(zeros);
            if zeros == 0 || zeros < length {
                break;
            }
        }
    }
    source.position() - start
}

/// Hands everything on, but each limit only once.
struct Once<'a> {
    out: &'a mut dyn Out,
    limits: Vec<Limit>,
}

impl Out for Once<'_> {
    fn wants_cells(&self) -> bool {
        self.out.wants_cells()
    }

    fn begin(&mut self, origin: Origin, format: Format) {
        self.out.begin(origin, format);
    }

    fn piece(&mut self, piece: &Piece<'_>) {
        self.out.piece(piece);
    }

    fn end(&mut self, bytes: u64) {
        self.out.end(bytes);
    }

    fn container(&mut self, origin: Origin, format: Format) {
        self.out.container(origin, format);
    }

    fn missed(&mut self, origin: Origin, reason: Reason) {
        self.out.missed(origin, reason);
    }

    fn limit(&mut self, limit: Limit) {
        if !self.limits.contains(&limit) {
            self.limits.push(limit);
            self.out.limit(limit);
        }
    }
}
