//! Two messages at once by the SHA instructions.
//!
//! One message leaves their unit idle most of the time: each pair of rounds waits
//! for the pair before it.
#![expect(
    clippy::indexing_slicing,
    clippy::many_single_char_names,
    reason = "indices are bounded by constants; a to h are the names in the standard"
)]

use std::arch::x86_64::{
    __m128i, _mm_add_epi32, _mm_alignr_epi8, _mm_blend_epi16, _mm_loadu_si128, _mm_set_epi32,
    _mm_set_epi64x, _mm_sha256msg1_epu32, _mm_sha256msg2_epu32, _mm_sha256rnds2_epu32,
    _mm_shuffle_epi8, _mm_shuffle_epi32, _mm_storeu_si128,
};
use std::ptr;

use super::{BLOCK, K, State};

/// One message under way.
#[derive(Clone, Copy)]
struct Lane {
    /// Four of the state's words, and the other four, as the instructions want them.
    abef: __m128i,
    cdgh: __m128i,
    /// The last sixteen words of the schedule.
    words: [__m128i; 4],
}

/// Compresses pairs of messages; what is left of both comes back.
#[target_feature(enable = "sha,sse4.1")]
pub(super) fn compress_each<'a>(
    start: &State,
    blocks: &'a [[u8; BLOCK]],
    states: &'a mut [State],
) -> (&'a [[u8; BLOCK]], &'a mut [State]) {
    let (pairs, blocks) = blocks.as_chunks();
    let (ends, states) = states.as_chunks_mut();
    let (abef, cdgh) = pack(start);
    for ([one, two], [one_end, two_end]) in pairs.iter().zip(ends) {
        let mut one = Lane {
            abef,
            cdgh,
            words: load(one),
        };
        let mut two = Lane {
            abef,
            cdgh,
            words: load(two),
        };
        compress(&mut one, &mut two);
        for (lane, end) in [(one, one_end), (two, two_end)] {
            let abef = _mm_add_epi32(lane.abef, abef);
            unpack(abef, _mm_add_epi32(lane.cdgh, cdgh), end);
        }
    }
    (blocks, states)
}

/// Section 6.2.2, steps 1 and 3, for both messages in turns.
#[inline]
#[target_feature(enable = "sha,sse4.1")]
fn compress(one: &mut Lane, two: &mut Lane) {
    for (number, k) in K.iter().enumerate() {
        if number > 0 {
            expand::<0>(one);
            expand::<0>(two);
        }
        rounds::<0>(one, k);
        rounds::<0>(two, k);
        if number > 0 {
            expand::<1>(one);
            expand::<1>(two);
        }
        rounds::<1>(one, k);
        rounds::<1>(two, k);
        if number > 0 {
            expand::<2>(one);
            expand::<2>(two);
        }
        rounds::<2>(one, k);
        rounds::<2>(two, k);
        if number > 0 {
            expand::<3>(one);
            expand::<3>(two);
        }
        rounds::<3>(one, k);
        rounds::<3>(two, k);
    }
}

/// Replaces four words of the schedule by those sixteen further on.
#[inline]
#[target_feature(enable = "sha,sse4.1")]
fn expand<const AT: usize>(lane: &mut Lane) {
    let [w16, w12, w8, w4] = [0, 1, 2, 3].map(|later| lane.words[(AT + later) % 4]);
    let w7 = _mm_alignr_epi8::<4>(w4, w8);
    let sum = _mm_add_epi32(_mm_sha256msg1_epu32(w16, w12), w7);
    lane.words[AT] = _mm_sha256msg2_epu32(sum, w4);
}

/// Four rounds.
#[inline]
#[target_feature(enable = "sha,sse4.1")]
fn rounds<const AT: usize>(lane: &mut Lane, k: &[u32; 16]) {
    let [k0, k1, k2, k3] = [0, 1, 2, 3].map(|at| k[4 * AT + at].cast_signed());
    let sum = _mm_add_epi32(lane.words[AT], _mm_set_epi32(k3, k2, k1, k0));
    lane.cdgh = _mm_sha256rnds2_epu32(lane.cdgh, lane.abef, sum);
    lane.abef = _mm_sha256rnds2_epu32(lane.abef, lane.cdgh, _mm_shuffle_epi32::<0x0e>(sum));
}

#[inline]
#[target_feature(enable = "sha,sse4.1")]
fn load(block: &[u8; BLOCK]) -> [__m128i; 4] {
    let from: *const __m128i = ptr::from_ref(block).cast();
    let swap = _mm_set_epi64x(0x0c0d_0e0f_0809_0a0b, 0x0405_0607_0001_0203);
    // SAFETY: reads the 64 bytes that are borrowed; any address will do.
    let [a, b, c, d] = unsafe {
        [
            _mm_loadu_si128(from),
            _mm_loadu_si128(from.add(1)),
            _mm_loadu_si128(from.add(2)),
            _mm_loadu_si128(from.add(3)),
        ]
    };
    [
        _mm_shuffle_epi8(a, swap),
        _mm_shuffle_epi8(b, swap),
        _mm_shuffle_epi8(c, swap),
        _mm_shuffle_epi8(d, swap),
    ]
}

/// The state in the order that the instructions want.
#[inline]
#[target_feature(enable = "sha,sse4.1")]
fn pack(state: &State) -> (__m128i, __m128i) {
    let [a, b, c, d, e, f, g, h] = state.map(u32::cast_signed);
    (_mm_set_epi32(a, b, e, f), _mm_set_epi32(c, d, g, h))
}

#[inline]
#[target_feature(enable = "sha,sse4.1")]
fn unpack(abef: __m128i, cdgh: __m128i, state: &mut State) {
    let feba = _mm_shuffle_epi32::<0x1b>(abef);
    let dchg = _mm_shuffle_epi32::<0xb1>(cdgh);
    let to: *mut __m128i = ptr::from_mut(state).cast();
    // SAFETY: writes the 32 bytes that are borrowed; any address will do.
    unsafe {
        _mm_storeu_si128(to, _mm_blend_epi16::<0xf0>(feba, dchg));
        _mm_storeu_si128(to.add(1), _mm_alignr_epi8::<8>(dchg, feba));
    }
}
