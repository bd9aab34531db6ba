//! Sixteen messages at once by AVX-512.
#![expect(
    clippy::indexing_slicing,
    clippy::many_single_char_names,
    reason = "indices are bounded by constants; a to h are the names in the standard"
)]

use std::arch::x86_64::{
    __m128i, __m512i, _mm_loadu_si128, _mm_storeu_si128, _mm512_add_epi32, _mm512_castsi128_si512,
    _mm512_extracti32x4_epi32, _mm512_inserti32x4, _mm512_ror_epi32, _mm512_set1_epi32,
    _mm512_set4_epi32, _mm512_shuffle_epi8, _mm512_srli_epi32, _mm512_ternarylogic_epi32,
    _mm512_unpackhi_epi32, _mm512_unpackhi_epi64, _mm512_unpacklo_epi32, _mm512_unpacklo_epi64,
};
use std::ptr;

use super::lanes::compression;
use super::{BLOCK, DIGEST_END, K, State};

type Vector = __m512i;

const LANES: usize = 16;

/// Messages that take as long one by one as sixteen here (measured: 47 ns each by
/// the SHA instructions, 280 ns for sixteen; without those it would be less).
const WORTH: usize = 6;

/// Compresses as many messages as are worth it; what is left of both comes back.
#[target_feature(enable = "avx512f,avx512bw")]
pub(super) fn compress_each<'a>(
    start: &State,
    blocks: &'a [[u8; BLOCK]],
    states: &'a mut [State],
) -> (&'a [[u8; BLOCK]], &'a mut [State]) {
    let (groups, blocks) = blocks.as_chunks();
    let (ends, states) = states.as_chunks_mut();
    for (group, end) in groups.iter().zip(ends) {
        store(compress(start, load(group)), end);
    }
    if blocks.len() < WORTH {
        return (blocks, states);
    }
    let mut group = [[0; BLOCK]; LANES];
    let mut end = [*start; LANES];
    for (to, from) in group.iter_mut().zip(blocks) {
        *to = *from;
    }
    store(compress(start, load(&group)), &mut end);
    for (to, from) in states.iter_mut().zip(end) {
        *to = from;
    }
    (&[], &mut [])
}

/// Compresses whole groups of digests; what is left comes back.
#[target_feature(enable = "avx512f,avx512bw")]
pub(super) fn compress_digests<'a>(start: &State, states: &'a mut [State]) -> &'a mut [State] {
    let (groups, states) = states.as_chunks_mut();
    for group in groups {
        store(compress(start, load_digests(group)), group);
    }
    states
}

compression!("avx512f,avx512bw");

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn splat(word: u32) -> Vector {
    _mm512_set1_epi32(word.cast_signed())
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn add(a: Vector, b: Vector) -> Vector {
    _mm512_add_epi32(a, b)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn rotate<const RIGHT: i32, const LEFT: i32>(a: Vector) -> Vector {
    _mm512_ror_epi32::<RIGHT>(a)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn shift<const RIGHT: u32>(a: Vector) -> Vector {
    _mm512_srli_epi32::<RIGHT>(a)
}

// A ternary function is named by its column in the truth table of 0xf0, 0xcc, 0xaa.

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn xor3(a: Vector, b: Vector, c: Vector) -> Vector {
    _mm512_ternarylogic_epi32::<{ 0xf0 ^ 0xcc ^ 0xaa }>(a, b, c)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn choose(a: Vector, b: Vector, c: Vector) -> Vector {
    _mm512_ternarylogic_epi32::<{ 0xf0 & 0xcc | 0x0f & 0xaa }>(a, b, c)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn majority(a: Vector, b: Vector, c: Vector) -> Vector {
    _mm512_ternarylogic_epi32::<{ 0xf0 & 0xcc | 0xf0 & 0xaa | 0xcc & 0xaa }>(a, b, c)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn swap_bytes(a: Vector) -> Vector {
    _mm512_shuffle_epi8(
        a,
        _mm512_set4_epi32(0x0c0d_0e0f, 0x0809_0a0b, 0x0405_0607, 0x0001_0203),
    )
}

/// Four times four words in one vector.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn join(four: impl Fn(usize) -> __m128i) -> Vector {
    let one = _mm512_castsi128_si512(four(0));
    let two = _mm512_inserti32x4::<1>(one, four(1));
    let three = _mm512_inserti32x4::<2>(two, four(2));
    _mm512_inserti32x4::<3>(three, four(3))
}

/// The first words of a group's blocks, the second words, and so on.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn load(group: &[[u8; BLOCK]; LANES]) -> [Vector; 16] {
    let mut words = [splat(0); 16];
    for (at, four) in words.as_chunks_mut().0.iter_mut().enumerate() {
        let from = |first: usize| {
            swap_bytes(join(|lane| {
                let bytes = &group[first + 4 * lane].as_chunks::<16>().0[at];
                // SAFETY: reads the 16 bytes that are borrowed; any address will do.
                unsafe { _mm_loadu_si128(ptr::from_ref(bytes).cast()) }
            }))
        };
        *four = turn([from(0), from(1), from(2), from(3)]);
    }
    words
}

/// The words of a group's digests, each as the end of a message.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn load_digests(group: &[State; LANES]) -> [Vector; 16] {
    let mut words = [splat(0); 16];
    for (at, four) in words.as_chunks_mut().0.iter_mut().enumerate() {
        let from = |first: usize| {
            join(|lane| {
                let digest = &group[first + 4 * lane].as_chunks::<4>().0[at];
                // SAFETY: reads the 16 bytes that are borrowed; any address will do.
                unsafe { _mm_loadu_si128(ptr::from_ref(digest).cast()) }
            })
        };
        if at < 2 {
            *four = turn([from(0), from(1), from(2), from(3)]);
        }
    }
    // Constants, so the compiler computes what depends on nothing else.
    for (word, end) in words.iter_mut().skip(8).zip(DIGEST_END) {
        *word = splat(end);
    }
    words
}

/// Turns four rows of four words into columns, in each 16 bytes of the vectors.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn turn([a, b, c, d]: [Vector; 4]) -> [Vector; 4] {
    let (ab, cd) = (_mm512_unpacklo_epi32(a, b), _mm512_unpacklo_epi32(c, d));
    let (ab_high, cd_high) = (_mm512_unpackhi_epi32(a, b), _mm512_unpackhi_epi32(c, d));
    [
        _mm512_unpacklo_epi64(ab, cd),
        _mm512_unpackhi_epi64(ab, cd),
        _mm512_unpacklo_epi64(ab_high, cd_high),
        _mm512_unpackhi_epi64(ab_high, cd_high),
    ]
}

/// Writes the state in each lane to its message's place.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn store([a, b, c, d, e, f, g, h]: [Vector; 8], states: &mut [State; LANES]) {
    for (half, rows) in [[a, b, c, d], [e, f, g, h]].into_iter().enumerate() {
        for (first, row) in turn(rows).into_iter().enumerate() {
            scatter(row, states, first, half);
        }
    }
}

/// Writes four words to a half of each fourth state from `first` on.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn scatter(row: Vector, states: &mut [State; LANES], first: usize, half: usize) {
    let mut store = |lane: usize, words: __m128i| {
        let to = &mut states[first + 4 * lane].as_chunks_mut::<4>().0[half];
        // SAFETY: writes the 16 bytes that are borrowed; any address will do.
        unsafe { _mm_storeu_si128(ptr::from_mut(to).cast(), words) }
    };
    store(0, _mm512_extracti32x4_epi32::<0>(row));
    store(1, _mm512_extracti32x4_epi32::<1>(row));
    store(2, _mm512_extracti32x4_epi32::<2>(row));
    store(3, _mm512_extracti32x4_epi32::<3>(row));
}
