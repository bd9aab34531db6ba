//! Undoes what hides a character from a search, in any format.
//!
//! | in  | a piece's text                                                      |
//! |-----|---------------------------------------------------------------------|
//! | out | the text with `&#64;`, `&auml;`, `%40`, `\u0040`, `\x40` decoded, as  |
//! |     | [plain](crate::base::plain) text                                    |
//! | not | anything that is no valid escape: it stays as it stands             |
//!
//! It runs over whole pieces, behind the format's own parser, so that an escape
//! is never cut and a decoded `<` or `"` is never taken for structure. Sources:
//! HTML standard, section 13.2.5.73 ff. (character references), RFC 3986, section
//! 2.1 (percent-encoding), RFC 8259, section 7 (`\u`).

use memchr::memchr3;

use super::bytes::{at, from, span};
use super::{charset, entities};
use crate::base::plain_char;

/// A buffer for decoded text, and how places in it relate to the source.
#[derive(Default)]
pub(super) struct Escapes {
    text: String,
    moves: Vec<Move>,
}

/// One escape: where it stood, and where its character stands.
#[derive(Clone, Copy)]
struct Move {
    start: usize,
    end: usize,
    to: usize,
    to_end: usize,
}

impl Escapes {
    /// Decodes `text`; whether there was anything to decode.
    pub(super) fn decode(&mut self, text: &str) -> bool {
        self.text.clear();
        self.moves.clear();
        let bytes = text.as_bytes();
        let (mut done, mut next) = (0, 0);
        while let Some(hit) = memchr3(b'&', b'%', b'\\', from(bytes, next)) {
            let start = next + hit;
            let Some((length, decoded)) = escape(from(bytes, start)) else {
                next = start + 1;
                continue;
            };
            self.text
                .push_str(text.get(done..start).unwrap_or_default());
            let to = self.text.len();
            self.text.extend(visible(decoded));
            done = start + length;
            next = done;
            self.moves.push(Move {
                start,
                end: done,
                to,
                to_end: self.text.len(),
            });
        }
        if self.moves.is_empty() {
            return false;
        }
        self.text.push_str(text.get(done..).unwrap_or_default());
        true
    }

    /// The text that was decoded last.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Tells where places of the source stand in the decoded text.
    pub(super) fn places(&self) -> Places<'_> {
        Places {
            moves: &self.moves,
            last: None,
        }
    }
}

/// Translates places, which must be asked for in rising order.
pub(super) struct Places<'a> {
    moves: &'a [Move],
    last: Option<Move>,
}

impl Places<'_> {
    /// Where `place` of the source is now. A place inside an escape is its start.
    pub(super) fn of(&mut self, place: usize) -> usize {
        while let Some((first, rest)) = self.moves.split_first()
            && first.start <= place
        {
            self.last = Some(*first);
            self.moves = rest;
        }
        match self.last {
            None => place,
            Some(last) if place < last.end => last.to,
            Some(last) => last.to_end + (place - last.end),
        }
    }
}

/// What a decoded character becomes: what it is in plain text, where invisible ones
/// vanish, since they only cut words in two; control characters and line feeds
/// become spaces.
fn visible(decoded: char) -> Option<char> {
    plain_char(decoded).map(|c| if c.is_control() { ' ' } else { c })
}

/// The escape that `text` begins with: its length and its character.
fn escape(text: &[u8]) -> Option<(usize, char)> {
    match (at(text, 0), at(text, 1)) {
        (b'&', b'#') => numeric(text),
        (b'&', _) => entity(text),
        (b'%', _) => percent(text),
        (b'\\', b'u') => unicode(text),
        (b'\\', b'x') => hexadecimal(text),
        _ => None,
    }
}

/// `&#64;`, `&#x40;`; browsers read them without the semicolon, too.
fn numeric(text: &[u8]) -> Option<(usize, char)> {
    let (radix, start) = match at(text, 2) {
        b'x' | b'X' => (16, 3),
        _ => (10, 2),
    };
    let mut end = start;
    let mut code: u32 = 0;
    while let Some(digit) = char::from(at(text, end)).to_digit(radix) {
        if end - start >= 10 {
            return None;
        }
        code = code.saturating_mul(radix).saturating_add(digit);
        end += 1;
    }
    if end == start {
        return None;
    }
    // The HTML standard reads these as Windows-1252.
    let decoded = match u8::try_from(code) {
        Ok(byte @ 0x80..=0x9f) => charset::windows_1252(byte),
        _ => char::from_u32(code)?,
    };
    Some((end + usize::from(at(text, end) == b';'), decoded))
}

/// `&commat;`
fn entity(text: &[u8]) -> Option<(usize, char)> {
    if !at(text, 1).is_ascii_alphabetic() {
        return None;
    }
    let name = text.iter().skip(1).take(entities::LONGEST + 1);
    let length = name.take_while(|b| b.is_ascii_alphanumeric()).count();
    if at(text, 1 + length) != b';' {
        return None;
    }
    let decoded = entities::named(span(text, 1..1 + length))?;
    Some((length + 2, decoded))
}

/// `%40`, `%C3%A4`. Control characters other than those that end words are not
/// decoded, so that `%0401234567` keeps its digits.
fn percent(text: &[u8]) -> Option<(usize, char)> {
    let (length, decoded) = utf8(text, 3, |text| {
        hex(span(text, 1..3)).filter(|_| at(text, 0) == b'%')
    })?;
    let allowed = !decoded.is_control() || matches!(decoded, '\0' | '\t' | '\n' | '\r');
    allowed.then_some((length, decoded))
}

/// `\x40`, `\xc3\xa4` (bytes), `\xe4` (a code point).
fn hexadecimal(text: &[u8]) -> Option<(usize, char)> {
    let byte = |text: &[u8]| hex(span(text, 2..4)).filter(|_| text.starts_with(b"\\x"));
    utf8(text, 4, byte).or_else(|| Some((4, charset::windows_1252(byte(text)?))))
}

/// `\u0040`, `\ud83d\ude00`; half a pair is U+FFFD.
fn unicode(text: &[u8]) -> Option<(usize, char)> {
    let unit = |text: &[u8]| {
        let digits = span(text, 2..6);
        let (high, low) = digits.split_at_checked(2)?;
        let unit = u32::from(hex(high)?) << 8 | u32::from(hex(low)?);
        text.starts_with(b"\\u").then_some(unit)
    };
    let first = unit(text)?;
    if let Some(decoded) = char::from_u32(first) {
        return Some((6, decoded));
    }
    if let (0xd800..=0xdbff, Some(second @ 0xdc00..=0xdfff)) = (first, unit(from(text, 6))) {
        let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        return Some((12, char::from_u32(code)?));
    }
    Some((6, char::REPLACEMENT_CHARACTER))
}

/// One character of UTF-8 from escapes of `width` bytes that `byte` reads.
fn utf8(text: &[u8], width: usize, byte: impl Fn(&[u8]) -> Option<u8>) -> Option<(usize, char)> {
    let first = byte(text)?;
    let count = match first {
        0..=0x7f => return Some((width, char::from(first))),
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    let mut bytes = [0; 4];
    for (index, to) in bytes.iter_mut().take(count).enumerate() {
        *to = byte(from(text, index * width))?;
    }
    let decoded = std::str::from_utf8(span(&bytes, 0..count)).ok()?;
    Some((width * count, decoded.chars().next()?))
}

/// Two hex digits.
fn hex(digits: &[u8]) -> Option<u8> {
    let [high, low] = digits else {
        return None;
    };
    let digit = |b: &u8| char::from(*b).to_digit(16);
    u8::try_from(digit(high)? << 4 | digit(low)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(text: &str) -> String {
        let mut escapes = Escapes::default();
        if escapes.decode(text) {
            escapes.text().to_owned()
        } else {
            text.to_owned()
        }
    }

    #[test]
    fn every_spelling_of_the_at_sign_is_one() {
        for at in [
            "&#64;", "&#064;", "&#x40;", "&#X40;", "&#64", "&commat;", "%40", "\\u0040", "\\x40",
        ] {
            assert_eq!(decoded(&format!("anna{at}-x.example")), "anna@-x.example");
        }
    }

    #[test]
    fn letters_beyond_ascii_are_decoded() {
        assert_eq!(decoded("H&auml;m\\u00e4l%C3%A4inen"), "Hämäläinen");
        assert_eq!(
            decoded("\\xe4 \\xc3\\xa4 \\ud83d\\ude00 &euro;"),
            "ä ä 😀 €"
        );
    }

    #[test]
    fn what_is_no_escape_stays() {
        for text in [
            "100 % sure",
            "%4",
            "%zz",
            "%E4",
            "&nosuch;",
            "&amp",
            "& ",
            "&#;",
            "\\u00",
            "\\d",
            "%0401234567",
            "a\\",
            "&",
            "%",
        ] {
            assert_eq!(decoded(text), text);
        }
    }

    #[test]
    fn decoded_line_feeds_and_controls_are_spaces() {
        assert_eq!(decoded("a&#10;b%0D%0Ac\\u0000d&NewLine;e"), "a b  c d e");
    }

    #[test]
    fn invisible_characters_do_not_cut_a_word() {
        assert_eq!(decoded("an&shy;na&#8203;@"), "anna@");
    }

    #[test]
    fn decoded_characters_are_plain() {
        for text in [
            "131052&#8209;308T",
            "131052\\u2011308T",
            "131052%E2%80%91308T",
            "131052\\xe2\\x80\\x91308T",
            "1310&shy;52&ndash;308T",
            "\\uff11\\uff13\\uff11\\uff10\\u00ad52\\uff0d308\\uff34",
            "\\ud835\\udfcf3\\u06f1052\\u2212308T",
        ] {
            assert_eq!(decoded(text), "131052-308T", "{text}");
        }
        assert_eq!(decoded("040&nbsp;123\\u202f4567%C2%A0"), "040 123 4567 ");
    }

    #[test]
    fn half_a_surrogate_pair_is_replaced() {
        assert_eq!(decoded("\\ud83danna \\ude00"), "\u{fffd}anna \u{fffd}");
    }

    #[test]
    fn places_move_with_the_text() {
        let mut escapes = Escapes::default();
        assert!(escapes.decode("a%40b%40c"));
        assert_eq!(escapes.text(), "a@b@c");
        let mut places = escapes.places();
        let places: Vec<usize> = (0..=9).map(|place| places.of(place)).collect();
        assert_eq!(places, [0, 1, 1, 1, 2, 3, 3, 3, 4, 5]);
    }
}
