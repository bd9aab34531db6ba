//! British patient numbers and national insurance numbers.
//!
//! NHS number: NHS Data Dictionary, "NHS NUMBER": nine digits and a check digit,
//! modulo 11. Scotland's community health index numbers pass the same check and are
//! part of the range; they begin with the date of birth, so that one digit can be
//! lost from those of the first nine days of a month, and only from those.
//!
//! National insurance number (NINO): HMRC, National Insurance Manual NIM39110: two
//! letters, six digits, and A to D. Neither letter is one of DFIQUV, the second is
//! no O, and seven prefixes were never given. Prefixes for administrative use look
//! the same, stand for people too, and are read. There is no check digit, but the
//! shape is rare. The number without its last letter is not read.

use super::super::rules::{Compact, compact, part, weighted};
use crate::base::{Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static NHS: Kind = Kind {
    name: "gb-nhs",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "ten digits",
    check: "check digit (mod 11)",
    source: "NHS Data Dictionary: NHS NUMBER",
    // Numbers that begin with 999 are for tests.
    example: "9990000018",
    headings: &[
        "nhs",
        "nhsno",
        "nhsnumber",
        "chi",
        "chino",
        "chinumber",
        "communityhealthindex",
    ],
    shape: Shape::Code {
        layouts: &["9999999999", "999-999-9999", "999999999"],
    },
    // Nine free digits; one in eleven of them has no check digit.
    space: Some(1e9 * 10.0 / 11.0),
    rate: None,
    born: None,
    canonical: nhs,
};

pub(in super::super) static NINO: Kind = Kind {
    name: "gb-nino",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "two letters, six digits and a letter, upper case",
    check: "a prefix that can be given; A to D at the end",
    source: "HMRC: National Insurance Manual NIM39110",
    // MW was never a prefix of valid numbers.
    example: "MW000000A",
    headings: &[
        "nino",
        "nationalinsurance",
        "nationalinsuranceno",
        "nationalinsurancenumber",
        "nationalinsurancenum",
        "ninumber",
    ],
    shape: Shape::Code {
        layouts: &["AA999999A", "AA-99-99-99-A", "AA-999999-A", "AA-999999A"],
    },
    // Twenty first letters and 19 second ones without seven prefixes, six digits,
    // four endings.
    space: Some((20.0 * 19.0 - 7.0) * 1e6 * 4.0),
    rate: None,
    born: None,
    canonical: nino,
};

const WEIGHTS: [u32; 10] = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1];

fn nhs(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let written = compact::<10>(text)?;
    let is_short = written.bytes().len() < 10;
    let number = written.digits(1)?;
    let digits = number.bytes();
    if is_short && !matches!((part(digits, 0..2), part(digits, 2..4)), (1..=9, 1..=12)) {
        return Err(Unusable("too few digits"));
    }
    if digits.iter().all(|digit| *digit == b'0') {
        return Err(Unusable("no number is only zeros"));
    }
    if !weighted(digits, &WEIGHTS).is_multiple_of(11) {
        return Err(Unusable("the check digit does not fit"));
    }
    emit(number.text(), Variant::Exact);
    Ok(())
}

fn nino(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    const SHAPE: Unusable = Unusable("not two letters, six digits and a letter");
    let number: Compact<9> = compact(text)?;
    let [a, b, digits @ .., suffix] = number.bytes() else {
        return Err(SHAPE);
    };
    let letters = [a, b, suffix].iter().all(|c| c.is_ascii_uppercase());
    if !letters || digits.len() != 6 || !digits.iter().all(u8::is_ascii_digit) {
        return Err(SHAPE);
    }
    if !is_prefix(*a, *b) {
        return Err(Unusable("no number has that prefix"));
    }
    if !matches!(suffix, b'A'..=b'D') {
        return Err(Unusable("no number ends with that letter"));
    }
    emit(number.text(), Variant::Exact);
    Ok(())
}

/// Whether numbers can begin with these two letters.
fn is_prefix(a: u8, b: u8) -> bool {
    let never = |letter| matches!(letter, b'D' | b'F' | b'I' | b'Q' | b'U' | b'V');
    let left_out = matches!(
        &[a, b],
        b"BG" | b"GB" | b"KN" | b"NK" | b"NT" | b"TN" | b"ZZ"
    );
    !never(a) && !never(b) && b != b'O' && !left_out
}
