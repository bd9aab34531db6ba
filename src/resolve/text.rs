//! Turns the bytes of a list into UTF-8 with one kind of line end.
//!
//! UTF-16 is told by its mark, UTF-8 and Windows-1252 by the first character that
//! is not ASCII: what is sound UTF-8 there is meant as UTF-8. A later character
//! that is not sound becomes U+FFFD, and the cell that holds it is a reject. So
//! the file is read once, and may come from a pipe.

use std::io::{self, Read};

use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::Error;

/// Read from the disk at once.
const CHUNK_BYTES: usize = 1 << 16;
/// The longest header line.
const HEADER_BYTES: usize = 1 << 20;
/// The longest row. A quotation mark that is never closed makes one row of the rest
/// of the file.
const ROW_BYTES: u64 = 16 << 20;
/// How much of the beginning is looked at to tell a list from a picture.
const HEAD_BYTES: usize = 8 << 10;

/// First bytes of what is mistaken for a list most often.
const OTHERS: [(&[u8], &str); 6] = [
    (
        b"PK\x03\x04",
        "a zip archive, an .xlsx or an .ods spreadsheet",
    ),
    (
        b"\xd0\xcf\x11\xe0",
        "an .xls spreadsheet or another Office document",
    ),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"blindsift-watchlist ", "a watchlist already"),
];

/// Decoded text of a list, read like a file.
pub(super) struct Text<R> {
    input: R,
    encoding: &'static Encoding,
    /// `None` as long as there was nothing but ASCII, and after the end.
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    decoded: String,
    position: usize,
    ends_in_cr: bool,
    ends_in_lf: bool,
    is_over: bool,
    bytes_read: u64,
    row_bytes: u64,
}

impl<R: Read> Text<R> {
    /// Begins to read `input` and refuses what is not text.
    pub(super) fn new(input: R) -> Result<Self, Error> {
        let mut text = Self {
            input,
            encoding: UTF_8,
            decoder: None,
            raw: Vec::new(),
            decoded: String::new(),
            position: 0,
            ends_in_cr: false,
            ends_in_lf: true,
            is_over: false,
            bytes_read: 0,
            row_bytes: 0,
        };
        text.begin()?;
        Ok(text)
    }

    fn begin(&mut self) -> Result<(), Error> {
        while self.raw.len() < HEAD_BYTES && !self.is_over {
            self.read_raw().map_err(Error::Read)?;
        }
        if self.raw.is_empty() {
            return Err(Error::Empty);
        }
        for (mark, encoding) in [
            (&b"\xef\xbb\xbf"[..], UTF_8),
            (b"\xff\xfe", UTF_16LE),
            (b"\xfe\xff", UTF_16BE),
        ] {
            if self.raw.starts_with(mark) {
                self.raw.drain(..mark.len());
                self.decode_as(encoding);
                return Ok(());
            }
        }
        match OTHERS.iter().find(|(mark, _)| self.raw.starts_with(mark)) {
            Some((_, what)) => Err(Error::Binary { what }),
            None if self.raw.contains(&0) => Err(Error::Binary {
                what: "binary, or UTF-16 without its mark",
            }),
            None if self.raw.iter().any(|byte| is_binary(*byte)) => {
                Err(Error::Binary { what: "binary" })
            }
            None => Ok(()),
        }
    }

    /// The first line that is not empty, as it stands, without consuming it; before
    /// it, the delimiter if a line of Excel's (`sep=;`) names one.
    pub(super) fn header(&mut self) -> Result<(Option<u8>, String), Error> {
        loop {
            let (separator, rest) = separator(self.decoded.trim_start_matches('\n'));
            let mut is_quoted = false;
            let end = rest.find(|character| {
                is_quoted ^= character == '"';
                character == '\n' && !is_quoted
            });
            if let Some(line) = end.and_then(|end| rest.get(..end)) {
                return Ok((separator, line.to_owned()));
            }
            // Blank lines before it count, or a file of them fills the memory.
            if self.decoded.len() > HEADER_BYTES {
                return Err(Error::NoHeader);
            }
            if !self.fill().map_err(Error::Read)? {
                // A quotation mark is never closed, or there is nothing at all.
                return Err(match self.decoded.trim() {
                    "" => Error::Empty,
                    _ => Error::NoHeader,
                });
            }
        }
    }

    /// Says that a row ends here, and the next may be as long again.
    pub(super) fn end_row(&mut self) {
        self.row_bytes = 0;
    }

    /// Whether the row that is being read is longer than a row may be.
    pub(super) fn row_is_too_long(&self) -> bool {
        self.row_bytes > ROW_BYTES
    }

    /// Bytes of the file that were read so far.
    pub(super) fn bytes_read(&self) -> u64 {
        self.bytes_read
    }

    /// The encoding's name, as it turned out so far.
    pub(super) fn encoding(&self) -> &'static str {
        self.encoding.name()
    }

    /// Adds the next text to what was not consumed; false at the end.
    fn fill(&mut self) -> io::Result<bool> {
        if self.raw.is_empty() && !self.is_over {
            self.read_raw()?;
        }
        if self.raw.is_empty() {
            return Ok(self.finish());
        }
        if self.decoder.is_none() && !self.raw.is_ascii() {
            self.decide()?;
        }
        let raw = std::mem::take(&mut self.raw);
        self.decode(&raw, false);
        self.raw = raw;
        self.raw.clear();
        Ok(true)
    }

    /// Chooses between UTF-8 and Windows-1252 by the first bytes beyond ASCII.
    fn decide(&mut self) -> io::Result<()> {
        let start = self.raw.iter().take_while(|byte| byte.is_ascii()).count();
        // No character of UTF-8 has more than four bytes.
        while self.raw.len() < start + 4 && !self.is_over {
            self.read_raw()?;
        }
        let rest = self.raw.get(start..).unwrap_or_default();
        let is_utf_8 = match std::str::from_utf8(rest) {
            Ok(_) => true,
            Err(error) => error.valid_up_to() > 0,
        };
        self.decode_as(if is_utf_8 { UTF_8 } else { WINDOWS_1252 });
        Ok(())
    }

    fn decode_as(&mut self, encoding: &'static Encoding) {
        self.encoding = encoding;
        self.decoder = Some(encoding.new_decoder_without_bom_handling());
    }

    fn read_raw(&mut self) -> io::Result<()> {
        let read = (&mut self.input)
            .take(CHUNK_BYTES as u64)
            .read_to_end(&mut self.raw)?;
        self.is_over = read == 0;
        self.bytes_read += read as u64;
        Ok(())
    }

    fn decode(&mut self, raw: &[u8], is_last: bool) {
        let Some(decoder) = &mut self.decoder else {
            // Nothing but ASCII so far: the same in UTF-8 and in Windows-1252.
            let text = String::from_utf8_lossy(raw);
            self.append(&text);
            return;
        };
        let room = decoder.max_utf8_buffer_length(raw.len());
        let mut text = String::with_capacity(room.unwrap_or_default());
        let _ = decoder.decode_to_string(raw, &mut text, is_last);
        self.append(&text);
    }

    /// Adds `text`, each of its line ends as one line feed.
    fn append(&mut self, text: &str) {
        for line in text.split_inclusive(['\r', '\n']) {
            match line.strip_suffix('\r') {
                Some(body) => {
                    self.decoded.push_str(body);
                    self.decoded.push('\n');
                }
                // The second half of a CR LF.
                None if line == "\n" && self.ends_in_cr => {}
                None => self.decoded.push_str(line),
            }
            self.ends_in_cr = line.ends_with('\r');
        }
        if !text.is_empty() {
            self.ends_in_lf = text.ends_with(['\r', '\n']);
        }
    }

    /// Ends the last character and the last line; false when that was done before.
    fn finish(&mut self) -> bool {
        self.decode(&[], true);
        self.decoder = None;
        let had_no_end = !self.ends_in_lf;
        if had_no_end {
            self.append("\n");
        }
        had_no_end
    }
}

impl<R: Read> Read for Text<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        while self.position == self.decoded.len() {
            self.decoded.clear();
            self.position = 0;
            if !self.fill()? {
                return Ok(0);
            }
        }
        if self.row_is_too_long() {
            return Err(io::Error::other("the row is too long"));
        }
        let mut rest = self.decoded.as_bytes().get(self.position..).unwrap_or(&[]);
        let read = rest.read(to)?;
        self.position += read;
        self.row_bytes += read as u64;
        Ok(read)
    }
}

/// The delimiter that `text` begins with a line about, and what stands behind it.
fn separator(text: &str) -> (Option<u8>, &str) {
    let named = text.split_once('\n').and_then(|(line, rest)| {
        let line = line.trim_matches('"');
        let (prefix, byte) = line.split_at_checked(4)?;
        let [byte @ (b'\t' | b' '..=b'~')] = *byte.as_bytes() else {
            return None;
        };
        prefix
            .eq_ignore_ascii_case("sep=")
            .then(|| (Some(byte), rest.trim_start_matches('\n')))
    });
    named.unwrap_or((None, text))
}

fn is_binary(byte: u8) -> bool {
    // 0x1A ended a file in DOS.
    byte < b' ' && !b"\t\n\r\x0c\x1a".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte at a time, as a slow pipe may.
    struct Drops<'a>(&'a [u8]);

    impl Read for Drops<'_> {
        fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
            let mut one = self.0.get(..1).unwrap_or_default();
            self.0 = self.0.get(1..).unwrap_or_default();
            one.read(to)
        }
    }

    fn decoded(bytes: &[u8]) -> (String, &'static str) {
        let mut text = Text::new(Drops(bytes)).unwrap();
        let mut all = String::new();
        text.read_to_string(&mut all).unwrap();
        (all, text.encoding())
    }

    fn utf_16(text: &str, spell: fn(u16) -> [u8; 2]) -> Vec<u8> {
        std::iter::once(0xfeff)
            .chain(text.encode_utf16())
            .flat_map(spell)
            .collect()
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let text = "nimi;hetu\nÄijö €;\u{1f600}\n";
        assert_eq!(decoded(text.as_bytes()), (text.to_owned(), "UTF-8"));
        let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
        assert_eq!(decoded(&marked), (text.to_owned(), "UTF-8"));
        let little = utf_16(text, u16::to_le_bytes);
        assert_eq!(decoded(&little), (text.to_owned(), "UTF-16LE"));
        let big = utf_16(text, u16::to_be_bytes);
        assert_eq!(decoded(&big), (text.to_owned(), "UTF-16BE"));
        // Windows-1252: 0xC4 is Ä, 0xF6 is ö, 0x80 is the euro sign.
        assert_eq!(
            decoded(b"nimi\n\xc4ij\xf6 \x80\n"),
            ("nimi\nÄijö €\n".to_owned(), "windows-1252")
        );
    }

    #[test]
    fn the_first_character_beyond_ascii_decides_wherever_it_stands() {
        // Beyond the bytes that are looked at in the beginning, at each offset.
        for before in CHUNK_BYTES - 4..CHUNK_BYTES + 4 {
            let mut bytes = vec![b'a'; before];
            bytes.extend("ä\n".as_bytes());
            assert!(decoded(&bytes).0.ends_with("aä\n"));
        }
    }

    #[test]
    fn damaged_utf_8_is_marked_and_not_taken_for_another_encoding() {
        assert_eq!(decoded("ä\n\n".as_bytes()).0, "ä\n\n");
        let (text, encoding) = decoded(b"\xc3\xa4\n\xe4\n");
        assert_eq!((text.as_str(), encoding), ("ä\n\u{fffd}\n", "UTF-8"));
        assert_eq!(decoded(b"\xc3\xa4\xc3").0, "ä\u{fffd}\n");
    }

    #[test]
    fn every_line_end_is_one_line_feed_and_the_last_line_has_one() {
        assert_eq!(decoded(b"a\r\nb\rc\n\r\nd").0, "a\nb\nc\n\nd\n");
        assert_eq!(decoded(b"a\r").0, "a\n");
    }

    #[test]
    fn the_header_is_seen_and_still_read() {
        let mut text = Text::new(&b"\n\n\"a\nb\";c\nd\n"[..]).unwrap();
        assert_eq!(text.header().unwrap(), (None, "\"a\nb\";c".to_owned()));
        let mut all = String::new();
        text.read_to_string(&mut all).unwrap();
        assert_eq!(all, "\n\n\"a\nb\";c\nd\n");
    }

    #[test]
    fn what_is_no_text_is_refused_by_what_it_is() {
        let refused = |bytes: &[u8]| Text::new(bytes).err().unwrap().to_string();
        assert!(refused(b"PK\x03\x04rest").contains("spreadsheet"));
        assert!(refused(b"\x89PNG\r\n\x1a\n\0\0").contains("binary"));
        assert!(refused(b"a\0b\0").contains("UTF-16 without its mark"));
        assert!(matches!(Text::new(&b""[..]), Err(Error::Empty)));
        let mut blank = Text::new(&b"\xef\xbb\xbf\r\n\r\n"[..]).unwrap();
        assert!(matches!(blank.header(), Err(Error::Empty)));
    }

    #[test]
    fn a_header_without_an_end_is_refused_before_it_fills_the_memory() {
        for byte in *b"a\n" {
            let mut text = Text::new(io::repeat(byte)).unwrap();
            assert!(matches!(text.header(), Err(Error::NoHeader)));
        }
    }

    #[test]
    fn a_row_without_an_end_is_refused_before_it_fills_the_memory() {
        let mut text = Text::new(io::repeat(b'a')).unwrap();
        let copied = io::copy(&mut text, &mut io::sink());
        assert!(copied.is_err() && text.row_is_too_long());
    }
}
