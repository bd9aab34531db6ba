//! Text in all its formats.

use std::io::Read;

use super::{Context, Out, Tally};
use crate::base::{Format, Layout, Origin, Piece, Record};

/// How many of a stream's first bytes [`sniff`] wants to see.
pub const SNIFF_BYTES: usize = 64 << 10;

/// What format of text `head`, the first bytes of a stream, is; `None` if it is
/// no text at all. `whole` when there is nothing behind it.
pub fn sniff(head: &[u8], _whole: bool) -> Option<Format> {
    (!head.contains(&0)).then_some(Format::Text)
}

/// Reads text to its end.
///
/// `head` are bytes that were already taken from `stream` to sniff; they come
/// first. An error of `stream` ends the leaf; what came before it is examined.
pub fn read(
    head: &[u8],
    stream: &mut dyn Read,
    _charset: Option<&str>,
    format: Format,
    origin: Origin,
    _context: Context<'_>,
    out: &mut dyn Out,
) -> (Tally, Option<std::io::Error>) {
    let mut bytes = head.len() as u64;
    let mut failure = None;
    out.begin(origin, format);
    emit(head, out);
    let mut buffer = vec![0; 64 << 10];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => {
                emit(buffer.get(..count).unwrap_or_default(), out);
                bytes += count as u64;
            }
            Err(error) => {
                failure = Some(error);
                break;
            }
        }
    }
    out.end(bytes);
    (Tally::examined(bytes), failure)
}

fn emit(bytes: &[u8], out: &mut dyn Out) {
    let text = String::from_utf8_lossy(bytes);
    let record = Record {
        start: 0,
        end: u32::try_from(text.len()).unwrap_or(0),
        number: 1,
    };
    out.piece(&Piece {
        text: &text,
        own: 0..text.len(),
        layout: Layout::Lines,
        records: &[record],
        cells: &[],
        columns: &[],
    });
}
