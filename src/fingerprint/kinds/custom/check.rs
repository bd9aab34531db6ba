//! Check digits, as [`Check`] names them.

use super::LONGEST;
use crate::base::{Check, Fold, Unusable};
use crate::fingerprint::kinds::rules::{luhn, verhoeff};

/// Checks the check digits of `text` as [`Check`] says.
pub(super) fn check_digits(text: &str, check: Check, fold: Option<Fold>) -> Result<(), Unusable> {
    let are_parts = |letters: bool| letters && fold != Some(Fold::Digits);
    let mut digits = [0; 2 * LONGEST];
    let mut length = 0;
    for byte in text.bytes() {
        let is_part = byte.is_ascii_digit()
            || byte.is_ascii_alphabetic() && are_parts(check == Check::Mod97)
            || matches!(byte, b'X' | b'x') && are_parts(check == Check::Mod11);
        if is_part {
            *digits.get_mut(length).ok_or(Unusable("too long"))? = byte.to_ascii_uppercase();
            length += 1;
        }
    }
    let mut digits = digits.get(..length).unwrap_or_default();
    if check == Check::Mod11 {
        // A letter in front is no digit.
        while let [b'X', rest @ ..] = digits {
            digits = rest;
        }
    }
    let fits = digits.len() > 1
        && match check {
            Check::Luhn => luhn(digits),
            Check::Verhoeff => verhoeff(digits),
            Check::Mod11 => mod11(digits),
            Check::Mod97 => mod97(digits) == 1,
        };
    fits.then_some(())
        .ok_or(Unusable("the check digit does not fit"))
}

fn mod11(digits: &[u8]) -> bool {
    let mut sum = 0;
    for (weight, byte) in (1_u32..).zip(digits.iter().rev()) {
        let value = match byte {
            b'X' if weight == 1 => 10,
            b'0'..=b'9' if weight <= 10 => u32::from(byte - b'0'),
            _ => return false,
        };
        sum += weight * value;
    }
    sum.is_multiple_of(11)
}

/// The number that `characters` spell, modulo 97; A is 10.
fn mod97(characters: &[u8]) -> u32 {
    let last = characters.last_chunk::<2>();
    if !last.is_some_and(|check| check.iter().all(u8::is_ascii_digit)) {
        return 0;
    }
    characters.iter().fold(0, |value, byte| {
        let digit = char::from(*byte).to_digit(36).unwrap_or(0);
        (value * if digit < 10 { 10 } else { 100 } + digit) % 97
    })
}

/// The share of numbers that a check lets through.
pub(super) fn share(check: Option<Check>) -> f64 {
    match check {
        None => 1.0,
        Some(Check::Luhn | Check::Verhoeff) => 1.0 / 10.0,
        Some(Check::Mod11) => 1.0 / 11.0,
        Some(Check::Mod97) => 1.0 / 97.0,
    }
}
