//! Text without control characters and with one kind of line end.
//!
//! | in  | text as it was written                                             |
//! |-----|--------------------------------------------------------------------|
//! | out | whether it needs to be changed; its line ends as line feeds        |
//! | not | what spans two chunks: whoever cuts the text remembers it          |

use memchr::memchr;

use super::bytes::{at, from};

/// Bytes that are looked at together.
const BLOCK: usize = 4 << 10;

/// Whether `byte` is a control character that text is freed from.
pub(super) fn is_strange(byte: u8) -> bool {
    (byte < b' ' && byte != b'\n' && byte != b'\t') || byte == 0x7f
}

/// Whether one of `text` is. Without a branch, so that many are looked at at once.
pub(super) fn is_any_strange(text: &[u8]) -> bool {
    let strange = |byte: u8| {
        u8::from(byte < b' ') & u8::from(byte != b'\n') & u8::from(byte != b'\t')
            | u8::from(byte == 0x7f)
    };
    text.chunks(BLOCK)
        .any(|block| block.iter().fold(0, |any, byte| any | strange(*byte)) != 0)
}

/// Rewrites `\r\n` and `\r` as `\n` in place; how many bytes remain.
pub(super) fn end_lines(text: &mut [u8]) -> usize {
    let Some(mut read) = memchr(b'\r', text) else {
        return text.len();
    };
    let mut write = read;
    while read < text.len() {
        // Here stands a carriage return.
        if let Some(byte) = text.get_mut(write) {
            *byte = b'\n';
        }
        write += 1;
        read += 1 + usize::from(at(text, read + 1) == b'\n');
        let run = memchr(b'\r', from(text, read)).unwrap_or(text.len().saturating_sub(read));
        text.copy_within(read..(read + run).min(text.len()), write);
        write += run;
        read += run;
    }
    write
}
