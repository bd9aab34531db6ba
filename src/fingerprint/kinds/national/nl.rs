//! Dutch citizen service numbers, and the social-fiscal numbers before them.
//!
//! Wet algemene bepalingen burgerservicenummer, article 2, and the logical design
//! of the BSN (RvIG): nine digits that pass the "elfproef", in which the last one
//! has the weight -1. Old numbers have eight digits and are written with a zero
//! before them or without; two zeros at most are put back, where other libraries
//! make a number of any few digits.

use super::super::rules::{compact, weighted};
use crate::base::{Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static BSN: Kind = Kind {
    name: "nl-bsn",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "nine digits",
    check: "check digit (mod 11)",
    source: "Wabb, RvIG: Logisch ontwerp BSN",
    // Numbers that begin with 9999 are for tests.
    example: "999990019",
    headings: &[
        "bsn",
        "bsnnummer",
        "burgerservicenummer",
        "citizenservicenumber",
        "sofinummer",
        "sofinr",
    ],
    shape: Shape::Code {
        layouts: &["999999999", "9999-99-999", "999-999-999", "99999999"],
    },
    // Eight free digits; one in eleven of them has no check digit.
    space: Some(1e8 * 10.0 / 11.0),
    rate: None,
    born: None,
    canonical,
};

/// The last one is -1, modulo 11.
const WEIGHTS: [u32; 9] = [9, 8, 7, 6, 5, 4, 3, 2, 10];

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let number = compact::<9>(text)?.digits(2)?;
    if number.bytes().iter().all(|digit| *digit == b'0') {
        return Err(Unusable("no number is only zeros"));
    }
    if !weighted(number.bytes(), &WEIGHTS).is_multiple_of(11) {
        return Err(Unusable("the check digit does not fit"));
    }
    emit(number.text(), Variant::Exact);
    Ok(())
}
