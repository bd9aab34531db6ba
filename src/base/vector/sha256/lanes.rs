//! SHA-256 with a message in each lane of a vector, whatever the vector's width.

/// Writes the compression for a module that has `add`, `xor3`, `choose`,
/// `majority`, `rotate`, `shift` and `splat` of its `Vector`.
///
/// A macro, because a trait's methods cannot require features of the processor.
#[cfg(target_arch = "x86_64")]
macro_rules! compression {
    ($features:literal) => {
        /// Section 6.2.2: the state behind the block of `words` in each lane.
        #[inline]
        #[target_feature(enable = $features)]
        fn compress(start: &State, mut words: [Vector; 16]) -> [Vector; 8] {
            let mut first = [splat(0); 8];
            for (to, from) in first.iter_mut().zip(start) {
                *to = splat(*from);
            }
            let mut state = first;
            for (number, k) in K.iter().enumerate() {
                if number > 0 {
                    expand(&mut words);
                }
                rounds(&mut state, &words, k);
            }
            for (to, from) in state.iter_mut().zip(first) {
                *to = add(*to, from);
            }
            state
        }

        #[inline]
        #[target_feature(enable = $features)]
        fn rounds(state: &mut [Vector; 8], words: &[Vector; 16], k: &[u32; 16]) {
            let mut s = *state;
            s = round(s, words[0], k[0]);
            s = round(s, words[1], k[1]);
            s = round(s, words[2], k[2]);
            s = round(s, words[3], k[3]);
            s = round(s, words[4], k[4]);
            s = round(s, words[5], k[5]);
            s = round(s, words[6], k[6]);
            s = round(s, words[7], k[7]);
            s = round(s, words[8], k[8]);
            s = round(s, words[9], k[9]);
            s = round(s, words[10], k[10]);
            s = round(s, words[11], k[11]);
            s = round(s, words[12], k[12]);
            s = round(s, words[13], k[13]);
            s = round(s, words[14], k[14]);
            s = round(s, words[15], k[15]);
            *state = s;
        }

        /// Section 6.2.2, step 3, with the functions of section 4.1.2.
        #[inline]
        #[target_feature(enable = $features)]
        fn round([a, b, c, d, e, f, g, h]: [Vector; 8], word: Vector, k: u32) -> [Vector; 8] {
            let sum = xor3(rotate::<6, 26>(e), rotate::<11, 21>(e), rotate::<25, 7>(e));
            // What needs the newest word of the state comes last.
            let early = add(h, add(word, splat(k)));
            let t1 = add(add(early, choose(e, f, g)), sum);
            let sum = xor3(rotate::<2, 30>(a), rotate::<13, 19>(a), rotate::<22, 10>(a));
            let t2 = add(sum, majority(a, b, c));
            [add(t1, t2), a, b, c, add(d, t1), e, f, g]
        }

        /// Section 6.2.2, step 1: the next sixteen words of the schedule.
        #[inline]
        #[target_feature(enable = $features)]
        fn expand(w: &mut [Vector; 16]) {
            w[0] = next(w[0], w[1], w[9], w[14]);
            w[1] = next(w[1], w[2], w[10], w[15]);
            w[2] = next(w[2], w[3], w[11], w[0]);
            w[3] = next(w[3], w[4], w[12], w[1]);
            w[4] = next(w[4], w[5], w[13], w[2]);
            w[5] = next(w[5], w[6], w[14], w[3]);
            w[6] = next(w[6], w[7], w[15], w[4]);
            w[7] = next(w[7], w[8], w[0], w[5]);
            w[8] = next(w[8], w[9], w[1], w[6]);
            w[9] = next(w[9], w[10], w[2], w[7]);
            w[10] = next(w[10], w[11], w[3], w[8]);
            w[11] = next(w[11], w[12], w[4], w[9]);
            w[12] = next(w[12], w[13], w[5], w[10]);
            w[13] = next(w[13], w[14], w[6], w[11]);
            w[14] = next(w[14], w[15], w[7], w[12]);
            w[15] = next(w[15], w[0], w[8], w[13]);
        }

        /// The word behind those that were 16, 15, 7 and 2 words earlier.
        #[inline]
        #[target_feature(enable = $features)]
        fn next(w16: Vector, w15: Vector, w7: Vector, w2: Vector) -> Vector {
            let s0 = xor3(rotate::<7, 25>(w15), rotate::<18, 14>(w15), shift::<3>(w15));
            let s1 = xor3(rotate::<17, 15>(w2), rotate::<19, 13>(w2), shift::<10>(w2));
            add(add(w16, w7), add(s0, s1))
        }
    };
}

#[cfg(target_arch = "x86_64")]
pub(super) use compression;
