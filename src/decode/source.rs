//! What a decoder reads: a stream that can be looked at before it is read.
//!
//! | in  | any `Read`                                                    |
//! |-----|---------------------------------------------------------------|
//! | out | its bytes, how many were taken, and the error that ended them  |
//! | not | more than one buffer in memory, no second try after an error   |

use std::io::{self, BufRead, Read};

use super::fault;

/// How far a source can be looked into, in bytes.
pub(super) const BUFFER_BYTES: usize = 64 << 10;

/// A counted, buffered stream that remembers why it ended.
pub(super) struct Source<'a> {
    stream: &'a mut (dyn Read + 'a),
    buffer: Vec<u8>,
    start: usize,
    taken: u64,
    ended: bool,
    error: Option<io::Error>,
}

impl<'a> Source<'a> {
    pub(super) fn new(stream: &'a mut (dyn Read + 'a)) -> Self {
        Self {
            stream,
            buffer: Vec::new(),
            start: 0,
            taken: 0,
            ended: false,
            error: None,
        }
    }

    /// How many bytes were taken.
    pub(super) fn position(&self) -> u64 {
        self.taken
    }

    /// The next bytes, `wanted` of them or all that are left, at most
    /// [`BUFFER_BYTES`]. They are not taken.
    pub(super) fn peek(&mut self, wanted: usize) -> &[u8] {
        let wanted = wanted.min(BUFFER_BYTES);
        while self.buffered().len() < wanted && self.more() {}
        let end = wanted.min(self.buffered().len());
        self.buffered().get(..end).unwrap_or_default()
    }

    /// Whether the buffer holds everything that is left.
    pub(super) fn is_last_buffer(&self) -> bool {
        self.ended || self.error.is_some()
    }

    /// The error that ended the stream.
    pub(super) fn error(&self) -> Option<&io::Error> {
        self.error.as_ref()
    }

    /// Takes everything that is left and returns how much that was.
    pub(super) fn drain(&mut self) -> u64 {
        let before = self.taken;
        loop {
            let length = self.buffered().len();
            self.consume(length);
            if !self.more() {
                return self.taken - before;
            }
        }
    }

    /// Takes up to `wanted` bytes without looking at them.
    pub(super) fn skip(&mut self, wanted: u64) -> u64 {
        let mut left = wanted;
        while left > 0 {
            if self.buffered().is_empty() && !self.more() {
                break;
            }
            let length = self.buffered().len();
            let step = usize::try_from(left).unwrap_or(usize::MAX).min(length);
            self.consume(step);
            left -= step as u64;
        }
        wanted - left
    }

    /// Puts `bytes`, which were taken last, back to where they were.
    pub(super) fn give_back(&mut self, bytes: &[u8]) {
        self.buffer.splice(..self.start, bytes.iter().copied());
        self.start = 0;
        self.taken = self.taken.saturating_sub(bytes.len() as u64);
    }

    fn buffered(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or_default()
    }

    /// Reads past the empty buffer.
    fn read_through(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match read_some(self.stream, into) {
            Ok(count) => {
                self.ended = count == 0;
                self.taken += count as u64;
                Ok(count)
            }
            Err(error) => {
                let copy = fault::copy(&error);
                self.error = Some(error);
                Err(copy)
            }
        }
    }

    /// Reads more into the buffer; whether there was more.
    fn more(&mut self) -> bool {
        if self.is_last_buffer() {
            return false;
        }
        self.buffer.drain(..self.start);
        self.start = 0;
        let old = self.buffer.len();
        self.buffer.resize(BUFFER_BYTES.max(old), 0);
        let free = self.buffer.get_mut(old..).unwrap_or_default();
        let read = read_some(self.stream, free);
        let count = *read.as_ref().unwrap_or(&0);
        self.buffer.truncate(old + count);
        match read {
            Ok(0) => self.ended = true,
            Ok(_) => {}
            Err(error) => self.error = Some(error),
        }
        count > 0
    }
}

impl BufRead for Source<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.buffered().is_empty()
            && !self.more()
            && let Some(error) = &self.error
        {
            return Err(fault::copy(error));
        }
        Ok(self.buffered())
    }

    fn consume(&mut self, amount: usize) {
        let amount = amount.min(self.buffered().len());
        self.start += amount;
        self.taken += amount as u64;
    }
}

impl Read for Source<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.buffered().is_empty() && into.len() >= BUFFER_BYTES && !self.is_last_buffer() {
            return self.read_through(into);
        }
        let mut buffered = self.fill_buf()?;
        let count = buffered.read(into)?;
        self.consume(count);
        Ok(count)
    }
}

fn read_some(stream: &mut dyn Read, into: &mut [u8]) -> io::Result<usize> {
    loop {
        match stream.read(into) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            // A reader that claims more than it was given room for is wrong.
            read => return read.map(|count| count.min(into.len())),
        }
    }
}

/// Exactly the next `left` bytes of a stream.
///
/// A stream that ends before them is truncated, and says so by an error.
pub(super) struct Limited<'a, R: ?Sized> {
    stream: &'a mut R,
    left: u64,
}

impl<'a, R: Read + ?Sized> Limited<'a, R> {
    pub(super) fn new(stream: &'a mut R, left: u64) -> Self {
        Self { stream, left }
    }
}

impl<R: Read + ?Sized> Read for Limited<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left)
            .unwrap_or(usize::MAX)
            .min(into.len());
        let Some(into) = into.get_mut(..most).filter(|into| !into.is_empty()) else {
            return Ok(0);
        };
        match self.stream.read(into)? {
            0 => Err(fault::truncated()),
            count => {
                self.left = self.left.saturating_sub(count as u64);
                Ok(count)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One byte at a time, then an error.
    struct Drip(Vec<u8>);

    impl Read for Drip {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return Err(io::ErrorKind::ConnectionReset.into());
            }
            into[0] = self.0.remove(0);
            Ok(1)
        }
    }

    #[test]
    fn bytes_before_an_error_are_all_given_and_the_error_is_kept() {
        let mut drip = Drip(b"abcdef".to_vec());
        let mut source = Source::new(&mut drip);
        assert_eq!(source.peek(3), b"abc");
        assert_eq!(source.position(), 0);
        assert_eq!(source.skip(2), 2);
        assert_eq!(source.peek(100), b"cdef");
        let mut all = Vec::new();
        assert!(source.read_to_end(&mut all).is_err());
        assert_eq!(all, b"cdef");
        assert_eq!(source.position(), 6);
        assert_eq!(
            source.error().unwrap().kind(),
            io::ErrorKind::ConnectionReset
        );
    }

    #[test]
    fn a_stream_shorter_than_its_limit_is_truncated() {
        let mut text: &[u8] = b"abc";
        let mut read = Vec::new();
        let error = Limited::new(&mut text, 5)
            .read_to_end(&mut read)
            .unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
        assert_eq!(read, b"abc");
    }
}
