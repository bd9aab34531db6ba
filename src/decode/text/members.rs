//! Members of objects as nearly all of them are written.
//!
//! | in  | `"name":"text",` and `"name":0.5,` and the brackets around them     |
//! |-----|---------------------------------------------------------------------|
//! | out | the same text and the same records as [`Json`] gives step by step   |
//! | not | tokens that are written in any other way: they are left alone       |

use super::builder::Builder;
use super::bytes::{at, from, skip_space, span};
use super::columns::Columns;
use super::json::{Json, Kind, push_string};
use super::marks::Ends;
use crate::base::vector::Class;

/// What ends a string, or goes on behind a backslash.
fn quoted([quoted, _]: &[u64; 2]) -> u64 {
    *quoted
}

/// What ends a word outside of strings, and bytes beside them in ASCII.
fn bare([_, bare]: &[u64; 2]) -> u64 {
    *bare
}

/// Where the tokens of JSON end.
pub(super) fn ends() -> Ends<6> {
    let classes = [
        Class::byte(b'"'),
        Class::byte(b'\\'),
        Class::byte(b'\n'),
        Class::byte(b','),
        // A backslash stands between them.
        Class::range(b'[', b']'),
        // A bar stands between them.
        Class::range(b'{', b'}'),
    ];
    Ends::new(
        classes,
        |[quote, backslash, line_feed, comma, square, curly]| {
            [
                quote | backslash | line_feed,
                quote | line_feed | comma | square | curly,
            ]
        },
    )
}

impl Json {
    /// Reads tokens from `place` on as long as they are written in the usual way;
    /// where the first one begins that was left alone.
    pub(super) fn members(&mut self, text: &[u8], place: usize, to: &mut Builder<'_>) -> usize {
        let mut place = place;
        if self.is_plain() {
            while let Some(next) = self.member(text, place, to) {
                place = next;
            }
        }
        place
    }

    /// Reads the token at `place`; a name with its value, and the comma behind it.
    #[inline]
    fn member(&mut self, text: &[u8], place: usize, to: &mut Builder<'_>) -> Option<usize> {
        match *text.get(place)? {
            b'"' if self.in_object() && !self.after_colon => {
                let value = self.name(text, place, to)?;
                let space = usize::from(at(text, value) == b' ');
                let value = value + space;
                let end = match at(text, value) {
                    b'"' => self.text(text, value, to),
                    b'0'..=b'9' | b'-' | b'n' | b't' | b'f' => self.bare(text, value, to),
                    _ => None,
                };
                let Some(end) = end else {
                    // The name is read, its value is for others to read.
                    self.after_colon = true;
                    return Some(value);
                };
                let comma = usize::from(at(text, end) == b',');
                if comma == 1 {
                    self.column = None;
                }
                Some(end + comma)
            }
            b'"' => self.text(text, place, to),
            b'0'..=b'9' | b'-' | b'n' | b't' | b'f' if self.after_colon || !self.in_object() => {
                self.bare(text, place, to)
            }
            bracket @ (b'{' | b'[' | b'}' | b']') => {
                let before = place.checked_sub(1).map(|before| at(text, before))?;
                match bracket {
                    b'{' => self.open(Kind::Object, before == b'\n', to),
                    b'[' => self.open(Kind::Array, false, to),
                    b'}' => self.close(Kind::Object, to),
                    _ => self.close(Kind::Array, to),
                }
                Some(place + 1)
            }
            b',' => {
                self.after_colon = false;
                if self.in_object() {
                    self.column = None;
                }
                Some(place + 1)
            }
            b' ' | b'\n' | b'\t' => Some(skip_space(text, place)),
            _ => None,
        }
    }

    /// Reads a number, or a word that says nothing.
    #[inline]
    fn bare(&mut self, text: &[u8], place: usize, to: &mut Builder<'_>) -> Option<usize> {
        let end = self.ends.next(text, place, place, bare)?;
        // These two are no ends.
        if matches!(at(text, end), b'|' | b'\\') {
            return None;
        }
        let word = span(text, place..end).trim_ascii_end();
        if !names_nothing(word) {
            let range = place..place + word.len();
            self.nest.take_cell(text, range, self.column, to);
        }
        self.after_colon = false;
        Some(end)
    }

    /// Reads the name of a member, with its colon, if it is but a name.
    #[inline]
    fn name(&mut self, text: &[u8], place: usize, to: &mut Builder<'_>) -> Option<usize> {
        let end = self.ends.next(text, place, place + 1, quoted)?;
        if at(text, end) != b'"' || at(text, end + 1) != b':' {
            return None;
        }
        let column = self.keys.column(text, place + 1, end, &mut to.columns);
        self.column = column.ok()?;
        Some(end + 2)
    }

    /// Reads a string that is no name.
    #[inline]
    fn text(&mut self, text: &[u8], place: usize, to: &mut Builder<'_>) -> Option<usize> {
        let mut end = self.ends.next(text, place, place + 1, quoted)?;
        let mut has_escapes = false;
        while at(text, end) == b'\\' {
            let escaped = at(text, end + 1);
            // The pass over the whole piece decodes `\u`.
            has_escapes |= escaped != b'u';
            end = self
                .ends
                .next(text, place, end + 1 + usize::from(escaped != b'\n'), quoted)?;
        }
        if at(text, end) != b'"' {
            return None;
        }
        if has_escapes {
            self.nest.begin_cell(self.column, to);
            push_string(span(text, place + 1..end), &mut self.nest, to);
            self.nest.end_cell(to);
        } else {
            self.nest.take_cell(text, place + 1..end, self.column, to);
        }
        self.after_colon = false;
        Some(end + 1)
    }
}

/// Keys of [`Keys`]: objects have a tenth of it, so that few of them share a place.
const KEYS: usize = 256;

/// The columns of the keys that came last, so that most keys are compared with one
/// other, 16 bytes at once, and neither searched nor checked.
pub(super) struct Keys {
    known: [(u128, Option<u16>); KEYS],
}

/// A key that may be more than a name.
struct NoName;

impl Default for Keys {
    fn default() -> Self {
        Self {
            known: [(0, None); KEYS],
        }
    }
}

impl Keys {
    /// The column of the key that lies from `start` to `end`, if it is a name of a
    /// property and nothing else.
    #[inline]
    fn column(
        &mut self,
        text: &[u8],
        start: usize,
        end: usize,
        columns: &mut Columns,
    ) -> Result<Option<u16>, NoName> {
        let length = end - start;
        let Some(block) = from(text, start)
            .first_chunk::<16>()
            .filter(|_| length <= 16)
        else {
            let name = span(text, start..end);
            return if is_name(name) {
                Ok(columns.number(name))
            } else {
                Err(NoName)
            };
        };
        // Without what stands behind the name. No name holds a 0: so the bits say how
        // long it is, too.
        let behind = 8 * u32::try_from(block.len() - length).unwrap_or(0);
        let name = u128::from_le_bytes(*block).checked_shl(behind).unwrap_or(0);
        let slot = self.known.get_mut(slot_of(name));
        if let Some((known, column)) = &slot
            && *known == name
        {
            return Ok(*column);
        }
        let odd = HIGH & !parts_of_names(u128::from_le_bytes(*block));
        if odd.checked_shl(behind).unwrap_or(0) != 0 {
            return Err(NoName);
        }
        let column = columns.number(span(text, start..end));
        if let Some(slot) = slot {
            *slot = (name, column);
        }
        Ok(column)
    }
}

/// Where a name is kept.
#[inline]
fn slot_of(name: u128) -> usize {
    let [low, high] = [name, name >> 64].map(|half| u64::try_from(half & u128::from(u64::MAX)));
    let both = low.unwrap_or(0) ^ high.unwrap_or(0);
    // Fibonacci hashing (Knuth 6.4): the highest bits are the best ones.
    let hash = both.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - KEYS.trailing_zeros());
    usize::try_from(hash).unwrap_or(0)
}

/// Whether `key` is a name of a property and nothing else.
pub(super) fn is_name(key: &[u8]) -> bool {
    let word = |b: &u8| b.is_ascii_alphabetic() || matches!(*b, b'_' | b'-');
    key.iter().all(word)
}

/// Whether `word` is a value that says nothing.
pub(super) fn names_nothing(word: &[u8]) -> bool {
    matches!(word, b"null" | b"true" | b"false")
}

/// The highest bit of each byte.
const HIGH: u128 = every(0x80);

/// Each of 16 bytes the same.
const fn every(byte: u8) -> u128 {
    u128::from_le_bytes([byte; 16])
}

/// The highest bit of each of 16 bytes that is an ASCII letter, `_` or `-`.
fn parts_of_names(bytes: u128) -> u128 {
    // Seven bits a byte, so that sums stay within theirs.
    let low = bytes & !HIGH;
    let letter = low | every(0x20);
    let is_letter = (letter + every(0x80 - b'a')) & !(letter + every(0x7f - b'z'));
    let is_byte = |byte: u8| !((low ^ every(byte)) + every(0x7f));
    (is_letter | is_byte(b'_') | is_byte(b'-')) & !bytes & HIGH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_is_part_of_a_name_or_not_whatever_stands_beside_it() {
        for byte in 0..=255_u8 {
            for beside in [0, b'a', b'z', b'-', 0x7f, 0xff] {
                for place in 0..16 {
                    let mut block = [beside; 16];
                    block[place] = byte;
                    let found = parts_of_names(u128::from_le_bytes(block)).to_le_bytes()[place];
                    assert_eq!(found == 0x80, is_name(&[byte]), "{byte} {beside} {place}");
                }
            }
        }
    }
}
