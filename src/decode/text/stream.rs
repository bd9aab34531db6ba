//! The bytes of a leaf as text, as much at a time as a parser wants to see.
//!
//! | in  | the leaf's first bytes, and the stream of the rest                  |
//! |-----|---------------------------------------------------------------------|
//! | out | a window of UTF-8, in the buffer that the stream was read into      |
//! | not | a copy of what is UTF-8 already and holds no odd line ends          |

use std::io::{self, ErrorKind, Read};

use super::SNIFF_BYTES;
use super::bytes::{from, span};
use super::charset::{self, Decoder};
use super::clean::make_plain;

/// Text that waits to be parsed.
#[derive(Default)]
pub(super) struct Window {
    bytes: Vec<u8>,
    start: usize,
    end: usize,
}

impl Window {
    /// What waits.
    pub(super) fn text(&self) -> &[u8] {
        span(&self.bytes, self.start..self.end)
    }

    /// Forgets the first `length` bytes.
    pub(super) fn consume(&mut self, length: usize) {
        self.start = (self.start + length).min(self.end);
    }

    /// Room for `length` bytes behind the text.
    fn room(&mut self, length: usize) -> &mut [u8] {
        self.bytes.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        let end = self.end + length;
        if self.bytes.len() < end {
            self.bytes.resize(end, 0);
        }
        self.bytes.get_mut(self.end..end).unwrap_or_default()
    }

    /// The first `length` bytes of the room.
    fn filled(&self, length: usize) -> &[u8] {
        span(&self.bytes, self.end..self.end + length)
    }

    /// Makes the first `length` bytes of the room text, plainly written.
    fn grow(&mut self, length: usize) {
        let end = (self.end + length).min(self.bytes.len());
        self.end += self.bytes.get_mut(self.end..end).map_or(0, make_plain);
    }

    fn push(&mut self, text: &[u8]) {
        self.room(text.len()).copy_from_slice(text);
        self.end += text.len();
    }
}

/// The stream, and the bytes of it that are not text yet.
pub(super) struct Stream<'s> {
    /// The first bytes, as far as they were not taken in.
    head: Vec<u8>,
    bytes: &'s mut dyn Read,
    /// How the stream ended, once it has.
    ended: Option<io::Result<()>>,
    decoder: Decoder,
    chunk: usize,
    /// Bytes that wait for those behind them.
    raw: Vec<u8>,
    /// What the bytes of a chunk become that are not text as they stand.
    decoded: Vec<u8>,
    /// Bytes taken from the stream, its head included.
    taken: u64,
}

impl<'s> Stream<'s> {
    /// Enough of the stream is read to tell what it is written in.
    pub(super) fn new(
        head: &[u8],
        stream: &'s mut dyn Read,
        charset: Option<&str>,
        chunk: usize,
    ) -> Self {
        let mut source = Self {
            head: Vec::new(),
            bytes: stream,
            ended: None,
            decoder: Decoder::new(charset::Charset::Mixed),
            chunk,
            raw: Vec::new(),
            decoded: Vec::new(),
            taken: u64::try_from(head.len()).unwrap_or(0),
        };
        let mut head = head.to_vec();
        let length = head.len();
        head.resize(length.max(SNIFF_BYTES), 0);
        let filled = length + source.read_into(head.get_mut(length..).unwrap_or_default());
        head.truncate(filled);
        let (charset, mark) = charset::detect(&head, charset);
        head.drain(..mark);
        source.head = head;
        source.decoder = Decoder::new(charset);
        source
    }

    /// Bytes taken from the stream, its head included.
    pub(super) fn taken(&self) -> u64 {
        self.taken
    }

    /// Appends the text of the next chunk to `window`; whether that was the last.
    ///
    /// Chunks are filled, so that what is found does not depend on how the stream
    /// happens to arrive.
    pub(super) fn fill(&mut self, window: &mut Window) -> io::Result<bool> {
        let part = self.head.len().min(self.chunk);
        self.raw.extend(self.head.drain(..part));
        let held = self.raw.len();
        let is_known = !self.head.is_empty() || self.ended.is_some();
        let room = window.room(if is_known { held } else { held.max(self.chunk) });
        let (known, free) = room.split_at_mut(held.min(room.len()));
        known.copy_from_slice(&self.raw);
        let filled = held + self.read_into(free);
        let ended = if self.head.is_empty() {
            self.ended.take()
        } else {
            None
        };
        if let Some(Err(error)) = ended {
            self.raw
                .extend_from_slice(from(window.filled(filled), held));
            return Err(error);
        }
        let raw = window.filled(filled);
        if let Some(used) = self.decoder.keep(raw, ended.is_some()) {
            self.raw.clear();
            self.raw.extend_from_slice(from(raw, used));
            window.grow(used);
        } else {
            self.raw.extend_from_slice(from(raw, held));
            self.decode(ended.is_some(), window);
        }
        Ok(ended.is_some())
    }

    /// Reads until `room` is full, or the stream ends; how much that was.
    fn read_into(&mut self, room: &mut [u8]) -> usize {
        let mut filled = 0;
        while filled < room.len() && self.ended.is_none() {
            let free = room.get_mut(filled..).unwrap_or_default();
            let most = free.len();
            match self.bytes.read(free) {
                Ok(0) => self.ended = Some(Ok(())),
                Ok(count) => {
                    let count = count.min(most);
                    filled += count;
                    self.taken += u64::try_from(count).unwrap_or(0);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => self.ended = Some(Err(error)),
            }
        }
        filled
    }

    /// Appends the text of what was read before an error.
    pub(super) fn flush(&mut self, window: &mut Window) {
        self.raw.append(&mut self.head);
        self.decode(true, window);
    }

    fn decode(&mut self, last: bool, window: &mut Window) {
        self.decoded.clear();
        let used = self.decoder.decode(&self.raw, last, &mut self.decoded);
        self.raw.drain(..used.min(self.raw.len()));
        window.push(&self.decoded);
    }
}
