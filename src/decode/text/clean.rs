//! Text without control characters, with one kind of line end, and
//! [plain](crate::base::plain).
//!
//! | in  | text as it was written                                             |
//! |-----|--------------------------------------------------------------------|
//! | out | whether it needs to be changed; its line ends as line feeds; one   |
//! |     | character for each thing that is meant                             |
//! | not | what spans two chunks: whoever cuts the text remembers it          |

use memchr::memchr;

use super::bytes::{at, from, span};
use crate::base::plain_char;
use crate::base::vector::{Class, WORD, mark};

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

/// What the characters begin with that plain text spells otherwise: blanks and the
/// soft hyphen; a joiner; digits of other scripts, dashes, blanks and what cannot be
/// seen; full-width forms and mathematical digits. Letters of Latin, Greek and
/// Cyrillic begin with none of these, or nearly none.
const LEADS: [Class; 4] = [
    Class::byte(0xc2),
    Class::byte(0xcd),
    Class::range(0xd8, 0xe3),
    Class::range(0xef, 0xf0),
];

/// Makes `text`, which is UTF-8 and ends with a whole character, plain in place;
/// how many bytes remain.
///
/// Blocks of ASCII are only looked at; of the others only the characters that begin as
/// a changed one does.
pub(super) fn make_plain(text: &mut [u8]) -> usize {
    let mut marks = Vec::new();
    // What lies before `read` is done, and stands before `write`.
    let (mut read, mut write) = (0, 0);
    let mut start = 0;
    while start < text.len() {
        let end = (start + BLOCK).min(text.len());
        let block = span(text, start..end);
        if !block.is_ascii() {
            mark(block, LEADS, &mut marks);
            for (index, word) in marks.iter().enumerate() {
                let mut leads = word.iter().fold(0, |any, class| any | class);
                while leads != 0 {
                    let place = start + index * WORD + leads.trailing_zeros() as usize;
                    leads &= leads - 1;
                    let Some((length, plain)) = changed(from(text, place)) else {
                        continue;
                    };
                    text.copy_within(read..place, write);
                    write += place - read;
                    read = place + length;
                    if let (Some(plain), Some(byte)) = (plain, text.get_mut(write)) {
                        *byte = plain;
                        write += 1;
                    }
                }
            }
        }
        start = end;
    }
    if read == 0 {
        return text.len();
    }
    let rest = text.len() - read;
    text.copy_within(read.., write);
    write + rest
}

/// The length of the character that `text` begins with, and what stands for it in
/// plain text, which is ASCII or nothing; `None` if it stays as it is.
fn changed(text: &[u8]) -> Option<(usize, Option<u8>)> {
    let (second, third) = (at(text, 1), at(text, 2));
    // Two bytes rule out nearly everything; the function has the last word.
    let length = match (at(text, 0), second) {
        (0xc2, 0xa0 | 0xad)
        | (0xcd, 0x8f)
        | (0xd8, 0x9c)
        | (0xd9, 0xa0..=0xa9)
        | (0xdb, 0xb0..=0xb9)
        | (0xdf, 0x80..=0x89) => 2,
        (0xe0, _) if !(0x90..=0xaf).contains(&third) => return None,
        (0xe0, _)
        | (0xe1, 0x81 | 0x9a | 0x9f | 0xa0)
        | (0xe2, 0x80 | 0x81 | 0x88)
        | (0xe3, 0x80)
        | (0xef, 0xb9 | 0xbb..=0xbd) => 3,
        (0xf0, 0x9d) => 4,
        _ => return None,
    };
    let character = std::str::from_utf8(span(text, 0..length)).ok()?;
    let character = character.chars().next()?;
    match plain_char(character) {
        Some(plain) if plain == character => None,
        Some(plain) => Some((length, Some(u8::try_from(plain).ok()?))),
        None => Some((length, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::plain;
    use proptest::prelude::*;

    fn made_plain(text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        let kept = make_plain(&mut bytes);
        bytes.truncate(kept);
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn every_character_becomes_what_it_is_in_plain_text() {
        // All characters of Unicode, each between two others.
        let all: String = (0..=0x10_ffff)
            .filter_map(char::from_u32)
            .flat_map(|c| ['a', c, 'ä'])
            .collect();
        assert_eq!(made_plain(&all), plain(&all));
    }

    #[test]
    fn text_of_western_letters_is_left_alone() {
        let text = "Hämäläinen Åkerlund Łódź Ελλάδα Москва ".repeat(500);
        assert_eq!(made_plain(&text), text);
        let is_lead = |byte| LEADS.iter().any(|class| class.holds(byte));
        assert!(!text.bytes().any(is_lead));
    }

    proptest! {
        #[test]
        fn any_text_becomes_plain(
            parts in prop::collection::vec(
                prop_oneof!["\\PC{0,20}", "[１٣۴\u{ad}\u{200b}\u{2011}\u{a0}ａ＠x]{0,9}", "[ -~]{0,4200}"],
                0..12,
            ),
        ) {
            let text = parts.concat();
            prop_assert_eq!(made_plain(&text), plain(&text));
        }
    }
}
