//! SHA-256's compression (FIPS 180-4) of many blocks at once, all from one state.
//!
//! | in  | a state that all share, and a block for each message            |
//! |-----|------------------------------------------------------------------|
//! | out | a state for each message                                         |
//! | not | one long message: its blocks wait for each other, see `sha2`     |
//!
//! A message that stands alone is no faster than with `sha2`: each step of a
//! compression needs the one before it. What is gained here is that the processor
//! works at several messages meanwhile: two where it has instructions for SHA-256,
//! 8 or 16 where it has wide vectors.

mod lanes;
#[cfg(target_arch = "x86_64")]
mod ni;
#[cfg(target_arch = "x86_64")]
mod wide256;
#[cfg(target_arch = "x86_64")]
mod wide512;

use sha2::block_api::compress256;

use super::Features;

/// Bytes that SHA-256 compresses at once.
pub(in crate::base) const BLOCK: usize = 64;

/// The state behind each of some blocks.
pub(in crate::base) type State = [u32; 8];

/// Section 5.3.3: the state before the first block.
pub(in crate::base) const START: State = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// Section 4.2.2: a word for each round, sixteen in a row.
#[cfg(target_arch = "x86_64")]
const K: [[u32; 16]; 4] = [
    [
        0x428a_2f98,
        0x7137_4491,
        0xb5c0_fbcf,
        0xe9b5_dba5,
        0x3956_c25b,
        0x59f1_11f1,
        0x923f_82a4,
        0xab1c_5ed5,
        0xd807_aa98,
        0x1283_5b01,
        0x2431_85be,
        0x550c_7dc3,
        0x72be_5d74,
        0x80de_b1fe,
        0x9bdc_06a7,
        0xc19b_f174,
    ],
    [
        0xe49b_69c1,
        0xefbe_4786,
        0x0fc1_9dc6,
        0x240c_a1cc,
        0x2de9_2c6f,
        0x4a74_84aa,
        0x5cb0_a9dc,
        0x76f9_88da,
        0x983e_5152,
        0xa831_c66d,
        0xb003_27c8,
        0xbf59_7fc7,
        0xc6e0_0bf3,
        0xd5a7_9147,
        0x06ca_6351,
        0x1429_2967,
    ],
    [
        0x27b7_0a85,
        0x2e1b_2138,
        0x4d2c_6dfc,
        0x5338_0d13,
        0x650a_7354,
        0x766a_0abb,
        0x81c2_c92e,
        0x9272_2c85,
        0xa2bf_e8a1,
        0xa81a_664b,
        0xc24b_8b70,
        0xc76c_51a3,
        0xd192_e819,
        0xd699_0624,
        0xf40e_3585,
        0x106a_a070,
    ],
    [
        0x19a4_c116,
        0x1e37_6c08,
        0x2748_774c,
        0x34b0_bcb5,
        0x391c_0cb3,
        0x4ed8_aa4a,
        0x5b9c_ca4f,
        0x682e_6ff3,
        0x748f_82ee,
        0x78a5_636f,
        0x84c8_7814,
        0x8cc7_0208,
        0x90be_fffa,
        0xa450_6ceb,
        0xbef9_a3f7,
        0xc671_78f2,
    ],
];

/// Compresses each of `blocks` from `start`; its state stands at the same place of
/// `states`. What one of the two has more than the other is left alone.
pub(in crate::base) fn compress_each(
    features: Features,
    start: &State,
    blocks: &[[u8; BLOCK]],
    states: &mut [State],
) {
    let count = blocks.len().min(states.len());
    let (blocks, states) = (
        blocks.get(..count).unwrap_or_default(),
        states.get_mut(..count).unwrap_or_default(),
    );
    #[cfg(target_arch = "x86_64")]
    let (blocks, states) = {
        let mut rest = (blocks, states);
        if features.has_avx512() {
            // SAFETY: the processor has AVX-512F and AVX-512BW.
            rest = unsafe { wide512::compress_each(start, rest.0, rest.1) };
        }
        if features.has_sha() {
            // SAFETY: the processor has the SHA instructions and SSE4.1.
            rest = unsafe { ni::compress_each(start, rest.0, rest.1) };
        } else if features.has_avx2() {
            // SAFETY: the processor has AVX2.
            rest = unsafe { wide256::compress_each(start, rest.0, rest.1) };
        }
        rest
    };
    #[cfg(not(target_arch = "x86_64"))]
    let _ = features;
    for (block, state) in blocks.iter().zip(states) {
        *state = *start;
        compress256(state, std::slice::from_ref(block));
    }
}

/// Takes each of `states` for a digest and compresses it from `start`, as the end
/// of a message of one block and that digest: the outer hash of HMAC.
pub(in crate::base) fn compress_digests(features: Features, start: &State, states: &mut [State]) {
    #[cfg(target_arch = "x86_64")]
    let states = if features.has_avx512() {
        // SAFETY: the processor has AVX-512F and AVX-512BW.
        unsafe { wide512::compress_digests(start, states) }
    } else {
        states
    };
    let mut blocks = [[0; BLOCK]; 16];
    for states in states.chunks_mut(blocks.len()) {
        for (block, state) in blocks.iter_mut().zip(states.iter()) {
            *block = digest_block(state);
        }
        compress_each(features, start, &blocks, states);
    }
}

/// The words behind a digest at the end of a message of one block and the digest:
/// a one bit, zeros, and the length in bits (section 5.1.1).
const DIGEST_END: [u32; 8] = [0x8000_0000, 0, 0, 0, 0, 0, 0, 8 * (64 + 32)];

/// The last block of a message of one block and the digest `state`.
fn digest_block(state: &State) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    let words = state.iter().chain(&DIGEST_END);
    for (to, word) in block.as_chunks_mut().0.iter_mut().zip(words) {
        *to = word.to_be_bytes();
    }
    block
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Panics unless every choice of instructions gives what `sha2` gives.
    fn check(start: State, blocks: &[[u8; BLOCK]]) {
        let mut expected = vec![start; blocks.len()];
        for (block, state) in blocks.iter().zip(&mut expected) {
            compress256(state, &[*block]);
        }
        let mut ends = vec![start; blocks.len()];
        for (digest, end) in expected.iter().zip(&mut ends) {
            compress256(end, &[digest_block(digest)]);
        }
        for features in Features::choices() {
            let mut states = vec![[0; 8]; blocks.len()];
            compress_each(features, &start, blocks, &mut states);
            assert_eq!(states, expected, "{features:?}");
            compress_digests(features, &start, &mut states);
            assert_eq!(states, ends, "{features:?}");
        }
    }

    #[test]
    fn every_number_of_blocks_gives_what_one_by_one_gives() {
        for count in 0..70_usize {
            let block =
                |at: usize| std::array::from_fn(|byte| (at * 37 + byte * 11).to_le_bytes()[0]);
            check(START, &(0..count).map(block).collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_end_without_a_block_or_a_block_without_an_end_is_left_alone() {
        for features in Features::choices() {
            let mut states = [[7; 8]; 20];
            compress_each(features, &START, &[[0; BLOCK]; 18], &mut states);
            assert_eq!(states[18..], [[7; 8]; 2]);
            let mut fewer = [[7; 8]; 9];
            compress_each(features, &START, &[[0; BLOCK]; 18], &mut fewer);
            assert_eq!(fewer, states[..9]);
        }
    }

    #[test]
    fn a_digest_is_padded_as_the_standard_says() {
        // SHA-256 of a block of zeros and the SHA-256 of "abc".
        let message = [[0; BLOCK].as_slice(), &crate::base::Sha256::of(b"abc").0].concat();
        let mut state = START;
        compress256(&mut state, &[[0; BLOCK]]);
        let mut digest = START;
        let mut abc = [0; BLOCK];
        abc[..4].copy_from_slice(b"abc\x80");
        abc[63] = 24;
        compress256(&mut digest, &[abc]);
        let mut states = [digest];
        compress_digests(Features::found(), &state, &mut states);
        let bytes: Vec<u8> = states[0]
            .iter()
            .flat_map(|word| word.to_be_bytes())
            .collect();
        assert_eq!(bytes, crate::base::Sha256::of(&message).0);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn random_blocks_from_random_states_give_what_one_by_one_gives(
            start: State,
            bytes in proptest::collection::vec(any::<u8>(), 0..40 * BLOCK),
        ) {
            check(start, bytes.as_chunks().0);
        }
    }
}
