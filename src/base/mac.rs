//! HMAC-SHA-256 (RFC 2104), for many short messages under one key.
//!
//! The key's two blocks are compressed once. A message that fits in one block with
//! its padding then costs two compressions and nothing else: see [`Blocks`].

use std::fmt;

use sha2::block_api::compress256;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::digest::Sha256;

/// Bytes that SHA-256 compresses at once.
const BLOCK: usize = 64;
/// Bytes of a block that its padding leaves: a one bit and the length come last.
const ROOM: usize = BLOCK - 9;
/// Messages that are computed at once: enough of them hide how long one takes, and
/// their blocks still fit in the first cache.
const LANES: usize = 128;
/// FIPS 180-4, section 5.3.3.
const START: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// HMAC-SHA-256 with the key schedule computed once.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Mac {
    /// The inner hash, as far as it has whole blocks: the key's, and the prefix's.
    inner: [u32; 8],
    /// The outer hash behind the key's block.
    outer: [u32; 8],
    /// The prefix behind its last whole block.
    rest: [u8; BLOCK],
    filled: usize,
    /// Bytes that the inner hash has taken in, those of `rest` included.
    taken: u64,
}

impl Mac {
    /// Prepares `key`, of any length.
    pub fn new(key: &[u8]) -> Self {
        // RFC 2104, section 2: longer keys are hashed, shorter ones padded with zeros.
        let mut block = [0; BLOCK];
        if key.len() > BLOCK {
            copy(&Sha256::of(key).0, &mut block);
        } else {
            copy(key, &mut block);
        }
        let keyed = |pad: u8| {
            let mut padded = block.map(|byte| byte ^ pad);
            let mut state = START;
            compress256(&mut state, &[padded]);
            padded.zeroize();
            state
        };
        let mac = Self {
            inner: keyed(0x36),
            outer: keyed(0x5c),
            rest: [0; BLOCK],
            filled: 0,
            taken: BLOCK as u64,
        };
        block.zeroize();
        mac
    }

    /// The same MAC with `prefix` already taken in, for messages that share it.
    #[must_use]
    pub fn with(&self, prefix: &[u8]) -> Self {
        let mut mac = self.clone();
        mac.update(prefix);
        mac
    }

    /// The code of `parts`, one after the other without anything between them.
    pub fn of(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut outer = self.outer;
        compress256(&mut outer, &[outer_block(&self.inner_state(parts))]);
        let mut code = [0; 32];
        write(&outer, &mut code);
        code
    }

    /// The inner hash of `parts`: SHA-256((key xor ipad) || parts).
    pub fn inner(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut inner = [0; 32];
        write(&self.inner_state(parts), &mut inner);
        inner
    }

    fn inner_state(&self, parts: &[&[u8]]) -> [u32; 8] {
        let mut mac = self.clone();
        for part in parts {
            mac.update(part);
        }
        let bits = mac.taken * 8;
        mac.rest
            .iter_mut()
            .skip(mac.filled)
            .for_each(|byte| *byte = 0);
        if let Some(end) = mac.rest.get_mut(mac.filled) {
            *end = 0x80;
        }
        if mac.filled > ROOM {
            compress256(&mut mac.inner, &[mac.rest]);
            mac.rest = [0; BLOCK];
        }
        copy_to_end(&bits.to_be_bytes(), &mut mac.rest);
        compress256(&mut mac.inner, &[mac.rest]);
        mac.inner
    }

    fn update(&mut self, mut part: &[u8]) {
        self.taken += part.len() as u64;
        while !part.is_empty() {
            let room = self.rest.get_mut(self.filled..).unwrap_or_default();
            let (now, later) = part.split_at(part.len().min(room.len()));
            copy(now, room);
            self.filled += now.len();
            part = later;
            if self.filled == BLOCK {
                compress256(&mut self.inner, &[self.rest]);
                self.filled = 0;
            }
        }
    }
}

/// Messages of one block each, whose codes under one key are computed together.
pub struct Blocks {
    messages: Box<[[u8; BLOCK]; LANES]>,
    codes: Box<[[u8; 16]; LANES]>,
    count: usize,
}

impl Default for Blocks {
    fn default() -> Self {
        Self {
            messages: Box::new([[0; BLOCK]; LANES]),
            codes: Box::new([[0; 16]; LANES]),
            count: 0,
        }
    }
}

impl Blocks {
    /// Whether there is no room for another message.
    pub fn is_full(&self) -> bool {
        self.count == LANES
    }

    /// Adds what `mac` has taken in and `message` behind it; whether that fits.
    ///
    /// All messages of a batch must have macs of one key.
    #[inline]
    pub fn add(&mut self, mac: &Mac, message: &[u8]) -> bool {
        let length = mac.filled + message.len();
        let is_short = length <= ROOM && mac.taken < 2 * BLOCK as u64;
        let Some(block) = self.messages.get_mut(self.count).filter(|_| is_short) else {
            return false;
        };
        *block = mac.rest;
        let Some((text, padding)) = block
            .get_mut(mac.filled..)
            .and_then(|room| room.split_at_mut_checked(message.len()))
        else {
            return false;
        };
        text.copy_from_slice(message);
        if let Some(end) = padding.first_mut() {
            *end = 0x80;
        }
        // At most 128 bytes, so 1024 bits: two bytes hold the number.
        let bits = u16::try_from((BLOCK + length) * 8).unwrap_or_default();
        copy_to_end(&bits.to_be_bytes(), block);
        self.count += 1;
        true
    }

    /// Hands the first half of every message's code to `each`, in their order, and
    /// forgets the messages.
    #[inline]
    pub fn finish(&mut self, mac: &Mac, mut each: impl FnMut([u8; 16])) {
        let blocks = self.messages.get_mut(..self.count).unwrap_or_default();
        // One hash waits for itself all the time. Two loops of independent hashes
        // let the processor work at several at once.
        for block in blocks.iter_mut() {
            let mut state = mac.inner;
            compress256(&mut state, std::slice::from_ref(block));
            *block = outer_block(&state);
        }
        for (block, code) in blocks.iter().zip(self.codes.iter_mut()) {
            let mut state = mac.outer;
            compress256(&mut state, std::slice::from_ref(block));
            write(&state, code);
        }
        // What is done with a code mostly waits for memory: a loop of its own, too.
        for code in self.codes.iter().take(self.count) {
            each(*code);
        }
        self.count = 0;
    }
}

// Messages are content.
impl fmt::Debug for Blocks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Blocks({})", self.count)
    }
}

/// The only block of the outer hash behind the key's: the inner hash, padded.
fn outer_block(inner: &[u32; 8]) -> [u8; BLOCK] {
    // 64 bytes of the key and 32 of the inner hash, in bits.
    const BITS: u16 = (64 + 32) * 8;
    let mut block = [0; BLOCK];
    write(inner, &mut block);
    if let Some(end) = block.get_mut(32) {
        *end = 0x80;
    }
    copy_to_end(&BITS.to_be_bytes(), &mut block);
    block
}

/// The words of `state` as bytes, as far as there is room.
fn write(state: &[u32; 8], to: &mut [u8]) {
    for (to, word) in to.chunks_exact_mut(4).zip(state) {
        to.copy_from_slice(&word.to_be_bytes());
    }
}

fn copy(from: &[u8], to: &mut [u8]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
    }
}

fn copy_to_end(from: &[u8], to: &mut [u8]) {
    for (to, from) in to.iter_mut().rev().zip(from.iter().rev()) {
        *to = *from;
    }
}

#[cfg(test)]
mod tests {
    use super::super::digest::hex;
    use super::*;
    use hmac::{Hmac, KeyInit, Mac as _};
    use proptest::prelude::*;

    /// The same by another implementation.
    fn expected(key: &[u8], message: &[u8]) -> [u8; 32] {
        let mut mac = <Hmac<sha2::Sha256> as KeyInit>::new_from_slice(key).unwrap();
        mac.update(message);
        mac.finalize().into_bytes().into()
    }

    #[test]
    fn mac_agrees_with_rfc_4231_test_case_2() {
        let mac = Mac::new(b"Jefe").of(&[b"what do ya want ", b"for nothing?"]);
        assert_eq!(
            hex::encode(&mac),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn messages_of_every_length_agree_with_another_implementation() {
        let message: Vec<u8> = (0..200).collect();
        for prefix in [0, 1, 8, 54, 55, 56, 63, 64, 65, 128] {
            let mac = Mac::new(b"key").with(&message[..prefix]);
            for length in prefix..message.len() {
                let code = expected(b"key", &message[..length]);
                let rest = &message[prefix..length];
                assert_eq!(mac.of(&[rest]), code, "{prefix} {length}");
                let mut blocks = Blocks::default();
                assert_eq!(blocks.add(&mac, rest), length <= ROOM && prefix < BLOCK);
                let mut codes = Vec::new();
                blocks.finish(&Mac::new(b"key"), |code| codes.push(code));
                assert!(codes.iter().all(|half| half[..] == code[..16]));
            }
        }
    }

    #[test]
    fn a_batch_is_computed_in_order_and_forgotten() {
        let mac = Mac::new(&[7; 100]);
        let mut blocks = Blocks::default();
        for round in 0..2_u8 {
            let mut count = 0;
            while blocks.add(&mac.with(&[round]), &[count]) {
                count += 1;
            }
            assert!(blocks.is_full() && usize::from(count) == LANES);
            let mut number = 0;
            blocks.finish(&mac, |code| {
                assert_eq!(code[..], expected(&[7; 100], &[round, number])[..16]);
                number += 1;
            });
            assert_eq!(number, count);
        }
    }

    proptest! {
        #[test]
        fn keys_of_any_length_agree(key: Vec<u8>, message: Vec<u8>) {
            prop_assert_eq!(Mac::new(&key).of(&[&message]), expected(&key, &message));
        }
    }
}
