//! What is unpacked ahead, on a thread of its own, is what is unpacked here.

use proptest::prelude::*;

use super::*;
use crate::decode::text::SNIFF_BYTES;

/// Reads `bytes`, with a thread and without.
fn both(bytes: &[u8]) -> [(Found, Tally); 2] {
    [false, true].map(|ahead| {
        let (budget, origins) = (generous(), OriginKey::new(&[9; 32]));
        let context = Context {
            budget: &budget,
            origins: &origins,
            spool_memory: SPOOL.0,
            spool_bytes: SPOOL.1,
            piece_bytes: crate::decode::text::PIECE,
            ahead,
        };
        read_in(context, bytes, None)
    })
}

fn assert_same(bytes: &[u8]) {
    let [(here, tally), (there, other)] = both(bytes);
    assert_eq!(tally, other);
    assert_eq!(tally.bytes, bytes.len() as u64);
    assert_eq!(here.text, there.text);
    assert_eq!(here.missed, there.missed);
    assert_eq!(here.containers, there.containers);
    assert_eq!(here.places, there.places);
}

/// Text that packs badly, so that it stays large: numbers by a small generator.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u64;
    let mut text = Vec::new();
    while text.len() < length {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        writeln!(text, "{:x} m1@example.com", state >> 8).unwrap();
    }
    text
}

/// Several members, and something else behind them.
fn large() -> Vec<u8> {
    let part = noise(400_000);
    let packed = gzip(&part[..]);
    assert!(packed.len() > SNIFF_BYTES);
    [
        &packed[..],
        &gzip(&b"m2@example.com"[..]),
        &packed,
        b"m3@example.com behind it",
    ]
    .concat()
}

#[test]
fn members_and_what_is_behind_them_are_the_same() {
    let bytes = large();
    assert_same(&bytes);
    let [_, (found, _)] = both(&bytes);
    assert_eq!(found.planted(), PLANTED);
}

#[test]
fn members_of_an_archive_are_the_same() {
    let (part, packed) = (noise(400_000), large());
    assert_same(&zip_of(&[
        ("a", &part),
        ("b", b"m2@example.com"),
        ("c", &part),
    ]));
    assert_same(&zip_of(&[("a.gz", &packed)]));
    assert_same(&tar_of(&[("a.gz", &packed), ("b.gz", &packed)]));
}

#[test]
fn a_limit_ends_the_reading_and_the_thread() {
    let packed = gzip(&noise(2_000_000)[..]);
    let origins = OriginKey::new(&[9; 32]);
    let budget = Budget::new(1_000_000, 9, 9, None);
    let context = Context {
        budget: &budget,
        origins: &origins,
        spool_memory: SPOOL.0,
        spool_bytes: SPOOL.1,
        piece_bytes: crate::decode::text::PIECE,
        ahead: true,
    };
    let (found, tally) = read_in(context, &packed[..], None);
    assert_eq!(found.limits, [Limit::Bytes]);
    assert_eq!(tally.bytes, packed.len() as u64);
    assert!(tally.bytes_examined() > 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn damage_and_truncation_are_told_the_same(
        place in any::<prop::sample::Index>(),
        flip in 0_u8..8,
        cuts in any::<bool>(),
    ) {
        let mut bytes = large();
        let place = place.index(bytes.len());
        if cuts {
            bytes.truncate(place);
        } else {
            bytes[place] ^= 1 << flip;
        }
        assert_same(&bytes);
    }
}
