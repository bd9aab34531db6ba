//! Tells whether bytes are text, and in which format.
//!
//! | in  | the first bytes of a stream                                         |
//! |-----|---------------------------------------------------------------------|
//! | out | the format of text that they begin                                  |
//! | not | names, extensions, declared types: those are not even asked for     |

use memchr::memchr;

use super::bytes::{at, begins_with, from, skip_space, span};
use super::charset::{self, Charset, Decoder};
use super::{csv, html, json, sql, xml};
use crate::base::Format;

/// Zeros in a row that are a hole, and no sign of binary data.
const HOLE: usize = 128;

/// Beginnings of binary formats, and of text formats that no decoder reads yet.
const BINARY: [&[u8]; 33] = [
    b"%PDF-",
    b"{\\rtf",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a",
    b"\x28\xb5\x2f\xfd",
    b"\x04\x22\x4d\x18",
    b"SQLite format 3\0",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"\x7fELF",
    b"MZ\x90\0",
    b"PGDMP",
    b"ID3",
    b"OggS",
    b"fLaC",
    b"\xca\xfe\xba\xbe",
    b"!BDN",
    b"PAR1",
    b"Obj\x01",
    b"wOFF",
    b"wOF2",
    b"RIFF",
    b"Salted__",
    b"age-encryption.org/",
    b"\0asm",
    b"LUKS",
];

/// What format of text `head`, the first bytes of a stream, is; `None` if it is
/// no text at all. `whole` when there is nothing behind it.
///
/// 64 KiB of head ([`SNIFF_BYTES`](super::SNIFF_BYTES)) are enough.
pub fn sniff(head: &[u8], whole: bool) -> Option<Format> {
    let (charset, mark) = charset::detect(head, None);
    if is_binary(head, charset) {
        return None;
    }
    let mut text = Vec::new();
    Decoder::new(charset).decode(from(head, mark), whole, &mut text);
    let text = from(&text, skip_space(&text, 0));
    let start = at(text, 0);
    let format = match start {
        b'<' => markup(text),
        b'{' | b'[' if json::is_plausible(text) => Some(Format::Json),
        b'A'..=b'Z' | b'a'..=b'z' | b'_' | b'$' if json::is_assigned(text) => Some(Format::Json),
        _ => None,
    };
    if format.is_some() {
        return format;
    }
    if sql::is_plausible(text) {
        return Some(Format::Sql);
    }
    if is_page_inside(text) {
        return Some(Format::Html);
    }
    Some(match csv::Dialect::detect(text, whole) {
        Some(_) => Format::Csv,
        None => Format::Text,
    })
}

/// The first tag decides: one of HTML, or another one.
fn markup(text: &[u8]) -> Option<Format> {
    let near = span(text, 0..text.len().min(4096));
    if contains(near, b"<html") || contains(near, b"<!doctype html") {
        return Some(Format::Html);
    }
    if text.starts_with(b"<?xml") {
        return Some(Format::Xml);
    }
    let tag = memchr::memchr_iter(b'<', text).find_map(|place| {
        let name = from(text, place + 1);
        let letters = name.iter().take_while(|b| b.is_ascii_alphanumeric());
        let length = letters.count();
        (length > 0).then(|| (span(name, 0..length), at(name, length)))
    });
    let (name, behind) = tag?;
    if html::has_tag(name) && matches!(behind, b'>' | b' ' | b'\n' | b'/') {
        return Some(Format::Html);
    }
    xml::is_plausible(text).then_some(Format::Xml)
}

/// Whether a page begins behind a few words of a program's output.
fn is_page_inside(text: &[u8]) -> bool {
    let near = span(text, 0..text.len().min(4096));
    contains(near, b"<html") || contains(near, b"<!doctype html") || contains(near, b"<body")
}

fn contains(text: &[u8], tag: &[u8]) -> bool {
    memchr::memchr_iter(b'<', text).any(|place| begins_with(from(text, place), tag))
}

/// Whether there is no text: a known beginning, zero bytes, or too many control
/// characters.
fn is_binary(head: &[u8], charset: Charset) -> bool {
    let begins = |magic: &&[u8]| head.starts_with(magic);
    if BINARY.iter().any(begins) || span(head, 4..8) == b"ftyp" {
        return true;
    }
    if matches!(charset, Charset::Other(e) if !e.is_ascii_compatible()) {
        return false;
    }
    // Files that were made larger than their content end in zeros.
    let padding = head.iter().rev().take_while(|b| **b == 0).count();
    let head = span(head, 0..head.len() - padding);
    if head.is_empty() {
        return padding > 0;
    }
    // Holes of sparse files, and blocks that were never written, say nothing.
    let is_hole = |run: &&[u8]| run.first() == Some(&0) && run.len() >= HOLE;
    let runs = head.chunk_by(|a, b| (*a == 0) == (*b == 0));
    let head: Vec<u8> = runs
        .filter(|run| !is_hole(run))
        .flatten()
        .copied()
        .collect();
    let head = head.as_slice();
    let zeros = memchr::memchr_iter(0, head).count();
    // Tab to carriage return, bell, backspace, escape, end of file; and those that
    // separate fields in text files of some tools.
    let usual = |b: u8| matches!(b, 7..=13 | 26 | 27 | 1 | 28..=31);
    let control = head.iter().filter(|b| **b < 32 && !usual(**b)).count();
    let separators = head.iter().filter(|b| matches!(**b, 1 | 28..=31)).count();
    zeros > 1 + head.len() / 1000
        || control * 20 > head.len()
        || (control + separators) * 8 > head.len()
        || (head.len() > 64 && memchr(b'\n', head).is_none() && control * 50 > head.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hole_within_text_makes_it_no_binary() {
        let text = b"Aino aino@example.org\n".repeat(100);
        let holed = [text.as_slice(), &[0; 10_000], &text].concat();
        assert_eq!(sniff(&holed, true), Some(Format::Text));
    }

    #[test]
    fn what_stands_between_the_holes_of_a_binary_is_still_binary() {
        let data: Vec<u8> = (0..=255).collect();
        let holed = [data.as_slice(), &[0; 10_000], &data].concat();
        assert_eq!(sniff(&holed, true), None);
    }
}
