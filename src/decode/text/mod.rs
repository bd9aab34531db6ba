//! Text in all its formats.

use std::io::Read;

use super::{Context, Out, Tally};
use crate::base::{Format, Origin};

/// How many of a stream's first bytes [`sniff`] wants to see.
pub const SNIFF_BYTES: usize = 64 << 10;

/// What format of text `head`, the first bytes of a stream, is; `None` if it is
/// no text at all. `whole` when there is nothing behind it.
pub fn sniff(_head: &[u8], _whole: bool) -> Option<Format> {
    None
}

/// Reads text to its end.
///
/// `head` are bytes that were already taken from `stream` to sniff; they come
/// first. An error of `stream` ends the leaf; what came before it is examined.
pub fn read(
    _head: &[u8],
    _stream: &mut dyn Read,
    _charset: Option<&str>,
    _format: Format,
    _origin: Origin,
    _context: Context<'_>,
    _out: &mut dyn Out,
) -> Tally {
    Tally::default()
}
