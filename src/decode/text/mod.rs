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

mod buffer;
mod builder;
mod bytes;
mod charset;
mod clean;
mod columns;
mod csv;
mod entities;
mod escape;
mod html;
mod json;
mod marks;
mod markup;
mod members;
mod nest;
mod plain;
mod rows;
mod sniff;
mod sql;
mod sql_names;
mod sql_strings;
mod stream;
mod tuples;
mod xml;

#[cfg(test)]
mod tests;

use std::io::{self, Read};

use self::builder::Builder;
use self::stream::{Stream, Window};
use super::{Context, Out, Tally};
use crate::base::{Format, Origin};

pub use self::builder::PIECE;
pub use self::sniff::sniff;

/// How many of a stream's first bytes [`sniff()`] wants to see.
pub const SNIFF_BYTES: usize = 64 << 10;

/// Bytes that are taken from a stream at once.
const CHUNK: usize = 256 << 10;
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
    let mut source = Stream::new(head, stream, charset, CHUNK);
    let mut builder = Builder::new(out, context.piece_bytes);
    let failure = read_all(&mut source, format, context, &mut builder);
    let bytes = source.taken();
    out.end(bytes);
    (Tally::examined(bytes), failure)
}

fn read_all(
    source: &mut Stream<'_>,
    format: Format,
    context: Context<'_>,
    to: &mut Builder<'_>,
) -> Option<io::Error> {
    let mut window = Window::default();
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
        if parser.is_none() && !last && window.text().len() < TOKEN {
            continue;
        }
        let parser = parser.get_or_insert_with(|| parser_of(format, window.text()));
        let used = parser.feed(window.text(), last, to);
        window.consume(used);
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
