//! Text in all its formats: bytes in, pieces of searchable text out.
//!
//! | in  | a byte stream, its first bytes, perhaps a declared character set    |
//! |-----|---------------------------------------------------------------------|
//! | out | pieces of UTF-8 with their records, cells and headings              |
//! | not | strictness: what breaks the format's rules is searched all the same |
//!
//! Bytes become text (`charset`), a parser per format finds the records, the
//! builder makes pieces of them and undoes escapes (`escape`). All of it streams
//! and takes time in proportion to the input, whatever stands in it: what a parser
//! must see whole (a tag, a quoted cell) is at most 64 KiB, else it is mere text.

mod builder;
mod bytes;
mod charset;
mod columns;
mod csv;
mod entities;
mod escape;
mod html;
mod json;
mod markup;
mod nest;
mod plain;
mod sniff;
mod sql;
mod sql_names;
mod sql_strings;
mod xml;

#[cfg(test)]
mod tests;

use std::io::{self, ErrorKind, Read};

use self::builder::Builder;
use self::charset::Decoder;
use super::{Context, Out, Tally};
use crate::base::{Format, Origin};

pub use self::builder::PIECE;
pub use self::sniff::sniff;

/// How many of a stream's first bytes [`sniff()`] wants to see.
pub const SNIFF_BYTES: usize = 64 << 10;

/// Bytes that are taken from a stream at once.
const CHUNK: usize = 128 << 10;
/// What a parser must see as a whole is at most this long.
const TOKEN: usize = 64 << 10;

/// Finds the records of one format.
trait Parser {
    /// Takes in `text`, which begins with what was left of it last time, and tells
    /// how much of it is done. Leaves less than [`TOKEN`] bytes, of the `last` text
    /// none.
    fn feed(&mut self, text: &[u8], last: bool, to: &mut Builder<'_>) -> usize;
}

/// Reads text to its end.
///
/// `head` are bytes that were already taken from `stream` to sniff; they come
/// first. `charset` is what somebody else (a `Content-Type`) declared. An error of
/// `stream`, or a limit of the budget, ends the leaf: what came before it is
/// examined, and the error stands beside the account of what was read.
pub fn read(
    head: &[u8],
    stream: &mut dyn Read,
    charset: Option<&str>,
    format: Format,
    origin: Origin,
    context: Context<'_>,
    out: &mut dyn Out,
) -> (Tally, Option<io::Error>) {
    out.begin(origin, format);
    let mut source = Source::new(head, stream, charset, CHUNK);
    let mut builder = Builder::new(out, context.piece_bytes);
    let failure = read_all(&mut source, format, context, &mut builder);
    let bytes = source.taken;
    out.end(bytes);
    (Tally::examined(bytes), failure)
}

fn read_all(
    source: &mut Source<'_>,
    format: Format,
    context: Context<'_>,
    to: &mut Builder<'_>,
) -> Option<io::Error> {
    let mut window = Vec::new();
    let mut parser: Option<Box<dyn Parser>> = None;
    let mut failure = None;
    loop {
        let checked = context.budget.check_time().map_err(io::Error::from);
        let filled = checked.and_then(|()| source.fill(&mut window));
        let last = filled.unwrap_or_else(|error| {
            source.flush(&mut window);
            failure = Some(error);
            true
        });
        // Parsers learn dialects from the start of the text.
        if parser.is_none() && !last && window.len() < TOKEN {
            continue;
        }
        let parser = parser.get_or_insert_with(|| parser_of(format, &window));
        let used = parser.feed(&window, last, to);
        window.drain(..used.min(window.len()));
        if last {
            to.finish();
            return failure;
        }
    }
}

fn parser_of(format: Format, sample: &[u8]) -> Box<dyn Parser> {
    match format {
        Format::Csv => Box::new(csv::Csv::new(sample)),
        Format::Json => Box::new(json::Json::default()),
        Format::Sql => Box::new(sql::Sql::new(sample)),
        Format::Html => Box::new(html::Html::default()),
        Format::Xml => Box::new(xml::Xml::new(sample)),
        _ => Box::new(plain::Plain),
    }
}

/// The stream, and the bytes of it that are not decoded yet.
struct Source<'s> {
    /// The first bytes, as far as they were not taken in.
    head: Vec<u8>,
    stream: &'s mut dyn Read,
    /// How the stream ended, once it has.
    ended: Option<io::Result<()>>,
    decoder: Decoder,
    chunk: usize,
    raw: Vec<u8>,
    /// Bytes taken from the stream, its head included.
    taken: u64,
}

impl<'s> Source<'s> {
    /// Enough of the stream is read to tell what it is written in.
    fn new(head: &[u8], stream: &'s mut dyn Read, charset: Option<&str>, chunk: usize) -> Self {
        let mut source = Self {
            head: Vec::new(),
            stream,
            ended: None,
            decoder: Decoder::new(charset::Charset::Mixed),
            chunk,
            raw: Vec::new(),
            taken: u64::try_from(head.len()).unwrap_or(0),
        };
        let mut head = head.to_vec();
        source.read_into(&mut head, SNIFF_BYTES);
        let (charset, mark) = charset::detect(&head, charset);
        head.drain(..mark);
        source.head = head;
        source.decoder = Decoder::new(charset);
        source
    }

    /// Appends the text of the next chunk to `window`; whether that was the last.
    ///
    /// Chunks are filled, so that what is found does not depend on how the stream
    /// happens to arrive.
    fn fill(&mut self, window: &mut Vec<u8>) -> io::Result<bool> {
        let mut raw = std::mem::take(&mut self.raw);
        let full = raw.len() + self.chunk;
        let part = self.head.len().min(self.chunk);
        raw.extend(self.head.drain(..part));
        if self.head.is_empty() {
            self.read_into(&mut raw, full);
        }
        self.raw = raw;
        let ended = if self.head.is_empty() {
            self.ended.take()
        } else {
            None
        };
        if let Some(Err(error)) = ended {
            return Err(error);
        }
        self.decode(ended.is_some(), window);
        Ok(ended.is_some())
    }

    /// Reads until `raw` holds `full` bytes, or the stream ends.
    fn read_into(&mut self, raw: &mut Vec<u8>, full: usize) {
        let mut filled = raw.len();
        raw.resize(full.max(filled), 0);
        while filled < full && self.ended.is_none() {
            let room = raw.get_mut(filled..full).unwrap_or_default();
            match self.stream.read(room) {
                Ok(0) => self.ended = Some(Ok(())),
                Ok(count) => {
                    let count = count.min(full - filled);
                    filled += count;
                    self.taken += u64::try_from(count).unwrap_or(0);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => self.ended = Some(Err(error)),
            }
        }
        raw.truncate(filled);
    }

    /// Appends the text of what was read before an error.
    fn flush(&mut self, window: &mut Vec<u8>) {
        self.raw.append(&mut self.head);
        self.decode(true, window);
    }

    fn decode(&mut self, last: bool, window: &mut Vec<u8>) {
        let used = self.decoder.decode(&self.raw, last, window);
        self.raw.drain(..used.min(self.raw.len()));
    }
}
