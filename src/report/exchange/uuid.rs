//! UUIDs that follow from a name: version 5 (RFC 9562, section 5.5).
//!
//! SHA-1 is what that version prescribes. Nothing rests on its strength here:
//! an id only has to be the same when the same thing is written again.

use sha1::Digest as _;

use crate::base::hex;

/// Of STIX's cyber-observable objects (STIX 2.1, section 2.9).
pub(super) const STIX_OBSERVABLES: [u8; 16] = [
    0x00, 0xab, 0xed, 0xb4, 0xaa, 0x42, 0x46, 0x6c, 0x9c, 0x01, 0xfe, 0xd2, 0x33, 0x15, 0xa9, 0xb7,
];
/// Of everything else that blindsift writes; drawn at random once.
pub(super) const BLINDSIFT: [u8; 16] = [
    0xc4, 0x12, 0x07, 0x98, 0xde, 0x10, 0x44, 0x34, 0x9c, 0x52, 0x60, 0x48, 0x2e, 0xb2, 0xe5, 0x2d,
];

/// The UUID of `name` in `namespace`.
pub(super) fn named(namespace: &[u8; 16], name: &[u8]) -> String {
    let digest: [u8; 20] = sha1::Sha1::new()
        .chain_update(namespace)
        .chain_update(name)
        .finalize()
        .into();
    let mut number = u128::from_be_bytes(digest.first_chunk().copied().unwrap_or_default());
    // Bits 48 to 51 are the version, 64 and 65 the variant (sections 4.1 and 4.2).
    number = number & !(0xf << 76) | 5 << 76;
    number = number & !(0b11 << 62) | 0b10 << 62;
    let digits = hex::encode(&number.to_be_bytes());
    let mut text = String::with_capacity(36);
    for (at, digit) in digits.chars().enumerate() {
        if matches!(at, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_agree_with_rfc_9562_appendix_a_4() {
        let dns = hex::decode("6ba7b8109dad11d180b400c04fd430c8").unwrap();
        assert_eq!(
            named(&dns, b"www.example.com"),
            "2ed6657d-e927-568b-95e1-2665a8aea6a2"
        );
    }
}
