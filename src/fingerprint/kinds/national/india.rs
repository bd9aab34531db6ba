//! Indian Aadhaar numbers and permanent account numbers.

use super::super::rules::{compact, part, verhoeff};
use crate::base::{Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

/// Aadhaar numbers.
///
/// UIDAI, "A UID Numbering Scheme", 2010: eleven random digits, the first not 0 or
/// 1, and Verhoeff's check digit. What reads the same backwards is kept back. The
/// virtual numbers of sixteen digits, which people can renew, are not read.
pub(in super::super) static AADHAAR: Kind = Kind {
    name: "in-aadhaar",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "twelve digits",
    check: "the first digit is 2 to 9; no palindrome; check digit (Verhoeff)",
    source: "UIDAI, A UID Numbering Scheme, 2010",
    // One of UIDAI's numbers for tests.
    example: "999941057058",
    headings: &[
        "aadhaar",
        "aadhaarno",
        "aadhaarnumber",
        "aadhar",
        "aadharno",
        "aadharnumber",
        "adhaar",
        "adhar",
        "uidai",
        "आधार",
    ],
    shape: Shape::Code {
        layouts: &["9999-9999-9999", "999999999999"],
    },
    // Eight first digits and ten others; the check digit follows from them.
    space: Some(8.0e10),
    rate: None,
    born: None,
    canonical: aadhaar,
};

/// Permanent account numbers.
///
/// Income Tax Department, Rule 114 of the Income-tax Rules, 1962: five letters,
/// of which the fourth tells what the holder is (P: a person) and the fifth is of
/// the name; 0001 to 9999; a letter that checks them in a way that is not
/// published. Its shape is rare enough to be strong without it.
pub(in super::super) static PAN: Kind = Kind {
    name: "in-pan",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "ten characters, upper case",
    check: "what the holder is; digits 0001 to 9999; no check character is published",
    source: "Income Tax Department, Rule 114",
    // The Department's example.
    example: "AFZPK7190K",
    headings: &[
        "panindia",
        "indianpan",
        "permanentaccountnumber",
        "pancard",
        "pancardno",
        "pancardnumber",
    ],
    shape: Shape::Code {
        layouts: &["AAAAA9999A", "AAAAA-9999-A"],
    },
    // Five letters that are free, eleven holders, 9999 numbers.
    space: Some(11_881_376.0 * 11.0 * 9999.0),
    rate: None,
    born: None,
    canonical: pan,
};

fn aadhaar(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    // A zero that a spreadsheet takes was none of a number.
    let number = compact::<12>(text)?.digits(0)?;
    let digits = number.bytes();
    if matches!(digits.first(), Some(b'0' | b'1')) {
        return Err(Unusable("no number begins with 0 or 1"));
    }
    if !verhoeff(digits) {
        return Err(Unusable("the check digit does not fit"));
    }
    if digits.iter().eq(digits.iter().rev()) {
        return Err(Unusable("no number reads the same backwards"));
    }
    emit(number.text(), Variant::Exact);
    Ok(())
}

fn pan(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let compact = compact::<10>(text)?;
    let [letters @ .., _, _, _, _, last] = compact.bytes() else {
        return Err(Unusable("not five letters, four digits and a letter"));
    };
    let digits = compact.bytes().get(5..9).unwrap_or_default();
    let has_shape = letters.len() == 5
        && letters.iter().chain([last]).all(u8::is_ascii_uppercase)
        && digits.iter().all(u8::is_ascii_digit);
    if !has_shape {
        return Err(Unusable("not five letters, four digits and a letter"));
    }
    // Association, body, company, firm, government, Hindu family, artificial
    // person, trust of old, local authority, person, trust.
    let holder = letters.get(3);
    if !holder.is_some_and(|holder| b"ABCFGHJKLPT".contains(holder)) {
        return Err(Unusable("no holder has that letter"));
    }
    if part(digits, 0..4) == 0 {
        return Err(Unusable("no number has the digits 0000"));
    }
    emit(compact.text(), Variant::Exact);
    Ok(())
}
