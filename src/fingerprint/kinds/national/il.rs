//! Israeli identity numbers (מספר זהות).
//!
//! Population Registry Law, 1965; Population and Immigration Authority. Eight
//! digits and Luhn's check digit. Many begin with 0, which is often not written.

use super::super::rules::{compact, luhn, part};
use crate::base::{Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static ID: Kind = Kind {
    name: "il-id",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "nine digits",
    check: "check digit (Luhn)",
    source: "Population and Immigration Authority, Population Registry Law",
    // The one that guides print.
    example: "123456782",
    headings: &[
        "מספרזהות",
        "תעודתזהות",
        "מספרתעודתזהות",
        "תז",
        "teudatzehut",
        "teudatzehutnumber",
        "misparzehut",
        "israeliid",
        "israeliidnumber",
    ],
    shape: Shape::Code {
        layouts: &[
            "999999999",
            "9-9999999-9",
            "99999999-9",
            "99999999",
            "9999999-9",
        ],
    },
    // The first eight digits, but zeros.
    space: Some(1.0e8 - 1.0),
    rate: None,
    born: None,
    canonical,
};

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let number = compact::<9>(text)?.digits(2)?;
    let digits = number.bytes();
    if part(digits, 0..9) == 0 {
        return Err(Unusable("zeros are nobody's number"));
    }
    if !luhn(digits) {
        return Err(Unusable("the check digit does not fit"));
    }
    emit(number.text(), Variant::Exact);
    Ok(())
}
