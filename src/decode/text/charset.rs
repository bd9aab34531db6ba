//! Bytes in some character set in, clean UTF-8 out.
//!
//! | in  | bytes, their first ones, and what somebody declared them to be      |
//! |-----|---------------------------------------------------------------------|
//! | out | plain UTF-8 without control characters, every line with a line feed |
//! | not | trust in declarations: none may cost an ASCII identifier            |
//!
//! Leaks mix character sets within one file. So text is read as UTF-8, and every
//! byte that is not part of it as Windows-1252, or as ISO-8859-15 where that makes
//! a letter between letters. Other sets are read when they are declared and the
//! first bytes agree, by the tables of the WHATWG Encoding Standard.

use std::ops::Range;

use encoding_rs::{CoderResult, DecoderResult, Encoding};
use memchr::memchr;

use super::bytes::{at, from, next_boundary, span};
use super::clean::{end_lines, is_any_strange, is_strange, make_plain};

/// Bytes at the start in which a declaration inside the text is looked for.
const DECLARATION: usize = 4 << 10;
/// Bytes behind one that is no UTF-8 in which others are expected.
const STRETCH: usize = 256;

/// What bytes are read as.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Charset {
    /// UTF-8, and byte by byte Windows-1252 or ISO-8859-15.
    Mixed,
    /// UTF-8, and byte by byte this set, whose characters are bytes.
    MixedWith(&'static Encoding),
    /// This set, whose characters are several bytes.
    Other(&'static Encoding),
}

/// Tells what `head` is written in, and how long its byte order mark is.
pub(super) fn detect(head: &[u8], declared: Option<&str>) -> (Charset, usize) {
    if let Some((encoding, length)) = Encoding::for_bom(head) {
        let charset = if encoding == encoding_rs::UTF_8 {
            Charset::Mixed
        } else {
            Charset::Other(encoding)
        };
        return (charset, length);
    }
    if let Some(encoding) = utf16_without_mark(head) {
        return (Charset::Other(encoding), 0);
    }
    let labels = [declared.map(str::as_bytes), declared_inside(head)];
    let mut encodings = labels.into_iter().flatten().filter_map(Encoding::for_label);
    (
        encodings
            .next()
            .map_or(Charset::Mixed, |e| trusted(e, head)),
        0,
    )
}

/// The declared `encoding`, unless `head` says otherwise or it could swallow ASCII.
fn trusted(encoding: &'static Encoding, head: &[u8]) -> Charset {
    if encoding == encoding_rs::WINDOWS_1252 || encoding == encoding_rs::X_USER_DEFINED {
        return Charset::Mixed;
    }
    if encoding.is_single_byte() {
        return Charset::MixedWith(encoding);
    }
    // Real UTF-16 was found before; the others hide ASCII behind escapes.
    if !encoding.is_ascii_compatible() || encoding == encoding_rs::UTF_8 {
        return Charset::Mixed;
    }
    // Sets of several bytes pair letters of another set with ASCII behind them.
    let head = span(head, 0..head.len() - cut_character(head));
    if std::str::from_utf8(head).is_ok() || has_errors(encoding, head) {
        return Charset::Mixed;
    }
    Charset::Other(encoding)
}

fn has_errors(encoding: &'static Encoding, head: &[u8]) -> bool {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut sink = String::with_capacity(4 * head.len() + 16);
    let (result, _) = decoder.decode_to_string_without_replacement(head, &mut sink, false);
    matches!(result, DecoderResult::Malformed(..))
}

/// Finds UTF-16 by its zero bytes: nearly all high bytes of ASCII and of the
/// languages of western and northern Europe are zero, and no low ones.
fn utf16_without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let pairs = head.chunks_exact(2);
    let count = pairs.len();
    let (mut big, mut little) = (0, 0);
    for pair in pairs {
        big += usize::from(at(pair, 0) == 0);
        little += usize::from(at(pair, 1) == 0);
    }
    let (encoding, zeros, others) = if little > big {
        (encoding_rs::UTF_16LE, little, big)
    } else {
        (encoding_rs::UTF_16BE, big, little)
    };
    if zeros * 10 < count * 3 || zeros == 0 || others * 20 > zeros {
        return None;
    }
    // Numbers of two bytes look the same, but are full of control characters.
    let even = span(head, 0..count * 2);
    let (text, _) = encoding.decode_without_bom_handling(even);
    let odd = |c: &char| c.is_control() && !c.is_ascii_whitespace() || *c == '\u{fffd}';
    let strange = text.chars().filter(odd).count();
    (strange * 50 <= count).then_some(encoding)
}

/// The label in `<meta charset=…>` or `<?xml … encoding=…?>`.
fn declared_inside(head: &[u8]) -> Option<&[u8]> {
    let start = span(head, 0..head.len().min(DECLARATION));
    memchr(b'<', start)?;
    let xml = start.starts_with(b"<?xml");
    let word: &[u8] = if xml { b"encoding" } else { b"charset" };
    let mut windows = start.windows(word.len());
    let found = windows.position(|w| w.eq_ignore_ascii_case(word))?;
    let behind = from(start, found + word.len());
    let punctuation = |b: &&u8| matches!(**b, b'=' | b'"' | b'\'' | b' ');
    let value = from(behind, behind.iter().take_while(punctuation).count());
    let length = value
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(**b, b'-' | b'_' | b':' | b'.'));
    Some(span(value, 0..length.count()))
}

/// Turns bytes into text, chunk by chunk.
pub(super) struct Decoder {
    state: Option<encoding_rs::Decoder>,
    /// What bytes from 0x80 on stand for, where that was declared.
    table: Option<Box<[char; 128]>>,
    /// The byte before the ones that are decoded next.
    before: u8,
    /// A byte was met that ISO-8859-15 has no character for.
    windows: bool,
    after_return: bool,
}

impl Decoder {
    pub(super) fn new(charset: Charset) -> Self {
        let (state, table) = match charset {
            Charset::Mixed => (None, None),
            Charset::MixedWith(encoding) => (None, Some(table_of(encoding))),
            Charset::Other(encoding) => (Some(encoding.new_decoder_without_bom_handling()), None),
        };
        Self {
            state,
            table,
            before: 0,
            windows: false,
            after_return: false,
        }
    }

    /// Appends the text of `raw` to `text` and tells how many bytes that took: up
    /// to three at the end wait for those behind them, unless these are the `last`.
    pub(super) fn decode(&mut self, raw: &[u8], last: bool, text: &mut Vec<u8>) -> usize {
        let start = text.len();
        let used = match &mut self.state {
            Some(state) => {
                decode_other(state, raw, last, text);
                raw.len()
            }
            None => self.decode_mixed(raw, last, text),
        };
        self.clean(text, start);
        let kept = text.get_mut(start..).map_or(0, make_plain);
        text.truncate(start + kept);
        used
    }

    /// How many bytes of `raw` are text as they stand, though it may not be plain;
    /// `None` where some are not.
    pub(super) fn keep(&mut self, raw: &[u8], last: bool) -> Option<usize> {
        let wait = if last { 0 } else { undecided(raw) };
        let now = span(raw, 0..raw.len() - wait);
        let is_text = self.state.is_none()
            && !self.after_return
            && !is_any_strange(now)
            && simdutf8::basic::from_utf8(now).is_ok();
        if !is_text {
            return None;
        }
        self.before = now.last().copied().unwrap_or(self.before);
        Some(now.len())
    }

    fn decode_mixed(&mut self, raw: &[u8], last: bool, text: &mut Vec<u8>) -> usize {
        let wait = if last { 0 } else { undecided(raw) };
        let now = span(raw, 0..raw.len() - wait);
        let mut place = 0;
        while place < now.len() {
            let rest = from(now, place);
            let valid = simdutf8::compat::from_utf8(rest)
                .map_or_else(|error| error.valid_up_to(), str::len);
            text.extend_from_slice(span(rest, 0..valid));
            place += valid;
            // Where one byte is no UTF-8 there are more, up to the end of a line.
            let end = next_boundary(now, place + STRETCH);
            self.decode_stretch(raw, place..end, text);
            place = end;
        }
        self.before = now.last().copied().unwrap_or(self.before);
        now.len()
    }

    /// Reads a stretch of `raw` in which some bytes are no UTF-8.
    fn decode_stretch(&mut self, raw: &[u8], stretch: Range<usize>, text: &mut Vec<u8>) {
        let mut place = stretch.start;
        for chunk in span(raw, stretch).utf8_chunks() {
            text.extend_from_slice(chunk.valid().as_bytes());
            place += chunk.valid().len();
            for byte in chunk.invalid() {
                let before = place.checked_sub(1).map_or(self.before, |b| at(raw, b));
                let letter = self.letter(before, *byte, at(raw, place + 1));
                text.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
                place += 1;
            }
        }
    }

    /// What `byte`, which is no UTF-8, stands for between its neighbours.
    fn letter(&mut self, before: u8, byte: u8, behind: u8) -> char {
        if let Some(table) = &self.table {
            let letter = table.get(usize::from(byte & 0x7f));
            return letter.copied().unwrap_or(' ');
        }
        self.windows |= (0x80..=0x9f).contains(&byte);
        let fits = !self.windows
            && match byte {
                // š ž: anywhere in a word.
                0xa8 | 0xb8 => is_letter(before) || is_letter(behind),
                // Š Ž Œ: where a word begins, so that d´Arc keeps its accent.
                0xa6 | 0xb4 | 0xbc => {
                    is_letter(behind) && !is_letter(before) && !before.is_ascii_digit()
                }
                // œ Ÿ: inside a word, so that 2½l stays a measure.
                0xbd | 0xbe => is_letter(before) && is_letter(behind),
                _ => false,
            };
        let latin9 = if fits { latin9(byte) } else { None };
        latin9.unwrap_or(windows_1252(byte))
    }

    /// Makes control characters spaces and every kind of line end a line feed.
    fn clean(&mut self, text: &mut Vec<u8>, start: usize) {
        let Some(new) = text.get_mut(start..) else {
            return;
        };
        if self.after_return && new.first() == Some(&b'\n') {
            // The second half of a line end whose first half was a line feed already.
            self.after_return = false;
            text.remove(start);
            return self.clean(text, start);
        }
        self.after_return &= new.is_empty();
        if !is_any_strange(new) {
            return;
        }
        for byte in new.iter_mut() {
            if is_strange(*byte) && *byte != b'\r' {
                *byte = b' ';
            }
        }
        self.after_return = new.last() == Some(&b'\r');
        let kept = end_lines(new);
        text.truncate(start + kept);
    }
}

fn decode_other(
    decoder: &mut encoding_rs::Decoder,
    mut raw: &[u8],
    last: bool,
    text: &mut Vec<u8>,
) {
    loop {
        let start = text.len();
        let room = decoder
            .max_utf8_buffer_length(raw.len())
            .unwrap_or(raw.len());
        text.resize(start + room + 16, 0);
        let to = text.get_mut(start..).unwrap_or_default();
        let (result, read, written, _) = decoder.decode_to_utf8(raw, to, last);
        text.truncate(start + written);
        raw = from(raw, read);
        if result == CoderResult::InputEmpty {
            return;
        }
    }
}

/// The upper half of a set whose characters are bytes; spaces where it has none.
fn table_of(encoding: &'static Encoding) -> Box<[char; 128]> {
    let mut table = Box::new([' '; 128]);
    for (letter, byte) in table.iter_mut().zip(0x80..=0xff_u8) {
        let bytes = [byte];
        let (text, had_errors) = encoding.decode_without_bom_handling(&bytes);
        if let Some(decoded) = text.chars().next()
            && !had_errors
            && !decoded.is_control()
        {
            *letter = decoded;
        }
    }
    table
}

/// How many bytes at the end of `raw` cannot be read before more is known.
fn undecided(raw: &[u8]) -> usize {
    let cut = cut_character(raw);
    // What these stand for depends on the next byte, where they are no UTF-8.
    let open = matches!(raw.last(), Some(0xa6 | 0xa8 | 0xb4 | 0xb8 | 0xbc..=0xbe));
    let is_character = |length: usize| {
        let last = raw.len().checked_sub(length).map(|start| from(raw, start));
        last.is_some_and(|last| std::str::from_utf8(last).is_ok())
    };
    if cut == 0 && open && !(2..=4).any(is_character) {
        return 1;
    }
    cut
}

/// The length of an unfinished character of UTF-8 at the end of `raw`.
fn cut_character(raw: &[u8]) -> usize {
    for back in 1..=raw.len().min(3) {
        let length = match at(raw, raw.len() - back) {
            0x80..=0xbf => continue,
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => 0,
        };
        return if length > back { back } else { 0 };
    }
    0
}

/// Whether `byte` is a letter in ASCII, Windows-1252 and ISO-8859-15.
fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || (byte >= 0xc0 && byte != 0xd7 && byte != 0xf7)
}

/// What ISO-8859-15 has in place of a character of ISO-8859-1.
fn latin9(byte: u8) -> Option<char> {
    Some(match byte {
        0xa4 => '€',
        0xa6 => 'Š',
        0xa8 => 'š',
        0xb4 => 'Ž',
        0xb8 => 'ž',
        0xbc => 'Œ',
        0xbd => 'œ',
        0xbe => 'Ÿ',
        _ => return None,
    })
}

/// The character of `byte` in Windows-1252; a space where it has none.
pub(super) fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', ' ', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', ' ', 'Ž', ' ', ' ', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', ' ', 'ž', 'Ÿ',
    ];
    let high = byte.checked_sub(0x80).map(usize::from);
    let special = high.and_then(|index| HIGH.get(index));
    special.copied().unwrap_or(char::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(raw: &[u8], declared: Option<&str>, chunk: usize) -> String {
        let (charset, skip) = detect(raw, declared);
        let mut decoder = Decoder::new(charset);
        let mut text = Vec::new();
        let mut held = Vec::new();
        for part in raw[skip..].chunks(chunk) {
            held.extend_from_slice(part);
            let used = decoder.decode(&held, false, &mut text);
            held.drain(..used);
        }
        decoder.decode(&held, true, &mut text);
        String::from_utf8(text).unwrap()
    }

    const NORDIC: &str = "Anna Hämäläinen, anna@example.fi\nSören Åkerlund, 1952-10-13\n";

    #[test]
    fn utf16_is_read_with_and_without_a_mark() {
        for big in [false, true] {
            let units = NORDIC.encode_utf16();
            let bytes: Vec<u8> = units
                .flat_map(|u| {
                    if big {
                        u.to_be_bytes()
                    } else {
                        u.to_le_bytes()
                    }
                })
                .collect();
            assert_eq!(text(&bytes, None, 7), NORDIC);
            let mark = if big { [0xfe, 0xff] } else { [0xff, 0xfe] };
            assert_eq!(text(&[&mark[..], &bytes].concat(), None, 5), NORDIC);
        }
    }

    #[test]
    fn truncated_utf16_keeps_what_came_before() {
        let bytes = [b"a\0n\0n\0a\0@\0".as_slice(), b"x"].concat();
        assert!(text(&bytes, None, 64).starts_with("anna@"));
    }

    #[test]
    fn numbers_of_two_bytes_are_no_utf16() {
        let numbers: Vec<u8> = (0..2000_u16).flat_map(|n| (n % 40).to_le_bytes()).collect();
        assert_eq!(detect(&numbers, None).0, Charset::Mixed);
    }

    #[test]
    fn latin_1_lines_inside_utf8_are_read_byte_by_byte() {
        let mixed = [NORDIC.as_bytes(), b"P\xe4ivi \x80 5\n", NORDIC.as_bytes()].concat();
        let expected = [NORDIC, "Päivi € 5\n", NORDIC].concat();
        assert_eq!(text(&mixed, None, 1), expected);
        assert_eq!(text(&mixed, None, 4096), expected);
    }

    #[test]
    fn latin_9_letters_are_told_by_their_neighbours() {
        assert_eq!(
            text(b"Duda\xb8 \xa6koda s\xbdur \xb4an", None, 1),
            "Dudaž Škoda sœur Žan"
        );
        assert_eq!(text(b"d\xb4Arc 2\xbdl \xa4", None, 1), "d´Arc 2½l ¤");
        assert_eq!(text(b"5 \xa4", Some("ISO-8859-15"), 1), "5 €");
    }

    #[test]
    fn declared_sets_are_read() {
        // "Łódź" in Windows-1250, by Python's codec: a3 f3 64 9f.
        assert_eq!(text(b"\xa3\xf3d\x9f", Some("windows-1250"), 1), "Łódź");
        let page = b"<meta charset='windows-1250'>\xa3\xf3d\x9f";
        assert!(text(page, None, 3).ends_with(">Łódź"));
        let xml = b"<?xml version='1.0' encoding=\"ISO-8859-2\"?>\xa3";
        assert!(text(xml, None, 3).ends_with('Ł'));
    }

    #[test]
    fn a_wrong_declaration_loses_no_ascii() {
        let latin = b"M\xe4@example.fi \xe4 anna@example.fi \xff";
        for label in [
            "gbk",
            "shift_jis",
            "utf-16",
            "utf-7",
            "iso-2022-jp",
            "koi8-r",
        ] {
            let text = text(latin, Some(label), 9);
            assert!(text.contains("anna@example.fi"), "{label}");
            assert!(text.contains("@example.fi "), "{label}");
        }
    }

    #[test]
    fn every_line_end_is_a_line_feed_and_controls_are_spaces() {
        for chunk in 1..9 {
            let clean = text(b"a\r\nb\rc\n\nd\0e\x1bf\x7f\r\r\n\n", None, chunk);
            assert_eq!(clean, "a\nb\nc\n\nd e f \n\n\n", "{chunk}");
        }
    }

    #[test]
    fn windows_1252_is_what_the_encoding_standard_says() {
        for byte in 0x80..=0xffu8 {
            let bytes = [byte];
            let (standard, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes);
            let standard = standard.chars().next().unwrap();
            let expected = if standard.is_control() { ' ' } else { standard };
            assert_eq!(windows_1252(byte), expected);
        }
    }

    proptest! {
        #[test]
        fn chunks_of_any_size_give_the_same(raw: Vec<u8>, chunk in 1_usize..9) {
            prop_assert_eq!(text(&raw, None, chunk), text(&raw, None, 1 << 20));
        }

        #[test]
        fn ascii_is_never_lost(mut raw: Vec<u8>) {
            raw.extend_from_slice(b" anna@example.fi ");
            raw.insert(0, b'a');
            if !matches!(detect(&raw, None).0, Charset::Other(_)) {
                prop_assert!(text(&raw, None, 3).contains(" anna@example.fi "));
            }
        }
    }
}
