//! Unpacks on a thread of its own, ahead of those who read.
//!
//! | in  | packed bytes, and who knows how they are packed                    |
//! |-----|--------------------------------------------------------------------|
//! | out | the same bytes, errors and places in the source as without a thread |
//! | not | the source itself: it stays on the thread that it came from         |
//!
//! The reading thread hands packed buffers to the unpacking one and takes parts of
//! what they hold; both wait for each other after a few of them. Each part says how
//! much of the source it took. What was handed out beyond the last part that was
//! read is given back, so that the account is that of reading without a thread. It
//! differs by less than a part where a limit of the budget ends the reading.

use std::collections::VecDeque;
use std::io::{self, BufRead as _, Read};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use super::fault;
use super::source::{BUFFER_BYTES, Source};

/// Bytes that are unpacked at once.
const PART: usize = 256 << 10;
/// Parts that may wait.
const PARTS: usize = 4;
/// Packed buffers that are handed out before they are asked for.
const BUFFERS: usize = 4;

/// A way of packing.
pub(super) trait Packing: Copy + Send {
    /// Unpacks `source`.
    fn open<'a>(self, source: &'a mut Source<'_>) -> Box<dyn Unpack + 'a>;
}

/// What is unpacked.
pub(super) trait Unpack: Read {
    /// Bytes that were taken from the source.
    fn taken(&self) -> u64;
    /// The CRC-32 of what was unpacked, where somebody wants to know it.
    fn crc(&self) -> u32;
}

/// Lets `read` have what `source` unpacks to, `ahead` of it where that is worth a
/// thread; what it returned, and the CRC of what was unpacked.
pub(super) fn read<T>(
    source: &mut Source<'_>,
    packing: impl Packing,
    ahead: bool,
    read: impl FnOnce(&mut dyn Read) -> T,
) -> (T, u32) {
    if ahead && source.peek(BUFFER_BYTES).len() == BUFFER_BYTES {
        return thread::scope(|scope| {
            let (packed, fed) = channel();
            let (parts, unpacked) = sync_channel(PARTS);
            let (used, spare) = channel();
            let unpacking = thread::Builder::new()
                .spawn_scoped(scope, move || unpack(packing, fed, &parts, &spare));
            if unpacking.is_err() {
                return here(source, packing, read);
            }
            let mut ahead = Ahead::new(source, packed, unpacked, used);
            let read = read(&mut ahead);
            (read, ahead.finish())
        });
    }
    here(source, packing, read)
}

/// The same without a thread.
fn here<T>(
    source: &mut Source<'_>,
    packing: impl Packing,
    read: impl FnOnce(&mut dyn Read) -> T,
) -> (T, u32) {
    let mut unpacked = packing.open(source);
    let read = read(&mut unpacked);
    (read, unpacked.crc())
}

/// A packed buffer; none at the end of the source.
type Packed = io::Result<Option<Arc<[u8]>>>;

/// What the unpacking thread says.
enum Said {
    /// It began with another packed buffer and wants one more.
    More,
    /// Here are `length` bytes.
    Part { bytes: Vec<u8>, length: usize },
    /// There are no more, or an error.
    End { error: Option<io::Error>, crc: u32 },
}

/// Unpacks until the end, or until nobody reads any more.
fn unpack(
    packing: impl Packing,
    packed: Receiver<Packed>,
    parts: &SyncSender<(Said, u64)>,
    spare: &Receiver<Vec<u8>>,
) {
    let mut fed = Fed {
        packed,
        parts: parts.clone(),
        buffer: Arc::default(),
        start: 0,
    };
    let mut source = Source::new(&mut fed);
    let mut unpacked = packing.open(&mut source);
    loop {
        let mut bytes = spare.try_recv().unwrap_or_else(|_| vec![0; PART]);
        let said = match unpacked.read(&mut bytes) {
            Ok(0) => Said::End {
                error: None,
                crc: unpacked.crc(),
            },
            Ok(length) => Said::Part { bytes, length },
            Err(error) => Said::End {
                error: Some(error),
                crc: unpacked.crc(),
            },
        };
        let is_end = matches!(said, Said::End { .. });
        if parts.send((said, unpacked.taken())).is_err() || is_end {
            return;
        }
    }
}

/// The packed bytes as the unpacking thread reads them.
struct Fed {
    packed: Receiver<Packed>,
    parts: SyncSender<(Said, u64)>,
    buffer: Arc<[u8]>,
    start: usize,
}

impl Read for Fed {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.start == self.buffer.len() {
            // Where nobody hands out buffers any more, nobody reads either.
            let Ok(packed) = self.packed.recv() else {
                return Ok(0);
            };
            let Some(buffer) = packed? else {
                return Ok(0);
            };
            (self.buffer, self.start) = (buffer, 0);
            // Nobody to hear it: the next part will find out.
            let _ = self.parts.send((Said::More, 0));
        }
        let mut rest = self.buffer.get(self.start..).unwrap_or_default();
        let count = rest.read(into)?;
        self.start += count;
        Ok(count)
    }
}

/// What the other thread unpacks.
struct Ahead<'a, 's> {
    source: &'a mut Source<'s>,
    packed: Sender<Packed>,
    unpacked: Receiver<(Said, u64)>,
    used: Sender<Vec<u8>>,
    /// The part that is read, how long it is, and how far it was read.
    part: Vec<u8>,
    length: usize,
    start: usize,
    /// Buffers that were handed out and are not known to be taken whole.
    out: VecDeque<Arc<[u8]>>,
    /// Bytes of the buffers before these.
    done: u64,
    /// Bytes that were taken for what was read.
    taken: u64,
    crc: u32,
    has_ended: bool,
    /// What it ended with, instead of the end of the source.
    error: Option<io::Error>,
}

impl<'a, 's> Ahead<'a, 's> {
    fn new(
        source: &'a mut Source<'s>,
        packed: Sender<Packed>,
        unpacked: Receiver<(Said, u64)>,
        used: Sender<Vec<u8>>,
    ) -> Self {
        let mut ahead = Self {
            source,
            packed,
            unpacked,
            used,
            part: Vec::new(),
            length: 0,
            start: 0,
            out: VecDeque::new(),
            done: 0,
            taken: 0,
            crc: 0,
            has_ended: false,
            error: None,
        };
        for _ in 0..BUFFERS {
            ahead.hand_out();
        }
        ahead
    }

    /// Hands out one more buffer. A thread that is gone does not mind.
    fn hand_out(&mut self) {
        let packed: Packed = match self.source.fill_buf() {
            Ok([]) => Ok(None),
            Ok(bytes) => Ok(Some(Arc::from(bytes))),
            Err(error) => Err(error),
        };
        if let Ok(Some(buffer)) = &packed {
            self.source.consume(buffer.len());
            self.out.push_back(Arc::clone(buffer));
        }
        let _ = self.packed.send(packed);
    }

    /// Hears what the other thread says.
    fn listen(&mut self) {
        let Ok((said, taken)) = self.unpacked.recv() else {
            // It panicked, and whoever waits for it will, too.
            (self.has_ended, self.error) = (true, Some(fault::corrupt()));
            return;
        };
        match said {
            Said::More => return self.hand_out(),
            Said::Part { bytes, length } => {
                let used = std::mem::replace(&mut self.part, bytes);
                (self.length, self.start) = (length, 0);
                if !used.is_empty() {
                    let _ = self.used.send(used);
                }
            }
            Said::End { error, crc } => {
                self.crc = crc;
                (self.has_ended, self.error) = (true, error);
            }
        }
        self.taken = taken;
        while let Some(first) = self.out.front()
            && self.done + first.len() as u64 <= taken
        {
            self.done += first.len() as u64;
            self.out.pop_front();
        }
    }

    /// Gives back what was handed out too much; the CRC of what was read.
    fn finish(self) -> u32 {
        let too_much: Vec<u8> = self
            .out
            .iter()
            .flat_map(|out| out.iter())
            .copied()
            .collect();
        let taken = usize::try_from(self.taken - self.done).unwrap_or(usize::MAX);
        self.source
            .give_back(too_much.get(taken..).unwrap_or_default());
        self.crc
    }
}

impl Read for Ahead<'_, '_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.start == self.length && !into.is_empty() {
            if let Some(error) = &self.error {
                return Err(fault::copy(error));
            }
            if self.has_ended {
                return Ok(0);
            }
            self.listen();
        }
        let part = self.part.get(self.start..self.length);
        let count = part.unwrap_or_default().read(into)?;
        self.start += count;
        Ok(count)
    }
}
