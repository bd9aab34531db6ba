//! Eight messages at once by AVX2, where there are no instructions for SHA-256.
#![expect(
    clippy::indexing_slicing,
    clippy::many_single_char_names,
    reason = "indices are bounded by constants; a to h are the names in the standard"
)]

use std::arch::x86_64::{
    __m128i, __m256i, _mm_loadu_si128, _mm_storeu_si128, _mm256_add_epi32, _mm256_and_si256,
    _mm256_castsi128_si256, _mm256_castsi256_si128, _mm256_extracti128_si256,
    _mm256_inserti128_si256, _mm256_or_si256, _mm256_set1_epi32, _mm256_setr_epi32,
    _mm256_shuffle_epi8, _mm256_slli_epi32, _mm256_srli_epi32, _mm256_unpackhi_epi32,
    _mm256_unpackhi_epi64, _mm256_unpacklo_epi32, _mm256_unpacklo_epi64, _mm256_xor_si256,
};
use std::ptr;

use super::lanes::compression;
use super::{BLOCK, K, State};

type Vector = __m256i;

const LANES: usize = 8;

/// Compresses whole groups of messages; what is left of both comes back.
#[target_feature(enable = "avx2")]
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
    (blocks, states)
}

compression!("avx2");

#[inline]
#[target_feature(enable = "avx2")]
fn splat(word: u32) -> Vector {
    _mm256_set1_epi32(word.cast_signed())
}

#[inline]
#[target_feature(enable = "avx2")]
fn add(a: Vector, b: Vector) -> Vector {
    _mm256_add_epi32(a, b)
}

#[inline]
#[target_feature(enable = "avx2")]
fn rotate<const RIGHT: i32, const LEFT: i32>(a: Vector) -> Vector {
    _mm256_or_si256(_mm256_srli_epi32::<RIGHT>(a), _mm256_slli_epi32::<LEFT>(a))
}

#[inline]
#[target_feature(enable = "avx2")]
fn shift<const RIGHT: i32>(a: Vector) -> Vector {
    _mm256_srli_epi32::<RIGHT>(a)
}

#[inline]
#[target_feature(enable = "avx2")]
fn xor3(a: Vector, b: Vector, c: Vector) -> Vector {
    _mm256_xor_si256(_mm256_xor_si256(a, b), c)
}

#[inline]
#[target_feature(enable = "avx2")]
fn choose(a: Vector, b: Vector, c: Vector) -> Vector {
    _mm256_xor_si256(_mm256_and_si256(_mm256_xor_si256(b, c), a), c)
}

#[inline]
#[target_feature(enable = "avx2")]
fn majority(a: Vector, b: Vector, c: Vector) -> Vector {
    let either = _mm256_and_si256(_mm256_or_si256(a, b), c);
    _mm256_or_si256(_mm256_and_si256(a, b), either)
}

#[inline]
#[target_feature(enable = "avx2")]
fn swap_bytes(a: Vector) -> Vector {
    let [one, two, three, four] = [0x0001_0203, 0x0405_0607, 0x0809_0a0b, 0x0c0d_0e0f];
    _mm256_shuffle_epi8(
        a,
        _mm256_setr_epi32(one, two, three, four, one, two, three, four),
    )
}

/// Twice four words in one vector.
#[inline]
#[target_feature(enable = "avx2")]
fn join(four: impl Fn(usize) -> __m128i) -> Vector {
    _mm256_inserti128_si256::<1>(_mm256_castsi128_si256(four(0)), four(1))
}

/// The first words of a group's blocks, the second words, and so on.
#[inline]
#[target_feature(enable = "avx2")]
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

/// Turns four rows of four words into columns, in each 16 bytes of the vectors.
#[inline]
#[target_feature(enable = "avx2")]
fn turn([a, b, c, d]: [Vector; 4]) -> [Vector; 4] {
    let (ab, cd) = (_mm256_unpacklo_epi32(a, b), _mm256_unpacklo_epi32(c, d));
    let (ab_high, cd_high) = (_mm256_unpackhi_epi32(a, b), _mm256_unpackhi_epi32(c, d));
    [
        _mm256_unpacklo_epi64(ab, cd),
        _mm256_unpackhi_epi64(ab, cd),
        _mm256_unpacklo_epi64(ab_high, cd_high),
        _mm256_unpackhi_epi64(ab_high, cd_high),
    ]
}

/// Writes the state in each lane to its message's place.
#[inline]
#[target_feature(enable = "avx2")]
fn store([a, b, c, d, e, f, g, h]: [Vector; 8], states: &mut [State; LANES]) {
    for (half, rows) in [[a, b, c, d], [e, f, g, h]].into_iter().enumerate() {
        for (first, row) in turn(rows).into_iter().enumerate() {
            scatter(row, states, first, half);
        }
    }
}

/// Writes four words to a half of each fourth state from `first` on.
#[inline]
#[target_feature(enable = "avx2")]
fn scatter(row: Vector, states: &mut [State; LANES], first: usize, half: usize) {
    let mut store = |lane: usize, words: __m128i| {
        let to = &mut states[first + 4 * lane].as_chunks_mut::<4>().0[half];
        // SAFETY: writes the 16 bytes that are borrowed; any address will do.
        unsafe { _mm_storeu_si128(ptr::from_mut(to).cast(), words) }
    };
    store(0, _mm256_castsi256_si128(row));
    store(1, _mm256_extracti128_si256::<1>(row));
}
