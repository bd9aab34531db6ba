//! Canadian social insurance numbers.
//!
//! Employment Insurance Act, section 138, and the Canada Revenue Agency's
//! validation of the number: eight digits and a Luhn check digit. The first digit
//! tells the province, and is 9 for temporary residents. No number begins with 8,
//! which businesses have. Those that begin with 0 are the Agency's own, for people
//! without another (individual and temporary tax numbers): other libraries refuse
//! them, here they are read. A zero that a spreadsheet took is not put back, since
//! these are few and every date of eight digits would be tried.

use super::super::rules::{compact, luhn};
use crate::base::{Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static SIN: Kind = Kind {
    name: "ca-sin",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "nine digits",
    check: "not 8 first; check digit (Luhn)",
    source: "Employment Insurance Act s. 138, Canada Revenue Agency",
    // The made-up number that explanations of the check use.
    example: "046454286",
    headings: &[
        "sin",
        "sinnumber",
        "sinno",
        "socialinsurancenumber",
        "socialinsuranceno",
        "nas",
        "numerodassurancesociale",
        "numeroassurancesociale",
    ],
    shape: Shape::Code {
        layouts: &["999999999", "999-999-999"],
    },
    // Nine first digits and seven free ones.
    space: Some(9e7),
    rate: None,
    born: None,
    canonical,
};

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let number = compact::<9>(text)?.digits(0)?;
    let digits = number.bytes();
    if digits.iter().all(|digit| *digit == b'0') {
        return Err(Unusable("no number is only zeros"));
    }
    if digits.first() == Some(&b'8') {
        return Err(Unusable("no number begins with that digit"));
    }
    if !luhn(digits) {
        return Err(Unusable("the check digit does not fit"));
    }
    emit(number.text(), Variant::Exact);
    Ok(())
}
