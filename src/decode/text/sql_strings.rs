//! Strings of SQL dumps: where they end, and what they say.
//!
//! Dialects differ in what a backslash means (MySQL: an escape; standard SQL: a
//! letter), and a dump does not always say which one it is in.

use memchr::{memchr2, memchr3, memmem};

use super::builder::Builder;
use super::bytes::{at, begins_with, from, span};

/// What a backslash before a quote means.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Backslash {
    /// MySQL: the quote is text.
    Escapes,
    /// Standard SQL: nothing.
    Letter,
    /// Nobody says: text, unless a comma or a bracket follows.
    Guess,
}

/// Where a string ends.
pub(super) enum End {
    /// At its quote.
    Quote(usize),
    /// Nowhere: a statement begins at this line feed.
    Statement(usize),
    /// Behind what is known; up to here, all is its text.
    Unknown(usize),
}

impl Backslash {
    /// What the start of a dump says about it.
    pub(super) fn learn(sample: &[u8]) -> Self {
        let has = |word: &[u8]| memmem::find(sample, word).is_some();
        if has(b"MySQL dump")
            || has(b"MariaDB dump")
            || has(b"/*!4")
            || has(b"ENGINE=")
            || has(b"phpMyAdmin")
        {
            Backslash::Escapes
        } else if has(b"standard_conforming_strings = on")
            || has(b"PRAGMA ")
            || has(b"SET ANSI_NULLS")
        {
            Backslash::Letter
        } else {
            Backslash::Guess
        }
    }
}

/// Looks for the end of a string from `start` on.
pub(super) fn end_of_string(
    text: &[u8],
    start: usize,
    quote: u8,
    mode: Backslash,
    last: bool,
) -> End {
    let mut place = start;
    while let Some(found) = memchr3(quote, b'\\', b'\n', from(text, place)).map(|n| place + n) {
        let next = at(text, found + 1);
        let known = last || found + 2 < text.len();
        match at(text, found) {
            b'\n' if begins_statement(from(text, found + 1)) => return End::Statement(found),
            b'\n' if !last && text.len() - found < 16 => return End::Unknown(found),
            b'\n' => place = found + 1,
            b'\\' if mode == Backslash::Letter => place = found + 1,
            b'\\' if !known => return End::Unknown(found),
            b'\\'
                if mode == Backslash::Guess
                    && next == quote
                    && matches!(at(text, found + 2), b',' | b')' | b';') =>
            {
                return End::Quote(found + 1);
            }
            b'\\' => place = found + 2,
            _ if !known => {
                return if last || found + 1 < text.len() && next != quote {
                    End::Quote(found)
                } else {
                    End::Unknown(found)
                };
            }
            _ if next == quote => place = found + 2,
            _ => return End::Quote(found),
        }
    }
    End::Unknown(text.len())
}

/// Whether a dump's statement begins here: no text in a string looks like that.
fn begins_statement(line: &[u8]) -> bool {
    begins_with(line, b"INSERT INTO ") || begins_with(line, b"CREATE TABLE ")
}

/// Adds the text of a string. `\u` and `\x` are left to the pass over the piece.
pub(super) fn push_string(string: &[u8], quote: u8, mode: Backslash, to: &mut Builder<'_>) {
    let mut rest = string;
    while let Some(found) = memchr2(quote, b'\\', rest) {
        let next = at(rest, found + 1);
        let (kept, plain): (usize, &[u8]) = match (at(rest, found), next) {
            (b'\\', _) if mode == Backslash::Letter => (found + 1, b""),
            (b'\\', b'n' | b'r' | b't' | b'0' | b'Z' | b'b' | b'f' | b'v') => (found, b" "),
            (b'\\', b'\\') => (found, b"\\"),
            (b'\\', b'\'') => (found, b"'"),
            (b'\\', b'"') => (found, b"\""),
            // A doubled quote, or one that was escaped.
            (first, second) if first == quote && second == quote => {
                (found, if quote == b'"' { b"\"" } else { b"'" })
            }
            _ => (found + 1, b""),
        };
        to.push(span(rest, 0..kept));
        to.push(plain);
        rest = from(rest, found + 1 + plain.len());
    }
    to.push(rest);
}

/// The text that hexadecimal digits spell, as `mysqldump --hex-blob` (`0x616E…`)
/// and SQLite (`X'616e…'`) write it; `None` where they spell no UTF-8 text.
pub(super) fn hex_text(digits: &[u8]) -> Option<Vec<u8>> {
    let value = |b: u8| {
        char::from(b)
            .to_digit(16)
            .and_then(|d| u8::try_from(d).ok())
    };
    let mut text = Vec::with_capacity(digits.len() / 2);
    for pair in digits.chunks(2) {
        let [high, low] = pair else {
            return None;
        };
        let byte = value(*high)? << 4 | value(*low)?;
        if byte == 0x7f || byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r') {
            return None;
        }
        text.push(byte);
    }
    (text.len() >= 4 && std::str::from_utf8(&text).is_ok()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(string: &str, mode: Backslash) -> Option<usize> {
        match end_of_string(string.as_bytes(), 0, b'\'', mode, true) {
            End::Quote(end) => Some(end),
            End::Statement(_) | End::Unknown(_) => None,
        }
    }

    #[test]
    fn a_backslash_means_what_its_dialect_says() {
        assert_eq!(end(r"C:\', 'x'", Backslash::Letter), Some(3));
        assert_eq!(end(r"C:\', 'x'", Backslash::Escapes), Some(6));
        assert_eq!(end(r"O\'Brien')", Backslash::Guess), Some(8));
        assert_eq!(end(r"C:\', 'x'", Backslash::Guess), Some(3));
    }

    #[test]
    fn a_doubled_quote_is_text() {
        assert_eq!(end("O''Brien')", Backslash::Letter), Some(8));
        assert_eq!(end("''", Backslash::Letter), None);
    }
}
