//! HMAC-SHA-256 (RFC 2104), for many short messages under one key.
//!
//! The key's two blocks are compressed once. A message that fits in one block with
//! its padding then costs two compressions and nothing else, and the second only
//! when somebody wants to know its code: see [`Blocks`].

use std::fmt;
use std::hint::black_box;

use sha2::block_api::compress256;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::digest::Sha256;
use super::vector::Features;
use super::vector::sha256::{BLOCK, START, State, compress_digests, compress_each};

/// Bytes of a block that its padding leaves: a one bit and the length come last.
const ROOM: usize = BLOCK - 9;
/// Messages that are computed at once: so many that a group of lanes is seldom
/// half empty, and so few that all of them fit in the first cache.
const LANES: usize = 256;

/// HMAC-SHA-256 with the key schedule computed once.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Mac {
    /// The inner hash, as far as it has whole blocks: the key's, and the prefix's.
    inner: State,
    /// The outer hash behind the key's block.
    outer: State,
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
        let mut states = [self.inner_of(parts)];
        compress_digests(Features::NONE, &self.outer, &mut states);
        let [code] = states;
        bytes(&code)
    }

    /// The first bytes of the inner hash, SHA-256((key xor ipad) || parts): a keyed
    /// tag that costs half of what the code costs.
    pub fn hint_of(&self, parts: &[&[u8]]) -> [u8; 4] {
        let [first, ..] = self.inner_of(parts);
        first.to_be_bytes()
    }

    fn inner_of(&self, parts: &[&[u8]]) -> State {
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

/// Messages whose codes under one key are computed together.
pub struct Blocks {
    messages: Box<[[u8; BLOCK]; LANES]>,
    /// The inner hashes, then the outer ones of those that are wanted.
    states: Box<[State; LANES]>,
    /// Where those that are wanted stood among the messages.
    places: Box<[usize; LANES]>,
    /// The inner hashes of messages longer than a block, and their places.
    long: Vec<(usize, State)>,
    count: usize,
    /// Messages that were chosen.
    wanted: usize,
    features: Features,
}

impl Default for Blocks {
    fn default() -> Self {
        Self::with(Features::found())
    }
}

impl Blocks {
    /// Room for messages that are computed by nothing but `features`.
    pub fn with(features: Features) -> Self {
        Self {
            messages: Box::new([[0; BLOCK]; LANES]),
            states: Box::new([[0; 8]; LANES]),
            places: Box::new([0; LANES]),
            long: Vec::new(),
            count: 0,
            wanted: 0,
            features,
        }
    }

    /// Whether there is no room for another message.
    #[inline]
    pub fn is_full(&self) -> bool {
        self.count == LANES
    }

    /// Adds what `mac` has taken in and `message` behind it, or nothing when full.
    ///
    /// All messages of a batch must have macs of one key.
    #[inline]
    pub fn add(&mut self, mac: &Mac, message: &[u8]) {
        let Some(block) = self.messages.get_mut(self.count) else {
            return;
        };
        let length = mac.filled + message.len();
        if length > ROOM || mac.taken >= 2 * BLOCK as u64 {
            self.long.push((self.count, mac.inner_of(&[message])));
        } else {
            *block = mac.rest;
            if let Some(room) = block.get_mut(mac.filled..length) {
                room.copy_from_slice(message);
            }
            if let Some(end) = block.get_mut(length) {
                *end = 0x80;
            }
            // At most 128 bytes, so 1024 bits: two bytes hold the number.
            let bits = u16::try_from((BLOCK + length) * 8).unwrap_or_default();
            copy_to_end(&bits.to_be_bytes(), block);
        }
        self.count += 1;
    }

    /// Computes the inner hash of every message and keeps only those that `may` wants:
    /// it sees the message's number and the first bytes of its inner hash, which
    /// [`Mac::hint_of`] gives. To be followed by [`Blocks::finish`].
    #[inline]
    pub fn choose(&mut self, mac: &Mac, may: impl FnMut(usize, [u8; 4]) -> bool) {
        self.choose_touching(mac, |_| 0, may);
    }

    /// The same, when `may` looks at much memory: `touch` gives a byte of what `may`
    /// will look at. All messages are touched before `may` sees the first, so that
    /// memory brings many at once. What the bytes are does not matter.
    #[inline]
    pub fn choose_touching(
        &mut self,
        mac: &Mac,
        mut touch: impl FnMut([u8; 4]) -> u8,
        mut may: impl FnMut(usize, [u8; 4]) -> bool,
    ) {
        let blocks = self.messages.get(..self.count).unwrap_or_default();
        let states = self.states.get_mut(..self.count).unwrap_or_default();
        compress_each(self.features, &mac.inner, blocks, states);
        for (at, inner) in self.long.drain(..) {
            if let Some(state) = states.get_mut(at) {
                *state = inner;
            }
        }
        let touched = states
            .iter()
            .fold(0, |sum, [first, ..]| sum ^ touch(first.to_be_bytes()));
        black_box(touched);
        self.wanted = 0;
        for at in 0..self.count {
            let Some([first, ..]) = states.get(at) else {
                break;
            };
            if may(at, first.to_be_bytes()) {
                if let Some(place) = self.places.get_mut(self.wanted) {
                    *place = at;
                }
                if self.wanted != at {
                    states.swap(self.wanted, at);
                }
                self.wanted += 1;
            }
        }
        self.count = 0;
    }

    /// Hands the first half of the code of every message that was wanted to `each`,
    /// with its number, in their order, and forgets all of them.
    #[inline]
    pub fn finish(&mut self, mac: &Mac, each: impl FnMut(usize, [u8; 16])) {
        self.finish_touching(mac, |_| 0, each);
    }

    /// The same, when `each` looks at much memory; see [`Blocks::choose_touching`].
    #[inline]
    pub fn finish_touching(
        &mut self,
        mac: &Mac,
        mut touch: impl FnMut([u8; 16]) -> u8,
        mut each: impl FnMut(usize, [u8; 16]),
    ) {
        let states = self.states.get_mut(..self.wanted).unwrap_or_default();
        compress_digests(self.features, &mac.outer, states);
        // What is done with a code mostly waits for memory: in a loop of its own the
        // processor waits for several at once.
        let code = |[a, b, c, d, ..]: &[u32; 8]| bytes(&[*a, *b, *c, *d]);
        let touched = states.iter().fold(0, |sum, state| sum ^ touch(code(state)));
        black_box(touched);
        for (at, state) in self.places.iter().zip(states.iter()) {
            each(*at, code(state));
        }
        self.wanted = 0;
    }
}

// Messages are content.
impl fmt::Debug for Blocks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Blocks({})", self.count)
    }
}

/// The words of `state` as bytes.
fn bytes<const WORDS: usize, const BYTES: usize>(state: &[u32; WORDS]) -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    for (to, word) in bytes.as_chunks_mut().0.iter_mut().zip(state) {
        *to = word.to_be_bytes();
    }
    bytes
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

    /// The inner hash of HMAC as RFC 2104 spells it, for keys of at most a block.
    fn expected_hint(key: &[u8], message: &[u8]) -> [u8; 4] {
        let mut text = [0x36; BLOCK];
        for (to, byte) in text.iter_mut().zip(key) {
            *to ^= byte;
        }
        let digest = Sha256::of(&[&text, message].concat());
        *digest.0.first_chunk().unwrap()
    }

    #[test]
    fn messages_of_every_length_agree_with_another_implementation() {
        let message: Vec<u8> = (0..200).collect();
        for prefix in [0, 1, 8, 54, 55, 56, 63, 64, 65, 128] {
            let mac = Mac::new(b"key").with(&message[..prefix]);
            let mut blocks = Blocks::default();
            let (mut hints, mut codes) = (Vec::new(), Vec::new());
            for length in prefix..message.len() {
                let rest = &message[prefix..length];
                let code = expected(b"key", &message[..length]);
                assert_eq!(mac.of(&[rest]), code, "{prefix} {length}");
                let hint = expected_hint(b"key", &message[..length]);
                assert_eq!(mac.hint_of(&[rest]), hint, "{prefix} {length}");
                blocks.add(&mac, rest);
                hints.push((hints.len(), hint));
                codes.push((codes.len(), *code.first_chunk::<16>().unwrap()));
            }
            let (mut seen, mut given) = (Vec::new(), Vec::new());
            let may = |at, hint| {
                seen.push((at, hint));
                true
            };
            blocks.choose(&Mac::new(b"key"), may);
            blocks.finish(&Mac::new(b"key"), |at, code| given.push((at, code)));
            assert_eq!((seen, given), (hints, codes), "{prefix}");
        }
    }

    #[test]
    fn a_batch_is_computed_in_order_and_forgotten() {
        let mac = Mac::new(&[7; 100]);
        for features in Features::choices() {
            let mut blocks = Blocks::with(features);
            for count in (0..40).chain([LANES - 1, LANES]) {
                for number in 0..count {
                    blocks.add(&mac, &number.to_be_bytes());
                }
                assert_eq!(blocks.is_full(), count == LANES);
                let mut codes = Vec::new();
                blocks.choose(&mac, |_, _| true);
                blocks.finish(&mac, |at, code| codes.push((at, code)));
                let all: Vec<_> = (0..count)
                    .map(|at| {
                        let code = expected(&[7; 100], &at.to_be_bytes());
                        (at, *code.first_chunk().unwrap())
                    })
                    .collect();
                assert_eq!(codes, all, "{features:?} {count}");
            }
        }
    }

    #[test]
    fn a_full_batch_takes_in_no_more() {
        let mac = Mac::new(b"key");
        let mut blocks = Blocks::default();
        for length in 0..=LANES {
            blocks.add(&mac, &vec![b'a'; length]);
        }
        let mut count = 0;
        blocks.choose(&mac, |_, _| true);
        blocks.finish(&mac, |_, _| count += 1);
        assert_eq!(count, LANES);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]
        #[test]
        fn only_the_codes_that_are_wanted_are_given(
            wanted in proptest::collection::vec(any::<bool>(), 0..100),
            long: Vec<u8>,
        ) {
            let mac = Mac::new(b"key").with(b"prefix");
            for features in Features::choices() {
                let mut blocks = Blocks::with(features);
                let mut all = Vec::new();
                for (at, is_wanted) in wanted.iter().enumerate() {
                    let message = vec![b'a'; long.get(at).map_or(at % 50, |l| usize::from(*l))];
                    blocks.add(&mac, &message);
                    if *is_wanted {
                        all.push((at, *mac.of(&[&message]).first_chunk().unwrap()));
                    }
                }
                let mut codes = Vec::new();
                blocks.choose(&mac, |at, _| wanted[at]);
                blocks.finish(&mac, |at, code| codes.push((at, code)));
                prop_assert_eq!(codes, all, "{:?}", features);
            }
        }
    }

    proptest! {
        #[test]
        fn keys_of_any_length_agree(key: Vec<u8>, message: Vec<u8>) {
            prop_assert_eq!(Mac::new(&key).of(&[&message]), expected(&key, &message));
        }
    }
}
