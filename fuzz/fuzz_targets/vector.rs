//! Any bytes: every set of instructions that the processor has marks them alike,
//! and computes the same codes.
#![no_main]

use blindsift::base::vector::{Class, Features, mark_with};
use blindsift::base::{Blocks, Mac};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, u8, Vec<u8>)| {
    let (one, two, bytes) = input;
    let range = Class::range(one.min(two), one.max(two));
    let classes = [Class::DIGITS, Class::byte(one), range];
    let mac = Mac::new(b"key").with(b"email/1\0");
    let messages: Vec<&[u8]> = bytes.chunks(usize::from(two) + 1).take(200).collect();
    for features in Features::choices() {
        let mut marks = Vec::new();
        mark_with(features, &bytes, classes, &mut marks);
        for (at, byte) in bytes.iter().enumerate() {
            for (word, class) in marks[at / 64].iter().zip(classes) {
                assert_eq!(word >> (at % 64) & 1 != 0, class.holds(*byte));
            }
        }
        let mut blocks = Blocks::with(features);
        for message in &messages {
            blocks.add(&mac, message);
        }
        blocks.choose(&mac, |at, hint| {
            assert_eq!(hint, mac.hint_of(&[messages[at]]));
            at % 3 != usize::from(one % 3)
        });
        blocks.finish(&mac, |at, code| assert_eq!(code, mac.of(&[messages[at]])[..16]));
    }
});
