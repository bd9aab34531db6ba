//! Hungarian social insurance numbers (TAJ).
//!
//! Act XX of 1996 (1996. évi XX. törvény), annex 2: eight digits and a check digit,
//! the sum of those at odd places times 3 and those at even places times 7, modulo 10.
//!
//! A zero that a spreadsheet took is put back in a list. In a leak eight bare digits
//! are not looked at: dates alone would make more of them than people do.

use super::super::rules::{compact, part, weighted};
use crate::base::{Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static TAJ: Kind = Kind {
    name: "hu-taj",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "nine digits",
    check: "check digit (mod 10); not all zeros",
    source: "1996. évi XX. törvény, annex 2",
    example: "111111110",
    headings: &[
        "taj",
        "tajszám",
        "tajszam",
        "tajnumber",
        "társadalombiztosításiazonosítójel",
        "tarsadalombiztositasiazonositojel",
    ],
    shape: Shape::Code {
        layouts: &["999-999-999", "999999999"],
    },
    // Eight free digits.
    space: Some(1e8),
    rate: None,
    born: None,
    canonical,
};

const WEIGHTS: [u32; 8] = [3, 7, 3, 7, 3, 7, 3, 7];

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let code = compact::<9>(text)?.digits(1)?;
    let check = weighted(code.bytes(), &WEIGHTS) % 10;
    if part(code.bytes(), 8..9) != u64::from(check) {
        return Err(Unusable("the check digit does not fit"));
    }
    // Passes the check, and stands where there is no number.
    if part(code.bytes(), 0..9) == 0 {
        return Err(Unusable("no number is all zeros"));
    }
    emit(code.text(), Variant::Exact);
    Ok(())
}
