//! Marks by the vector instructions of x86-64.
//!
//! One subtraction makes every class a range that begins at zero.

use std::arch::x86_64::{
    __m256i, __m512i, _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_min_epu8, _mm256_movemask_epi8,
    _mm256_set1_epi8, _mm256_sub_epi8, _mm512_cmple_epu8_mask, _mm512_loadu_si512,
    _mm512_set1_epi8, _mm512_sub_epi8,
};
use std::ptr;

use super::{Class, WORD};

/// 64 bytes at once, and a mark for each straight from the comparison.
#[target_feature(enable = "avx512f,avx512bw")]
pub(super) fn mark_512<const N: usize>(
    blocks: &[[u8; WORD]],
    classes: &[Class; N],
    marks: &mut [[u64; N]],
) {
    let mut bounds = [(_mm512_set1_epi8(0), _mm512_set1_epi8(0)); N];
    for ((first, span), class) in bounds.iter_mut().zip(classes) {
        *first = _mm512_set1_epi8(class.first.cast_signed());
        *span = _mm512_set1_epi8((class.last - class.first).cast_signed());
    }
    for (block, words) in blocks.iter().zip(marks) {
        // SAFETY: reads the 64 bytes that are borrowed; any address will do.
        let bytes: __m512i = unsafe { _mm512_loadu_si512(ptr::from_ref(block).cast()) };
        for (word, (first, span)) in words.iter_mut().zip(bounds) {
            *word = _mm512_cmple_epu8_mask(_mm512_sub_epi8(bytes, first), span);
        }
    }
}

/// 32 bytes at once, two of them to a word.
#[target_feature(enable = "avx2")]
pub(super) fn mark_256<const N: usize>(
    blocks: &[[u8; WORD]],
    classes: &[Class; N],
    marks: &mut [[u64; N]],
) {
    let mut bounds = [(_mm256_set1_epi8(0), _mm256_set1_epi8(0)); N];
    for ((first, span), class) in bounds.iter_mut().zip(classes) {
        *first = _mm256_set1_epi8(class.first.cast_signed());
        *span = _mm256_set1_epi8((class.last - class.first).cast_signed());
    }
    for (block, words) in blocks.iter().zip(marks) {
        let [low, high] = halves(block);
        for (word, (first, span)) in words.iter_mut().zip(bounds) {
            *word = half(low, first, span) | half(high, first, span) << 32;
        }
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn halves(block: &[u8; WORD]) -> [__m256i; 2] {
    let from: *const __m256i = ptr::from_ref(block).cast();
    // SAFETY: reads the 64 bytes that are borrowed; any address will do.
    unsafe { [_mm256_loadu_si256(from), _mm256_loadu_si256(from.add(1))] }
}

#[inline]
#[target_feature(enable = "avx2")]
fn half(bytes: __m256i, first: __m256i, span: __m256i) -> u64 {
    // There is no unsigned comparison: what is at most `span` is its own minimum.
    let offset = _mm256_sub_epi8(bytes, first);
    let is_held = _mm256_cmpeq_epi8(_mm256_min_epu8(offset, span), offset);
    u64::from(_mm256_movemask_epi8(is_held).cast_unsigned())
}
