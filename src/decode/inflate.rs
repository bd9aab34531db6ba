//! Raw DEFLATE (RFC 1951), as it stands inside of gzip and zip.
//!
//! flate2's readers drop what was unpacked in the same call in which they find
//! damage. Here it is handed on first, and the error comes with the next call.

use std::io::{self, BufRead};

use flate2::{Decompress, FlushDecompress, Status};

use super::fault;
use super::source::Source;

/// One DEFLATE stream.
pub(super) struct Inflate {
    state: Decompress,
    at: At,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Body,
    End,
    Damage,
}

impl Inflate {
    pub(super) fn new() -> Self {
        Self {
            state: Decompress::new(false),
            at: At::Body,
        }
    }

    /// Makes ready for another stream.
    pub(super) fn reset(&mut self) {
        self.state.reset(false);
        self.at = At::Body;
    }

    /// Unpacks the next bytes of `source`; 0 at the end of the DEFLATE stream,
    /// which takes nothing behind itself.
    ///
    /// # Errors
    ///
    /// Those of `source`; `UnexpectedEof` when it ends too early, `InvalidData`
    /// when it is damaged.
    pub(super) fn read(&mut self, source: &mut Source<'_>, into: &mut [u8]) -> io::Result<usize> {
        while self.at == At::Body && !into.is_empty() {
            let packed = source.fill_buf()?;
            let is_end = packed.is_empty();
            let (taken, written) = (self.state.total_in(), self.state.total_out());
            let result = self.state.decompress(packed, into, FlushDecompress::None);
            let taken = difference(self.state.total_in(), taken);
            let written = difference(self.state.total_out(), written);
            source.consume(taken);
            self.at = match result {
                Ok(Status::StreamEnd) => At::End,
                Ok(_) if written == 0 && is_end => return Err(fault::truncated()),
                // Room on both sides and no step forward: it will never end.
                Ok(_) if written == 0 && taken == 0 => At::Damage,
                Ok(_) => At::Body,
                Err(_) => At::Damage,
            };
            if written > 0 {
                return Ok(written);
            }
        }
        match self.at {
            At::Damage => Err(fault::corrupt()),
            At::Body | At::End => Ok(0),
        }
    }
}

fn difference(after: u64, before: u64) -> usize {
    usize::try_from(after.saturating_sub(before)).unwrap_or(0)
}
