//! Marks without any instructions that a processor may lack.

use super::{Class, WORD};

pub(super) fn mark<const N: usize>(text: &[u8], classes: [Class; N], marks: &mut Vec<[u64; N]>) {
    for block in text.chunks(WORD) {
        let words = classes.map(|class| {
            block.iter().enumerate().fold(0, |word, (at, byte)| {
                word | u64::from(class.holds(*byte)) << at
            })
        });
        marks.push(words);
    }
}
